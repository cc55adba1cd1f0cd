/* SPDX-License-Identifier: MIT
 *
 * The protocol as states, each with a function that speaks when it is entered
 * and one that takes the reply.  Private to the session. */
#ifndef DEWEY_SMTP_STATES_H
#define DEWEY_SMTP_STATES_H

#include "agent/login.h"
#include "smtp/content.h"
#include "smtp/reply.h"
#include "smtp/session.h"

enum state {
	STATE_GREETING,
	STATE_EHLO,
	STATE_HELO,
	STATE_STARTTLS,
	STATE_AUTH,
	STATE_CHALLENGE,
	STATE_READY, /* rests: nothing is owed by either side */
	STATE_MAIL,
	STATE_RCPT,
	STATE_DATA,
	STATE_BODY,
	STATE_RSET,
	STATE_QUIT,
	STATE_CLOSED, /* rests: there is no connection */
	STATE_COUNT,
};

struct capabilities {
	bool pipelining, eightbit, starttls, size;
	int64_t size_limit; /* 0: none known */
	char *auth;         /* mechanisms, separated by blanks; NULL: no AUTH */
};

struct session {
	struct session_params params;
	enum state state;
	struct conn *conn;
	struct capabilities caps;
	struct reply reply;
	char *server;  /* last words */
	GError *error; /* why the session ended, while it was opened */

	/* log-in */
	struct login *login; /* NULL: not yet, or over */
	struct sasl *sasl;   /* the attempt, the login's; NULL: the next is to be chosen */
	bool no_initial;     /* AUTH goes, or went, without an initial response */

	/* the transaction */
	struct session_letter *letter;
	struct content_filter shape; /* of the letter */
	int converted;               /* descriptor of the letter in 7 bits; -1: as it was */
	guint asked;                 /* recipients whose RCPT went out */
	guint answered;              /* … was answered */
	bool bare_mail;              /* MAIL without parameters */
	bool again;                  /* MAIL once more after RSET */
	bool dotted;                 /* the final dot goes out: no way back … */
	size_t dot_octets;           /* … once fewer octets than these wait to be written */
};

struct state_row {
	const char *name;
	enum policy_stage stage;
	int timeout; /* seconds (RFC 5321 section 4.5.3.2); 0: the account's */
	/* Writes; false: there will be no reply to read, the state has changed. */
	bool (*enter)(struct session *s);
	/* After the policy has spoken for KEEP and GO: the next state. */
	void (*take)(struct session *s, const struct policy *p);
};
extern const struct state_row session_states[STATE_COUNT];

/* Ends the connection; the letter or the opening fails with this. */
void session_fail(struct session *s, enum policy_item item, enum wire_code code, const char *why);

/* transaction.c */
bool enter_mail(struct session *s);
void take_mail(struct session *s, const struct policy *p);
bool enter_rcpt(struct session *s);
void take_rcpt(struct session *s, const struct policy *p);
bool enter_data(struct session *s);
void take_data(struct session *s, const struct policy *p);
bool enter_body(struct session *s);
void take_body(struct session *s, const struct policy *p);
bool enter_rset(struct session *s);
void take_rset(struct session *s, const struct policy *p);

/* login.c */
bool session_logs_in(const struct session *s); /* whether the account wants AUTH */
bool enter_auth(struct session *s);
void take_auth(struct session *s, const struct policy *p);
bool enter_challenge(struct session *s);

/* session.c: goes from state to state until one rests. */
void session_run(struct session *s, enum state first);
/* Sets why and code of the letter, unless they stand. */
void session_letter_ends(
	struct session *s, enum policy_item item, enum wire_code code, const char *why);

#endif
