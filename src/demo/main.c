/* SPDX-License-Identifier: MIT
 *
 * dewey-demo: a practice server for POP3 and SMTP on 127.0.0.1.  It prints its
 * ports as one line of JSON and ends when its standard input is closed.  With
 * --directory it also makes a directory, names it in that line and removes it
 * at the end: so it goes away however "dewey --demo" ended. */
#include "base/base.h"

#include <ftw.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fdio.h"
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

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	return remove(path);
}

/* Programs that are just ending may make another file between the reading of a
 * directory and its removal; then it is read again. */
static void remove_directory(const char *path)
{
	enum { TRIES = 5, OPEN_MAX_DIRS = 16 };
	int left = -1;
	for (int i = 0; i < TRIES && left != 0; i++)
		left = nftw(path, remove_one, OPEN_MAX_DIRS, FTW_DEPTH | FTW_PHYS);
	if (left != 0)
		report_warning(_("'%s' could not be removed"), path);
}

/* A JSON string; file names may hold anything. */
static char *json_quote(const char *text)
{
	GString *out = g_string_new("\"");
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	for (const char *c = valid; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\')
			g_string_append_printf(out, "\\%c", *c);
		else if ((guchar)*c < ' ')
			g_string_append_printf(out, "\\u%04x", *c);
		else
			g_string_append_c(out, *c);
	}
	return g_string_free(g_string_append_c(out, '"'), FALSE);
}

static void print_ready(const struct port *pop3, const struct port *smtp, const char *directory)
{
	g_autofree char *where = directory ? json_quote(directory) : NULL;
	printf("{\"pop3\":%d,\"smtp\":%d,\"user\":\"%s\",\"password\":\"%s\"", pop3->number,
		smtp->number, DEMO_USER, DEMO_PASSWORD);
	if (where)
		printf(",\"directory\":%s", where);
	printf("}\n");
	fflush(stdout);
}

static int serve(struct maildrop *drop, const char *directory, GError **error)
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
	print_ready(&pop3, &smtp, directory);
	g_main_loop_run(loop);
	/* Connections still open may be inside the maildrop: it is not freed,
	 * the end of the process takes all of it. */
	return EX_OK;
}

/* ^C and a terminal that is closed reach all of the front end's processes; the
 * server stays until its input ends, to tidy up. */
static int run(bool with_directory, GError **error)
{
	g_autofree char *directory = NULL;
	if (with_directory) {
		signal(SIGINT, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		directory = g_dir_make_tmp("dewey-demo-XXXXXX", error);
		if (!directory)
			return EX_CANTCREAT;
	}
	int status = serve(maildrop_new(), directory, error);
	if (directory)
		remove_directory(directory);
	return status;
}

enum { DESCRIPTORS = 16 };

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	bool with_directory = argc == 2 && strcmp(argv[1], "--directory") == 0;
	base_init_locale();
	report_init("dewey-demo", REPORT_NORMAL);
	if (argc > 1 && !with_directory) {
		report_error(_("'%s' is not known; there is only --directory"), argv[1]);
		return EX_USAGE;
	}
	int status = fdio_have_room(DESCRIPTORS, &error) ? run(with_directory, &error) : EX_OSERR;
	if (error)
		report_error("%s", error->message);
	fflush(stdout);
	_exit(status); /* threads may still be reading: no destructors under them */
}
