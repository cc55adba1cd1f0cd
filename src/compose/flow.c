/* SPDX-License-Identifier: MIT */
#include "compose/flow.h"

#include <string.h>

enum {
	FITS_COLUMNS = 76, /* of 78: a stuffing blank and one that flows have room */
	FLOW_COLUMNS = 72, /* what is broken leaves room for the quotes of an answer */
};

static int columns(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

const char *flow_break(const char *text, const char *end, int width)
{
	const char *blank = NULL;
	int used = 0;
	for (const char *c = text; c < end; c = g_utf8_next_char(c)) {
		used += columns(g_utf8_get_char(c));
		if (*c == ' ' && c > text && (used <= width || !blank))
			blank = c;
		if (used > width && blank)
			return blank;
	}
	return used > width && blank ? blank : end;
}

/* A line without its quotes and the blanks at its end. */
struct line {
	int quotes;
	const char *text, *end;
	bool flows; /* it had blanks there */
};

static bool is_delimiter(const struct line *l)
{
	return l->end - l->text == 2 && memcmp(l->text, "--", 2) == 0;
}

/* "> > x" and ">> x" are both of two quotes. */
static struct line read_line(const char *at, const char *end)
{
	struct line l = {.text = at, .end = end};
	while (l.text < end && *l.text == '>') {
		l.quotes++;
		l.text++;
		if (l.text + 1 < end && l.text[0] == ' ' && l.text[1] == '>')
			l.text++;
	}
	if (l.quotes > 0 && l.text < end && *l.text == ' ')
		l.text++;
	while (l.end > l.text && (l.end[-1] == ' ' || l.end[-1] == '\t'))
		l.end--;
	l.flows = l.end < end && l.end > l.text;
	return l;
}

/* One blank is taken off again by who reads it (RFC 3676 section 4.4). */
static bool must_stuff(const struct line *l, size_t len, bool flows)
{
	if (l->quotes > 0 || len == 0)
		return len > 0;
	if (*l->text == ' ' || *l->text == '>')
		return true;
	return len + flows >= 5 && memcmp(l->text, "From ", MIN(len, 5u)) == 0;
}

static void put_line(GString *out, const struct line *l, const char *end, bool flows)
{
	size_t len = (size_t)(end - l->text);
	for (int i = 0; i < l->quotes; i++)
		g_string_append_c(out, '>');
	g_string_append(out, must_stuff(l, len, flows) ? " " : "");
	g_string_append_len(out, l->text, (gssize)len);
	g_string_append(out, flows ? " \n" : "\n");
}

/* A line "-- " is no line that flows, so none may come to look like it. */
static const char *break_at(const struct line *l)
{
	if (flow_break(l->text, l->end, FITS_COLUMNS - l->quotes) == l->end)
		return l->end;
	const char *stop = flow_break(l->text, l->end, FLOW_COLUMNS - l->quotes);
	struct line head = {.text = l->text, .end = stop};
	if (stop < l->end && is_delimiter(&head)) {
		const char *next = memchr(stop + 1, ' ', (size_t)(l->end - stop - 1));
		return next ? next : l->end;
	}
	return stop;
}

static void put_paragraph(GString *out, struct line l, bool flows)
{
	if (is_delimiter(&l)) {
		put_line(out, &l, l.end, l.flows);
		return;
	}
	for (;;) {
		const char *stop = break_at(&l);
		put_line(out, &l, stop, stop < l.end || flows);
		if (stop == l.end)
			return;
		l.text = stop + 1;
	}
}

/* A line flows only into one that goes on with it. */
static bool goes_on(const struct line *l, const struct line *next)
{
	return l->flows && next->quotes == l->quotes && next->end > next->text &&
	       !is_delimiter(next);
}

char *flow_text(const char *text)
{
	GString *out = g_string_new(NULL);
	const char *end = strchrnul(text, '\n');
	struct line l = read_line(text, end);
	while (*end || end > text) {
		bool last = *end == '\0' || end[1] == '\0';
		const char *after = last ? end : end + 1, *after_end = strchrnul(after, '\n');
		struct line next = read_line(after, after_end);
		put_paragraph(out, l, !last && goes_on(&l, &next));
		if (last)
			break;
		text = after;
		end = after_end;
		l = next;
	}
	return g_string_free(out, FALSE);
}
