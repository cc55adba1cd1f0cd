/* SPDX-License-Identifier: MIT
 *
 * What the files of the actions share: one change under way (actions.c), and its
 * taking back (actions-undo.c). */
#ifndef DEWEY_STORE_ACTIONS_PRIVATE_H
#define DEWEY_STORE_ACTIONS_PRIVATE_H

#include "store/actions.h"
#include "store/journal.h"
#include "store/preview.h"
#include "store/trash.h"

struct action;
/* place: in, the last known; out, the new one. */
typedef bool (*file_change)(struct action *a, struct journal_item *item,
	struct maildir_place *place, GError **error);

struct action {
	struct store *store;
	struct index *ix;
	struct ledger *ledger;
	enum journal_kind kind;
	file_change change; /* NULL in undo */
	unsigned set, clear;
	const char *to;  /* the target folder; NULL: each item's own */
	GPtrArray *rows; /* of struct message_row, beside entry.items; NULL in undo */
	struct journal_entry entry;
	GArray *moved;                /* of struct moved */
	GArray *void_items;           /* ids of items that came to nothing */
	GPtrArray *copies;            /* base names in to */
	GPtrArray *targets, *sources; /* paths of folders that must be synced */
	struct trash_change trash;
	struct tag_letters *letters;  /* NULL: tags are no keywords */
	struct action_result *result;
};

/* A row of the index that must follow its file; folder NULL: the file is gone. */
struct moved {
	int64_t id;
	char *folder, *file;
	bool is_new;
};

/* result is emptied; action_clear() in any case. */
bool action_init(struct action *a, struct store *s, struct action_result *result, GError **error);
void action_clear(struct action *a);
typedef struct action action;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(action, action_clear)

/* The Maildir in which base lies, if it lies in folder: that of its previews or its own. */
char *action_path(const struct action *a, const char *folder, const char *base, GError **error);

/* Whether the index knows a message of that base name there; false also on an error. */
bool action_is_taken(const struct action *a, const char *folder, const char *base, GError **error);

/* From folder to folder, without syncing; both are noted for action_sync_touched(). */
struct action_way {
	const char *from, *to, *base;
	struct maildir_wanted wanted;
};
bool action_transfer(struct action *a, const struct action_way *way, struct maildir_place *place,
	GError **error);
bool action_sync_touched(struct action *a, GError **error);

/* What the ledger knows of a letter by its base name (tags, lessons of the spam
 * program) is known of its new name too; the old one may be another letter's as well. */
void action_carry_words(struct action *a, const char *from, const char *to);
/* Forgets it for names that no letter has any more: of all items, or of those that got
 * another name (undo: of that name).  What fails is left to fsck. */
void action_forget_words(struct action *a);
void action_forget_left(struct action *a, bool undo);

/* Of undo: the spam program knows of the letter what it knew before (train.h). */
bool action_untrain(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error);

bool action_remove_file(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error);

/* Those of the messages that lie in Trash; not in the journal. */
bool action_remove_for_good(
	struct store *s, const GArray *ids, struct action_result *result, GError **error);

/* The row id goes there with its file; folder and place NULL: it is gone. */
void action_note_moved(
	struct action *a, int64_t id, const char *folder, const struct maildir_place *place);
/* Gives the index what was noted since the last time; begun: its transaction is open. */
void action_update_index(struct action *a, bool begun);

/* Calls one for each item of the entry until it fails, or somebody stops it
 * (result->stopped); *begun: for how many.  The rows of the index follow in
 * transactions that hold up other writers for a moment only. */
typedef bool (*action_step)(struct action *a, guint i, GError **error);
bool action_each(struct action *a, action_step one, guint *begun, GError **error);

/* ok, or own is "missing": counted, and true.  Else false; own is taken. */
bool action_go_on(struct action *a, bool ok, GError *own, GError **error);

/* format: translated, with %d for done, and %s for the folder's title if folder is
 * given; what was missing is added, and that it was stopped. */
void action_set_text(struct action_result *r, const char *format, const char *folder);
void action_tell_stop(struct action_result *r);

#endif
