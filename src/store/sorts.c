/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/db.h"
#include "store/sorts.h"

static const char *const names[] = {
#define SORT(order, name) [LIST_BY_##order] = name,
#include "base/sorts.def"
#undef SORT
	NULL};

/* Names go from A, all else from the newest, largest and best. */
static bool is_natural(const struct list_sort *sort)
{
	bool names_first = sort->order == LIST_BY_SENDER || sort->order == LIST_BY_SUBJECT;
	return sort->ascending == names_first;
}

bool sort_read(const char *word, struct list_sort *sort, GError **error)
{
	const char *name = word;
	if (*name == '-')
		name++;
	else if (g_str_has_prefix(name, "reverse-"))
		name += strlen("reverse-");
	for (int i = 0; names[i]; i++) {
		if (g_ascii_strcasecmp(names[i], name) != 0)
			continue;
		*sort = (struct list_sort){.order = (enum list_order)i};
		sort->ascending = is_natural(sort) == (name != word);
		return true;
	}
	g_autofree char *known = g_strjoinv(", ", (char **)names);
	/* TRANSLATORS: the second is a list: date, thread … */
	g_set_error(error, STORE_ERROR, STORE_ERROR_NAME, _("unknown order '%s'; there are: %s"),
		word, known);
	return false;
}

char *sort_word(const struct list_sort *sort)
{
	return g_strconcat(is_natural(sort) ? "" : "-", names[sort->order], NULL);
}

const char *const *sort_names(void)
{
	return names;
}

bool sort_of_folder(struct ledger *l, const char *folder, struct list_sort *sort)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(l), "SELECT word FROM sorted WHERE folder = ?", NULL);
	if (!stmt)
		return false;
	db_bind(stmt, "s", folder);
	return db_row(stmt, NULL) &&
	       sort_read((const char *)sqlite3_column_text(stmt, 0), sort, NULL);
}

bool sort_keep(struct ledger *l, const char *folder, const struct list_sort *sort, GError **error)
{
	g_autofree char *word = sort_word(sort);
	return db_run(ledger_db(l), NULL, error,
		"INSERT INTO sorted VALUES(?, ?) ON CONFLICT(folder) DO UPDATE"
		" SET word = excluded.word",
		"ss", folder, word);
}
