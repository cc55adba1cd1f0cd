/* SPDX-License-Identifier: MIT
 *
 * A letter from another program: into the outbox, durable, then sent at once
 * (CHECKLIST 2.8).  Status 0 says that the letter is ours to deliver. */
#include "base/base.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/report.h"
#include "compose/address.h"
#include "compose/draft.h"
#include "compose/header.h"
#include "smtp/letter.h"
#include "smtp/program.h"

struct submission {
	struct program *program;
	struct letter *letter;
	const struct account *account;
	char *sender;
	char *message_id;
	GPtrArray *recipients; /* of char *, NULL at the end once complete */
};

static void submission_clear(struct submission *s)
{
	letter_free(s->letter);
	g_clear_pointer(&s->recipients, g_ptr_array_unref);
	g_free(s->sender);
	g_free(s->message_id);
}

static bool fail_as(GError **error, enum wire_code code, GError *why)
{
	g_set_error_literal(error, WIRE_ERROR, (int)code, why->message);
	g_error_free(why);
	return false;
}

/* --- who writes ------------------------------------------------------------------------ */

static char *from_address(const struct letter *l)
{
	g_autofree char *from = letter_field(l, "From");
	g_autoptr(GPtrArray) list = from ? address_parse_list(from, NULL) : NULL;
	if (!list || list->len == 0)
		return NULL;
	return g_strdup(((const struct typed_address *)list->pdata[0])->address);
}

static const struct account *account_of(const struct agent *a, const char *address)
{
	const struct account *found =
		address && *address ? dotfile_account_by_address(a->dotfile, address) : NULL;
	return found && found->smtp ? found : NULL;
}

static const struct account *first_account(const struct agent *a)
{
	for (guint i = 0; i < dotfile_account_count(a->dotfile); i++)
		if (dotfile_account(a->dotfile, i)->smtp)
			return dotfile_account(a->dotfile, i);
	return NULL;
}

static bool choose_account(struct submission *s, GError **error)
{
	const struct options *o = &s->program->options;
	const struct agent *a = &s->program->agent;
	g_autofree char *from = from_address(s->letter);
	if (o->account)
		return (s->account = agent_account(a, o->account, error)) != NULL;
	s->account = account_of(a, o->sender);
	if (!s->account)
		s->account = account_of(a, from);
	if (!s->account)
		s->account = first_account(a);
	if (!s->account)
		g_set_error(error, WIRE_ERROR, CODE_CONFIG,
			_("no account in '%s' can send; set smtp = smtps://USER@HOST"),
			dotfile_path(a->dotfile));
	return s->account != NULL;
}

static bool choose_sender(struct submission *s, GError **error)
{
	GError *why = NULL;
	const char *typed = s->program->options.sender;
	if (typed)
		s->sender = g_strdup(typed);
	else if (s->account->address)
		s->sender = g_strdup(s->account->address);
	else
		s->sender = from_address(s->letter);
	if (!s->sender) {
		g_set_error(error, WIRE_ERROR, CODE_CONFIG,
			_("account '%s' has no address; set 'address', or give one with -f"),
			s->account->id);
		return false;
	}
	return *s->sender == '\0' || address_check(s->sender, false, &why) ||
	       fail_as(error, CODE_DATA, why);
}

/* --- who reads ------------------------------------------------------------------------- */

/* An argument may be a list, and may have names in it. */
static bool add_typed(GPtrArray *into, const char *typed, GError **error)
{
	GError *why = NULL;
	g_autoptr(GPtrArray) list = address_parse_list(typed, &why);
	if (!list)
		return fail_as(error, CODE_DATA, why);
	for (guint i = 0; i < list->len; i++)
		g_ptr_array_add(
			into, g_strdup(((const struct typed_address *)list->pdata[i])->address));
	return true;
}

static bool gather_recipients(struct submission *s, GError **error)
{
	GError *why = NULL;
	s->recipients = g_ptr_array_new_with_free_func(g_free);
	for (char **typed = s->program->options.recipients; *typed; typed++)
		if (!add_typed(s->recipients, *typed, error))
			return false;
	if (s->program->options.from_header) {
		g_autoptr(GPtrArray) found = letter_recipients(s->letter, &why);
		if (!found)
			return fail_as(error, CODE_DATA, why);
		g_ptr_array_extend_and_steal(s->recipients, g_steal_pointer(&found));
	}
	if (s->recipients->len > 0)
		return true;
	g_set_error(error, WIRE_ERROR, CODE_USAGE,
		s->program->options.from_header
			? _("the letter has no recipient in To, Cc or Bcc")
			: _("no recipient is named; name one, or take those "
			    "of the letter with -t"));
	return false;
}

/* --- the letter -------------------------------------------------------------------------- */

static void add_from(struct submission *s)
{
	const char *name = s->program->options.name ? s->program->options.name : s->account->name;
	const char *address = s->account->address ? s->account->address : s->sender;
	g_autofree char *ascii = *address ? address_to_ascii_domain(address, NULL) : NULL;
	if (!ascii)
		return;
	struct header *h = header_begin("From");
	header_put_address(h, name ? name : "", ascii);
	g_autofree char *value = header_end(h);
	letter_add(s->letter, "From", g_strchug(value));
}

static void complete(struct submission *s)
{
	g_autofree char *date = letter_field(s->letter, "Date");
	g_autofree char *from = letter_field(s->letter, "From");
	g_autofree char *id = letter_field(s->letter, "Message-ID");
	if (!from)
		add_from(s);
	if (!id || !*id) {
		const char *address = *s->sender ? s->sender : s->account->address;
		g_autofree char *domain = address ? address_to_ascii_domain(address, NULL) : NULL;
		g_autofree char *new = compose_message_id(domain);
		g_free(id);
		id = g_strdup_printf("<%s>", new);
		letter_add(s->letter, "Message-ID", id);
	}
	if (!date) {
		g_autofree char *now = compose_date();
		letter_add(s->letter, "Date", now);
	}
	s->message_id = g_strdup(id + (*id == '<'));
	if (g_str_has_suffix(s->message_id, ">"))
		s->message_id[strlen(s->message_id) - 1] = '\0';
}

static int64_t queue(struct submission *s, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *subject = letter_field(s->letter, "Subject");
	g_ptr_array_add(s->recipients, NULL);
	struct outbox_letter handed = {.account = s->account->id,
		.sender = s->sender,
		.subject = subject ? subject : "",
		.message_id = s->message_id,
		.recipients = (const char *const *)s->recipients->pdata,
		.data = s->letter->text->str,
		.len = s->letter->text->len};
	int64_t id = outbox_add(s->program->agent.store, &handed, &why);
	if (id == 0)
		g_set_error(error, WIRE_ERROR, CODE_DISK, _("the letter is not queued: %s"),
			why->message);
	return id;
}

/* --- sending ------------------------------------------------------------------------------- */

/* It is queued: what is said from here on is news, no failure (S-52), unless
 * the letter needs a hand. */
static int status_of(const struct outbox_item *item)
{
	bool failed = false;
	for (guint i = 0; i < item->recipients->len; i++)
		failed = failed ||
			 ((const struct outbox_recipient *)item->recipients->pdata[i])->state ==
				 RECIPIENT_FAILED;
	if (failed)
		return EX_NOUSER;
	if (item->state == OUTBOX_UNCERTAIN)
		return EX_TEMPFAIL;
	return item->state == OUTBOX_HELD ? EX_UNAVAILABLE : EX_OK;
}

static int deliver(struct submission *s, int64_t id)
{
	struct agent *a = &s->program->agent;
	g_autoptr(GError) error = NULL;
	struct send_result result = {0};
	if (program_send(s->program, s->account, &result, &error)) {
		wire_child_done(a->child, 0, program_done(&result));
	} else {
		wire_child_failed(a->child, 0, error, result.server);
		report_warning(_("the letter is queued as item %d: %s"), (int)id, error->message);
	}
	send_result_clear(&result);
	g_autoptr(outbox_item) item = outbox_get(a->store, id, NULL);
	return item ? status_of(item) : EX_OK;
}

static int64_t submit(struct submission *s, GError **error)
{
	if (!agent_open(&s->program->agent, error))
		return 0;
	s->letter = letter_read(STDIN_FILENO, !s->program->options.dot_is_text, error);
	if (!s->letter || !choose_account(s, error) || !choose_sender(s, error) ||
		!gather_recipients(s, error))
		return 0;
	complete(s);
	return queue(s, error);
}

int program_sendmail(struct program *p)
{
	g_autoptr(GError) error = NULL;
	struct submission s = {.program = p};
	int64_t id = submit(&s, &error);
	int status = id ? deliver(&s, id) : agent_fail(NULL, error);
	if (!id)
		wire_child_failed(p->agent.child, 0, error, NULL);
	submission_clear(&s);
	return status;
}
