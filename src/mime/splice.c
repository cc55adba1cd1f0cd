/* SPDX-License-Identifier: MIT
 *
 * A letter within a letter: what was decrypted in the place of what was encrypted. */
#include "mime/message.h"

#include <string.h>

static void set_path(char **path, const char *prefix)
{
	char *whole = g_strconcat(prefix, *path, NULL);
	g_free(*path);
	*path = whole;
}

static void prefix_all(struct mime_message *inner, const char *prefix)
{
	for (guint i = 0; i < inner->blocks->len; i++)
		set_path(&((struct mime_block *)inner->blocks->pdata[i])->path, prefix);
	for (guint i = 0; i < inner->parts->len; i++)
		set_path(&((struct mime_part *)inner->parts->pdata[i])->path, prefix);
	for (guint i = 0; i < inner->crypts->len; i++) {
		struct mime_crypt *c = inner->crypts->pdata[i];
		set_path(&c->path, prefix);
		set_path(&c->content, prefix);
		if (*c->signature)
			set_path(&c->signature, prefix);
	}
}

/* The text with an empty line between what was there and what comes in. */
static char *join(const char *text, const struct mime_block *at, const char *inner)
{
	const char *behind = text + at->start + at->length;
	bool open = *inner && inner[strlen(inner) - 1] != '\n';
	g_autofree char *before = g_strndup(text, at->start);
	return g_strconcat(before, inner, open ? "\n" : "", behind, NULL);
}

static void splice_spans(GArray *to, const struct mime_block *at, const GArray *inner, int grown)
{
	guint behind = at->start + at->length, i = 0;
	while (i < to->len && g_array_index(to, struct mime_span, i).start < at->start)
		i++;
	while (i < to->len && g_array_index(to, struct mime_span, i).start < behind)
		g_array_remove_index(to, i);
	for (guint k = i; k < to->len; k++)
		g_array_index(to, struct mime_span, k).start += (guint)grown;
	g_array_insert_vals(to, i, inner->data, inner->len);
	for (guint k = 0; k < inner->len; k++)
		g_array_index(to, struct mime_span, i + k).start += at->start;
}

static void splice_blocks(GPtrArray *to, guint index, GPtrArray *inner, int grown)
{
	guint start = ((struct mime_block *)to->pdata[index])->start;
	for (guint k = index + 1; k < to->len; k++)
		((struct mime_block *)to->pdata[k])->start += (guint)grown;
	g_ptr_array_remove_index(to, index);
	for (guint k = 0; k < inner->len; k++) {
		struct mime_block *b = inner->pdata[k];
		b->start += start;
		g_ptr_array_insert(to, (gint)(index + k), b);
	}
}

static guint part_index(const GPtrArray *parts, const char *path)
{
	for (guint i = 0; i < parts->len; i++)
		if (strcmp(((struct mime_part *)parts->pdata[i])->path, path) == 0)
			return i + 1;
	return parts->len;
}

static void splice_parts(GPtrArray *to, const char *path, GPtrArray *inner)
{
	guint at = part_index(to, path);
	int depth =
		at > 0 && at <= to->len ? ((struct mime_part *)to->pdata[at - 1])->depth + 1 : 0;
	for (guint k = 0; k < inner->len; k++) {
		struct mime_part *p = inner->pdata[k];
		p->depth += depth;
		g_ptr_array_insert(to, (gint)(at + k), p);
	}
}

/* What was moved is not freed with its array. */
static GPtrArray *taken(GPtrArray **from, GPtrArray *(*empty)(void))
{
	GPtrArray *all = *from;
	*from = empty();
	g_ptr_array_set_free_func(all, NULL);
	return all;
}

static GPtrArray *no_parts(void)
{
	g_autoptr(mime_message) m = mime_message_new();
	return g_ptr_array_ref(m->parts);
}

void mime_message_splice(
	struct mime_message *m, guint block, struct mime_message *inner, const char *prefix)
{
	struct mime_block at = *(struct mime_block *)m->blocks->pdata[block];
	g_autofree char *path = g_strdup(at.path);
	char *text = join(m->text, &at, inner->text ? inner->text : "");
	int grown = (int)strlen(text) - (int)strlen(m->text);
	prefix_all(inner, prefix);
	splice_spans(m->spans, &at, inner->spans, grown);
	g_autoptr(GPtrArray) blocks = taken(&inner->blocks, mime_blocks_new);
	g_autoptr(GPtrArray) parts = taken(&inner->parts, no_parts);
	g_autoptr(GPtrArray) links = taken(&inner->links, mime_links_new);
	splice_blocks(m->blocks, block, blocks, grown);
	splice_parts(m->parts, path, parts);
	for (guint i = 0; i < links->len; i++)
		g_ptr_array_add(m->links, links->pdata[i]);
	g_free(m->text);
	m->text = text;
	m->laid_for = MAX(m->laid_for, inner->laid_for);
	m->truncated = m->truncated || inner->truncated;
	m->guessed = m->guessed || inner->guessed;
	m->kinds |= inner->kinds;
	m->languages |= inner->languages;
	for (guint i = 0; i < inner->warnings->len; i++)
		g_ptr_array_add(m->warnings, g_strdup(inner->warnings->pdata[i]));
}
