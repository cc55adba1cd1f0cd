/* SPDX-License-Identifier: MIT
 *
 * What a hostile server may ask during a log-in.  The first octet chooses the
 * mechanism and how it begins; then each line is a challenge in base64, or one
 * to be encoded if it begins with '!'.  A success that the server has not earned
 * is a fault, and so is an answer behind a failure. */
#include "net/sasl.h"

#include <string.h>

#include "net/conn.h"

G_DEFINE_QUARK(dewey-net-error, net_error)

/* As in RFC 7677, so that the corpus can come through. */
#define NONCE "rOprNGfwEbeRWgbNEkqO"

static const char *const mechanisms[] = {"PLAIN", "LOGIN", "EXTERNAL", "CRAM-MD5", "OAUTHBEARER",
	"XOAUTH2", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "SCRAM-SHA-256-PLUS"};

/* A million rounds would be the fuzzer's only work. */
static bool is_slow(const char *text)
{
	for (const char *at = strstr(text, "i="); at; at = strstr(at + 1, "i="))
		if (strspn(at + 2, "0123456789") > 4)
			return true;
	return false;
}

static char *make_challenge(const char *line)
{
	gsize len;
	if (*line == '!')
		return is_slow(line) ? NULL
				     : g_base64_encode((const guchar *)line + 1, strlen(line + 1));
	g_autofree char *decoded = (char *)g_base64_decode(line, &len);
	g_autofree char *text = g_strndup(decoded, len);
	return is_slow(text) ? NULL : g_strdup(line);
}

static void talk(struct sasl *s, char **lines, bool initial)
{
	bool over = false;
	if (initial && sasl_initial(s))
		sasl_step(s, "");
	for (guint i = 0; lines[i] && i < 16; i++) {
		enum sasl_fault fault;
		g_autofree char *challenge = make_challenge(lines[i]);
		if (!challenge)
			return;
		const char *answer = sasl_step(s, challenge);
		g_assert(!over || !answer);
		over = over || !answer;
		g_assert(!over || !sasl_is_done(s));
		const char *why = sasl_trouble(s, &fault);
		g_assert(!why || !strchr(why, '\x1b'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t bound[32] = {1, 2, 3};
	if (size < 1)
		return 0;
	g_autoptr(GBytes) binding = g_bytes_new_static(bound, sizeof bound);
	const struct sasl_facts facts = {.user = "user",
		.certificate = true,
		.binding = binding,
		.service = "pop",
		.host = "localhost",
		.port = 995,
		.nonce = NONCE};
	const char *mechanism = mechanisms[(data[0] & 0x7f) % G_N_ELEMENTS(mechanisms)];
	g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(sasl) s = sasl_new(mechanism, &facts, "pencil", NULL);
	talk(s, lines, data[0] & 0x80);
	sasl_restart(s);
	talk(s, lines, false);
	g_autofree char *apop = sasl_apop(text, "pencil");
	return 0;
}
