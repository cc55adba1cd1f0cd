/* SPDX-License-Identifier: MIT
 *
 * What becomes of a letter by OpenPGP or S/MIME: whose keys are there, and the doing of
 * it.  Both ask dewey-crypt and may wait for a person, so both belong on a thread. */
#ifndef DEWEY_UI_SEAL_H
#define DEWEY_UI_SEAL_H

#include "compose/seal.h"
#include "config/account.h"
#include "crypt/client.h"
#include "mime/client.h"
#include "store/ledger.h"

/* The bits of compose/seal.h that are wanted: those chosen for the draft, else those of
 * the account (NULL: none), and encryption for an answer to what came encrypted, by
 * S/MIME if that was. */
unsigned seal_wish(const struct draft *d, const struct seal_settings *s);

/* Somebody who is to read it. */
struct seal_peer {
	char *address;
	char *key;     /* fingerprint; NULL: there is none */
	bool verified; /* somebody vouches that it is theirs */
	char *offered; /* base64 of a key that came with their letters and is not used; NULL */
	bool mutual;   /* these ask for encrypted answers */
};

struct seal_plan {
	bool smime, sign, encrypt; /* what will be done */
	bool hidden;               /* nobody is named by key, because there is a Bcc */
	char *own;        /* fingerprint of one's own key; NULL: none is needed, or found */
	GPtrArray *peers; /* of struct seal_peer; also those for whom it is not encrypted only
			   * because a key is missing */
	char *trouble;    /* why the letter cannot go like this, a sentence; NULL: it can */
};
typedef struct seal_plan seal_plan;
void seal_plan_free(struct seal_plan *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(seal_plan, seal_plan_free)

/* What the keys are looked for with. */
struct seal_source {
	struct crypt_client *crypt;
	struct ledger *ledger; /* what is known of keys that came with letters; NULL */
};

/* With s of the draft's account; NULL: it has none.  Nobody is asked if nothing is
 * wanted. */
struct seal_plan *seal_plan_new(const struct seal_source *from, const struct draft *d,
	const struct seal_settings *s, GError **error);

/* The whole letter, plain where the plan is neither to sign nor to encrypt.  Error: also
 * the trouble of the plan. */
struct built_letter *seal_letter(struct crypt_client *c, const struct seal_plan *p,
	const struct draft *d, const struct seal_settings *s, GError **error);

/* What draft_save() or draft_pack() wrote, for a disk: encrypted to oneself where the
 * letter would be encrypted, or might be (M-74); else saved itself.  Of d only From and what
 * is wanted count.  Error: also that there is no key of one's own. */
GBytes *seal_saved(struct crypt_client *c, const struct draft *d, const struct seal_settings *s,
	GBytes *saved, GError **error);

/* draft_pack() in memory. */
GBytes *seal_pack(const struct draft *d, GError **error);

/* The value of Autocrypt that goes with the letter, g_free() it; NULL: none is wanted, or
 * there is no key. */
char *seal_autocrypt_value(
	struct crypt_client *c, const struct draft *d, const struct seal_settings *s);

/* Whether it came encrypted, as a whole or in part. */
bool seal_is_encrypted(const struct mime_message *m);
/* … by S/MIME. */
bool seal_is_smime(const struct mime_message *m);

/* What is inside of a draft that was kept encrypted, behind fd: a memory file, to be
 * closed.  -1 without error: it is not encrypted. */
int seal_open(struct crypt_client *c, struct mime_client *mime, int fd,
	const struct mime_message *m, GError **error);

/* A memory file with these octets (NULL: empty), at their end; to be closed.  -1: error. */
int seal_memory(GBytes *octets, GError **error);

/* The address it is written from; NULL: none.  g_free() it. */
char *seal_from(const struct draft *d);

/* One's own key for this letter, in plan->own, and whether the plan can be; for seal.c. */
struct seal_plan *seal_plan_own(struct crypt_client *c, const struct draft *d,
	const struct seal_settings *s, unsigned wish, GError **error);

/* "the key of jones@peer.test is not verified": what a person should know of the plan, or
 * why it cannot be; NULL: nothing.  g_free() it. */
char *seal_plan_warning(const struct seal_plan *p);
/* "OpenPGP, key 0123456789ABCDEF"; NULL: not signed. */
char *seal_plan_signs(const struct seal_plan *p);
/* "OpenPGP, jones@peer.test, smith@peer.test and you"; NULL: not encrypted. */
char *seal_plan_encrypts(const struct seal_plan *p);

#endif
