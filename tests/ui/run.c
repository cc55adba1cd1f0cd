/* SPDX-License-Identifier: MIT
 *
 * Runs a script of keys and screens (tests/ui/NAME.t) against the front end,
 * without a terminal, at a fixed size, clock, zone and locale.  TAP: each
 * "screen", "has", "hasnt" and "count" is a test.
 *
 *   size ROWS COLUMNS       of the screen; again: it is resized
 *   use FILE                reads another script at this place
 *   letter FOLDER FLAGS     |lines: a message in the store ("-": new)
 *   letters FOLDER N        so many new ones
 *   dotfile                 |lines: the dotfile
 *   agent NAME              |lines: a script instead of dewey-pop3, dewey-smtp
 *   file NAME MODE          |lines: a file in the test's own directory
 *   env NAME VALUE          for the front end and its children
 *   open FILE               a new store with this letter below tests/ alone, opened
 *   start                   opens the store and the first page
 *   keys K K K              as in [keys …]; each is settled before the next
 *   type TEXT               letter by letter
 *   hold, release           searches stand still from now on, and go on
 *   press K K K             as keys, but nothing is waited for: each is drawn at once
 *   wait TEXT               until it stands on the screen
 *   glimpse TEXT            the same, though something goes on
 *   gone TEXT               until it stands there no more
 *   screen                  |lines: the whole screen, blanks at the end cut; a
 *                           line of the cursor begins with ">"
 *   has TEXT, hasnt TEXT    somewhere on the screen
 *   marked WORD WORD        what is drawn as a match, in the order of the screen
 *   coloured N TEXT         TEXT stands in the colour N of the dotfile, from 1 on, in
 *                           that of unread letters if N is "1+"; 0: in none
 *   looks NAME TEXT         TEXT has this look of theme.def
 *   beeps N                 so often it has rung
 *   count FOLDER N          messages in a folder, by its files
 *   grep NAME TEXT          a file of the test's directory holds it
 *   await NAME TEXT         until a file of the test's directory holds it, which a
 *                           program writes that is not waited for
 *   quit K K K              presses keys that are not settled, or none, and leaves;
 *                           starts may follow
 *
 * In any script "@" at the beginning of |lines is not special; "$DIR" in lines
 * is the test's directory.  DEWEY_UI_UPDATE=1 writes the screens as they are
 * into the script: look at the difference before you commit it. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/sanitize.h"
#include "base/width.h"
#include "config/dotfile.h"
#include "store/maildir.h"
#include "tests/ui/hold.h"
#include "tests/ui/picture.h"
#include "ui/command.h"
#include "ui/key.h"
#include "ui/screen.h"
#include "ui/ui.h"

enum { STUCK_SECONDS = 60 };

struct test {
	const char *script;
	char *dir, *root, *bin;
	struct screen *screen; /* belongs to ui */
	struct ui *ui;
	struct dotfile *dotfile;
	struct app_options options;
	int rows, cols;
	guint number, failed, line;
	struct hold *hold; /* searches stand still; NULL: they do not */
	GString *updated; /* the script as it should be; NULL: not asked for */
};

static void G_GNUC_PRINTF(2, 3) bail(const struct test *t, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	printf("Bail out! %s:%u: %s\n", t->script, t->line, text);
	exit(1);
}

static void ok(struct test *t, bool good, const char *what)
{
	printf("%s %u - line %u: %s\n", good ? "ok" : "not ok", ++t->number, t->line, what);
	t->failed += !good;
}

/* --- the screen ---------------------------------------------------------------------- */

/* What must hold for every screen, whatever is on it (M-40, M-42). */
static void check_grid(struct test *t)
{
	int y, x;
	g_autofree char *shown = picture_fault(screen_memory_grid(t->screen), &y, &x);
	if (shown)
		bail(t, "cell %d,%d is not fit for a terminal: \"%s\"", y, x, shown);
}

static bool on_screen(struct test *t, const char *text)
{
	return picture_has(screen_memory_grid(t->screen), text);
}

static void turn(struct test *t)
{
	ui_turn(t->ui);
	check_grid(t);
}

/* Nothing here waits for time; what hangs is ended, with what is to be seen. */
static gboolean stuck(void *data)
{
	struct test *t = data;
	if (t->ui)
		picture_print(screen_memory_grid(t->screen));
	bail(t, "nothing happens any more");
	return G_SOURCE_REMOVE;
}

static void settle(struct test *t)
{
	for (turn(t); !ui_done(t->ui); turn(t)) {
		if (g_main_context_pending(NULL))
			g_main_context_iteration(NULL, FALSE);
		else if (ui_settled(t->ui))
			return;
		else
			g_main_context_iteration(NULL, TRUE);
	}
}

/* --- the steps ----------------------------------------------------------------------- */

static char *expand(struct test *t, const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "$DIR", -1);
	return g_strjoinv(t->dir, parts);
}

static void remove_tree(const char *path)
{
	const char *const argv[] = {"rm", "-rf", path, NULL};
	g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
		NULL);
}

static void do_size(struct test *t, char **w, const char *block)
{
	t->rows = atoi(w[1]);
	t->cols = atoi(w[2]);
	if (!t->ui)
		return;
	screen_memory_resize(t->screen, t->rows, t->cols);
	ui_resized(t->ui);
	settle(t);
}

static void deliver(struct test *t, const char *folder, const char *octets, size_t length,
	unsigned flags)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(t->root, folder, NULL);
	g_autofree char *base = maildir_create(path, &error)
		? maildir_deliver(path, octets, length, flags, &error)
		: NULL;
	if (!base)
		bail(t, "%s", error->message);
}

static void do_letter(struct test *t, char **w, const char *block)
{
	unsigned flags = w[2] && *w[2] != '-' ? flags_from_letters(w[2]) : 0;
	deliver(t, w[1], block, strlen(block), flags);
	if (t->ui)
		settle(t);
}

static void do_letters(struct test *t, char **w, const char *block)
{
	char *one[] = {w[0], w[1], NULL};
	for (int i = 1; i <= atoi(w[2]); i++) {
		g_autofree char *text = g_strdup_printf("From: Bulk <bulk@example.org>\n"
							"Subject: bulk %d\n"
							"Date: Tue, 24 Feb 2026 10:%02d:%02d +0000\n"
							"Message-ID: <bulk.%d@example.org>\n\nText.\n",
			i, i / 60, i % 60, i);
		do_letter(t, one, text);
	}
}

static void write_file(struct test *t, const char *path, const char *text, int mode)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *expanded = expand(t, text);
	if (!fdio_replace_file(path, expanded, strlen(expanded), &error) || chmod(path, mode) != 0)
		bail(t, "%s: %s", path, error ? error->message : g_strerror(errno));
}

static void do_dotfile(struct test *t, char **w, const char *block)
{
	g_autofree char *path = g_build_filename(t->dir, "deweyrc", NULL);
	write_file(t, path, block, 0600);
}

static void do_agent(struct test *t, char **w, const char *block)
{
	g_autofree char *path = g_build_filename(t->bin, w[1], NULL);
	write_file(t, path, block, 0700);
}

static void do_file(struct test *t, char **w, const char *block)
{
	g_autofree char *path = g_build_filename(t->dir, w[1], NULL);
	write_file(t, path, block, w[2] ? (int)strtol(w[2], NULL, 8) : 0600);
}

static void do_env(struct test *t, char **w, const char *block)
{
	g_autofree char *value = expand(t, w[2] ? w[2] : "");
	g_setenv(w[1], value, TRUE);
	if (strcmp(w[1], "LANGUAGE") == 0)
		base_init_locale();
}

static void load_dotfile(struct test *t)
{
	g_autofree char *path = g_build_filename(t->dir, "deweyrc", NULL);
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		t->dotfile = dotfile_new_empty();
		return;
	}
	t->dotfile = dotfile_load(path, mistakes);
	if (!t->dotfile)
		bail(t, "%s", (char *)mistakes->pdata[0]);
}

static void do_start(struct test *t, char **w, const char *block)
{
	g_autoptr(GError) error = NULL;
	load_dotfile(t);
	t->screen = screen_memory_new(t->rows, t->cols);
	t->options = (struct app_options){.dotfile = t->dotfile, .root = t->root};
	t->ui = ui_new(&t->options, t->screen, &error);
	if (!t->ui)
		bail(t, "%s", error->message);
	ui_start(t->ui);
	settle(t);
}

static void do_quit(struct test *t, char **w, const char *block)
{
	for (int i = 1; w && w[i]; i++)
		ui_key(t->ui, key_from_name(w[i]));
	ui_free(t->ui);
	t->ui = NULL;
	dotfile_free(t->dotfile);
	t->dotfile = NULL;
}

static void do_keys(struct test *t, char **w, const char *block)
{
	for (int i = 1; w[i]; i++) {
		key_code key = key_from_name(w[i]);
		if (!key)
			bail(t, "no key '%s'", w[i]);
		ui_key(t->ui, key);
		settle(t);
	}
}

static void do_open(struct test *t, char **w, const char *block)
{
	g_autofree char *path = g_build_filename(TESTS, w[1], NULL);
	size_t length = 0;
	g_autofree char *octets = fdio_read_file(path, 1 << 24, &length, NULL);
	char *enter[] = {w[0], (char[]){"<Enter>"}, NULL};
	if (!octets)
		bail(t, "cannot read '%s'", path);
	if (t->ui)
		do_quit(t, NULL, NULL);
	remove_tree(t->root);
	deliver(t, "Inbox", octets, length, 0);
	do_start(t, NULL, NULL);
	do_keys(t, enter, NULL);
}

static void do_type(struct test *t, char **w, const char *block)
{
	g_autofree char *joined = g_strjoinv(" ", w + 1);
	g_autofree char *text = expand(t, joined);
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		ui_key(t->ui, g_utf8_get_char(p));
		settle(t);
	}
}

static void do_hold(struct test *t, char **w, const char *block)
{
	t->hold = hold_new(t->ui, UI_WORKER_SEARCH);
}

static void do_release(struct test *t, char **w, const char *block)
{
	hold_release(g_steal_pointer(&t->hold));
	settle(t);
}

static void do_press(struct test *t, char **w, const char *block)
{
	for (int i = 1; w[i]; i++) {
		ui_key(t->ui, key_from_name(w[i]));
		turn(t);
	}
}

static void do_glimpse(struct test *t, char **w, const char *block)
{
	g_autofree char *text = g_strjoinv(" ", w + 1);
	for (turn(t); !on_screen(t, text); turn(t))
		g_main_context_iteration(NULL, TRUE);
}

static void do_wait(struct test *t, char **w, const char *block)
{
	do_glimpse(t, w, block);
	settle(t);
}

static void do_gone(struct test *t, char **w, const char *block)
{
	g_autofree char *text = g_strjoinv(" ", w + 1);
	for (turn(t); on_screen(t, text); turn(t))
		g_main_context_iteration(NULL, TRUE);
	settle(t);
}

static void do_screen(struct test *t, char **w, const char *block)
{
	g_autofree char *got = picture_text(screen_memory_grid(t->screen));
	bool same = strcmp(got, block) == 0;
	ok(t, same || t->updated, "the screen");
	if (t->updated)
		g_string_append(t->updated, got);
	if (same)
		return;
	g_auto(GStrv) want = g_strsplit(block, "\n", -1), have = g_strsplit(got, "\n", -1);
	for (guint i = 0; i < MAX(g_strv_length(want), g_strv_length(have)); i++) {
		const char *a = i < g_strv_length(want) ? want[i] : "(no row)";
		const char *b = i < g_strv_length(have) ? have[i] : "(no row)";
		if (strcmp(a, b) != 0)
			printf("# row %u\n#   want %s\n#   got  %s\n", i + 1, a, b);
	}
}

static void has(struct test *t, char **w, bool wanted)
{
	g_autofree char *text = g_strjoinv(" ", w + 1);
	g_autofree char *what = g_strdup_printf("%s '%s'", w[0], text);
	bool good = on_screen(t, text) == wanted;
	ok(t, good, what);
	if (!good)
		picture_print(screen_memory_grid(t->screen));
}

static void do_has(struct test *t, char **w, const char *block)
{
	has(t, w, true);
}

static void do_hasnt(struct test *t, char **w, const char *block)
{
	has(t, w, false);
}

static void do_marked(struct test *t, char **w, const char *block)
{
	g_autofree char *want = g_strjoinv(" ", w + 1);
	g_autofree char *got = picture_marked(screen_memory_grid(t->screen));
	g_autofree char *what = g_strdup_printf("marked is '%s'", got);
	ok(t, strcmp(got, want) == 0, what);
}

static void do_looks(struct test *t, char **w, const char *block)
{
	const struct grid *g = screen_memory_grid(t->screen);
	g_autofree char *text = g_strjoinv(" ", w + 2);
	bool tint = strcmp(w[0], "coloured") == 0;
	g_autofree char *got = tint ? picture_colour(g, text) : picture_look(g, text);
	g_autofree char *what = g_strdup_printf("'%s' looks '%s'", text, got);
	ok(t, strcmp(got, w[1]) == 0, what);
}

static void do_beeps(struct test *t, char **w, const char *block)
{
	guint got = screen_memory_beeps(t->screen);
	g_autofree char *what = g_strdup_printf("it has rung %u times", got);
	ok(t, got == (guint)atoi(w[1]), what);
}

static bool count_one(const char *file, bool in_new, void *data)
{
	++*(int *)data;
	return true;
}

static void do_count(struct test *t, char **w, const char *block)
{
	int n = 0;
	g_autofree char *path = g_build_filename(t->root, w[1], NULL);
	maildir_scan(path, count_one, &n, NULL);
	g_autofree char *what = g_strdup_printf("%s holds %s, found %d", w[1], w[2], n);
	ok(t, n == atoi(w[2]), what);
}

static void do_grep(struct test *t, char **w, const char *block)
{
	g_autofree char *path = g_build_filename(t->dir, w[1], NULL);
	g_autofree char *text = g_strjoinv(" ", w + 2);
	g_autofree char *content = fdio_read_file(path, 1 << 20, NULL, NULL);
	g_autofree char *what = g_strdup_printf("%s holds '%s'", w[1], text);
	ok(t, content && strstr(content, text), what);
	if (content && !strstr(content, text))
		printf("# it holds: %s\n", content);
}

static void do_await(struct test *t, char **w, const char *block)
{
	g_autofree char *path = g_build_filename(t->dir, w[1], NULL);
	g_autofree char *text = g_strjoinv(" ", w + 2);
	/* alarm() ends what waits in vain. */
	for (bool found = false; !found;) {
		g_autofree char *content = fdio_read_file(path, 1 << 20, NULL, NULL);
		found = content && strstr(content, text);
		if (!found)
			g_usleep(10000);
		if (!found && t->ui)
			settle(t);
	}
	ok(t, true, text);
}

static void run_script(struct test *t, const char *path);

static void do_use(struct test *t, char **w, const char *block)
{
	g_autofree char *dir = g_path_get_dirname(t->script);
	g_autofree char *path = g_canonicalize_filename(w[1], dir);
	GString *updated = t->updated;
	guint line = t->line;
	t->updated = NULL;
	run_script(t, path);
	t->updated = updated;
	t->line = line;
}

static const struct {
	const char *name;
	int words; /* at least, with the name */
	void (*run)(struct test *t, char **words, const char *block);
} steps[] = {
	{"size", 3, do_size},
	{"use", 2, do_use},
	{"letter", 3, do_letter},
	{"letters", 3, do_letters},
	{"dotfile", 1, do_dotfile},
	{"agent", 2, do_agent},
	{"file", 2, do_file},
	{"env", 2, do_env},
	{"open", 2, do_open},
	{"start", 1, do_start},
	{"keys", 2, do_keys},
	{"type", 2, do_type},
	{"hold", 1, do_hold},
	{"release", 1, do_release},
	{"press", 2, do_press},
	{"wait", 2, do_wait},
	{"glimpse", 2, do_glimpse},
	{"gone", 2, do_gone},
	{"screen", 1, do_screen},
	{"has", 2, do_has},
	{"hasnt", 2, do_hasnt},
	{"marked", 1, do_marked},
	{"coloured", 3, do_looks},
	{"looks", 3, do_looks},
	{"beeps", 2, do_beeps},
	{"count", 3, do_count},
	{"grep", 3, do_grep},
	{"await", 3, do_await},
	{"quit", 1, do_quit},
};

static void run_step(struct test *t, const char *line, const char *block)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		if (strcmp(steps[i].name, words[0]) == 0) {
			if ((int)g_strv_length(words) < steps[i].words)
				bail(t, "'%s' lacks a word", line);
			steps[i].run(t, words, block);
			return;
		}
	bail(t, "unknown step '%s'", line);
}

static void run_script(struct test *t, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = fdio_read_file(path, 1 << 20, NULL, &error);
	if (!text)
		bail(t, "%s", error->message);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i];) {
		const char *line = lines[i++];
		g_autoptr(GString) block = g_string_new(NULL);
		t->line = i;
		if (t->updated && (*line || lines[i]))
			g_string_append_printf(t->updated, "%s\n", line);
		bool is_screen = strcmp(line, "screen") == 0;
		for (; lines[i] && (*lines[i] == '|' || *lines[i] == '>'); i++) {
			g_string_append_printf(block, "%s\n", lines[i] + !is_screen);
			if (t->updated && !is_screen)
				g_string_append_printf(t->updated, "%s\n", lines[i]);
		}
		if (*line && *line != '#')
			run_step(t, line, block->str);
	}
}

/* --- the room a test runs in ------------------------------------------------------------ */

static void set_up(struct test *t)
{
	g_autoptr(GError) error = NULL;
	t->dir = g_dir_make_tmp("dewey-ui-XXXXXX", &error);
	if (!t->dir)
		bail(t, "%s", error->message);
	t->root = g_build_filename(t->dir, "Mail", NULL);
	t->bin = g_build_filename(t->dir, "bin", NULL);
	const char *built = g_getenv("top_builddir");
	g_autofree char *worker = g_build_filename(t->bin, "dewey-mime", NULL);
	g_autofree char *target = g_build_filename(built ? built : ".", "dewey-mime", NULL);
	g_autofree char *real = realpath(target, NULL);
	g_mkdir_with_parents(t->bin, 0700);
	if (!real || symlink(real, worker) != 0)
		bail(t, "there is no worker '%s': set top_builddir", target);
	g_setenv("DEWEY_BIN", t->bin, TRUE);
	g_setenv("HOME", t->dir, TRUE);
	g_setenv("DIR", t->dir, TRUE);
	/* Wednesday, 25 February 2026, 12:00. */
	g_setenv("DEWEY_CLOCK", "1772020800", TRUE);
	g_setenv("TZ", "UTC", TRUE);
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
	g_unsetenv("VISUAL");
	g_unsetenv("EDITOR");
	if (chdir(t->dir) != 0)
		bail(t, "chdir: %s", g_strerror(errno));
	t->rows = 24;
	t->cols = 80;
}

static void tear_down(struct test *t)
{
	do_quit(t, NULL, NULL);
	if (chdir("/") == 0)
		remove_tree(t->dir);
	g_free(t->dir);
	g_free(t->root);
	g_free(t->bin);
}

int main(int argc, char **argv)
{
	struct test t = {0};
	g_autofree char *script = argc == 2 ? realpath(argv[1], NULL) : NULL;
	if (!script) {
		fprintf(stderr, "usage: run SCRIPT.t\n");
		return 64;
	}
	t.script = script;
	g_timeout_add_seconds(STUCK_SECONDS, stuck, &t);
	alarm(STUCK_SECONDS + 10);
	set_up(&t);
	base_init_locale();
	if (g_getenv("DEWEY_UI_UPDATE"))
		t.updated = g_string_new(NULL);
	run_script(&t, script);
	tear_down(&t);
	printf("1..%u\n", t.number);
	if (t.updated) {
		g_file_set_contents(script, t.updated->str, -1, NULL);
		g_string_free(t.updated, TRUE);
	}
	return t.failed > 0;
}
