/* SPDX-License-Identifier: MIT */
#include "ui/crypt-trust.h"

static enum trust_level level_of(const struct crypt_find *f)
{
	if (crypt_find_is_bad(f))
		return TRUST_WARNING;
	if (f->problem || f->unprotected)
		return TRUST_NOTE;
	if (f->seal == CRYPT_SEAL_NONE || f->seal == CRYPT_SEAL_GOOD)
		return TRUST_GOOD;
	return TRUST_NOTE;
}

/* Only what is about all of the letter speaks for it. */
static void tell_one(struct trust *t, const struct crypt_find *f, const struct mime_message *m)
{
	enum trust_level level = level_of(f);
	g_autofree char *text = crypt_find_text(f);
	if (!f->whole && level == TRUST_GOOD)
		level = TRUST_CALM;
	trust_add_seal(t, level, f->whole ? g_strdup(text) : g_strdup_printf(_("in part %s"), text),
		crypt_find_why(f));
	if (crypt_find_is_shifted(f, m))
		trust_add(t, TRUST_NOTE, g_strdup(_("signed on another day")),
			g_strdup(_(
				"The signature was made a day or more before or after the date of "
				"the letter.")));
}

static void tell_header(struct trust *t, const struct crypt_verdict *v)
{
	if (v->claimed)
		trust_add_seal(t, TRUST_WARNING, g_strdup_printf(_("inside from %s"), v->claimed),
			g_strdup(_("The protected header names a sender who did not sign it.")));
	if (v->changed->len == 0)
		return;
	g_autoptr(GString) why = g_string_new(_("These fields differ from the protected ones:"));
	for (guint i = 0; i < v->changed->len; i++) {
		const struct mime_header *h = v->changed->pdata[i];
		g_string_append_printf(why, "\n%s: %s", h->name, h->value);
	}
	trust_add(t, TRUST_NOTE, g_strdup(_("the header was another outside")), g_strdup(why->str));
}

void crypt_tell(struct trust *t, const struct crypt_verdict *v, const struct mime_message *m)
{
	if (!t || !v)
		return;
	for (guint i = 0; i < v->finds->len; i++)
		tell_one(t, v->finds->pdata[i], m);
	tell_header(t, v);
}
