/* SPDX-License-Identifier: MIT
 *
 * What is done with passwords and tokens, and all that is made of them (T-30). */
#ifndef DEWEY_BASE_SECRET_H
#define DEWEY_BASE_SECRET_H

#include "base/base.h"

/* Keeps these octets out of swap, as far as the system lets us.  They stay so
 * when they are freed: for what is of a size to be a secret that is little. */
void secret_lock(const void *data, size_t len);

/* Wipes and frees; NULL is fine. */
void secret_free(char *secret);

#endif
