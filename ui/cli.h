/* SPDX-License-Identifier: MIT
 *
 * The command line: one file cli-NAME.c a sub-command, listed in
 * cli-commands.def.  Results go to stdout, in the charset of the locale or
 * with --json as one UTF-8 object a line; words go to stderr by report.h.
 * Every function returns an exit status of sysexits. */
#ifndef DEWEY_UI_CLI_H
#define DEWEY_UI_CLI_H

#include <json-glib/json-glib.h>

#include "config/dotfile.h"
#include "store/actions.h"
#include "store/index.h"
#include "store/store.h"
#include "store/train.h"

struct cli;

/* A line of cli-commands.def; the texts are marked for translation. */
struct cli_command {
	const char *name, *arguments;
	int (*run)(struct cli *cli, int argc, char **argv);
	const char *help, *more;
	const char *example;
};

/* All of them; and the one of this name, or NULL. */
const struct cli_command *cli_commands(guint *count);
const struct cli_command *cli_command_find(const char *name);

struct cli {
	char *rc;   /* -c FILE; NULL: the usual places */
	gboolean json;
	char *format;     /* of rows, "{date} {subject}"; NULL: the table */
	gboolean snippet; /* the first words of each message below its row */
	int paths;        /* arguments from this one on name files: octets; 0: none does */
	char *sandbox; /* --sandbox=HOW; NULL: as the environment or the dotfile says */
	struct dotfile *dotfile; /* by cli_read_dotfile() or cli_open() */
	struct store *store;     /* by cli_open() */
	struct train_programs programs; /* of the dotfile, for the store */
};

int cli_fetch(struct cli *cli, int argc, char **argv);
int cli_compose(struct cli *cli, int argc, char **argv);
int cli_send(struct cli *cli, int argc, char **argv);
int cli_list(struct cli *cli, int argc, char **argv);
int cli_search(struct cli *cli, int argc, char **argv);
int cli_count(struct cli *cli, int argc, char **argv);
int cli_show(struct cli *cli, int argc, char **argv);
int cli_export(struct cli *cli, int argc, char **argv);
int cli_archive(struct cli *cli, int argc, char **argv);
int cli_import(struct cli *cli, int argc, char **argv);
int cli_fsck(struct cli *cli, int argc, char **argv);
int cli_undo(struct cli *cli, int argc, char **argv);
int cli_tag(struct cli *cli, int argc, char **argv);
int cli_filter(struct cli *cli, int argc, char **argv);
int cli_spam(struct cli *cli, int argc, char **argv);
int cli_ham(struct cli *cli, int argc, char **argv);
int cli_move(struct cli *cli, int argc, char **argv);
int cli_check(struct cli *cli, int argc, char **argv);
int cli_server(struct cli *cli, int argc, char **argv);
int cli_log(struct cli *cli, int argc, char **argv);

/* The options every sub-command takes, filled into cli; g_free() them. */
GOptionEntry *cli_common_options(struct cli *cli);

/* Parses the options of a sub-command: its own (may be NULL) and the common
 * ones.  argv[0] is the command's name.  What is left stands in argv[1] … argv[argc - 1]; needed, translated,
 * says what has to stand there at least, NULL: nothing.  EX_OK, or EX_USAGE with
 * the reason reported. */
int cli_parse(struct cli *cli, const GOptionEntry *own, const char *needed, int *argc,
	char ***argv);

/* Options that GLib does not take, in our words: reported.  The context is that of
 * *argv; command NULL: of dewey itself. */
int cli_bad_option(const GError *error, const GOptionEntry *const *entries, const char *command);

/* Reads the dotfile and opens the store; EX_OK, or the reason reported. */
int cli_open(struct cli *cli);
/* The dotfile alone. */
int cli_read_dotfile(struct cli *cli);

/* Brings the index up to date (cheap when nothing changed). */
bool cli_sync(struct cli *cli, GError **error);

/* The same for who only looks: when the disk is full, or another program has the index
 * locked, that is told, and the index is shown as it is.  *status: then what to exit
 * with, else left alone. */
bool cli_sync_to_look(struct cli *cli, int *status, GError **error);

/* Reports error (freed) and returns the exit status it means. */
int cli_fail(GError *error);

/* The ids of all that the words find, made one query; newest first.  GArray of
 * int64_t; NULL: the reason reported, status set. */
GArray *cli_find(struct cli *cli, char **words, int *status);

/* Runs the filters over what is due (store/filter.h); failures are reported. */
int cli_filter_due(struct cli *cli);

/* UTF-8 text to stdout in the charset of the locale. */
void cli_put(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* An object as one line (freed). */
void cli_put_json(JsonObject *object);
/* What an action did (r is cleared), as words or as JSON.  EX_OK. */
int cli_put_result(struct cli *cli, struct action_result *r);

/* The first columns of text, padded, counted in characters; g_free() it. */
char *cli_column(const char *text, glong width);
/* Whether all names in cli->format are such; else reported. */
bool cli_check_format(struct cli *cli);
/* A list of rows as lines, or as JSON. */
void cli_put_rows(struct cli *cli, const GPtrArray *rows);

#endif
