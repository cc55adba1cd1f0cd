/* SPDX-License-Identifier: MIT
 *
 * The transcript: what an agent and its server said in the last session of an
 * account, secrets masked, so that a trouble can be looked at afterwards.  It
 * lies in the store (store_log_path()), is UTF-8 and sanitized, and of a long
 * session keeps the beginning and the end.
 *
 * That it cannot be written is no error: the session goes on without it. */
#ifndef DEWEY_AGENT_TRANSCRIPT_H
#define DEWEY_AGENT_TRANSCRIPT_H

#include "agent/agent.h"

struct transcript;

/* Replaces the transcript of the session before.  To be called under the lock
 * of the account; never NULL. */
struct transcript *transcript_begin(
	const struct store *s, const struct account *a, enum agent_service service);

/* Writes how it ended (why: NULL, if well) and frees t; NULL is fine. */
void transcript_end(struct transcript *t, const GError *why);

/* For conn_params: trace is this function, trace_data the transcript, or NULL where
 * none is kept.  It also shows the line if the dialogue is to be shown. */
void transcript_line(bool sent, const char *line, size_t len, void *transcript);

/* A remark between the lines, "#: …": what was decided here, and why.  t: NULL is
 * fine. */
void transcript_note(struct transcript *t, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
