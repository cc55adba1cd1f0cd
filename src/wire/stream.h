/* SPDX-License-Identifier: MIT
 *
 * Lines over a descriptor, with descriptors beside them: what child and parent
 * are made of, and the blocking client of dewey-mime.  On a pipe (a run by
 * hand) it works too, without descriptors. */
#ifndef DEWEY_WIRE_STREAM_H
#define DEWEY_WIRE_STREAM_H

#include "base/base.h"
#include "wire/record.h"

struct wire_stream;
typedef struct wire_stream wire_stream;

/* Does not own the descriptors. */
struct wire_stream *wire_stream_new(int in, int out);
void wire_stream_free(struct wire_stream *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(wire_stream, wire_stream_free)

/* Reads once (blocking if the descriptor is); false at end of input or error,
 * where *error is set only for an error.  EAGAIN is success with nothing. */
bool wire_stream_fill(struct wire_stream *s, GError **error);

/* The next complete record already read, or NULL: fill, or a bad line, where
 * *error is set and the line is skipped. */
struct record *wire_stream_take(struct wire_stream *s, GError **error);

/* The descriptors received so far, oldest first, moved to the caller. */
void wire_stream_take_fds(struct wire_stream *s, GArray *fds);

/* Writes one record, whole, waiting where it must (also on a non-blocking
 * descriptor). */
bool wire_stream_send(struct wire_stream *s, const struct record *r, const int *fds, size_t n_fds,
	GError **error);

/* From true on records without descriptors are kept; with false they are written,
 * in one piece.  In between no answer may be waited for. */
bool wire_stream_hold(struct wire_stream *s, bool hold, GError **error);

#endif
