/* SPDX-License-Identifier: MIT
 *
 * What the outbox keeps of a sender's wishes, as a session takes them. */
#ifndef DEWEY_SMTP_ASKED_H
#define DEWEY_SMTP_ASKED_H

#include "smtp/session.h"
#include "store/outbox.h"

/* envid is the item's. */
struct session_options asked_of(const struct outbox_item *item);

#endif
