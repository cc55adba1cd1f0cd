/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/lookalike.h"
#include "store/correspondents.h"
#include "ui/trust-private.h"

enum { SHOWN = 40 /* characters of an address: a long one must not hide what follows */ };

/* --- addresses ----------------------------------------------------------------------- */

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');
	return at ? at + 1 : "";
}

char *trust_shorten(const char *text)
{
	glong n = g_utf8_strlen(text, -1);
	if (n <= SHOWN)
		return g_strdup(text);
	/* The end of a domain says whose it is. */
	return g_strconcat("…", g_utf8_offset_to_pointer(text, n - SHOWN + 1), NULL);
}

/* The domain in A-labels, whatever it looked like. */
static char *shown(const char *address)
{
	const char *at = strrchr(address, '@');
	if (!at)
		return trust_shorten(address);
	g_autofree char *ascii = lookalike_ascii(at + 1);
	g_autofree char *whole =
		g_strdup_printf("%.*s@%s", (int)(at - address), address, ascii);
	return trust_shorten(whole);
}

static char *shown_domain(const char *domain)
{
	g_autofree char *ascii = lookalike_ascii(domain);
	return trust_shorten(ascii);
}

static bool has_address(const GPtrArray *list, const char *address)
{
	for (guint i = 0; i < list->len; i++) {
		const struct mime_address *a = list->pdata[i];
		if (g_ascii_strcasecmp(a->address, address) == 0)
			return true;
	}
	return false;
}

/* --- who wrote it ---------------------------------------------------------------------- */

static void judge_count(struct judging *j)
{
	const GPtrArray *from = j->mime->from;
	if (from->len < 2)
		return;
	g_autoptr(GString) all = g_string_new(NULL);
	for (guint i = 0; i < MIN(from->len, 3); i++) {
		const struct mime_address *a = from->pdata[i];
		g_autofree char *one = shown(a->address);
		g_string_append_printf(all, "%s%s", i ? ", " : "", one);
	}
	trust_add(j->trust, TRUST_WARNING, g_strdup_printf(_("several senders: %s"), all->str),
		g_strdup(_("The letter names more than one sender. Programs choose differently "
			   "whom they show, which is what such letters live on.")));
}

/* An address in the place of the name, and not the one behind it (M-43). */
static void judge_name(struct judging *j)
{
	const char *at = strchr(j->from->name, '@');
	if (!at || g_ascii_strcasecmp(j->from->name, j->from->address) == 0)
		return;
	g_autofree char *name = trust_shorten(j->from->name);
	g_autofree char *address = shown(j->from->address);
	trust_add(j->trust, TRUST_WARNING, g_strdup_printf(_("poses as '%s'"), name),
		g_strdup_printf(_("The sender's name looks like an address, but the letter is "
				  "from %s."), address));
}

static void judge_domain(struct judging *j)
{
	const char *domain = domain_of(j->from->address);
	if (!lookalike_is_idn(domain))
		return;
	g_autofree char *ascii = shown_domain(domain);
	g_autofree char *unicode = lookalike_unicode(domain);
	g_autofree char *cut = trust_shorten(unicode);
	if (lookalike_mixed(domain))
		trust_add(j->trust, TRUST_WARNING,
			g_strdup_printf(_("%s is written in letters that pose as others"), ascii),
			g_strdup_printf(_("The sender's domain '%s' has letters of several "
					  "alphabets, or of one whose letters look like Latin "
					  "ones. Its true name is %s."), cut, ascii));
	else
		trust_add(j->trust, TRUST_NOTE, g_strdup_printf(_("%s is %s"), cut, ascii),
			g_strdup(_("The sender's domain is not in Latin letters; this is its "
				   "name as the network knows it.")));
}

static bool is_own(const struct judging *j, const char *address)
{
	for (guint i = 0; i < dotfile_account_count(j->dotfile); i++)
		if (account_has_address(dotfile_account(j->dotfile, i), address))
			return true;
	return false;
}

/* One's own domains are the best of all to pose with. */
static char *alike_own(const struct judging *j, const char *domain)
{
	char *found = NULL;
	for (guint i = 0; i < dotfile_account_count(j->dotfile); i++) {
		const struct account *a = dotfile_account(j->dotfile, i);
		const char *own = a->address ? domain_of(a->address) : "";
		if (*own && lookalike_related(domain, own)) {
			g_free(found);
			return NULL;
		}
		if (*own && !found && lookalike_like(domain, own))
			found = g_strdup(own);
	}
	return found;
}

static void judge_alike(struct judging *j, const struct acquaintance *known)
{
	const char *domain = domain_of(j->from->address);
	g_autofree char *own = alike_own(j, domain);
	const char *other = own ? own : known->alike;
	if (!other)
		return;
	g_autofree char *ascii = shown_domain(domain);
	g_autofree char *clean = shown_domain(other);
	trust_add(j->trust, TRUST_WARNING, g_strdup_printf(_("%s is not %s"), ascii, clean),
		g_strdup_printf(_("The sender's domain can be taken for %s, from which you have "
				  "mail, or which is yours. It is another one."), clean));
}

static void judge_known(struct judging *j, const struct acquaintance *known)
{
	g_autofree char *other = known->other ? shown(known->other) : NULL;
	if (other) {
		trust_add(j->trust, TRUST_WARNING,
			g_strdup_printf(_("this name is known as %s"), other),
			g_strdup_printf(_("You have letters of somebody of this name, from %s. "
					  "This address is new. Ask by another way before you "
					  "believe it."), other));
	} else if (j->stranger) {
		trust_add(j->trust, TRUST_NOTE, g_strdup(_("first letter from this address")),
			g_strdup(_("Nothing else is here from this address, and nothing was "
				   "sent to it.")));
	} else {
		/* TRANSLATORS: of an address: how many letters came from it, and went to it */
		trust_add(j->trust, TRUST_CALM,
			g_strdup_printf(_("letters from this address: %u, to it: %u"),
				(guint)known->wrote, (guint)known->written), NULL);
	}
}

static void judge_own(struct judging *j)
{
	bool ours = strcmp(j->folder, FOLDER_SENT) == 0 ||
		    strcmp(j->folder, FOLDER_DRAFTS) == 0;
	if (ours)
		trust_add(j->trust, TRUST_CALM, g_strdup(_("written by you")), NULL);
	else
		trust_add(j->trust, TRUST_NOTE, g_strdup(_("from your own address")),
			g_strdup(_("You may have sent it to yourself, or to a list. Anybody can "
				   "write your address into a letter.")));
}

static void judge_sender(struct judging *j)
{
	struct acquaintance known = {0};
	if (is_own(j, j->from->address)) {
		judge_own(j);
		return;
	}
	if (!j->index || !correspondents_know(j->index, j->from->address, j->from->name, &known,
				 NULL))
		known.wrote = known.written = 0;
	j->stranger = j->index && known.wrote < 2 && known.written == 0;
	judge_alike(j, &known);
	if (j->index)
		judge_known(j, &known);
	acquaintance_clear(&known);
}

/* --- who gets the answer --------------------------------------------------------------- */

static bool elsewhere(const struct judging *j, const struct mime_address *a)
{
	const char *domain = domain_of(a->address);
	return *domain && !lookalike_related(domain, domain_of(j->from->address)) &&
	       !is_own(j, a->address);
}

/* A list that wants its answers is written to as well, or says where one posts. */
static bool is_list(const struct judging *j, const struct mime_address *a)
{
	return has_address(j->mime->to, a->address) || has_address(j->mime->cc, a->address) ||
	       (j->mime->list_post && *a->address && strstr(j->mime->list_post, a->address));
}

static void judge_reply(struct judging *j)
{
	for (guint i = 0; i < j->mime->reply_to->len; i++) {
		const struct mime_address *a = j->mime->reply_to->pdata[i];
		if (!elsewhere(j, a) || is_list(j, a))
			continue;
		g_autofree char *address = shown(a->address);
		trust_add(j->trust, j->stranger ? TRUST_WARNING : TRUST_NOTE,
			g_strdup_printf(_("answers go to %s"), address),
			g_strdup(_("The letter asks for answers at another domain than that of "
				   "its sender.")));
		return;
	}
}

static void judge_agent(struct judging *j)
{
	const struct mime_address *a = j->mime->sender->len ? j->mime->sender->pdata[0] : NULL;
	bool list = j->mime->trace && j->mime->trace->automatic;
	if (!a || list || !elsewhere(j, a))
		return;
	g_autofree char *address = shown(a->address);
	trust_add(j->trust, TRUST_NOTE, g_strdup_printf(_("sent by %s"), address),
		g_strdup(_("Somebody at another domain sent it in the name of the one in From.")));
}

/* --- all of it ------------------------------------------------------------------------- */

/* Until a signature is verified, it is only said that there is one. */
static void judge_seal(struct judging *j)
{
	/* What has keys says more of it (crypt-trust.h). */
	if (j->mime->crypts->len > 0)
		return;
	if (j->mime->kinds & MIME_ENCRYPTED)
		trust_add_seal(j->trust, TRUST_CALM, g_strdup(_("encrypted")), NULL);
	else if (j->mime->kinds & MIME_SIGNED)
		trust_add_seal(j->trust, TRUST_CALM, g_strdup(_("signed, not verified")), NULL);
}

static void judge_receipt(struct judging *j)
{
	bool ours = strcmp(j->folder, FOLDER_SENT) == 0 || strcmp(j->folder, FOLDER_DRAFTS) == 0;
	if (ours || receipt_refused(j->mime, j->dotfile))
		return;
	const struct mime_address *to = j->mime->trace->receipt_to->pdata[0];
	g_autofree char *address = shown(to->address);
	trust_add(j->trust, TRUST_CALM, g_strdup(_("asks for a receipt (:send-receipt)")),
		g_strdup_printf(_("The letter wants %s to be told that you have read it. Nothing "
				  "is sent unless you say so."), address));
}

struct trust *trust_judge(const struct trust_about *about)
{
	struct judging j = {.folder = about->folder, .account = about->account, .mime = about->mime, .dotfile = about->dotfile,
		.index = about->index, .trust = trust_new()};
	if (j.mime->from->len == 0) {
		trust_add(j.trust, TRUST_NOTE, g_strdup(_("no sender is named")), NULL);
		return j.trust;
	}
	j.from = j.mime->from->pdata[0];
	judge_count(&j);
	judge_name(&j);
	judge_domain(&j);
	judge_sender(&j);
	judge_reply(&j);
	judge_agent(&j);
	trust_judge_auth(&j);
	judge_seal(&j);
	judge_receipt(&j);
	return j.trust;
}
