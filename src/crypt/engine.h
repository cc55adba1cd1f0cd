/* SPDX-License-Identifier: MIT
 *
 * GPGME for one request: a context that asks nobody but our parent, uses no
 * network, and turns its errors into ours. */
#ifndef DEWEY_CRYPT_ENGINE_H
#define DEWEY_CRYPT_ENGINE_H

#include "base/base.h"

#include <gpgme.h>

#include "crypt/result.h"
#include "wire/child.h"

/* One request, with what came with it. */
struct request {
	struct wire_child *child; /* NULL: by hand */
	int64_t id;
	const struct record *record;
	const int *fds;
	guint n_fds;
	int starter; /* of confine.h */
	enum crypt_protocol protocol;
	bool asked, unanswered; /* for a passphrase; and nobody gave one */
	int mistyped;           /* how often it was wrong so far */
};

/* Once, before anything else. */
void engine_init(void);

/* NULL: CRYPT_ERROR_MISSING, or no memory.  Free with engine_free(). */
gpgme_ctx_t engine_new(struct request *q, enum crypt_protocol p, GError **error);
void engine_free(gpgme_ctx_t ctx);

/* Octets behind a descriptor, from the first one on. */
gpgme_data_t engine_data(int fd, GError **error);
void engine_data_free(gpgme_data_t data);
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gpgme_ctx_t, engine_free, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gpgme_data_t, engine_data_free, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(gpgme_key_t, gpgme_key_unref, NULL)

/* what: "cannot decrypt", before the reason.  Always false. */
bool engine_fail(struct request *q, gpgme_error_t code, const char *what, GError **error);

/* Asks for the passphrase of user (NULL: not known); NULL: nobody answers, or may be
 * asked.  secret_free() it. */
char *engine_ask(struct request *q, const char *user, bool again);
/* S/MIME: makes sure that the agent of GnuPG has the passphrase of the key of this
 * fingerprint, or (NULL) of those that are here. */
bool agent_unlock(struct request *q, gpgme_ctx_t ctx, const char *which, GError **error);

/* A key as ours; both strings may be of a subkey. */
void engine_describe(gpgme_key_t from, struct crypt_key *key);
void engine_users(gpgme_key_t from, GPtrArray *users);

/* The requests: false with an error. */
bool do_verify(struct request *q, struct crypt_result *result, GError **error);
bool do_open(struct request *q, struct crypt_result *result, GError **error);
bool do_decrypt(struct request *q, struct crypt_result *result, GError **error);
bool do_sign(struct request *q, struct crypt_result *result, GError **error);
bool do_encrypt(struct request *q, struct crypt_result *result, GError **error);
bool do_keys(struct request *q, struct crypt_result *result, GError **error);
bool do_look(struct request *q, struct crypt_result *result, GError **error);
bool do_import(struct request *q, struct crypt_result *result, GError **error);
bool do_export(struct request *q, struct crypt_result *result, GError **error);

/* Appends what GPGME says of the signatures of the last operation. */
void engine_signatures(struct request *q, gpgme_ctx_t ctx, struct crypt_result *result);

#endif
