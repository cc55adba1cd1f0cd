/* SPDX-License-Identifier: MIT
 *
 * The charset of the locale.  Inside of dewey all text is UTF-8; what a terminal, a
 * person's editor or an argument has is in the charset of LC_CTYPE, and this is the one
 * place where the two meet.  Where that is UTF-8 nothing is changed.
 *
 * A character that the charset lacks is shown by a stand-in (standins.def): "…" by "...",
 * "ё" by "yo" where there are no Cyrillic letters, and what has none by "?".  So nothing
 * disappears, and how wide a text is can be told before it is written. */
#ifndef DEWEY_BASE_LOCAL_H
#define DEWEY_BASE_LOCAL_H

#include <stdio.h>

#include "base/base.h"

/* Looks what the charset of the locale is; base_init_locale() calls it.  Until then it is
 * UTF-8.  Afterwards no file is needed any more (B-03). */
void local_init(void);

bool local_is_utf8(void);
/* Its name as the C library has it: "KOI8-R", "ANSI_X3.4-1968".  Static. */
const char *local_charset(void);

/* What is shown for c: NULL if c itself, else text of one or more characters that the
 * charset has.  An octet from 0x80 to 0x9F, which many terminals take for a control, is
 * written for letters alone: windows-1251 has some there; dashes, quotes and lines that
 * a charset keeps there have stand-ins (M-40).  Static. */
const char *local_standin(gunichar c);

/* text (UTF-8; len octets, or -1) with all stand-ins in it, still UTF-8.  What combines
 * is put together with its base if the charset has the two as one, and is left out if it
 * has not.  g_free() it. */
char *local_fit(const char *text, gssize len);

/* The same in octets of the charset; NUL-terminated, g_free() it. */
char *local_encode(const char *text, gssize len);

/* Octets of the charset as UTF-8: what was typed, an argument.  What is no character of it
 * becomes U+FFFD.  In the locale "C", which has only ASCII, valid UTF-8 is taken for what
 * it is.  g_free() it. */
char *local_decode(const char *octets, gssize len);

/* UTF-8 text to a stream, encoded.  It must have been sanitized. */
void local_put(FILE *out, const char *text);
void local_print(const char *format, ...) G_GNUC_PRINTF(1, 2); /* to stdout */
void local_vprint(const char *format, va_list args) G_GNUC_PRINTF(1, 0);

#endif
