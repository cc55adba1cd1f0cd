/* SPDX-License-Identifier: MIT
 *
 * The ways to a server: straight, by a proxy, through a command. */
#include "base/base.h"

#include "base/clock.h"
#include "net/internal.h"

static bool by_proxy(struct conn *c, const struct conn_proxy *proxy, GError **error)
{
	g_autofree char *name = NULL;
	struct target target = {.host = proxy->host,
		.port = proxy->port,
		.deadline = net_deadline(c->connect_timeout)};
	if (!net_host_name(proxy->host, &name, &target.is_address, error))
		return false;
	target.name = name;
	c->awaited = proxy->host;
	bool ok = net_race(c, &target, error) && net_socks(c, proxy, target.deadline, error);
	c->awaited = c->host;
	return ok;
}

static bool go(struct conn *c, const struct conn_params *params, GError **error)
{
	const struct target target = {.host = c->host,
		.name = c->name,
		.port = c->port,
		.is_address = c->is_address,
		.outside_only = params->outside_only,
		.deadline = net_deadline(c->connect_timeout)};
	g_assert(!params->proxy || !params->tunnel);
	if (params->tunnel)
		return net_tunnel(c, params, error);
	if (params->proxy)
		return by_proxy(c, params->proxy, error);
	return net_race(c, &target, error);
}

bool net_connect(struct conn *c, const struct conn_params *params, GError **error)
{
	conn_facts_clear(c->facts);
	c->facts->connected = go(c, params, error);
	return c->facts->connected;
}

void conn_facts_clear(struct conn_facts *f)
{
	g_clear_pointer(&f->addresses, g_ptr_array_unref);
	g_clear_pointer(&f->chain, g_ptr_array_unref);
	g_free(f->address);
	g_free(f->tls);
	g_free(f->names);
	g_free(f->key);
	g_free(f->fault);
	*f = (struct conn_facts){0};
}
