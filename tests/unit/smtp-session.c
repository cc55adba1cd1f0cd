/* SPDX-License-Identifier: MIT
 *
 * Sessions word by word: what is said, and what the answers do to the letters. */
#include "smtp-play.h"

/* --- what is said -------------------------------------------------------------------------- */

static const struct {
	const char *name, *capabilities;
	struct session_options options;
	bool tls;
	const char *recipients; /* NULL: a@b c@d; "<": the same, from nobody */
	const char *script, *said, *verdicts;
	enum policy_item item;
	bool hold;
} rows[] = {
	{"DATA", "", {0}, false, NULL, DATA_OK, MAILS "\r\n" RCPTS "DATA\r\n" DOTTED, "AA",
		ITEM_SENT},
	{"S-11: BDAT, no dots are doubled", "CHUNKING", {0}, false, NULL, TAKEN END "250 x\r\n",
		MAILS "\r\n" RCPTS CHUNK, "AA", ITEM_SENT},
	{"S-11: RSET after a chunk that was refused", "CHUNKING", {0}, false, NULL,
		TAKEN END "554 x\r\n" W "250 x\r\n", MAILS "\r\n" RCPTS CHUNK "RSET\r\n", "AA",
		ITEM_FAIL},
	{"S-42, S-43: all refused, so neither DATA nor BDAT", "CHUNKING|PIPELINING", {0}, false,
		NULL, W "250 x\r\n550 x\r\n550 x\r\n" W "250 x\r\n", MAILS "\r\n" RCPTS "RSET\r\n",
		"FF", ITEM_KEEP},
	{"S-40: held for one", "CHUNKING|PIPELINING", {0}, false, NULL,
		W "250 x\r\n250 x\r\n550 x\r\n" W "250 x\r\n", MAILS "\r\n" RCPTS "RSET\r\n", "AF",
		ITEM_KEEP, true},
	{"S-10: as large as the server takes", "SIZE 15", {0}, false, NULL, DATA_OK,
		MAILS " SIZE=15\r\n" RCPTS "DATA\r\n" DOTTED, "AA", ITEM_SENT},
	{"S-10: an octet more", "SIZE 14", {0}, false, NULL, "", "", "KK", ITEM_HOLD},
	{"S-10: 0 is no limit", "SIZE 0", {0}, false, NULL, DATA_OK,
		MAILS " SIZE=15\r\n" RCPTS "DATA\r\n" DOTTED, "AA", ITEM_SENT},
	/* S-14 */
	{"DSN", "DSN|SIZE",
		{.notify = ASK_NOTIFY_SUCCESS | ASK_NOTIFY_DELAY,
			.ret_headers = true,
			.envid = "a+b=c d"},
		false, "a@b x+y=z@d", DATA_OK,
		MAILS " SIZE=15 RET=HDRS ENVID=a+2Bb+3Dc+20d\r\n"
		      "RCPT TO:<a@b> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a@b\r\n"
		      "RCPT TO:<x+y=z@d> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x+2By+3Dz@d\r\n"
		      "DATA\r\n" DOTTED,
		"AA", ITEM_SENT},
	{"DSN, never", "DSN", {.notify = ASK_NOTIFY_NEVER, .ret_full = true}, false, "a@b",
		W "250 x\r\n" W "250 x\r\n" W "354 x\r\n" END "250 x\r\n",
		MAILS " RET=FULL\r\nRCPT TO:<a@b> NOTIFY=NEVER ORCPT=rfc822;a@b\r\nDATA\r\n" DOTTED,
		"A", ITEM_SENT},
	{"DSN not offered, and wanted", "", {.notify = ASK_NOTIFY_SUCCESS}, false, NULL, "", "",
		"KK", ITEM_HOLD},
	{"DSN not offered, with consent", "",
		{.notify = ASK_NOTIFY_SUCCESS, .ret_full = true, .envid = "x", .without_dsn = true},
		false, NULL, DATA_OK, MAILS "\r\n" RCPTS "DATA\r\n" DOTTED, "AA", ITEM_SENT},
	{"an ENVID that is too long", "DSN",
		{.envid = "+++++++++++++++++++++++++++++++++++++++++++++"}, false, NULL, DATA_OK,
		MAILS "\r\n" RCPTS "DATA\r\n" DOTTED, "AA", ITEM_SENT},
	{"what MAIL can do without, once", "DSN|SIZE", {.ret_full = true, .envid = "x"}, false,
		NULL, W "501 x\r\n" W "250 x\r\n" DATA_OK,
		MAILS " SIZE=15 RET=FULL ENVID=x\r\nRSET\r\n" MAILS "\r\n"
		      "RCPT TO:<a@b> ORCPT=rfc822;a@b\r\nRCPT TO:<c@d> ORCPT=rfc822;c@d\r\n"
		      "DATA\r\n" DOTTED,
		"AA", ITEM_SENT},
	/* S-15 */
	{"SMTPUTF8", "SMTPUTF8|8BITMIME|DSN", {.notify = ASK_NOTIFY_FAILURE}, false,
		"a@b иван+x@пример.рф", DATA_OK,
		MAILS " SMTPUTF8\r\nRCPT TO:<a@b> NOTIFY=FAILURE ORCPT=rfc822;a@b\r\n"
		      "RCPT TO:<иван+x@xn--e1afmkfd.xn--p1ai> NOTIFY=FAILURE "
		      "ORCPT=utf-8;иван\\x{2B}x@xn--e1afmkfd.xn--p1ai\r\nDATA\r\n" DOTTED,
		"AA", ITEM_SENT},
	{"SMTPUTF8 not offered: that address alone", "8BITMIME", {0}, false, "a@b иван@пример.рф",
		W "250 x\r\n" W "250 x\r\n" W "354 x\r\n" END "250 x\r\n",
		MAILS "\r\nRCPT TO:<a@b>\r\nDATA\r\n" DOTTED, "AF", ITEM_SENT},
	{"a domain needs none", "SMTPUTF8", {0}, false, "a@пример.рф",
		W "250 x\r\n" W "250 x\r\n" W "354 x\r\n" END "250 x\r\n",
		MAILS "\r\nRCPT TO:<a@xn--e1afmkfd.xn--p1ai>\r\nDATA\r\n" DOTTED, "A", ITEM_SENT},
	/* S-16: the clock of this test stands at 2000-01-01 */
	{"FUTURERELEASE", "FUTURERELEASE 3600 2001-01-01T00:00:00Z", {.release_at = 946684800 + 60},
		false, NULL, DATA_OK,
		MAILS " HOLDUNTIL=2000-01-01T00:01:00Z\r\n" RCPTS "DATA\r\n" DOTTED, "AA",
		ITEM_SENT},
	{"FUTURERELEASE, not so long", "FUTURERELEASE 3600 2001-01-01T00:00:00Z",
		{.release_at = 946684800 + 3601}, false, NULL, "", "", "KK", ITEM_DEFER},
	{"FUTURERELEASE, not until then", "FUTURERELEASE 3600 2000-01-01T00:00:30Z",
		{.release_at = 946684800 + 60}, false, NULL, "", "", "KK", ITEM_DEFER},
	{"FUTURERELEASE, not offered", "", {.release_at = 946684800 + 60}, false, NULL, "", "",
		"KK", ITEM_DEFER},
	{"FUTURERELEASE, it is time", "", {.release_at = 946684800}, false, NULL, DATA_OK,
		MAILS "\r\n" RCPTS "DATA\r\n" DOTTED, "AA", ITEM_SENT},
	/* S-17 */
	{"REQUIRETLS", "REQUIRETLS", {.require_tls = true}, true, NULL, DATA_OK,
		MAILS " REQUIRETLS\r\n" RCPTS "DATA\r\n" DOTTED, "AA", ITEM_SENT},
	{"REQUIRETLS outside TLS", "REQUIRETLS", {.require_tls = true}, false, NULL, "", "", "KK",
		ITEM_HOLD},
	{"REQUIRETLS not offered", "", {.require_tls = true}, true, NULL, "", "", "KK", ITEM_HOLD},
	{"REQUIRETLS refused: it is not left out", "REQUIRETLS", {.require_tls = true}, true, NULL,
		W "555 x\r\n" W "250 x\r\n", MAILS " REQUIRETLS\r\nRSET\r\n", "KK", ITEM_HOLD},
	{"REQUIRETLS, where SIZE can go: it is not left out with it", "REQUIRETLS|SIZE",
		{.require_tls = true}, true, NULL,
		W "555 x\r\n" W "250 x\r\n" W "555 x\r\n" W "250 x\r\n",
		MAILS " SIZE=15 REQUIRETLS\r\nRSET\r\n" MAILS " REQUIRETLS\r\nRSET\r\n", "KK",
		ITEM_HOLD},
	/* S-18 */
	{"RCPTMAX", "LIMITS RCPTMAX=1 FOO=7", {0}, false, NULL,
		W "250 x\r\n" W "250 x\r\n" W "354 x\r\n" END "250 x\r\n",
		MAILS "\r\nRCPT TO:<a@b>\r\nDATA\r\n" DOTTED, "AL", ITEM_SENT},
	{"RCPTDOMAINMAX", "LIMITS RCPTDOMAINMAX=1", {0}, false, "a@b c@d e@B", DATA_OK,
		MAILS "\r\nRCPT TO:<a@b>\r\nRCPT TO:<e@B>\r\nDATA\r\n" DOTTED, "ALA", ITEM_SENT},
	{"452 after one that was taken", "", {0}, false, NULL,
		W "250 x\r\n" W "250 x\r\n" W "452 x\r\n" W "354 x\r\n" END "250 x\r\n",
		MAILS "\r\n" RCPTS "DATA\r\n" DOTTED, "AL", ITEM_SENT},
	{"452 that says it is about the mailbox", "ENHANCEDSTATUSCODES", {0}, false, NULL,
		W "250 x\r\n" W "250 x\r\n" W "452 4.2.2 x\r\n" W "354 x\r\n" END "250 x\r\n",
		MAILS "\r\n" RCPTS "DATA\r\n" DOTTED, "AD", ITEM_SENT},
	{"452 for all: again later", "", {0}, false, NULL,
		W "250 x\r\n" W "452 x\r\n" W "452 x\r\n" W "250 x\r\n",
		MAILS "\r\n" RCPTS "RSET\r\n", "LL", ITEM_DEFER},
	{"S-68: the sender of notices", "", {0}, false, "<", DATA_OK,
		"MAIL FROM:<>\r\n" RCPTS "DATA\r\n" DOTTED, "AA", ITEM_SENT},
	/* S-12 */
	{"unknown keywords", "X-FOO|ETRN|BURL imap|PIPECONNECT|DELIVERBY 1|BINARYMIME", {0}, false,
		NULL, DATA_OK, MAILS "\r\n" RCPTS "DATA\r\n" DOTTED, "AA", ITEM_SENT},
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct play p;
		g_test_message("row '%s'", rows[i].name);
		begin(&p, rows[i].capabilities, rows[i].script, rows[i].tls);
		bool notice = g_strcmp0(rows[i].recipients, "<") == 0;
		if (notice)
			p.letter.sender = "";
		else if (rows[i].recipients) {
			close(p.letter.fd);
			session_letter_clear(&p.letter);
			make_letter(&p.letter, &p, rows[i].recipients);
		}
		p.letter.options = rows[i].options;
		p.letter.hold = rows[i].hold;
		session_send(p.session, &p.letter);
		g_autofree char *seen = verdicts(&p.letter);
		g_assert_cmpstr(said(), ==, rows[i].said);
		g_assert_cmpstr(seen, ==, rows[i].verdicts);
		g_assert_cmpint(p.letter.item, ==, rows[i].item);
		g_assert_cmpint(p.letter.why != NULL, ==, rows[i].item != ITEM_SENT);
		bool dotted = strstr(rows[i].said, DOTTED) || strstr(rows[i].said, CHUNK);
		g_assert_cmpuint(p.dots, ==, dotted);
		bool later = rows[i].options.release_at && rows[i].item == ITEM_DEFER;
		g_assert_cmpint(p.letter.waits_here, ==, later);
		g_assert_true(session_is_open(p.session));
		end(&p);
	}
}

/* S-14: who sent it hears that the reports will not come. */
static void test_left_out(void)
{
	struct play p;
	begin(&p, "", DATA_OK, false);
	p.letter.options = (struct session_options){.notify = 1, .without_dsn = true};
	session_send(p.session, &p.letter);
	g_assert_true(p.letter.without_dsn);
	end(&p);
	begin(&p, "", DATA_OK, false);
	p.letter.options = (struct session_options){.envid = "x"};
	session_send(p.session, &p.letter);
	g_assert_false(p.letter.without_dsn);
	end(&p);
}

/* S-18: every server takes a hundred (RFC 5321 section 4.5.3.1.8), whatever it does not
 * say; the others are for a further letter. */
static void test_hundred(void)
{
	g_autoptr(GString) people = g_string_new("0@b"), script = g_string_new(W "250 x\r\n");
	for (int i = 1; i < 102; i++)
		g_string_append_printf(people, " %d@b", i);
	for (int i = 0; i < 100; i++)
		g_string_append(script, W "250 x\r\n");
	g_string_append(script, W "354 x\r\n" END "250 x\r\n");
	struct play p;
	begin(&p, "", script->str, false);
	close(p.letter.fd);
	session_letter_clear(&p.letter);
	make_letter(&p.letter, &p, people->str);
	session_send(p.session, &p.letter);
	g_autofree char *seen = verdicts(&p.letter), *all = g_strnfill(100, 'A');
	g_assert_cmpint(p.letter.item, ==, ITEM_SENT);
	g_assert_true(g_str_has_prefix(seen, all));
	g_assert_cmpstr(seen + 100, ==, "LL");
	end(&p);
}

/* S-43, S-44: whom it is about and what was said, and whether to try again. */
static void test_nobody(void)
{
	static const struct {
		const char *first, *second, *verdicts, *why;
		enum wire_code code;
		enum policy_item item;
	} table[] = {
		{"450 x", "451 y", "DD", "a@b: 450 x", CODE_TEMPORARY, ITEM_KEEP},
		{"450 x", "550 y", "DF", "c@d: 550 y", CODE_RECIPIENT, ITEM_KEEP},
		{"550 x", "551 y", "FF", "a@b: 550 x", CODE_RECIPIENT, ITEM_KEEP},
		{"452 x", "452 y", "LL", "452 y", CODE_TEMPORARY, ITEM_DEFER},
		{"450 x", "452 y", "DL", "a@b: 450 x", CODE_TEMPORARY, ITEM_KEEP},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct play p;
		g_autofree char *script =
			g_strdup_printf(W "250 x\r\n" W "%s\r\n" W "%s\r\n" W "250 x\r\n",
				table[i].first, table[i].second);
		begin(&p, "", script, false);
		session_send(p.session, &p.letter);
		g_autofree char *seen = verdicts(&p.letter);
		g_test_message("row %zu", i);
		g_assert_cmpstr(said(), ==, MAILS "\r\n" RCPTS "RSET\r\n");
		g_assert_cmpstr(seen, ==, table[i].verdicts);
		g_assert_cmpstr(p.letter.why, ==, table[i].why);
		g_assert_cmpint(p.letter.code, ==, table[i].code);
		g_assert_cmpint(p.letter.item, ==, table[i].item);
		end(&p);
	}
}

static void play_text(struct play *p, const char *text, size_t len)
{
	g_assert_cmpint(ftruncate(p->letter.fd, 0), ==, 0);
	g_assert_cmpint(pwrite(p->letter.fd, text, len, 0), ==, (gssize)len);
}

/* S-72: no line of more than 998 octets goes out, also where 8 bits may; what is
 * short enough goes as it is.  The size is that of what goes out. */
static void test_long_line(void)
{
	for (size_t len = 990; len < 1000; len++) {
		struct play p;
		g_autofree char *line = g_strnfill(len, 'x');
		g_autofree char *text = g_strconcat("To: a@b\n\n", line, "\n", NULL);
		begin(&p, "8BITMIME|SIZE", DATA_OK, false);
		play_text(&p, text, strlen(text));
		session_send(p.session, &p.letter);
		g_assert_cmpint(p.letter.item, ==, ITEM_SENT);
		const char *data = strstr(said(), "DATA\r\n") + strlen("DATA\r\n");
		g_auto(GStrv) lines = g_strsplit(said(), "\r\n", -1);
		for (guint i = 0; lines[i]; i++)
			g_assert_cmpuint(strlen(lines[i]), <=, 998);
		g_assert_cmpint(strstr(data, "quoted-printable") == NULL, ==, len <= 998);
		g_autofree char *size =
			g_strdup_printf(" SIZE=%zu\r\n", strlen(data) - strlen(".\r\n"));
		g_assert_nonnull(strstr(said(), size));
		end(&p);
	}
}

/* S-15: an address of the header alone; what is merely raw needs none; where there is no
 * SMTPUTF8, an address of the envelope is refused alone. */
static void test_utf8_header(void)
{
	static const struct {
		const char *capabilities, *head, *mail;
		enum policy_item item;
	} table[] = {
		{"8BITMIME|SMTPUTF8", "Reply-To: иван@пример.рф", " BODY=8BITMIME SMTPUTF8",
			ITEM_SENT},
		{"8BITMIME|SMTPUTF8", "no field\nTo: a@b\nReply-To: x@y, Ян <ян@y>",
			" BODY=8BITMIME SMTPUTF8", ITEM_SENT},
		{"8BITMIME|SMTPUTF8", "Subject: иван@пример.рф", " BODY=8BITMIME", ITEM_SENT},
		{"8BITMIME|SMTPUTF8", "Cc: Иван <x@пример.рф>", " BODY=8BITMIME", ITEM_SENT},
		{"8BITMIME|SMTPUTF8", "X: y\n\nReply-To: иван@пример.рф", " BODY=8BITMIME",
			ITEM_SENT},
		{"8BITMIME", "Subject: привет", " BODY=8BITMIME", ITEM_SENT},
		{"8BITMIME", "Reply-To: иван@пример.рф", NULL, ITEM_HOLD},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct play p;
		g_autofree char *text = g_strdup_printf("%s\n\nx\n", table[i].head);
		g_test_message("row %zu", i);
		begin(&p, table[i].capabilities, table[i].mail ? DATA_OK : "", false);
		play_text(&p, text, strlen(text));
		session_send(p.session, &p.letter);
		g_assert_cmpint(p.letter.item, ==, table[i].item);
		g_autofree char *mail = g_strdup_printf(MAILS "%s\r\n",
			table[i].mail ? table[i].mail : "");
		if (table[i].mail)
			g_assert_true(g_str_has_prefix(said(), mail));
		else
			g_assert_nonnull(strstr(p.letter.why, "иван@пример.рф"));
		end(&p);
	}
}

/* S-70: whoever wrote the file, NUL is not sent. */
static void test_nul(void)
{
	struct play p;
	begin(&p, "CHUNKING", "", false);
	play_text(&p, "To: a@b\n\nx\0y\n", 13);
	session_send(p.session, &p.letter);
	g_assert_cmpint(p.letter.item, ==, ITEM_HOLD);
	g_assert_cmpint(p.letter.code, ==, CODE_DATA);
	g_assert_cmpstr(said(), ==, "");
	end(&p);
}

/* --- the next letter ------------------------------------------------------------------------- */

static struct session_letter *second(void *user)
{
	struct play *p = user;
	g_assert_cmpuint(p->dots, ==, 0);
	make_letter(&p->second, p, "e@f");
	return &p->second;
}

static void send_two(struct play *p, const char *capabilities, const char *script)
{
	begin(p, capabilities, script, false);
	p->letter.next = second;
	session_send(p->session, &p->letter);
	if (p->second.recipients && session_is_open(p->session))
		session_send(p->session, &p->second);
}

#define NEXT MAILS "\r\nRCPT TO:<e@f>\r\n"

/* MAIL and RCPT leave with the dot: two turns a letter; with a chunk one. */
static void test_ahead(void)
{
	static const struct {
		const char *name, *capabilities, *script, *said;
		enum policy_item first, second;
	} table[] = {
		{"DATA", "PIPELINING",
			FLIGHT W "354 x\r\n" END "250 x\r\n250 x\r\n250 x\r\n" W "354 x\r\n" END
				 "250 x\r\n",
			MAILS "\r\n" RCPTS "DATA\r\n" DOTTED NEXT "DATA\r\n" DOTTED, ITEM_SENT,
			ITEM_SENT},
		{"BDAT", "PIPELINING|CHUNKING",
			FLIGHT END "250 x\r\n250 x\r\n250 x\r\n250 x\r\n" END "250 x\r\n",
			MAILS "\r\n" RCPTS CHUNK "RSET\r\n" NEXT CHUNK, ITEM_SENT, ITEM_SENT},
		{"the first one is refused after all", "PIPELINING",
			FLIGHT W "354 x\r\n" END "554 x\r\n250 x\r\n250 x\r\n" W "354 x\r\n" END
				 "250 x\r\n",
			MAILS "\r\n" RCPTS "DATA\r\n" DOTTED NEXT "DATA\r\n" DOTTED, ITEM_FAIL,
			ITEM_SENT},
		{"the chunk is refused", "PIPELINING|CHUNKING",
			FLIGHT END "451 x\r\n250 x\r\n250 x\r\n250 x\r\n" END "250 x\r\n",
			MAILS "\r\n" RCPTS CHUNK "RSET\r\n" NEXT CHUNK, ITEM_DEFER, ITEM_SENT},
		{"the second one is refused", "PIPELINING|CHUNKING",
			FLIGHT END "250 x\r\n250 x\r\n250 x\r\n550 x\r\n" W "250 x\r\n",
			MAILS "\r\n" RCPTS CHUNK "RSET\r\n" NEXT "RSET\r\n", ITEM_SENT, ITEM_KEEP},
		{"its MAIL is refused", "PIPELINING",
			FLIGHT W "354 x\r\n" END "250 x\r\n450 x\r\n503 x\r\n" W "250 x\r\n",
			MAILS "\r\n" RCPTS "DATA\r\n" DOTTED NEXT "RSET\r\n", ITEM_SENT,
			ITEM_DEFER},
		{"its MAIL is refused for a parameter", "PIPELINING|SIZE",
			FLIGHT W "354 x\r\n" END "250 x\r\n555 x\r\n503 x\r\n" W "250 x\r\n" W
				 "250 x\r\n250 x\r\n" W "354 x\r\n" END "250 x\r\n",
			MAILS " SIZE=15\r\n" RCPTS "DATA\r\n" DOTTED MAILS
			      " SIZE=15\r\nRCPT TO:<e@f>\r\nRSET\r\n" NEXT "DATA\r\n" DOTTED,
			ITEM_SENT, ITEM_SENT},
		{"421 to the dot", "PIPELINING", FLIGHT W "354 x\r\n" END "421 x\r\n",
			MAILS "\r\n" RCPTS "DATA\r\n" DOTTED NEXT, ITEM_DEFER, ITEM_KEEP},
		{"lost after the dot", "PIPELINING", FLIGHT W "354 x\r\n" END,
			MAILS "\r\n" RCPTS "DATA\r\n" DOTTED NEXT, ITEM_UNCERTAIN, ITEM_KEEP},
		{"lost after the first reply", "PIPELINING", FLIGHT W "354 x\r\n" END "250 x\r\n",
			MAILS "\r\n" RCPTS "DATA\r\n" DOTTED NEXT, ITEM_SENT, ITEM_DEFER},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct play p;
		g_test_message("row '%s'", table[i].name);
		send_two(&p, table[i].capabilities, table[i].script);
		g_assert_cmpstr(said(), ==, table[i].said);
		g_assert_cmpint(p.letter.item, ==, table[i].first);
		g_assert_cmpint(p.second.item, ==, table[i].second);
		end(&p);
	}
}

/* Without pipelines nobody is asked for the next letter; nor where the server takes
 * no more of them (S-18), and then the session is over. */
static void test_no_next(void)
{
	struct play p;
	send_two(&p, "CHUNKING", TAKEN END "250 x\r\n");
	g_assert_null(p.second.recipients);
	g_assert_true(session_is_open(p.session));
	end(&p);
	send_two(&p, "PIPELINING|LIMITS MAILMAX=1", FLIGHT W "354 x\r\n" END "250 x\r\n");
	g_assert_null(p.second.recipients);
	g_assert_false(session_is_open(p.session));
	end(&p);
	send_two(&p, "PIPELINING|LIMITS MAILMAX=2",
		FLIGHT W "354 x\r\n" END "250 x\r\n250 x\r\n250 x\r\n" W "354 x\r\n" END
			 "250 x\r\n");
	g_assert_cmpint(p.second.item, ==, ITEM_SENT);
	g_assert_false(session_is_open(p.session));
	end(&p);
}

/* The replies to what left ahead are heard before QUIT has its own. */
static void test_abandoned(void)
{
	struct play p;
	begin(&p, "PIPELINING|CHUNKING",
		FLIGHT END "250 x\r\n250 x\r\n250 x\r\n250 x\r\n" W "221 x\r\n", false);
	p.letter.next = second;
	session_send(p.session, &p.letter);
	session_free(g_steal_pointer(&p.session));
	g_assert_cmpstr(said(), ==, MAILS "\r\n" RCPTS CHUNK "RSET\r\n" NEXT "QUIT\r\n");
	end(&p);
}

static struct session_letter *unfit(void *user)
{
	struct session_letter *l = second(user);
	l->sender = "no address";
	return l;
}

/* A letter that cannot go stands in nobody's way, and hears of it in its turn. */
static void test_unfit_next(void)
{
	struct play p;
	begin(&p, "PIPELINING", FLIGHT W "354 x\r\n" END "250 x\r\n", false);
	p.letter.next = unfit;
	session_send(p.session, &p.letter);
	g_assert_cmpint(p.letter.item, ==, ITEM_SENT);
	session_send(p.session, &p.second);
	g_assert_cmpint(p.second.item, ==, ITEM_HOLD);
	g_assert_cmpstr(said(), ==, MAILS "\r\n" RCPTS "DATA\r\n" DOTTED);
	end(&p);
}

/* S-05: so long each of them is waited for; the end of a letter ten minutes, so that
 * an answer after 9:50 is heard, and the letter is not sent again. */
static void test_patience(void)
{
	static const struct {
		const char *script;
		int seconds;
		enum policy_item item;
	} table[] = {
		{W, 300, ITEM_DEFER},                           /* MAIL */
		{W "250 x\r\n" W, 300, ITEM_DEFER},             /* RCPT */
		{TAKEN W, 120, ITEM_DEFER},                     /* DATA */
		{TAKEN W "354 x\r\n" END, 600, ITEM_UNCERTAIN}, /* the dot */
		{TAKEN W "354 x\r\n" END "250 x\r\n", 600, ITEM_SENT},
	};
	struct server_url url = {.security = SECURITY_INSECURE, .host = (char *)"b"};
	struct account account = {.smtp = &url, .timeout = 60};
	struct session_params params = {.account = &account, .net = {.host = "b"}};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct play p;
		begin(&p, "", table[i].script, false);
		session_send(p.session, &p.letter);
		g_assert_cmpint(memory_conn_patience(), ==, table[i].seconds);
		g_assert_cmpint(p.letter.item, ==, table[i].item);
		end(&p);
	}
	static const int others[][2] = {{STATE_EHLO, 300}, {STATE_HELO, 300}, {STATE_STARTTLS, 120},
		{STATE_AUTH, 120}, {STATE_CHALLENGE, 120}, {STATE_RSET, 300}};
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		g_assert_cmpint(session_states[others[i][0]].timeout, ==, others[i][1]);
	for (account.smtp_greeting = 1; account.smtp_greeting <= 300;
		account.smtp_greeting += 299) {
		g_autoptr(session) s = session_new(&params);
		memory_conn_says("", 0, 1);
		g_assert_false(session_open(s, NULL));
		g_assert_cmpint(memory_conn_patience(), ==, account.smtp_greeting);
	}
}

/* --- between two letters ---------------------------------------------------------------------- */

/* After a minute without a word NOOP says whether the server is still there. */
static void test_rest(void)
{
	static const struct {
		const char *later, *script, *said;
		bool open;
	} table[] = {
		{"946684859", "", "", true},
		{"946684860", W "250 x\r\n", "NOOP\r\n", true},
		{"946684860", W "502 x\r\n", "NOOP\r\n", true},
		{"946684860", W "421 x\r\n", "NOOP\r\n", false},
		{"946684860", W, "NOOP\r\n", false},
		/* the clock was put back */
		{"946684800", "", "", true},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct play p;
		begin(&p, "", table[i].script, false);
		g_setenv("DEWEY_CLOCK", table[i].later, TRUE);
		g_assert_cmpint(session_is_open(p.session), ==, table[i].open);
		g_assert_cmpstr(said(), ==, table[i].said);
		g_setenv("DEWEY_CLOCK", CLOCK, TRUE);
		end(&p);
	}
}

/* S-19: a question stands between letters and leaves no trace on them. */
static void test_question(void)
{
	struct play p;
	struct session_answer answer = {0};
	begin(&p, "", W "252-a\r\n252 b\r\n" DATA_OK, false);
	g_assert_true(session_ask(p.session, SESSION_VERIFY, "a@b", &answer, NULL));
	g_assert_cmpint(answer.meaning, ==, ANSWER_UNSAID);
	g_assert_cmpstr(answer.text, ==, "a\nb\n");
	session_answer_clear(&answer);
	session_send(p.session, &p.letter);
	g_assert_cmpint(p.letter.item, ==, ITEM_SENT);
	end(&p);
	for (int code = 200; code < 600; code++) {
		g_autofree char *script = g_strdup_printf(W "%d x\r\n", code);
		begin(&p, "", script, false);
		bool ok = session_ask(p.session, SESSION_EXPAND, "a", &answer, NULL);
		g_assert_cmpint(ok, ==, code != 421);
		if (ok)
			g_assert_cmpint(
				answer.meaning == ANSWER_TOLD, ==, code / 100 == 2 && code != 252);
		session_answer_clear(&answer);
		end(&p);
	}
}

int main(int argc, char **argv)
{
	g_setenv("DEWEY_CLOCK", CLOCK, TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/smtp/session/words/S-10-to-S-18-S-42-S-43", test_rows);
	g_test_add_func("/smtp/session/left-out/S-14", test_left_out);
	g_test_add_func("/smtp/session/nobody/S-43-S-44", test_nobody);
	g_test_add_func("/smtp/session/hundred/S-18", test_hundred);
	g_test_add_func("/smtp/session/long-line/S-72", test_long_line);
	g_test_add_func("/smtp/session/nul/S-70", test_nul);
	g_test_add_func("/smtp-session/utf8-header/S-15", test_utf8_header);
	g_test_add_func("/smtp/session/ahead/S-11-S-12", test_ahead);
	g_test_add_func("/smtp/session/no-next/S-18", test_no_next);
	g_test_add_func("/smtp/session/abandoned/S-12", test_abandoned);
	g_test_add_func("/smtp/session/unfit", test_unfit_next);
	g_test_add_func("/smtp/session/patience/S-05", test_patience);
	g_test_add_func("/smtp/session/rest", test_rest);
	g_test_add_func("/smtp/session/question/S-19", test_question);
	return g_test_run();
}
