/* SPDX-License-Identifier: MIT */
#include "ui/editor-text.h"

#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/local.h"

#define MARK ".in-"

enum { TEXT_MAX = 64 * 1024 * 1024 };

char *editor_text_give(const char *path, GError **error)
{
	if (local_is_utf8())
		return g_strdup(path);
	g_autofree char *text = fdio_read_file(path, TEXT_MAX, NULL, error);
	if (!text)
		return NULL;
	g_autofree char *octets = local_encode(text, -1);
	g_autofree char *copy = g_strconcat(path, MARK, local_charset(), NULL);
	return fdio_replace_file(copy, octets, strlen(octets), error) ? g_steal_pointer(&copy)
								      : NULL;
}

/* Editors leave "FILE.in-KOI8-R~" and the like: no name of a charset ends so. */
static bool is_charset(const char *name)
{
	GIConv converter = *name ? g_iconv_open("UTF-8", name) : (GIConv)-1;
	if (converter == (GIConv)-1)
		return false;
	g_iconv_close(converter);
	return true;
}

/* The name of the copy; NULL: there is none. */
static char *find_copy(const char *path)
{
	g_autofree char *parent = g_path_get_dirname(path);
	g_autofree char *base = g_path_get_basename(path);
	g_autofree char *prefix = g_strconcat(base, MARK, NULL);
	g_autoptr(GDir) dir = g_dir_open(parent, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir)))
		if (g_str_has_prefix(name, prefix) && is_charset(name + strlen(prefix)))
			return g_build_filename(parent, name, NULL);
	return NULL;
}

/* What was given for each line → the lines themselves, in their order: two may look alike. */
static GHashTable *lines_given(char **lines)
{
	GHashTable *given = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_queue_free);
	for (; *lines; lines++) {
		char *key = local_encode(*lines, -1);
		GQueue *same = g_hash_table_lookup(given, key);
		if (!same)
			g_hash_table_insert(given, key, same = g_queue_new());
		else
			g_free(key);
		g_queue_push_tail(same, *lines);
	}
	return given;
}

static void append_line(GString *out, const char *line, GHashTable *given)
{
	GQueue *same = g_hash_table_lookup(given, line);
	const char *original = same ? g_queue_peek_head(same) : NULL;
	g_autofree char *typed = original ? NULL : local_decode(line, -1);
	g_string_append(out, original ? original : typed);
	if (same && g_queue_get_length(same) > 1)
		g_queue_pop_head(same);
}

static char *merge(const char *before, const char *edited)
{
	g_auto(GStrv) lines = g_strsplit(before, "\n", -1);
	g_auto(GStrv) left = g_strsplit(edited, "\n", -1);
	g_autoptr(GHashTable) given = lines_given(lines);
	GString *out = g_string_new(NULL);
	for (char **line = left; *line; line++) {
		if (line > left)
			g_string_append_c(out, '\n');
		append_line(out, *line, given);
	}
	return g_string_free(out, FALSE);
}

static char *read_copy(const char *path, const char *copy, GError **error)
{
	const char *charset = copy + strlen(path) + strlen(MARK);
	g_autofree char *edited = fdio_read_file(copy, TEXT_MAX, NULL, error);
	if (!edited)
		return NULL;
	/* From a run in another locale: its lines cannot be compared. */
	if (strcmp(charset, local_charset()) != 0)
		return g_convert_with_fallback(
			edited, -1, "UTF-8", charset, "?", NULL, NULL, error);
	g_autofree char *before = fdio_read_file(path, TEXT_MAX, NULL, NULL);
	return merge(before ? before : "", edited);
}

bool editor_text_take(const char *path, GError **error)
{
	g_autofree char *copy = find_copy(path);
	if (!copy)
		return true;
	g_autofree char *text = read_copy(path, copy, error);
	if (!text || !fdio_replace_file(path, text, strlen(text), error))
		return false;
	unlink(copy);
	return true;
}
