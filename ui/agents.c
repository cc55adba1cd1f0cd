/* SPDX-License-Identifier: MIT */
#include "ui/agents.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/local.h"
#include "base/report.h"
#include "base/size.h"
#include "base/terminal.h"
#include "store/trash.h"
#include "ui/feeder.h"
#include "wire/parent.h"

struct run {
	struct cli *cli;
	const struct agent_job *job;
	GMainLoop *loop;
	guint open;
	int status;
	bool progress; /* a line of progress stands on the terminal */
	struct feeder *feeder; /* NULL: what is stored is not indexed here */
};

struct child {
	struct run *run;
	const struct account *account;
	struct wire_parent *wire;
	bool told; /* events of the job's own were printed */
};

static void child_free(struct child *c)
{
	wire_parent_free(c->wire);
	g_free(c);
}

static void clear_progress(struct run *run)
{
	if (run->progress)
		fputs("\r\033[K", stderr);
	run->progress = false;
}

static void show_progress(struct child *c, const struct record *r)
{
	if (c->run->cli->json || !isatty(STDERR_FILENO))
		return;
	g_autofree char *size = size_text(record_int(r, "octets"));
	int done = (int)record_int(r, "done"), total = (int)record_int(r, "total");
	g_autofree char *text = record_has(r, "octets")
		? g_strdup_printf(_("%s: %d of %d, %s"), c->account->id, done, total, size)
		: g_strdup_printf(_("%s: %d of %d"), c->account->id, done, total);
	clear_progress(c->run);
	local_put(stderr, text);
	c->run->progress = true;
}

static void answer(struct child *c, const struct record *ask)
{
	clear_progress(c->run);
	const char *text = record_string(ask, "text");
	bool key = g_strcmp0(record_string(ask, "what"), "certificate") == 0;
	g_autofree char *prompt = key ? g_strdup_printf("%s\n\n%s", text ? text : "",
						_("Type \"yes\" to accept this key: "))
				      : g_strdup_printf("%s ", text ? text : _("password:"));
	char *secret = key ? terminal_ask_line(prompt) : terminal_ask_secret(prompt);
	wire_parent_answer(c->wire, ask, secret);
	if (secret)
		explicit_bzero(secret, strlen(secret));
	g_free(secret);
}

static void put_result(struct child *c, const struct record *r)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *line = record_line(r);
	g_autoptr(record) copy = record_parse(line, -1, &error);
	g_assert_no_error(error);
	record_set_string(copy, "account", c->account->id);
	g_autofree char *out = record_line(copy);
	puts(out);
}

/* A session can end well and a letter of it badly. */
static void take_done(struct child *c, const struct record *r)
{
	struct run *run = c->run;
	g_autofree char *text = run->job->describe ? run->job->describe(c->account, r) : NULL;
	if (run->status == EX_OK && record_int(r, "refused") > 0)
		run->status = EX_NOUSER;
	if (run->status == EX_OK && record_int(r, "uncertain") > 0)
		run->status = EX_TEMPFAIL;
	if (text && !run->cli->json)
		report_info("%s", text);
}

static void finish(struct child *c, const struct record *r)
{
	struct run *run = c->run;
	clear_progress(run);
	if (run->cli->json && !run->job->quiet)
		put_result(c, r);
	if (run->job->ended)
		run->job->ended(c->account, r, run->job->data);
	if (record_is(r, "event", "failed")) {
		const char *code = record_string(r, "code");
		const char *text = record_string(r, "text");
		int status = wire_code_exit_status(wire_code_from_name(code ? code : ""));
		if (!c->told)
			report_error("%s: %s", c->account->id, text ? text : _("failed"));
		run->status = run->status == EX_OK ? status : run->status;
	} else {
		take_done(c, r);
	}
	if (--run->open == 0)
		g_main_loop_quit(run->loop);
}

static void warn(struct child *c, const struct record *r)
{
	clear_progress(c->run);
	if (record_is(r, "event", "refused"))
		report_warning(_("%s: '%s' was refused; the server says: %s"), c->account->id,
			record_string(r, "recipient"), record_string(r, "server"));
	else
		report_warning(_("%s: letter %d of the outbox: %s"), c->account->id,
			(int)record_int(r, "item"), record_string(r, "text"));
}

static void print_event(struct child *c, const struct record *r)
{
	c->told = true;
	if (c->run->cli->json)
		put_result(c, r);
	else
		c->run->job->print(c->account, r, c->run->job->data);
}

static void stored(struct child *c, const struct record *r)
{
	const char *folder = record_string(r, "folder"), *name = record_string(r, "name");
	if (folder && name && c->run->feeder)
		feeder_stored(c->run->feeder, folder, name);
}

static void on_event(const struct record *r, bool last, void *data)
{
	static const char *const warnings[] = {"refused", "held", "deferred", "uncertain"};
	struct child *c = data;
	for (size_t i = 0; !last && i < G_N_ELEMENTS(warnings); i++)
		if (record_is(r, "event", warnings[i]))
			warn(c, r);
	const char *own = c->run->job->event;
	if (last)
		finish(c, r);
	else if (own && record_is(r, "event", own))
		print_event(c, r);
	else if (record_is(r, "event", "stored"))
		stored(c, r);
	else if (record_is(r, "event", "progress"))
		show_progress(c, r);
	else if (record_is(r, "event", "ask"))
		answer(c, r);
}

static void start(struct run *run, GPtrArray *children, const struct account *a)
{
	g_autoptr(GError) error = NULL;
	const char *argv[] = {run->job->program, "-c", dotfile_path(run->cli->dotfile), "--wire",
		NULL};
	g_autoptr(record) request = record_new("do", run->job->request);
	record_set_string(request, "account", a->id);
	if (run->job->prepare && !run->job->prepare(a, request, run->job->data))
		return;
	struct child *c = g_new0(struct child, 1);
	c->run = run;
	c->account = a;
	c->wire = wire_parent_new(argv, false, &error);
	if (!c->wire) {
		run->status = cli_fail(g_steal_pointer(&error));
		g_free(c);
		return;
	}
	g_ptr_array_add(children, c);
	run->open++;
	wire_parent_request(c->wire, g_steal_pointer(&request), NULL, 0, on_event, c);
}

GPtrArray *agents_accounts(struct cli *cli, const struct agent_job *job, char **names)
{
	g_autoptr(GPtrArray) accounts = g_ptr_array_new();
	for (guint i = 0; !*names && i < dotfile_account_count(cli->dotfile); i++)
		if (job->wants(dotfile_account(cli->dotfile, i)))
			g_ptr_array_add(accounts, (void *)dotfile_account(cli->dotfile, i));
	for (; *names; names++) {
		const struct account *a = dotfile_account_by_name(cli->dotfile, *names);
		if (!a) {
			g_autofree char *text = dotfile_no_account(cli->dotfile, *names);
			report_error("%s", text);
			return NULL;
		}
		g_ptr_array_add(accounts, (void *)a);
	}
	return g_steal_pointer(&accounts);
}

static int run_accounts(struct cli *cli, const struct agent_job *job, const GPtrArray *accounts,
	struct feeder *feeder)
{
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	g_autoptr(GPtrArray) children =
		g_ptr_array_new_with_free_func((GDestroyNotify)child_free);
	struct run run = {
		.cli = cli, .job = job, .loop = loop, .status = EX_OK, .feeder = feeder};
	for (guint i = 0; i < accounts->len; i++) {
		start(&run, children, accounts->pdata[i]);
		if (job->in_turn && run.open > 0)
			g_main_loop_run(loop);
	}
	if (run.open > 0)
		g_main_loop_run(loop);
	return run.status;
}

int agents_run(struct cli *cli, const struct agent_job *job, const GPtrArray *accounts)
{
	return run_accounts(cli, job, accounts, NULL);
}

/* After a fetch the index is what the files are. */
static int empty_trash(struct cli *cli)
{
	GError *error = NULL;
	int64_t removed;
	int days = dotfile_trash(cli->dotfile);
	if (days == 0)
		return EX_OK;
	if (!trash_empty(cli->store, days, &removed, &error))
		return cli_fail(error);
	if (removed > 0)
		report_info(P_("%d message removed from Trash for good",
				    "%d messages removed from Trash for good", removed),
			(int)removed);
	return EX_OK;
}

int agents_command(struct cli *cli, const struct agent_job *job, int argc, char **argv)
{
	GError *error = NULL;
	int status = cli_parse(cli, job->options, NULL, &argc, &argv);
	if (status != EX_OK || (status = cli_open(cli)) != EX_OK)
		return status;
	g_autoptr(GPtrArray) accounts = agents_accounts(cli, job, argv + 1);
	if (!accounts)
		return EX_USAGE;
	struct feeder *feeder = feeder_new(dotfile_mail(cli->dotfile));
	status = run_accounts(cli, job, accounts, feeder);
	/* What one account brought is listed also where another one failed. */
	if (!feeder_finish(feeder, &error))
		return cli_fail(error);
	int filtered = cli_filter_due(cli), emptied = empty_trash(cli);
	return status != EX_OK ? status : filtered != EX_OK ? filtered : emptied;
}
