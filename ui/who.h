/* SPDX-License-Identifier: MIT
 *
 * The other side of a letter, for a line of a list. */
#ifndef DEWEY_UI_WHO_H
#define DEWEY_UI_WHO_H

#include "store/index.h"

/* Who wrote it; in Sent and Drafts "to …", who it goes to.  g_free() it. */
char *row_who(const struct message_row *row);

#endif
