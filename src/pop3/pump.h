/* SPDX-License-Identifier: MIT
 *
 * The pump: runs a plan over an open session, RETR, TOP and DELE in one
 * pipeline, in the order that loses nothing (CHECKLIST P-55 to P-63).
 *
 *   pump_new → pump_run (any number of plans) → pump_quit → pump_free
 *
 * After an error only pump_free() makes sense; what came whole until then is
 * stored, and what of it is owed a DELE says so in the ledger. */
#ifndef DEWEY_POP3_PUMP_H
#define DEWEY_POP3_PUMP_H

#include "pop3/policy.h"
#include "pop3/visit.h"

struct pump;
typedef struct pump pump;

/* visit: logged in; it and result must outlive the pump. */
struct pump *pump_new(struct visit *visit, struct fetch_result *result, GError **error);

/* Letters that have come and were not committed are forgotten. */
void pump_free(struct pump *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pump, pump_free)

/* Takes the answer to the TOP of a step: fd is a file in memory, at its begin,
 * closed by us afterwards, with the head and at most HEAD_MAX octets.
 * False with an error ends the session. */
typedef bool (*pump_preview)(const struct plan_step *step, int fd, void *data, GError **error);
void pump_on_preview(struct pump *p, pump_preview preview, void *data);

/* Something to be done once, by the next pump_run(), while the server looks for the
 * first letters; but before anything is asked for where one letter at a time is,
 * since RETR may take it out of the maildrop.  False with an error ends the
 * session. */
typedef bool (*pump_errand)(void *data, GError **error);
void pump_meanwhile(struct pump *p, pump_errand errand, void *data);

/* Does what the plan says; afterwards nothing is in flight.  A letter that the
 * server no longer has is passed over.  If the disk is full, it returns true
 * with fewer letters, and pump_quit() gives the error. */
bool pump_run(struct pump *p, struct plan *plan, GError **error);

/* QUIT, which makes the server delete, and what became of it into the ledger
 * and the result (P-59). */
bool pump_quit(struct pump *p, GError **error);

#endif
