/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/index-private.h"
#include "store/index-tags.h"
#include "store/tag-letters.h"

/* Tags lie in the ledger, and so does the journal: one commit has both.  The
 * index follows; what it loses by a crash is found by index_sync_tags(). */
struct tagging {
	struct store *store;
	struct index *ix;
	struct ledger *ledger;
	struct journal_entry entry;
	GPtrArray *tags; /* new ones, beside entry.items */
	struct action_result *result;
	struct tag_letters *letters; /* NULL: tags are no keywords */
};

static void tagging_clear(struct tagging *t)
{
	journal_entry_clear(&t->entry);
	g_clear_pointer(&t->tags, g_ptr_array_unref);
	g_clear_pointer(&t->letters, tag_letters_free);
}
typedef struct tagging tagging;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(tagging, tagging_clear)

static bool tagging_init(
	struct tagging *t, struct store *s, struct action_result *result, GError **error)
{
	*result = (struct action_result){0};
	t->result = result;
	t->store = s;
	t->entry.kind = JOURNAL_TAG;
	t->entry.items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
	t->tags = g_ptr_array_new_with_free_func(g_free);
	t->ix = store_index(s, error);
	t->ledger = t->ix ? store_ledger(s, error) : NULL;
	return t->ledger != NULL;
}

static bool add_item(struct tagging *t, const struct message_row *row,
	const struct tag_change *change, GError **error)
{
	g_autofree char *base = maildir_base(row->file);
	g_autofree char *before = tags_get(t->ledger, base, error);
	if (!before)
		return false;
	g_autofree char *after = tags_changed(before, change);
	if (strcmp(before, after) == 0)
		return true;
	struct journal_item *item = g_new0(struct journal_item, 1);
	item->folder = g_strdup(row->folder);
	item->base = g_steal_pointer(&base);
	item->flags = row->flags;
	item->tags = g_steal_pointer(&before);
	g_ptr_array_add(t->entry.items, item);
	g_ptr_array_add(t->tags, g_steal_pointer(&after));
	return true;
}

static bool load(
	struct tagging *t, const GArray *ids, const struct tag_change *change, GError **error)
{
	for (guint i = 0; i < ids->len; i++) {
		g_autoptr(GError) own = NULL;
		g_autoptr(message_row) row =
			index_message(t->ix, g_array_index(ids, int64_t, i), &own);
		if (row && !add_item(t, row, change, error))
			return false;
		if (row)
			continue;
		if (!g_error_matches(own, STORE_ERROR, STORE_ERROR_MISSING)) {
			g_propagate_error(error, g_steal_pointer(&own));
			return false;
		}
		t->result->missing++;
	}
	return true;
}

/* All of them or none: one commit of the ledger has them and the journal. */
static bool go_on(struct tagging *t, guint i, GError **error)
{
	if (store_going(t->store, i, t->entry.items->len))
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_CANCELLED, _("stopped; no tag was changed"));
	return false;
}

static bool write_tags(struct tagging *t, GError **error)
{
	for (guint i = 0; i < t->entry.items->len; i++) {
		const struct journal_item *item = t->entry.items->pdata[i];
		if (!go_on(t, i, error))
			return false;
		if (!tags_set(t->ledger, item->base, t->tags->pdata[i], error) ||
			!index_tag_base(t->ix, item->base, t->tags->pdata[i], error))
			return false;
		t->result->done++;
	}
	return index_note_tags(t->ix, t->ledger, error);
}

typedef bool (*journal_step)(struct tagging *t, GError **error);

static bool write_journal(struct tagging *t, GError **error)
{
	return journal_write(t->ledger, &t->entry, error);
}

static bool drop_journal(struct tagging *t, GError **error)
{
	return journal_erase(t->ledger, t->entry.id, error);
}

/* The ledger first, since its lock is the shorter one to wait for. */
static bool carry_out(struct tagging *t, journal_step journal, GError **error)
{
	if (!ledger_begin(t->ledger, error))
		return false;
	if (!index_begin(t->ix, error)) {
		ledger_rollback(t->ledger);
		return false;
	}
	if (!journal(t, error) || !write_tags(t, error)) {
		index_rollback(t->ix);
		ledger_rollback(t->ledger);
		return false;
	}
	if (ledger_commit(t->ledger, error))
		return index_commit(t->ix, error);
	index_rollback(t->ix);
	return false;
}

/* The tags are in the ledger by now: what other programs see of them follows. */
static bool push(struct tagging *t, GError **error)
{
	g_autoptr(GPtrArray) bases = g_ptr_array_new();
	t->letters = tag_letters_new(t->store);
	for (guint i = 0; t->letters && i < t->entry.items->len; i++)
		g_ptr_array_add(bases, ((struct journal_item *)t->entry.items->pdata[i])->base);
	return tag_letters_push(t->letters, bases, error);
}

static void set_text(struct action_result *r)
{
	r->text = g_strdup_printf(
		P_("tags of %d message changed", "tags of %d messages changed", r->done),
		(int)r->done);
}

bool action_tag(struct store *s, const GArray *ids, const struct tag_change *change,
	struct action_result *result, GError **error)
{
	g_auto(tagging) t = {0};
	if (!tagging_init(&t, s, result, error) || !load(&t, ids, change, error) ||
		(t.entry.items->len > 0 && !carry_out(&t, write_journal, error)))
		return false;
	result->entry = t.entry.id;
	if (!push(&t, error))
		return false;
	set_text(result);
	tag_letters_tell(t.letters, &result->text);
	return true;
}

bool action_untag(struct store *s, const struct journal_entry *e, struct action_result *result,
	GError **error)
{
	g_auto(tagging) t = {0};
	if (!tagging_init(&t, s, result, error))
		return false;
	g_ptr_array_unref(t.entry.items);
	t.entry.items = g_ptr_array_ref(e->items);
	t.entry.id = e->id;
	for (guint i = 0; i < e->items->len; i++) {
		const struct journal_item *item = e->items->pdata[i];
		g_ptr_array_add(t.tags, g_strdup(item->tags ? item->tags : ""));
	}
	return carry_out(&t, drop_journal, error) && push(&t, error);
}
