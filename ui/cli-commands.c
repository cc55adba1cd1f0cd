/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <string.h>

static const struct cli_command commands[] = {
#define CLI(name, arguments, function, help, more, example)                                        \
	{name, arguments, function, help, more, example},
#include "ui/cli-commands.def"
#undef CLI
};

const struct cli_command *cli_commands(guint *count)
{
	*count = G_N_ELEMENTS(commands);
	return commands;
}

const struct cli_command *cli_command_find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}
