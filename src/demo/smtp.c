/* SPDX-License-Identifier: MIT */
#include "demo/peer.h"

#include <string.h>

/* RFC 5321 section 4.1.4: what has been said so far. */
enum state { CONNECTED, GREETED, LOGGED_IN, MAIL_GIVEN, RECIPIENT_GIVEN };

enum { SIZE_MAX_OCTETS = 16 * 1024 * 1024, RECIPIENTS_MAX = 100 };

struct session {
	struct peer *peer;
	struct maildrop *drop;
	enum state state;
	char *helo, *from, *first_to;
	guint recipients;
	guint id; /* of the next letter */
};

static void forget_mail(struct session *s)
{
	g_clear_pointer(&s->from, g_free);
	g_clear_pointer(&s->first_to, g_free);
	s->recipients = 0;
	if (s->state > LOGGED_IN)
		s->state = LOGGED_IN;
}

/* It comes back to us in a header of our own. */
static char *printable(const char *text)
{
	char *copy = g_strdup(text);
	for (char *c = copy; *c != '\0'; c++)
		if (!g_ascii_isgraph(*c))
			*c = '?';
	return copy;
}

static enum verdict greet(struct session *s, const char *argument)
{
	g_free(s->helo);
	s->helo = printable(argument);
	forget_mail(s);
	if (s->state < GREETED)
		s->state = GREETED;
	return GO_ON;
}

static enum verdict cmd_ehlo(void *data, const char *argument)
{
	struct session *s = data;
	peer_say(s->peer, "250-practice.example.org");
	peer_say(s->peer, "250-8BITMIME");
	peer_say(s->peer, "250-SIZE %d", SIZE_MAX_OCTETS);
	peer_say(s->peer, "250-PIPELINING");
	peer_say(s->peer, "250-ENHANCEDSTATUSCODES");
	peer_say(s->peer, "250 AUTH PLAIN LOGIN");
	return greet(s, argument);
}

static enum verdict cmd_helo(void *data, const char *argument)
{
	struct session *s = data;
	peer_say(s->peer, "250 practice.example.org");
	return greet(s, argument);
}

/* Asks with challenge (base64) and returns the decoded answer, or NULL. */
static char *ask(struct session *s, const char *challenge, size_t *len)
{
	peer_say(s->peer, "334 %s", challenge);
	g_autofree char *line = peer_read(s->peer, NULL);
	if (!line || strcmp(line, "*") == 0)
		return NULL;
	return (char *)g_base64_decode(line, len);
}

/* RFC 4616: authorization NUL name NUL password. */
static bool auth_plain(struct session *s, const char *initial)
{
	size_t len = 0;
	g_autofree char *text = *initial ? (char *)g_base64_decode(initial, &len)
					 : ask(s, "", &len);
	if (!text)
		return false;
	g_autofree char *ended = g_malloc0(len + 3); /* three strings, come what may */
	memcpy(ended, text, len);
	const char *user = ended + strlen(ended) + 1;
	return peer_may_enter(user, user + strlen(user) + 1);
}

static char *as_string(char *octets, size_t len)
{
	char *text = octets ? g_strndup(octets, len) : NULL;
	g_free(octets);
	return text;
}

static bool auth_login(struct session *s, const char *initial)
{
	size_t len = 0;
	char *octets = *initial ? (char *)g_base64_decode(initial, &len)
				: ask(s, "VXNlcm5hbWU6", &len);
	g_autofree char *user = as_string(octets, len);
	g_autofree char *password = NULL;
	if (user) {
		octets = ask(s, "UGFzc3dvcmQ6", &len);
		password = as_string(octets, len);
	}
	return peer_may_enter(user, password);
}

static enum verdict cmd_auth(void *data, const char *argument)
{
	struct session *s = data;
	g_auto(GStrv) words = g_strsplit(argument, " ", 2);
	const char *initial = words[0] && words[1] ? words[1] : "";
	bool (*mechanism)(struct session *, const char *) = NULL;
	if (words[0] && g_ascii_strcasecmp(words[0], "PLAIN") == 0)
		mechanism = auth_plain;
	else if (words[0] && g_ascii_strcasecmp(words[0], "LOGIN") == 0)
		mechanism = auth_login;
	if (s->state >= LOGGED_IN) {
		peer_say(s->peer, "503 5.5.1 you are logged in already");
	} else if (!mechanism) {
		peer_say(s->peer, "504 5.5.4 PLAIN and LOGIN only");
	} else if (mechanism(s, initial)) {
		s->state = LOGGED_IN;
		peer_say(s->peer, "235 2.7.0 welcome");
	} else {
		peer_say(s->peer, "535 5.7.8 name and password are both '" DEMO_USER "' here");
	}
	return GO_ON;
}

/* "FROM:<x@y> SIZE=1" → "x@y"; NULL if it is not like that. */
static char *read_path(const char *argument, const char *keyword, const char **parameters)
{
	size_t len = strlen(keyword);
	if (g_ascii_strncasecmp(argument, keyword, len) != 0)
		return NULL;
	const char *open = argument + len + strspn(argument + len, " ");
	const char *close = *open == '<' ? strchr(open, '>') : NULL;
	if (!close)
		return NULL;
	*parameters = close + 1;
	g_autofree char *path = g_strndup(open + 1, (gsize)(close - open - 1));
	return printable(path);
}

static enum verdict cmd_mail(void *data, const char *argument)
{
	struct session *s = data;
	const char *parameters = "";
	g_autofree char *path = read_path(argument, "FROM:", &parameters);
	const char *size = strstr(parameters, "SIZE=");
	if (s->state > LOGGED_IN)
		peer_say(s->peer, "503 5.5.1 one letter after the other");
	else if (!path)
		peer_say(s->peer, "501 5.5.4 write MAIL FROM:<address>");
	else if (size && g_ascii_strtoull(size + 5, NULL, 10) > SIZE_MAX_OCTETS)
		peer_say(s->peer, "552 5.3.4 the letter is too big");
	else {
		s->from = g_steal_pointer(&path);
		s->state = MAIL_GIVEN;
		peer_say(s->peer, "250 2.1.0 ok");
	}
	return GO_ON;
}

/* Green is RFC 821's example of a recipient who is not there. */
static bool is_green(const char *path)
{
	return g_ascii_strncasecmp(path, "green@", 6) == 0;
}

static enum verdict cmd_rcpt(void *data, const char *argument)
{
	struct session *s = data;
	const char *parameters;
	g_autofree char *path = read_path(argument, "TO:", &parameters);
	if (!path || *path == '\0') {
		peer_say(s->peer, "501 5.5.4 write RCPT TO:<address>");
	} else if (is_green(path)) {
		peer_say(s->peer, "550 5.1.1 No such user here");
	} else if (s->recipients == RECIPIENTS_MAX) {
		peer_say(s->peer, "452 4.5.3 too many recipients");
	} else {
		if (s->recipients++ == 0)
			s->first_to = g_steal_pointer(&path);
		s->state = RECIPIENT_GIVEN;
		peer_say(s->peer, "250 2.1.5 ok");
	}
	return GO_ON;
}

/* The lines up to the dot, dots undone; NULL: the client is gone.  Nothing is
 * kept beyond the limit, but everything is read. */
static GString *read_letter(struct session *s, GString *letter)
{
	for (;;) {
		size_t len;
		g_autofree char *line = peer_read(s->peer, &len);
		if (!line)
			return NULL;
		if (len == 1 && *line == '.')
			return letter;
		size_t dot = *line == '.' ? 1 : 0;
		if (letter->len <= SIZE_MAX_OCTETS) {
			g_string_append_len(letter, line + dot, (gssize)(len - dot));
			g_string_append(letter, "\r\n");
		}
	}
}

static GString *begin_letter(struct session *s)
{
	GString *letter = g_string_new(NULL);
	g_autofree char *date = maildrop_date(0);
	g_string_append_printf(letter, "Return-Path: <%s>\r\n", s->from);
	g_string_append_printf(letter, "Received: from %s ([127.0.0.1])\r\n", s->helo);
	g_string_append_printf(letter, "\tby practice.example.org with ESMTPA id %u", ++s->id);
	if (s->recipients == 1)
		g_string_append_printf(letter, "\r\n\tfor <%s>", s->first_to);
	g_string_append_printf(letter, "; %s\r\n", date);
	return letter;
}

static enum verdict cmd_data(void *data, const char *argument)
{
	struct session *s = data;
	g_autoptr(GString) letter = begin_letter(s);
	peer_say(s->peer, "354 end with a line that is a dot");
	if (!read_letter(s, letter))
		return GOOD_BYE;
	if (letter->len > SIZE_MAX_OCTETS) {
		peer_say(s->peer, "552 5.3.4 the letter is too big");
	} else {
		maildrop_add(s->drop, letter->str, letter->len);
		peer_say(s->peer, "250 2.0.0 it will come back to you as new mail");
	}
	forget_mail(s);
	return GO_ON;
}

static enum verdict cmd_rset(void *data, const char *argument)
{
	struct session *s = data;
	forget_mail(s);
	peer_say(s->peer, "250 2.0.0 ok");
	return GO_ON;
}

static enum verdict cmd_noop(void *data, const char *argument)
{
	struct session *s = data;
	peer_say(s->peer, "250 2.0.0 ok");
	return GO_ON;
}

static enum verdict cmd_quit(void *data, const char *argument)
{
	struct session *s = data;
	peer_say(s->peer, "221 2.0.0 practice server signing off");
	return GOOD_BYE;
}

static const struct verb verbs[] = {
	{"EHLO", CONNECTED, cmd_ehlo}, {"HELO", CONNECTED, cmd_helo},
	{"AUTH", GREETED, cmd_auth}, {"MAIL", LOGGED_IN, cmd_mail},
	{"RCPT", MAIL_GIVEN, cmd_rcpt}, {"DATA", RECIPIENT_GIVEN, cmd_data},
	{"RSET", CONNECTED, cmd_rset}, {"NOOP", CONNECTED, cmd_noop},
	{"QUIT", CONNECTED, cmd_quit}, {NULL, 0, NULL}};

static enum verdict obey(struct session *s, const char *line)
{
	const char *argument;
	const struct verb *verb = verb_find(verbs, line, &argument);
	if (verb && (int)s->state >= verb->least)
		return verb->run(s, argument);
	if (!verb)
		peer_say(s->peer, "500 5.5.2 unknown command");
	else if (s->state == GREETED)
		peer_say(s->peer, "530 5.7.0 log in first");
	else
		peer_say(s->peer, "503 5.5.1 not now");
	return GO_ON;
}

void smtp_serve(struct peer *p, struct maildrop *m)
{
	struct session s = {.peer = p, .drop = m};
	enum verdict verdict = GO_ON;
	peer_say(p, "220 practice.example.org ESMTP dewey-demo");
	while (verdict == GO_ON) {
		g_autofree char *line = peer_read(p, NULL);
		verdict = line ? obey(&s, line) : GOOD_BYE;
	}
	forget_mail(&s);
	g_free(s.helo);
}
