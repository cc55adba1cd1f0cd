/* SPDX-License-Identifier: MIT */
#include "ui/demo.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/path.h"
#include "base/report.h"
#include "ui/app.h"
#include "ui/cli.h"
#include "wire/record.h"

enum { READY_MAX = 4096 };

/* The server, alive as long as its input is open. */
struct practice {
	GPid pid;
	int input;
	char *directory, *rc;
	int pop3, smtp;
	char *user, *password;
};

static void practice_clear(struct practice *p)
{
	if (p->pid) {
		close(p->input);
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	g_free(p->directory);
	g_free(p->rc);
	g_free(p->user);
	g_free(p->password);
}

/* One line, or what came before the end. */
static char *read_line(int fd)
{
	GString *line = g_string_new(NULL);
	char c;
	while (line->len < READY_MAX && read(fd, &c, 1) == 1 && c != '\n')
		g_string_append_c(line, c);
	return g_string_free(line, FALSE);
}

static bool read_ready(struct practice *p, int output, GError **error)
{
	g_autofree char *line = read_line(output);
	g_autoptr(JsonNode) node = json_from_string(line, NULL);
	JsonObject *o = node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
	if (!o || !json_string(o, "directory")) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
			_("the practice server did not start: it said '%s'"), line);
		return false;
	}
	p->pop3 = (int)json_int(o, "pop3");
	p->smtp = (int)json_int(o, "smtp");
	p->user = g_strdup(json_string(o, "user"));
	p->password = g_strdup(json_string(o, "password"));
	p->directory = g_strdup(json_string(o, "directory"));
	return true;
}

static bool practice_start(struct practice *p, GError **error)
{
	g_autofree char *program = path_program("dewey-demo");
	char *argv[] = {program, (char *)"--directory", NULL};
	int output;
	if (!g_spawn_async_with_pipes(NULL, argv, NULL,
		    G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CLOEXEC_PIPES, NULL, NULL, &p->pid,
		    &p->input, &output, NULL, error))
		return false;
	bool ok = read_ready(p, output, error);
	close(output);
	return ok;
}

/* Fetching every few seconds lets a letter that was sent come back by itself. */
static bool write_dotfile(struct practice *p, GError **error)
{
	g_autofree char *text = g_strdup_printf("[account home]\n"
						"name = Sasha Vetrov\n"
						"address = sasha@example.org\n"
						"pop3 = pop3+insecure://%s@127.0.0.1:%d\n"
						"smtp = smtp+insecure://%s@127.0.0.1:%d\n"
						"password = %s\n"
						"\n"
						"[dewey]\n"
						"mail = %s/Mail\n"
						"interval = 5\n"
						"\n"
						"[view %s]\n"
						"query = is:unread\n"
						"\n"
						"[filter %s]\n"
						"match = subject:prize OR subject:slides\n"
						"when = preview\n"
						"do = skip\n",
		p->user, p->pop3, p->user, p->smtp, p->password, p->directory,
		/* TRANSLATORS: the name of a view, in the folder bar */
		_("unread"),
		/* TRANSLATORS: the name of a filter, of letters that are not fetched unseen */
		_("left to be looked at"));
	p->rc = g_build_filename(p->directory, "deweyrc", NULL);
	return fdio_replace_file(p->rc, text, strlen(text), error);
}

static int read_mail(const struct practice *p)
{
	struct cli cli = {.rc = p->rc};
	int status = cli_read_dotfile(&cli);
	if (status == EX_OK) {
		struct app_options options = {.dotfile = cli.dotfile,
			.root = dotfile_mail(cli.dotfile), .fetch = true, .demo = true};
		status = app_run(&options);
	}
	dotfile_free(cli.dotfile);
	return status;
}

int demo_run(bool terminal)
{
	g_autoptr(GError) error = NULL;
	struct practice p = {0};
	int status = EX_UNAVAILABLE;
	if (practice_start(&p, &error) && write_dotfile(&p, &error))
		status = terminal ? read_mail(&p) : demo_round(p.rc);
	if (error)
		report_error("%s", error->message);
	practice_clear(&p);
	return status;
}
