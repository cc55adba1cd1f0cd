/* SPDX-License-Identifier: MIT */
#include "pop3/memory.h"

#include "base/clock.h"
#include "base/report.h"
#include "pop3/moved.h"
#include "pop3/tell.h"
#include "pop3/terms.h"
#include "store/presence.h"

/* A visit is noted at most so often, since each note is a write that waits for
 * the disk, and ages are counted in days. */
#define NOTE_SECONDS 3600

static bool wants_presence(const struct memory *m, const struct fetch_job *job)
{
	return job->all || m->keep.kind == KEEP_UNTIL_DELETED;
}

/* Letters of which the server was last seen to have a copy. */
static GPtrArray *kept_rows(const struct memory *m)
{
	GPtrArray *kept = g_ptr_array_new();
	for (guint i = 0; i < m->known->len; i++) {
		struct uid_row *row = m->known->pdata[i];
		if (policy_is_kept(row))
			g_ptr_array_add(kept, row);
	}
	return kept;
}

static void tell_gone(struct visit *v, guint gone, guint kept)
{
	const char *id = v->job->account->id;
	tell_once(v, NOTICE_GONE,
		_("%s: of %u letters that are kept on the server %u are no longer here, which "
		  "looks like a store that was emptied or put back; none of them is deleted "
		  "there; if you removed them yourself, say: dewey-pop3 --delete-gone %s"),
		id, kept, gone, id);
}

static void add_all(GHashTable *to, GHashTable *from)
{
	GHashTableIter iter;
	gpointer id;
	g_hash_table_iter_init(&iter, from);
	while (g_hash_table_iter_next(&iter, &id, NULL))
		g_hash_table_add(to, g_memdup2(id, sizeof(int64_t)));
}

/* What lies in Trash was put there by somebody.  What is nowhere may be missing
 * for other reasons; those that were told are in doubt until the letters are
 * back, or somebody says that it was meant. */
static bool judge_gone(
	struct memory *m, struct visit *v, struct presence *p, guint kept, GError **error)
{
	int64_t doubted;
	guint gone = g_hash_table_size(p->gone);
	struct ledger *l = store_ledger(v->job->store, error);
	if (!l || !notice_given(l, v->key, NOTICE_GONE, &doubted, error))
		return false;
	bool believe =
		v->job->delete_gone || gone == 0 ||
		(policy_believes_gone(kept, gone, p->letters) && !(doubted && gone > kept / 2));
	m->gone = g_hash_table_ref(p->trashed);
	if (believe)
		add_all(m->gone, p->gone);
	else
		tell_gone(v, gone, kept);
	return !believe || !doubted || v->job->dry_run ||
	       notice_take_back(l, v->key, NOTICE_GONE, error);
}

/* As long as no folder has changed since all letters were here, they still are. */
static bool look_until_deleted(struct memory *m, struct visit *v, GError **error)
{
	int64_t stamp;
	struct presence p = {0};
	if (!presence_stamp(v->job->store, &stamp, error))
		return false;
	if (stamp == m->drop.looked)
		return true;
	g_autoptr(GPtrArray) kept = kept_rows(m);
	bool ok = presence_look(v->job->store, kept, &p, error) &&
		  judge_gone(m, v, &p, kept->len, error);
	if (ok && g_hash_table_size(p.gone) + g_hash_table_size(p.trashed) == 0)
		m->drop.looked = stamp;
	presence_clear(&p);
	return ok;
}

/* --all: what was fetched and is here no more, not even in Trash. */
static bool look_for_all(struct memory *m, struct visit *v, GError **error)
{
	struct presence p = {0};
	g_autoptr(GPtrArray) kept = kept_rows(m);
	bool ok = presence_look(v->job->store, kept, &p, error);
	if (ok)
		m->again = g_hash_table_ref(p.gone);
	presence_clear(&p);
	return ok;
}

bool memory_load(struct memory *m, struct visit *v, GError **error)
{
	struct ledger *l = store_ledger(v->job->store, error);
	if (l && !m->known)
		m->known = uids_load(l, v->key, error);
	if (m->known && !m->by_uid)
		m->by_uid = policy_by_uid(m->known);
	return m->known != NULL;
}

/* All folders may be a lot: no session is kept waiting for it. */
static bool look(struct memory *m, struct visit *v, GError **error)
{
	if (!wants_presence(m, v->job))
		return true;
	if (!memory_load(m, v, error))
		return false;
	return v->job->all ? look_for_all(m, v, error) : look_until_deleted(m, v, error);
}

bool memory_recall(struct memory *m, struct visit *v, GError **error)
{
	struct ledger *l = store_ledger(v->job->store, error);
	*m = (struct memory){.keep = v->job->account->keep};
	if (v->job->keep)
		m->keep = (struct keep_policy){.kind = KEEP_ALWAYS};
	if (!l || !maildrop_load(l, v->key, &m->drop, error) || !terms_allow(v, &m->drop, error))
		return false;
	m->before = m->drop.visited;
	return moved_rows(v, &m->former, error) && look(m, v, error);
}

void memory_clear(struct memory *m)
{
	g_clear_pointer(&m->by_uid, g_hash_table_unref);
	g_clear_pointer(&m->known, g_ptr_array_unref);
	g_clear_pointer(&m->former, g_ptr_array_unref);
	g_clear_pointer(&m->gone, g_hash_table_unref);
	g_clear_pointer(&m->again, g_hash_table_unref);
}

static void tell_clock(const struct memory *m, struct visit *v)
{
	if (m->keep.kind != KEEP_DAYS || m->before == 0)
		return;
	if (m->lived == 0)
		report_warning(_("%s: the clock is more than a day behind the last visit; no "
				 "letter is deleted by its age this time"),
			v->job->account->id);
	else if (m->drop.jumped && v->job->verbose)
		report_info(_("%s: the last visit was more than a day ago by the clock; letters "
			      "count as older from tomorrow on"),
			v->job->account->id);
}

bool memory_note_visit(struct memory *m, struct visit *v, GError **error)
{
	struct maildrop was = m->drop;
	struct ledger *l = store_ledger(v->job->store, error);
	m->lived = policy_lived(&m->drop, clock_now());
	tell_clock(m, v);
	bool same = m->drop.visited - was.visited < NOTE_SECONDS &&
		    m->drop.visited >= was.visited && was.jumped == m->drop.jumped &&
		    m->drop.delay == 0;
	if (v->job->dry_run || !l || (same && was.looked == m->drop.looked))
		return l != NULL;
	return maildrop_save(l, v->key, &m->drop, error);
}
