/* SPDX-License-Identifier: MIT
 *
 * The doctor: what a visit to the server of an account needs, one step after the
 * other, each told as an event "step" of dewey-wire(7).  It changes nothing on
 * the server, and nothing here. */
#ifndef DEWEY_POP3_CHECK_H
#define DEWEY_POP3_CHECK_H

#include "pop3/fetch.h"

/* False: a step failed, and error is that of the first that did; or none could
 * be taken.  *server gets the server's last words, if there are any.
 * forget_key: first forgets the keys that were accepted for the account's servers. */
bool check_run(const struct fetch_job *job, bool forget_key, char **server, GError **error);

#endif
