/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/width.h"
#include "ui/trust-private.h"

static void finding_free(void *data)
{
	struct trust_finding *f = data;
	g_free(f->text);
	g_free(f->why);
	g_free(f);
}

struct trust *trust_new(void)
{
	struct trust *t = g_new0(struct trust, 1);
	t->findings = g_ptr_array_new_with_free_func(finding_free);
	return t;
}

void trust_free(struct trust *t)
{
	if (!t)
		return;
	g_ptr_array_unref(t->findings);
	g_free(t);
}

static gint by_weight(gconstpointer a, gconstpointer b)
{
	const struct trust_finding *x = *(void *const *)a, *y = *(void *const *)b;
	int weight = (int)y->level - (int)x->level;
	return weight != 0 ? weight : (int)y->seal - (int)x->seal;
}

/* A letter that is signed is never one of which something less is told first, unless that
 * is a warning. */
static void promote_seal(GPtrArray *findings)
{
	const struct trust_finding *first = findings->pdata[0];
	for (guint i = 0; i < findings->len; i++) {
		struct trust_finding *f = findings->pdata[i];
		if (!f->seal)
			continue;
		guint to = MIN(i, first->level == TRUST_WARNING ? 1 : 0);
		g_ptr_array_insert(findings, (gint)to, g_ptr_array_steal_index(findings, i));
		return;
	}
}

static void add(struct trust *t, const struct trust_finding *finding)
{
	g_ptr_array_add(t->findings, g_memdup2(finding, sizeof *finding));
	g_ptr_array_sort(t->findings, by_weight);
	promote_seal(t->findings);
}

void trust_add(struct trust *t, enum trust_level level, char *text, char *why)
{
	add(t, &(struct trust_finding){level, text, why, false});
}

void trust_add_seal(struct trust *t, enum trust_level level, char *text, char *why)
{
	add(t, &(struct trust_finding){level, text, why, true});
}

enum { APART = 3, MARK = 2 /* columns between findings, and of a mark */ };

/* With colours and without. */
static const struct {
	enum theme theme;
	const char *mark;
} looks[] = {
	[TRUST_CALM] = {THEME_TRUST, "  "},
	[TRUST_GOOD] = {THEME_TRUST_GOOD, "+ "},
	[TRUST_NOTE] = {THEME_TRUST_NOTE, "? "},
	[TRUST_WARNING] = {THEME_TRUST_WARNING, "! "},
};

void trust_layout(GPtrArray *lines, const struct trust *t, int width)
{
	for (guint i = 0; i < t->findings->len; i++) {
		const struct trust_finding *f = t->findings->pdata[i];
		const char mark[] = {*looks[f->level].mark, '\0'};
		const struct hanging h = {mark, MARK};
		layout_hanging(lines, &h, f->text, width, looks[f->level].theme);
	}
}

char *trust_page(const struct trust *t)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < t->findings->len; i++) {
		const struct trust_finding *f = t->findings->pdata[i];
		g_string_append_printf(
			out, "%s%s%s\n", i ? "\n" : "", looks[f->level].mark, f->text);
		if (f->why && *f->why)
			g_string_append_printf(out, "%s\n", f->why);
	}
	return g_string_free(out, FALSE);
}

/* --- the row -------------------------------------------------------------------------- */

/* A finding in the row, or how many there was no room for. */
struct piece {
	enum trust_level level;
	const char *mark, *text;
	int columns;
};

static struct piece piece_of(const struct piece *before, enum trust_level level, const char *text)
{
	bool marked = !before || (before->level != level && level != TRUST_CALM);
	struct piece p = {level, marked ? looks[level].mark : "", text, 0};
	p.columns = width_text(p.mark) + width_text(text);
	return p;
}

static int put(const struct pane *p, int col, const struct piece *piece)
{
	enum theme theme = looks[piece->level].theme;
	if (col > 0)
		col = pane_put(p, 0, col, " · ", theme);
	g_autofree char *text = g_strconcat(piece->mark, piece->text, NULL);
	return pane_put_cut(p, 0, col, piece->columns, text, theme);
}

static int columns_of(const struct piece *pieces, guint n)
{
	int sum = 0;
	for (guint i = 0; i < n; i++)
		sum += pieces[i].columns + (i > 0 ? APART : 0);
	return sum;
}

/* Two that cannot be left out: the second one gets its half if it needs so much. */
static void share(struct piece *pieces, guint n, int columns)
{
	if (n > 1) {
		int left = columns - APART - pieces[0].columns;
		pieces[1].columns = MIN(pieces[1].columns, MAX(left, columns / 2));
		columns -= APART + pieces[1].columns;
	}
	pieces[0].columns = MIN(pieces[0].columns, MAX(columns, 0));
}

static char *more_text(guint n, const char *key)
{
	/* TRANSLATORS: findings about a letter that are not shown, and the key that shows them */
	return g_strdup_printf(P_("%u more: %s", "%u more: %s", n), n, key);
}

struct row {
	struct piece *pieces;
	guint len, least; /* how many there are, and how many must be shown */
};

/* How many are shown, so that what tells of the others fits behind them. */
static guint fit(const struct row *r, int columns, const char *key)
{
	if (columns_of(r->pieces, r->len) <= columns)
		return r->len;
	g_autofree char *more = more_text(r->len, key);
	int room = columns - APART - MARK - width_text(more);
	guint n = r->len - 1;
	while (n > r->least && columns_of(r->pieces, n) > room)
		n--;
	n = MAX(n, r->least);
	if (columns_of(r->pieces, n) > room)
		share(r->pieces, n, n < r->len ? room : columns);
	return n;
}

static void draw_findings(const struct pane *p, const GPtrArray *findings, const char *key)
{
	g_autofree struct piece *pieces = g_new0(struct piece, findings->len);
	struct row row = {pieces, findings->len, 1};
	for (guint i = 0; i < row.len; i++) {
		const struct trust_finding *f = findings->pdata[i];
		pieces[i] = piece_of(i > 0 ? &pieces[i - 1] : NULL, f->level, f->text);
		row.least = i == 1 && f->seal ? 2 : row.least;
	}
	guint n = fit(&row, p->cols, key);
	int col = 0;
	for (guint i = 0; i < n; i++)
		col = put(p, col, &pieces[i]);
	if (n == row.len)
		return;
	g_autofree char *text = more_text(row.len - n, key);
	struct piece more = piece_of(&pieces[n - 1], pieces[n].level, text);
	put(p, col, &more);
}

struct pane trust_draw(const struct pane *p, const struct trust *t, const char *key)
{
	const struct trust_finding *first =
		t && t->findings->len > 0 ? t->findings->pdata[0] : NULL;
	g_autofree char *blank = g_strnfill((gsize)MAX(p->cols, 0), ' ');
	pane_put(p, 0, 0, blank, looks[first ? first->level : TRUST_CALM].theme);
	if (first)
		draw_findings(p, t->findings, key);
	return pane_sub(p, 1, 0, p->rows - 1, p->cols);
}
