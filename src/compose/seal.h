/* SPDX-License-Identifier: MIT
 *
 * A letter that is signed or encrypted: the MIME around octets that dewey-crypt makes
 * (RFC 3156, RFC 8551), and the header fields that are protected with its text
 * (RFC 9788).
 *
 *   s = sealed_new(draft, &form, &error)
 *   sealed_payload(s): is signed; sealed_sign(s, micalg, signature)
 *   sealed_payload(s): is encrypted; sealed_encrypt(s, octets)
 *   letter = sealed_end(s)
 *
 * OpenPGP signs and encrypts in one step, S/MIME in these two.  All of it is in memory:
 * text that is to be encrypted stands on no disk. */
#ifndef DEWEY_COMPOSE_SEAL_H
#define DEWEY_COMPOSE_SEAL_H

#include "compose/draft.h"

/* Of draft.seal: that a person chose it, else the account says; and what. */
enum {
	SEAL_CHOSEN = 1 << 0,
	SEAL_SIGN = 1 << 1,
	SEAL_ENCRYPT = 1 << 2,
	SEAL_AUTO = 1 << 3,  /* encrypted if there is a key for every recipient */
	SEAL_SMIME = 1 << 4, /* by S/MIME, else by OpenPGP */
};

struct seal_form {
	bool smime;
	bool encrypt;      /* it will be, so the fields inside say so */
	bool show_subject; /* outside of what is encrypted as well; else "[...]" stands there */
};

struct sealed;
typedef struct sealed sealed;

/* Errors: those of draft_build(); what cannot be sealed is a letter that is sent on as
 * it is: COMPOSE_ERROR_HEADER. */
struct sealed *sealed_new(const struct draft *d, const struct seal_form *form, GError **error);

/* A draft that is kept encrypted: its payload is all of saved, which draft_save() or
 * draft_pack() wrote; outside stand who, to whom and when. */
struct sealed *sealed_new_draft(GBytes *saved, const struct seal_form *form);

void sealed_free(struct sealed *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sealed, sealed_free)

/* A MIME part, CRLF at its line ends, 7-bit unless it is only encrypted: what is to be
 * signed, and afterwards what is to be encrypted. */
GBytes *sealed_payload(const struct sealed *s);

/* The payload becomes a multipart/signed.  micalg: "pgp-sha512", "sha-256"; signature:
 * with OpenPGP armoured, else DER. */
void sealed_sign(struct sealed *s, const char *micalg, GBytes *signature);

/* It becomes what octets are: with OpenPGP armoured, else DER. */
void sealed_encrypt(struct sealed *s, GBytes *octets);

/* The whole letter; s is freed. */
struct built_letter *sealed_end(struct sealed *s);

/* The value of Autocrypt (draft.autocrypt) for this address and key (octets of OpenPGP); mutual:
 * also answers shall be encrypted.  g_free() it. */
char *seal_autocrypt(const char *address, bool mutual, GBytes *key);

#endif
