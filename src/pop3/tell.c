/* SPDX-License-Identifier: MIT */
#include "pop3/tell.h"

#include "base/report.h"
#include "store/maildrop.h"

/* Whether it is new.  If the ledger cannot be asked, once too often is better
 * than never. */
static bool is_new(struct visit *v, const char *kind)
{
	int64_t when = 0;
	struct ledger *l = store_ledger(v->job->store, NULL);
	if (!l || !notice_given(l, v->key, kind, &when, NULL) || when != 0)
		return when == 0;
	if (!v->job->dry_run)
		notice_give(l, v->key, kind, NULL);
	return true;
}

void tell_once(struct visit *v, const char *kind, const char *format, ...)
{
	if (!is_new(v, kind))
		return;
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	report_warning("%s", text);
	struct record *r = record_set_string(record_new("event", "notice"), "kind", kind);
	wire_child_event(v->job->child, v->job->id, record_set_string(r, "text", text));
}

void tell_again(struct visit *v, const char *kind)
{
	int64_t when = 0;
	struct ledger *l = store_ledger(v->job->store, NULL);
	if (l && !v->job->dry_run && notice_given(l, v->key, kind, &when, NULL) && when != 0)
		notice_take_back(l, v->key, kind, NULL);
}

void tell_wait(struct visit *v, int64_t seconds)
{
	v->wait = seconds;
	wire_child_event(v->job->child, v->job->id,
		record_set_int(record_new("event", "wait"), "seconds", seconds));
}
