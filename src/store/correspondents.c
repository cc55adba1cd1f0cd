/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/correspondents.h"
#include "store/index-private.h"

enum { ADDRESS_LENGTH = 254 /* octets; longer ones cannot be written to */ };

struct correspondents {
	GHashTable *people; /* address in lower case → struct person */
};

struct person {
	char *name;
	int64_t letters;
};

static void person_free(gpointer data)
{
	struct person *p = data;
	g_free(p->name);
	g_free(p);
}

struct correspondents *correspondents_new(void)
{
	struct correspondents *c = g_new0(struct correspondents, 1);
	c->people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, person_free);
	return c;
}

void correspondents_free(struct correspondents *c)
{
	if (!c)
		return;
	g_hash_table_unref(c->people);
	g_free(c);
}

void correspondents_note(struct correspondents *c, const char *address, const char *name)
{
	size_t len = strlen(address);
	if (!strchr(address, '@') || len > ADDRESS_LENGTH)
		return;
	char key[ADDRESS_LENGTH + 1];
	for (size_t i = 0; i <= len; i++)
		key[i] = g_ascii_tolower(address[i]);
	struct person *p = g_hash_table_lookup(c->people, key);
	if (!p) {
		p = g_new0(struct person, 1);
		g_hash_table_insert(c->people, g_strdup(key), p);
	}
	p->letters++;
	if (name && *name && !p->name)
		p->name = g_strdup(name);
}

void correspondents_forget(struct correspondents *c)
{
	g_hash_table_remove_all(c->people);
}

bool correspondents_write(struct correspondents *c, struct index *ix, GError **error)
{
	GHashTableIter iter;
	gpointer key, value;
	bool ok = true;
	g_hash_table_iter_init(&iter, c->people);
	while (ok && g_hash_table_iter_next(&iter, &key, &value)) {
		const struct person *p = value;
		ok = index_exec(ix, error,
			"INSERT INTO correspondent VALUES(?, ?, ?) ON CONFLICT(address) DO UPDATE"
			" SET letters = letters + excluded.letters,"
			" name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END",
			"ssi", (const char *)key, p->name ? p->name : "", p->letters);
	}
	correspondents_forget(c);
	return ok;
}

/* --- finding ------------------------------------------------------------------- */

static bool begins_word(const char *folded, const char *text)
{
	size_t len = strlen(text);
	for (const char *p = strstr(folded, text); p; p = strstr(p + 1, text)) {
		if (p == folded)
			return true;
		const char *before = g_utf8_find_prev_char(folded, p);
		if (!g_unichar_isalnum(g_utf8_get_char(before)))
			return true;
	}
	return len == 0;
}

static char *shown(const char *name, const char *address)
{
	return *name ? g_strdup_printf("%s <%s>", name, address) : g_strdup(address);
}

GPtrArray *correspondents_find(struct index *ix, const char *text, guint count, GError **error)
{
	GError *own = NULL;
	g_autofree char *wanted = g_utf8_casefold(text, -1);
	/* The order costs a sort of some ten thousand rows at most; without a word of
	 * the name in an index that is what there is. */
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT address, name FROM correspondent ORDER BY letters DESC, address", error);
	if (!stmt)
		return NULL;
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	while (found->len < count && db_row(stmt, &own)) {
		const char *address = (const char *)sqlite3_column_text(stmt, 0);
		const char *name = (const char *)sqlite3_column_text(stmt, 1);
		g_autofree char *folded = g_utf8_casefold(name, -1);
		if (begins_word(address, wanted) || begins_word(folded, wanted))
			g_ptr_array_add(found, shown(name, address));
	}
	sqlite3_reset(stmt);
	if (!own)
		return g_steal_pointer(&found);
	g_propagate_error(error, own);
	return NULL;
}
