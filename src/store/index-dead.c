/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/index-dead.h"
#include "store/index-words.h"
#include "store/words-begins.h"
#include "store/words.h"

enum {
	COLUMNS = 7,
	WORTH = 4000, /* fewer dead are no matter */
	MOST = 8000,  /* at a time: their words are held in memory */
	BATCH = 50,   /* a transaction */
	SLICE = 50000 /* microseconds of learning */
};

static const char *const columns[COLUMNS] = {
	"subject", "sender", "recipients", "cc", "body", "quoted", "attachment"};

/* The words of a message, each once in its column. */
struct dead {
	int64_t id;
	GString *texts[COLUMNS];
	guint last[COLUMNS]; /* the number of the word written last */
};

/* Learned term by term, which may end between two of them. */
struct dead_words {
	GHashTable *all;
	GString *next; /* the first term that was not looked at */
	guint number;  /* of terms that were found in one of them */
	bool learned;
};

static void dead_free(gpointer data)
{
	struct dead *d = data;
	for (int i = 0; i < COLUMNS; i++)
		if (d->texts[i])
			g_string_free(d->texts[i], TRUE);
	g_free(d);
}

#define DEAD "FROM words_docsize d WHERE NOT EXISTS(SELECT 1 FROM message m WHERE m.id = d.id)"

bool index_count_dead(struct index *ix, int64_t *count, GError **error)
{
	return index_number(ix, 0, count, error, "SELECT count(*) " DEAD, "");
}

static GHashTable *find_dead(struct index *ix, guint most, GError **error)
{
	sqlite3_stmt *stmt = index_stmt(ix, "SELECT d.id " DEAD " LIMIT ?", error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "i", (int64_t)most);
	g_autoptr(GArray) ids = db_ids(stmt, error);
	sqlite3_reset(stmt);
	if (!ids)
		return NULL;
	GHashTable *all = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, dead_free);
	for (guint i = 0; i < ids->len; i++) {
		struct dead *d = g_new0(struct dead, 1);
		d->id = g_array_index(ids, int64_t, i);
		g_hash_table_insert(all, &d->id, d);
	}
	return all;
}

static int column_of(const char *name)
{
	for (int i = 0; i < COLUMNS; i++)
		if (strcmp(columns[i], name) == 0)
			return i;
	g_assert_not_reached();
}

static void note(struct dead *d, int column, const char *term, guint number)
{
	if (d->last[column] == number)
		return;
	d->last[column] = number;
	if (!d->texts[column])
		d->texts[column] = g_string_new(WORDS_AS_THEY_ARE);
	g_string_append_c(d->texts[column], ' ');
	g_string_append(d->texts[column], term);
}

/* Term after term, and of each the places in which it stands. */
static bool learn_some(struct dead_words *w, sqlite3_stmt *stmt, GError **error)
{
	GError *own = NULL;
	g_autoptr(GString) term = g_string_new(NULL);
	gint64 until = g_get_monotonic_time() + SLICE;
	bool found = false;
	g_string_assign(w->next, "");
	while (db_row(stmt, &own)) {
		int64_t id = sqlite3_column_int64(stmt, 0);
		const char *now = (const char *)sqlite3_column_text(stmt, 1);
		if (strcmp(now, term->str) != 0) {
			if (term->len > 0 && g_get_monotonic_time() >= until) {
				g_string_assign(w->next, now);
				break;
			}
			g_string_assign(term, now);
			found = false;
		}
		struct dead *d = g_hash_table_lookup(w->all, &id);
		w->number += d && !found;
		found = found || d;
		if (d)
			note(d, column_of((const char *)sqlite3_column_text(stmt, 2)), now,
				w->number);
	}
	sqlite3_reset(stmt);
	if (own)
		g_propagate_error(error, own);
	return !own;
}

/* No statement stays open between slices: it would keep the journal from being cut. */
static bool learn(
	struct index *ix, struct dead_words *w, const struct index_spare *spare, GError **error)
{
	while (!w->learned) {
		sqlite3_stmt *stmt =
			index_stmt(ix, "SELECT doc, term, col FROM posting WHERE term >= ?", error);
		if (!stmt)
			return false;
		sqlite3_bind_text(stmt, 1, w->next->str, -1, SQLITE_TRANSIENT);
		if (!learn_some(w, stmt, error))
			return false;
		w->learned = w->next->len == 0;
		if (!w->learned && !spare->go_on(spare->data, error))
			return false;
	}
	return true;
}

/* What its words begin with.  Where a stem is shorter than that, a few stay, of an id
 * that leads nowhere. */
static const char *begins_of(struct begins *begins, const char *const *texts)
{
	begins_start(begins, WORD_FIELDS);
	for (int i = 0; i < COLUMNS; i++) {
		begins_next(begins);
		g_auto(GStrv) list = g_strsplit(texts[i], " ", -1);
		for (char **word = list; *word && word[1]; word++)
			begins_add(begins, word[1], (int)strlen(word[1]));
	}
	return begins_text(begins);
}

static bool take_out(struct index *ix, const struct dead *d, GError **error)
{
	const char *t[COLUMNS];
	for (int i = 0; i < COLUMNS; i++)
		t[i] = d->texts[i] ? d->texts[i]->str : "";
	return index_exec(ix, error,
		       "INSERT INTO words(words, rowid, subject, sender, recipients, cc, body,"
		       " quoted, attachment) VALUES('delete', ?, ?, ?, ?, ?, ?, ?, ?)",
		       "isssssss", d->id, t[0], t[1], t[2], t[3], t[4], t[5], t[6]) &&
	       index_exec(ix, error,
		       "INSERT INTO begins(begins, rowid, word) VALUES('delete', ?, ?)", "is",
		       d->id, begins_of(index_begins(ix), t));
}

/* Somebody else may have tidied up since. */
static bool take_out_one(struct index *ix, const struct dead *d, GError **error)
{
	int64_t there = 0;
	return index_number(ix, 0, &there, error, "SELECT 1 FROM words_docsize WHERE id = ?", "i",
		       d->id) &&
	       (!there || take_out(ix, d, error));
}

static bool write_batch(struct index *ix, GHashTable *all, int64_t *taken, GError **error)
{
	GHashTableIter iter;
	gpointer value;
	int n = 0;
	if (!index_begin(ix, error))
		return false;
	g_hash_table_iter_init(&iter, all);
	for (; n < BATCH && g_hash_table_iter_next(&iter, NULL, &value); n++) {
		if (!take_out_one(ix, value, error)) {
			index_rollback(ix);
			return false;
		}
		g_hash_table_iter_remove(&iter);
	}
	*taken += n;
	return index_commit(ix, error);
}

static struct dead_words *dead_words_new(struct index *ix, GError **error)
{
	GHashTable *all = find_dead(ix, MOST, error);
	if (!all)
		return NULL;
	struct dead_words *w = g_new0(struct dead_words, 1);
	w->all = all;
	w->next = g_string_new(NULL);
	return w;
}

void dead_words_free(struct dead_words *w)
{
	if (!w)
		return;
	g_hash_table_unref(w->all);
	g_string_free(w->next, TRUE);
	g_free(w);
}

static bool write_all(struct index *ix, struct dead_words *w, const struct index_spare *spare,
	int64_t *taken, GError **error)
{
	while (g_hash_table_size(w->all) > 0)
		if (!write_batch(ix, w->all, taken, error) || !spare->go_on(spare->data, error))
			return false;
	return true;
}

bool index_bury(struct index *ix, const struct index_spare *spare, int64_t *taken, GError **error)
{
	struct dead_words **kept = index_dead_words(ix);
	*taken = 0;
	if (!*kept)
		*kept = dead_words_new(ix, error);
	if (!*kept || !db_exec(index_handle(ix),
			      "CREATE VIRTUAL TABLE IF NOT EXISTS temp.posting"
			      " USING fts5vocab(main, words, instance)",
			      error))
		return false;
	bool none = g_hash_table_size((*kept)->all) == 0;
	bool ok = none ||
		  (learn(ix, *kept, spare, error) && write_all(ix, *kept, spare, taken, error));
	if (ok)
		dead_words_free(g_steal_pointer(kept));
	return ok;
}

bool index_tidy(struct index *ix, const struct index_spare *spare, GError **error)
{
	int64_t dead = 0, live = 0, taken = 0;
	if (!index_number(ix, 0, &dead, error, "SELECT count FROM dead", "") ||
		!index_number(ix, 0, &live, error, "SELECT total(total) FROM folder", ""))
		return false;
	if (dead < WORTH || dead < live / 4)
		return true;
	do {
		if (!index_bury(ix, spare, &taken, error))
			return false;
	} while (taken > 0);
	return index_exec(ix, error, "UPDATE dead SET count = 0", "");
}
