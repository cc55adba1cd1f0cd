/* SPDX-License-Identifier: MIT
 *
 * The ledger's memory of server keys that a person accepted although the
 * certificate could not be verified (CHECKLIST T-02): one for each host and
 * port.  A host is written as the dotfile has it, in any case.  Error: STORE_ERROR
 * of the ledger; then nothing is changed. */
#ifndef DEWEY_STORE_PINS_H
#define DEWEY_STORE_PINS_H

#include "store/ledger.h"

struct pin {
	char key[65];  /* SHA-256 of the public key, 64 lower-case digits */
	char *reason;  /* why the certificate was no good then, for people */
	int64_t made;  /* when it was accepted, seconds */
};
void pin_free(struct pin *p);
typedef struct pin pin;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(pin, pin_free)

/* The accepted key, to be freed; NULL without an error: there is none. */
struct pin *pins_find(struct ledger *l, const char *host, uint16_t port, GError **error);

/* Takes the key in, in place of one that was accepted before. */
bool pins_accept(struct ledger *l, const char *host, uint16_t port, const char *key,
	const char *reason, GError **error);

/* *had (may be NULL): whether there was one. */
bool pins_forget(struct ledger *l, const char *host, uint16_t port, bool *had, GError **error);

#endif
