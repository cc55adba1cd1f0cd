/* SPDX-License-Identifier: MIT
 *
 * Sessions word by word: what is said, and what the answers do to the letters. */
#include "base/base.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/fdio.h"
#include "memory-conn.h"
#include "smtp/states.h"

/* login.c is not here: nobody logs in. */
bool session_logs_in(const struct session *s)
{
	return false;
}

bool enter_auth(struct session *s)
{
	g_assert_not_reached();
}

bool enter_challenge(struct session *s)
{
	g_assert_not_reached();
}

void take_auth(struct session *s, const struct policy *p)
{
}

void login_free(struct login *l)
{
}

enum wire_code agent_code(const GError *error)
{
	return error->domain == WIRE_ERROR ? (enum wire_code)error->code : CODE_NETWORK;
}

/* --- a session ------------------------------------------------------------------------- */

#define CLOCK "946684800" /* 2000-01-01 */
#define W "\x1e"
#define END W W /* once for the letter, once for its end */
#define LETTER "To: a@b\n\n.x\n"
/* As it goes out, with a dot and without doubling. */
#define DOTTED "To: a@b\r\n\r\n..x\r\n.\r\n"
#define CHUNK "BDAT 15 LAST\r\nTo: a@b\r\n\r\n.x\r\n"

struct play {
	struct server_url url;
	struct account account;
	struct session *session;
	struct session_letter letter, second;
	guint dots; /* so often before_dot() was called */
};

static bool before_dot(struct session_letter *letter, void *user, GError **error)
{
	((struct play *)user)->dots++;
	g_assert_cmpint(memory_conn_patience(), ==, 180);
	return true;
}

static int file_of(const char *text)
{
	int fd = memfd_create("letter", MFD_CLOEXEC);
	g_assert_true(fdio_write_all(fd, text, strlen(text), NULL));
	return fd;
}

static void make_letter(struct session_letter *l, struct play *p, const char *recipients)
{
	g_auto(GStrv) words = g_strsplit(recipients, " ", -1);
	*l = (struct session_letter){.sender = "i@b", .before_dot = before_dot, .user = p};
	l->fd = file_of(LETTER);
	l->recipients = g_ptr_array_new_with_free_func((GDestroyNotify)session_recipient_free);
	for (guint i = 0; words[i]; i++)
		g_ptr_array_add(l->recipients, session_recipient_new(i, g_intern_string(words[i])));
}

/* capabilities: keywords joined by '|'.  script: the server's replies to what is said
 * after EHLO. */
static void begin(struct play *p, const char *capabilities, const char *script, bool tls)
{
	g_autoptr(GString) all = g_string_new("220 x\r\n" W "250-x\r\n");
	g_auto(GStrv) words = g_strsplit(capabilities, "|", -1);
	for (guint i = 0; words[i]; i++)
		g_string_append_printf(all, "250-%s\r\n", words[i]);
	g_string_append_printf(all, "250 HELP\r\n%s", script);
	*p = (struct play){.url = {.security = tls ? SECURITY_TLS : SECURITY_INSECURE,
				   .host = (char *)"b",
				   .port = 25}};
	p->account = (struct account){.smtp = &p->url, .timeout = 60};
	struct session_params params = {.account = &p->account, .net = {.host = "b", .tls = tls}};
	const char *text = g_intern_string(all->str);
	memory_conn_says(text, strlen(text), 1);
	p->session = session_new(&params);
	g_assert_true(session_open(p->session, NULL));
	make_letter(&p->letter, p, "a@b c@d");
}

static void end(struct play *p)
{
	session_free(p->session);
	if (p->letter.recipients)
		close(p->letter.fd);
	if (p->second.recipients)
		close(p->second.fd);
	session_letter_clear(&p->letter);
	session_letter_clear(&p->second);
}

static const char *said(void)
{
	const char *heard = memory_conn_heard(), *hello = "EHLO [127.0.0.1]\r\n";
	g_assert_true(g_str_has_prefix(heard, hello));
	return heard + strlen(hello);
}

/* A letter for each recipient: Keep Accept Defer Fail Later. */
static char *verdicts(const struct session_letter *l)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < l->recipients->len; i++) {
		const struct session_recipient *r = l->recipients->pdata[i];
		g_string_append_c(text, "KADFL"[r->verdict]);
	}
	return g_string_free(text, FALSE);
}

/* --- what is said -------------------------------------------------------------------------- */

#define RCPTS "RCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\n"
#define TAKEN W "250 x\r\n" W "250 x\r\n" W "250 x\r\n"
#define DATA_OK TAKEN W "354 x\r\n" END "250 x\r\n"
#define FLIGHT W "250 x\r\n250 x\r\n250 x\r\n"
#define MAILS "MAIL FROM:<i@b>"

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
	/* S-14 */
	{"DSN", "DSN|SIZE",
		{.notify = SESSION_NOTIFY_SUCCESS | SESSION_NOTIFY_DELAY,
			.ret_headers = true,
			.envid = "a+b=c d"},
		false, "a@b x+y=z@d", DATA_OK,
		MAILS " SIZE=15 RET=HDRS ENVID=a+2Bb+3Dc+20d\r\n"
		      "RCPT TO:<a@b> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a@b\r\n"
		      "RCPT TO:<x+y=z@d> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;x+2By+3Dz@d\r\n"
		      "DATA\r\n" DOTTED,
		"AA", ITEM_SENT},
	{"DSN, never", "DSN", {.notify = SESSION_NOTIFY_NEVER, .ret_full = true}, false, "a@b",
		W "250 x\r\n" W "250 x\r\n" W "354 x\r\n" END "250 x\r\n",
		MAILS " RET=FULL\r\nRCPT TO:<a@b> NOTIFY=NEVER ORCPT=rfc822;a@b\r\nDATA\r\n" DOTTED,
		"A", ITEM_SENT},
	{"DSN not offered, and wanted", "", {.notify = SESSION_NOTIFY_SUCCESS}, false, NULL, "", "",
		"KK", ITEM_HOLD},
	{"DSN not offered, with consent", "",
		{.notify = SESSION_NOTIFY_SUCCESS,
			.ret_full = true,
			.envid = "x",
			.without_dsn = true},
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
	{"SMTPUTF8", "SMTPUTF8|8BITMIME|DSN", {.notify = SESSION_NOTIFY_FAILURE}, false,
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
	for (; account.timeout <= 900; account.timeout += 840) {
		g_autoptr(session) s = session_new(&params);
		memory_conn_says("", 0, 1);
		g_assert_false(session_open(s, NULL));
		g_assert_cmpint(memory_conn_patience(), ==, MAX(300, account.timeout));
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

/* --- every code at every stage
 * -------------------------------------------------------------------- */

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

int main(int argc, char **argv)
{
	g_setenv("DEWEY_CLOCK", CLOCK, TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/smtp/session/words/S-11-to-S-18-S-42-S-43", test_rows);
	g_test_add_func("/smtp/session/left-out/S-14", test_left_out);
	g_test_add_func("/smtp/session/ahead/S-11-S-12", test_ahead);
	g_test_add_func("/smtp/session/no-next/S-18", test_no_next);
	g_test_add_func("/smtp/session/abandoned/S-12", test_abandoned);
	g_test_add_func("/smtp/session/unfit", test_unfit_next);
	g_test_add_func("/smtp/session/codes", test_codes);
	g_test_add_func("/smtp/session/patience/S-05", test_patience);
	g_test_add_func("/smtp/session/rest", test_rest);
	g_test_add_func("/smtp/session/question/S-19", test_question);
	return g_test_run();
}
