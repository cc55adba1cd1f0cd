/* SPDX-License-Identifier: MIT
 *
 * The subject of a letter that is handed in, for the list of the outbox. */
#ifndef DEWEY_SMTP_SUBJECT_H
#define DEWEY_SMTP_SUBJECT_H

#include "base/base.h"

/* Encoded words (RFC 2047) of UTF-8, US-ASCII, KOI8, windows-1251, -1252 and some of
 * ISO-8859 as what they say; all others, and what is none, stay as they are.  field is unfolded.  g_free() it. */
char *subject_text(const char *field);

#endif
