/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/report.h"
#include "ui/app.h"
#include "ui/cli.h"
#include "ui/demo.h"

struct options {
	gboolean demo, version;
	int verbose;
};

static gboolean more_verbose(const char *name, const char *value, void *data, GError **error)
{
	report_init("dewey", REPORT_DEBUG);
	return TRUE;
}

static char *list_commands(void)
{
	guint n;
	const struct cli_command *commands = cli_commands(&n);
	GString *text = g_string_new(_("Without a command, dewey reads mail. The commands:"));
	for (guint i = 0; i < n; i++) {
		g_autofree char *call =
			g_strdup_printf("%s %s", commands[i].name, *commands[i].arguments ? _(commands[i].arguments) : "");
		int pad = MAX(24 - (int)g_utf8_strlen(call, -1), 1);
		g_string_append_printf(text, "\n  %s%*s%s", call, pad, "", _(commands[i].help));
	}
	return g_string_free(text, FALSE);
}

static int parse(struct cli *cli, struct options *o, int *argc, char ***argv)
{
	const GOptionEntry own[] = {
		{"demo", 0, 0, G_OPTION_ARG_NONE, &o->demo,
			N_("try dewey: a practice server and a throw-away store"), NULL},
		{"verbose", 'v', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, (void *)more_verbose,
			N_("show the records between the programs on stderr"), NULL},
		{"version", 0, 0, G_OPTION_ARG_NONE, &o->version, N_("print the version"), NULL},
		{NULL},
	};
	g_autoptr(GError) error = NULL;
	g_autofree GOptionEntry *common = cli_common_options(cli);
	g_autoptr(GOptionContext) context = g_option_context_new(_("[COMMAND …]"));
	g_autofree char *summary = list_commands();
	/* What stands behind the command is the command's. */
	g_option_context_set_strict_posix(context, TRUE);
	g_option_context_set_summary(context, summary);
	g_option_context_add_main_entries(context, common, PACKAGE);
	g_option_context_add_main_entries(context, own, PACKAGE);
	if (g_option_context_parse(context, argc, argv, &error))
		return EX_OK;
	const GOptionEntry *const entries[] = {common, own, NULL};
	return cli_bad_option(error, entries, NULL);
}

/* As programs call it that open links. */
static int write_to(struct cli *cli, char *link)
{
	char *argv[] = {(char *)"compose", (char *)"--", link, NULL};
	return cli_compose(cli, G_N_ELEMENTS(argv) - 1, argv);
}

static int run_command(struct cli *cli, int argc, char **argv)
{
	if (argc == 1 && g_ascii_strncasecmp(argv[0], "mailto:", strlen("mailto:")) == 0)
		return write_to(cli, argv[0]);
	guint n;
	const struct cli_command *commands = cli_commands(&n), *c = cli_command_find(argv[0]);
	if (c)
		return c->run(cli, argc, argv);
	g_autofree const char **names = g_new0(const char *, n + 1);
	for (guint i = 0; i < n; i++)
		names[i] = commands[i].name;
	const char *meant = dotfile_did_you_mean(argv[0], names);
	if (meant)
		report_error(_("unknown command '%s'; did you mean '%s'?"), argv[0], meant);
	else
		report_error(_("unknown command '%s'; see 'dewey --help'"), argv[0]);
	return EX_USAGE;
}

static int run_reader(struct cli *cli)
{
	int status = cli_read_dotfile(cli);
	if (status != EX_OK)
		return status;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		report_error(_("the reader needs a terminal; "
			       "for scripts there are commands: see 'dewey --help'"));
		return EX_USAGE;
	}
	struct app_options options = {.dotfile = cli->dotfile};
	return app_run(&options);
}

static int run(struct cli *cli, int argc, char **argv)
{
	struct options o = {0};
	int status = parse(cli, &o, &argc, &argv);
	if (status != EX_OK)
		return status;
	if (o.version) {
		printf("%s\n", PACKAGE_STRING);
		return EX_OK;
	}
	if (o.demo)
		return demo_run(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
	return argc > 1 ? run_command(cli, argc - 1, argv + 1) : run_reader(cli);
}

/* For an agent for each of a few accounts, workers, databases and threads. */
enum { DESCRIPTORS = 64 };

int main(int argc, char **argv)
{
	struct cli cli = {0};
	g_autoptr(GError) error = NULL;
	base_init_locale();
	report_init("dewey", REPORT_NORMAL);
	/* A pager that ends early is no reason to die in the middle of a write. */
	signal(SIGPIPE, SIG_IGN);
	int status = fdio_have_room(DESCRIPTORS, &error) ? run(&cli, argc, argv)
					    : cli_fail(g_steal_pointer(&error));
	store_free(cli.store);
	dotfile_free(cli.dotfile);
	g_free(cli.rc);
	g_free(cli.sandbox);
	if (fflush(stdout) != 0 && status == EX_OK)
		status = EX_IOERR;
	return status;
}
