/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <unistd.h>

#include "base/fdio.h"
#include "base/sanitize.h"
#include "base/width.h"
#include "store/maildir.h"
#include "ui/act.h"
#include "ui/autocrypt.h"
#include "ui/command.h"
#include "ui/fate.h"
#include "ui/keymap.h"
#include "ui/letter-page.h"
#include "ui/pager.h"
#include "ui/pages.h"
#include "ui/parts.h"
#include "ui/rest.h"
#include "ui/view-list.h"
#include "ui/view-message.h"

enum { SOURCE_MAX = 16 * 1024 * 1024 };

/* A longer text is laid out in two turns, so that its beginning is on the screen within a
 * frame: a megabyte takes longer than that. */
enum { BEGINNING = 64 * 1024 };

struct message_view {
	struct view view;
	struct view *list;
	struct message_row *row;
	struct pager pager;
	bool full;   /* all headers */
	enum layout_fold fold;
	char *fate;  /* what became of it, if it is a letter that was sent */
	bool failed; /* it did not reach somebody */
	guint rest;  /* a source: what was left out is laid out in the next turn; 0: none */
	/* What the lines were made of: made again when one of these is another. */
	struct {
		int64_t id;
		int width;
		bool ready, text, full;
		guint version; /* of the letter */
		bool beginning; /* no more than that */
		enum layout_fold fold;
		bool stale; /* another fate */
	} laid;
};

static struct message_view *as_message(struct view *v)
{
	return (struct message_view *)v;
}

/* --- which message ---------------------------------------------------------------- */

/* And what is likely to be wanted next. */
static void read_it(struct message_view *m)
{
	const struct message_row *rows[3] = {m->row};
	guint n = 1;
	for (int down = 1; down >= 0; down--) {
		rows[n] = view_list_neighbour(m->list, down);
		n += rows[n] != NULL;
	}
	letters_show(ui_letters(m->view.ui), rows, n);
}

static void look_up_fate(struct message_view *m)
{
	struct store *s = ui_store(m->view.ui);
	g_autoptr(GPtrArray) fates = s ? fates_of(s, m->row->message_id) : NULL;
	g_autofree char *text = fates ? fates_text(fates) : g_strdup("");
	m->failed = fates && fates_failed(fates);
	if (g_strcmp0(text, m->fate) == 0)
		return;
	m->laid.stale = true;
	g_free(m->fate);
	m->fate = g_steal_pointer(&text);
}

static bool show_current(struct message_view *m)
{
	const struct message_row *row = view_list_current(m->list);
	struct index *ix = row ? ui_index(m->view.ui) : NULL;
	struct message_row *copy = ix ? index_message(ix, row->id, NULL) : NULL;
	if (!copy)
		return false;
	message_row_free(m->row);
	m->row = copy;
	pager_clear(&m->pager);
	look_up_fate(m);
	read_it(m);
	if (!(copy->flags & FLAG_SEEN))
		act_set_flags(m->view.ui, copy->id, FLAG_SEEN);
	view_changed(&m->view);
	return true;
}

static void step(struct message_view *m, bool down)
{
	if (view_list_step(m->list, down) && show_current(m))
		return;
	ui_say(m->view.ui, down ? _("this is the last message") : _("this is the first message"));
}

/* --- drawing ------------------------------------------------------------------------ */

static char *key_of(struct ui *ui, const char *command)
{
	char *key = keymap_short_key(ui_keymap(ui), CONTEXT_MESSAGE, command);
	return key ? key : g_strconcat(":", command, NULL);
}

static void lay_out_partial(struct message_view *m, GPtrArray *lines, int width)
{
	struct ui *ui = m->view.ui;
	g_autofree char *key = key_of(ui, "fetch-rest");
	g_autofree char *text = rest_text(ui_store(ui), ui_dotfile(ui), m->row, key);
	layout_text(lines, text, width, THEME_WARNING);
}

static void lay_out_left(
	struct message_view *m, const struct letter *letter, GPtrArray *lines, int width)
{
	g_autofree char *key = key_of(m->view.ui, "try-again");
	g_autofree char *text = g_strdup_printf(
		_("It was so each time, and is not read by itself any more. Press %s to try again."),
		key);
	if (letter->left)
		layout_text(lines, text, width, THEME_HINT);
}

static gboolean lay_out_rest(void *data)
{
	struct message_view *m = data;
	m->rest = 0;
	m->laid.beginning = false;
	m->laid.stale = true;
	ui_changed(m->view.ui);
	return G_SOURCE_REMOVE;
}

/* Up to the last end of a line, or of a character. */
static guint cut(const char *text, guint most)
{
	const char *lf = memrchr(text, '\n', most);
	const char *at = lf ? lf + 1 : g_utf8_find_prev_char(text, text + most);
	return at ? (guint)(at - text) : most;
}

/* The blocks of no more than the beginning, of m; they borrow what is in them.  NULL: it
 * has no more. */
static GPtrArray *beginning_of(const struct mime_message *m)
{
	g_autoptr(GPtrArray) blocks = g_ptr_array_new_with_free_func(g_free);
	guint left = BEGINNING;
	for (guint i = 0; i < m->blocks->len; i++) {
		const struct mime_block *b = m->blocks->pdata[i];
		struct mime_block *own = g_memdup2(b, sizeof *b);
		g_ptr_array_add(blocks, own);
		if (b->length > left) {
			own->length = cut(m->text + b->start, left);
			return g_steal_pointer(&blocks);
		}
		left -= b->length;
	}
	return NULL;
}

static void lay_out_page(
	struct message_view *m, GPtrArray *lines, struct letter_page *page, int width)
{
	bool known = m->laid.id == m->row->id && m->laid.text;
	g_autoptr(GPtrArray) blocks = known || !page->mime ? NULL : beginning_of(page->mime);
	struct mime_message first;
	m->laid.beginning = blocks != NULL;
	if (blocks) {
		first = *page->mime;
		first.blocks = blocks;
		page->mime = &first;
	}
	letter_page_layout(lines, page, width);
	if (blocks && m->rest == 0)
		m->rest = g_idle_add(lay_out_rest, m);
}

/* What is said in the place of a letter that is not there, or not all of it. */
static void lay_out_unread(
	struct message_view *m, const struct letter *letter, GPtrArray *lines, int width)
{
	layout_text(lines, "", width, THEME_NORMAL);
	if (!letter->ready) {
		layout_text(lines, letter->mime ? _("the rest is being read…") : _("reading…"),
			width, THEME_HINT);
		return;
	}
	g_autofree char *text = g_strdup_printf(
		_("This message could not be read: %s. Press e for its source."), letter->error);
	layout_text(lines, text, width, THEME_WARNING);
	lay_out_left(m, letter, lines, width);
}

static void lay_out(struct message_view *m, const struct letter *letter, int width)
{
	GPtrArray *lines = layout_new();
	g_autofree char *decrypt = key_of(m->view.ui, "decrypt");
	g_autofree char *resend = key_of(m->view.ui, "resend-failed");
	struct letter_page page = {m->row, letter->mime, letter->crypt, m->fate, m->failed,
		m->full, false, m->fold, decrypt, resend};
	if (m->row->partial)
		lay_out_partial(m, lines, width);
	lay_out_page(m, lines, &page, width);
	if (!letter->ready || !letter->mime)
		lay_out_unread(m, letter, lines, width);
	pager_set(&m->pager, lines, m->laid.id == m->row->id && m->laid.text);
}

static void message_draw(struct view *v, const struct pane *p)
{
	struct message_view *m = as_message(v);
	letters_set_columns(ui_letters(v->ui), p->cols);
	const struct letter *letter = letters_get(ui_letters(v->ui), m->row);
	g_autofree char *key = key_of(v->ui, "trust");
	struct pane below = trust_draw(p, letter->trust, key);
	m->pager.words = view_list_marks(m->list);
	m->pager.links = letter->mime ? letter->mime->links : NULL;
	if (!m->pager.lines || m->laid.id != m->row->id || m->laid.width != p->cols ||
		m->laid.ready != letter->ready || m->laid.version != letter->version ||
		m->laid.full != m->full || m->laid.fold != m->fold || m->laid.stale) {
		bool shown = m->laid.id == m->row->id && m->laid.ready;
		lay_out(m, letter, p->cols);
		if (letter->ready && letter->mime && !shown)
			autocrypt_seen(v->ui, m->row, letter->mime);
		m->laid.id = m->row->id;
		m->laid.width = p->cols;
		m->laid.ready = letter->ready;
		m->laid.text = letter->mime || letter->ready;
		m->laid.version = letter->version;
		m->laid.full = m->full;
		m->laid.fold = m->fold;
		m->laid.stale = false;
	}
	pager_draw(&m->pager, &below);
}

static char *message_title(struct view *v)
{
	const struct message_row *row = as_message(v)->row;
	return g_strdup_printf("%s: %s", folder_title(row->folder),
		*row->subject ? row->subject : _("(no subject)"));
}

static char *message_status(struct view *v)
{
	struct message_view *m = as_message(v);
	g_autofree char *place = pager_status(&m->pager);
	return g_strdup_printf("%s%s%s", m->row->flags & FLAG_FLAGGED ? "!  " : "",
		m->row->flags & FLAG_REPLIED ? "r  " : "", place);
}

static void message_move(struct view *v, enum movement movement)
{
	struct message_view *m = as_message(v);
	if (!pager_move(&m->pager, movement) && movement == MOVE_PAGE_DOWN)
		step(m, true);
}

static GArray *message_targets(struct view *v)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_array_append_val(ids, as_message(v)->row->id);
	return ids;
}

static void message_acted(struct view *v, const GArray *ids, bool gone)
{
	struct message_view *m = as_message(v);
	view_list_acted(m->list, ids, gone);
	if (gone && !show_current(m))
		ui_close(v->ui, v);
}

static bool message_find(struct view *v, const char *text, bool forward, bool again)
{
	return pager_find_told(&as_message(v)->pager, v->ui, text, again);
}

/* A letter whose rest has come has another id than its preview, and one that was read
 * again, and the same name. */
static struct message_row *look_up(struct index *ix, const struct message_row *old)
{
	struct message_row *row = index_message(ix, old->id, NULL);
	if (row)
		return row;
	g_autofree char *base = g_strndup(old->file, maildir_base_length(old->file));
	return index_by_base(ix, old->folder, base, NULL);
}

static void message_refresh(struct view *v)
{
	struct message_view *m = as_message(v);
	struct index *ix = ui_index(v->ui);
	struct message_row *row = ix ? look_up(ix, m->row) : NULL;
	if (!row)
		return;
	message_row_free(m->row);
	m->row = row;
	look_up_fate(m);
}

static void message_free(struct view *v)
{
	struct message_view *m = as_message(v);
	g_clear_handle_id(&m->rest, g_source_remove);
	pager_clear(&m->pager);
	message_row_free(m->row);
	g_free(m->fate);
	view_unref(m->list);
}

static const struct view_ops message_ops = {
	.context = CONTEXT_MESSAGE,
	.bar = true,
	.title = message_title,
	.status = message_status,
	.draw = message_draw,
	.move = message_move,
	.targets = message_targets,
	.acted = message_acted,
	.find = message_find,
	.refresh = message_refresh,
	.free = message_free,
};

void view_message_open(struct ui *ui, struct view *list)
{
	struct message_view *m = g_new0(struct message_view, 1);
	view_init(&m->view, &message_ops, ui);
	m->list = view_ref(list);
	if (show_current(m)) {
		ui_push(ui, &m->view);
		return;
	}
	ui_complain(ui, _("this message is not there any more"));
	view_unref(&m->view);
}

void view_message_renumber(struct view *v, int64_t id, int64_t now, const char *base)
{
	letters_renumber(ui_letters(v->ui), id, now);
	if (v->ops != &message_ops || v->closed)
		return;
	view_list_wish(as_message(v)->list, base);
	message_refresh(v);
	as_message(v)->laid.id = as_message(v)->row->id;
}

int64_t message_id_at_hand(struct ui *ui)
{
	struct view *v = ui_top(ui);
	g_autoptr(GArray) ids = v->ops->targets ? v->ops->targets(v) : NULL;
	return ids && ids->len > 0 ? g_array_index(ids, int64_t, 0) : 0;
}

struct message_row *message_at_hand(struct ui *ui)
{
	int64_t id = message_id_at_hand(ui);
	struct index *ix = id != 0 ? ui_index(ui) : NULL;
	struct message_row *row = ix ? index_message(ix, id, NULL) : NULL;
	if (!row)
		ui_complain(ui, _("there is no message here"));
	return row;
}

void view_message_wish(struct view *v, const char *base)
{
	if (view_is_list(v))
		view_list_wish(v, base);
	else if (v->ops == &message_ops)
		view_list_wish(as_message(v)->list, base);
}

const struct mime_message *view_message_mime(struct view *v)
{
	if (v->closed)
		return NULL;
	return v->ops == &message_ops ? letters_get(ui_letters(v->ui), as_message(v)->row)->mime
				      : view_inner_mime(v);
}

void view_message_numbers(struct view *v, bool on)
{
	if (v->closed)
		return;
	if (v->ops != &message_ops) {
		view_inner_numbers(v, on);
		return;
	}
	as_message(v)->pager.numbers = on;
	view_changed(v);
}

/* --- commands ------------------------------------------------------------------------- */

void command_next_message(struct ui *ui, const char *arg)
{
	step(as_message(ui_top(ui)), true);
}

void command_previous_message(struct ui *ui, const char *arg)
{
	step(as_message(ui_top(ui)), false);
}

static void unread_known(bool found, void *data)
{
	struct view *v = data;
	if (v->closed)
		return;
	if (!found)
		ui_say(v->ui, _("no unread messages here"));
	else if (!view_is_list(v))
		show_current(as_message(v));
}

static void unref_view(void *data)
{
	view_unref(data);
}

void command_next_unread(struct ui *ui, const char *arg)
{
	struct view *v = ui_top(ui);
	struct pages_then then = {unread_known, view_ref(v), unref_view};
	view_list_next_unread(view_is_list(v) ? v : as_message(v)->list, &then);
}

void command_headers(struct ui *ui, const char *arg)
{
	struct message_view *m = as_message(ui_top(ui));
	m->full = !m->full;
	m->pager.top = 0;
}

/* All, all but the deeper ones, none, and all again. */
void command_fold_quotes(struct ui *ui, const char *arg)
{
	struct message_view *m = as_message(ui_top(ui));
	const struct letter *letter = letters_get(ui_letters(ui), m->row);
	int depth = letter->mime ? layout_depth(letter->mime->text) : 0;
	if (depth == 0) {
		ui_say(ui, _("nothing is quoted here"));
		return;
	}
	m->fold = (m->fold + 1) % FOLD_COUNT;
	if (m->fold == FOLD_DEEP && depth < 2)
		m->fold = FOLD_ALL;
}

const struct letter *view_message_letter(struct ui *ui, const struct message_row **row)
{
	struct message_view *m = as_message(ui_top(ui));
	*row = m->row;
	return letters_get(ui_letters(ui), m->row);
}

void command_other_form(struct ui *ui, const char *arg)
{
	struct message_view *m = as_message(ui_top(ui));
	const struct letter *letter = letters_get(ui_letters(ui), m->row);
	const char *other = letter->mime ? letter->mime->other_type : "";
	if (!*other)
		ui_say(ui, _("there is no other form of this text"));
	else
		letters_prefer(ui_letters(ui), m->row,
			g_str_equal(other, "text/html") ? MIME_PREFER_HTML : MIME_PREFER_PLAIN);
}

void command_links(struct ui *ui, const char *arg)
{
	struct message_view *m = as_message(ui_top(ui));
	const struct letter *letter = letters_get(ui_letters(ui), m->row);
	if (!letter->mime || letter->mime->links->len == 0) {
		ui_say(ui, _("no links here"));
		return;
	}
	view_text_open(ui, g_strdup(_("Links")), letter_links_text(letter->mime->links, false));
}

static void open_parts(struct ui *ui, const struct message_row *row, void *data)
{
	view_parts_open(ui, row);
}

void command_attachments(struct ui *ui, const char *arg)
{
	const struct letter_at *inner = view_inner_at(ui_top(ui));
	g_autoptr(message_row) row = inner ? NULL : message_at_hand(ui);
	if (inner)
		view_parts_open_at(ui, inner, view_inner_parts(ui_top(ui)));
	else if (row)
		rest_first(ui, row, true, &(struct rest_wish){open_parts, NULL, NULL});
}

/* --- the source ------------------------------------------------------------------------- */

struct source {
	struct view *view; /* from where it was asked for */
	char *folder, *file, *title, *text;
	GError *error;
};

static void source_run(struct room *room, void *data)
{
	struct source *s = data;
	int fd = letter_open(room, s->folder, s->file, &s->error);
	if (fd < 0)
		return;
	g_autofree char *name = g_strdup_printf("/proc/self/fd/%d", fd);
	size_t len;
	g_autofree char *raw = fdio_read_file(name, SOURCE_MAX, &len, &s->error);
	if (raw)
		s->text = sanitize_body(raw, len);
	close(fd);
}

static void source_done(void *data)
{
	struct source *s = data;
	struct ui *ui = s->view->ui;
	if (s->error)
		ui_complain(ui, "%s", s->error->message);
	else if (!s->view->closed && ui_top(ui) == s->view)
		view_text_open(ui, g_steal_pointer(&s->title), g_steal_pointer(&s->text));
}

static void source_free(void *data)
{
	struct source *s = data;
	view_unref(s->view);
	g_clear_error(&s->error);
	g_free(s->folder);
	g_free(s->file);
	g_free(s->title);
	g_free(s->text);
	g_free(s);
}

static const struct job source_job = {source_run, source_done, source_free};

void command_source(struct ui *ui, const char *arg)
{
	g_autoptr(message_row) row = message_at_hand(ui);
	if (!row)
		return;
	struct source *s = g_new0(struct source, 1);
	s->view = view_ref(ui_top(ui));
	s->folder = g_strdup(row->folder);
	s->file = g_strdup(row->file);
	s->title = g_strdup_printf(_("Source of: %s"), row->subject);
	worker_push(ui_worker(ui, UI_WORKER_READER), &source_job, s);
}
