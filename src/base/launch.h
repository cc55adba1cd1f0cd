/* SPDX-License-Identifier: MIT
 *
 * Starting programs, where one may have given up the right to do so: then a process that
 * was forked before does it, the launcher.  What it starts is a child of the asking
 * process all the same (CLONE_PARENT), in its process group and session, so that waiting,
 * watching, signals and the terminal are what they are without it. */
#ifndef DEWEY_BASE_LAUNCH_H
#define DEWEY_BASE_LAUNCH_H

#include "base/base.h"

enum {
	LAUNCH_OURS = -1, /* the descriptor of this process */
	LAUNCH_NULL = -2, /* /dev/null */
};

struct launch {
	const char *const *argv; /* [0] is searched in PATH */
	const char *const *env;  /* "NAME=value"; NULL: as here */
	const char *directory;   /* NULL: as here */
	int in, out, err;        /* stay the caller's; LAUNCH_OURS, LAUNCH_NULL */
	bool leads;              /* a process group of its own */
	bool apart;              /* a session of its own: no terminal */
	int64_t file_size;       /* octets that a file may have which it writes; 0: any */
};

/* A child, to be waited for.  On any thread.  Its descriptors are 0, 1 and 2 alone, its
 * signals are not blocked, SIGPIPE is as at the start of programs.  False: it was not
 * started; G_SPAWN_ERROR. */
bool launch(const struct launch *what, GPid *pid, GError **error);

/* Forks the launcher: once, while there is one thread, before what is to be given up.
 * It has what this process has now, environment and all, and ends with it.  False: no
 * process or descriptor is left; G_SPAWN_ERROR. */
bool launcher_start(GError **error);

#endif
