/* SPDX-License-Identifier: MIT */
#include "compose/text.h"

#include <string.h>

#include "base/charset.h"
#include "compose/encode.h"
#include "compose/fields.h"
#include "compose/flow.h"
#include "compose/header.h"
#include "compose/markdown.h"

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

/* How one part is written. */
struct form {
	const char *type;
	const char *charsets;
	bool flowed;
	bool exact; /* blanks at line ends are not lost on the way */
};

static void put_part(GString *out, const struct form *form, const char *text)
{
	size_t len = strlen(text);
	struct shape m = {0};
	g_autofree char *octets = NULL;
	const char *charset = g_str_is_ascii(text)
				      ? "us-ascii"
				      : charset_convert(text, len, form->charsets, &octets);
	if (octets) {
		text = octets;
		len = strlen(octets);
	}
	shape_feed(&m, text, len);
	shape_end(&m);
	enum coding coding = form->exact ? shape_file_coding(&m) : shape_coding(&m);
	header_put_type(out, form->type, "charset", charset ? charset : "utf-8", "format",
		form->flowed ? "flowed" : NULL, NULL);
	g_string_append_printf(out, "Content-Transfer-Encoding: %s\n\n", coding_name(coding));
	put_encoded(out, text, len, coding);
}

static void put_plain(GString *out, const struct draft *d, const char *text)
{
	const struct form form = {"text/plain", d->charsets, d->flowed, d->exact};
	g_autofree char *flowed = d->flowed ? flow_text(text) : NULL;
	put_part(out, &form, flowed ? flowed : text);
}

/* RFC 2046 section 5.1.4: the plainest first. */
static bool put_both(GString *out, const struct draft *d, const char *text, GError **error)
{
	const struct form html_form = {"text/html", d->charsets, false, d->exact};
	g_autofree char *html = markdown_to_html(text, error);
	if (!html)
		return false;
	g_autofree char *boundary = new_boundary();
	header_put_type(out, "multipart/alternative", "boundary", boundary, NULL);
	g_string_append_printf(out, "\n--%s\n", boundary);
	put_plain(out, d, text);
	g_string_append_printf(out, "\n--%s\n", boundary);
	put_part(out, &html_form, html);
	g_string_append_printf(out, "\n--%s--\n", boundary);
	return true;
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
	const struct form as_typed = {"text/plain", NULL, false, false};
	if (saving)
		put_part(out, &as_typed, text);
	else if (d->markdown)
		return put_both(out, d, text, error);
	else
		put_plain(out, d, text);
	return true;
}
