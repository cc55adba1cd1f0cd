/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "crypt/client.h"
#include "store/autocrypt.h"
#include "ui/autocrypt.h"
#include "ui/prompt.h"
#include "ui/seal.h"

/* --- what was seen -------------------------------------------------------------------- */

struct note {
	char *address;
	struct autocrypt_peer letter;
};

static void note_run(struct room *room, void *data)
{
	struct note *n = data;
	struct store *s = room_store(room, NULL);
	struct ledger *l = s ? store_ledger(s, NULL) : NULL;
	if (l)
		autocrypt_note(l, n->address, &n->letter, NULL);
}

static void note_free(void *data)
{
	struct note *n = data;
	g_free(n->address);
	autocrypt_peer_clear(&n->letter);
	g_free(n);
}

static const struct job note_job = {note_run, NULL, note_free};

static bool is_wanted(struct ui *ui)
{
	const struct dotfile *d = ui_dotfile(ui);
	for (guint i = 0; i < dotfile_account_count(d); i++)
		if (dotfile_account(d, i)->seal.autocrypt)
			return true;
	return false;
}

static bool is_spam(struct ui *ui, const struct message_row *row)
{
	return g_strcmp0(row->folder, dotfile_spam(ui_dotfile(ui))->folder) == 0;
}

/* Without a date, and with one of tomorrow, when it came: else a letter that is read once
 * more would be newer each time. */
static int64_t effective_date(const struct message_row *row, const struct mime_message *m)
{
	return m->date > 0 && m->date <= clock_now() ? m->date : row->arrived;
}

/* Reports are written by servers, in nobody's name. */
void autocrypt_seen(
	struct ui *ui, const struct message_row *row, const struct mime_message *m)
{
	if (!m->trace || m->from->len != 1 || m->report || is_spam(ui, row) || !is_wanted(ui))
		return;
	struct note *n = g_new0(struct note, 1);
	n->address = g_strdup(((const struct mime_address *)m->from->pdata[0])->address);
	n->letter = (struct autocrypt_peer){.made = effective_date(row, m),
		.mutual = m->trace->autocrypt_mutual,
		.key = g_strdup(m->trace->autocrypt_key)};
	worker_push(ui_worker(ui, UI_WORKER_ACTIONS), &note_job, n);
}

/* --- importing ------------------------------------------------------------------------- */

struct import {
	struct ui *ui;
	struct autocrypt_import how;
	char *address;
	GBytes *key;
	char *question; /* whose it is */
	bool agreed;
	bool asked; /* the question has it, and not the job */
	GError *error;
};

static void import_free(void *data)
{
	struct import *i = data;
	if (!i)
		return;
	i->how.free(i->how.data);
	g_free(i->address);
	g_bytes_unref(i->key);
	g_free(i->question);
	g_clear_error(&i->error);
	g_free(i);
}

static const char *name_in(const struct crypt_key *k, const char *address)
{
	for (guint i = 0; i < k->users->len; i++) {
		const struct crypt_user *u = k->users->pdata[i];
		if (g_ascii_strcasecmp(u->address, address) == 0)
			return u->text;
	}
	return NULL;
}

/* A key that does not name the sender would not be found by the address either. */
static void look(struct import *i, struct crypt_client *c, int fd)
{
	g_autoptr(GPtrArray) keys = crypt_look(c, CRYPT_OPENPGP, fd, &i->error);
	const struct crypt_key *k = keys && keys->len == 1 ? keys->pdata[0] : NULL;
	const char *name = k ? name_in(k, i->address) : NULL;
	if (name)
		/* TRANSLATORS: a fingerprint, the name and address in the key */
		i->question =
			g_strdup_printf(_("Import the key %s of %s, which came with a letter?"),
				k->fingerprint, name);
	else if (!i->error)
		g_set_error(&i->error, CRYPT_ERROR, CRYPT_ERROR_KEY,
			_("what came with letters of '%s' is not a key with that address"),
			i->address);
}

static void import_run(struct room *room, void *data)
{
	struct import *i = data;
	g_autoptr(crypt_client) c = crypt_client_new();
	g_autoptr(GPtrArray) here = NULL;
	int fd = seal_memory(i->key, &i->error);
	if (fd < 0)
		return;
	if (i->agreed)
		here = crypt_import(c, CRYPT_OPENPGP, fd, &i->error);
	else
		look(i, c, fd);
	close(fd);
}

static void import_done(void *data);

static void job_free(void *data)
{
	if (!((struct import *)data)->asked)
		import_free(data);
}

static const struct job import_job = {import_run, import_done, job_free};

static void agreed(struct ui *ui, void *data)
{
	struct import **i = data;
	(*i)->agreed = true;
	(*i)->asked = false;
	worker_push(ui_worker(ui, UI_WORKER_READER), &import_job, g_steal_pointer(i));
}

static void box_free(void *data)
{
	import_free(*(struct import **)data);
	g_free(data);
}

static void ask(struct import *i)
{
	struct import **box = g_new(struct import *, 1);
	*box = i;
	i->asked = true;
	prompt_ask(
		i->ui, &(struct question){
			       .text = i->question, .yes = agreed, .data = box, .free = box_free});
}

static void import_done(void *data)
{
	struct import *i = data;
	if (i->error)
		ui_complain(i->ui, "%s", i->error->message);
	else if (i->agreed)
		i->how.done(i->how.data);
	else
		ask(i);
}

void autocrypt_import(struct ui *ui, const struct autocrypt_import *how)
{
	gsize len;
	struct import *i = g_new0(struct import, 1);
	guchar *octets = g_base64_decode(how->key, &len);
	i->ui = ui;
	i->how = *how;
	i->address = g_strdup(how->address);
	i->key = g_bytes_new_take(octets, len);
	worker_push(ui_worker(ui, UI_WORKER_READER), &import_job, i);
}
