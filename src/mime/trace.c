/* SPDX-License-Identifier: MIT */
#include "mime/letter.h"

#include <string.h>

#include "mime/link.h"

enum { TRACE_LENGTH = 16 * 1024, LEAVE_MAX = 8192 };

static void put(char **member, const char *value)
{
	g_free(*member);
	*member = mime_clean_line(value);
}

static char *value_of(const struct letter *l, const char *name)
{
	const char *raw = fields_get(l->fields, name, 0);
	g_autofree char *cut = raw ? g_strndup(raw, strnlen(raw, TRACE_LENGTH)) : NULL;
	return cut ? g_strstrip(header_decode(l->charsets, cut, l->hint)) : g_strdup("");
}

static void put_return_path(const struct letter *l, struct mime_trace *t)
{
	g_autofree char *text = value_of(l, "Return-Path");
	char *open = strchr(text, '<'), *close = open ? strchr(open, '>') : NULL;
	if (close)
		*close = '\0';
	t->bounce = close && open + 1 == close;
	put(&t->return_path, close ? open + 1 : text);
}

static bool is_one_of(const char *text, const char *const *words)
{
	size_t n = strcspn(text, " \t;(");
	for (; *words; words++)
		if (strlen(*words) == n && g_ascii_strncasecmp(text, *words, n) == 0)
			return true;
	return false;
}

static bool is_automatic(const struct letter *l)
{
	static const char *const bulk[] = {"bulk", "list", "junk", NULL};
	static const char *const human[] = {"", "no", NULL};
	static const char *const lists[] = {"List-Id", "List-Post", "List-Unsubscribe", "Mailing-List"};
	g_autofree char *precedence = value_of(l, "Precedence");
	g_autofree char *submitted = value_of(l, "Auto-Submitted");
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		if (fields_get(l->fields, lists[i], 0))
			return true;
	return is_one_of(precedence, bulk) || !is_one_of(submitted, human);
}

/* RFC 8098 section 2.2: who does not know a parameter that is required sends
 * nothing; none is known here. */
static void put_receipt(const struct letter *l, struct mime_trace *t)
{
	const char *raw = fields_get(l->fields, "Disposition-Notification-To", 0);
	if (!raw)
		return;
	letter_addresses(l, raw, t->receipt_to);
	g_autofree char *options = value_of(l, "Disposition-Notification-Options");
	g_autofree char *small = g_ascii_strdown(options, -1);
	t->receipt_options = strstr(small, "required") != NULL;
	g_autofree char *original = value_of(l, "Original-Recipient");
	put(&t->original_recipient, original);
}

/* RFC 2369: addresses in angle brackets, the first of a scheme is the best. */
static void put_leave(const struct letter *l, struct mime_trace *t)
{
	const struct {
		const char *scheme;
		char **to;
	} schemes[] = {{"https:", &t->leave_https}, {"http:", &t->leave_http},
		{"mailto:", &t->leave_mailto}};
	g_autofree char *text = value_of(l, "List-Unsubscribe");
	for (char *open = strchr(text, '<'); open; open = strchr(open, '<')) {
		char *close = strchr(++open, '>');
		if (!close)
			break;
		g_autofree char *inner = g_strndup(open, MIN((size_t)(close - open), LEAVE_MAX));
		g_autofree char *url = link_clean(inner);
		for (size_t i = 0; url && i < G_N_ELEMENTS(schemes); i++)
			if (!**schemes[i].to && g_ascii_strncasecmp(url, schemes[i].scheme,
							strlen(schemes[i].scheme)) == 0)
				put(schemes[i].to, url);
		open = close + 1;
	}
	g_autofree char *post = value_of(l, "List-Unsubscribe-Post");
	t->one_click = *t->leave_https &&
		       g_ascii_strcasecmp(post, "List-Unsubscribe=One-Click") == 0;
	if (t->one_click)
		letter_leave_signers(l, t);
}

struct mime_trace *letter_trace(const struct letter *l)
{
	struct mime_trace *t = mime_trace_new();
	letter_auth(l, t);
	put_return_path(l, t);
	t->automatic = is_automatic(l);
	put_receipt(l, t);
	put_leave(l, t);
	letter_autocrypt(l, t);
	return t;
}
