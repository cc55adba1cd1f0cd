/* SPDX-License-Identifier: MIT */
#include "mime/html-tidy.h"

#include <string.h>

#include "mime/digits.h"
#include "mime/html-attributes.h"

struct tidy {
	GString *out;
	const char *html, *end;
	bool open; /* no comment ends behind here */
};

static const char *find(const char *from, const char *end, char c)
{
	const char *found = memchr(from, c, (size_t)(end - from));
	return found ? found : end;
}

static const char *behind(const char *p, const char *end)
{
	return p < end ? p + 1 : end;
}

/* One that nothing ends is over at the next '>': what follows may be all of the letter. */
static const char *comment_end(struct tidy *t, const char *p)
{
	const char *first = p < t->end && *p == '-' ? p + 1 : p;
	if (first < t->end && *first == '>')
		return first + 1;
	const char *close = t->open ? NULL : memmem(p, (size_t)(t->end - p), "--", 2);
	while (close && close + 2 < t->end && close[2] != '>' &&
		!(close[2] == '!' && close + 3 < t->end && close[3] == '>'))
		close = memmem(close + 1, (size_t)(t->end - close - 1), "--", 2);
	t->open = !close || close + 2 >= t->end;
	return t->open ? behind(find(p, t->end, '>'), t->end)
		       : behind(find(close, t->end, '>'), t->end);
}

/* Text that holds no elements. */
static bool is_raw(const char *name, size_t len)
{
	return (len == 5 && g_ascii_strncasecmp(name, "style", len) == 0) ||
	       (len == 6 && g_ascii_strncasecmp(name, "script", len) == 0);
}

static const char *raw_end(const char *p, const char *end, const char *name, size_t len)
{
	for (p = find(p, end, '<'); p < end; p = find(p + 1, end, '<'))
		if ((size_t)(end - p) > len + 1 && p[1] == '/' &&
			g_ascii_strncasecmp(p + 2, name, len) == 0)
			return p;
	return end;
}

static void put_place(GString *out, size_t at)
{
	g_string_append(out, " " HTML_PLACE "=");
	put_digits(out, at);
}

/* p is behind the '<'. */
static const char *tidy_element(struct tidy *t, const char *p)
{
	const char *name = p, *from;
	struct html_raw raw;
	guint n = 0;
	while (p < t->end && (g_ascii_isalnum(*p) || (*p && strchr(":-_.", *p))))
		p++;
	size_t len = (size_t)(p - name);
	for (from = p; html_raw_next(&p, t->end, &raw);)
		n++;
	if (p == t->end)
		return p;
	bool closed = *p == '/';
	g_string_append_c(t->out, '<');
	g_string_append_len(t->out, name, (gssize)len);
	if (n > 0)
		put_place(t->out, (size_t)(from - t->html));
	g_string_append(t->out, closed ? " />" : ">");
	p += closed ? 2 : 1;
	if (closed || !is_raw(name, len))
		return p;
	const char *end = raw_end(p, t->end, name, len);
	g_string_append_len(t->out, p, end - p);
	return end;
}

static const char *tidy_mark(struct tidy *t, const char *p)
{
	size_t left = (size_t)(t->end - p);
	if (left >= 4 && memcmp(p, "<!--", 4) == 0)
		return comment_end(t, p + 4);
	if (left >= 2 && p[1] == '!')
		return behind(find(p, t->end, '>'), t->end);
	if (left >= 2 && g_ascii_isalpha(p[1]))
		return tidy_element(t, p + 1);
	g_string_append_c(t->out, '<');
	return p + 1;
}

char *html_tidy(const char *html, size_t len)
{
	struct tidy t = {g_string_sized_new(len + 1), html, html + len, false};
	for (const char *p = html; p < t.end;) {
		const char *mark = find(p, t.end, '<');
		g_string_append_len(t.out, p, mark - p);
		p = mark < t.end ? tidy_mark(&t, mark) : mark;
	}
	return g_string_free(t.out, FALSE);
}
