/* SPDX-License-Identifier: MIT
 *
 * PLAIN (RFC 4616), LOGIN and EXTERNAL (RFC 4422): what is said as it is. */
#include "base/base.h"

#include <string.h>

#include "net/sasl-private.h"

/* NUL user NUL secret, without an authorization identity. */
static bool plain_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	if (s->step > 0)
		return false;
	g_byte_array_append(out, (const guint8 *)"", 1);
	sasl_put(out, s->user);
	g_byte_array_append(out, (const guint8 *)"", 1);
	sasl_put(out, s->secret);
	s->gave_secret = s->done = true;
	return true;
}

/* The prompts are not looked at: servers word them as they like, and the order
 * is always user, then secret (T-32). */
static bool login_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	if (s->step > 1)
		return false;
	sasl_put(out, s->step == 0 ? s->user : s->secret);
	s->gave_secret = s->done = s->step == 1;
	return true;
}

/* The certificate says who we are, the user as whom we want to be seen. */
static bool external_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	if (s->step > 0)
		return false;
	sasl_put(out, s->user);
	s->done = true;
	return true;
}

const struct family sasl_plain = {.client_first = true, .initial = true, .answer = plain_answer};
const struct family sasl_login = {.blind = true, .answer = login_answer};
const struct family sasl_external = {
	.client_first = true, .initial = true, .answer = external_answer};
