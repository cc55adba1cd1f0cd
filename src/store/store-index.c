/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/report.h"
#include "store/again.h"
#include "store/db.h"
#include "store/fail.h"
#include "store/index-words.h"
#include "store/ledger.h"
#include "store/store-private.h"
#include "store/thread-subject.h"

enum { TRIES = 500, PAUSE = 20000 /* microseconds */ };

/* One is enough to find out what happened, and a large store has a large index. */
static void remove_earlier(const struct store *s)
{
	g_autoptr(GDir) dir = g_dir_open(s->own, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir)))
		if (g_str_has_prefix(name, DB_CACHE DB_DAMAGED "-")) {
			g_autofree char *path = store_own_path(s, name);
			remove(path);
		}
}

/* The index is a cache: kept beside, for whoever wants to know what happened
 * to it, and made anew.  Its -wal belongs to it: left behind it would be
 * replayed into the new one. */
static bool move_aside(const struct store *s, const char *path, const GError *why, GError **error)
{
	g_autofree char *aside =
		g_strdup_printf("%s" DB_DAMAGED "-%" G_GINT64_FORMAT, path, clock_now());
	g_autofree char *wal = g_strconcat(path, "-wal", NULL);
	g_autofree char *shm = g_strconcat(path, "-shm", NULL);
	g_autofree char *wal_aside = g_strconcat(aside, "-wal", NULL);
	remove_earlier(s);
	rename(wal, wal_aside);
	remove(shm);
	if (rename(path, aside) != 0)
		return store_fail("rename", path, error);
	if (why)
		report_warning(_("%s; the index is made anew from the mail, the old one is '%s'"),
			why->message, aside);
	else
		report_warning(_("the index is made anew from the mail, the old one is '%s'"), aside);
	return true;
}

/* Of an older version: nothing happened to it. */
static bool remove_old(const char *path, const GError *why, GError **error)
{
	static const char *const ends[] = {"-wal", "-shm", ""};
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *file = g_strconcat(path, ends[i], NULL);
		if (remove(file) != 0 && errno != ENOENT)
			return store_fail("remove", file, error);
	}
	report_warning(_("%s; it is made anew from the mail"), why->message);
	return true;
}

static bool set_wishes(const struct store *s, struct index *ix, GError **error)
{
	return (s->decrypted == DECRYPTED_AS_EVER ||
		       again_allow(ix, s->decrypted == DECRYPTED_ON, error)) &&
	       (!s->languages || index_set_languages(ix, s->languages, error)) &&
	       (s->subjects == SUBJECTS_AS_EVER ||
		       index_set_subject_threads(ix, s->subjects == SUBJECTS_ON, error));
}

/* A new index gives new numbers: those that the ledger has of letters answered
 * would then mean others, which must not be marked as answered. */
static struct index *open_index(struct store *s, const char *path, GError **error)
{
	struct ledger *l = access(path, F_OK) != 0 ? store_ledger(s, NULL) : NULL;
	if (l)
		db_exec(ledger_db(l), "UPDATE outbox SET answers = 0 WHERE answers != 0", NULL);
	struct index *ix = index_open(path, error);
	if (!ix || set_wishes(s, ix, error))
		return ix;
	index_free(ix);
	return NULL;
}

/* 0: there is none. */
static ino_t number_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static struct store_lock *wait_lock(const struct store *s, GError **error)
{
	for (int i = 0;; i++) {
		g_autoptr(GError) own = NULL;
		struct store_lock *lock = store_lock_take(s, "index", &own);
		bool busy = g_error_matches(own, STORE_ERROR, STORE_ERROR_BUSY);
		if (lock || !busy || i == TRIES) {
			if (own)
				g_propagate_error(error, g_steal_pointer(&own));
			return lock;
		}
		g_usleep(PAUSE);
	}
}

/* Makes room for a new one, unless another process was faster: was is the number of
 * the file that why is about. */
static bool make_room(
	const struct store *s, const char *path, ino_t was, const GError *why, GError **error)
{
	g_autoptr(store_lock) lock = wait_lock(s, error);
	g_autofree char *mark = g_strconcat(path, DB_DAMAGED, NULL);
	if (!lock)
		return false;
	if (number_of(path) != was)
		return true;
	remove(mark);
	if (was == 0)
		return true;
	return g_error_matches(why, STORE_ERROR, STORE_ERROR_OLD) ? remove_old(path, why, error)
								  : move_aside(s, path, why, error);
}

/* What a reader found where opening does not look. */
static bool is_marked(const char *path, GError **error)
{
	g_autofree char *mark = g_strconcat(path, DB_DAMAGED, NULL);
	if (access(mark, F_OK) != 0)
		return false;
	g_set_error(error, STORE_ERROR, STORE_ERROR_DAMAGED, _("'%s' is damaged"), path);
	return true;
}

static void forget_index(struct store *s)
{
	if (!s->gone)
		s->gone = g_ptr_array_new_with_free_func((GDestroyNotify)s->index_free);
	g_ptr_array_add(s->gone, g_steal_pointer(&s->index));
}

struct index *store_index(struct store *s, GError **error)
{
	if (s->index && !db_is_gone(index_handle(s->index)))
		return s->index;
	if (s->index)
		forget_index(s);
	g_autofree char *path = store_own_path(s, DB_CACHE);
	g_autoptr(GError) why = NULL;
	ino_t was = number_of(path);
	s->index_free = index_free;
	if (!is_marked(path, &why))
		s->index = open_index(s, path, &why);
	if (s->index)
		return s->index;
	if (!g_error_matches(why, STORE_ERROR, STORE_ERROR_DAMAGED) &&
		!g_error_matches(why, STORE_ERROR, STORE_ERROR_OLD))
		g_propagate_error(error, g_steal_pointer(&why));
	else if (make_room(s, path, was, why, error))
		s->index = open_index(s, path, error);
	return s->index;
}

bool store_index_renew(struct store *s, const GError *why, GError **error)
{
	g_autofree char *path = store_own_path(s, DB_CACHE);
	ino_t was = s->index && db_is_gone(index_handle(s->index)) ? 0 : number_of(path);
	if (s->index)
		forget_index(s);
	return make_room(s, path, was, why, error) && store_index(s, error);
}
