/* SPDX-License-Identifier: MIT */
#include "pop3/terms.h"

#include "base/clock.h"
#include "base/report.h"
#include "pop3/tell.h"

void terms_note_expire(const struct visit *v, struct fetch_result *result)
{
	const struct capabilities *capa = pop3_capabilities(v->pop3);
	const char *id = v->job->account->id;
	result->expires = capa->expire;
	result->expire_days = capa->expire_days == EXPIRE_NEVER ? -1 : (int64_t)capa->expire_days;
	if (!v->job->verbose || !capa->expire)
		return;
	if (capa->expire_days == EXPIRE_NEVER)
		report_info(_("%s: the server deletes no letter by itself"), id);
	else
		report_info(_("%s: the server deletes letters by itself after %u days"), id,
			capa->expire_days);
}

/* EXPIRE 0: "the client is not permitted to leave mail on the server". */
static void heed_expire(struct visit *v, const struct capabilities *capa, struct memory *m)
{
	const char *id = v->job->account->id;
	if (capa->expire_now && m->keep.kind != KEEP_NEVER) {
		tell_once(v, NOTICE_EXPIRE,
			_("%s: the server lets nobody leave letters on it (EXPIRE 0): they are "
			  "deleted there once they are here, whatever 'keep' says"),
			id);
		if (!v->job->keep)
			m->keep = (struct keep_policy){.kind = KEEP_NEVER};
	} else if (capa->expire && m->keep.kind == KEEP_DAYS &&
		   (guint)m->keep.days > capa->expire_days) {
		tell_once(v, NOTICE_EXPIRE,
			_("%s: the server deletes letters after %u days, so 'keep = %d days' "
			  "cannot be kept to"),
			id, capa->expire_days, m->keep.days);
	} else {
		tell_again(v, NOTICE_EXPIRE);
	}
}

bool terms_allow(struct visit *v, const struct maildrop *m, GError **error)
{
	int64_t wait = policy_delay(m, clock_now());
	if (wait == 0)
		return true;
	tell_wait(v, wait);
	g_set_error(error, POP3_ERROR, POP3_ERROR_BUSY,
		_("the server wants %u seconds between two log-ins; the next is possible in %u "
		  "seconds"),
		(guint)m->delay, (guint)wait);
	return false;
}

bool terms_heed_delay(struct visit *v, struct maildrop *m, GError **error)
{
	int64_t delay = pop3_capabilities(v->pop3)->login_delay;
	struct ledger *l = store_ledger(v->job->store, error);
	if (!l || m->delay == delay)
		return l != NULL;
	m->delay = delay;
	return v->job->dry_run || maildrop_save(l, v->key, m, error);
}

/* Where the server does not mind, it is no visit: what a fetch looks for goes by
 * the fetch before. */
static bool note_log_in(struct visit *v, struct maildrop *m, GError **error)
{
	struct ledger *l = store_ledger(v->job->store, error);
	policy_lived(m, clock_now());
	return l && (m->delay == 0 || maildrop_save(l, v->key, m, error));
}

bool terms_log_in(struct visit *v, struct maildrop *m, GError **error)
{
	struct ledger *l = store_ledger(v->job->store, error);
	if (!l || !maildrop_load(l, v->key, m, error) || !terms_allow(v, m, error))
		return false;
	if (visit_log_in(v, error))
		return note_log_in(v, m, error);
	if (v->pop3)
		terms_refused(v, m);
	return false;
}

bool terms_heed(struct visit *v, struct memory *m, struct fetch_result *result, GError **error)
{
	const struct capabilities *capa = pop3_capabilities(v->pop3);
	terms_note_expire(v, result);
	heed_expire(v, capa, m);
	return terms_heed_delay(v, &m->drop, error);
}

void terms_refused(struct visit *v, const struct maildrop *m)
{
	int64_t delay = MAX((int64_t)pop3_capabilities(v->pop3)->login_delay, m->delay);
	if (pop3_wants_delay(v->pop3) && delay > 0)
		tell_wait(v, delay);
}
