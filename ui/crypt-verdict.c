/* SPDX-License-Identifier: MIT */
#include "ui/crypt-verdict.h"

#include <string.h>

enum { SHIFT_MOST = 24 * 3600 /* seconds */ };

static void find_free(void *data)
{
	struct crypt_find *f = data;
	g_free(f->path);
	g_free(f->signer);
	g_free(f->fingerprint);
	g_free(f->problem);
	g_free(f);
}

static void header_free(void *data)
{
	struct mime_header *h = data;
	g_free(h->name);
	g_free(h->value);
	g_free(h);
}

struct crypt_verdict *crypt_verdict_new(void)
{
	struct crypt_verdict *v = g_new0(struct crypt_verdict, 1);
	v->finds = g_ptr_array_new_with_free_func(find_free);
	v->changed = g_ptr_array_new_with_free_func(header_free);
	return v;
}

void crypt_verdict_free(struct crypt_verdict *v)
{
	if (!v)
		return;
	g_ptr_array_unref(v->finds);
	g_ptr_array_unref(v->changed);
	g_free(v->claimed);
	g_free(v);
}

struct crypt_find *crypt_verdict_add(struct crypt_verdict *v)
{
	struct crypt_find *f = g_new0(struct crypt_find, 1);
	f->signer = g_strdup("");
	f->fingerprint = g_strdup("");
	g_ptr_array_add(v->finds, f);
	return f;
}

/* "2!" is a letter that was part 2; "2" the part and what is in it. */
bool crypt_find_covers(const struct crypt_find *f, const char *path)
{
	size_t len = strlen(f->path);
	if (f->whole || len == 0)
		return true;
	if (strncmp(path, f->path, len) != 0)
		return false;
	return f->path[len - 1] == '!' || !path[len] || strchr(".!#", path[len]);
}

const struct crypt_find *crypt_verdict_seal(const struct crypt_verdict *v)
{
	const struct crypt_find *found = NULL;
	for (guint i = 0; v && i < v->finds->len; i++) {
		const struct crypt_find *f = v->finds->pdata[i];
		if (f->whole && f->seal != CRYPT_SEAL_NONE && (!found || f->seal > found->seal))
			found = f;
	}
	return found;
}

static bool has(const struct crypt_verdict *v, bool whole)
{
	for (guint i = 0; v && i < v->finds->len; i++) {
		const struct crypt_find *f = v->finds->pdata[i];
		if (f->decrypted && !f->problem && (f->whole || !whole))
			return true;
	}
	return false;
}

bool crypt_verdict_encrypted(const struct crypt_verdict *v)
{
	return has(v, true);
}

bool crypt_verdict_has_encrypted(const struct crypt_verdict *v)
{
	return has(v, false);
}

const struct crypt_find *crypt_verdict_waiting(const struct crypt_verdict *v)
{
	for (guint i = 0; v && i < v->finds->len; i++) {
		const struct crypt_find *f = v->finds->pdata[i];
		if (f->problem &&
			(f->code == CRYPT_ERROR_PASSPHRASE || f->code == CRYPT_ERROR_WITHHELD ||
				f->code == CRYPT_ERROR_CANCELLED))
			return f;
	}
	return NULL;
}

/* --- judging ----------------------------------------------------------------------- */

static bool is_of(const struct crypt_user *u, const GPtrArray *from)
{
	for (guint i = 0; from && i < from->len; i++) {
		const struct mime_address *a = from->pdata[i];
		if (*u->address && g_ascii_strcasecmp(u->address, a->address) == 0)
			return true;
	}
	return false;
}

/* The user of the key who is the sender, by the address alone: a name is anybody's
 * (M-72).  Else the first one. */
static const struct crypt_user *user_of(
	const struct crypt_signature *s, const GPtrArray *from, bool *sender)
{
	const struct crypt_user *first = NULL;
	*sender = false;
	for (guint i = 0; i < s->users->len; i++) {
		const struct crypt_user *u = s->users->pdata[i];
		if (u->revoked)
			continue;
		bool vouched = u->validity >= CRYPT_VALIDITY_FULL || s->status != CRYPT_GOOD;
		if (from && from->len == 1 && vouched && is_of(u, from)) {
			*sender = true;
			return u;
		}
		if (!first || (!*first->address && *u->address))
			first = u;
	}
	return first;
}

static enum crypt_seal seal_of(enum crypt_status status, bool sender)
{
	switch (status) {
	case CRYPT_GOOD:
		return sender ? CRYPT_SEAL_GOOD : CRYPT_SEAL_STRANGER;
	case CRYPT_UNTRUSTED:
		return CRYPT_SEAL_UNTRUSTED;
	case CRYPT_EXPIRED:
		return CRYPT_SEAL_EXPIRED;
	case CRYPT_REVOKED:
		return CRYPT_SEAL_REVOKED;
	case CRYPT_UNKNOWN_KEY:
		return CRYPT_SEAL_UNKNOWN;
	case CRYPT_BAD:
		return CRYPT_SEAL_BAD;
	default:
		return CRYPT_SEAL_ERRONEOUS;
	}
}

static char *signer_text(const struct crypt_signature *s, const struct crypt_user *u)
{
	if (!u)
		return g_strdup(s->fingerprint);
	/* A certificate has its name and its addresses apart. */
	const struct crypt_user *first = s->users->pdata[0];
	const char *name = *u->name || first->revoked ? u->name : first->name;
	if (!*u->address)
		return g_strdup(*name ? name : u->text);
	return *name ? g_strdup_printf("%s <%s>", name, u->address) : g_strdup(u->address);
}

void crypt_judge(struct crypt_find *f, const struct crypt_result *result, const GPtrArray *from)
{
	f->seal = CRYPT_SEAL_NONE;
	for (guint i = 0; i < result->signatures->len; i++) {
		const struct crypt_signature *s = result->signatures->pdata[i];
		bool sender;
		const struct crypt_user *u = user_of(s, from, &sender);
		enum crypt_seal seal = seal_of(s->status, sender);
		if (seal < f->seal)
			continue;
		f->seal = seal;
		f->made = s->made;
		g_free(f->signer);
		f->signer = signer_text(s, u);
		g_free(f->fingerprint);
		f->fingerprint = g_strdup(s->fingerprint);
	}
}

/* --- words ------------------------------------------------------------------------- */

static const char *const seal_texts[] = {
#define SEAL(name, text) text,
#include "ui/seals.def"
#undef SEAL
};

bool crypt_find_is_good(const struct crypt_find *f)
{
	return !f->problem && f->seal == CRYPT_SEAL_GOOD;
}

bool crypt_find_is_bad(const struct crypt_find *f)
{
	return f->seal == CRYPT_SEAL_BAD || f->seal == CRYPT_SEAL_STRANGER ||
	       f->seal == CRYPT_SEAL_REVOKED || (f->problem && f->code == CRYPT_ERROR_WITHHELD);
}

bool crypt_find_is_shifted(const struct crypt_find *f, const struct mime_message *m)
{
	return f->made && m->date && ABS(f->made - m->date) > SHIFT_MOST;
}

/* The table's words have one %s or none. */
static char *seal_text(const struct crypt_find *f)
{
	g_auto(GStrv) halves = g_strsplit(_(seal_texts[f->seal]), "%s", 2);
	return g_strjoinv(f->signer, halves);
}

char *crypt_find_text(const struct crypt_find *f)
{
	if (f->problem)
		return g_strdup(f->problem);
	g_autofree char *seal = f->seal == CRYPT_SEAL_NONE ? NULL : seal_text(f);
	if (f->decrypted && seal)
		return g_strdup_printf(_("encrypted; %s"), seal);
	return seal ? g_steal_pointer(&seal) : g_strdup(_("encrypted"));
}

char *crypt_find_why(const struct crypt_find *f)
{
	GString *out = g_string_new(NULL);
	if (*f->fingerprint)
		g_string_append_printf(out, _("The key is %s."), f->fingerprint);
	if (f->seal == CRYPT_SEAL_STRANGER)
		g_string_append_printf(
			out, " %s", _("It does not name the address of the sender."));
	if (!f->whole)
		g_string_append_printf(out, " %s",
			_("It covers a part of what is shown, which is "
			  "marked."));
	if (f->unprotected)
		g_string_append_printf(out, " %s",
			_("Nothing protects the text against having been "
			  "changed on its way."));
	return g_string_free(out, FALSE);
}

static void put_shift(GString *out, const struct crypt_find *f, const struct mime_message *m)
{
	if (crypt_find_is_shifted(f, m))
		g_string_append_printf(out, "%s\n",
			_("signed on another day than the letter says that it was written"));
}

char *crypt_verdict_text(const struct crypt_verdict *v, const struct mime_message *m)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; v && i < v->finds->len; i++) {
		const struct crypt_find *f = v->finds->pdata[i];
		g_autofree char *text = crypt_find_text(f);
		if (f->whole)
			g_string_append_printf(out, "%s\n", text);
		else
			g_string_append_printf(out, _("a part: %s\n"), text);
		put_shift(out, f, m);
	}
	if (v && v->claimed)
		g_string_append_printf(
			out, _("inside it says to be from %s, who did not sign it\n"), v->claimed);
	for (guint i = 0; v && i < v->changed->len; i++) {
		const struct mime_header *h = v->changed->pdata[i];
		g_string_append_printf(
			out, _("outside of what is protected stood: %s: %s\n"), h->name, h->value);
	}
	return g_string_free(out, FALSE);
}
