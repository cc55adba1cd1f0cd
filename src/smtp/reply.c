/* SPDX-License-Identifier: MIT */
#include "smtp/reply.h"

#include <string.h>

#include "base/sanitize.h"
#include "wire/codes.h"

void reply_init(struct reply *r)
{
	*r = (struct reply){.lines = g_ptr_array_new_with_free_func(g_free)};
}

void reply_clear(struct reply *r)
{
	g_ptr_array_set_size(r->lines, 0);
	r->code = 0;
	r->octets = 0;
	r->enhanced[0] = '\0';
}

void reply_release(struct reply *r)
{
	g_clear_pointer(&r->lines, g_ptr_array_unref);
}

static bool refuse(GError **error, const char *what, const char *line, size_t len)
{
	g_autofree char *shown = sanitize_server_text(line, (gssize)len);
	g_set_error(error, WIRE_ERROR, CODE_PROTOCOL, "%s: '%s'", what, shown);
	return false;
}

/* Exactly three digits, and a blank, a hyphen or nothing behind them. */
static int parse_code(const char *line, size_t len)
{
	if (len < 3 || line[0] < '2' || line[0] > '5' || !g_ascii_isdigit(line[1]) ||
		!g_ascii_isdigit(line[2]) || (len > 3 && line[3] != ' ' && line[3] != '-'))
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static size_t digits(const char *at, size_t most)
{
	size_t n = 0;
	while (n <= most && g_ascii_isdigit(at[n]))
		n++;
	return n > most ? 0 : n;
}

/* "5.1.1 text" where the class is that of the code (S-13); anything else is
 * text. */
static void take_enhanced(struct reply *r, const char *text)
{
	size_t subject, detail;
	if (r->enhanced[0] || text[0] != '0' + r->code / 100 || text[1] != '.')
		return;
	if (text[0] == '3')
		return; /* RFC 3463 section 2 has no such class */
	subject = digits(text + 2, 3);
	if (subject == 0 || text[2 + subject] != '.')
		return;
	detail = digits(text + 3 + subject, 3);
	char after = detail ? text[3 + subject + detail] : 'x';
	if (after == ' ' || after == '\0')
		g_strlcpy(r->enhanced, text, 4 + subject + detail);
}

bool reply_add(struct reply *r, const char *line, size_t len, bool *more, GError **error)
{
	int code = parse_code(line, len);
	if (code == 0)
		return refuse(error, _("not a reply of SMTP"), line, len);
	if (r->code != 0 && r->code != code)
		return refuse(error, _("two codes in one reply"), line, len);
	r->code = code;
	r->octets += len;
	if (r->lines->len == REPLY_LINES_MAX || r->octets > REPLY_OCTETS_MAX)
		return refuse(error, _("a reply without end"), line, len);
	char *text = len > 4 ? g_strndup(line + 4, len - 4) : g_strdup("");
	g_ptr_array_add(r->lines, text);
	take_enhanced(r, text);
	*more = len > 3 && line[3] == '-';
	return true;
}

/* Each line repeats the enhanced code; once is enough for a person. */
static const char *without_enhanced(const struct reply *r, guint line)
{
	const char *text = r->lines->pdata[line];
	size_t len = strlen(r->enhanced);
	if (line == 0 || len == 0 || strncmp(text, r->enhanced, len) != 0)
		return text;
	return text + len + strspn(text + len, " ");
}

char *reply_text(const struct reply *r)
{
	g_autoptr(GString) all = g_string_new(NULL);
	g_string_printf(all, "%d", r->code);
	for (guint i = 0; i < r->lines->len; i++) {
		const char *text = without_enhanced(r, i);
		if (*text)
			g_string_append_printf(all, " %s", text);
	}
	return sanitize_server_text(all->str, (gssize)all->len);
}
