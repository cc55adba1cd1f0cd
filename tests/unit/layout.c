/* SPDX-License-Identifier: MIT
 *
 * A letter's text as lines of a width. */
#include "base/base.h"

#include <string.h>

#include "base/width.h"
#include "mime/message.h"
#include "ui/blocks.h"

static char *joined(const GPtrArray *lines)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(out, "%s|", ((struct text_line *)lines->pdata[i])->text);
	return g_string_free(out, FALSE);
}

/* M-42: words stay whole where they fit, wide characters and marks always do. */
static void test_wrap(void)
{
	static const struct {
		int width;
		const char *text, *lines;
	} rows[] = {
		{10, "one two three four", "one two|three four|"},
		{10, "", "|"},
		{5, "abcdefghijk", "abcde|fghij|k|"},
		{4, "ab  cd", "ab|cd|"},
		{5, "东京天气很好", "东京|天气|很好|"},
		{5, "东京。天气", "东|京。|天气|"},
		{5, "东「京」", "东|「京|」|"},
		{6, "ab东京cd ef", "ab东京|cd ef|"},
		{1, "东a", "东|a|"},
		{3, "e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301|e\u0301|"},
		{12, "a\tb", "a       b|"},
		{12, "> a\tb", "> a     b|"},
		{8, "> one two", "> one|> two|"},
		{8, ">one two", "> one|> two|"},
		{9, "> > one two", "> > one|> > two|"},
		{6, "> > > > deep", "> > >|> deep|"},
		{9, "-- \nme", "--|me|"},
		{4, "😀😀😀", "😀😀|😀|"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) lines = layout_new();
		layout_body(lines, rows[i].text, rows[i].width);
		g_autofree char *got = joined(lines);
		g_test_message("'%s' in %d columns", rows[i].text, rows[i].width);
		g_assert_cmpstr(got, ==, *rows[i].text ? rows[i].lines : "");
	}
}

/* M-42: a line of a million columns is as many lines as it needs, nothing of it is lost,
 * and no line is wider than the screen. */
static void test_long_line(void)
{
	enum { LETTERS = 1000 * 1000, WIDTH = 79 };
	static const char *const pieces[] = {"x", "東", "word ", "e\u0301"};
	for (size_t k = 0; k < G_N_ELEMENTS(pieces); k++) {
		g_autoptr(GString) text = g_string_new(NULL);
		for (int i = 0; i < LETTERS / 4; i++)
			g_string_append(text, pieces[k]);
		g_autoptr(GPtrArray) lines = layout_new();
		layout_body(lines, text->str, WIDTH);
		size_t octets = 0;
		for (guint i = 0; i < lines->len; i++) {
			const struct text_line *l = lines->pdata[i];
			g_assert_cmpint(width_text(l->text), <=, WIDTH);
			octets += strlen(l->text);
		}
		size_t blanks = strchr(pieces[k], ' ') ? lines->len : 0;
		g_assert_cmpuint(octets + blanks, ==, text->len);
	}
}

static struct mime_message *message_of(const char *text, const char *spans)
{
	g_autoptr(record) r = record_new("event", "done");
	record_set_string(r, "text", text);
	record_set_string(r, "spans", spans);
	return mime_decode(r);
}

/* "<link:text>" where a run stands in a line. */
static char *show_runs(const GPtrArray *lines)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < lines->len; i++) {
		const struct text_line *l = lines->pdata[i];
		for (guint k = 0; l->runs && k < l->runs->len; k++) {
			const struct text_run *r = &g_array_index(l->runs, struct text_run, k);
			g_string_append_printf(out, "%s%s%s:%.*s ", theme_look(r->theme)->name,
				r->bits & LOOK_BOLD ? "+bold" : "", r->begins ? "" : "…",
				r->to - r->from, l->text + r->from);
		}
		g_string_append(out, "| ");
	}
	return g_string_free(out, FALSE);
}

/* A span goes with its letters: over the ends of lines, behind quote marks and tabs. */
static void test_spans(void)
{
	static const struct {
		const char *text, *spans, *runs;
	} rows[] = {
		{"one two three", "4 3 1 0 ", "normal+bold:two | | "},
		{"one two three", "4 9 17 0 ", "heading+bold:two | heading+bold…:three | "},
		{"> one two", "2 3 64 0 6 3 1 0 ", "code:one quote1+bold:two | "},
		{"a\tbc", "2 2 64 0 ", "code:bc | "},
		{"one\ntwo", "1 5 64 0 ", "code:ne | code…:tw | "},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(mime_message) m = message_of(rows[i].text, rows[i].spans);
		g_autoptr(GPtrArray) lines = layout_new();
		struct rich_text t = {m, 0, (guint)strlen(m->text), FOLD_NONE};
		layout_rich(lines, &t, 10);
		g_autofree char *got = show_runs(lines);
		g_test_message("'%s', spans %s", rows[i].text, rows[i].spans);
		g_assert_cmpstr(got, ==, rows[i].runs);
	}
}

/* Rows of a table are not wrapped at words: they are cut where the screen ends. */
static void test_fixed(void)
{
	g_autoptr(mime_message) m = message_of("ab cd  ef  gh\nab cd  ef  gh", "0 13 128 0 ");
	g_autoptr(GPtrArray) lines = layout_new();
	struct rich_text t = {m, 0, (guint)strlen(m->text), FOLD_NONE};
	layout_rich(lines, &t, 9);
	g_autofree char *got = joined(lines);
	g_assert_cmpstr(got, ==, "ab cd  ef|  gh|ab cd  ef|gh|");
}

static void test_folds(void)
{
	static const char text[] = "> a\n> > b\n> > c\n> d\ne\n> f\n";
	static const struct {
		enum layout_fold fold;
		const char *lines;
	} rows[] = {
		{FOLD_NONE, "> a|> > b|> > c|> d|e|> f|"},
		{FOLD_DEEP, "> a|> > [2 quoted lines]|> d|e|> f|"},
		{FOLD_ALL, "> [4 quoted lines]|e|> [1 quoted line]|"},
	};
	g_autoptr(mime_message) m = message_of(text, "");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) lines = layout_new();
		struct rich_text t = {m, 0, (guint)strlen(text), rows[i].fold};
		layout_rich(lines, &t, 40);
		g_autofree char *got = joined(lines);
		g_assert_cmpstr(got, ==, rows[i].lines);
	}
	g_assert_cmpint(layout_depth(text), ==, 2);
	g_assert_cmpint(layout_depth("a > b"), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/layout/wrap/M-42", test_wrap);
	g_test_add_func("/layout/long-line/M-42", test_long_line);
	g_test_add_func("/layout/spans", test_spans);
	g_test_add_func("/layout/fixed", test_fixed);
	g_test_add_func("/layout/folds", test_folds);
	return g_test_run();
}
