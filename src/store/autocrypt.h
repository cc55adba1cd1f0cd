/* SPDX-License-Identifier: MIT
 *
 * The keys that letters brought along, by their senders (Autocrypt, level 1): what is
 * remembered of them until a person imports one.  Nothing is imported here. */
#ifndef DEWEY_STORE_AUTOCRYPT_H
#define DEWEY_STORE_AUTOCRYPT_H

#include "store/ledger.h"

struct autocrypt_peer {
	int64_t seen; /* when the last letter was written that dewey showed */
	int64_t made; /* and the one that brought the key */
	bool mutual;  /* encrypted answers are asked for */
	char *key;    /* base64; NULL: none came */
};
void autocrypt_peer_clear(struct autocrypt_peer *p);
typedef struct autocrypt_peer autocrypt_peer;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(autocrypt_peer, autocrypt_peer_clear)

/* A letter of address was shown, written at date; of what it brought, only key and
 * mutual count, key "": nothing.  What is older than what is known changes nothing. */
bool autocrypt_note(
	struct ledger *l, const char *address, const struct autocrypt_peer *letter, GError **error);

/* key NULL without error: nothing is known. */
bool autocrypt_get(
	struct ledger *l, const char *address, struct autocrypt_peer *out, GError **error);

#endif
