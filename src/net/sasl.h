/* SPDX-License-Identifier: MIT
 *
 * SASL mechanisms, as a dialogue without a network: the protocol sends what
 * step() gives and hands the challenge in. */
#ifndef DEWEY_NET_SASL_H
#define DEWEY_NET_SASL_H

#include "base/base.h"

struct sasl;
typedef struct sasl sasl;

/* The best of offered (space-separated, any case; NULL: none) that we have and
 * that is allowed: PLAIN, then LOGIN.  NULL: none.  Static string. */
const char *sasl_choose(const char *offered);

/* user, secret: UTF-8, copied, wiped when freed. */
struct sasl *sasl_new(const char *mechanism, const char *user, const char *secret);
void sasl_free(struct sasl *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sasl, sasl_free)

const char *sasl_mechanism(const struct sasl *s);
/* The initial response in base64 ("=" if empty), or NULL: the server begins.
 * Belongs to s. */
const char *sasl_initial(struct sasl *s);
/* The answer, in base64, to a challenge in base64 (may be empty).  NULL: the
 * challenge makes no sense; cancel with "*".  Belongs to s until the next. */
const char *sasl_step(struct sasl *s, const char *challenge);

#endif
