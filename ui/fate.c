/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "compose/address.h"
#include "store/outbox.h"
#include "ui/fate.h"


/* What is known of one recipient, before it is put into words. */
struct known {
	const char *address;
	const struct outbox_item *item; /* the last one that has it; NULL: none */
	const struct outbox_recipient *recipient;
	bool again; /* that item is not the first */
	const struct report_row *delivery, *receipt;
};

static void fate_free(void *data)
{
	struct fate *f = data;
	g_free(f->address);
	g_free(f->account);
	g_free(f->sender);
	g_free(f->text);
	g_free(f);
}

static GPtrArray *fates_new(void)
{
	return g_ptr_array_new_with_free_func(fate_free);
}

/* --- words ------------------------------------------------------------------------- */

static const char *outcome_text(enum outcome outcome)
{
	static const char *const texts[] = {
		[OUTCOME_DELIVERED] = N_("delivered"),
		[OUTCOME_RELAYED] = N_("passed on to a server that reports nothing"),
		[OUTCOME_EXPANDED] = N_("delivered to a list"),
		[OUTCOME_DELAYED] = N_("delayed, the server goes on trying"),
		[OUTCOME_FAILED] = N_("not delivered"),
		[OUTCOME_READ] = N_("read"),
		[OUTCOME_DELETED] = N_("deleted unread"),
		[OUTCOME_PROCESSED] = N_("processed by a program"),
	};
	return _(texts[outcome]);
}

/* "word, 12:04: what the server said" */
static void say(GString *out, const char *word, int64_t when, const char *words)
{
	g_string_append_printf(out, "%s%s", out->len > 0 ? "; " : "", word);
	if (when > 0) {
		g_autofree char *date = clock_short(when);
		g_string_append_printf(out, ", %s", date);
	}
	if (words && *words)
		g_string_append_printf(out, ": %s", words);
}

static void say_outcome(GString *out, const struct report_row *row)
{
	bool good = row->outcome == OUTCOME_DELIVERED || row->outcome == OUTCOME_READ;
	const char *words = *row->words ? row->words : row->status;
	say(out, outcome_text(row->outcome), row->came, good ? NULL : words);
}

static struct fate *put_into_words(const struct known *k)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct fate *f = g_new0(struct fate, 1);
	const struct outbox_recipient *r = k->recipient;
	f->address = g_strdup(k->address);
	f->account = g_strdup(k->item ? k->item->account : NULL);
	f->sender = g_strdup(k->item ? k->item->sender : NULL);
	f->plain = !k->delivery && !k->receipt && r && r->state == RECIPIENT_SENT;
	f->failed = k->delivery ? k->delivery->outcome == OUTCOME_FAILED
				: r && r->state == RECIPIENT_FAILED;
	if (k->delivery)
		say_outcome(out, k->delivery);
	else if (r)
		say(out, recipient_state_text(r->state), r->heard,
			r->state == RECIPIENT_SENT ? NULL : r->reply);
	if (k->receipt)
		say_outcome(out, k->receipt);
	f->text = g_strdup(out->str);
	return f;
}

/* --- gathering --------------------------------------------------------------------- */

static struct known *find(GArray *all, const char *address)
{
	for (guint i = 0; i < all->len; i++) {
		struct known *k = &g_array_index(all, struct known, i);
		if (address_equal(k->address, address))
			return k;
	}
	struct known fresh = {.address = address};
	g_array_append_val(all, fresh);
	return &g_array_index(all, struct known, all->len - 1);
}

static void add_items(GArray *all, const GPtrArray *items)
{
	for (guint i = 0; i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		for (guint n = 0; n < item->recipients->len; n++) {
			const struct outbox_recipient *r = item->recipients->pdata[n];
			struct known *k = find(all, r->address);
			k->again = k->item != NULL;
			k->item = item;
			k->recipient = r;
		}
	}
}

/* A report of an earlier sending says nothing about the present one. */
static void add_reports(GArray *all, const GPtrArray *rows)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct report_row *row = rows->pdata[i];
		struct known *k = find(all, row->address);
		if (row->outcome >= OUTCOME_READ)
			k->receipt = row;
		else if (!k->again || row->came >= k->item->queued)
			k->delivery = row;
	}
}

GPtrArray *fates_of(struct store *s, const char *message_id)
{
	GPtrArray *fates = fates_new();
	g_autoptr(GPtrArray) items = *message_id ? outbox_find(s, message_id, NULL) : NULL;
	g_autoptr(GPtrArray) rows = items ? reports_about(s, message_id, NULL) : NULL;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct known));
	if (!rows)
		return fates;
	add_items(all, items);
	add_reports(all, rows);
	for (guint i = 0; i < all->len; i++)
		g_ptr_array_add(fates, put_into_words(&g_array_index(all, struct known, i)));
	return fates;
}

GPtrArray *fates_reported(const struct mime_report *report)
{
	GPtrArray *fates = fates_new();
	for (guint i = 0; report && i < report->outcomes->len; i++) {
		const struct mime_outcome *o = report->outcomes->pdata[i];
		enum outcome outcome;
		if (!report_outcome(report, o, &outcome))
			continue;
		struct report_row row = {
			.outcome = outcome, .status = o->status, .words = o->words};
		struct known k = {.address = o->address, .delivery = &row};
		g_ptr_array_add(fates, put_into_words(&k));
	}
	return fates;
}

/* --- for the reader ---------------------------------------------------------------- */

bool fates_failed(const GPtrArray *fates)
{
	for (guint i = 0; i < fates->len; i++)
		if (((const struct fate *)fates->pdata[i])->failed)
			return true;
	return false;
}

char *fates_text(const GPtrArray *fates)
{
	GString *out = g_string_new(NULL);
	guint plain = 0, told = 0, more = 0;
	for (guint i = 0; i < fates->len; i++) {
		const struct fate *f = fates->pdata[i];
		plain += f->plain;
		if (f->plain)
			continue;
		if (told++ < FATES_MOST)
			g_string_append_printf(
				out, "%s%s: %s", out->len ? "\n" : "", f->address, f->text);
		else
			more++;
	}
	if (more > 0)
		g_string_append_printf(out, P_("\nand %u more", "\nand %u more", more), more);
	if (told > 0 && plain > 0)
		g_string_append_printf(
			out, P_("\n%u other: sent", "\n%u others: sent", plain), plain);
	return g_string_free(out, FALSE);
}
