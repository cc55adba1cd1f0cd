/* SPDX-License-Identifier: MIT
 *
 * dewey-demo: a practice server for POP3 and SMTP on 127.0.0.1.  It prints its
 * ports as one line of JSON and ends when its standard input is closed. */
#include "base/base.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/report.h"
#include "demo/peer.h"

enum { CONNECTIONS_MAX = 16 };

struct port {
	struct maildrop *drop;
	void (*serve)(struct peer *p, struct maildrop *m);
	GSocketService *service;
	guint16 number;
};

static gboolean connected(GThreadedSocketService *service, GSocketConnection *connection,
	GObject *source, gpointer data)
{
	struct port *port = data;
	struct peer *p = peer_new(connection);
	port->serve(p, port->drop);
	peer_free(p);
	return TRUE;
}

static bool port_open(struct port *port, GError **error)
{
	port->service = g_threaded_socket_service_new(CONNECTIONS_MAX);
	g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string("127.0.0.1", 0);
	g_autoptr(GSocketAddress) got = NULL;
	if (!g_socket_listener_add_address(G_SOCKET_LISTENER(port->service), any,
		    G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &got, error))
		return false;
	port->number = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(got));
	g_signal_connect(port->service, "run", G_CALLBACK(connected), port);
	g_socket_service_start(port->service);
	return true;
}

/* Our parent is gone, or has seen enough. */
static gboolean stdin_ready(GIOChannel *channel, GIOCondition condition, gpointer loop)
{
	char ignored[256];
	if (read(STDIN_FILENO, ignored, sizeof ignored) > 0)
		return G_SOURCE_CONTINUE;
	g_main_loop_quit(loop);
	return G_SOURCE_REMOVE;
}

static int serve(struct maildrop *drop, GError **error)
{
	struct port pop3 = {.drop = drop, .serve = pop3_serve};
	struct port smtp = {.drop = drop, .serve = smtp_serve};
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	g_autoptr(GIOChannel) channel = g_io_channel_unix_new(STDIN_FILENO);
	if (!maildrop_add_samples(drop, error))
		return EX_SOFTWARE;
	if (!port_open(&pop3, error) || !port_open(&smtp, error))
		return EX_OSERR;
	g_io_add_watch(channel, G_IO_IN | G_IO_HUP | G_IO_ERR, stdin_ready, loop);
	printf("{\"pop3\":%d,\"smtp\":%d,\"user\":\"%s\",\"password\":\"%s\"}\n", pop3.number,
		smtp.number, DEMO_USER, DEMO_PASSWORD);
	fflush(stdout);
	g_main_loop_run(loop);
	/* Connections still open may be inside the maildrop: it is not freed,
	 * the end of the process takes all of it. */
	return EX_OK;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	base_init_locale();
	report_init("dewey-demo", REPORT_NORMAL);
	if (argc > 1) {
		report_error(_("'%s': dewey-demo takes no arguments; close its input to end it"),
			argv[1]);
		return EX_USAGE;
	}
	int status = serve(maildrop_new(), &error);
	if (error)
		report_error("%s", error->message);
	fflush(stdout);
	_exit(status); /* threads may still be reading: no destructors under them */
}
