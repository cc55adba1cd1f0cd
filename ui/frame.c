/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/width.h"
#include "ui/folders.h"
#include "ui/frame.h"
#include "ui/keymap.h"
#include "ui/layout.h"
#include "ui/ui.h"

enum { BAR_FROM = 100, BAR_MIN = 18, BAR_MAX = 30, BAR_SHARE = 7 };
enum { MAX_MESSAGE_LINES = 10 };

static const struct hint {
	unsigned contexts;
	const char *command, *word;
} hints[] = {
	{CONTEXT_ANY, "back", N_("Back")},
	{CONTEXT_LIST | CONTEXT_FOLDERS | CONTEXT_PARTS, "open", N_("Open")},
	{CONTEXT_PARTS, "save-part", N_("Save")},
	{CONTEXT_MESSAGE, "page-down", N_("On")},
	{CONTEXT_LIST | CONTEXT_MESSAGE, "delete", N_("Delete")},
	{CONTEXT_LIST | CONTEXT_MESSAGE, "undo", N_("Undo")},
	{CONTEXT_LIST | CONTEXT_MESSAGE, "move", N_("Move")},
	{CONTEXT_LIST, "mail", N_("Write")},
	{CONTEXT_LIST | CONTEXT_MESSAGE, "reply", N_("Reply")},
	{CONTEXT_MESSAGE, "reply-all", N_("Reply to all")},
	{CONTEXT_LIST, "search", N_("Search")},
	{CONTEXT_LIST, "limit", N_("Limit")},
	{CONTEXT_LIST, "fetch", N_("Fetch")},
	{CONTEXT_MESSAGE, "attachments", N_("Parts")},
	{CONTEXT_COMPOSE, "send", N_("Send")},
	{CONTEXT_COMPOSE, "send-later", N_("Later")},
	{CONTEXT_COMPOSE, "edit-body", N_("Edit")},
	{CONTEXT_COMPOSE, "attach", N_("Attach")},
	{CONTEXT_COMPOSE, "postpone", N_("Postpone")},
	{CONTEXT_OUTBOX, "edit-letter", N_("Edit")},
	{CONTEXT_OUTBOX, "release", N_("Send now")},
	{CONTEXT_OUTBOX, "hold", N_("Hold")},
	{CONTEXT_OUTBOX, "change-time", N_("Time")},
	{CONTEXT_OUTBOX, "give-up", N_("Give up")},
	{CONTEXT_OUTBOX, "drop", N_("Drop")},
	{CONTEXT_SERVER, "get", N_("Get")},
	{CONTEXT_SERVER, "take", N_("Take")},
	{CONTEXT_SERVER, "erase", N_("Delete")},
	{CONTEXT_SERVER, "leave", N_("Leave")},
	{CONTEXT_SERVER, "run-marks", N_("Do it")},
	{CONTEXT_MESSAGE | CONTEXT_TEXT, "find", N_("Find")},
	{CONTEXT_JOURNAL, "open", N_("Take back")},
	{CONTEXT_FILTERS, "try-filter", N_("Try")},
	{CONTEXT_FILTERS, "run-filter", N_("Run")},
	{CONTEXT_ANY, "help", N_("Help")},
};

static const char *hint_word(const struct frame *f, const struct hint *h)
{
	bool leaves = strcmp(h->command, "back") == 0 && ui_at_bottom(f->ui);
	return leaves ? _("Quit") : _(h->word);
}

/* "d:Delete"; NULL: not here, or it has no key. */
static char *hint_text(const struct frame *f, const struct hint *h)
{
	enum context context = ui_top(f->ui)->ops->context;
	if (!(h->contexts & context))
		return NULL;
	g_autofree char *key = keymap_short_key(ui_keymap(f->ui), context, h->command);
	return key ? g_strdup_printf("%s:%s", key, hint_word(f, h)) : NULL;
}

/* The way out, in front, and what leads to all the others, at the end, are not cut for
 * those between. */
static void draw_hints(const struct frame *f, const struct pane *p, int row)
{
	size_t last = G_N_ELEMENTS(hints) - 1;
	g_autofree char *help = hint_text(f, &hints[last]);
	int col = 0, room = p->cols - (help ? width_text(help) + 2 : 0);
	for (size_t i = 0; i < last; i++) {
		g_autofree char *text = hint_text(f, &hints[i]);
		if (!text)
			continue;
		if (col + width_text(text) > (col > 0 ? room : p->cols))
			break;
		col = pane_put(p, row, col, text, THEME_HINT) + 2;
	}
	if (help && col + width_text(help) <= p->cols)
		pane_put(p, row, col, help, THEME_HINT);
}

static void draw_title(const struct frame *f, const struct pane *p)
{
	struct view *v = ui_top(f->ui);
	g_autofree char *title = v->ops->title ? v->ops->title(v) : g_strdup("");
	const char *name = ui_options(f->ui)->demo ? _("dewey, practice") : "dewey";
	int right = width_text(name) + 1;
	pane_put_cut(p, 0, 1, p->cols - 2, title, THEME_TITLE);
	if (width_text(title) + right + 3 <= p->cols)
		pane_put(p, 0, p->cols - right, name, THEME_TITLE);
	pane_paint(p, 0, 0, p->cols, THEME_TITLE);
}

/* The message as lines of the screen.  A long one, with a server's words and
 * what to do about them, is not cut, nor is a question with the keys that
 * answer it: it covers the end of the view until the
 * next key.  What is being typed stands below it. */
static GPtrArray *message_lines(const struct frame *f, const struct pane *p)
{
	enum theme theme = f->line->wrong ? THEME_ERROR : THEME_MESSAGE;
	const char *question = f->prompt ? prompt_question(f->prompt) : NULL;
	GPtrArray *lines = layout_new();
	if (question)
		layout_text(lines, question, p->cols - 1, THEME_PROMPT);
	else if (f->line->text)
		layout_text(lines, f->line->text, p->cols, theme);
	int most = CLAMP(p->rows - 2 - (f->prompt && !question), 0, MAX_MESSAGE_LINES);
	most = question || !f->prompt ? MAX(most, 1) : most;
	if ((int)lines->len > most)
		g_ptr_array_set_size(lines, most);
	return lines;
}

static void clear_row(const struct pane *p, int row)
{
	g_autofree char *blank = g_strnfill((gsize)p->cols, ' ');
	pane_put(p, row, 0, blank, THEME_NORMAL);
}

static void draw_message(const struct pane *p, const GPtrArray *lines, int row)
{
	for (guint i = 0; i < lines->len; i++) {
		const struct text_line *l = lines->pdata[i];
		clear_row(p, row + (int)i);
		pane_put_cut(p, row + (int)i, 0, p->cols, l->text, l->theme);
	}
}

static void draw_status(const struct frame *f, const struct pane *p, int row)
{
	struct view *v = ui_top(f->ui);
	g_autofree char *status = v->ops->status ? v->ops->status(v) : g_strdup("");
	int right = width_text(status);
	int col = pane_put_cut(p, row, 1, p->cols - 2, f->going_on, THEME_STATUS);
	if (col + right + 3 <= p->cols)
		pane_put(p, row, p->cols - right - 1, status, THEME_STATUS);
	pane_paint(p, row, 0, p->cols, THEME_STATUS);
}

/* What is going to happen, and the keys that say so, are read whole. */
static void draw_question(const struct frame *f, const struct pane *p, int row, int *y, int *x)
{
	g_autoptr(GPtrArray) lines = message_lines(f, p);
	const struct text_line *last = lines->pdata[lines->len - 1];
	draw_message(p, lines, row);
	*y = row + (int)lines->len - 1;
	*x = MIN(width_text(last->text) + 1, p->cols - 1);
}

static void draw_line(const struct frame *f, const struct pane *p, int row, int *y, int *x)
{
	*y = -1;
	*x = 0;
	if (f->prompt && prompt_question(f->prompt)) {
		draw_question(f, p, row, y, x);
	} else if (f->prompt) {
		g_autoptr(GPtrArray) lines = message_lines(f, p);
		draw_message(p, lines, row);
		*y = row + (int)lines->len;
		clear_row(p, *y);
		prompt_draw(f->prompt, p, *y, x);
	} else if (f->line->text) {
		g_autoptr(GPtrArray) lines = message_lines(f, p);
		draw_message(p, lines, row);
	} else if (f->line->to_marked) {
		pane_put_cut(p, row, 0, p->cols, _("to all marked: press the key of a command"),
			THEME_PROMPT);
	} else {
		draw_hints(f, p, row);
	}
}

static int line_rows(const struct frame *f, const struct pane *p)
{
	g_autoptr(GPtrArray) lines = message_lines(f, p);
	bool typed = f->prompt && !prompt_question(f->prompt);
	return MAX((int)lines->len + typed, 1);
}

static int bar_width(const struct frame *f, int cols)
{
	if (!f->bar || !ui_top(f->ui)->ops->bar || cols < BAR_FROM)
		return 0;
	return CLAMP(cols / BAR_SHARE, BAR_MIN, BAR_MAX);
}

void frame_draw(const struct frame *f, struct grid *g, int *y, int *x)
{
	struct pane all = pane_whole(g);
	struct view *v = ui_top(f->ui);
	int bar = bar_width(f, all.cols);
	/* On a terminal of a few lines the view goes first, then the status line. */
	int below = MIN(all.rows, 2), above = all.rows > 3;
	struct pane inner = pane_sub(&all, above, bar, all.rows - below - above, all.cols - bar);
	if (bar > 0) {
		struct pane left = pane_sub(&all, above, 0, inner.rows, bar);
		folders_draw_bar(ui_folders(f->ui), &left);
	}
	v->rows = MAX(inner.rows, 1);
	v->cols = MAX(inner.cols, 1);
	if (inner.rows > 0)
		v->ops->draw(v, &inner);
	if (above)
		draw_title(f, &all);
	int line = all.rows - line_rows(f, &all);
	if (below > 1) {
		clear_row(&all, line - 1);
		draw_status(f, &all, line - 1);
	}
	draw_line(f, &all, line, y, x);
}
