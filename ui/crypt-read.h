/* SPDX-License-Identifier: MIT
 *
 * Reading a letter with keys: dewey-mime says what is signed and encrypted and hands
 * out the octets, dewey-crypt does the work, and what was decrypted is read by
 * dewey-mime again, as a letter of its own that is put in the place of what was
 * encrypted.  Plain text is never joined with decrypted text before both were read
 * (M-70), and lies in memory only. */
#ifndef DEWEY_UI_CRYPT_READ_H
#define DEWEY_UI_CRYPT_READ_H

#include "ui/crypt-verdict.h"

struct crypt_reading {
	struct mime_client *mime;
	struct crypt_client *crypt;
	struct mime_reading how;
	bool unprotected; /* show also what nothing protects: a person insists */
};

/* As mime_client_read(); *verdict is NULL if nothing is signed or encrypted.  Blocks
 * until everything is done, which can take seconds: on a thread. */
struct mime_message *crypt_read(const struct crypt_reading *r, int fd,
	struct crypt_verdict **verdict, GError **error);

/* As mime_client_part(), with the paths of what crypt_read() gave: "2!1" is part 1 of
 * the letter that was encrypted in part 2. */
bool crypt_read_part(const struct crypt_reading *r, int fd, const char *path, int out,
	GError **error);

/* The header of payload, which was protected, in the place of that of m; what differs
 * is noted in v.  sealed: who signed it is known to be who payload says it is from. */
void crypt_read_headers(struct mime_message *m, struct mime_message *payload, bool sealed,
	struct crypt_verdict *v);

#endif
