/* SPDX-License-Identifier: MIT
 *
 * [notify …]: the bell, or a program, when letters come that a query finds.  Of those
 * that come while the reader runs, unread, once each. */
#ifndef DEWEY_UI_NOTIFIER_H
#define DEWEY_UI_NOTIFIER_H

#include "store/store.h"

struct ui;
struct notifier;

struct notifier *notifier_new(struct ui *ui);
/* Programs that run are left alone. */
void notifier_free(struct notifier *n);

/* On the thread that syncs: before the first sync, so that what is there is not new; and
 * after each, what has come: for notifier_tell(), NULL: nothing. */
void notifier_begin(struct notifier *n, struct store *s);
GPtrArray *notifier_look(struct notifier *n, struct store *s);

/* In the main loop; takes news, which may be NULL. */
void notifier_tell(struct notifier *n, GPtrArray *news);

#endif
