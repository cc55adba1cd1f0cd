/* SPDX-License-Identifier: MIT
 *
 * dewey-smtp: a sendmail by hand and for other programs, or a child on the
 * wire. */
#include "base/base.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/report.h"
#include "smtp/agent.h"

static int help(struct agent *a)
{
	g_autofree char *text = options_help();
	printf(_("dewey-smtp [OPTION…] [--] [RECIPIENT…] <LETTER\n"
		 "sends the letter on standard input.\n\n%s"),
		text);
	return EX_OK;
}

static int version(struct agent *a)
{
	puts("dewey-smtp " PACKAGE_VERSION);
	return EX_OK;
}

static int (*const modes[])(struct agent *a) = {
	[MODE_LETTER] = agent_sendmail,
	[MODE_QUEUE] = agent_queue,
	[MODE_LIST] = agent_list,
	[MODE_WIRE] = agent_serve,
	[MODE_HELP] = help,
	[MODE_VERSION] = version,
};

/* Core files and debuggers of the same user would see passwords (T-30). */
static void harden(void)
{
	umask(077);
#ifndef __SANITIZE_ADDRESS__ /* its leak checker has to look into us */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int run(struct agent *a, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	report_init(AGENT_PROGRAM, REPORT_NORMAL);
	if (!options_parse(&a->options, argc, argv, &error))
		return agent_fail(error);
	if (a->options.trace)
		report_init(AGENT_PROGRAM, REPORT_DEBUG);
	if (a->options.mode == MODE_WIRE)
		return modes[MODE_WIRE](a);
	a->interrupt = interrupt_new();
	a->child = a->options.events ? wire_child_new_events(STDOUT_FILENO, AGENT_PROGRAM)
				     : wire_child_new_silent();
	return modes[a->options.mode](a);
}

int main(int argc, char **argv)
{
	struct agent agent = {0};
	harden();
	base_init_locale();
	int status = run(&agent, argc, argv);
	agent_clear(&agent);
	return status;
}
