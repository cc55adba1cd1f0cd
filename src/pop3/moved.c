/* SPDX-License-Identifier: MIT */
#include "pop3/moved.h"

#include <gio/gio.h>

#include "pop3/renumber.h"
#include "store/delivery.h"
#include "store/moves.h"
#include "store/uids.h"

static bool is_this_machine(const char *host)
{
	g_autofree char *lower = g_ascii_strdown(host, -1);
	if (g_str_equal(lower, "localhost") || g_str_has_suffix(lower, ".localhost"))
		return true;
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(lower);
	return address && g_inet_address_get_is_loopback(address);
}

/* Another program, with another dotfile, may be in the midst of a visit by that key. */
static bool take_over(struct visit *v, struct ledger *l, const char *former, GError **error)
{
	g_autofree char *name = visit_lock_name(former);
	g_autoptr(store_lock) lock = store_lock_take(v->job->store, name, error);
	return lock && moves_take_over(l, former, v->key, error);
}

bool moved_port(struct visit *v, GError **error)
{
	g_autofree char *former = NULL;
	if (is_this_machine(v->job->account->pop3->host))
		return true;
	struct ledger *l = store_ledger(v->job->store, error);
	if (!l || !moves_port(l, v->key, &former, error))
		return false;
	if (!former)
		return true;
	if (!v->job->dry_run)
		return take_over(v, l, former, error);
	g_free(v->key);
	v->key = g_steal_pointer(&former);
	return true;
}

static bool add_rows(
	struct visit *v, struct ledger *l, const char *former, GPtrArray *rows, GError **error)
{
	g_autofree char *name = visit_lock_name(former);
	g_autoptr(store_lock) lock = store_lock_take(v->job->store, name, error);
	if (!lock || !delivery_recover(v->job->store, former, error))
		return false;
	GPtrArray *some = uids_load(l, former, error);
	if (some)
		g_ptr_array_extend_and_steal(rows, some);
	return some != NULL;
}

bool moved_rows(struct visit *v, GPtrArray **rows, GError **error)
{
	g_autoptr(GPtrArray) keys = NULL;
	struct ledger *l = store_ledger(v->job->store, error);
	*rows = NULL;
	if (!l || !moves_former(l, v->key, &keys, error))
		return false;
	if (!keys)
		return true;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)uid_row_free);
	for (guint i = 0; i < keys->len; i++)
		if (!add_rows(v, l, keys->pdata[i], all, error))
			return false;
	*rows = g_steal_pointer(&all);
	return true;
}

bool moved_recognise(struct visit *v, struct pump *p, struct memory *m,
	const struct pop3_drop *drop, GError **error)
{
	struct ledger *l = store_ledger(v->job->store, error);
	g_clear_pointer(&m->by_uid, g_hash_table_unref);
	return l && (v->job->dry_run || moves_begin(l, v->key, error)) &&
	       renumber(p, v, m, drop, &m->moved, error);
}

/* A visit for some letters only has not looked at the content of the others. */
bool moved_end(struct visit *v, GError **error)
{
	const struct fetch_job *job = v->job;
	struct ledger *l = store_ledger(job->store, error);
	return l && (job->dry_run || fetch_is_for_some(job) || moves_compared(l, v->key, error));
}
