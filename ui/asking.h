/* SPDX-License-Identifier: MIT
 *
 * A question of an agent, put to the person: for a password, or whether a key
 * that nothing vouches for is to be trusted (dewey-wire(7), ask). */
#ifndef DEWEY_UI_ASKING_H
#define DEWEY_UI_ASKING_H

#include "wire/record.h"

struct ui;

struct asking {
	const char *account; /* its word */
	bool sends;          /* it is the submission server that wants to know */
	bool again;          /* this request had a password already, and it will not do */
	bool unasked;        /* no person began this: whoever gave no password before, or did
				not accept this key, is not asked again */
	/* Called once; text NULL: nobody answers.  ask is the event. */
	void (*answer)(struct ui *ui, const struct record *ask, const char *text, void *data);
	void *data;
	GDestroyNotify free; /* of data, after answer; NULL: nothing */
};

/* event is copied.  A password that was typed before answers at once. */
void asking_put(struct ui *ui, const struct record *event, const struct asking *a);

/* The last event of a request: a password that was refused is forgotten. */
void asking_ended(struct ui *ui, const struct record *last, const char *account, bool sends);

#endif
