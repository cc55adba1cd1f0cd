/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/sanitize.h"
#include "ui/asking.h"
#include "ui/typed.h"
#include "ui/ui.h"

struct asked {
	struct asking asking;
	struct record *ask;
	struct view *page; /* what the question is about; NULL: it says it itself */
	char *name;        /* of the password or the key (typed.h) */
};

static void asked_free(void *data)
{
	struct asked *q = data;
	if (q->asking.free)
		q->asking.free(q->asking.data);
	record_free(q->ask);
	view_unref(q->page);
	g_free(q->name);
	g_free(q);
}

static void asked_answered(struct ui *ui, const char *text, void *data)
{
	struct asked *q = data;
	/* An accepted key is not asked about again; what was typed is no secret. */
	typed_keep(ui_typed(ui), q->name, q->page ? NULL : text);
	if (q->page)
		ui_close(ui, q->page);
	q->asking.answer(ui, q->ask, text, q->asking.data);
}

static char *name_of(const char *account, bool sends)
{
	return g_strconcat(sends ? "send " : "fetch ", account, NULL);
}

static char *name_of_key(const struct record *event)
{
	const char *host = record_string(event, "host"), *key = record_string(event, "fingerprint");
	return g_strdup_printf(
		"key %s %d %s", host ? host : "", (int)record_int(event, "port"), key ? key : "");
}

static void ask_about_key(struct ui *ui, struct asked *q, const char *account)
{
	const char *text = record_string(q->ask, "text"), *host = record_string(q->ask, "host");
	g_autofree char *clean = sanitize_body(text ? text : "", -1);
	struct prompt_spec spec = {.label = _("Type \"yes\" to accept this key: "),
		.done = asked_answered,
		.data = q,
		.free = asked_free};
	view_text_open(ui, g_strdup_printf(_("Certificate of %s"), host ? host : account),
		g_steal_pointer(&clean));
	q->page = view_ref(ui_top(ui));
	ui_prompt(ui, &spec);
}

static void ask_for_password(struct ui *ui, struct asked *q, const char *account)
{
	const char *text = record_string(q->ask, "text");
	g_autofree char *label = !text ? g_strdup_printf(_("Password for %s: "), account)
				 : g_str_has_suffix(text, ":") ? g_strconcat(text, " ", NULL)
							       : g_strconcat(text, ": ", NULL);
	struct prompt_spec spec = {.label = label,
		.secret = true,
		.done = asked_answered,
		.data = q,
		.free = asked_free};
	ui_prompt(ui, &spec);
}

/* Without a person, if what was typed before will do, or if nobody wants to be asked. */
static bool answered_already(struct ui *ui, struct asked *q)
{
	struct typed *typed = ui_typed(ui);
	const char *kept = q->asking.again ? NULL : typed_find(typed, q->name);
	if (!kept && !(q->asking.unasked && typed_is_declined(typed, q->name)))
		return false;
	q->asking.answer(ui, q->ask, kept, q->asking.data);
	asked_free(q);
	return true;
}

static bool is_for_password(const struct record *event)
{
	return g_strcmp0(record_string(event, "what"), "certificate") != 0;
}

void asking_put(struct ui *ui, const struct record *event, const struct asking *a)
{
	g_autofree char *line = record_line(event);
	struct asked *q = g_new0(struct asked, 1);
	q->asking = *a;
	q->ask = record_parse(line, -1, NULL);
	bool password = is_for_password(event);
	q->name = password ? name_of(a->account, a->sends) : name_of_key(event);
	if (answered_already(ui, q))
		return;
	if (password)
		ask_for_password(ui, q, a->account);
	else
		ask_about_key(ui, q, a->account);
}

void asking_ended(struct ui *ui, const struct record *last, const char *account, bool sends)
{
	g_autofree char *name = name_of(account, sends);
	if (g_strcmp0(record_string(last, "code"), "auth") == 0)
		typed_forget(ui_typed(ui), name);
}
