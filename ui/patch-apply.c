/* SPDX-License-Identifier: MIT
 *
 * Letters with patches to git am, in a directory that is asked for.  Those of a series go
 * in its order, "[PATCH 2/7]", whatever the order they came or are listed in. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/path.h"
#include "ui/command.h"
#include "ui/letter-at.h"
#include "ui/outside.h"
#include "ui/view-message.h"

struct patch {
	struct letter_at *at;
	int64_t date;
	guint number, of; /* in its series; 0: it is of none */
	bool cover;       /* "0/7" */
};

struct applying {
	struct ui *ui;
	GPtrArray *patches; /* of struct patch */
	char *directory;
	int fd; /* the letters, as git takes them; -1: not there */
	GError *error;
};

static void patch_free(void *data)
{
	struct patch *p = data;
	letter_at_free(p->at);
	g_free(p);
}

static void applying_free(void *data)
{
	struct applying *a = data;
	if (a->fd >= 0)
		close(a->fd);
	g_clear_pointer(&a->patches, g_ptr_array_unref);
	g_free(a->directory);
	g_clear_error(&a->error);
	g_free(a);
}

/* --- which, and in what order --------------------------------------------------------- */

/* "[RFC PATCH v2 3/7] song: …" */
static void find_number(struct patch *p, const char *subject)
{
	const char *slash = subject;
	const char *end = *subject == '[' ? strchr(subject, ']') : NULL;
	while (end && (slash = strchr(slash + 1, '/')) != NULL && slash < end) {
		const char *digits = slash;
		while (g_ascii_isdigit(digits[-1]))
			digits--;
		if (digits == slash || !g_ascii_isdigit(slash[1]))
			continue;
		p->number = (guint)MIN(strtoul(digits, NULL, 10), 9999);
		p->of = (guint)MIN(strtoul(slash + 1, NULL, 10), 9999);
		p->cover = p->number == 0;
		return;
	}
}

static int by_number(const void *a, const void *b)
{
	const struct patch *one = *(struct patch *const *)a, *two = *(struct patch *const *)b;
	if (one->number != two->number)
		return one->number < two->number ? -1 : 1;
	return one->date < two->date ? -1 : one->date > two->date;
}

/* What goes in front of a series has no patch.  NULL: told. */
static GPtrArray *patches_at_hand(struct ui *ui)
{
	g_autoptr(GArray) ids = command_targets(ui);
	struct index *ix = ids ? ui_index(ui) : NULL;
	GPtrArray *patches = g_ptr_array_new_with_free_func(patch_free);
	bool preview = false;
	for (guint i = 0; ix && i < ids->len; i++) {
		g_autoptr(message_row) row = index_message(ix, g_array_index(ids, int64_t, i), NULL);
		if (!row)
			continue;
		preview = preview || row->partial;
		struct patch *p = g_new0(struct patch, 1);
		*p = (struct patch){.at = letter_at_row(row), .date = row->date};
		find_number(p, row->subject);
		g_ptr_array_add(patches, p);
		if (p->cover && ids->len > 1)
			g_ptr_array_set_size(patches, (int)patches->len - 1);
	}
	g_ptr_array_sort(patches, by_number);
	if (preview)
		ui_complain(ui, _("only a preview is here: fetch the rest first"));
	if (!preview && patches->len > 0)
		return patches;
	g_ptr_array_unref(patches);
	return NULL;
}

/* --- the letters as one file ---------------------------------------------------------- */

/* As mboxrd, so that no line of a letter begins another one. */
static void put_line(FILE *out, const char *line, size_t len)
{
	size_t marks = strspn(line, ">");
	if (len >= marks + 5 && memcmp(line + marks, "From ", 5) == 0)
		fputc('>', out);
	fwrite(line, 1, len, out);
	if (len > 0 && line[len - 1] != '\n')
		fputc('\n', out);
}

/* in: taken. */
static void put_letter(FILE *out, int in)
{
	FILE *letter = fdopen(in, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	fputs("From dewey Mon Sep 17 00:00:00 2001\n", out);
	while (letter && (len = getline(&line, &size, letter)) >= 0)
		put_line(out, line, (size_t)len);
	fputc('\n', out);
	free(line);
	if (letter)
		fclose(letter);
	else
		close(in);
}

static bool gather(struct applying *a, struct room *room, FILE *out)
{
	for (guint i = 0; i < a->patches->len; i++) {
		const struct patch *p = a->patches->pdata[i];
		int in = letter_at_open(room, p->at, &a->error);
		if (in < 0)
			return false;
		put_letter(out, in);
	}
	return fflush(out) == 0 && !ferror(out) ? true
						: fdio_fail(&a->error, "write", "patches");
}

static void gather_run(struct room *room, void *data)
{
	struct applying *a = data;
	a->fd = memfd_create("patches", MFD_CLOEXEC);
	int copy = a->fd >= 0 ? dup(a->fd) : -1;
	FILE *out = copy >= 0 ? fdopen(copy, "w") : NULL;
	if (!out)
		fdio_fail(&a->error, "memfd_create", "patches");
	if (!out && copy >= 0)
		close(copy);
	if (out && gather(a, room, out) && lseek(a->fd, 0, SEEK_SET) < 0)
		fdio_fail(&a->error, "seek", "patches");
	if (out)
		fclose(out);
}

/* --- git ------------------------------------------------------------------------------ */

static char *cure_of(const struct applying *a, bool failed)
{
	guint n = a->patches->len;
	if (failed)
		return g_strdup_printf(
			P_("%u patch was not applied. To leave the directory as it was:\n"
			   "    git -C %s am --abort",
				"Of %u patches not all were applied. To leave the directory as it "
				"was:\n    git -C %s am --abort", n),
			n, a->directory);
	return g_strdup_printf(P_("%u patch was applied. To take it back:\n"
				  "    git -C %s reset --keep HEAD~%u",
				       "%u patches were applied. To take them back:\n"
				       "    git -C %s reset --keep HEAD~%u", n),
		n, a->directory, n);
}

/* What git says, and how it is taken back: nothing here is dewey's to undo. */
static void git_ended(struct ui *ui, const struct outside_end *end, void *data)
{
	const struct applying *a = data;
	const struct patch *first = a->patches->pdata[0];
	g_autofree char *cure = cure_of(a, end->error != NULL);
	char *text = g_strdup_printf("%s\n%s\n", end->output, cure);
	view_text_open(ui, g_strdup_printf("git am: %s", first->at->title), text);
	if (end->error)
		ui_complain(ui, "%s", end->error);
}

static void gather_done(void *data)
{
	struct applying *a = data;
	const char *argv[] = {"git", "am", "--patch-format=mboxrd", NULL};
	if (a->error) {
		ui_complain(a->ui, "%s", a->error->message);
		return;
	}
	struct applying *moved = g_memdup2(a, sizeof *a);
	struct outside what = {(char *const *)argv, moved->directory, a->fd, OUTSIDE_OUTPUT};
	*a = (struct applying){.ui = a->ui, .fd = -1};
	moved->fd = -1;
	outside_run(moved->ui, &what, git_ended, moved, applying_free);
}

static const struct job gather_job = {gather_run, gather_done, applying_free};

/* --- asking --------------------------------------------------------------------------- */

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
	*a = (struct applying){.ui = ui, .patches = g_ptr_array_ref(data),
		.directory = path_expand(text), .fd = -1};
	worker_push(ui_worker(ui, UI_WORKER_READER), &gather_job, a);
}

/* Who applies a part of a series should know. */
static char *label_of(const GPtrArray *patches)
{
	const struct patch *first = patches->pdata[0];
	guint n = patches->len;
	if (n > 1 && first->of > n)
		return g_strdup_printf(P_("Apply %u patch of %u in the directory: ",
					       "Apply %u patches of %u in the directory: ", n),
			n, first->of);
	return g_strdup_printf(P_("Apply %u patch in the directory: ",
				       "Apply %u patches in the directory: ", n), n);
}

void command_apply_patch(struct ui *ui, const char *arg)
{
	GPtrArray *patches = patches_at_hand(ui);
	if (!patches)
		return;
	g_autofree char *label = label_of(patches);
	struct prompt_spec spec = {.label = label,
		.history = "patch",
		.complete = prompt_complete_path,
		.wrong = wrong_directory,
		.done = directory_typed,
		.data = patches,
		.free = (GDestroyNotify)g_ptr_array_unref};
	prompt_unless(ui, arg, &spec);
}
