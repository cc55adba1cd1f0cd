/* SPDX-License-Identifier: MIT */
#include "compose/pieces.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/path.h"
#include "base/sanitize.h"
#include "compose/draft.h"

enum { CHUNK_LINES = 1024, CHUNK = CHUNK_LINES * BASE64_LINE };

struct piece {
	GString *text; /* or NULL: */
	struct file_look *file;
	enum file_way way;
};

struct pieces {
	GPtrArray *rows; /* of struct piece */
};

static bool refuse(GError **error, const char *path, const char *why)
{
	g_autofree char *shown = g_filename_display_name(path);
	g_autofree char *clean = sanitize_line(shown, -1);
	g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ATTACHMENT, _("cannot attach '%s': %s"),
		clean, why);
	return false;
}

/* --- files ----------------------------------------------------------------------- */

static bool check_regular(int fd, const char *path, struct stat *st, GError **error)
{
	if (fstat(fd, st) != 0)
		return refuse(error, path, g_strerror(errno));
	if (S_ISDIR(st->st_mode))
		return refuse(error, path, _("it is a directory"));
	return S_ISREG(st->st_mode) || refuse(error, path, _("it is not a regular file"));
}

/* O_NONBLOCK: opening a FIFO must not wait for somebody to write to it. */
static int open_regular(const char *path, struct stat *st, GError **error)
{
	g_autofree char *expanded = path_expand(path);
	int fd = open(expanded, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		refuse(error, path, g_strerror(errno));
	else if (check_regular(fd, path, st, error))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Less than a chunk only at the end of the file. */
static ssize_t read_chunk(int fd, const char *path, char *chunk, GError **error)
{
	size_t len = 0;
	while (len < CHUNK) {
		ssize_t n = read(fd, chunk + len, CHUNK - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			refuse(error, path, g_strerror(errno));
			return -1;
		}
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

static bool read_head(struct file_look *f, int fd, GError **error)
{
	ssize_t n;
	do
		n = read(fd, f->head, sizeof f->head);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return refuse(error, f->path, g_strerror(errno));
	f->head_len = (size_t)n;
	if (n > 0 && f->size == 0)
		return refuse(error, f->path, _("its size is not known; attach a copy of it"));
	return true;
}

struct file_look *file_look_new(const char *path, GError **error)
{
	struct stat st;
	int fd = open_regular(path, &st, error);
	if (fd < 0)
		return NULL;
	g_autoptr(file_look) f = g_new0(struct file_look, 1);
	f->path = g_strdup(path);
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->size = st.st_size;
	f->changed = st.st_ctim;
	f->modified = st.st_mtim;
	bool ok = read_head(f, fd, error);
	close(fd);
	return ok ? g_steal_pointer(&f) : NULL;
}

void file_look_skip_envelope(struct file_look *f)
{
	const char *end = memchr(f->head, '\n', f->head_len);
	if (f->head_len >= 5 && memcmp(f->head, "From ", 5) == 0 && end)
		f->skip = end + 1 - f->head;
}

void file_look_free(struct file_look *f)
{
	if (!f)
		return;
	g_free(f->path);
	g_free(f);
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool changed(const struct file_look *f, GError **error)
{
	return refuse(error, f->path, _("it changed while it was read; send again"));
}

static bool check_same(const struct file_look *f, const struct stat *st, GError **error)
{
	bool same = f->dev == st->st_dev && f->ino == st->st_ino && f->size == st->st_size &&
		    same_time(f->changed, st->st_ctim) && same_time(f->modified, st->st_mtim);
	return same || changed(f, error);
}

bool file_look_measure(struct file_look *f, GError **error)
{
	struct stat st;
	int fd = open_regular(f->path, &st, error);
	if (fd < 0)
		return false;
	g_autofree char *chunk = g_malloc(CHUNK);
	ssize_t n = -1;
	f->shape = (struct shape){0};
	while (check_same(f, &st, error) && (n = read_chunk(fd, f->path, chunk, error)) > 0 &&
		f->shape.len <= (uint64_t)f->size)
		shape_feed(&f->shape, chunk, (size_t)n);
	shape_end(&f->shape);
	close(fd);
	return n >= 0;
}

/* --- the row --------------------------------------------------------------------- */

static void piece_free(void *data)
{
	struct piece *p = data;
	if (p->text)
		g_string_free(p->text, TRUE);
	file_look_free(p->file);
	g_free(p);
}

struct pieces *pieces_new(void)
{
	struct pieces *p = g_new0(struct pieces, 1);
	p->rows = g_ptr_array_new_with_free_func(piece_free);
	return p;
}

void pieces_free(struct pieces *p)
{
	if (!p)
		return;
	g_ptr_array_unref(p->rows);
	g_free(p);
}

GString *pieces_text(struct pieces *p)
{
	struct piece *last = p->rows->len ? p->rows->pdata[p->rows->len - 1] : NULL;
	if (!last || !last->text) {
		last = g_new0(struct piece, 1);
		last->text = g_string_new(NULL);
		g_ptr_array_add(p->rows, last);
	}
	return last->text;
}

void pieces_add_file(struct pieces *p, struct file_look *f, enum file_way way)
{
	struct piece *row = g_new0(struct piece, 1);
	row->file = f;
	row->way = way;
	g_ptr_array_add(p->rows, row);
}

GBytes *pieces_bytes(const struct pieces *p)
{
	const struct piece *only = p->rows->pdata[0];
	g_assert(p->rows->len == 1 && only->text);
	return g_bytes_new(only->text->str, only->text->len);
}

/* --- writing --------------------------------------------------------------------- */

static bool put(int fd, const char *data, size_t len, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (fdio_write_all(fd, data, len, &why))
		return true;
	g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_WRITE, _("cannot write the letter: %s"),
		why->message);
	return false;
}

/* How a file goes from one descriptor to the other. */
struct copy {
	const struct piece *piece;
	char *in, *out;
	GString *rest, *quoted; /* FILE_QUOTED: a line without its end so far; what is written */
	bool cr;                /* the chunk before ended with one */
};

static size_t copy_lines(struct copy *c, size_t len)
{
	char *to = c->out;
	for (size_t i = 0; i < len; i++) {
		if (c->cr && c->in[i] != '\n')
			*to++ = '\r';
		c->cr = c->in[i] == '\r';
		if (!c->cr)
			*to++ = c->in[i];
	}
	return (size_t)(to - c->out);
}

/* Whole lines: how the first and the last octet of one is written depends on the others. */
static bool put_quoted(struct copy *c, size_t len, int fd, GError **error)
{
	g_string_append_len(c->rest, c->in, (gssize)len);
	const char *end = len ? memrchr(c->rest->str, '\n', c->rest->len) : NULL;
	size_t whole = end ? (size_t)(end + 1 - c->rest->str) : len ? 0 : c->rest->len;
	g_string_truncate(c->quoted, 0);
	encode_quoted(c->quoted, c->rest->str, whole);
	g_string_erase(c->rest, 0, (gssize)whole);
	return put(fd, c->quoted->str, c->quoted->len, error);
}

static bool put_chunk(struct copy *c, size_t len, int fd, GError **error)
{
	if (c->piece->way == FILE_QUOTED)
		return put_quoted(c, len, fd, error);
	size_t n = c->piece->way == FILE_BASE64 ? encode_base64(c->out, c->in, len)
						: copy_lines(c, len);
	return put(fd, c->out, n, error);
}

static bool put_end(struct copy *c, int fd, GError **error)
{
	if (c->piece->way == FILE_QUOTED)
		return put_quoted(c, 0, fd, error);
	return !c->cr || put(fd, "\r", 1, error);
}

/* A file that grows as fast as it is read would never end. */
static bool put_open(struct copy *c, int from, int fd, GError **error)
{
	const struct file_look *f = c->piece->file;
	off_t left = f->size - f->skip;
	ssize_t n;
	struct stat st;
	while (left >= 0 && (n = read_chunk(from, f->path, c->in, error)) != 0) {
		if (n < 0 || !put_chunk(c, (size_t)n, fd, error))
			return false;
		left -= n;
	}
	if (left != 0)
		return changed(f, error);
	return check_regular(from, f->path, &st, error) && check_same(f, &st, error) &&
	       put_end(c, fd, error);
}

static bool seek(const struct file_look *f, int fd, GError **error)
{
	return lseek(fd, f->skip, SEEK_SET) == f->skip || refuse(error, f->path, g_strerror(errno));
}

static bool put_file(const struct piece *p, int fd, GError **error)
{
	struct stat st;
	int from = open_regular(p->file->path, &st, error);
	if (from < 0)
		return false;
	struct copy c = {.piece = p,
		.in = g_malloc(CHUNK),
		.out = g_malloc(BASE64_LENGTH(CHUNK)),
		.rest = g_string_new(NULL),
		.quoted = g_string_new(NULL)};
	posix_fadvise(from, 0, 0, POSIX_FADV_SEQUENTIAL);
	bool ok = check_same(p->file, &st, error) && seek(p->file, from, error) &&
		  put_open(&c, from, fd, error);
	g_free(c.in);
	g_free(c.out);
	g_string_free(c.rest, TRUE);
	g_string_free(c.quoted, TRUE);
	close(from);
	return ok;
}

bool pieces_write(const struct pieces *p, int fd, GError **error)
{
	for (guint i = 0; i < p->rows->len; i++) {
		const struct piece *row = p->rows->pdata[i];
		bool ok = row->text ? put(fd, row->text->str, row->text->len, error)
				    : put_file(row, fd, error);
		if (!ok)
			return false;
	}
	return true;
}
