/* SPDX-License-Identifier: MIT
 *
 * The child's side of dewey-wire(7): an agent or the worker reads requests on
 * stdin and writes events on stdout, blocking.  While it waits for a server it
 * lets wire_child_poll() look for "cancel", "answer" and end of input.
 *
 *   1. wire_child_new()            writes our hello, expects the parent's
 *   2. wire_child_next()           waits for a request; NULL: end of input
 *   3. wire_child_event() …        any number, each with the request's id
 *   4. wire_child_done() or _failed()   exactly once per request
 *
 * The same calls serve a run by hand: wire_child_new_events() has no input and
 * writes events only (--events), wire_child_new_silent() none at all. */
#ifndef DEWEY_WIRE_CHILD_H
#define DEWEY_WIRE_CHILD_H

#include "wire/codes.h"
#include "wire/record.h"

#define WIRE_VERSION 1

struct wire_child;
typedef struct wire_child wire_child;

/* in, out: descriptors, not owned.  Error: CODE_VERSION names both versions
 * and the likely cause; CODE_PROTOCOL: not a hello. */
struct wire_child *wire_child_new(int in, int out, const char *program, GError **error);
struct wire_child *wire_child_new_events(int out, const char *program);
struct wire_child *wire_child_new_silent(void);
void wire_child_free(struct wire_child *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(wire_child, wire_child_free)

/* Waits for the next request; free it with record_free().  fds, if not NULL,
 * gets the descriptors that came with it (an int array, each to be closed by
 * the caller).  NULL without error: end of input, finish. */
struct record *wire_child_next(struct wire_child *c, GArray *fds, GError **error);

/* The descriptor to poll beside the socket, or -1. */
int wire_child_fd(const struct wire_child *c);

/* Reads what is there without waiting, when wire_child_fd() is readable. */
void wire_child_poll(struct wire_child *c);

/* Whether the request of this id (0: any) was cancelled, or input ended. */
bool wire_child_cancelled(const struct wire_child *c, int64_t id);

/* Asks the parent ("password", "certificate") and waits for its answer; also
 * a cancel ends the wait.  text and detail are shown to the user (sanitized by
 * the asker).  Returns the secret, to be wiped with explicit_bzero and freed,
 * or NULL: nobody can answer, or cancelled. */
char *wire_child_ask(struct wire_child *c, int64_t id, const char *what, const char *text);
/* The same, with an event of the caller's (taken), which has what and text and
 * whatever else the question needs. */
char *wire_child_ask_with(struct wire_child *c, int64_t id, struct record *ask);

/* Writes the event and frees it. id is set by the call. */
void wire_child_event(struct wire_child *c, int64_t id, struct record *event);

/* Events that come by hundreds go out in one piece: from true on they are kept,
 * with false they are written. */
void wire_child_hold(struct wire_child *c, bool hold);

/* The two ends.  done may carry results (taken); NULL for none. */
void wire_child_done(struct wire_child *c, int64_t id, struct record *done);
/* server: the server's words, or NULL.  From any GError: WIRE_ERROR's code is
 * used, others are CODE_INTERNAL, G_FILE_ERROR is CODE_DISK or, where descriptors
 * or memory are short, CODE_SYSTEM. */
void wire_child_failed(struct wire_child *c, int64_t id, const GError *error, const char *server);

/* Whether events are written at all (a run by hand without --events is not). */
bool wire_child_speaks(const struct wire_child *c);

/* The code of any error of ours, for exit statuses as well. */
enum wire_code wire_error_code(const GError *error);

#endif
