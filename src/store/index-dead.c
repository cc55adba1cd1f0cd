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
	MOST = 20000, /* at a time: their words are held in memory */
	BATCH = 500,  /* a transaction */
};

static const char *const columns[COLUMNS] = {
	"subject", "sender", "recipients", "cc", "body", "quoted", "attachment"};

/* The words of a message, each once in its column. */
struct dead {
	int64_t id;
	GString *texts[COLUMNS];
	guint last[COLUMNS]; /* the number of the word written last */
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

/* Word after word, and of each the places in which it stands. */
static bool learn(struct index *ix, GHashTable *all, GError **error)
{
	GError *own = NULL;
	g_autoptr(GString) term = g_string_new(NULL);
	guint number = 0;
	sqlite3_stmt *stmt = index_stmt(ix, "SELECT doc, term, col FROM posting", error);
	if (!stmt)
		return false;
	while (db_row(stmt, &own)) {
		int64_t id = sqlite3_column_int64(stmt, 0);
		struct dead *d = g_hash_table_lookup(all, &id);
		if (!d)
			continue;
		const char *now = (const char *)sqlite3_column_text(stmt, 1);
		if (number == 0 || strcmp(now, term->str) != 0) {
			g_string_assign(term, now);
			number++;
		}
		note(d, column_of((const char *)sqlite3_column_text(stmt, 2)), now, number);
	}
	sqlite3_reset(stmt);
	if (own)
		g_propagate_error(error, own);
	return !own;
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
		       "INSERT INTO begins(begins, rowid, word) VALUES('delete', ?, ?)", "is", d->id,
		       begins_of(index_begins(ix), t));
}

static bool write_batch(struct index *ix, GHashTableIter *iter, int64_t *taken, GError **error)
{
	gpointer value;
	int n = 0;
	if (!index_begin(ix, error))
		return false;
	while (n < BATCH && g_hash_table_iter_next(iter, NULL, &value)) {
		int64_t there = 0;
		const struct dead *d = value;
		/* Somebody else may have tidied up since. */
		if (!index_number(ix, 0, &there, error, "SELECT 1 FROM words_docsize WHERE id = ?",
			    "i", d->id) ||
			(there && !take_out(ix, d, error))) {
			index_rollback(ix);
			return false;
		}
		n++;
	}
	*taken += n;
	return index_commit(ix, error);
}

bool index_bury(struct index *ix, guint most, int64_t *taken, GError **error)
{
	*taken = 0;
	g_autoptr(GHashTable) all = find_dead(ix, most, error);
	if (!all || g_hash_table_size(all) == 0)
		return all != NULL;
	if (!db_exec(index_handle(ix),
		    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.posting"
		    " USING fts5vocab(main, words, instance)",
		    error) ||
		!learn(ix, all, error))
		return false;
	GHashTableIter iter;
	g_hash_table_iter_init(&iter, all);
	while (*taken < g_hash_table_size(all))
		if (!write_batch(ix, &iter, taken, error))
			return false;
	return true;
}

bool index_tidy(struct index *ix, GError **error)
{
	int64_t dead = 0, live = 0, taken = 0;
	if (!index_number(ix, 0, &dead, error, "SELECT count FROM dead", "") ||
		!index_number(ix, 0, &live, error, "SELECT total(total) FROM folder", ""))
		return false;
	if (dead < WORTH || dead < live / 4)
		return true;
	do {
		if (!index_bury(ix, MOST, &taken, error))
			return false;
	} while (taken == MOST);
	return index_exec(ix, error, "UPDATE dead SET count = 0", "");
}
