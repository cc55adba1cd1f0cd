/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "store/correspondents.h"
#include "store/index-tags.h"
#include "store/index-words.h"
#include "store/index-write.h"
#include "store/maildir.h"
#include "store/thread.h"
#include "store/thread-subject.h"

enum { SNIPPET_LENGTH = 100, DAY = 86400, NAMED = 10, LIST_LENGTH = 255 /* octets; RFC 2919 */ };

/* --- folders ------------------------------------------------------------------- */

bool index_make_folder(struct index *ix, const char *name, int64_t *id, GError **error)
{
	g_autofree char *fold = g_utf8_casefold(name, -1);
	if (!index_folder_id(ix, name, id, error) || *id != 0)
		return *id != 0;
	if (!index_exec(ix, error, "INSERT INTO folder(name, fold) VALUES(?, ?)", "ss", name, fold))
		return false;
	*id = sqlite3_last_insert_rowid(index_handle(ix));
	return true;
}

struct counted {
	unsigned flags;
	int64_t size;
};

static bool count(struct index *ix, int64_t folder, struct counted what, int64_t by, GError **error)
{
	struct index_counts counts = {by, what.flags & FLAG_SEEN ? 0 : by,
		what.flags & FLAG_FLAGGED ? by : 0, what.size * by};
	return index_note_count(ix, folder, &counts, error);
}

/* --- adding -------------------------------------------------------------------- */

static void append_address(GString *out, const struct mime_address *a)
{
	if (out->len > 0)
		g_string_append(out, ", ");
	bool named = a->name && a->name[0];
	if (named) {
		g_string_append(out, a->name);
		g_string_append(out, " <");
	}
	g_string_append(out, a->address);
	if (named)
		g_string_append_c(out, '>');
}

static char *address_text(const GPtrArray *list)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; list && i < list->len; i++)
		append_address(out, list->pdata[i]);
	return g_string_free(out, FALSE);
}

/* The first words, without quoted lines and with one space between. */
static char *snippet_of(const char *words)
{
	g_autoptr(GString) out = g_string_new(NULL);
	int n = 0;
	bool line_start = true, space = false;
	for (const char *p = words ? words : ""; *p && n < SNIPPET_LENGTH; p = g_utf8_next_char(p)) {
		if (line_start && *p == '>') {
			p += strcspn(p, "\n");
			if (!*p)
				break;
		}
		gunichar c = g_utf8_get_char(p);
		line_start = c == '\n';
		if (g_unichar_isspace(c) || g_unichar_iscntrl(c)) {
			space = n > 0;
			continue;
		}
		if (space)
			g_string_append_c(out, ' ');
		space = false;
		g_string_append_unichar(out, c);
		n++;
	}
	return sanitize_line(out->str, (gssize)out->len);
}

static bool is_attachment(const struct mime_part *part)
{
	return part->disposition == MIME_ATTACHMENT && part->path[0];
}

static char *attachment_names(const GPtrArray *parts, unsigned *state)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; parts && i < parts->len; i++) {
		const struct mime_part *part = parts->pdata[i];
		if (is_attachment(part))
			*state |= STATE_ATTACHMENT;
		if (part->filename && part->filename[0])
			g_string_append_printf(out, "%s\n", part->filename);
	}
	return g_string_free(out, FALSE);
}

/* The date that lists are sorted by: what the header says, unless it says
 * nothing, or a day later than the letter came, as spam likes to. */
static int64_t sort_date(const struct index_letter *l)
{
	if (!l->mime || l->mime->date <= 0 || l->mime->date > l->arrived + DAY)
		return l->arrived;
	return l->mime->date;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* What is worked out of a letter before its rows are written. */
struct row_values {
	int64_t id, node, thread, date, list, topic; /* list, topic 0: none */
	unsigned flags, state;
	char *base, *from, *to, *cc, *snippet, *names;
	const struct mime_address *sender; /* NULL: none */
};

static void row_values_clear(struct row_values *v)
{
	g_free(v->base);
	g_free(v->from);
	g_free(v->to);
	g_free(v->cc);
	g_free(v->snippet);
	g_free(v->names);
}
typedef struct row_values row_values;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(row_values, row_values_clear)

static bool exists(struct index *ix, const struct index_letter *l, const char *base, bool *is,
	GError **error)
{
	int64_t id = 0, partial = 0;
	if (!index_number(ix, 0, &id, error,
		    "SELECT id FROM message WHERE folder = ? AND base = ?", "is", l->folder, base))
		return false;
	*is = id != 0;
	if (!*is || l->partial)
		return true;
	if (!index_number(ix, 0, &partial, error, "SELECT state & 8 FROM message WHERE id = ?",
		    "i", id))
		return false;
	*is = !partial;
	return !partial || index_remove(ix, id, error);
}

/* What the body says: nothing of it was read if the letter is wordless. */
static void read_body(const struct mime_message *m, struct row_values *v)
{
	if (!m)
		v->state |= STATE_UNPARSED;
	v->snippet = m ? snippet_of(m->words) : g_strdup("");
	v->names = m ? attachment_names(m->parts, &v->state) : g_strdup("");
}

static void read_letter(const struct index_letter *l, struct row_values *v)
{
	const struct mime_message *m = l->mime;
	v->date = sort_date(l);
	v->flags = maildir_flags(l->file);
	v->state = (l->is_new ? STATE_NEW : 0) | (l->partial ? STATE_PARTIAL : 0) |
		   (l->wordless ? STATE_WORDLESS : 0) | (l->decrypted ? STATE_DECRYPTED : 0);
	read_body(m, v);
	v->sender = m && m->from && m->from->len > 0 ? m->from->pdata[0] : NULL;
	v->from = address_text(m ? m->from : NULL);
	v->to = address_text(m ? m->to : NULL);
	v->cc = address_text(m ? m->cc : NULL);
}

/* Without a Message-ID nothing can refer to it: a node of its own. */
static bool join(struct index *ix, const struct index_letter *l, struct row_values *v,
	GError **error)
{
	const struct mime_message *m = l->mime;
	bool named = m && m->message_id && m->message_id[0];
	g_autofree char *own = named
		? NULL
		: thread_own_name(v->base);
	struct thread_links links = {.node = thread_node(named ? m->message_id : own)};
	if (m) {
		links.references = m->references;
		links.in_reply_to = m->in_reply_to;
		/* NULL: what it refers to is not known, as of a letter that is here too. */
		if (m->references && m->references->len + m->in_reply_to->len == 0)
			v->topic = thread_topic(or_empty(m->subject), v->date);
	}
	if (!index_new_id(ix, &links.id, error))
		return false;
	v->id = links.id;
	v->node = links.node;
	return thread_join(ix, &links, &v->thread, error);
}

static bool find_list(struct index *ix, const struct mime_message *m, int64_t *list, GError **error)
{
	const char *name = m ? or_empty(m->list_id) : "";
	*list = 0;
	if (!*name || strlen(name) > LIST_LENGTH)
		return true;
	if (!index_number(ix, 0, list, error, "SELECT id FROM list WHERE name = ?", "s", name))
		return false;
	if (*list == 0 && !index_exec(ix, error, "INSERT INTO list(name) VALUES(?)", "s", name))
		return false;
	if (*list == 0)
		*list = sqlite3_last_insert_rowid(index_handle(ix));
	return true;
}

static bool insert_row(struct index *ix, const struct index_letter *l, const struct row_values *v,
	GError **error)
{
	const struct mime_message *m = l->mime;
	return index_exec(ix, error,
		"INSERT INTO message VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" nullif(?, 0), ?, ?, ?, nullif(?, 0))",
		"iiiiiiiiissssssssssiiiii", v->id, l->folder, v->date, (int64_t)v->flags, v->thread,
		v->node, (int64_t)v->state, l->size, l->arrived, v->base,
		l->file + strlen(v->base), or_empty(l->account),
		v->sender ? or_empty(v->sender->name) : "",
		v->sender ? or_empty(v->sender->address) : "", m ? or_empty(m->subject) : "",
		m ? or_empty(m->message_id) : "", v->to, v->cc, v->snippet, v->list,
		(int64_t)(m ? m->kinds : 0), (int64_t)(m ? m->languages : 0),
		m && !l->partial ? m->likeness : (int64_t)0, v->topic);
}

/* Its row is there: its thread may be another one now. */
static bool join_subject(struct index *ix, struct row_values *v, GError **error)
{
	const struct thread_newcomer new = {v->node, v->date, v->topic};
	if (v->topic == 0)
		return true;
	return thread_join_subject(ix, &new, error) &&
	       index_number(ix, v->thread, &v->thread, error,
		       "SELECT thread FROM message WHERE id = ?", "i", v->id);
}

/* A letter to many says nothing about who is written to. */
static void note_correspondents(struct index *ix, const struct mime_message *m, bool sent)
{
	if (!m)
		return;
	const GPtrArray *lists[] = {m->from, m->to, m->cc};
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (guint n = 0; n < lists[i]->len && lists[i]->len <= NAMED; n++) {
			const struct mime_address *a = lists[i]->pdata[n];
			index_note_correspondent(ix, &(struct correspondent){a->address, a->name,
							     i == 0, i > 0 && sent});
		}
}

static bool insert_words(struct index *ix, const struct mime_message *m,
	const struct row_values *v, GError **error)
{
	if (!m)
		return true;
	const struct index_texts texts = {or_empty(m->subject), v->from, v->to, v->cc,
		or_empty(m->words), v->names};
	return index_put_words(ix, v->id, &texts, error);
}

static bool raise_heads(struct index *ix, int64_t folder, int64_t thread, struct list_key key,
	GError **error)
{
	return thread_raise_head(ix, folder, thread, key, error) &&
	       (folder == FOLDER_ID_TRASH ||
		       thread_raise_head(ix, FOLDER_ID_ALL, thread, key, error));
}

static bool find_heads(struct index *ix, int64_t folder, int64_t thread, GError **error)
{
	return thread_find_head(ix, folder, thread, error) &&
	       (folder == FOLDER_ID_TRASH || thread_find_head(ix, FOLDER_ID_ALL, thread, error));
}

bool index_add(struct index *ix, const struct index_letter *l, int64_t *id, GError **error)
{
	g_auto(row_values) v = {.base = g_strndup(l->file, maildir_base_length(l->file))};
	int64_t sent;
	bool is;
	*id = 0;
	if (!exists(ix, l, v.base, &is, error))
		return false;
	if (is)
		return true;
	read_letter(l, &v);
	if (!join(ix, l, &v, error) || !find_list(ix, l->mime, &v.list, error) ||
		!insert_row(ix, l, &v, error) || !join_subject(ix, &v, error) ||
		!(l->wordless || insert_words(ix, l->mime, &v, error)) ||
		!index_note_date(ix, v.id, v.date, error) ||
		(l->tags && !index_set_tags(ix, v.id, l->tags, error)))
		return false;
	if (!index_folder_id(ix, FOLDER_SENT, &sent, error))
		return false;
	if (!l->again)
		note_correspondents(ix, l->mime, l->folder == sent);
	*id = v.id;
	struct list_key key = {v.date, v.id};
	return raise_heads(ix, l->folder, v.thread, key, error) &&
	       count(ix, l->folder, (struct counted){v.flags, l->size}, 1, error);
}

bool index_add_words(struct index *ix, int64_t id, const struct mime_message *mime, GError **error)
{
	int64_t waits = 0;
	g_auto(row_values) v = {.id = id};
	if (!index_number(ix, 0, &waits, error, "SELECT state & 16 FROM message WHERE id = ?", "i",
		    id))
		return false;
	if (!waits)
		return true;
	read_body(mime, &v);
	if (mime) {
		v.from = address_text(mime->from);
		v.to = address_text(mime->to);
		v.cc = address_text(mime->cc);
	}
	return index_exec(ix, error,
		       "UPDATE message SET state = (state & ~48) | ?, snippet = ?, kinds = ?,"
		       " languages = ?, digest = CASE state & 8 WHEN 0 THEN ? ELSE 0 END"
		       " WHERE id = ?",
		       "isiiii", (int64_t)v.state, v.snippet, (int64_t)(mime ? mime->kinds : 0),
		       (int64_t)(mime ? mime->languages : 0),
		       mime ? mime->likeness : (int64_t)0, id) &&
	       insert_words(ix, mime, &v, error);
}

/* --- changing ------------------------------------------------------------------ */

struct known {
	int64_t folder, date, thread, size;
	unsigned flags;
};

static bool look_up(struct index *ix, int64_t id, struct known *known, bool *found, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT folder, date, thread, flags, size FROM message WHERE id = ?", error);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	*found = db_row(stmt, &own);
	if (*found) {
		known->folder = sqlite3_column_int64(stmt, 0);
		known->date = sqlite3_column_int64(stmt, 1);
		known->thread = sqlite3_column_int64(stmt, 2);
		known->flags = (unsigned)sqlite3_column_int(stmt, 3);
		known->size = sqlite3_column_int64(stmt, 4);
	}
	sqlite3_reset(stmt);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* Its postings stay until index_tidy(), under an id that is never given again, and every
 * search joins them away.  Its node stays as well: what it said about its thread holds
 * the thread together.  An index that is made anew is without both. */
bool index_remove(struct index *ix, int64_t id, GError **error)
{
	struct known known;
	bool found;
	if (!look_up(ix, id, &known, &found, error))
		return false;
	if (!found)
		return true;
	return index_exec(ix, error, "DELETE FROM message WHERE id = ?", "i", id) &&
	       index_exec(ix, error, "UPDATE dead SET count = count + 1", "") &&
	       index_exec(ix, error, "DELETE FROM tag WHERE message = ?", "i", id) &&
	       find_heads(ix, known.folder, known.thread, error) &&
	       count(ix, known.folder, (struct counted){known.flags, known.size}, -1, error);
}

static bool move_heads(struct index *ix, int64_t id, const struct known *known, int64_t to,
	GError **error)
{
	struct list_key key = {known->date, id};
	return known->folder == to || (find_heads(ix, known->folder, known->thread, error) &&
					      raise_heads(ix, to, known->thread, key, error));
}

/* A copy with the same base name, which another program made, gives way: it is
 * one name in one folder. */
static bool make_room(struct index *ix, int64_t id, int64_t folder, const char *base,
	GError **error)
{
	int64_t other = 0;
	return index_number(ix, 0, &other, error,
		       "SELECT id FROM message WHERE folder = ? AND base = ?", "is", folder,
		       base) &&
	       (other == 0 || other == id || index_remove(ix, other, error));
}

bool index_set_place(struct index *ix, int64_t id, const struct index_place *place,
	GError **error)
{
	struct known known;
	bool found;
	if (!look_up(ix, id, &known, &found, error))
		return false;
	if (!found)
		return true;
	size_t base_len = maildir_base_length(place->file);
	g_autofree char *base = g_strndup(place->file, base_len);
	unsigned flags = maildir_flags(place->file);
	return make_room(ix, id, place->folder, base, error) &&
	       index_exec(ix, error,
		       "UPDATE message SET folder = ?, base = ?, info = ?, flags = ?,"
		       " state = (state & ~1) | ? WHERE id = ?",
		       "issiii", place->folder, base, place->file + base_len, (int64_t)flags,
		       (int64_t)(place->is_new ? STATE_NEW : 0), id) &&
	       move_heads(ix, id, &known, place->folder, error) &&
	       count(ix, known.folder, (struct counted){known.flags, known.size}, -1, error) &&
	       count(ix, place->folder, (struct counted){flags, known.size}, 1, error);
}

bool index_drop_folder(struct index *ix, int64_t id, GError **error)
{
	sqlite3_stmt *stmt = index_stmt(ix, "SELECT id FROM message WHERE folder = ?", error);
	if (!stmt)
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	g_autoptr(GArray) ids = db_ids(stmt, error);
	sqlite3_reset(stmt);
	if (!ids)
		return false;
	for (guint i = 0; i < ids->len; i++)
		if (!index_remove(ix, g_array_index(ids, int64_t, i), error))
			return false;
	return index_exec(ix, error, "DELETE FROM folder WHERE id = ?", "i", id);
}
