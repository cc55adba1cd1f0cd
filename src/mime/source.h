/* SPDX-License-Identifier: MIT
 *
 * The octets of a letter, as a GMimeStream that reads a descriptor by pread()
 * and never holds more of it than a window, so that a letter of 2 GB costs no
 * memory.
 *
 * While the structure is parsed the stream shows the letter with the edits of
 * limits.h (each octet replaced by one octet, so that offsets stay true); after
 * source_show_raw() every stream and substream of it shows the octets as they
 * are: bodies are read then. */
#ifndef DEWEY_MIME_SOURCE_H
#define DEWEY_MIME_SOURCE_H

#include "mime/gmime.h"

struct source;
typedef struct source source;

/* One octet shown instead of another. */
struct source_edit {
	int64_t offset;
	char octet;
};

/* fd: a regular file, duplicated; its offset is not used.  Error: errno. */
struct source *source_new(int fd, GError **error);
/* The same over octets in memory (taken). */
struct source *source_new_bytes(GBytes *bytes);
struct source *source_ref(struct source *s);
void source_unref(struct source *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(source, source_unref)

/* The letter ends after so many octets, as far as anybody can see. */
void source_limit(struct source *s, int64_t octets);

int64_t source_length(const struct source *s);

/* Raw octets at offset; what was read, at least 1 before the end, 0 at it, -1
 * on an error.  *data stays good until the next call on s. */
ssize_t source_peek(struct source *s, int64_t offset, const char **data);
/* The same, and as much of it as a window holds. */
ssize_t source_peek_wide(struct source *s, int64_t offset, const char **data);

void source_edit(struct source *s, int64_t offset, char octet);
/* A letter whose lines end in bare CR is shown with LF instead, always. */
void source_set_bare_cr(struct source *s);
void source_show_raw(struct source *s);

/* From start to the end of the letter. */
GMimeStream *source_stream(struct source *s, int64_t start);

#endif
