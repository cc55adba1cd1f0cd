/* SPDX-License-Identifier: MIT
 *
 * What is told of a letter in bits (client.h): how the worker finds it out. */
#ifndef DEWEY_MIME_TRAITS_H
#define DEWEY_MIME_TRAITS_H

#include "mime/client.h"

/* What a text shows: an address to follow, PGP without MIME; of a letter with a
 * calendar whether it invites. */
unsigned traits_of_text(const char *text, unsigned kinds);

/* The languages (bits) of the beginning of a sanitized text, each of at least a
 * quarter of it; quoted lines do not count.  0: too short, or another language. */
unsigned traits_languages(const char *text);

/* The languages that a Content-Language field names, of those that are known. */
unsigned traits_languages_named(const char *field);

#endif
