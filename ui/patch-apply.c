/* SPDX-License-Identifier: MIT
 *
 * A letter with a patch to git am, in a directory that is asked for. */
#include "base/base.h"

#include <unistd.h>

#include "base/path.h"
#include "ui/command.h"
#include "ui/letter-at.h"
#include "ui/outside.h"
#include "ui/view-message.h"

struct applying {
	struct ui *ui;
	struct letter_at *at;
	char *directory;
	int fd; /* the letter; -1: not open */
	GError *error;
};

static void applying_free(void *data)
{
	struct applying *a = data;
	if (a->fd >= 0)
		close(a->fd);
	letter_at_free(a->at);
	g_free(a->directory);
	g_clear_error(&a->error);
	g_free(a);
}

/* What git says, and how it is taken back: nothing here is dewey's to undo. */
static void git_ended(struct ui *ui, const struct outside_end *end, void *data)
{
	struct applying *a = data;
	g_autofree char *cure =
		end->error
			? g_strdup_printf(
				  _("The patch was not applied. To leave the directory as it was:\n"
				    "    git -C %s am --abort"),
				  a->directory)
			: g_strdup_printf(_("The patch was applied. To take it back:\n"
					    "    git -C %s reset --keep HEAD~1"),
				  a->directory);
	char *text = g_strdup_printf("%s\n%s\n", end->output, cure);
	view_text_open(ui, g_strdup_printf("git am: %s", a->at->title), text);
	if (end->error)
		ui_complain(ui, "%s", end->error);
}

static void open_run(struct room *room, void *data)
{
	struct applying *a = data;
	a->fd = letter_at_open(room, a->at, &a->error);
}

static void open_done(void *data)
{
	struct applying *a = data;
	const char *argv[] = {"git", "am", "--patch-format=mbox", NULL};
	if (a->fd < 0) {
		ui_complain(a->ui, "%s", a->error->message);
		return;
	}
	struct applying *moved = g_memdup2(a, sizeof *a);
	struct outside what = {(char *const *)argv, moved->directory, a->fd, OUTSIDE_OUTPUT};
	*a = (struct applying){.ui = a->ui, .fd = -1};
	moved->fd = -1;
	outside_run(moved->ui, &what, git_ended, moved, applying_free);
}

static const struct job open_job = {open_run, open_done, applying_free};

static char *wrong_directory(const char *text, const void *data)
{
	g_autofree char *path = path_expand(text);
	g_autofree char *git = g_build_filename(path, ".git", NULL);
	return g_file_test(git, G_FILE_TEST_EXISTS)
		       ? NULL
		       : g_strdup_printf(_("'%s' is no directory that git keeps"), path);
}

static void directory_typed(struct ui *ui, const char *text, void *data)
{
	if (!text || !*text)
		return;
	struct applying *a = g_new0(struct applying, 1);
	a->ui = ui;
	a->at = letter_at_copy(data);
	a->directory = path_expand(text);
	a->fd = -1;
	worker_push(ui_worker(ui, UI_WORKER_READER), &open_job, a);
}

void command_apply_patch(struct ui *ui, const char *arg)
{
	g_autoptr(message_row) row = message_at_hand(ui);
	if (!row)
		return;
	struct prompt_spec spec = {.label = _("Apply the patch in the directory: "),
		.history = "patch",
		.complete = prompt_complete_path,
		.wrong = wrong_directory,
		.done = directory_typed,
		.data = letter_at_row(row),
		.free = (GDestroyNotify)letter_at_free};
	if (!row->partial) {
		prompt_unless(ui, arg, &spec);
		return;
	}
	ui_complain(ui, _("only a preview is here: fetch the rest first"));
	letter_at_free(spec.data);
}
