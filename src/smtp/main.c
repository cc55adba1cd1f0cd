/* SPDX-License-Identifier: MIT
 *
 * dewey-smtp: a sendmail by hand and for other programs, or a child on the
 * wire. */
#include "base/base.h"

#include <stdio.h>
#include <sysexits.h>

#include "base/local.h"
#include "smtp/program.h"

static int help(struct program *p)
{
	g_autofree char *text = options_help();
	local_print(_("dewey-smtp [OPTION…] [--] [RECIPIENT…] <LETTER\n"
		 "sends the letter on standard input.\n\n%s"),
		text);
	return EX_OK;
}

static int version(struct program *p)
{
	puts("dewey-smtp " PACKAGE_VERSION);
	return EX_OK;
}

static int (*const modes[])(struct program *p) = {
	[MODE_LETTER] = program_sendmail,
	[MODE_QUEUE] = program_queue,
	[MODE_LIST] = program_list,
	[MODE_VERIFY] = program_ask,
	[MODE_EXPAND] = program_ask,
	[MODE_SERVER_HELP] = program_ask,
	[MODE_FIND] = program_find,
	[MODE_HELP] = help,
	[MODE_VERSION] = version,
};

static const struct agent_kind kind = {"dewey-smtp", AGENT_SMTP, agent_code, program_requests};

static int run(struct program *p, int argc, char **argv)
{
	struct options *o = &p->options;
	g_autoptr(GError) error = NULL;
	if (!options_parse(o, argc, argv, &error))
		return agent_fail(NULL, error);
	p->agent.rc = g_strdup(o->rc);
	p->agent.sandbox = g_strdup(o->sandbox);
	if (o->trace)
		agent_show_dialogue(&p->agent);
	if (o->mode == MODE_WIRE)
		return agent_serve(&p->agent);
	if (!agent_by_hand(&p->agent, o->events, &error))
		return agent_fail(NULL, error);
	return modes[o->mode](p);
}

int main(int argc, char **argv)
{
	struct program program = {0};
	agent_begin(&program.agent, &kind, &program);
	int status = run(&program, argc, argv);
	agent_clear(&program.agent);
	options_clear(&program.options);
	return status;
}
