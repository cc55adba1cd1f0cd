/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/db.h"
#include "store/words-begins.h"
#include "store/words.h"

/* Behind a text that is looked for as WORDS_LONGER: only the tokenizer knows the
 * languages of its index, and only the text reaches it. */
enum { LONGER = 1 };

/* --- the tokenizer ------------------------------------------------------------- */

/* words: made when they are first needed, as the stemmers take their time. */
struct tokenizer {
	char *languages;
	struct words *words;
	struct begins *begins;
};

static int create(void *context, const char **args, int n, Fts5Tokenizer **out)
{
	g_autoptr(GString) languages = g_string_new(NULL);
	for (int i = 0; i < n; i++)
		g_string_append_printf(languages, " %s", args[i]);
	struct tokenizer *t = g_new0(struct tokenizer, 1);
	t->languages = n > 0 ? g_strdup(languages->str) : NULL;
	t->begins = context;
	*out = (Fts5Tokenizer *)t;
	return SQLITE_OK;
}

static void delete (Fts5Tokenizer *data)
{
	struct tokenizer *t = (struct tokenizer *)data;
	words_free(t->words);
	g_free(t->languages);
	g_free(t);
}

static struct words *words_of(struct tokenizer *t)
{
	if (!t->words) {
		t->words = words_new(t->languages);
		words_note_begins(t->words, t->begins);
	}
	return t->words;
}

struct sink {
	int (*token)(void *, int, const char *, int, int, int);
	void *context;
	int start; /* of the last word */
};

static int pass_on(void *data, const char *word, int len, int start, int end)
{
	struct sink *sink = data;
	int flags = sink->start == start ? FTS5_TOKEN_COLOCATED : 0;
	sink->start = start;
	return sink->token(sink->context, flags, word, len, start, end);
}

static int pass_as_they_are(const char *text, int len, struct sink *sink)
{
	const char *end = text + len;
	int result = 0;
	for (const char *at = text + 1, *next; at < end && result == 0; at = next) {
		next = memchr(at + 1, ' ', (size_t)(end - at - 1));
		if (!next)
			next = end;
		result = pass_on(
			sink, at + 1, (int)(next - at - 1), (int)(at - text), (int)(next - text));
	}
	return result;
}

static int tokenize(Fts5Tokenizer *data, void *context, int flags, const char *text, int len,
	int (*token)(void *, int, const char *, int, int, int))
{
	struct tokenizer *t = (struct tokenizer *)data;
	struct sink sink = {token, context, -1};
	enum words_mode mode = WORDS_TEXT;
	if (flags & FTS5_TOKENIZE_QUERY)
		mode = flags & FTS5_TOKENIZE_PREFIX ? WORDS_PLAIN : WORDS_QUERY;
	if (mode == WORDS_QUERY && len > 0 && text[len - 1] == LONGER)
		mode = WORDS_LONGER;
	if (len > 0 && text[0] == WORDS_AS_THEY_ARE[0])
		return pass_as_they_are(text, len, &sink);
	if (mode == WORDS_TEXT && t->begins)
		begins_next(t->begins);
	return words_each(words_of(t), text, len, mode, pass_on, &sink);
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
		g_set_error(
			error, STORE_ERROR, STORE_ERROR_DISK, _("SQLite was built without FTS5"));
	return api;
}

bool words_register(sqlite3 *db, struct begins *begins, GError **error)
{
	static fts5_tokenizer tokenizer = {create, delete, tokenize};
	fts5_api *api = api_of(db, error);
	if (!api)
		return false;
	return api->xCreateTokenizer(api, "dewey", begins, &tokenizer, NULL) == SQLITE_OK ||
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

char *words_prefix_match(const char *text)
{
	g_autofree char *longer = g_strdup_printf("%s%c", text, LONGER);
	GString *out = g_string_new("(");
	append_quoted(out, text);
	g_string_append(out, " * OR ");
	append_quoted(out, longer);
	g_string_append_c(out, ')');
	return g_string_free(out, FALSE);
}
