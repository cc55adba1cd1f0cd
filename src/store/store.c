/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/path.h"
#include "base/report.h"
#include "base/sanitize.h"
#include "store/fail.h"
#include "store/ledger.h"
#include "store/maildir.h"
#include "store/store-private.h"

G_DEFINE_QUARK(dewey - store - error, store_error)

/* What every store has, in the order of the folder list. */
static const struct {
	const char *name, *title;
} fixed[] = {
	{FOLDER_INBOX, N_("Inbox")},
	{FOLDER_SENT, N_("Sent")},
	{FOLDER_DRAFTS, N_("Drafts")},
	{FOLDER_ARCHIVE, N_("Archive")},
	{FOLDER_TRASH, N_("Trash")},
};

char *store_own_path(const struct store *s, const char *name)
{
	return g_build_filename(s->own, name, NULL);
}

const char *store_root(const struct store *s)
{
	return s->root;
}

/* what others may write to, others may change. */
static void warn_if_open_to_others(const char *root)
{
	struct stat st;
	if (stat(root, &st) == 0 && (st.st_mode & (S_IWGRP | S_IWOTH)))
		report_warning(
			_("others may write to '%s'; close it with: chmod go-w '%s'"), root, root);
}

static bool make_own(const struct store *s, GError **error)
{
	static const char *const own[] = {"outbox", "lock", "tmp"};
	for (size_t i = 0; i < G_N_ELEMENTS(own); i++) {
		g_autofree char *path = store_own_path(s, own[i]);
		if (!store_adopt(path_make_directories(path, error), error))
			return false;
	}
	return true;
}

static bool make_folders(const struct store *s, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++) {
		g_autofree char *path = store_folder_path(s, fixed[i].name, error);
		if (!path || !maildir_make(path, error))
			return false;
	}
	return true;
}

/* One after the other would be a wait for the disk for each of twenty. */
static bool sync_all(const struct store *s, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++) {
		g_autofree char *path = store_folder_path(s, fixed[i].name, error);
		if (!path || !store_adopt(fdio_sync_directory(path, error), error))
			return false;
	}
	return store_adopt(fdio_sync_directory(s->own, error), error) &&
	       store_adopt(fdio_sync_directory(s->root, error), error);
}

/* Letters are synced in directories that must be there after a power failure:
 * while "log" is missing, nobody knows that of the others. */
static bool make_new(const struct store *s, GError **error)
{
	g_autofree char *last = store_own_path(s, "log");
	return g_file_test(last, G_FILE_TEST_IS_DIR) ||
	       (make_folders(s, error) && sync_all(s, error) &&
		       store_adopt(path_make_directories(last, error), error));
}

/* File systems that take no ':' in a name, or may be such: by statfs(2). */
static bool is_doubtful(const char *path)
{
	static const struct {
		const char *name;
		unsigned long magic;
	} types[] = {{"vfat", 0x4d44}, {"exfat", 0x2011bab0}, {"ntfs", 0x5346544e},
		{"ntfs3", 0x7366746e}, {"fuse", 0x65735546}, {"cifs", 0xff534d42},
		{"smb2", 0xfe534d42}, {"smbfs", 0x517b}};
	struct statfs fs;
	if (statfs(path, &fs) != 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if ((unsigned long)fs.f_type == types[i].magic)
			return true;
	return false;
}

/* A new store, and one that may have been moved, is refused where flags cannot be kept:
 * letters would come, and not one could be marked as read. */
static bool takes_flags(const struct store *s, GError **error)
{
	g_autofree char *known = store_own_path(s, "log");
	if (g_file_test(known, G_FILE_TEST_IS_DIR) && !is_doubtful(s->own))
		return true;
	g_autofree char *name = store_own_path(s, "tmp/probe:2,S");
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int why = errno;
	if (fd >= 0) {
		close(fd);
		unlink(name);
	}
	if (fd >= 0 || (why != EINVAL && why != EILSEQ))
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_DISK,
		_("'%s' cannot be a mail store: its file system takes no ':' in the names of "
		  "files, where flags are kept; name a directory of another one with 'mail'"),
		s->root);
	return false;
}

static bool make_missing(struct store *s, GError **error)
{
	if (!store_adopt(path_make_durable(s->root, error), error) || !make_own(s, error) ||
		!takes_flags(s, error) || !make_new(s, error))
		return false;
	/* Those that somebody has removed since. */
	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
		if (!store_make_folder(s, fixed[i].name, error))
			return false;
	return true;
}

struct store *store_open(const char *root, GError **error)
{
	g_assert(g_path_is_absolute(root));
	g_autoptr(store) s = g_new0(struct store, 1);
	s->root = g_strdup(root);
	s->own = g_build_filename(root, ".dewey", NULL);
	if (!make_missing(s, error))
		return NULL;
	warn_if_open_to_others(root);
	return g_steal_pointer(&s);
}

void store_free(struct store *s)
{
	if (!s)
		return;
	if (s->index)
		s->index_free(s->index);
	if (s->gone)
		g_ptr_array_unref(s->gone);
	ledger_free(s->ledger);
	g_free(s->languages);
	g_free(s->own);
	g_free(s->root);
	g_free(s);
}

void store_set_languages(struct store *s, const char *languages)
{
	g_free(s->languages);
	s->languages = g_strdup(languages);
}

void store_set_threads_by_subject(struct store *s, bool on)
{
	s->subjects = on ? SUBJECTS_ON : SUBJECTS_OFF;
}

void store_set_index_decrypted(struct store *s, bool on)
{
	s->decrypted = on ? DECRYPTED_ON : DECRYPTED_OFF;
}

struct ledger *store_ledger(struct store *s, GError **error)
{
	if (!s->ledger) {
		g_autofree char *path = store_own_path(s, "ledger.db");
		s->ledger = ledger_open(path, error);
	}
	return s->ledger;
}

/* --- folders ------------------------------------------------------------------ */

static bool is_legal_part(const char *part)
{
	static const char *const reserved[] = {"", "cur", "new", "tmp", NULL};
	return part[0] != '.' && !g_strv_contains(reserved, part);
}

static bool is_legal_folder(const char *folder)
{
	if (!g_utf8_validate(folder, -1, NULL) || !sanitize_is_clean(folder))
		return false;
	g_auto(GStrv) parts = g_strsplit(folder, "/", -1);
	if (!parts[0])
		return false;
	for (guint i = 0; parts[i]; i++)
		if (!is_legal_part(parts[i]))
			return false;
	return true;
}

char *store_folder_path(const struct store *s, const char *folder, GError **error)
{
	if (is_legal_folder(folder))
		return g_build_filename(s->root, folder, NULL);
	g_autofree char *shown = sanitize_line(folder, -1);
	g_set_error(error, STORE_ERROR, STORE_ERROR_NAME,
		_("'%s' cannot be the name of a folder; write it as 'Lists/debian': no part may be "
		  "empty, begin with a dot, or be cur, new or tmp"),
		shown);
	return NULL;
}

bool store_make_folder(struct store *s, const char *folder, GError **error)
{
	g_autofree char *path = store_folder_path(s, folder, error);
	return path && (maildir_is(path) || maildir_create(path, error));
}

enum { DEEPEST_FOLDER = 16 };

/* Of char *: folders, and Maildirs whose names no folder can have. */
struct collected {
	GPtrArray *folders, *odd;
};
typedef struct collected collected;

static GPtrArray *strings(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

static void collected_clear(struct collected *c)
{
	g_clear_pointer(&c->folders, g_ptr_array_unref);
	g_clear_pointer(&c->odd, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(collected, collected_clear)

/* To a directory, or to nothing now. */
static bool leads_away(const char *path, const struct stat *link)
{
	struct stat st;
	return S_ISLNK(link->st_mode) && (stat(path, &st) != 0 || S_ISDIR(st.st_mode));
}

/* What somebody else made there, as Dovecot's ".Archive": its letters are not gone. */
static bool is_odd_folder(const char *folder, const char *full, struct collected *c)
{
	if (is_legal_folder(folder) || !maildir_is(full))
		return false;
	g_ptr_array_add(c->odd, g_strdup(folder));
	return true;
}

/* Adds the Maildirs below path; false: a part of them could not be read.  Links are
 * not followed: one that points upwards would give folders without end. */
static bool collect(const struct store *s, const char *folder, int depth, struct collected *c)
{
	g_autofree char *path = g_build_filename(s->root, folder, NULL);
	g_autoptr(GError) why = NULL;
	g_autoptr(GDir) dir = depth < DEEPEST_FOLDER ? g_dir_open(path, 0, &why) : NULL;
	const char *name;
	bool whole = dir || g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT);
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *below =
			folder[0] ? g_build_filename(folder, name, NULL) : g_strdup(name);
		g_autofree char *full = g_build_filename(s->root, below, NULL);
		struct stat st;
		if (is_odd_folder(below, full, c))
			whole = false;
		if (!is_legal_folder(below))
			continue;
		bool there = lstat(full, &st) == 0;
		whole = whole && (there ? !leads_away(full, &st) : errno == ENOENT);
		if (!there || !S_ISDIR(st.st_mode))
			continue;
		if (maildir_is(full))
			g_ptr_array_add(c->folders, g_strdup(below));
		whole = collect(s, below, depth + 1, c) && whole;
	}
	return whole;
}

static int rank(const char *folder)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
		if (strcmp(folder, fixed[i].name) == 0)
			return (int)i;
	return G_N_ELEMENTS(fixed);
}

static int by_rank_and_name(gconstpointer a, gconstpointer b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	int difference = rank(x) - rank(y);
	return difference ? difference : strcmp(x, y);
}

bool store_is_readable(const struct store *s)
{
	g_auto(collected) c = {strings(), strings()};
	return collect(s, "", 0, &c);
}

GPtrArray *store_odd_folders(const struct store *s)
{
	g_auto(collected) c = {strings(), strings()};
	collect(s, "", 0, &c);
	return g_steal_pointer(&c.odd);
}

GPtrArray *store_folders(const struct store *s, GError **error)
{
	g_auto(collected) c = {strings(), strings()};
	if (access(s->root, R_OK | X_OK) != 0) {
		store_fail("open", s->root, error);
		return NULL;
	}
	collect(s, "", 0, &c);
	g_ptr_array_sort(c.folders, by_rank_and_name);
	return g_steal_pointer(&c.folders);
}

const char *folder_title(const char *folder)
{
	int i = rank(folder);
	return i < (int)G_N_ELEMENTS(fixed) ? _(fixed[i].title) : folder;
}

const char *folder_from_title(const char *text)
{
	g_autofree char *given = g_utf8_casefold(text, -1);
	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++) {
		g_autofree char *title = g_utf8_casefold(_(fixed[i].title), -1);
		if (strcmp(title, given) == 0)
			return fixed[i].name;
	}
	return text;
}

const char *store_folder_meant(const struct store *s, const char *text)
{
	g_autofree char *path = store_folder_path(s, text, NULL);
	return path && g_file_test(path, G_FILE_TEST_IS_DIR) ? text : folder_from_title(text);
}

char *store_log_path(const struct store *s, const char *account, const char *service)
{
	g_autofree char *name = g_strconcat("log/", account, ".", service, NULL);
	return store_own_path(s, name);
}

int store_temp_file(const struct store *s, char **path, GError **error)
{
	g_autofree char *dir = store_own_path(s, "tmp");
	for (;;) {
		g_autofree char *name = maildir_unique_name();
		g_autofree char *full = g_build_filename(dir, name, NULL);
		int fd = open(full, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0)
			*path = g_steal_pointer(&full);
		else if (errno == EEXIST)
			continue;
		else
			store_fail("open", full, error);
		return fd;
	}
}

void store_watch(struct store *s, const struct store_watch *watch)
{
	s->watch = watch ? *watch : (struct store_watch){NULL, NULL};
}

bool store_going(struct store *s, int64_t done, int64_t total)
{
	return !s->watch.going || s->watch.going(done, total, s->watch.data);
}
