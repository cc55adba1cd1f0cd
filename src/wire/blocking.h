/* SPDX-License-Identifier: MIT
 *
 * The parent's side of dewey-wire(7) for a thread that waits: one of our programs
 * is asked one thing after the other, and started again when it is gone.  (parent.h
 * is for a main loop that never waits.)
 *
 * It is started by the first wire_blocking_ask(), with a socket pair as its stdin and
 * stdout and our hello sent.  Not to be used by two threads at once. */
#ifndef DEWEY_WIRE_BLOCKING_H
#define DEWEY_WIRE_BLOCKING_H

#include "base/sandbox.h"
#include "wire/record.h"

struct wire_blocking;
typedef struct wire_blocking wire_blocking;

/* program: by its bare name (kept, not copied).  end_signal: what ends it. */
struct wire_blocking *wire_blocking_new(const char *program, int end_signal);
void wire_blocking_free(struct wire_blocking *b);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(wire_blocking, wire_blocking_free)

/* What follows --wire when it is started the next time; argument is copied, NULL:
 * nothing. */
void wire_blocking_set_argument(struct wire_blocking *b, const char *argument);

/* Starts it if it is not running.  *anew (may be NULL): it knows nothing of what was
 * said before.  Error: of socketpair() or of g_spawn: why it could not be started. */
bool wire_blocking_start(struct wire_blocking *b, bool *anew, GError **error);

/* Ends it and says how it ended, as waitpid() does; 0 if it was not running. */
int wire_blocking_stop(struct wire_blocking *b);

/* status as wire_blocking_stop() has it: it ended because `sandbox = require` refused to
 * begin.  Then a sentence that says so and what is missing for its role, to be freed;
 * else NULL. */
char *wire_blocking_unconfined(
	const struct wire_blocking *b, int status, enum sandbox_role role);

bool wire_blocking_runs(const struct wire_blocking *b);

/* Sends r with a new id.  False: it is gone, stop it and start it again. */
bool wire_blocking_send(
	struct wire_blocking *b, struct record *r, const int *fds, size_t n_fds);
/* An answer to a question of the request under way. */
void wire_blocking_answer(struct wire_blocking *b, struct record *r);

/* A wait ends when fd (borrowed) can be read, WIRE_WAIT_STOPPED; -1: none does. */
void wire_blocking_set_stop(struct wire_blocking *b, int fd);

enum wire_wait {
	WIRE_WAIT_DONE, /* *answer is "done" or "failed" of the request */
	WIRE_WAIT_EVENT, /* *answer is another event of it */
	WIRE_WAIT_TIMEOUT,
	WIRE_WAIT_STOPPED,
	WIRE_WAIT_ENDED, /* it closed its end */
};

/* Waits for the next record of the request that was sent last, until `until` (of
 * clock_monotonic(), milliseconds).  Records of others are read over; "failed" without
 * an id is ours.  *answer: to be freed, NULL where there is none. */
enum wire_wait wire_blocking_wait(
	struct wire_blocking *b, int64_t until, struct record **answer);

#endif
