/* SPDX-License-Identifier: MIT
 *
 * Queries that somebody typed: any text is a query or an error with a place in it;
 * what is printed parses to the same again; and what is made of it SQLite and FTS5
 * can answer, over the index's own tables. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

#include "store/query-private.h"
#include "store/ledger.h"
#include "store/thread.h"
#include "store/words.h"

/* What the rest of the store would do. */
G_DEFINE_QUARK(dewey - store - error, store_error)

const char *folder_from_title(const char *title)
{
	return title;
}

int64_t thread_node(const char *message_id)
{
	return (int64_t)g_str_hash(message_id);
}

sqlite3 *ledger_db(struct ledger *l)
{
	g_assert_not_reached();
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1795269600 };

static const char *const schema[] = {
#define STATEMENT(sql) sql,
#include "store/index-schema.def"
#undef STATEMENT
};

/* As index-words.c makes it, with two languages. */
static const char words_table[] =
	"CREATE VIRTUAL TABLE words USING fts5(subject, sender, recipients, cc, body, quoted,"
	" attachment, content='', tokenize='dewey ru en')";

/* libFuzzer has no place to put it but one of the whole program. */
static sqlite3 *db;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
	g_assert_true(words_register(db, NULL, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(schema); i++)
		if (sqlite3_exec(db, schema[i], NULL, NULL, NULL) != SQLITE_OK)
			g_error("%s: %s", schema[i], sqlite3_errmsg(db));
	g_assert_cmpint(sqlite3_exec(db, words_table, NULL, NULL, NULL), ==, SQLITE_OK);
	return 0;
}

/* A place is a character of the text, or the one behind it. */
static void check_error(const char *text, const GError *error)
{
	g_assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_QUERY));
	g_assert_true(g_utf8_validate(error->message, -1, NULL));
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	const char *at = g_strrstr(error->message, ", at ");
	long place = 0;
	if (at && sscanf(at, ", at %ld", &place) == 1 && !strchr(text, ','))
		g_assert_true(place >= 1 && place <= g_utf8_strlen(valid, -1) + 1);
}

static void run(const char *sql, const char *first, const GPtrArray *values)
{
	sqlite3_stmt *stmt = NULL;
	int at = 1;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		g_error("%s: %s", sql, sqlite3_errmsg(db));
	if (first)
		sqlite3_bind_text(stmt, at++, first, -1, SQLITE_STATIC);
	for (guint i = 0; i < values->len; i++, at++) {
		GVariant *v = values->pdata[i];
		if (g_variant_is_of_type(v, G_VARIANT_TYPE_STRING))
			sqlite3_bind_text(
				stmt, at, g_variant_get_string(v, NULL), -1, SQLITE_STATIC);
		else
			sqlite3_bind_int64(stmt, at, g_variant_get_int64(v));
	}
	g_assert_cmpint(sqlite3_bind_parameter_count(stmt), ==, at - 1);
	int rc = sqlite3_step(stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		g_error("%s [%s]: %s", sql, first ? first : "", sqlite3_errmsg(db));
	sqlite3_finalize(stmt);
}

static void check_answer(const struct query *q)
{
	g_auto(query_parts) parts;
	g_autoptr(GPtrArray) values =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_variant_unref);
	g_autofree char *condition = query_sql(q, values);
	g_autofree char *whole =
		g_strdup_printf("SELECT m.id FROM message m WHERE %s", condition);
	run(whole, NULL, values);
	query_parts_init(q, &parts);
	g_autofree char *cut = g_strdup_printf("SELECT m.id FROM %s %s",
		parts.match ? "words CROSS JOIN message m ON m.id = words.rowid WHERE words MATCH ? AND"
			    : "message m WHERE",
		parts.sql);
	run(cut, parts.match, parts.values);
}

static void check_again(const struct query *q)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *printed = query_print(q);
	g_autoptr(query) again = query_parse(printed, NOW, &error);
	if (!again)
		g_error("%s: %s", printed, error->message);
	g_autofree char *twice = query_print(again);
	g_assert_cmpstr(twice, ==, printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(query) q = query_parse(text, NOW, &error);
	g_autofree char *heads = query_fault(text, true);
	g_assert_true((q == NULL) == (error != NULL));
	if (!q) {
		check_error(text, error);
		g_assert_nonnull(heads);
		return 0;
	}
	check_again(q);
	check_answer(q);
	return 0;
}
