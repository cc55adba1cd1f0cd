/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "store/db.h"
#include "store/filter-private.h"
#include "store/index-tags.h"
#include "store/maildir.h"
#include "store/preview.h"
#include "store/store-private.h"
#include "store/sync-private.h"

/* One action of one filter, over the letters that are at it. */
struct turn {
	struct filter_pass *pass;
	const struct filter_rule *rule;
	const struct filter_action *action;
};

/* Whether another try can do better: then nothing is a failure of the filter. */
static bool is_passing(const GError *why)
{
	return g_error_matches(why, STORE_ERROR, STORE_ERROR_BUSY) ||
	       g_error_matches(why, STORE_ERROR, STORE_ERROR_DISK) ||
	       g_error_matches(why, STORE_ERROR, STORE_ERROR_SYSTEM) ||
	       g_error_matches(why, STORE_ERROR, STORE_ERROR_CANCELLED) ||
	       g_error_matches(why, STORE_ERROR, STORE_ERROR_DAMAGED);
}

/* The letter stays where it is, and no later filter looks at it.  That it failed is
 * told even where the ledger cannot keep it. */
static void fail(const struct turn *t, struct passing *letter, const char *why)
{
	const struct filter_ops *ops = t->pass->ops;
	g_autoptr(message_row) row = index_message(t->pass->ix, letter->id, NULL);
	letter->over = true;
	t->pass->result->failed++;
	filter_note_failure(t->pass, t->rule, why, NULL);
	filter_due_end(t->pass, letter, NULL);
	if (ops->failed && row)
		ops->failed(t->rule, row, why, ops->data);
}

/* why is taken.  A letter that is gone is no failure: there is nothing left to do. */
static bool fail_or_stop(const struct turn *t, struct passing *letter, GError *why, GError **error)
{
	if (is_passing(why)) {
		g_propagate_error(error, why);
		return false;
	}
	if (g_error_matches(why, STORE_ERROR, STORE_ERROR_MISSING))
		letter->over = true;
	else
		fail(t, letter, why->message);
	g_error_free(why);
	return true;
}

/* --- many at once ---------------------------------------------------------------- */

static bool change(const struct turn *t, const GArray *ids, struct action_result *r, GError **error)
{
	struct store *s = t->pass->store;
	g_auto(tag_change) tags = {0};
	switch (t->action->verb) {
	case FILTER_MOVE:
		return action_move(s, ids, t->action->text, r, error);
	case FILTER_MARK:
		return action_flags(s, ids, t->action->flags, 0, r, error);
	case FILTER_TAG:
		return tag_change_parse(t->action->text, &tags, error) &&
		       action_tag(s, ids, &tags, r, error);
	default:
		g_assert_not_reached();
	}
}

static bool change_all(const struct turn *t, const GPtrArray *letters, GError **error)
{
	struct action_result r = {0};
	GError *why = NULL;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	for (guint i = 0; i < letters->len; i++)
		g_array_append_val(ids, ((struct passing *)letters->pdata[i])->id);
	/* Who stopped it half way would leave letters that count as moved. */
	const struct store_watch watch = t->pass->store->watch;
	store_watch(t->pass->store, NULL);
	bool ok = change(t, ids, &r, &why), go_on = true;
	store_watch(t->pass->store, &watch);
	if (r.entry != 0)
		g_array_append_val(t->pass->entries, r.entry);
	action_result_clear(&r);
	for (guint i = 0; !ok && go_on && i < letters->len; i++)
		go_on = fail_or_stop(t, letters->pdata[i], g_error_copy(why), error);
	g_clear_error(&why);
	return go_on;
}

/* --- one by one ------------------------------------------------------------------ */

/* The same for the same letter, filter and action: "a" and a hash. */
static char *key_of(const struct turn *t, const char *base)
{
	g_autofree char *text = g_strdup_printf(
		"%s|%s|%d|%s", base, t->rule->name, (int)t->action->verb, t->action->text);
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	return g_strndup(sum, 24);
}

/* Of another name that is the same each time: a second try finds the first. */
static char *copy_name(const struct turn *t, const char *base)
{
	g_autofree char *key = key_of(t, base);
	size_t begin = strcspn(base, ".");
	const char *host = strrchr(base, '.');
	return g_strdup_printf("%.*s.C%s%s", (int)begin, base, key, host ? host : "");
}

static bool journal_copy(const struct turn *t, const char *name, GError **error)
{
	g_auto(journal_entry) e = {.kind = JOURNAL_COPY};
	e.items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
	g_ptr_array_add(e.items, journal_item_new(t->action->text, name));
	if (!journal_add(t->pass->ledger, &e, error))
		return false;
	g_array_append_val(t->pass->entries, e.id);
	return true;
}

static bool copy_file(
	const struct turn *t, const struct message_row *row, const char *name, GError **error)
{
	struct store *s = t->pass->store;
	struct maildir_place there = {0};
	g_autofree char *base = maildir_base(row->file);
	g_autofree char *from = store_folder_path(s, row->folder, error);
	g_autofree char *to = from ? store_folder_path(s, t->action->text, error) : NULL;
	if (!to || !store_make_folder(s, t->action->text, error))
		return false;
	if (strcmp(row->folder, t->action->text) == 0)
		return true;
	if (maildir_find(to, name, &there, NULL)) {
		maildir_place_clear(&there);
		return true;
	}
	return journal_copy(t, name, error) && maildir_copy_as(from, to, base, name, error);
}

static bool copy(
	const struct turn *t, struct passing *letter, const struct message_row *row, GError **error)
{
	g_autofree char *base = maildir_base(row->file);
	char *name = copy_name(t, base);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(names, name);
	return copy_file(t, row, name, error) &&
	       sync_letters(t->pass->store, t->action->text, names, error);
}

static bool forward(
	const struct turn *t, struct passing *letter, const struct message_row *row, GError **error)
{
	const struct filter_ops *ops = t->pass->ops;
	g_autofree char *base = maildir_base(row->file);
	g_autofree char *key = key_of(t, base);
	g_autoptr(GError) own = NULL;
	g_autoptr(sqlite3_stmt) stmt = db_prepare(
		ledger_db(t->pass->ledger), "SELECT 1 FROM outbox WHERE envid = ?", error);
	if (!stmt)
		return false;
	db_bind(stmt, "s", key);
	if (db_row(stmt, &own))
		return true;
	if (own) {
		g_propagate_error(error, g_steal_pointer(&own));
		return false;
	}
	sqlite3_reset(stmt);
	const struct filter_forward how = {t->action->text, key, ops->forward_data};
	return !ops->forward || ops->forward(t->pass->store, row, &how, error);
}

static bool note(const struct turn *t, struct passing *letter, bool begun, GError **error)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	g_ptr_array_add(one, letter);
	letter->begun = begun;
	return letter->due == 0 || filter_due_note(t->pass, t->rule, one, 0, error);
}

/* Noted before: a crash then leaves one that nobody was told of, not two. */
static bool notify(
	const struct turn *t, struct passing *letter, const struct message_row *row, GError **error)
{
	const struct filter_ops *ops = t->pass->ops;
	letter->step++;
	bool ok = note(t, letter, false, error);
	letter->step--;
	if (ok && ops->notify)
		ops->notify(t->rule, row, ops->data);
	return ok;
}

/* What the program said is noted at once: it is not run a second time. */
static bool take_verdict(
	const struct turn *t, struct passing *letter, enum filter_verdict verdict, const char *why)
{
	if (verdict == FILTER_FAILED)
		fail(t, letter, why);
	else if (verdict == FILTER_NO)
		letter->step = t->rule->count + 1;
	return verdict == FILTER_YES;
}

static bool run_program(
	const struct turn *t, struct passing *letter, const struct message_row *row, GError **error)
{
	g_autofree char *why = NULL;
	int fd = preview_or_message_open(t->pass->store, row->folder, row->file, error);
	if (fd < 0)
		return false;
	bool ok = note(t, letter, true, error);
	enum filter_verdict verdict =
		ok ? filter_pipe(t->pass, t->rule, t->action->argv, fd, &why) : FILTER_FAILED;
	bool yes = ok && take_verdict(t, letter, verdict, why);
	close(fd);
	letter->step += yes;
	ok = ok && note(t, letter, false, error);
	letter->step -= yes;
	return ok;
}

typedef bool (*single)(const struct turn *t, struct passing *letter, const struct message_row *row,
	GError **error);

static const single singles[] = {
	[FILTER_COPY] = copy,
	[FILTER_NOTIFY] = notify,
	[FILTER_FORWARD] = forward,
	[FILTER_PIPE] = run_program,
	[FILTER_STOP] = NULL,
};

/* A program that was begun and is not known to have ended. */
static bool was_cut_off(const struct turn *t, struct passing *letter)
{
	if (!letter->begun)
		return false;
	letter->begun = false;
	fail(t, letter, _("the program was cut off, and is not run again for this letter"));
	return true;
}

static bool single_all(const struct turn *t, const GPtrArray *letters, GError **error)
{
	for (guint i = 0; i < letters->len; i++) {
		struct passing *letter = letters->pdata[i];
		GError *why = NULL;
		if (!store_going(t->pass->store, i, letters->len)) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_CANCELLED, _("stopped"));
			return false;
		}
		if (was_cut_off(t, letter))
			continue;
		g_autoptr(message_row) row = index_message(t->pass->ix, letter->id, &why);
		if ((!row || !singles[t->action->verb](t, letter, row, &why)) &&
			!fail_or_stop(t, letter, why, error))
			return false;
	}
	return true;
}

/* --- a filter -------------------------------------------------------------------- */

static GPtrArray *at_step(const GPtrArray *letters, guint step)
{
	GPtrArray *found = g_ptr_array_new();
	for (guint i = 0; i < letters->len; i++) {
		struct passing *letter = letters->pdata[i];
		if (!letter->over && letter->step == step)
			g_ptr_array_add(found, letter);
	}
	return found;
}

static bool do_step(const struct turn *t, guint step, const GPtrArray *letters, GError **error)
{
	g_autoptr(GPtrArray) here = at_step(letters, step);
	bool ok = true;
	if (here->len == 0)
		return true;
	if (t->action->verb <= FILTER_MARK && t->action->verb != FILTER_COPY)
		ok = change_all(t, here, error);
	else if (t->action->verb != FILTER_STOP)
		ok = single_all(t, here, error);
	for (guint i = 0; ok && i < here->len; i++) {
		struct passing *letter = here->pdata[i];
		letter->over = letter->over || t->action->verb == FILTER_STOP;
		letter->step += letter->step == step;
	}
	return ok;
}

bool filter_do(struct filter_pass *p, int k, GPtrArray *letters, GError **error)
{
	const struct filter_rule *rule = p->rules->pdata[k];
	bool ok = true;
	g_array_set_size(p->entries, 0);
	for (guint i = 0; ok && i < rule->count; i++) {
		const struct turn t = {p, rule, &rule->actions[i]};
		ok = do_step(&t, i, letters, error);
	}
	return journal_join(p->ledger, p->entries, JOURNAL_FILTER, rule->name, ok ? error : NULL) && ok;
}
