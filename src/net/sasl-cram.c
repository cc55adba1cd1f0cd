/* SPDX-License-Identifier: MIT
 *
 * CRAM-MD5 (RFC 2195) and APOP (RFC 1939): old proofs by MD5, used only where
 * the user names them. */
#include "base/base.h"

#include <string.h>

#include "net/sasl-private.h"

/* HMAC hashes keys of more than 64 octets as the octets they are (T-48). */
static bool cram_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	if (s->step > 0 || c->len == 0)
		return false;
	g_autofree char *proof = g_compute_hmac_for_data(G_CHECKSUM_MD5, (const guchar *)s->secret,
		strlen(s->secret), (const guchar *)c->text, c->len);
	sasl_put(out, s->user);
	sasl_put(out, " ");
	sasl_put(out, proof);
	s->gave_secret = s->done = true;
	return true;
}

const struct family sasl_cram_md5 = {.answer = cram_answer};

/* --- APOP -------------------------------------------------------------------- */

#define STAMP_MAX 250

static const char atext[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "!#$%&'*+-/=?^_`{|}~";

/* Words with single dots between them. */
static bool is_dot_atom(const char *text, size_t len)
{
	bool dot = true;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '.' ? dot : !strchr(atext, text[i]))
			return false;
		dot = text[i] == '.';
	}
	return len > 0 && !dot;
}

static bool is_literal(const char *text, size_t len)
{
	if (len < 3 || text[0] != '[' || text[len - 1] != ']')
		return false;
	for (size_t i = 1; i < len - 1; i++)
		if (text[i] <= ' ' || text[i] > '~' || strchr("[]\\<>@", text[i]))
			return false;
	return true;
}

/* The attack on MD5 that gives passwords away needs stamps of binary octets
 * (CVE-2007-1558), so a stamp has to be a message id to the letter. */
static bool is_stamp(const char *text, size_t len)
{
	const char *at = memchr(text, '@', len);
	if (len > STAMP_MAX || !at || text[0] != '<' || text[len - 1] != '>')
		return false;
	const char *domain = at + 1;
	size_t rest = (size_t)(text + len - 1 - domain);
	return is_dot_atom(text + 1, (size_t)(at - text - 1)) &&
	       (is_dot_atom(domain, rest) || is_literal(domain, rest));
}

char *sasl_apop(const char *greeting, const char *secret)
{
	const char *open = strchr(greeting, '<');
	const char *close = open ? strchr(open, '>') : NULL;
	if (!close || strchr(open + 1, '<') || strchr(close + 1, '>') ||
		!is_stamp(open, (size_t)(close + 1 - open)))
		return NULL;
	GChecksum *md5 = g_checksum_new(G_CHECKSUM_MD5);
	g_checksum_update(md5, (const guchar *)open, close + 1 - open);
	g_checksum_update(md5, (const guchar *)secret, (gssize)strlen(secret));
	char *proof = g_strdup(g_checksum_get_string(md5));
	g_checksum_free(md5);
	return proof;
}
