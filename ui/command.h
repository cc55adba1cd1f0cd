/* SPDX-License-Identifier: MIT
 *
 * Commands: commands.def with its handlers, found by name and place. */
#ifndef DEWEY_UI_COMMAND_H
#define DEWEY_UI_COMMAND_H

#include "ui/ui.h"

enum argument {
	ARGUMENT_NONE,
	ARGUMENT_TEXT,
	ARGUMENT_QUERY,
	ARGUMENT_FOLDER,
	ARGUMENT_FILE,
	ARGUMENT_ADDRESS,
	ARGUMENT_ACCOUNT,
	ARGUMENT_CHARSET,
	ARGUMENT_PART,
};

/* argument: NULL when none was given. */
typedef void (*command_handler)(struct ui *ui, const char *argument);

struct command {
	unsigned contexts; /* enum context */
	const char *name;
	enum argument argument;
	command_handler handler;
	const char *help; /* marked for translation, not translated */
};

const struct command *command_table(guint *count);
/* NULL: none of this name that is valid in all or some of contexts. */
const struct command *command_lookup(const char *name, unsigned contexts);

/* The messages that a command on this page is about: GArray of int64_t index ids; NULL:
 * none, told. */
GArray *command_targets(struct ui *ui);

/* Runs "name argument" in the place where the user is; tells what is wrong. */
void command_run(struct ui *ui, const char *line);
/* For the ":" line. */
GPtrArray *command_complete(struct ui *ui, const char *text);

/* "list": as in [keys list]; 0: no such. */
unsigned context_from_name(const char *name);
/* NULL-terminated. */
const char *const *context_names(void);

#define COMMAND(contexts, name, argument, handler, help)                                           \
	void handler(struct ui *ui, const char *arg);
#include "ui/commands.def"
#undef COMMAND

/* Whether text is a query; if not, the user is told why. */
bool command_query_good(struct ui *ui, const char *text);

#endif
