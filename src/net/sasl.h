/* SPDX-License-Identifier: MIT
 *
 * SASL mechanisms, as a dialogue without a network: the protocol sends what
 * initial() and step() give and hands the challenges in.
 *
 *   sasl_choose → sasl_new → (sasl_initial) → sasl_step … → sasl_is_done → sasl_free
 *
 * No mechanism asks for a security layer: that is TLS's work. */
#ifndef DEWEY_NET_SASL_H
#define DEWEY_NET_SASL_H

#include "base/base.h"

/* A line of a log-in may be so long, in octets without its end (T-45). */
#define SASL_LINE_MAX (64 * 1024)

/* What an account allows: a set of these. */
enum sasl_allow {
	SASL_ALLOW_SCRAM = 1 << 0,
	SASL_ALLOW_PLAIN = 1 << 1,
	SASL_ALLOW_LOGIN = 1 << 2,
	SASL_ALLOW_CRAM_MD5 = 1 << 3,
	SASL_ALLOW_EXTERNAL = 1 << 4, /* only with a client certificate */
	SASL_ALLOW_OAUTH = 1 << 5,
	SASL_ALLOW_GSSAPI = 1 << 6,
	/* What is tried unasked: the rest only where the user names it (T-40). */
	SASL_ALLOW_AUTO =
		SASL_ALLOW_SCRAM | SASL_ALLOW_PLAIN | SASL_ALLOW_LOGIN | SASL_ALLOW_EXTERNAL,
};

/* Who logs in where; sasl_new() copies what it needs. */
struct sasl_facts {
	unsigned allow;      /* of enum sasl_allow */
	const char *user;    /* UTF-8; NULL or "": none, which EXTERNAL and GSSAPI take */
	bool certificate;    /* TLS stands, and we have a certificate to show in it */
	GBytes *binding;     /* "tls-exporter" data of this TLS session; NULL: none */
	const char *service; /* "pop" or "smtp": GSSAPI's */
	const char *host;    /* as the certificate has it */
	uint16_t port;
	const char *nonce; /* of SCRAM, for tests; NULL: a random one */
};

struct sasl;
typedef struct sasl sasl;

/* The best of offered (space-separated, any case; NULL: none) that is allowed
 * and was not refused (likewise; NULL).  After a refusal of a -PLUS mechanism
 * only others of these are left: the refusal may come from somebody in between
 * who cannot relay them (T-44).  NULL: none.  Static string. */
const char *sasl_choose(const char *offered, const struct sasl_facts *facts, const char *refused);
/* Whether it wants a password or a token. */
bool sasl_needs_secret(const char *mechanism);
/* Whether the secret is a token that can be renewed. */
bool sasl_takes_token(const char *mechanism);

/* mechanism: of sasl_choose().  secret: UTF-8, copied, wiped when freed; NULL
 * where none is needed.  Error: NET_ERROR_CONFIG: this user and secret cannot
 * be used with it, another mechanism may do. */
struct sasl *sasl_new(
	const char *mechanism, const struct sasl_facts *facts, const char *secret, GError **error);
void sasl_free(struct sasl *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sasl, sasl_free)

const char *sasl_mechanism(const struct sasl *s);
/* The initial response in base64 ("=" if empty), to go with the command; NULL:
 * the server begins, or the token is too long for a command (T-45).  Who sends
 * it calls sasl_step(s, "") for it.  Belongs to s. */
const char *sasl_initial(struct sasl *s);
/* The answer, in base64, to a challenge in base64 (may be empty).  NULL: cancel
 * with "*"; sasl_trouble() says why.  Belongs to s until the next. */
const char *sasl_step(struct sasl *s, const char *challenge);
/* Begins anew: the server wanted no initial response. */
void sasl_restart(struct sasl *s);

/* Whether there is an answer to come that needs no challenge: then whatever the
 * server says is an invitation to give it, a "yes" too. */
bool sasl_ignores(const struct sasl *s);
/* Whether a "yes" of the server may be believed: it has had all answers and,
 * where the mechanism provides for that, has proved who it is (T-43). */
bool sasl_is_done(const struct sasl *s);
/* Whether something made of the secret was given out: then a refusal is about
 * the secret, else about the mechanism (P-25). */
bool sasl_gave_secret(const struct sasl *s);

enum sasl_fault {
	SASL_FAULT_NONE,
	SASL_FAULT_PROTOCOL, /* a challenge makes no sense, or the server is not who it says */
	SASL_FAULT_SECRET,   /* the server does not like the password or the token */
	SASL_FAULT_REFUSED,  /* … or something else about us */
	SASL_FAULT_LOCAL,    /* we cannot go on: no ticket */
};
/* What went wrong during the dialogue, for people, sanitized; NULL: nothing. */
const char *sasl_trouble(const struct sasl *s, enum sasl_fault *fault);

/* APOP's answer (RFC 1939 section 7) to the greeting's text, in hexadecimal, to
 * be freed; NULL: there is no timestamp in it that can be trusted (T-60). */
char *sasl_apop(const char *greeting, const char *secret);

#endif
