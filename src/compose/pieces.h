/* SPDX-License-Identifier: MIT
 *
 * A message as a row of texts and files, so that a letter with large attachments
 * is never in memory.  Private to this folder. */
#ifndef DEWEY_COMPOSE_PIECES_H
#define DEWEY_COMPOSE_PIECES_H

#include "compose/encode.h"

/* A file as it was when it was looked at. */
struct file_look {
	char *path; /* as it was given, for words */
	dev_t dev;
	ino_t ino;
	off_t size;
	off_t skip; /* octets that are not written */
	struct timespec changed, modified;
	char head[4096]; /* what it begins with, for its type */
	size_t head_len;
	struct shape shape; /* only if it was measured */
};

/* A regular file, or COMPOSE_ERROR_ATTACHMENT, which names it. */
struct file_look *file_look_new(const char *path, GError **error);
void file_look_free(struct file_look *f);
typedef struct file_look file_look;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(file_look, file_look_free)

/* Leaves out a line "From …" of an mbox on top, which is no header field. */
void file_look_skip_envelope(struct file_look *f);

/* How it may travel: all of it is read. */
bool file_look_measure(struct file_look *f, GError **error);

/* What becomes of its octets. */
enum file_way {
	FILE_BASE64,
	FILE_QUOTED, /* quoted-printable; no line is longer than a line of mail */
	FILE_LINES,  /* CR LF becomes LF */
};

struct pieces;
struct pieces *pieces_new(void);
void pieces_free(struct pieces *p);
typedef struct pieces pieces;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pieces, pieces_free)

GString *pieces_text(struct pieces *p); /* what is appended stands behind all so far */
void pieces_add_file(struct pieces *p, struct file_look *f, enum file_way way); /* takes f */

/* For messages without files: all of it. */
GBytes *pieces_bytes(const struct pieces *p);

/* built_letter_write(). */
bool pieces_write(const struct pieces *p, int fd, GError **error);

#endif
