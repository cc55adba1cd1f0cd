/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/digest.h"
#include "store/import-present.h"
#include "store/maildir.h"
#include "store/uids-private.h"

struct letter {
	const char *box; /* the path of its Maildir */
	char *file;
	bool in_new;
	bool taken;
	char sha256[65]; /* "": not made yet */
};

struct import_present {
	GPtrArray *boxes;    /* char * */
	GHashTable *by_size; /* int64_t * → GPtrArray of struct letter */
};

static void letter_free(gpointer data)
{
	struct letter *l = data;
	g_free(l->file);
	g_free(l);
}

struct import_present *import_present_new(void)
{
	struct import_present *p = g_new0(struct import_present, 1);
	p->boxes = g_ptr_array_new_with_free_func(g_free);
	p->by_size = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	return p;
}

void import_present_free(struct import_present *p)
{
	if (!p)
		return;
	g_hash_table_unref(p->by_size);
	g_ptr_array_unref(p->boxes);
	g_free(p);
}

static bool add_letter(const char *file, bool in_new, void *data)
{
	struct import_present *p = data;
	const char *box = p->boxes->pdata[p->boxes->len - 1];
	g_autofree char *path = g_build_filename(box, in_new ? "new" : "cur", file, NULL);
	struct stat st;
	if (lstat(path, &st) != 0)
		return true;
	int64_t size = st.st_size;
	GPtrArray *all = g_hash_table_lookup(p->by_size, &size);
	if (!all) {
		all = g_ptr_array_new_with_free_func(letter_free);
		g_hash_table_insert(p->by_size, g_memdup2(&size, sizeof size), all);
	}
	struct letter *l = g_new0(struct letter, 1);
	l->box = box;
	l->file = g_strdup(file);
	l->in_new = in_new;
	g_ptr_array_add(all, l);
	return true;
}

bool import_present_add(struct import_present *p, const char *path, GError **error)
{
	g_ptr_array_add(p->boxes, g_strdup(path));
	return maildir_scan(path, add_letter, p, error);
}

static bool make_digest(struct letter *l)
{
	int64_t size;
	if (l->sha256[0] != '\0')
		return true;
	g_autofree char *base = g_strndup(l->file, maildir_base_length(l->file));
	struct maildir_place hint = {l->in_new, l->file};
	int fd = maildir_open(l->box, base, &hint, NULL, NULL);
	bool ok = fd >= 0 && digest_file(fd, &size, l->sha256, NULL);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool import_present_take(struct import_present *p, int64_t size, const uint8_t *sha256)
{
	const GPtrArray *all = g_hash_table_lookup(p->by_size, &size);
	char wanted[65];
	uids_hex(sha256, wanted);
	for (guint i = 0; all && i < all->len; i++) {
		struct letter *l = all->pdata[i];
		if (l->taken || !make_digest(l) || strcmp(l->sha256, wanted) != 0)
			continue;
		l->taken = true;
		return true;
	}
	return false;
}
