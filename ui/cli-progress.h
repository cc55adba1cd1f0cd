/* SPDX-License-Identifier: MIT
 *
 * How far a long command is: one line on a terminal, rewritten a few times a second;
 * nothing where standard error is none.  While it lives SIGINT and SIGTERM ask the
 * command to stop at the next letter. */
#ifndef DEWEY_UI_CLI_PROGRESS_H
#define DEWEY_UI_CLI_PROGRESS_H

#include "base/base.h"

struct cli_progress;

/* There is one at a time. */
struct cli_progress *cli_progress_new(void);
void cli_progress_free(struct cli_progress *p);

/* what: a file, or NULL; messages so far; percent of what, -1: not known.
 * false: the command is to stop. */
bool cli_progress_step(struct cli_progress *p, const char *what, int64_t messages, int percent);

/* Takes the line away, before words are printed. */
void cli_progress_clear(struct cli_progress *p);

bool cli_progress_stopped(const struct cli_progress *p);

#endif
