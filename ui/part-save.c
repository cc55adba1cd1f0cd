/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "ui/part-save.h"

enum { NAMES_MOST = 100000 };

static bool fail(GError **error, const char *name)
{
	int why = errno;
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), _("cannot save to '%s': %s"),
		name,
		why == EEXIST ? _("it is there already; choose another name") : g_strerror(why));
	return false;
}

static int create(int directory, const char *name)
{
	return openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/* What could not be written whole is taken away again. */
static bool fill(const struct crypt_reading *r, int fd, const char *const *paths, int out,
	GError **error)
{
	bool ok = true;
	for (guint i = 0; ok && paths[i]; i++)
		ok = crypt_read_part(r, fd, paths[i], out, error);
	if (close(out) != 0 && ok)
		ok = fail(error, paths[0]);
	return ok;
}

bool part_save(const struct crypt_reading *r, int fd, const char *const *paths, const char *to,
	GError **error)
{
	int out = create(AT_FDCWD, to);
	if (out < 0)
		return fail(error, to);
	if (fill(r, fd, paths, out, error))
		return true;
	unlink(to);
	return false;
}

bool part_is_attached(const struct mime_part *part)
{
	/* "Version: 1" beside what is encrypted (RFC 3156 section 4). */
	if (!*part->filename && strcmp(part->type, "application/pgp-encrypted") == 0)
		return false;
	return part->disposition == MIME_ATTACHMENT || *part->filename;
}

/* Worst first. */
const char *part_danger(unsigned dangers)
{
	static const struct {
		unsigned danger;
		const char *words;
	} table[] = {
		{MIME_TWO_ENDINGS, N_("a program or page that poses as another file")},
		{MIME_RUNS, N_("a program")},
		{MIME_DISGUISED, N_("something else than it says")},
		{MIME_MACROS, N_("a document with programs in it")},
		{MIME_ACTIVE, N_("a page that may fetch from the network")},
		{MIME_PACKED, N_("an archive, nobody knows of what")},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (dangers & table[i].danger)
			return _(table[i].words);
	return NULL;
}

char *part_warning(const struct mime_part *part)
{
	unsigned dangers = mime_part_dangers(part);
	if (!(dangers & (MIME_RUNS | MIME_TWO_ENDINGS | MIME_DISGUISED | MIME_MACROS)))
		return NULL;
	/* TRANSLATORS: such as: this is a program: application/x-msdownload */
	return g_strdup_printf(
		_("this is %s: %s"), part_danger(dangers), mime_part_real_type(part));
}

/* "name-7.txt" */
static char *numbered(const char *name, guint n)
{
	const char *dot = strrchr(name, '.');
	size_t stem = dot && dot > name ? (size_t)(dot - name) : strlen(name);
	return n < 2 ? g_strdup(name)
		     : g_strdup_printf("%.*s-%u%s", (int)stem, name, n, name + stem);
}

struct saving {
	const struct crypt_reading *r;
	int fd, directory;
	GHashTable *used; /* name: the number it was given last, so that many cost no search */
};

static int create_free(struct saving *s, const char *wanted, char **name)
{
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(s->used, wanted));
	int out = -1;
	errno = EEXIST;
	while (out < 0 && errno == EEXIST && n < NAMES_MOST) {
		g_free(*name);
		*name = numbered(wanted, ++n);
		out = create(s->directory, *name);
	}
	g_hash_table_insert(s->used, g_strdup(wanted), GUINT_TO_POINTER(n));
	return out;
}

static char *save_one(struct saving *s, const struct mime_part *part, int number, GError **error)
{
	g_autofree char *wanted =
		mime_safe_filename(part->filename, mime_part_real_type(part), number);
	g_autofree char *name = NULL;
	int out = create_free(s, wanted, &name);
	if (out < 0) {
		fail(error, wanted);
		return NULL;
	}
	if (fill(s->r, s->fd, (const char *[]){part->path, NULL}, out, error))
		return g_steal_pointer(&name);
	unlinkat(s->directory, name, 0);
	return NULL;
}

static bool is_below(const char *path, const char *above)
{
	size_t n = strlen(above);
	return n > 0 && strncmp(path, above, n) == 0 && strchr(".!", path[n]) && path[n];
}

static bool is_box(const GPtrArray *parts, guint i)
{
	const struct mime_part *part = parts->pdata[i];
	const struct mime_part *next = i + 1 < parts->len ? parts->pdata[i + 1] : NULL;
	return next && is_below(next->path, part->path) &&
	       !g_str_has_prefix(part->type, "message/");
}

bool part_save_all(const struct crypt_reading *r, int fd, const GPtrArray *parts, const char *to,
	GPtrArray *saved, GError **error)
{
	struct saving s = {r, fd, open(to, O_DIRECTORY | O_CLOEXEC | O_RDONLY), NULL};
	const char *above = "";
	bool ok = true;
	if (s.directory < 0)
		return fail(error, to);
	s.used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; ok && i < parts->len; i++) {
		const struct mime_part *part = parts->pdata[i];
		if (!part_is_attached(part) || is_below(part->path, above) || is_box(parts, i) ||
			*part->note || g_str_has_prefix(part->type, "multipart/"))
			continue;
		char *name = save_one(&s, part, (int)i + 1, error);
		ok = name != NULL;
		if (ok)
			g_ptr_array_add(saved, name);
		above = part->path;
	}
	g_hash_table_unref(s.used);
	close(s.directory);
	return ok;
}
