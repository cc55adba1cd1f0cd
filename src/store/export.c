/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/export-private.h"
#include "store/fail.h"
#include "store/maildir.h"

struct exporter {
	struct store *store;
	struct index *ix;
	const char *path;
	const struct export_options *options;
	struct export_result *result;
	FILE *out; /* of an mbox */
};

enum export_format export_format_of(const char *path)
{
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return maildir_is(path) ? EXPORT_MAILDIR : EXPORT_EML;
	if (g_str_has_suffix(path, "/"))
		return EXPORT_MAILDIR;
	return strcmp(path, "-") == 0 || g_str_has_suffix(path, ".mbox") ? EXPORT_MBOXRD
									 : EXPORT_NONE;
}

/* --- an mbox -------------------------------------------------------------------- */

static bool write_mbox(struct exporter *x, const struct message_row *row, int fd, GError **error)
{
	if (!export_to_mbox(fd, row, x->options->format, x->out, error))
		return false;
	if (ferror(x->out))
		return store_fail("write", x->path, error);
	x->result->messages++;
	return true;
}

/* --- files of their own ------------------------------------------------------------ */

static bool copy_octets(int from, int to, const char *name, GError **error)
{
	enum { CHUNK = 128 * 1024 };
	g_autofree char *buffer = g_malloc(CHUNK);
	ssize_t n;
	while ((n = read(from, buffer, CHUNK)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && !store_adopt(fdio_write_all(to, buffer, (size_t)n, error), error))
			return false;
	return n == 0 || store_fail("read", name, error);
}

static bool is_same(const char *path, int fd)
{
	struct stat there, here;
	return lstat(path, &there) == 0 && fstat(fd, &here) == 0 && S_ISREG(there.st_mode) &&
	       there.st_size == here.st_size;
}

/* Written beside it and renamed, so that what has the name is whole. */
static bool copy_file(
	struct exporter *x, int fd, const char *part, const char *path, GError **error)
{
	unlink(part);
	int to = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (to < 0)
		return store_fail("open", part, error);
	bool ok = copy_octets(fd, to, path, error);
	ok = store_close(to, part, ok ? error : NULL) && ok;
	ok = ok && (rename(part, path) == 0 || store_fail("rename", path, error));
	if (!ok)
		unlink(part);
	else
		x->result->messages++;
	return ok;
}

/* Under the same base name, by which the next run finds it whatever its flags are then. */
static bool write_maildir(struct exporter *x, const struct message_row *row, int fd, GError **error)
{
	struct maildir_place there = {0};
	g_autofree char *base = maildir_base(row->file);
	bool found = maildir_find(x->path, base, &there, NULL);
	g_autofree char *old =
		found ? g_build_filename(x->path, there.in_new ? "new" : "cur", there.file, NULL)
		      : NULL;
	maildir_place_clear(&there);
	if (old && is_same(old, fd)) {
		x->result->skipped++;
		return true;
	}
	g_autofree char *part = g_build_filename(x->path, "tmp", base, NULL);
	g_autofree char *path =
		old ? g_strdup(old)
		    : g_build_filename(x->path, row->is_new ? "new" : "cur", row->file, NULL);
	return copy_file(x, fd, part, path, error);
}

/* "2026-01-05 The plan 1f0c2d3e.eml": the last word tells equal ones apart, and is the
 * same in the next run. */
static char *eml_name(const struct message_row *row)
{
	enum { LONGEST = 60 };
	g_autofree char *base = maildir_base(row->file);
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, base, -1);
	g_autofree char *subject = g_utf8_strlen(row->subject, -1) > LONGEST
					   ? g_utf8_substring(row->subject, 0, LONGEST)
					   : g_strdup(row->subject);
	g_strdelimit(subject, "/\\:*?\"<>|", '_');
	time_t when = (time_t)CLAMP(row->date, 0, INT32_MAX);
	struct tm tm;
	localtime_r(&when, &tm);
	return g_strdup_printf("%04d-%02d-%02d %s %.8s.eml", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, *subject ? subject : "_", sum);
}

static bool write_eml(struct exporter *x, const struct message_row *row, int fd, GError **error)
{
	g_autofree char *name = eml_name(row);
	g_autofree char *path = g_build_filename(x->path, name, NULL);
	g_autofree char *part = g_strconcat(path, ".part", NULL);
	if (!is_same(path, fd))
		return copy_file(x, fd, part, path, error);
	x->result->skipped++;
	return true;
}

/* --- all of them ------------------------------------------------------------------- */

static bool write_letter(struct exporter *x, const struct message_row *row, int fd, GError **error)
{
	switch (x->options->format) {
	case EXPORT_NONE:
		break;
	case EXPORT_MBOXRD:
	case EXPORT_MBOXCL2:
		return write_mbox(x, row, fd, error);
	case EXPORT_MAILDIR:
		return write_maildir(x, row, fd, error);
	case EXPORT_EML:
		return write_eml(x, row, fd, error);
	}
	g_assert_not_reached();
}

static int open_letter(struct exporter *x, struct message_row *row, GError **error)
{
	g_autofree char *base = maildir_base(row->file);
	g_autofree char *path = store_folder_path(x->store, row->folder, error);
	struct maildir_place hint = {row->is_new, row->file}, place = {0};
	int fd = path ? maildir_open(path, base, &hint, &place, error) : -1;
	if (fd < 0)
		return fd;
	/* Where it is now, with the flags of now. */
	g_free(row->file);
	row->file = g_steal_pointer(&place.file);
	row->is_new = place.in_new;
	row->flags = maildir_flags(row->file);
	return fd;
}

static bool count_missing(struct exporter *x, GError *why, GError **error)
{
	if (!g_error_matches(why, STORE_ERROR, STORE_ERROR_MISSING)) {
		g_propagate_error(error, why);
		return false;
	}
	g_error_free(why);
	x->result->missing++;
	return true;
}

static bool export_one(struct exporter *x, int64_t id, GError **error)
{
	GError *why = NULL;
	g_autoptr(message_row) row = index_message(x->ix, id, &why);
	if (row && row->partial) {
		x->result->previews++;
		return true;
	}
	int fd = row ? open_letter(x, row, &why) : -1;
	if (fd < 0)
		return count_missing(x, why, error);
	bool ok = write_letter(x, row, fd, error);
	close(fd);
	return ok;
}

static bool export_all(struct exporter *x, const GArray *ids, GError **error)
{
	const struct export_options *o = x->options;
	for (guint i = 0; i < ids->len; i++) {
		if (o->progress && !o->progress(x->result, o->data)) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_CANCELLED,
				_("the export was stopped"));
			return false;
		}
		if (!export_one(x, g_array_index(ids, int64_t, i), error))
			return false;
	}
	return true;
}

static bool end_mbox(struct exporter *x, const char *part, bool ok, GError **error)
{
	bool synced = ok && fflush(x->out) == 0 && (!part || fsync(fileno(x->out)) == 0);
	if (ok && !synced)
		store_fail("write", x->path, error);
	if (part)
		fclose(x->out);
	if (synced && (!part || rename(part, x->path) == 0))
		return true;
	if (synced)
		store_fail("rename", x->path, error);
	if (part)
		unlink(part);
	return false;
}

static bool export_mbox(struct exporter *x, const GArray *ids, GError **error)
{
	bool to_stdout = strcmp(x->path, "-") == 0;
	g_autofree char *part = to_stdout ? NULL : g_strconcat(x->path, ".part", NULL);
	if (part && g_file_test(x->path, G_FILE_TEST_EXISTS)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
			_("'%s' is there already; name another file, or remove it first"), x->path);
		return false;
	}
	int fd =
		part ? open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	if (part && fd < 0)
		return store_fail("open", part, error);
	x->out = part ? fdopen(fd, "wb") : stdout;
	g_assert(x->out);
	return end_mbox(x, part, export_all(x, ids, error), error);
}

/* Not synced one by one: the letters are still in the store. */
static bool export_directory(struct exporter *x, const GArray *ids, GError **error)
{
	if (x->options->format == EXPORT_MAILDIR) {
		if (!maildir_is(x->path) && !maildir_make(x->path, error))
			return false;
	} else if (g_mkdir_with_parents(x->path, 0700) != 0) {
		return store_fail("mkdir", x->path, error);
	}
	bool ok = export_all(x, ids, error);
	int fd = open(x->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || syncfs(fd) != 0)
		ok = store_fail("sync", x->path, ok ? error : NULL) && ok;
	if (fd >= 0)
		close(fd);
	return ok;
}

bool export_messages(struct store *s, const GArray *ids, const char *path,
	const struct export_options *options, struct export_result *result, GError **error)
{
	struct exporter x = {s, store_index(s, error), path, options, result, NULL};
	*result = (struct export_result){0};
	if (!x.ix)
		return false;
	return options->format == EXPORT_MBOXRD || options->format == EXPORT_MBOXCL2
		       ? export_mbox(&x, ids, error)
		       : export_directory(&x, ids, error);
}
