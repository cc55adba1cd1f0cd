/* SPDX-License-Identifier: MIT
 *
 * What the user does to messages, on the actions thread; the words about it
 * come to the status line, and lists read again. */
#ifndef DEWEY_UI_ACT_H
#define DEWEY_UI_ACT_H

#include "store/flags.h"
#include "ui/ui.h"

enum act_kind { ACT_FLAGS, ACT_NOTE, ACT_MOVE, ACT_COPY, ACT_DELETE, ACT_UNDELETE, ACT_UNDO, ACT_TOGGLE, ACT_TAG, ACT_SPAM, ACT_HAM,
	ACT_SPLIT, ACT_JOIN };

struct act {
	enum act_kind kind;
	const GArray *ids;  /* of int64_t; copied; NULL for ACT_UNDO */
	const char *folder; /* copied */
	const char *tags;   /* of TAG: as tag_change_parse() reads them; copied */
	bool make_folder;
	unsigned set, clear; /* TOGGLE: set is taken away where all have it */
	int64_t parent; /* of JOIN: the message below which they are to hang */
	int64_t entry;  /* of UNDO: down to this one of the journal; 0: the last */
	bool for_good;  /* of DELETE: what lies in Trash is removed */
	bool on_server; /* of DELETE: the letters of previews there as well */
	bool quiet;     /* only errors are told */
};

void act_run(struct ui *ui, const struct act *a);

/* Read, answered, forwarded: what happens by itself and is not undone. */
void act_set_flags(struct ui *ui, int64_t id, unsigned set);

/* To Trash, quietly: a draft that was sent or kept anew. */
void act_drop(struct ui *ui, int64_t id);

#endif
