/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/import-private.h"
#include "store/maildir.h"

enum { BATCH = 500, BATCH_OCTETS = 32 << 20 };

/* --- a letter ----------------------------------------------------------------- */

static bool commit(struct importer *im, GError **error)
{
	bool ok = delivery_commit(im->delivery, NULL, NULL, error);
	if (ok)
		im->result->messages += im->waiting;
	else
		import_past_drop(im->past);
	im->waiting = im->unwritten = 0;
	return ok && import_past_write(im->past, error);
}

/* Whether it is to be left out: it lies here, or it did after an import before. */
static bool is_known(struct importer *im, bool *known, GError **error)
{
	int64_t size;
	const uint8_t *digest;
	bool before;
	if (!delivery_digest(im->delivery, &size, &digest, error) ||
		!import_past_meet(im->past, digest, &before, error))
		return false;
	bool here = import_present_take(im->present, size, digest);
	*known = here || (before && !im->options->again);
	im->result->skipped += here;
	im->result->gone += *known && !here;
	return true;
}

bool import_begin_letter(struct importer *im, unsigned flags, bool to_cur, GError **error)
{
	im->flags = flags;
	im->to_cur = to_cur;
	return delivery_begin(im->delivery, NULL, error);
}

bool import_end_letter(struct importer *im, GError **error)
{
	int64_t octets;
	bool known;
	im->result->read++;
	if (!is_known(im, &known, error))
		return false;
	if (known)
		delivery_abort(im->delivery);
	else if (im->to_cur)
		delivery_set_flags(im->delivery, im->flags);
	if (!known && !delivery_end(im->delivery, error))
		return false;
	im->waiting += !known;
	import_past_keep(im->past);
	if (++im->unwritten < BATCH && delivery_waiting(im->delivery, &octets) < BATCH &&
		octets < BATCH_OCTETS)
		return true;
	return commit(im, error);
}

bool import_tell(struct importer *im, const struct import_reader *r, GError **error)
{
	const struct import_options *o = im->options;
	if (r)
		import_reader_progress(r, &im->result->done, &im->result->total);
	if (!o->progress || o->progress(im->result, o->data))
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_CANCELLED,
		_("the import was stopped; the same command carries it on"));
	return false;
}

/* mutt writes the state of a letter of MH into it, and behind that a Content-Length, by
 * which it is known; in: behind the header. */
static void take_marks(struct importer *im, struct import_reader *r, GString *header)
{
	struct mbox_header h;
	int64_t done, total;
	import_reader_progress(r, &done, &total);
	import_header_read(header, &h);
	if (h.length < 0 || h.length != total - import_reader_offset(r))
		return;
	import_header_strip(header, true);
	im->flags |= h.flags;
	im->to_cur = im->to_cur || h.old;
}

/* The header with the empty line; what is longer than is sensible is left alone. */
static bool import_mh_header(
	struct importer *im, struct import_reader *r, GError **why, GError **error)
{
	enum { HEADER_MOST = 1 << 20 };
	struct import_line line;
	g_autoptr(GString) header = g_string_new(NULL);
	bool blank = false;
	while (!blank && header->len < HEADER_MOST && import_reader_next(r, &line, why)) {
		if (im->crlf)
			import_line_to_lf(&line);
		blank = import_line_is_blank(&line);
		if (blank)
			take_marks(im, r, header);
		g_string_append_len(header, line.text, (gssize)line.len);
	}
	return delivery_write(im->delivery, header->str, header->len, error);
}

static bool import_letter(struct importer *im, struct import_reader *r, GError **error)
{
	struct import_line line;
	g_autoptr(GError) why = NULL;
	im->crlf = import_reader_is_crlf(r);
	if (im->is_mh && !import_mh_header(im, r, &why, error))
		return false;
	while (!why && import_reader_next(r, &line, &why)) {
		if (im->crlf)
			import_line_to_lf(&line);
		if (!delivery_write(im->delivery, line.text, line.len, error))
			return false;
	}
	if (!why)
		return import_end_letter(im, error) && import_tell(im, NULL, error);
	delivery_abort(im->delivery);
	im->foreign = true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

/* --- folders ------------------------------------------------------------------ */

static bool close_folder(struct importer *im, GError **error)
{
	bool ok = true;
	if (im->past) {
		delivery_abort(im->delivery);
		ok = commit(im, error);
	}
	g_clear_pointer(&im->delivery, delivery_free);
	g_clear_pointer(&im->past, import_past_free);
	g_clear_pointer(&im->folder, g_free);
	return ok;
}

static bool look_into(struct importer *im, const char *folder, GError **error)
{
	g_autofree char *path = store_folder_path(im->store, folder, error);
	return path && import_present_add(im->present, path, error);
}

/* What was moved need not be brought again, wherever it is; what lies in Trash is as
 * good as deleted. */
static bool look_everywhere(struct importer *im, GError **error)
{
	g_autoptr(GPtrArray) all = store_folders(im->store, error);
	bool ok = all != NULL;
	for (guint i = 0; ok && i < all->len; i++)
		ok = strcmp(all->pdata[i], FOLDER_TRASH) == 0 ||
		     look_into(im, all->pdata[i], error);
	return ok;
}

/* What lies in the folder; when letters are to come again, what lies anywhere, which is
 * looked for once. */
static bool look_for_present(struct importer *im, const char *folder, GError **error)
{
	bool again = im->options->again, first = !im->present;
	if (!again)
		g_clear_pointer(&im->present, import_present_free);
	if (!im->present)
		im->present = import_present_new();
	if (again && first && !look_everywhere(im, error))
		return false;
	return (again && strcmp(folder, FOLDER_TRASH) != 0) || look_into(im, folder, error);
}

/* Where letters go from now on. */
static bool open_folder(struct importer *im, const char *folder, GError **error)
{
	if (g_strcmp0(im->folder, folder) == 0)
		return true;
	struct ledger *l = store_ledger(im->store, error);
	if (!l || !close_folder(im, error) ||
		!(im->delivery = delivery_new(im->store, NULL, folder, error)))
		return false;
	if (!look_for_present(im, folder, error))
		return false;
	im->past = import_past_new(l, folder, error);
	im->folder = im->past ? g_strdup(folder) : NULL;
	return im->past != NULL;
}

/* --- files and directories ---------------------------------------------------- */

static bool no_mail(const char *path, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
		_("'%s' holds no mail: it is no mbox, no Maildir, no MH folder and no letter"),
		path);
	return false;
}

/* What somebody saved as a letter is one, however broken: it is shown as it can
 * be (P-64). */
static bool is_called_letter(const char *path)
{
	static const char *const endings[] = {".eml", ".eml.gz", ".eml.xz", ".eml.zst", ".eml.bz2"};
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(path, endings[i]))
			return true;
	return false;
}

static bool import_file(struct importer *im, const struct mailbox *m, GError **error)
{
	g_autoptr(GError) why = NULL;
	im->foreign = true;
	g_autoptr(import_reader) r = import_reader_new(m->path, error);
	if (!r)
		return false;
	enum import_kind kind = import_reader_kind(r, &why);
	if (kind == IMPORT_NO_MAIL && !why && is_called_letter(m->path))
		kind = IMPORT_LETTER;
	im->foreign = kind == IMPORT_NO_MAIL;
	switch (kind) {
	case IMPORT_MBOX:
		return open_folder(im, m->own, error) &&
		       import_reader_settle(r, im->store, error) && import_mbox(im, r, error);
	case IMPORT_LETTER:
		return open_folder(im, m->folder, error) &&
		       import_begin_letter(im, 0, false, error) && import_letter(im, r, error);
	case IMPORT_NO_MAIL:
		break;
	}
	if (!why)
		return no_mail(m->path, error);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

/* A letter that is a file of its own. */
static bool import_single(
	struct importer *im, const char *path, unsigned flags, bool to_cur, GError **error)
{
	g_autoptr(import_reader) r = import_reader_new(path, NULL);
	/* Removed by another program meanwhile: not there to be imported. */
	return !r || (import_begin_letter(im, flags, to_cur, error) && import_letter(im, r, error));
}

static bool collect_name(const char *file, bool in_new, void *data)
{
	g_ptr_array_add(data, g_strconcat(in_new ? "new/" : "cur/", file, NULL));
	return true;
}

/* By base name, which is by arrival. */
static int by_file(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a + 4, *(const char *const *)b + 4);
}

static bool import_maildir(struct importer *im, const struct mailbox *m, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	im->foreign = true;
	if (!maildir_scan(m->path, collect_name, names, error))
		return false;
	im->foreign = false;
	g_ptr_array_sort(names, by_file);
	im->result->total = names->len;
	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];
		g_autofree char *full = g_build_filename(m->path, name, NULL);
		im->result->done = i;
		if (!import_single(im, full, maildir_flags(name + 4), name[0] == 'c', error))
			return false;
	}
	return true;
}

/* "unseen" is all that MH knows about being new. */
static bool import_mh_letter(
	struct importer *im, const char *path, GHashTable *sequences, GError **error)
{
	g_autofree char *name = g_path_get_basename(path);
	gpointer key = GUINT_TO_POINTER((guint)g_ascii_strtoull(name, NULL, 10));
	unsigned flags =
		sequences ? GPOINTER_TO_UINT(g_hash_table_lookup(sequences, key)) ^ FLAG_SEEN : 0;
	return import_single(im, path, flags, flags != 0, error);
}

static bool import_mh(struct importer *im, const struct mailbox *m, GError **error)
{
	g_autoptr(GHashTable) sequences = import_sequences(m->path);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(m->path, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir)))
		if (import_is_number(name))
			g_ptr_array_add(names, g_build_filename(m->path, name, NULL));
	g_ptr_array_sort(names, import_by_name);
	im->result->total = names->len;
	for (guint i = 0; i < names->len; i++) {
		im->result->done = i;
		if (!import_mh_letter(im, names->pdata[i], sequences, error))
			return false;
	}
	return true;
}

static bool import_mailbox(struct importer *im, const struct mailbox *m, GError **error)
{
	im->foreign = false;
	im->is_mh = m->kind == MAILBOX_MH;
	im->result->path = m->path;
	im->result->done = im->result->total = 0;
	switch (m->kind) {
	case MAILBOX_FILE:
		return import_file(im, m, error);
	case MAILBOX_MAILDIR:
		return open_folder(im, m->folder, error) && import_maildir(im, m, error);
	case MAILBOX_MH:
		return open_folder(im, m->folder, error) && import_mh(im, m, error);
	}
	return true;
}

/* That something else lies beside mail is no error; what cannot be read is one, and
 * keeps the rest from nothing.  false: no use to go on. */
static bool import_next(
	struct importer *im, const struct mailbox *m, GError **first, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (import_mailbox(im, m, &why)) {
		im->result->mailboxes++;
		return true;
	}
	if (!im->foreign) {
		g_propagate_error(error, g_steal_pointer(&why));
		return false;
	}
	if (!*first && !g_error_matches(why, STORE_ERROR, STORE_ERROR_MISSING))
		*first = g_steal_pointer(&why);
	return true;
}

static bool import_all(struct importer *im, const char *path, const GPtrArray *all, GError **error)
{
	g_autoptr(GError) first = NULL;
	for (guint i = 0; i < all->len; i++)
		if (!import_next(im, all->pdata[i], &first, error))
			return false;
	if (!first)
		return im->result->mailboxes > 0 || no_mail(path, error);
	g_propagate_error(error, g_steal_pointer(&first));
	return false;
}

bool import_path(struct store *s, const char *path, const struct import_options *options,
	struct import_result *result, GError **error)
{
	struct importer im = {.store = s, .options = options, .result = result};
	*result = (struct import_result){0};
	g_autoptr(GPtrArray) all = import_tree(path, options, error);
	bool ok = all && import_all(&im, path, all, error);
	/* Also after an error: what was whole before it is kept, and counted. */
	ok = close_folder(&im, ok ? error : NULL) && ok;
	import_present_free(im.present);
	result->path = NULL;
	return ok;
}
