/* SPDX-License-Identifier: MIT
 *
 * The interactive front end as one call. */
#ifndef DEWEY_UI_APP_H
#define DEWEY_UI_APP_H

#include "base/base.h"

struct dotfile;
struct draft;

struct app_options {
	struct dotfile *dotfile; /* borrowed; agents get its path with -c */
	const char *root;        /* the store: an absolute path; NULL: dotfile_mail() */
	const char *folder;      /* what is opened first; NULL: Inbox */
	const char *query;       /* limits it; NULL: all of it */
	struct draft *letter;    /* compose this first (mailto:); taken; NULL: none */
	bool fetch;              /* fetch all accounts at start */
	bool demo;               /* says so in the title */
};

/* Runs on the terminal of stdin and stdout until the user leaves; returns an
 * exit status of sysexits.  What is wrong before the screen is up is told by
 * report_error(); afterwards reports go to the status line.  The terminal is
 * restored on every way out. */
int app_run(const struct app_options *options);

#endif
