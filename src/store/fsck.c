/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "store/fsck-private.h"
#include "store/maildir.h"
#include "store/store-private.h"
#include "store/sync.h"

/* As old as this, what lies in tmp is nobody's any more. */
enum { TMP_AGE = 36 * 3600, OTHERS = 077 };

static void tell(struct fsck *f, char *problem, const char *cure, bool mended)
{
	const struct fsck_finding finding = {problem, cure, mended};
	f->result->findings++;
	f->result->mended += mended;
	if (f->options->found)
		f->options->found(&finding, f->options->data);
	g_free(problem);
}

void fsck_tell(struct fsck *f, char *problem, const char *cure, bool mended)
{
	tell(f, problem, mended ? _("mended") : cure, mended);
}

void fsck_tell_done(struct fsck *f, char *problem, const char *done)
{
	tell(f, problem, done, true);
}

/* --- modes --------------------------------------------------------------------- */

/* Below the root, which is enough to find it, and harmless to print. */
static char *shown(const struct fsck *f, const char *path)
{
	size_t root = strlen(f->store->root);
	bool below = strncmp(path, f->store->root, root) == 0 && path[root] == '/';
	return sanitize_line(below ? path + root + 1 : path, -1);
}

static void check_mode(struct fsck *f, const char *path, const struct stat *st)
{
	mode_t mode = st->st_mode & 07777;
	if ((mode & OTHERS) == 0)
		return;
	g_autofree char *name = shown(f, path);
	bool mended = f->options->repair && chmod(path, mode & ~(mode_t)OTHERS) == 0;
	fsck_tell(f,
		g_strdup_printf(_("'%s' is open to other users, mode %04o"), name, (unsigned)mode),
		_("--repair closes it"), mended);
}

static void check_mode_of(struct fsck *f, const char *path)
{
	struct stat st;
	if (lstat(path, &st) == 0 && !S_ISLNK(st.st_mode))
		check_mode(f, path, &st);
}

/* --- letters ------------------------------------------------------------------- */

static void check_contents(struct fsck *f, const char *path, const struct stat *st)
{
	char octet;
	g_autofree char *name = shown(f, path);
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool ok = fd >= 0 && (st->st_size == 0 || read(fd, &octet, 1) == 1);
	int why = errno;
	if (fd >= 0)
		close(fd);
	/* Another program was faster. */
	if (!ok && why == ENOENT)
		return;
	if (!ok)
		fsck_tell(f, g_strdup_printf(_("'%s' cannot be read: %s"), name, g_strerror(why)),
			_("look at its owner, and at the disk"), false);
	else if (st->st_size == 0)
		fsck_tell(f, g_strdup_printf(_("'%s' is empty"), name),
			_("bring it back from a backup, or delete it"), false);
}

/* A second file of the same base name would never be listed.  The row may be of
 * either: the sync at the end reads both. */
static void check_double(struct fsck *f, const char *path)
{
	g_autofree char *name = shown(f, path);
	g_autofree char *dir = g_path_get_dirname(path);
	g_autofree char *file = g_path_get_basename(path);
	g_autofree char *unique = maildir_unique_name();
	g_autofree char *fresh =
		g_strconcat(dir, "/", unique, file + maildir_base_length(file), NULL);
	bool mended = f->options->repair && rename(path, fresh) == 0;
	if (mended)
		fsck_forget(f, file);
	fsck_tell(f, g_strdup_printf(_("'%s' has the name of another message of its folder"), name),
		_("--repair gives it a name of its own"), mended);
}

static void check_entry(struct fsck *f, const char *path, GHashTable *bases)
{
	struct stat st;
	g_autofree char *file = g_path_get_basename(path);
	if (lstat(path, &st) != 0)
		return;
	if (!S_ISREG(st.st_mode)) {
		g_autofree char *name = shown(f, path);
		fsck_tell(f, g_strdup_printf(_("'%s' is not a regular file"), name),
			_("move it somewhere else; dewey leaves it alone"), false);
		return;
	}
	f->result->letters++;
	check_mode(f, path, &st);
	check_contents(f, path, &st);
	if (!g_hash_table_add(bases, maildir_base(file)))
		check_double(f, path);
}

static gint by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, so that two runs say the same. */
static GPtrArray *names_in(struct fsck *f, const char *path)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	DIR *dir = opendir(path);
	struct dirent *entry;
	if (!dir) {
		g_autofree char *name = shown(f, path);
		fsck_tell(f, g_strdup_printf(_("'%s' cannot be read: %s"), name, g_strerror(errno)),
			_("look at its owner, and at the disk"), false);
		return names;
	}
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			g_ptr_array_add(names, g_build_filename(path, entry->d_name, NULL));
	closedir(dir);
	g_ptr_array_sort(names, by_text);
	return names;
}

static void check_part(struct fsck *f, const char *folder_path, bool in_new, GHashTable *bases)
{
	g_autofree char *path = g_build_filename(folder_path, in_new ? "new" : "cur", NULL);
	g_autoptr(GPtrArray) names = names_in(f, path);
	for (guint i = 0; i < names->len; i++)
		check_entry(f, names->pdata[i], bases);
}

static void check_tmp(struct fsck *f, const char *folder_path)
{
	g_autofree char *path = g_build_filename(folder_path, "tmp", NULL);
	g_autoptr(GPtrArray) names = names_in(f, path);
	for (guint i = 0; i < names->len; i++) {
		struct stat st;
		const char *file = names->pdata[i];
		g_autofree char *base = g_path_get_basename(file);
		if (lstat(file, &st) != 0 || !S_ISREG(st.st_mode) ||
			st.st_mtime > clock_now() - TMP_AGE || fsck_is_expected(f, base))
			continue;
		g_autofree char *name = shown(f, file);
		bool mended = f->options->repair && unlink(file) == 0;
		fsck_tell(f,
			g_strdup_printf(_("'%s' was left by a delivery that never ended"), name),
			_("--repair removes it"), mended);
	}
}

static void check_folder(struct fsck *f, const char *folder)
{
	static const char *const parts[] = {"", "cur", "new", "tmp"};
	g_autoptr(GHashTable) bases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *path = store_folder_path(f->store, folder, NULL);
	if (!path)
		return;
	f->result->folders++;
	f->folder = folder;
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *part = g_build_filename(path, parts[i], NULL);
		check_mode_of(f, part);
	}
	check_part(f, path, false, bases);
	check_part(f, path, true, bases);
	check_tmp(f, path);
	fsck_compare(f, folder, path);
}

/* --- the whole ----------------------------------------------------------------- */

static void check_own(struct fsck *f)
{
	static const char *const own[] = {"", "ledger.db", "index.db", "outbox", "lock", "preview"};
	check_mode_of(f, f->store->root);
	for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
		g_autofree char *path = g_build_filename(f->store->own, own[i], NULL);
		check_mode_of(f, path);
	}
}

/* It tidies up as well. */
static bool no_hurry(void *data)
{
	return false;
}

static void tell_odd(struct fsck *f, const char *folder)
{
	g_autofree char *name = sanitize_line(folder, -1);
	fsck_tell(f,
		g_strdup_printf(
			_("the messages in '%s' are not listed: no folder can have that name"),
			name),
		_("rename it; no part may begin with a dot, or be other than UTF-8"), false);
}

bool fsck_run(struct store *s, const struct fsck_options *options, struct fsck_result *result,
	GError **error)
{
	struct fsck f = {.store = s, .options = options, .result = result};
	g_autoptr(GPtrArray) folders = store_folders(s, error);
	*result = (struct fsck_result){0};
	if (!folders)
		return false;
	check_own(&f);
	fsck_ledger(&f);
	fsck_outbox(&f);
	fsck_index(&f);
	fsck_threads(&f);
	g_autoptr(GPtrArray) odd = store_odd_folders(s);
	for (guint i = 0; i < odd->len; i++)
		tell_odd(&f, odd->pdata[i]);
	if (odd->len == 0 && !store_is_readable(s))
		fsck_tell(&f, g_strdup(_("not all directories of the store can be read")),
			_("mount them, or look at their owner"), false);
	for (guint i = 0; i < folders->len; i++)
		check_folder(&f, folders->pdata[i]);
	if (options->repair && f.index_ok &&
		!sync_run(s, NULL, &(struct sync_options){.hurry = no_hurry, .everything = true},
			NULL, error))
		return false;
	fsck_words(&f);
	return true;
}

bool fsck_rebuild(struct store *s, GError **error)
{
	return store_index_renew(s, NULL, error) && sync_run(s, NULL, NULL, NULL, error);
}
