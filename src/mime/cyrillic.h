/* SPDX-License-Identifier: MIT
 *
 * How well octets read as Russian, or as another language in its letters: by pairs
 * of letters, by capitals in words, and by what stands between. */
#ifndef DEWEY_MIME_CYRILLIC_H
#define DEWEY_MIME_CYRILLIC_H

#include "base/base.h"

/* What the upper 128 octets of a charset are. */
struct cyrillic_map {
	guint8 of[128];
};

void cyrillic_map_init(struct cyrillic_map *m, const gunichar high[128]);

struct cyrillic_fit {
	int mean;       /* of a character, in hundredths of a natural logarithm: 0 is good
			 * text, less is worse; CYRILLIC_NONE: it is none */
	int sum;        /* in tenths: two charsets are compared by it */
	size_t letters; /* that were looked at, those of ASCII not among them */
	size_t odd;     /* characters that Russian has not, capitals in the middle of words */
};

enum { CYRILLIC_NONE = -1000000 };

/* Looks at the first thousands of letters. */
struct cyrillic_fit cyrillic_fit(const struct cyrillic_map *m, const char *data, size_t len);

/* The same of text in UTF-8. */
struct cyrillic_fit cyrillic_fit_text(const char *text, size_t len);

#endif
