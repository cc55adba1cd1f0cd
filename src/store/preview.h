/* SPDX-License-Identifier: MIT
 *
 * Previews: the head and the first lines of letters that were left on their
 * server (CHECKLIST P-71, P-72).  A message in a Maildir is the bytes its
 * server sent, so they lie apart, in Maildirs of their own below
 * .dewey/preview: those of Lists/debian in .dewey/preview/Lists/debian.  They
 * are shown in the folder, moved and marked like messages; the letter takes
 * the base name and the flags of its preview when it is fetched. */
#ifndef DEWEY_STORE_PREVIEW_H
#define DEWEY_STORE_PREVIEW_H

#include "store/maildir.h"
#include "store/uids.h"

/* Lines of TOP; octets beyond are left out. */
enum { PREVIEW_LINES = 20, PREVIEW_OCTETS = 65536 };

/* Error, here and below: STORE_ERROR, of the disk or the ledger; NAME for a folder
 * that cannot be one.  Paths and names that are returned are to be freed. */

/* The Maildir of the previews of folder, which need not be there. */
char *preview_path(const struct store *s, const char *folder, GError **error);
char *preview_or_folder_path(
	const struct store *s, const char *folder, bool preview, GError **error);
bool preview_make_folder(const struct store *s, const char *folder, GError **error);

/* Whether base is a preview in folder. */
bool preview_is(const struct store *s, const char *folder, const char *base);

/* The folder in which the preview base lies now, and where there; last: where
 * it was when last seen.  NULL without an error: nowhere. */
char *preview_find(const struct store *s, const char *last, const char *base,
	struct maildir_place *place, GError **error);

/* The preview that stands for a letter of the ledger: *folder NULL if that row
 * has none.  Error: of the ledger or the disk. */
bool preview_of_row(struct store *s, int64_t row, char **folder, char **base,
	struct maildir_place *place, GError **error);

/* Removes the preview base, in last or wherever it lies now; that there is none
 * is no error.  changed takes the path of its folder: a power failure brings the
 * preview back until preview_sync_removed() has synced that.  NULL: it is synced
 * at once. */
bool preview_remove(const struct store *s, const char *last, const char *base, GHashTable *changed,
	GError **error);
bool preview_sync_removed(GHashTable *changed, GError **error);

/* Opens a message of folder, or its preview, by its file name when last seen: a
 * descriptor to be closed; -1: an error, MISSING where it is no more. */
int preview_or_message_open(
	const struct store *s, const char *folder, const char *file, GError **error);

/* --- for the agent -------------------------------------------------------------- */

/* Makes previews, in groups.  The order of a group, and what a crash leaves:
 *
 *   1. each is written to tmp, and synced    rubbish in tmp
 *   2. rows PREVIEW, one commit              a row whose file is in tmp:
 *   3. rename to new, sync of new            preview_recover() renames it
 */
struct preview_batch;
typedef struct preview_batch preview_batch;
struct preview_batch *preview_batch_new(
	struct store *s, const char *account, const char *folder, GError **error);
void preview_batch_free(struct preview_batch *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(preview_batch, preview_batch_free)

/* What comes is due for the filters (filter.h). */
void preview_batch_set_due(struct preview_batch *p);

/* whole: octets of the letter, as the server says. */
bool preview_batch_add(
	struct preview_batch *p, GBytes *uid, int64_t whole, GBytes *text, GError **error);
guint preview_batch_waiting(const struct preview_batch *p);

/* made (may be NULL) is called for each; base: its name. */
typedef void (*preview_batch_made)(int64_t row, const char *base, void *data);
bool preview_batch_commit(
	struct preview_batch *p, preview_batch_made made, void *data, GError **error);

/* At start, under the account's lock: finishes what a crash left of a group. */
bool preview_recover(struct store *s, GError **error);

#endif
