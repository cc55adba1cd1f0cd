/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/fdio.h"
#include "ui/letter-at.h"
#include "ui/letters.h"

struct letter_at *letter_at_row(const struct message_row *row)
{
	struct letter_at *at = g_new0(struct letter_at, 1);
	at->folder = g_strdup(row->folder);
	at->file = g_strdup(row->file);
	at->title = g_strdup(row->subject);
	at->partial = row->partial;
	at->within = g_ptr_array_new_with_free_func(g_free);
	return at;
}

struct letter_at *letter_at_copy(const struct letter_at *from)
{
	struct letter_at *at = g_new0(struct letter_at, 1);
	at->folder = g_strdup(from->folder);
	at->file = g_strdup(from->file);
	at->title = g_strdup(from->title);
	at->partial = from->partial;
	at->within = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < from->within->len; i++)
		g_ptr_array_add(at->within, g_strdup(from->within->pdata[i]));
	return at;
}

struct letter_at *letter_at_part(const struct letter_at *outer, const char *path, const char *title)
{
	struct letter_at *at = letter_at_copy(outer);
	g_free(at->title);
	at->title = g_strdup(title);
	g_ptr_array_add(at->within, g_strdup(path));
	return at;
}

void letter_at_free(struct letter_at *at)
{
	if (!at)
		return;
	g_free(at->folder);
	g_free(at->file);
	g_free(at->title);
	g_ptr_array_unref(at->within);
	g_free(at);
}

/* The part as a letter, in memory; takes fd. */
static int step_in(struct room *room, int fd, const char *path, GError **error)
{
	struct crypt_reading r = room_reading(room);
	int inner = memfd_create("letter", MFD_CLOEXEC);
	if (inner < 0)
		fdio_fail(error, "memfd_create", "letter");
	if (inner >= 0 && !crypt_read_part(&r, fd, path, inner, error)) {
		close(inner);
		inner = -1;
	}
	close(fd);
	return inner;
}

int letter_at_open(struct room *room, const struct letter_at *at, GError **error)
{
	int fd = letter_open(room, at->folder, at->file, error);
	for (guint i = 0; fd >= 0 && i < at->within->len; i++)
		fd = step_in(room, fd, at->within->pdata[i], error);
	return fd;
}
