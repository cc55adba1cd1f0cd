/* SPDX-License-Identifier: MIT
 *
 * What is said to be signed or encrypted, and its way over the wire. */
#include "mime/message.h"

#include <string.h>

static const char *const words[] = {
#define CRYPT(name, word) word,
#include "mime/crypts.def"
#undef CRYPT
};

const char *mime_crypt_word(guint kind)
{
	return kind < G_N_ELEMENTS(words) ? words[kind] : NULL;
}

int mime_crypt_named(const char *word)
{
	return record_word(word, words, G_N_ELEMENTS(words));
}

static void crypt_free(void *data)
{
	struct mime_crypt *c = data;
	g_free(c->path);
	g_free(c->content);
	g_free(c->signature);
	g_free(c);
}

GPtrArray *mime_crypts_new(void)
{
	return g_ptr_array_new_with_free_func(crypt_free);
}

struct mime_crypt *mime_crypts_add(GPtrArray *crypts)
{
	struct mime_crypt *c = g_new0(struct mime_crypt, 1);
	g_ptr_array_add(crypts, c);
	return c;
}

/* --- on the wire --------------------------------------------------------------- */

void mime_crypts_encode(const GPtrArray *crypts, struct record *r)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; i < crypts->len; i++) {
		const struct mime_crypt *c = crypts->pdata[i];
		JsonObject *o = json_object_new();
		json_object_set_string_member(o, "kind", mime_crypt_word(c->kind));
		json_object_set_string_member(o, "path", c->path);
		json_object_set_string_member(o, "content", c->content);
		json_object_set_string_member(o, "signature", c->signature);
		json_object_set_int_member(o, "number", c->number);
		json_object_set_boolean_member(o, "whole", c->whole);
		json_array_add_object_element(array, o);
	}
	record_set_array(r, "crypts", array);
}

void mime_crypts_decode(const struct record *r, GPtrArray *to)
{
	JsonArray *array = record_array(r, "crypts");
	guint n = array ? MIN(json_array_get_length(array), MIME_CRYPTS_MOST) : 0;
	for (guint i = 0; i < n; i++) {
		JsonNode *node = json_array_get_element(array, i);
		JsonObject *o = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
		int kind = mime_crypt_named(json_string(o, "kind"));
		if (kind < 0)
			continue;
		struct mime_crypt *c = mime_crypts_add(to);
		c->kind = (enum mime_crypt_kind)kind;
		c->path = mime_clean_line(json_string(o, "path"));
		c->content = mime_clean_line(json_string(o, "content"));
		c->signature = mime_clean_line(json_string(o, "signature"));
		c->number = (guint)CLAMP(json_int(o, "number"), 0, G_MAXINT);
		c->whole = json_bool(o, "whole");
	}
}
