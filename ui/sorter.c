/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/sanitize.h"
#include "ui/filters.h"
#include "ui/sorter.h"
#include "ui/syncer.h"
#include "ui/ui.h"

enum { TELL_EVERY = 100 /* milliseconds between words of progress */, SHOWN = 2000 };

struct sorter {
	struct ui *ui;
	bool running, again; /* over what is due */
	gint stop;           /* atomic */
};

/* One job; alive until its free. */
struct run {
	struct sorter *sorter;
	struct room *room;
	char *name, *query; /* on demand; query NULL: what is due */
	bool dry;
	struct filter_result result;
	GError *error;
	char *notice, *failure; /* the last of each */
	guint notices;
	GString *would;
	gint64 told;
	GMutex lock;
	char *progress; /* under lock */
};

/* --- progress -------------------------------------------------------------------- */

static void show_progress(void *data)
{
	struct run *r = data;
	g_mutex_lock(&r->lock);
	g_autofree char *text = g_steal_pointer(&r->progress);
	g_mutex_unlock(&r->lock);
	if (text)
		ui_progress(r->sorter->ui, "filter", text);
}

static char *progress_text(int64_t done, int64_t total)
{
	return total > 0 ? g_strdup_printf(_("filters: %ld of %ld; Esc stops"), (long)done,
				   (long)total)
			 : g_strdup(_("filters: a program runs; Esc stops"));
}

static bool going(int64_t done, int64_t total, void *data)
{
	struct run *r = data;
	gint64 now = g_get_monotonic_time() / 1000;
	if (now - r->told >= TELL_EVERY) {
		r->told = now;
		g_mutex_lock(&r->lock);
		g_free(r->progress);
		r->progress = progress_text(done, total);
		g_mutex_unlock(&r->lock);
		room_tell(r->room, show_progress, r);
	}
	return !g_atomic_int_get(&r->sorter->stop) && !room_stopped(r->room);
}

/* --- what filters tell ----------------------------------------------------------- */

static void on_notify(const struct filter_rule *rule, const struct message_row *row, void *data)
{
	struct run *r = data;
	g_free(r->notice);
	r->notices++;
	r->notice = g_strdup_printf("%s: %s: %s", rule->name,
		*row->from_name ? row->from_name : row->from, row->subject);
}

static void on_failed(
	const struct filter_rule *rule, const struct message_row *row, const char *why, void *data)
{
	struct run *r = data;
	g_free(r->failure);
	r->failure = g_strdup_printf(
		_("the filter '%s' failed with \"%s\": %s; the letter stays in %s"), rule->name,
		row->subject, why, folder_title(row->folder));
}

static void on_would(const struct filter_rule *rule, const struct message_row *row, void *data)
{
	struct run *r = data;
	g_autofree char *line = g_strdup_printf("%s  %s: %s", rule->name,
		*row->from_name ? row->from_name : row->from, row->subject);
	g_autofree char *shown = sanitize_line(line, -1);
	if (r->notices++ < SHOWN)
		g_string_append_printf(r->would, "%s\n", shown);
}

/* --- the job --------------------------------------------------------------------- */

static void run_due(struct run *r, struct store *s, struct filter_ops *ops)
{
	struct dotfile *d = ui_dotfile(r->sorter->ui);
	/* Another process that runs them now does it for all. */
	if (filter_is_due(s) && !filters_run_due(d, s, ops, &r->result, &r->error) &&
		g_error_matches(r->error, STORE_ERROR, STORE_ERROR_BUSY))
		g_clear_error(&r->error);
}

static void run_found(struct run *r, struct store *s, struct filter_ops *ops)
{
	char *names[] = {r->name, NULL};
	struct index *ix = room_index(r->room, &r->error);
	g_autoptr(GArray) ids = ix ? index_ids(ix, NULL, r->query, &r->error) : NULL;
	const struct filters_choice choice = {r->name ? names : NULL, ids};
	if (ids)
		filters_run(ui_dotfile(r->sorter->ui), s, &choice, ops, &r->result, &r->error);
}

static void run_run(struct room *room, void *data)
{
	struct run *r = data;
	struct filter_ops ops = {.notify = on_notify, .failed = on_failed, .would = on_would,
		.dry_run = r->dry, .data = r};
	struct store *s = room_store(room, &r->error);
	if (!s)
		return;
	r->room = room;
	r->told = g_get_monotonic_time() / 1000;
	store_watch(s, &(struct store_watch){going, r});
	if (r->query)
		run_found(r, s, &ops);
	else
		run_due(r, s, &ops);
	store_watch(s, NULL);
}

static void show_would(struct run *r)
{
	int n = (int)r->result.letters;
	g_autofree char *count =
		g_strdup_printf(P_("%d letter would be filtered, nothing was changed",
					"%d letters would be filtered, nothing was changed", n),
			n);
	if (n == 0) {
		ui_say(r->sorter->ui, "%s", count);
		return;
	}
	view_text_open(r->sorter->ui, g_strdup(count), g_strdup(r->would->str));
}

static void tell_notice(struct run *r)
{
	struct ui *ui = r->sorter->ui;
	if (r->notices > 1)
		ui_say(ui, P_("%s; and %u more", "%s; and %u more", r->notices - 1), r->notice,
			r->notices - 1);
	else
		ui_say(ui, "%s", r->notice);
}

static void tell(struct run *r)
{
	struct ui *ui = r->sorter->ui;
	int n = (int)r->result.letters;
	if (r->error && !g_error_matches(r->error, STORE_ERROR, STORE_ERROR_CANCELLED))
		ui_complain(ui, "%s", r->error->message);
	else if (r->failure)
		ui_complain(ui, "%s", r->failure);
	else if (r->error)
		ui_say(ui, _("stopped; what was not filtered waits for the next time"));
	else if (r->dry)
		show_would(r);
	else if (r->notice)
		tell_notice(r);
	else if (r->query)
		ui_say(ui, P_("%d letter filtered", "%d letters filtered", n), n);
}

static void run_done(void *data)
{
	struct run *r = data;
	struct sorter *s = r->sorter;
	ui_progress(s->ui, "filter", NULL);
	tell(r);
	if (r->result.letters > 0 && !r->dry)
		ui_store_changed(s->ui);
	if (r->query)
		return;
	s->running = false;
	if (s->again)
		sorter_want(s);
	/* What filters have left is news now; another process that runs them is waited for
	 * until the next sync. */
	else if (ui_store(s->ui) && !filter_is_due(ui_store(s->ui)))
		syncer_want(ui_syncer(s->ui), FOLDER_INBOX);
}

static void run_free(void *data)
{
	struct run *r = data;
	g_clear_error(&r->error);
	g_mutex_clear(&r->lock);
	g_string_free(r->would, TRUE);
	g_free(r->progress);
	g_free(r->name);
	g_free(r->query);
	g_free(r->notice);
	g_free(r->failure);
	g_free(r);
}

static const struct job run_job = {run_run, run_done, run_free};

static void push(struct sorter *s, const char *name, const char *query, bool dry)
{
	struct run *r = g_new0(struct run, 1);
	r->sorter = s;
	r->name = g_strdup(name);
	r->query = g_strdup(query);
	r->dry = dry;
	r->would = g_string_new(NULL);
	g_mutex_init(&r->lock);
	worker_push(ui_worker(s->ui, UI_WORKER_FILTERS), &run_job, r);
}

void sorter_run(struct sorter *s, const char *name, const char *query, bool dry)
{
	push(s, name, query, dry);
}

void sorter_want(struct sorter *s)
{
	struct store *here = ui_store(s->ui);
	s->again = s->running;
	if (s->running || !here || !filter_is_due(here))
		return;
	s->running = true;
	push(s, NULL, NULL, false);
}

struct sorter *sorter_new(struct ui *ui)
{
	struct sorter *s = g_new0(struct sorter, 1);
	s->ui = ui;
	return s;
}

void sorter_stop(struct sorter *s)
{
	g_atomic_int_set(&s->stop, 1);
}

void sorter_free(struct sorter *s)
{
	g_free(s);
}
