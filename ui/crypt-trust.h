/* SPDX-License-Identifier: MIT
 *
 * What signatures and encryption say for and against a letter, as findings of the row
 * that no letter can imitate. */
#ifndef DEWEY_UI_CRYPT_TRUST_H
#define DEWEY_UI_CRYPT_TRUST_H

#include "ui/crypt-verdict.h"
#include "ui/trust.h"

/* v NULL: nothing is signed or encrypted. */
void crypt_tell(struct trust *t, const struct crypt_verdict *v, const struct mime_message *m);

#endif
