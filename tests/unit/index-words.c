/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include "store/index-dead.h"
#include "store/index-words.h"
#include "store/index-write.h"
#include "store/words.h"

static const struct {
	const char *name, *text, *body, *quoted; /* body NULL: it is not split */
} texts[] = {
	{"nothing else", "one\ntwo - three > four\n", NULL, ""},
	{"quoted", "yes\n> no\n> > never\n>\nwell", "yes\nwell", "> no\n> > never\n>\n"},
	{"quoted first", "> no\nyes", "yes", "> no\n"},
	{"signature", "yes\n-- \nIvan\nACME", "yes\n", "-- \nIvan\nACME"},
	{"its space was lost", "yes\n--\nIvan", "yes\n", "--\nIvan"},
	{"no signature", "a\n--- \nb", "a\n--- \nb", ""},
	{"behind the signature", "yes\n-- \nIvan\n\nfrom a file", "yes\n\nfrom a file",
		"-- \nIvan\n"},
	{"long below the mark", "-- \n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12", "12",
		"-- \n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n"},
};

static void test_split(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GString) body = g_string_new(NULL), quoted = g_string_new(NULL);
		bool split = index_split_text(texts[i].text, body, quoted);
		g_test_message("row '%s'", texts[i].name);
		if (split || texts[i].body)
			g_assert_cmpstr(
				body->str, ==, texts[i].body ? texts[i].body : texts[i].text);
		g_assert_cmpstr(quoted->str, ==, texts[i].quoted);
	}
}

/* Quoted words are found, everywhere and in the text, and count for less. */
static void test_weights(void)
{
	static const struct letter letters[] = {
		{.name = "mine", .day = 1, .body = "the contract is signed"},
		{.name = "answer", .day = 2, .body = "fine\n> the contract is signed"},
		{.name = "other", .day = 3, .body = "nothing"},
		{.name = "more", .day = 4, .body = "nothing at all"},
		{.name = "subject", .day = 5, .subject = "contract", .body = "see there"},
	};
	struct mailbox m = {0};
	GError *error = NULL;
	mailbox_init(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		mailbox_put(&m, &letters[i]);
	mailbox_sync(&m);
	g_autofree char *all = mailbox_list(&m, NULL, "contracts", LIST_BY_DATE);
	g_autofree char *text = mailbox_list(&m, NULL, "body:contracts", LIST_BY_DATE);
	g_assert_cmpstr(all, ==, "contract, answer, mine");
	g_assert_cmpstr(text, ==, "answer, mine");
	g_autoptr(GString) ranked = g_string_new(NULL);
	sqlite3_stmt *stmt = index_stmt(mailbox_index(&m),
		"SELECT substr(m.base, 12) FROM words JOIN message m ON m.id = words.rowid"
		" WHERE words MATCH 'contract' ORDER BY rank",
		&error);
	while (stmt && db_row(stmt, &error))
		g_string_append_printf(ranked, "%s ", (const char *)sqlite3_column_text(stmt, 0));
	g_assert_no_error(error);
	g_assert_cmpstr(ranked->str, ==, "subject.host mine.host answer.host ");
	sqlite3_reset(stmt);
	mailbox_clear(&m);
}

static void reopen(struct mailbox *m, const char *languages)
{
	g_autoptr(GError) error = NULL;
	store_free(m->store);
	m->store = store_open(m->root, &error);
	g_assert_no_error(error);
	store_set_languages(m->store, languages);
}

static int64_t number(struct mailbox *m, const char *sql)
{
	int64_t n = 0;
	g_autoptr(GError) error = NULL;
	db_number(index_handle(mailbox_index(m)), sql, 0, &n, &error);
	g_assert_no_error(error);
	return n;
}

static void assert_found(struct mailbox *m, const char *query, const char *expected)
{
	g_autofree char *found = mailbox_list(m, NULL, query, LIST_BY_DATE);
	g_test_message("query '%s'", query);
	g_assert_cmpstr(found, ==, expected);
}

static bool always(void *data, GError **error)
{
	return true;
}

static const struct index_spare spare_time = {always, NULL};

/* Another setting reads the words anew, the list stays; no setting keeps them. */
static void test_languages(void)
{
	static const struct letter letters[] = {
		{.name = "de", .day = 1, .body = "Die Häuser der Verträge"},
		{.name = "ru", .day = 2, .body = "Заключён договор"},
	};
	struct mailbox m = {0};
	mailbox_init(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		mailbox_put(&m, &letters[i]);
	mailbox_sync(&m);
	assert_found(&m, "договорам", "ru");
	assert_found(&m, "Hauses", "");
	reopen(&m, "de");
	assert_found(&m, "", "ru, de");
	struct sync_result r = mailbox_sync(&m);
	g_assert_cmpint(r.added + r.removed, ==, 0);
	assert_found(&m, "Hauses", "de");
	assert_found(&m, "hau*", "de");
	assert_found(&m, "договорам", "ru");
	reopen(&m, NULL);
	assert_found(&m, "Hauses", "de");
	reopen(&m, "ru, de en");
	mailbox_sync(&m);
	assert_found(&m, "Hauses", "de");
	g_autofree char *languages = index_languages(mailbox_index(&m), NULL);
	g_assert_cmpstr(languages, ==, "en ru de");
	mailbox_clear(&m);
}

/* What is gone is not found, and its postings go when they are many: those of the
 * others stay, every one of them. */
static void test_dead(void)
{
	enum { MANY = 60 };
	struct mailbox m = {0};
	g_autoptr(GError) error = NULL;
	int64_t dead = 0, taken = 0;
	mailbox_init(&m);
	for (int i = 0; i < MANY; i++) {
		g_autofree char *name = g_strdup_printf("n%d", i);
		g_autofree char *body = g_strdup_printf(
			"договоры %s connections common common\n> quoted %s\n", name, name);
		struct letter l = {.name = name, .day = i, .body = body, .info = "S"};
		mailbox_put(&m, &l);
	}
	mailbox_sync(&m);
	for (int i = 0; i < MANY; i++) {
		g_autofree char *name = g_strdup_printf("n%d", i);
		struct letter l = {.name = name, .day = i, .info = "S"};
		g_autofree char *path = mailbox_file(&m, &l);
		if (i % 3)
			g_unlink(path);
	}
	mailbox_sync(&m);
	g_assert_true(index_count_dead(mailbox_index(&m), &dead, &error));
	g_assert_cmpint(dead, ==, 40);
	assert_found(&m, "n1 OR n3 OR n4", "n3");
	while (index_bury(mailbox_index(&m), &spare_time, &taken, &error) && taken > 0)
		;
	g_assert_no_error(error);
	g_assert_true(index_count_dead(mailbox_index(&m), &dead, &error));
	g_assert_cmpint(dead, ==, 0);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM words('common')"), ==, 20);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM words('договорам')"), ==, 20);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM words('n1')"), ==, 0);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM words('quoted : n3')"), ==, 1);
	g_assert_cmpint(number(&m, "SELECT count(DISTINCT doc) FROM temp.posting"), ==, 20);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM begins('\"" WORDS_AS_THEY_ARE " aco\"')"),
		==, 20);
	assert_found(&m, "n1* n12*", "n12");
	assert_found(&m, "\"common common\" n57", "n57");
	mailbox_clear(&m);
}

/* --- what can wait ------------------------------------------------------------- */

/* How often it is asked until somebody is in a hurry. */
struct patience {
	int left, asked;
};

static bool hurry(void *data)
{
	struct patience *p = data;
	p->asked++;
	return p->left-- <= 0;
}

static bool sync_with(struct mailbox *m, int patience)
{
	g_autoptr(GError) error = NULL;
	struct patience p = {patience, 0};
	struct sync_options options = {.hurry = hurry, .data = &p};
	struct sync_result r = {0};
	sync_run(m->store, NULL, &options, &r, &error);
	g_assert_no_error(error);
	return r.left;
}

/* Languages are changed by and by: opening does nothing, each sync lists what came before
 * it goes on with the words, and in the end nothing is left of the old ones. */
static void test_languages_wait(void)
{
	enum { MANY = 30 };
	struct mailbox m = {0};
	int syncs = 0;
	mailbox_init(&m);
	for (int i = 0; i < MANY; i++) {
		g_autofree char *name = g_strdup_printf("n%d", i);
		struct letter l = {.name = name, .day = i, .body = "Die Häuser der Verträge"};
		mailbox_put(&m, &l);
	}
	mailbox_sync(&m);
	reopen(&m, "de");
	g_assert_cmpint(number(&m, "SELECT count(*) FROM words_docsize"), ==, MANY);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM message WHERE state & 16"), ==, 0);
	for (bool left = true; left; syncs++) {
		g_autofree char *name = g_strdup_printf("later%d", syncs);
		struct letter l = {.name = name, .day = MANY + syncs, .body = "Das Haus"};
		mailbox_put(&m, &l);
		left = sync_with(&m, 1);
		g_autofree char *all = mailbox_list(&m, "Inbox", NULL, LIST_BY_DATE);
		g_assert_true(g_str_has_prefix(all, name));
		g_assert_cmpint(syncs, <, 100);
	}
	g_assert_cmpint(syncs, >, 3);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM words('Vertrag')"), ==, MANY);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM words('Hauses')"), ==, MANY + syncs);
	g_assert_cmpint(
		number(&m, "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'old_*'"), ==, 0);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM message WHERE state & 16"), ==, 0);
	mailbox_clear(&m);
}

/* Changed back before it was done: each letter has its words once, and none are lost. */
static void test_languages_twice(void)
{
	struct mailbox m = {0};
	static const struct letter letters[] = {
		{.name = "one", .day = 1, .body = "Die Häuser der Verträge"},
		{.name = "two", .day = 2, .body = "Заключён договор"},
	};
	static const struct letter later = {.name = "three", .day = 3, .body = "des Hauses"};
	mailbox_init(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		mailbox_put(&m, &letters[i]);
	mailbox_sync(&m);
	reopen(&m, "de");
	g_assert_true(sync_with(&m, 0));
	mailbox_put(&m, &later);
	g_assert_true(sync_with(&m, 0));
	reopen(&m, "ru");
	g_assert_true(sync_with(&m, 0));
	reopen(&m, "ru de");
	g_assert_cmpint(
		number(&m, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%'"),
		==, 6);
	mailbox_sync(&m);
	assert_found(&m, "Haus", "three, one");
	assert_found(&m, "договорам", "two");
	g_assert_cmpint(number(&m, "SELECT count(*) FROM words_docsize"), ==, 3);
	g_assert_cmpint(
		number(&m, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%'"),
		==, 2);
	mailbox_clear(&m);
}

static bool step(void *data, GError **error)
{
	struct patience *p = data;
	p->asked++;
	if (p->left-- > 0)
		return true;
	g_set_error_literal(error, STORE_ERROR, STORE_ERROR_CANCELLED, "hurry");
	return false;
}

/* Postings of the dead go in slices, and what was learned in one is not learned again. */
static void test_dead_wait(void)
{
	enum { MANY = 160 };
	struct mailbox m = {0};
	int64_t taken = 0, all = 0;
	int calls = 0;
	mailbox_init(&m);
	for (int i = 0; i < MANY; i++) {
		g_autofree char *name = g_strdup_printf("n%d", i);
		struct letter l = {.name = name, .day = i, .body = "common words", .info = "S"};
		mailbox_put(&m, &l);
	}
	mailbox_sync(&m);
	g_assert_true(index_begin(mailbox_index(&m), NULL));
	for (int64_t id = 1; id < MANY; id++)
		g_assert_true(index_remove(mailbox_index(&m), id, NULL));
	g_assert_true(index_commit(mailbox_index(&m), NULL));
	for (bool ok = false; !ok; calls++, all += taken) {
		g_autoptr(GError) error = NULL;
		struct patience p = {0, 0};
		const struct index_spare spare = {step, &p};
		ok = index_bury(mailbox_index(&m), &spare, &taken, &error);
		g_assert_true(ok || error->code == STORE_ERROR_CANCELLED);
		g_assert_cmpint(calls, <, 100);
	}
	g_assert_cmpint(calls, >, 3);
	g_assert_cmpint(all, ==, MANY - 1);
	g_assert_true(index_count_dead(mailbox_index(&m), &taken, NULL));
	g_assert_cmpint(taken, ==, 0);
	g_assert_cmpint(number(&m, "SELECT count(*) FROM words('common')"), ==, 1);
	mailbox_clear(&m);
}

/* --- beginnings ---------------------------------------------------------------- */

static const struct letter begun[] = {
	{.name = "a", .day = 1, .from = "Olga Petrova <olga@example.org>", .subject = "Invoices",
		.body = "the company pays"},
	{.name = "b", .day = 2, .from = "Ivan <ivan@example.com>", .subject = "Confirmed",
		.body = "see olga"},
	{.name = "c", .day = 3, .refers = "<b@host>", .body = "> convey it\nnothing"},
	{.name = "d", .day = 4, .subject = "Договоры", .body = "Ёлка, invoice, dying, loving"},
	{.name = "e", .day = 5, .subject = "zebra", .body = "\xce\xb1\xce\xb2\xce\xb3 東京都"},
};

static const struct {
	const char *query, *expected;
	bool words; /* not by the table of beginnings */
} beginnings[] = {
	{"com*", "Confirmed, Invoices", false},
	{"co*", "c, Confirmed, Invoices", false},
	{"CO*", "c, Confirmed, Invoices", false},
	{"c* is:unread", "c, Confirmed, Invoices", false},
	{"from:ol*", "Invoices", false},
	{"from:\"ol\"*", "Invoices", false},
	{"ol*", "Confirmed, Invoices", false},
	{"subject:con*", "Confirmed", false},
	{"дог*", "Договоры", false},
	{"subject:до*", "Договоры", false},
	{"ел*", "Договоры", false},
	{"ЁЛ*", "Договоры", false},
	{"dy*", "Договоры", false},
	{"lovi*", "Договоры", true}, /* whose stem does not begin so */
	{"die*", "Договоры", false}, /* a form of it */
	{"αβ*", "zebra", false},
	{"co* OR z*", "zebra, c, Confirmed, Invoices", false},
	{"co* ol*", "Confirmed, Invoices", false},
	{"q*", "", false},
	{"nothing co*", "c", false},
	{"invoice (co* OR zeb*)", "Invoices", false},
	{"co* in:Inbox -olga", "c", true},
	{"body:co*", "c, Invoices", true},
	{"invo*", "Договоры, Invoices", true},
	{"\"the co\"*", "Invoices", true},
	{"東*", "zebra", true},
};

static void put_begun(struct mailbox *m)
{
	mailbox_init(m);
	for (size_t i = 0; i < G_N_ELEMENTS(begun); i++)
		mailbox_put(m, &begun[i]);
	mailbox_sync(m);
}

/* Without its rows only those find anything that ask words.  Letters are listed by their
 * subjects. */
static void test_begins(void)
{
	struct mailbox m = {0};
	g_autoptr(GError) error = NULL;
	put_begun(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++)
		assert_found(&m, beginnings[i].query, beginnings[i].expected);
	db_exec(index_handle(mailbox_index(&m)),
		"INSERT INTO begins(begins) VALUES('delete-all')", &error);
	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++)
		assert_found(&m, beginnings[i].query,
			beginnings[i].words ? beginnings[i].expected : "");
	mailbox_clear(&m);
}

/* In threads, counted, by score, and page after page. */
static void test_begins_lists(void)
{
	struct mailbox m = {0};
	int64_t total = 0, unread = 0;
	put_begun(&m);
	g_autofree char *threads = mailbox_list(&m, NULL, "c*", LIST_BY_THREAD);
	g_autofree char *mixed = mailbox_list(&m, NULL, "nothing co*", LIST_BY_THREAD);
	g_autofree char *both = mailbox_list(&m, NULL, "(nothing OR olga) co*", LIST_BY_THREAD);
	g_autofree char *sizes = mailbox_list(&m, NULL, "ol* co*", LIST_BY_SIZE);
	g_autofree char *score = mailbox_list(&m, NULL, "zeb*", LIST_BY_SCORE);
	g_assert_cmpstr(threads, ==, "Confirmed, .c, Invoices");
	g_assert_cmpstr(mixed, ==, "c");
	g_assert_cmpstr(both, ==, "Confirmed, .c, Invoices");
	g_assert_cmpstr(sizes, ==, "Invoices, Confirmed");
	g_assert_cmpstr(score, ==, "zebra");
	struct list_spec spec = {.query = "invoice co*"};
	g_assert_true(index_count(mailbox_index(&m), &spec, &total, &unread, NULL));
	g_assert_cmpint(total, ==, 1);
	spec.query = "co*";
	g_assert_true(index_count(mailbox_index(&m), &spec, &total, &unread, NULL));
	g_assert_cmpint(total, ==, 3);
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/index-words/split", test_split);
	g_test_add_func("/index-words/weights", test_weights);
	g_test_add_func("/index-words/languages", test_languages);
	g_test_add_func("/index-words/dead", test_dead);
	g_test_add_func("/index-words/languages-wait", test_languages_wait);
	g_test_add_func("/index-words/languages-twice", test_languages_twice);
	g_test_add_func("/index-words/dead-wait", test_dead_wait);
	g_test_add_func("/index-words/begins", test_begins);
	g_test_add_func("/index-words/begins-lists", test_begins_lists);
	return g_test_run();
}
