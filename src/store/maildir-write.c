/* SPDX-License-Identifier: MIT
 *
 * What changes a Maildir: flags, moving, copying, delivering. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/fail.h"
#include "store/maildir.h"

static char *place_path(const char *path, bool in_new, const char *file)
{
	return g_build_filename(path, in_new ? "new" : "cur", file, NULL);
}

/* Never over another file: two messages may have got the same base name by
 * somebody's cp.  Where the file system does not know the flag, what is
 * between the look and the rename is as long as it was for every mail program
 * before. */
static int rename_new(const char *from, const char *to)
{
	struct stat st;
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (lstat(to, &st) == 0) {
		errno = EEXIST;
		return -1;
	}
	return rename(from, to);
}

static bool sync_part(const char *path, const char *part, GError **error)
{
	g_autofree char *name = g_build_filename(path, part, NULL);
	return store_adopt(fdio_sync_directory(name, error), error);
}

bool maildir_sync(const char *path, GError **error)
{
	return sync_part(path, "cur", error) && sync_part(path, "new", error);
}

/* One try to rename what is at place to target's cur. */
struct renaming {
	const char *from, *to, *base;
	unsigned set, clear;
	bool fresh;                          /* under a new base name */
	const struct maildir_wanted *wanted; /* NULL: nothing more */
};

static bool same_info(const char *a, const char *b)
{
	return strcmp(a + maildir_base_length(a), b + maildir_base_length(b)) == 0;
}

/* The file name it gets, and in which part. */
static char *renamed_file(const struct renaming *r, const char *file, bool *in_new)
{
	const struct maildir_wanted *w = r->wanted;
	g_autofree char *unique = r->fresh ? maildir_unique_name() : NULL;
	const char *base = unique ? unique : w ? w->base : NULL;
	g_autofree char *source =
		g_strconcat(base ? base : "", base ? file + maildir_base_length(file) : file, NULL);
	g_autofree char *flagged = maildir_file_name(source, r->set, r->clear);
	g_autofree char *name = w && w->respell ? w->respell(flagged, w->data)
						: g_steal_pointer(&flagged);
	g_autofree char *plain = w && w->file ? maildir_file_name(w->file, 0, 0) : NULL;
	*in_new = plain && !r->fresh && w->in_new && same_info(name, plain);
	if (plain && !r->fresh && same_info(name, plain))
		return g_strdup(w->file);
	return g_steal_pointer(&name);
}

static bool same_place(
	const struct renaming *r, const struct maildir_place *place, const struct maildir_place *to)
{
	return strcmp(r->from, r->to) == 0 && place->in_new == to->in_new &&
	       strcmp(to->file, place->file) == 0;
}

static bool try_rename(const struct renaming *r, struct maildir_place *place)
{
	bool in_new;
	g_autofree char *file = renamed_file(r, place->file, &in_new);
	g_autofree char *target = place_path(r->to, in_new, file);
	if (same_place(r, place, &(struct maildir_place){in_new, file}))
		return access(target, F_OK) == 0;
	g_autofree char *source = place_path(r->from, place->in_new, place->file);
	if (rename_new(source, target) != 0)
		return false;
	g_free(place->file);
	place->file = g_steal_pointer(&file);
	place->in_new = in_new;
	return true;
}

static bool set_missing(const struct renaming *r, GError **error)
{
	if (error && !*error)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
			_("the message '%s' is no longer in '%s'"), r->base, r->from);
	return false;
}

static bool fail_rename(const struct renaming *r, const char *file, int why, GError **error)
{
	errno = why;
	if (why != EXDEV)
		return store_fail("rename", file, error);
	g_set_error(error, STORE_ERROR, STORE_ERROR_DISK,
		_("cannot move '%s' to '%s', which is another file system; copy it there and "
		  "delete it here"),
		r->base, r->to);
	return false;
}

/* The name is taken, or there is no room in it for flags. */
static bool wants_other_name(int why)
{
	return why == EEXIST || why == ENAMETOOLONG;
}

/* Other programs rename too: what is not where it was is looked for by its
 * base name, and the flags it has by then are the ones that stay. */
static bool rename_message(struct renaming *r, struct maildir_place *place, GError **error)
{
	if (!place->file && !maildir_find(r->from, r->base, place, error))
		return set_missing(r, error);
	int why = 0;
	for (int tries = 0; tries < 5; tries++) {
		if (try_rename(r, place))
			return true;
		why = errno;
		if (wants_other_name(why))
			r->fresh = true;
		else if (!maildir_is_elsewhere(why))
			break;
		else if (!maildir_find(r->from, r->base, place, error))
			return set_missing(r, error);
	}
	return fail_rename(r, place->file, why, error);
}

bool maildir_set_flags(const char *path, const char *base, unsigned set, unsigned clear,
	struct maildir_place *place, GError **error)
{
	struct renaming r = {path, path, base, set, clear, false, NULL};
	return rename_message(&r, place, error);
}

bool maildir_transfer(const char *from, const char *to, const char *base, unsigned set,
	unsigned clear, struct maildir_place *place, GError **error)
{
	struct renaming r = {from, to, base, set, clear, false, NULL};
	return rename_message(&r, place, error);
}

bool maildir_restore(const char *from, const char *to, const char *base,
	const struct maildir_wanted *wanted, struct maildir_place *place, GError **error)
{
	struct renaming r = {from, to, base, wanted->flags & wanted->mask,
		wanted->mask & ~wanted->flags, false, wanted};
	return rename_message(&r, place, error);
}

bool maildir_move(const char *from, const char *to, const char *base, unsigned set, unsigned clear,
	struct maildir_place *place, GError **error)
{
	/* The new place first: a crash between the two may leave the message in
	 * both folders, never in none. */
	return maildir_transfer(from, to, base, set, clear, place, error) &&
	       sync_part(to, "cur", error) && maildir_sync(from, error);
}

bool maildir_remove(const char *path, const char *base, GError **error)
{
	struct renaming r = {.from = path, .base = base};
	struct maildir_place place = {0};
	bool gone = false;
	while (!gone && maildir_find(path, base, &place, error)) {
		g_autofree char *name = place_path(path, place.in_new, place.file);
		gone = unlink(name) == 0;
		if (!gone && errno != ENOENT) {
			maildir_place_clear(&place);
			return store_fail("unlink", name, error);
		}
	}
	maildir_place_clear(&place);
	return gone || set_missing(&r, error);
}

/* --- delivering --------------------------------------------------------------- */

int maildir_spool(int tmp, char **base, GError **error)
{
	for (;;) {
		g_autofree char *name = maildir_unique_name();
		int fd = openat(
			tmp, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd >= 0)
			*base = g_steal_pointer(&name);
		else if (errno == EEXIST)
			continue;
		else
			store_fail("open", name, error);
		return fd;
	}
}

struct copying {
	const char *path; /* of the folder */
	char *base, *spooled;
	int fd;
};

static bool begin_copy(struct copying *c, GError **error)
{
	g_autofree char *tmp = g_build_filename(c->path, "tmp", NULL);
	int dir = open(tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return store_fail("open", tmp, error);
	c->fd = maildir_spool(dir, &c->base, error);
	close(dir);
	if (c->fd >= 0)
		c->spooled = g_build_filename(tmp, c->base, NULL);
	return c->fd >= 0;
}

/* The order of DESIGN section 3: synced, renamed, directory synced. */
static bool end_copy(struct copying *c, unsigned flags, GError **error)
{
	g_autofree char *file = flags ? maildir_file_name(c->base, flags, 0) : g_strdup(c->base);
	g_autofree char *target = place_path(c->path, flags == 0, file);
	bool ok = store_adopt(fdio_sync(c->fd, c->spooled, error), error);
	if (!store_close(c->fd, c->spooled, ok ? error : NULL))
		ok = false;
	c->fd = -1;
	if (ok && rename_new(c->spooled, target) != 0)
		ok = store_fail("rename", target, error);
	if (!ok)
		return false;
	g_clear_pointer(&c->spooled, g_free);
	return sync_part(c->path, flags ? "cur" : "new", error);
}

/* What did not come to its end is taken away; the base name, if it did. */
static char *finish_copy(struct copying *c, bool ok)
{
	if (c->fd >= 0)
		close(c->fd);
	if (c->spooled)
		unlink(c->spooled);
	g_free(c->spooled);
	if (!ok)
		g_clear_pointer(&c->base, g_free);
	return c->base;
}

char *maildir_deliver(
	const char *path, const void *data, size_t len, unsigned flags, GError **error)
{
	struct copying c = {.path = path, .fd = -1};
	bool ok = begin_copy(&c, error) &&
		  store_adopt(fdio_write_all(c.fd, data, len, error), error) &&
		  end_copy(&c, flags, error);
	return finish_copy(&c, ok);
}

static bool copy_bytes(int from, int to, GError **error)
{
	char chunk[65536];
	for (;;) {
		ssize_t n = read(from, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return store_fail("read", "", error);
		if (n == 0)
			return true;
		if (!store_adopt(fdio_write_all(to, chunk, (size_t)n, error), error))
			return false;
	}
}

char *maildir_copy(
	const char *from, const char *to, const char *base, unsigned flags, GError **error)
{
	struct copying c = {.path = to, .fd = -1};
	int source = maildir_open(from, base, NULL, NULL, error);
	if (source < 0)
		return NULL;
	bool ok = begin_copy(&c, error) && copy_bytes(source, c.fd, error) &&
		  end_copy(&c, flags, error);
	close(source);
	return finish_copy(&c, ok);
}

/* What a cut-off copy left in tmp is written over. */
static bool begin_copy_as(struct copying *c, const char *base, GError **error)
{
	c->base = g_strdup(base);
	c->spooled = g_build_filename(c->path, "tmp", base, NULL);
	c->fd = open(c->spooled, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	return c->fd >= 0 || store_fail("open", c->spooled, error);
}

bool maildir_copy_as(const char *from, const char *to, const char *source, const char *base,
	GError **error)
{
	struct copying c = {.path = to, .fd = -1};
	struct maildir_place there = {0}, place = {0};
	g_autoptr(GError) why = NULL;
	if (maildir_find(to, base, &there, &why)) {
		maildir_place_clear(&there);
		return true;
	}
	int fd = why ? -1 : maildir_open(from, source, NULL, &place, &why);
	unsigned flags = fd >= 0 ? maildir_flags(place.file) : 0;
	maildir_place_clear(&place);
	if (fd < 0) {
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	bool ok = begin_copy_as(&c, base, error) && copy_bytes(fd, c.fd, error) &&
		  end_copy(&c, flags, error);
	close(fd);
	g_autofree char *made = finish_copy(&c, ok);
	return made != NULL;
}
