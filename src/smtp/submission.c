/* SPDX-License-Identifier: MIT */
#include "smtp/submission.h"

#include <string.h>

#include "base/report.h"
#include "base/sanitize.h"
#include "compose/draft.h"
#include "compose/header.h"

void submission_clear(struct submission *s)
{
	letter_free(s->letter);
	input_clear(&s->input);
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

/* --- the account ------------------------------------------------------------------------ */

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

static bool choose_account(struct submission *s, GError **error)
{
	const struct options *o = &s->program->options;
	const struct agent *a = &s->program->agent;
	g_autofree char *from = from_address(s->letter);
	if (!o->account)
		s->account = account_of(a, o->sender);
	if (!o->account && !s->account)
		s->account = account_of(a, from);
	if (!s->account)
		s->account = program_account(s->program, error);
	return s->account != NULL;
}

/* --- names without a domain --------------------------------------------------------------- */

/* Whose root is: the dotfile says it, or whoever runs us under that name. */
static char *find_here(const char *name, void *data, GError **error)
{
	const struct submission *s = data;
	const char *local = dotfile_local(s->program->agent.dotfile);
	if (local)
		return g_strdup(local);
	if (s->account->address && g_str_equal(name, g_get_user_name()))
		return g_strdup(s->account->address);
	g_set_error(error, WIRE_ERROR, CODE_DATA,
		_("'%s' has no domain; set local = ADDRESS in %s to say where such mail goes"),
		name, dotfile_path(s->program->agent.dotfile));
	return NULL;
}

static GPtrArray *parse(struct submission *s, const char *typed, GError **error)
{
	const struct address_here here = {find_here, s};
	return address_parse_here(typed, &here, error);
}

/* --- who writes ------------------------------------------------------------------------- */

/* One address and nothing else: "a@b", or "root" as for recipients. */
static char *sender_from(struct submission *s, const char *typed, GError **error)
{
	if (*typed == '\0' || strchr(typed, '@'))
		return g_strdup(typed);
	g_autoptr(GPtrArray) list = parse(s, typed, error);
	if (list && list->len == 1)
		return g_strdup(((const struct typed_address *)list->pdata[0])->address);
	if (list)
		address_check(typed, true, error);
	return NULL;
}

static char *find_sender(struct submission *s, GError **error)
{
	char *found = NULL;
	if (s->program->options.sender)
		return sender_from(s, s->program->options.sender, error);
	if (s->account->address)
		found = g_strdup(s->account->address);
	else
		found = from_address(s->letter);
	if (!found)
		g_set_error(error, WIRE_ERROR, CODE_CONFIG,
			_("account '%s' has no address; set 'address', or give one with -f"),
			s->account->id);
	return found;
}

static bool choose_sender(struct submission *s, GError **error)
{
	GError *why = NULL;
	s->sender = find_sender(s, &why);
	if (s->sender && (*s->sender == '\0' || address_check(s->sender, true, &why)))
		return true;
	if (why->domain != WIRE_ERROR)
		return fail_as(error, CODE_DATA, why);
	g_propagate_error(error, why);
	return false;
}

/* --- who reads ------------------------------------------------------------------------- */

/* "<@a,@b:c@d>": RFC 5321 lets nobody go that way any more (S-67). */
static void tell_route(const char *typed, const GPtrArray *list)
{
	const struct typed_address *last = list->len == 1 ? list->pdata[0] : NULL;
	const char *open = strchr(typed, '<');
	if (!last || !open || open[1] != '@')
		return;
	g_autofree char *shown = sanitize_line(typed, -1);
	report_warning(
		_("'%s': the route is left out, the letter goes to '%s'"), shown, last->address);
}

/* An argument may be a list, and may have names in it. */
static bool add_typed(struct submission *s, const char *typed, GError **error)
{
	GError *why = NULL;
	g_autoptr(GPtrArray) list = parse(s, typed, &why);
	if (!list)
		return fail_as(error, CODE_DATA, why);
	tell_route(typed, list);
	for (guint i = 0; i < list->len; i++)
		g_ptr_array_add(s->recipients,
			g_strdup(((const struct typed_address *)list->pdata[i])->address));
	return true;
}

static bool add_from_letter(struct submission *s, GError **error)
{
	GError *why = NULL;
	const struct address_here here = {find_here, s};
	g_autoptr(GPtrArray) found = letter_recipients(s->letter, &here, &why);
	if (!found)
		return fail_as(error, CODE_DATA, why);
	g_ptr_array_extend_and_steal(s->recipients, g_steal_pointer(&found));
	return true;
}

static bool gather_recipients(struct submission *s, GError **error)
{
	const struct options *o = &s->program->options;
	s->recipients = g_ptr_array_new_with_free_func(g_free);
	for (char **typed = o->recipients; *typed; typed++)
		if (!add_typed(s, *typed, error))
			return false;
	if (o->from_header && !add_from_letter(s, error))
		return false;
	if (s->recipients->len > 0)
		return true;
	g_set_error(error, WIRE_ERROR, CODE_USAGE,
		o->from_header ? _("the letter has no recipient in To, Cc or Bcc")
			       : _("no recipient is named; name one, or take those "
				   "of the letter with -t"));
	return false;
}

bool submission_address(struct submission *s, GError **error)
{
	const struct address_here here = {find_here, s};
	if (!choose_account(s, error) || !choose_sender(s, error) || !gather_recipients(s, error))
		return false;
	letter_qualify(s->letter, &here);
	return true;
}

/* --- what is missing ---------------------------------------------------------------------- */

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

static char *add_message_id(struct submission *s)
{
	const char *address = *s->sender ? s->sender : s->account->address;
	g_autofree char *domain = address ? address_to_ascii_domain(address, NULL) : NULL;
	g_autofree char *new = compose_message_id(domain);
	char *id = g_strdup_printf("<%s>", new);
	letter_add(s->letter, "Message-ID", id);
	return id;
}

static char *without_angles(const char *id)
{
	char *bare = g_strdup(id + (*id == '<'));
	if (g_str_has_suffix(bare, ">"))
		bare[strlen(bare) - 1] = '\0';
	return bare;
}

static bool is_missing(const char *value)
{
	return !value || !*value;
}

void submission_complete(struct submission *s)
{
	g_autofree char *date = letter_field(s->letter, "Date");
	g_autofree char *from = letter_field(s->letter, "From");
	g_autofree char *id = letter_field(s->letter, "Message-ID");
	if (is_missing(from))
		add_from(s);
	if (is_missing(id)) {
		g_free(id);
		id = add_message_id(s);
	}
	if (is_missing(date)) {
		g_autofree char *now =
			compose_date(dotfile_writing(s->program->agent.dotfile)->utc);
		letter_add(s->letter, "Date", now);
	}
	s->message_id = without_angles(id);
	g_autofree char *tls = letter_field(s->letter, "TLS-Required");
	if (s->program->options.tls_optional && !tls)
		letter_add(s->letter, "TLS-Required", "No");
}
