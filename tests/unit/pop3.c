/* SPDX-License-Identifier: MIT
 *
 * What a server says: status lines, listings, capabilities, bodies. */
#include "base/base.h"

#include <string.h>

#include "pop3/body.h"
#include "pop3/reply.h"

/* --- Status lines ---------------------------------------------------------------- */

static void test_indicators(void)
{
	static const struct {
		const char *line;
		enum reply_kind kind;
		enum reply_code code;
		const char *text;
	} rows[] = {
		{"+OK", REPLY_OK, REPLY_CODE_NONE, ""},
		{"+OK hello", REPLY_OK, REPLY_CODE_NONE, "hello"},
		{"+OK  two", REPLY_OK, REPLY_CODE_NONE, " two"},
		{"-ERR", REPLY_ERR, REPLY_CODE_NONE, ""},
		{"-ERR [AUTH] no", REPLY_ERR, REPLY_CODE_AUTH, "[AUTH] no"},
		{"-ERR [in-use] busy", REPLY_ERR, REPLY_CODE_IN_USE, "[in-use] busy"},
		{"-ERR [SYS/TEMP]x", REPLY_ERR, REPLY_CODE_SYS_TEMP, "[SYS/TEMP]x"},
		{"-ERR [SYS/PERM] x", REPLY_ERR, REPLY_CODE_SYS_PERM, "[SYS/PERM] x"},
		{"-ERR [LOGIN-DELAY] x", REPLY_ERR, REPLY_CODE_LOGIN_DELAY, "[LOGIN-DELAY] x"},
		{"-ERR [X-ANY] x", REPLY_ERR, REPLY_CODE_OTHER, "[X-ANY] x"},
		{"-ERR [AUTH/EXPIRED] x", REPLY_ERR, REPLY_CODE_AUTH, "[AUTH/EXPIRED] x"},
		{"-ERR [sys/perm/a/b] x", REPLY_ERR, REPLY_CODE_SYS_PERM, "[sys/perm/a/b] x"},
		{"-ERR [SYS] x", REPLY_ERR, REPLY_CODE_OTHER, "[SYS] x"},
		{"-ERR [SYS/OTHER] x", REPLY_ERR, REPLY_CODE_OTHER, "[SYS/OTHER] x"},
		{"-ERR [] x", REPLY_ERR, REPLY_CODE_OTHER, "[] x"},
		{"-ERR [AUTHX] x", REPLY_ERR, REPLY_CODE_OTHER, "[AUTHX] x"},
		{"-ERR [AUTH x", REPLY_ERR, REPLY_CODE_NONE, "[AUTH x"},
		{"-ERR see [AUTH]", REPLY_ERR, REPLY_CODE_NONE, "see [AUTH]"},
		{"+OK [AUTH] odd", REPLY_OK, REPLY_CODE_NONE, "[AUTH] odd"},
		{"+ VXNlcg==", REPLY_CONTINUE, REPLY_CODE_NONE, "VXNlcg=="},
		{"+", REPLY_CONTINUE, REPLY_CODE_NONE, ""},
		{"+\xd0\x9e\xd0\x9a", REPLY_BAD, 0, NULL}, /* Cyrillic */
		{"+Ok", REPLY_BAD, 0, NULL},
		{"+ok", REPLY_BAD, 0, NULL},
		{"+OKAY", REPLY_BAD, 0, NULL},
		{"+OK\tx", REPLY_BAD, 0, NULL},
		{"+Do you care", REPLY_BAD, 0, NULL},
		{"-Err", REPLY_BAD, 0, NULL},
		{"-ERRor", REPLY_BAD, 0, NULL},
		{" +OK", REPLY_BAD, 0, NULL},
		{"OK", REPLY_BAD, 0, NULL},
		{"", REPLY_BAD, 0, NULL},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct reply r = reply_parse(rows[i].line, strlen(rows[i].line));
		g_test_message("row '%s'", rows[i].line);
		g_assert_cmpint(r.kind, ==, rows[i].kind);
		if (r.kind != REPLY_BAD) {
			g_assert_cmpint(r.code, ==, rows[i].code);
			g_assert_cmpstr(r.text, ==, rows[i].text);
		}
	}
	struct reply nul = reply_parse("+OK\0x", 5);
	g_assert_cmpint(nul.kind, ==, REPLY_BAD);
}

/* --- Listings -------------------------------------------------------------------- */

static void test_numbers(void)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t value;
	} rows[] = {
		{"0", true, 0},
		{"12", true, 12},
		{"12 rest", true, 12},
		{"00012", true, 12},
		{"18446744073709551615", true, UINT64_MAX},
		{"18446744073709551616", false, 0},
		{"99999999999999999999", false, 0},
		{"-1", false, 0},
		{"+1", false, 0},
		{"1e3", false, 0},
		{" 1", false, 0},
		{"1\t2", false, 0},
		{"0x10", false, 0},
		{"", false, 0},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint64_t value = 0;
		g_test_message("row '%s'", rows[i].text);
		g_assert_cmpint(reply_number(rows[i].text, &value, NULL), ==, rows[i].ok);
		if (rows[i].ok)
			g_assert_cmpuint(value, ==, rows[i].value);
	}
}

static void test_list_rows(void)
{
	static const struct {
		const char *line;
		bool ok;
		uint64_t number, size;
	} rows[] = {
		{"1 120", true, 1, 120},
		{"2 5000000000 and more", true, 2, 5000000000},
		{"3", false, 0, 0},
		{"0 10", false, 0, 0},
		{"1 -5", false, 0, 0},
		{"x 5", false, 0, 0},
		{"1 20 30", true, 1, 20},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint64_t number = 0, size = 0;
		g_test_message("row '%s'", rows[i].line);
		g_assert_cmpint(reply_list_row(rows[i].line, &number, &size), ==, rows[i].ok);
		if (rows[i].ok) {
			g_assert_cmpuint(number, ==, rows[i].number);
			g_assert_cmpuint(size, ==, rows[i].size);
		}
	}
}

static void check_uid(const char *line, size_t len, const char *wanted)
{
	uint64_t number = 0;
	GBytes *uid = NULL;
	g_assert_true(reply_uidl_row(line, len, &number, &uid));
	if (!wanted) {
		g_assert_null(uid);
		return;
	}
	gsize size;
	const char *data = g_bytes_get_data(uid, &size);
	g_assert_cmpmem(data, size, wanted, strlen(wanted));
	g_bytes_unref(uid);
}

static void test_uidl_rows(void)
{
	uint64_t number;
	GBytes *uid;
	g_autofree char *most = g_strnfill(255, 'u');
	g_autofree char *longer = g_strnfill(256, 'u');
	g_autofree char *line = g_strconcat("7 ", most, NULL);
	g_autofree char *long_line = g_strconcat("7 ", longer, NULL);
	check_uid("1 abc", 5, "abc");
	check_uid("1   abc", 7, "abc");
	check_uid("1 a b\xff", 6, "a b\xff");
	check_uid("1", 1, NULL);
	check_uid("1 ", 2, NULL);
	check_uid(line, strlen(line), most);
	/* Control octets, NUL among them, and length are hashed away. */
	static const char *const odd[] = {"1 a\x1b[2J", "1 a\x7f", "1 a\tb"};
	for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
		g_assert_true(reply_uidl_row(odd[i], strlen(odd[i]), &number, &uid));
		g_assert_cmpuint(g_bytes_get_size(uid), ==, 7 + 64);
		g_bytes_unref(uid);
	}
	GBytes *one, *other;
	g_assert_true(reply_uidl_row("1 a\0b", 5, &number, &one));
	g_assert_true(reply_uidl_row("1 a\0c", 5, &number, &other));
	g_assert_false(g_bytes_equal(one, other));
	g_bytes_unref(one);
	g_bytes_unref(other);
	g_assert_true(reply_uidl_row(long_line, strlen(long_line), &number, &uid));
	g_assert_cmpuint(g_bytes_get_size(uid), ==, 7 + 64);
	g_bytes_unref(uid);
	g_assert_false(reply_uidl_row("0 abc", 5, &number, &uid));
	g_assert_false(reply_uidl_row("abc", 3, &number, &uid));
	g_assert_false(reply_uidl_row("", 0, &number, &uid));
}

static void test_capabilities(void)
{
	struct capabilities c = {0};
	static const char *const lines[] = {"CAPA", "TOP", "uidl", "SASL PLAIN  LOGIN", "EXPIRE 0",
		"X-UNKNOWN thing", "UTF8 USER", "IMPLEMENTATION Nice 1.0", "PIPELININGS"};
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		capabilities_add(&c, lines[i]);
	g_assert_true(c.top && c.uidl && c.utf8_user && c.expire_now);
	g_assert_false(c.pipelining || c.stls || c.user || c.auth_resp_code);
	g_assert_cmpstr(c.mechanisms, ==, "PLAIN  LOGIN");
	g_assert_cmpstr(c.implementation, ==, "Nice 1.0");
	capabilities_clear(&c);
	g_assert_null(c.mechanisms);
}

/* P-17, P-19: a number that cannot be is as if the server had said nothing. */
static void test_capability_numbers(void)
{
	static const struct {
		const char *line;
		bool expire, now;
		guint days, delay;
	} rows[] = {
		{"EXPIRE 0", true, true, 0, 0},
		{"EXPIRE 0 USER", true, true, 0, 0},
		{"expire 30 USER", true, false, 30, 0},
		{"EXPIRE NEVER", true, false, EXPIRE_NEVER, 0},
		{"EXPIRE never USER", true, false, EXPIRE_NEVER, 0},
		{"EXPIRE 18446744073709551615", true, false, EXPIRE_NEVER, 0},
		{"EXPIRE", false, false, EXPIRE_NEVER, 0},
		{"EXPIRE -1", false, false, EXPIRE_NEVER, 0},
		{"EXPIRE NEVERMORE", false, false, EXPIRE_NEVER, 0},
		{"EXPIRE 00", true, true, 0, 0},
		{"LOGIN-DELAY 900", false, false, 0, 900},
		{"login-delay 86400 USER", false, false, 0, 86400},
		{"LOGIN-DELAY 86401", false, false, 0, 0},
		{"LOGIN-DELAY", false, false, 0, 0},
		{"LOGIN-DELAY soon", false, false, 0, 0},
		{"LOGIN-DELAY 99999999999999999999", false, false, 0, 0},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct capabilities c = {0};
		g_test_message("row '%s'", rows[i].line);
		capabilities_add(&c, rows[i].line);
		g_assert_cmpint(c.expire, ==, rows[i].expire);
		g_assert_cmpint(c.expire_now, ==, rows[i].now);
		g_assert_cmpuint(c.expire_days, ==, rows[i].days);
		g_assert_cmpuint(c.login_delay, ==, rows[i].delay);
		capabilities_clear(&c);
	}
}

/* --- Bodies ---------------------------------------------------------------------- */

/* Feeds wire in pieces of step octets; whether it ended, and how much was used. */
static bool feed(
	const char *wire, size_t len, size_t step, bool lf_mode, GString *out, size_t *used)
{
	struct body b;
	body_init(&b, lf_mode);
	*used = 0;
	while (*used < len && b.state != BODY_END) {
		size_t n = MIN(step, len - *used), got;
		g_autofree char *piece = g_memdup2(wire + *used, n);
		g_autofree char *room = g_malloc(n + 1);
		*used += body_feed(&b, piece, n, room, &got);
		g_assert_cmpuint(got, <=, n + 1);
		g_string_append_len(out, room, (gssize)got);
	}
	return b.state == BODY_END;
}

#define WIRE(text) text, sizeof(text) - 1
static const struct {
	const char *wire;
	size_t wire_len;
	const char *mail;
	size_t mail_len;
	bool ends;
	bool lf_mode;
} bodies[] = {
	{WIRE(".\r\n"), WIRE(""), true, false},
	{WIRE("a\r\n.\r\n"), WIRE("a\n"), true, false},
	{WIRE("\r\n.\r\n"), WIRE("\n"), true, false},
	{WIRE("..\r\n.\r\n"), WIRE(".\n"), true, false},
	{WIRE("..a\r\n...\r\n.\r\n"), WIRE(".a\n..\n"), true, false},
	{WIRE(".a\r\n.\r\n"), WIRE("a\n"), true, false},
	{WIRE("a.\r\n.\r\n"), WIRE("a.\n"), true, false},
	/* What must not end it: P-41. */
	{WIRE("a\n.\nb\r\n.\r\n"), WIRE("a\n.\nb\n"), true, false},
	{WIRE("a\n.\r\n.\r\n"), WIRE("a\n.\n"), true, false},
	{WIRE("a\r\n.\nb\r\n.\r\n"), WIRE("a\n\nb\n"), true, false},
	{WIRE("a\r.\rb\r\n.\r\n"), WIRE("a\r.\rb\n"), true, false},
	{WIRE("a\r\n.\rb\r\n.\r\n"), WIRE("a\n\rb\n"), true, false},
	{WIRE("a\r\n.\r\r\n.\r\n"), WIRE("a\n\r\n"), true, false},
	/* Kept byte for byte: P-43. */
	{WIRE("a\0b\xff\r\n.\r\n"), WIRE("a\0b\xff\n"), true, false},
	{WIRE("a\r\r\nb\r\n.\r\n"), WIRE("a\r\nb\n"), true, false},
	{WIRE("\r\r\r\n.\r\n"), WIRE("\r\r\n"), true, false},
	{WIRE("a\rb\nc\r\n.\r\n"), WIRE("a\rb\nc\n"), true, false},
	/* Not ended yet. */
	{WIRE("a\r\n.\r"), WIRE("a\n"), false, false},
	{WIRE("a\r\n."), WIRE("a\n"), false, false},
	{WIRE("a\r\n"), WIRE("a\n"), false, false},
	/* A server whose lines end in a bare LF. */
	{WIRE("a\n..b\n.\n"), WIRE("a\n.b\n"), true, true},
	{WIRE("a\r\n.\r\n.\n"), WIRE("a\r\n\r\n"), true, true},
	{WIRE(".\n"), WIRE(""), true, true},
};

static void test_bodies(void)
{
	static const char next[] = "+OK next\r\n";
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		/* With and without the next reply right behind. */
		GString *wire = g_string_new_len(bodies[i].wire, (gssize)bodies[i].wire_len);
		if (bodies[i].ends)
			g_string_append(wire, next);
		for (size_t step = 1; step <= 17; step++) {
			size_t used;
			GString *out = g_string_new(NULL);
			g_test_message("row %zu in pieces of %zu", i, step);
			g_assert_cmpint(
				feed(wire->str, wire->len, step, bodies[i].lf_mode, out, &used), ==,
				bodies[i].ends);
			g_assert_cmpmem(out->str, out->len, bodies[i].mail, bodies[i].mail_len);
			g_assert_cmpuint(used, ==, bodies[i].wire_len);
			g_string_free(out, TRUE);
		}
		g_string_free(wire, TRUE);
	}
}

/* A dot and an end at every place around the end of a piece. */
static void test_boundaries(void)
{
	enum { PIECE = 4096 };
	for (size_t pad = PIECE - 8; pad <= PIECE + 8; pad++) {
		size_t used;
		GString *wire = g_string_new(NULL), *mail = g_string_new(NULL);
		GString *out = g_string_new(NULL);
		for (size_t n = 0; n < pad; n++)
			g_string_append_c(wire, 'x');
		g_string_append_len(mail, wire->str, (gssize)wire->len);
		g_string_append(wire, "\r\n..dot\r\n.\r\n");
		g_string_append(mail, "\n.dot\n");
		g_assert_true(feed(wire->str, wire->len, PIECE, false, out, &used));
		g_assert_cmpmem(out->str, out->len, mail->str, mail->len);
		g_string_free(wire, TRUE);
		g_string_free(mail, TRUE);
		g_string_free(out, TRUE);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pop3/reply/indicators/Z1/P-35", test_indicators);
	g_test_add_func("/pop3/reply/numbers/P-45", test_numbers);
	g_test_add_func("/pop3/reply/list/P-45", test_list_rows);
	g_test_add_func("/pop3/reply/uidl/P-46", test_uidl_rows);
	g_test_add_func("/pop3/reply/capabilities/P-02/P-15/P-18/P-20", test_capabilities);
	g_test_add_func("/pop3/reply/capabilities/numbers/P-17/P-19", test_capability_numbers);
	g_test_add_func("/pop3/body/P-41/P-42/P-43", test_bodies);
	g_test_add_func("/pop3/body/boundaries/P-42", test_boundaries);
	return g_test_run();
}
