/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/index-dead.h"
#include "store/ledger.h"
#include "store/preview.h"
#include "store/store-private.h"
#include "store/sync-private.h"
#include "store/tag-letters.h"
#include "store/thread-hand.h"

/* A write transaction holds up other writers (a key that sets a flag) no
 * longer than this. */
enum { BATCH_MICROSECONDS = 200000, BATCH_CHANGES = 500 };

/* More new letters than this get their rows first, and their words when all have
 * their rows: a list is then complete in a fraction of the time. */
enum { AT_ONCE = 8 };

struct sync {
	struct store *store;
	struct index *ix;
	const struct sync_options *options; /* may be NULL */
	struct sync_result result;
	/* of the folder at hand */
	const char *folder;
	int64_t folder_id;
	bool partial; /* its previews */
	bool may_wait;   /* … for their words, which complete() brings */
	bool rows_first; /* they do, of what is being added */
	int64_t done, total;
	struct sync_workers *workers;
	bool late;             /* all folders are compared: the rest can wait */
	struct sync_known known;
};

struct sync_feed {
	struct store *store;
	struct sync_workers *workers;
};

/* --- writing ------------------------------------------------------------------- */

static bool go_on(struct sync *sync, GError **error)
{
	struct sync_progress p = {sync->folder, sync->done, sync->total};
	const struct sync_options *o = sync->options;
	sync->result.left = sync->late && o && o->hurry && o->hurry(o->data);
	if (!sync->result.left && (!o || !o->progress || o->progress(&p, o->data)))
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_CANCELLED, _("stopped"));
	return false;
}

static bool add_letter(struct sync *sync, const struct sync_letter *l, GError **error)
{
	int64_t id, whole = 0;
	if (l->missing)
		return true;
	g_autofree char *account = sync_known_account(&sync->known, l->file->file, &whole);
	g_autofree char *tags = sync_known_tags(&sync->known, l->file->file);
	struct index_letter letter = {.folder = sync->folder_id, .file = l->file->file,
		.is_new = l->file->is_new, .partial = sync->partial,
		.wordless = sync->rows_first && l->mime,
		.size = sync->partial ? MAX(whole, l->size) : l->size, .arrived = l->arrived,
		.account = account, .tags = tags, .mime = l->mime};
	if (!index_add(sync->ix, &letter, &id, error))
		return false;
	sync->result.added += id != 0;
	sync->result.unparsed += id != 0 && !l->mime;
	return true;
}

static bool add_words(struct sync *sync, const struct sync_letter *l, GError **error)
{
	if (l->missing)
		return true;
	sync->result.unparsed += !l->mime;
	return index_add_words(sync->ix, l->file->id, l->mime, error);
}

typedef bool (*letter_writer)(struct sync *sync, const struct sync_letter *l, GError **error);

/* As many of the ready letters as fit in the time; their number, 0: an error. */
static guint write_some(struct sync *sync, struct sync_reader *r, guint ready,
	letter_writer write, GError **error)
{
	gint64 until = g_get_monotonic_time() + BATCH_MICROSECONDS;
	guint n = 0;
	do
		if (!write(sync, sync_reader_letter(r, n), error))
			return 0;
	while (++n < ready && g_get_monotonic_time() < until);
	return n;
}

/* A crash loses these only, and the next sync reads them again. */
static bool write_batch(struct sync *sync, struct sync_reader *r, guint ready, letter_writer write,
	GError **error)
{
	if (!sync_keep_reports(sync->store, r, ready, error))
		return false;
	sync_keep_ended(sync->store, r, ready);
	if (!index_begin(sync->ix, error))
		return false;
	sync_known_hold(&sync->known, true);
	guint n = write_some(sync, r, ready, write, error);
	sync_known_hold(&sync->known, false);
	if (n == 0) {
		index_rollback(sync->ix);
		return false;
	}
	if (!index_commit(sync->ix, error))
		return false;
	sync_reader_release(r, n);
	sync->done += n;
	return go_on(sync, error);
}

static bool write_all(struct sync *sync, struct sync_reader *r, letter_writer write, GError **error)
{
	g_autoptr(GError) own = NULL;
	guint ready;
	if (sync->total > AT_ONCE)
		index_set_bulk(sync->ix, true);
	while ((ready = sync_reader_wait(r, &own)) > 0)
		if (!write_batch(sync, r, ready, write, error))
			return false;
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

static bool add_all(struct sync *sync, const char *path, const GArray *files, GError **error)
{
	if (files->len == 0)
		return true;
	sync->rows_first = sync->may_wait && files->len > AT_ONCE;
	g_autoptr(sync_reader) r =
		sync_reader_new(sync->workers, path, files, sync->rows_first ? 0 : MIME_WANT_WORDS);
	sync->done = 0;
	sync->total = files->len;
	return write_all(sync, r, add_letter, error);
}

typedef bool (*change)(struct sync *sync, const void *item, GError **error);

/* Calls one for each item, in transactions of a moderate size. */
static bool in_batches(struct sync *sync, const GArray *items, change one, GError **error)
{
	gsize size = g_array_get_element_size((GArray *)items);
	for (guint i = 0; i < items->len;) {
		guint end = MIN(items->len, i + BATCH_CHANGES);
		if (!index_begin(sync->ix, error))
			return false;
		for (; i < end; i++)
			if (!one(sync, items->data + i * size, error)) {
				index_rollback(sync->ix);
				return false;
			}
		if (!index_commit(sync->ix, error) || !go_on(sync, error))
			return false;
	}
	return true;
}

/* An action may have moved the message after this folder was compared: then it
 * is known where it is, and what was seen here is of no account. */
static bool is_still_here(struct sync *sync, int64_t id, bool *still, GError **error)
{
	int64_t folder = 0;
	bool ok = index_number(
		sync->ix, 0, &folder, error, "SELECT folder FROM message WHERE id = ?", "i", id);
	*still = folder == sync->folder_id;
	return ok;
}

/* The same, and the other way round: it may have been moved away and back. */
static bool is_in_place(struct sync *sync, int64_t id)
{
	g_autoptr(message_row) row = index_message(sync->ix, id, NULL);
	g_autofree char *folder =
		row ? preview_or_folder_path(sync->store, row->folder, row->partial, NULL) : NULL;
	if (!folder)
		return false;
	g_autofree char *path =
		g_build_filename(folder, row->is_new ? "new" : "cur", row->file, NULL);
	return access(path, F_OK) == 0;
}

static bool remove_one(struct sync *sync, const void *item, GError **error)
{
	const int64_t *id = item;
	if (is_in_place(sync, *id))
		return true;
	sync->result.removed++;
	return index_remove(sync->ix, *id, error);
}

static bool change_one(struct sync *sync, const void *item, GError **error)
{
	const struct sync_file *f = item;
	struct index_place place = {sync->folder_id, f->file, f->is_new};
	bool still;
	if (!is_still_here(sync, f->id, &still, error))
		return false;
	if (!still)
		return true;
	sync->result.changed++;
	return index_set_place(sync->ix, f->id, &place, error);
}

/* --- folders ------------------------------------------------------------------- */

static bool make_folder(struct sync *sync, GError **error)
{
	if (!index_folder_id(sync->ix, sync->folder, &sync->folder_id, error))
		return false;
	if (sync->folder_id != 0)
		return true;
	if (!index_begin(sync->ix, error))
		return false;
	if (index_make_folder(sync->ix, sync->folder, &sync->folder_id, error))
		return index_commit(sync->ix, error);
	index_rollback(sync->ix);
	return false;
}

/* Of both Maildirs: each of them changes it. */
static bool stamp_of(const char *path, const char *previews, int64_t *stamp, GError **error)
{
	int64_t other = 0;
	if (!maildir_stamp(path, stamp, error) ||
		(maildir_is(previews) && !maildir_stamp(previews, &other, error)))
		return false;
	*stamp = (int64_t)((uint64_t)*stamp + (uint64_t)other * 31);
	return true;
}

static bool is_unchanged(struct sync *sync, int64_t stamp, bool *is, GError **error)
{
	int64_t old = 0, known = 0;
	*is = false;
	if (!index_number(sync->ix, 0, &old, error, "SELECT stamp FROM folder WHERE id = ?",
			"i", sync->folder_id) ||
		!index_number(sync->ix, 0, &known, error,
			"SELECT stamp IS NOT NULL FROM folder WHERE id = ?", "i", sync->folder_id))
		return false;
	*is = known && old == stamp && !(sync->options && sync->options->everything);
	return true;
}

/* The stamp was taken before the scan: what changed since is seen next time. */
static bool write_stamp(struct sync *sync, int64_t stamp, GError **error)
{
	return index_exec(sync->ix, error, "UPDATE folder SET stamp = ? WHERE id = ?", "ii", stamp,
		sync->folder_id);
}

static bool sync_maildir(struct sync *sync, const char *path, bool *unsure, GError **error)
{
	g_auto(sync_differences) d = {0};
	struct sync_place place = {sync->folder_id, path, sync->partial};
	bool ok = sync_compare(sync->ix, &place, &d, error) &&
		  tag_letters_take(sync->store, &place, &d, error) &&
		  in_batches(sync, d.changed, change_one, error) &&
		  in_batches(sync, d.gone, remove_one, error) &&
		  add_all(sync, path, d.added, error);
	*unsure = *unsure || d.unsure;
	return ok;
}

/* Few folders have previews.  They come after the letters, which take the place
 * of theirs. */
static bool sync_previews(struct sync *sync, const char *path, bool *unsure, GError **error)
{
	int64_t known = 0;
	if (!index_number(sync->ix, 0, &known, error,
		    "SELECT 1 FROM message WHERE folder = ? AND (state & 8) <> 0 LIMIT 1", "i",
		    sync->folder_id))
		return false;
	if (!known && !maildir_is(path))
		return true;
	if (!preview_make_folder(sync->store, sync->folder, error))
		return false;
	sync->partial = true;
	bool ok = sync_maildir(sync, path, unsure, error);
	sync->partial = false;
	return ok;
}

static bool sync_folder(struct sync *sync, GError **error)
{
	int64_t stamp;
	bool unchanged, unsure = false;
	g_autofree char *path = store_folder_path(sync->store, sync->folder, error);
	g_autofree char *previews = path ? preview_path(sync->store, sync->folder, error) : NULL;
	if (!previews || !make_folder(sync, error) || !stamp_of(path, previews, &stamp, error) ||
		!is_unchanged(sync, stamp, &unchanged, error))
		return false;
	if (unchanged)
		return true;
	return sync_maildir(sync, path, &unsure, error) &&
	       sync_previews(sync, previews, &unsure, error) &&
	       (unsure || write_stamp(sync, stamp, error));
}

/* Rows of folders that are no longer there.  Trash has its row by the schema. */
static bool drop_folders(struct sync *sync, GPtrArray *there, GError **error)
{
	g_autoptr(GPtrArray) known = index_folders(sync->ix, error);
	if (!known)
		return false;
	for (guint i = 0; i < known->len; i++) {
		const struct folder_row *row = known->pdata[i];
		if (row->id == FOLDER_ID_TRASH ||
			g_ptr_array_find_with_equal_func(there, row->name, g_str_equal, NULL))
			continue;
		if (!index_begin(sync->ix, error))
			return false;
		if (!index_drop_folder(sync->ix, row->id, error)) {
			index_rollback(sync->ix);
			return false;
		}
		if (!index_commit(sync->ix, error))
			return false;
		sync->result.removed += row->total;
	}
	return true;
}

/* A folder that was removed since it was listed is no error. */
static bool sync_all(struct sync *sync, GError **error)
{
	g_autoptr(GPtrArray) folders = store_folders(sync->store, error);
	if (!folders || !drop_folders(sync, folders, error))
		return false;
	for (guint i = 0; i < folders->len; i++) {
		g_autoptr(GError) own = NULL;
		sync->folder = folders->pdata[i];
		if (sync_folder(sync, &own))
			continue;
		if (g_error_matches(own, STORE_ERROR, STORE_ERROR_MISSING))
			continue;
		g_propagate_error(error, g_steal_pointer(&own));
		return false;
	}
	return true;
}

/* --- words that are still to come ---------------------------------------------- */

static bool complete_place(struct sync *sync, const char *path, GError **error)
{
	g_autoptr(GStringChunk) names = g_string_chunk_new(65536);
	struct sync_place place = {sync->folder_id, path, sync->partial};
	g_autoptr(GArray) files = sync_wordless(sync->ix, &place, names, error);
	if (!files || files->len == 0)
		return files != NULL;
	g_autoptr(sync_reader) r = sync_reader_new(sync->workers, path, files, MIME_WANT_WORDS);
	sync->done = 0;
	sync->total = files->len;
	return write_all(sync, r, add_words, error);
}

/* Whatever has a row and no words yet, of this sync or of one that was cut off. */
static bool complete(struct sync *sync, GError **error)
{
	g_autoptr(GArray) places = sync_wordless_places(sync->ix, error);
	bool ok = places != NULL;
	for (guint i = 0; ok && i < places->len; i++) {
		const struct sync_wordless_place *p =
			&g_array_index(places, struct sync_wordless_place, i);
		g_autofree char *path = p->partial ? preview_path(sync->store, p->name, error)
						   : store_folder_path(sync->store, p->name, error);
		sync->folder = p->name;
		sync->folder_id = p->folder;
		sync->partial = p->partial;
		ok = path && complete_place(sync, path, error);
	}
	sync->folder = NULL;
	sync->partial = false;
	return ok;
}

static bool sync_tags(struct sync *sync, GError **error)
{
	struct ledger *l = store_ledger(sync->store, NULL);
	return !l || (tag_letters_apply(sync->store, error) && index_sync_tags(sync->ix, l, error));
}

static bool sync_hand(struct sync *sync, GError **error)
{
	struct ledger *l = store_ledger(sync->store, NULL);
	return !l || index_sync_hand(sync->ix, l, error);
}

static bool ask_go_on(void *sync, GError **error)
{
	return go_on(sync, error);
}

/* What can wait. */
static bool do_late(struct sync *sync, GError **error)
{
	const struct index_spare spare = {ask_go_on, sync};
	GError *own = NULL;
	sync->late = true;
	sync->done = sync->total = 0;
	bool ok = index_renew_words(sync->ix, sync->store->languages, &spare, &own) &&
		  complete(sync, &own) &&
		  (!sync->options || !sync->options->hurry ||
			  index_tidy(sync->ix, &spare, &own));
	if (own && sync->result.left)
		g_clear_error(&own);
	else if (own)
		g_propagate_error(error, own);
	return ok || sync->result.left;
}

static bool run(struct sync *sync, const char *folder, GError **error)
{
	sync->ix = store_index(sync->store, error);
	if (!sync->ix)
		return false;
	sync_known_open(&sync->known, sync->store);
	sync->folder = folder;
	bool ok = sync_tags(sync, error) && sync_hand(sync, error) &&
		  (folder ? sync_folder(sync, error) : sync_all(sync, error)) &&
		  (folder || tag_letters_renew(sync->store, error)) && do_late(sync, error);
	sync_known_close(&sync->known);
	index_set_bulk(sync->ix, false);
	return ok;
}

/* With workers that are there already. */
static bool run_with(struct sync_feed *f, const char *folder, const struct sync_options *options,
	struct sync_result *result, GError **error)
{
	g_autoptr(GError) own = NULL;
	const struct sync fresh = {
		.store = f->store, .options = options, .workers = f->workers, .may_wait = true};
	struct sync sync = fresh;
	bool ok = run(&sync, folder, &own);
	/* damage that opening did not show.  Everything is read again. */
	if (!ok && g_error_matches(own, STORE_ERROR, STORE_ERROR_DAMAGED) &&
		store_index_renew(f->store, own, NULL)) {
		g_clear_error(&own);
		sync = fresh;
		ok = run(&sync, NULL, &own);
	}
	if (result)
		*result = sync.result;
	if (!ok)
		g_propagate_error(error, g_steal_pointer(&own));
	return ok;
}

bool sync_run(struct store *s, const char *folder, const struct sync_options *options,
	struct sync_result *result, GError **error)
{
	g_autoptr(sync_feed) f = sync_feed_new(s);
	return run_with(f, folder, options, result, error);
}

/* --- single letters ------------------------------------------------------------ */

static bool add_place(const char *path, const char *base, struct sync_differences *d,
	GError **error)
{
	g_autoptr(GError) own = NULL;
	struct maildir_place place = {0};
	if (maildir_find(path, base, &place, &own)) {
		struct sync_file f = {g_string_chunk_insert(d->names, place.file), 0, place.in_new};
		g_array_append_val(d->added, f);
		maildir_place_clear(&place);
	}
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

/* Nearly all that came lie in new, under their base names. */
static bool lies_in(int dir, const char *base)
{
	struct stat st;
	return dir >= 0 && fstatat(dir, base, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode);
}

static bool add_bases(struct sync *sync, const char *path, const GPtrArray *bases, GError **error)
{
	g_auto(sync_differences) d = {.names = g_string_chunk_new(4096),
		.added = g_array_new(FALSE, FALSE, sizeof(struct sync_file))};
	g_autofree char *fresh = g_build_filename(path, "new", NULL);
	int dir = open(fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = true;
	for (guint i = 0; ok && i < bases->len; i++) {
		struct sync_file f = {bases->pdata[i], 0, true};
		if (lies_in(dir, f.file))
			g_array_append_val(d.added, f);
		else
			ok = add_place(path, f.file, &d, error);
	}
	if (dir >= 0)
		close(dir);
	return ok && add_all(sync, path, d.added, error);
}

static bool add_to(struct sync *sync, const char *folder, const GPtrArray *bases, GError **error)
{
	g_autofree char *path = store_folder_path(sync->store, folder, error);
	sync->folder = folder;
	sync->ix = path ? store_index(sync->store, error) : NULL;
	if (!sync->ix || !make_folder(sync, error))
		return false;
	sync_known_open(&sync->known, sync->store);
	bool ok = add_bases(sync, path, bases, error);
	sync_known_close(&sync->known);
	return ok;
}

bool sync_letters(struct store *s, const char *folder, const GPtrArray *bases, GError **error)
{
	g_autoptr(sync_workers) workers = sync_workers_new(s);
	struct sync sync = {.store = s, .workers = workers};
	return add_to(&sync, folder, bases, error);
}

/* --- letters as they come ------------------------------------------------------ */

struct sync_feed *sync_feed_new(struct store *s)
{
	struct sync_feed *f = g_new0(struct sync_feed, 1);
	f->store = s;
	f->workers = sync_workers_new(s);
	return f;
}

void sync_feed_free(struct sync_feed *f)
{
	if (!f)
		return;
	sync_workers_free(f->workers);
	g_free(f);
}

bool sync_feed_letters(struct sync_feed *f, const char *folder, const GPtrArray *bases,
	GError **error)
{
	struct sync sync = {.store = f->store, .workers = f->workers, .may_wait = true};
	return add_to(&sync, folder, bases, error);
}

bool sync_feed_finish(struct sync_feed *f, GError **error)
{
	return run_with(f, NULL, NULL, NULL, error);
}
