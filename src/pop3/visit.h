/* SPDX-License-Identifier: MIT
 *
 * A visit to the server of an account: the lock, the connection, the log-in,
 * and who may interrupt.  fetch.c says what is done there. */
#ifndef DEWEY_POP3_VISIT_H
#define DEWEY_POP3_VISIT_H

#include "agent/way.h"
#include "pop3/fetch.h"
#include "pop3/session.h"

struct visit {
	const struct fetch_job *job;
	struct store_lock *lock;
	struct agent_way way;
	struct pop3 *pop3;
	struct transcript *transcript;
	char *key;      /* account_state_key() */
	bool listens;   /* there is, or was, a parent on the wire */
	bool in_letter; /* a letter is coming */
	int64_t wait;   /* seconds: not again before; 0: whenever */
	bool ending;    /* the parent is gone: finish the letter, then leave */
};

/* The lock only (STORE_ERROR_BUSY: another program is there); then the connection
 * and the log-in (CONFIG_ERROR_FILE: there is no user; NET_ERROR, POP3_ERROR).
 * visit_end() in any case. */
bool visit_begin(struct visit *v, const struct fetch_job *job, GError **error);
bool visit_log_in(struct visit *v, GError **error);

/* The name of the lock that a visit to the maildrop of this key has; to be freed. */
char *visit_lock_name(const char *key);

/* The parts of visit_log_in(): whether there is a user to log in; everything up
 * to the log-in, where a person may be asked about the server's key. */
bool visit_check_user(const struct visit *v, GError **error);
bool visit_connect(struct visit *v, bool may_ask, GError **error);

/* Whether to stop between two letters. */
bool visit_stopped(struct visit *v);

/* Keeps the server's words for the result, and lets go.  error: where the caller
 * has the error of this visit, for the transcript. */
void visit_end(struct visit *v, struct fetch_result *result, GError **error);

/* A whole visit, and if a letter is given out only to who speaks UTF8, another
 * one with UTF8 (P-08); what the first one brought stays. */
typedef bool (*visit_whole)(const struct fetch_job *job, void *data, GError **error);
bool visit_insisting(const struct fetch_job *job, visit_whole visit, void *data, GError **error);

#endif
