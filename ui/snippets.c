/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "store/index-words.h"
#include "store/query-marks.h"
#include "ui/letters.h"
#include "ui/snippets.h"

enum {
	BEFORE = 24,             /* characters in front of the word */
	BEHIND = 200,            /* octets behind it */
	SIZE_MAX_READ = 1 << 22, /* larger letters are not read for this */
	KEEP = 2000,             /* pieces; then all are forgotten */
};

struct piece {
	struct snippets *snippets; /* NULL: nobody wants it any more */
	int64_t id;
	char *folder, *file, *query, *text;
};

struct snippets {
	struct ui *ui;
	char *query;
	void (*changed)(void *data);
	void *data;
	GHashTable *pieces; /* id → text */
	struct piece *reading;
};

struct snippets *snippets_new(
	struct ui *ui, const char *query, void (*changed)(void *data), void *data)
{
	struct snippets *s = g_new0(struct snippets, 1);
	s->ui = ui;
	s->query = g_strdup(query);
	s->changed = changed;
	s->data = data;
	s->pieces = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	return s;
}

void snippets_free(struct snippets *s)
{
	if (!s)
		return;
	if (s->reading) {
		worker_cancel(ui_worker(s->ui, UI_WORKER_READER), s->reading);
		s->reading->snippets = NULL;
	}
	g_hash_table_unref(s->pieces);
	g_free(s->query);
	g_free(s);
}

/* A word or so in front of the match, from the beginning of a word on. */
static const char *piece_start(const char *text, const char *match)
{
	const char *at = match;
	for (int n = 0; at > text && n < BEFORE; n++)
		at = g_utf8_prev_char(at);
	const char *blank = at > text ? strpbrk(at, " \n\t") : NULL;
	return blank && blank < match ? blank + 1 : at;
}

static char *cut_piece(const char *text, const struct mark *mark)
{
	const char *from = piece_start(text, text + mark->from), *end = text + mark->to;
	for (int n = 0; *end && n < BEHIND; n++)
		end = g_utf8_next_char(end);
	g_autofree char *cut = g_strdelimit(g_strndup(from, (gsize)(end - from)), "\n\t", ' ');
	g_autofree char *line = sanitize_line(cut, -1);
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	GString *out = g_string_new(from > text ? "…" : NULL);
	for (char **w = words; *w; w++)
		if (**w)
			g_string_append_printf(out, "%s%s", w == words ? "" : " ", *w);
	return g_string_free(out, FALSE);
}

static char *piece_of(struct room *room, const char *query, const char *text)
{
	struct index *ix = room_index(room, NULL);
	g_autofree char *languages = ix ? index_languages(ix, NULL) : NULL;
	g_autoptr(query_marks) m = query_marks_new(query, languages);
	g_autoptr(GArray) marks = m && text ? query_marks_find(m, MARK_BODY, text, 1) : NULL;
	if (!marks || marks->len == 0)
		return NULL;
	return cut_piece(text, &g_array_index(marks, struct mark, 0));
}

static void piece_run(struct room *room, void *data)
{
	struct piece *p = data;
	int fd = letter_open(room, p->folder, p->file, NULL);
	if (fd < 0)
		return;
	struct mime_message *mime =
		mime_client_read(room_mime(room), fd, &mime_reading_text, NULL);
	close(fd);
	if (mime)
		p->text = piece_of(room, p->query, mime->text);
	mime_message_free(mime);
}

static void keep(struct snippets *s, int64_t id, char *text)
{
	if (g_hash_table_size(s->pieces) >= KEEP)
		g_hash_table_remove_all(s->pieces);
	g_hash_table_insert(s->pieces, g_memdup2(&id, sizeof id), text ? text : g_strdup(""));
}

static void piece_done(void *data)
{
	struct piece *p = data;
	struct snippets *s = g_steal_pointer(&p->snippets);
	if (!s)
		return;
	s->reading = NULL;
	keep(s, p->id, g_steal_pointer(&p->text));
	s->changed(s->data);
}

static void piece_free(void *data)
{
	struct piece *p = data;
	if (p->snippets)
		p->snippets->reading = NULL;
	g_free(p->folder);
	g_free(p->file);
	g_free(p->query);
	g_free(p->text);
	g_free(p);
}

static const struct job piece_job = {piece_run, piece_done, piece_free};

const char *snippets_get(struct snippets *s, const struct message_row *row)
{
	const char *known = g_hash_table_lookup(s->pieces, &row->id);
	if (known || s->reading)
		return known;
	if (row->size > SIZE_MAX_READ) {
		keep(s, row->id, NULL);
		return "";
	}
	struct piece *p = g_new0(struct piece, 1);
	p->snippets = s;
	p->id = row->id;
	p->folder = g_strdup(row->folder);
	p->file = g_strdup(row->file);
	p->query = g_strdup(s->query);
	s->reading = p;
	worker_push(ui_worker(s->ui, UI_WORKER_READER), &piece_job, p);
	return NULL;
}
