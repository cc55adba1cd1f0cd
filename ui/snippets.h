/* SPDX-License-Identifier: MIT
 *
 * A piece of the text of each letter in a list, around the first word that a query
 * found it by; read on the reader thread, one letter after the other, as they are
 * asked for. */
#ifndef DEWEY_UI_SNIPPETS_H
#define DEWEY_UI_SNIPPETS_H

#include "ui/ui.h"

struct snippets;

/* changed is called when there is another one. */
struct snippets *snippets_new(
	struct ui *ui, const char *query, void (*changed)(void *data), void *data);
void snippets_free(struct snippets *s);

/* "": the words are not in its text, or it cannot be read; NULL: not known yet, and it
 * is being found out.  Belongs to s. */
const char *snippets_get(struct snippets *s, const struct message_row *row);

#endif
