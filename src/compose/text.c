/* SPDX-License-Identifier: MIT */
#include "compose/text.h"

#include <string.h>

#include "compose/encode.h"
#include "compose/header.h"

static void put_encoded(GString *out, const char *text, size_t len, enum coding coding)
{
	if (coding == CODING_QUOTED) {
		encode_quoted(out, text, len);
	} else if (coding == CODING_BASE64) {
		gsize at = out->len;
		g_string_set_size(out, at + BASE64_LENGTH(len));
		g_string_truncate(out, at + encode_base64(out->str + at, text, len));
	} else {
		g_string_append_len(out, text, (gssize)len);
	}
}

static void put_part(GString *out, const char *type, const char *text)
{
	size_t len = strlen(text);
	struct shape m = {0};
	shape_feed(&m, text, len);
	shape_end(&m);
	enum coding coding = shape_coding(&m);
	header_put_type(out, type, "charset", m.high ? "utf-8" : "us-ascii", NULL);
	g_string_append_printf(out, "Content-Transfer-Encoding: %s\n\n", coding_name(coding));
	put_encoded(out, text, len, coding);
}

bool text_put(GString *out, const struct draft *d, bool saving, GError **error)
{
	const char *body = d->body ? d->body : "";
	if (!g_utf8_validate(body, -1, NULL)) {
		g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_TEXT,
			_("the text of the letter is not UTF-8"));
		return false;
	}
	g_autofree char *text = g_strconcat(body, g_str_has_suffix(body, "\n") ? "" : "\n", NULL);
	put_part(out, "text/plain", text);
	return true;
}
