/* SPDX-License-Identifier: MIT
 *
 * Parameters of a structured field that a person sees: names of files.  RFC 2231 in
 * pieces and with a charset, RFC 2047 where it must not stand but does, raw octets,
 * blanks without quotes. */
#ifndef DEWEY_MIME_PARAMETER_H
#define DEWEY_MIME_PARAMETER_H

#include "mime/charset.h"

/* raw: the field's value as it stands.  hint: the charset of raw octets, or NULL.
 * UTF-8, not sanitized, g_free() it; NULL: there is no such parameter. */
char *parameter_get(struct charsets *c, const char *raw, const char *name, const char *hint);

#endif
