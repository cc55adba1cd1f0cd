/* SPDX-License-Identifier: MIT
 *
 * Keys that a letter brings, in parts of their own or within its text.  Each is shown
 * before anything is imported, and what is imported are the octets that were looked at. */
#include "base/base.h"

#include <sys/mman.h>
#include <unistd.h>

#include "ui/command.h"
#include "ui/prompt.h"
#include "ui/view-message.h"

/* What is imported together, or not at all: GnuPG takes all that stands in it. */
struct source {
	enum mime_crypt_kind kind;
	char *path;
	guint number;
	int octets;      /* a memory file; -1: it could not be read */
	GPtrArray *keys; /* of struct crypt_key; NULL likewise */
	bool wanted;
};

struct import {
	struct ui *ui;
	struct message_row *row;
	GPtrArray *sources;   /* of struct source */
	guint source, key;    /* what is asked about */
	guint asked, offered; /* keys */
	bool take;            /* else they are looked at */
	bool kept;            /* a question has it, and not the job */
	GString *taken;       /* names of what is here now */
	GError *error;
};

static void source_free(void *data)
{
	struct source *s = data;
	g_free(s->path);
	if (s->octets >= 0)
		close(s->octets);
	if (s->keys)
		g_ptr_array_unref(s->keys);
	g_free(s);
}

static void import_free(void *data)
{
	struct import *i = data;
	message_row_free(i->row);
	g_ptr_array_unref(i->sources);
	g_string_free(i->taken, TRUE);
	g_clear_error(&i->error);
	g_free(i);
}

static void job_free(void *data)
{
	if (!((struct import *)data)->kept)
		import_free(data);
}

static enum crypt_protocol protocol_of(const struct source *s)
{
	return s->kind == MIME_CRYPT_CMS_KEYS ? CRYPT_CMS : CRYPT_OPENPGP;
}

/* --- on a thread --------------------------------------------------------------------- */

static bool read_source(struct room *room, int fd, struct source *s, GError **error)
{
	struct mime_client *mime = room_mime(room);
	const struct mime_crypt armour = {.content = s->path, .number = s->number};
	s->octets = memfd_create("keys", MFD_CLOEXEC);
	if (s->octets < 0)
		return false;
	return s->kind == MIME_CRYPT_INLINE_KEYS
		       ? mime_client_armour(mime, fd, &armour, s->octets, error)
		       : mime_client_part(mime, fd, s->path, s->octets, error);
}

/* What is no key does not hide what is one. */
static void look(struct import *i, struct room *room)
{
	int fd = letter_open(room, i->row->folder, i->row->file, &i->error);
	for (guint n = 0; fd >= 0 && n < i->sources->len; n++) {
		struct source *s = i->sources->pdata[n];
		GError **error = i->error ? NULL : &i->error;
		if (read_source(room, fd, s, error))
			s->keys = crypt_look(room_crypt(room), protocol_of(s), s->octets,
				i->error ? NULL : &i->error);
		i->offered += s->keys ? s->keys->len : 0;
	}
	if (fd >= 0)
		close(fd);
}

static void append_names(GString *out, const struct crypt_key *k)
{
	for (guint i = 0; i < k->users->len; i++)
		g_string_append_printf(out, "%s%s", i > 0 ? ", " : "",
			((const struct crypt_user *)k->users->pdata[i])->text);
	if (k->users->len == 0)
		g_string_append(out, "?");
}

static void take(struct import *i, struct room *room)
{
	for (guint n = 0; n < i->sources->len; n++) {
		const struct source *s = i->sources->pdata[n];
		g_autoptr(GPtrArray) keys =
			s->wanted ? crypt_import(room_crypt(room), protocol_of(s), s->octets,
					    i->error ? NULL : &i->error)
				  : NULL;
		for (guint k = 0; keys && k < keys->len; k++) {
			const struct crypt_key *key = keys->pdata[k];
			g_string_append(i->taken, i->taken->len > 0 ? "; " : "");
			append_names(i->taken, key);
			g_string_append_printf(i->taken, " (%s)", key->fingerprint);
		}
	}
}

static void import_run(struct room *room, void *data)
{
	struct import *i = data;
	if (i->take)
		take(i, room);
	else
		look(i, room);
}

/* --- questions ------------------------------------------------------------------------ */

static void import_done(void *data);
static const struct job import_job = {import_run, import_done, job_free};

static void import_push(struct import *i)
{
	worker_push(ui_worker(i->ui, UI_WORKER_READER), &import_job, i);
}

/* The key that is asked about next; NULL: there is no more. */
static const struct crypt_key *next_key(struct import *i)
{
	for (; i->source < i->sources->len; i->source++, i->key = 0) {
		const struct source *s = i->sources->pdata[i->source];
		if (s->keys && i->key < s->keys->len)
			return s->keys->pdata[i->key];
	}
	return NULL;
}

static void ask(struct import *i);

static void said_yes(struct ui *ui, void *data)
{
	struct import *i = g_steal_pointer((struct import **)data);
	struct source *s = i->sources->pdata[i->source];
	i->key++;
	i->asked++;
	s->wanted = i->key == s->keys->len;
	ask(i);
}

static void said_no(struct ui *ui, void *data)
{
	struct import *i = g_steal_pointer((struct import **)data);
	const struct source *s = i->sources->pdata[i->source];
	i->asked += s->keys->len - i->key;
	i->source++;
	i->key = 0;
	ask(i);
}

static void box_free(void *data)
{
	struct import **box = data;
	if (*box)
		import_free(*box);
	g_free(box);
}

static bool is_any_wanted(const struct import *i)
{
	bool any = false;
	for (guint n = 0; n < i->sources->len; n++)
		any = any || ((const struct source *)i->sources->pdata[n])->wanted;
	return any;
}

static void all_asked(struct import *i)
{
	i->take = true;
	i->kept = false;
	if (is_any_wanted(i)) {
		import_push(i);
		return;
	}
	ui_say(i->ui, _("nothing was imported"));
	import_free(i);
}

/* A long name is cut on the screen, a fingerprint is not: it stands first. */
static char *question_text(const struct import *i, const struct crypt_key *k)
{
	g_autoptr(GString) names = g_string_new(NULL);
	append_names(names, k);
	if (i->offered == 1)
		/* TRANSLATORS: a fingerprint, the names in the key */
		return g_strdup_printf(_("Import %s of %s?"), k->fingerprint, names->str);
	/* TRANSLATORS: how many-eth key, of how many; a fingerprint, the names in the key */
	return g_strdup_printf(_("%u of %u: import %s of %s?"), i->asked + 1, i->offered,
		k->fingerprint, names->str);
}

static void ask(struct import *i)
{
	const struct crypt_key *k = next_key(i);
	if (!k) {
		all_asked(i);
		return;
	}
	g_autofree char *text = question_text(i, k);
	struct import **box = g_new(struct import *, 1);
	*box = i;
	i->kept = true;
	prompt_ask(i->ui, &(struct question){text, said_yes, said_no, box, box_free});
}

static void import_done(void *data)
{
	struct import *i = data;
	const char *why = i->error ? i->error->message : _("there are no keys here");
	if (!i->take && i->offered > 0)
		ask(i);
	else if (!i->take || i->taken->len == 0)
		ui_complain(i->ui, "%s", why);
	else if (i->error)
		ui_complain(i->ui, _("imported: %s; but %s"), i->taken->str, i->error->message);
	else
		ui_say(i->ui, _("imported: %s"), i->taken->str);
}

/* --- the command ---------------------------------------------------------------------- */

static void add_source(GPtrArray *sources, const struct mime_crypt *c)
{
	struct source *s = g_new0(struct source, 1);
	s->kind = c->kind;
	s->path = g_strdup(c->content);
	s->number = c->number;
	s->octets = -1;
	g_ptr_array_add(sources, s);
}

static GPtrArray *find_sources(const struct mime_message *m)
{
	GPtrArray *sources = g_ptr_array_new_with_free_func(source_free);
	for (guint i = 0; i < m->crypts->len; i++) {
		const struct mime_crypt *c = m->crypts->pdata[i];
		if (c->kind == MIME_CRYPT_PGP_KEYS || c->kind == MIME_CRYPT_INLINE_KEYS ||
			c->kind == MIME_CRYPT_CMS_KEYS)
			add_source(sources, c);
	}
	return sources;
}

void command_import_keys(struct ui *ui, const char *arg)
{
	const struct message_row *row;
	const struct letter *letter = view_message_letter(ui, &row);
	g_autoptr(GPtrArray) sources = letter->mime ? find_sources(letter->mime) : NULL;
	struct index *ix = sources && sources->len > 0 ? ui_index(ui) : NULL;
	struct message_row *copy = ix ? index_message(ix, row->id, NULL) : NULL;
	if (!copy) {
		ui_say(ui, _("there are no keys here"));
		return;
	}
	struct import *i = g_new0(struct import, 1);
	i->ui = ui;
	i->row = copy;
	i->sources = g_steal_pointer(&sources);
	i->taken = g_string_new(NULL);
	import_push(i);
}
