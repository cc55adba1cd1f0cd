/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/layout.h"
#include "ui/width.h"

enum { TAB_COLUMNS = 8, INDENT_MAX = 24, QUOTE_COLUMNS = 40 };

static void line_free(void *data)
{
	struct text_line *l = data;
	g_free(l->text);
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

static char *expand_tabs(const char *text, size_t len)
{
	GString *out = g_string_sized_new(len);
	const char *end = text + len;
	int column = 0, columns;
	while (text < end) {
		if (*text == '\t') {
			int spaces = TAB_COLUMNS - column % TAB_COLUMNS;
			for (int i = 0; i < spaces; i++)
				g_string_append_c(out, ' ');
			column += spaces;
			text++;
			continue;
		}
		size_t n = MIN(width_cluster(text, &columns), (size_t)(end - text));
		g_string_append_len(out, text, n);
		column += columns;
		text += n;
	}
	return g_string_free(out, FALSE);
}

/* The octets of text for the next line of width columns: up to the last blank
 * that fits, or between wide characters, or in the middle of a word that is
 * longer than a line. */
static size_t line_octets(const char *text, int width)
{
	size_t here = 0, best = 0;
	int sum = 0, columns;
	bool in_word = false;
	for (size_t n; (n = width_cluster(text + here, &columns)) > 0;) {
		if (text[here] == ' ' && in_word)
			best = here;
		if (columns == 2 && here > 0)
			best = here;
		if (sum + columns > width)
			return text[here] == ' ' && in_word ? here : best > 0 ? best : MAX(here, n);
		in_word = in_word || text[here] != ' ';
		sum += columns;
		here += n;
	}
	return here;
}

/* One paragraph; every line begins with prefix. */
static void wrap(GPtrArray *lines, const char *prefix, const char *text, int width,
	enum theme theme)
{
	int room = MAX(width - width_text(prefix), 1);
	do {
		size_t n = line_octets(text, room);
		char *line = g_strdup_printf("%s%.*s", prefix, (int)n, text);
		add_line(lines, g_strchomp(line), theme);
		text += n;
		while (n > 0 && *text == ' ')
			text++;
	} while (*text);
}

void layout_text(GPtrArray *lines, const char *text, int width, enum theme theme)
{
	for (bool more = true; more;) {
		size_t len = strcspn(text, "\n");
		more = text[len] == '\n' && text[len + 1];
		g_autofree char *plain = expand_tabs(text, len);
		wrap(lines, "", plain, width, theme);
		text += len + 1;
	}
}

/* The marks at the beginning, "> > " or ">>", a blank behind the last one. */
static size_t quote_marks(const char *line, int *depth)
{
	size_t end = 0;
	*depth = 0;
	for (size_t i = 0; line[i] == '>' || (line[i] == ' ' && *depth > 0); i++)
		if (line[i] == '>') {
			(*depth)++;
			end = i + 1;
		}
	return end > 0 && line[end] == ' ' ? end + 1 : end;
}

static enum theme quote_theme(int depth)
{
	static const enum theme themes[] = {THEME_QUOTE1, THEME_QUOTE2, THEME_QUOTE3};
	return themes[(depth - 1) % G_N_ELEMENTS(themes)];
}

static void body_line(GPtrArray *lines, const char *line, int width, bool signature)
{
	int depth;
	size_t marks = quote_marks(line, &depth);
	/* Marks wider than half a page are text of somebody's making. */
	if (depth == 0 || marks > QUOTE_COLUMNS || (int)marks * 2 > width) {
		wrap(lines, "", line, width, signature ? THEME_SIGNATURE : THEME_NORMAL);
		return;
	}
	g_autofree char *prefix = g_strndup(line, marks);
	if (prefix[marks - 1] != ' ') {
		char *spaced = g_strconcat(prefix, " ", NULL);
		g_free(prefix);
		prefix = spaced;
	}
	wrap(lines, prefix, line + marks, width, quote_theme(depth));
}

void layout_body(GPtrArray *lines, const char *text, int width)
{
	bool signature = false;
	while (*text) {
		size_t len = strcspn(text, "\n");
		g_autofree char *line = expand_tabs(text, len);
		signature = signature || strcmp(line, "-- ") == 0 || strcmp(line, "--") == 0;
		body_line(lines, line, width, signature);
		text += len + (text[len] == '\n');
	}
}

void layout_hanging(GPtrArray *lines, const struct hanging *h, const char *text, int width,
	enum theme theme)
{
	int indent = h->indent;
	g_autoptr(GPtrArray) wrapped = layout_new();
	wrap(wrapped, "", *text ? text : " ", MAX(width - indent, 1), theme);
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
