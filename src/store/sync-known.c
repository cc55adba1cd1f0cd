/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/ledger.h"
#include "store/maildir.h"
#include "store/sync-private.h"
#include "store/tags.h"

void sync_known_open(struct sync_known *k, struct store *s)
{
	struct ledger *l = store_ledger(s, NULL);
	if (l)
		k->account = db_prepare(ledger_db(l),
			"SELECT (SELECT account FROM maildrop WHERE maildrop.id = uid.maildrop),"
			" max(whole, sent) FROM uid WHERE base = ?",
			NULL);
	int64_t any = 0;
	/* Where tags are keywords the first one may come with a letter of this very sync. */
	if (l &&
		db_number(ledger_db(l),
			"SELECT EXISTS(SELECT 1 FROM tagged) OR EXISTS(SELECT 1 FROM keyword_tags)",
			0, &any, NULL) &&
		any)
		k->tags = l;
}

void sync_known_close(struct sync_known *k)
{
	sqlite3_finalize(k->account);
	*k = (struct sync_known){0};
}

char *sync_known_tags(struct sync_known *k, const char *file)
{
	g_autofree char *base = maildir_base(file);
	return k->tags ? tags_get(k->tags, base, NULL) : NULL;
}

/* The key of an account is "word|host|port|login". */
char *sync_known_account(struct sync_known *k, const char *file, int64_t *whole)
{
	char *word = NULL;
	if (!k->account)
		return g_strdup("");
	sqlite3_reset(k->account);
	sqlite3_bind_text(k->account, 1, file, (int)maildir_base_length(file), SQLITE_STATIC);
	if (db_row(k->account, NULL)) {
		word = db_text(k->account, 0);
		*whole = sqlite3_column_int64(k->account, 1);
	}
	sqlite3_reset(k->account);
	if (!word)
		return g_strdup("");
	word[strcspn(word, "|")] = '\0';
	return word;
}

void sync_known_hold(struct sync_known *k, bool hold)
{
	sqlite3 *db = k->account ? sqlite3_db_handle(k->account) : NULL;
	if (db && (sqlite3_get_autocommit(db) != 0) == hold)
		sqlite3_exec(db, hold ? "BEGIN" : "COMMIT", NULL, NULL, NULL);
}
