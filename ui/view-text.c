/* SPDX-License-Identifier: MIT
 *
 * Any text: a message's source, links, help. */
#include "base/base.h"

#include "ui/pager.h"
#include "ui/ui.h"

struct text_view {
	struct view view;
	char *title, *text;
	text_layout *lay;
	struct pager pager;
	int width; /* it is laid out to */
};

static char *text_title(struct view *v)
{
	return g_strdup(((struct text_view *)v)->title);
}

static char *text_status(struct view *v)
{
	return pager_status(&((struct text_view *)v)->pager);
}

static void text_draw(struct view *v, const struct pane *p)
{
	struct text_view *t = (struct text_view *)v;
	if (t->width != p->cols) {
		GPtrArray *lines = layout_new();
		t->lay(lines, t->text, p->cols);
		pager_set(&t->pager, lines, true);
		t->width = p->cols;
	}
	pager_draw(&t->pager, p);
}

static void text_move(struct view *v, enum movement m)
{
	pager_move(&((struct text_view *)v)->pager, m);
}

static bool text_find(struct view *v, const char *text, bool forward, bool again)
{
	return pager_find_told(&((struct text_view *)v)->pager, v->ui, text, again);
}

static void text_free(struct view *v)
{
	struct text_view *t = (struct text_view *)v;
	pager_clear(&t->pager);
	g_free(t->title);
	g_free(t->text);
}

static const struct view_ops text_ops = {
	.context = CONTEXT_TEXT,
	.title = text_title,
	.status = text_status,
	.draw = text_draw,
	.move = text_move,
	.find = text_find,
	.free = text_free,
};

void view_text_open_laid(struct ui *ui, char *title, char *text, text_layout *lay)
{
	struct text_view *t = g_new0(struct text_view, 1);
	view_init(&t->view, &text_ops, ui);
	t->title = title;
	t->text = text;
	t->lay = lay;
	ui_push(ui, &t->view);
}

static void lay_plain(GPtrArray *lines, const char *text, int width)
{
	layout_text(lines, text, width, THEME_NORMAL);
}

void view_text_open(struct ui *ui, char *title, char *text)
{
	view_text_open_laid(ui, title, text, lay_plain);
}
