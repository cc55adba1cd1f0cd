/* SPDX-License-Identifier: MIT
 *
 * mailq: what lies in the outbox, for people.  Everything in it may be foreign. */
#include "base/base.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/local.h"
#include "base/sanitize.h"
#include "base/size.h"
#include "smtp/program.h"
#include "smtp/send-private.h"
#include "store/when.h"

static void show_line(const char *indent, const char *text)
{
	g_autofree char *clean = sanitize_line(text, -1);
	if (*clean)
		local_print("%s%s\n", indent, clean);
}

/* When it goes, if that is known: of what is held, a person knows. */
static void show_times(const struct outbox_item *item)
{
	g_autofree char *due = when_text(item->due);
	if (item->attempts > 0)
		local_print(P_("    tried %d time\n", "    tried %d times\n", item->attempts),
			item->attempts);
	if (item->state == OUTBOX_QUEUED && item->due > clock_now())
		local_print(_("    to be sent %s\n"), due);
}

static void show_recipient(const struct outbox_recipient *r)
{
	g_autofree char *address = sanitize_line(r->address, -1);
	g_autofree char *reply = r->reply ? sanitize_line(r->reply, -1) : NULL;
	local_print("        %s: %s", recipient_state_text(r->state), address);
	local_print(reply ? "  %s\n" : "\n", reply);
}

static void show_item(const struct outbox_item *item)
{
	g_autofree char *when = clock_long(item->queued);
	g_autofree char *size = size_text(item->size);
	g_autofree char *sender = sanitize_line(item->sender, -1);
	local_print("%" G_GINT64_FORMAT "  %s  %s  %s  %s  <%s>\n", item->id,
		outbox_state_text(item->state), when, size, item->account, sender);
	show_line("    ", item->subject);
	show_times(item);
	show_line("    ", item->error ? item->error : "");
	for (guint i = 0; i < item->recipients->len; i++)
		show_recipient(item->recipients->pdata[i]);
}

/* Why what waits does not go: the same words as those of an attempt. */
static void show_server(struct program *p, const GPtrArray *items, const struct account *account)
{
	g_autoptr(GError) error = NULL;
	struct send_job job = {.account = account, .store = p->agent.store};
	bool waits = false;
	for (guint i = 0; i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		waits = waits || (item->state == OUTBOX_QUEUED &&
					 g_str_equal(item->account, account->id));
	}
	if (waits && !reach_may(&job, &error))
		show_line("", error->message);
}

static void show_total(const GPtrArray *items)
{
	int64_t octets = 0;
	for (guint i = 0; i < items->len; i++)
		octets += ((const struct outbox_item *)items->pdata[i])->size;
	g_autofree char *size = size_text(octets);
	local_print(P_("-- %u letter, %s\n", "-- %u letters, %s\n", items->len), items->len, size);
}

int program_list(struct program *p)
{
	struct agent *a = &p->agent;
	g_autoptr(GError) error = NULL;
	if (!agent_open(a, &error))
		return agent_fail(NULL, error);
	g_autoptr(GPtrArray) items = outbox_list(a->store, false, &error);
	if (!items)
		return agent_fail(NULL, error);
	for (guint i = 0; i < items->len; i++)
		show_item(items->pdata[i]);
	for (guint i = 0; i < dotfile_account_count(a->dotfile); i++)
		if (dotfile_account(a->dotfile, i)->smtp)
			show_server(p, items, dotfile_account(a->dotfile, i));
	if (items->len == 0)
		local_print("%s\n", _("Mail queue is empty"));
	else
		show_total(items);
	return EX_OK;
}
