/* SPDX-License-Identifier: MIT
 *
 * What client and program share: making results, and their way over the wire
 * (dewey-wire(7)). */
#ifndef DEWEY_CRYPT_RESULT_H
#define DEWEY_CRYPT_RESULT_H

#include "crypt/client.h"
#include "wire/record.h"

/* Arrays are there and empty, strings NULL; each appended to its array. */
struct crypt_user *crypt_user_add(GPtrArray *users);
struct crypt_key *crypt_key_add(GPtrArray *keys);
struct crypt_signature *crypt_signature_add(GPtrArray *signatures);
struct crypt_recipient *crypt_recipient_add(GPtrArray *recipients);

/* As members of the record.  The other direction trusts nothing: strings are
 * sanitized, numbers kept within their range. */
void crypt_encode(const struct crypt_result *result, struct record *r);
struct crypt_result *crypt_decode(const struct record *r);

/* "openpgp", "cms"; false: neither. */
const char *crypt_protocol_word(enum crypt_protocol p);
bool crypt_protocol_named(const char *word, enum crypt_protocol *p);

/* The words of enum crypt_error ("withheld"), in failed records. */
const char *crypt_error_word(int code);
enum crypt_error crypt_error_named(const char *word);

#endif
