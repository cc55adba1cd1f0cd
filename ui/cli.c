/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/local.h"
#include "base/report.h"
#include "base/sandbox.h"
#include "mime/client.h"
#include "store/query.h"
#include "store/sync.h"
#include "store/tag-letters.h"
#include "ui/filters.h"
#include "ui/wishes.h"
#include "wire/child.h"

GOptionEntry *cli_common_options(struct cli *cli)
{
	GOptionEntry entries[] = {
		{"config", 'c', 0, G_OPTION_ARG_FILENAME, &cli->rc,
			N_("read FILE instead of ~/.deweyrc"), N_("FILE")},
		{"sandbox", 0, 0, G_OPTION_ARG_STRING, &cli->sandbox,
			N_("confine what reads foreign octets: auto, require or off"), N_("HOW")},
		{"json", 0, 0, G_OPTION_ARG_NONE, &cli->json, N_("print one JSON object a line"),
			NULL},
		{NULL},
	};
	return g_memdup2(entries, sizeof entries);
}

/* What --help says besides the options. */
static GOptionContext *describe(const struct cli_command *command)
{
	GOptionContext *context = g_option_context_new(*command->arguments ? _(command->arguments) : NULL);
	g_autofree char *program = g_strconcat("dewey ", command->name, NULL);
	g_autofree char *help = g_strdup(_(command->help));
	gunichar first = g_utf8_get_char(help);
	g_autoptr(GString) summary = g_string_new(NULL);
	g_string_append_unichar(summary, g_unichar_toupper(first));
	g_string_append_printf(summary, "%s.\n%s", g_utf8_next_char(help), _(command->more));
	g_autofree char *example = g_strdup_printf(_("Example:\n  %s"), command->example);
	g_set_prgname(program);
	g_option_context_set_summary(context, summary->str);
	g_option_context_set_description(context, example);
	return context;
}

/* The word that GLib complains of, whatever its language. */
static char *option_named(const char *message)
{
	const char *dash = strstr(message, " -");
	return dash ? g_strndup(dash + 1, strcspn(dash + 1, " \t")) : g_strdup("");
}

static char *nearest_option(const char *word, const GOptionEntry *const *entries)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (; *entries; entries++)
		for (const GOptionEntry *e = *entries; e->long_name; e++)
			g_ptr_array_add(names, (char *)e->long_name);
	g_ptr_array_add(names, (char *)"help");
	g_ptr_array_add(names, NULL);
	word += strspn(word, "-");
	const char *meant = strlen(word) > 1 ? dotfile_did_you_mean(
						       word, (const char *const *)names->pdata)
					     : NULL;
	return meant ? g_strconcat("--", meant, NULL) : NULL;
}

int cli_bad_option(const GError *error, const GOptionEntry *const *entries, const char *command)
{
	g_autofree char *word = option_named(error->message);
	g_autofree char *meant = nearest_option(word, entries);
	bool unknown = g_error_matches(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION);
	if (unknown && meant)
		report_error(_("unknown option '%s'; did you mean '%s'?"), word, meant);
	else if (unknown && command)
		report_error(_("unknown option '%s'; see 'dewey %s --help'"), word, command);
	else if (unknown)
		report_error(_("unknown option '%s'; see 'dewey --help'"), word);
	else if (command)
		report_error(_("'%s' has no value, or a wrong one; see 'dewey %s --help'"), word,
			command);
	else
		report_error(_("'%s' has no value, or a wrong one; see 'dewey --help'"), word);
	return EX_USAGE;
}

static void drop_first(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++)
		argv[i] = argv[i + 1];
	--*argc;
}

/* Names of files are octets; everything else is text. */
static void decode_arguments(const struct cli *cli, int argc, char **argv)
{
	for (int i = 1; i < argc && (cli->paths == 0 || i < cli->paths); i++) {
		g_autofree char *text = local_decode(argv[i], -1);
		if (!local_is_utf8())
			argv[i] = (char *)g_intern_string(text);
	}
}

int cli_parse(struct cli *cli, const GOptionEntry *own, const char *needed, int *argc, char ***argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree GOptionEntry *common = cli_common_options(cli);
	const struct cli_command *command = cli_command_find((*argv)[0]);
	g_autoptr(GOptionContext) context = describe(command);
	if (own)
		g_option_context_add_main_entries(context, own, PACKAGE);
	g_option_context_add_main_entries(context, common, PACKAGE);
	if (!g_option_context_parse(context, argc, argv, &error)) {
		const GOptionEntry *const entries[] = {common, own, NULL};
		return cli_bad_option(error, entries, command->name);
	}
	/* GLib leaves it where an argument with a dash follows. */
	if (*argc > 1 && strcmp((*argv)[1], "--") == 0)
		drop_first(argc, *argv);
	decode_arguments(cli, *argc, *argv);
	if (needed && *argc < 2) {
		/* TRANSLATORS: a command and what it needs: 'list' wants FOLDER|VIEW */
		report_error(_("'%s' wants %s behind it; see 'dewey %s --help'"),
			command->name, needed, command->name);
		return EX_USAGE;
	}
	return EX_OK;
}

static void say_how_to_begin(void)
{
	g_printerr("%s\n%s\n%s\n",
		_("dewey: there is no dotfile yet, so there is no account to read mail from."),
		_("To begin, write your account into ~/.deweyrc: five lines, shown in deweyrc(5)."),
		_("To try dewey first, with sample mail and a practice server: dewey --demo"));
}

/* For the worker and the agents, which are told by the environment. */
static int choose_sandbox(struct cli *cli)
{
	g_autoptr(GError) error = NULL;
	enum sandbox_mode mode;
	if (!sandbox_mode_choose(cli->sandbox, dotfile_sandbox(cli->dotfile), &mode, &error)) {
		report_error("%s", error->message);
		return EX_USAGE;
	}
	sandbox_mode_hand_on(mode);
	return EX_OK;
}

int cli_read_dotfile(struct cli *cli)
{
	g_autofree char *path = dotfile_find(cli->rc);
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	if (!path) {
		say_how_to_begin();
		return EX_CONFIG;
	}
	cli->dotfile = dotfile_load(path, mistakes);
	if (cli->dotfile && !dotfile_check_queries(cli->dotfile, query_fault, mistakes))
		g_clear_pointer(&cli->dotfile, dotfile_free);
	for (guint i = 0; i < mistakes->len; i++)
		report_error("%s", (char *)mistakes->pdata[i]);
	if (!cli->dotfile)
		return EX_CONFIG;
	/* The agents read it themselves. */
	dotfile_forget_secrets(cli->dotfile);
	return choose_sandbox(cli);
}

int cli_open(struct cli *cli)
{
	GError *error = NULL;
	int status = cli_read_dotfile(cli);
	if (status != EX_OK)
		return status;
	cli->store = store_open(dotfile_mail(cli->dotfile), &error);
	if (!cli->store)
		return cli_fail(error);
	wishes_tell(cli->store, cli->dotfile);
	cli->programs = filters_programs(cli->dotfile);
	train_by(cli->store, &cli->programs);
	tag_letters_wish(cli->store, dotfile_keywords(cli->dotfile));
	return EX_OK;
}

bool cli_sync(struct cli *cli, GError **error)
{
	return sync_run(cli->store, NULL, NULL, NULL, error);
}

/* What the codes of the folders mean for a shell; the rest is a fault. */
static const struct {
	GQuark (*domain)(void);
	int code, status;
} statuses[] = {
	{store_error_quark, STORE_ERROR_BUSY, EX_TEMPFAIL},
	{store_error_quark, STORE_ERROR_DISK, EX_IOERR},
	{store_error_quark, STORE_ERROR_MISSING, EX_NOINPUT},
	{store_error_quark, STORE_ERROR_NAME, EX_USAGE},
	{store_error_quark, STORE_ERROR_QUERY, EX_USAGE},
	{store_error_quark, STORE_ERROR_DAMAGED, EX_DATAERR},
	{store_error_quark, STORE_ERROR_STATE, EX_USAGE},
	{store_error_quark, STORE_ERROR_CANCELLED, EX_TEMPFAIL},
	{store_error_quark, STORE_ERROR_SYSTEM, EX_OSERR},
	{mime_error_quark, MIME_ERROR_NO_PART, EX_USAGE},
	{mime_error_quark, MIME_ERROR_START, EX_UNAVAILABLE},
	{mime_error_quark, MIME_ERROR_CRASHED, EX_DATAERR},
	{mime_error_quark, MIME_ERROR_TIMEOUT, EX_DATAERR},
	{mime_error_quark, MIME_ERROR_PARSE, EX_DATAERR},
};

static int status_of(const GError *error)
{
	int status = wire_code_exit_status(wire_error_code(error));
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
		if (g_error_matches(error, statuses[i].domain(), statuses[i].code))
			status = statuses[i].status;
	return status;
}

int cli_fail(GError *error)
{
	int status = status_of(error);
	report_error("%s", error->message);
	g_error_free(error);
	return status;
}

/* Whatever passes by itself, or with a hand's help. */
static bool passes(const GError *why)
{
	return g_error_matches(why, STORE_ERROR, STORE_ERROR_BUSY) ||
	       g_error_matches(why, STORE_ERROR, STORE_ERROR_DISK) ||
	       g_error_matches(why, STORE_ERROR, STORE_ERROR_SYSTEM);
}

bool cli_sync_to_look(struct cli *cli, int *status, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (cli_sync(cli, &why))
		return true;
	if (!passes(why) || !store_index(cli->store, NULL)) {
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	*status = status_of(why);
	report_error(_("%s; what changed since the index was written is not shown"), why->message);
	return true;
}

void cli_put(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	local_vprint(format, args);
	va_end(args);
}

void cli_put_json(JsonObject *object)
{
	g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
	g_autofree char *line = json_to_string(node, FALSE);
	json_object_unref(object);
	puts(line);
}

int cli_put_result(struct cli *cli, struct action_result *r)
{
	if (cli->json) {
		JsonObject *o = json_object_new();
		json_object_set_int_member(o, "changed", r->done);
		json_object_set_int_member(o, "missing", r->missing);
		cli_put_json(o);
	} else {
		report_info("%s", r->text);
	}
	action_result_clear(r);
	return EX_OK;
}
