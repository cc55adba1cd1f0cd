/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/index-words.h"
#include "store/words-begins.h"
#include "store/words.h"

#define TOKENIZER "tokenize='dewey "

/* Postings only: the text lies in the files.  What is quoted, or stands below a
 * letter, was said by somebody else or a hundred times: it is found, but counts for
 * less when letters are listed by how well they match (bm25's weights, a column each). */
static const char table[] =
	"CREATE VIRTUAL TABLE words USING fts5(subject, sender, recipients, cc, body, quoted,"
	" attachment, content='', " TOKENIZER "%s')";
static const char weights[] =
	"INSERT INTO words(words, rank) VALUES('rank', 'bm25(8.0, 4.0, 2.0, 2.0, 2.0, 0.5, 3.0)')";

/* The beginnings of words: only who has them is asked. */
static const char begins_table[] =
	"CREATE VIRTUAL TABLE begins USING fts5(word, content='', detail=none, columnsize=0,"
	" " TOKENIZER "')";

/* Sixteen segments are merged at once instead of four: a posting is written anew half as
 * often while a store is read in (a tenth of the processor time of all of it), and a
 * search looks at a few more.  Twice as many must come together before FTS5 drops all
 * else to merge them in one commit, which would hold up whoever sets a flag. */
static const char merging[] = "INSERT INTO words(words, rank) VALUES('automerge', 16);"
			      "INSERT INTO words(words, rank) VALUES('crisismerge', 32);"
			      "INSERT INTO begins(begins, rank) VALUES('automerge', 16);"
			      "INSERT INTO begins(begins, rank) VALUES('crisismerge', 32)";

bool index_make_words(sqlite3 *db, const char *languages, GError **error)
{
	g_autofree char *sql = g_strdup_printf(table, languages);
	return db_exec(db, sql, error) && db_exec(db, begins_table, error) &&
	       db_exec(db, weights, error) && db_exec(db, merging, error);
}

/* --- text ---------------------------------------------------------------------- */

enum { SIGNATURE_LINES = 12 };

static bool is_mark(const char *line, size_t len)
{
	return (len == 2 || (len == 3 && line[2] == ' ')) && line[0] == '-' && line[1] == '-';
}

static bool has_other(const char *text)
{
	if (*text == '>' || strstr(text, "\n>"))
		return true;
	return strstr(text, "-- \n") || strstr(text, "--\n");
}

/* A signature ends with an empty line or is too long to be one: what else belongs to
 * the letter, such as the text of attached files, stands behind it. */
bool index_split_text(const char *text, GString *body, GString *quoted)
{
	int signature = 0;
	if (!has_other(text))
		return false;
	for (const char *line = text, *next; *line; line = next) {
		const char *end = strchrnul(line, '\n');
		size_t len = (size_t)(end - line);
		next = *end ? end + 1 : end;
		if (is_mark(line, len))
			signature = SIGNATURE_LINES;
		else if (len == 0)
			signature = 0;
		bool other = *line == '>' || signature > 0;
		g_string_append_len(other ? quoted : body, line, next - line);
		signature -= signature > 0;
	}
	return true;
}

bool index_put_words(struct index *ix, int64_t id, const struct index_texts *t, GError **error)
{
	g_autoptr(GString) body = g_string_new(NULL), quoted = g_string_new(NULL);
	bool split = index_split_text(t->text, body, quoted);
	struct begins *begins = index_begins(ix);
	begins_start(begins, WORD_FIELDS);
	return index_exec(ix, error,
		       "INSERT INTO words(rowid, subject, sender, recipients, cc, body, quoted, "
		       "attachment)"
		       " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
		       "isssssss", id, t->subject, t->from, t->to, t->cc,
		       split ? body->str : t->text, quoted->str, t->names) &&
	       index_exec(ix, error, "INSERT INTO begins(rowid, word) VALUES(?, ?)", "is", id,
		       begins_text(begins));
}

/* --- languages ----------------------------------------------------------------- */

char *index_languages(struct index *ix, GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt =
		index_stmt(ix, "SELECT sql FROM sqlite_schema WHERE name = 'words'", error);
	if (!stmt)
		return NULL;
	g_autofree char *sql = db_row(stmt, &own) ? db_text(stmt, 0) : NULL;
	const char *at = sql ? strstr(sql, TOKENIZER) : NULL;
	sqlite3_reset(stmt);
	if (own)
		g_propagate_error(error, own);
	else if (!at)
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_DAMAGED,
			_("the index has no table of words"));
	if (own || !at)
		return NULL;
	at += strlen(TOKENIZER);
	return g_strndup(at, strcspn(at, "'"));
}
