/* SPDX-License-Identifier: MIT
 *
 * How one goes on with a letter: out of Drafts, out of the outbox, or off the desk of
 * a dewey that ended in between.  Its bytes are read by dewey-mime like anybody's,
 * since another program may have written them; what is attached comes to the desk
 * as files. */
#include "base/base.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/sanitize.h"
#include "store/maildir.h"
#include "store/outbox.h"
#include "ui/compose.h"
#include "ui/editor-text.h"
#include "ui/header.h"
#include "ui/letters.h"
#include "ui/outgoing.h"
#include "ui/part-save.h"
#include "ui/passphrase.h"
#include "ui/view-compose.h"

enum { TEXT_MAX = 64 * 1024 * 1024, REPLACES_MAX = 4096, PIECE = 256 * 1024 };

struct recall {
	struct ui *ui;
	struct view *from;        /* where the key was pressed; NULL: a desk that was left */
	char *folder, *file;      /* a message of Drafts */
	char *path;               /* or a file */
	struct compose_start out; /* what there is of it so far */
	char *account;            /* of an item */
	int64_t asks;             /* likewise; draft.asks */
	int64_t answers;          /* likewise */
	bool released;            /* the item it was called back from goes without it */
	struct passphrase passphrase;
	GError *error;
};

static void recall_free(void *data)
{
	struct recall *r = data;
	view_unref(r->from);
	desk_unref(r->out.desk);
	draft_free(r->out.draft);
	g_free(r->out.mistake);
	g_free(r->folder);
	g_free(r->file);
	g_free(r->path);
	g_free(r->account);
	passphrase_clear(&r->passphrase);
	g_clear_error(&r->error);
	g_free(r);
}

static struct recall *recall_new(struct ui *ui, struct view *from)
{
	struct recall *r = g_new0(struct recall, 1);
	r->ui = ui;
	r->from = from ? view_ref(from) : NULL;
	return r;
}

/* --- on the reader thread -------------------------------------------------------------- */

static void take_fields(struct draft *d, const struct mime_message *m)
{
	for (guint i = 0; i < m->headers->len; i++) {
		const struct mime_header *h = m->headers->pdata[i];
		draft_set_field(d, h->name, h->value);
	}
}

/* What is inside of one that was kept encrypted counts more than what is outside; it
 * stays encrypted. */
static struct draft *draft_of(const struct mime_message *m, const struct mime_message *outer)
{
	struct draft *d = draft_new();
	if (outer)
		take_fields(d, outer);
	take_fields(d, m);
	draft_set_body(d, m->text ? m->text : "");
	d->answers_sealed = d->answers_sealed || (outer && !(d->seal & SEAL_CHOSEN));
	return d;
}

struct unpacking {
	struct recall *recall;
	struct mime_client *mime;
	int fd;
	char *inside; /* the path of an enclosed letter: its parts go with it */
};

/* An enclosed letter goes along as such again; of several, the others as files. */
static void add_part(
	struct draft *d, const struct mime_part *part, const char *path, const char *name)
{
	if (strcmp(part->type, "message/rfc822") == 0 && !d->letter) {
		d->letter = g_strdup(path);
		return;
	}
	struct draft_part *p = g_new0(struct draft_part, 1);
	p->path = g_strdup(path);
	p->name = g_strdup(name);
	p->type = g_strdup(part->type);
	p->charset = *part->charset ? g_strdup(part->charset) : NULL;
	g_ptr_array_add(d->parts, p);
}

static bool unpack_part(struct unpacking *u, const struct mime_part *part, int number)
{
	struct recall *r = u->recall;
	g_autofree char *name = mime_safe_filename(part->filename, part->type, number);
	g_autofree char *path = desk_file(r->out.desk, name, &r->error);
	int out =
		path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	if (path && out < 0)
		return fdio_fail(&r->error, "open", path);
	bool ok = path && mime_client_part(u->mime, u->fd, part->path, out, &r->error) &&
		  fdio_sync(out, path, &r->error);
	if (path)
		close(out);
	if (ok)
		add_part(r->out.draft, part, path, name);
	return ok;
}

static bool unpack(struct unpacking *u, const struct mime_message *m)
{
	bool ok = true;
	for (guint i = 0; ok && i < m->parts->len; i++) {
		const struct mime_part *part = m->parts->pdata[i];
		if (u->inside && g_str_has_prefix(part->path, u->inside))
			continue;
		bool letter = strcmp(part->type, "message/rfc822") == 0;
		if (letter || part_is_attached(part))
			ok = unpack_part(u, part, (int)i + 1);
		if (!letter)
			continue;
		g_free(u->inside);
		u->inside = g_strconcat(part->path, ".", NULL);
	}
	return ok;
}

/* While it was in the editor, the text counts more than the letter. */
static void take_text(struct recall *r)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = desk_path(r->out.desk, DESK_TEXT);
	editor_text_take(path, NULL);
	g_autofree char *text = fdio_read_file(path, TEXT_MAX, NULL, NULL);
	if (text && *text && !draft_from_text(r->out.draft, text, &error))
		r->out.mistake = g_strdup(error->message);
}

static void note_replaced(struct recall *r)
{
	g_autofree char *base = r->file ? g_strndup(r->file, maildir_base_length(r->file)) : NULL;
	g_autofree char *text =
		base ? g_strdup_printf("message %s\n", base)
		     : g_strdup_printf("outbox %" G_GINT64_FORMAT "\n", r->out.item);
	if (base || r->out.item)
		desk_save(r->out.desk, DESK_REPLACES, text, strlen(text), &r->error);
}

static void read_replaced(struct recall *r, struct index *ix)
{
	g_autofree char *path = desk_path(r->out.desk, DESK_REPLACES);
	g_autofree char *text = fdio_read_file(path, REPLACES_MAX, NULL, NULL);
	if (text && g_str_has_prefix(text, "outbox "))
		r->out.item = strtoll(text + strlen("outbox "), NULL, 10);
	if (!ix || !text || !g_str_has_prefix(text, "message "))
		return;
	g_autoptr(message_row) row =
		index_by_base(ix, FOLDER_DRAFTS, g_strchomp(text + strlen("message ")), NULL);
	if (row && strcmp(row->folder, FOLDER_DRAFTS) == 0)
		r->out.recalled = row->id;
}

/* --- a letter that was sent on as it is: our block of Resent- fields on top -------------- */

/* Above it may stand why it was given up. */
static bool is_resent(const struct mime_message *m)
{
	guint i = 0;
	const struct mime_header *h = NULL;
	while (i < m->headers->len && (h = m->headers->pdata[i]) &&
		g_ascii_strncasecmp(h->name, "X-Dewey-", strlen("X-Dewey-")) == 0)
		i++;
	return i < m->headers->len &&
	       g_ascii_strncasecmp(h->name, "Resent-", strlen("Resent-")) == 0;
}

/* Where the letter begins that is below: behind Resent-Message-ID, our last field. */
static const char *below_block(const char *text)
{
	static const char last[] = "Resent-Message-ID:";
	bool was_last = false;
	while (*text && *text != '\n') {
		if (*text != ' ' && *text != '\t' && was_last)
			return text;
		was_last = was_last || g_ascii_strncasecmp(text, last, strlen(last)) == 0;
		const char *end = strchr(text, '\n');
		text = end ? end + 1 : text + strlen(text);
	}
	return was_last ? text : NULL;
}

/* The letter is copied to the desk, in pieces. */
static char *copy_below(struct recall *r, int from, off_t skip)
{
	g_autofree char *path = desk_file(r->out.desk, "letter.eml", &r->error);
	g_autofree char *piece = g_malloc(PIECE);
	int to = path ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
	ssize_t n = to >= 0 ? 1 : -1;
	while (n > 0) {
		n = pread(from, piece, PIECE, skip);
		skip += n > 0 ? n : 0;
		if (n > 0 && !fdio_write_all(to, piece, (size_t)n, &r->error))
			n = -1;
	}
	if (n < 0 && !r->error)
		fdio_fail(&r->error, "copy", path);
	if (to >= 0)
		close(to);
	return n == 0 ? g_steal_pointer(&path) : NULL;
}

static char *file_head(struct recall *r, int fd)
{
	g_autofree char *head = g_malloc0(PIECE + 1);
	if (pread(fd, head, PIECE, 0) >= 0)
		return g_steal_pointer(&head);
	fdio_fail(&r->error, "read", r->path ? r->path : r->file);
	return NULL;
}

/* Of an older block below, nothing is ours. */
static struct draft *resent_of(struct recall *r, int fd, const struct mime_message *m)
{
	g_autoptr(draft) d = draft_new();
	g_autofree char *head = file_head(r, fd);
	const char *below = head ? below_block(head) : NULL;
	d->resends = below ? copy_below(r, fd, below - head) : NULL;
	if (!d->resends && !r->error)
		g_set_error(&r->error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			_("the block of Resent- fields has no end"));
	if (r->error)
		return NULL;
	for (guint i = 0; i < m->headers->len; i++) {
		const struct mime_header *h = m->headers->pdata[i];
		if (g_ascii_strcasecmp(h->name, "Resent-Message-ID") == 0)
			break;
		if (g_ascii_strncasecmp(h->name, "Resent-", strlen("Resent-")) == 0)
			draft_set_field(d, h->name + strlen("Resent-"), h->value);
	}
	draft_set_field(d, "Subject", m->subject ? m->subject : "");
	d->forwards = true;
	return g_steal_pointer(&d);
}

static const char *text_part(const struct mime_message *m)
{
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *part = m->parts->pdata[i];
		if (g_str_has_prefix(part->type, "text/") && !part_is_attached(part))
			return part->path;
	}
	return NULL;
}

/* The readable text of the whole has that of enclosed letters in it. */
static void take_own_text(struct unpacking *u, const struct mime_message *m)
{
	struct recall *r = u->recall;
	const char *path = text_part(m);
	g_autofree char *text =
		path ? mime_client_part_text(u->mime, u->fd, path, NULL, &r->error) : NULL;
	draft_set_body(r->out.draft, text ? text : "");
}

/* The draft as it was; else the letter itself, with what the outbox knows of it. */
static bool find_item(struct recall *r, struct store *s)
{
	g_autoptr(outbox_item) item = outbox_get(s, r->out.item, &r->error);
	if (!item)
		return false;
	r->path = g_strdup(item->draft_path ? item->draft_path : item->path);
	r->account = g_strdup(item->account);
	r->answers = item->answers;
	r->asks = ASKS_CHOSEN |
		  (item->options & (ASK_NOTIFY | ASK_RETURN | ASK_REQUIRE_TLS | ASK_SERVER_HOLDS));
	return true;
}

static struct mime_message *read_whole(struct recall *r, struct unpacking *u)
{
	return mime_client_read(u->mime, u->fd, &mime_reading_text, &r->error);
}

static int open_sealed(struct recall *r, struct unpacking *u, const struct mime_message *m)
{
	g_autoptr(crypt_client) c = crypt_client_new();
	crypt_client_set_ask(c, passphrase_answer, &r->passphrase);
	return seal_open(c, u->mime, u->fd, m, &r->error);
}

static bool read_letter(struct recall *r, struct room *room)
{
	int fd = r->path ? open(r->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
			 : letter_open(room, r->folder, r->file, &r->error);
	if (fd < 0)
		return r->path ? fdio_fail(&r->error, "open", r->path) : false;
	struct unpacking u = {r, room_mime(room), fd, NULL};
	g_autoptr(mime_message) m = read_whole(r, &u), outer = NULL;
	int inside = m ? open_sealed(r, &u, m) : -1;
	if (inside >= 0) {
		close(fd);
		u.fd = fd = inside;
		outer = g_steal_pointer(&m);
		m = read_whole(r, &u);
	}
	if (r->error)
		g_clear_pointer(&m, mime_message_free);
	bool resends = m && is_resent(m);
	if (m)
		r->out.draft = resends ? resent_of(r, fd, m) : draft_of(m, outer);
	bool ok = m && (resends ? r->out.draft != NULL : unpack(&u, m));
	if (ok && u.inside)
		take_own_text(&u, m);
	if (ok)
		draft_settle(r->out.draft);
	g_free(u.inside);
	close(fd);
	return ok;
}

static void recall_run(struct room *room, void *data)
{
	struct recall *r = data;
	struct store *s = room_store(room, &r->error);
	if (s && !r->out.desk)
		r->out.desk = desk_new(s, &r->error);
	bool found = r->out.desk && (!r->out.item || find_item(r, s)) && read_letter(r, room);
	if (found && r->account)
		r->out.draft->asks = r->asks;
	if (found && r->account && !r->out.draft->account) {
		r->out.draft->account = g_steal_pointer(&r->account);
		r->out.draft->answers = r->answers;
	}
	if (found)
		note_replaced(r);
	if (r->error && !r->from)
		desk_unref(g_steal_pointer(&r->out.desk));
	else if (r->error && r->out.desk)
		desk_remove(r->out.desk);
}

/* --- with a passphrase -------------------------------------------------------------------- */

static const struct job recall_job, left_job;

static void passphrase_given(struct ui *ui, bool given, void *data)
{
	struct recall *r = data;
	if (given) {
		g_clear_error(&r->error);
		worker_push(ui_worker(ui, UI_WORKER_READER), r->from ? &recall_job : &left_job, r);
		return;
	}
	ui_complain(ui, _("this message could not be read: %s"), r->error->message);
	recall_free(r);
}

/* All is read anew; what there was of it is gone. */
static bool asks_for_passphrase(struct recall *r)
{
	if (!passphrase_is_wanted(&r->passphrase, r->error))
		return false;
	struct recall *next = recall_new(r->ui, r->from);
	next->folder = g_steal_pointer(&r->folder);
	next->file = g_steal_pointer(&r->file);
	next->out.recalled = r->out.recalled;
	next->out.item = r->out.item;
	next->error = g_steal_pointer(&r->error);
	next->passphrase = r->passphrase;
	r->passphrase = (struct passphrase){0};
	passphrase_prompt(r->ui, &next->passphrase, passphrase_given, next, recall_free);
	return true;
}

/* --- what a person sees ------------------------------------------------------------------ */

static void recall_done(void *data)
{
	struct recall *r = data;
	if (r->from->closed || asks_for_passphrase(r))
		return;
	if (r->error) {
		ui_complain(r->ui, _("this message could not be read: %s"), r->error->message);
		return;
	}
	compose_start(r->ui, &r->out);
	r->out = (struct compose_start){0};
}

static const struct job recall_job = {recall_run, recall_done, recall_free};

void compose_recall(struct ui *ui, const struct message_row *row)
{
	struct recall *r = recall_new(ui, ui_top(ui));
	r->folder = g_strdup(row->folder);
	r->file = g_strdup(row->file);
	r->out.recalled = row->id;
	worker_push(ui_worker(ui, UI_WORKER_READER), &recall_job, r);
}

static void parts_run(struct room *room, void *data)
{
	struct recall *r = data;
	struct store *s = room_store(room, &r->error);
	int fd = s ? letter_open(room, r->folder, r->file, &r->error) : -1;
	if (fd < 0)
		return;
	struct unpacking u = {r, room_mime(room), fd, NULL};
	r->out.desk = desk_new(s, &r->error);
	g_autoptr(mime_message) m =
		r->out.desk ? mime_client_read(u.mime, fd, NULL, &r->error) : NULL;
	if (m && !unpack(&u, m))
		desk_remove(r->out.desk);
	g_free(u.inside);
	close(fd);
}

static const struct job parts_job = {parts_run, recall_done, recall_free};

void compose_start_with_parts(
	struct ui *ui, const struct message_row *row, const struct compose_start *start)
{
	struct recall *r = recall_new(ui, ui_top(ui));
	r->folder = g_strdup(row->folder);
	r->file = g_strdup(row->file);
	r->out = *start;
	worker_push(ui_worker(ui, UI_WORKER_READER), &parts_job, r);
}

void compose_recall_item(struct ui *ui, int64_t item)
{
	struct recall *r = recall_new(ui, ui_top(ui));
	r->out.item = item;
	worker_push(ui_worker(ui, UI_WORKER_READER), &recall_job, r);
}

/* --- left on a desk ------------------------------------------------------------------------ */

/* It was handed in, and dewey ended before the desk went. */
static bool is_handed_in(struct store *s, const struct desk *d)
{
	g_autofree char *path = desk_path(d, DESK_SENDS);
	g_autofree char *id = fdio_read_file(path, REPLACES_MAX, NULL, NULL);
	g_autoptr(GPtrArray) items = id && *id ? outbox_find(s, id, NULL) : NULL;
	return items && items->len > 0;
}

static struct desk *take_left(struct store *s, GError **error)
{
	struct desk *d;
	while ((d = desk_take_left(s, error)) && is_handed_in(s, d)) {
		desk_remove(d);
		desk_unref(d);
	}
	return d;
}

/* What was called back from the outbox and let go from there since, as it was: sending
 * it from here would be a second time, and its item is no longer ours to drop. */
static void look_at_item(struct recall *r, struct store *s)
{
	g_autoptr(outbox_item) item =
		r->out.item ? outbox_get(s, r->out.item, NULL) : NULL;
	r->released = item && item->state != OUTBOX_HELD;
	if (r->released || !item)
		r->out.item = 0;
}

static void left_run(struct room *room, void *data)
{
	struct recall *r = data;
	struct store *s = room_store(room, &r->error);
	r->out.desk = s ? take_left(s, &r->error) : NULL;
	if (!r->out.desk)
		return;
	g_autofree char *letter = desk_path(r->out.desk, DESK_LETTER);
	if (g_file_test(letter, G_FILE_TEST_EXISTS)) {
		r->path = g_steal_pointer(&letter);
		if (!read_letter(r, room))
			return;
	} else {
		r->out.draft = draft_new();
	}
	take_text(r);
	read_replaced(r, room_index(room, NULL));
	look_at_item(r, s);
}

static void go_on(struct ui *ui, void *data)
{
	struct recall *r = data;
	compose_start(ui, &r->out);
	r->out = (struct compose_start){0};
}

static void kept(const char *error, void *data)
{
	struct recall *r = data;
	if (error)
		ui_complain(r->ui, "%s", error);
	recall_free(r);
}

static void keep(struct ui *ui, void *data)
{
	struct recall *r = data;
	struct recall *mine = recall_new(ui, NULL);
	mine->out = r->out;
	r->out = (struct compose_start){0};
	outgoing_start(ui,
		&(struct outgoing_letter){.kind = OUTGOING_POSTPONE,
			.draft = mine->out.draft,
			.desk = mine->out.desk,
			.recalled = mine->out.recalled,
			.item = mine->out.item},
		kept, mine);
}

static char *question(const struct draft *d)
{
	g_autofree char *to = sanitize_line(d->to ? d->to : "", -1);
	g_autofree char *subject = sanitize_line(d->subject ? d->subject : "", -1);
	if (*subject)
		return g_strdup_printf(
			_("The letter \"%s\" was not finished. Go on with it?"), subject);
	if (*to)
		return g_strdup_printf(_("The letter to %s was not finished. Go on with it?"), to);
	return g_strdup(_("A letter was not finished. Go on with it?"));
}

static void look_for_left(struct ui *ui);

/* Its text has a mistake: it can only be mended on the page. */
static void left_done(void *data)
{
	struct recall *r = data;
	if (asks_for_passphrase(r))
		return;
	if (r->error)
		ui_complain(r->ui, _("this message could not be read: %s"), r->error->message);
	if (!r->out.desk || r->error)
		return;
	if (r->released && !r->out.mistake) {
		keep(r->ui, r);
		ui_complain(r->ui, _("the letter was sent from the outbox meanwhile; what was "
				     "changed in it is in Drafts"));
		look_for_left(r->ui);
		return;
	}
	struct recall *mine = recall_new(r->ui, NULL);
	mine->out = r->out;
	r->out = (struct compose_start){0};
	g_autofree char *text = question(mine->out.draft);
	prompt_ask(r->ui, &(struct question){.text = text,
				  .yes = go_on,
				  .no = mine->out.mistake ? NULL : keep,
				  .data = mine,
				  .free = recall_free});
	look_for_left(r->ui);
}

static const struct job left_job = {left_run, left_done, recall_free};

static void look_for_left(struct ui *ui)
{
	worker_push(ui_worker(ui, UI_WORKER_READER), &left_job, recall_new(ui, NULL));
}

void compose_offer_left(struct ui *ui)
{
	look_for_left(ui);
}
