/* SPDX-License-Identifier: MIT
 *
 * A connection without a socket, in place of net/conn.c: what the server says
 * is given beforehand and comes in pieces of any size, what it hears is kept.
 * The lines and buffers of net/line.c are the real ones.  One at a time. */
#ifndef TESTS_UNIT_MEMORY_CONN_H
#define TESTS_UNIT_MEMORY_CONN_H

#include "base/base.h"

/* Where the server waits for the client to say something: a whole flight. */
#define MEMORY_CONN_WAITS '\x1e'

/* data must stay; seed chooses the pieces. */
void memory_conn_says(const void *data, size_t size, guint seed);
/* What was written since memory_conn_says(). */
const char *memory_conn_heard(void);

/* The time-out that was set last, seconds. */
int memory_conn_patience(void);

#endif
