/* SPDX-License-Identifier: MIT
 *
 * Taking back: each item of an entry by its kind, the last one first. */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/actions-private.h"
#include "store/index-tags.h"
#include "store/outbox.h"
#include "store/sync-private.h"
#include "store/thread-hand.h"

static struct maildir_wanted wanted_of(const struct journal_item *item)
{
	bool in_new = item->file && g_str_has_prefix(item->file, "new/");
	const char *file = item->file ? strchr(item->file, '/') : NULL;
	return (struct maildir_wanted){
		item->base, file ? file + 1 : NULL, in_new, item->flags, item->mask};
}

static bool restore_flags(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error)
{
	const char *base = journal_item_base(item);
	const struct maildir_wanted wanted = wanted_of(item);
	g_autofree char *path = action_path(a, item->folder, base, error);
	return path && maildir_restore(path, path, base, &wanted, place, error);
}

static bool move_back(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error)
{
	g_autofree char *other = NULL;
	struct action_way way = {item->to, item->folder, journal_item_base(item), wanted_of(item)};
	/* Somebody else's letter has come by that name. */
	if (action_is_taken(a, item->folder, item->base, NULL)) {
		way.wanted.base = other = maildir_unique_name();
		way.wanted.file = NULL;
	}
	return store_make_folder(a->store, item->folder, error) &&
	       action_transfer(a, &way, place, error);
}

/* Within the entry of a filter; action_untag() is for entries of tags alone. */
static bool restore_tags(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error)
{
	const char *tags = item->tags ? item->tags : "", *base = journal_item_base(item);
	/* The letters follow at the next sync of all folders: this one's row is in no
	 * folder for certain before the entry is undone. */
	return tags_set(a->ledger, base, tags, error) && index_tag_base(a->ix, base, tags, error) &&
	       index_note_tags(a->ix, a->ledger, error);
}

/* What each kind takes back, and whether the letter is where it was then.  A letter
 * that was sent is not a file: undo_send(). */
static const struct {
	file_change change;
	bool gone;
	bool elsewhere; /* no file is changed */
} kinds[] = {
	[JOURNAL_FLAGS] = {restore_flags, false},
	[JOURNAL_MOVE] = {move_back, false},
	[JOURNAL_COPY] = {action_remove_file, true},
	[JOURNAL_DELETE] = {move_back, false},
	[JOURNAL_UNDELETE] = {move_back, false},
	[JOURNAL_TAG] = {restore_tags, false, true},
	[JOURNAL_TRAIN] = {action_untrain, false, true},
};

/* The row of a message by where the journal left it; 0: not in the index. */
static int64_t id_of(struct action *a, const struct journal_item *item)
{
	int64_t folder = 0, id = 0;
	if (index_folder_id(a->ix, journal_item_folder(item), &folder, NULL))
		index_number(a->ix, 0, &id, NULL,
			"SELECT id FROM message WHERE folder = ? AND base = ?", "is", folder,
			journal_item_base(item));
	return id;
}

/* Back under another name than it had, because that is taken by now. */
static bool tell_older(
	struct action *a, const struct journal_item *item, const char *file, GError **error)
{
	g_autofree char *base = maildir_base(file);
	action_carry_words(a, journal_item_base(item), base);
	return strcmp(base, item->base) == 0 ||
	       journal_follow(a->ledger, item->folder, item->base, base, error);
}

static bool undo_one(struct action *a, struct journal_item *item, GError **error)
{
	GError *own = NULL;
	struct maildir_place place = {0};
	enum journal_kind kind = item->kind ? item->kind : a->entry.kind;
	if ((size_t)kind >= G_N_ELEMENTS(kinds) || !kinds[kind].change)
		return true;
	int64_t id = id_of(a, item);
	bool ok = kinds[kind].change(a, item, &place, &own);
	bool told = true;
	a->result->done += ok;
	if (ok && !kinds[kind].elsewhere) {
		bool gone = kinds[kind].gone;
		/* The first of the entry comes last. */
		if (item->to) {
			g_free(a->result->first);
			a->result->first = maildir_base(place.file);
		}
		if (id != 0)
			action_note_moved(a, id, gone ? NULL : item->folder, gone ? NULL : &place);
		told = gone || tell_older(a, item, place.file, error);
	}
	maildir_place_clear(&place);
	return action_go_on(a, ok, own, error) && told;
}

static bool undo_step(struct action *a, guint i, GError **error)
{
	return undo_one(a, a->entry.items->pdata[a->entry.items->len - 1 - i], error);
}

/* What is back leaves the entry, which stays with the rest. */
static bool leave(struct action *a, guint back, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	for (guint i = a->entry.items->len - back; i < a->entry.items->len; i++) {
		const struct journal_item *item = a->entry.items->pdata[i];
		g_array_append_val(ids, item->id);
	}
	return journal_drop(a->ledger, a->entry.id, ids, error);
}

/* On an error the entry stays: it can be tried again, what is back already is
 * then counted as gone from the other place. */
static bool undo_all(struct action *a, GError **error)
{
	guint back;
	if (a->entry.kind == JOURNAL_TAG)
		return action_untag(a->store, &a->entry, a->result, error);
	if (a->entry.kind == JOURNAL_SPLIT || a->entry.kind == JOURNAL_JOIN)
		return action_unthread(a->store, &a->entry, a->result, error);
	bool ok = action_each(a, undo_step, &back, error);
	ok = action_sync_touched(a, ok ? error : NULL) && ok;
	ok = trash_change_write(a->ledger, &a->trash, ok ? error : NULL) && ok;
	action_forget_left(a, true);
	if (!ok)
		return false;
	return a->result->stopped ? leave(a, back, error)
				  : journal_remove(a->ledger, a->entry.id, error);
}

static const char *undone_text(enum journal_kind kind, int64_t n)
{
	switch (kind) {
	case JOURNAL_FLAGS:
		return P_("marks of %d message taken back", "marks of %d messages taken back", n);
	case JOURNAL_COPY:
		return P_("%d copy taken back", "%d copies taken back", n);
	case JOURNAL_DELETE:
		return P_("%d deleted message is back", "%d deleted messages are back", n);
	case JOURNAL_TAG:
		return P_("tags of %d message taken back", "tags of %d messages taken back", n);
	case JOURNAL_SPLIT:
		return P_("%d message is in its thread again",
			"%d messages are in their threads again", n);
	case JOURNAL_JOIN:
		return P_("%d message is where it was before it was joined",
			"%d messages are where they were before they were joined", n);
	case JOURNAL_TRAIN:
		return P_("%d change of the spam lesson taken back",
			"%d changes of the spam lesson taken back", n);
	case JOURNAL_FILTER:
		return P_("%d change of the filter taken back",
			"%d changes of the filter taken back", n);
	default:
		return P_("%d message moved back", "%d messages moved back", n);
	}
}

/* A letter within its time is held; of any other there is nothing to take back. */
static bool undo_send(struct action *a, GError **error)
{
	const struct journal_item *item = a->entry.items->len > 0 ? a->entry.items->pdata[0] : NULL;
	int64_t id = item && item->data ? g_ascii_strtoll(item->data, NULL, 10) : 0;
	g_autoptr(outbox_item) letter = outbox_get(a->store, id, NULL);
	bool waits = letter && letter->state == OUTBOX_QUEUED && letter->undo_until > clock_now();
	g_autoptr(GError) own = NULL;
	if (waits && outbox_recall(a->store, id, &own)) {
		a->result->done = 1;
		a->result->item = id;
		a->result->text = g_strdup_printf(
			_("the letter '%s' is called back; it is held in the outbox"),
			letter->subject);
	} else if (own && !g_error_matches(own, STORE_ERROR, STORE_ERROR_STATE)) {
		g_propagate_error(error, g_steal_pointer(&own));
		return false;
	}
	return journal_remove(a->ledger, a->entry.id, error);
}

static void add_untold(struct action_result *r)
{
	if (r->untold == 0)
		return;
	g_autofree char *done = g_steal_pointer(&r->text);
	r->text =
		g_strdup_printf(P_("%s; the spam program could not be told of %d",
					"%s; the spam program could not be told of %d", r->untold),
			done, (int)r->untold);
}

/* One entry; id is its, 0: there was none.  text: NULL for one that was passed over. */
static bool undo_last(struct store *s, struct action_result *result, int64_t *id, GError **error)
{
	g_auto(action) a = {0};
	if (!action_init(&a, s, result, error))
		return false;
	g_clear_pointer(&a.entry.items, g_ptr_array_unref);
	if (!journal_last(a.ledger, &a.entry, error))
		return false;
	*id = a.entry.id;
	if (a.entry.id == 0)
		return true;
	if (a.entry.kind == JOURNAL_SEND)
		return undo_send(&a, error);
	if (!undo_all(&a, error))
		return false;
	g_clear_pointer(&result->text, g_free);
	action_set_text(result, undone_text(a.entry.kind, result->done), NULL);
	add_untold(result);
	return true;
}

bool action_undo(struct store *s, struct action_result *result, GError **error)
{
	int64_t id;
	do
		if (!undo_last(s, result, &id, error))
			return false;
	while (id != 0 && !result->text);
	if (id == 0)
		result->text = g_strdup(_("there is nothing to undo"));
	return true;
}

static bool last_id(struct store *s, int64_t *id, GError **error)
{
	struct ledger *l = store_ledger(s, error);
	g_autoptr(GPtrArray) list = l ? journal_list(l, 1, error) : NULL;
	if (list)
		*id = list->len > 0 ? ((struct journal_entry *)list->pdata[0])->id : 0;
	return list != NULL;
}

bool action_undo_to(struct store *s, int64_t entry, struct action_result *result, GError **error)
{
	struct action_result sum = {0};
	int64_t id = 0, changes = 0;
	bool ok;
	while (!sum.stopped && (ok = last_id(s, &id, error)) && id != 0 && id >= entry) {
		struct action_result one = {0};
		ok = undo_last(s, &one, &id, error);
		changes += ok && one.text;
		sum.done += one.done;
		sum.missing += one.missing;
		sum.stopped = one.stopped;
		sum.item = one.item ? one.item : sum.item;
		action_result_clear(&one);
		if (!ok)
			break;
	}
	*result = sum;
	if (ok)
		result->text = changes == 0
				       ? g_strdup(_("there is nothing to undo"))
				       : g_strdup_printf(P_("%d change taken back",
								 "%d changes taken back", changes),
						 (int)changes);
	if (ok)
		action_tell_stop(result);
	return ok;
}
