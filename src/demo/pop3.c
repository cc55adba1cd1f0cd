/* SPDX-License-Identifier: MIT */
#include "demo/peer.h"

#include <string.h>

/* RFC 1939 section 3; UPDATE is what cmd_quit does. */
enum state { AUTHORIZATION, TRANSACTION };

struct session {
	struct peer *peer;
	struct maildrop *drop;
	enum state state;
	char *user;
	GPtrArray *letters; /* of this session; NULL: not logged in */
	bool *deleted;      /* for each */
};

static enum verdict cmd_capa(void *data, const char *argument)
{
	struct session *s = data;
	static const char capabilities[] = "TOP\r\nUIDL\r\nUSER\r\nPIPELINING\r\nRESP-CODES\r\n"
					   "AUTH-RESP-CODE\r\nIMPLEMENTATION dewey-demo\r\n";
	peer_say(s->peer, "+OK this is the list");
	peer_say_text(s->peer, capabilities, strlen(capabilities));
	return GO_ON;
}

static enum verdict cmd_user(void *data, const char *argument)
{
	struct session *s = data;
	if (s->state != AUTHORIZATION || *argument == '\0') {
		peer_say(s->peer, "-ERR not now");
		return GO_ON;
	}
	g_free(s->user);
	s->user = g_strdup(argument);
	peer_say(s->peer, "+OK and the password?");
	return GO_ON;
}

static enum verdict cmd_pass(void *data, const char *argument)
{
	struct session *s = data;
	if (s->state != AUTHORIZATION || !s->user)
		peer_say(s->peer, "-ERR say USER first");
	else if (!peer_may_enter(s->user, argument))
		peer_say(s->peer, "-ERR [AUTH] name and password are both '" DEMO_USER "' here");
	else if (!(s->letters = maildrop_lock(s->drop)))
		peer_say(s->peer, "-ERR [IN-USE] another session has the maildrop");
	else {
		s->state = TRANSACTION;
		s->deleted = g_new0(bool, s->letters->len + 1);
		peer_say(s->peer, "+OK %u letters", s->letters->len);
	}
	return GO_ON;
}

/* The letter of a number; says what is wrong otherwise. */
static struct letter *letter_at(struct session *s, const char *argument, guint *index)
{
	char *end;
	guint64 n = g_ascii_strtoull(argument, &end, 10);
	if (end == argument || (*end != '\0' && *end != ' ') || n < 1 || n > s->letters->len ||
		s->deleted[n - 1]) {
		peer_say(s->peer, "-ERR no such letter");
		return NULL;
	}
	if (index)
		*index = (guint)n - 1;
	return g_ptr_array_index(s->letters, n - 1);
}

static enum verdict cmd_stat(void *data, const char *argument)
{
	struct session *s = data;
	guint count = 0;
	size_t octets = 0;
	for (guint i = 0; i < s->letters->len; i++) {
		const struct letter *l = g_ptr_array_index(s->letters, i);
		count += !s->deleted[i];
		octets += s->deleted[i] ? 0 : l->len;
	}
	peer_say(s->peer, "+OK %u %zu", count, octets);
	return GO_ON;
}

static char *list_line(guint i, const struct letter *l)
{
	return g_strdup_printf("%u %zu", i + 1, l->len);
}

static char *uidl_line(guint i, const struct letter *l)
{
	return g_strdup_printf("%u demo-%u", i + 1, l->uid);
}

/* LIST and UIDL: of one letter or of all. */
static enum verdict enumerate(struct session *s, const char *argument,
	char *(*line)(guint i, const struct letter *l))
{
	guint i;
	if (*argument != '\0') {
		struct letter *one = letter_at(s, argument, &i);
		g_autofree char *text = one ? line(i, one) : NULL;
		if (text)
			peer_say(s->peer, "+OK %s", text);
		return GO_ON;
	}
	peer_say(s->peer, "+OK here they are");
	for (i = 0; i < s->letters->len; i++) {
		if (s->deleted[i])
			continue;
		g_autofree char *text = line(i, g_ptr_array_index(s->letters, i));
		peer_say(s->peer, "%s", text);
	}
	peer_say(s->peer, ".");
	return GO_ON;
}

static enum verdict cmd_list(void *data, const char *argument)
{
	return enumerate(data, argument, list_line);
}

static enum verdict cmd_uidl(void *data, const char *argument)
{
	return enumerate(data, argument, uidl_line);
}

static enum verdict cmd_retr(void *data, const char *argument)
{
	struct session *s = data;
	struct letter *l = letter_at(s, argument, NULL);
	if (!l)
		return GO_ON;
	peer_say(s->peer, "+OK %zu octets", l->len);
	peer_say_text(s->peer, l->text, l->len);
	return GO_ON;
}

/* The header, the blank line and so many lines behind it. */
static size_t top_length(const struct letter *l, guint64 lines)
{
	const char *blank = g_strstr_len(l->text, (gssize)l->len, "\r\n\r\n");
	const char *at = blank ? blank + 4 : l->text + l->len, *end = l->text + l->len;
	for (; lines > 0 && at < end; lines--)
		at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
	return (size_t)(at - l->text);
}

static enum verdict cmd_top(void *data, const char *argument)
{
	struct session *s = data;
	struct letter *l = letter_at(s, argument, NULL);
	const char *space = strchr(argument, ' ');
	guint64 lines;
	if (!l)
		return GO_ON;
	if (!space || !g_ascii_string_to_unsigned(space + 1, 10, 0, G_MAXUINT32, &lines, NULL)) {
		peer_say(s->peer, "-ERR how many lines?");
		return GO_ON;
	}
	peer_say(s->peer, "+OK the top of it");
	peer_say_text(s->peer, l->text, top_length(l, lines));
	return GO_ON;
}

static enum verdict cmd_dele(void *data, const char *argument)
{
	struct session *s = data;
	guint i;
	if (letter_at(s, argument, &i)) {
		s->deleted[i] = true;
		peer_say(s->peer, "+OK it goes at QUIT");
	}
	return GO_ON;
}

static enum verdict cmd_rset(void *data, const char *argument)
{
	struct session *s = data;
	memset(s->deleted, 0, s->letters->len * sizeof *s->deleted);
	peer_say(s->peer, "+OK nothing is deleted");
	return GO_ON;
}

static enum verdict cmd_noop(void *data, const char *argument)
{
	struct session *s = data;
	peer_say(s->peer, "+OK");
	return GO_ON;
}

static enum verdict cmd_quit(void *data, const char *argument)
{
	struct session *s = data;
	for (guint i = 0; s->letters && i < s->letters->len; i++) {
		const struct letter *l = g_ptr_array_index(s->letters, i);
		if (s->deleted[i])
			maildrop_remove(s->drop, l->uid);
	}
	peer_say(s->peer, "+OK practice server signing off");
	return GOOD_BYE;
}

static const struct verb verbs[] = {
	{"CAPA", AUTHORIZATION, cmd_capa}, {"USER", AUTHORIZATION, cmd_user},
	{"PASS", AUTHORIZATION, cmd_pass}, {"QUIT", AUTHORIZATION, cmd_quit},
	{"STAT", TRANSACTION, cmd_stat}, {"LIST", TRANSACTION, cmd_list},
	{"UIDL", TRANSACTION, cmd_uidl}, {"RETR", TRANSACTION, cmd_retr},
	{"TOP", TRANSACTION, cmd_top}, {"DELE", TRANSACTION, cmd_dele},
	{"RSET", TRANSACTION, cmd_rset}, {"NOOP", TRANSACTION, cmd_noop}, {NULL, 0, NULL}};

static enum verdict obey(struct session *s, const char *line)
{
	const char *argument;
	const struct verb *verb = verb_find(verbs, line, &argument);
	if (verb && (int)s->state >= verb->least)
		return verb->run(s, argument);
	peer_say(s->peer, verb ? "-ERR log in first" : "-ERR unknown command");
	return GO_ON;
}

void pop3_serve(struct peer *p, struct maildrop *m)
{
	struct session s = {.peer = p, .drop = m};
	enum verdict verdict = GO_ON;
	peer_say(p, "+OK dewey practice POP3 server ready");
	while (verdict == GO_ON) {
		g_autofree char *line = peer_read(p, NULL);
		verdict = line ? obey(&s, line) : GOOD_BYE;
	}
	if (s.letters) {
		maildrop_unlock(m);
		g_ptr_array_unref(s.letters);
	}
	g_free(s.deleted);
	g_free(s.user);
}
