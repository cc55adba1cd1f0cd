/* SPDX-License-Identifier: MIT
 *
 * Two letters through a whole session over a connection made of the input: what
 * the server says, whatever it is told, an octet of 0x1e where it waits for the
 * next flight.  The first octet chooses the pieces, the second whether a refusal
 * holds the letters and whether the second leaves with the end of the first.
 *
 * Whatever comes: a letter is sent, or nobody knows, only after its last line was
 * announced (S-50, S-51); what reaches the server is lines of ours, and nobody's
 * letter who was not asked for. */
#include "base/base.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agent/agent.h"
#include "memory-conn.h"
#include "smtp/states.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

G_DEFINE_QUARK(dewey - compose - error, compose_error)

#define TEXT "To: a@b\r\nBcc: hidden@b\nSubject: x\n\n.first\nMAIL FROM:<evil@b>\n.\nlast\r"

/* --- what is not tried here ---------------------------------------------------------- */

enum wire_code agent_code(const GError *error)
{
	return error->domain == WIRE_ERROR ? (enum wire_code)error->code : CODE_NETWORK;
}

bool session_logs_in(const struct session *s)
{
	return false;
}

bool enter_auth(struct session *s)
{
	g_assert_not_reached();
}

void take_auth(struct session *s, const struct policy *p)
{
	g_assert_not_reached();
}

bool enter_challenge(struct session *s)
{
	g_assert_not_reached();
}

bool session_is_command(const struct session *s)
{
	return false;
}

void session_run_command(struct session *s)
{
	g_assert_not_reached();
}

void login_free(struct login *login)
{
	g_assert_null(login);
}

/* --- letters --------------------------------------------------------------------------- */

struct sent {
	struct session_letter letter;
	struct sent *next; /* NULL: the last */
	guint dots;
};

static bool before_dot(struct session_letter *letter, void *user, GError **error)
{
	struct sent *x = user;
	bool somebody = false;
	for (guint i = 0; i < letter->recipients->len; i++) {
		const struct session_recipient *r = letter->recipients->pdata[i];
		g_assert_false(letter->hold && r->verdict == RCPT_FAIL);
		somebody = somebody || r->verdict == RCPT_ACCEPT;
	}
	g_assert_true(somebody);
	g_assert_cmpuint(x->dots++, ==, 0);
	return true;
}

static struct session_letter *next(void *user)
{
	struct sent *x = user;
	return x->next ? &x->next->letter : NULL;
}

static void make(struct sent *x, guint choice, struct sent *after)
{
	static const char *const people[] = {"jones@b", "green@b", "brown@b"};
	*x = (struct sent){.next = choice & 2 ? after : NULL,
		.letter = {.sender = "ivan@b",
			.hold = choice & 1,
			.before_dot = before_dot,
			.next = next,
			.user = x,
			.fd = memfd_create("letter", 0)}};
	x->letter.recipients =
		g_ptr_array_new_with_free_func((GDestroyNotify)session_recipient_free);
	for (guint i = 0; i < G_N_ELEMENTS(people); i++)
		g_ptr_array_add(x->letter.recipients, session_recipient_new(i, people[i]));
	g_assert_cmpint(write(x->letter.fd, TEXT, strlen(TEXT)), ==, strlen(TEXT));
	g_assert_cmpint(write(x->letter.fd, "\xd0\x96\n", choice & 4 ? 3 : 0), >=, 0);
}

/* --- what must hold ----------------------------------------------------------------------- */

static void check_fate(const struct session *s, const struct sent *x)
{
	const struct session_letter *l = &x->letter;
	if (l->item == ITEM_SENT || l->item == ITEM_UNCERTAIN)
		g_assert_cmpuint(x->dots, ==, 1);
	g_assert_true((l->item == ITEM_SENT) == (l->why == NULL));
	/* The connection was lost with the last line on its way: nobody can know.  (What
	 * is lost after a chunk may be the answer to RSET.) */
	bool chunks = strstr(memory_conn_heard(), "BDAT ") != NULL;
	if (x->dots && s->state == STATE_CLOSED && s->reply.code == 0 && !x->next && !chunks)
		g_assert_true(l->item == ITEM_UNCERTAIN || l->item == ITEM_SENT);
	if (l->why)
		g_assert_true(g_utf8_validate(l->why, -1, NULL));
}

static bool is_ours(const char *line)
{
	static const char *const known[] = {"EHLO ", "HELO ", "MAIL FROM:<ivan@b>", "RCPT TO:<",
		"DATA\r", "BDAT ", "RSET\r", "NOOP\r", "QUIT\r"};
	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_str_has_prefix(line, known[i]))
			return true;
	return false;
}

/* Where a body ends: with the line of the dot, or of as many octets as were
 * announced; NULL: it was cut. */
static const char *skip_body(const char *line, const char *at)
{
	if (g_str_has_prefix(line, "BDAT ")) {
		guint64 octets = g_ascii_strtoull(line + 5, NULL, 10);
		return octets <= strlen(at) ? at + octets : NULL;
	}
	/* After DATA comes a letter only if the server said 354; ours begins so. */
	if (!g_str_has_prefix(at, "To: "))
		return at;
	const char *end = strstr(at, "\r\n.\r\n");
	return end ? end + 5 : NULL;
}

static void check_said(const char *said)
{
	g_assert_null(strstr(said, "hidden@b"));
	for (const char *c = strchr(said, '\n'); c; c = strchr(c + 1, '\n'))
		g_assert_true(c > said && c[-1] == '\r');
	for (const char *line = said; line && *line;) {
		const char *end = strstr(line, "\r\n");
		g_assert_nonnull(end);
		g_assert_true(is_ours(line));
		bool body = g_str_has_prefix(line, "DATA\r") || g_str_has_prefix(line, "BDAT ");
		line = body ? skip_body(line, end + 2) : end + 2;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct server_url url = {.host = (char *)"smtp.test", .security = SECURITY_INSECURE};
	struct account account = {.smtp = &url, .timeout = 1};
	struct session_params params = {.account = &account, .net = {.host = "smtp.test"}};
	struct sent first, second;
	if (size < 2)
		return 0;
	memory_conn_says(data + 2, size - 2, data[0]);
	session *s = session_new(&params);
	make(&second, data[1], NULL);
	make(&first, data[1], &second);
	if (session_open(s, NULL)) {
		session_send(s, &first.letter);
		check_fate(s, &first);
		if (session_is_open(s)) {
			session_send(s, &second.letter);
			check_fate(s, &second);
		}
	}
	session_free(s);
	check_said(memory_conn_heard());
	close(first.letter.fd);
	close(second.letter.fd);
	session_letter_clear(&first.letter);
	session_letter_clear(&second.letter);
	return 0;
}
