/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdarg.h>
#include <string.h>

#include "base/sanitize.h"
#include "store/tag-letters.h"
#include "ui/courier.h"
#include "ui/command.h"
#include "ui/compose.h"
#include "ui/folders.h"
#include "ui/frame.h"
#include "ui/keymap.h"
#include "ui/letters.h"
#include "ui/rest.h"
#include "ui/surveyor.h"
#include "ui/sorter.h"
#include "ui/syncer.h"
#include "ui/tints.h"
#include "ui/typed.h"
#include "ui/ui.h"
#include "ui/unsend.h"
#include "ui/viewer.h"
#include "ui/wishes.h"

struct ui {
	const struct app_options *options;
	struct screen *screen;
	struct grid *grid;
	struct store *store;
	struct worker *workers[UI_WORKER_COUNT];
	struct keymap *keys;
	struct folders *folders;
	struct letters *letters;
	struct courier *courier;
	struct surveyor *surveyor;
	struct rests *rests;
	struct typed *typed;
	struct sorter *sorter;
	struct syncer *syncer;
	struct unsend *unsend;
	struct viewer *viewer;
	GPtrArray *views; /* of struct view, the top one last */
	struct prompt *prompt;
	GQueue prompts; /* of struct prompt: asked while another was open */
	GHashTable *histories;
	GHashTable *leaving; /* ids of messages */
	struct frame_line line; /* the bottom line */
	GPtrArray *outcomes;    /* of struct outcome, in the bottom line; empty: another text */
	GPtrArray *progress;    /* of struct progress */
	bool dirty, stale, done, away, bar_off;
};

struct progress {
	char *what, *text;
};

static void progress_free(void *data)
{
	struct progress *p = data;
	g_free(p->what);
	g_free(p->text);
	g_free(p);
}

struct outcome {
	char *what, *text;
	bool wrong;
};

static void outcome_free(void *data)
{
	struct outcome *o = data;
	g_free(o->what);
	g_free(o->text);
	g_free(o);
}

static void tell_key_mistakes(struct ui *ui)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	ui->keys = keymap_new(ui->options->dotfile, mistakes);
	if (mistakes->len > 0)
		ui_complain(ui, "%s", (char *)mistakes->pdata[0]);
}

struct ui *ui_new(const struct app_options *o, struct screen *screen, GError **error)
{
	const char *root = o->root ? o->root : dotfile_mail(o->dotfile);
	g_autoptr(store) s = store_open(root, error);
	if (s && !o->root)
		wishes_tell(s, o->dotfile);
	if (!s || !store_index(s, error) || !store_ledger(s, error) ||
		!tag_letters_use(s, dotfile_keywords(o->dotfile), error)) {
		screen->ops->free(screen);
		return NULL;
	}
	struct ui *ui = g_new0(struct ui, 1);
	ui->options = o;
	ui->screen = screen;
	ui->store = g_steal_pointer(&s);
	for (int i = 0; i < UI_WORKER_COUNT; i++)
		ui->workers[i] = worker_new(root);
	ui->views = g_ptr_array_new();
	ui->progress = g_ptr_array_new_with_free_func(progress_free);
	ui->outcomes = g_ptr_array_new_with_free_func(outcome_free);
	ui->histories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
		(GDestroyNotify)g_ptr_array_unref);
	ui->leaving = g_hash_table_new(NULL, NULL);
	ui->bar_off = !dotfile_sidebar(o->dotfile);
	ui->folders = folders_new(ui);
	ui->letters = letters_new(ui);
	ui->typed = typed_new();
	ui->courier = courier_new(ui);
	ui->surveyor = surveyor_new(ui);
	ui->rests = rests_new(ui);
	ui->sorter = sorter_new(ui);
	ui->syncer = syncer_new(ui);
	ui->unsend = unsend_new(ui);
	ui->viewer = viewer_new();
	tell_key_mistakes(ui);
	ui_take_reports(ui);
	tints_show(o->dotfile, screen);
	screen->ops->hyperlinks(screen, dotfile_reading(o->dotfile)->hyperlinks);
	return ui;
}

static void drop_views(struct ui *ui)
{
	while (ui->views->len > 0) {
		struct view *v = g_ptr_array_steal_index(ui->views, ui->views->len - 1);
		v->closed = true;
		view_unref(v);
	}
}

void ui_free(struct ui *ui)
{
	if (!ui)
		return;
	rests_free(g_steal_pointer(&ui->rests));
	/* Views that end with the last errand look for the surveyor. */
	surveyor_free(g_steal_pointer(&ui->surveyor));
	unsend_free(g_steal_pointer(&ui->unsend));
	courier_free(ui->courier);
	typed_free(ui->typed);
	syncer_stop(ui->syncer);
	sorter_stop(ui->sorter);
	/* What the user asked for is done; what was only wanted for the screen is not. */
	for (int i = 0; i < UI_WORKER_COUNT; i++)
		worker_free(ui->workers[i], i == UI_WORKER_ACTIONS || i == UI_WORKER_WRITING);
	viewer_free(ui->viewer);
	prompt_free(ui->prompt);
	g_queue_clear_full(&ui->prompts, (GDestroyNotify)prompt_free);
	drop_views(ui);
	g_ptr_array_unref(ui->views);
	ui_take_reports(NULL);
	while (g_main_context_pending(NULL))
		g_main_context_iteration(NULL, FALSE);
	syncer_free(ui->syncer);
	sorter_free(ui->sorter);
	letters_free(ui->letters);
	folders_free(ui->folders);
	keymap_free(ui->keys);
	g_hash_table_unref(ui->histories);
	g_hash_table_unref(ui->leaving);
	g_ptr_array_unref(ui->outcomes);
	g_ptr_array_unref(ui->progress);
	grid_free(ui->grid);
	store_free(ui->store);
	g_free(ui->line.text);
	ui->screen->ops->free(ui->screen);
	g_free(ui);
}

void ui_start(struct ui *ui)
{
	const struct app_options *o = ui->options;
	view_list_open(ui, o->folder ? o->folder : FOLDER_INBOX, o->query);
	if (o->letter)
		compose_given(ui, o->letter);
	compose_offer_left(ui);
	syncer_start(ui->syncer);
	courier_start(ui->courier, o->fetch);
	folders_count_views(ui->folders);
	ui_changed(ui);
}

static void run_key(struct ui *ui, key_code key)
{
	enum context context = ui_top(ui)->ops->context;
	const char *line = keymap_command(ui->keys, context, key);
	bool to_marked = ui->line.to_marked;
	if (line) {
		g_autofree char *copy = g_strdup(line);
		command_run(ui, copy);
	} else {
		g_autofree char *name = key_label(key);
		g_autofree char *help = keymap_short_key(ui->keys, context, "help");
		ui_complain(ui, _("the key %s does nothing here; press %s for help"), name,
			help ? help : ":help");
	}
	if (to_marked)
		ui->line.to_marked = false;
}

void ui_key(struct ui *ui, key_code key)
{
	if (ui->away || ui->done || key == KEY_CODE_NONE)
		return;
	ui_changed(ui);
	if (key == KEY_CODE_RESIZE)
		return;
	g_clear_pointer(&ui->line.text, g_free);
	g_ptr_array_set_size(ui->outcomes, 0);
	if (!ui->prompt) {
		run_key(ui, key);
		return;
	}
	if (!prompt_key(ui->prompt, key))
		return;
	struct prompt *finished = g_steal_pointer(&ui->prompt);
	ui->prompt = g_queue_pop_head(&ui->prompts);
	prompt_finish(finished);
}

static void draw(struct ui *ui)
{
	int rows, cols, y, x;
	ui->screen->ops->size(ui->screen, &rows, &cols);
	rows = CLAMP(rows, 1, 1000);
	cols = CLAMP(cols, 1, 2000);
	if (!ui->grid || grid_rows(ui->grid) != rows || grid_cols(ui->grid) != cols) {
		grid_free(ui->grid);
		ui->grid = grid_new(rows, cols);
	}
	grid_clear(ui->grid);
	g_autoptr(GString) going_on = g_string_new(NULL);
	for (guint i = 0; i < ui->progress->len; i++) {
		struct progress *p = ui->progress->pdata[i];
		g_string_append_printf(going_on, "%s%s", i ? "  " : "", p->text);
	}
	struct frame f = {ui, ui->prompt, &ui->line, going_on->str, !ui->bar_off};
	frame_draw(&f, ui->grid, &y, &x);
	ui->screen->picture = view_picture(ui_top(ui));
	ui->screen->ops->show(ui->screen, ui->grid, y, x);
}

void ui_turn(struct ui *ui)
{
	if (ui->stale && !ui->done) {
		ui->stale = false;
		folders_refresh(ui->folders);
		unsend_refresh(ui->unsend);
		for (guint i = 0; i < ui->views->len; i++) {
			struct view *v = ui->views->pdata[i];
			if (v->ops->refresh)
				v->ops->refresh(v);
		}
		ui->dirty = true;
	}
	if (!ui->dirty || ui->away || ui->done || ui->views->len == 0)
		return;
	ui->dirty = false;
	draw(ui);
}

void ui_resized(struct ui *ui)
{
	if (!ui->away)
		ui->screen->ops->repaint(ui->screen);
	ui_changed(ui);
}

bool ui_done(const struct ui *ui)
{
	return ui->done;
}

void ui_quit(struct ui *ui)
{
	ui->done = true;
}

bool ui_settled(const struct ui *ui)
{
	guint open = 0;
	for (int i = 0; i < UI_WORKER_COUNT; i++)
		open += worker_open(ui->workers[i]);
	return open == 0 && !ui->dirty && !ui->stale && !ui->away;
}

void ui_changed(struct ui *ui)
{
	ui->dirty = true;
}

void ui_store_changed(struct ui *ui)
{
	ui->stale = true;
}

static void G_GNUC_PRINTF(3, 0)
	set_line(struct ui *ui, bool wrong, const char *format, va_list args)
{
	/* What went wrong stays until a key was pressed, whatever else happens. */
	if (ui->line.text && ui->line.wrong && !wrong)
		return;
	g_autofree char *text = g_strdup_vprintf(format, args);
	g_ptr_array_set_size(ui->outcomes, 0);
	g_free(ui->line.text);
	ui->line.text = sanitize_line(text, -1);
	ui->line.wrong = wrong;
	ui_changed(ui);
}

void ui_say(struct ui *ui, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	set_line(ui, false, format, args);
	va_end(args);
}

void ui_complain(struct ui *ui, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	set_line(ui, true, format, args);
	va_end(args);
}

static struct outcome *find_outcome(const struct ui *ui, const char *what)
{
	for (guint i = 0; i < ui->outcomes->len; i++) {
		struct outcome *o = ui->outcomes->pdata[i];
		if (strcmp(o->what, what) == 0)
			return o;
	}
	struct outcome *fresh = g_new0(struct outcome, 1);
	fresh->what = g_strdup(what);
	g_ptr_array_add(ui->outcomes, fresh);
	return fresh;
}

/* What went wrong is long, and has its lines to itself. */
static void show_outcomes(struct ui *ui)
{
	bool wrong = false;
	GString *all = g_string_new(NULL);
	for (guint i = 0; i < ui->outcomes->len; i++)
		wrong = wrong || ((struct outcome *)ui->outcomes->pdata[i])->wrong;
	for (guint i = 0; i < ui->outcomes->len; i++) {
		const struct outcome *o = ui->outcomes->pdata[i];
		g_string_append_printf(all, "%s%s", i == 0 ? "" : wrong ? "\n" : "  ", o->text);
	}
	g_free(ui->line.text);
	ui->line.text = g_string_free(all, FALSE);
	ui->line.wrong = wrong;
	ui_changed(ui);
}

void ui_outcome(struct ui *ui, const char *what, bool wrong, const char *format, ...)
{
	if (ui->line.text && ui->line.wrong && ui->outcomes->len == 0 && !wrong)
		return;
	struct outcome *o = find_outcome(ui, what);
	if (!o->wrong || wrong) {
		va_list args;
		va_start(args, format);
		g_autofree char *text = g_strdup_vprintf(format, args);
		va_end(args);
		g_free(o->text);
		o->text = sanitize_line(text, -1);
		o->wrong = wrong;
	}
	show_outcomes(ui);
}

void ui_progress(struct ui *ui, const char *what, const char *text)
{
	guint i;
	for (i = 0; i < ui->progress->len; i++)
		if (strcmp(((struct progress *)ui->progress->pdata[i])->what, what) == 0)
			break;
	if (i < ui->progress->len && !text)
		g_ptr_array_remove_index(ui->progress, i);
	if (text) {
		if (i == ui->progress->len) {
			struct progress *fresh = g_new0(struct progress, 1);
			fresh->what = g_strdup(what);
			g_ptr_array_add(ui->progress, fresh);
		}
		struct progress *p = ui->progress->pdata[i];
		g_free(p->text);
		p->text = sanitize_line(text, -1);
	}
	ui_changed(ui);
}

void ui_push(struct ui *ui, struct view *v)
{
	g_ptr_array_add(ui->views, v);
	ui_changed(ui);
}

void ui_close(struct ui *ui, struct view *v)
{
	if (v->closed || !g_ptr_array_remove(ui->views, v))
		return;
	v->closed = true;
	view_unref(v);
	if (ui->views->len == 0)
		ui_quit(ui);
	ui_changed(ui);
}

struct view *ui_top(const struct ui *ui)
{
	g_assert(ui->views->len > 0);
	return ui->views->pdata[ui->views->len - 1];
}

bool ui_at_bottom(const struct ui *ui)
{
	return ui->views->len == 1;
}

void ui_replace(struct ui *ui, struct view *v)
{
	/* A letter being written must not vanish with the rest. */
	for (guint i = ui->views->len; i-- > 0;) {
		struct view *old = ui->views->pdata[i];
		if (old->ops->context == CONTEXT_COMPOSE)
			continue;
		g_ptr_array_steal_index(ui->views, i);
		old->closed = true;
		view_unref(old);
	}
	ui_push(ui, v);
}

void ui_prompt(struct ui *ui, const struct prompt_spec *spec)
{
	struct prompt *p = prompt_new(ui, spec, ui->histories);
	if (ui->prompt)
		g_queue_push_tail(&ui->prompts, p);
	else
		ui->prompt = p;
	ui_changed(ui);
}

bool ui_prompting(const struct ui *ui)
{
	return ui->prompt != NULL;
}

void ui_leaving(struct ui *ui, const GArray *ids, bool leaving)
{
	for (guint i = 0; i < ids->len; i++) {
		int64_t id = g_array_index(ids, int64_t, i);
		if (leaving)
			g_hash_table_add(ui->leaving, ID_KEY(id));
		else
			g_hash_table_remove(ui->leaving, ID_KEY(id));
	}
}

bool ui_is_leaving(const struct ui *ui, int64_t id)
{
	return g_hash_table_contains(ui->leaving, ID_KEY(id));
}

void ui_to_marked(struct ui *ui)
{
	ui->line.to_marked = true;
}

bool ui_is_to_marked(const struct ui *ui)
{
	return ui->line.to_marked;
}

void ui_away(struct ui *ui, bool away)
{
	if (away)
		ui->screen->ops->suspend(ui->screen);
	else
		ui->screen->ops->resume(ui->screen);
	ui->away = away;
	ui_changed(ui);
}

bool ui_is_away(const struct ui *ui)
{
	return ui->away;
}

void ui_repaint(struct ui *ui)
{
	ui->screen->ops->repaint(ui->screen);
	ui_changed(ui);
}

const struct app_options *ui_options(const struct ui *ui)
{
	return ui->options;
}

struct dotfile *ui_dotfile(const struct ui *ui)
{
	return ui->options->dotfile;
}

struct keymap *ui_keymap(const struct ui *ui)
{
	return ui->keys;
}

struct courier *ui_courier(const struct ui *ui)
{
	return ui->courier;
}

struct folders *ui_folders(const struct ui *ui)
{
	return ui->folders;
}

struct letters *ui_letters(const struct ui *ui)
{
	return ui->letters;
}

struct surveyor *ui_surveyor(const struct ui *ui)
{
	return ui->surveyor;
}

struct rests *ui_rests(const struct ui *ui)
{
	return ui->rests;
}

struct typed *ui_typed(const struct ui *ui)
{
	return ui->typed;
}

struct unsend *ui_unsend(const struct ui *ui)
{
	return ui->unsend;
}

struct viewer *ui_viewer(const struct ui *ui)
{
	return ui->viewer;
}

struct sorter *ui_sorter(const struct ui *ui)
{
	return ui->sorter;
}

struct syncer *ui_syncer(const struct ui *ui)
{
	return ui->syncer;
}

struct store *ui_store(struct ui *ui)
{
	return ui->store;
}

struct index *ui_index(struct ui *ui)
{
	g_autoptr(GError) error = NULL;
	struct index *ix = store_index(ui->store, &error);
	if (!ix)
		ui_complain(ui, "%s", error->message);
	return ix;
}

struct worker *ui_worker(struct ui *ui, enum ui_worker which)
{
	return ui->workers[which];
}

void ui_bell(struct ui *ui)
{
	ui->screen->ops->beep(ui->screen);
}

void ui_bar_toggle(struct ui *ui)
{
	ui->bar_off = !ui->bar_off;
	ui_changed(ui);
}
