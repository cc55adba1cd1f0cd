/* SPDX-License-Identifier: MIT */
#include "smtp/dial.h"

#include "agent/transcript.h"

static char *prompt(const char *text, void *data)
{
	return agent_ask(((struct dial *)data)->agent->child, 0, text);
}

static char *secret(void *data, GError **error)
{
	return account_secret(((struct dial *)data)->account, "smtp", prompt, data, error);
}

static bool look(void *data)
{
	return !interrupt_came(((struct dial *)data)->agent->interrupt);
}

static bool try_session(struct dial *d, GError **error)
{
	struct session_params params = {.account = d->account,
		.secret = secret,
		.data = d,
		.net = {.watch = {interrupt_fd(d->agent->interrupt), look, d},
			.trace = transcript_line}};
	agent_way_params(&d->way, &params.net);
	g_clear_pointer(&d->session, session_free);
	d->session = session_new(&params);
	return session_open(d->session, error);
}

bool dial_open(struct dial *d, GError **error)
{
	g_autoptr(GError) why = NULL;
	bool ok = agent_way_init(&d->way, d->agent->store, d->account, AGENT_SMTP, &why) &&
		  (try_session(d, &why) || (agent_way_accept(&d->way, d->agent->child, 0, &why) &&
						   try_session(d, &why)));
	if (!ok)
		g_propagate_error(error, agent_explain(d->agent, d->account, why));
	return ok;
}

void dial_close(struct dial *d)
{
	g_clear_pointer(&d->session, session_free);
	agent_way_clear(&d->way);
}
