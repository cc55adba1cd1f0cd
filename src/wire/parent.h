/* SPDX-License-Identifier: MIT
 *
 * The parent's side of dewey-wire(7): starts one of our programs and talks to
 * it from a GLib main context (the thread-default one), never blocking.
 *
 * Requests get an id; every event that comes back with it goes to the
 * request's handler; the last one is "done" or "failed" (a child that dies
 * fails its open requests with CODE_INTERNAL and how it ended).  Records are
 * hints: the store tells the truth if one is lost. */
#ifndef DEWEY_WIRE_PARENT_H
#define DEWEY_WIRE_PARENT_H

#include "wire/codes.h"
#include "wire/record.h"

struct wire_parent;
typedef struct wire_parent wire_parent;

/* last: this was "done" or "failed"; the handler is not called again.
 * event belongs to the caller of the handler. */
typedef void (*wire_handler)(const struct record *event, bool last, void *data);

/* argv[0] is one of our programs by its bare name; argv is copied.  The child
 * gets a socket pair as stdin and stdout; stderr is inherited unless quiet is
 * true (then it goes to report_debug).  Error: WIRE_ERROR, CODE_SYSTEM without
 * descriptors or processes (later), CODE_MISSING where the program is not
 * there or cannot be run. */
struct wire_parent *wire_parent_new(const char *const *argv, bool quiet, GError **error);

/* Closes the child's input: it finishes its current message and exits.  Open
 * requests are dropped without a call of their handlers. */
void wire_parent_free(struct wire_parent *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(wire_parent, wire_parent_free)

/* Sends the request (taken) with a new id, which is returned.  fds (may be
 * NULL) cross with it and stay the caller's.  Failure to send is told to the
 * handler, from the main loop. */
int64_t wire_parent_request(struct wire_parent *p, struct record *request, const int *fds,
	size_t n_fds, wire_handler handler, void *data);

/* {"do":"cancel"}: the request still ends with its own done or failed. */
void wire_parent_cancel(struct wire_parent *p, int64_t id);

/* The answer to an "ask" event; secret NULL: refuse.  The copy made is wiped. */
void wire_parent_answer(struct wire_parent *p, const struct record *ask, const char *secret);

/* Whether the child still runs. */
bool wire_parent_alive(const struct wire_parent *p);

#endif
