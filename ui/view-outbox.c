/* SPDX-License-Identifier: MIT
 *
 * The outbox: each letter with its recipients, their states and the server's
 * words, and what can be done about them. */
#include "base/base.h"

#include <string.h>

#include "compose/address.h"
#include "store/outbox.h"
#include "ui/command.h"
#include "ui/courier.h"
#include "ui/width.h"

struct outbox_view {
	struct view view;
	GPtrArray *items;
	GArray *lines; /* of struct line: items and below each its recipients */
	guint cursor, top;
};

struct line {
	const struct outbox_item *item;
	const struct outbox_recipient *recipient; /* NULL: the item's own line */
};

static struct outbox_view *as_outbox(struct view *v)
{
	return (struct outbox_view *)v;
}

static const struct line *line_at(const struct outbox_view *o, guint n)
{
	return n < o->lines->len ? &g_array_index(o->lines, struct line, n) : NULL;
}

static void load(struct outbox_view *o)
{
	g_autoptr(GError) error = NULL;
	g_clear_pointer(&o->items, g_ptr_array_unref);
	g_array_set_size(o->lines, 0);
	o->items = outbox_list(ui_store(o->view.ui), false, &error);
	if (error)
		ui_complain(o->view.ui, "%s", error->message);
	for (guint i = 0; o->items && i < o->items->len; i++) {
		struct line l = {o->items->pdata[i], NULL};
		g_array_append_val(o->lines, l);
		for (guint n = 0; n < l.item->recipients->len; n++) {
			struct line r = {l.item, l.item->recipients->pdata[n]};
			g_array_append_val(o->lines, r);
		}
	}
	if (o->cursor >= o->lines->len)
		o->cursor = o->lines->len > 0 ? o->lines->len - 1 : 0;
}

static const char *state_text(enum outbox_state state)
{
	static const char *const texts[] = {
		[OUTBOX_HELD] = N_("held"),
		[OUTBOX_QUEUED] = N_("waiting"),
		[OUTBOX_SENDING] = N_("being sent"),
		[OUTBOX_DOT_PENDING] = N_("being sent"),
		[OUTBOX_UNCERTAIN] = N_("sent or not: unknown"),
		[OUTBOX_DONE] = N_("sent"),
	};
	return _(texts[state]);
}

static const char *recipient_text(enum recipient_state state)
{
	static const char *const texts[] = {
		[RECIPIENT_WAITING] = N_("waiting"),
		[RECIPIENT_ACCEPTED] = N_("accepted"),
		[RECIPIENT_SENT] = N_("sent"),
		[RECIPIENT_DEFERRED] = N_("later"),
		[RECIPIENT_FAILED] = N_("refused"),
		[RECIPIENT_GIVEN_UP] = N_("given up"),
	};
	return _(texts[state]);
}

static char *outbox_title(struct view *v)
{
	const GPtrArray *items = as_outbox(v)->items;
	guint n = items ? items->len : 0;
	return g_strdup_printf(P_("Outbox: %u letter", "Outbox: %u letters", n), n);
}

static char *line_text(const struct line *l)
{
	const struct outbox_item *i = l->item;
	const struct outbox_recipient *r = l->recipient;
	if (r)
		return g_strdup_printf("    %s: %s%s%s", r->address, recipient_text(r->state),
			r->reply ? "  " : "", r->reply ? r->reply : "");
	return g_strdup_printf("%s  [%s]%s%s", *i->subject ? i->subject : _("(no subject)"),
		state_text(i->state), i->error ? "  " : "", i->error ? i->error : "");
}

static enum theme line_theme(const struct line *l)
{
	if (!l->recipient)
		return THEME_SUBJECT;
	return l->recipient->state == RECIPIENT_FAILED ? THEME_WARNING : THEME_NORMAL;
}

static void outbox_draw(struct view *v, const struct pane *p)
{
	struct outbox_view *o = as_outbox(v);
	guint rows = MAX(p->rows, 1);
	o->top = MIN(o->top, o->cursor);
	if (o->cursor >= o->top + rows)
		o->top = o->cursor - rows + 1;
	if (o->lines->len == 0)
		pane_put_cut(p, p->rows / 2, 2, p->cols - 4, _("nothing waits to be sent"),
			THEME_HINT);
	for (int y = 0; y < p->rows && o->top + y < o->lines->len; y++) {
		const struct line *l = line_at(o, o->top + y);
		g_autofree char *text = line_text(l);
		bool cursor = o->top + y == o->cursor;
		pane_put_cut(p, y, 1, p->cols - 1, text, line_theme(l));
		if (cursor)
			pane_paint(p, y, 0, p->cols, THEME_CURSOR);
	}
}

static void outbox_move(struct view *v, enum movement m)
{
	struct outbox_view *o = as_outbox(v);
	o->cursor = (guint)view_moved(v, m, o->cursor, o->lines->len);
}

/* The whole of a line that is too long for the screen. */
static void outbox_open(struct view *v)
{
	const struct line *l = line_at(as_outbox(v), as_outbox(v)->cursor);
	if (!l)
		return;
	GString *out = g_string_new(NULL);
	struct line own = {l->item, NULL};
	g_autofree char *first = line_text(&own);
	g_string_append_printf(out, "%s\n\n", first);
	for (guint n = 0; n < l->item->recipients->len; n++) {
		struct line r = {l->item, l->item->recipients->pdata[n]};
		g_autofree char *text = line_text(&r);
		g_string_append_printf(out, "%s\n", text);
	}
	view_text_open(v->ui, g_strdup(_("Outbox")), g_string_free(out, FALSE));
}

static void outbox_refresh(struct view *v)
{
	load(as_outbox(v));
	view_changed(v);
}

static void outbox_free(struct view *v)
{
	struct outbox_view *o = as_outbox(v);
	g_clear_pointer(&o->items, g_ptr_array_unref);
	g_array_unref(o->lines);
}

static const struct view_ops outbox_ops = {
	.context = CONTEXT_OUTBOX,
	.bar = true,
	.title = outbox_title,
	.draw = outbox_draw,
	.move = outbox_move,
	.open = outbox_open,
	.refresh = outbox_refresh,
	.free = outbox_free,
};

void view_outbox_open(struct ui *ui)
{
	struct outbox_view *o;
	if (ui_top(ui)->ops == &outbox_ops)
		return;
	o = g_new0(struct outbox_view, 1);
	view_init(&o->view, &outbox_ops, ui);
	o->lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	load(o);
	ui_push(ui, &o->view);
}

/* --- changes, on the actions thread ---------------------------------------------------- */

enum change_kind {
	CHANGE_CORRECT,
	CHANGE_GIVE_UP,
	CHANGE_RELEASE,
	CHANGE_HOLD,
	CHANGE_DROP,
	CHANGE_TREAT_AS_SENT,
};

struct change {
	struct ui *ui;
	enum change_kind kind;
	int64_t item, recipient;
	char *account, *text;
	GError *error;
};

static void change_run(struct room *room, void *data)
{
	struct change *c = data;
	struct store *s = room_store(room, &c->error);
	if (!s)
		return;
	switch (c->kind) {
	case CHANGE_CORRECT:
		outbox_correct(s, c->recipient, c->text, &c->error);
		break;
	case CHANGE_GIVE_UP:
		outbox_give_up(s, c->recipient, &c->error);
		break;
	case CHANGE_RELEASE:
		outbox_release(s, c->item, &c->error);
		break;
	case CHANGE_HOLD:
		outbox_hold(s, c->item, &c->error);
		break;
	case CHANGE_DROP:
		outbox_drop(s, c->item, &c->error);
		break;
	case CHANGE_TREAT_AS_SENT:
		outbox_treat_as_sent(s, c->item, c->text, &c->error);
		break;
	}
}

static void change_done(void *data)
{
	struct change *c = data;
	ui_store_changed(c->ui);
	if (c->error) {
		ui_complain(c->ui, "%s", c->error->message);
		return;
	}
	courier_watch(ui_courier(c->ui), c->item);
	if (c->kind == CHANGE_CORRECT || c->kind == CHANGE_RELEASE || c->kind == CHANGE_GIVE_UP)
		courier_send(ui_courier(c->ui), c->account);
}

static void change_free(void *data)
{
	struct change *c = data;
	g_clear_error(&c->error);
	g_free(c->account);
	g_free(c->text);
	g_free(c);
}

static const struct job change_job = {change_run, change_done, change_free};

static struct change *change_new(struct ui *ui, enum change_kind kind, const struct line *l)
{
	struct change *c = g_new0(struct change, 1);
	c->ui = ui;
	c->kind = kind;
	c->item = l->item->id;
	c->recipient = l->recipient ? l->recipient->id : 0;
	c->account = g_strdup(l->item->account);
	return c;
}

static void start(struct change *c)
{
	worker_push(ui_worker(c->ui, UI_WORKER_ACTIONS), &change_job, c);
}

static const struct line *at_hand(struct ui *ui)
{
	struct outbox_view *o = as_outbox(ui_top(ui));
	const struct line *l = line_at(o, o->cursor);
	if (!l)
		ui_complain(ui, _("the outbox is empty"));
	return l;
}

/* The refused recipient under the cursor, or else the first one of the letter. */
static bool refused_at_hand(struct ui *ui, struct line *out)
{
	const struct line *l = at_hand(ui);
	if (!l)
		return false;
	*out = *l;
	if (l->recipient && l->recipient->state == RECIPIENT_FAILED)
		return true;
	for (guint n = 0; n < l->item->recipients->len; n++) {
		out->recipient = l->item->recipients->pdata[n];
		if (out->recipient->state == RECIPIENT_FAILED)
			return true;
	}
	ui_complain(ui, _("no recipient of this letter was refused"));
	return false;
}

static void corrected(struct ui *ui, const char *text, void *data)
{
	struct change *asked = data;
	g_autoptr(GError) error = NULL;
	if (!text || !*text)
		return;
	if (!address_check(text, true, &error)) {
		ui_complain(ui, "%s", error->message);
		return;
	}
	struct change *c = g_new0(struct change, 1);
	*c = *asked;
	c->account = g_strdup(asked->account);
	c->text = g_strdup(text);
	start(c);
}

void command_correct(struct ui *ui, const char *arg)
{
	struct line l;
	if (!refused_at_hand(ui, &l))
		return;
	struct change *c = change_new(ui, CHANGE_CORRECT, &l);
	struct prompt_spec spec = {.label = _("Send to instead: "), .text = l.recipient->address,
		.history = "address", .done = corrected, .data = c, .free = change_free};
	if (!arg) {
		ui_prompt(ui, &spec);
		return;
	}
	corrected(ui, arg, c);
	change_free(c);
}

void command_give_up(struct ui *ui, const char *arg)
{
	struct line l;
	if (refused_at_hand(ui, &l))
		start(change_new(ui, CHANGE_GIVE_UP, &l));
}

static void simple(struct ui *ui, enum change_kind kind)
{
	const struct line *l = at_hand(ui);
	if (l)
		start(change_new(ui, kind, l));
}

void command_release(struct ui *ui, const char *arg)
{
	simple(ui, CHANGE_RELEASE);
}

void command_hold(struct ui *ui, const char *arg)
{
	simple(ui, CHANGE_HOLD);
}

static void drop_now(struct ui *ui, void *data)
{
	const struct change *asked = data;
	struct change *c = g_new0(struct change, 1);
	*c = *asked;
	c->account = g_strdup(asked->account);
	start(c);
}

void command_drop(struct ui *ui, const char *arg)
{
	const struct line *l = at_hand(ui);
	if (l)
		prompt_ask(ui, &(struct question){.text = _("Throw this letter away, unsent?"),
				       .yes = drop_now, .data = change_new(ui, CHANGE_DROP, l),
				       .free = change_free});
}

void command_treat_as_sent(struct ui *ui, const char *arg)
{
	const struct line *l = at_hand(ui);
	if (!l)
		return;
	const struct account *a = dotfile_account_by_name(ui_dotfile(ui), l->item->account);
	struct change *c = change_new(ui, CHANGE_TREAT_AS_SENT, l);
	c->text = g_strdup(a ? a->sent : FOLDER_SENT);
	start(c);
}
