/* SPDX-License-Identifier: MIT
 *
 * Between the files that read calendar objects.  Nobody else includes this. */
#ifndef DEWEY_MIME_ITIP_PRIVATE_H
#define DEWEY_MIME_ITIP_PRIVATE_H

#include "mime/itip.h"

#include <libical/ical.h>

/* What the zone of that name in the calendar is ahead of UTC at a local time, in
 * seconds; false: it is not there, or says nothing. */
bool itip_zone_offset(icalcomponent *calendar, const char *name, struct icaltimetype at,
	int *seconds);

/* "every 2 weeks on Tue, Thu, 4 times", in the language of the locale; g_free() it. */
char *itip_rule_words(const struct icalrecurrencetype *rule);

#endif
