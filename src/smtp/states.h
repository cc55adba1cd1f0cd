/* SPDX-License-Identifier: MIT
 *
 * The protocol as states, each with a function that speaks when it is entered
 * and one that takes the reply.  Private to the session. */
#ifndef DEWEY_SMTP_STATES_H
#define DEWEY_SMTP_STATES_H

#include "agent/login.h"
#include "smtp/content.h"
#include "smtp/extensions.h"
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
	STATE_NOOP,
	STATE_QUESTION,
	STATE_QUIT,
	STATE_CLOSED, /* rests: there is no connection */
	STATE_COUNT,
};

/* One letter on its way. */
struct transaction {
	struct session_letter *letter; /* NULL: none */
	bool fit;                      /* checked: MAIL can be said */
	struct content_filter shape;   /* of the letter as it goes */
	int converted;                 /* descriptor of the letter in 7 bits; -1: as it was */
	bool utf8;                     /* an address needs SMTPUTF8 */
	bool chunk;                    /* by BDAT */
	bool begun;                    /* MAIL and all RCPT left with the letter before */
	bool rset;                     /* … and RSET before them, not yet answered */
	guint owed;                    /* so many replies are on their way when it begins */
	guint asked;                   /* recipients whose RCPT went out */
	guint answered;                /* … was answered */
	bool bare;                     /* MAIL without what it can do without */
	bool again;                    /* MAIL once more after RSET */
	bool dotted;                   /* its end goes out: no way back … */
	size_t dot_octets;             /* … once fewer octets than these wait to be written */
};

struct session {
	struct session_params params;
	enum state state;
	struct conn *conn;
	struct extensions caps;
	struct reply reply;
	char *server;  /* last words */
	GError *error; /* why the session ended, while it was opened */

	/* log-in */
	struct login *login; /* NULL: not yet, or over */
	struct sasl *sasl;   /* the attempt, the login's; NULL: the next is to be chosen */
	bool no_initial;     /* AUTH goes, or went, without an initial response */

	struct transaction now;
	struct transaction ahead; /* the next one, for which session_send() is to come */
	guint mails;              /* so often MAIL was said */
	char *question;           /* the line of VRFY, EXPN or HELP */
	int64_t heard;            /* when the last reply came, seconds since 1970 */
};

struct state_row {
	const char *name;
	enum policy_stage stage;
	int timeout; /* seconds (RFC 5321 section 4.5.3.2, CHECKLIST S-05) */
	/* Writes; false: there will be no reply to read, the state has changed. */
	bool (*enter)(struct session *s);
	/* After the policy has spoken for KEEP and GO: the next state. */
	void (*take)(struct session *s, const struct policy *p);
};
extern const struct state_row session_states[STATE_COUNT];

/* Ends the connection; the letter or the opening fails with this. */
void session_fail(struct session *s, enum policy_item item, enum wire_code code, const char *why);

/* envelope.c: what is said before the letter. */
/* Checks the letter and everybody in the envelope (S-66), without a word to the
 * server; on false the letter's fate is decided. */
bool transaction_prepare(struct session *s, struct transaction *t, struct session_letter *next);
void transaction_clear(struct transaction *t);
/* Writes MAIL, and RCPT for all where the server takes pipelines. */
void transaction_begin(struct session *s, struct transaction *t);
void transaction_write_rcpt(struct session *s, struct transaction *t, guint n);
bool transaction_has_optional(const struct session *s, const struct transaction *t);
guint transaction_count(const struct transaction *t, enum policy_recipient verdict);
/* Whether recipient n is to be asked. */
bool transaction_asks(const struct transaction *t, guint n);
struct session_recipient *transaction_recipient(const struct transaction *t, guint n);
void session_recipient_set(
	struct session_recipient *r, enum policy_recipient verdict, const char *reply);

/* transaction.c */
bool enter_mail(struct session *s);
void take_mail(struct session *s, const struct policy *p);
bool enter_rcpt(struct session *s);
void take_rcpt(struct session *s, const struct policy *p);
bool enter_rset(struct session *s);
void take_rset(struct session *s, const struct policy *p);

/* body.c */
/* The letter cannot go for what became of its recipients. */
void session_ends_with_recipients(const struct session *s, struct transaction *t);
bool enter_data(struct session *s);
void take_data(struct session *s, const struct policy *p);
bool enter_body(struct session *s);
void take_body(struct session *s, const struct policy *p);

/* question.c */
bool enter_question(struct session *s);
void take_question(struct session *s, const struct policy *p);

/* command.c: a program in place of a server; the session is never anything but ready. */
bool session_is_command(const struct session *s);
/* The transaction is prepared and fit. */
void session_run_command(struct session *s);

/* login.c */
bool session_logs_in(const struct session *s); /* whether the account wants AUTH */
bool enter_auth(struct session *s);
void take_auth(struct session *s, const struct policy *p);
bool enter_challenge(struct session *s);

/* session.c: goes from state to state until one rests. */
void session_run(struct session *s, enum state first);
/* Sets why and code of the letter, unless they stand. */
void session_letter_ends(
	struct session_letter *letter, enum policy_item item, enum wire_code code, const char *why);

#endif
