/* SPDX-License-Identifier: MIT
 *
 * Letters that are read for the page that shows them, and ahead of it. */
#include "base/base.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "store/index.h"
#include "store/maildir.h"
#include "tests/ui/hold.h"
#include "tests/ui/picture.h"
#include "ui/key.h"
#include "ui/letters.h"
#include "ui/screen.h"

enum { KEPT = 16 * 1024 * 1024 }; /* octets; as ui/letters.h promises */

struct scene {
	char *root;
	struct dotfile *dotfile;
	struct app_options options;
	struct screen *screen; /* belongs to ui */
	struct ui *ui;
	guint letters;
};

static void deliver(struct scene *s, guint number, size_t octets)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = g_build_filename(s->root, "Inbox", NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	g_string_append_printf(text,
		"From: Vera <vera@example.org>\nSubject: letter %u\n"
		"Date: Wed, 25 Feb 2026 %02u:%02u:00 +0000\nMessage-ID: <ahead.%u@example.org>\n\n"
		"This is letter %u.\n",
		number, 20 - number / 60, 59 - number % 60, number, number);
	while (text->len < octets)
		g_string_append(text, "There is a lake, and there is a mill at the lake.\n");
	g_assert_true(maildir_create(path, &error));
	g_autofree char *base = maildir_deliver(path, text->str, text->len, 0, &error);
	g_assert_no_error(error);
}

static void settle(struct scene *s)
{
	for (ui_turn(s->ui); g_main_context_pending(NULL) || !ui_settled(s->ui); ui_turn(s->ui))
		g_main_context_iteration(NULL, TRUE);
}

static void press(struct scene *s, key_code key)
{
	ui_key(s->ui, key);
	ui_turn(s->ui);
}

static void scene_init(struct scene *s, guint letters, size_t octets)
{
	g_autoptr(GError) error = NULL;
	g_setenv("DEWEY_BIN", PROGRAMS, TRUE);
	s->root = scratch_new();
	s->dotfile = dotfile_new_empty();
	s->letters = letters;
	for (guint i = 1; i <= letters; i++)
		deliver(s, i, octets);
	s->options = (struct app_options){.dotfile = s->dotfile, .root = s->root};
	s->screen = screen_memory_new(24, 80);
	s->ui = ui_new(&s->options, s->screen, &error);
	g_assert_no_error(error);
	ui_start(s->ui);
	settle(s);
}

static void scene_clear(struct scene *s)
{
	ui_free(s->ui);
	dotfile_free(s->dotfile);
	scratch_remove(s->root);
	g_free(s->root);
}

/* Of all letters in the store: how many are kept, wanted, read. */
struct counts {
	guint kept, ready;
	size_t octets;
};

static struct counts count(struct scene *s)
{
	struct counts c = {0};
	for (int64_t id = 1; id <= s->letters; id++) {
		const struct letter *l = letters_peek(ui_letters(s->ui), id);
		c.kept += l != NULL;
		c.ready += l && l->ready;
		c.octets += l && l->mime ? mime_message_octets(l->mime) : 0;
	}
	return c;
}

static const struct letter *shown(struct scene *s)
{
	g_autoptr(GArray) ids = ui_top(s->ui)->ops->targets(ui_top(s->ui));
	return letters_peek(ui_letters(s->ui), g_array_index(ids, int64_t, 0));
}

/* Whoever holds "j" down waits for the letter at the end, not for all before it. */
static void test_passed_over(void)
{
	struct scene s = {0};
	scene_init(&s, 40, 0);
	struct hold *h = hold_new(s.ui, UI_WORKER_READER);
	press(&s, KEY_CODE_ENTER);
	for (guint i = 1; i < 40; i++) {
		press(&s, 'j');
		g_assert_cmpuint(count(&s).kept, <=, 3);
	}
	g_assert_cmpuint(count(&s).ready, ==, 0);
	hold_release(h);
	settle(&s);
	g_assert_true(shown(&s)->ready);
	g_assert_cmpstr(shown(&s)->mime->subject, ==, "letter 40");
	/* It, the one before it, and nothing of the 38 others. */
	g_assert_cmpuint(count(&s).ready, ==, 2);
	for (guint i = 1; i < 40; i++)
		press(&s, 'k');
	settle(&s);
	g_assert_cmpstr(shown(&s)->mime->subject, ==, "letter 1");
	scene_clear(&s);
}

/* What is kept is counted in octets: many small letters are, few large ones are. */
static void test_memory(void)
{
	static const struct {
		guint letters;
		size_t octets;
		guint least, most;
	} rows[] = {{30, 100, 30, 30}, {8, 3 * 1024 * 1024, 3, 5}};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct scene s = {0};
		scene_init(&s, rows[i].letters, rows[i].octets);
		press(&s, KEY_CODE_ENTER);
		for (guint n = 1; n < rows[i].letters; n++) {
			settle(&s);
			press(&s, 'j');
			g_assert_cmpuint(count(&s).octets, <=, KEPT);
		}
		settle(&s);
		struct counts c = count(&s);
		g_test_message("%u of %u letters, %zu octets", c.kept, rows[i].letters, c.octets);
		g_assert_cmpuint(c.ready, >=, rows[i].least);
		g_assert_cmpuint(c.ready, <=, rows[i].most);
		g_assert_true(shown(&s)->ready);
		scene_clear(&s);
	}
}

static bool on_screen(struct scene *s, const char *text)
{
	return picture_has(screen_memory_grid(s->screen), text);
}

/* A worker that tells the first words, and the rest when somebody writes into the FIFO
 * "go". */
static void halting_worker(struct scene *s)
{
	g_autofree char *program = g_build_filename(s->root, "dewey-mime", NULL);
	g_autofree char *go = g_build_filename(s->root, "go", NULL);
	g_autofree char *script = g_strdup_printf(
		"#!/bin/sh\necho '{\"event\":\"hello\",\"version\":1}'\n"
		"read hello; read request\n"
		"echo '{\"event\":\"so-far\",\"id\":1,\"text\":\"The first words.\"}'\n"
		"read word <'%s'\n"
		"echo '{\"event\":\"done\",\"id\":1,\"text\":\"The first words, the last.\"}'\n"
		"read end\n",
		go);
	g_assert_true(g_file_set_contents(program, script, -1, NULL));
	g_assert_cmpint(g_chmod(program, 0700), ==, 0);
	g_assert_cmpint(mkfifo(go, 0600), ==, 0);
	g_setenv("DEWEY_BIN", s->root, TRUE);
}

static void let_go(struct scene *s)
{
	g_autofree char *go = g_build_filename(s->root, "go", NULL);
	int fd = open(go, O_WRONLY | O_CLOEXEC);
	g_assert_cmpint(write(fd, "go\n", 3), ==, 3);
	close(fd);
}

/* The text is on the screen, can be scrolled and left, while the rest has not come. */
static void test_text_first(void)
{
	struct scene s = {0};
	scene_init(&s, 1, 0);
	halting_worker(&s);
	press(&s, KEY_CODE_ENTER);
	g_assert_true(on_screen(&s, "reading…"));
	for (; !on_screen(&s, "The first words."); ui_turn(s.ui))
		g_main_context_iteration(NULL, TRUE);
	g_assert_false(shown(&s)->ready);
	g_assert_true(on_screen(&s, "the rest is being read…"));
	press(&s, 'q');
	press(&s, KEY_CODE_ENTER);
	g_assert_true(on_screen(&s, "The first words."));
	let_go(&s);
	settle(&s);
	g_assert_true(shown(&s)->ready);
	g_assert_true(on_screen(&s, "The first words, the last."));
	g_assert_false(on_screen(&s, "the rest is being read…"));
	g_setenv("DEWEY_BIN", PROGRAMS, TRUE);
	scene_clear(&s);
}

/* A letter that does not end is left as soon as it was passed over: nobody waits for its
 * ten seconds. */
static void test_left(void)
{
	struct scene s = {0};
	scene_init(&s, 5, 0);
	halting_worker(&s);
	press(&s, KEY_CODE_ENTER);
	for (; !on_screen(&s, "The first words."); ui_turn(s.ui))
		g_main_context_iteration(NULL, TRUE);
	g_setenv("DEWEY_BIN", PROGRAMS, TRUE);
	for (int i = 0; i < 3; i++)
		press(&s, 'j');
	settle(&s);
	g_assert_true(on_screen(&s, "This is letter 4."));
	g_assert_null(letters_peek(ui_letters(s.ui), 1));
	scene_clear(&s);
}

/* The beginning of a long letter is laid out and shown by the key itself, the rest in the
 * next turn. */
static void test_beginning(void)
{
	struct scene s = {0};
	scene_init(&s, 2, 1024 * 1024);
	press(&s, KEY_CODE_ENTER);
	settle(&s);
	press(&s, 'j');
	g_assert_true(on_screen(&s, "This is letter 2."));
	g_assert_true(on_screen(&s, " 1%"));
	settle(&s);
	g_assert_true(on_screen(&s, "This is letter 2."));
	g_assert_true(on_screen(&s, " 0%"));
	press(&s, '*');
	g_assert_true(on_screen(&s, "end"));
	g_assert_true(on_screen(&s, "a mill at the lake."));
	scene_clear(&s);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ahead/what is passed over is not read", test_passed_over);
	g_test_add_func("/ahead/what is kept is bounded by octets", test_memory);
	g_test_add_func("/ahead/the text comes first", test_text_first);
	g_test_add_func("/ahead/what hangs is left", test_left);
	g_test_add_func("/ahead/the beginning is shown at once", test_beginning);
	return g_test_run();
}
