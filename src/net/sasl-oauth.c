/* SPDX-License-Identifier: MIT
 *
 * OAUTHBEARER (RFC 7628) and XOAUTH2, its forerunner.  A token that the server
 * does not take is answered with a challenge in JSON, which wants an answer of
 * its own before the server says no (T-46). */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "net/sasl-private.h"

/* Another ^A would begin a field of its own. */
static bool begin(struct sasl *s, GError **error)
{
	for (const char *p = s->secret; *p; p++)
		if (*p <= ' ' || *p > '~')
			return sasl_unfit(error,
				_("the token holds octets that no token may hold; check what "
				  "'password' in the dotfile gives"));
	return !strchr(s->user, 1) || sasl_unfit(error, _("the user holds a control character"));
}

/* "invalid_token" of {"status":"invalid_token", …}; the whole where it is not
 * so.  This is for people: nothing depends on it. */
static char *status_of(const struct challenge *c)
{
	const char *key = strstr(c->text, "\"status\"");
	const char *colon = key ? strchr(key, ':') : NULL;
	const char *open = colon ? strchr(colon, '"') : NULL;
	const char *close = open ? strchr(open + 1, '"') : NULL;
	if (!close)
		return sanitize_server_text(c->text, (gssize)c->len);
	return sanitize_server_text(open + 1, close - open - 1);
}

static void note_refusal(struct sasl *s, const struct challenge *c)
{
	g_autofree char *status = status_of(c);
	s->done = false;
	sasl_fail(s, SASL_FAULT_SECRET,
		g_strdup_printf(_("the server does not take the token: \"%s\""), status));
}

static void put_field(GByteArray *out, const char *name, const char *value)
{
	sasl_put(out, name);
	sasl_put(out, value);
	sasl_put(out, "\001");
}

static bool bearer_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	if (s->step > 1)
		return false;
	if (s->step == 1) {
		note_refusal(s, c);
		sasl_put(out, "\001");
		return true;
	}
	g_autofree char *name = sasl_name(s->user);
	g_autofree char *port = g_strdup_printf("%u", s->port);
	sasl_put(out, *name ? "n,a=" : "n,");
	sasl_put(out, name);
	sasl_put(out, ",\001");
	put_field(out, "host=", s->host ? s->host : "");
	put_field(out, "port=", port);
	put_field(out, "auth=Bearer ", s->secret);
	sasl_put(out, "\001");
	s->gave_secret = s->done = true;
	return true;
}

static bool xoauth2_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	if (s->step > 1)
		return false;
	if (s->step == 1) {
		note_refusal(s, c);
		return true;
	}
	put_field(out, "user=", s->user);
	put_field(out, "auth=Bearer ", s->secret);
	sasl_put(out, "\001");
	s->gave_secret = s->done = true;
	return true;
}

/* Never in the command: Exchange takes none there, and tokens of 4 KiB and more
 * are too long for it (T-45, T-46). */
const struct family sasl_oauthbearer = {
	.client_first = true, .begin = begin, .answer = bearer_answer};
const struct family sasl_xoauth2 = {.client_first = true, .begin = begin, .answer = xoauth2_answer};
