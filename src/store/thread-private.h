/* SPDX-License-Identifier: MIT
 *
 * What the files of threads share: thread.c joins by Message-IDs and puts into
 * order, thread-group.c parts and joins anew, thread-subject.c guesses.
 *
 * A thread is what hangs together by links from a node to its parent: that in the
 * table node, which a header told; and those in the table kin.  A link by hand
 * counts instead of all others of its node. */
#ifndef DEWEY_STORE_THREAD_PRIVATE_H
#define DEWEY_STORE_THREAD_PRIVATE_H

#include "store/index-private.h"
#include "store/thread.h"

enum kin {
	KIN_TIE = 0,     /* what another header told of the same node */
	KIN_SUBJECT = 1, /* an answer that names no other letter, by its subject */
	KIN_HAND = 2,    /* what a person said; parent 0: it begins a thread */
	/* Of node 0 only: the index has words that were decrypted (again.h). */
	KIN_DECRYPTED = 3,
};

/* Whether there are links by hand at all. */
bool thread_has_hand(struct index *ix, bool *has, GError **error);

/* Whether the node has a link of this kind, and to what. */
bool kin_get(
	struct index *ix, int64_t node, enum kin kind, bool *has, int64_t *parent, GError **error);
/* It has this one and no other of its kind; has false: none. */
bool kin_set(
	struct index *ix, int64_t node, enum kin kind, bool has, int64_t parent, GError **error);

/* A name that no thread has. */
bool thread_new_name(struct index *ix, int64_t *thread, GError **error);

/* Two threads are one; *keep: 0 or its name, then that of both. */
bool thread_merge(struct index *ix, int64_t *keep, int64_t other, GError **error);

/* The links of a node are others now: what hung together falls apart, or comes
 * together. */
bool thread_relink(struct index *ix, int64_t node, GError **error);

/* The thread of a node, 0: it has none. */
bool thread_of_node(struct index *ix, int64_t node, int64_t *thread, GError **error);

#endif
