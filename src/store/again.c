/* SPDX-License-Identifier: MIT */
#include "store/again.h"

#include <unistd.h>

#include "store/choices.h"
#include "store/index-write.h"
#include "store/preview.h"
#include "store/thread-private.h"

static void set_text(char **at, const char *text)
{
	g_free(*at);
	*at = g_strdup(text);
}

static void put_inside(struct mime_message *m, const struct again_inside *inside)
{
	set_text(&m->subject, inside->subject);
	set_text(&m->words, inside->text);
	m->kinds |= inside->kinds;
	m->languages |= inside->languages;
	for (guint i = 0; i < inside->names->len; i++) {
		struct mime_part *part = g_new0(struct mime_part, 1);
		part->path = g_strdup("!");
		part->filename = g_strdup(inside->names->pdata[i]);
		part->disposition = MIME_ATTACHMENT;
		g_ptr_array_add(m->parts, part);
	}
}

/* Ids are never given twice, and postings lie under them: what is written anew has
 * another one. */
static bool write_anew(
	struct index *ix, const struct index_letter *letter, int64_t was, int64_t *id, GError **error)
{
	int64_t there = 0;
	return index_number(ix, 0, &there, error, "SELECT id FROM message WHERE id = ?", "i", was) &&
	       there != 0 && index_remove(ix, was, error) && index_add(ix, letter, id, error) &&
	       (!letter->decrypted || kin_set(ix, 0, KIN_DECRYPTED, true, 0, error));
}

static bool replace(struct index *ix, const struct message_row *row, struct index_letter *letter,
	int64_t *id, GError **error)
{
	if (!index_begin(ix, error))
		return false;
	if (index_make_folder(ix, row->folder, &letter->folder, error) &&
		write_anew(ix, letter, row->id, id, error) && index_commit(ix, error))
		return *id != 0;
	index_rollback(ix);
	return false;
}

bool again_read(struct store *s, struct mime_client *client, const struct message_row *row,
	const struct again_inside *inside, int64_t *id, GError **error)
{
	struct index *ix = store_index(s, error);
	struct mime_message *found = NULL;
	if (!ix || row->partial)
		return false;
	int fd = preview_or_message_open(s, row->folder, row->file, NULL);
	if (fd < 0)
		return false;
	choices_tell(s, client);
	bool read = mime_client_skim(client, &fd, 1, MIME_WANT_WORDS, &found, error);
	close(fd);
	g_autoptr(mime_message) mime = found;
	if (!read || !mime)
		return false;
	if (inside)
		put_inside(mime, inside);
	struct index_letter letter = {.file = row->file,
		.is_new = row->is_new,
		.size = row->size,
		.arrived = row->arrived,
		.account = row->account,
		.tags = row->tags,
		.again = true,
		.decrypted = inside != NULL,
		.mime = mime};
	return replace(ix, row, &letter, id, error);
}

bool again_allow(struct index *ix, bool decrypted, GError **error)
{
	bool has = false;
	int64_t none;
	if (decrypted)
		return true;
	if (!kin_get(ix, 0, KIN_DECRYPTED, &has, &none, error))
		return false;
	if (has)
		g_set_error(error, STORE_ERROR, STORE_ERROR_OLD,
			_("the index has words of letters that were decrypted, and "
			  "'index-decrypted' is off"));
	return !has;
}
