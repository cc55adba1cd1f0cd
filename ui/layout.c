/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/layout.h"

#include "base/width.h"

enum { TAB_COLUMNS = 8, INDENT_MAX = 24, QUOTE_COLUMNS = 40 };

static void line_free(void *data)
{
	struct text_line *l = data;
	g_free(l->text);
	if (l->runs)
		g_array_unref(l->runs);
	g_free(l);
}

GPtrArray *layout_new(void)
{
	return g_ptr_array_new_with_free_func(line_free);
}

static struct text_line *add_line(GPtrArray *lines, char *text, enum theme theme)
{
	struct text_line *l = g_new0(struct text_line, 1);
	l->text = text;
	l->theme = theme;
	g_ptr_array_add(lines, l);
	return l;
}

/* --- a line's worth of a paragraph -------------------------------------------------- */

struct paragraph {
	const char *text, *end; /* no line feed within */
	const char *prefix;     /* before each of its lines */
	enum theme theme;
	bool fixed;             /* broken where the screen ends, not at words */
};

static int tab_columns(int column)
{
	return TAB_COLUMNS - column % TAB_COLUMNS;
}

/* What Chinese and Japanese lines may not begin with, nor end with. */
static bool may_break_between(const char *before, const char *after)
{
	static const char closing[] = "、。，．・：；？！）〕］｝〉》」』】ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";
	static const char opening[] = "（〔［｛〈《「『【";
	size_t a = (size_t)(g_utf8_next_char(before) - before);
	size_t b = (size_t)(g_utf8_next_char(after) - after);
	/* All of them take three octets. */
	if (b == 3 && g_strstr_len(closing, sizeof closing - 1, (char[]){after[0], after[1], after[2], 0}))
		return false;
	return a != 3 || !g_strstr_len(opening, sizeof opening - 1,
				 (char[]){before[0], before[1], before[2], 0});
}

/* The octets of the next line of width columns: up to the last blank that fits, or
 * between wide characters, or in the middle of a word that is longer than a line.
 * column: where it begins, for tabs. */
static size_t line_octets(const struct paragraph *p, int width, int column)
{
	size_t here = 0, best = 0, n, all = (size_t)(p->end - p->text);
	const char *before = NULL, *text = p->text;
	int sum = 0, columns, last = 1;
	bool in_word = false;
	for (; here < all && (n = width_cluster(text + here, &columns)) > 0; here += n) {
		const char *at = text + here;
		bool blank = *at == ' ' || *at == '\t';
		columns = *at == '\t' ? tab_columns(column + sum) : columns;
		if (!p->fixed && blank && in_word)
			best = here;
		else if (!p->fixed && (columns == 2 || last == 2) && before && !blank &&
			may_break_between(before, at))
			best = here;
		if (sum + columns > width)
			return blank && in_word ? here : best > 0 ? best : MAX(here, n);
		in_word = in_word || !blank;
		sum += columns;
		last = columns;
		before = at;
	}
	return here;
}

/* Where spans are read on from: paragraphs come in their order. */
struct spans {
	const char *text; /* that they are ranges of */
	const struct mime_span *at;
	guint left;
};

static struct text_run run_of(const struct mime_span *s, enum theme theme)
{
	static const struct {
		guint style, bits;
	} rows[] = {
		{MIME_STYLE_BOLD, LOOK_BOLD},
		{MIME_STYLE_ITALIC, LOOK_ITALIC},
		{MIME_STYLE_UNDERLINE, LOOK_UNDERLINE},
		{MIME_STYLE_STRIKE, LOOK_STRIKE},
	};
	struct text_run r = {.theme = theme, .link = s->link};
	if (s->style & MIME_STYLE_LINK || s->link > 0)
		r.theme = THEME_LINK;
	else if (s->style & MIME_STYLE_HEADING)
		r.theme = THEME_HEADING;
	else if (s->style & MIME_STYLE_CODE)
		r.theme = THEME_CODE;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (s->style & rows[i].style)
			r.bits |= rows[i].bits;
	return r;
}

static void append(GString *out, const char *text, const char *end)
{
	for (const char *tab; (tab = memchr(text, '\t', (size_t)(end - text))); text = tab + 1) {
		g_string_append_len(out, text, tab - text);
		for (int n = tab_columns(width_text(out->str)); n > 0; n--)
			g_string_append_c(out, ' ');
	}
	g_string_append_len(out, text, end - text);
}

static void append_span(GString *out, struct spans *s, const char *from, const char *to,
	struct text_line *line)
{
	struct text_run r = run_of(s->at, line->theme);
	r.begins = from == s->text + s->at->start;
	r.from = (int)out->len;
	append(out, from, to);
	r.to = (int)out->len;
	if (!line->runs)
		line->runs = g_array_new(FALSE, FALSE, sizeof(struct text_run));
	g_array_append_val(line->runs, r);
}

static void append_slice(GString *out, struct spans *s, const char *from, const char *to,
	struct text_line *line)
{
	while (s && s->left > 0 && from < to) {
		const char *start = s->text + s->at->start, *end = start + s->at->length;
		if (start >= to)
			break;
		if (end > from) {
			start = MAX(start, from);
			append(out, from, start);
			append_span(out, s, start, MIN(end, to), line);
			from = MIN(end, to);
		}
		if (end > to)
			break;
		s->at++;
		s->left--;
	}
	append(out, from, to);
}

static void wrap(GPtrArray *lines, struct paragraph *p, struct spans *s, int width)
{
	int indent = width_text(p->prefix), room = MAX(width - indent, 1);
	do {
		size_t n = line_octets(p, room, indent);
		GString *out = g_string_new(p->prefix);
		struct text_line *line = add_line(lines, NULL, p->theme);
		append_slice(out, s, p->text, p->text + n, line);
		line->text = g_strchomp(g_string_free(out, FALSE));
		p->text += n;
		while (!p->fixed && n > 0 && p->text < p->end && *p->text == ' ')
			p->text++;
	} while (p->text < p->end);
}

void layout_text(GPtrArray *lines, const char *text, int width, enum theme theme)
{
	for (bool more = true; more;) {
		size_t len = strcspn(text, "\n");
		more = text[len] == '\n' && text[len + 1];
		wrap(lines, &(struct paragraph){text, text + len, "", theme, false}, NULL, width);
		text += len + 1;
	}
}

/* --- bodies ---------------------------------------------------------------------------- */

/* The marks at the beginning, "> > " or ">>", a blank behind the last one. */
static size_t quote_marks(const char *line, const char *limit, int *depth)
{
	const char *end = line;
	*depth = 0;
	for (const char *p = line; p < limit && (*p == '>' || (*p == ' ' && *depth > 0)); p++)
		if (*p == '>') {
			(*depth)++;
			end = p + 1;
		}
	return (size_t)(end - line) + (end > line && end < limit && *end == ' ');
}

static enum theme quote_theme(int depth)
{
	static const enum theme themes[] = {THEME_QUOTE1, THEME_QUOTE2, THEME_QUOTE3};
	return themes[(depth - 1) % G_N_ELEMENTS(themes)];
}

struct body {
	GPtrArray *lines;
	struct spans spans;
	int width;
	int shown;      /* levels of quotes that are; G_MAXINT: all */
	guint folded;   /* lines left out before this one */
	bool signature; /* it has begun */
};

static bool is_signature(const char *line, const char *end)
{
	size_t len = (size_t)(end - line);
	return (len == 3 && memcmp(line, "-- ", 3) == 0) || (len == 2 && memcmp(line, "--", 2) == 0);
}

static bool is_fixed(struct spans *s, const char *line, const char *end)
{
	while (s->left > 0 && s->text + s->at->start + s->at->length <= line) {
		s->at++;
		s->left--;
	}
	for (guint i = 0; i < s->left && s->text + s->at[i].start < end; i++)
		if (s->at[i].style & MIME_STYLE_FIXED)
			return true;
	return false;
}

static void tell_folded(struct body *b)
{
	if (b->folded == 0)
		return;
	g_autofree char *text = g_strdup_printf(
		P_("[%u quoted line]", "[%u quoted lines]", b->folded), b->folded);
	GString *line = g_string_new(NULL);
	for (int i = 0; i <= b->shown; i++)
		g_string_append(line, "> ");
	g_string_append(line, text);
	add_line(b->lines, g_string_free(line, FALSE), THEME_FOLD);
	b->folded = 0;
}

static void body_line(struct body *b, const char *line, const char *end)
{
	int depth;
	size_t marks = quote_marks(line, end, &depth);
	struct paragraph p = {line, end, "", b->signature ? THEME_SIGNATURE : THEME_NORMAL,
		is_fixed(&b->spans, line, end)};
	if (depth > b->shown) {
		b->folded++;
		return;
	}
	tell_folded(b);
	/* Marks wider than half a page are text of somebody's making. */
	if (depth == 0 || marks > QUOTE_COLUMNS || (int)marks * 2 > b->width) {
		wrap(b->lines, &p, &b->spans, b->width);
		return;
	}
	g_autofree char *prefix =
		g_strdup_printf("%.*s%s", (int)marks, line, line[marks - 1] == ' ' ? "" : " ");
	p.prefix = prefix;
	p.text += marks;
	p.theme = quote_theme(depth);
	wrap(b->lines, &p, &b->spans, b->width);
}

static void body_lines(struct body *b, const char *text, const char *end)
{
	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		lf = lf ? lf : end;
		b->signature = b->signature || is_signature(text, lf);
		body_line(b, text, lf);
		text = lf + 1;
	}
	tell_folded(b);
}

void layout_body(GPtrArray *lines, const char *text, int width)
{
	struct body b = {.lines = lines, .width = width, .shown = G_MAXINT};
	body_lines(&b, text, text + strlen(text));
}

void layout_rich(GPtrArray *lines, const struct rich_text *t, int width)
{
	static const int shown[] = {[FOLD_NONE] = G_MAXINT, [FOLD_DEEP] = 1, [FOLD_ALL] = 0};
	const char *text = t->mime->text;
	const GArray *spans = t->mime->spans;
	struct body b = {.lines = lines, .width = width, .shown = shown[t->fold]};
	if (spans && spans->len > 0)
		b.spans = (struct spans){text, (const struct mime_span *)(void *)spans->data, spans->len};
	body_lines(&b, text + t->start, text + t->start + t->length);
}

int layout_depth(const char *text)
{
	int depth, most = 0;
	while (text && *text) {
		const char *end = strchrnul(text, '\n');
		quote_marks(text, end, &depth);
		most = MAX(most, depth);
		text = *end ? end + 1 : end;
	}
	return most;
}

/* --- fields ---------------------------------------------------------------------------- */

void layout_hanging(GPtrArray *lines, const struct hanging *h, const char *text, int width,
	enum theme theme)
{
	int indent = h->indent;
	g_autoptr(GPtrArray) wrapped = layout_new();
	layout_text(wrapped, *text ? text : " ", MAX(width - indent, 1), theme);
	for (guint i = 0; i < wrapped->len; i++) {
		const struct text_line *w = wrapped->pdata[i];
		g_autofree char *shown = i == 0 ? width_cut(h->label, indent - 1) : g_strdup("");
		int blanks = indent - width_text(shown);
		struct text_line *l = add_line(lines,
			g_strdup_printf("%s%*s%s", shown, blanks, "", w->text), theme);
		l->label = i == 0 ? (int)strlen(shown) : 0;
	}
}

void layout_field(GPtrArray *lines, const char *name, const char *text, int width,
	enum theme theme)
{
	int indent = MIN(width_text(name) + 1, MIN(INDENT_MAX, width / 2));
	layout_hanging(lines, &(struct hanging){name, indent}, text, width, theme);
}

void layout_rule(GPtrArray *lines, int width)
{
	GString *out = g_string_new(NULL);
	for (int i = 0; i < width; i++)
		g_string_append(out, "─");
	add_line(lines, g_string_free(out, FALSE), THEME_BORDER);
}
