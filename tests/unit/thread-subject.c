/* SPDX-License-Identifier: MIT
 *
 * Threads by subject: which letters meet, and that the order in which they come, and
 * in which a person splits and joins, does not matter. */
#include "mailbox.h"

#include "mime/message.h"
#include "store/index-write.h"
#include "store/thread-hand.h"
#include "store/thread-private.h"
#include "store/thread-subject.h"

/* --- letters without files ------------------------------------------------------- */

struct note {
	const char *name, *subject, *refers; /* refers: names, apart by blanks */
	int day;
};

static GPtrArray *ids_in(const char *refers)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) names = g_strsplit(refers ? refers : "", " ", -1);
	for (char **name = names; *name; name++)
		if (**name)
			g_ptr_array_add(ids, g_strconcat(*name, "@host", NULL));
	return ids;
}

static struct mime_message *mime_of(const struct note *n)
{
	struct mime_message *m = mime_message_new();
	g_ptr_array_unref(m->references);
	m->references = ids_in(n->refers);
	m->subject = g_strdup(n->subject);
	m->message_id = g_strconcat(n->name, "@host", NULL);
	m->date = MAILBOX_BEGIN + (int64_t)n->day * MAILBOX_DAY;
	return m;
}

static struct index *index_new(const char *root)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(root, "index.db", NULL);
	g_unlink(path);
	struct index *ix = index_open(path, &error);
	g_assert_no_error(error);
	return ix;
}

static void put(struct index *ix, const struct note *n)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_message) m = mime_of(n);
	int64_t folder = 0, id = 0;
	struct index_letter letter = {.file = n->name, .wordless = true, .size = 1,
		.arrived = MAILBOX_BEGIN + 1000 * MAILBOX_DAY, .mime = m};
	g_assert_true(index_make_folder(ix, n->day % 2 ? "Inbox" : "Sent", &folder, &error));
	letter.folder = folder;
	g_assert_true(index_add(ix, &letter, &id, &error));
	g_assert_no_error(error);
}

/* Of each letter, in the order of their names: "NAME<PARENT", with "~" where it hangs
 * there by its subject, and the first name of its thread. */
static void describe(const GPtrArray *thread, GPtrArray *lines)
{
	const char *above[64] = {NULL}, *first = NULL;
	for (guint i = 0; i < thread->len; i++) {
		const struct message_row *r = thread->pdata[i];
		first = !first || strcmp(r->message_id, first) < 0 ? r->message_id : first;
	}
	for (guint i = 0; i < thread->len; i++) {
		const struct message_row *r = thread->pdata[i];
		above[r->depth] = r->message_id;
		g_ptr_array_add(lines,
			g_strdup_printf("%.*s<%s%.*s in %.*s", (int)strcspn(r->message_id, "@"),
				r->message_id, r->guessed ? "~" : "",
				r->depth ? (int)strcspn(above[r->depth - 1], "@") : 0,
				r->depth ? above[r->depth - 1] : "", (int)strcspn(first, "@"),
				first));
	}
}

static gint by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int64_t newest_in(const GPtrArray *thread)
{
	int64_t date = 0;
	for (guint i = 0; i < thread->len; i++)
		date = MAX(date, ((struct message_row *)thread->pdata[i])->date);
	return date;
}

/* Each thread once, where its newest letter stands, in all folders and in each. */
static void check_heads(struct index *ix)
{
	static const char *const checks[] = {
		"SELECT count(*) FROM (SELECT folder, thread, max(date) AS d FROM message"
		" GROUP BY folder, thread UNION SELECT 0, thread, max(date) FROM message"
		" WHERE folder <> 1 GROUP BY thread) x LEFT JOIN head h ON h.folder = x.folder"
		" AND h.thread = x.thread AND h.date = x.d WHERE h.id IS NULL",
		"SELECT (SELECT count(*) FROM head) - (SELECT count(*) FROM (SELECT DISTINCT folder,"
		" thread FROM message UNION SELECT 0, thread FROM message WHERE folder <> 1))",
		"SELECT count(*) FROM message m JOIN node n ON n.id = m.node"
		" WHERE n.thread <> m.thread"};
	g_autoptr(GError) error = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(checks); i++) {
		int64_t wrong = 1;
		g_assert_true(index_number(ix, 1, &wrong, &error, checks[i], ""));
		g_assert_cmpint(wrong, ==, 0);
	}
}

static char *threads_of(struct index *ix)
{
	g_autoptr(GError) error = NULL;
	const struct list_spec spec = {.order = LIST_BY_THREAD};
	g_autoptr(GPtrArray) rows = index_list(ix, &spec, LIST_TOP, false, 1000, &error);
	g_assert_no_error(error);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	int64_t last = G_MAXINT64;
	for (guint i = 0; i < rows->len;) {
		int64_t thread = ((struct message_row *)rows->pdata[i])->thread;
		g_autoptr(GPtrArray) whole = index_thread(ix, thread, &error);
		g_assert_no_error(error);
		g_assert_cmpint(newest_in(whole), <=, last);
		last = newest_in(whole);
		describe(whole, lines);
		i += whole->len;
	}
	check_heads(ix);
	g_ptr_array_sort(lines, by_text);
	g_ptr_array_add(lines, NULL);
	return g_strjoinv("\n", (char **)lines->pdata);
}

/* --- rows ------------------------------------------------------------------------ */

static const struct row {
	const char *name;
	struct note notes[6];
	const char *expected;
} rows[] = {
	{"an answer without references",
		{{"a", "The harvest", NULL, 1}, {"b", "Re: The harvest", NULL, 3}},
		"a< in a\nb<~a in a"},
	{"its own answers come along",
		{{"a", "The harvest", NULL, 1}, {"b", "RE: the  harvest!", NULL, 3},
			{"c", "Re: The harvest", "b", 4}},
		"a< in a\nb<~a in a\nc<b in a"},
	{"the newest before it, not another one after it",
		{{"a", "The harvest", NULL, 1}, {"b", "The harvest", NULL, 8},
			{"c", "Re: The harvest", NULL, 9}, {"d", "The harvest", NULL, 10}},
		"a< in a\nb< in b\nc<~b in b\nd< in d"},
	{"a list's name, in front of the mark and behind it",
		{{"a", "[farm] The harvest", NULL, 1}, {"b", "[farm] Re: The harvest", NULL, 2},
			{"c", "Re: [farm] The harvest", NULL, 3}},
		"a< in a\nb<~a in a\nc<~a in a"},
	{"two answers and nobody else", {{"b", "Re: The harvest", NULL, 2},
						{"c", "Aw: The harvest", NULL, 3}},
		"b< in b\nc<~b in b"},
	{"clocks differ", {{"a", "The harvest", NULL, 3}, {"b", "Re: The harvest", NULL, 2}},
		"a< in a\nb<~a in a"},
	{"Russian", {{"a", "Отчёт за май", NULL, 1}, {"b", "Ответ: отчет за май", NULL, 2}},
		"a< in a\nb<~a in a"},
	{"thirty days", {{"a", "The harvest", NULL, 1}, {"b", "Re: The harvest", NULL, 31},
				{"c", "The barn", NULL, 1}, {"d", "Re: The barn", NULL, 32}},
		"a< in a\nb<~a in a\nc< in c\nd< in d"},
	{"an answer that names another letter", {{"a", "The harvest", NULL, 1},
							{"b", "Re: The harvest", "x", 2}},
		"a< in a\nb< in b"},
	{"no answer", {{"a", "The harvest", NULL, 1}, {"b", "The harvest", NULL, 2},
			      {"c", "Fwd: The harvest", NULL, 3}},
		"a< in a\nb< in b\nc< in c"},
	{"short ones and empty ones", {{"a", "hop", NULL, 1}, {"b", "Re: hop", NULL, 2},
					     {"c", "", NULL, 3}, {"d", "Re:", NULL, 4},
					     {"e", "Re: ?!.,-", NULL, 5}, {"f", "?!.,-", NULL, 4}},
		"a< in a\nb< in b\nc< in c\nd< in d\ne< in e\nf< in f"},
	{"what everybody writes", {{"a", "Question", NULL, 1}, {"b", "Re: question?", NULL, 2},
					  {"c", "Привет!", NULL, 3}, {"d", "Re: Привет", NULL, 4}},
		"a< in a\nb< in b\nc< in c\nd< in d"},
	{"Chinese is short", {{"a", "收获", NULL, 1}, {"b", "回复：收获", NULL, 2}},
		"a< in a\nb<~a in a"},
	{"another letter tells whose answer it is",
		{{"a", "The harvest", NULL, 1}, {"x", "Whatever", NULL, 1},
			{"b", "Re: The harvest", NULL, 3}, {"c", "Re: The harvest", "x b", 4}},
		"a< in a\nb<x in a\nc<b in a\nx< in a"},
};

static guint count_of(const struct row *row)
{
	guint n = 0;
	while (n < G_N_ELEMENTS(row->notes) && row->notes[n].name)
		n++;
	return n;
}

/* Forwards, and backwards as a new index reads them. */
static void test_rows(void)
{
	g_autofree char *root = scratch_new();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		for (guint back = 0; back < 2; back++) {
			guint n = count_of(&rows[i]);
			struct index *ix = index_new(root);
			g_assert_true(index_begin(ix, NULL));
			for (guint k = 0; k < n; k++)
				put(ix, &rows[i].notes[back ? n - 1 - k : k]);
			g_assert_true(index_commit(ix, NULL));
			g_test_message("row '%s', %u", rows[i].name, back);
			g_autofree char *found = threads_of(ix);
			g_assert_cmpstr(found, ==, rows[i].expected);
			index_free(ix);
		}
	scratch_remove(root);
}

/* --- any order ------------------------------------------------------------------- */

enum { LETTERS = 14, SETS = 40, ORDERS = 4 };

struct corpus {
	struct note notes[LETTERS];
	char *names[LETTERS], *refers[LETTERS];
	guint order[LETTERS];
};

/* Few subjects and days, so that much is equal; a third name an earlier letter and
 * all that it names. */
static void corpus_make(struct corpus *c)
{
	static const char *const subjects[] = {"The harvest", "Re: The harvest", "Re: the harvest",
		"The barn", "Re: The barn", "Fwd: The barn", "hop", "Re: hop"};
	for (guint i = 0; i < LETTERS; i++) {
		guint up = i ? (guint)g_test_rand_int_range(0, (gint32)i) : 0;
		bool names = i > 0 && g_test_rand_int_range(0, 3) == 0;
		c->names[i] = g_strdup_printf("%c", 'a' + (int)i);
		c->refers[i] = names ? g_strdup_printf("%s %s", c->refers[up] ? c->refers[up] : "",
					       c->names[up])
				     : NULL;
		c->notes[i] = (struct note){c->names[i],
			subjects[g_test_rand_int_range(0, G_N_ELEMENTS(subjects))], c->refers[i],
			g_test_rand_int_range(0, 70)};
		c->order[i] = i;
	}
}

static void corpus_clear(struct corpus *c)
{
	for (guint i = 0; i < LETTERS; i++) {
		g_free(c->names[i]);
		g_free(c->refers[i]);
	}
}

static void shuffle(struct corpus *c)
{
	for (guint i = LETTERS - 1; i > 0; i--) {
		guint k = (guint)g_test_rand_int_range(0, (gint32)i + 1), kept = c->order[i];
		c->order[i] = c->order[k];
		c->order[k] = kept;
	}
}

static void put_some(struct index *ix, struct corpus *c, guint from, guint to)
{
	g_assert_true(index_begin(ix, NULL));
	for (guint i = from; i < to; i++)
		put(ix, &c->notes[c->order[i]]);
	g_assert_true(index_commit(ix, NULL));
}

static void test_order(void)
{
	g_autofree char *root = scratch_new();
	guint guessed = 0;
	for (guint set = 0; set < SETS; set++) {
		struct corpus c;
		g_autofree char *first = NULL;
		corpus_make(&c);
		for (guint k = 0; k < ORDERS; k++) {
			struct index *ix = index_new(root);
			put_some(ix, &c, 0, LETTERS);
			g_autofree char *found = threads_of(ix);
			if (!first)
				first = g_strdup(found);
			g_assert_cmpstr(found, ==, first);
			index_free(ix);
			shuffle(&c);
		}
		guessed += strchr(first, '~') != NULL;
		corpus_clear(&c);
	}
	g_assert_cmpuint(guessed, >, SETS / 2);
	scratch_remove(root);
}

/* Switched off and on again while letters come. */
static void test_switch(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *root = scratch_new();
	for (guint set = 0; set < SETS; set++) {
		struct corpus c;
		corpus_make(&c);
		struct index *ix = index_new(root);
		put_some(ix, &c, 0, LETTERS);
		g_autofree char *with = threads_of(ix);
		g_assert_true(index_set_subject_threads(ix, false, &error));
		g_autofree char *without = threads_of(ix);
		g_assert_null(strchr(without, '~'));
		g_assert_true(index_set_subject_threads(ix, true, &error));
		g_autofree char *again = threads_of(ix);
		g_assert_cmpstr(again, ==, with);
		index_free(ix);
		ix = index_new(root);
		g_assert_true(index_set_subject_threads(ix, false, &error));
		put_some(ix, &c, 0, LETTERS / 2);
		put_some(ix, &c, LETTERS / 2, LETTERS);
		g_autofree char *never = threads_of(ix);
		g_assert_cmpstr(never, ==, without);
		index_free(ix);
		corpus_clear(&c);
	}
	scratch_remove(root);
}

/* --- by hand --------------------------------------------------------------------- */

static int64_t id_of(struct index *ix, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = g_strconcat(name, "@host", NULL);
	g_autoptr(message_row) row = index_by_message_id(ix, id, &error);
	g_assert_no_error(error);
	return row->id;
}

static void split(struct mailbox *m, const char *name, int64_t done)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct action_result result;
	int64_t id = id_of(mailbox_index(m), name);
	g_array_append_val(ids, id);
	g_assert_true(action_split(m->store, ids, &result, &error));
	g_assert_no_error(error);
	if (done >= 0)
		g_assert_cmpint(result.done, ==, done);
	action_result_clear(&result);
}

static bool join(struct mailbox *m, const char *name, const char *parent)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct action_result result;
	int64_t id = id_of(mailbox_index(m), name);
	g_array_append_val(ids, id);
	bool ok = action_join(
		m->store, ids, id_of(mailbox_index(m), parent), &result, &error);
	if (!ok)
		g_assert_error(error, STORE_ERROR, STORE_ERROR_STATE);
	action_result_clear(&result);
	return ok;
}

static bool undo(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	struct action_result result;
	g_assert_true(action_undo(m->store, &result, &error));
	bool done = result.done > 0;
	action_result_clear(&result);
	return done;
}

static void assert_threads(struct index *ix, const char *expected)
{
	g_autofree char *found = threads_of(ix);
	g_assert_cmpstr(found, ==, expected);
}

static void test_hand(void)
{
	static const struct note notes[] = {{"a", "The harvest", NULL, 1},
		{"b", "Re: The harvest", "a", 2}, {"c", "Re: The harvest", "a b", 3},
		{"d", "Re: The harvest", NULL, 4}, {"e", "Barn", NULL, 5}};
	struct mailbox m = {0};
	mailbox_init(&m);
	struct index *ix = mailbox_index(&m);
	g_assert_true(index_begin(ix, NULL));
	for (guint i = 0; i < G_N_ELEMENTS(notes); i++)
		put(ix, &notes[i]);
	g_assert_true(index_commit(ix, NULL));
	const char *whole = "a< in a\nb<a in a\nc<b in a\nd<~a in a\ne< in e";
	assert_threads(ix, whole);
	split(&m, "a", 0); /* it begins its thread already */
	split(&m, "b", 1);
	split(&m, "b", 0);
	assert_threads(ix, "a< in a\nb< in b\nc<b in b\nd<~a in a\ne< in e");
	split(&m, "d", 1);
	assert_threads(ix, "a< in a\nb< in b\nc<b in b\nd< in d\ne< in e");
	g_assert_true(join(&m, "b", "e"));
	g_assert_true(join(&m, "e", "d"));
	assert_threads(ix, "a< in a\nb<e in b\nc<b in b\nd< in b\ne<d in b");
	g_assert_false(join(&m, "d", "c")); /* d would hang below itself */
	for (guint i = 0; i < 4; i++)
		g_assert_true(undo(&m));
	g_assert_false(undo(&m));
	assert_threads(ix, whole);
	mailbox_clear(&m);
}

static void change_at_random(struct mailbox *m, const struct corpus *c)
{
	for (guint i = 0; i < 6; i++) {
		const char *one = c->names[g_test_rand_int_range(0, LETTERS)];
		const char *other = c->names[g_test_rand_int_range(0, LETTERS)];
		if (g_test_rand_bit())
			split(m, one, -1);
		else
			join(m, one, other);
	}
}

/* A new index, which hears of what was done before, between or behind the letters. */
static void compare_anew(struct mailbox *m, struct corpus *c, const char *expected)
{
	g_autoptr(GError) error = NULL;
	struct ledger *l = store_ledger(m->store, &error);
	for (guint heard = 0; heard <= LETTERS; heard += LETTERS / 2) {
		struct index *ix = index_new(m->root);
		int64_t wrong = 1;
		shuffle(c);
		put_some(ix, c, 0, heard);
		g_assert_true(index_sync_hand(ix, l, &error));
		put_some(ix, c, heard, LETTERS);
		g_assert_true(index_check_hand(ix, l, &wrong, &error));
		g_assert_cmpint(wrong, ==, 0);
		assert_threads(ix, expected);
		index_free(ix);
	}
}

static void test_hand_order(void)
{
	for (guint set = 0; set < 12; set++) {
		struct mailbox m = {0};
		struct corpus c;
		mailbox_init(&m);
		corpus_make(&c);
		struct index *ix = mailbox_index(&m);
		put_some(ix, &c, 0, LETTERS);
		g_autofree char *before = threads_of(ix);
		change_at_random(&m, &c);
		g_autofree char *after = threads_of(ix);
		compare_anew(&m, &c, after);
		while (undo(&m))
			;
		assert_threads(ix, before);
		compare_anew(&m, &c, before);
		mailbox_clear(&m);
		corpus_clear(&c);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/thread-subject/which letters meet", test_rows);
	g_test_add_func("/thread-subject/any order gives the same threads", test_order);
	g_test_add_func("/thread-subject/switched off and on", test_switch);
	g_test_add_func("/thread-subject/split and joined by hand, and undone", test_hand);
	g_test_add_func("/thread-subject/a new index knows what was split and joined",
		test_hand_order);
	return g_test_run();
}
