/* SPDX-License-Identifier: MIT
 *
 * What the ledger knows of a maildrop beside its letters: the visits to it, and
 * what was told about it, so that each thing is told once.  account is
 * account_state_key().  Error: STORE_ERROR of the ledger; out parameters are then
 * not to be looked at, and nothing is changed. */
#ifndef DEWEY_STORE_MAILDROP_H
#define DEWEY_STORE_MAILDROP_H

#include "store/ledger.h"

struct maildrop {
	int64_t visited; /* the last log-in, by the clock of then; 0: never */
	/* A clock that went forward by more than a day between two visits: when
	 * that was seen (0: it did not), and the visit before (P-70). */
	int64_t jumped, base;
	int64_t delay;  /* seconds between two log-ins, as the server wants; 0: any */
	int64_t looked; /* presence_stamp() when last all letters were here */
};

/* Of a maildrop of an older version, visited is the newest time in its rows. */
bool maildrop_load(struct ledger *l, const char *account, struct maildrop *m, GError **error);
bool maildrop_save(struct ledger *l, const char *account, const struct maildrop *m, GError **error);

/* The greeting of a log-in by APOP, which has to be another one each time: takes
 * it in; *same: it was that of the last time too (T-60). */
bool maildrop_greeted(
	struct ledger *l, const char *account, const char *greeting, bool *same, GError **error);

/* What was told: kind is a word of the caller's.  notice_given(): when, 0: it
 * was not. */
bool notice_given(
	struct ledger *l, const char *account, const char *kind, int64_t *when, GError **error);
bool notice_give(struct ledger *l, const char *account, const char *kind, GError **error);
bool notice_take_back(struct ledger *l, const char *account, const char *kind, GError **error);

#endif
