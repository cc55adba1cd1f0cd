/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/pager.h"
#include "ui/width.h"

void pager_clear(struct pager *p)
{
	g_clear_pointer(&p->lines, g_ptr_array_unref);
	g_clear_pointer(&p->needle, g_free);
	p->top = 0;
}

static guint last_top(const struct pager *p)
{
	guint len = p->lines ? p->lines->len : 0, rows = MAX(p->rows, 1);
	return len > rows ? len - rows : 0;
}

void pager_set(struct pager *p, GPtrArray *lines, bool keep)
{
	guint old = p->lines ? p->lines->len : 0;
	g_clear_pointer(&p->lines, g_ptr_array_unref);
	p->lines = lines;
	/* Another width: about the same place. */
	p->top = keep && old > 0 ? (guint)((guint64)p->top * lines->len / old) : 0;
	p->top = MIN(p->top, last_top(p));
}

static char *folded(const char *text)
{
	g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
	return g_utf8_casefold(normal ? normal : text, -1);
}

/* A header's line is marked by what may stand there. */
static GArray *marks_of(const struct pager *p, const struct text_line *l, guint max)
{
	return p->words ? query_marks_find(p->words, l->label > 0 ? MARK_HEAD : MARK_BODY,
				  l->text + l->label, max)
			: NULL;
}

static bool matches(const struct pager *p, guint n)
{
	const struct text_line *l = p->lines->pdata[n];
	if (!p->needle) {
		g_autoptr(GArray) marks = marks_of(p, l, 1);
		return marks && marks->len > 0;
	}
	g_autofree char *line = folded(l->text);
	return strstr(line, p->needle) != NULL;
}

static void draw_line(const struct pager *p, const struct pane *pane, int row, guint n)
{
	const struct text_line *l = p->lines->pdata[n];
	bool match = p->needle && matches(p, n);
	g_autofree char *label = g_strndup(l->text, l->label);
	int x = pane_put(pane, row, 0, label, THEME_HEADER);
	g_autoptr(GArray) marks = match ? NULL : marks_of(p, l, 0);
	struct marked_text text = {
		l->text + l->label, marks, match ? THEME_MATCH : l->theme, THEME_MATCH};
	pane_put_marked(pane, row, x, pane->cols - x, &text);
}

void pager_draw(struct pager *p, const struct pane *pane)
{
	p->rows = pane->rows;
	p->top = MIN(p->top, last_top(p));
	for (int row = 0; p->lines && row < pane->rows && p->top + row < p->lines->len; row++)
		draw_line(p, pane, row, p->top + row);
}

bool pager_move(struct pager *p, enum movement m)
{
	gint64 top = p->top, page = MAX(p->rows - 1, 1), half = MAX(p->rows / 2, 1);
	const gint64 steps[] = {
		[MOVE_NEXT] = 1,
		[MOVE_PREVIOUS] = -1,
		[MOVE_PAGE_DOWN] = page,
		[MOVE_PAGE_UP] = -page,
		[MOVE_HALF_DOWN] = half,
		[MOVE_HALF_UP] = -half,
		[MOVE_FIRST] = -top,
		[MOVE_LAST] = last_top(p),
	};
	guint before = p->top;
	p->top = CLAMP(top + steps[m], 0, (gint64)last_top(p));
	return p->top != before;
}

bool pager_find(struct pager *p, const char *text, bool forward, bool again)
{
	if (text) {
		g_free(p->needle);
		p->needle = folded(text);
	}
	if (p->needle ? !*p->needle : !p->words)
		return false;
	if (!p->lines)
		return false;
	for (guint n = p->top + again; n < p->lines->len; n++)
		if (matches(p, n)) {
			p->top = MIN(n, last_top(p));
			/* On the last page the top cannot follow: further finds end here. */
			return !again || n <= last_top(p);
		}
	return false;
}

char *pager_status(const struct pager *p)
{
	guint len = p->lines ? p->lines->len : 0, end = p->top + p->rows;
	if (len == 0)
		return g_strdup("");
	if (end >= len)
		return g_strdup(p->top == 0 ? _("all") : _("end"));
	return g_strdup_printf("%u%%", (guint)((guint64)end * 100 / len));
}
