/* SPDX-License-Identifier: MIT
 *
 * Asking at the terminal, for programs run by hand. */
#ifndef DEWEY_BASE_TERMINAL_H
#define DEWEY_BASE_TERMINAL_H

#include "base/base.h"

/* Shows prompt (sanitized here) on the controlling terminal and reads a line
 * without echo, whatever stdin is.  NULL: there is no terminal, or end of
 * input.  The caller wipes the answer with explicit_bzero and frees it. */
char *terminal_ask_secret(const char *prompt);

/* The same with echo, for what everybody may see; prompt may have lines. */
char *terminal_ask_line(const char *prompt);

#endif
