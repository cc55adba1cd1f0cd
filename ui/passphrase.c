/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/secret.h"
#include "ui/passphrase.h"

void passphrase_clear(struct passphrase *p)
{
	g_clear_pointer(&p->text, secret_free);
	g_clear_pointer(&p->label, g_free);
	p->wrong = false;
}

char *passphrase_answer(const char *text, bool again, void *data)
{
	struct passphrase *p = data;
	if (p->text && !again)
		return g_strdup(p->text);
	g_free(p->label);
	p->label = g_strdup(text);
	p->wrong = again && p->text;
	g_clear_pointer(&p->text, secret_free);
	return NULL;
}

bool passphrase_is_wanted(const struct passphrase *p, const GError *error)
{
	return p->label && (g_error_matches(error, CRYPT_ERROR, CRYPT_ERROR_PASSPHRASE) ||
				   g_error_matches(error, CRYPT_ERROR, CRYPT_ERROR_CANCELLED));
}

struct asked {
	struct passphrase *passphrase;
	void (*done)(struct ui *ui, bool given, void *data);
	void *data;
	GDestroyNotify free;
};

static void asked_free(void *data)
{
	struct asked *a = data;
	if (a->data)
		a->free(a->data);
	g_free(a);
}

static void answered(struct ui *ui, const char *text, void *data)
{
	struct asked *a = data;
	a->passphrase->text = g_strdup(text);
	a->done(ui, text != NULL, g_steal_pointer(&a->data));
}

void passphrase_prompt(struct ui *ui, struct passphrase *p,
	void (*done)(struct ui *ui, bool given, void *data), void *data, GDestroyNotify free)
{
	struct asked *a = g_new0(struct asked, 1);
	*a = (struct asked){p, done, data, free};
	g_autofree char *label =
		g_strdup_printf(p->wrong ? _("This was wrong; %s: ") : "%s: ", p->label);
	g_clear_pointer(&p->label, g_free);
	ui_prompt(ui, &(struct prompt_spec){.label = label,
			      .secret = true,
			      .done = answered,
			      .data = a,
			      .free = asked_free});
}
