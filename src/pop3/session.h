/* SPDX-License-Identifier: MIT
 *
 * One session with a POP3 server (RFC 1939, 2449, 2595, 5034, 3206).
 *
 *   pop3_new → pop3_connect → pop3_login → pop3_list →
 *   pop3_send(RETR or DELE), pop3_take, pop3_read_body … → pop3_quit → pop3_free
 *
 * Blocking; cancel and time-outs come through params.net (net/conn.h).  After
 * an error only pop3_free() makes sense: it drops the connection without QUIT,
 * and the server deletes nothing (P-28). */
#ifndef DEWEY_POP3_SESSION_H
#define DEWEY_POP3_SESSION_H

#include "config/account.h"
#include "net/conn.h"
#include "pop3/reply.h"

#define POP3_ERROR (pop3_error_quark())
GQuark pop3_error_quark(void);
enum pop3_error {
	POP3_ERROR_PROTOCOL,  /* neither +OK nor -ERR, unasked octets, endless lists */
	POP3_ERROR_AUTH,      /* the log-in data are wrong: ask for others */
	POP3_ERROR_BUSY,      /* [IN-USE], [LOGIN-DELAY]: later */
	POP3_ERROR_TEMPORARY, /* [SYS/TEMP], or a log-in refused for another reason */
	POP3_ERROR_REFUSED,   /* [SYS/PERM], or -ERR to a command: by somebody */
	POP3_ERROR_TLS,       /* STLS is not to be had: never in clear instead */
	POP3_ERROR_TOO_LARGE, /* more of a letter came than max-size allows; that is noted */
	POP3_ERROR_CONFIG,    /* user or secret cannot be sent: mend the dotfile */
	POP3_ERROR_UTF8,      /* [UTF8]: another session, that insists on it (P-08) */
};

struct pop3_params {
	struct conn_params net; /* tls is set from security; strings are copied */
	enum security security;
	enum auth auth;
	const char *file; /* the dotfile, and the line of auth there; borrowed */
	int auth_line;
	const char *user;
	const char *language; /* for the server's words, a tag of RFC 5646; NULL: its own */
	bool insist_on_utf8;  /* UTF8 even where it is not offered */
	/* Called when the secret is needed and not before, a second time only when
	 * the first was a token and refused (T-46); wiped and freed by us. */
	char *(*secret)(void *data, GError **error);
	void *data;
};

#define COMMAND(name, verb, states, seconds) POP3_##name,
enum pop3_command {
#include "pop3/commands.def"
	POP3_COMMANDS
};
#undef COMMAND

struct pop3_message {
	uint64_t number, size; /* size: a hint, 0 if it was not listed (P-44) */
	GBytes *uid;           /* NULL: none */
	bool listed;           /* LIST had it */
};
/* A size that a server told, which may be any number (P-45), as the ledger keeps it. */
int64_t pop3_kept_size(uint64_t octets);

struct pop3_drop {
	uint64_t count, octets; /* of STAT, hints as well */
	bool counted;           /* STAT made sense */
	bool has_uids;          /* UIDL was answered, or pop3_name() found names */
	bool fingerprints;      /* the names are hashes of heads, not the server's */
	bool has_last;          /* without names: letters up to last were read by somebody */
	uint64_t last;
	GArray *messages; /* of struct pop3_message, by number */
	guint ignored;    /* rows that made no sense */
};
void pop3_drop_clear(struct pop3_drop *drop);

struct pop3;
typedef struct pop3 pop3;
struct pop3 *pop3_new(const struct pop3_params *params);
void pop3_free(struct pop3 *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pop3, pop3_free)

/* Errors: NET_ERROR, and POP3_ERROR as said there; what a function adds is said. */

/* Greeting, CAPA, STLS, CAPA; UTF8 and LANG where they are offered (RFC 2449, 2595,
 * 6856).  POP3_ERROR_TLS: no STLS, and nothing was said that is secret. */
bool pop3_connect(struct pop3 *p, GError **error);
/* By what the account allows and the server offers (RFC 1939 section 7, 5034);
 * never one secret twice (P-25).  An error of params.secret() comes as it is. */
bool pop3_login(struct pop3 *p, GError **error);
/* STAT, UIDL and LIST, drop begun anew; a command that is refused leaves its part
 * empty (RFC 1939 sections 5 and 7).  PROTOCOL: a list without end, or none of the
 * three is to be had. */
bool pop3_list(struct pop3 *p, struct pop3_drop *drop, GError **error);
/* Asks for what pop3_list() reads, which must be called next, and waits for nothing:
 * for who has something to do while the server works.  Without PIPELINING it is
 * asked for in pop3_list(). */
bool pop3_ask_list(struct pop3 *p, GError **error);
/* The UID of one letter; NULL: it has none, or there is no such letter. */
bool pop3_uid(struct pop3 *p, uint64_t number, GBytes **uid, GError **error);

/* After pop3_list(), for who must know letters again: where the server has no
 * UIDL, each gets the hash of its head as its UID, POP3_FINGERPRINT and 64
 * hexadecimal digits, by TOP n 0; without TOP it is asked for LAST (P-47).
 * Nothing of that is known afterwards: no error. */
#define POP3_FINGERPRINT "top:"
bool pop3_name(struct pop3 *p, struct pop3_drop *drop, GError **error);

/* Commands of TRANSACTION, and their replies in the same order.  window: how
 * many may be outstanding; 1 without PIPELINING (P-55, P-56). */
guint pop3_window(const struct pop3 *p);
guint pop3_outstanding(const struct pop3 *p);
bool pop3_send(struct pop3 *p, enum pop3_command command, uint64_t number, GError **error);
bool pop3_send_top(struct pop3 *p, uint64_t number, uint64_t lines, GError **error);
/* What was sent goes out now, for who has something to do until the reply comes. */
void pop3_push(struct pop3 *p);
/* The next reply; false: protocol error or connection lost.  -ERR is *ok false. */
bool pop3_take(struct pop3 *p, bool *ok, GError **error);
/* After +OK to RETR or TOP: the body, un-stuffed, LF (P-41), in pieces. sink
 * returns false to end it; then false without an error. */
typedef bool (*pop3_sink)(const void *data, size_t len, void *user);
bool pop3_read_body(struct pop3 *p, pop3_sink sink, void *user, GError **error);

/* Keeps the server from ending the session while we are busy with other things:
 * NOOP, if it has heard nothing for so many seconds (P-30).  Servers wait for
 * 600 at least.  Nothing may be outstanding. */
#define POP3_IDLE 120
bool pop3_noop(struct pop3 *p, int seconds, GError **error);

/* True: +OK, what was marked is deleted.  False: nobody knows (P-59). */
bool pop3_quit(struct pop3 *p, GError **error);
/* After pop3_login() has failed by why: if the server refused it, and nothing else
 * was wrong, QUIT, for whose answer a second is enough (P-25).  What the server
 * said stays known. */
void pop3_leave(struct pop3 *p, const GError *why);

/* These belong to p, the first two until the next reply. */
const char *pop3_greeting(const struct pop3 *p); /* raw; NULL after STLS */
/* What the server said last, sanitized ("server says", P-37); NULL: nothing. */
const char *pop3_server_words(const struct pop3 *p);
const struct capabilities *pop3_capabilities(const struct pop3 *p);
/* What is known of this server (known-servers.def), from pop3_connect() on. */
enum pop3_quirk {
	POP3_RETR_CONSUMES = 1 << 0, /* RETR deletes: one at a time, and keep what came (P-62) */
};
unsigned pop3_quirks(const struct pop3 *p);
/* The languages that the server has instead of the one that was wanted,
 * sanitized ("de, en"); NULL: there is nothing to complain of. */
const char *pop3_other_languages(const struct pop3 *p);
const char *pop3_tls_text(const struct pop3 *p); /* NULL: in clear */
/* Whether the last reply said [LOGIN-DELAY] (P-35). */
bool pop3_wants_delay(const struct pop3 *p);
/* The parent is gone: less patience with a server that does not answer. */
void pop3_hurry(struct pop3 *p);

#endif
