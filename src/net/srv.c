/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <gio/gio.h>
#include <string.h>

#include "base/sanitize.h"
#include "net/conn.h"
#include "net/srv.h"

void srv_free(struct srv *s)
{
	if (!s)
		return;
	g_free(s->host);
	g_free(s);
}

static struct srv *take(GSrvTarget *target)
{
	struct srv *s = g_new0(struct srv, 1);
	s->host = sanitize_line(g_srv_target_get_hostname(target), -1);
	s->port = g_srv_target_get_port(target);
	if (g_str_has_suffix(s->host, "."))
		s->host[strlen(s->host) - 1] = '\0';
	return s;
}

/* A dot alone: the service is decidedly not there. */
static bool is_denied(GSrvTarget *target)
{
	const char *host = g_srv_target_get_hostname(target);
	return *host == '\0' || g_str_equal(host, ".");
}

struct srv *srv_find(const char *service, const char *domain, GError **error)
{
	g_autoptr(GResolver) resolver = g_resolver_get_default();
	g_autoptr(GError) why = NULL;
	/* Sorted by priority, and by weight as far as chance is wanted. */
	GList *all = g_resolver_lookup_service(resolver, service, "tcp", domain, NULL, &why);
	struct srv *s = all && !is_denied(all->data) ? take(all->data) : NULL;
	g_resolver_free_targets(all);
	if (why && !g_error_matches(why, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
		g_set_error(error, NET_ERROR, NET_ERROR_RESOLVE, "%s", why->message);
	return s;
}
