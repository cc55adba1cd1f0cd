/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "store/actions.h"
#include "store/maildir.h"
#include "store/sync-private.h"

int64_t action_add(struct store *s, const char *folder, const void *data, size_t len,
	unsigned flags, GError **error)
{
	int64_t folder_id, id = 0;
	g_autoptr(GPtrArray) bases = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = NULL;
	struct index *ix = store_index(s, error);
	if (!ix || !store_make_folder(s, folder, error) ||
		!(path = store_folder_path(s, folder, error)))
		return 0;
	char *base = maildir_deliver(path, data, len, flags, error);
	if (!base)
		return 0;
	g_ptr_array_add(bases, base);
	if (!sync_letters(s, folder, bases, error) ||
		!index_folder_id(ix, folder, &folder_id, error) ||
		!index_number(ix, 0, &id, error,
			"SELECT id FROM message WHERE folder = ? AND base = ?", "is", folder_id,
			base))
		return 0;
	if (id == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
			_("the message was taken away as soon as it was added"));
	return id;
}
