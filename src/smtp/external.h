/* SPDX-License-Identifier: MIT
 *
 * A program that takes a file as its standard input, and is waited for: what
 * smtp = command:… runs. */
#ifndef DEWEY_SMTP_EXTERNAL_H
#define DEWEY_SMTP_EXTERNAL_H

#include "base/base.h"

/* Seconds without a word or an end: it may have a slow line before it. */
#define EXTERNAL_PATIENCE 3600

struct external_result {
	bool exited; /* by itself; false: a signal ended it, or our patience did */
	int status;  /* if it exited */
	char *words; /* the last line of its stderr, sanitized; NULL */
};
void external_result_clear(struct external_result *r);

/* argv[0] is searched in PATH.  Its standard input is fd, where that stands; its
 * standard output is /dev/null.  Returns when it has ended; nobody can stop that, for
 * half a letter cannot be taken back.  Error: it was not run; WIRE_ERROR,
 * CODE_CONFIG or CODE_SYSTEM. */
bool external_run(char **argv, int fd, struct external_result *r, GError **error);

#endif
