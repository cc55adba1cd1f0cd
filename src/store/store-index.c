/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/report.h"
#include "store/db.h"
#include "store/fail.h"
#include "store/index-words.h"
#include "store/ledger.h"
#include "store/store-private.h"

/* The index is a cache: kept beside, for whoever wants to know what happened
 * to it, and made anew.  Its -wal belongs to it: left behind it would be
 * replayed into the new one. */
static bool move_aside(const char *path, GError **error)
{
	g_autofree char *aside = g_strdup_printf("%s.damaged-%" G_GINT64_FORMAT, path, clock_now());
	g_autofree char *wal = g_strconcat(path, "-wal", NULL);
	g_autofree char *shm = g_strconcat(path, "-shm", NULL);
	g_autofree char *wal_aside = g_strconcat(aside, "-wal", NULL);
	rename(wal, wal_aside);
	remove(shm);
	if (rename(path, aside) != 0)
		return store_fail("rename", path, error);
	report_warning(_("the index is damaged and is made anew; the old one is '%s'"), aside);
	return true;
}

/* A new index gives new numbers: those that the ledger has of letters answered
 * would then mean others, which must not be marked as answered. */
static struct index *open_index(struct store *s, const char *path, GError **error)
{
	struct ledger *l = access(path, F_OK) != 0 ? store_ledger(s, NULL) : NULL;
	if (l)
		db_exec(ledger_db(l), "UPDATE outbox SET answers = 0 WHERE answers != 0", NULL);
	struct index *ix = index_open(path, error);
	if (!ix || !s->languages || index_set_languages(ix, s->languages, error))
		return ix;
	index_free(ix);
	return NULL;
}

struct index *store_index(struct store *s, GError **error)
{
	if (s->index)
		return s->index;
	g_autofree char *path = store_own_path(s, "index.db");
	g_autoptr(GError) why = NULL;
	s->index = open_index(s, path, &why);
	if (!s->index && g_error_matches(why, STORE_ERROR, STORE_ERROR_DAMAGED)) {
		if (move_aside(path, error))
			s->index = open_index(s, path, error);
	} else if (!s->index) {
		g_propagate_error(error, g_steal_pointer(&why));
	}
	s->index_free = index_free;
	return s->index;
}

bool store_index_renew(struct store *s, GError **error)
{
	g_autofree char *path = store_own_path(s, "index.db");
	if (s->index)
		index_free(g_steal_pointer(&s->index));
	return move_aside(path, error) && store_index(s, error);
}
