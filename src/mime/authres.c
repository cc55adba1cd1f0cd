/* SPDX-License-Identifier: MIT
 *
 * Authentication-Results (RFC 8601): words, quoted strings and comments in any
 * nesting, cut into results.  A field that goes wrong somewhere gives what stands
 * before. */
#include "mime/letter.h"

#include <string.h>

enum { AUTH_FIELDS = 20, AUTH_RESULTS = 200, AUTH_LENGTH = 16 * 1024, AUTH_WORD = 255 };

struct reader {
	const char *at;
	struct mime_trace *to;
	int field;
	const char *server;
};

/* Blanks and comments; an open comment has no end. */
static void skip(struct reader *r)
{
	int depth = 0;
	for (; *r->at && (depth > 0 || strchr(" \t\r\n(", *r->at)); r->at++) {
		if (*r->at == '(')
			depth++;
		else if (*r->at == ')')
			depth--;
		else if (*r->at == '\\' && r->at[1])
			r->at++;
	}
}

static char *quoted(struct reader *r)
{
	GString *out = g_string_new(NULL);
	for (r->at++; *r->at && *r->at != '"'; r->at++) {
		if (*r->at == '\\' && r->at[1])
			r->at++;
		if (out->len < AUTH_WORD)
			g_string_append_c(out, *r->at);
	}
	if (*r->at)
		r->at++;
	return g_string_free(out, FALSE);
}

/* What is not in stop, or a quoted string. */
static char *word(struct reader *r, const char *stop)
{
	skip(r);
	if (*r->at == '"')
		return quoted(r);
	size_t n = strcspn(r->at, stop);
	char *text = g_strndup(r->at, MIN(n, AUTH_WORD));
	r->at += n;
	return text;
}

/* Takes text. */
static char *lower(char *text)
{
	char *small = g_ascii_strdown(text, -1);
	g_free(text);
	return small;
}

static bool take(struct reader *r, char c)
{
	skip(r);
	if (*r->at != c)
		return false;
	r->at++;
	return true;
}

/* The properties that say whose a result is, the best one of a method first. */
static const struct {
	const char *method, *property;
} subjects[] = {
	{"dkim", "header.d"},
	{"dkim", "header.i"},
	{"dmarc", "header.from"},
	{"spf", "smtp.mailfrom"},
	{"spf", "smtp.mail"},
	{"spf", "smtp.helo"},
	{"arc", "header.d"},
	{"smime", "body.smime-part"},
};

static int rank(const char *method, const char *property)
{
	for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++)
		if (strcmp(subjects[i].method, method) == 0 &&
			strcmp(subjects[i].property, property) == 0)
			return (int)(G_N_ELEMENTS(subjects) - i);
	return 0;
}

static char *domain_of(const char *value)
{
	const char *at = strrchr(value, '@');
	return g_ascii_strdown(at ? at + 1 : value, -1);
}

static void put(char **member, char *value)
{
	g_free(*member);
	*member = mime_clean_line(value);
	g_free(value);
}

static void read_property(struct reader *r, struct mime_auth *a, int *best)
{
	g_autofree char *name = lower(word(r, " \t\r\n=;("));
	if (!take(r, '='))
		return;
	g_autofree char *value = word(r, " \t\r\n;(");
	/* "<>" and a quoted local part stand before the '@'. */
	if (*r->at == '@') {
		g_autofree char *rest = word(r, " \t\r\n;(");
		g_free(value);
		value = g_steal_pointer(&rest);
	}
	int is = rank(a->method, name);
	if (strcmp(name, "reason") == 0) {
		put(&a->reason, g_steal_pointer(&value));
	} else if (is > *best) {
		put(&a->domain, domain_of(value));
		*best = is;
	}
}

/* All up to the next ';', which may also stand in quotes and comments. */
static void leave_out(struct reader *r)
{
	for (skip(r); *r->at && *r->at != ';'; skip(r)) {
		const char *had = r->at;
		g_free(word(r, " \t\r\n;("));
		if (r->at == had)
			r->at++;
	}
}

/* "dkim/1 = pass reason=… header.d=…" up to the next ';'. */
static void read_result(struct reader *r)
{
	g_autofree char *method = lower(word(r, " \t\r\n=/;("));
	int best = 0;
	if (take(r, '/'))
		g_free(word(r, " \t\r\n=;("));
	bool given = take(r, '=');
	if (*method && (given || strcmp(method, "none") == 0)) {
		struct mime_auth *a = mime_trace_add(r->to);
		a->field = r->field;
		put(&a->server, g_strdup(r->server));
		put(&a->method, g_strdup(method));
		if (given)
			put(&a->result, lower(word(r, " \t\r\n;(")));
		for (skip(r); *r->at && *r->at != ';'; skip(r)) {
			const char *had = r->at;
			read_property(r, a, &best);
			if (r->at == had)
				r->at++;
		}
	}
	leave_out(r);
}

static void read_field(const char *raw, int field, struct mime_trace *t)
{
	g_autofree char *text = g_strndup(raw, strnlen(raw, AUTH_LENGTH));
	struct reader r = {.at = text, .to = t, .field = field};
	g_autofree char *server = lower(word(&r, " \t\r\n;("));
	r.server = server;
	leave_out(&r); /* the version */
	while (*r.at == ';' && t->auth->len < AUTH_RESULTS) {
		r.at++;
		read_result(&r);
	}
}

void letter_auth(const struct letter *l, struct mime_trace *t)
{
	const char *raw;
	for (guint n = 0; n < AUTH_FIELDS; n++)
		if ((raw = fields_get(l->fields, "Authentication-Results", n)) != NULL)
			read_field(raw, (int)n, t);
}
