/* SPDX-License-Identifier: MIT
 *
 * What became of a sent letter, recipient by recipient: as the outbox knows it,
 * and as was reported since (store/reports.h). */
#ifndef DEWEY_UI_FATE_H
#define DEWEY_UI_FATE_H

#include "mime/client.h"
#include "store/reports.h"

/* One recipient. */
struct fate {
	char *address;
	char *account, *sender; /* by which it was sent last; NULL: not known any more */
	char *text;             /* "delivered, 12:04; read, 12:30" */
	bool failed;            /* it did not arrive: a refusal or a report */
	bool plain;             /* sent, and nothing was heard since */
};

/* So many are told each on a line of its own, and of more the number. */
enum { FATES_MOST = 20 };

/* Those of a letter (message_id without <>), in the order of the envelope; empty
 * where nothing is known.  GPtrArray of struct fate. */
GPtrArray *fates_of(struct store *s, const char *message_id);
/* The same of what a report says. */
GPtrArray *fates_reported(const struct mime_report *report);

/* For the reader, a line each; those that are plain in one.  "" if all are. */
char *fates_text(const GPtrArray *fates);
bool fates_failed(const GPtrArray *fates);

#endif
