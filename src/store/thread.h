/* SPDX-License-Identifier: MIT
 *
 * Threads: joined when a message is added, by Message-ID, References and
 * In-Reply-To; put into tree order when they are shown. */
#ifndef DEWEY_STORE_THREAD_H
#define DEWEY_STORE_THREAD_H

#include "store/index.h"

/* The number of a Message-ID (without <>) in the table node: 63 bits of its
 * SHA-1, so that nobody can make two that are equal by trying a little. */
int64_t thread_node(const char *message_id);

/* What stands for the Message-ID of a letter that has none: nothing can refer to it.
 * g_free() it. */
char *thread_own_name(const char *base);

struct thread_links {
	int64_t id;   /* of the message; a new thread is called by it */
	int64_t node; /* of the message */
	const GPtrArray *references, *in_reply_to; /* of char *; may be NULL */
};

/* Finds or begins the thread; two threads that turn out to be one are joined,
 * the smaller one is rewritten.  Inside a transaction. */
bool thread_join(struct index *ix, const struct thread_links *links, int64_t *thread,
	GError **error);

/* Sets newest as the thread's head in folder, if it is the newest. */
bool thread_raise_head(struct index *ix, int64_t folder, int64_t thread, struct list_key newest,
	GError **error);
/* Finds the head anew, after a message left the folder (or all). */
bool thread_find_head(struct index *ix, int64_t folder, int64_t thread, GError **error);

/* Puts rows (of one thread, struct message_row) into tree order and sets their
 * depth.  What is missing in between is skipped over; a loop, which only a
 * forged message makes, is cut at its oldest message. */
bool thread_sort(struct index *ix, int64_t thread, GPtrArray *rows, GError **error);

#endif
