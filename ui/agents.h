/* SPDX-License-Identifier: MIT
 *
 * Running agents from the command line: one child an account, side by side,
 * until all are done. */
#ifndef DEWEY_UI_AGENTS_H
#define DEWEY_UI_AGENTS_H

#include "ui/cli.h"
#include "wire/record.h"

struct agent_job {
	const char *program; /* "dewey-pop3" */
	const char *request; /* "fetch" */
	/* What a "done" means to a person: g_free() it; NULL says nothing. */
	char *(*describe)(const struct account *a, const struct record *done);
	/* Whether the account has what the agent needs. */
	bool (*wants)(const struct account *a);

	/* What most do without: options of the sub-command's own, and what they put
	 * into the request (false: nothing is to be asked there); one account after
	 * the other; events that are printed by the sub-command itself, which then has
	 * told of the failure as well; the last record of an account; with --json the
	 * result is no object on stdout. */
	const GOptionEntry *options;
	bool (*prepare)(const struct account *a, struct record *request, void *data);
	bool in_turn;
	const char *event;
	void (*print)(const struct account *a, const struct record *event, void *data);
	void (*ended)(const struct account *a, const struct record *last, void *data);
	bool quiet;
	void *data; /* for all of these */
};

/* The accounts that are named, or all that want it: GPtrArray of const struct
 * account.  NULL: a name is wrong, reported. */
GPtrArray *agents_accounts(struct cli *cli, const struct agent_job *job, char **names);

/* Runs job for these; the exit status of the first that failed. */
int agents_run(struct cli *cli, const struct agent_job *job, const GPtrArray *accounts);

/* A sub-command: runs job for the accounts named in argv, or for all that want
 * it, then brings the index up to date.  Progress and results go to stderr, with
 * --json each result as an object on stdout.  Returns the exit status of the
 * first that failed. */
int agents_command(struct cli *cli, const struct agent_job *job, int argc, char **argv);

#endif
