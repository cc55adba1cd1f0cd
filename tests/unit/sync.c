/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/ledger.h"

/* Everything of the index that a person can see, without ids. */
static char *dump(struct mailbox *m)
{
	GString *out = g_string_new(NULL);
	g_autoptr(GPtrArray) folders = index_folders(mailbox_index(m), NULL);
	for (guint i = 0; i < folders->len; i++) {
		const struct folder_row *f = folders->pdata[i];
		g_string_append_printf(out, "%s %d %d %d\n", f->name, (int)f->total,
			(int)f->unread, (int)f->flagged);
		struct list_spec spec = {f->name, NULL, LIST_BY_THREAD};
		g_autoptr(GPtrArray) rows =
			index_list(mailbox_index(m), &spec, LIST_TOP, false, 100000, NULL);
		for (guint k = 0; k < rows->len; k++) {
			const struct message_row *r = rows->pdata[k];
			g_string_append_printf(out, "%d %d %d %d %u %d %s %s <%s> %s %s %s %s\n",
				r->depth, (int)r->date, (int)r->arrived, (int)r->size, r->flags,
				r->is_new, r->file, r->from_name, r->from, r->to, r->subject,
				r->message_id, r->snippet);
		}
	}
	g_autofree char *found = mailbox_list(m, NULL, "договор OR meeting", LIST_BY_DATE);
	g_string_append(out, found);
	return g_string_free(out, FALSE);
}

static const struct letter some[] = {
	{.name = "a", .day = 1, .body = "договор"},
	{.name = "b", .day = 2, .info = "S", .refers = "<a@host>"},
	{.name = "c", .day = 3, .info = "FRS", .body = "a meeting"},
	{.name = "d", .day = 4, .folder = "Lists/x", .refers = "<b@host>"},
};

static void fill(struct mailbox *m)
{
	for (size_t i = 0; i < G_N_ELEMENTS(some); i++)
		mailbox_put(m, &some[i]);
	g_assert_cmpint(mailbox_sync(m).added, ==, G_N_ELEMENTS(some));
}

static void rename_letter(struct mailbox *m, const struct letter *from, const struct letter *to)
{
	g_autofree char *old = mailbox_file(m, from), *new = mailbox_file(m, to);
	g_assert_cmpint(g_rename(old, new), ==, 0);
}

static void test_nothing_new(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	fill(&m);
	struct sync_result r = mailbox_sync(&m);
	g_assert_cmpint(r.added + r.removed + r.changed, ==, 0);
	mailbox_clear(&m);
}

/* flags, new to cur, removals, other folders; by another program. */
static void test_others(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	fill(&m);
	struct letter read = some[0], marked = some[1], moved = some[2];
	read.info = "S";
	marked.info = "FSa";
	moved.folder = "Archive";
	rename_letter(&m, &some[0], &read);
	rename_letter(&m, &some[1], &marked);
	rename_letter(&m, &some[2], &moved);
	g_autofree char *gone = mailbox_file(&m, &some[3]);
	g_unlink(gone);
	struct sync_result r = mailbox_sync(&m);
	g_assert_cmpint(r.changed, ==, 2);
	g_assert_cmpint(r.removed, ==, 2);
	g_assert_cmpint(r.added, ==, 1);
	g_autofree char *inbox = mailbox_list(&m, "Inbox", NULL, LIST_BY_DATE);
	g_autofree char *archive = mailbox_list(&m, "Archive", NULL, LIST_BY_DATE);
	g_autofree char *unread = mailbox_list(&m, NULL, "is:unread", LIST_BY_DATE);
	g_autofree char *flagged = mailbox_list(&m, "Inbox", "is:flagged", LIST_BY_DATE);
	g_assert_cmpstr(inbox, ==, "b, a");
	g_assert_cmpstr(archive, ==, "c");
	g_assert_cmpstr(unread, ==, "");
	g_assert_cmpstr(flagged, ==, "b");
	mailbox_clear(&m);
}

/* what was built step by step equals what is built at once; rm index.db
 * costs nothing but time.  (What a letter that is gone said about threads is
 * remembered until then.) */
static void test_rebuild(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	fill(&m);
	for (int i = 0; i < 60; i++) {
		g_autofree char *name = g_strdup_printf("n%d", i);
		g_autofree char *refers =
			i % 3 ? g_strdup_printf("<n%d@host>", i / 2) : g_strdup("<b@host>");
		struct letter l = {.name = name, .day = 100 - i, .refers = refers,
			.info = i % 2 ? "S" : NULL, .folder = i % 5 ? NULL : "Lists/x"};
		mailbox_put(&m, &l);
		if (i % 7 == 0)
			mailbox_sync(&m);
		if (i % 11 == 3) {
			struct letter to = l;
			to.info = "FS";
			mailbox_sync(&m);
			rename_letter(&m, &l, &to);
		}
		if (i % 13 == 5 && i >= 30) { /* nobody answers these */
			g_autofree char *gone = mailbox_file(&m, &l);
			mailbox_sync(&m);
			g_unlink(gone);
		}
	}
	mailbox_sync(&m);
	g_autofree char *before = dump(&m);
	g_autofree char *path = g_build_filename(m.root, ".dewey", "index.db", NULL);
	store_free(m.store);
	g_unlink(path);
	mailbox_open(&m);
	mailbox_sync(&m);
	g_autofree char *after = dump(&m);
	g_assert_cmpstr(after, ==, before);
	mailbox_clear(&m);
}

static void test_removed_folder(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	fill(&m);
	g_autofree char *path = g_build_filename(m.root, "Lists", NULL);
	scratch_remove(path);
	g_assert_cmpint(mailbox_sync(&m).removed, ==, 1);
	g_autofree char *all = mailbox_list(&m, NULL, NULL, LIST_BY_DATE);
	g_assert_cmpstr(all, ==, "c, b, a");
	mailbox_clear(&m);
}

/* The first batch is kept when the sync is stopped, and not read again. */
static bool stop_at_once(const struct sync_progress *p, void *data)
{
	*(int64_t *)data = p->done;
	g_assert_cmpstr(p->folder, ==, "Inbox");
	g_assert_cmpint(p->total, ==, 3000);
	return false;
}

static void test_stop(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	int64_t done = 0;
	mailbox_init(&m);
	for (int i = 0; i < 3000; i++) {
		g_autofree char *name = g_strdup_printf("m%d", i);
		mailbox_put(&m, &(struct letter){.name = name, .day = i});
	}
	struct sync_options options = {stop_at_once, &done, false};
	struct sync_result r;
	g_assert_false(sync_run(m.store, NULL, &options, &r, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_CANCELLED);
	g_assert_cmpint(done, >, 0);
	g_assert_cmpint(done, <, 3000);
	g_assert_cmpint(r.added, ==, done);
	g_assert_cmpint(mailbox_sync(&m).added, ==, 3000 - done);
	mailbox_clear(&m);
}

/* Dies in the middle of a transaction, as if by kill -9. */
static int die(void *data)
{
	int *left = data;
	if (--*left == 0)
		raise(SIGKILL);
	return 0;
}

static void sync_and_die(const char *root, int left)
{
	g_autoptr(store) s = store_open(root, NULL);
	struct index *ix = s ? store_index(s, NULL) : NULL;
	if (ix) {
		sqlite3_commit_hook(index_handle(ix), die, &left);
		sync_run(s, NULL, NULL, NULL, NULL);
	}
	_exit(1);
}

enum { LETTERS = 2500, FOUND = LETTERS / 100 };

static void kill_sync(struct mailbox *m, int left)
{
	int status = 0;
	store_free(g_steal_pointer(&m->store));
	pid_t pid = fork();
	if (pid == 0)
		sync_and_die(m->root, left);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFSIGNALED(status));
	mailbox_open(m);
}

/* How many the index has, which must be what it lists. */
static int64_t count_listed(struct mailbox *m)
{
	int64_t total, unread;
	struct list_spec spec = {.folder = "Inbox"};
	g_autoptr(GPtrArray) rows =
		index_list(mailbox_index(m), &spec, LIST_TOP, false, LETTERS, NULL);
	g_assert_true(index_count(mailbox_index(m), &spec, &total, &unread, NULL));
	g_assert_cmpint(total, ==, rows->len);
	return total;
}

static int64_t count_found(struct mailbox *m)
{
	struct list_spec spec = {.folder = "Inbox", .query = "xylophone"};
	g_autoptr(GPtrArray) rows =
		index_list(mailbox_index(m), &spec, LIST_TOP, false, LETTERS, NULL);
	return rows->len;
}

/* what is there after a crash is whole, and the rest follows: the rows
 * that are missing, and the words of those that had none yet. */
static void test_killed(void)
{
	struct mailbox m = {0};
	int64_t total = 0;
	mailbox_init(&m);
	for (int i = 0; i < LETTERS; i++) {
		g_autofree char *name = g_strdup_printf("m%d", i);
		mailbox_put(&m, &(struct letter){.name = name, .day = i,
					.body = i % 100 ? "text" : "a xylophone"});
	}
	/* Each try gets one transaction further than the one before. */
	bool rows_missing = false, words_missing = false;
	for (int tries = 0; !words_missing && tries < 40; tries++) {
		kill_sync(&m, 2);
		total = count_listed(&m);
		rows_missing = rows_missing || total < LETTERS;
		words_missing = total == LETTERS && count_found(&m) < FOUND;
	}
	g_assert_true(rows_missing);
	g_assert_true(words_missing);
	g_assert_cmpint(mailbox_sync(&m).added, ==, 0);
	g_assert_cmpint(count_listed(&m), ==, LETTERS);
	g_assert_cmpint(count_found(&m), ==, FOUND);
	g_autofree char *first = mailbox_list(&m, NULL, "subject:m0", LIST_BY_DATE);
	g_assert_cmpstr(first, ==, "m0");
	mailbox_clear(&m);
}

struct batches {
	int left; /* until the one that is lost */
	int64_t *committed; /* shared with who looks at it afterwards */
};

static bool note_committed(const struct sync_progress *p, void *data)
{
	const struct batches *b = data;
	*b->committed = p->done;
	return true;
}

/* Killed when a batch is all but committed. */
static int die_at_last(void *data)
{
	struct batches *b = data;
	if (b->left-- == 0)
		raise(SIGKILL);
	return 0;
}

static void sync_batches(const char *root, struct batches *b)
{
	g_autoptr(store) s = store_open(root, NULL);
	struct index *ix = s ? store_index(s, NULL) : NULL;
	struct sync_options options = {note_committed, b, false};
	*b->committed = 0;
	if (ix) {
		sqlite3_commit_hook(index_handle(ix), die_at_last, b);
		sync_run(s, NULL, &options, NULL, NULL);
	}
	_exit(1);
}

static int64_t kill_at_batch(struct mailbox *m, int batches, int64_t *committed)
{
	int status = 0;
	store_free(g_steal_pointer(&m->store));
	pid_t pid = fork();
	if (pid == 0)
		sync_batches(m->root, &(struct batches){batches, committed});
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	mailbox_open(m);
	return WIFSIGNALED(status) ? *committed : -1;
}

/* of what was killed only the batch at hand is lost.  Each try gets one
 * transaction further; the first are of folders. */
static void test_last_batch(void)
{
	struct mailbox m = {0};
	int64_t *committed = mmap(NULL, sizeof *committed, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	mailbox_init(&m);
	for (int i = 0; i < LETTERS; i++) {
		g_autofree char *name = g_strdup_printf("m%d", i);
		mailbox_put(&m, &(struct letter){.name = name, .day = i});
	}
	int64_t before = 0, done = 0;
	for (int batches = 0; done == 0; batches++) {
		done = kill_at_batch(&m, batches, committed);
		int64_t now = count_listed(&m);
		g_assert_cmpint(now - before, ==, done);
		before = now;
	}
	g_assert_cmpint(before, <, LETTERS);
	g_assert_cmpint(mailbox_sync(&m).added, ==, LETTERS - before);
	munmap(committed, sizeof *committed);
	mailbox_clear(&m);
}

/* Lets the rows be written, and of the words those of the newest letters: how many a
 * batch are depends on the machine. */
static bool stop_at_words(const struct sync_progress *p, void *data)
{
	enum { NEWEST = 512 }; /* of sync-words.c */
	bool *rows = data, go = !*rows || p->done < NEWEST;
	*rows = *rows || p->done == p->total;
	return go;
}

/* A store that grows is searched: the newest letters have their words first. */
static void test_newest_first(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	bool rows = false;
	mailbox_init(&m);
	for (int i = 0; i < LETTERS; i++) {
		g_autofree char *name = g_strdup_printf("m%d", i);
		bool last = i == LETTERS - 1;
		mailbox_put(&m, &(struct letter){.name = name, .day = i,
					.body = i == 0 ? "a zither" : last ? "a xylophone" : "text"});
	}
	struct sync_options options = {stop_at_words, &rows, false};
	g_assert_false(sync_run(m.store, NULL, &options, NULL, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_CANCELLED);
	g_assert_cmpint(count_listed(&m), ==, LETTERS);
	g_autofree char *newest = mailbox_list(&m, NULL, "body:xylophone", LIST_BY_DATE);
	g_autofree char *oldest = mailbox_list(&m, NULL, "body:zither", LIST_BY_DATE);
	g_assert_cmpstr(newest, ==, "m2499");
	g_assert_cmpstr(oldest, ==, "");
	mailbox_sync(&m);
	g_autofree char *then = mailbox_list(&m, NULL, "body:zither", LIST_BY_DATE);
	g_assert_cmpstr(then, ==, "m0");
	mailbox_clear(&m);
}

/* what cannot be read is shown without its words. */
static void test_unparsed(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	mailbox_init(&m);
	/* Not M-01's letter itself: any file the worker refuses will do. */
	g_autofree char *path = g_build_filename(m.root, "Inbox", "cur", "1700000000.x.host:2,S",
		NULL);
	g_autofree char *huge = g_strnfill(1 << 20, 'x');
	g_autofree char *text = g_strconcat("Subject: ", huge, "\n\nbody\n", NULL);
	g_file_set_contents(path, text, -1, &error);
	g_autofree char *odd = g_build_filename(m.root, "Inbox", "cur", "1700000001.\xff\xfe.host:2,",
		NULL);
	g_file_set_contents(odd, "Subject: odd name\n\nbody\n", -1, &error);
	g_assert_no_error(error);
	g_assert_cmpint(mailbox_sync(&m).added, ==, 2);
	struct list_spec spec = {.folder = "Inbox"};
	g_autoptr(GPtrArray) rows =
		index_list(mailbox_index(&m), &spec, LIST_TOP, false, 10, NULL);
	g_assert_cmpuint(rows->len, ==, 2);
	g_assert_cmpstr(((struct message_row *)rows->pdata[0])->subject, ==, "odd name");
	g_assert_cmpint(((struct message_row *)rows->pdata[1])->size, ==, (int)strlen(text));
	g_assert_cmpint(mailbox_sync(&m).added, ==, 0);
	mailbox_clear(&m);
}

/* The account is the word of the ledger's key, also after a move. */
static void test_account(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	mailbox_init(&m);
	mailbox_put(&m, &some[0]);
	g_autofree char *sql = g_strdup_printf(
		"INSERT INTO maildrop(id, account) VALUES(5, 'home|pop.example.org|995|ivan');"
		"INSERT INTO uid(maildrop, uid, state, folder, base, seen, size, sha256)"
		" VALUES(5, x'31', 1, 'Elsewhere', '%d.a.host', 0, 1, x'00')",
		MAILBOX_BEGIN + MAILBOX_DAY);
	struct ledger *l = store_ledger(m.store, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sqlite3_exec(ledger_db(l), sql, NULL, NULL, NULL), ==, SQLITE_OK);
	mailbox_sync(&m);
	g_autofree char *found = mailbox_list(&m, NULL, "account:home", LIST_BY_DATE);
	g_assert_cmpstr(found, ==, "a");
	mailbox_clear(&m);
}

/* Two syncs of one store: each letter once. */
static gpointer sync_again(gpointer root)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = store_open(root, &error);
	g_assert_no_error(error);
	g_assert_true(sync_run(s, NULL, NULL, NULL, &error));
	return NULL;
}

static void test_two(void)
{
	struct mailbox m = {0};
	int64_t total, unread;
	mailbox_init(&m);
	for (int i = 0; i < 400; i++) {
		g_autofree char *name = g_strdup_printf("m%d", i);
		mailbox_put(&m, &(struct letter){.name = name, .day = i});
	}
	GThread *other = g_thread_new("sync", sync_again, m.root);
	mailbox_sync(&m);
	g_thread_join(other);
	struct list_spec spec = {.folder = "Inbox"};
	g_assert_true(index_count(mailbox_index(&m), &spec, &total, &unread, NULL));
	g_assert_cmpint(total, ==, 400);
	mailbox_clear(&m);
}

static void wait_for(struct sync_watch *w)
{
	struct pollfd fd = {sync_watch_fd(w), POLLIN, 0};
	g_assert_cmpint(poll(&fd, 1, 10000), ==, 1);
}

static void test_watch(void)
{
	g_autoptr(GError) error = NULL;
	struct mailbox m = {0};
	mailbox_init(&m);
	g_autoptr(sync_watch) w = sync_watch_new(m.store, &error);
	g_assert_no_error(error);
	g_assert_null(sync_watch_changed(w));
	mailbox_put(&m, &some[0]);
	mailbox_put(&m, &some[1]);
	wait_for(w);
	g_autofree char *one = sync_watch_changed(w), *two = sync_watch_changed(w);
	g_assert_cmpstr(one, ==, "Inbox");
	g_assert_null(two);
	/* A folder that comes into being is watched from then on. */
	g_assert_true(store_make_folder(m.store, "Later/on", &error));
	wait_for(w);
	g_autofree char *tree = sync_watch_changed(w);
	g_assert_cmpstr(tree, ==, "");
	while ((two = sync_watch_changed(w)))
		g_clear_pointer(&two, g_free);
	mailbox_put(&m, &(struct letter){.folder = "Later/on", .name = "z", .day = 1});
	wait_for(w);
	g_autofree char *later = sync_watch_changed(w);
	g_assert_cmpstr(later, ==, "Later/on");
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sync/nothing-new", test_nothing_new);
	g_test_add_func("/sync/others/X-10", test_others);
	g_test_add_func("/sync/rebuild/X-27", test_rebuild);
	g_test_add_func("/sync/removed-folder", test_removed_folder);
	g_test_add_func("/sync/stop", test_stop);
	g_test_add_func("/sync/killed/X-24", test_killed);
	g_test_add_func("/sync/last-batch/X-27", test_last_batch);
	g_test_add_func("/sync/newest-first/X-27", test_newest_first);
	g_test_add_func("/sync/unparsed/X-25", test_unparsed);
	g_test_add_func("/sync/account", test_account);
	g_test_add_func("/sync/two", test_two);
	g_test_add_func("/sync/watch", test_watch);
	return g_test_run();
}
