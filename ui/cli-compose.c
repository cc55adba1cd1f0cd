/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/report.h"
#include "compose/reply.h"
#include "ui/app.h"
#include "ui/cli.h"

struct options {
	char *subject;
	char **cc, **bcc, **attach;
};

static void options_clear(struct options *o)
{
	g_free(o->subject);
	g_strfreev(o->cc);
	g_strfreev(o->bcc);
	g_strfreev(o->attach);
}

/* "a, b" onto what is there. */
static void add_addresses(char **field, char **addresses)
{
	for (; addresses && *addresses; addresses++) {
		char *all = *field && **field ? g_strconcat(*field, ", ", *addresses, NULL)
					      : g_strdup(*addresses);
		g_free(*field);
		*field = all;
	}
}

static bool attach(struct draft *d, char **paths)
{
	for (; paths && *paths; paths++) {
		char *full = g_canonicalize_filename(*paths, NULL);
		g_ptr_array_add(d->attachments, full);
		if (g_file_test(full, G_FILE_TEST_IS_REGULAR) && access(full, R_OK) == 0)
			continue;
		report_error(_("cannot attach '%s': it is no file that can be read"), *paths);
		return false;
	}
	return true;
}

static bool is_link(const char *word)
{
	return g_ascii_strncasecmp(word, "mailto:", strlen("mailto:")) == 0;
}

/* A link sets the fields, so it comes first, and there is one. */
static int take_link(struct draft *d, char **words)
{
	const char *link = NULL;
	g_autoptr(GError) error = NULL;
	for (; *words; words++) {
		if (!is_link(*words))
			continue;
		if (link) {
			report_error(_("a letter can begin with one link only; '%s' is another"),
				*words);
			return EX_USAGE;
		}
		link = *words;
	}
	if (!link || mailto_parse(link, d, &error))
		return EX_OK;
	report_error("%s", error->message);
	return EX_DATAERR;
}

static int fill(struct draft *d, const struct options *o, char **words)
{
	int status = take_link(d, words);
	for (; *words && status == EX_OK; words++) {
		char *address[] = {*words, NULL};
		if (!is_link(*words))
			add_addresses(&d->to, address);
	}
	if (status != EX_OK)
		return status;
	add_addresses(&d->cc, o->cc);
	add_addresses(&d->bcc, o->bcc);
	if (o->subject) {
		g_free(d->subject);
		d->subject = g_strdup(o->subject);
	}
	return attach(d, o->attach) ? EX_OK : EX_NOINPUT;
}

static int write_letter(struct cli *cli, struct draft *d)
{
	struct app_options options = {.dotfile = cli->dotfile, .letter = d};
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return app_run(&options);
	report_error(_("writing a letter needs a terminal; scripts hand theirs to dewey-smtp(1)"));
	draft_free(d);
	return EX_USAGE;
}

int cli_compose(struct cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const GOptionEntry own[] = {
		{"subject", 's', 0, G_OPTION_ARG_STRING, &o.subject, N_("the subject"), N_("TEXT")},
		{"cc", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.cc, N_("who gets a copy"),
			N_("ADDRESS")},
		{"bcc", 'b', 0, G_OPTION_ARG_STRING_ARRAY, &o.bcc,
			N_("who gets a copy that the others do not know of"), N_("ADDRESS")},
		{"attach", 'a', 0, G_OPTION_ARG_FILENAME_ARRAY, &o.attach,
			N_("a file to be attached"), N_("FILE")},
		{NULL},
	};
	g_autoptr(draft) d = draft_new();
	int status = cli_parse(cli, own, NULL, &argc, &argv);
	if (status == EX_OK)
		status = fill(d, &o, argv + 1);
	if (status == EX_OK)
		status = cli_read_dotfile(cli);
	options_clear(&o);
	return status == EX_OK ? write_letter(cli, g_steal_pointer(&d)) : status;
}
