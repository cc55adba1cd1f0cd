/* SPDX-License-Identifier: MIT
 *
 * A question of an agent, put to the person: for a password, or whether a key
 * that nothing vouches for is to be trusted (dewey-wire(7), ask). */
#ifndef DEWEY_UI_ASKING_H
#define DEWEY_UI_ASKING_H

#include "wire/record.h"

struct ui;

struct asking {
	/* Called once; text NULL: nobody answers.  ask is the event. */
	void (*answer)(struct ui *ui, const struct record *ask, const char *text, void *data);
	void *data;
	GDestroyNotify free; /* of data, after answer; NULL: nothing */
};

/* event is copied; account is its word. */
void asking_put(
	struct ui *ui, const struct record *event, const char *account, const struct asking *a);

/* Whether the question is for a password. */
bool asking_is_for_password(const struct record *event);

#endif
