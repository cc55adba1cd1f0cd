/* SPDX-License-Identifier: MIT
 *
 * A session octet by octet: what is sent, in which state, and what the answers
 * do to it. */
#include "base/base.h"

#include <string.h>

#include "memory-conn.h"
#include "net/conn.h"
#include "pop3/internal.h"

/* login.c is not here: nobody is logged in but by begin(). */
bool pop3_stls(struct pop3 *p, GError **error)
{
	return pop3_fail(error, POP3_ERROR_TLS, "no TLS here");
}

static struct pop3 *session(const char *host, enum security security)
{
	struct pop3_params params = {.net = {.host = host}, .security = security};
	return pop3_new(&params);
}

#define GREETING "+OK ready\r\n"
#define CAPA "\x1e+OK\r\nPIPELINING\r\nUIDL\r\nTOP\r\n.\r\n"

/* A session that is logged in, and whose server says text from now on. */
static struct pop3 *begin(const char *text)
{
	struct pop3 *p = session("pop.test", SECURITY_INSECURE);
	g_autoptr(GError) error = NULL;
	memory_conn_says(GREETING CAPA, strlen(GREETING CAPA), 1);
	pop3_connect(p, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(memory_conn_heard(), ==, "CAPA\r\n");
	p->state = STATE_TRANSACTION;
	memory_conn_says(text, strlen(text), 2);
	return p;
}

/* --- What is sent ------------------------------------------------------------------ */

/* Z3, P-06, P-07, P-25: the commands of TRANSACTION, RSET among them, which no
 * session of ours has a reason to send. */
static void test_commands(void)
{
	static const struct {
		enum pop3_command command;
		uint64_t number;
		const char *line;
	} rows[] = {
		{POP3_STAT, 0, "STAT\r\n"},
		{POP3_LIST, 0, "LIST\r\n"},
		{POP3_LIST, 7, "LIST 7\r\n"},
		{POP3_UIDL, 0, "UIDL\r\n"},
		{POP3_UIDL, 7, "UIDL 7\r\n"},
		{POP3_RETR, UINT64_MAX, "RETR 18446744073709551615\r\n"},
		{POP3_DELE, 1, "DELE 1\r\n"},
		{POP3_NOOP, 0, "NOOP\r\n"},
		{POP3_RSET, 0, "RSET\r\n"},
		{POP3_LAST, 0, "LAST\r\n"},
		{POP3_ENV, 2, "*ENV 2\r\n"},
		{POP3_CAPA, 0, "CAPA\r\n"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool ok = false;
		g_autoptr(pop3) p = begin("+OK\r\n");
		g_autoptr(GError) error = NULL;
		g_assert_true(pop3_send(p, rows[i].command, rows[i].number, &error));
		g_assert_cmpuint(pop3_outstanding(p), ==, 1);
		g_assert_true(pop3_take(p, &ok, &error));
		g_assert_true(ok);
		g_assert_cmpuint(pop3_outstanding(p), ==, 0);
		g_assert_cmpstr(memory_conn_heard(), ==, rows[i].line);
	}
	bool ok;
	g_autoptr(pop3) p = begin("+OK\r\n");
	g_assert_true(pop3_send_top(p, 3, 0, NULL) && pop3_take(p, &ok, NULL));
	g_assert_cmpstr(memory_conn_heard(), ==, "TOP 3 0\r\n");
}

/* P-25: a command in the wrong state is a bug of ours, and never goes out. */
static void test_states(void)
{
	static const struct {
		enum pop3_state state;
		enum pop3_command command;
	} rows[] = {
		{STATE_AUTHORIZATION, POP3_STAT},
		{STATE_AUTHORIZATION, POP3_RETR},
		{STATE_AUTHORIZATION, POP3_DELE},
		{STATE_AUTHORIZATION, POP3_NOOP},
		{STATE_TRANSACTION, POP3_USER},
		{STATE_TRANSACTION, POP3_PASS},
		{STATE_TRANSACTION, POP3_AUTH},
		{STATE_TRANSACTION, POP3_STLS},
		{STATE_TRANSACTION, POP3_UTF8},
		{STATE_UPDATE, POP3_DELE},
		{STATE_UPDATE, POP3_QUIT},
	};
	if (g_test_subprocess()) {
		const char *row = g_getenv("ROW");
		struct pop3 *p = begin("");
		p->state = rows[atoi(row)].state;
		pop3_command(p, rows[atoi(row)].command, NULL, NULL);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *row = g_strdup_printf("%zu", i);
		g_test_message("row %zu", i);
		g_setenv("ROW", row, TRUE);
		g_test_trap_subprocess(NULL, 0, 0);
		g_test_trap_assert_failed();
		g_test_trap_assert_stderr("*states*");
	}
}

/* P-29: for the greeting as the account says, then by the command; a server has
 * little time when our parent is gone. */
static void test_patience(void)
{
	static const struct {
		enum pop3_command command;
		int seconds;
	} rows[] = {{POP3_CAPA, 60}, {POP3_STAT, 300}, {POP3_UIDL, 300}, {POP3_LIST, 300},
		{POP3_RETR, 300}, {POP3_DELE, 300}, {POP3_QUIT, 300}};
	struct pop3_params params = {
		.net = {.host = "pop.test", .timeout = 17}, .security = SECURITY_INSECURE};
	g_autoptr(pop3) silent = pop3_new(&params);
	memory_conn_says("", 0, 1);
	g_assert_false(pop3_connect(silent, NULL));
	g_assert_cmpint(memory_conn_patience(), ==, 17);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool ok;
		g_autoptr(pop3) p = begin("+OK\r\n");
		g_assert_true(pop3_send(p, rows[i].command, 0, NULL) && pop3_take(p, &ok, NULL));
		g_assert_cmpint(memory_conn_patience(), ==, rows[i].seconds);
		pop3_hurry(p);
		g_assert_cmpint(memory_conn_patience(), ==, 10);
	}
}

/* P-30: only after a wait, and only with nothing under way. */
static void test_noop(void)
{
	g_autoptr(pop3) p = begin("\x1e+OK\r\n\x1e-ERR what?\r\n");
	g_autoptr(GError) error = NULL;
	g_assert_true(pop3_noop(p, POP3_IDLE, &error));
	g_assert_cmpstr(memory_conn_heard(), ==, "");
	g_assert_true(pop3_noop(p, 0, &error));
	g_assert_cmpstr(memory_conn_heard(), ==, "NOOP\r\n");
	/* A server that does not know it is awake all the same. */
	g_assert_true(pop3_noop(p, 0, &error));
	g_assert_no_error(error);
	g_assert_false(pop3_noop(p, 0, &error));
	g_assert_error(error, NET_ERROR, NET_ERROR_CLOSED);
}

/* P-28: what is dropped without QUIT deletes nothing. */
static void test_drop(void)
{
	bool ok;
	struct pop3 *p = begin("+OK\r\n");
	g_assert_true(pop3_send(p, POP3_DELE, 1, NULL) && pop3_take(p, &ok, NULL));
	pop3_free(p);
	g_assert_cmpstr(memory_conn_heard(), ==, "DELE 1\r\n");
}

/* --- What comes -------------------------------------------------------------------- */

/* P-27, P-56: replies belong to commands by their order alone. */
static void test_order(void)
{
	static const bool good[] = {true, false, true};
	g_autoptr(pop3) p = begin("+OK 3\r\n-ERR 1\r\n+OK DELE 2\r\n+Oops\r\n");
	g_autoptr(GError) error = NULL;
	for (uint64_t n = 1; n <= 4; n++)
		g_assert_true(pop3_send(p, POP3_DELE, n, &error));
	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		bool ok;
		g_assert_true(pop3_take(p, &ok, &error));
		g_assert_cmpint(ok, ==, good[i]);
	}
	bool ok;
	g_assert_false(pop3_take(p, &ok, &error));
	g_assert_error(error, POP3_ERROR, POP3_ERROR_PROTOCOL);
}

static unsigned quirks(const char *host, const char *greeting, const char *capa)
{
	g_autoptr(pop3) p = session(host, SECURITY_INSECURE);
	g_autofree char *text = g_strconcat(greeting, "\r\n", capa, NULL);
	memory_conn_says(text, strlen(text), 3);
	g_assert_true(pop3_connect(p, NULL));
	bool alone = pop3_window(p) == 1;
	g_assert_cmpint(alone, ==, (pop3_quirks(p) & POP3_RETR_CONSUMES) != 0);
	return pop3_quirks(p);
}

/* P-20, P-62 */
static void test_quirks(void)
{
	static const struct {
		const char *host, *greeting;
		unsigned quirks;
	} rows[] = {
		{"pop.test", "+OK ready", 0},
		{"pop.gmail.com", "+OK ready", POP3_RETR_CONSUMES},
		{"POP.Gmail.Com", "+OK ready", POP3_RETR_CONSUMES},
		{"eu.pop.gmail.com", "+OK ready", POP3_RETR_CONSUMES},
		{"notpop.gmail.com", "+OK ready", 0},
		{"pop.gmail.com.test", "+OK ready", 0},
		{"pop.googlemail.com", "+OK ready", POP3_RETR_CONSUMES},
		{"pop.test", "+OK Gpop ready for requests from 192.0.2.1 xyz", POP3_RETR_CONSUMES},
		{"pop.test", "+OK Gpopper", 0},
		{"pop.test", "+OK", 0},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("row %zu", i);
		g_assert_cmpuint(quirks(rows[i].host, rows[i].greeting, CAPA), ==, rows[i].quirks);
	}
	/* What a server calls itself is for logs. */
	const char *named = "\x1e+OK\r\nPIPELINING\r\nIMPLEMENTATION Gpop 1\r\n.\r\n";
	g_assert_cmpuint(quirks("pop.test", "+OK", named), ==, 0);
}

/* P-01, P-36: -ERR as greeting, in clear where that is wanted and where it is not. */
static void test_greetings(void)
{
	static const struct {
		const char *line;
		enum security security;
		enum pop3_error code;
	} rows[] = {
		{"-ERR", SECURITY_INSECURE, POP3_ERROR_TEMPORARY},
		{"-ERR [AUTH] x", SECURITY_TLS, POP3_ERROR_TEMPORARY},
		{"-ERR [IN-USE] x", SECURITY_TLS, POP3_ERROR_BUSY},
		{"-ERR [SYS/PERM] x", SECURITY_TLS, POP3_ERROR_REFUSED},
		{"-ERR [SYS/TEMP] x", SECURITY_TLS, POP3_ERROR_TEMPORARY},
		{"-ERR [SYS/PERM] x", SECURITY_STARTTLS, POP3_ERROR_TEMPORARY},
		{"-ERR [AUTH] x", SECURITY_STARTTLS, POP3_ERROR_TEMPORARY},
		{"-ERR [LOGIN-DELAY] x", SECURITY_STARTTLS, POP3_ERROR_TEMPORARY},
		{"+ hello", SECURITY_TLS, POP3_ERROR_PROTOCOL},
		{"220 smtp.test ESMTP", SECURITY_TLS, POP3_ERROR_PROTOCOL},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(pop3) p = session("pop.test", rows[i].security);
		g_autoptr(GError) error = NULL;
		g_autofree char *text = g_strconcat(rows[i].line, "\r\n", NULL);
		g_test_message("row %zu", i);
		memory_conn_says(text, strlen(text), 4);
		g_assert_false(pop3_connect(p, &error));
		g_assert_error(error, POP3_ERROR, (int)rows[i].code);
		g_assert_cmpstr(memory_conn_heard(), ==, "");
	}
}

/* P-18: capabilities count from the last CAPA alone. */
static void test_capa_anew(void)
{
	struct pop3_drop drop;
	g_autoptr(pop3) p = begin("+OK\r\nTOP\r\n.\r\n+OK 0 0\r\n+OK\r\n.\r\n+OK\r\n.\r\n");
	g_assert_cmpuint(pop3_window(p), >, 1);
	g_assert_true(pop3_list(p, &drop, NULL));
	g_assert_cmpuint(pop3_window(p), ==, 1);
	g_assert_cmpstr(memory_conn_heard(), ==, "CAPA\r\nSTAT\r\nUIDL\r\nLIST\r\n");
	pop3_drop_clear(&drop);
}

/* P-02, P-57: what was said of the letters counts on where CAPA is refused after the
 * log-in, and else what is said then. */
static void test_terms(void)
{
	static const struct {
		const char *capa;
		bool expire_now;
		guint delay;
	} rows[] = {
		{"-ERR not now\r\n", true, 60},
		{"+OK\r\nEXPIRE 0\r\n.\r\n", true, 0},
		{"+OK\r\nEXPIRE 9\r\nLOGIN-DELAY 5\r\n.\r\n", false, 5},
		{"+OK\r\n.\r\n", false, 0},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct pop3_drop drop;
		g_autoptr(pop3) p = session("pop.test", SECURITY_TLS);
		g_autofree char *capa = g_strconcat(GREETING "\x1e+OK\r\nPIPELINING\r\nEXPIRE 0\r\n"
							     "LOGIN-DELAY 60\r\n.\r\n\x1e",
			rows[i].capa, "\x1e+OK 0 0\r\n\x1e+OK\r\n.\r\n\x1e+OK\r\n.\r\n", NULL);
		g_test_message("row %zu", i);
		memory_conn_says(capa, strlen(capa), 3);
		g_assert_true(pop3_connect(p, NULL));
		p->state = STATE_TRANSACTION;
		g_assert_true(pop3_list(p, &drop, NULL));
		g_assert_cmpint(pop3_capabilities(p)->expire_now, ==, rows[i].expire_now);
		g_assert_cmpuint(pop3_capabilities(p)->login_delay, ==, rows[i].delay);
		pop3_drop_clear(&drop);
	}
}

#define FLIGHT "CAPA\r\nSTAT\r\nUIDL\r\nLIST\r\n"
#define LISTS(wait) wait "+OK 1 9\r\n" wait "+OK\r\n1 u\r\n.\r\n" wait "+OK\r\n1 9\r\n.\r\n"

/* P-55: the lists are asked for before they are waited for, and once; one after the
 * other where the server takes no more. */
static void test_ask_list(void)
{
	static const struct {
		const char *lists, *asked;
		bool pipelining;
	} rows[] = {
		{"\x1e+OK\r\nPIPELINING\r\n.\r\n" LISTS(""), FLIGHT, true},
		{"\x1e+OK\r\n.\r\n" LISTS("\x1e"), "", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct pop3_drop drop;
		g_autoptr(GError) error = NULL;
		g_autoptr(pop3) p = begin(rows[i].lists);
		p->capa.pipelining = rows[i].pipelining;
		g_assert_true(pop3_ask_list(p, &error));
		g_assert_cmpstr(memory_conn_heard(), ==, rows[i].asked);
		g_assert_true(pop3_list(p, &drop, &error));
		g_assert_cmpstr(memory_conn_heard(), ==, FLIGHT);
		g_assert_cmpuint(drop.messages->len, ==, 1);
		g_assert_cmpuint(pop3_outstanding(p), ==, 0);
		pop3_drop_clear(&drop);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pop3/session/commands/P-06/P-07/Z3", test_commands);
	g_test_add_func("/pop3/session/states/P-25", test_states);
	g_test_add_func("/pop3/session/patience/P-29", test_patience);
	g_test_add_func("/pop3/session/noop/P-30", test_noop);
	g_test_add_func("/pop3/session/drop/P-28", test_drop);
	g_test_add_func("/pop3/session/order/P-27/P-56", test_order);
	g_test_add_func("/pop3/session/quirks/P-20/P-62", test_quirks);
	g_test_add_func("/pop3/session/greetings/P-01/P-36", test_greetings);
	g_test_add_func("/pop3/session/capa/P-02/P-18", test_capa_anew);
	g_test_add_func("/pop3/session/terms/P-02/P-57", test_terms);
	g_test_add_func("/pop3/session/ask-list/P-55", test_ask_list);
	return g_test_run();
}
