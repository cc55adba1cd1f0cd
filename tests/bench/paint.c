/* SPDX-License-Identifier: MIT
 *
 * From a key to the letter on the screen, in the front end without a terminal.
 *
 *     tests/bench/paint [-k KEY] DEWEYRC FOLDER…
 *
 * DEWEYRC names a store with an index.  Each folder is opened and its letters are read one
 * after the other by KEY ("j" if none is given), twice: ahead, where the one before was looked
 * at until all is quiet, so that the next one is parsed already; and cold, where all that was
 * read was forgotten before the key.  Printed are milliseconds of the wall's clock from the
 * key to the screen with the letter's text: the median, what 95 of 100 keep to, the longest;
 * the processor time of the main loop in it, the median again, which other work on the
 * machine does not change much; and of how many steps how many took longer than a frame.
 * tests/bench/paint.py makes the letters. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "ui/key.h"
#include "ui/letters.h"
#include "ui/screen.h"
#include "ui/view.h"

static const double frame = 1000.0 / 60; /* milliseconds */

struct bench {
	struct ui *ui;
	key_code key;
	GArray *took, *busy; /* of double, milliseconds: by the clock, by the processor */
};

static double now(void)
{
	return (double)g_get_monotonic_time() / 1000;
}

static double spent(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static void settle(struct bench *b)
{
	for (ui_turn(b->ui); g_main_context_pending(NULL) || !ui_settled(b->ui); ui_turn(b->ui))
		g_main_context_iteration(NULL, TRUE);
}

/* The letter of the page on top; 0: none. */
static int64_t at_hand(const struct bench *b)
{
	struct view *v = ui_top(b->ui);
	g_autoptr(GArray) ids = v->ops->targets ? v->ops->targets(v) : NULL;
	return ids && ids->len > 0 ? g_array_index(ids, int64_t, 0) : 0;
}

static bool is_shown(const struct bench *b)
{
	const struct letter *l = letters_peek(ui_letters(b->ui), at_hand(b));
	return l && l->ready;
}

static void press(struct bench *b, key_code key)
{
	ui_key(b->ui, key);
	for (ui_turn(b->ui); !is_shown(b); ui_turn(b->ui))
		g_main_context_iteration(NULL, TRUE);
}

/* To the last letter of the folder. */
static void walk(struct bench *b, bool cold)
{
	int64_t before = 0;
	g_array_set_size(b->took, 0);
	g_array_set_size(b->busy, 0);
	for (;;) {
		settle(b);
		before = at_hand(b);
		if (cold)
			letters_forget(ui_letters(b->ui));
		double begin = now(), had = spent();
		press(b, b->key);
		double took = now() - begin, busy = spent() - had;
		if (at_hand(b) == before)
			return;
		g_array_append_val(b->took, took);
		g_array_append_val(b->busy, busy);
	}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void print(const struct bench *b, const char *folder, const char *how)
{
	guint n = b->took->len, late = 0;
	const double *t = (const double *)(const void *)b->took->data;
	if (n == 0)
		return;
	g_array_sort(b->took, compare);
	g_array_sort(b->busy, compare);
	for (guint i = 0; i < n; i++)
		late += t[i] > frame;
	printf("%-16s %-6s %8.2f %8.2f %8.2f %8.2f   %u of %u over a frame\n", folder, how,
		t[n / 2], t[n * 95 / 100], t[n - 1], g_array_index(b->busy, double, n / 2), late,
		n);
	fflush(stdout);
}

static void measure(struct bench *b, struct app_options *options, const char *folder)
{
	static const char *const ways[] = {"ahead", "cold"};
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autoptr(GError) error = NULL;
		options->folder = folder;
		b->ui = ui_new(options, screen_memory_new(24, 80), &error);
		if (!b->ui) {
			fprintf(stderr, "%s\n", error->message);
			exit(EX_NOINPUT);
		}
		ui_start(b->ui);
		settle(b);
		ui_key(b->ui, '=');
		settle(b);
		if (at_hand(b) != 0) {
			press(b, KEY_CODE_ENTER);
			walk(b, i == 1);
			print(b, folder, ways[i]);
		}
		ui_free(b->ui);
	}
}

int main(int argc, char **argv)
{
	bool has_key = argc > 2 && strcmp(argv[1], "-k") == 0;
	int at = has_key ? 3 : 1;
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	if (argc <= at + 1) {
		fprintf(stderr, "usage: paint [-k KEY] DEWEYRC FOLDER…\n");
		return EX_USAGE;
	}
	base_init_locale();
	struct dotfile *d = dotfile_load(argv[at], mistakes);
	if (!d) {
		fprintf(stderr, "%s\n", (char *)mistakes->pdata[0]);
		return EX_CONFIG;
	}
	struct app_options options = {.dotfile = d};
	g_autoptr(GArray) took = g_array_new(FALSE, FALSE, sizeof(double));
	g_autoptr(GArray) busy = g_array_new(FALSE, FALSE, sizeof(double));
	struct bench b = {
		.took = took, .busy = busy, .key = has_key ? key_from_name(argv[2]) : 'j'};
	printf("%-16s %-6s %8s %8s %8s %8s   milliseconds\n", "", "", "median", "95 %", "most",
		"busy");
	for (int i = at + 1; i < argc; i++)
		measure(&b, &options, argv[i]);
	dotfile_free(d);
	return EX_OK;
}
