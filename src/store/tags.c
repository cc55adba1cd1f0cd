/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "store/db.h"
#include "store/tags.h"

enum { TAG_OCTETS = 64 };

/* --- words --------------------------------------------------------------------- */

static bool is_tag(const char *text)
{
	size_t len = strlen(text);
	return len > 0 && len <= TAG_OCTETS && !strchr("+-", text[0]) &&
	       !strpbrk(text, " \t\n,;\"'()*\\") && sanitize_is_clean(text);
}

char *tag_normal(const char *text, GError **error)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *lower = g_utf8_strdown(valid, -1);
	char *normal = g_utf8_normalize(lower, -1, G_NORMALIZE_NFC);
	if (is_tag(normal))
		return normal;
	g_autofree char *shown = sanitize_line(text, -1);
	g_free(normal);
	g_set_error(error, STORE_ERROR, STORE_ERROR_NAME,
		_("'%s' cannot be a tag; write one word, like 'work'"), shown);
	return NULL;
}

static bool add_word(const char *word, GPtrArray *add, GPtrArray *remove, GError **error)
{
	bool less = *word == '-';
	char *tag = tag_normal(less || *word == '+' ? word + 1 : word, error);
	if (tag)
		g_ptr_array_add(less ? remove : add, tag);
	return tag != NULL;
}

static char **strv_of(GPtrArray *words)
{
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

bool tag_change_parse(const char *text, struct tag_change *change, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t,", -1);
	GPtrArray *add = g_ptr_array_new(), *remove = g_ptr_array_new();
	bool ok = true;
	for (char **word = words; *word && ok; word++)
		ok = !**word || add_word(*word, add, remove, error);
	if (ok && add->len + remove->len == 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NAME,
			_("no tag is named; write like '+work -todo'"));
		ok = false;
	}
	change->add = strv_of(add);
	change->remove = strv_of(remove);
	if (!ok)
		tag_change_clear(change);
	return ok;
}

void tag_change_clear(struct tag_change *change)
{
	g_clear_pointer(&change->add, g_strfreev);
	g_clear_pointer(&change->remove, g_strfreev);
}

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *tags_changed(const char *tags, const struct tag_change *change)
{
	static char *const none[] = {NULL};
	const char *const *remove = (const char *const *)(change->remove ? change->remove : none);
	char *const *add = change->add ? change->add : none;
	g_auto(GStrv) old = g_strsplit(tags, " ", -1);
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	for (char **word = old; *word; word++)
		if (**word && !g_strv_contains(remove, *word))
			g_ptr_array_add(words, *word);
	for (; *add; add++)
		if (!g_ptr_array_find_with_equal_func(words, *add, g_str_equal, NULL))
			g_ptr_array_add(words, *add);
	g_ptr_array_sort(words, by_text);
	g_ptr_array_add(words, NULL);
	return g_strjoinv(" ", (char **)words->pdata);
}

/* --- the ledger ---------------------------------------------------------------- */

char *tags_get(struct ledger *l, const char *base, GError **error)
{
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(l), "SELECT tags FROM tagged WHERE base = ?", error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", base);
	if (db_row(stmt, &own))
		return db_text(stmt, 0);
	if (!own)
		return g_strdup("");
	g_propagate_error(error, g_steal_pointer(&own));
	return NULL;
}

bool tags_set(struct ledger *l, const char *base, const char *tags, GError **error)
{
	if (!*tags)
		return db_run(
			ledger_db(l), NULL, error, "DELETE FROM tagged WHERE base = ?", "s", base);
	return db_run(ledger_db(l), NULL, error,
		"INSERT INTO tagged(base, tags) VALUES(?1, ?2)"
		" ON CONFLICT(base) DO UPDATE SET tags = ?2",
		"ss", base, tags);
}
