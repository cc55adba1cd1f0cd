/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <sys/stat.h>

#include "base/sanitize.h"
#include "store/db.h"
#include "store/maildir.h"
#include "store/mounts.h"
#include "store/uids.h"

static bool device_of(const char *path, dev_t *device)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return false;
	*device = st.st_dev;
	return true;
}

/* Not the number of a device, which another day may be another one. */
static bool is_apart(const struct store *s, const char *folder)
{
	dev_t root, device;
	g_autofree char *path = store_folder_path(s, folder, NULL);
	return path && device_of(store_root(s), &root) && device_of(path, &device) &&
	       root != device;
}

static bool note(struct ledger *l, const char *folder, GError **error)
{
	return db_run(ledger_db(l), NULL, error, "INSERT OR IGNORE INTO apart (folder) VALUES (?1)",
		"s", folder);
}

/* Names of folders: char *. */
static GPtrArray *noted(struct ledger *l, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(l), "SELECT folder FROM apart ORDER BY folder", error);
	return stmt ? db_texts(stmt, error) : NULL;
}

static bool is_noted(const GPtrArray *folders, const char *folder)
{
	return g_ptr_array_find_with_equal_func((GPtrArray *)folders, folder, g_str_equal, NULL);
}

/* --- did it come home? ------------------------------------------------------------ */

/* data: bases of the ledger that were not found yet. */
static bool found(const char *file, bool in_new, void *data)
{
	g_autofree char *base = maildir_base(file);
	g_hash_table_remove(data, base);
	return true;
}

static GHashTable *bases_in(struct ledger *l, const char *folder, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(ledger_db(l),
		"SELECT base FROM uid WHERE folder = ?1 AND state = ?2 AND gone = 0", error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "si", folder, (int64_t)UID_STORED);
	return db_text_set(stmt, error);
}

/* A few may lie below a place where a file system was mounted since. */
static bool has_letters(
	struct store *s, struct ledger *l, const char *folder, bool *has, GError **error)
{
	g_autofree char *path = store_folder_path(s, folder, error);
	g_autoptr(GHashTable) bases = path ? bases_in(l, folder, error) : NULL;
	*has = false;
	if (!bases)
		return false;
	guint known = g_hash_table_size(bases);
	bool ok = !maildir_is(path) || maildir_scan(path, found, bases, error);
	guint here = known - g_hash_table_size(bases);
	*has = here > 0 && 2 * here >= known;
	return ok;
}

/* Of a folder that was noted. */
static bool is_away(
	struct store *s, struct ledger *l, const char *folder, bool *away, GError **error)
{
	bool home;
	*away = !is_apart(s, folder);
	if (!*away)
		return true;
	if (!has_letters(s, l, folder, &home, error))
		return false;
	*away = !home;
	return !home || db_run(ledger_db(l), NULL, error, "DELETE FROM apart WHERE folder = ?1",
				"s", folder);
}

bool mounts_look(struct store *s, const GPtrArray *folders, bool *away, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	g_autoptr(GPtrArray) before = l ? noted(l, error) : NULL;
	*away = false;
	if (!before)
		return false;
	for (guint i = 0; i < folders->len; i++)
		if (is_apart(s, folders->pdata[i]) && !is_noted(before, folders->pdata[i]) &&
			!note(l, folders->pdata[i], error))
			return false;
	for (guint i = 0; i < before->len; i++) {
		bool one;
		if (!is_away(s, l, before->pdata[i], &one, error))
			return false;
		*away = *away || one;
	}
	return true;
}

/* --- before letters are put there -------------------------------------------------- */

/* Whether a part of its name below the store is a link. */
static bool is_link(const struct store *s, const char *folder)
{
	struct stat st;
	g_auto(GStrv) parts = g_strsplit(folder, "/", -1);
	g_autofree char *path = g_strdup(store_root(s));
	for (guint i = 0; parts[i]; i++) {
		g_autofree char *above = g_steal_pointer(&path);
		path = g_build_filename(above, parts[i], NULL);
		if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
			return true;
	}
	return false;
}

static bool fail_link(const char *folder, GError **error)
{
	g_autofree char *shown = sanitize_line(folder, -1);
	g_set_error(error, STORE_ERROR, STORE_ERROR_DISK,
		_("nothing is put into the folder '%s': it is reached by a link, and dewey does "
		  "not look behind links; mount a directory there instead"),
		shown);
	return false;
}

static bool fail_away(const char *folder, GError **error)
{
	g_autofree char *shown = sanitize_line(folder, -1);
	g_set_error(error, STORE_ERROR, STORE_ERROR_DISK,
		_("nothing is put into the folder '%s': it was on a file system of its own, which "
		  "is not mounted now; mount it, or copy the letters of the folder here"),
		shown);
	return false;
}

bool mounts_make_folder(struct store *s, const char *folder, GError **error)
{
	bool away = false;
	struct ledger *l = store_ledger(s, error);
	g_autoptr(GPtrArray) before = l ? noted(l, error) : NULL;
	if (!before)
		return false;
	bool was_apart = is_noted(before, folder);
	if (is_link(s, folder))
		return fail_link(folder, error);
	if (was_apart && !is_away(s, l, folder, &away, error))
		return false;
	if (away)
		return fail_away(folder, error);
	return store_make_folder(s, folder, error) &&
	       (was_apart || !is_apart(s, folder) || note(l, folder, error));
}
