/* SPDX-License-Identifier: MIT
 *
 * dewey-smtp as a child of the front end: dewey-wire(7). */
#include "base/base.h"

#include <sysexits.h>
#include <unistd.h>

#include "base/report.h"
#include "smtp/agent.h"

static bool do_send(
	struct agent *a, const struct record *r, struct send_result *result, GError **error)
{
	const char *partial = record_string(r, "partial");
	struct send_job job = {
		.id = record_int(r, "id"), .hold = partial && g_str_equal(partial, "hold")};
	if (!agent_open(a, error))
		return false;
	const struct account *account = agent_account(a, record_string(r, "account"), error);
	return account && agent_send(a, account, &job, result, error);
}

static bool handle(
	struct agent *a, const struct record *r, struct send_result *result, GError **error)
{
	const char *name = record_string(r, "do");
	if (record_is(r, "do", "send"))
		return do_send(a, r, result, error);
	g_set_error(error, WIRE_ERROR, CODE_UNKNOWN_REQUEST, _("unknown request '%s'"),
		name ? name : "");
	return false;
}

static void serve_one(struct agent *a, const struct record *r)
{
	g_autoptr(GError) why = NULL;
	struct send_result result = {0};
	int64_t id = record_int(r, "id");
	if (handle(a, r, &result, &why))
		wire_child_done(a->child, id, agent_done(&result));
	else
		wire_child_failed(a->child, id, why, result.server);
	send_result_clear(&result);
}

/* Signals are taken during a request only: while we wait for one there is
 * nothing to be finished, so they may end us as they end any program. */
static bool serve_next(struct agent *a, GError **error)
{
	g_autoptr(record) r = wire_child_next(a->child, NULL, error);
	if (!r)
		return false;
	a->interrupt = interrupt_new();
	if (wire_child_fd(a->child) >= 0)
		interrupt_watch(a->interrupt, wire_child_fd(a->child));
	serve_one(a, r);
	bool came = interrupt_came(a->interrupt);
	g_clear_pointer(&a->interrupt, interrupt_free);
	return !came;
}

int agent_serve(struct agent *a)
{
	g_autoptr(GError) error = NULL;
	a->child = wire_child_new(STDIN_FILENO, STDOUT_FILENO, AGENT_PROGRAM, &error);
	while (a->child && serve_next(a, &error))
		;
	return error ? agent_fail(error) : EX_OK;
}
