/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/pager.h"
#include "base/width.h"
#include "ui/ui.h"

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

/* Text as it is compared, and for each of its octets, and for its end, where what it
 * comes from begins in the text itself. */
struct folding {
	GString *text;
	GArray *places; /* of guint */
};

static void fold(struct folding *f, const char *text)
{
	int columns;
	f->text = g_string_new(NULL);
	f->places = g_array_new(FALSE, FALSE, sizeof(guint));
	guint place = 0;
	for (size_t n; (n = width_cluster(text + place, &columns)) > 0; place += (guint)n) {
		g_autofree char *normal =
			g_utf8_normalize(text + place, (gssize)n, G_NORMALIZE_ALL_COMPOSE);
		g_autofree char *folded = g_utf8_casefold(normal ? normal : "", -1);
		g_string_append(f->text, folded);
		for (size_t i = strlen(folded); i > 0; i--)
			g_array_append_val(f->places, place);
	}
	g_array_append_val(f->places, place);
}

static void folding_clear(struct folding *f)
{
	g_string_free(f->text, TRUE);
	g_array_unref(f->places);
}

static char *folded(const char *text)
{
	struct folding f;
	fold(&f, text);
	g_array_unref(f.places);
	return g_string_free(f.text, FALSE);
}

static GArray *needle_marks(const char *needle, const char *text)
{
	GArray *marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
	struct folding f;
	fold(&f, text);
	size_t len = strlen(needle);
	for (const char *at = f.text->str; len > 0 && (at = strstr(at, needle)); at += len) {
		size_t from = (size_t)(at - f.text->str);
		struct mark m = {g_array_index(f.places, guint, from),
			g_array_index(f.places, guint, from + len)};
		g_array_append_val(marks, m);
	}
	folding_clear(&f);
	return marks;
}

/* A header's line is marked by what may stand there. */
static GArray *marks_of(const struct pager *p, const struct text_line *l, guint max)
{
	if (p->needle)
		return needle_marks(p->needle, l->text + l->label);
	return p->words ? query_marks_find(p->words, l->label > 0 ? MARK_HEAD : MARK_BODY,
				  l->text + l->label, max)
			: NULL;
}

static bool matches(const struct pager *p, guint n)
{
	const struct text_line *l = p->lines->pdata[n];
	g_autoptr(GArray) marks = marks_of(p, l, 1);
	return marks && marks->len > 0;
}

static int columns_to(const struct text_line *l, int octets)
{
	g_autofree char *before = g_strndup(l->text, (gsize)octets);
	return width_text(before);
}

static const struct mime_link *link_of(const struct pager *p, int number)
{
	return p->links && number > 0 && (guint)number <= p->links->len
		? p->links->pdata[number - 1] : NULL;
}

static void draw_runs(const struct pager *p, const struct pane *pane, int row,
	const struct text_line *l)
{
	for (guint i = 0; l->runs && i < l->runs->len; i++) {
		const struct text_run *r = &g_array_index(l->runs, struct text_run, i);
		const struct mime_link *link = link_of(p, r->link);
		int from = columns_to(l, r->from), to = columns_to(l, r->to);
		struct range_look look = {r->theme, r->bits, link ? link->url : NULL};
		pane_look(pane, row, from, to - from, &look);
	}
}

/* Over the beginnings of links: nothing moves while somebody reads. */
static void draw_numbers(const struct pager *p, const struct pane *pane, int row,
	const struct text_line *l)
{
	for (guint i = 0; l->runs && i < l->runs->len; i++) {
		const struct text_run *r = &g_array_index(l->runs, struct text_run, i);
		char number[16];
		if (!r->begins || !link_of(p, r->link))
			continue;
		g_snprintf(number, sizeof number, "[%d]", r->link);
		int at = MIN(columns_to(l, r->from), MAX(pane->cols - (int)strlen(number), 0));
		pane_put(pane, row, at, number, THEME_NUMBER);
	}
}

static void draw_line(const struct pager *p, const struct pane *pane, int row, guint n)
{
	const struct text_line *l = p->lines->pdata[n];
	g_autofree char *label = g_strndup(l->text, (gsize)l->label);
	int x = pane_put(pane, row, 0, label, THEME_HEADER);
	pane_put_cut(pane, row, x, pane->cols - x, l->text + l->label, l->theme);
	draw_runs(p, pane, row, l);
	g_autoptr(GArray) marks = marks_of(p, l, 0);
	for (guint i = 0; marks && i < marks->len; i++) {
		const struct mark *m = &g_array_index(marks, struct mark, i);
		int from = columns_to(l, l->label + (int)m->from);
		pane_paint(pane, row, from, columns_to(l, l->label + (int)m->to) - from, THEME_MATCH);
	}
	if (p->numbers)
		draw_numbers(p, pane, row, l);
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
	guint len = p->lines ? p->lines->len : 0;
	if (text) {
		g_free(p->needle);
		p->needle = folded(text);
		p->found = G_MAXUINT;
	}
	if (len == 0 || (p->needle ? !*p->needle : !p->words))
		return false;
	/* On the last page the top does not follow: what was found counts. */
	guint here = again && p->found < len && p->found >= p->top ? p->found : p->top;
	guint from = again ? here + 1 : here;
	for (guint i = 0; i < len; i++) {
		guint n = (from + i) % len;
		if (!matches(p, n))
			continue;
		p->wrapped = n < from && again;
		p->found = n;
		p->top = MIN(n, last_top(p));
		return true;
	}
	return false;
}

bool pager_find_told(struct pager *p, struct ui *ui, const char *text, bool again)
{
	bool found = pager_find(p, text, true, again);
	if (found && p->wrapped)
		ui_say(ui, _("the search went on at the top"));
	return found;
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
