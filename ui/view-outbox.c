/* SPDX-License-Identifier: MIT
 *
 * The outbox: each letter with its recipients, their states and the server's
 * words, and what can be done about them. */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "base/size.h"
#include "base/width.h"
#include "store/when.h"
#include "ui/keymap.h"
#include "ui/view-outbox.h"

struct outbox_view {
	struct view view;
	GPtrArray *items;
	GArray *lines; /* of struct outbox_line: items and below each its recipients */
	guint cursor, top;
};

static struct outbox_view *as_outbox(struct view *v)
{
	return (struct outbox_view *)v;
}

static const struct outbox_line *line_at(const struct outbox_view *o, guint n)
{
	return n < o->lines->len ? &g_array_index(o->lines, struct outbox_line, n) : NULL;
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
		struct outbox_line l = {o->items->pdata[i], NULL};
		g_array_append_val(o->lines, l);
		for (guint n = 0; n < l.item->recipients->len; n++) {
			struct outbox_line r = {l.item, l.item->recipients->pdata[n]};
			g_array_append_val(o->lines, r);
		}
	}
	if (o->cursor >= o->lines->len)
		o->cursor = o->lines->len > 0 ? o->lines->len - 1 : 0;
}

static char *outbox_title(struct view *v)
{
	const GPtrArray *items = as_outbox(v)->items;
	guint n = items ? items->len : 0;
	return g_strdup_printf(P_("Outbox: %u letter", "Outbox: %u letters", n), n);
}

/* "again 12:30, attempt 3: what was wrong" */
static char *next_attempt(const struct outbox_item *i)
{
	g_autofree char *when = i->due > clock_now() ? when_text(i->due) : NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_string_printf(out, P_("tried %d time", "tried %d times", i->attempts), i->attempts);
	if (when)
		g_string_append_printf(out, _(", again %s"), when);
	if (i->error)
		g_string_append_printf(out, ": %s", i->error);
	return g_strdup(out->str);
}

static char *waiting_for(const struct outbox_item *i)
{
	int64_t now = clock_now();
	int left = (int)CLAMP(i->undo_until - now, 0, G_MAXINT);
	bool leaves = i->undo_until >= i->send_at || (i->options & OUTBOX_SERVER_HOLDS);
	g_autofree char *when = NULL;
	if (left > 0 && leaves)
		return g_strdup_printf(
			P_("leaves in %d second", "leaves in %d seconds", left), left);
	if (i->attempts > 0)
		return next_attempt(i);
	if (i->send_at <= now)
		return g_strdup(i->error ? i->error : "");
	when = when_text(i->send_at);
	return g_strdup_printf(_("leaves %s"), when);
}

static char *ways_out(const struct outbox_view *o)
{
	const struct keymap *keys = ui_keymap(o->view.ui);
	g_autofree char *again = keymap_short_key(keys, CONTEXT_OUTBOX, "release");
	g_autofree char *sent = keymap_short_key(keys, CONTEXT_OUTBOX, "treat-as-sent");
	return g_strdup_printf(_("%s: send it again, %s: take it as sent"),
		again ? again : ":release", sent ? sent : ":treat-as-sent");
}

/* Its server refused the log-in, or the like: nothing more is tried unasked. */
static bool needs_person(const struct outbox_item *i)
{
	return i->state == OUTBOX_QUEUED && i->due == 0 && i->undo_until <= clock_now();
}

static const char *state_word(const struct outbox_item *i)
{
	/* TRANSLATORS: a letter of the outbox that does not go before somebody asks for it */
	return needs_person(i) ? _("needs you") : outbox_state_text(i->state);
}

static char *wish(const struct outbox_view *o, const struct outbox_item *i)
{
	const struct keymap *keys = ui_keymap(o->view.ui);
	g_autofree char *again = keymap_short_key(keys, CONTEXT_OUTBOX, "release");
	/* TRANSLATORS: a key, and why nothing was sent */
	return g_strdup_printf(
		_("%s: send it; %s"), again ? again : ":release", i->error ? i->error : "");
}

/* What an item waits for. */
static char *detail(const struct outbox_view *o, const struct outbox_item *i)
{
	switch (i->state) {
	case OUTBOX_QUEUED:
		return needs_person(i) ? wish(o, i) : waiting_for(i);
	case OUTBOX_UNCERTAIN:
		return ways_out(o);
	default:
		return g_strdup(i->error ? i->error : "");
	}
}

/* "green@example.com: refused, 12:04, asked 2 times: 550 no such user" */
static char *recipient_line(const struct outbox_recipient *r)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_string_printf(out, "    %s: %s", r->address, recipient_state_text(r->state));
	if (r->heard > 0) {
		g_autofree char *when = clock_short(r->heard);
		g_string_append_printf(out, ", %s", when);
	}
	if (r->attempts > 1)
		g_string_append_printf(
			out, P_(", asked %d time", ", asked %d times", r->attempts), r->attempts);
	if (r->reply)
		g_string_append_printf(out, ": %s", r->reply);
	return g_strdup(out->str);
}

static char *line_text(const struct outbox_view *o, const struct outbox_line *l)
{
	const struct outbox_item *i = l->item;
	if (l->recipient)
		return recipient_line(l->recipient);
	g_autofree char *more = detail(o, i);
	return g_strdup_printf("%s  [%s]%s%s", *i->subject ? i->subject : _("(no subject)"),
		state_word(i), *more ? "  " : "", more);
}

static enum theme line_theme(const struct outbox_line *l)
{
	if (!l->recipient && (l->item->state == OUTBOX_UNCERTAIN || needs_person(l->item)))
		return THEME_WARNING;
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
		pane_put_cut(
			p, p->rows / 2, 2, p->cols - 4, _("nothing waits to be sent"), THEME_HINT);
	for (int y = 0; y < p->rows && o->top + y < o->lines->len; y++) {
		const struct outbox_line *l = line_at(o, o->top + y);
		g_autofree char *text = line_text(o, l);
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

/* --- all that is known of a letter ----------------------------------------------------- */

static void put_field(GString *out, const char *name, char *value)
{
	if (value && *value)
		g_string_append_printf(out, "%s %s\n", name, value);
	g_free(value);
}

static char *moment(int64_t when)
{
	return when > 0 ? clock_long(when) : NULL;
}

static char *option_words(const struct outbox_item *i)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = {
		{OUTBOX_NOTIFY_SUCCESS, N_("report of delivery")},
		{OUTBOX_NOTIFY_FAILURE, N_("report of failure")},
		{OUTBOX_NOTIFY_DELAY, N_("report of delay")},
		{OUTBOX_NOTIFY_NEVER, N_("no report")},
		{OUTBOX_RETURN_FULL, N_("the whole letter with them")},
		{OUTBOX_RETURN_HEADERS, N_("its header alone with them")},
		{OUTBOX_REQUIRE_TLS, N_("TLS all the way")},
		{OUTBOX_SERVER_HOLDS, N_("the server waits for the time")},
	};
	GString *out = g_string_new(NULL);
	for (size_t n = 0; n < G_N_ELEMENTS(words); n++)
		if (i->options & words[n].bit)
			g_string_append_printf(out, "%s%s", out->len ? ", " : "", _(words[n].word));
	return g_string_free(out, FALSE);
}

static void put_item(const struct outbox_view *o, GString *out, const struct outbox_item *i)
{
	g_autofree char *more = detail(o, i);
	put_field(out, _("Subject:"), g_strdup(*i->subject ? i->subject : _("(no subject)")));
	put_field(out, _("State:"),
		g_strdup_printf("%s%s%s", state_word(i), *more ? ": " : "", more));
	put_field(out, _("Account:"), g_strdup(i->account));
	put_field(out, _("Sender:"), g_strdup_printf("<%s>", i->sender));
	put_field(out, _("Size:"), size_text(i->size));
	put_field(out, _("Queued:"), moment(i->queued));
	put_field(out, _("Leaves:"), moment(i->send_at));
	put_field(out, _("First attempt:"), moment(i->first_attempt));
	put_field(out, _("Attempts:"), i->attempts ? g_strdup_printf("%d", i->attempts) : NULL);
	if (i->state == OUTBOX_QUEUED && i->attempts > 0)
		put_field(out, _("Next attempt:"), moment(i->due));
	put_field(out, _("Last error:"), g_strdup(i->error));
	put_field(out, _("Asked for:"), option_words(i));
	put_field(out, "Message-ID:", g_strdup_printf("<%s>", i->message_id));
}

static void outbox_open(struct view *v)
{
	struct outbox_view *o = as_outbox(v);
	const struct outbox_line *l = line_at(o, o->cursor);
	if (!l)
		return;
	GString *out = g_string_new(NULL);
	put_item(o, out, l->item);
	g_string_append_c(out, '\n');
	for (guint n = 0; n < l->item->recipients->len; n++) {
		g_autofree char *text = recipient_line(l->item->recipients->pdata[n]);
		g_string_append_printf(out, "%s\n", text + strspn(text, " "));
	}
	g_autofree char *clean = sanitize_body(out->str, -1);
	g_string_free(out, TRUE);
	view_text_open(v->ui, g_strdup(_("Outbox")), g_steal_pointer(&clean));
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
	o->lines = g_array_new(FALSE, FALSE, sizeof(struct outbox_line));
	load(o);
	ui_push(ui, &o->view);
}

const struct outbox_line *outbox_line_at_hand(struct ui *ui)
{
	const struct outbox_view *o = as_outbox(ui_top(ui));
	const struct outbox_line *l = line_at(o, o->cursor);
	if (!l)
		ui_complain(ui, _("the outbox is empty"));
	return l;
}
