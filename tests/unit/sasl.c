/* SPDX-License-Identifier: MIT
 *
 * The mechanisms against the examples of their RFCs, and against servers that
 * do not play by them. */
#include "net/sasl.h"

#include <string.h>

#include "net/conn.h"
#include "net/sasl-private.h"

#define NONCE "rOprNGfwEbeRWgbNEkqO"
#define BOTH NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define SALT "s=W22ZaJ0SNY7soEsUEjb6gQ=="

static const struct sasl_facts tim = {.user = "tim"};

static char *encode(const char *text)
{
	return g_base64_encode((const guchar *)text, strlen(text));
}

/* The answer in clear to a challenge in clear; NULL: there is none. */
static char *step(struct sasl *s, const char *challenge)
{
	gsize len;
	g_autofree char *coded = encode(challenge);
	const char *answer = sasl_step(s, coded);
	if (!answer)
		return NULL;
	g_autofree guchar *clear = g_base64_decode(answer, &len);
	return g_strndup((const char *)clear, len);
}

static GBytes *binding(void)
{
	guint8 octets[32];
	for (guint8 i = 0; i < sizeof octets; i++)
		octets[i] = i;
	return g_bytes_new(octets, sizeof octets);
}

/* --- The choice -------------------------------------------------------------- */

static const struct {
	const char *offered;
	unsigned allow;
	bool certificate, bound;
	const char *refused, *chosen;
} choices[] = {
	{"LOGIN PLAIN X-FOO", SASL_ALLOW_AUTO, false, false, NULL, "PLAIN"},
	{"cram-md5 login", SASL_ALLOW_AUTO, false, false, NULL, "LOGIN"},
	{"PLAINER GSSAPI", SASL_ALLOW_AUTO, false, false, NULL, NULL},
	{"", SASL_ALLOW_AUTO, false, false, NULL, NULL},
	{NULL, SASL_ALLOW_AUTO, false, false, NULL, NULL},
	{"PLAIN SCRAM-SHA-1 LOGIN", SASL_ALLOW_AUTO, false, false, NULL, "SCRAM-SHA-1"},
	{"SCRAM-SHA-1 SCRAM-SHA-256", SASL_ALLOW_AUTO, false, false, NULL, "SCRAM-SHA-256"},
	{"SCRAM-SHA-512 SCRAM-SHA-256", SASL_ALLOW_AUTO, false, false, NULL, "SCRAM-SHA-512"},
	{"SCRAM-SHA-512 SCRAM-SHA-1-PLUS", SASL_ALLOW_AUTO, false, true, NULL, "SCRAM-SHA-1-PLUS"},
	{"SCRAM-SHA-1 SCRAM-SHA-1-PLUS", SASL_ALLOW_AUTO, false, false, NULL, "SCRAM-SHA-1"},
	{"scram-sha-256-plus scram-sha-512-plus", SASL_ALLOW_AUTO, false, true, NULL,
		"SCRAM-SHA-512-PLUS"},
	/* Never unasked. */
	{"CRAM-MD5 GSSAPI XOAUTH2 OAUTHBEARER EXTERNAL NTLM DIGEST-MD5", SASL_ALLOW_AUTO, false,
		true, NULL, NULL},
	{"EXTERNAL PLAIN", SASL_ALLOW_AUTO, true, false, NULL, "EXTERNAL"},
	{"EXTERNAL PLAIN", SASL_ALLOW_EXTERNAL, false, false, NULL, NULL},
	{"XOAUTH2 OAUTHBEARER PLAIN", SASL_ALLOW_OAUTH, false, false, NULL, "OAUTHBEARER"},
	{"XOAUTH2 PLAIN", SASL_ALLOW_OAUTH, false, false, NULL, "XOAUTH2"},
	{"PLAIN LOGIN SCRAM-SHA-1", SASL_ALLOW_OAUTH, false, false, NULL, NULL},
	{"PLAIN CRAM-MD5", SASL_ALLOW_CRAM_MD5, false, false, NULL, "CRAM-MD5"},
	{"PLAIN LOGIN", SASL_ALLOW_LOGIN, false, false, NULL, "LOGIN"},
	{"PLAIN LOGIN", SASL_ALLOW_SCRAM, false, false, NULL, NULL},
#ifdef HAVE_GSSAPI
	{"PLAIN GSSAPI", SASL_ALLOW_GSSAPI, false, false, NULL, "GSSAPI"},
#endif
	/* What was refused is not chosen again; after -PLUS only -PLUS. */
	{"PLAIN LOGIN", SASL_ALLOW_AUTO, false, false, "plain ", "LOGIN"},
	{"PLAIN LOGIN", SASL_ALLOW_AUTO, false, false, "PLAIN LOGIN ", NULL},
	{"SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN", SASL_ALLOW_AUTO, false, true,
		"SCRAM-SHA-256-PLUS ", NULL},
	{"SCRAM-SHA-256-PLUS SCRAM-SHA-1-PLUS PLAIN", SASL_ALLOW_AUTO, false, true,
		"SCRAM-SHA-256-PLUS ", "SCRAM-SHA-1-PLUS"},
};

static void test_choose(void)
{
	g_autoptr(GBytes) bound = binding();
	for (size_t i = 0; i < G_N_ELEMENTS(choices); i++) {
		const struct sasl_facts facts = {.allow = choices[i].allow,
			.certificate = choices[i].certificate,
			.binding = choices[i].bound ? bound : NULL};
		g_test_message("row %zu: '%s'", i, choices[i].offered ? choices[i].offered : "");
		g_assert_cmpstr(sasl_choose(choices[i].offered, &facts, choices[i].refused), ==,
			choices[i].chosen);
	}
}

/* --- Said as it is ----------------------------------------------------------- */

/* The example of RFC 4616, and that a second challenge gets nothing. */
static void test_plain(void)
{
	g_autoptr(sasl) s = sasl_new("plain", &tim, "tanstaaftanstaaf", NULL);
	g_assert_cmpstr(sasl_mechanism(s), ==, "PLAIN");
	g_assert_cmpstr(sasl_initial(s), ==, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
	g_assert_cmpstr(sasl_step(s, ""), ==, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
	g_assert_true(sasl_is_done(s));
	g_assert_null(sasl_initial(s));
	g_assert_null(sasl_step(s, ""));
	g_assert_false(sasl_is_done(s));
	sasl_restart(s);
	g_assert_cmpstr(sasl_step(s, "whatever stands here"), ==, "AHRpbQB0YW5zdGFhZnRhbnN0YWFm");
}

static void test_login(void)
{
	const struct sasl_facts ivan = {.user = "Иван"};
	g_autoptr(sasl) s = sasl_new("LOGIN", &ivan, "пароль", NULL);
	g_assert_null(sasl_initial(s));
	g_assert_cmpstr(sasl_step(s, "VXNlcm5hbWU6"), ==, "0JjQstCw0L0=");
	g_assert_false(sasl_is_done(s));
	g_assert_false(sasl_gave_secret(s));
	g_assert_cmpstr(sasl_step(s, "UGFzc3dvcmQ6"), ==, "0L/QsNGA0L7Qu9GM");
	g_assert_true(sasl_is_done(s));
	g_assert_null(sasl_step(s, "VXNlcm5hbWU6"));
}

static void test_external(void)
{
	const struct sasl_facts nobody = {.user = NULL, .certificate = true};
	g_autoptr(sasl) s = sasl_new("EXTERNAL", &nobody, NULL, NULL);
	g_assert_cmpstr(sasl_initial(s), ==, "=");
	g_autoptr(sasl) named = sasl_new("EXTERNAL", &tim, NULL, NULL);
	g_assert_cmpstr(sasl_initial(named), ==, "dGlt");
	g_assert_false(sasl_gave_secret(named));
	g_assert_false(sasl_needs_secret("EXTERNAL"));
}

static void test_garbage(void)
{
	static const char *const rows[] = {"not base64", "a", "ab=c", "====", "go ahead",
		"0JjQstCw0L0!", "YQ==\n", "\xff\xfe"};
	static const char *const mechanisms[] = {"LOGIN", "CRAM-MD5"};
	for (size_t i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(mechanisms); i++) {
		const char *row = rows[i % G_N_ELEMENTS(rows)];
		g_autoptr(sasl) s = sasl_new(mechanisms[i / G_N_ELEMENTS(rows)], &tim, "p", NULL);
		g_test_message("%s, row '%s'", sasl_mechanism(s), row);
		g_assert_null(sasl_step(s, row));
		g_assert_null(sasl_step(s, "VXNlcm5hbWU6"));
		g_assert_false(sasl_is_done(s));
	}
}

/* --- CRAM-MD5, APOP ---------------------------------------------------------- */

/* RFC 2195, and RFC 2202's case of a key longer than a block. */
static void test_cram(void)
{
	char key[81] = {0};
	memset(key, 0xaa, sizeof key - 1);
	g_autoptr(sasl) s = sasl_new("CRAM-MD5", &tim, "tanstaaftanstaaf", NULL);
	g_assert_null(sasl_initial(s));
	g_autofree char *answer = step(s, "<1896.697170952@postoffice.reston.mci.net>");
	g_assert_cmpstr(answer, ==, "tim b913a602c7eda7a495b4e6e7334d3890");
	g_assert_true(sasl_is_done(s));
	g_assert_null(step(s, "again"));
	g_autoptr(sasl) big = sasl_new("CRAM-MD5", &tim, key, NULL);
	g_autofree char *hashed =
		step(big, "Test Using Larger Than Block-Size Key - Hash Key First");
	g_assert_cmpstr(hashed, ==, "tim 6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
	g_autoptr(sasl) empty = sasl_new("CRAM-MD5", &tim, "p", NULL);
	g_assert_null(step(empty, ""));
}

/* RFC 1939 section 7, and what may be a timestamp. */
static void test_apop(void)
{
	static const struct {
		const char *greeting;
		bool ok;
	} rows[] = {
		{"POP3 server ready <1896.697170952@dbc.mtview.ca.us>", true},
		{"Dovecot ready. <94f.1.6b017575.KLm/+==@vm>", true},
		{"<1@[192.0.2.1]> hello", true},
		{"POP3 server ready", false},
		{"<>", false},
		{"<@>", false},
		{"<a>", false},
		{"<a@>", false},
		{"<@b>", false},
		{"<a@b", false},
		{"<a@b@c>", false},
		{"<a b@c>", false},
		{"<a..b@c>", false},
		{"<.a@c>", false},
		{"<a.@c>", false},
		{"<a@b><c@d>", false},
		{"<a\x80@b>", false},
		{"<a\xc2\x80@b>", false},
		{"<a\x01@b>", false},
		{"<a\"x\"@b>", false},
		{"<a@[]>", false},
		{"<a@[b\\]>", false},
	};
	g_autofree char *proof = sasl_apop(rows[0].greeting, "tanstaaf");
	g_assert_cmpstr(proof, ==, "c4c9334bac560ecc979e58001b3e22fb");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = sasl_apop(rows[i].greeting, "x");
		g_test_message("row '%s'", rows[i].greeting);
		g_assert_cmpint(got != NULL, ==, rows[i].ok);
	}
	g_autofree char *left = g_strnfill(250, 'a');
	g_autofree char *longest = g_strdup_printf("<%s@b>", left);
	g_assert_null(sasl_apop(longest, "x"));
}

/* --- OAuth ------------------------------------------------------------------- */

#define TOKEN "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="
static const struct sasl_facts somebody = {
	.user = "user@example.com", .host = "server.example.com", .port = 143};

/* RFC 7628 section 4.1; in two steps, and the error answered. */
static void test_bearer(void)
{
	enum sasl_fault fault;
	g_autoptr(sasl) s = sasl_new("OAUTHBEARER", &somebody, TOKEN, NULL);
	g_assert_null(sasl_initial(s));
	g_assert_cmpstr(sasl_step(s, ""), ==,
		"bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9Qm"
		"VhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB");
	g_assert_true(sasl_is_done(s));
	g_autofree char *error = encode("{\"status\":\"inval\x1b[2Jid_token\",\"scope\":\"x\"}");
	g_assert_cmpstr(sasl_step(s, error), ==, "AQ==");
	g_assert_false(sasl_is_done(s));
	g_assert_true(sasl_takes_token("OAUTHBEARER"));
	const char *why = sasl_trouble(s, &fault);
	g_assert_cmpint(fault, ==, SASL_FAULT_SECRET);
	g_assert_nonnull(strstr(why, "id_token"));
	g_assert_null(strchr(why, '\x1b'));
	g_assert_null(strstr(why, "scope"));
	g_assert_null(sasl_step(s, error));
}

static void test_xoauth2(void)
{
	const struct sasl_facts someuser = {.user = "someuser@example.com"};
	enum sasl_fault fault;
	g_autoptr(sasl) s =
		sasl_new("XOAUTH2", &someuser, "vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg==", NULL);
	g_assert_null(sasl_initial(s));
	g_assert_cmpstr(sasl_step(s, ""), ==,
		"dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB2RjlkZnQ0cW1UYzJOdmIzUmxja0Jo"
		"ZEhSaGRtbHpkR0V1WTI5dENnPT0BAQ==");
	g_autofree char *error = encode("no JSON at all");
	g_assert_cmpstr(sasl_step(s, error), ==, "");
	g_assert_nonnull(strstr(sasl_trouble(s, &fault), "no JSON at all"));
	/* What would be a field of its own is no token. */
	g_assert_null(sasl_new("XOAUTH2", &someuser, "a\001auth=Bearer b", NULL));
	g_assert_null(sasl_new("XOAUTH2", &someuser, "two words", NULL));
}

/* --- SCRAM ------------------------------------------------------------------- */

static const struct {
	const char *mechanism, *user, *secret, *nonce;
	bool plus, bound;
	const char *first, *server_first, *final, *server_final;
} vectors[] = {
	/* RFC 5802 section 5 */
	{"SCRAM-SHA-1", "user", "pencil", "fyko+d2lbbFgONRv9qkxdawL", false, false,
		"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
		"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
		"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+"
		"HI4Ts=",
		"v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
	/* RFC 7677 section 3 */
	{"SCRAM-SHA-256", "user", "pencil", NONCE, false, false, "n,,n=user,r=" NONCE,
		"r=" BOTH "," SALT ",i=4096",
		"c=biws,r=" BOTH ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
		"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
	/* By another implementation, of some lines of Python. */
	{"SCRAM-SHA-512", "user", "pencil", NONCE, false, false, "n,,n=user,r=" NONCE,
		"r=" BOTH "," SALT ",i=4096",
		"c=biws,r=" BOTH
		",p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PP"
		"C6wdp6dybEmDYXYTxwnYPJQ==",
		"v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2r"
		"R7N7Zw=="},
	{"SCRAM-SHA-256-PLUS", "user", "pencil", NONCE, true, true,
		"p=tls-exporter,,n=user,r=" NONCE, "r=" BOTH "," SALT ",i=4096",
		"c=cD10bHMtZXhwb3J0ZXIsLAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f,r=" BOTH
		",p=QC6CS20quADQRb3mT99YUH+n3VJxUvzuK0K0E1Vrs2M=",
		"v=2GiAgapEppLVlUXbxUDksL3VgYHzuqiK5tR4mhJGgvs="},
	{"SCRAM-SHA-1-PLUS", "user", "pencil", NONCE, true, true, "p=tls-exporter,,n=user,r=" NONCE,
		"r=" BOTH "," SALT ",i=4096",
		"c=cD10bHMtZXhwb3J0ZXIsLAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f,r=" BOTH
		",p=/QKgZNBHelOsjZPTvucb5s4VtQE=",
		"v=tK3UShY5jkJWC9Q52aNEU6Ba6Is="},
	/* -PLUS was possible, and not offered. */
	{"SCRAM-SHA-256", "user", "pencil", NONCE, false, true, "y,,n=user,r=" NONCE,
		"r=" BOTH "," SALT ",i=4096",
		"c=eSws,r=" BOTH ",p=FoqiHTtQEDE8lz1CdaEe3tK4mS+iMDTl77SPyDS53DY=",
		"v=dI4KpiQJwBr1+V+K6U1dA6l6I4I9DUNXWND4pcpRU3U="},
	/* A name to be escaped, a password to be prepared, an extension at the end. */
	{"SCRAM-SHA-256", "a,b=", "I\u00adX", NONCE, false, false, "n,,n=a=2Cb=3D,r=" NONCE,
		"r=" BOTH "," SALT ",i=4096",
		"c=biws,r=" BOTH ",p=weOLFm87NKIDLzq2atOThOQQTCkTGFQkaUSW19Q7AsQ=",
		"v=d62XazJfa/o5HlUuve6NMbKoiVyJxcK6KiADijN72HU=,x=more"},
};

static void check_vector(size_t i, const struct sasl_facts *facts)
{
	g_autoptr(sasl) s = sasl_new(vectors[i].mechanism, facts, vectors[i].secret, NULL);
	g_autofree char *initial = encode(vectors[i].first);
	g_assert_cmpstr(sasl_initial(s), ==, initial);
	g_assert_true(sasl_ignores(s));
	g_assert_cmpstr(sasl_step(s, ""), ==, initial);
	g_assert_false(sasl_ignores(s));
	g_assert_false(sasl_gave_secret(s));
	g_autofree char *final = step(s, vectors[i].server_first);
	g_assert_cmpstr(final, ==, vectors[i].final);
	g_assert_true(sasl_gave_secret(s));
	g_assert_false(sasl_is_done(s));
	g_autofree char *last = step(s, vectors[i].server_final);
	g_assert_cmpstr(last, ==, "");
	g_assert_true(sasl_is_done(s));
	g_assert_null(step(s, ""));
	g_assert_false(sasl_is_done(s));
}

static void test_scram(void)
{
	g_autoptr(GBytes) bound = binding();
	for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
		const struct sasl_facts facts = {.user = vectors[i].user,
			.nonce = vectors[i].nonce,
			.binding = vectors[i].bound ? bound : NULL};
		g_test_message("row %zu: %s", i, vectors[i].mechanism);
		check_vector(i, &facts);
	}
}

/* server-first-messages that must not get a proof. */
static void test_scram_first(void)
{
	static const struct {
		const char *first;
		enum sasl_fault fault;
	} rows[] = {
		{"r=" BOTH "," SALT ",i=4095", SASL_FAULT_PROTOCOL},
		{"r=" BOTH "," SALT ",i=1", SASL_FAULT_PROTOCOL},
		{"r=" BOTH "," SALT ",i=1000001", SASL_FAULT_PROTOCOL},
		{"r=" BOTH "," SALT ",i=99999999999999999999", SASL_FAULT_PROTOCOL},
		{"r=" BOTH "," SALT ",i=04096", SASL_FAULT_PROTOCOL},
		{"r=" BOTH "," SALT ",i=-4096", SASL_FAULT_PROTOCOL},
		{"r=" BOTH "," SALT ",i=4096x", SASL_FAULT_PROTOCOL},
		{"r=" BOTH "," SALT ",i=", SASL_FAULT_PROTOCOL},
		{"r=" BOTH "," SALT, SASL_FAULT_PROTOCOL},
		{"r=" NONCE "," SALT ",i=4096", SASL_FAULT_PROTOCOL},
		{"r=x" NONCE "more," SALT ",i=4096", SASL_FAULT_PROTOCOL},
		{"r=rOprNGfw," SALT ",i=4096", SASL_FAULT_PROTOCOL},
		{"r=" BOTH "\x01," SALT ",i=4096", SASL_FAULT_PROTOCOL},
		{"r=," SALT ",i=4096", SASL_FAULT_PROTOCOL},
		{SALT ",r=" BOTH ",i=4096", SASL_FAULT_PROTOCOL},
		{"r=" BOTH ",s=,i=4096", SASL_FAULT_PROTOCOL},
		{"r=" BOTH ",s=!!!!,i=4096", SASL_FAULT_PROTOCOL},
		{"m=ext,r=" BOTH "," SALT ",i=4096", SASL_FAULT_PROTOCOL},
		{"", SASL_FAULT_PROTOCOL},
		{",,,,", SASL_FAULT_PROTOCOL},
		{"e=unknown-user", SASL_FAULT_SECRET},
		{"e=other-error", SASL_FAULT_REFUSED},
		{"e=\x1b]0;x\x07", SASL_FAULT_REFUSED},
	};
	const struct sasl_facts facts = {.user = "user", .nonce = NONCE};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		enum sasl_fault fault;
		g_autoptr(sasl) s = sasl_new("SCRAM-SHA-256", &facts, "pencil", NULL);
		g_test_message("row '%s'", rows[i].first);
		g_assert_nonnull(sasl_step(s, ""));
		g_assert_null(step(s, rows[i].first));
		const char *why = sasl_trouble(s, &fault);
		g_assert_nonnull(why);
		g_assert_null(strchr(why, '\x1b'));
		g_assert_cmpint(fault, ==, rows[i].fault);
		g_assert_false(sasl_gave_secret(s));
		g_assert_false(sasl_is_done(s));
	}
}

/* server-final-messages that prove nothing. */
static void test_scram_final(void)
{
	static const struct {
		const char *final;
		enum sasl_fault fault;
	} rows[] = {
		{"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=", SASL_FAULT_PROTOCOL},
		{"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl9", SASL_FAULT_PROTOCOL},
		{"v=", SASL_FAULT_PROTOCOL},
		{"v=!!!!", SASL_FAULT_PROTOCOL},
		{"", SASL_FAULT_PROTOCOL},
		{"x=1,v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", SASL_FAULT_PROTOCOL},
		{"e=invalid-proof", SASL_FAULT_SECRET},
		{"e=channel-bindings-dont-match", SASL_FAULT_PROTOCOL},
		{"e=no-resources", SASL_FAULT_REFUSED},
	};
	const struct sasl_facts facts = {.user = "user", .nonce = NONCE};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		enum sasl_fault fault;
		g_autoptr(sasl) s = sasl_new("SCRAM-SHA-256", &facts, "pencil", NULL);
		g_test_message("row '%s'", rows[i].final);
		g_assert_nonnull(sasl_step(s, ""));
		g_autofree char *proof = step(s, "r=" BOTH "," SALT ",i=4096");
		g_assert_nonnull(proof);
		g_assert_null(step(s, rows[i].final));
		g_assert_nonnull(sasl_trouble(s, &fault));
		g_assert_cmpint(fault, ==, rows[i].fault);
		g_assert_false(sasl_is_done(s));
		/* And nothing mends it. */
		g_assert_null(step(s, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
		g_assert_false(sasl_is_done(s));
	}
}

/* Each dialogue has a nonce of its own, but one dialogue one. */
static void test_nonce(void)
{
	g_autoptr(sasl) a = sasl_new("SCRAM-SHA-256", &tim, "p", NULL);
	g_autoptr(sasl) b = sasl_new("SCRAM-SHA-256", &tim, "p", NULL);
	g_autofree char *first = g_strdup(sasl_initial(a));
	g_assert_cmpstr(first, !=, sasl_initial(b));
	g_assert_cmpstr(first, ==, sasl_step(a, ""));
	g_assert_cmpuint(strlen(first), >, 40);
}

/* --- SASLprep ---------------------------------------------------------------- */

/* RFC 4013 section 3, and some more. */
static void test_prepare(void)
{
	static const struct {
		const char *text, *prepared;
	} rows[] = {
		{"I\u00adX", "IX"},
		{"user", "user"},
		{"USER", "USER"},
		{"\u00aa", "a"},
		{"\u2168", "IX"},
		{"\x07", NULL},
		{"\u06271", NULL},
		{"a\u00a0b", "a b"},
		{"парольЁ", "парольЁ"},
		{"e\u0301", "\u00e9"},
		{"\U0001f600", "\U0001f600"},
		{"\xff", NULL},
		{"", ""},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = sasl_prepare(rows[i].text);
		g_test_message("row %zu", i);
		g_assert_cmpstr(got, ==, rows[i].prepared);
	}
	/* What cannot be prepared is left to another mechanism. */
	g_autoptr(GError) error = NULL;
	g_assert_null(sasl_new("SCRAM-SHA-256", &tim, "\x07", &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_CONFIG);
	g_autoptr(sasl) plain = sasl_new("PLAIN", &tim, "\x07", NULL);
	g_assert_nonnull(plain);
}

/* A token of the greatest length goes through whole. */
static void test_long(void)
{
	g_autofree char *token = g_strnfill(SASL_LINE_MAX, 't');
	g_autoptr(sasl) s = sasl_new("XOAUTH2", &tim, token, NULL);
	g_autofree char *answer = step(s, "");
	g_assert_cmpuint(strlen(answer), >, SASL_LINE_MAX);
	g_assert_nonnull(strstr(answer, token));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sasl/choose/T-40", test_choose);
	g_test_add_func("/sasl/plain", test_plain);
	g_test_add_func("/sasl/login/T-32", test_login);
	g_test_add_func("/sasl/external/T-40", test_external);
	g_test_add_func("/sasl/garbage/T-45", test_garbage);
	g_test_add_func("/sasl/cram-md5/T-48", test_cram);
	g_test_add_func("/sasl/apop/T-60", test_apop);
	g_test_add_func("/sasl/oauthbearer/T-46", test_bearer);
	g_test_add_func("/sasl/xoauth2/T-46", test_xoauth2);
	g_test_add_func("/sasl/scram/T-44", test_scram);
	g_test_add_func("/sasl/scram/first/T-42", test_scram_first);
	g_test_add_func("/sasl/scram/final/T-43", test_scram_final);
	g_test_add_func("/sasl/scram/nonce/T-42", test_nonce);
	g_test_add_func("/sasl/saslprep/T-43", test_prepare);
	g_test_add_func("/sasl/long/T-45", test_long);
	return g_test_run();
}
