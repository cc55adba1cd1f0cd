/* SPDX-License-Identifier: MIT
 *
 * Giving up for good what a process needs no more: files by Landlock, system calls
 * by seccomp, memory by limits.  What a letter or a server could make of us then
 * is bounded by the kernel (CHECKLIST section 6).
 *
 * Everything that comes from files has to be there before: charsets_preload(),
 * certificates, zones.  The locale and its translations sandbox_confine() sees
 * to itself.  Built with sanitizers a program keeps its rights: they need them. */
#ifndef DEWEY_BASE_SANDBOX_H
#define DEWEY_BASE_SANDBOX_H

#include "base/base.h"

enum sandbox_mode {
	SANDBOX_AUTO,    /* as much as the kernel has */
	SANDBOX_REQUIRE, /* all of it, or not at all */
	SANDBOX_OFF,     /* the limits of a worker alone */
};

/* "auto", "require", "off".  False: none of them. */
bool sandbox_mode_parse(const char *word, enum sandbox_mode *mode);
const char *sandbox_mode_word(enum sandbox_mode mode);

/* What --sandbox=WORD says; where word is NULL, what a parent said, which is handed on
 * in $DEWEY_SANDBOX; else otherwise.  Error: SANDBOX_ERROR_WORD. */
bool sandbox_mode_choose(const char *word, enum sandbox_mode otherwise, enum sandbox_mode *mode,
	GError **error);

/* Says it to the processes that this one starts. */
void sandbox_mode_hand_on(enum sandbox_mode mode);

enum sandbox_role {
	/* Reads the descriptors it has, writes to them, computes: no file, socket,
	 * program, thread; nothing executable becomes mapped.  512 MiB of addresses,
	 * files of sandbox_worker_limits()' size. */
	SANDBOX_WORKER,
	/* Talks to servers: the files, ports and programs of its rules, no
	 * privilege, none of the calls that kernels were broken by. */
	SANDBOX_AGENT,
	/* Runs programs that are confined with it (gpg): the files and programs of its
	 * rules, sockets of the machine itself alone, no privilege, none of the calls that
	 * kernels were broken by. */
	SANDBOX_RUNNER,
	/* The front end, which reads and writes where a person says: no program but by
	 * the launcher (launch.h), sockets of the machine itself alone, no device is made,
	 * nothing typed into the terminal, none of the calls that kernels were broken by. */
	SANDBOX_FRONT,
};

/* Of a path and what is below it. */
enum sandbox_access {
	SANDBOX_READ = 1 << 0,
	SANDBOX_WRITE = 1 << 1, /* make, rename and remove as well */
	SANDBOX_RUN = 1 << 2,
};

struct sandbox_path {
	const char *path; /* one that is not there is passed over */
	unsigned may;     /* of enum sandbox_access */
};

struct sandbox_rules {
	const struct sandbox_path *paths;
	size_t n_paths;
	const guint16 *ports; /* TCP, to connect to */
	size_t n_ports;
	bool runs; /* programs: those of the paths with SANDBOX_RUN, which get no more than it */
};

/* Confines this process and all that it will start.  No thread may run yet.  rules
 * NULL: no file, no port, as of SANDBOX_WORKER and SANDBOX_FRONT.  False: SANDBOX_REQUIRE, and
 * sandbox_lacks() is not NULL; or the kernel refuses what it said it has: end then.
 * Error: SANDBOX_ERROR. */
bool sandbox_confine(enum sandbox_role role, enum sandbox_mode mode,
	const struct sandbox_rules *rules, GError **error);

/* What this kernel, or this build, has not of what the role asks for, in words for
 * a person; NULL: nothing.  Changes nothing.  g_free() it. */
char *sandbox_lacks(enum sandbox_role role);

/* What there is, for a person: "Landlock 7, seccomp"; g_free() it. */
char *sandbox_describe(void);

/* How large a file may become that a SANDBOX_WORKER writes; before it is confined.
 * What is longer is not written (EFBIG). */
#define SANDBOX_FILE_SIZE (64 * 1024 * 1024)
void sandbox_worker_limits(int64_t file_size);

/* Seconds of processor time from now on, after which SIGXCPU ends the process. */
void sandbox_spend(int seconds);

#define SANDBOX_ERROR (sandbox_error_quark())
GQuark sandbox_error_quark(void);
enum sandbox_error {
	SANDBOX_ERROR_LACKS,   /* SANDBOX_REQUIRE: the kernel or the build has less */
	SANDBOX_ERROR_REFUSED, /* the kernel refuses */
	SANDBOX_ERROR_WORD,    /* no mode */
};

#endif
