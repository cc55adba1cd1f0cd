/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/delivery.h"
#include "store/digest.h"
#include "store/fail.h"
#include "store/import-reader.h"
#include "store/import.h"
#include "store/maildir.h"
#include "store/uids-private.h"

enum { BATCH = 500, BATCH_OCTETS = 32 << 20, DEEPEST = 16 };

/* A message that the folder has had before; its digest is made when a letter
 * of the same size comes, which most never meet. */
struct present {
	char *file;
	bool in_new;
	char sha256[65]; /* "": not made yet */
};

struct importer {
	struct store *store;
	char *path; /* of the folder */
	struct delivery *delivery;
	GHashTable *by_size; /* int64_t * → GPtrArray of struct present */
	struct import_result *result;
	int64_t waiting; /* ended, not committed */
	unsigned flags;  /* of the letter */
	bool to_cur;
};

static void present_free(struct present *p)
{
	g_free(p->file);
	g_free(p);
}

static char *present_path(const struct importer *im, const char *file, bool in_new)
{
	return g_build_filename(im->path, in_new ? "new" : "cur", file, NULL);
}

static bool add_present(const char *file, bool in_new, void *data)
{
	struct importer *im = data;
	g_autofree char *path = present_path(im, file, in_new);
	struct stat st;
	if (lstat(path, &st) != 0)
		return true;
	int64_t size = st.st_size;
	GPtrArray *all = g_hash_table_lookup(im->by_size, &size);
	if (!all) {
		all = g_ptr_array_new_with_free_func((GDestroyNotify)present_free);
		g_hash_table_insert(im->by_size, g_memdup2(&size, sizeof size), all);
	}
	struct present *p = g_new0(struct present, 1);
	p->file = g_strdup(file);
	p->in_new = in_new;
	g_ptr_array_add(all, p);
	return true;
}

static bool digest_present(const struct importer *im, struct present *p)
{
	int64_t size;
	if (p->sha256[0] != '\0')
		return true;
	g_autofree char *base = g_strndup(p->file, maildir_base_length(p->file));
	struct maildir_place hint = {p->in_new, p->file};
	int fd = maildir_open(im->path, base, &hint, NULL, NULL);
	bool ok = fd >= 0 && digest_file(fd, &size, p->sha256, NULL);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool is_present(const struct importer *im, int64_t size, const uint8_t *digest)
{
	const GPtrArray *all = g_hash_table_lookup(im->by_size, &size);
	char sha256[65];
	uids_hex(digest, sha256);
	for (guint i = 0; all && i < all->len; i++)
		if (digest_present(im, all->pdata[i]) &&
			strcmp(((struct present *)all->pdata[i])->sha256, sha256) == 0)
			return true;
	return false;
}

/* --- a letter ----------------------------------------------------------------- */

static bool commit(struct importer *im, GError **error)
{
	if (!delivery_commit(im->delivery, NULL, NULL, error))
		return false;
	im->result->messages += im->waiting;
	im->waiting = 0;
	return true;
}

static bool begin_letter(struct importer *im, unsigned flags, bool to_cur, GError **error)
{
	im->flags = flags;
	im->to_cur = to_cur;
	return delivery_begin(im->delivery, NULL, error);
}

static bool end_letter(struct importer *im, GError **error)
{
	int64_t size, octets;
	const uint8_t *digest;
	if (!delivery_digest(im->delivery, &size, &digest, error))
		return false;
	if (is_present(im, size, digest)) {
		delivery_abort(im->delivery);
		im->result->skipped++;
		return true;
	}
	if (im->to_cur)
		delivery_set_flags(im->delivery, im->flags);
	if (!delivery_end(im->delivery, error))
		return false;
	im->waiting++;
	if (delivery_waiting(im->delivery, &octets) < BATCH && octets < BATCH_OCTETS)
		return true;
	return commit(im, error);
}

static bool import_letter(struct importer *im, struct import_reader *r, GError **error)
{
	struct import_line line;
	g_autoptr(GError) why = NULL;
	while (import_reader_next(r, &line, &why))
		if (!delivery_write(im->delivery, line.text, line.len, error))
			return false;
	if (!why)
		return end_letter(im, error);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

/* --- mbox --------------------------------------------------------------------- */

struct mbox {
	struct importer *im;
	bool open;   /* a letter is begun */
	bool header; /* in its header */
	bool blank;  /* an empty line is held back: the last one of a letter is the mbox's */
};

/* What mutt, Dovecot and others note in the header of a letter in an mbox. */
static const struct {
	const char *field;
	char letter;
	unsigned flag; /* 0: merely not new */
} marks[] = {
	{"Status:", 'R', FLAG_SEEN},
	{"Status:", 'O', 0},
	{"X-Status:", 'A', FLAG_REPLIED},
	{"X-Status:", 'F', FLAG_FLAGGED},
	{"X-Status:", 'T', FLAG_DRAFT},
	{"X-Status:", 'D', FLAG_TRASHED},
};

static void note_marks(struct importer *im, const char *text, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		size_t name = strlen(marks[i].field);
		if (len <= name || g_ascii_strncasecmp(text, marks[i].field, name) != 0 ||
			!memchr(text + name, marks[i].letter, len - name))
			continue;
		im->flags |= marks[i].flag;
		im->to_cur = true;
	}
}

static bool end_of_letter(struct mbox *m, GError **error)
{
	bool open = m->open;
	m->open = m->blank = false;
	return !open || end_letter(m->im, error);
}

static bool next_letter(struct mbox *m, GError **error)
{
	if (!end_of_letter(m, error))
		return false;
	m->open = m->header = true;
	return begin_letter(m->im, 0, false, error);
}

/* ">From ", ">>From ": one sign less. */
static bool is_quoted(const char *text, size_t len)
{
	size_t i = 0;
	while (i < len && text[i] == '>')
		i++;
	return i > 0 && len - i >= 5 && memcmp(text + i, "From ", 5) == 0;
}

static bool write_line(struct mbox *m, const struct import_line *line, GError **error)
{
	struct delivery *d = m->im->delivery;
	size_t skip = line->begins && is_quoted(line->text, line->len);
	if (m->blank && !delivery_write(d, "\n", 1, error))
		return false;
	m->blank = line->begins && line->len == 1 && line->text[0] == '\n';
	if (m->header && m->blank)
		m->header = false;
	if (m->header && line->begins)
		note_marks(m->im, line->text, line->len);
	return m->blank || delivery_write(d, line->text + skip, line->len - skip, error);
}

static bool import_mbox(struct importer *im, struct import_reader *r, GError **error)
{
	struct mbox m = {.im = im};
	struct import_line line;
	g_autoptr(GError) why = NULL;
	while (import_reader_next(r, &line, &why)) {
		bool starts = line.begins && (!m.open || m.blank) &&
			      import_is_envelope(line.text, line.len);
		if (!(starts ? next_letter(&m, error) : write_line(&m, &line, error)))
			return false;
	}
	if (!why)
		return end_of_letter(&m, error);
	/* The letters before it are whole and stay. */
	delivery_abort(im->delivery);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

/* --- files and directories ---------------------------------------------------- */

static bool no_mail(const char *path, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
		_("'%s' holds no mail: it is neither an mbox nor a Maildir nor a letter"), path);
	return false;
}

/* What somebody saved as a letter is one, however broken: it is shown as it can
 * be (P-64). */
static bool is_called_letter(const char *path)
{
	return g_str_has_suffix(path, ".eml") || g_str_has_suffix(path, ".eml.gz");
}

static bool import_file(struct importer *im, const char *path, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(import_reader) r = import_reader_new(path, error);
	if (!r)
		return false;
	enum import_kind kind = import_reader_kind(r, &why);
	if (kind == IMPORT_NO_MAIL && !why && is_called_letter(path))
		kind = IMPORT_LETTER;
	switch (kind) {
	case IMPORT_MBOX:
		return import_mbox(im, r, error);
	case IMPORT_LETTER:
		return begin_letter(im, 0, false, error) && import_letter(im, r, error);
	case IMPORT_NO_MAIL:
		break;
	}
	if (!why)
		return no_mail(path, error);
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

static bool collect_name(const char *file, bool in_new, void *data)
{
	g_ptr_array_add(data, g_strconcat(in_new ? "new/" : "cur/", file, NULL));
	return true;
}

/* By base name, which is by arrival. */
static int by_file(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a + 4, *(const char *const *)b + 4);
}

static bool import_maildir(struct importer *im, const char *path, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	if (!maildir_scan(path, collect_name, names, error))
		return false;
	g_ptr_array_sort(names, by_file);
	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];
		g_autofree char *full = g_build_filename(path, name, NULL);
		g_autoptr(import_reader) r = import_reader_new(full, NULL);
		/* Removed by another program meanwhile: not there to be imported. */
		if (!r)
			continue;
		if (!begin_letter(im, maildir_flags(name + 4), name[0] == 'c', error) ||
			!import_letter(im, r, error))
			return false;
	}
	return true;
}

static bool import_any(struct importer *im, const char *path, int depth, GError **error);

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *list_directory(const char *path, GError **error)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;
	if (!dir) {
		store_fail("open", path, error);
		return NULL;
	}
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	while ((name = g_dir_read_name(dir)))
		if (name[0] != '.')
			g_ptr_array_add(names, g_build_filename(path, name, NULL));
	g_dir_close(dir);
	g_ptr_array_sort(names, by_name);
	return names;
}

/* Whatever is mail in it; that something else lies beside is no error. */
static bool import_directory(struct importer *im, const char *path, int depth, GError **error)
{
	g_autoptr(GPtrArray) names = list_directory(path, error);
	bool found = false;
	for (guint i = 0; names && i < names->len; i++) {
		g_autoptr(GError) why = NULL;
		if (import_any(im, names->pdata[i], depth + 1, &why))
			found = true;
		else if (!g_error_matches(why, STORE_ERROR, STORE_ERROR_MISSING)) {
			g_propagate_error(error, g_steal_pointer(&why));
			return false;
		}
	}
	return names && (found || no_mail(path, error));
}

static bool import_any(struct importer *im, const char *path, int depth, GError **error)
{
	struct stat st;
	/* Links are followed where the user named one, not in what lies below. */
	if ((depth == 0 ? stat : lstat)(path, &st) != 0)
		return store_fail("open", path, error);
	if (S_ISREG(st.st_mode))
		return import_file(im, path, error);
	if (!S_ISDIR(st.st_mode) || depth >= DEEPEST)
		return no_mail(path, error);
	if (maildir_is(path))
		return import_maildir(im, path, error);
	return import_directory(im, path, depth, error);
}

static bool prepare(struct importer *im, const char *folder, GError **error)
{
	im->delivery = delivery_new(im->store, NULL, folder, error);
	if (!im->delivery)
		return false;
	im->path = store_folder_path(im->store, folder, error);
	im->by_size = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
	return maildir_scan(im->path, add_present, im, error);
}

/* Also after an error: what was whole before it is kept, and counted. */
static bool finish(struct importer *im, bool ok, GError **error)
{
	delivery_abort(im->delivery);
	return commit(im, ok ? error : NULL) && ok;
}

bool import_path(struct store *s, const char *path, const char *folder,
	struct import_result *result, GError **error)
{
	struct importer im = {.store = s, .result = result};
	*result = (struct import_result){0};
	bool ok = prepare(&im, folder, error) && import_any(&im, path, 0, error);
	if (im.delivery)
		ok = finish(&im, ok, error);
	delivery_free(im.delivery);
	g_clear_pointer(&im.by_size, g_hash_table_unref);
	g_free(im.path);
	return ok;
}
