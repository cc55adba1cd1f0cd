/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/sha256.h"
#include "store/db.h"
#include "store/import-past.h"

/* Half a digest, over the folder and the letter's own: who could make two of them equal
 * would keep one letter from an import, of an mbox that he has written himself. */
enum { KEY = 16 };

struct met {
	uint8_t key[KEY];
	guint times;  /* in this import */
	guint kept;   /* of these */
	guint copies; /* as the ledger says */
	bool waits;   /* to be written */
};

struct import_past {
	struct ledger *ledger;
	char *folder;
	struct sha256_sum *sum;
	sqlite3_stmt *find, *note;
	GHashTable *met; /* set of struct met */
	struct met *last;
	GPtrArray *waiting; /* of them */
};

static guint met_hash(gconstpointer data)
{
	guint hash;
	memcpy(&hash, ((const struct met *)data)->key, sizeof hash);
	return hash;
}

static gboolean met_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(((const struct met *)a)->key, ((const struct met *)b)->key, KEY) == 0;
}

struct import_past *import_past_new(struct ledger *l, const char *folder, GError **error)
{
	g_autoptr(import_past) p = g_new0(struct import_past, 1);
	p->ledger = l;
	p->folder = g_strdup(folder);
	p->sum = sha256_new();
	p->met = g_hash_table_new_full(met_hash, met_equal, g_free, NULL);
	p->waiting = g_ptr_array_new();
	p->find = db_prepare(ledger_db(l), "SELECT copies FROM imported WHERE letter = ?", error);
	if (p->find)
		p->note = db_prepare(ledger_db(l),
			"INSERT INTO imported(letter, copies) VALUES(?1, ?2)"
			" ON CONFLICT(letter) DO UPDATE SET copies = max(copies, ?2)",
			error);
	return p->note ? g_steal_pointer(&p) : NULL;
}

void import_past_free(struct import_past *p)
{
	if (!p)
		return;
	sqlite3_finalize(p->find);
	sqlite3_finalize(p->note);
	g_ptr_array_unref(p->waiting);
	g_hash_table_unref(p->met);
	sha256_free(p->sum);
	g_free(p->folder);
	g_free(p);
}

static void make_key(struct import_past *p, const uint8_t *sha256, uint8_t *key)
{
	uint8_t digest[SHA256_LENGTH];
	sha256_reset(p->sum);
	sha256_update(p->sum, p->folder, strlen(p->folder) + 1);
	sha256_update(p->sum, sha256, SHA256_LENGTH);
	sha256_finish(p->sum, digest);
	memcpy(key, digest, KEY);
}

static bool read_copies(struct import_past *p, struct met *m, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) key = g_bytes_new_static(m->key, KEY);
	db_bind(p->find, "b", key);
	if (db_row(p->find, &why))
		m->copies = (guint)sqlite3_column_int(p->find, 0);
	sqlite3_reset(p->find);
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

bool import_past_meet(struct import_past *p, const uint8_t *sha256, bool *known, GError **error)
{
	struct met wanted = {0};
	make_key(p, sha256, wanted.key);
	struct met *m = g_hash_table_lookup(p->met, &wanted);
	if (!m) {
		if (!read_copies(p, &wanted, error))
			return false;
		m = g_memdup2(&wanted, sizeof wanted);
		g_hash_table_add(p->met, m);
	}
	*known = ++m->times <= m->copies;
	p->last = m;
	return true;
}

void import_past_keep(struct import_past *p)
{
	struct met *m = p->last;
	m->kept = m->times;
	if (m->kept <= m->copies || m->waits)
		return;
	m->waits = true;
	g_ptr_array_add(p->waiting, m);
}

void import_past_drop(struct import_past *p)
{
	for (guint i = 0; i < p->waiting->len; i++)
		((struct met *)p->waiting->pdata[i])->waits = false;
	g_ptr_array_set_size(p->waiting, 0);
}

static bool write_all(struct import_past *p, GError **error)
{
	for (guint i = 0; i < p->waiting->len; i++) {
		const struct met *m = p->waiting->pdata[i];
		g_autoptr(GBytes) key = g_bytes_new_static(m->key, KEY);
		db_bind(p->note, "bi", key, (int64_t)m->kept);
		if (!db_done(p->note, error))
			return false;
	}
	return true;
}

/* Light: what a power failure takes back costs nothing but a look into the folder. */
bool import_past_write(struct import_past *p, GError **error)
{
	if (p->waiting->len == 0)
		return true;
	if (!ledger_begin_light(p->ledger, error))
		return false;
	if (!write_all(p, error)) {
		ledger_rollback(p->ledger);
		return false;
	}
	import_past_drop(p);
	return ledger_commit(p->ledger, error);
}
