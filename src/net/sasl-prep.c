/* SPDX-License-Identifier: MIT
 *
 * SASLprep (RFC 4013): the same password typed on another system. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>
#include <stringprep.h>

#include "net/sasl-private.h"

/* Nothing to do but to look: the library leaves copies behind that nobody wipes. */
static char *prepare_ascii(const char *text)
{
	for (const char *p = text; *p; p++)
		if (g_ascii_iscntrl(*p))
			return NULL;
	return g_strdup(text);
}

/* As a query, that is with code points that Unicode 3.2 did not have: a server
 * cannot treat an emoji otherwise than as it is. */
char *sasl_prepare(const char *text)
{
	char *prepared = NULL;
	if (g_str_is_ascii(text))
		return prepare_ascii(text);
	if (!g_utf8_validate(text, -1, NULL))
		return NULL;
	if (stringprep_profile(text, &prepared, "SASLprep", 0) != STRINGPREP_OK)
		return NULL;
	char *copy = g_strdup(prepared);
	explicit_bzero(prepared, strlen(prepared));
	free(prepared);
	return copy;
}
