/* SPDX-License-Identifier: MIT
 *
 * What the outbox keeps of a sender's wishes, as a session takes them. */
#ifndef DEWEY_SMTP_ASKED_H
#define DEWEY_SMTP_ASKED_H

#include "smtp/session.h"
#include "store/outbox.h"

/* envid is the item's. */
struct session_options asked_of(const struct outbox_item *item);

/* The options of a letter: what was asked for on the command line, and of the
 * account's what was not spoken of there.  Whoever hands a letter to a sendmail is
 * not there to be asked, so without DSN it goes without (S-14). */
unsigned asked_for(unsigned asks, const struct account *account);

#endif
