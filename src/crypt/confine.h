/* SPDX-License-Identifier: MIT
 *
 * The sandbox of dewey-crypt, and of the gpg and gpgsm that it runs (CHECKLIST section 6). */
#ifndef DEWEY_CRYPT_CONFINE_H
#define DEWEY_CRYPT_CONFINE_H

#include "base/sandbox.h"

/* From here on there are the files of GnuPG and of the system, its programs, no network.
 * Before any thread, after engine_init(); files that are named on the command line are
 * open.  *starter: for crypt_ensure_agent(), -1 where mode is SANDBOX_OFF.  Error:
 * SANDBOX_ERROR. */
bool crypt_confine(enum sandbox_mode mode, int *starter, GError **error);

/* The agent of GnuPG stays when dewey ends, and serves others: it is started outside of
 * the sandbox, by a process that can do nothing else.  Before each request that may need
 * it; costs a connection where it runs.  starter -1: there is none, gpg does it. */
void crypt_ensure_agent(int starter);

#endif
