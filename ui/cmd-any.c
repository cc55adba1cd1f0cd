/* SPDX-License-Identifier: MIT
 *
 * The commands that are the same everywhere. */
#include "base/base.h"

#include "base/clock.h"
#include "store/query.h"
#include "ui/act.h"
#include "ui/courier.h"
#include "ui/command.h"
#include "ui/folders.h"
#include "ui/rest.h"
#include "ui/session-log.h"
#include "ui/surveyor.h"
#include "ui/syncer.h"
#include "ui/ui.h"
#include "ui/unsend.h"
#include "ui/view-list.h"

static void move(struct ui *ui, enum movement m)
{
	struct view *v = ui_top(ui);
	if (v->ops->move)
		v->ops->move(v, m);
}

void command_move_next(struct ui *ui, const char *arg)
{
	move(ui, MOVE_NEXT);
}

void command_move_previous(struct ui *ui, const char *arg)
{
	move(ui, MOVE_PREVIOUS);
}

void command_page_down(struct ui *ui, const char *arg)
{
	move(ui, MOVE_PAGE_DOWN);
}

void command_page_up(struct ui *ui, const char *arg)
{
	move(ui, MOVE_PAGE_UP);
}

void command_half_down(struct ui *ui, const char *arg)
{
	move(ui, MOVE_HALF_DOWN);
}

void command_half_up(struct ui *ui, const char *arg)
{
	move(ui, MOVE_HALF_UP);
}

void command_first(struct ui *ui, const char *arg)
{
	move(ui, MOVE_FIRST);
}

void command_last(struct ui *ui, const char *arg)
{
	move(ui, MOVE_LAST);
}

void command_open(struct ui *ui, const char *arg)
{
	struct view *v = ui_top(ui);
	if (v->ops->open)
		v->ops->open(v);
}

static void find_typed(struct ui *ui, const char *text, void *data)
{
	struct view *v = ui_top(ui);
	if (text && *text && v->ops->find && !v->ops->find(v, text, true, false))
		ui_complain(ui, _("'%s' is not found here"), text);
}

void command_find(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = _("Find: "), .history = "find", .done = find_typed};
	if (arg)
		find_typed(ui, arg, NULL);
	else
		ui_prompt(ui, &spec);
}

void command_find_next(struct ui *ui, const char *arg)
{
	struct view *v = ui_top(ui);
	if (v->ops->find && !v->ops->find(v, NULL, true, true))
		ui_complain(ui, _("not found any more"));
}

bool command_query_good(struct ui *ui, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(query) q = query_parse(text, clock_now(), &error);
	if (!q)
		ui_complain(ui, "%s", error->message);
	return q != NULL;
}

void command_undo(struct ui *ui, const char *arg)
{
	if (!unsend_last(ui_unsend(ui)))
		act_run(ui, &(struct act){.kind = ACT_UNDO});
}

void command_journal(struct ui *ui, const char *arg)
{
	view_journal_open(ui);
}

void command_filters(struct ui *ui, const char *arg)
{
	view_filters_open(ui);
}

void command_fetch(struct ui *ui, const char *arg)
{
	courier_fetch(ui_courier(ui), arg);
}

void command_send_queued(struct ui *ui, const char *arg)
{
	courier_send(ui_courier(ui), NULL);
}

void command_cancel(struct ui *ui, const char *arg)
{
	static const enum ui_worker stop[] = {UI_WORKER_SEARCH, UI_WORKER_TALLY, UI_WORKER_ACTIONS,
		UI_WORKER_FILTERS};
	for (size_t i = 0; i < G_N_ELEMENTS(stop); i++)
		worker_interrupt(ui_worker(ui, stop[i]));
	bool looking = surveyor_cancel(ui_surveyor(ui), NULL);
	bool rest = rests_cancel(ui_rests(ui));
	if (courier_cancel(ui_courier(ui)) || looking || rest)
		ui_say(ui, _("stopping"));
}

static void folder_typed(struct ui *ui, const char *text, void *data)
{
	g_autoptr(GError) error = NULL;
	if (!text || !*text)
		return;
	const struct dotfile_view *saved = dotfile_view_by_name(ui_dotfile(ui), text);
	if (saved) {
		view_list_open_saved(ui, saved);
		return;
	}
	text = store_folder_meant(ui_store(ui), text);
	g_autofree char *path = store_folder_path(ui_store(ui), text, &error);
	if (!path)
		ui_complain(ui, "%s", error->message);
	else if (!g_file_test(path, G_FILE_TEST_IS_DIR))
		ui_complain(ui, _("there is no folder '%s'; Tab completes names"), text);
	else
		view_list_open(ui, text, NULL);
}

static GPtrArray *complete_places(struct ui *ui, const char *text)
{
	GPtrArray *found = prompt_complete_folder(ui, text);
	const GPtrArray *views = dotfile_views(ui_dotfile(ui));
	for (guint i = 0; i < views->len; i++) {
		const struct dotfile_view *v = views->pdata[i];
		if (g_str_has_prefix(v->name, text))
			g_ptr_array_add(found, g_strdup(v->name));
	}
	return found;
}

void command_change_folder(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = _("Open folder: "), .history = "folder",
		.complete = complete_places, .done = folder_typed};
	if (arg)
		folder_typed(ui, arg, NULL);
	else
		ui_prompt(ui, &spec);
}

void command_folders(struct ui *ui, const char *arg)
{
	view_folders_open(ui);
}

void command_outbox(struct ui *ui, const char *arg)
{
	view_outbox_open(ui);
}

void command_bar_next(struct ui *ui, const char *arg)
{
	folders_bar_move(ui_folders(ui), 1);
}

void command_bar_previous(struct ui *ui, const char *arg)
{
	folders_bar_move(ui_folders(ui), -1);
}

void command_bar_open(struct ui *ui, const char *arg)
{
	folders_bar_open(ui_folders(ui));
}

void command_bar(struct ui *ui, const char *arg)
{
	ui_bar_toggle(ui);
}

void command_sync(struct ui *ui, const char *arg)
{
	syncer_want(ui_syncer(ui), NULL);
	ui_say(ui, _("looking through all folders"));
}

void command_session_log(struct ui *ui, const char *arg)
{
	struct store *s = ui_store(ui);
	if (arg && !dotfile_account_by_name(ui_dotfile(ui), arg)) {
		g_autofree char *text = dotfile_no_account(ui_dotfile(ui), arg);
		ui_complain(ui, "%s", text);
		return;
	}
	g_autofree char *text = s ? session_log_text(s, ui_dotfile(ui), arg) : NULL;
	if (!text || !*text)
		ui_complain(ui, _("no agent has talked to a server yet"));
	else
		view_text_open(ui, g_strdup(_("Last session")), g_steal_pointer(&text));
}

void command_redraw(struct ui *ui, const char *arg)
{
	ui_repaint(ui);
}

static void line_typed(struct ui *ui, const char *text, void *data)
{
	if (text)
		command_run(ui, text);
}

void command_line(struct ui *ui, const char *arg)
{
	struct prompt_spec spec = {.label = ":", .history = "command",
		.complete = command_complete, .done = line_typed};
	ui_prompt(ui, &spec);
}

void command_help(struct ui *ui, const char *arg)
{
	view_help_open(ui);
}

static void quit_now(struct ui *ui, void *data)
{
	ui_quit(ui);
}

void command_quit(struct ui *ui, const char *arg)
{
	struct question q = {.yes = quit_now};
	if (ui_top(ui)->ops->context == CONTEXT_COMPOSE)
		q.text = _("Quit? The letter is kept, and you will be asked about it next time.");
	else if (courier_busy(ui_courier(ui)) || surveyor_busy(ui_surveyor(ui)) ||
		rests_busy(ui_rests(ui)))
		q.text = _("Mail is being fetched or sent. Quit?");
	if (q.text)
		prompt_ask(ui, &q);
	else
		ui_quit(ui);
}

void command_back(struct ui *ui, const char *arg)
{
	struct view *v = ui_top(ui);
	if (ui_at_bottom(ui))
		command_quit(ui, NULL);
	else if (!v->ops->close || v->ops->close(v))
		ui_close(ui, v);
}
