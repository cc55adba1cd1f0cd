/* SPDX-License-Identifier: MIT
 *
 * Opening a part: from the page of parts, or by its number from the letter itself. */
#include "base/base.h"

#include <string.h>

#include "ui/command.h"
#include "ui/parts.h"
#include "ui/picture.h"
#include "ui/view-message.h"

/* --- parts as they stand on a page ------------------------------------------------------ */

static void entry_free(void *data)
{
	struct part_entry *e = data;
	char *strings[] = {e->part.path, e->part.type, e->part.charset, e->part.filename,
		e->part.encoding, e->part.content, e->part.note, e->real};
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		g_free(strings[i]);
	g_free(e);
}

static bool is_letter(const struct part_entry *e)
{
	return strcmp(e->real, "message/rfc822") == 0 || strcmp(e->real, "message/global") == 0;
}

static struct part_entry *entry_new(const struct mime_part *part)
{
	struct part_entry *e = g_new0(struct part_entry, 1);
	e->part = *part;
	e->part.path = g_strdup(part->path);
	e->part.type = g_strdup(part->type);
	e->part.charset = g_strdup(part->charset);
	e->part.filename = g_strdup(part->filename);
	e->part.encoding = g_strdup(part->encoding);
	e->part.content = g_strdup(part->content);
	e->part.note = g_strdup(part->note);
	e->real = g_strdup(mime_part_real_type(part));
	e->dangers = mime_part_dangers(part);
	return e;
}

static bool is_below(const char *path, const char *above)
{
	size_t n = strlen(above);
	return n > 0 && strncmp(path, above, n) == 0 && path[n] == '.';
}

GPtrArray *part_entries(const GPtrArray *parts)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *part = parts->pdata[i];
		const struct mime_part *next = i + 1 < parts->len ? parts->pdata[i + 1] : NULL;
		if (g_str_has_prefix(part->type, "multipart/"))
			continue;
		struct part_entry *e = entry_new(part);
		e->number = (int)entries->len + 1;
		e->box = next && is_below(next->path, part->path) && !is_letter(e) &&
			 !g_str_has_prefix(part->type, "text/");
		g_ptr_array_add(entries, e);
	}
	return entries;
}

/* --- by its kind ------------------------------------------------------------------------ */

/* Of a kind that is decoded; by its content. */
static bool is_picture(const struct part_entry *e)
{
	static const char *const types[] = {
		"image/png", "image/jpeg", "image/gif", "image/webp", NULL};
	return g_strv_contains(types, e->part.content);
}

static void open_letter(const struct part_place *p)
{
	const struct mime_part *part = &p->entry->part;
	g_autoptr(letter_at) inner = letter_at_part(
		p->at, part->path, *part->filename ? part->filename : p->at->title);
	view_inner_open(p->view->ui, inner);
}

void part_open(const struct part_place *p)
{
	const struct part_entry *e = p->entry;
	struct ui *ui = p->view->ui;
	if (*e->part.note)
		ui_say(ui, "%s", e->part.note);
	else if (e->box)
		ui_say(ui, _("what is in it stands below it"));
	else if (is_letter(e))
		open_letter(p);
	else if (g_str_has_prefix(e->part.type, "text/") && strcmp(e->part.type, "text/rtf") != 0)
		part_read(p);
	else if (picture_can() && is_picture(e))
		view_picture_open(p);
	else
		part_open_outside(p);
}

/* --- by its number ---------------------------------------------------------------------- */

/* The letter of a page, or of one within; NULL: there is none, told. */
static struct letter_at *letter_here(struct ui *ui)
{
	const struct letter_at *inner = view_inner_at(ui_top(ui));
	g_autoptr(message_row) row = inner ? NULL : message_at_hand(ui);
	return inner ? letter_at_copy(inner) : row ? letter_at_row(row) : NULL;
}

static void open_number(struct view *v, const char *number)
{
	const struct mime_message *m = view_message_mime(v);
	g_autoptr(letter_at) at = m ? letter_here(v->ui) : NULL;
	if (!at)
		return;
	if (at->partial) {
		ui_complain(v->ui, _("only a preview is here: fetch the rest first"));
		return;
	}
	g_autoptr(GPtrArray) entries = part_entries(m->parts);
	for (guint i = 0; i < entries->len; i++) {
		const struct part_entry *e = entries->pdata[i];
		if (strcmp(e->part.path, number) == 0) {
			part_open(&(struct part_place){v, at, e});
			return;
		}
	}
	ui_complain(v->ui, _("there is no part '%s' here"), number);
}

static void number_typed(struct ui *ui, const char *text, void *data)
{
	struct view *v = data;
	if (text && *text && !v->closed && ui_top(ui) == v)
		open_number(v, text);
}

static void unref_view(void *data)
{
	view_unref(data);
}

/* Those that the letter names first: the others are mostly its text, and shown. */
static void complete(GPtrArray *found, const struct mime_message *m, const char *text, bool attached)
{
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *part = m->parts->pdata[i];
		if (g_str_has_prefix(part->path, text) && part_is_attached(part) == attached &&
			!g_str_has_prefix(part->type, "multipart/"))
			g_ptr_array_add(found, g_strdup(part->path));
	}
}

GPtrArray *prompt_complete_part(struct ui *ui, const char *text)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	const struct mime_message *m = view_message_mime(ui_top(ui));
	if (m) {
		complete(found, m, text, true);
		complete(found, m, text, false);
	}
	return found;
}

/* NULL: there is none, or more than one. */
static const char *only_attached(const struct mime_message *m)
{
	const char *only = NULL;
	guint count = 0;
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *part = m->parts->pdata[i];
		if (!part_is_attached(part))
			continue;
		only = part->path;
		count++;
	}
	return count == 1 ? only : NULL;
}

void command_open_attachment(struct ui *ui, const char *arg)
{
	struct view *v = ui_top(ui);
	const struct mime_message *m = view_message_mime(v);
	const char *number = arg ? arg : m ? only_attached(m) : NULL;
	struct prompt_spec spec = {.label = _("Open part number: "),
		.complete = prompt_complete_part,
		.done = number_typed,
		.data = v,
		.free = unref_view};
	if (!m)
		ui_say(ui, _("there is no letter here whose parts could be opened"));
	else if (number)
		open_number(v, number);
	else if (m->parts->len > 0) {
		view_ref(v);
		ui_prompt(ui, &spec);
	}
}
