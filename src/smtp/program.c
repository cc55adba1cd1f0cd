/* SPDX-License-Identifier: MIT */
#include "smtp/program.h"

static struct send_job make_job(const struct agent *a, const struct account *account)
{
	return (struct send_job){.account = account,
		.store = a->store,
		.child = a->child,
		.interrupt = a->interrupt};
}

bool program_send(struct program *p, const struct account *account, struct send_result *result,
	GError **error)
{
	g_autoptr(GError) why = NULL;
	struct send_job job = make_job(&p->agent, account);
	if (send_run(&job, result, &why))
		return true;
	g_propagate_error(error, agent_explain(&p->agent, account, why));
	return false;
}

const struct account *program_account(const struct program *p, GError **error)
{
	const struct agent *a = &p->agent;
	if (p->options.account)
		return agent_account(a, p->options.account, error);
	for (guint i = 0; i < dotfile_account_count(a->dotfile); i++)
		if (dotfile_account(a->dotfile, i)->smtp)
			return dotfile_account(a->dotfile, i);
	g_set_error(error, WIRE_ERROR, CODE_CONFIG,
		_("no account in '%s' can send; set smtp = smtps://USER@HOST"),
		dotfile_path(a->dotfile));
	return NULL;
}

struct record *program_done(const struct send_result *result)
{
	struct record *r = record_set_int(record_new("event", "done"), "sent", result->sent);
	record_set_int(record_set_int(r, "refused", result->refused), "deferred", result->deferred);
	return record_set_int(r, "uncertain", result->uncertain);
}

static struct record *do_send(
	struct agent *a, const struct agent_call *call, char **server, GError **error)
{
	const char *partial = record_string(call->record, "partial");
	struct send_result result = {0};
	struct send_job job = make_job(a, call->account);
	job.id = call->id;
	job.hold = partial && g_str_equal(partial, "hold");
	/* The parent chose the time. */
	job.asked = true;
	struct record *r = send_run(&job, &result, error) ? program_done(&result) : NULL;
	*server = g_steal_pointer(&result.server);
	send_result_clear(&result);
	return r;
}

const struct agent_request program_requests[] = {{"send", do_send}, {"unsubscribe", program_unsubscribe}, {0}};
