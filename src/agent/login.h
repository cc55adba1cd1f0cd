/* SPDX-License-Identifier: MIT
 *
 * A log-in, as far as both protocols have it in common: which mechanism, with
 * which secret, and what is tried after a refusal.
 *
 *   login_new → login_next, its dialogue, login_again → login_next … → login_free
 *
 * A secret never goes out twice by itself, for that locks accounts (P-25). */
#ifndef DEWEY_AGENT_LOGIN_H
#define DEWEY_AGENT_LOGIN_H

#include "config/account.h"
#include "net/conn.h"
#include "net/sasl.h"

struct login_params {
	enum auth auth;
	const char *file; /* where auth stands, for people */
	int line;
	const struct conn *conn; /* as it is now: with TLS, unless insecure */
	const char *service;     /* "pop", "smtp" */
	const char *user;        /* NULL: none */
	const char *host;
	uint16_t port;
	/* Called when the secret is needed and not before; wiped and freed by us. */
	char *(*secret)(void *data, GError **error);
	void *data;
};

struct login;
typedef struct login login;
struct login *login_new(const struct login_params *params); /* strings are borrowed */
void login_free(struct login *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(login, login_free)

/* Whether the account names a mechanism: then nothing else is tried. */
bool login_is_named(const struct login *l);

/* The next attempt with one of the mechanisms offered (separated by blanks;
 * NULL: none); belongs to l.  NULL without an error: none of them may be used. */
struct sasl *login_next(struct login *l, const char *offered, GError **error);

/* Why login_next() found nothing, for people: what is offered, what allowed. */
char *login_nothing(const struct login *l, const char *offered);

/* The secret itself, for USER and APOP; belongs to l. */
const char *login_secret(struct login *l, GError **error);

/* What the server says that it refuses. */
enum login_blame {
	LOGIN_BLAMES_NOTHING,   /* it does not say */
	LOGIN_BLAMES_SECRET,    /* user or secret */
	LOGIN_BLAMES_MECHANISM, /* which it does not know: it has not looked at the secret */
};
/* After a refusal.  There is one more attempt at most: with the next mechanism of
 * offered unless a secret was looked at; or with another token, if the account's
 * source gives another (T-46). */
enum login_verdict {
	LOGIN_STOP,
	LOGIN_NEXT, /* login_next() has something */
	LOGIN_BARE, /* it has not, but the protocol's own way may be tried: USER and PASS */
};
enum login_verdict login_again(struct login *l, const char *offered, enum login_blame blame);

#endif
