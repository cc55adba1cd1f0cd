/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/actions.h"
#include "store/preview.h"

static bool unwanted(struct ledger *l, const struct message_row *message, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *base = g_strndup(message->file, maildir_base_length(message->file));
	struct uid_row *row = uids_by_base(l, base, NULL, &why);
	bool ok = row ? uids_unwanted(l, row->id, error) : !why;
	uid_row_free(row);
	if (why)
		g_propagate_error(error, g_steal_pointer(&why));
	return ok;
}

bool action_unwanted(struct store *s, const GArray *ids, GError **error)
{
	struct index *ix = store_index(s, error);
	struct ledger *l = ix ? store_ledger(s, error) : NULL;
	for (guint i = 0; l && i < ids->len; i++) {
		g_autoptr(message_row) message =
			index_message(ix, g_array_index(ids, int64_t, i), NULL);
		if (message && message->partial && !unwanted(l, message, error))
			return false;
	}
	return l != NULL;
}
