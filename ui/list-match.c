/* SPDX-License-Identifier: MIT
 *
 * Why a message was found, in its row: the words are marked, and where none of them
 * is in sight a piece of the letter's text stands beside the subject. */
#include "base/base.h"

#include <string.h>

#include "base/width.h"
#include "store/index-words.h"
#include "store/query-marks.h"
#include "ui/list-private.h"

enum { LEAST = 12 }; /* columns of a piece of text that are worth it */

static void match_changed(void *data)
{
	view_changed(&((struct list_view *)data)->view);
}

void list_match_set(struct list_view *l, const char *query)
{
	query_marks_free(l->marks);
	snippets_free(l->snippets);
	struct index *ix = query ? ui_index(l->view.ui) : NULL;
	g_autofree char *languages = ix ? index_languages(ix, NULL) : NULL;
	l->marks = query_marks_new(query, languages);
	l->snippets = l->marks ? snippets_new(l->view.ui, query, match_changed, l) : NULL;
}

static GArray *marks_in(const struct list_view *l, unsigned fields, const char *text)
{
	return l->marks ? query_marks_find(l->marks, fields, text, 0) : NULL;
}

int list_put(const struct list_view *l, const struct pane *p, const struct list_text *t)
{
	g_autoptr(GArray) marks = marks_in(l, t->fields, t->text);
	struct marked_text text = {
		t->text, marks, t->theme, t->cursor ? THEME_CURSOR_MATCH : THEME_MATCH};
	return pane_put_marked(p, 0, t->x, t->columns, &text);
}

static bool is_in_sight(const struct list_view *l, const struct message_row *row)
{
	g_autoptr(GArray) marks = marks_in(l, MARK_SUBJECT, row->subject);
	return marks && marks->len > 0;
}

/* A long subject leaves half of its room to the words that it does not have. */
static int subject_columns(const struct list_view *l, const struct message_row *row, int room,
	const char *subject, const char *piece)
{
	int wanted = width_text(subject), spare = room - wanted - 2;
	if (spare >= LEAST || spare >= width_text(piece) || is_in_sight(l, row))
		return MIN(wanted, room);
	return MAX(room / 2, MIN(wanted, room - width_text(piece) - 2));
}

/* From a later word on, if the match would not be seen else. */
static char *piece_in_sight(const struct list_view *l, const char *piece, int columns)
{
	g_autoptr(GArray) marks = marks_in(l, MARK_BODY, piece);
	const char *match =
		piece + (marks && marks->len > 0 ? g_array_index(marks, struct mark, 0).from : 0);
	const char *end =
		marks && marks->len > 0 ? piece + g_array_index(marks, struct mark, 0).to : match;
	const char *from = piece;
	for (const char *blank = piece; (blank = strchr(blank, ' ')) && blank < match; blank++) {
		g_autofree char *seen = g_strndup(from, (gsize)(end - from));
		if (width_text(seen) + 2 <= columns)
			break;
		from = blank + 1;
	}
	return from == piece ? g_strdup(piece) : g_strconcat("…", from, NULL);
}

void list_put_subject(const struct list_view *l, const struct pane *p,
	const struct message_row *row, const struct list_text *t)
{
	const char *piece = l->snippets ? snippets_get(l->snippets, row) : NULL;
	struct list_text text = *t;
	if (!piece || !*piece || t->columns < 2 * LEAST) {
		list_put(l, p, &text);
		return;
	}
	text.columns = subject_columns(l, row, t->columns, t->text, piece);
	int x = list_put(l, p, &text) + (*t->text ? 2 : 0);
	if (t->x + t->columns - x < LEAST)
		return;
	g_autofree char *seen = piece_in_sight(l, piece, t->x + t->columns - x);
	struct list_text beside = {.text = seen,
		.fields = MARK_BODY,
		.x = x,
		.columns = t->x + t->columns - x,
		.cursor = t->cursor,
		.theme = t->cursor ? t->theme : THEME_HINT};
	list_put(l, p, &beside);
}
