/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <unistd.h>

#include "store/digest.h"
#include "store/index-private.h"
#include "store/preview.h"
#include "store/why.h"

enum { CHANGES_MOST = 100 };

static void other_free(void *data)
{
	struct why_other *o = data;
	g_free(o->folder);
	g_free(o->file);
	g_free(o);
}

void why_free(struct why *w)
{
	if (!w)
		return;
	g_free(w->maildrop);
	uid_row_free(w->uid);
	g_free(w->path);
	g_free(w->taught);
	g_clear_pointer(&w->changes, g_ptr_array_unref);
	g_clear_pointer(&w->others, g_ptr_array_unref);
	g_free(w);
}

static bool look_at_file(
	struct why *w, struct store *s, const struct message_row *row, GError **error)
{
	int fd = preview_or_message_open(s, row->folder, row->file, error);
	if (fd < 0)
		return false;
	g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);
	w->path = g_file_read_link(link, NULL);
	bool good = digest_file(fd, &w->size, w->sha256, error);
	close(fd);
	return good;
}

/* What one column says of base; as db_text(). */
static char *noted(struct ledger *l, const char *sql, const char *base)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l), sql, NULL);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", base);
	return db_row(stmt, NULL) ? db_text(stmt, 0) : NULL;
}

static bool look_into_ledger(struct why *w, struct ledger *l, const char *base, GError **error)
{
	g_autoptr(GError) own = NULL;
	w->uid = uids_by_base(l, base, &w->maildrop, &own);
	if (own) {
		g_propagate_error(error, g_steal_pointer(&own));
		return false;
	}
	g_autofree char *made = noted(l, "SELECT made FROM trashed WHERE base = ?", base);
	w->trashed = made ? g_ascii_strtoll(made, NULL, 10) : 0;
	w->taught = noted(l, "SELECT word FROM trained WHERE base = ?", base);
	w->changes = journal_of(l, base, CHANGES_MOST, error);
	return w->changes != NULL;
}

static bool look_for_others(struct why *w, struct index *ix, int64_t id, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix,
		"SELECT f.name, o.base || o.info, o.digest <> 0 AND o.digest = m.digest"
		" FROM message m JOIN message o ON o.node = m.node AND o.id <> m.id"
		" JOIN folder f ON f.id = o.folder"
		" WHERE m.id = ? AND m.message_id <> '' ORDER BY o.id",
		error);
	w->others = g_ptr_array_new_with_free_func(other_free);
	if (!stmt)
		return false;
	db_bind(stmt, "i", id);
	while (db_row(stmt, &own)) {
		struct why_other *o = g_new0(struct why_other, 1);
		o->folder = db_text(stmt, 0);
		o->file = db_text(stmt, 1);
		o->same = sqlite3_column_int(stmt, 2);
		g_ptr_array_add(w->others, o);
	}
	sqlite3_reset(stmt);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

struct why *why_of(struct store *s, const struct message_row *row, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	struct index *ix = l ? store_index(s, error) : NULL;
	g_autofree char *base = g_strndup(row->file, maildir_base_length(row->file));
	g_autoptr(why) w = g_new0(struct why, 1);
	if (ix && look_at_file(w, s, row, error) && look_into_ledger(w, l, base, error) &&
		look_for_others(w, ix, row->id, error))
		return g_steal_pointer(&w);
	return NULL;
}
