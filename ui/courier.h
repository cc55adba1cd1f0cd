/* SPDX-License-Identifier: MIT
 *
 * The agents at work for the front end: dewey-pop3 and dewey-smtp as children,
 * one an account, with their progress in the status line.  What they say are
 * hints; the store tells what happened. */
#ifndef DEWEY_UI_COURIER_H
#define DEWEY_UI_COURIER_H

#include "wire/record.h"

struct ui;
struct courier;

struct courier *courier_new(struct ui *ui);
/* They finish the message they are at and end. */
void courier_free(struct courier *c);
/* Fetching by the interval of the dotfile; fetch: also now.  Sends what waits. */
void courier_start(struct courier *c, bool fetch);

/* account NULL: all that fetch (send).  Those at work already are left alone. */
void courier_fetch(struct courier *c, const char *account);
void courier_send(struct courier *c, const char *account);
/* A maildrop takes one session at a time.  True: the account's is the caller's,
 * and a fetch waits, until it is vacated.  False: it is being fetched, or another
 * has it; when that is over, whoever may be waiting is told to go on. */
bool courier_occupy(struct courier *c, const char *account);
void courier_vacate(struct courier *c, const char *account);
/* The item was added or changed: its answered letter is marked when it is sent. */
void courier_watch(struct courier *c, int64_t item);
/* What was done to the item has come to this: error is shown; else it is watched, and
 * account sends (NULL: nobody). */
void courier_take_up(struct courier *c, int64_t item, const char *account, const GError *error);

/* A request to dewey-smtp about something else than the outbox, for this account; request
 * is taken.  done is called once, with "done" or "failed"; data is freed then, or when all
 * ends. */
typedef void (*courier_answer)(struct ui *ui, const struct record *last, void *data);
void courier_ask(struct courier *c, const char *account, struct record *request,
	courier_answer done, void *data, GDestroyNotify free);

/* False: nothing is going on. */
bool courier_cancel(struct courier *c);
bool courier_busy(const struct courier *c);

#endif
