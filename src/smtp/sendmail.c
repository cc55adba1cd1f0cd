/* SPDX-License-Identifier: MIT
 *
 * A letter from another program: into the outbox, durable, then sent at once
 * (CHECKLIST 2.8).  Status 0 says that the letter is ours to deliver. */
#include "base/base.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "base/report.h"
#include "smtp/asked.h"
#include "smtp/subject.h"
#include "smtp/submission.h"
#include "store/when.h"

/* --- into the outbox ----------------------------------------------------------------------- */

static bool write_letter(int fd, void *user, GError **error)
{
	struct submission *s = user;
	s->begun = true;
	return letter_write(s->letter, fd, error);
}

/* The outbox passes on what was wrong with the letter; all else is its own. */
static void not_queued(GError **error, const GError *why)
{
	bool written = why->domain != G_FILE_ERROR;
	enum wire_code code = fdio_error_is_shortage(why) ? CODE_SYSTEM : CODE_DISK;
	if (why->domain == WIRE_ERROR)
		g_set_error_literal(error, WIRE_ERROR, why->code, why->message);
	else
		g_set_error(error, WIRE_ERROR, (int)(written ? agent_code(why) : code),
			_("the letter is not queued: %s"), why->message);
}

/* What is said of this letter goes before what the dotfile says of all. */
static unsigned wishes(const struct submission *s)
{
	const struct options *o = &s->program->options;
	unsigned all = asked_for(o->asks, s->account);
	return o->tls_optional ? all & ~(unsigned)OUTBOX_REQUIRE_TLS : all;
}

static int64_t queue(struct submission *s, GError **error)
{
	const struct options *o = &s->program->options;
	g_autoptr(GError) why = NULL;
	g_autofree char *field = letter_field(s->letter, "Subject");
	g_autofree char *subject = subject_text(field ? field : "");
	g_ptr_array_add(s->recipients, NULL);
	struct outbox_letter handed = {.account = s->account->id,
		.sender = s->sender,
		.subject = subject,
		.message_id = s->message_id,
		.recipients = (const char *const *)s->recipients->pdata,
		.write = write_letter,
		.user = s,
		.send_at = s->send_at,
		.options = wishes(s),
		.envid = o->envid};
	int64_t id = outbox_add(s->program->agent.store, &handed, &why);
	if (id == 0)
		not_queued(error, why);
	return id;
}

static bool begin_letter(struct submission *s, GError **error)
{
	const struct program *p = s->program;
	GError *why = NULL;
	input_init(&s->input, STDIN_FILENO, !p->options.dot_is_text,
		interrupt_fd(p->agent.interrupt));
	s->letter = letter_begin(&s->input, &why);
	if (s->letter && !s->letter->empty)
		return true;
	if (s->letter)
		g_set_error(error, WIRE_ERROR, CODE_INPUT,
			_("there is no letter on standard input"));
	else
		g_propagate_error(error, why);
	return false;
}

/* Before there is anything to read: whoever types learns it at once. */
static bool choose_time(struct submission *s, GError **error)
{
	g_autoptr(GError) why = NULL;
	const char *at = s->program->options.at;
	if (!at && (s->program->options.asks & OUTBOX_SERVER_HOLDS)) {
		g_set_error(error, WIRE_ERROR, CODE_USAGE,
			_("--server-holds needs a time; give one with --at"));
		return false;
	}
	if (!at || when_parse(at, clock_now(), &s->send_at, &why))
		return true;
	g_set_error_literal(error, WIRE_ERROR, CODE_USAGE, why->message);
	return false;
}

static int64_t submit(struct submission *s, GError **error)
{
	if (!choose_time(s, error) || !agent_open(&s->program->agent, error) ||
		!begin_letter(s, error) || !submission_address(s, error))
		return 0;
	submission_complete(s);
	return queue(s, error);
}

/* --- sending ------------------------------------------------------------------------------- */

/* There is no such domain, says the server (RFC 3463). */
static bool is_unknown_host(const char *reply)
{
	return reply && (strstr(reply, " 5.1.2 ") || strstr(reply, " 5.4.4 "));
}

/* It is queued: what is said from here on is news, no failure (S-52), unless
 * the letter needs a hand.  EX_OK: it needs none.  What else went wrong meanwhile
 * does not count: 75 would say of a letter that is held that it is not here. */
static int status_of(const struct outbox_item *item)
{
	int status = EX_OK;
	for (guint i = 0; i < item->recipients->len; i++) {
		const struct outbox_recipient *r = item->recipients->pdata[i];
		if (r->state == RECIPIENT_FAILED && status != EX_NOUSER)
			status = is_unknown_host(r->reply) ? EX_NOHOST : EX_NOUSER;
	}
	if (status != EX_OK)
		return status;
	if (item->state == OUTBOX_UNCERTAIN)
		return EX_TEMPFAIL;
	return item->state == OUTBOX_HELD ? EX_UNAVAILABLE : EX_OK;
}

/* Whether it is here that it waits for its time. */
static bool waits(const struct submission *s, const struct outbox_item *item)
{
	return item && item->state == OUTBOX_QUEUED && s->send_at > clock_now() &&
	       item->due >= s->send_at;
}

/* Somebody has to send it when the time has come. */
static void tell_waits(const struct submission *s, int64_t id)
{
	g_autofree char *when = when_text(s->send_at);
	report_info(_("the letter is queued as item %d; dewey, or 'dewey-smtp -q', sends it %s or "
		      "later, while this computer runs"),
		(int)id, when);
}

static void send_queue(struct submission *s, int64_t id)
{
	struct agent *a = &s->program->agent;
	g_autoptr(GError) why = NULL;
	struct send_result result = {0};
	if (program_send(s->program, s->account, &result, &why)) {
		wire_child_done(a->child, 0, program_done(&result));
	} else {
		wire_child_failed(a->child, 0, why, result.server);
		report_warning(_("the letter is queued as item %d: %s"), (int)id, why->message);
	}
	send_result_clear(&result);
}

static int deliver(struct submission *s, int64_t id)
{
	bool server = s->program->options.asks & OUTBOX_SERVER_HOLDS;
	if (s->send_at <= clock_now() || server)
		send_queue(s, id);
	g_autoptr(outbox_item) item = outbox_get(s->program->agent.store, id, NULL);
	if (waits(s, item))
		tell_waits(s, id);
	return item ? status_of(item) : EX_OK;
}

/* The disk that cannot be written before there is anything to write is no trouble
 * of the letter's. */
static int fail(const struct submission *s, const GError *error)
{
	int status = agent_fail(NULL, error);
	return status == EX_IOERR && !s->begun ? EX_CANTCREAT : status;
}

int program_sendmail(struct program *p)
{
	g_autoptr(GError) error = NULL;
	struct submission s = {.program = p};
	int64_t id = submit(&s, &error);
	int status = id ? deliver(&s, id) : fail(&s, error);
	if (!id)
		wire_child_failed(p->agent.child, 0, error, NULL);
	submission_clear(&s);
	return status;
}
