/* SPDX-License-Identifier: MIT
 *
 * Searching while one types, in the front end without a terminal.
 *
 *     tests/bench/typed [-s] DEWEYRC WORD…
 *
 * DEWEYRC names a store with an index.  Each WORD is typed twice behind "/": slowly, the
 * next letter when the rows and the number of the one before are there; and fast, a
 * letter each 30 ms whatever is there.  -s: the best first.  Printed are milliseconds from
 * a key to the rows on the screen and to the number that was found, and the longest time
 * for which the main loop looked at nothing else: a key that comes then waits so long. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "ui/found.h"
#include "ui/list-private.h"
#include "ui/screen.h"

enum { FAST = 30, NAP = 50 }; /* milliseconds between keys; microseconds of rest */

struct bench {
	struct ui *ui;
	double held; /* the longest the loop was held, in milliseconds */
};

struct took {
	double rows, number; /* -1: not there yet */
};

static double now(void)
{
	return (double)g_get_monotonic_time() / 1000;
}

static void hold(struct bench *b, double since)
{
	b->held = MAX(b->held, now() - since);
}

/* One turn of the main loop, or a little rest. */
static void turn(struct bench *b)
{
	double begin = now();
	if (g_main_context_pending(NULL)) {
		g_main_context_iteration(NULL, FALSE);
		ui_turn(b->ui);
		hold(b, begin);
	} else {
		g_usleep(NAP);
	}
}

static void settle(struct bench *b)
{
	ui_turn(b->ui);
	while (!ui_settled(b->ui))
		turn(b);
}

static void press(struct bench *b, key_code key)
{
	double begin = now();
	ui_key(b->ui, key);
	ui_turn(b->ui);
	hold(b, begin);
}

static void look(const struct bench *b, double since, struct took *t)
{
	const struct list_view *l = (struct list_view *)ui_top(b->ui);
	if (t->rows < 0 && !pages_loading(l->pages))
		t->rows = now() - since;
	if (t->number < 0 && (!l->query || found_total(l->found) >= 0))
		t->number = now() - since;
}

/* Until both are there. */
static struct took wait(struct bench *b, double since)
{
	struct took t = {-1, -1};
	for (look(b, since, &t); t.rows < 0 || t.number < 0; look(b, since, &t))
		turn(b);
	return t;
}

static void type_slowly(struct bench *b, const char *word)
{
	for (const char *p = word; *p; p = g_utf8_next_char(p)) {
		b->held = 0;
		double begin = now();
		press(b, g_utf8_get_char(p));
		struct took t = wait(b, begin);
		printf("  %-24.*s rows %7.1f  number %7.1f  held %5.1f\n",
			(int)(g_utf8_next_char(p) - word), word, t.rows, t.number, b->held);
	}
}

static void type_fast(struct bench *b, const char *word)
{
	double begin = 0;
	b->held = 0;
	for (const char *p = word; *p; p = g_utf8_next_char(p)) {
		begin = now();
		press(b, g_utf8_get_char(p));
		while (*g_utf8_next_char(p) && now() < begin + FAST)
			turn(b);
	}
	struct took t = wait(b, begin);
	const struct list_view *l = (struct list_view *)ui_top(b->ui);
	printf("  %-24s rows %7.1f  number %7.1f  held %5.1f  (%ld found)\n", "a key each 30 ms",
		t.rows, t.number, b->held, (long)found_total(l->found));
}

static void search(struct bench *b, const char *word, bool scored)
{
	static void (*const ways[])(struct bench *, const char *) = {type_slowly, type_fast};
	printf("%s\n", word);
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		press(b, '/');
		if (scored)
			press(b, KEY_CODE_CONTROL('s'));
		ways[i](b, word);
		press(b, KEY_CODE_ESCAPE);
		settle(b);
	}
}

int main(int argc, char **argv)
{
	bool scored = argc > 1 && strcmp(argv[1], "-s") == 0;
	int at = 1 + scored;
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	if (argc <= at + 1) {
		fprintf(stderr, "usage: typed [-s] DEWEYRC WORD…\n");
		return EX_USAGE;
	}
	base_init_locale();
	struct dotfile *d = dotfile_load(argv[at], mistakes);
	if (!d) {
		fprintf(stderr, "%s\n", (char *)mistakes->pdata[0]);
		return EX_CONFIG;
	}
	struct app_options options = {.dotfile = d};
	struct bench b = {.ui = ui_new(&options, screen_memory_new(24, 80), &error)};
	if (!b.ui) {
		fprintf(stderr, "%s\n", error->message);
		return EX_NOINPUT;
	}
	ui_start(b.ui);
	settle(&b);
	for (int i = at + 1; i < argc; i++)
		search(&b, argv[i], scored);
	ui_free(b.ui);
	dotfile_free(d);
	return EX_OK;
}
