/* SPDX-License-Identifier: MIT
 *
 * SIGTERM, SIGINT and SIGHUP, and another descriptor (the wire), as one
 * descriptor that conn_watch can look at.  One object a process. */
#ifndef DEWEY_NET_INTERRUPT_H
#define DEWEY_NET_INTERRUPT_H

#include "base/base.h"

struct interrupt;
typedef struct interrupt interrupt;

/* Installs the handlers (without SA_RESTART, so that a prompt ends too) and
 * ignores SIGPIPE and SIGXFSZ, which become errors of write().  Error:
 * NET_ERROR_SYSTEM, without descriptors; nothing is changed then. */
struct interrupt *interrupt_new(GError **error);
void interrupt_free(struct interrupt *i); /* puts the default handlers back */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(interrupt, interrupt_free)

/* Readable after a signal, or when the watched descriptor is. */
int interrupt_fd(const struct interrupt *i);
void interrupt_watch(struct interrupt *i, int fd); /* also look at fd */
void interrupt_unwatch(struct interrupt *i);       /* no more: it has ended */

/* Whether a signal came. */
bool interrupt_came(const struct interrupt *i);

#endif
