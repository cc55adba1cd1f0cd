/* SPDX-License-Identifier: MIT
 *
 * The doctor: a line for each step of a visit to the server, with the cure. */
#include "ui/agents.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ui/width.h"

enum { STEP_WIDTH = 10, VERDICT_WIDTH = 10, INDENT = 2 + STEP_WIDTH + VERDICT_WIDTH, LITTLE = 4 };

struct choice {
	gboolean forget_key;
	const struct account *last; /* whose steps were printed last */
};

static bool prepare(const struct account *a, struct record *request, void *data)
{
	const struct choice *choice = data;
	if (choice->forget_key)
		record_set_bool(request, "forget-key", true);
	return true;
}

/* Padded to a width in characters: the words are translated. */
static void put_padded(const char *text, int width)
{
	cli_put("%s%*s", text, MAX(1, width - width_text(text)), "");
}

static int terminal_width(void)
{
	struct winsize size;
	bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 2 * INDENT;
	return known ? size.ws_col : G_MAXINT;
}

/* To a terminal in lines of whole words below each other.  A word that is too
 * long for that, a fingerprint, begins further left and stays in one piece, so
 * that it can be copied. */
static void put_text(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	int width = terminal_width(), column = INDENT;
	for (char **word = words; *word; word++) {
		int columns = width_text(*word);
		int space = word != words;
		bool fits = columns < width - column - space;
		int indent = columns < width - INDENT ? INDENT : LITTLE;
		if (!fits)
			cli_put("\n%*s", indent, "");
		else if (space)
			cli_put(" ");
		column = (fits ? column + space : indent) + columns;
		cli_put("%s", *word);
	}
	cli_put("\n");
}

static void put_below(const char *text)
{
	cli_put("%*s", INDENT, "");
	put_text(text);
}

static void put_head(const struct account *a, struct choice *choice)
{
	g_autofree char *url = server_url_text("pop3", a->pop3);
	if (choice->last != a)
		cli_put("%s%s: %s\n", choice->last ? "\n" : "", a->id, url);
	choice->last = a;
}

static void print(const struct account *a, const struct record *r, void *data)
{
	const char *step = record_string(r, "step"), *text = record_string(r, "text");
	const char *cure = record_string(r, "cure");
	JsonArray *details = record_array(r, "details");
	put_head(a, data);
	cli_put("  ");
	put_padded(step ? step : "?", STEP_WIDTH);
	/* TRANSLATORS: what a step of 'dewey check' came to, nine letters at most */
	put_padded(!record_bool(r, "ok")       ? _("FAILED")
		   : record_bool(r, "warning") ? _("warning")
					       : _("ok"),
		VERDICT_WIDTH);
	put_text(text ? text : "");
	for (guint i = 0; details && i < json_array_get_length(details); i++)
		put_below(json_array_get_string_element(details, i));
	if (!cure)
		return;
	g_autofree char *line = g_strdup_printf(_("what to do: %s"), cure);
	put_below(line);
}

static char *describe(const struct account *a, const struct record *done)
{
	return NULL;
}

static bool wants(const struct account *a)
{
	return a->pop3 != NULL;
}

int cli_check(struct cli *cli, int argc, char **argv)
{
	struct choice choice = {0};
	const GOptionEntry own[] = {
		{"forget-key", 0, 0, G_OPTION_ARG_NONE, &choice.forget_key,
			N_("first forget the keys that were accepted for the account's servers"), NULL},
		G_OPTION_ENTRY_NULL,
	};
	const struct agent_job job = {.program = "dewey-pop3",
		.request = "check",
		.describe = describe,
		.wants = wants,
		.options = own,
		.prepare = prepare,
		.in_turn = true,
		.event = "step",
		.print = print,
		.data = &choice};
	return agents_command(cli, &job, argc, argv);
}
