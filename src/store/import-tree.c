/* SPDX-License-Identifier: MIT
 *
 * What lies in a directory, and the names of the folders it goes to. */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>

#include "base/sanitize.h"
#include "store/fail.h"
#include "store/import-private.h"
#include "store/maildir.h"

enum { DEEPEST = 16 };

struct tree {
	const struct import_options *options;
	GPtrArray *mailboxes;
};

static void mailbox_free(struct mailbox *m)
{
	g_free(m->path);
	g_free(m->folder);
	g_free(m->own);
	g_free(m);
}

static void add(struct tree *t, enum mailbox_kind kind, const char *path, const char *folder,
	const char *own)
{
	struct mailbox *m = g_new0(struct mailbox, 1);
	m->kind = kind;
	m->path = g_strdup(path);
	m->folder = g_strdup(folder);
	m->own = g_strdup(own);
	g_ptr_array_add(t->mailboxes, m);
}

/* --- names of folders ------------------------------------------------------------ */

/* "&BB8EQAQ4-" (RFC 3501 section 5.1.3): names in Maildir++ are those of IMAP. */
static void decode_shifted(GString *out, const char *text, size_t len)
{
	g_autofree char *base64 = g_strndup(text, len);
	gsize octets;
	g_strdelimit(base64, ",", '/');
	g_autofree char *padded = g_strconcat(base64, &"==="[3 - (4 - len % 4) % 4], NULL);
	g_autofree guchar *utf16 = g_base64_decode(padded, &octets);
	g_autofree char *utf8 =
		g_convert((char *)utf16, (gssize)octets, "UTF-8", "UTF-16BE", NULL, NULL, NULL);
	if (utf8)
		g_string_append(out, utf8);
	else
		g_string_append_printf(out, "&%.*s-", (int)len, text);
}

static char *decode_imap(const char *name)
{
	GString *out = g_string_new(NULL);
	while (*name) {
		const char *end = *name == '&' ? strchr(name, '-') : NULL;
		if (!end) {
			g_string_append_c(out, *name++);
			continue;
		}
		if (end == name + 1)
			g_string_append_c(out, '&');
		else
			decode_shifted(out, name + 1, (size_t)(end - name - 1));
		name = end + 1;
	}
	return g_string_free(out, FALSE);
}

/* One part of a name as it may stand in a store. */
static char *legal_part(const char *part)
{
	static const char *const reserved[] = {"", "cur", "new", "tmp", NULL};
	g_autofree char *utf8 = g_utf8_make_valid(part, -1);
	char *clean = sanitize_line(utf8, -1);
	g_strdelimit(clean, "/", '_');
	if (clean[0] == '.')
		clean[0] = '_';
	if (!g_strv_contains(reserved, clean))
		return clean;
	char *other = g_strconcat(clean, "_", NULL);
	g_free(clean);
	return other;
}

/* The folders every store has, however they are written. */
static const char *known(const char *name)
{
	static const char *const fixed[] = {
		FOLDER_INBOX, FOLDER_SENT, FOLDER_DRAFTS, FOLDER_TRASH, FOLDER_ARCHIVE};
	for (size_t i = 0; i < G_N_ELEMENTS(fixed); i++)
		if (g_ascii_strcasecmp(name, fixed[i]) == 0)
			return fixed[i];
	return name;
}

/* below: "" for the store itself. */
static char *child(const char *below, const char *name)
{
	g_autofree char *part = legal_part(name);
	return *below ? g_strconcat(below, "/", part, NULL) : g_strdup(known(part));
}

/* "debian.mbox.gz" → "debian". */
static char *without_endings(const char *name)
{
	static const char *const endings[] = {
		".gz", ".xz", ".zst", ".bz2", ".mbox", ".mbx", ".sbd"};
	char *bare = g_strdup(name);
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(bare, endings[i]) && strlen(bare) > strlen(endings[i]))
			bare[strlen(bare) - strlen(endings[i])] = '\0';
	return bare;
}

/* ".Lists.debian" below "" → "Lists/debian". */
static char *maildir_child(const char *below, const char *name)
{
	g_auto(GStrv) parts = g_strsplit(name + 1, ".", -1);
	char *folder = g_strdup(below);
	for (guint i = 0; parts[i]; i++) {
		g_autofree char *decoded = decode_imap(parts[i]);
		g_autofree char *old = folder;
		folder = child(old, decoded);
	}
	return folder;
}

/* --- directories -------------------------------------------------------------------- */

bool import_is_number(const char *name)
{
	return *name && strspn(name, "0123456789") == strlen(name);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

int import_by_name(gconstpointer a, gconstpointer b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	const char *m = last_part(x), *n = last_part(y);
	if (import_is_number(m) && import_is_number(n) && strlen(m) != strlen(n))
		return strlen(m) < strlen(n) ? -1 : 1;
	return strcmp(x, y);
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
		g_ptr_array_add(names, g_build_filename(path, name, NULL));
	g_dir_close(dir);
	g_ptr_array_sort(names, import_by_name);
	return names;
}

static bool is_mh(const char *path)
{
	g_autofree char *sequences = g_build_filename(path, ".mh_sequences", NULL);
	return g_file_test(sequences, G_FILE_TEST_IS_REGULAR);
}

/* Where something is collected: letters go to folder, mailboxes below it to folders
 * below "below". */
struct spot {
	const char *folder, *below;
	int depth;
};

static bool collect_directory(
	struct tree *t, const char *path, const struct spot *spot, GError **error);

/* Links are followed where the user named one, not in what lies below. */
static void collect_entry(
	struct tree *t, const char *path, const struct spot *spot, enum mailbox_kind kind)
{
	struct stat st;
	const char *name = last_part(path);
	if (lstat(path, &st) != 0)
		return;
	g_autofree char *bare = without_endings(name);
	g_autofree char *own =
		name[0] == '.' ? maildir_child(spot->below, name) : child(spot->below, bare);
	if (S_ISDIR(st.st_mode)) {
		struct spot lower = {own, own, spot->depth + 1};
		if (name[0] != '.' || (kind == MAILBOX_MAILDIR && maildir_is(path)))
			collect_directory(t, path, &lower, NULL);
	} else if (S_ISREG(st.st_mode) && name[0] != '.' && kind == MAILBOX_FILE) {
		add(t, MAILBOX_FILE, path, spot->folder, own);
	}
}

static bool is_maildirs_own(const char *name)
{
	static const char *const own[] = {"cur", "new", "tmp", NULL};
	return g_strv_contains(own, name);
}

static bool collect_directory(
	struct tree *t, const char *path, const struct spot *spot, GError **error)
{
	enum mailbox_kind kind = maildir_is(path) ? MAILBOX_MAILDIR
				 : is_mh(path)    ? MAILBOX_MH
						  : MAILBOX_FILE;
	if (spot->depth >= DEEPEST)
		return true;
	if (kind != MAILBOX_FILE)
		add(t, kind, path, spot->folder, spot->folder);
	g_autoptr(GPtrArray) names = list_directory(path, error);
	for (guint i = 0; names && i < names->len; i++)
		if (kind != MAILBOX_MAILDIR || !is_maildirs_own(last_part(names->pdata[i])))
			collect_entry(t, names->pdata[i], spot, kind);
	return names != NULL;
}

static void flatten(const struct tree *t, const char *folder)
{
	for (guint i = 0; i < t->mailboxes->len; i++) {
		struct mailbox *m = t->mailboxes->pdata[i];
		g_free(m->folder);
		g_free(m->own);
		m->folder = g_strdup(folder);
		m->own = g_strdup(folder);
	}
}

GPtrArray *import_tree(const char *path, const struct import_options *options, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)mailbox_free);
	struct tree t = {options, found};
	const char *folder = options->folder ? options->folder : FOLDER_INBOX;
	struct spot top = {folder, options->folder ? folder : "", 0};
	struct stat st;
	if (stat(path, &st) != 0) {
		store_fail("open", path, error);
		return NULL;
	}
	if (!S_ISDIR(st.st_mode))
		add(&t, MAILBOX_FILE, path, folder, folder);
	else if (!collect_directory(&t, path, &top, error))
		return NULL;
	if (options->flat)
		flatten(&t, folder);
	return g_steal_pointer(&found);
}

/* --- MH ---------------------------------------------------------------------------- */

struct sequences {
	GHashTable *flags; /* number → flags that are set */
	unsigned flag;
};

/* "1-3 7": MH's numbers are small, what is larger is nonsense. */
static void set_range(struct sequences *s, const char *range)
{
	enum { MOST = 10000000 };
	char *end;
	guint64 first = g_ascii_strtoull(range, &end, 10), last = first;
	if (*end == '-')
		last = g_ascii_strtoull(end + 1, NULL, 10);
	for (guint64 n = first; n <= last && last <= MOST; n++) {
		gpointer key = GUINT_TO_POINTER((guint)n);
		unsigned old = GPOINTER_TO_UINT(g_hash_table_lookup(s->flags, key));
		g_hash_table_insert(s->flags, key, GUINT_TO_POINTER(old | s->flag));
	}
}

/* unseen as the flag SEEN: what is in it has not been seen. */
static const struct {
	const char *name;
	unsigned flag;
} sequence_names[] = {
	{"unseen", FLAG_SEEN},
	{"flagged", FLAG_FLAGGED},
	{"replied", FLAG_REPLIED},
	{"forwarded", FLAG_PASSED},
};

GHashTable *import_sequences(const char *path)
{
	g_autofree char *file = g_build_filename(path, ".mh_sequences", NULL), *text = NULL;
	if (!g_file_get_contents(file, &text, NULL, NULL))
		return NULL;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	struct sequences s = {g_hash_table_new(g_direct_hash, g_direct_equal), 0};
	for (guint i = 0; lines[i]; i++) {
		g_auto(GStrv) words = g_strsplit_set(lines[i], ": \t\r", -1);
		s.flag = 0;
		for (size_t k = 0; words[0] && k < G_N_ELEMENTS(sequence_names); k++)
			if (strcmp(words[0], sequence_names[k].name) == 0)
				s.flag = sequence_names[k].flag;
		for (guint k = 1; s.flag && words[0] && words[k]; k++)
			if (g_ascii_isdigit(words[k][0]))
				set_range(&s, words[k]);
	}
	return s.flags;
}
