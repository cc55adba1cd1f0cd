/* SPDX-License-Identifier: MIT
 *
 * Character sets that a letter may be written in besides UTF-8: those of one octet
 * a character, which hold ASCII, by their MIME names. */
#ifndef DEWEY_BASE_CHARSET_H
#define DEWEY_BASE_CHARSET_H

#include "base/base.h"

/* "KOI8-R" → "koi8-r"; NULL: not one of them.  Static. */
const char *charset_find(const char *word);

/* What may stand among the names for charset_convert(): these, utf-8, us-ascii. */
bool charset_is_name(const char *word);

/* The first of names (apart by blanks; unknown ones are skipped) in which nothing
 * of text is lost; NULL: none, or utf-8 comes first.  *octets is the text in it,
 * g_free() it (S-74). */
const char *charset_convert(const char *text, size_t len, const char *names, char **octets);

#endif
