/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/lookalike.h"
#include "store/correspondents.h"
#include "store/index-private.h"

enum { ADDRESS_LENGTH = 254 /* octets; longer ones cannot be written to */ };

struct correspondents {
	GHashTable *people; /* address in lower case → struct person */
};

struct person {
	char *name;
	int64_t letters, wrote, written;
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

void correspondents_note(struct correspondents *c, const struct correspondent *who)
{
	size_t len = strlen(who->address);
	if (!strchr(who->address, '@') || len > ADDRESS_LENGTH)
		return;
	char key[ADDRESS_LENGTH + 1];
	for (size_t i = 0; i <= len; i++)
		key[i] = g_ascii_tolower(who->address[i]);
	struct person *p = g_hash_table_lookup(c->people, key);
	if (!p) {
		p = g_new0(struct person, 1);
		g_hash_table_insert(c->people, g_strdup(key), p);
	}
	p->letters++;
	p->wrote += who->wrote;
	p->written += who->written;
	if (who->name && *who->name && !p->name)
		p->name = g_strdup(who->name);
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
			"INSERT INTO correspondent VALUES(?, ?, ?, ?, ?) ON CONFLICT(address) DO UPDATE"
			" SET letters = letters + excluded.letters, wrote = wrote + excluded.wrote,"
			" written = written + excluded.written,"
			" name = CASE excluded.name WHEN '' THEN name ELSE excluded.name END",
			"ssiii", (const char *)key, p->name ? p->name : "", p->letters, p->wrote,
			p->written);
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

/* --- knowing --------------------------------------------------------------------- */

enum { NAME_NEAR = 3, DOMAIN_NEAR = 2 /* characters that look-alikes differ in length */ };

/* What a stranger is compared with. */
struct stranger {
	const char *domain; /* of the address; NULL: none */
	char *name;         /* name_key(); NULL: it says nothing */
	guint64 sum;        /* lookalike_sum() of the name */
	bool summed;
	glong name_length, domain_length;
	bool domain_known;
	int64_t most;       /* letters of who has the name so far */
	int64_t alike_most;
};

void acquaintance_clear(struct acquaintance *a)
{
	g_free(a->other);
	g_free(a->alike);
	*a = (struct acquaintance){0};
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The words of a name in an order of their own, look-alikes as one; NULL: a single
 * word, as thousands have it. */
static char *name_key(const char *name)
{
	g_autofree char *skeleton = lookalike_skeleton(name);
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) parts = g_strsplit_set(skeleton, " ,.\"'()_-", -1);
	for (char **p = parts; *p; p++)
		if (**p)
			g_ptr_array_add(words, g_strdup(*p));
	if (words->len < 2)
		return NULL;
	qsort(words->pdata, words->len, sizeof *words->pdata, by_bytes);
	g_ptr_array_add(words, NULL);
	return g_strjoinv(" ", (char **)words->pdata);
}

static bool near(glong a, glong b, glong most)
{
	return ABS(a - b) <= most;
}

static void compare_name(const struct stranger *s, const char *name, bool *same)
{
	*same = false;
	if (!s->name || !near(g_utf8_strlen(name, -1), s->name_length, NAME_NEAR))
		return;
	guint64 sum;
	if (s->summed && lookalike_sum(name, &sum) && sum != s->sum)
		return;
	g_autofree char *key = name_key(name);
	*same = g_strcmp0(key, s->name) == 0;
}

static bool compare_domain(struct stranger *s, const char *domain)
{
	if (!s->domain || s->domain_known)
		return false;
	if (g_ascii_strcasecmp(domain, s->domain) == 0) {
		s->domain_known = true;
		return false;
	}
	/* Another one of the same length nearly, or one in front of which it stands. */
	if (!near(g_utf8_strlen(domain, -1), s->domain_length, DOMAIN_NEAR) &&
		!g_str_has_prefix(s->domain, domain))
		return false;
	return lookalike_like(s->domain, domain);
}

static void compare(struct stranger *s, sqlite3_stmt *row, struct acquaintance *out)
{
	const char *address = (const char *)sqlite3_column_text(row, 0);
	const char *name = (const char *)sqlite3_column_text(row, 1);
	int64_t letters = sqlite3_column_int64(row, 2);
	const char *at = strrchr(address, '@');
	bool same;
	compare_name(s, name, &same);
	if (same && letters > s->most) {
		g_free(out->other);
		out->other = g_strdup(address);
		s->most = letters;
	}
	if (at && compare_domain(s, at + 1) && letters > s->alike_most) {
		g_free(out->alike);
		out->alike = g_strdup(at + 1);
		s->alike_most = letters;
	}
}

/* Those who wrote once and never got an answer are strangers too. */
static bool compare_all(struct index *ix, struct stranger *s, const char *address,
	struct acquaintance *out, GError **error)
{
	GError *own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT address, name, wrote + written FROM correspondent"
		" WHERE (written > 0 OR wrote > 1) AND address <> ?", error);
	if (!stmt)
		return false;
	sqlite3_bind_text(stmt, 1, address, -1, SQLITE_TRANSIENT);
	while (db_row(stmt, &own))
		compare(s, stmt, out);
	sqlite3_reset(stmt);
	if (s->domain_known)
		g_clear_pointer(&out->alike, g_free);
	if (!own)
		return true;
	g_propagate_error(error, own);
	return false;
}

bool correspondents_know(struct index *ix, const char *address, const char *name,
	struct acquaintance *out, GError **error)
{
	*out = (struct acquaintance){0};
	if (!index_number(ix, 0, &out->wrote, error,
		    "SELECT wrote FROM correspondent WHERE address = ?", "s", address) ||
		!index_number(ix, 0, &out->written, error,
			"SELECT written FROM correspondent WHERE address = ?", "s", address))
		return false;
	if (out->wrote > 1 || out->written > 0)
		return true;
	const char *at = strrchr(address, '@');
	struct stranger s = {.domain = at && at[1] ? at + 1 : NULL, .name = name_key(name),
		.name_length = g_utf8_strlen(name, -1)};
	s.summed = lookalike_sum(name, &s.sum);
	g_autofree char *shown = s.domain ? lookalike_unicode(s.domain) : g_strdup("");
	s.domain_length = g_utf8_strlen(shown, -1);
	bool ok = compare_all(ix, &s, address, out, error);
	g_free(s.name);
	if (!ok)
		acquaintance_clear(out);
	return ok;
}
