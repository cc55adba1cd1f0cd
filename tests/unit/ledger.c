/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "base/report.h"
#include "store/db.h"
#include "store/ledger-copy.h"
#include "store/ledger.h"
#include "store/pins.h"
#include "tests/unit/scratch.h"

struct paths {
	char *dir, *ledger, *backup;
};

static void paths_init(struct paths *p)
{
	p->dir = scratch_new();
	p->ledger = g_build_filename(p->dir, "ledger.db", NULL);
	p->backup = g_strconcat(p->ledger, ".bak", NULL);
}

static void paths_clear(struct paths *p)
{
	scratch_remove(p->dir);
	g_free(p->dir);
	g_free(p->ledger);
	g_free(p->backup);
}

static void exec(const char *path, const char *sql)
{
	g_autoptr(GError) error = NULL;
	sqlite3 *db = db_open(path, &error);
	g_assert_no_error(error);
	g_assert_true(db_exec(db, sql, &error));
	sqlite3_close(db);
}

static int64_t number(const char *path, const char *sql)
{
	int64_t value = -1;
	sqlite3 *db = db_open(path, NULL);
	g_assert_true(db_number(db, sql, -1, &value, NULL));
	sqlite3_close(db);
	return value;
}

static void make(const struct paths *p)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ledger) l = ledger_open(p->ledger, &error);
	g_assert_no_error(error);
	g_assert_nonnull(l);
}

static void test_new(void)
{
	struct paths p;
	struct stat st;
	paths_init(&p);
	make(&p);
	g_assert_cmpint(stat(p.ledger, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 0777, ==, 0600);
	g_assert_cmpint(stat(p.backup, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 0777, ==, 0600);
	g_autoptr(ledger) l = ledger_open(p.ledger, NULL);
	int64_t synchronous = 0;
	g_assert_true(db_number(ledger_db(l), "PRAGMA synchronous", 0, &synchronous, NULL));
	g_assert_cmpint(synchronous, ==, 2);
	g_autoptr(sqlite3_stmt) mode = db_prepare(ledger_db(l), "PRAGMA journal_mode", NULL);
	g_assert_true(db_row(mode, NULL));
	g_assert_cmpstr((const char *)sqlite3_column_text(mode, 0), ==, "wal");
	paths_clear(&p);
}

/* An older ledger is brought up to date, keeps its rows, and is copied. */
static void test_upgrade(void)
{
	struct paths p;
	paths_init(&p);
	exec(p.ledger, "CREATE TABLE old (x); INSERT INTO old VALUES (42)");
	make(&p);
	g_assert_cmpint(number(p.ledger, "SELECT x FROM old"), ==, 42);
	g_assert_cmpint(number(p.ledger, "PRAGMA user_version"), >=, 1);
	g_assert_cmpint(number(p.ledger, "SELECT count(*) FROM uid"), ==, 0);
	g_assert_cmpint(number(p.backup, "SELECT x FROM old"), ==, 42);
	g_assert_cmpint(number(p.backup, "SELECT count(*) FROM uid"), ==, 0);
	paths_clear(&p);
}

static void test_newer(void)
{
	struct paths p;
	g_autoptr(GError) error = NULL;
	paths_init(&p);
	make(&p);
	exec(p.ledger, "PRAGMA user_version = 4711");
	g_assert_null(ledger_open(p.ledger, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_DAMAGED);
	g_assert_nonnull(strstr(error->message, "4711"));
	g_assert_cmpint(number(p.ledger, "PRAGMA user_version"), ==, 4711);
	paths_clear(&p);
}

/* T-02: one key for each host and port, kept, replaced, forgotten. */
static void test_pins(void)
{
	static const char one[] =
		"47dea78f58fd1c3f2f41a1f22e6ea0b40a5ba8a6ef3bd85b1c1b1bf9d9c2b1ff";
	static const char two[] =
		"00dea78f58fd1c3f2f41a1f22e6ea0b40a5ba8a6ef3bd85b1c1b1bf9d9c2b100";
	struct paths p;
	bool had;
	paths_init(&p);
	g_autoptr(GError) error = NULL;
	g_autoptr(ledger) l = ledger_open(p.ledger, &error);
	g_assert_null(pins_find(l, "pop.test", 995, &error));
	g_assert_no_error(error);
	g_assert_true(pins_accept(l, "POP.test", 995, one, "self-signed", &error));
	g_autoptr(pin) first = pins_find(l, "pop.Test", 995, &error);
	g_assert_cmpstr(first->key, ==, one);
	g_assert_cmpstr(first->reason, ==, "self-signed");
	g_assert_cmpint(first->made, >, 1700000000);
	g_assert_null(pins_find(l, "pop.test", 110, &error));
	g_assert_null(pins_find(l, "smtp.test", 995, &error));
	g_assert_true(pins_accept(l, "pop.test", 995, two, "expired", &error));
	g_autoptr(pin) second = pins_find(l, "pop.test", 995, &error);
	g_assert_cmpstr(second->key, ==, two);
	g_assert_true(pins_forget(l, "pop.test", 995, &had, &error) && had);
	g_assert_true(pins_forget(l, "pop.test", 995, &had, &error) && !had);
	g_assert_null(pins_find(l, "pop.test", 995, &error));
	g_assert_no_error(error);
	paths_clear(&p);
}

/* whatever happened to the file, it is not replaced by an empty one. */
static const struct {
	const char *name;
	gssize keep; /* octets, -1: removed */
	gssize spoil;
} damage_rows[] = {
	{"removed", -1, 0},
	{"empty", 0, 0},
	{"one octet", 1, 0},
	{"cut", 1000, 0},
	{"no database", 8192, 0},
	{"page of junk", 1 << 20, 4096},
};

static void damage(const struct paths *p, gssize keep, gssize at)
{
	g_autofree char *data = NULL;
	gsize len = 0;
	g_assert_true(g_file_get_contents(p->ledger, &data, &len, NULL));
	if (keep < 0) {
		g_assert_cmpint(g_remove(p->ledger), ==, 0);
		return;
	}
	if (at < (gssize)len && keep > 1000)
		memset(data + at, 'x', MIN(4096, len - (gsize)at));
	g_assert_true(g_file_set_contents(p->ledger, data, MIN(keep, (gssize)len), NULL));
}

static void test_damaged(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(damage_rows); i++) {
		struct paths p;
		g_autoptr(GError) error = NULL;
		int64_t value;
		paths_init(&p);
		make(&p);
		damage(&p, damage_rows[i].keep, damage_rows[i].spoil);
		g_test_message("row '%s'", damage_rows[i].name);
		g_autoptr(ledger) l = ledger_open(p.ledger, &error);
		/* a page inside is only found when it is read */
		if (l)
			db_number(ledger_db(l), "SELECT count(visited) FROM maildrop", 0, &value,
				&error);
		g_assert_error(error, STORE_ERROR, STORE_ERROR_DAMAGED);
		g_assert_true(g_file_test(p.backup, G_FILE_TEST_EXISTS));
		paths_clear(&p);
	}
}

/* Several processes that open a new store at once all get the same ledger. */
static void test_together(void)
{
	struct paths p;
	pid_t children[6];
	paths_init(&p);
	for (size_t i = 0; i < G_N_ELEMENTS(children); i++) {
		children[i] = fork();
		if (children[i] == 0) {
			g_autoptr(GError) error = NULL;
			struct ledger *l = ledger_open(p.ledger, &error);
			if (!l)
				fprintf(stderr, "# %s\n", error->message);
			_exit(l ? 0 : 1);
		}
	}
	for (size_t i = 0; i < G_N_ELEMENTS(children); i++) {
		int status;
		g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
		g_assert_cmpint(status, ==, 0);
	}
	paths_clear(&p);
}

/* Two connections of one process and a visitor from another: what the visitor
 * wrote is read afterwards, because the WAL was not taken away from under the
 * first connection when its neighbour opened the same file. */
static void test_visitor(void)
{
	struct paths p;
	g_autoptr(GError) error = NULL;
	int status, count = 0;
	paths_init(&p);
	g_autoptr(ledger) first = ledger_open(p.ledger, &error);
	g_assert_true(db_exec(ledger_db(first), "CREATE TABLE visit(n)", &error));
	g_autoptr(ledger) second = ledger_open(p.ledger, &error);
	g_assert_nonnull(second);
	g_autofree char *shell = g_strdup_printf("import sqlite3\nc = sqlite3.connect('%s')\n"
						 "c.execute('INSERT INTO visit VALUES(1)')\n"
						 "c.commit(); c.close()",
		p.ledger);
	const char *argv[] = {"python3", "-c", shell, NULL};
	for (count = 1; count <= 3; count++) {
		int64_t seen = -1;
		g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL,
			NULL, NULL, NULL, &status, &error));
		g_assert_true(g_spawn_check_wait_status(status, &error));
		g_assert_true(db_number(
			ledger_db(first), "SELECT count(*) FROM visit", -1, &seen, &error));
		g_assert_no_error(error);
		g_assert_cmpint(seen, ==, count);
		g_assert_true(db_number(
			ledger_db(second), "SELECT count(*) FROM visit", -1, &seen, &error));
		g_assert_cmpint(seen, ==, count);
	}
	g_autofree char *wal = g_strconcat(p.ledger, "-wal", NULL);
	g_assert_true(g_file_test(wal, G_FILE_TEST_EXISTS));
	g_clear_pointer(&second, ledger_free);
	g_clear_pointer(&first, ledger_free);
	paths_clear(&p);
}

static void test_transaction(void)
{
	struct paths p;
	g_autoptr(GError) error = NULL;
	paths_init(&p);
	g_autoptr(ledger) l = ledger_open(p.ledger, &error);
	g_assert_true(ledger_begin(l, &error));
	g_assert_true(db_exec(ledger_db(l), "INSERT INTO maildrop (account) VALUES ('a')", &error));
	ledger_rollback(l);
	ledger_rollback(l);
	g_assert_cmpint(number(p.ledger, "SELECT count(*) FROM maildrop"), ==, 0);
	g_assert_true(ledger_begin(l, &error));
	g_assert_true(db_exec(ledger_db(l), "INSERT INTO maildrop (account) VALUES ('a')", &error));
	g_assert_true(ledger_commit(l, &error));
	g_assert_cmpint(number(p.ledger, "SELECT count(*) FROM maildrop"), ==, 1);
	paths_clear(&p);
}

/* --- the copy -------------------------------------------------------------------- */

enum { HOUR = 3600 };

static void set_age(const char *path, int64_t seconds)
{
	int64_t when = g_get_real_time() / G_USEC_PER_SEC - seconds;
	g_assert_cmpint(utime(path, &(struct utimbuf){when, when}), ==, 0);
}

static void copy_paths(struct paths *p, struct store **s)
{
	g_autoptr(GError) error = NULL;
	p->dir = scratch_new();
	p->ledger = g_build_filename(p->dir, ".dewey/ledger.db", NULL);
	p->backup = g_strconcat(p->ledger, ".bak", NULL);
	*s = store_open(p->dir, &error);
	g_assert_no_error(error);
	g_assert_nonnull(store_ledger(*s, &error));
	g_assert_no_error(error);
}

static void add_maildrop(struct store *s, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_assert_true(db_run(ledger_db(store_ledger(s, NULL)), NULL, &error,
		"INSERT INTO maildrop (account) VALUES (?1)", "s", name));
	g_assert_no_error(error);
}

static int64_t copied(const struct paths *p)
{
	return number(p->backup, "SELECT count(*) FROM maildrop");
}

static GString *warned;

static void take_line(const char *line, void *data)
{
	g_string_append(warned, line);
}

static void renew(struct store *s)
{
	report_set_sink(take_line, NULL);
	ledger_copy_renew(s);
	report_set_sink(NULL, NULL);
}

/* Renewed when it is older than a day and there is something new; then it is as old as
 * its beginning. */
static void test_copy(void)
{
	struct paths p;
	struct stat st;
	struct store *s;
	warned = g_string_new(NULL);
	copy_paths(&p, &s);
	add_maildrop(s, "a");
	set_age(p.backup, 23 * HOUR);
	renew(s);
	g_assert_cmpint(copied(&p), ==, 0);
	set_age(p.backup, 25 * HOUR);
	renew(s);
	g_assert_cmpint(copied(&p), ==, 1);
	g_assert_cmpint(stat(p.backup, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 0777, ==, 0600);
	g_assert_cmpint(number(p.backup, "SELECT count(*) FROM uid"), ==, 0);
	/* Nothing new: it stays as it is. */
	store_free(s);
	s = store_open(p.dir, NULL);
	g_assert_nonnull(store_ledger(s, NULL));
	set_age(p.ledger, 50 * HOUR);
	set_age(p.backup, 49 * HOUR);
	ino_t was = stat(p.backup, &st) == 0 ? st.st_ino : 0;
	renew(s);
	g_assert_cmpint(stat(p.backup, &st), ==, 0);
	g_assert_cmpint(st.st_ino, ==, was);
	/* One at a time. */
	add_maildrop(s, "b");
	g_autoptr(GError) error = NULL;
	struct store_lock *lock = store_lock_take(s, "ledger-copy", &error);
	renew(s);
	g_assert_cmpint(copied(&p), ==, 1);
	set_age(p.backup, 49 * HOUR);
	store_lock_free(lock);
	renew(s);
	g_assert_cmpint(copied(&p), ==, 2);
	g_assert_cmpstr(warned->str, ==, "");
	g_string_free(warned, TRUE);
	store_free(s);
	paths_clear(&p);
}

/* Damage inside, which nobody has read yet, is not copied over what is good. */
static void test_copy_of_damage(void)
{
	struct paths p;
	struct store *s;
	warned = g_string_new(NULL);
	copy_paths(&p, &s);
	add_maildrop(s, "a");
	set_age(p.backup, 25 * HOUR);
	renew(s);
	g_assert_cmpint(copied(&p), ==, 1);
	store_free(s);
	damage(&p, 1 << 20, 4 * 4096);
	s = store_open(p.dir, NULL);
	g_assert_nonnull(store_ledger(s, NULL));
	g_autofree char *before = NULL, *after = NULL;
	gsize len, after_len;
	set_age(p.backup, 25 * HOUR);
	g_assert_true(g_file_get_contents(p.backup, &before, &len, NULL));
	renew(s);
	g_assert_true(g_file_get_contents(p.backup, &after, &after_len, NULL));
	g_assert_cmpmem(after, after_len, before, len);
	g_assert_nonnull(strstr(warned->str, "fsck --repair"));
	g_string_free(warned, TRUE);
	store_free(s);
	paths_clear(&p);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ledger/pins/T-02", test_pins);
	g_test_add_func("/ledger/new/X-04", test_new);
	g_test_add_func("/ledger/upgrade", test_upgrade);
	g_test_add_func("/ledger/newer-version/X-26", test_newer);
	g_test_add_func("/ledger/damaged/X-26", test_damaged);
	g_test_add_func("/ledger/together", test_together);
	g_test_add_func("/ledger/visitor", test_visitor);
	g_test_add_func("/ledger/transaction", test_transaction);
	g_test_add_func("/ledger/copy/X-26", test_copy);
	g_test_add_func("/ledger/copy/never-of-damage/X-26", test_copy_of_damage);
	return g_test_run();
}
