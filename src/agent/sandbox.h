/* SPDX-License-Identifier: MIT
 *
 * The sandbox of an agent (CHECKLIST section 6). */
#ifndef DEWEY_AGENT_SANDBOX_H
#define DEWEY_AGENT_SANDBOX_H

#include "base/sandbox.h"
#include "config/dotfile.h"

/* Keeps the store, the files of the accounts, those that the system's libraries read, and the ports
 * of the servers, of mail and of names; starts no program from then on.  Not where an account has a
 * command to run (password = command:, tunnel, smtp = command:), which needs what only it knows.
 * Once, and while there is one thread.  Error: SANDBOX_ERROR. */
bool agent_confine(enum sandbox_mode mode, const struct dotfile *d, bool reads, GError **error);

#endif
