/* SPDX-License-Identifier: MIT
 *
 * What a user does to messages: each action renames files, updates the index,
 * and writes one journal entry, so that it can be undone, also after a
 * restart.  A message that vanished in between is skipped and counted. */
#ifndef DEWEY_STORE_ACTIONS_H
#define DEWEY_STORE_ACTIONS_H

#include "store/index.h"

struct action_result {
	int64_t done, missing;
	bool stopped; /* by store_watch(): the rest is as it was */
	int64_t item; /* of undo: a letter of the outbox that was called back; 0: none */
	int64_t entry; /* of the journal; 0: none */
	int64_t untold; /* of undo: letters of which the spam program was not told */
	char *first; /* of undo: the base name of a message that came back; NULL: none */
	char *text; /* "3 messages moved to Archive": translated, for the status line */
};
void action_result_clear(struct action_result *r);

/* ids: GArray of int64_t, of the index. */
bool action_flags(struct store *s, const GArray *ids, unsigned set, unsigned clear,
	struct action_result *result, GError **error);
/* The same for what merely happened (a letter was opened, an answer went out):
 * not in the journal, so that undo takes back what the user did. */
bool action_note_flags(struct store *s, const GArray *ids, unsigned set, unsigned clear,
	GError **error);
bool action_move(struct store *s, const GArray *ids, const char *folder,
	struct action_result *result, GError **error);
/* The same where each goes to a folder of its own, all of it one entry.  folder_of: its
 * name, taken; NULL: the message stays. */
typedef char *(*action_folder)(const struct message_row *row, void *data);
struct action_targets {
	action_folder folder_of;
	void *data;
};
bool action_move_each(struct store *s, const GArray *ids, const struct action_targets *targets,
	struct action_result *result, GError **error);
bool action_copy(struct store *s, const GArray *ids, const char *folder,
	struct action_result *result, GError **error);
/* To Trash.  What lies there already stays: another program may have deleted it a moment
 * ago, and whoever deletes it as well means the same. */
bool action_delete(struct store *s, const GArray *ids, struct action_result *result,
	GError **error);
/* The same, and what lies in Trash is removed for good (not undoable): only after a yes. */
bool action_delete_for_good(struct store *s, const GArray *ids, struct action_result *result,
	GError **error);
/* The letters of those that are previews are deleted on their servers by the
 * next fetch, without ever having been here: only after a yes. */
bool action_unwanted(struct store *s, const GArray *ids, GError **error);
/* From Trash back to where each came from (the journal knows; else Inbox). */
bool action_undelete(struct store *s, const GArray *ids, struct action_result *result,
	GError **error);

/* Takes the last change back; result.done 0: there is nothing to undo.  Of a letter
 * that has not left yet: it is HELD in the outbox then, and result.item is its id; one
 * that has left is passed over. */
bool action_undo(struct store *s, struct action_result *result, GError **error);

/* Takes back the last changes, down to that of this id of the journal; the sums are
 * those of all.  An error leaves what was taken back until then taken back. */
bool action_undo_to(struct store *s, int64_t entry, struct action_result *result, GError **error);

/* Adds a finished message (Drafts, Sent without an outbox); its index id. */
int64_t action_add(struct store *s, const char *folder, const void *data, size_t len,
	unsigned flags, GError **error);

#endif
