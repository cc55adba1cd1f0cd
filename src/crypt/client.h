/* SPDX-License-Identifier: MIT
 *
 * Asking dewey-crypt: signatures, encryption and keys of OpenPGP and of S/MIME
 * (CMS).  What goes in and out are octets behind descriptors, regular files or
 * memory; nobody here knows what a letter is.  Text that is signed has CRLF at its
 * line ends already (RFC 3156, RFC 8551).
 *
 * Calls block, for as long as a person takes to answer; so they are made on a
 * thread.  A struct crypt_client belongs to one thread.  Nothing is asked over the
 * network: no key server, no revocation list. */
#ifndef DEWEY_CRYPT_CLIENT_H
#define DEWEY_CRYPT_CLIENT_H

#include "base/base.h"

struct crypt_client;
typedef struct crypt_client crypt_client;

struct crypt_client *crypt_client_new(void);
void crypt_client_free(struct crypt_client *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(crypt_client, crypt_client_free)

/* Asks a person for a passphrase: text says for which key, and, if again, that the
 * last one was wrong.  Called on the client's thread, during a call; returns what
 * was typed, to be g_free()d and wiped by the caller, or NULL: nobody answers.
 * Without such a function nobody is asked: CRYPT_ERROR_PASSPHRASE. */
typedef char *(*crypt_ask)(const char *text, bool again, void *data);
void crypt_client_set_ask(struct crypt_client *c, crypt_ask ask, void *data);

enum crypt_protocol { CRYPT_OPENPGP, CRYPT_CMS };

/* "OpenPGP", "S/MIME". */
const char *crypt_protocol_name(enum crypt_protocol p);

/* What a signature is worth, the best first: statuses.def is the list. */
enum crypt_status {
#define STATUS(name, word, text) CRYPT_##name,
#include "crypt/statuses.def"
#undef STATUS
	CRYPT_STATUS_COUNT
};
const char *crypt_status_text(enum crypt_status s); /* translated */

/* How sure it is that a key belongs to whom it names. */
enum crypt_validity {
	CRYPT_VALIDITY_UNKNOWN,
	CRYPT_VALIDITY_NEVER,
	CRYPT_VALIDITY_MARGINAL,
	CRYPT_VALIDITY_FULL,
	CRYPT_VALIDITY_ULTIMATE, /* one's own */
};

/* What protects the text of an encrypted letter against being changed. */
enum crypt_integrity {
	CRYPT_INTEGRITY_NONE, /* nothing: CMS in CBC mode */
	CRYPT_INTEGRITY_MDC,
	CRYPT_INTEGRITY_AEAD,
};

/* Strings are sanitized lines, "" if not known. */
struct crypt_user {
	char *text; /* all of it: "Ivan <ivan@example.org>", or a distinguished name */
	char *name;
	char *address; /* addr-spec; "": it has none */
	enum crypt_validity validity;
	bool revoked;
};

struct crypt_key {
	enum crypt_protocol protocol;
	char *fingerprint;          /* hexadecimal, upper case: of the primary key or certificate */
	char *algorithm;            /* "ed25519", "rsa2048" */
	char *issuer;               /* who made the certificate; "" with OpenPGP */
	GPtrArray *users;           /* of struct crypt_user, without revoked ones' validity */
	bool secret;                /* its secret half is here */
	bool can_sign, can_encrypt; /* now: neither expired nor revoked */
	bool expired, revoked, disabled;
	int64_t made, expires; /* seconds; 0: unknown, never */
};

struct crypt_signature {
	enum crypt_status status;
	char *fingerprint; /* of the key, as in struct crypt_key; of a key that is not here,
			    * what the signature says, which may be a short id */
	char *algorithm;   /* of the digest: "sha256" */
	GPtrArray *users;  /* of struct crypt_user, of the key; empty if it is not here */
	enum crypt_validity validity; /* the best of its users' */
	int64_t made, expires;        /* seconds; 0: unknown, never */
	char *reason;                 /* of CRYPT_ERRONEOUS */
};

struct crypt_recipient {
	char *key;  /* id; all zeros: hidden */
	char *user; /* whose it is; "": not known */
	bool ours;  /* its secret half is here */
};

struct crypt_result {
	GPtrArray *signatures; /* of struct crypt_signature, in order */
	GPtrArray *recipients; /* of struct crypt_recipient */
	bool decrypted;
	enum crypt_integrity integrity;
	char *cipher;       /* "AES256.CFB"; "" */
	char *micalg;       /* of what was signed here: "pgp-sha512", "sha-256" */
	GPtrArray *keys;    /* of struct crypt_key: found, looked at or imported */
	GPtrArray *refused; /* of char *: fingerprints that could not be used, and why */
};
struct crypt_result *crypt_result_new(void);
void crypt_result_free(struct crypt_result *r);
typedef struct crypt_result crypt_result;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(crypt_result, crypt_result_free)

/* What all signatures together are worth: of none CRYPT_ERRONEOUS, else the worst.
 * A letter with one good signature and one bad one is badly signed (M-72). */
enum crypt_status crypt_result_status(const struct crypt_result *r);

/* --- reading --- */

/* A detached signature over text. */
struct crypt_result *crypt_verify(
	struct crypt_client *c, enum crypt_protocol p, int text, int signature, GError **error);

/* Signed text in one piece (cleartext of RFC 9580, opaque CMS); out gets the text
 * that the signatures are about. */
struct crypt_result *crypt_open(
	struct crypt_client *c, enum crypt_protocol p, int in, int out, GError **error);

/* Decrypts; signatures within the encryption are verified.  Text that nothing
 * protects is withheld, out stays empty: CRYPT_ERROR_WITHHELD (M-70).  unprotected
 * gives that of CMS nevertheless, with CRYPT_INTEGRITY_NONE: to be shown only if a
 * signature inside is good, or a person insists. */
struct crypt_decrypting {
	enum crypt_protocol protocol;
	bool unprotected;
};
struct crypt_result *crypt_decrypt(struct crypt_client *c, const struct crypt_decrypting *how,
	int in, int out, GError **error);

/* --- writing --- */

enum crypt_form {
	CRYPT_DETACHED, /* the signature alone: OpenPGP armoured, CMS in DER */
	CRYPT_CLEAR,    /* OpenPGP: the text with its signature around it */
	CRYPT_OPAQUE,   /* CMS: text and signature in one, DER */
};

/* keys: fingerprints, NULL at the end.  The result has micalg. */
struct crypt_signing {
	enum crypt_protocol protocol;
	enum crypt_form form;
	const char *const *keys;
	const char *sender; /* addr-spec it is signed for, noted in the signature; or NULL */
};
struct crypt_result *crypt_sign(
	struct crypt_client *c, const struct crypt_signing *how, int in, int out, GError **error);

/* OpenPGP armoured, CMS in DER (enveloped data).  With signers the text is signed
 * within the encryption (OpenPGP only; CMS is signed first and encrypted then).
 * CRYPT_ERROR_KEY: one of the keys cannot be used; nothing was encrypted. */
struct crypt_encrypting {
	enum crypt_protocol protocol;
	const char *const *keys;    /* fingerprints, NULL at the end */
	const char *const *signers; /* likewise; NULL: none */
	const char *sender;
	bool hidden;    /* OpenPGP: the recipients' keys are not named */
	bool any_trust; /* also keys that nobody vouches for */
};
struct crypt_result *crypt_encrypt(struct crypt_client *c, const struct crypt_encrypting *how,
	int in, int out, GError **error);

/* --- keys --- */

/* The keys that name exactly this address, without regard to case, of both
 * protocols (that whose program is not installed has none): secret ones only, or
 * all.  which: an address, a fingerprint, or "" for all keys.  Of struct crypt_key;
 * empty: none. */
GPtrArray *crypt_keys(struct crypt_client *c, const char *which, bool secret, GError **error);

/* What keys or certificates these octets hold; nothing is imported. */
GPtrArray *crypt_look(struct crypt_client *c, enum crypt_protocol p, int in, GError **error);

/* Imports them; of struct crypt_key, those that are here now.  Only when a person
 * says so. */
GPtrArray *crypt_import(struct crypt_client *c, enum crypt_protocol p, int in, GError **error);

/* Writes a public key: OpenPGP in octets without armour and as small as may be
 * (Autocrypt), or a certificate in DER. */
bool crypt_export(struct crypt_client *c, enum crypt_protocol p, const char *fingerprint, int out,
	GError **error);

#define CRYPT_ERROR (crypt_error_quark())
GQuark crypt_error_quark(void);
enum crypt_error {
	CRYPT_ERROR_FAILED,     /* the text says why */
	CRYPT_ERROR_PASSPHRASE, /* one is needed and nobody was asked, or it was wrong */
	CRYPT_ERROR_NO_KEY,     /* the secret key is not here */
	CRYPT_ERROR_KEY,        /* a key cannot be used: expired, revoked, untrusted */
	CRYPT_ERROR_WITHHELD,   /* it is decrypted, but may have been changed */
	CRYPT_ERROR_MISSING,    /* gpg or gpgsm is not installed */
	CRYPT_ERROR_CANCELLED,
	CRYPT_ERROR_START, /* dewey-crypt cannot be started, died, or takes too long */
};

#endif
