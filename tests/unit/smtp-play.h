/* SPDX-License-Identifier: MIT
 *
 * A session against a server whose words are written down beforehand; nobody logs in. */
#ifndef TESTS_UNIT_SMTP_PLAY_H
#define TESTS_UNIT_SMTP_PLAY_H

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
	char *replies; /* what the server says from its greeting on */
	guint dots;    /* so often before_dot() was called */
};

G_GNUC_UNUSED static bool before_dot(struct session_letter *letter, void *user, GError **error)
{
	((struct play *)user)->dots++;
	g_assert_cmpint(memory_conn_patience(), ==, 180);
	return true;
}

G_GNUC_UNUSED static int file_of(const char *text)
{
	int fd = memfd_create("letter", MFD_CLOEXEC);
	g_assert_true(fdio_write_all(fd, text, strlen(text), NULL));
	return fd;
}

G_GNUC_UNUSED static void make_letter(
	struct session_letter *l, struct play *p, const char *recipients)
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
G_GNUC_UNUSED static void begin(
	struct play *p, const char *capabilities, const char *script, bool tls)
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
	p->replies = g_strdup(all->str);
	memory_conn_says(p->replies, strlen(p->replies), 1);
	p->session = session_new(&params);
	g_assert_true(session_open(p->session, NULL));
	make_letter(&p->letter, p, "a@b c@d");
}

G_GNUC_UNUSED static void end(struct play *p)
{
	session_free(p->session);
	if (p->letter.recipients)
		close(p->letter.fd);
	if (p->second.recipients)
		close(p->second.fd);
	session_letter_clear(&p->letter);
	session_letter_clear(&p->second);
	g_free(p->replies);
}

static const char *said(void)
{
	const char *heard = memory_conn_heard(), *hello = "EHLO [127.0.0.1]\r\n";
	g_assert_true(g_str_has_prefix(heard, hello));
	return heard + strlen(hello);
}

/* A letter for each recipient: Keep Accept Defer Fail Later. */
G_GNUC_UNUSED static char *verdicts(const struct session_letter *l)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < l->recipients->len; i++) {
		const struct session_recipient *r = l->recipients->pdata[i];
		g_string_append_c(text, "KADFL"[r->verdict]);
	}
	return g_string_free(text, FALSE);
}

#define RCPTS "RCPT TO:<a@b>\r\nRCPT TO:<c@d>\r\n"
#define TAKEN W "250 x\r\n" W "250 x\r\n" W "250 x\r\n"
#define DATA_OK TAKEN W "354 x\r\n" END "250 x\r\n"
#define FLIGHT W "250 x\r\n250 x\r\n250 x\r\n"
#define MAILS "MAIL FROM:<i@b>"

#endif
