/* SPDX-License-Identifier: MIT
 *
 * The commands that act on messages: the one under the cursor, or the marked
 * ones. */
#include "base/base.h"

#include <string.h>

#include "store/index-tags.h"
#include "ui/act.h"
#include "ui/command.h"
#include "ui/rest.h"
#include "ui/ui.h"
#include "ui/view-list.h"

GArray *command_targets(struct ui *ui)
{
	struct view *v = ui_top(ui);
	g_autoptr(GArray) ids = v->ops->targets ? v->ops->targets(v) : NULL;
	if (ids && ids->len > 0)
		return g_steal_pointer(&ids);
	ui_complain(ui, ui_is_to_marked(ui) ? _("no message is marked")
					    : _("there is no message here"));
	return NULL;
}

static void act_on(struct ui *ui, const struct act *a, const GArray *ids)
{
	struct act act = *a;
	bool gone = a->kind == ACT_MOVE || a->kind == ACT_DELETE || a->kind == ACT_UNDELETE;
	act.ids = ids;
	act_run(ui, &act);
	struct view *v = ui_top(ui);
	if (v->ops->acted)
		v->ops->acted(v, ids, gone);
}

/* A question about messages that were chosen before it was asked. */
struct asked {
	struct act act;
	GArray *ids;
	GArray *partial; /* of those in Trash; NULL: not asked for */
	char *folder;
};

static void asked_free(void *data)
{
	struct asked *a = data;
	g_array_unref(a->ids);
	if (a->partial)
		g_array_unref(a->partial);
	g_free(a->folder);
	g_free(a);
}

static struct asked *asked_new(enum act_kind kind, GArray *ids)
{
	struct asked *a = g_new0(struct asked, 1);
	a->act.kind = kind;
	a->ids = ids;
	return a;
}

static void act_now(struct ui *ui, void *data)
{
	struct asked *a = data;
	a->act.folder = a->folder;
	act_on(ui, &a->act, a->ids);
}

static void act_on_server(struct ui *ui, void *data)
{
	struct asked *a = data;
	a->act.on_server = true;
	act_now(ui, a);
}

static void ask_yes(struct ui *ui, const char *text, struct asked *a)
{
	prompt_ask(ui, &(struct question){
			       .text = text, .yes = act_now, .data = a, .free = asked_free});
}

/* What is known of the messages that a command is about, before it asks; many are
 * looked at on a thread. */
struct weighing {
	struct ui *ui;
	GArray *ids;
	struct index_looked looked;
	void (*then)(struct ui *ui, GArray *ids, const struct index_looked *looked);
	GError *error;
};

enum { LOOK_AT_ONCE = 50 };

static void look_run(struct room *room, void *data)
{
	struct weighing *k = data;
	struct index *ix = room_index(room, &k->error);
	if (ix)
		index_look(ix, k->ids, &k->looked, &k->error);
}

static void look_done(void *data)
{
	struct weighing *k = data;
	if (k->error)
		ui_complain(k->ui, "%s", k->error->message);
	else
		k->then(k->ui, k->ids, &k->looked);
}

static void look_free(void *data)
{
	struct weighing *k = data;
	index_looked_clear(&k->looked);
	g_clear_error(&k->error);
	g_array_unref(k->ids);
	g_free(k);
}

static const struct job look_job = {look_run, look_done, look_free};

static void look_at(struct ui *ui, GArray *ids,
	void (*then)(struct ui *ui, GArray *ids, const struct index_looked *looked))
{
	struct weighing *k = g_new0(struct weighing, 1);
	*k = (struct weighing){.ui = ui, .ids = g_array_ref(ids), .then = then};
	if (ids->len > LOOK_AT_ONCE) {
		worker_push(ui_worker(ui, UI_WORKER_TALLY), &look_job, k);
		return;
	}
	struct index *ix = ui_index(ui);
	if (ix && index_look(ix, ids, &k->looked, &k->error))
		then(ui, ids, &k->looked);
	else if (k->error)
		ui_complain(ui, "%s", k->error->message);
	look_free(k);
}

/* Of those that are removed for good, previews whose letters are still on a
 * server. */
static guint count_left(struct ui *ui, const GArray *partial)
{
	struct index *ix = ui_index(ui);
	guint n = 0;
	for (guint i = 0; ix && i < partial->len; i++) {
		g_autoptr(message_row) row =
			index_message(ix, g_array_index(partial, int64_t, i), NULL);
		if (!row)
			continue;
		g_auto(rest_place) place = rest_look(ui_store(ui), ui_dotfile(ui), row);
		n += place.row != 0 && place.state != REST_GONE;
	}
	return n;
}

/* Nothing is deleted on a server unseen without a yes to that very question. */
static void delete_for_good(struct ui *ui, void *data)
{
	struct asked *a = data;
	guint left = count_left(ui, a->partial);
	if (left == 0) {
		act_now(ui, a);
		return;
	}
	struct asked *next = asked_new(ACT_DELETE, g_array_ref(a->ids));
	next->act.for_good = true;
	g_autofree char *question = g_strdup_printf(
		P_("%u letter is still on the server. Delete it there too, unseen?",
			"%u letters are still on the server. Delete them there too, unseen?",
			left),
		left);
	prompt_ask(ui, &(struct question){.text = question, .yes = act_on_server,
			       .no = act_now, .data = next, .free = asked_free});
}

static void delete_looked(struct ui *ui, GArray *ids, const struct index_looked *looked)
{
	if (looked->in_trash == 0) {
		act_on(ui, &(struct act){.kind = ACT_DELETE}, ids);
		return;
	}
	g_autofree char *question = g_strdup_printf(
		P_("Delete %u message for good?", "Delete %u messages for good?", ids->len),
		ids->len);
	struct asked *a = asked_new(ACT_DELETE, g_array_ref(ids));
	a->act.for_good = true;
	a->partial = g_array_ref(looked->partial);
	prompt_ask(ui, &(struct question){.text = question, .yes = delete_for_good, .data = a,
			       .free = asked_free});
}

void command_delete(struct ui *ui, const char *arg)
{
	g_autoptr(GArray) ids = command_targets(ui);
	if (ids)
		look_at(ui, ids, delete_looked);
}

static void undelete_looked(struct ui *ui, GArray *ids, const struct index_looked *looked)
{
	if (looked->in_trash == 0)
		ui_complain(ui, _("only what lies in Trash can be undeleted; "
				  "'undo' takes the last change back"));
	else
		act_on(ui, &(struct act){.kind = ACT_UNDELETE}, ids);
}

void command_undelete(struct ui *ui, const char *arg)
{
	g_autoptr(GArray) ids = command_targets(ui);
	if (ids)
		look_at(ui, ids, undelete_looked);
}

static bool folder_exists(struct ui *ui, const char *folder)
{
	g_autofree char *path = store_folder_path(ui_store(ui), folder, NULL);
	return path && g_file_test(path, G_FILE_TEST_IS_DIR);
}

static void to_folder(struct ui *ui, struct asked *a, const char *folder)
{
	g_autoptr(GError) error = NULL;
	folder = store_folder_meant(ui_store(ui), folder);
	g_autofree char *path = store_folder_path(ui_store(ui), folder, &error);
	if (!path) {
		ui_complain(ui, "%s", error->message);
		asked_free(a);
		return;
	}
	a->folder = g_strdup(folder);
	a->act.folder = a->folder;
	a->act.make_folder = !folder_exists(ui, folder);
	if (a->act.make_folder) {
		g_autofree char *question =
			g_strdup_printf(_("There is no folder '%s'. Make it?"), folder);
		ask_yes(ui, question, a);
		return;
	}
	act_on(ui, &a->act, a->ids);
	asked_free(a);
}

static void folder_typed(struct ui *ui, const char *text, void *data)
{
	struct asked *a = data;
	if (!text || !*text)
		return;
	struct asked *next = asked_new(a->act.kind, g_array_ref(a->ids));
	to_folder(ui, next, text);
}

/* ids is taken. */
static void move_or_copy(struct ui *ui, enum act_kind kind, GArray *ids, const char *folder)
{
	const char *label = kind == ACT_MOVE ? _("Move to folder: ") : _("Copy to folder: ");
	struct asked *a = asked_new(kind, ids);
	if (folder) {
		to_folder(ui, a, folder);
		return;
	}
	struct prompt_spec spec = {.label = label, .history = "folder", .data = a,
		.complete = prompt_complete_folder, .done = folder_typed, .free = asked_free};
	ui_prompt(ui, &spec);
}

void command_move(struct ui *ui, const char *arg)
{
	GArray *ids = command_targets(ui);
	if (ids)
		move_or_copy(ui, ACT_MOVE, ids, arg);
}

static void copy_whole(struct ui *ui, const struct message_row *row, void *data)
{
	g_autofree char *folder = data;
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_array_append_val(ids, row->id);
	if (row->partial)
		ui_complain(ui, _("a preview cannot be copied; it can be moved"));
	if (row->partial)
		g_array_unref(ids);
	else
		move_or_copy(ui, ACT_COPY, ids, folder);
}

/* Of several messages the action itself says which are not whole. */
void command_copy(struct ui *ui, const char *arg)
{
	g_autoptr(GArray) ids = command_targets(ui);
	struct index *ix = ids ? ui_index(ui) : NULL;
	g_autoptr(message_row) row =
		ix && ids->len == 1 ? index_message(ix, g_array_index(ids, int64_t, 0), NULL) : NULL;
	if (row && row->partial)
		rest_first(ui, row, false, &(struct rest_wish){copy_whole, g_strdup(arg), g_free});
	else if (ids)
		move_or_copy(ui, ACT_COPY, g_steal_pointer(&ids), arg);
}

static void toggle(struct ui *ui, unsigned flag)
{
	g_autoptr(GArray) ids = command_targets(ui);
	struct act a = {.kind = ACT_TOGGLE, .set = flag, .quiet = ids && ids->len == 1};
	if (ids)
		act_on(ui, &a, ids);
}

void command_flag(struct ui *ui, const char *arg)
{
	toggle(ui, FLAG_FLAGGED);
}

void command_toggle_new(struct ui *ui, const char *arg)
{
	toggle(ui, FLAG_SEEN);
}

/* --- tags ------------------------------------------------------------------------ */

/* The last word of text, its sign left alone, becomes one of the tags there are. */
static GPtrArray *complete_tag(struct ui *ui, const char *text)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	struct index *ix = ui_index(ui);
	g_autoptr(GPtrArray) tags = ix ? index_tags(ix, NULL) : NULL;
	const char *blank = strrchr(text, ' '), *word = blank ? blank + 1 : text;
	word += *word == '+' || *word == '-';
	g_autofree char *before = g_strndup(text, (gsize)(word - text));
	for (guint i = 0; tags && i < tags->len; i++)
		if (g_str_has_prefix(tags->pdata[i], word))
			g_ptr_array_add(found, g_strconcat(before, tags->pdata[i], NULL));
	return found;
}

static char *wrong_tags(const char *text, const void *data)
{
	g_autoptr(GError) error = NULL;
	g_auto(tag_change) change = {0};
	return tag_change_parse(text, &change, &error) ? NULL : g_strdup(error->message);
}

static void tags_typed(struct ui *ui, const char *text, void *data)
{
	GArray *ids = data;
	if (text && *text)
		act_on(ui, &(struct act){.kind = ACT_TAG, .tags = text}, ids);
}

static void unref_ids(void *ids)
{
	g_array_unref(ids);
}

void command_tag(struct ui *ui, const char *arg)
{
	GArray *ids = command_targets(ui);
	struct prompt_spec spec = {.label = _("Tags (+add -remove): "), .history = "tag",
		.complete = complete_tag, .wrong = wrong_tags, .done = tags_typed, .data = ids,
		.free = unref_ids};
	if (ids)
		prompt_unless(ui, arg, &spec);
}

/* --- spam ------------------------------------------------------------------------ */

static void teach(struct ui *ui, enum act_kind kind)
{
	g_autoptr(GArray) ids = command_targets(ui);
	if (ids)
		act_on(ui, &(struct act){.kind = kind}, ids);
}

void command_spam(struct ui *ui, const char *arg)
{
	teach(ui, ACT_SPAM);
}

void command_ham(struct ui *ui, const char *arg)
{
	teach(ui, ACT_HAM);
}

/* --- threads --------------------------------------------------------------------- */

void command_split_thread(struct ui *ui, const char *arg)
{
	g_autoptr(GArray) ids = command_targets(ui);
	if (ids)
		act_on(ui, &(struct act){.kind = ACT_SPLIT}, ids);
}

/* As in mutt: the marked ones go to that under the cursor, without a key before. */
void command_join_threads(struct ui *ui, const char *arg)
{
	struct view *v = ui_top(ui);
	const struct message_row *row = view_list_current(v);
	g_autoptr(GArray) ids = view_list_marked(v);
	if (!row)
		ui_complain(ui, _("there is no message here"));
	else if (ids->len == 0)
		ui_complain(ui, _("mark what is to hang below this message first: press t on it"));
	else
		act_on(ui, &(struct act){.kind = ACT_JOIN, .parent = row->id}, ids);
}

void command_apply_to_marked(struct ui *ui, const char *arg)
{
	ui_to_marked(ui);
}
