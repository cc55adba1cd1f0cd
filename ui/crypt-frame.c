/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/crypt-frame.h"

enum { EDGE = 2 /* columns */ };

static bool is_framed(const struct crypt_find *f)
{
	return !f->whole && !f->problem && (f->seal != CRYPT_SEAL_NONE || f->decrypted);
}

int crypt_frame_begin(
	struct crypt_frame *f, const struct crypt_verdict *v, GPtrArray *lines, int width)
{
	*f = (struct crypt_frame){.lines = lines, .width = width, .from = lines->len};
	for (guint i = 0; v && i < v->finds->len; i++)
		if (is_framed(v->finds->pdata[i]))
			f->verdict = v;
	return f->verdict ? MAX(width - EDGE, 1) : width;
}

/* The innermost one. */
static const struct crypt_find *find_of(const struct crypt_verdict *v, const char *path)
{
	const struct crypt_find *found = NULL;
	for (guint i = 0; i < v->finds->len; i++) {
		const struct crypt_find *f = v->finds->pdata[i];
		if (is_framed(f) && crypt_find_covers(f, path))
			found = f;
	}
	return found;
}

static void put_edge(struct text_line *l, const char *edge)
{
	char *text = g_strconcat(edge, l->text, NULL);
	int n = (int)strlen(edge);
	g_free(l->text);
	l->text = text;
	l->label += l->label > 0 ? n : 0;
	for (guint i = 0; l->runs && i < l->runs->len; i++) {
		struct text_run *r = &g_array_index(l->runs, struct text_run, i);
		r->from += n;
		r->to += n;
	}
}

static void put_edges(struct crypt_frame *f)
{
	for (; f->from < f->lines->len; f->from++)
		put_edge(f->lines->pdata[f->from], f->find ? "│ " : "  ");
}

/* A line of our own: it begins where no letter's does. */
static void put_line(struct crypt_frame *f, const char *corner, const char *text)
{
	bool bad = crypt_find_is_bad(f->find);
	g_autofree char *line = g_strconcat(corner, text, NULL);
	layout_text(f->lines, line, f->width, bad ? THEME_WARNING : THEME_HINT);
	f->from = f->lines->len;
}

static void leave(struct crypt_frame *f)
{
	put_edges(f);
	if (f->find)
		put_line(f, "└", "");
	f->find = NULL;
}

void crypt_frame_enter(struct crypt_frame *f, const char *path)
{
	const struct crypt_find *found = f->verdict ? find_of(f->verdict, path) : NULL;
	if (!f->verdict)
		return;
	if (found == f->find) {
		put_edges(f);
		return;
	}
	leave(f);
	f->find = found;
	g_autofree char *text = found ? crypt_find_text(found) : NULL;
	if (found) {
		layout_text(f->lines, "", f->width, THEME_NORMAL);
		put_line(f, "┌ ", text);
	}
}

void crypt_frame_end(struct crypt_frame *f)
{
	if (f->verdict)
		leave(f);
}
