/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "smtp/content.h"
#include "smtp/downgrade.h"
#include "smtp/policy.h"
#include "smtp/reply.h"

/* --- replies --------------------------------------------------------------------- */

static const struct {
	const char *lines; /* joined by '\n' */
	int code;          /* 0: a protocol error */
	const char *enhanced, *text;
} reply_rows[] = {
	{"250 OK", 250, "", "250 OK"},
	{"250", 250, "", "250"},
	{"250-a\n250-b\n250 c", 250, "", "250 a b c"},
	{"250-a\n250", 250, "", "250 a"},
	{"550 5.1.1 no such user", 550, "5.1.1", "550 5.1.1 no such user"},
	{"550-5.1.1 no\n550 5.1.1 such", 550, "5.1.1", "550 5.1.1 no such"},
	{"550 4.1.1 class differs", 550, "", "550 4.1.1 class differs"},
	{"550 5.1 short", 550, "", "550 5.1 short"},
	{"550 5.1234.1 long", 550, "", "550 5.1234.1 long"},
	{"550 5.1.1x glued", 550, "", "550 5.1.1x glued"},
	{"550 5.123.123", 550, "5.123.123", "550 5.123.123"},
	{"421 \x1b[2Jbye", 421, "", "421 ␛[2Jbye"},
	{"", 0, NULL, NULL},
	{"25", 0, NULL, NULL},
	{"2500", 0, NULL, NULL},
	{"250x", 0, NULL, NULL},
	{"250\tx", 0, NULL, NULL},
	{"150 x", 0, NULL, NULL},
	{"650 x", 0, NULL, NULL},
	{"2a0 x", 0, NULL, NULL},
	{"+OK POP3", 0, NULL, NULL},
	{"HTTP/1.1 400 Bad Request", 0, NULL, NULL},
	{"250-a\n251 b", 0, NULL, NULL},
};

static bool feed_lines(struct reply *r, const char *lines, GError **error)
{
	g_auto(GStrv) all = g_strsplit(lines, "\n", -1);
	bool more = true;
	if (!all[0])
		return reply_add(r, "", 0, &more, error);
	for (int i = 0; all[i]; i++) {
		g_assert_true(more);
		if (!reply_add(r, all[i], strlen(all[i]), &more, error))
			return false;
	}
	g_assert_false(more);
	return true;
}

static void test_reply(void)
{
	struct reply r;
	reply_init(&r);
	for (size_t i = 0; i < G_N_ELEMENTS(reply_rows); i++) {
		g_autoptr(GError) error = NULL;
		reply_clear(&r);
		bool ok = feed_lines(&r, reply_rows[i].lines, &error);
		g_test_message("row '%s'", reply_rows[i].lines);
		g_assert_cmpint(ok, ==, reply_rows[i].code != 0);
		if (!ok) {
			g_assert_error(error, WIRE_ERROR, CODE_PROTOCOL);
			continue;
		}
		g_autofree char *text = reply_text(&r);
		g_assert_cmpint(r.code, ==, reply_rows[i].code);
		g_assert_cmpstr(r.enhanced, ==, reply_rows[i].enhanced);
		g_assert_cmpstr(text, ==, reply_rows[i].text);
	}
	reply_release(&r);
}

static void test_reply_flood(void)
{
	g_autofree char *line = g_strnfill(8000, 'x');
	struct reply r;
	bool more;
	memcpy(line, "250-", 4);
	reply_init(&r);
	for (int i = 0; i < REPLY_LINES_MAX; i++)
		g_assert_true(reply_add(&r, "250-x", 5, &more, NULL));
	g_assert_false(reply_add(&r, "250-x", 5, &more, NULL));
	reply_clear(&r);
	for (int i = 0; i < REPLY_OCTETS_MAX / 8000; i++)
		g_assert_true(reply_add(&r, line, 8000, &more, NULL));
	g_assert_false(reply_add(&r, line, 8000, &more, NULL));
	reply_release(&r);
}

/* --- policy: every code of RFC 821 and what else there may be, at every stage ---------- */

#define K ITEM_KEEP
#define D ITEM_DEFER
#define H ITEM_HOLD
#define F ITEM_FAIL
#define S ITEM_SENT
#define U ITEM_UNCERTAIN

static const int codes[] = {REPLY_BAD, REPLY_LOST, 211, 214, 220, 221, 235, 250, 251, 252, 334, 354,
	421, 432, 450, 451, 452, 454, 455, 500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 550,
	551, 552, 553, 554, 555, 299, 399, 499, 599};

static const struct {
	const char *name;
	enum policy_stage stage;
	const char *items;    /* a letter for each of codes */
	const char *sessions; /* Go Reset Quit Drop Again */
} policy_rows[] = {
	/*                         bl211 4 0 1 35 50 1 2 34 54 21 32 50 1 2 4 5 00 1 2 3 4 21 30 4 5
	   8 50 1 2 3 4 5 */
	{"connect", STAGE_CONNECT, "DDDDKDDDDDDDDDDDDDDHHHHHHHHHHHHHHHHDDDH",
		"DDDDGDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD"},
	{"EHLO", STAGE_EHLO, "DDDDDDDKDDDDDDDDDDDHHHHHHHHHHHHHHHHDDDH",
		"DDDDDDDGDDDDQQQQQQQAQAQAQQQQQQQQQQQDDQQ"},
	{"STARTTLS", STAGE_STARTTLS, "DDHHKHHHHHHHDDDDDDDHHHHHHHHHHHHHHHHHHDH",
		"DDDDGDDDDDDDQQQQQQQQQQQQQQQQQQQQQQQDDQQ"},
	{"AUTH", STAGE_AUTH, "DDDDDDKDDDKDDDDDDDDHHHHHHHHHHHHHHHHDDDH",
		"DDDDDDGDDDGDQQQQQQQAAQQAQQQAQQQQQQQDDQQ"},
	{"MAIL", STAGE_MAIL, "DDKKKKKKKKDDDDDDDDDHHHHHHHHHHHHHHHHKDDH",
		"DDGGGGGGGGDDDRRRRRRRARRARQRRRRRRRRAGDRR"},
	{"RCPT", STAGE_RCPT, "DDKKKKKKKKDDDKKKKKKKKKKKKKKKKKKKKKKKDKK",
		"DDGGGGGGGGDDDGGGGGGGGGGGGGGGGGGGGGGGDGG"},
	{"DATA", STAGE_DATA, "DDDDDDDDDDDKDDDDDDDFFFDFFFFFFFFFFFFDDDF",
		"DDDDDDDDDDDGDRRRRRRRRRRRRRRRRRRRRRRDDRR"},
	{"dot", STAGE_DOT, "UUSSSSSSSSUUDDDDDDDFFFFFFFFFFFFFFFFSUDF",
		"DDGGGGGGGGDDDGGGGGGGGGGGGGGGGGGGGGGGDGG"},
	{"RSET", STAGE_RSET, "KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK",
		"DDGGGGGGGGDDDDDDDDDDDDDDDDDDDDDDDDDGDDD"},
	{"QUIT", STAGE_QUIT, "KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK",
		"DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD"},
};

static void test_policy(void)
{
	static const char items[] = "KSDHFU", sessions[] = "GRQDA";
	for (size_t row = 0; row < G_N_ELEMENTS(policy_rows); row++) {
		g_assert_cmpint(strlen(policy_rows[row].items), ==, G_N_ELEMENTS(codes));
		g_assert_cmpint(strlen(policy_rows[row].sessions), ==, G_N_ELEMENTS(codes));
		for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
			const struct policy *p = policy_for(policy_rows[row].stage, codes[i], "");
			g_test_message("%s %d", policy_rows[row].name, codes[i]);
			g_assert_cmpint(items[p->item], ==, policy_rows[row].items[i]);
			g_assert_cmpint(sessions[p->session], ==, policy_rows[row].sessions[i]);
		}
	}
}

static const struct {
	enum policy_stage stage;
	int code;
	const char *enhanced;
	enum policy_item item;
	enum policy_recipient recipient;
	enum wire_code wire;
} detail_rows[] = {
	{STAGE_RCPT, 250, "", K, RCPT_ACCEPT, CODE_INTERNAL},
	{STAGE_RCPT, 251, "2.1.5", K, RCPT_ACCEPT, CODE_INTERNAL},
	{STAGE_RCPT, 252, "", K, RCPT_ACCEPT, CODE_INTERNAL},
	{STAGE_RCPT, 450, "", K, RCPT_DEFER, CODE_TEMPORARY},
	{STAGE_RCPT, 452, "4.2.2", K, RCPT_DEFER, CODE_TEMPORARY},
	{STAGE_RCPT, 452, "4.5.3", K, RCPT_LATER, CODE_TEMPORARY},
	{STAGE_RCPT, 552, "5.5.3", K, RCPT_LATER, CODE_TEMPORARY},
	{STAGE_RCPT, 552, "5.2.2", K, RCPT_FAIL, CODE_RECIPIENT},
	{STAGE_RCPT, 550, "5.1.1", K, RCPT_FAIL, CODE_RECIPIENT},
	{STAGE_RCPT, 551, "", K, RCPT_FAIL, CODE_RECIPIENT},
	{STAGE_RCPT, 421, "", D, RCPT_DEFER, CODE_TEMPORARY},
	{STAGE_MAIL, 552, "5.3.4", H, RCPT_KEEP, CODE_LIMIT},
	{STAGE_MAIL, 530, "", H, RCPT_KEEP, CODE_CONFIG},
	{STAGE_AUTH, 535, "5.7.8", H, RCPT_KEEP, CODE_AUTH},
	{STAGE_AUTH, 454, "", D, RCPT_KEEP, CODE_TEMPORARY},
	{STAGE_AUTH, 538, "", H, RCPT_KEEP, CODE_CONFIG},
	{STAGE_STARTTLS, 235, "", H, RCPT_KEEP, CODE_TLS},
	{STAGE_STARTTLS, 250, "", H, RCPT_KEEP, CODE_TLS},
	{STAGE_STARTTLS, 454, "", D, RCPT_KEEP, CODE_TEMPORARY},
	{STAGE_DATA, 554, "5.5.1", D, RCPT_KEEP, CODE_TEMPORARY},
	{STAGE_DATA, 554, "5.7.1", F, RCPT_KEEP, CODE_REFUSED},
	{STAGE_DOT, 554, "5.7.1", F, RCPT_KEEP, CODE_REFUSED},
	{STAGE_DOT, REPLY_LOST, "", U, RCPT_KEEP, CODE_UNCERTAIN},
	{STAGE_DOT, REPLY_BAD, "", U, RCPT_KEEP, CODE_UNCERTAIN},
	{STAGE_CONNECT, REPLY_BAD, "", D, RCPT_KEEP, CODE_PROTOCOL},
};

static void test_policy_details(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(detail_rows); i++) {
		const struct policy *p = policy_for(
			detail_rows[i].stage, detail_rows[i].code, detail_rows[i].enhanced);
		g_test_message("row %zu: %d %s", i, detail_rows[i].code, detail_rows[i].enhanced);
		g_assert_cmpint(p->item, ==, detail_rows[i].item);
		g_assert_cmpint(p->recipient, ==, detail_rows[i].recipient);
		g_assert_cmpint(p->code, ==, detail_rows[i].wire);
	}
}

/* --- the way to the wire ---------------------------------------------------------------- */

static const struct {
	const char *name, *in, *out;
} content_rows[] = {
	{"plain", "A: b\n\nx\n", "A: b\r\n\r\nx\r\n"},
	{"no final newline", "A: b\n\nx", "A: b\r\n\r\nx\r\n"},
	{"empty", "", ""},
	{"header only", "A: b\n", "A: b\r\n"},
	{"name only", "A", "A\r\n"},
	/* S-70 */
	{"crlf", "A: b\r\n\r\nx\r\n", "A: b\r\n\r\nx\r\n"},
	{"bare cr", "A: b\n\nx\ry\r", "A: b\r\n\r\nx\r\ny\r\n"},
	{"cr cr lf", "A: b\n\nx\r\r\ny", "A: b\r\n\r\nx\r\n\r\ny\r\n"},
	{"lf cr", "A: b\n\nx\n\ry", "A: b\r\n\r\nx\r\n\r\ny\r\n"},
	{"smuggling", "A: b\n\nx\n.\nMAIL FROM:<a@b>\n",
		"A: b\r\n\r\nx\r\n..\r\nMAIL FROM:<a@b>\r\n"},
	{"smuggling by cr", "A: b\n\nx\r.\rMAIL", "A: b\r\n\r\nx\r\n..\r\nMAIL\r\n"},
	/* S-71 */
	{"dots", "A: b\n\n.\n..\n.x\nx.\n .\n", "A: b\r\n\r\n..\r\n...\r\n..x\r\nx.\r\n .\r\n"},
	{"dot in the first line", ".a: b\n\n", "..a: b\r\n\r\n"},
	{"dot at the end", "A: b\n\n.", "A: b\r\n\r\n..\r\n"},
	/* S-62 */
	{"bcc", "A: b\nBcc: x@y\nC: d\n\nBcc: text\n", "A: b\r\nC: d\r\n\r\nBcc: text\r\n"},
	{"bcc first", "bCC:x\nA: b\n\n", "A: b\r\n\r\n"},
	{"bcc last", "A: b\nBcc: x\n\ny\n", "A: b\r\n\r\ny\r\n"},
	{"bcc folded", "Bcc: x,\n y,\n\tz\nA: b\n c\n\n", "A: b\r\n c\r\n\r\n"},
	{"bcc folded by cr", "Bcc: x,\r y\r\nA: b\r\n\r\n", "A: b\r\n\r\n"},
	{"bcc twice", "Bcc: x\nA: b\nBCC: y\nbcc: z\n\n", "A: b\r\n\r\n"},
	{"bcc empty", "Bcc:\nA: b\n\n", "A: b\r\n\r\n"},
	{"bcc blank before the colon", "Bcc  : x\nA: b\n\n", "A: b\r\n\r\n"},
	{"bcc many blanks", "Bcc                            : x\nA: b\n\n", "A: b\r\n\r\n"},
	{"bcc behind a lone cr", "A: b\rBcc: x\rC: d\n\n", "A: b\r\nC: d\r\n\r\n"},
	{"resent-bcc", "Resent-Bcc: x\n y\nResent-To: z\n\n", "Resent-To: z\r\n\r\n"},
	{"not bcc", "Bccx: x\nX-Bcc: y\nBc: z\n\n", "Bccx: x\r\nX-Bcc: y\r\nBc: z\r\n\r\n"},
	{"long name",
		"Bcc-but-with-a-name-that-is-longer-than-any-name-that-we-look-for-in-a-header: "
		"x\n\n",
		"Bcc-but-with-a-name-that-is-longer-than-any-name-that-we-look-for-in-a-header: "
		"x\r\n\r\n"},
	{"only bcc", "Bcc: x\n", ""},
	{"bcc without end", "A: b\nBcc: x", "A: b\r\n"},
	{"no header", "\nBcc: text\n", "\r\nBcc: text\r\n"},
	{"no colon", "garbage\nBcc: x\n\ny", "garbage\r\n\r\ny\r\n"},
};

static char *filter(const char *in, size_t len, size_t piece, struct content_filter *f)
{
	GString *out = g_string_new(NULL);
	content_init(f, out);
	for (size_t at = 0; at < len; at += piece)
		content_feed(f, in + at, MIN(piece, len - at));
	content_end(f);
	return g_string_free(out, FALSE);
}

/* S-62, S-70, S-71, at every size of buffer. */
static void test_content(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(content_rows); i++) {
		const char *in = content_rows[i].in;
		for (size_t piece = 1; piece <= strlen(in) + 1; piece++) {
			struct content_filter f;
			g_autofree char *out = filter(in, strlen(in), piece, &f);
			g_test_message("row '%s' by %zu", content_rows[i].name, piece);
			g_assert_cmpstr(out, ==, content_rows[i].out);
		}
	}
}

/* S-10: what SIZE counts; S-70: NUL. */
static void test_measure(void)
{
	static const struct {
		const char *in;
		size_t len;
		int64_t octets;
		size_t longest;
		bool high, nul;
	} rows[] = {
		{"A: b\n\n.x\n", 9, 12, 4, false, false},
		{"Bcc: secret\n\nx", 14, 5, 1, false, false},
		{"Bcc: \xd0\xb0\n\nx", 10, 5, 1, false, false},
		{"A: b\n\n\xd0\xb0", 8, 12, 4, true, false},
		{"A: b\n\n\0", 7, 11, 4, false, true},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct content_filter f;
		content_measure(&f, rows[i].in, rows[i].len);
		g_test_message("row %zu", i);
		g_assert_cmpint(f.octets, ==, rows[i].octets);
		g_assert_cmpint(f.longest, ==, rows[i].longest);
		g_assert_cmpint(f.high, ==, rows[i].high);
		g_assert_cmpint(f.nul, ==, rows[i].nul);
	}
}

/* --- 8-bit letters, 7-bit servers ---------------------------------------------------------- */

#define MIXED "Content-Type: multipart/mixed; boundary=\"a b\"\nContent-Transfer-Encoding: 8bit\n"

static const struct {
	const char *name, *in, *out; /* out NULL: refused */
} downgrade_rows[] = {
	{"7-bit stays", "A: b\n\nx=y\n", "A: b\n\nx=y\n"},
	{"text", "A: b\nContent-Transfer-Encoding: 8bit\nC: d\n\n\xd0\xb0=\n",
		"A: b\nC: d\nContent-Transfer-Encoding: quoted-printable\n\n=D0=B0=3D\n"},
	{"no encoding named", "A: b\n\n\xd0\xb0",
		"A: b\nContent-Transfer-Encoding: quoted-printable\n\n=D0=B0"},
	{"blanks at the end", "A: b\n\n\xd0 \n\t\n",
		"A: b\nContent-Transfer-Encoding: quoted-printable\n\n=D0=20\n=09\n"},
	{"multipart", MIXED "\npre\n--a b\nX: 1\n\n\xd0\n--a b\n\nplain\n--a b--\npost\n",
		"Content-Type: multipart/mixed; boundary=\"a b\"\nContent-Transfer-Encoding: 7bit\n"
		"\npre\n--a b\nX: 1\nContent-Transfer-Encoding: quoted-printable\n\n=D0\n--a b\n\n"
		"plain\n--a b--\npost\n"},
	{"base64 stays", MIXED "\n--a b\nContent-Transfer-Encoding: base64\n\n0LA=\n--a b--\n",
		"Content-Type: multipart/mixed; boundary=\"a b\"\nContent-Transfer-Encoding: 7bit\n"
		"\n--a b\nContent-Transfer-Encoding: base64\n\n0LA=\n--a b--\n"},
	{"letter in letter",
		"Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\nA: b\n\n\xd0\n",
		"Content-Type: message/rfc822\nContent-Transfer-Encoding: 7bit\n\nA: b\n"
		"Content-Transfer-Encoding: quoted-printable\n\n=D0\n"},
	{"inner ends with outer",
		"Content-Type: multipart/mixed; boundary=o\n\n--o\n"
		"Content-Type: multipart/mixed; boundary=i\n\n--i\n\n\xd0\n--o\n\n\xd1\n--o--\n",
		"Content-Type: multipart/mixed; boundary=o\nContent-Transfer-Encoding: "
		"7bit\n\n--o\n"
		"Content-Type: multipart/mixed; boundary=i\nContent-Transfer-Encoding: "
		"7bit\n\n--i\n"
		"Content-Transfer-Encoding: quoted-printable\n\n=D0\n--o\n"
		"Content-Transfer-Encoding: quoted-printable\n\n=D1\n--o--\n"},
	{"signed, 7-bit",
		"Content-Type: multipart/signed; boundary=s\n\n--s\n\nx\n--s\n\ny\n--s--\n",
		"Content-Type: multipart/signed; boundary=s\n\n--s\n\nx\n--s\n\ny\n--s--\n"},
	{"signed, 8-bit", "Content-Type: multipart/signed; boundary=s\n\n--s\n\n\xd0\n--s--\n",
		NULL},
	{"signed inside",
		"Content-Type: multipart/mixed; boundary=o\n\n--o\n"
		"Content-Type: multipart/signed; boundary=s\n\n--s\n\n\xd0\n--s--\n--o--\n",
		NULL},
	{"header", "Subject: \xd0\xb0\n\nx\n", NULL},
	{"header of a part", MIXED "\n--a b\nX: \xd0\n\nx\n--a b--\n", NULL},
	{"8-bit in base64", "Content-Transfer-Encoding: base64\n\n\xd0\n", NULL},
	{"no boundary", "Content-Type: multipart/mixed\n\n\xd0\n", NULL},
	{"header only", "A: b", "A: b"},
	{"empty", "", ""},
};

static void test_downgrade(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(downgrade_rows); i++) {
		const char *in = downgrade_rows[i].in;
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) out = downgrade(in, strlen(in), true, &error);
		g_test_message("row '%s'", downgrade_rows[i].name);
		if (!downgrade_rows[i].out) {
			g_assert_null(out);
			g_assert_error(error, WIRE_ERROR, CODE_DATA);
			continue;
		}
		g_assert_no_error(error);
		g_autofree char *text =
			g_strndup(g_bytes_get_data(out, NULL), g_bytes_get_size(out));
		g_assert_cmpstr(text, ==, downgrade_rows[i].out);
	}
}

/* S-72; where 8-bit may stay, it stays. */
static void test_downgrade_long(void)
{
	g_autoptr(GBytes) same = downgrade("A: \xd0\n\n\xd0\n", 9, false, NULL);
	g_assert_cmpmem(
		g_bytes_get_data(same, NULL), g_bytes_get_size(same), "A: \xd0\n\n\xd0\n", 9);
	for (size_t len = 997; len < 1001; len++) {
		g_autofree char *line = g_strnfill(len, 'x');
		g_autofree char *in = g_strconcat("A: b\n\nshort\n", line, "\n", NULL);
		g_autoptr(GBytes) out = downgrade(in, strlen(in), true, NULL);
		g_autofree char *text =
			g_strndup(g_bytes_get_data(out, NULL), g_bytes_get_size(out));
		g_assert_cmpint(g_str_equal(in, text), ==, len <= DOWNGRADE_LINE);
		g_assert_cmpint(strstr(text, "quoted-printable") != NULL, ==, len > DOWNGRADE_LINE);
	}
}

/* No depth and no length costs more than its octets. */
static void test_downgrade_depth(void)
{
	g_autoptr(GString) letters = g_string_new(NULL), parts = g_string_new(NULL);
	for (int i = 0; i < 100000; i++)
		g_string_append(letters, "Content-Type: message/rfc822\n\n");
	g_string_append(letters, "\n\xd0\n");
	for (int i = 0; i < 200; i++)
		g_string_append_printf(
			parts, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	g_autoptr(GBytes) out = downgrade(letters->str, letters->len, true, NULL);
	g_assert_nonnull(out);
	g_assert_null(downgrade(parts->str, parts->len, true, NULL));
}

static void test_quoted_lines(void)
{
	g_autoptr(GString) in = g_string_new("A: b\n\n\xd0");
	for (int i = 0; i < 300; i++)
		g_string_append_c(in, i % 7 ? 'x' : '=');
	g_autoptr(GBytes) out = downgrade(in->str, in->len, true, NULL);
	g_auto(GStrv) lines = g_strsplit(g_bytes_get_data(out, NULL), "\n", -1);
	for (int i = 0; lines[i]; i++)
		g_assert_cmpint(strlen(lines[i]), <=, 76);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/smtp/reply/S-02-S-13", test_reply);
	g_test_add_func("/smtp/reply/flood/S-02", test_reply_flood);
	g_test_add_func("/smtp/policy/matrix", test_policy);
	g_test_add_func("/smtp/policy/details", test_policy_details);
	g_test_add_func("/smtp/content/S-62-S-70-S-71", test_content);
	g_test_add_func("/smtp/content/measure/S-10", test_measure);
	g_test_add_func("/smtp/downgrade/S-75", test_downgrade);
	g_test_add_func("/smtp/downgrade/long/S-72", test_downgrade_long);
	g_test_add_func("/smtp/downgrade/depth", test_downgrade_depth);
	g_test_add_func("/smtp/downgrade/lines", test_quoted_lines);
	return g_test_run();
}
