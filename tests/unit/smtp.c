/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

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
	{"354 3.0.0 no class", 354, "", "354 3.0.0 no class"},
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
	551, 552, 553, 554, 555, 556, 299, 399, 499, 599};

static const struct {
	const char *name;
	enum policy_stage stage;
	const char *items;    /* a letter for each of codes */
	const char *sessions; /* Go Reset Quit Drop Again */
	const char *reasons;  /* the letters of reason_of(); NULL: all are internal */
	const char *recipients; /* Keep Accept Defer Fail Later; NULL: all are kept */
} policy_rows[] = {
	/*                         bl211 4 0 1 35 50 1 2 34 54 21 32 50 1 2 4 5 00 1 2 3 4 21 30 4 5
	   8 50 1 2 3 4 5 */
	{"2.3 connect", STAGE_CONNECT, "DDDDKDDDDDDDDDDDDDDHHHHHHHHHHHHHHHHHDDDH",
		"DDDDGDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD",
		"PNPPIPPPPPPPTTTTTTTRRRRRRRRRRRRRRRRRPPTR"},
	{"2.3 EHLO", STAGE_EHLO, "DDDDDDDKDDDDDDDDDDDHHHHHHHHHHHHHHHHHDDDH",
		"DDDDDDDGDDDDDQQQQQQAQAQAQQQQQQQQQQQQDDQQ",
		"PNPPPPPIPPPPTTTTTTTRRRRRRRRRRRRRRRRRPPTR"},
	{"2.3 STARTTLS", STAGE_STARTTLS, "DDHHKHHHHHHHDDDDDDDHHHHHHHHHHHHHHHHHHHDH",
		"DDDDGDDDDDDDDQQQQQQQQQQQQQQQQQQQQQQQDDQQ",
		"PNSSISSSSSSSTTTTTTTSSSSSSSSSSSSSSSSSSSTS"},
	{"2.3 AUTH", STAGE_AUTH, "DDDDDDKDDDKDDDDDDDDHHHHHHHHHHHHHHHHHDDDH",
		"DDDDDDGDDDGDDQQQQQQAAQQAQQQAQQQQQQQQDDQQ",
		"PNPPPPIPPPIPTTTTTTTAAAIAACCACAAAAAAAPPTA"},
	{"2.3 MAIL", STAGE_MAIL, "DDKKKKKKKKDDDDDDDDDHHHHHHHHHHHHHHHHHKDDH",
		"DDGGGGGGGGDDDRRRRRRRARRARQRRRRRRRRARGDRR",
		"PNIIIIIIIIPPTTTTTTTRRRRRRCRRRRRLRRRRIPTR"},
	{"2.3 RCPT", STAGE_RCPT, "DDKKKKKKKKDDDKKKKKKKKKKKKKKKKKKKKKKKKDKK",
		"DDGGGGGGGGDDDGGGGGGGGGGGGGGGGGGGGGGGGDGG",
		"PNIIIIIIIIPPTTTTTTTXXXXXXXXXXXXXXXXXIPTX",
		"KKAAAAAAAAKKDDDDLDDFFFFFFFFFFFFFFFFFAKDF"},
	{"2.3 DATA", STAGE_DATA, "DDDDDDDDDDDKDDDDDDDFFFDFFFFFFFFFFDFFDDDF",
		"DDDDDDDDDDDGDRRRRRRRRRRRRRRRRRRRRRRRDDRR",
		"PNPPPPPPPPPITTTTTTTRRRTRRRRRRRRRRTRRPPTR"},
	{"2.3 dot", STAGE_DOT, "UUSSSSSSSSUUDDDDDDDFFFFFFFFFFFFFFFFFSUDF",
		"DDGGGGGGGGDDDGGGGGGGGGGGGGGGGGGGGGGGGDGG",
		"UUIIIIIIIIUUTTTTTTTRRRRRRRRRRRRRRRRRIUTR"},
	{"2.3 RSET", STAGE_RSET, "KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK",
		"DDGGGGGGGGDDDDDDDDDDDDDDDDDDDDDDDDDDGDDD"},
	{"NOOP", STAGE_NOOP, "DDKKKKKKKKKKDKKKKKKKKKKKKKKKKKKKKKKKKKKK",
		"DDGGGGGGGGGGDGGGGGGGGGGGGGGGGGGGGGGGGGGG",
		"PNIIIIIIIIIITIIIIIIIIIIIIIIIIIIIIIIIIIII"},
	{"QUESTION", STAGE_QUESTION, "DDKKKKKKKKKKDKKKKKKKKKKKKKKKKKKKKKKKKKKK",
		"DDGGGGGGGGGGDGGGGGGGGGGGGGGGGGGGGGGGGGGG",
		"PNIIIIIIIIIITIIIIIIIIIIIIIIIIIIIIIIIIIII"},
	{"2.3 QUIT", STAGE_QUIT, "KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK",
		"DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD"},
};

/* The names of dewey-wire(7) by one letter each. */
static char reason_of(enum wire_code code)
{
	static const struct {
		char letter;
		enum wire_code code;
	} reasons[] = {{'I', CODE_INTERNAL}, {'T', CODE_TEMPORARY}, {'R', CODE_REFUSED},
		{'N', CODE_NETWORK}, {'P', CODE_PROTOCOL}, {'S', CODE_TLS}, {'A', CODE_AUTH},
		{'C', CODE_CONFIG}, {'L', CODE_LIMIT}, {'U', CODE_UNCERTAIN}, {'X', CODE_RECIPIENT}};
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (reasons[i].code == code)
			return reasons[i].letter;
	return '?';
}

static void test_policy(void)
{
	static const char items[] = "KSDHFU", sessions[] = "GRQDA", recipients[] = "KADFL";
	for (size_t row = 0; row < G_N_ELEMENTS(policy_rows); row++) {
		g_assert_cmpint(strlen(policy_rows[row].items), ==, G_N_ELEMENTS(codes));
		g_assert_cmpint(strlen(policy_rows[row].sessions), ==, G_N_ELEMENTS(codes));
		for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
			const struct policy *p = policy_for(policy_rows[row].stage, codes[i], "");
			g_test_message("%s %d", policy_rows[row].name, codes[i]);
			g_assert_cmpint(items[p->item], ==, policy_rows[row].items[i]);
			g_assert_cmpint(sessions[p->session], ==, policy_rows[row].sessions[i]);
			const char *why = policy_rows[row].reasons;
			g_assert_cmpint(reason_of(p->code), ==, why ? why[i] : 'I');
			const char *people = policy_rows[row].recipients;
			g_assert_cmpint(recipients[p->recipient], ==, people ? people[i] : 'K');
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
	{STAGE_RCPT, 451, "4.5.3", K, RCPT_LATER, CODE_TEMPORARY},
	{STAGE_RCPT, 452, "", K, RCPT_LATER, CODE_TEMPORARY},
	{STAGE_RCPT, 452, "4.3.1", K, RCPT_DEFER, CODE_TEMPORARY},
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
	{STAGE_DATA, 554, "", D, RCPT_KEEP, CODE_TEMPORARY},
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

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/smtp/reply/S-02-S-13", test_reply);
	g_test_add_func("/smtp/reply/flood/S-02", test_reply_flood);
	g_test_add_func("/smtp/policy/matrix", test_policy);
	g_test_add_func("/smtp/policy/details", test_policy_details);
	return g_test_run();
}
