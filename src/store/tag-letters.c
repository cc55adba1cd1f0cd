/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "store/keywords.h"
#include "store/store-private.h"
#include "store/tag-letters.h"

/* Stamps that no count of changes is: FRESH, nothing is known of either side, not even
 * what the names say; LEFT, a name could not be given its letters. */
enum { FRESH = -1, LEFT = -2 };
/* Letters in one transaction, which holds up other writers. */
enum { BATCH = 500 };

struct tag_letters {
	struct store *store;
	struct ledger *ledger;
	struct index *ix;
	GHashTable *lists; /* of struct keywords by the path of the Maildir */
	char *untold;
	char *busy; /* why no letter can be given now; a second try would wait as long */
	bool left;
};

/* --- the setting ----------------------------------------------------------------- */

/* How many changes of tags both sides know of; false: tags are no keywords. */
static bool settled(struct ledger *l, int64_t *stamp)
{
	int64_t on = 0;
	return db_number(ledger_db(l), "SELECT 1 FROM keyword_tags", 0, &on, NULL) && on &&
	       db_number(ledger_db(l), "SELECT stamp FROM keyword_tags", FRESH, stamp, NULL);
}

static bool settle(struct ledger *l, GError **error)
{
	return db_run(ledger_db(l), NULL, error,
		"UPDATE keyword_tags SET stamp = coalesce("
		"(SELECT CAST(tags AS INTEGER) FROM tagged WHERE base = ''), 0)",
		"");
}

/* One more change is on both sides, if all before it are. */
static bool settle_one(struct ledger *l, GError **error)
{
	return db_run(ledger_db(l), NULL, error,
		"UPDATE keyword_tags SET stamp = stamp + 1 WHERE stamp + 1 ="
		" (SELECT CAST(tags AS INTEGER) FROM tagged WHERE base = '')",
		"");
}

/* The next sync of all folders looks at all names again. */
static void settle_not(struct ledger *l)
{
	db_run(ledger_db(l), NULL, NULL, "UPDATE keyword_tags SET stamp = ? WHERE stamp <> ?", "ii",
		(int64_t)LEFT, (int64_t)FRESH);
}

bool tag_letters_use(struct store *s, bool on, GError **error)
{
	int64_t stamp;
	struct ledger *l = store_ledger(s, error);
	if (!l || settled(l, &stamp) == on)
		return l != NULL;
	return on ? db_run(ledger_db(l), NULL, error, "INSERT INTO keyword_tags VALUES(1, ?)", "i",
			    (int64_t)FRESH)
		  : db_run(ledger_db(l), NULL, error, "DELETE FROM keyword_tags", "");
}

void tag_letters_wish(struct store *s, bool on)
{
	s->keywords = on ? 1 : -1;
}

bool tag_letters_apply(struct store *s, GError **error)
{
	return s->keywords == 0 || tag_letters_use(s, s->keywords > 0, error);
}

struct tag_letters *tag_letters_new(struct store *s)
{
	int64_t stamp;
	struct ledger *l = store_ledger(s, NULL);
	struct index *ix = l && settled(l, &stamp) ? store_index(s, NULL) : NULL;
	if (!ix)
		return NULL;
	struct tag_letters *t = g_new0(struct tag_letters, 1);
	t->store = s;
	t->ledger = l;
	t->ix = ix;
	t->lists = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)keywords_free);
	return t;
}

void tag_letters_free(struct tag_letters *t)
{
	if (!t)
		return;
	g_hash_table_unref(t->lists);
	g_free(t->untold);
	g_free(t->busy);
	g_free(t);
}

void tag_letters_tell(const struct tag_letters *t, char **text)
{
	g_autofree char *done = t && t->untold ? *text : NULL;
	if (done)
		*text = g_strdup_printf("%s; %s", done, t->untold);
}

/* --- names ----------------------------------------------------------------------- */

/* The same list for all letters of one change. */
static struct keywords *list_of(struct tag_letters *t, const char *path, GError **error)
{
	struct keywords *k = g_hash_table_lookup(t->lists, path);
	if (!k && (k = keywords_read(path, error)))
		g_hash_table_insert(t->lists, g_strdup(path), k);
	return k;
}

/* The letters in the info, whatever they mean. */
static char *letters_of(const char *file)
{
	const char *info = file + maildir_base_length(file);
	GString *out = g_string_new(NULL);
	for (const char *at = g_str_has_prefix(info, ":2,") ? info + 3 : ""; *at; at++)
		if (*at >= 'a' && *at <= 'z')
			g_string_append_c(out, *at);
	return g_string_free(out, FALSE);
}

static bool same_letters(const char *a, const char *b)
{
	g_autofree char *x = letters_of(a), *y = letters_of(b);
	return strcmp(x, y) == 0;
}

/* Letters of another folder mean nothing here. */
static char *without_letters(const char *file)
{
	size_t base = maildir_base_length(file);
	GString *out = g_string_new_len(file, (gssize)base);
	for (const char *at = file + base; *at; at++)
		if (*at < 'a' || *at > 'z')
			g_string_append_c(out, *at);
	return g_string_free(out, FALSE);
}

static void note_untold(struct tag_letters *t, const struct keywords *k, const char *tags)
{
	const char *why = keywords_full(k) ? _("a folder has 26 keywords at most")
			  : t->busy        ? t->busy
					   : _("a keyword cannot have '%', '{' or ']'");
	g_free(t->untold);
	t->untold = g_strdup_printf(_("other programs do not see '%s': %s"), tags, why);
}

/* Without a letter for a tag those that there are must do. */
static void give_letters(struct tag_letters *t, struct keywords *k, const char *tags)
{
	g_autoptr(GError) own = NULL;
	if (!t->busy && !keywords_add(k, tags, &own))
		t->busy = g_strdup(own->message);
}

static char *spelled(struct tag_letters *t, struct keywords *k, const char *file, const char *tags)
{
	char letters[KEYWORD_LETTERS + 1];
	g_autofree char *rest = NULL;
	give_letters(t, k, tags);
	keywords_letters(k, tags, letters, &rest);
	if (*rest) {
		note_untold(t, k, rest);
		t->left |= t->busy != NULL;
	}
	return keywords_file_name(k, file, letters);
}

char *tag_letters_respell(const char *file, void *data)
{
	const struct tag_letters_way *way = data;
	struct keywords *k = list_of(way->letters, way->to, NULL);
	g_autofree char *tags = tags_get(way->letters->ledger, way->base, NULL);
	g_autofree char *plain = without_letters(file);
	if (!k || !tags)
		return g_steal_pointer(&plain);
	char *name = spelled(way->letters, k, plain, tags);
	if (way->letters->left)
		settle_not(way->letters->ledger);
	return name;
}

/* --- from here to the files ------------------------------------------------------- */

struct push {
	struct tag_letters *letters;
	struct keywords *list;
	const struct message_row *row;
	const char *tags;
};

static char *pushed_name(const char *file, void *data)
{
	const struct push *p = data;
	return same_letters(file, p->row->file) ? spelled(p->letters, p->list, file, p->tags)
						: g_strdup(file);
}

static bool push_row(
	struct tag_letters *t, const struct message_row *row, const char *base, GError **error)
{
	g_autofree char *path = store_folder_path(t->store, row->folder, error);
	g_autofree char *tags = path ? tags_get(t->ledger, base, error) : NULL;
	struct keywords *k = tags ? list_of(t, path, error) : NULL;
	if (!k)
		return false;
	struct push p = {t, k, row, tags};
	g_autofree char *name = spelled(t, k, row->file, tags);
	if (same_letters(name, row->file))
		return true;
	g_autoptr(GError) own = NULL;
	struct maildir_place place = {row->is_new, g_strdup(row->file)};
	const struct maildir_wanted wanted = {.respell = pushed_name, .data = &p};
	struct index_place now = {0};
	bool ok = maildir_restore(path, path, base, &wanted, &place, &own);
	now.file = place.file;
	now.is_new = place.in_new;
	/* What another program took away is its affair. */
	if (!ok && g_error_matches(own, STORE_ERROR, STORE_ERROR_MISSING))
		ok = true;
	else if (!ok)
		g_propagate_error(error, g_steal_pointer(&own));
	else if (!same_letters(place.file, name))
		t->left = true;
	else
		ok = index_folder_id(t->ix, row->folder, &now.folder, error) &&
		     index_set_place(t->ix, row->id, &now, error);
	maildir_place_clear(&place);
	return ok;
}

static GArray *ids_of(struct index *ix, const char *base, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(index_handle(ix),
		"SELECT m.id FROM folder f CROSS JOIN message m ON m.folder = f.id AND m.base = ?",
		error);
	if (!stmt)
		return NULL;
	db_bind(stmt, "s", base);
	return db_ids(stmt, error);
}

static bool push_base(struct tag_letters *t, const char *base, GError **error)
{
	g_autoptr(GArray) ids = ids_of(t->ix, base, error);
	bool ok = ids != NULL;
	for (guint i = 0; ok && i < ids->len; i++) {
		g_autoptr(message_row) row =
			index_message(t->ix, g_array_index(ids, int64_t, i), NULL);
		ok = !row || row->partial || push_row(t, row, base, error);
	}
	return ok;
}

static bool push_some(
	struct tag_letters *t, const GPtrArray *bases, guint from, guint to, GError **error)
{
	bool ok = index_begin(t->ix, error);
	for (guint i = from; ok && i < to; i++)
		ok = push_base(t, bases->pdata[i], error);
	if (ok)
		return index_commit(t->ix, error);
	index_rollback(t->ix);
	return false;
}

static bool push_all(struct tag_letters *t, const GPtrArray *bases, GError **error)
{
	bool ok = true;
	for (guint i = 0; ok && i < bases->len; i += BATCH)
		ok = push_some(t, bases, i, MIN(i + BATCH, bases->len), error);
	return ok;
}

bool tag_letters_push(struct tag_letters *t, const GPtrArray *bases, GError **error)
{
	if (!t)
		return true;
	bool ok = push_all(t, bases, error);
	if (ok && !t->left)
		return settle_one(t->ledger, error);
	settle_not(t->ledger);
	return ok;
}

/* --- from the files to here ------------------------------------------------------- */

/* A file with other letters than were known of it; before NULL: it is new here. */
struct seen {
	int64_t id; /* 0: it has no row yet */
	const char *file;
	bool is_new;
};

struct taking {
	struct tag_letters *letters;
	struct keywords *list;
	const char *path;
	GArray *seen;
	guint changed;
};

static char **words_of(const char *tags)
{
	return *tags ? g_strsplit(tags, " ", -1) : g_new0(char *, 1);
}

/* What came to the letters and what left them comes to the tags and leaves them: those
 * without a letter are nobody else's affair. */
static bool take_change(struct taking *t, const char *before, const char *after, GError **error)
{
	struct ledger *l = t->letters->ledger;
	g_autofree char *base = maildir_base(after);
	g_autofree char *old_tags = keywords_tags(t->list, before);
	g_autofree char *new_tags = keywords_tags(t->list, after);
	g_auto(tag_change) gone = {.remove = words_of(old_tags)};
	g_auto(tag_change) here = {.add = words_of(new_tags)};
	g_autofree char *tags = tags_get(l, base, error);
	if (!tags)
		return false;
	g_autofree char *less = tags_changed(tags, &gone);
	g_autofree char *result = tags_changed(less, &here);
	if (strcmp(tags, result) == 0)
		return true;
	t->changed++;
	return tags_set(l, base, result, error) &&
	       index_tag_base(t->letters->ix, base, result, error);
}

/* Looked at again under the lock: an action of ours may have renamed it since. */
static bool take_one(struct taking *t, const struct seen *seen, GError **error)
{
	g_autofree char *name =
		g_build_filename(t->path, seen->is_new ? "new" : "cur", seen->file, NULL);
	g_autofree char *base = maildir_base(seen->file);
	g_autoptr(message_row) row =
		seen->id ? index_message(t->letters->ix, seen->id, NULL) : NULL;
	if ((seen->id && !row) || access(name, F_OK) != 0)
		return true;
	return take_change(t, row ? row->file : base, seen->file, error);
}

static bool take_seen(struct taking *t, GError **error)
{
	struct tag_letters *l = t->letters;
	if (!ledger_begin(l->ledger, error))
		return false;
	if (!index_begin(l->ix, error)) {
		ledger_rollback(l->ledger);
		return false;
	}
	bool ok = true;
	for (guint i = 0; ok && i < t->seen->len; i++)
		ok = take_one(t, &g_array_index(t->seen, struct seen, i), error);
	ok = ok && (t->changed == 0 || (index_note_tags(l->ix, l->ledger, error) &&
					       settle_one(l->ledger, error)));
	if (ok && ledger_commit(l->ledger, error))
		return index_commit(l->ix, error);
	if (!ok)
		ledger_rollback(l->ledger);
	index_rollback(l->ix);
	return false;
}

static void note_files(struct taking *t, const GArray *files)
{
	for (guint i = 0; i < files->len; i++) {
		const struct sync_file *f = &g_array_index(files, struct sync_file, i);
		g_autoptr(message_row) row =
			f->id ? index_message(t->letters->ix, f->id, NULL) : NULL;
		if (same_letters(row ? row->file : "", f->file))
			continue;
		struct seen seen = {f->id, f->file, f->is_new};
		g_array_append_val(t->seen, seen);
	}
}

bool tag_letters_take(struct store *s, const struct sync_place *place,
	const struct sync_differences *d, GError **error)
{
	bool nothing = place->partial || (d->changed->len == 0 && d->added->len == 0);
	g_autoptr(tag_letters) letters = nothing ? NULL : tag_letters_new(s);
	g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(struct seen));
	struct taking t = {.letters = letters, .path = place->path, .seen = seen};
	if (!letters)
		return true;
	note_files(&t, d->changed);
	note_files(&t, d->added);
	if (seen->len == 0)
		return true;
	t.list = list_of(letters, place->path, error);
	return t.list && take_seen(&t, error);
}

/* --- both ------------------------------------------------------------------------- */

/* One letter whose row says no more than its name does. */
static bool take_row(struct tag_letters *t, int64_t id, GError **error)
{
	g_autoptr(message_row) row = index_message(t->ix, id, NULL);
	g_autofree char *path = row ? store_folder_path(t->store, row->folder, error) : NULL;
	struct taking taking = {.letters = t, .path = path};
	if (!row || row->partial)
		return true;
	g_autofree char *base = maildir_base(row->file);
	taking.list = path ? list_of(t, path, error) : NULL;
	return taking.list && take_change(&taking, base, row->file, error);
}

static bool take_rows(struct tag_letters *t, const GArray *ids, GError **error)
{
	if (!ledger_begin(t->ledger, error))
		return false;
	bool ok = index_begin(t->ix, error);
	for (guint i = 0; ok && i < ids->len; i++)
		ok = take_row(t, g_array_index(ids, int64_t, i), error);
	ok = ok && index_note_tags(t->ix, t->ledger, error);
	if (ok && ledger_commit(t->ledger, error))
		return index_commit(t->ix, error);
	if (!ok)
		ledger_rollback(t->ledger);
	index_rollback(t->ix);
	return false;
}

static bool take_all(struct tag_letters *t, GError **error)
{
	g_autoptr(sqlite3_stmt) stmt = db_prepare(
		index_handle(t->ix), "SELECT id FROM message WHERE info GLOB ':2,*[a-z]*'", error);
	g_autoptr(GArray) ids = stmt ? db_ids(stmt, error) : NULL;
	g_clear_pointer(&stmt, sqlite3_finalize);
	return ids && (ids->len == 0 || take_rows(t, ids, error));
}

bool tag_letters_renew(struct store *s, GError **error)
{
	g_autoptr(tag_letters) t = tag_letters_new(s);
	int64_t stamp = 0, now = 0;
	if (!t || !settled(t->ledger, &stamp))
		return true;
	if (!db_number(ledger_db(t->ledger),
		    "SELECT CAST(tags AS INTEGER) FROM tagged WHERE base = ''", 0, &now, error))
		return false;
	if (stamp == now)
		return true;
	if (stamp == FRESH && !take_all(t, error))
		return false;
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(t->ledger), "SELECT base FROM tagged WHERE base <> ''", error);
	g_autoptr(GPtrArray) bases = stmt ? db_texts(stmt, error) : NULL;
	if (!bases || !push_all(t, bases, error))
		return false;
	if (!t->left)
		return settle(t->ledger, error);
	settle_not(t->ledger);
	return true;
}
