/* SPDX-License-Identifier: MIT
 *
 * When letters of the outbox go by themselves.  The outbox is looked at every minute,
 * because other programs queue letters too, agents die and clocks are put right; what
 * a dead agent had is put where it belongs then. */
#ifndef DEWEY_UI_DUE_H
#define DEWEY_UI_DUE_H

#include "base/base.h"

struct outbox_item;
struct ui;
struct due;

/* send(account, data) is called when the time of one of its letters has come. */
struct due *due_new(struct ui *ui, void (*send)(const char *account, void *data), void *data);
void due_free(struct due *d);

/* Looks at the outbox now, on the actions thread, and from now on. */
void due_look(struct due *d);

/* An agent is at work for the account: nothing is due there until it has ended, and
 * what it has left lying a minute after that.  stopped: by a person, then not before
 * somebody asks.  The end is a reason to look. */
void due_begins(struct due *d, const char *account);
void due_ended(struct due *d, const char *account, bool stopped);

/* When an agent has something to do for the item, in seconds; a time that is past
 * counts.  0: not by itself. */
int64_t due_of(const struct due *d, const struct outbox_item *item);

#endif
