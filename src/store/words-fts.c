/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/db.h"
#include "store/words.h"

/* --- the tokenizer ------------------------------------------------------------- */

static int create(void *context, const char **args, int n, Fts5Tokenizer **out)
{
	*out = (Fts5Tokenizer *)words_new();
	return SQLITE_OK;
}

static void delete(Fts5Tokenizer *t)
{
	words_free((struct words *)t);
}

struct sink {
	int (*token)(void *, int, const char *, int, int, int);
	void *context;
};

static int pass_on(void *data, const char *word, int len, int start, int end)
{
	const struct sink *sink = data;
	return sink->token(sink->context, 0, word, len, start, end);
}

static int tokenize(Fts5Tokenizer *t, void *context, int flags, const char *text, int len,
	int (*token)(void *, int, const char *, int, int, int))
{
	struct sink sink = {token, context};
	enum words_mode mode = WORDS_TEXT;
	if (flags & FTS5_TOKENIZE_QUERY)
		mode = flags & FTS5_TOKENIZE_PREFIX ? WORDS_PLAIN : WORDS_QUERY;
	return words_each((struct words *)t, text, len, mode, pass_on, &sink);
}

/* The way to FTS5's functions that SQLite documents: by a bound pointer. */
static fts5_api *api_of(sqlite3 *db, GError **error)
{
	fts5_api *api = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(db, "SELECT fts5(?1)", error);
	if (!stmt)
		return NULL;
	sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL);
	if (!db_done(stmt, error))
		return NULL;
	if (!api)
		g_set_error(error, STORE_ERROR, STORE_ERROR_DISK,
			_("SQLite was built without FTS5"));
	return api;
}

bool words_register(sqlite3 *db, GError **error)
{
	static fts5_tokenizer tokenizer = {create, delete, tokenize};
	fts5_api *api = api_of(db, error);
	if (!api)
		return false;
	return api->xCreateTokenizer(api, "dewey", NULL, &tokenizer, NULL) == SQLITE_OK ||
	       db_fail(db, _("open"), error);
}

/* --- expressions --------------------------------------------------------------- */

static void append_quoted(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
}

char *words_phrase_match(const char *text)
{
	GString *out = g_string_new(NULL);
	append_quoted(out, text);
	if (words_ends_single(text))
		g_string_append(out, " *");
	return g_string_free(out, FALSE);
}

/* Endings that lead from the beginning of a word to other stems. */
static const char *const endings[] = {"", "e", "s", "es", "ed", "ing", "ion", "ions", "ation", "er",
	"ment", "ly", "ive", "al", "y", "а", "я", "у", "ю", "е", "и", "ы", "о", "й", "м", "х", "ь",
	"ам", "ами", "ах", "ов", "ий", "ый", "ая", "ое", "ого", "ему", "ть", "ние", "ния"};

static int keep_last(void *data, const char *word, int len, int start, int end)
{
	g_string_truncate(data, 0);
	g_string_append_len(data, word, len);
	return 0;
}

static void append_stems(GString *out, const char *text, const char *plain)
{
	g_autoptr(words) w = words_new();
	g_autoptr(GString) stem = g_string_new(NULL);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *longer = g_strconcat(text, endings[i], NULL);
		words_each(w, longer, (int)strlen(longer), WORDS_QUERY, keep_last, stem);
		if (g_str_has_prefix(stem->str, plain) ||
			!g_hash_table_add(seen, g_strdup(stem->str)))
			continue;
		g_string_append(out, " OR ");
		append_quoted(out, longer);
	}
}

char *words_prefix_match(const char *text)
{
	g_autoptr(words) w = words_new();
	g_autoptr(GString) plain = g_string_new(NULL);
	GString *out = g_string_new("(");
	words_each(w, text, (int)strlen(text), WORDS_PLAIN, keep_last, plain);
	append_quoted(out, text);
	g_string_append(out, " *");
	append_stems(out, text, plain->str);
	g_string_append_c(out, ')');
	return g_string_free(out, FALSE);
}
