/* SPDX-License-Identifier: MIT
 *
 * One session with a submission server, RFC 5321, 3207, 4954, 6409.  Blocking;
 * one session carries any number of letters.
 *
 *   session_new → session_open → session_send … → session_free (says QUIT)
 *
 * What a reply means is decided in policy.def, nowhere else. */
#ifndef DEWEY_SMTP_SESSION_H
#define DEWEY_SMTP_SESSION_H

#include "config/account.h"
#include "net/conn.h"
#include "smtp/policy.h"

struct session_params {
	const struct account *account; /* with smtp; borrowed for the session's life */
	/* The way to the server, by agent_way_params(), and who sees the dialogue; its
	 * watch ends a wait, but not the one for the last reply.  Borrowed like the
	 * account is. */
	struct conn_params net;
	/* The password, asked for when the server offers AUTH and TLS stands (or the
	 * account is insecure), and not before, a second time only for a token that
	 * was refused (T-46); wiped and freed by us.  NULL with an error: give up. */
	char *(*secret)(void *data, GError **error);
	void *data; /* for secret */
};

/* One recipient of a transaction: address goes in, the rest comes out. */
struct session_recipient {
	int64_t id; /* the caller's */
	const char *address;
	enum policy_recipient verdict; /* RCPT_KEEP: the server was not asked */
	char *reply;                   /* its words, sanitized; NULL */
};

/* What is asked of the server with a letter. */
struct session_options {
	unsigned notify;            /* ASK_NOTIFY; 0: the server's own way (RFC 3461 section 4.1) */
	bool ret_full, ret_headers; /* at most one of them: what comes back with a report */
	const char *envid;          /* its id in reports, as it is, not yet xtext: it goes out
				     * where there is DSN and it is not too long; NULL */
	bool require_tls;           /* all the way, or back to the sender (RFC 8689) */
	int64_t release_at;         /* the server holds it until then (RFC 4865); 0: now */
	bool without_dsn;           /* goes without notify and ret where there is no DSN;
				     * else such a letter is HOLD (S-14) */
};

struct session_letter {
	const char *sender;    /* "" for <> */
	GPtrArray *recipients; /* of struct session_recipient, with it as owner */
	/* A regular file, borrowed, read by pread() from its beginning, its offset stays
	 * where it is.  Bcc may be in it, it does not go out; line ends of any kind. */
	int fd;
	struct session_options options;
	bool hold; /* one refused recipient stops the letter (S-40) */
	/* Called when all but the last line ".CRLF" (with BDAT: the last CRLF) has been
	 * written and before an octet of that goes; must have committed DOT_PENDING when it returns
	 * true (S-51).  On false the connection is dropped, and nobody has the letter. */
	bool (*before_dot)(struct session_letter *letter, void *data, GError **error);
	/* Called just before before_dot(), where the server takes pipelines: the letter
	 * whose MAIL and RCPT leave with the end of this one, or NULL; the whole function
	 * may be NULL.  While the session is open, the next session_send() must be for
	 * that letter, and goes on where it stands; what became of it is in it only
	 * then.  When the session has ended nobody has that letter: it goes into a new
	 * one. */
	struct session_letter *(*next)(void *user);
	void *user;

	/* What became of it. */
	enum policy_item item; /* KEEP: no recipient is left, or one was refused and hold */
	enum wire_code code;   /* unless SENT */
	char *why;             /* the same for people; NULL if SENT */
	bool waits_here;       /* DEFER: the server does not hold letters until release_at, so
				* the caller has to wait, and then send it without */
	bool without_dsn;      /* went without the reports that were asked for */
};
struct session_recipient *session_recipient_new(int64_t id, const char *address);
void session_recipient_free(struct session_recipient *r);
void session_letter_clear(struct session_letter *letter);

struct session;
typedef struct session session;
struct session *session_new(const struct session_params *params);

/* Connects, secures, logs in.  Error: WIRE_ERROR, its code says what the caller
 * can do. */
bool session_open(struct session *s, GError **error);

/* One transaction, split where the server takes so many recipients and no more:
 * those are RCPT_LATER, for the next call.  The result is in letter. */
void session_send(struct session *s, struct session_letter *letter);

/* Whether another letter can be sent; if not, open a new session.  A server that has
 * heard nothing for a minute (the computer slept) is asked by NOOP, so that no letter
 * is put off for a session that has ended meanwhile. */
bool session_is_open(struct session *s);

/* What is asked only when a person wants to know (S-19): VRFY, EXPN, HELP. */
enum session_question { SESSION_VERIFY, SESSION_EXPAND, SESSION_HELP };
enum session_meaning {
#define ANSWER(name, status, text) ANSWER_##name,
#define RANGE(question, from, to, name)
#include "smtp/answers.def"
#undef ANSWER
#undef RANGE
};
struct session_answer {
	int code;
	enum session_meaning meaning;
	char *text; /* the server's lines without the code, sanitized, each ends in LF */
};
void session_answer_clear(struct session_answer *a);

/* Between two letters.  subject: an address, a name or a list, UTF-8; NULL with
 * SESSION_HELP.  Error: CODE_DATA (it cannot be said to this server), or as of
 * session_open(): the session has ended. */
bool session_ask(struct session *s, enum session_question question, const char *subject,
	struct session_answer *answer, GError **error);

/* The server's last words, sanitized, or NULL. */
const char *session_server(const struct session *s);

void session_free(struct session *s); /* QUIT if it is open */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(session, session_free)

#endif
