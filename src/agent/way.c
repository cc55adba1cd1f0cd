/* SPDX-License-Identifier: MIT
 *
 * The way to an account's server, and the question whether a key that nothing
 * vouches for is the server's (T-02). */
#include "agent/way.h"

#include <string.h>

#include "base/report.h"
#include "base/terminal.h"

bool agent_way_init(struct agent_way *w, struct store *s, const struct account *account,
	enum agent_service service, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct ledger *l = store_ledger(s, error);
	*w = (struct agent_way){.account = account, .store = s};
	w->url = service == AGENT_POP3 ? account->pop3 : account->smtp;
	if (!l)
		return false;
	w->known = pins_find(l, w->url->host, w->url->port, &why);
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return w->known || !error || !*error;
}

void agent_way_clear(struct agent_way *w)
{
	conn_facts_clear(&w->facts);
	g_clear_pointer(&w->known, pin_free);
}

static void tunnel_says(const char *line)
{
	report_info(_("tunnel: %s"), line);
}

void agent_way_params(struct agent_way *w, struct conn_params *net)
{
	const struct account *a = w->account;
	const struct proxy_url *proxy = a->proxy;
	net->host = w->url->host;
	net->port = w->url->port;
	net->tls = w->url->security == SECURITY_TLS;
	net->ca_file = a->tls_ca;
	net->cert_file = a->tls_cert;
	net->key_file = a->tls_key;
	net->timeout = a->timeout;
	net->tunnel = a->tunnel;
	net->tunnel_says = tunnel_says;
	net->pins = (const char *const *)a->tls_pins;
	net->accepted = w->known ? w->known->key : NULL;
	net->facts = &w->facts;
	if (!proxy)
		return;
	w->proxy = (struct conn_proxy){proxy->host, proxy->user, proxy->password, proxy->port};
	net->proxy = &w->proxy;
}

/* --- the question -------------------------------------------------------------- */

/* 64 digits, so that a person can compare them: two lines of eight groups. */
static char *readable(const char *key)
{
	GString *text = g_string_new(NULL);
	for (size_t i = 0; key[i]; i++) {
		if (i % 32 == 0)
			g_string_append(text, i ? "\n    " : "    ");
		else if (i % 4 == 0)
			g_string_append_c(text, ' ');
		g_string_append_c(text, key[i]);
	}
	return g_string_free(text, FALSE);
}

static char *question(const struct agent_way *w)
{
	g_autofree char *key = readable(w->facts.key);
	return g_strdup_printf(
		_("The certificate of '%s' (port %u) cannot be trusted: %s.\n\n"
		  "The fingerprint of the key that the server has is (SHA-256)\n\n%s\n\n"
		  "If you know by other means that this is the right one, the key can be accepted: "
		  "from then on the server has to have this key and no other. If you do not know, "
		  "refuse: somebody may be in between, and would get your password."),
		w->url->host, w->url->port, w->facts.fault, key);
}

static struct record *ask_record(const struct agent_way *w, const char *text)
{
	struct record *ask = record_new("event", "ask");
	g_autofree char *key = g_strconcat("sha256:", w->facts.key, NULL);
	record_set_string(record_set_string(ask, "what", "certificate"), "text", text);
	record_set_string(record_set_string(ask, "host", w->url->host), "reason", w->facts.fault);
	return record_set_string(record_set_int(ask, "port", w->url->port), "fingerprint", key);
}

static char *ask_person(const struct agent_way *w, struct wire_child *child, int64_t id)
{
	g_autofree char *text = question(w);
	if (wire_child_fd(child) >= 0)
		return wire_child_ask_with(child, id, ask_record(w, text));
	g_autofree char *prompt =
		g_strconcat(text, "\n\n", _("Type \"yes\" to accept this key: "), NULL);
	return terminal_ask_line(prompt);
}

static bool says_yes(const char *answer)
{
	g_autofree char *word = g_strstrip(g_strdup(answer ? answer : ""));
	/* TRANSLATORS: the word to be typed in full to accept a key */
	return strcmp(word, "yes") == 0 || strcmp(word, _("yes")) == 0;
}

static bool remember(struct agent_way *w, GError **error)
{
	const struct server_url *url = w->url;
	struct ledger *l = store_ledger(w->store, error);
	if (!l || !pins_accept(l, url->host, url->port, w->facts.key, w->facts.fault, error))
		return false;
	g_clear_pointer(&w->known, pin_free);
	w->known = pins_find(l, url->host, url->port, error);
	return w->known != NULL;
}

bool agent_way_accept(struct agent_way *w, struct wire_child *child, int64_t id, GError **why)
{
	if (agent_code(*why) != CODE_CERTIFICATE || !w->facts.may_accept)
		return false;
	g_autofree char *answer = ask_person(w, child, id);
	if (!says_yes(answer))
		return false;
	g_clear_error(why);
	return remember(w, why);
}
