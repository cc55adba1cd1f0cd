/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/subject.h"
#include "ui/tree.h"

/* Deeper ones are drawn at this depth: the subject must keep some room. */
enum { DEPTH_MAX = 12 };

static int shown_depth(const struct page_line *l)
{
	return CLAMP(l->row->depth, 0, DEPTH_MAX);
}

/* guessed: with a star, as mutt marks what it joined by subject. */
static char *tree_text(int depth, const bool *more, bool guessed)
{
	GString *out = g_string_new(NULL);
	for (int level = 1; level < depth; level++)
		g_string_append(out, more[level] ? "│ " : "  ");
	if (depth > 0)
		g_string_append_printf(
			out, "%s%s>", more[depth] ? "├" : "└", guessed ? "*" : "─");
	return g_string_free(out, FALSE);
}

void tree_build(GPtrArray *lines)
{
	bool more[DEPTH_MAX + 2] = {false};
	/* From the end: whether a sibling comes below is known then. */
	for (guint i = lines->len; i-- > 0;) {
		struct page_line *l = lines->pdata[i];
		const struct page_line *above = i > 0 ? lines->pdata[i - 1] : NULL;
		int depth = shown_depth(l);
		bool inner = depth > 0 && above && above->row->thread == l->row->thread;
		if (!inner)
			depth = 0;
		g_free(l->tree);
		l->tree = tree_text(depth, more, l->row->guessed);
		more[depth] = depth > 0;
		for (int level = depth + 1; level <= DEPTH_MAX; level++)
			more[level] = false;
		l->same_subject = inner && strcmp(subject_bare(above->row->subject, NULL),
						   subject_bare(l->row->subject, NULL)) == 0;
	}
}
