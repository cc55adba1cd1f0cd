/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/trust-private.h"
#include "ui/width.h"

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

void trust_add(struct trust *t, enum trust_level level, char *text, char *why)
{
	guint at = 0;
	while (at < t->findings->len &&
		((struct trust_finding *)t->findings->pdata[at])->level >= level)
		at++;
	struct trust_finding *f = g_new0(struct trust_finding, 1);
	*f = (struct trust_finding){level, text, why};
	g_ptr_array_insert(t->findings, (gint)at, f);
}

enum trust_level trust_worst(const struct trust *t)
{
	return t->findings->len > 0 ? ((struct trust_finding *)t->findings->pdata[0])->level
				    : TRUST_CALM;
}

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

char *trust_line(const struct trust *t)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < t->findings->len; i++) {
		const struct trust_finding *f = t->findings->pdata[i];
		g_string_append(out, i == 0 ? looks[f->level].mark : " · ");
		g_string_append(out, f->text);
	}
	return g_string_free(out, FALSE);
}

char *trust_page(const struct trust *t)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < t->findings->len; i++) {
		const struct trust_finding *f = t->findings->pdata[i];
		g_string_append_printf(out, "%s%s%s\n", i ? "\n" : "", looks[f->level].mark, f->text);
		if (f->why && *f->why)
			g_string_append_printf(out, "%s\n", f->why);
	}
	return g_string_free(out, FALSE);
}

struct pane trust_draw(const struct pane *p, const struct trust *t)
{
	enum theme theme = looks[t ? trust_worst(t) : TRUST_CALM].theme;
	g_autofree char *text = t ? trust_line(t) : g_strdup("");
	g_autofree char *blank = g_strnfill((gsize)MAX(p->cols, 0), ' ');
	pane_put(p, 0, 0, blank, theme);
	pane_put_cut(p, 0, 0, p->cols, text, theme);
	return pane_sub(p, 1, 0, p->rows - 1, p->cols);
}
