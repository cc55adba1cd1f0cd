/* SPDX-License-Identifier: MIT
 *
 * Writing letters in the front end. */
#ifndef DEWEY_UI_COMPOSE_H
#define DEWEY_UI_COMPOSE_H

#include "compose/reply.h"
#include "ui/ui.h"

/* Opens the compose page; d is taken.  recalled: the postponed message it was,
 * which goes when the letter is sent or postponed again; NULL: none.  edit: the
 * editor is started at once. */
void compose_open(struct ui *ui, struct draft *d, const struct message_row *recalled, bool edit);

/* Goes on with a message of Drafts. */
void compose_recall(struct ui *ui, const struct message_row *row);

/* Who writes: the account of this address, or account, or the first that can.
 * False: none, told. */
bool compose_identity(struct ui *ui, const GPtrArray *const *written_to, const char *account,
	struct identity *out);

#endif
