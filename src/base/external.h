/* SPDX-License-Identifier: MIT
 *
 * A program that takes a file as its standard input and is waited for: what
 * smtp = command:… runs, a filter's pipe, and who learns what spam is. */
#ifndef DEWEY_BASE_EXTERNAL_H
#define DEWEY_BASE_EXTERNAL_H

#include "base/base.h"

struct external {
	char **argv; /* [0] is searched in PATH; no shell */
	int input;   /* read from where it stands */
	int limit;   /* seconds for all of it; 0: none */
	int silence; /* seconds without a word of its stderr; 0: any */
	bool apart;  /* leads a process group, which is killed with it; not for programs
		      * that may ask something on the terminal */
	/* Asked some times a second; false kills it.  NULL: nobody is asked. */
	bool (*going)(void *data);
	void *data;
};

enum external_end {
	EXTERNAL_EXITED,   /* status says how */
	EXTERNAL_SIGNALLED, /* status is the signal */
	EXTERNAL_LATE,     /* killed: limit or silence was over */
	EXTERNAL_STOPPED,  /* killed: not going */
};

struct external_result {
	enum external_end end;
	int status;
	char *words; /* the last line of its stderr as it came, up to 1000 octets; NULL */
};
void external_result_clear(struct external_result *r);
typedef struct external_result external_result;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(external_result, external_result_clear)

/* Its standard output is /dev/null.  Returns when it has ended; what it left running
 * is not waited for.  Error: it was not run: G_SPAWN_ERROR, or G_FILE_ERROR where
 * descriptors or memory are short. */
bool external_run(const struct external *what, struct external_result *r, GError **error);

#endif
