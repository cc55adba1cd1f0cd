/* SPDX-License-Identifier: MIT
 *
 * What became of the signatures and the encryption of a letter, and what that is
 * worth to who reads it. */
#ifndef DEWEY_UI_CRYPT_VERDICT_H
#define DEWEY_UI_CRYPT_VERDICT_H

#include "crypt/client.h"
#include "mime/client.h"

/* Of signatures, judged beside the sender that is shown; seals.def is the list. */
enum crypt_seal {
#define SEAL(name, text) CRYPT_SEAL_##name,
#include "ui/seals.def"
#undef SEAL
};

/* One thing that was said to be signed or encrypted. */
struct crypt_find {
	enum mime_crypt_kind kind;
	char *path;      /* whose text it is: crypt_find_covers() */
	bool whole;      /* all that is shown is inside */
	bool decrypted;
	bool unprotected; /* it could have been changed on its way, and is shown nevertheless */
	enum crypt_seal seal;
	char *signer;    /* "Ivan <ivan@example.org>", or a fingerprint; "" if nobody signed */
	char *fingerprint; /* of the key; "" likewise */
	int64_t made;    /* when it was signed; 0: not known */
	char *problem;   /* why it could not be done; NULL: it was */
	enum crypt_error code; /* of the problem */
};

struct crypt_verdict {
	GPtrArray *finds;   /* of struct crypt_find, the outer one first */
	GPtrArray *changed; /* of struct mime_header: fields that stood otherwise outside of what
			     * is protected, as they stood there */
	char *claimed;      /* the From inside, if it is not that of who signed; NULL */
	bool protected;     /* the header that is shown was protected with the text */
};
void crypt_verdict_free(struct crypt_verdict *v);
typedef struct crypt_verdict crypt_verdict;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(crypt_verdict, crypt_verdict_free)
struct crypt_verdict *crypt_verdict_new(void);
struct crypt_find *crypt_verdict_add(struct crypt_verdict *v);

/* Whether the text of a block is inside. */
bool crypt_find_covers(const struct crypt_find *f, const char *path);

/* The signature over all that is shown, NULL if there is none; whether all of it was
 * encrypted, and anything. */
const struct crypt_find *crypt_verdict_seal(const struct crypt_verdict *v);
bool crypt_verdict_encrypted(const struct crypt_verdict *v);
bool crypt_verdict_has_encrypted(const struct crypt_verdict *v);
/* What waits for a passphrase, or was withheld; NULL: nothing does. */
const struct crypt_find *crypt_verdict_waiting(const struct crypt_verdict *v);

/* Judges the signatures of a result beside the addresses of the sender. */
void crypt_judge(struct crypt_find *f, const struct crypt_result *result, const GPtrArray *from);

/* "signed by Ivan <ivan@example.org>"; a sentence about why.  g_free() them. */
char *crypt_find_text(const struct crypt_find *f);
char *crypt_find_why(const struct crypt_find *f);
/* Everything, a line for each; "" if nothing is signed or encrypted. */
char *crypt_verdict_text(const struct crypt_verdict *v, const struct mime_message *m);

/* Whether it speaks for the letter, or against it. */
bool crypt_find_is_good(const struct crypt_find *f);
bool crypt_find_is_bad(const struct crypt_find *f);
/* The date of a letter is a day and more from when it was signed (M-72). */
bool crypt_find_is_shifted(const struct crypt_find *f, const struct mime_message *m);

#endif
