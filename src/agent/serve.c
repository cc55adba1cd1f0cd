/* SPDX-License-Identifier: MIT
 *
 * An agent as a child of the front end: dewey-wire(7). */
#include "base/base.h"

#include <sysexits.h>
#include <unistd.h>

#include "agent/agent.h"

static agent_handler find_handler(const struct agent *a, const struct record *r, GError **error)
{
	for (const struct agent_request *q = a->kind->requests; q->name; q++)
		if (record_is(r, "do", q->name))
			return q->handle;
	const char *name = record_string(r, "do");
	g_set_error(error, WIRE_ERROR, CODE_UNKNOWN_REQUEST, _("unknown request '%s'"),
		name ? name : "");
	return NULL;
}

static struct record *handle(struct agent *a, const struct record *r, char **server, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct agent_call call = {.record = r, .id = record_int(r, "id")};
	agent_handler handler = find_handler(a, r, error);
	if (!handler || !agent_open(a, error))
		return NULL;
	call.account = agent_account(a, record_string(r, "account"), error);
	if (!call.account)
		return NULL;
	struct record *done = handler(a, &call, server, &why);
	if (!done)
		g_propagate_error(error, agent_explain(a, call.account, why));
	return done;
}

static void serve_one(struct agent *a, const struct record *r)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *server = NULL;
	int64_t id = record_int(r, "id");
	struct record *done = handle(a, r, &server, &why);
	if (done)
		wire_child_done(a->child, id, done);
	else
		wire_child_failed(a->child, id, why, server);
}

static void serve_ready(struct agent *a, const struct record *r)
{
	if (wire_child_fd(a->child) >= 0)
		interrupt_watch(a->interrupt, wire_child_fd(a->child));
	serve_one(a, r);
}

/* Signals are taken during a request only: while we wait for one there is
 * nothing to be finished, so they may end us as they end any program. */
static bool serve_next(struct agent *a, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(record) r = wire_child_next(a->child, NULL, error);
	if (!r)
		return false;
	if (!agent_make_ready(a, &why)) {
		wire_child_failed(a->child, record_int(r, "id"), why, NULL);
		return true;
	}
	serve_ready(a, r);
	bool came = interrupt_came(a->interrupt);
	g_clear_pointer(&a->interrupt, interrupt_free);
	return !came;
}

int agent_serve(struct agent *a)
{
	g_autoptr(GError) error = NULL;
	a->child = wire_child_new(STDIN_FILENO, STDOUT_FILENO, a->kind->program, &error);
	while (a->child && serve_next(a, &error))
		;
	return error ? agent_fail(NULL, error) : EX_OK;
}
