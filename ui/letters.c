/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "store/preview.h"
#include "ui/crypt-read.h"
#include "ui/crypt-trust.h"
#include "ui/invitation.h"
#include "ui/letters.h"
#include "ui/passphrase.h"

enum { LETTERS_MAX = 8 };

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
};

struct letters {
	struct ui *ui;
	GQueue kept; /* of struct kept, the last used first */
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
	GError *error;
};

static void letter_clear(struct letter *l)
{
	g_clear_pointer(&l->mime, mime_message_free);
	g_clear_pointer(&l->trust, trust_free);
	g_clear_pointer(&l->crypt, crypt_verdict_free);
	g_clear_pointer(&l->error, g_free);
	g_clear_pointer(&l->ask, g_free);
	l->ready = l->wrong = false;
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

static void reading_run(struct room *room, void *data)
{
	struct reading *r = data;
	int fd = letter_open(room, r->folder, r->file, &r->error);
	if (fd < 0)
		return;
	const struct mime_reading text = {
		.want = MIME_WANT_TEXT, .columns = r->columns, .prefer = r->prefer,
		.charset = r->charset};
	struct crypt_reading how = {room_mime(room), room_crypt(room), text, r->unprotected};
	/* Nobody is asked here: what is wanted is noted, and asked for by "decrypt". */
	crypt_client_set_ask(how.crypt, passphrase_answer, &r->passphrase);
	r->mime = crypt_read(&how, fd, &r->crypt, &r->error);
	crypt_client_set_ask(how.crypt, NULL, NULL);
	close(fd);
	if (!r->mime)
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

static struct kept *find_serial(struct letters *ls, guint64 serial)
{
	for (GList *i = ls->kept.head; i; i = i->next)
		if (((struct kept *)i->data)->serial == serial)
			return i->data;
	return NULL;
}

static void reading_done(void *data)
{
	struct reading *r = data;
	struct kept *k = find_serial(r->letters, r->serial);
	if (!k)
		return;
	letter_clear(&k->letter);
	k->letter.ready = true;
	k->letter.version++;
	k->letter.mime = g_steal_pointer(&r->mime);
	k->letter.trust = g_steal_pointer(&r->trust);
	k->letter.crypt = g_steal_pointer(&r->crypt);
	if (crypt_verdict_waiting(k->letter.crypt)) {
		k->letter.ask = g_steal_pointer(&r->passphrase.label);
		k->letter.wrong = r->passphrase.wrong;
	}
	if (k->letter.wrong)
		ui_complain(r->letters->ui, "%s", _("the passphrase is wrong"));
	if (r->error)
		k->letter.error = g_strdup(r->error->message);
	g_autoptr(GArray) waiters = k->waiters;
	k->waiters = g_array_new(FALSE, FALSE, sizeof(struct waiter));
	for (guint i = 0; i < waiters->len; i++) {
		struct waiter *w = &g_array_index(waiters, struct waiter, i);
		w->then(&k->letter, w->data);
		if (w->free)
			w->free(w->data);
	}
	ui_changed(r->letters->ui);
}

static void reading_free(void *data)
{
	struct reading *r = data;
	mime_message_free(r->mime);
	trust_free(r->trust);
	crypt_verdict_free(r->crypt);
	passphrase_clear(&r->passphrase);
	g_free(r->folder);
	g_free(r->file);
	g_free(r->account);
	g_free(r->charset);
	g_clear_error(&r->error);
	g_free(r);
}

static const struct job reading_job = {reading_run, reading_done, reading_free};

/* Those still being read stay: their job finds them by id. */
static void forget_oldest(struct letters *ls)
{
	for (GList *i = ls->kept.tail; i && ls->kept.length > LETTERS_MAX;) {
		GList *before = i->prev;
		struct kept *k = i->data;
		if (k->letter.ready) {
			kept_free(k);
			g_queue_delete_link(&ls->kept, i);
		}
		i = before;
	}
}

static struct reading *reading_new(struct letters *ls, struct kept *k, const struct message_row *row)
{
	struct reading *r = g_new0(struct reading, 1);
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

static void push(struct letters *ls, struct reading *r)
{
	worker_push(ui_worker(ls->ui, UI_WORKER_READER), &reading_job, r);
}

/* Tables are laid out again for a screen that is another one now; not what may need a
 * passphrase again. */
static bool is_narrow_or_wide(const struct letters *ls, const struct kept *k)
{
	return k->letter.ready && k->letter.mime && k->letter.mime->laid_for > 0 &&
		!k->letter.crypt && k->columns != ls->columns;
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

static struct kept *want(struct letters *ls, const struct message_row *row)
{
	struct kept *k = find_kept(ls, row->id);
	if (k) {
		if (is_narrow_or_wide(ls, k))
			push(ls, reading_new(ls, k, row));
		return k;
	}
	k = g_new0(struct kept, 1);
	k->letter.id = row->id;
	k->serial = ++ls->serial;
	k->waiters = g_array_new(FALSE, FALSE, sizeof(struct waiter));
	g_queue_push_head(&ls->kept, k);
	forget_oldest(ls);
	push(ls, reading_new(ls, k, row));
	return k;
}

void letters_again(struct letters *ls, const struct message_row *row, const char *passphrase,
	bool unprotected)
{
	struct kept *k = want(ls, row);
	struct reading *r = reading_new(ls, k, row);
	r->passphrase.text = g_strdup(passphrase);
	r->unprotected = unprotected;
	k->letter.ready = false;
	push(ls, r);
}

void letters_reread(struct letters *ls, const struct message_row *row, const char *charset)
{
	struct kept *k = find_kept(ls, row->id);
	if (!k)
		return;
	g_free(k->charset);
	k->charset = g_strdup(charset);
	push(ls, reading_new(ls, k, row));
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
	push(ls, reading_new(ls, k, row));
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
