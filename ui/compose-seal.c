/* SPDX-License-Identifier: MIT
 *
 * Signing and encrypting, on the compose page: what is wanted, and what the keys that are
 * here make of it. */
#include "base/base.h"

#include "ui/autocrypt.h"
#include "ui/command.h"
#include "ui/view-compose.h"

static const struct account *account_of(struct ui *ui, const struct draft *d)
{
	return d->account ? dotfile_account_by_name(ui_dotfile(ui), d->account) : NULL;
}

const struct seal_settings *compose_seal_settings(struct ui *ui, const struct draft *d)
{
	const struct account *a = account_of(ui, d);
	return a ? &a->seal : NULL;
}

unsigned compose_seal_wish(const struct compose_view *c)
{
	return seal_wish(c->draft, compose_seal_settings(c->view.ui, c->draft));
}

/* --- the plan, on a thread ------------------------------------------------------------- */

struct planning {
	struct compose_view *view;
	struct draft *draft; /* the fields that count */
	const struct seal_settings *settings;
	struct seal_plan *plan;
	GError *error;
};

static void planning_run(struct room *room, void *data)
{
	struct planning *p = data;
	g_autoptr(crypt_client) c = crypt_client_new();
	struct store *s = room_store(room, NULL);
	const struct seal_source from = {c, s ? store_ledger(s, NULL) : NULL};
	p->plan = seal_plan_new(&from, p->draft, p->settings, &p->error);
}

/* One that was overtaken by another change is of no use. */
static void planning_done(void *data)
{
	struct planning *p = data;
	struct compose_view *c = p->view;
	if (c->planning != p)
		return;
	c->planning = NULL;
	seal_plan_free(c->plan);
	c->plan = g_steal_pointer(&p->plan);
	if (p->error && !c->view.closed)
		ui_complain(c->view.ui, "%s", p->error->message);
	view_changed(&c->view);
}

static void planning_free(void *data)
{
	struct planning *p = data;
	view_unref(&p->view->view);
	draft_free(p->draft);
	seal_plan_free(p->plan);
	g_clear_error(&p->error);
	g_free(p);
}

static const struct job planning_job = {planning_run, planning_done, planning_free};

struct draft *compose_who(const struct draft *from)
{
	struct draft *d = draft_new();
	d->from = g_strdup(from->from);
	d->to = g_strdup(from->to);
	d->cc = g_strdup(from->cc);
	d->bcc = g_strdup(from->bcc);
	d->resends = g_strdup(from->resends);
	d->seal = from->seal;
	d->answers_sealed = from->answers_sealed;
	d->answers_smime = from->answers_smime;
	return d;
}

static const char *text(const char *field)
{
	return field ? field : "";
}

static char *plan_name(const struct compose_view *c)
{
	const struct draft *d = c->draft;
	return g_strdup_printf("%u\n%s\n%s\n%s\n%s\n%s", compose_seal_wish(c), text(d->account),
		text(d->from), text(d->to), text(d->cc), text(d->bcc));
}

void compose_plan(struct compose_view *c)
{
	g_autofree char *name = plan_name(c);
	bool wanted = (compose_seal_wish(c) & ~(unsigned)SEAL_SMIME) != 0;
	if (g_strcmp0(name, c->plan_name) == 0)
		return;
	g_free(c->plan_name);
	c->plan_name = g_steal_pointer(&name);
	c->planning = NULL;
	g_clear_pointer(&c->plan, seal_plan_free);
	if (!wanted)
		return;
	struct planning *p = g_new0(struct planning, 1);
	p->view = c;
	view_ref(&c->view);
	p->draft = compose_who(c->draft);
	p->settings = compose_seal_settings(c->view.ui, c->draft);
	c->planning = p;
	worker_push(ui_worker(c->view.ui, UI_WORKER_READER), &planning_job, p);
}

/* --- commands ------------------------------------------------------------------------------ */

/* What the account would do is the beginning of what is chosen. */
static void choose(struct compose_view *c, unsigned bits)
{
	c->draft->seal = SEAL_CHOSEN | bits;
	compose_changed(c);
}

/* What was encrypted by itself is so no more, and the other way round. */
static bool encrypts_now(const struct compose_view *c)
{
	return c->plan ? c->plan->encrypt : (compose_seal_wish(c) & SEAL_ENCRYPT) != 0;
}

void command_sign(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (c && !compose_is_fixed(c))
		choose(c, compose_seal_wish(c) ^ SEAL_SIGN);
}

void command_encrypt(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (!c || compose_is_fixed(c))
		return;
	unsigned bits = compose_seal_wish(c) & ~(unsigned)(SEAL_ENCRYPT | SEAL_AUTO);
	choose(c, encrypts_now(c) ? bits : bits | SEAL_ENCRYPT);
}

void command_crypt_protocol(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	if (!c || compose_is_fixed(c))
		return;
	unsigned bits = compose_seal_wish(c) ^ SEAL_SMIME;
	choose(c, bits);
	/* TRANSLATORS: OpenPGP or S/MIME */
	ui_say(ui, _("letters are signed and encrypted by %s"),
		crypt_protocol_name(bits & SEAL_SMIME ? CRYPT_CMS : CRYPT_OPENPGP));
}

/* --- keys that came with letters ------------------------------------------------------------- */

static void imported(void *data)
{
	struct compose_view *c = data;
	g_clear_pointer(&c->plan_name, g_free);
	if (c->view.closed)
		return;
	compose_plan(c);
	view_changed(&c->view);
}

static void unref_view(void *data)
{
	view_unref(&((struct compose_view *)data)->view);
}

void command_import_key(struct ui *ui, const char *arg)
{
	struct compose_view *c = compose_top(ui);
	for (guint i = 0; c && c->plan && i < c->plan->peers->len; i++) {
		const struct seal_peer *p = c->plan->peers->pdata[i];
		if (!p->offered)
			continue;
		view_ref(&c->view);
		autocrypt_import(ui, &(struct autocrypt_import){
					     p->address, p->offered, imported, c, unref_view});
		return;
	}
	ui_complain(ui, _("no key came with letters of the recipients that is not here"));
}
