/* SPDX-License-Identifier: MIT
 *
 * CHECKLIST 2.3: every code there can be, at every stage of a session. */
#include "smtp-play.h"

/* --- every code at every stage of a letter ----------------------------------------------- */

static const struct {
	const char *name, *capabilities, *before, *after;
	bool is_end; /* of the letter */
} stages[] = {
	{"MAIL", "", W, TAKEN, false},
	{"RCPT", "", W "250 x\r\n" W, TAKEN, false},
	{"DATA", "", TAKEN W, TAKEN, false},
	{"dot", "", TAKEN W "354 x\r\n" END, W "250 x\r\n", true},
	{"BDAT", "CHUNKING", TAKEN END, W "250 x\r\n", true},
	{"MAIL in a flight", "PIPELINING", W, "250 x\r\n250 x\r\n" TAKEN, false},
};

static bool has(const struct session_letter *l, char verdict)
{
	g_autofree char *all = verdicts(l);
	return strchr(all, verdict);
}

/* 2.3: nothing is SENT but by a yes to its end, nothing UNCERTAIN but by silence or
 * nonsense there, and nobody is refused for good but by 5yz. */
static void check_code(const struct session_letter *l, size_t stage, int code)
{
	bool end = stages[stage].is_end;
	bool known = code >= 200 && code < 600 && code / 100 != 3;
	if (end && code / 100 == 2)
		g_assert_cmpint(l->item, ==, ITEM_SENT);
	else
		g_assert_cmpint(l->item, !=, ITEM_SENT);
	g_assert_cmpint(l->item == ITEM_UNCERTAIN, ==, end && !known);
	g_assert_true(code / 100 == 5 || (l->item != ITEM_FAIL && l->item != ITEM_HOLD));
	g_assert_true(code / 100 == 5 || !has(l, 'F'));
	if (end && code / 100 == 5)
		g_assert_cmpint(l->item, ==, ITEM_FAIL);
	if (end && code / 100 == 4)
		g_assert_cmpint(l->item, ==, ITEM_DEFER);
}

static void test_codes(void)
{
	for (size_t stage = 0; stage < G_N_ELEMENTS(stages); stage++)
		for (int code = 100; code < 700; code++) {
			struct play p;
			/* These are the "go on" of their stages. */
			if (!stages[stage].is_end && (code / 100 == 2 || code == 354))
				continue;
			g_autofree char *script = g_strdup_printf(
				"%s%d x\r\n%s", stages[stage].before, code, stages[stage].after);
			g_test_message("%s: %d", stages[stage].name, code);
			begin(&p, stages[stage].capabilities, script, false);
			session_send(p.session, &p.letter);
			check_code(&p.letter, stage, code);
			g_assert_false(code == 421 && session_is_open(p.session));
			end(&p);
		}
}

/* --- every code before there is a letter, and after it ---------------------------------- */

struct opening {
	const char *name;
	enum security security;
	const char *before; /* what the server says up to the code in question */
	const char *said;   /* … and what it has heard by then */
	int go;             /* the one code after which the session goes on */
};

static const struct opening openings[] = {
	{"greeting", SECURITY_INSECURE, "", "", 220},
	{"greeting within TLS", SECURITY_TLS, "", "", 220},
	{"EHLO", SECURITY_INSECURE, "220 x\r\n" W, "EHLO [127.0.0.1]\r\n", 250},
	{"EHLO within TLS", SECURITY_TLS, "220 x\r\n" W, "EHLO [127.0.0.1]\r\n", 250},
	{"EHLO before STARTTLS", SECURITY_STARTTLS, "220 x\r\n" W, "EHLO [127.0.0.1]\r\n", 0},
	{"STARTTLS", SECURITY_STARTTLS, "220 x\r\n" W "250-x\r\n250 STARTTLS\r\n" W,
		"EHLO [127.0.0.1]\r\nSTARTTLS\r\n", 220},
};

#define HELO "HELO [127.0.0.1]\r\n"

static enum wire_code opening_fault(const struct opening *o, int code)
{
	bool starttls = g_str_equal(o->name, "STARTTLS");
	if (code >= 400 && code < 500)
		return CODE_TEMPORARY;
	if (code >= 500 && code < 600)
		return starttls ? CODE_TLS : CODE_REFUSED;
	return starttls && code >= 200 && code < 400 ? CODE_TLS : CODE_PROTOCOL;
}

/* Nobody logs in here, so HELO would do for the letter; but it knows no TLS (S-03). */
static bool falls_back(const struct opening *o, int code)
{
	return o->security == SECURITY_INSECURE && g_str_has_prefix(o->name, "EHLO") &&
	       (code == 500 || code == 502 || code == 504);
}

static void check_opening(const struct opening *o, int code, bool open, const GError *error)
{
	const char *heard = memory_conn_heard();
	g_assert_true(g_str_has_prefix(heard, o->said));
	heard += strlen(o->said);
	if (falls_back(o, code)) {
		g_assert_true(open);
		g_assert_cmpstr(heard, ==, HELO);
	} else if (code == o->go) {
		g_assert_true(open);
	} else if (o->go == 0 && code == 250) {
		g_assert_false(open); /* a list without STARTTLS */
		g_assert_error(error, WIRE_ERROR, CODE_TLS);
		g_assert_cmpstr(heard, ==, "");
	} else {
		g_assert_false(open);
		g_assert_error(error, WIRE_ERROR, (int)opening_fault(o, code));
		g_assert_true(g_str_equal(heard, "") || g_str_equal(heard, "QUIT\r\n"));
	}
}

/* 2.3, S-03, S-04: nothing goes on but by the one right code; where TLS is wanted
 * nothing is said without it, whatever the server answers. */
static void test_opening_codes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(openings); i++)
		for (int code = 100; code < 700; code++) {
			const struct opening *o = &openings[i];
			struct server_url url = {.security = o->security, .host = (char *)"b"};
			struct account account = {.smtp = &url, .timeout = 60};
			struct session_params params = {.account = &account,
				.net = {.host = "b", .tls = o->security == SECURITY_TLS}};
			g_autoptr(GError) error = NULL;
			g_autofree char *script =
				g_strdup_printf("%s%d x\r\n" W "250 x\r\n", o->before, code);
			g_test_message("%s: %d", o->name, code);
			memory_conn_says(script, strlen(script), 1);
			struct session *s = session_new(&params);
			bool open = session_open(s, &error);
			check_opening(o, code, open, error);
			session_free(s);
		}
}

/* S-02: the name of the dotfile stands in EHLO and HELO, and no name of the machine
 * in its place. */
static void test_own_name(void)
{
	static const struct {
		const char *helo, *said;
	} table[] = {
		{NULL, "EHLO [127.0.0.1]\r\nHELO [127.0.0.1]\r\n"},
		{"", "EHLO [127.0.0.1]\r\nHELO [127.0.0.1]\r\n"},
		{"me.test", "EHLO me.test\r\nHELO me.test\r\n"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		static const char script[] = "220 x\r\n" W "502 x\r\n" W "250 x\r\n";
		struct server_url url = {.security = SECURITY_INSECURE, .host = (char *)"b"};
		struct account account = {
			.smtp = &url, .timeout = 60, .helo = (char *)table[i].helo};
		struct session_params params = {.account = &account, .net = {.host = "b"}};
		memory_conn_says(script, strlen(script), 1);
		struct session *s = session_new(&params);
		g_assert_true(session_open(s, NULL));
		g_assert_cmpstr(memory_conn_heard(), ==, table[i].said);
		session_free(s);
	}
}

/* 2.3: what is answered to RSET and QUIT, or that nothing is, changes no letter. */
static void test_farewell_codes(void)
{
	for (int code = 99; code < 700; code++) {
		struct play p;
		g_autofree char *reply =
			code < 100 ? g_strdup("") : g_strdup_printf("%d x\r\n", code);
		g_autofree char *rset =
			g_strconcat(W "250 x\r\n" W "250 x\r\n" W "550 no\r\n" W, reply, NULL);
		g_autofree char *quit = g_strconcat(DATA_OK W, reply, NULL);
		begin(&p, "", rset, false);
		p.letter.hold = true;
		session_send(p.session, &p.letter);
		g_autofree char *seen = verdicts(&p.letter);
		g_assert_cmpstr(seen, ==, "AF");
		g_assert_cmpint(p.letter.item, ==, ITEM_KEEP);
		g_assert_cmpint(p.letter.code, ==, CODE_RECIPIENT);
		g_assert_cmpstr(p.letter.why, ==, "c@d: 550 no");
		g_assert_cmpint(session_is_open(p.session), ==, code / 100 == 2);
		end(&p);
		begin(&p, "", quit, false);
		session_send(p.session, &p.letter);
		session_free(g_steal_pointer(&p.session));
		g_assert_cmpint(p.letter.item, ==, ITEM_SENT);
		g_assert_null(p.letter.why);
		g_assert_true(g_str_has_suffix(said(), DOTTED "QUIT\r\n"));
		end(&p);
	}
}

int main(int argc, char **argv)
{
	g_setenv("DEWEY_CLOCK", CLOCK, TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/smtp/codes/letter", test_codes);
	g_test_add_func("/smtp/codes/opening/S-03-S-04", test_opening_codes);
	g_test_add_func("/smtp/codes/own-name/S-02", test_own_name);
	g_test_add_func("/smtp/codes/farewell", test_farewell_codes);
	return g_test_run();
}
