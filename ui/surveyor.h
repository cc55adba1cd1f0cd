/* SPDX-License-Identifier: MIT
 *
 * Errands of the server view: requests to dewey-pop3 about what lies on a server,
 * one after the other for each account, while nothing is being fetched there. */
#ifndef DEWEY_UI_SURVEYOR_H
#define DEWEY_UI_SURVEYOR_H

#include "wire/record.h"

struct ui;
struct surveyor;

struct surveyor *surveyor_new(struct ui *ui);
/* The agents finish the letter they are at and end. */
void surveyor_free(struct surveyor *s);

struct errand {
	struct record *request; /* without its account; taken */
	/* Every event but questions; the last one is "done" or "failed", also for an
	 * errand that was never begun. */
	void (*event)(const struct record *event, bool last, void *data);
	/* Where the server takes no log-in yet the errand waits instead of failing,
	 * behind the event "wait"; then this is the request.  NULL: nothing is wanted
	 * any more.  An errand without it fails. */
	struct record *(*again)(void *data);
	void *data;
	GDestroyNotify free; /* of data, after the last event or when all ends */
};

/* Takes what errand points to.  If the account is being fetched the errand waits
 * until surveyor_go_on(). */
void surveyor_send(struct surveyor *s, const char *account, const struct errand *errand);
void surveyor_go_on(struct surveyor *s); /* s may be NULL */

/* account NULL: all.  False: nothing is going on. */
bool surveyor_cancel(struct surveyor *s, const char *account);
bool surveyor_busy(const struct surveyor *s);

/* Nobody looks any more: agents that have nothing to do end.  s may be NULL. */
void surveyor_rest(struct surveyor *s);

#endif
