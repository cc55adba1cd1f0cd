/* SPDX-License-Identifier: MIT */
#ifndef DEWEY_BASE_SANDBOX_PRIVATE_H
#define DEWEY_BASE_SANDBOX_PRIVATE_H

#include "base/sandbox.h"

/* Landlock's version here, from 1; 0 or less: none, -errno. */
int sandbox_files_version(void);
/* From this one on the role has all that it asks for. */
int sandbox_files_wanted(enum sandbox_role role);
bool sandbox_files_confine(
	enum sandbox_role role, int version, const struct sandbox_rules *rules, GError **error);

/* 0, or why there is no seccomp: an errno; -1: not built with it. */
int sandbox_calls_missing(void);
bool sandbox_calls_confine(
	enum sandbox_role role, const struct sandbox_rules *rules, GError **error);

/* "cannot confine the process: WHAT: reason" from number; returns false. */
bool sandbox_refused(const char *what, int number, GError **error);

#endif
