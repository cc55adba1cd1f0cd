/* SPDX-License-Identifier: MIT
 *
 * An index that is taken away, damaged in places that opening does not look at, or of
 * another version: told, made anew from the mail, and as it was before. */
#include "base/base.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/report.h"
#include "mailbox.h"
#include "store/db.h"

enum { LETTERS = 150, PAGE = 4096, ROUNDS = 6, MOST_ROUNDS = 100, FLIPPED = 1, TRIES = 8,
	FINDERS = 5, LEFT = 5 * PAGE };

struct scene {
	struct mailbox m;
	char *path, *before;
	GString *said;
};

static void keep_report(const char *line, void *data)
{
	g_string_append(data, line);
	g_string_append_c(data, '\n');
}

static void scene_init(struct scene *s)
{
	memset(s, 0, sizeof *s);
	s->said = g_string_new(NULL);
	mailbox_init(&s->m);
	for (int i = 0; i < LETTERS; i++) {
		g_autofree char *name = g_strdup_printf("m%d", i);
		g_autofree char *refers = g_strdup_printf("<m%d@host>", i - i % 10);
		mailbox_put(&s->m, &(struct letter){.name = name,
					   .day = i,
					   .refers = refers,
					   .info = i % 3 ? "S" : "",
					   .body = "common words"});
	}
	mailbox_sync(&s->m);
	s->path = g_build_filename(s->m.root, ".dewey", DB_CACHE, NULL);
	s->before = mailbox_list(&s->m, NULL, NULL, LIST_BY_THREAD);
	report_set_sink(keep_report, s->said);
}

static void scene_clear(struct scene *s)
{
	report_set_sink(NULL, NULL);
	mailbox_clear(&s->m);
	g_free(s->path);
	g_free(s->before);
	g_string_free(s->said, TRUE);
}

/* All is there again. */
static void check_whole(struct scene *s)
{
	mailbox_sync(&s->m);
	g_autofree char *after = mailbox_list(&s->m, NULL, NULL, LIST_BY_THREAD);
	g_autofree char *found = mailbox_list(&s->m, NULL, "common", LIST_BY_THREAD);
	g_assert_cmpstr(after, ==, s->before);
	g_assert_cmpstr(found, ==, s->before);
}

/* *octets: of the last. */
static guint find_aside(struct scene *s, off_t *octets)
{
	g_autofree char *own = g_path_get_dirname(s->path);
	g_autoptr(GDir) dir = g_dir_open(own, 0, NULL);
	const char *name;
	guint n = 0;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(own, name, NULL);
		struct stat st;
		if (!g_str_has_prefix(name, DB_CACHE DB_DAMAGED) ||
			g_str_has_suffix(name, "-wal") || stat(path, &st) != 0)
			continue;
		*octets = st.st_size;
		n++;
	}
	return n;
}

static guint count_aside(struct scene *s)
{
	off_t octets;
	return find_aside(s, &octets);
}

static void set_version(struct scene *s, const char *sql)
{
	store_free(g_steal_pointer(&s->m.store));
	sqlite3 *db;
	g_assert_cmpint(sqlite3_open(s->path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
	sqlite3_close(db);
	mailbox_open(&s->m);
}

/* of an older version nothing is kept, of a newer one the last. */
static void test_versions(void)
{
	struct scene s;
	scene_init(&s);
	set_version(&s, "PRAGMA user_version=1");
	check_whole(&s);
	g_assert_nonnull(strstr(s.said->str, "the index is of version 1,"));
	g_assert_cmpuint(count_aside(&s), ==, 0);
	for (int i = 0; i < 2; i++) {
		g_autofree char *clock = g_strdup_printf("%d", MAILBOX_BEGIN + i);
		g_setenv("DEWEY_CLOCK", clock, TRUE);
		set_version(&s, "PRAGMA user_version=999");
		check_whole(&s);
		g_assert_nonnull(strstr(s.said->str, "the index is of version 999,"));
		g_assert_cmpuint(count_aside(&s), ==, 1);
	}
	g_unsetenv("DEWEY_CLOCK");
	scene_clear(&s);
}

/* Another process, or a person, takes it away while it is open here. */
static void test_taken_away(void)
{
	struct scene s;
	scene_init(&s);
	struct index *held = mailbox_index(&s.m);
	g_unlink(s.path);
	check_whole(&s);
	g_assert_true(mailbox_index(&s.m) != held);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) folders = index_folders(held, &error);
	g_assert_no_error(error);
	g_assert_nonnull(folders);
	scene_clear(&s);
}

/* Fills whole pages of the file, never the first, with what is no page. */
static void junk(const char *path, guint32 seed)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	int fd = open(path, O_RDWR);
	off_t pages = lseek(fd, 0, SEEK_END) / PAGE;
	char octets[PAGE];
	for (int i = 0; i < FLIPPED; i++) {
		off_t at = g_rand_int_range(rand, 1, (gint32)pages) * (off_t)PAGE;
		for (int k = 0; k < PAGE; k++)
			octets[k] = (char)g_rand_int(rand);
		g_assert_cmpint(pwrite(fd, octets, PAGE, at), ==, PAGE);
	}
	close(fd);
}

/* One look at everything, as a program does that is started: false, it failed. */
static bool look(struct scene *s)
{
	g_autoptr(GError) error = NULL;
	struct list_spec all = {.order = LIST_BY_THREAD};
	struct list_spec some = {.query = "common subject:m14*", .order = LIST_BY_DATE};
	store_free(g_steal_pointer(&s->m.store));
	mailbox_open(&s->m);
	struct index *ix = sync_run(s->m.store, NULL, NULL, NULL, &error)
				   ? store_index(s->m.store, &error)
				   : NULL;
	g_autoptr(GPtrArray) rows = ix ? index_list(ix, &all, LIST_TOP, false, 1000, &error) : NULL;
	g_autoptr(GPtrArray) found =
		rows ? index_list(ix, &some, LIST_TOP, false, 1000, &error) : NULL;
	if (!found)
		g_assert_error(error, STORE_ERROR, STORE_ERROR_DAMAGED);
	return found != NULL;
}

/* wherever the damage lies, a few looks later all is as it was.  Most of it is
 * found when the index is opened; at least once a list must have met it. */
static void test_pages(void)
{
	int failed = 0;
	for (guint32 seed = 1; failed == 0 || seed <= ROUNDS; seed++) {
		g_assert_cmpint(seed, <, MOST_ROUNDS);
		struct scene s;
		scene_init(&s);
		store_free(g_steal_pointer(&s.m.store));
		g_test_message("seed %u", seed);
		junk(s.path, seed);
		int tries = 0;
		while (!look(&s))
			g_assert_cmpint(++tries, <, TRIES);
		failed += tries > 0;
		g_autofree char *after = mailbox_list(&s.m, NULL, NULL, LIST_BY_THREAD);
		if (s.said->len > 0)
			g_assert_cmpstr(after, ==, s.before);
		scene_clear(&s);
	}
}

static void find_damage(const char *root)
{
	struct mailbox m = {.root = (char *)root};
	mailbox_open(&m);
	for (int i = 0; i < TRIES; i++) {
		g_autoptr(GError) error = NULL;
		struct list_spec spec = {.query = "common"};
		struct index *ix = sync_run(m.store, NULL, NULL, NULL, &error)
					   ? store_index(m.store, &error)
					   : NULL;
		g_autoptr(GPtrArray) found =
			ix ? index_list(ix, &spec, LIST_TOP, false, 1000, &error) : NULL;
		if (found && found->len == LETTERS)
			_exit(0);
	}
	_exit(1);
}

/* several programs find the same damage, and one of them makes the index anew. */
static void test_together(void)
{
	struct scene s;
	pid_t children[FINDERS];
	off_t octets = 0;
	scene_init(&s);
	store_free(g_steal_pointer(&s.m.store));
	g_assert_cmpint(truncate(s.path, LEFT), ==, 0);
	for (int i = 0; i < FINDERS; i++)
		if ((children[i] = fork()) == 0)
			find_damage(s.m.root);
	for (int i = 0; i < FINDERS; i++) {
		int status = 0;
		g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
		g_assert_cmpint(status, ==, 0);
	}
	g_assert_cmpuint(find_aside(&s, &octets), ==, 1);
	g_assert_cmpint(octets, ==, LEFT); /* the damaged one, not another's new one */
	mailbox_open(&s.m);
	check_whole(&s);
	g_assert_cmpstr(s.said->str, ==, "");
	scene_clear(&s);
}

/* what is only locked is left alone, read as it is, and written later. */
static void test_locked(void)
{
	struct scene s;
	sqlite3 *other;
	g_autoptr(GError) error = NULL;
	scene_init(&s);
	g_assert_cmpint(sqlite3_open(s.path, &other), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
	mailbox_put(&s.m, &(struct letter){.name = "late", .day = LETTERS, .body = "common"});
	sqlite3_busy_timeout(index_handle(mailbox_index(&s.m)), 1);
	g_assert_false(sync_run(s.m.store, NULL, NULL, NULL, &error));
	g_assert_error(error, STORE_ERROR, STORE_ERROR_BUSY);
	g_assert_nonnull(strstr(error->message, "another program has it locked"));
	g_autofree char *meanwhile = mailbox_list(&s.m, NULL, NULL, LIST_BY_THREAD);
	g_assert_cmpstr(meanwhile, ==, s.before);
	sqlite3_close(other);
	g_assert_cmpint(mailbox_sync(&s.m).added, ==, 1);
	g_assert_cmpuint(count_aside(&s), ==, 0);
	scene_clear(&s);
}

int main(int argc, char **argv)
{
	g_setenv("TZ", "UTC", TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/damage/versions/X-26", test_versions);
	g_test_add_func("/damage/taken-away/X-26", test_taken_away);
	g_test_add_func("/damage/pages/X-26", test_pages);
	g_test_add_func("/damage/together/X-26", test_together);
	g_test_add_func("/damage/locked/X-26", test_locked);
	return g_test_run();
}
