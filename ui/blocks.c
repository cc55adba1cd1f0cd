/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/blocks.h"
#include "base/width.h"
#include "ui/crypt-frame.h"
#include "ui/fate.h"

void block_text(struct block_page *page, const struct mime_block *b)
{
	struct rich_text t = {page->mime, b->start, b->length, page->fold};
	layout_rich(page->lines, &t, page->width);
}

void block_set_off(struct block_page *page, guint first)
{
	for (guint i = first; i < page->lines->len; i++)
		((struct text_line *)page->lines->pdata[i])->label = 0;
}

/* Who wrote what follows. */
void block_forwarded(struct block_page *page, const struct mime_block *b)
{
	guint first = page->lines->len;
	layout_text(page->lines, _("A letter within:"), page->width, THEME_HINT);
	for (guint i = 0; i < b->fields->len; i++) {
		const struct mime_header *h = b->fields->pdata[i];
		g_autofree char *name = g_strdup_printf("  %s:", h->name);
		layout_field(page->lines, name, h->value, page->width, THEME_QUOTE1);
	}
	block_set_off(page, first);
}

static const struct crypt_find *problem_of(const struct block_page *page, const struct mime_block *b)
{
	size_t len = strlen(b->path);
	for (guint i = 0; page->crypt && i < page->crypt->finds->len; i++) {
		const struct crypt_find *f = page->crypt->finds->pdata[i];
		if (f->problem && strncmp(f->path, b->path, len) == 0 && strchr("!#", f->path[len]))
			return f;
	}
	return NULL;
}

/* What could not be decrypted: why, and what can be done. */
void block_encrypted(struct block_page *page, const struct mime_block *b)
{
	const struct crypt_find *f = problem_of(page, b);
	const char *hint = !f ? NULL
		: f->code == CRYPT_ERROR_WITHHELD ? _("Press %s to see it nevertheless.")
		: f->code == CRYPT_ERROR_PASSPHRASE || f->code == CRYPT_ERROR_CANCELLED
		? _("Press %s to type the passphrase.") : NULL;
	if (!f) {
		block_text(page, b);
		return;
	}
	layout_text(page->lines, f->problem, page->width, THEME_WARNING);
	if (!hint || !page->decrypt)
		return;
	g_auto(GStrv) halves = g_strsplit(hint, "%s", 2);
	g_autofree char *text = g_strjoinv(page->decrypt, halves);
	layout_text(page->lines, text, page->width, THEME_HINT);
}

/* The fields of a report stand in its card already, if that has room for all. */
static bool is_told(const struct block_page *page, const struct mime_block *b)
{
	const struct mime_report *r = page->mime->report;
	return b->kind == MIME_BLOCK_REPORT && r && r->outcomes->len <= FATES_MOST;
}

static block_draw *const functions[] = {
	[MIME_BLOCK_TEXT] = block_text,
	[MIME_BLOCK_HTML] = block_text,
	[MIME_BLOCK_FORWARDED] = block_forwarded,
	[MIME_BLOCK_PATCH] = block_patch,
	[MIME_BLOCK_CONTACT] = block_contact,
	[MIME_BLOCK_ENCRYPTED] = block_encrypted,
	[MIME_BLOCK_INVITATION] = block_invitation,
};

static void draw(struct block_page *page, const struct mime_block *b)
{
	block_draw *function =
		b->kind < G_N_ELEMENTS(functions) ? functions[b->kind] : NULL;
	if (page->lines->len > 0)
		layout_text(page->lines, "", page->width, THEME_NORMAL);
	(function ? function : block_text)(page, b);
}

void blocks_layout(struct block_page *page)
{
	const char *text = page->mime->text ? page->mime->text : "";
	struct mime_block all = {.kind = MIME_BLOCK_TEXT, .length = (guint)strlen(text)};
	struct crypt_frame frame;
	int width = page->width;
	page->width = crypt_frame_begin(&frame, page->crypt, page->lines, width);
	if (page->mime->blocks->len == 0)
		draw(page, &all);
	for (guint i = 0; i < page->mime->blocks->len; i++) {
		const struct mime_block *b = page->mime->blocks->pdata[i];
		crypt_frame_enter(&frame, b->path);
		if (!is_told(page, b))
			draw(page, b);
	}
	crypt_frame_end(&frame);
	page->width = width;
}
