/* SPDX-License-Identifier: MIT
 *
 * Invitations as cards: what, when in the reader's own time, where, who; and whether
 * they were answered.  Facts are those of dewey-wire(7), INVITATION. */
#ifndef DEWEY_UI_INVITATION_H
#define DEWEY_UI_INVITATION_H

#include "mime/client.h"
#include "store/store.h"

/* The value of that name, "" if there is none. */
const char *invitation_fact(const GPtrArray *facts, const char *name);

/* The first card of a letter, NULL: it has none. */
const struct mime_block *invitation_of(const struct mime_message *m);

/* A time of the card ("start", "end"); all_day: there is only a date.  False: there is
 * none.  A time whose zone nobody knows is taken for the reader's own. */
bool invitation_time(const GPtrArray *facts, const char *name, int64_t *when, bool *all_day);

/* "Tue, 10 March 2026, 15:00 – 16:30 (Asia/Tokyo)", the zone only where it is another
 * one; "" if no time is told; g_free() it. */
char *invitation_when(const GPtrArray *facts);

/* A time as RFC 5545 writes it, in UTC, or the day alone; NULL: none; g_free() it. */
char *invitation_basic_time(const GPtrArray *facts, const char *name);

/* What the ledger knows an event by; g_free() it. */
char *invitation_key(const GPtrArray *facts);

/* Adds what was answered, as facts of the front end, to each card of the letter. */
void invitation_recall(struct mime_message *m, struct store *s);

/* One line of the card: label and value, both to be freed. */
struct invitation_line {
	const char *label; /* translated, static; "" : as the line above */
	char *value;
	bool warns;
};
/* All lines, the head first: GArray of struct invitation_line; g_array_unref() it. */
GArray *invitation_lines(const GPtrArray *facts);

#endif
