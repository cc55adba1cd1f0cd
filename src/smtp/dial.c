/* SPDX-License-Identifier: MIT */
#include "smtp/dial.h"

static char *prompt(const char *text, void *data)
{
	const struct dial *d = data;
	return agent_ask(d->child, d->id, text);
}

static char *secret(void *data, GError **error)
{
	struct dial *d = data;
	return account_secret(d->account, "smtp", prompt, d, error);
}

static bool try_session(struct dial *d, GError **error)
{
	struct session_params params = {.account = d->account,
		.secret = secret,
		.data = d,
		.net = {.watch = d->watch, .trace = transcript_line, .trace_data = d->transcript}};
	agent_way_params(&d->way, &params.net);
	g_clear_pointer(&d->session, session_free);
	d->session = session_new(&params);
	return session_open(d->session, error);
}

bool dial_init(struct dial *d, GError **error)
{
	return agent_way_init(&d->way, d->store, d->account, AGENT_SMTP, error);
}

bool dial_open(struct dial *d, GError **error)
{
	g_autoptr(GError) why = NULL;
	bool ok = try_session(d, &why) ||
		  (agent_way_accept(&d->way, d->child, d->id, &why) && try_session(d, &why));
	if (!ok)
		g_propagate_error(error, g_steal_pointer(&why));
	return ok;
}

void dial_close(struct dial *d)
{
	g_clear_pointer(&d->session, session_free);
	agent_way_clear(&d->way);
}
