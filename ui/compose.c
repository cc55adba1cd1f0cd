/* SPDX-License-Identifier: MIT
 *
 * Who writes, and how a new letter begins. */
#include "base/base.h"

#include <string.h>

#include "base/fdio.h"
#include "base/sanitize.h"
#include "mime/client.h"
#include "ui/command.h"
#include "ui/compose.h"

/* --- who writes --------------------------------------------------------------------- */

static bool takes(
	struct identity *out, const struct dotfile *d, const struct account *a, const char *address)
{
	const struct dotfile_writing *w = dotfile_writing(d);
	*out = (struct identity){
		a->id, a->name ? a->name : "", address, w->charsets, w->flowed, w->utc};
	return true;
}

/* As it stands in the dotfile, or as it was written to where that has a '*'. */
static const char *own_form(const struct account *a, const char *address)
{
	if (a->address && g_ascii_strcasecmp(a->address, address) == 0)
		return a->address;
	for (char **own = a->addresses; *own; own++)
		if (g_ascii_strcasecmp(*own, address) == 0)
			return *own;
	return address;
}

static bool written_to_one(
	const struct dotfile *d, const GPtrArray *addresses, struct identity *out)
{
	for (guint i = 0; addresses && i < addresses->len; i++) {
		const char *address = ((const struct mime_address *)addresses->pdata[i])->address;
		const struct account *a = dotfile_account_by_address(d, address);
		if (a && address_check(address, false, NULL))
			return takes(out, d, a, own_form(a, address));
	}
	return false;
}

bool compose_identity(struct ui *ui, const GPtrArray *const *written_to, const char *account,
	struct identity *out)
{
	const struct dotfile *d = ui_dotfile(ui);
	const struct account *a = NULL;
	for (; written_to && *written_to; written_to++)
		if (written_to_one(d, *written_to, out))
			return true;
	if (account && *account)
		a = dotfile_account_by_name(d, account);
	for (guint i = 0; (!a || !a->address) && i < dotfile_account_count(d); i++)
		a = dotfile_account(d, i);
	if (a && a->address)
		return takes(out, d, a, a->address);
	ui_complain(ui, _("no account has an 'address' to write from: see deweyrc(5)"));
	return false;
}

void compose_adopt(struct ui *ui, struct draft *d)
{
	const struct dotfile *rc = ui_dotfile(ui);
	g_autoptr(GPtrArray) from = address_parse_list(d->from ? d->from : "", NULL);
	const struct account *a = NULL;
	struct identity me;
	if (d->account && *d->account)
		return;
	for (guint i = 0; !a && from && i < from->len; i++)
		a = dotfile_account_by_address(
			rc, ((const struct typed_address *)from->pdata[i])->address);
	if (!a && !compose_identity(ui, NULL, NULL, &me))
		return;
	g_free(d->account);
	d->account = g_strdup(a ? a->id : me.account);
}

/* --- the signature --------------------------------------------------------------------- */

enum { SIGNATURE_MAX = 64 * 1024 };

/* "-- ", a line end, the text; NULL: none. */
static char *signature_of(struct ui *ui, const char *account)
{
	g_autoptr(GError) error = NULL;
	const struct account *a = account ? dotfile_account_by_name(ui_dotfile(ui), account) : NULL;
	if (!a || !a->signature)
		return NULL;
	g_autofree char *text = fdio_read_file(a->signature, SIGNATURE_MAX, NULL, &error);
	if (!text) {
		ui_complain(ui, _("cannot read the signature: %s"), error->message);
		return NULL;
	}
	if (!g_utf8_validate(text, -1, NULL)) {
		ui_complain(ui, _("the signature '%s' is not UTF-8"), a->signature);
		return NULL;
	}
	return g_strdup_printf("-- \n%s\n", g_strchomp(text));
}

static void sign(struct ui *ui, struct draft *d)
{
	g_autofree char *text = signature_of(ui, d->account), *body = d->body;
	bool ended = !body || !*body || g_str_has_suffix(body, "\n");
	d->body = text ? g_strconcat(body ? body : "", ended ? "\n" : "\n\n", text, NULL)
		       : g_steal_pointer(&body);
}

void compose_sign_for(struct ui *ui, struct draft *d, const char *account)
{
	g_autofree char *old = signature_of(ui, d->account);
	g_autofree char *block = old ? g_strconcat("\n", old, NULL) : NULL;
	bool signs = block && d->body && g_str_has_suffix(d->body, block);
	g_free(d->account);
	d->account = g_strdup(account);
	if (signs)
		d->body[strlen(d->body) - strlen(block)] = '\0';
	if (signs || !old)
		sign(ui, d);
}

void compose_prepare(struct ui *ui, struct draft *d)
{
	const struct dotfile_writing *w = dotfile_writing(ui_dotfile(ui));
	d->markdown = w->markdown;
	d->flowed = w->flowed;
	d->utc = w->utc;
	g_free(d->charsets);
	d->charsets = g_strdup(w->charsets);
	sign(ui, d);
}

/* --- a new letter: To, Subject, then the editor ------------------------------------- */

static void draft_drop(void *data)
{
	draft_free(*(struct draft **)data);
	g_free(data);
}

static struct draft **draft_box(struct draft *d)
{
	struct draft **box = g_new(struct draft *, 1);
	*box = d;
	return box;
}

static void subject_typed(struct ui *ui, const char *text, void *data)
{
	struct draft **box = data;
	if (!text)
		return;
	g_free((*box)->subject);
	(*box)->subject = g_strdup(text);
	compose_open(ui, g_steal_pointer(box), true);
}

static void ask_subject(struct ui *ui, struct draft *d)
{
	struct prompt_spec spec = {.label = _("Subject: "),
		.history = "subject",
		.done = subject_typed,
		.data = draft_box(d),
		.free = draft_drop};
	ui_prompt(ui, &spec);
}

static void to_typed(struct ui *ui, const char *text, void *data)
{
	struct draft **box = data;
	if (!text)
		return;
	g_free((*box)->to);
	(*box)->to = g_strdup(text);
	ask_subject(ui, g_steal_pointer(box));
}

void command_mail(struct ui *ui, const char *arg)
{
	struct identity me;
	if (!compose_identity(ui, NULL, NULL, &me))
		return;
	struct draft *d = draft_new_from(&me);
	compose_prepare(ui, d);
	if (arg) {
		g_free(d->to);
		d->to = g_strdup(arg);
		ask_subject(ui, d);
		return;
	}
	struct prompt_spec spec = {.label = _("To: "),
		.history = "address",
		.done = to_typed,
		.data = draft_box(d),
		.free = draft_drop};
	ui_prompt(ui, &spec);
}

void compose_given(struct ui *ui, struct draft *d)
{
	struct identity me;
	if (!compose_identity(ui, NULL, NULL, &me)) {
		draft_free(d);
		return;
	}
	g_autoptr(draft) mine = draft_new_from(&me);
	d->account = g_steal_pointer(&mine->account);
	d->from = g_steal_pointer(&mine->from);
	d->charsets = g_steal_pointer(&mine->charsets);
	d->flowed = mine->flowed;
	d->utc = mine->utc;
	compose_prepare(ui, d);
	compose_open(ui, d, true);
}
