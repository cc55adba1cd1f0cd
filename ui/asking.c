/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/sanitize.h"
#include "ui/asking.h"
#include "ui/ui.h"

struct asked {
	struct asking asking;
	struct record *ask;
	struct view *page; /* what the question is about; NULL: it says it itself */
};

static void asked_free(void *data)
{
	struct asked *q = data;
	if (q->asking.free)
		q->asking.free(q->asking.data);
	record_free(q->ask);
	view_unref(q->page);
	g_free(q);
}

static void asked_answered(struct ui *ui, const char *text, void *data)
{
	struct asked *q = data;
	if (q->page)
		ui_close(ui, q->page);
	q->asking.answer(ui, q->ask, text, q->asking.data);
}

/* A key that nobody vouches for is accepted by a word typed in full; whatever
 * else is typed refuses it (T-02). */
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
	g_autofree char *label = text ? g_strdup_printf("%s ", text)
				      : g_strdup_printf(_("Password for %s: "), account);
	struct prompt_spec spec = {.label = label,
		.secret = true,
		.done = asked_answered,
		.data = q,
		.free = asked_free};
	ui_prompt(ui, &spec);
}

bool asking_is_for_password(const struct record *event)
{
	return g_strcmp0(record_string(event, "what"), "certificate") != 0;
}

void asking_put(
	struct ui *ui, const struct record *event, const char *account, const struct asking *a)
{
	g_autofree char *line = record_line(event);
	struct asked *q = g_new0(struct asked, 1);
	q->asking = *a;
	q->ask = record_parse(line, -1, NULL);
	if (asking_is_for_password(event))
		ask_for_password(ui, q, account);
	else
		ask_about_key(ui, q, account);
}
