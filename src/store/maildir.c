/* SPDX-License-Identifier: MIT
 *
 * Names, finding, scanning: what reads a Maildir.  What changes one is in
 * maildir-write.c. */
#include "base/base.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/path.h"
#include "base/report.h"
#include "store/fail.h"
#include "store/maildir.h"

static const char *const parts[] = {"cur", "new"}; /* by in_new */

bool maildir_make(const char *path, GError **error)
{
	/* cur last: maildir_is() then finds a finished one. */
	static const char *const all[] = {"tmp", "new", "cur"};
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *dir = g_build_filename(path, all[i], NULL);
		if (!store_adopt(path_make_directories(dir, error), error))
			return false;
	}
	return true;
}

bool maildir_create(const char *path, GError **error)
{
	return store_adopt(path_make_durable(path, error), error) && maildir_make(path, error) &&
	       store_adopt(fdio_sync_directory(path, error), error);
}

bool maildir_is(const char *path)
{
	static const char *const all[] = {"cur", "new", "tmp"};
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *dir = g_build_filename(path, all[i], NULL);
		if (!g_file_test(dir, G_FILE_TEST_IS_DIR))
			return false;
	}
	return true;
}

/* --- names -------------------------------------------------------------------- */

static char *host_name(void)
{
	char name[256] = "localhost";
	gethostname(name, sizeof name - 1);
	g_autoptr(GString) safe = g_string_new(name);
	g_string_replace(safe, "/", "\\057", 0);
	g_string_replace(safe, ":", "\\072", 0);
	return g_string_free(g_steal_pointer(&safe), FALSE);
}

/* Containers share process ids, host names and sometimes the clock: the random
 * part alone must make the name unique; the rest makes names sort by arrival. */
char *maildir_unique_name(void)
{
	static gint sequence; /* of the process, as its id is */
	int64_t now = g_get_real_time();
	g_autofree char *host = host_name();
	return g_strdup_printf("%" G_GINT64_FORMAT ".M%06dP%ldQ%d_%08x%08x.%s",
		now / G_USEC_PER_SEC, (int)(now % G_USEC_PER_SEC), (long)getpid(),
		g_atomic_int_add(&sequence, 1), g_random_int(), g_random_int(), host);
}

size_t maildir_base_length(const char *file)
{
	return strcspn(file, ":");
}

char *maildir_base(const char *file)
{
	return g_strndup(file, maildir_base_length(file));
}

unsigned maildir_flags(const char *file)
{
	const char *info = file + maildir_base_length(file);
	return g_str_has_prefix(info, ":2,") ? flags_from_letters(info + 3) : 0;
}

static int by_letter(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

/* Sorted, each once: what dewey sets and what other programs keep there. */
static void put_letters(GString *name, unsigned flags, const char *others)
{
	char ours[7];
	gsize start = name->len;
	flags_to_letters(flags, ours);
	g_string_append(name, ours);
	for (; *others != '\0'; others++)
		if (!strchr("DFPRST", *others) && !strchr(name->str + start, *others))
			g_string_append_c(name, *others);
	qsort(name->str + start, name->len - start, 1, by_letter);
}

char *maildir_file_name(const char *file, unsigned set, unsigned clear)
{
	const char *info = file + maildir_base_length(file);
	bool ours = g_str_has_prefix(info, ":2,");
	if (!ours && info[0] != '\0')
		return g_strdup(file);
	g_autoptr(GString) name = g_string_new_len(file, info - file);
	g_string_append(name, ":2,");
	put_letters(name, (maildir_flags(file) | set) & ~clear, ours ? info + 3 : "");
	return g_string_free(g_steal_pointer(&name), FALSE);
}

void maildir_place_clear(struct maildir_place *place)
{
	g_clear_pointer(&place->file, g_free);
}

static void set_place(struct maildir_place *place, bool in_new, const char *file)
{
	char *copy = g_strdup(file);
	maildir_place_clear(place);
	place->in_new = in_new;
	place->file = copy;
}

/* --- finding ------------------------------------------------------------------ */

static bool is_message_at(int dir, const char *file)
{
	struct stat st;
	return fstatat(dir, file, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

/* The names that dewey and most others give: cheaper than reading the
 * directory of a big folder. */
static char *guess_file(int dir, const char *base, bool in_new)
{
	if (is_message_at(dir, base))
		return g_strdup(base);
	for (unsigned flags = 0; !in_new && flags <= FLAG_ALL; flags++) {
		g_autofree char *file = maildir_file_name(base, flags, 0);
		if (is_message_at(dir, file))
			return g_steal_pointer(&file);
	}
	return NULL;
}

static bool has_base(const char *file, const char *base, size_t len)
{
	return strncmp(file, base, len) == 0 && (file[len] == ':' || file[len] == '\0');
}

static char *search_file(DIR *dir, const char *base)
{
	size_t len = strlen(base);
	struct dirent *entry;
	rewinddir(dir);
	while ((entry = readdir(dir)))
		if (has_base(entry->d_name, base, len) && is_message_at(dirfd(dir), entry->d_name))
			return g_strdup(entry->d_name);
	return NULL;
}

/* 1: found, 0: not there, -1: error. */
static int find_in(const char *path, bool in_new, const char *base, struct maildir_place *place,
	GError **error)
{
	g_autofree char *name = g_build_filename(path, parts[in_new], NULL);
	DIR *dir = opendir(name);
	if (!dir) {
		store_fail("open", name, error);
		return -1;
	}
	g_autofree char *file = guess_file(dirfd(dir), base, in_new);
	if (!file)
		file = search_file(dir, base);
	closedir(dir);
	if (file)
		set_place(place, in_new, file);
	return file != NULL;
}

bool maildir_find(const char *path, const char *base, struct maildir_place *place, GError **error)
{
	/* Twice: a message that is renamed while a directory is read may be
	 * given under neither name, and one that goes from new to cur may be
	 * passed by. */
	for (int round = 0; round < 2; round++)
		for (int in_new = 1; in_new >= 0; in_new--) {
			int found = find_in(path, in_new, base, place, error);
			if (found != 0)
				return found > 0;
		}
	return false;
}

bool maildir_is_elsewhere(int why)
{
	return why == ENOENT || why == ESTALE;
}

static int open_at(const char *path, const struct maildir_place *place)
{
	g_autofree char *name = g_build_filename(path, parts[place->in_new], place->file, NULL);
	/* O_NONBLOCK: a FIFO of that name must not hold us. */
	int fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = ELOOP;
	return -1;
}

static int not_there(const char *path, const char *base, GError **error)
{
	if (error && !*error)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
			_("the message '%s' is no longer in '%s'"), base, path);
	return -1;
}

int maildir_open(const char *path, const char *base, const struct maildir_place *hint,
	struct maildir_place *place, GError **error)
{
	struct maildir_place at = {0};
	int fd = -1;
	if (hint)
		set_place(&at, hint->in_new, hint->file);
	bool known = hint || maildir_find(path, base, &at, error);
	for (int tries = 0; known && tries < 3; tries++) {
		fd = open_at(path, &at);
		if (fd >= 0 || !maildir_is_elsewhere(errno))
			break;
		known = maildir_find(path, base, &at, error);
	}
	if (known && fd < 0)
		store_fail("open", at.file, error);
	else if (!known)
		not_there(path, base, error);
	else if (place)
		set_place(place, at.in_new, at.file);
	maildir_place_clear(&at);
	return fd;
}

static bool guess_place(const char *path, const char *base, struct maildir_place *place)
{
	for (int in_new = 1; in_new >= 0; in_new--) {
		g_autofree char *name = g_build_filename(path, parts[in_new], NULL);
		int dir = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		g_autofree char *file = dir >= 0 ? guess_file(dir, base, in_new) : NULL;
		if (dir >= 0)
			close(dir);
		if (file) {
			set_place(place, in_new, file);
			return true;
		}
	}
	return false;
}

int maildir_open_seen(const char *path, const struct maildir_place *seen, GError **error)
{
	struct maildir_place at = {0};
	g_autofree char *base = maildir_base(seen->file);
	int fd = open_at(path, seen);
	bool known = fd >= 0 || !maildir_is_elsewhere(errno);
	if (!known && guess_place(path, base, &at)) {
		fd = open_at(path, &at);
		known = fd >= 0 || !maildir_is_elsewhere(errno);
	}
	maildir_place_clear(&at);
	if (fd < 0 && known)
		store_fail("open", seen->file, error);
	else if (fd < 0)
		not_there(path, base, error);
	return fd;
}

/* --- scanning ----------------------------------------------------------------- */

struct scan {
	const char *path;
	maildir_found found;
	void *data;
	bool reported, stopped;
};

static bool is_message(struct scan *scan, DIR *dir, const struct dirent *entry)
{
	if (entry->d_name[0] == '.')
		return false;
	if (entry->d_type == DT_REG ||
		(entry->d_type == DT_UNKNOWN && is_message_at(dirfd(dir), entry->d_name)))
		return true;
	if (!scan->reported)
		report_warning(_("'%s' in '%s' is not a regular file and is left alone"),
			entry->d_name, scan->path);
	scan->reported = true;
	return false;
}

static bool scan_part(struct scan *scan, bool in_new, GError **error)
{
	g_autofree char *name = g_build_filename(scan->path, parts[in_new], NULL);
	DIR *dir = opendir(name);
	struct dirent *entry;
	if (!dir)
		return store_fail("open", name, error);
	for (errno = 0; !scan->stopped && (entry = readdir(dir)); errno = 0)
		if (is_message(scan, dir, entry))
			scan->stopped = !scan->found(entry->d_name, in_new, scan->data);
	bool ok = scan->stopped || errno == 0 || store_fail("read", name, error);
	closedir(dir);
	return ok;
}

bool maildir_scan(const char *path, maildir_found found, void *data, GError **error)
{
	struct scan scan = {.path = path, .found = found, .data = data};
	/* new first: what moves to cur meanwhile is then given twice rather than
	 * not at all. */
	return scan_part(&scan, true, error) && (scan.stopped || scan_part(&scan, false, error));
}

static bool part_time(const char *path, const char *part, int64_t *when, GError **error)
{
	g_autofree char *name = g_build_filename(path, part, NULL);
	struct stat st;
	if (stat(name, &st) != 0)
		return store_fail("stat", name, error);
	*when = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	return true;
}

bool maildir_stamp(const char *path, int64_t *stamp, GError **error)
{
	int64_t in_new = 0, in_cur = 0, now = g_get_real_time() * 1000;
	if (!part_time(path, "new", &in_new, error) || !part_time(path, "cur", &in_cur, error))
		return false;
	/* Unsigned: it wraps, and nothing but being equal matters. */
	uint64_t mixed = (uint64_t)in_new * 1000003 ^ (uint64_t)in_cur;
	if (now - MAX(in_new, in_cur) < 1000000000)
		mixed ^= (uint64_t)now * 7919;
	*stamp = (int64_t)mixed;
	return true;
}
