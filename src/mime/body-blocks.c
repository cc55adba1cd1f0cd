/* SPDX-License-Identifier: MIT */
#include "mime/body-private.h"

#include <string.h>

#include "mime/itip.h"
#include "mime/vcard.h"

struct mime_block *body_add_block(struct body *b, enum mime_block_kind kind,
	GMimeObject *object, size_t start)
{
	const char *path = object ? g_hash_table_lookup(b->paths, object) : NULL;
	if (b->text->len == start)
		return NULL;
	struct mime_block *block = mime_blocks_add(b->blocks);
	block->kind = kind;
	block->path = g_strdup(path ? path : "");
	block->start = (guint)start;
	block->length = (guint)(b->text->len - start);
	block->charset = g_strdup("");
	return block;
}

static const enum mime_crypt_kind armour_kinds[] = {
	[ARMOUR_MESSAGE] = MIME_CRYPT_INLINE_ENCRYPTED,
	[ARMOUR_SIGNED] = MIME_CRYPT_INLINE_SIGNED,
	[ARMOUR_KEYS] = MIME_CRYPT_INLINE_KEYS,
};

struct mime_crypt *body_add_armour(
	struct body *b, GMimeObject *object, const struct armour *a, guint number)
{
	const char *path = object ? g_hash_table_lookup(b->paths, object) : NULL;
	if (b->crypts->len >= MIME_CRYPTS_MOST)
		return NULL;
	struct mime_crypt *c = mime_crypts_add(b->crypts);
	c->kind = armour_kinds[a->kind];
	c->path = g_strdup(path ? path : "");
	c->content = g_strdup(c->path);
	c->signature = g_strdup("");
	c->number = number;
	return c;
}

static bool has_card(const struct body *b, const GPtrArray *card)
{
	static const char *const names[] = {"method", "uid", "sequence", "recurrence"};
	for (guint i = 0; i < b->blocks->len; i++) {
		const struct mime_block *other = b->blocks->pdata[i];
		bool same = other->kind == MIME_BLOCK_INVITATION;
		for (size_t n = 0; n < G_N_ELEMENTS(names); n++)
			same = same && g_strcmp0(itip_fact(card, names[n]),
					       itip_fact(other->fields, names[n])) == 0;
		if (same)
			return true;
	}
	return false;
}

/* What a card tells, and the same as text. */
static void put_card(struct body *b, enum mime_block_kind kind, GMimeObject *object,
	GPtrArray *card, const char *text)
{
	g_autofree char *shown = mime_clean_body(text);
	size_t start = text_append(b->text, shown, &b->truncated);
	struct mime_block *block = body_add_block(b, kind, object, start);
	if (block)
		g_ptr_array_extend_and_steal(block->fields, g_ptr_array_ref(card));
}

static void put_event(struct body *b, GMimeObject *object, GPtrArray *card)
{
	g_autofree char *text = itip_text(card);
	put_card(b, MIME_BLOCK_INVITATION, object, card, text);
}

static char *decode(const struct body *b, struct letter *l, GMimeObject *object,
	const GByteArray *octets)
{
	const char *data = octets->data ? (const char *)octets->data : "";
	struct charset_used used;
	if (b->chosen)
		return charset_decode_as(l->charsets, data, octets->len, b->chosen, &used);
	return charset_decode(
		l->charsets, data, octets->len, node_parameter(object, "charset"), &used);
}

bool body_read_calendar(struct body *b, struct letter *l, GMimeObject *object)
{
	bool cut;
	g_autoptr(GByteArray) octets = letter_content(GMIME_PART(object), ITIP_OCTETS, &cut);
	g_autofree char *utf8 = cut ? NULL : decode(b, l, object, octets);
	g_autoptr(GPtrArray) cards = utf8 ? itip_cards(utf8, strlen(utf8)) : NULL;
	for (guint i = 0; cards && i < cards->len; i++)
		if (!has_card(b, cards->pdata[i]))
			put_event(b, object, cards->pdata[i]);
	return cards && cards->len > 0;
}

static bool is_contact(const char *type)
{
	return strcmp(type, "text/vcard") == 0 || strcmp(type, "text/x-vcard") == 0 ||
	       strcmp(type, "text/directory") == 0;
}

bool body_read_contact(struct body *b, struct letter *l, GMimeObject *object, const char *type)
{
	bool cut;
	if (!is_contact(type))
		return false;
	g_autoptr(GByteArray) octets = letter_content(GMIME_PART(object), VCARD_OCTETS, &cut);
	g_autofree char *utf8 = decode(b, l, object, octets);
	g_autoptr(GPtrArray) facts = vcard_facts(l->charsets, utf8);
	if (facts->len == 0)
		return false;
	g_autofree char *text = vcard_text(facts);
	put_card(b, MIME_BLOCK_CONTACT, object, facts, text);
	return true;
}
