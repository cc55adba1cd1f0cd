/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/actions-private.h"
#include "store/index-tags.h"
#include "store/sync-private.h"
#include "store/tag-letters.h"

/* One change, in this order:
 *
 *   1. the journal entry is committed
 *   2. the files are renamed, one after the other, and the rows of the index
 *      follow, some hundred of them in a transaction that begins before the first
 *      rename: a sync takes a row out in a transaction too, and looks where the file
 *      is, so it never finds a message between its two places and reads it anew
 *   3. the directories are synced, those the files went to first
 *   4. what was not there any more leaves the entry, and the ledger notes what
 *      came to Trash
 *
 * A crash after 1 or in 2: the entry names messages that still lie where they
 * were, or lie at the new place already; undo looks and takes back those that
 * moved.  The index may then be behind the files, or after a power cut before
 * 3 ahead of them; the next sync repairs either, because the directories' times
 * are not those it knows.  After 3: undo finds the missing ones missing. */

/* A write transaction holds up other writers hardly longer than this. */
enum { BATCH_MICROSECONDS = 100000 };

static void moved_clear(gpointer data)
{
	struct moved *m = data;
	g_free(m->folder);
	g_free(m->file);
}

void action_result_clear(struct action_result *r)
{
	g_clear_pointer(&r->text, g_free);
	g_clear_pointer(&r->first, g_free);
}

bool action_init(struct action *a, struct store *s, struct action_result *result, GError **error)
{
	a->store = s;
	a->result = result;
	*result = (struct action_result){0};
	a->ix = store_index(s, error);
	a->ledger = a->ix ? store_ledger(s, error) : NULL;
	a->rows = g_ptr_array_new_with_free_func((GDestroyNotify)message_row_free);
	a->entry.items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
	a->moved = g_array_new(FALSE, TRUE, sizeof(struct moved));
	g_array_set_clear_func(a->moved, moved_clear);
	a->void_items = g_array_new(FALSE, FALSE, sizeof(int64_t));
	a->copies = g_ptr_array_new_with_free_func(g_free);
	a->targets = g_ptr_array_new_with_free_func(g_free);
	a->sources = g_ptr_array_new_with_free_func(g_free);
	a->letters = tag_letters_new(s);
	return a->ledger != NULL;
}

void action_clear(struct action *a)
{
	g_clear_pointer(&a->rows, g_ptr_array_unref);
	journal_entry_clear(&a->entry);
	g_clear_pointer(&a->moved, g_array_unref);
	g_clear_pointer(&a->void_items, g_array_unref);
	g_clear_pointer(&a->copies, g_ptr_array_unref);
	g_clear_pointer(&a->targets, g_ptr_array_unref);
	g_clear_pointer(&a->sources, g_ptr_array_unref);
	trash_change_clear(&a->trash);
	g_clear_pointer(&a->letters, tag_letters_free);
}

/* --- the messages -------------------------------------------------------------- */

static void add_item(struct action *a, struct message_row *row, const char *to)
{
	g_autofree char *base = maildir_base(row->file);
	struct journal_item *item = journal_item_new(row->folder, base);
	item->to = g_strdup(to);
	item->file = g_strconcat(row->is_new ? "new/" : "cur/", row->file, NULL);
	item->flags = row->flags;
	item->mask = row->flags ^ ((row->flags | a->set) & ~a->clear);
	g_ptr_array_add(a->rows, row);
	g_ptr_array_add(a->entry.items, item);
}

/* Rows for which wanted says so; those that are gone are counted. */
typedef bool (*wanted)(const struct action *a, const struct message_row *row);
static bool load(struct action *a, const GArray *ids, wanted want, GError **error)
{
	for (guint i = 0; i < ids->len; i++) {
		g_autoptr(GError) own = NULL;
		/* Until their rows are read nothing has happened. */
		if (!store_going(a->store, 0, ids->len)) {
			a->result->stopped = true;
			g_ptr_array_set_size(a->entry.items, 0);
			g_ptr_array_set_size(a->rows, 0);
			return true;
		}
		struct message_row *row =
			index_message(a->ix, g_array_index(ids, int64_t, i), &own);
		if (row && want && !want(a, row)) {
			message_row_free(row);
		} else if (row) {
			add_item(a, row, a->to);
		} else if (g_error_matches(own, STORE_ERROR, STORE_ERROR_MISSING)) {
			a->result->missing++;
		} else {
			g_propagate_error(error, g_steal_pointer(&own));
			return false;
		}
	}
	return true;
}

static bool not_there_yet(const struct action *a, const struct message_row *row)
{
	return strcmp(row->folder, a->to) != 0;
}

static bool in_trash(const struct action *a, const struct message_row *row)
{
	return strcmp(row->folder, FOLDER_TRASH) == 0;
}

/* --- the files ----------------------------------------------------------------- */

/* Looked for among the previews rather than read off the index, since the
 * letter may have come in the meantime. */
char *action_path(const struct action *a, const char *folder, const char *base, GError **error)
{
	bool preview = preview_is(a->store, folder, base);
	return preview_or_folder_path(a->store, folder, preview, error);
}

static bool change_flags(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error)
{
	g_autofree char *path = action_path(a, item->folder, item->base, error);
	return path && maildir_set_flags(path, item->base, a->set, a->clear, place, error);
}

static void note_touched(GPtrArray *paths, const char *path)
{
	if (!g_ptr_array_find_with_equal_func(paths, path, g_str_equal, NULL))
		g_ptr_array_add(paths, g_strdup(path));
}

bool action_transfer(
	struct action *a, const struct action_way *way, struct maildir_place *place, GError **error)
{
	bool preview = preview_is(a->store, way->from, way->base);
	g_autofree char *from = preview_or_folder_path(a->store, way->from, preview, error);
	g_autofree char *to =
		from ? preview_or_folder_path(a->store, way->to, preview, error) : NULL;
	struct tag_letters_way respelling = {a->letters, to, way->base};
	struct maildir_wanted like = way->wanted;
	/* Each folder has letters of its own. */
	if (to && a->letters && !preview && strcmp(from, to) != 0) {
		like.respell = tag_letters_respell;
		like.data = &respelling;
	}
	if (!to || (preview && !preview_make_folder(a->store, way->to, error)) ||
		!maildir_restore(from, to, way->base, &like, place, error))
		return false;
	note_touched(a->targets, to);
	note_touched(a->sources, from);
	trash_change_note(
		&a->trash, &(struct trash_way){way->from, way->to, way->base, place->file});
	return true;
}

/* Once for each folder, not for each message. */
bool action_sync_touched(struct action *a, GError **error)
{
	for (guint i = 0; i < a->targets->len; i++)
		if (!maildir_sync(a->targets->pdata[i], error))
			return false;
	for (guint i = 0; i < a->sources->len; i++)
		if (!maildir_sync(a->sources->pdata[i], error))
			return false;
	return true;
}

static bool move_file(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error)
{
	const struct action_way way = {.from = item->folder,
		.to = item->to,
		.base = item->base,
		.wanted = {.base = item->became}};
	return action_transfer(a, &way, place, error);
}

/* The item then names the copy. */
static bool copy_file(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error)
{
	g_autofree char *from = store_folder_path(a->store, item->folder, error);
	g_autofree char *to = from ? store_folder_path(a->store, a->to, error) : NULL;
	char *base = to ? maildir_copy(from, to, item->base, item->flags, error) : NULL;
	if (!base)
		return false;
	g_ptr_array_add(a->copies, base);
	return true;
}

bool action_remove_file(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error)
{
	const char *base = journal_item_base(item);
	g_autofree char *path = action_path(a, item->folder, base, error);
	if (!path || !maildir_remove(path, base, error))
		return false;
	trash_change_note(&a->trash, &(struct trash_way){.from = item->folder, .base = base});
	return true;
}

void action_note_moved(
	struct action *a, int64_t id, const char *folder, const struct maildir_place *place)
{
	struct moved m = {
		id, g_strdup(folder), g_strdup(place ? place->file : NULL), place && place->in_new};
	g_array_append_val(a->moved, m);
}

/* What is gone is counted, and stops nothing; own is taken. */
bool action_go_on(struct action *a, bool ok, GError *own, GError **error)
{
	if (ok || g_error_matches(own, STORE_ERROR, STORE_ERROR_MISSING)) {
		a->result->missing += !ok;
		g_clear_error(&own);
		return true;
	}
	g_propagate_error(error, own);
	return false;
}

/* The name that the file system made it take: chosen before, or, where another program
 * was faster, just now. */
static void note_name(struct action *a, struct journal_item *item, const char *file)
{
	g_autofree char *base = maildir_base(file);
	if (strcmp(base, journal_item_base(item)) != 0) {
		g_free(item->became);
		item->became = g_strdup(base);
		if (item->id != 0)
			journal_renamed(a->ledger, item, NULL);
	}
	action_carry_words(a, item->base, base);
}

/* false: an error that is not "gone"; what was done before it stays done. */
static bool change_one(struct action *a, guint i, GError **error)
{
	GError *own = NULL;
	struct journal_item *item = a->entry.items->pdata[i];
	const struct message_row *row = a->rows->pdata[i];
	struct maildir_place place = {row->is_new, g_strdup(row->file)};
	bool ok = a->change(a, item, &place, &own);
	if (ok) {
		a->result->done++;
		if (a->change == action_remove_file)
			action_note_moved(a, row->id, NULL, NULL);
		else if (a->change != copy_file)
			action_note_moved(a, row->id, journal_item_folder(item), &place);
		note_name(a, item, place.file);
	} else {
		g_array_append_val(a->void_items, item->id);
	}
	maildir_place_clear(&place);
	return action_go_on(a, ok, own, error);
}

static void void_from(struct action *a, guint i)
{
	for (; i < a->entry.items->len; i++) {
		const struct journal_item *item = a->entry.items->pdata[i];
		g_array_append_val(a->void_items, item->id);
	}
}

/* Who stops it half way has one change of those that were done. */
static bool change_files(struct action *a, GError **error)
{
	guint begun;
	bool ok = action_each(a, change_one, &begun, error);
	void_from(a, begun);
	return ok;
}

/* --- the index ----------------------------------------------------------------- */

static bool follow(struct action *a, GError **error)
{
	for (guint i = 0; i < a->moved->len; i++) {
		const struct moved *m = &g_array_index(a->moved, struct moved, i);
		struct index_place place = {0, m->file, m->is_new};
		bool ok = m->folder ? index_make_folder(a->ix, m->folder, &place.folder, error) &&
					      index_set_place(a->ix, m->id, &place, error)
				    : index_remove(a->ix, m->id, error);
		if (!ok)
			return false;
	}
	return true;
}

/* Failing here is no failure of the action: the files are the truth, and the
 * next sync brings the index up to them. */
void action_update_index(struct action *a, bool begun)
{
	if (!begun && (a->moved->len == 0 || !index_begin(a->ix, NULL)))
		return;
	if (!follow(a, NULL) || !index_commit(a->ix, NULL))
		index_rollback(a->ix);
	g_array_set_size(a->moved, 0);
}

bool action_each(struct action *a, action_step one, guint *begun, GError **error)
{
	guint len = a->entry.items->len;
	bool ok = true;
	*begun = 0;
	while (ok && !a->result->stopped && *begun < len) {
		gint64 until = g_get_monotonic_time() + BATCH_MICROSECONDS;
		/* A copy moves nothing, and may take its time. */
		bool open = a->change != copy_file && index_begin(a->ix, NULL);
		do {
			a->result->stopped = !store_going(a->store, *begun, len);
			ok = a->result->stopped || one(a, (*begun)++, error);
		} while (ok && !a->result->stopped && *begun < len &&
			 g_get_monotonic_time() < until);
		action_update_index(a, open);
	}
	return ok;
}

bool action_is_taken(const struct action *a, const char *folder, const char *base, GError **error)
{
	int64_t folder_id = 0, id = 0;
	return index_folder_id(a->ix, folder, &folder_id, error) &&
	       index_number(a->ix, 0, &id, error,
		       "SELECT id FROM message WHERE folder = ? AND base = ?", "is", folder_id,
		       base) &&
	       id != 0;
}

/* Where the folder has a message of that name already, or gets another one now, the
 * journal says before the rename what each is called: undo must not take the other.
 * The rename itself would not see it where their flags differ. */
static bool avoid_namesakes(struct action *a, GError **error)
{
	g_autoptr(GHashTable) coming = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GError) own = NULL;
	for (guint i = 0; i < a->entry.items->len && !own; i++) {
		struct journal_item *item = a->entry.items->pdata[i];
		if (!item->to)
			continue;
		bool free = g_hash_table_add(coming, g_build_filename(item->to, item->base, NULL));
		if (!free || action_is_taken(a, item->to, item->base, &own))
			item->became = maildir_unique_name();
	}
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* Steps 1 to 4.  kind 0: nothing is journalled. */
static bool carry_out(struct action *a, file_change change, GError **error)
{
	if (a->entry.items->len == 0)
		return true;
	a->entry.kind = a->kind;
	if (a->kind != 0 &&
		(!avoid_namesakes(a, error) || !journal_add(a->ledger, &a->entry, error)))
		return false;
	a->change = change;
	bool ok = change_files(a, error);
	ok = action_sync_touched(a, ok ? error : NULL) && ok;
	ok = trash_change_write(a->ledger, &a->trash, ok ? error : NULL) && ok;
	a->result->entry = a->kind != 0 ? a->entry.id : 0;
	if (a->kind != 0)
		ok = journal_drop(a->ledger, a->entry.id, a->void_items, ok ? error : NULL) && ok;
	action_forget_left(a, false);
	return ok;
}

/* --- the actions --------------------------------------------------------------- */

bool action_flags(struct store *s, const GArray *ids, unsigned set, unsigned clear,
	struct action_result *result, GError **error)
{
	g_auto(action) a = {.kind = JOURNAL_FLAGS, .set = set, .clear = clear};
	if (!action_init(&a, s, result, error) || !load(&a, ids, NULL, error) ||
		!carry_out(&a, change_flags, error))
		return false;
	action_set_text(result, P_("%d message marked", "%d messages marked", result->done), NULL);
	return true;
}

bool action_note_flags(
	struct store *s, const GArray *ids, unsigned set, unsigned clear, GError **error)
{
	struct action_result result = {0};
	g_auto(action) a = {.set = set, .clear = clear};
	bool ok = action_init(&a, s, &result, error) && load(&a, ids, NULL, error) &&
		  carry_out(&a, change_flags, error);
	action_result_clear(&result);
	return ok;
}

bool action_move(struct store *s, const GArray *ids, const char *folder,
	struct action_result *result, GError **error)
{
	g_auto(action) a = {.kind = JOURNAL_MOVE, .to = folder};
	if (!action_init(&a, s, result, error) || !store_make_folder(s, folder, error) ||
		!load(&a, ids, not_there_yet, error) || !carry_out(&a, move_file, error))
		return false;
	action_set_text(result,
		P_("%d message moved to %s", "%d messages moved to %s", result->done), folder);
	tag_letters_tell(a.letters, &result->text);
	return true;
}

static void swap(GPtrArray *array, guint i, guint k)
{
	gpointer kept = array->pdata[i];
	array->pdata[i] = array->pdata[k];
	array->pdata[k] = kept;
}

/* Those that stay leave the entry. */
static bool direct(struct action *a, const struct action_targets *targets, GError **error)
{
	guint going = 0;
	for (guint i = 0; i < a->entry.items->len; i++) {
		struct journal_item *item = a->entry.items->pdata[i];
		item->to = targets->folder_of(a->rows->pdata[i], targets->data);
		if (!item->to || strcmp(item->to, item->folder) == 0)
			continue;
		if (!store_make_folder(a->store, item->to, error))
			return false;
		swap(a->entry.items, i, going);
		swap(a->rows, i, going++);
	}
	g_ptr_array_set_size(a->entry.items, (gint)going);
	g_ptr_array_set_size(a->rows, (gint)going);
	return true;
}

bool action_move_each(struct store *s, const GArray *ids, const struct action_targets *targets,
	struct action_result *result, GError **error)
{
	g_auto(action) a = {.kind = JOURNAL_MOVE};
	if (!action_init(&a, s, result, error) || !load(&a, ids, NULL, error) ||
		!direct(&a, targets, error) || !carry_out(&a, move_file, error))
		return false;
	action_set_text(result, P_("%d message moved", "%d messages moved", result->done), NULL);
	return true;
}

/* The names of the copies are only known when they are made, so the entry is
 * written afterwards; a crash before leaves a copy that must be removed by hand. */
static bool journal_copies(struct action *a, GError **error)
{
	g_auto(journal_entry) e = {.kind = JOURNAL_COPY};
	e.items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
	for (guint i = 0; i < a->copies->len; i++) {
		g_ptr_array_add(e.items, journal_item_new(a->to, a->copies->pdata[i]));
	}
	return e.items->len == 0 || journal_add(a->ledger, &e, error);
}

/* A copy of a preview would have no letter behind it. */
static bool are_whole(const struct action *a, GError **error)
{
	for (guint i = 0; i < a->rows->len; i++) {
		const struct message_row *row = a->rows->pdata[i];
		if (!row->partial)
			continue;
		g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
			_("cannot copy '%s': only a preview of it is here; fetch the rest first"),
			row->subject);
		return false;
	}
	return true;
}

bool action_copy(struct store *s, const GArray *ids, const char *folder,
	struct action_result *result, GError **error)
{
	g_auto(action) a = {.kind = 0, .to = folder};
	if (!action_init(&a, s, result, error) || !store_make_folder(s, folder, error) ||
		!load(&a, ids, NULL, error) || !are_whole(&a, error))
		return false;
	bool ok = carry_out(&a, copy_file, error);
	if (!journal_copies(&a, ok ? error : NULL) ||
		!sync_letters(s, folder, a.copies, ok ? error : NULL) || !ok)
		return false;
	action_set_text(result,
		P_("%d message copied to %s", "%d messages copied to %s", result->done), folder);
	return true;
}

bool action_remove_for_good(
	struct store *s, const GArray *ids, struct action_result *result, GError **error)
{
	g_auto(action) a = {.kind = 0};
	if (!action_init(&a, s, result, error) || !load(&a, ids, in_trash, error) ||
		!carry_out(&a, action_remove_file, error))
		return false;
	/* Their tags alone; a crash before leaves them to fsck. */
	action_forget_words(&a);
	return true;
}

static bool put_into_trash(
	struct store *s, const GArray *ids, struct action_result *result, GError **error)
{
	g_auto(action) a = {.kind = JOURNAL_DELETE, .to = FOLDER_TRASH};
	return action_init(&a, s, result, error) && store_make_folder(s, FOLDER_TRASH, error) &&
	       load(&a, ids, not_there_yet, error) && carry_out(&a, move_file, error);
}

bool action_delete(struct store *s, const GArray *ids, struct action_result *result, GError **error)
{
	if (!put_into_trash(s, ids, result, error))
		return false;
	action_set_text(
		result, P_("%d message deleted", "%d messages deleted", result->done), NULL);
	return true;
}

bool action_delete_for_good(
	struct store *s, const GArray *ids, struct action_result *result, GError **error)
{
	struct action_result removed = {0};
	/* First what lies in Trash now, before others join it. */
	if (!action_remove_for_good(s, ids, &removed, error) ||
		!put_into_trash(s, ids, result, error))
		return false;
	result->missing = MAX(result->missing - removed.done, 0) + removed.missing;
	if (removed.done > 0 && result->done == 0) {
		result->done = removed.done;
		action_set_text(result,
			P_("%d message removed for good", "%d messages removed for good",
				result->done),
			NULL);
		return true;
	}
	action_set_text(
		result, P_("%d message deleted", "%d messages deleted", result->done), NULL);
	result->done += removed.done;
	return true;
}

static bool find_origins(struct action *a, GError **error)
{
	for (guint i = 0; i < a->entry.items->len; i++) {
		struct journal_item *item = a->entry.items->pdata[i];
		item->to = journal_origin(a->ledger, item->base, FOLDER_TRASH);
		if (!item->to)
			item->to = g_strdup(FOLDER_INBOX);
		if (!store_make_folder(a->store, item->to, error))
			return false;
	}
	return true;
}

bool action_undelete(
	struct store *s, const GArray *ids, struct action_result *result, GError **error)
{
	g_auto(action) a = {.kind = JOURNAL_UNDELETE};
	if (!action_init(&a, s, result, error) || !load(&a, ids, in_trash, error) ||
		!find_origins(&a, error) || !carry_out(&a, move_file, error))
		return false;
	action_set_text(
		result, P_("%d message put back", "%d messages put back", result->done), NULL);
	return true;
}
