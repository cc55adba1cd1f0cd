/* SPDX-License-Identifier: MIT
 *
 * What the mechanisms share: sasl.c has the table and the base64, each family
 * of mechanisms is a file. */
#ifndef DEWEY_NET_SASL_PRIVATE_H
#define DEWEY_NET_SASL_PRIVATE_H

#include "net/conn.h"
#include "net/sasl.h"

struct mechanism;

struct sasl {
	const struct mechanism *mechanism;
	char *user, *secret; /* never NULL; "" for none */
	char *service, *host;
	uint16_t port;
	char *nonce; /* NULL: a random one */
	GBytes *binding;

	guint step;       /* challenges answered so far */
	char *answer;     /* base64, ours to wipe */
	bool done;        /* set by the family: success may be believed */
	bool gave_secret; /* set by the family */
	bool failed;      /* nothing can follow */
	char *trouble;    /* by sasl_fail() */
	enum sasl_fault fault;
	void *state; /* the family's own */
};

/* A challenge, decoded; text ends with NUL behind its octets. */
struct challenge {
	const char *text;
	size_t len;
};

struct family {
	/* Has an answer before the first challenge, which then says nothing. */
	bool client_first;
	/* No challenge is looked at, ever. */
	bool blind;
	/* The first answer goes with the command. */
	bool initial;
	/* Checks and prepares; NULL: nothing to do.  Called again to begin anew. */
	bool (*begin)(struct sasl *s, GError **error);
	/* Appends the answer to challenge number s->step.  False: there is none. */
	bool (*answer)(struct sasl *s, const struct challenge *c, GByteArray *out);
	void (*clear)(struct sasl *s); /* frees state; NULL: there is none */
};

enum digest { DIGEST_NONE, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512 };

struct mechanism {
	const char *name;
	enum sasl_allow allow;
	const struct family *family;
	enum digest digest;
	bool plus; /* binds to the TLS session */
};

extern const struct family sasl_scram, sasl_plain, sasl_login, sasl_external, sasl_cram_md5,
	sasl_oauthbearer, sasl_xoauth2, sasl_gssapi;

/* Notes what went wrong; returns false.  text is taken. */
bool sasl_fail(struct sasl *s, enum sasl_fault fault, char *text);
bool sasl_unfit(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

void sasl_put(GByteArray *out, const char *text);
/* Wipes and frees, sets it to NULL. */
void sasl_wipe(char **secret);
/* Strict (T-45); NULL: it is none.  A NUL stands behind the octets. */
char *sasl_decode(const char *text, size_t *len);
/* "a=2Cb=3Dc" of RFC 5801, to be freed. */
char *sasl_name(const char *user);
/* SASLprep (RFC 4013); NULL: text cannot be used.  To be wiped and freed. */
char *sasl_prepare(const char *text);

#endif
