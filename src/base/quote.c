/* SPDX-License-Identifier: MIT */
#include "base/quote.h"

char *quote_text(const char *text)
{
	GString *out = g_string_new("\"");
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *c);
	}
	g_string_append_c(out, '"');
	return g_string_free(out, FALSE);
}
