/* SPDX-License-Identifier: MIT
 *
 * What a person does about a letter that is encrypted, or that brings keys. */
#include "base/base.h"

#include <sys/mman.h>
#include <unistd.h>

#include "ui/command.h"
#include "ui/passphrase.h"
#include "ui/view-message.h"

/* --- decrypting ---------------------------------------------------------------------- */

struct again {
	struct message_row *row;
	struct passphrase passphrase;
};

static void again_free(void *data)
{
	struct again *a = data;
	message_row_free(a->row);
	passphrase_clear(&a->passphrase);
	g_free(a);
}

static void read_again(struct ui *ui, bool given, void *data)
{
	struct again *a = data;
	if (given)
		letters_again(ui_letters(ui), a->row, a->passphrase.text, false);
	again_free(a);
	ui_changed(ui);
}

static void read_unprotected(struct ui *ui, void *data)
{
	struct again *a = data;
	letters_again(ui_letters(ui), a->row, NULL, true);
	ui_changed(ui);
}

static struct again *again_new(struct ui *ui, const struct message_row *row)
{
	struct index *ix = ui_index(ui);
	struct message_row *copy = ix ? index_message(ix, row->id, NULL) : NULL;
	if (!copy)
		return NULL;
	struct again *a = g_new0(struct again, 1);
	a->row = copy;
	return a;
}

static void ask_whether(struct ui *ui, struct again *a)
{
	struct question q = {_("Nothing protects this text against having been changed on its way. "
			       "Show it? (y/n) "),
		read_unprotected, NULL, a, again_free};
	prompt_ask(ui, &q);
}

void command_decrypt(struct ui *ui, const char *arg)
{
	const struct message_row *row;
	const struct letter *letter = view_message_letter(ui, &row);
	const struct crypt_find *f = crypt_verdict_waiting(letter->crypt);
	struct again *a = f ? again_new(ui, row) : NULL;
	if (!f) {
		ui_say(ui, _("nothing in this message waits to be decrypted"));
	} else if (a && letter->ask) {
		a->passphrase.label = g_strdup(letter->ask);
		a->passphrase.wrong = letter->wrong;
		passphrase_prompt(ui, &a->passphrase, read_again, a, again_free);
	} else if (a) {
		ask_whether(ui, a);
	}
}

/* --- keys that a letter brings ---------------------------------------------------------- */

struct import {
	struct ui *ui;
	struct message_row *row;
	struct mime_crypt *crypt; /* of the first part that has keys */
	bool take;                /* else they are looked at */
	GPtrArray *keys;          /* of struct crypt_key */
	GError *error;
};

static void import_free(void *data)
{
	struct import *i = data;
	message_row_free(i->row);
	g_free(i->crypt->content);
	g_free(i->crypt);
	if (i->keys)
		g_ptr_array_unref(i->keys);
	g_clear_error(&i->error);
	g_free(i);
}

static GPtrArray *keys_in(struct room *room, const struct import *i, int keys, GError **error)
{
	enum crypt_protocol p = i->crypt->kind == MIME_CRYPT_CMS_KEYS ? CRYPT_CMS : CRYPT_OPENPGP;
	return i->take ? crypt_import(room_crypt(room), p, keys, error)
		       : crypt_look(room_crypt(room), p, keys, error);
}

static void import_run(struct room *room, void *data)
{
	struct import *i = data;
	int fd = letter_open(room, i->row->folder, i->row->file, &i->error);
	int keys = fd < 0 ? -1 : memfd_create("keys", MFD_CLOEXEC);
	if (keys >= 0 && mime_client_part(room_mime(room), fd, i->crypt->content, keys, &i->error))
		i->keys = keys_in(room, i, keys, &i->error);
	if (fd >= 0)
		close(fd);
	if (keys >= 0)
		close(keys);
}

static char *keys_text(const GPtrArray *keys)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < keys->len; i++) {
		const struct crypt_key *k = keys->pdata[i];
		const struct crypt_user *u = k->users->len > 0 ? k->users->pdata[0] : NULL;
		g_string_append_printf(
			out, "%s%s (%s)", i > 0 ? ", " : "", u ? u->text : "?", k->fingerprint);
	}
	return g_string_free(out, FALSE);
}

static void import_push(struct import *i);

static void take_keys(struct ui *ui, void *data)
{
	struct import *seen = data;
	struct import *i = g_new0(struct import, 1);
	i->ui = ui;
	i->row = g_steal_pointer(&seen->row);
	i->crypt = g_new0(struct mime_crypt, 1);
	i->crypt->kind = seen->crypt->kind;
	i->crypt->content = g_strdup(seen->crypt->content);
	i->take = true;
	import_push(i);
}

/* The job frees its own; the question has a copy. */
static void ask_to_take(struct import *i)
{
	g_autofree char *names = keys_text(i->keys);
	g_autofree char *text = g_strdup_printf(_("Import %s? (y/n) "), names);
	struct import *copy = g_new0(struct import, 1);
	copy->row = g_steal_pointer(&i->row);
	copy->crypt = g_new0(struct mime_crypt, 1);
	copy->crypt->kind = i->crypt->kind;
	copy->crypt->content = g_strdup(i->crypt->content);
	struct question q = {text, take_keys, NULL, copy, import_free};
	prompt_ask(i->ui, &q);
}

static void import_done(void *data)
{
	struct import *i = data;
	if (!i->keys) {
		ui_complain(
			i->ui, "%s", i->error ? i->error->message : _("there are no keys here"));
	} else if (i->keys->len == 0) {
		ui_complain(i->ui, _("there are no keys here"));
	} else if (!i->take) {
		ask_to_take(i);
	} else {
		g_autofree char *names = keys_text(i->keys);
		ui_say(i->ui, _("imported: %s"), names);
	}
}

static const struct job import_job = {import_run, import_done, import_free};

static void import_push(struct import *i)
{
	worker_push(ui_worker(i->ui, UI_WORKER_READER), &import_job, i);
}

void command_import_keys(struct ui *ui, const char *arg)
{
	const struct message_row *row;
	const struct letter *letter = view_message_letter(ui, &row);
	const struct mime_crypt *found = NULL;
	for (guint i = 0; letter->mime && i < letter->mime->crypts->len && !found; i++) {
		const struct mime_crypt *c = letter->mime->crypts->pdata[i];
		if (c->kind == MIME_CRYPT_PGP_KEYS || c->kind == MIME_CRYPT_CMS_KEYS)
			found = c;
	}
	struct again *a = found ? again_new(ui, row) : NULL;
	if (!a) {
		ui_say(ui, _("there are no keys here"));
		return;
	}
	struct import *i = g_new0(struct import, 1);
	i->ui = ui;
	i->row = g_steal_pointer(&a->row);
	i->crypt = g_new0(struct mime_crypt, 1);
	i->crypt->kind = found->kind;
	i->crypt->content = g_strdup(found->content);
	again_free(a);
	import_push(i);
}
