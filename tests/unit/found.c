/* SPDX-License-Identifier: MIT
 *
 * Counting what a query finds, while the store changes. */
#include "mailbox.h"

#include "tests/ui/hold.h"
#include "ui/found.h"
#include "ui/screen.h"
#include "ui/worker.h"

static void counted(void *data)
{
	++*(guint *)data;
}

static void wait_until(const guint *times, guint wanted)
{
	while (*times < wanted)
		g_main_context_iteration(NULL, TRUE);
}

static void put(struct mailbox *m, const char *name)
{
	mailbox_put(m, &(struct letter){.name = name, .day = 1, .body = "lake"});
	mailbox_sync(m);
}

static struct ui *new_ui(const struct app_options *o)
{
	g_autoptr(GError) error = NULL;
	struct ui *ui = ui_new(o, screen_memory_new(24, 80), &error);
	g_assert_no_error(error);
	return ui;
}

/* However often the store changes while it is counted, it is counted once more. */
static void test_changes(void)
{
	struct mailbox m = {0};
	g_autoptr(dotfile) d = dotfile_new_empty();
	guint times = 0;
	mailbox_init(&m);
	put(&m, "a");
	struct app_options o = {.dotfile = d, .root = m.root};
	struct ui *ui = new_ui(&o);
	struct worker *w = ui_worker(ui, UI_WORKER_TALLY);
	struct found *f = found_new(ui, counted, &times);
	struct hold *h = hold_new(ui, UI_WORKER_TALLY);
	found_set(f, &(struct list_spec){.query = "lake"});
	for (int i = 0; i < 5; i++)
		found_again(f);
	g_assert_cmpuint(worker_open(w), ==, 2);
	put(&m, "b");
	hold_release(h);
	wait_until(&times, 2);
	g_assert_cmpuint(worker_open(w), ==, 0);
	g_assert_cmpint(found_total(f), ==, 2);
	/* Another query does not wait for the end of this one. */
	found_set(f, &(struct list_spec){.query = "nothing"});
	g_assert_cmpint(found_total(f), ==, -1);
	wait_until(&times, 3);
	g_assert_cmpint(found_total(f), ==, 0);
	found_free(f);
	ui_free(ui);
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ui/found/changes", test_changes);
	return g_test_run();
}
