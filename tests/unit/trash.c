/* SPDX-License-Identifier: MIT
 *
 * Trash that empties itself, and long changes that are stopped half way. */
#include "mailbox.h"

#include "store/actions.h"
#include "store/index-tags.h"
#include "store/journal.h"
#include "store/outbox.h"
#include "store/trash.h"

enum { HOUR = 3600, DAY = 86400, START = 1790000000 };

static const struct letter some[] = {
	{.name = "a", .day = 1},
	{.name = "b", .day = 2, .info = "S"},
	{.name = "c", .day = 3, .info = "F"},
	{.name = "d", .day = 4, .folder = "Lists/x"},
};

static void set_clock(int64_t now)
{
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, now);
	g_setenv("DEWEY_CLOCK", text, TRUE);
}

static void fill(struct mailbox *m)
{
	set_clock(START);
	mailbox_init(m);
	for (size_t i = 0; i < G_N_ELEMENTS(some); i++)
		mailbox_put(m, &some[i]);
	mailbox_sync(m);
}

typedef bool (*action)(
	struct store *s, const GArray *ids, struct action_result *result, GError **error);

static void act(struct mailbox *m, action what, const char *names)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) ids = mailbox_ids(m, names);
	struct action_result r;
	what(m->store, ids, &r, &error);
	g_assert_no_error(error);
	action_result_clear(&r);
}

static void take_back(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	struct action_result r;
	action_undo(m->store, &r, &error);
	g_assert_no_error(error);
	action_result_clear(&r);
}

/* What is left in Trash after a look at this time, by day of deleting. */
static char *left(struct mailbox *m, int64_t now)
{
	g_autoptr(GError) error = NULL;
	int64_t removed;
	set_clock(now);
	trash_empty(m->store, 30, &removed, &error);
	g_assert_no_error(error);
	/* The index is what the files are. */
	struct sync_result r = mailbox_sync(m);
	g_assert_cmpint(r.added + r.removed + r.changed, ==, 0);
	return mailbox_list(m, FOLDER_TRASH, NULL, LIST_BY_DATE);
}

static void expect(struct mailbox *m, int64_t now, const char *titles)
{
	g_autofree char *now_left = left(m, now);
	g_assert_cmpstr(now_left, ==, titles);
}

/* Counted from when it was deleted, by whatever action, and not a second less. */
static void test_days(void)
{
	struct mailbox m = {0};
	fill(&m);
	expect(&m, START, "");
	act(&m, action_delete, "a");
	set_clock(START + 10 * DAY);
	act(&m, action_delete, "b d");
	expect(&m, START + 29 * DAY, "d, b, a");
	expect(&m, START + 30 * DAY - 1, "d, b, a");
	expect(&m, START + 30 * DAY + HOUR, "d, b");
	expect(&m, START + 40 * DAY, "");
	/* What was not deleted is as it was. */
	g_autofree char *inbox = mailbox_list(&m, FOLDER_INBOX, NULL, LIST_BY_DATE);
	g_assert_cmpstr(inbox, ==, "c");
	mailbox_clear(&m);
}

/* Taken out and put there again: counted anew, also where undo put it back. */
static void test_again(void)
{
	struct mailbox m = {0};
	fill(&m);
	expect(&m, START, "");
	act(&m, action_delete, "a b");
	set_clock(START + 20 * DAY);
	act(&m, action_undelete, "a b");
	expect(&m, START + 21 * DAY, "");
	set_clock(START + 25 * DAY);
	take_back(&m);
	expect(&m, START + 31 * DAY, "b, a");
	expect(&m, START + 55 * DAY, "");
	mailbox_clear(&m);
}

/* Undo of a delete: the letter is in Inbox, and no count waits for it there. */
static void test_undone(void)
{
	struct mailbox m = {0};
	fill(&m);
	expect(&m, START, "");
	act(&m, action_delete, "a");
	take_back(&m);
	/* Another program deletes it, before anybody looked: that is never counted. */
	g_autofree char *from = mailbox_file(&m, &some[0]);
	struct letter there = some[0];
	there.folder = FOLDER_TRASH;
	g_autofree char *to = mailbox_file(&m, &there);
	g_assert_true(store_make_folder(m.store, FOLDER_TRASH, NULL));
	g_assert_cmpint(g_rename(from, to), ==, 0);
	mailbox_sync(&m);
	expect(&m, START + 30 * DAY + HOUR, "a");
	expect(&m, START + 61 * DAY, "a");
	mailbox_clear(&m);
}

/* another program took it out of Trash, and back later: it is not counted. */
static void test_others(void)
{
	struct mailbox m = {0};
	fill(&m);
	expect(&m, START, "");
	act(&m, action_delete, "b");
	struct letter there = some[1];
	there.folder = FOLDER_TRASH;
	g_autofree char *in = mailbox_file(&m, &there), *out = mailbox_file(&m, &some[1]);
	g_assert_cmpint(g_rename(in, out), ==, 0);
	mailbox_sync(&m);
	expect(&m, START + 2 * DAY, "");
	g_assert_cmpint(g_rename(out, in), ==, 0);
	mailbox_sync(&m);
	expect(&m, START + 32 * DAY, "b");
	expect(&m, START + 33 * DAY, "b");
	mailbox_clear(&m);
}

/* A clock that is wrong by years empties nothing at the first look, nor one that was
 * set back. */
static void test_clock(void)
{
	struct mailbox m = {0};
	fill(&m);
	expect(&m, START, "");
	act(&m, action_delete, "a");
	expect(&m, START + 4000 * DAY, "a");
	expect(&m, START + DAY, "a");
	expect(&m, START + DAY + HOUR, "a");
	expect(&m, START + 31 * DAY, "");
	mailbox_clear(&m);
}

struct stop {
	int64_t after, calls;
};

static bool until(int64_t done, int64_t total, void *data)
{
	struct stop *stop = data;
	stop->calls++;
	return done < stop->after;
}

static char *titles(struct mailbox *m)
{
	struct sync_result r = mailbox_sync(m);
	g_assert_cmpint(r.added + r.removed + r.changed, ==, 0);
	g_autofree char *inbox = mailbox_list(m, FOLDER_INBOX, NULL, LIST_BY_DATE);
	g_autofree char *trash = mailbox_list(m, FOLDER_TRASH, NULL, LIST_BY_DATE);
	return g_strconcat(inbox, " | ", trash, NULL);
}

/* A taking back that is stopped: what is back is back, and the next one takes the rest
 * back, neither more nor less. */
static void test_stopped(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	struct action_result r;
	struct stop stop = {.after = 1};
	fill(&m);
	act(&m, action_delete, "a b c");
	store_watch(m.store, &(struct store_watch){until, &stop});
	g_assert_true(action_undo(m.store, &r, &error));
	g_assert_true(r.stopped);
	g_assert_cmpstr(r.text, ==, "1 deleted message is back; stopped before the end");
	action_result_clear(&r);
	g_autofree char *half = titles(&m);
	g_assert_cmpstr(half, ==, "c | b, a");
	store_watch(m.store, NULL);
	g_assert_true(action_undo(m.store, &r, &error));
	g_assert_cmpstr(r.text, ==, "2 deleted messages are back");
	action_result_clear(&r);
	g_autofree char *whole = titles(&m);
	g_assert_cmpstr(whole, ==, "c, b, a | ");
	g_assert_true(action_undo(m.store, &r, &error));
	g_assert_cmpstr(r.text, ==, "there is nothing to undo");
	action_result_clear(&r);
	mailbox_clear(&m);
}

/* All down to one: the one that is stopped is the last. */
static void test_stopped_all(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	struct action_result r;
	struct stop stop = {.after = 1};
	fill(&m);
	act(&m, action_delete, "a");
	act(&m, action_delete, "b c");
	store_watch(m.store, &(struct store_watch){until, &stop});
	g_assert_true(action_undo_to(m.store, 1, &r, &error));
	g_assert_cmpstr(r.text, ==, "1 change taken back; stopped before the end");
	action_result_clear(&r);
	g_autofree char *half = titles(&m);
	g_assert_cmpstr(half, ==, "c | b, a");
	mailbox_clear(&m);
}

static bool never(int64_t done, int64_t total, void *data)
{
	g_assert_cmpint(total, ==, 3);
	return false;
}

/* Stopped while the rows are still read: nothing was done, and nothing is in the journal. */
static void test_stopped_at_once(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	struct action_result r;
	fill(&m);
	g_autoptr(GArray) ids = mailbox_ids(&m, "a b c");
	store_watch(m.store, &(struct store_watch){never, NULL});
	g_assert_true(action_move(m.store, ids, FOLDER_ARCHIVE, &r, &error));
	g_assert_cmpstr(r.text, ==, "0 messages moved to Archive; stopped before the end");
	action_result_clear(&r);
	g_autofree char *now = titles(&m);
	g_assert_cmpstr(now, ==, "c, b, a | ");
	g_assert_true(action_undo(m.store, &r, &error));
	g_assert_cmpstr(r.text, ==, "there is nothing to undo");
	action_result_clear(&r);
	mailbox_clear(&m);
}

/* --- the list of changes ---------------------------------------------------------- */

static void hand_in(struct mailbox *m, const char *subject)
{
	static const char *const to[] = {"a@x", NULL};
	g_autoptr(GError) error = NULL;
	const struct outbox_letter letter = {.account = "home",
		.sender = "me@x",
		.recipients = to,
		.subject = subject,
		.data = "x\n",
		.len = 2,
		.undo_until = START + HOUR};
	outbox_add(m->store, &letter, &error);
	g_assert_no_error(error);
}

static void tag(struct mailbox *m, const char *names)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) ids = mailbox_ids(m, names);
	g_auto(tag_change) change = {0};
	struct action_result r;
	g_assert_true(tag_change_parse("+work", &change, &error));
	g_assert_true(action_tag(m->store, ids, &change, &r, &error));
	action_result_clear(&r);
}

static bool flag(struct store *s, const GArray *ids, struct action_result *r, GError **error)
{
	return action_flags(s, ids, FLAG_FLAGGED, 0, r, error);
}

static bool move(struct store *s, const GArray *ids, struct action_result *r, GError **error)
{
	return action_move(s, ids, "Lists/x", r, error);
}

static bool copy(struct store *s, const GArray *ids, struct action_result *r, GError **error)
{
	return action_copy(s, ids, FOLDER_ARCHIVE, r, error);
}

/* The last two become what a filter did. */
static void as_filter(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	struct ledger *l = store_ledger(m->store, &error);
	g_autoptr(GPtrArray) list = journal_list(l, 2, &error);
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(int64_t));
	for (guint i = list->len; i-- > 0;) {
		const struct journal_entry *e = list->pdata[i];
		g_array_append_val(entries, e->id);
	}
	g_assert_true(journal_join(l, entries, JOURNAL_FILTER, "lists", &error));
}

/* Every kind of change stands in the list, also a letter within its time. */
static void test_kinds(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	fill(&m);
	tag(&m, "a");
	act(&m, move, "a");
	as_filter(&m);
	act(&m, flag, "b c");
	act(&m, move, "b");
	act(&m, copy, "c");
	act(&m, action_delete, "d");
	act(&m, action_undelete, "d");
	tag(&m, "b d");
	hand_in(&m, "plans");
	g_autoptr(GPtrArray) list = journal_list(store_ledger(m.store, &error), 100, &error);
	g_assert_no_error(error);
	GString *texts = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++) {
		g_autofree char *text = journal_text(list->pdata[i]);
		g_string_append_printf(texts, "%s\n", text);
	}
	g_autofree char *all = g_string_free(texts, FALSE);
	g_assert_cmpstr(all, ==,
		"letter 'plans' sent\ntags of 2 messages changed\n1 message put back\n"
		"1 message deleted\n1 message copied to Archive\n1 message moved to Lists/x\n"
		"2 messages marked: flagged\nfilter 'lists': 2 changes\n");
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/trash/days", test_days);
	g_test_add_func("/trash/again", test_again);
	g_test_add_func("/trash/undone", test_undone);
	g_test_add_func("/trash/others/X-10", test_others);
	g_test_add_func("/trash/clock", test_clock);
	g_test_add_func("/actions/stopped-at-once", test_stopped_at_once);
	g_test_add_func("/undo/stopped", test_stopped);
	g_test_add_func("/undo/stopped-all", test_stopped_all);
	g_test_add_func("/journal/kinds", test_kinds);
	return g_test_run();
}
