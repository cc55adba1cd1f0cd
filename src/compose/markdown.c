/* SPDX-License-Identifier: MIT */
#include "compose/markdown.h"

#include <string.h>

#include "compose/draft.h"
#include "compose/fields.h"

#ifdef HAVE_CMARK
#include <cmark.h>
#endif

bool draft_has_markdown(void)
{
#ifdef HAVE_CMARK
	return true;
#else
	return false;
#endif
}

#ifdef HAVE_CMARK

/* cmark would make a heading of the line above "-- ". */
static void put_signature(GString *out, const char *signature)
{
	g_auto(GStrv) lines = g_strsplit(signature, "\n", -1);
	if (!*signature)
		return;
	g_string_append(out, "<p>");
	for (char **line = lines; *line; line++) {
		g_autofree char *escaped = g_markup_escape_text(*line, -1);
		bool last = !line[1] || (!*line[1] && !line[2]);
		g_string_append_printf(out, "%s%s", escaped, last ? "" : "<br>\n");
		if (last)
			break;
	}
	g_string_append(out, "</p>\n");
}

char *markdown_to_html(const char *text, GError **error)
{
	const char *signature = signature_of(text);
	char *html = cmark_markdown_to_html(
		text, (size_t)(signature - text), CMARK_OPT_SAFE | CMARK_OPT_VALIDATE_UTF8);
	GString *out = g_string_new("<!DOCTYPE html>\n<html><body>\n");
	g_string_append(out, html);
	free(html);
	put_signature(out, signature);
	g_string_append(out, "</body></html>\n");
	return g_string_free(out, FALSE);
}

#else

char *markdown_to_html(const char *text, GError **error)
{
	g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_TEXT,
		_("dewey was built without libcmark, so it knows no Markdown; send the "
		  "letter as plain text"));
	return NULL;
}

#endif
