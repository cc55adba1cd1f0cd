/* SPDX-License-Identifier: MIT
 *
 * Another charset for a letter: the text changes at once, the choice is kept for the
 * sender's letters of the same label, and the index follows. */
#include "base/base.h"

#include <string.h>

#include "store/again.h"
#include "store/choices.h"
#include "store/maildir.h"
#include "ui/command.h"
#include "ui/letters.h"
#include "ui/view-message.h"

enum { TOGETHER = 20 /* letters, between two looks at the screen */ };

/* --- the choice and the index, on threads ------------------------------------------ */

struct keeping {
	struct view *view; /* from where it was asked for */
	int64_t id, now;   /* of the letter, before and after; 0: nothing became of it */
	char *base;
	struct mime_choice choice; /* charset NULL: none any more */
	GArray *others;    /* of int64_t */
	guint at;          /* others looked at */
	GError *error;
};

static void keeping_free(void *data)
{
	struct keeping *k = data;
	view_unref(k->view);
	g_clear_pointer(&k->others, g_array_unref);
	g_clear_error(&k->error);
	g_free(k->base);
	g_free(k->choice.sender);
	g_free(k->choice.declared);
	g_free(k->choice.charset);
	g_free(k);
}

static int64_t read_again(struct room *room, int64_t id, GError **error)
{
	struct index *ix = room_index(room, error);
	g_autoptr(message_row) row = ix ? index_message(ix, id, error) : NULL;
	int64_t now = 0;
	bool read = row && again_read(
				   room_store(room, NULL), room_mime(room), row, NULL, &now, error);
	return read ? now : 0;
}

/* Whether another choice was made meanwhile. */
static bool is_overtaken(struct store *s, const struct mime_choice *choice)
{
	g_autofree char *now = choices_of(s, choice->sender, choice->declared);
	return g_strcmp0(now, choice->charset) != 0;
}

static void others_run(struct room *room, void *data)
{
	struct keeping *k = data;
	struct store *s = room_store(room, &k->error);
	for (guint n = 0; s && k->at < k->others->len && n < TOGETHER && !k->error; n++, k->at++) {
		if (room_stopped(room) || is_overtaken(s, &k->choice)) {
			k->at = k->others->len;
			return;
		}
		read_again(room, g_array_index(k->others, int64_t, k->at), &k->error);
	}
}

static void push_others(struct keeping *k);

static void others_done(void *data)
{
	struct keeping *k = data;
	struct ui *ui = k->view->ui;
	ui_store_changed(ui);
	if (k->error)
		ui_complain(ui, "%s", k->error->message);
	else if (k->at < k->others->len)
		push_others(k);
}

static const struct job others_job = {others_run, others_done, keeping_free};

/* The rest goes on in a job of its own, so that others come between. */
static void push_others(struct keeping *k)
{
	struct keeping *rest = g_memdup2(k, sizeof *k);
	struct ui *ui = k->view->ui;
	memset(k, 0, sizeof *k);
	k->view = view_ref(rest->view);
	worker_push(ui_worker(ui, UI_WORKER_TALLY), &others_job, rest);
}

static void keep_run(struct room *room, void *data)
{
	struct keeping *k = data;
	struct store *s = room_store(room, &k->error);
	if (!s || !choices_keep(s, &k->choice, &k->error))
		return;
	k->now = read_again(room, k->id, &k->error);
	if (!k->error)
		k->others = choices_letters(s, k->choice.sender, &k->error);
	for (guint i = 0; k->others && i < k->others->len; i++)
		if (g_array_index(k->others, int64_t, i) == k->now)
			g_array_remove_index(k->others, i--);
}

static void tell(struct ui *ui, const struct keeping *k)
{
	guint n = k->others ? k->others->len : 0;
	g_autofree char *more = n == 0 ? NULL
		: g_strdup_printf(P_("%u other is looked at", "%u others are looked at", n), n);
	g_autofree char *what = k->choice.charset
		? g_strdup_printf(_("letters of %s are read as %s from now on"), k->choice.sender,
			  k->choice.charset)
		: g_strdup_printf(_("letters of %s are read as they say again"), k->choice.sender);
	ui_say(ui, "%s%s%s", what, more ? "; " : "", more ? more : "");
}

/* Not before the choice is forgotten, or it would be read by it. */
static void show_as_it_says(struct ui *ui, int64_t id)
{
	struct index *ix = ui_index(ui);
	g_autoptr(message_row) row = ix ? index_message(ix, id, NULL) : NULL;
	if (row)
		letters_reread(ui_letters(ui), row, NULL);
}

static void keep_done(void *data)
{
	struct keeping *k = data;
	struct ui *ui = k->view->ui;
	if (k->error) {
		ui_complain(ui, "%s", k->error->message);
		return;
	}
	if (k->now && k->now != k->id)
		view_message_renumber(k->view, k->id, k->now, k->base);
	if (!k->choice.charset)
		show_as_it_says(ui, k->now ? k->now : k->id);
	tell(ui, k);
	ui_store_changed(ui);
	if (k->others && k->others->len > 0)
		push_others(k);
}

static const struct job keep_job = {keep_run, keep_done, keeping_free};

static void keep(struct ui *ui, const struct message_row *row, const struct mime_message *mime,
	const char *charset)
{
	struct keeping *k = g_new0(struct keeping, 1);
	k->view = view_ref(ui_top(ui));
	k->id = row->id;
	k->base = g_strndup(row->file, maildir_base_length(row->file));
	k->choice = (struct mime_choice){
		g_utf8_strdown(row->from, -1), g_strdup(mime->declared), g_strdup(charset)};
	worker_push(ui_worker(ui, UI_WORKER_ACTIONS), &keep_job, k);
}

/* --- the command ----------------------------------------------------------------------- */

/* The one behind that in which the text is shown; NULL: the first, which is what is
 * taken without a choice. */
static const char *next_candidate(const struct mime_message *m)
{
	const GPtrArray *names = m->candidates;
	bool first_is_own = !*m->mended;
	guint i = 0;
	while (i < names->len && strcmp(names->pdata[i], m->charset) != 0)
		i++;
	if (!m->chosen)
		i = first_is_own ? 1 : 0;
	else
		i++;
	return i < names->len ? names->pdata[i] : NULL;
}

/* A choice for text that is plainly UTF-8 is not for the sender: the next letter is. */
static bool is_for_sender(const struct message_row *row, const struct mime_message *m)
{
	return *row->from && !row->partial && m->candidates->len > 0 &&
		strcmp(m->candidates->pdata[0], "utf-8") != 0;
}

static const char *known(const char *name)
{
	for (guint i = 0; mime_charset_name(i); i++)
		if (g_ascii_strcasecmp(mime_charset_name(i), name) == 0)
			return mime_charset_name(i);
	return NULL;
}

static void apply(struct ui *ui, const struct message_row *row, const struct mime_message *m,
	const char *charset)
{
	g_autofree char *own = g_strdup(charset);
	if (is_for_sender(row, m)) {
		keep(ui, row, m, own);
		if (!own)
			return;
	} else if (own) {
		ui_say(ui, _("this letter is read as %s"), own);
	} else {
		ui_say(ui, _("this letter is read as it says again"));
	}
	letters_reread(ui_letters(ui), row, own);
}

void command_charset(struct ui *ui, const char *arg)
{
	g_autoptr(message_row) row = message_at_hand(ui);
	const struct letter *letter = row ? letters_get(ui_letters(ui), row) : NULL;
	if (!letter)
		return;
	if (!letter->mime) {
		ui_say(ui, letter->ready ? _("this message could not be read") : _("reading…"));
		return;
	}
	bool automatic = arg && strcmp(arg, "auto") == 0;
	if (arg && !automatic && !known(arg)) {
		ui_complain(ui, _("unknown charset '%s'; Tab shows those that are known"), arg);
		return;
	}
	if (!arg && letter->mime->candidates->len == 0) {
		ui_say(ui, _("this text is plain ASCII: it reads the same in all charsets"));
		return;
	}
	apply(ui, row, letter->mime,
		automatic ? NULL : arg ? known(arg) : next_candidate(letter->mime));
}

GPtrArray *prompt_complete_charset(struct ui *ui, const char *text)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	const char *name;
	if (g_str_has_prefix("auto", text))
		g_ptr_array_add(found, g_strdup("auto"));
	for (guint i = 0; (name = mime_charset_name(i)) != NULL; i++)
		if (g_ascii_strncasecmp(name, text, strlen(text)) == 0)
			g_ptr_array_add(found, g_strdup(name));
	return found;
}
