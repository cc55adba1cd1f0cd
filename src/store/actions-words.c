/* SPDX-License-Identifier: MIT
 *
 * What the ledger knows of letters by their base names, when these change or go. */
#include "base/base.h"

#include "store/actions-private.h"
#include "store/db.h"
#include "store/index-tags.h"
#include "store/tags.h"

void action_carry_words(struct action *a, const char *from, const char *to)
{
	if (strcmp(from, to) == 0)
		return;
	g_autofree char *tags = tags_get(a->ledger, from, NULL);
	if (tags && *tags)
		tags_set(a->ledger, to, tags, NULL);
	db_run(ledger_db(a->ledger), NULL, NULL,
		"INSERT OR REPLACE INTO trained(base, word) SELECT ?2, word FROM trained"
		" WHERE base = ?1",
		"ss", from, to);
}

void action_forget_words(struct action *a)
{
	g_autoptr(GPtrArray) bases = g_ptr_array_new();
	for (guint i = 0; i < a->entry.items->len; i++)
		g_ptr_array_add(bases, ((struct journal_item *)a->entry.items->pdata[i])->base);
	index_forget_bases(a->ix, a->ledger, bases, NULL);
}

void action_forget_left(struct action *a, bool undo)
{
	g_autoptr(GPtrArray) bases = g_ptr_array_new();
	for (guint i = 0; i < a->entry.items->len; i++) {
		struct journal_item *item = a->entry.items->pdata[i];
		if (item->became)
			g_ptr_array_add(bases, undo ? item->became : item->base);
	}
	index_forget_bases(a->ix, a->ledger, bases, NULL);
}
