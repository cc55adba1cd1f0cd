/* SPDX-License-Identifier: MIT
 *
 * The transcripts of the last sessions with servers, as text to be shown. */
#ifndef DEWEY_UI_SESSION_LOG_H
#define DEWEY_UI_SESSION_LOG_H

#include "config/dotfile.h"
#include "store/store.h"

/* What the agents of an account wrote: retrieval, then submission; what there is
 * of it.  account NULL: of all.  Sanitized; "" if there was no session yet.
 * g_free() it. */
char *session_log_text(const struct store *s, const struct dotfile *d, const char *account);

#endif
