/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "store/preview.h"
#include "store/unreadable.h"
#include "ui/crypt-index.h"
#include "ui/crypt-read.h"
#include "ui/crypt-trust.h"
#include "ui/invitation.h"
#include "ui/letters.h"
#include "ui/passphrase.h"

/* What is kept of letters that were read; the one on the screen counts, and stays. */
enum { OCTETS_MAX = 16 * 1024 * 1024 };

struct waiter {
	letter_then then;
	void *data;
	GDestroyNotify free;
};

struct kept {
	struct letter letter;
	guint64 serial; /* its id in the index may become another one while it is read */
	char *charset;  /* that it is read in; NULL: as it says */
	int columns; /* that it is, or will be, laid out for */
	enum mime_prefer prefer;
	GArray *waiters; /* of struct waiter */
	struct reading *wanted; /* that was not begun; NULL: none */
	size_t octets;          /* that the letter takes */
	bool read;              /* once at least */
};

struct letters {
	struct ui *ui;
	GQueue kept; /* of struct kept, the last used first */
	struct reading *running; /* one at a time: what is wanted most is begun next */
	guint64 serial;
	int columns; /* of the screen, as far as it is known */
};

struct reading {
	struct letters *letters;
	guint64 serial;
	char *folder, *file, *account, *charset;
	int columns;
	enum mime_prefer prefer;
	struct mime_message *mime;
	struct trust *trust;
	struct crypt_verdict *crypt;
	struct passphrase passphrase;
	bool unprotected;
	bool left; /* not tried: see struct letter */
	GError *error;
	struct room *room; /* while it runs */
	GMutex lock;
	struct mime_message *so_far; /* under lock; NULL: none, or it was taken */
};

static void letter_clear(struct letter *l)
{
	g_clear_pointer(&l->mime, mime_message_free);
	g_clear_pointer(&l->trust, trust_free);
	g_clear_pointer(&l->crypt, crypt_verdict_free);
	g_clear_pointer(&l->error, g_free);
	g_clear_pointer(&l->ask, g_free);
	l->ready = l->wrong = l->left = false;
}

static void reading_free(void *data)
{
	struct reading *r = data;
	if (!r)
		return;
	mime_message_free(r->mime);
	trust_free(r->trust);
	crypt_verdict_free(r->crypt);
	passphrase_clear(&r->passphrase);
	g_free(r->folder);
	g_free(r->file);
	g_free(r->account);
	g_free(r->charset);
	g_clear_error(&r->error);
	mime_message_free(r->so_far);
	g_mutex_clear(&r->lock);
	g_free(r);
}

static void kept_free(void *data)
{
	struct kept *k = data;
	for (guint i = 0; i < k->waiters->len; i++) {
		struct waiter *w = &g_array_index(k->waiters, struct waiter, i);
		if (w->free)
			w->free(w->data);
	}
	g_array_unref(k->waiters);
	reading_free(k->wanted);
	letter_clear(&k->letter);
	g_free(k->charset);
	g_free(k);
}

struct letters *letters_new(struct ui *ui)
{
	struct letters *ls = g_new0(struct letters, 1);
	ls->ui = ui;
	ls->columns = MIME_COLUMNS;
	g_queue_init(&ls->kept);
	return ls;
}

void letters_free(struct letters *ls)
{
	if (!ls)
		return;
	g_queue_clear_full(&ls->kept, kept_free);
	g_free(ls);
}

int letter_open(struct room *room, const char *folder, const char *file, GError **error)
{
	struct store *s = room_store(room, error);
	return s ? preview_or_message_open(s, folder, file, error) : -1;
}

/* What the store knows of a letter. */
static void recall(struct room *room, struct reading *r)
{
	struct store *s = room_store(room, NULL);
	if (s)
		invitation_recall(r->mime, s);
}

/* Without the index nobody is known, and the rest is said. */
static void judge(struct room *room, struct reading *r)
{
	r->trust = trust_judge(&(struct trust_about){r->folder, r->account, r->mime,
		ui_dotfile(r->letters->ui), room_index(room, NULL)});
}

/* One over which the worker ended again and again. */
static bool is_left(struct room *room, struct reading *r)
{
	struct store *s = room_store(room, NULL);
	g_autofree char *why = s ? unreadable_why(s, r->file) : NULL;
	if (why)
		g_set_error_literal(&r->error, MIME_ERROR, MIME_ERROR_CRASHED, why);
	r->left = why != NULL;
	return r->left;
}

static void note_failure(struct room *room, const struct reading *r)
{
	struct store *s = room_store(room, NULL);
	if (s)
		unreadable_note(s, r->file, r->error);
}

static void show_so_far(void *data);

static void swap_so_far(struct reading *r, struct mime_message **m)
{
	g_mutex_lock(&r->lock);
	struct mime_message *had = r->so_far;
	r->so_far = *m;
	*m = had;
	g_mutex_unlock(&r->lock);
}

/* On the thread; the last one counts. */
static void tell_so_far(struct mime_message *m, void *data)
{
	struct reading *r = data;
	swap_so_far(r, &m);
	mime_message_free(m);
	room_tell(r->room, show_so_far, r);
}

static void reading_run(struct room *room, void *data)
{
	struct reading *r = data;
	int fd = letter_open(room, r->folder, r->file, &r->error);
	if (fd < 0)
		return;
	if (is_left(room, r)) {
		close(fd);
		return;
	}
	const struct mime_reading text = {
		.want = MIME_WANT_TEXT, .columns = r->columns, .prefer = r->prefer,
		.charset = r->charset, .so_far = tell_so_far, .data = r};
	r->room = room;
	struct crypt_reading how = {room_mime(room), room_crypt(room), text, r->unprotected};
	/* Nobody is asked here: what is wanted is noted, and asked for by "decrypt". */
	crypt_client_set_ask(how.crypt, passphrase_answer, &r->passphrase);
	r->mime = crypt_read(&how, fd, &r->crypt, &r->error);
	crypt_client_set_ask(how.crypt, NULL, NULL);
	close(fd);
	if (!r->mime && !room_stopped(room))
		note_failure(room, r);
	if (!r->mime || room_stopped(room))
		return;
	recall(room, r);
	judge(room, r);
	crypt_tell(r->trust, r->crypt, r->mime);
}

static struct kept *find_kept(struct letters *ls, int64_t id)
{
	for (GList *i = ls->kept.head; i; i = i->next) {
		struct kept *k = i->data;
		if (k->letter.id != id)
			continue;
		g_queue_unlink(&ls->kept, i);
		g_queue_push_head_link(&ls->kept, i);
		return k;
	}
	return NULL;
}

const struct letter *letters_peek(const struct letters *ls, int64_t id)
{
	for (GList *i = ls->kept.head; i; i = i->next)
		if (((struct kept *)i->data)->letter.id == id)
			return i->data;
	return NULL;
}

static struct kept *find_serial(struct letters *ls, guint64 serial)
{
	for (GList *i = ls->kept.head; i; i = i->next)
		if (((struct kept *)i->data)->serial == serial)
			return i->data;
	return NULL;
}

/* In the main loop.  What was read before, by other rules, stays until all is read. */
static void show_so_far(void *data)
{
	struct reading *r = data;
	struct kept *k = find_serial(r->letters, r->serial);
	struct mime_message *m = NULL;
	swap_so_far(r, &m);
	if (!m || !k || k->read) {
		mime_message_free(m);
		return;
	}
	mime_message_free(k->letter.mime);
	k->letter.mime = m;
	k->letter.version++;
	ui_changed(r->letters->ui);
}

/* Not the one that is on the screen. */
static void forget_oldest(struct letters *ls)
{
	size_t octets = 0;
	for (GList *i = ls->kept.head; i; i = i->next)
		octets += ((struct kept *)i->data)->octets;
	for (GList *i = ls->kept.tail; i != ls->kept.head && octets > OCTETS_MAX;) {
		GList *before = i->prev;
		struct kept *k = i->data;
		if (k->letter.ready) {
			octets -= k->octets;
			kept_free(k);
			g_queue_delete_link(&ls->kept, i);
		}
		i = before;
	}
}

static void take(struct kept *k, struct reading *r)
{
	letter_clear(&k->letter);
	k->letter.ready = k->read = true;
	k->letter.left = r->left;
	k->letter.version++;
	k->letter.mime = g_steal_pointer(&r->mime);
	k->letter.trust = g_steal_pointer(&r->trust);
	k->letter.crypt = g_steal_pointer(&r->crypt);
	if (crypt_verdict_waiting(k->letter.crypt)) {
		k->letter.ask = g_steal_pointer(&r->passphrase.label);
		k->letter.wrong = r->passphrase.wrong;
	}
	if (r->error)
		k->letter.error = g_strdup(r->error->message);
	k->octets = sizeof *k + (k->letter.mime ? mime_message_octets(k->letter.mime) : 0);
}

static void call_waiters(struct kept *k)
{
	g_autoptr(GArray) waiters = k->waiters;
	k->waiters = g_array_new(FALSE, FALSE, sizeof(struct waiter));
	for (guint i = 0; i < waiters->len; i++) {
		struct waiter *w = &g_array_index(waiters, struct waiter, i);
		w->then(&k->letter, w->data);
		if (w->free)
			w->free(w->data);
	}
}

static void begin_next(struct letters *ls);

static void reading_done(void *data)
{
	struct reading *r = data;
	struct letters *ls = r->letters;
	struct kept *k = find_serial(ls, r->serial);
	ls->running = NULL;
	if (k) {
		take(k, r);
		crypt_index(ls->ui, r->folder, r->file, &k->letter);
		if (k->letter.wrong)
			ui_complain(ls->ui, "%s", _("the passphrase is wrong"));
		call_waiters(k);
		forget_oldest(ls);
		ui_changed(ls->ui);
	}
	begin_next(ls);
}

static const struct job reading_job = {reading_run, reading_done, reading_free};

static struct reading *reading_new(struct letters *ls, struct kept *k, const struct message_row *row)
{
	struct reading *r = g_new0(struct reading, 1);
	g_mutex_init(&r->lock);
	r->letters = ls;
	r->serial = k->serial;
	r->charset = g_strdup(k->charset);
	r->folder = g_strdup(row->folder);
	r->file = g_strdup(row->file);
	r->account = g_strdup(row->account);
	r->columns = k->columns = ls->columns;
	r->prefer = k->prefer;
	return r;
}

/* The letter that was used last comes first. */
static void begin_next(struct letters *ls)
{
	if (ls->running)
		return;
	for (GList *i = ls->kept.head; i && !ls->running; i = i->next)
		ls->running = g_steal_pointer(&((struct kept *)i->data)->wanted);
	if (ls->running)
		worker_push(ui_worker(ls->ui, UI_WORKER_READER), &reading_job, ls->running);
}

static void wish(struct kept *k, struct reading *r)
{
	reading_free(k->wanted);
	k->wanted = r;
}

/* Tables are laid out again for a screen that is another one now; not what was encrypted,
 * for a passphrase may be needed again. */
static bool is_narrow_or_wide(const struct letters *ls, const struct kept *k)
{
	return k->letter.ready && k->letter.mime && k->letter.mime->laid_for > 0 &&
		!crypt_verdict_has_encrypted(k->letter.crypt) && k->columns != ls->columns;
}

void letters_forget(struct letters *ls)
{
	for (GList *i = ls->kept.head; i;) {
		GList *next = i->next;
		struct kept *k = i->data;
		if (k->letter.ready) {
			kept_free(k);
			g_queue_delete_link(&ls->kept, i);
		}
		i = next;
	}
}

/* Begins nothing. */
static struct kept *keep(struct letters *ls, const struct message_row *row)
{
	struct kept *k = find_kept(ls, row->id);
	if (k) {
		if (is_narrow_or_wide(ls, k))
			wish(k, reading_new(ls, k, row));
		return k;
	}
	k = g_new0(struct kept, 1);
	k->letter.id = row->id;
	k->serial = ++ls->serial;
	k->waiters = g_array_new(FALSE, FALSE, sizeof(struct waiter));
	g_queue_push_head(&ls->kept, k);
	wish(k, reading_new(ls, k, row));
	return k;
}

static struct kept *want(struct letters *ls, const struct message_row *row)
{
	struct kept *k = keep(ls, row);
	begin_next(ls);
	return k;
}

/* Never read, and nobody waits for it. */
static bool is_passed(const struct kept *k)
{
	return !k->read && k->waiters->len == 0;
}

void letters_show(struct letters *ls, const struct message_row *const *rows, guint n)
{
	for (guint i = n; i > 0; i--)
		keep(ls, rows[i - 1]);
	for (GList *i = g_queue_peek_nth_link(&ls->kept, n), *next; i; i = next) {
		struct kept *k = i->data;
		next = i->next;
		if (!is_passed(k))
			continue;
		if (ls->running && ls->running->serial == k->serial)
			worker_cancel(ui_worker(ls->ui, UI_WORKER_READER), ls->running);
		kept_free(k);
		g_queue_delete_link(&ls->kept, i);
	}
	begin_next(ls);
}

void letters_again(struct letters *ls, const struct message_row *row, const char *passphrase,
	bool unprotected)
{
	struct kept *k = want(ls, row);
	struct reading *r = reading_new(ls, k, row);
	r->passphrase.text = g_strdup(passphrase);
	r->unprotected = unprotected;
	k->letter.ready = false;
	wish(k, r);
	begin_next(ls);
}

void letters_reread(struct letters *ls, const struct message_row *row, const char *charset)
{
	struct kept *k = find_kept(ls, row->id);
	if (!k)
		return;
	g_free(k->charset);
	k->charset = g_strdup(charset);
	wish(k, reading_new(ls, k, row));
	begin_next(ls);
}

void letters_renumber(struct letters *ls, int64_t id, int64_t now)
{
	struct kept *k = find_kept(ls, id);
	if (k)
		k->letter.id = now;
}

void letters_set_columns(struct letters *ls, int columns)
{
	ls->columns = columns;
}

void letters_prefer(struct letters *ls, const struct message_row *row, enum mime_prefer prefer)
{
	struct kept *k = want(ls, row);
	k->prefer = prefer;
	wish(k, reading_new(ls, k, row));
	begin_next(ls);
}

const struct letter *letters_get(struct letters *ls, const struct message_row *row)
{
	return &want(ls, row)->letter;
}

void letters_then(struct letters *ls, const struct message_row *row, letter_then then, void *data,
	GDestroyNotify free)
{
	struct kept *k = want(ls, row);
	if (k->letter.ready) {
		then(&k->letter, data);
		if (free)
			free(data);
		return;
	}
	struct waiter w = {then, data, free};
	g_array_append_val(k->waiters, w);
}
