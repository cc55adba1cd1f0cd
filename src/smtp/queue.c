/* SPDX-License-Identifier: MIT
 *
 * The queue: sending it and showing it. */
#include "base/base.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/report.h"
#include "base/sanitize.h"
#include "base/size.h"
#include "smtp/program.h"

static int send_one(struct program *p, const struct account *account)
{
	g_autoptr(GError) error = NULL;
	struct send_result result = {0};
	int status = EX_OK;
	if (!program_send(p, account, &result, &error)) {
		wire_child_failed(p->agent.child, 0, error, result.server);
		status = agent_fail(account, error);
	} else {
		wire_child_done(p->agent.child, 0, program_done(&result));
		if (!p->options.events)
			report_info(_("%s: %u sent, %u refused, %u later"), account->id,
				result.sent, result.refused, result.deferred);
		if (result.refused > 0)
			status = EX_NOUSER;
		else if (result.uncertain > 0)
			status = EX_TEMPFAIL;
	}
	send_result_clear(&result);
	return status;
}

/* All accounts, though one fails; the status is that of the first. */
int program_queue(struct program *p)
{
	struct agent *a = &p->agent;
	g_autoptr(GError) error = NULL;
	const char *only = p->options.account;
	int status = EX_OK;
	if (!agent_open(a, &error) || (only && !agent_account(a, only, &error)))
		return agent_fail(NULL, error);
	for (guint i = 0; i < dotfile_account_count(a->dotfile); i++) {
		const struct account *account = dotfile_account(a->dotfile, i);
		if (!account->smtp || (only && !g_str_equal(only, account->id)))
			continue;
		int one = send_one(p, account);
		status = status == EX_OK ? one : status;
	}
	return status;
}

/* --- showing -------------------------------------------------------------------------- */

static const char *const state_titles[] = {
	[OUTBOX_HELD] = N_("held"),
	[OUTBOX_QUEUED] = N_("queued"),
	[OUTBOX_SENDING] = N_("being sent"),
	[OUTBOX_DOT_PENDING] = N_("being sent"),
	[OUTBOX_UNCERTAIN] = N_("may have been sent"),
	[OUTBOX_DONE] = N_("done"),
};

static void show_item(const struct outbox_item *item)
{
	g_autofree char *when = clock_long(item->queued);
	g_autofree char *size = size_text((int64_t)item->size);
	g_autofree char *subject = sanitize_line(item->subject, -1);
	g_autofree char *sender = sanitize_line(item->sender, -1);
	printf("%" G_GINT64_FORMAT "  %s  %s  %s  %s  <%s>\n", item->id,
		_(state_titles[item->state]), when, size, item->account, sender);
	if (*subject)
		printf("    %s\n", subject);
	if (item->error) {
		g_autofree char *why = sanitize_line(item->error, -1);
		printf("    (%s)\n", why);
	}
	for (guint i = 0; i < item->recipients->len; i++) {
		const struct outbox_recipient *r = item->recipients->pdata[i];
		g_autofree char *address = sanitize_line(r->address, -1);
		g_autofree char *reply = r->reply ? sanitize_line(r->reply, -1) : g_strdup("");
		printf("        %s  %s  %s\n", recipient_state_name(r->state), address, reply);
	}
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
	if (items->len == 0)
		puts(_("Mail queue is empty"));
	return EX_OK;
}
