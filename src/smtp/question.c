/* SPDX-License-Identifier: MIT
 *
 * VRFY, EXPN and HELP (RFC 5321 sections 3.5, 4.1.1.6 to 4.1.1.8). */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "compose/address.h"
#include "smtp/states.h"

enum { SUBJECT_MAX = 400 }; /* octets: a command has 512 with all that is in it */
#define ANY -1

static const char *const verbs[] = {
	[SESSION_VERIFY] = "VRFY",
	[SESSION_EXPAND] = "EXPN",
	[SESSION_HELP] = "HELP",
};

static const struct {
	int question;
	int from, to;
	enum session_meaning meaning;
} ranges[] = {
#define ANSWER(name, status, text)
#define SESSION_ANY ANY
#define RANGE(question, from, to, name) {SESSION_##question, from, to, ANSWER_##name},
#include "smtp/answers.def"
#undef ANSWER
#undef RANGE
};

static enum session_meaning meaning_of(enum session_question question, int code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++)
		if ((ranges[i].question == ANY || ranges[i].question == (int)question) &&
			code >= ranges[i].from && code <= ranges[i].to)
			return ranges[i].meaning;
	g_assert_not_reached();
}

static bool refuse(GError **error, const char *subject, const char *why)
{
	g_autofree char *shown = sanitize_line(subject, -1);
	/* TRANSLATORS: an address or the name of a list, and the reason */
	g_set_error(error, WIRE_ERROR, CODE_DATA, _("cannot ask for '%s': %s"), shown, why);
	return false;
}

/* S-66: one line, and nothing in it that ends it. */
static bool check_subject(const struct session *s, const char *subject, GError **error)
{
	if (!*subject || strlen(subject) > SUBJECT_MAX)
		return refuse(error, subject, _("it is empty or too long"));
	if (!g_utf8_validate(subject, -1, NULL) || !sanitize_is_clean(subject))
		return refuse(error, subject, _("a control character is in it"));
	if (!g_str_is_ascii(subject) && !s->caps.utf8)
		return refuse(error, subject, _("the server takes ASCII alone (SMTPUTF8)"));
	return true;
}

/* A domain becomes A-labels; a name without one stays. */
static char *line_of(enum session_question question, const char *subject)
{
	if (!subject)
		return g_strdup(verbs[question]);
	g_autofree char *ascii = address_to_ascii_domain(subject, NULL);
	const char *word = ascii ? ascii : subject;
	/* RFC 6531 section 3.7.4.2 */
	return g_strdup_printf(
		"%s %s%s", verbs[question], word, g_str_is_ascii(word) ? "" : " SMTPUTF8");
}

bool enter_question(struct session *s)
{
	conn_printf(s->conn, "%s\r\n", s->question);
	return true;
}

void take_question(struct session *s, const struct policy *p)
{
	s->state = STATE_READY;
}

static char *text_of(const struct reply *reply)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < reply->lines->len; i++) {
		g_autofree char *line = sanitize_line(reply->lines->pdata[i], -1);
		if (*line)
			g_string_append_printf(text, "%s\n", line);
	}
	return g_string_free(text, FALSE);
}

void session_answer_clear(struct session_answer *a)
{
	g_clear_pointer(&a->text, g_free);
}

bool session_ask(struct session *s, enum session_question question, const char *subject,
	struct session_answer *answer, GError **error)
{
	g_assert(s->state == STATE_READY && !s->ahead.begun);
	g_free(s->question);
	s->question = line_of(question, subject);
	const char *said = subject ? s->question + strlen(verbs[question]) + 1 : "HELP";
	if (!check_subject(s, said, error))
		return false;
	session_run(s, STATE_QUESTION);
	if (s->state != STATE_READY) {
		g_propagate_error(error, g_error_copy(s->error));
		return false;
	}
	answer->code = s->reply.code;
	answer->meaning = meaning_of(question, s->reply.code);
	answer->text = text_of(&s->reply);
	return true;
}
