/* SPDX-License-Identifier: MIT
 *
 * The key that a sender has sent along (Autocrypt, level 1): of a letter of one sender,
 * from the only such field that is of his address. */
#include "mime/letter.h"

#include <string.h>

enum { FIELDS_MOST = 20, KEY_MOST = 64 * 1024, KEY_LEAST = 64 };

struct offer {
	char *address, *key;
	bool mutual, critical;
};

static void offer_clear(struct offer *o)
{
	g_free(o->address);
	g_free(o->key);
	*o = (struct offer){0};
}

/* Base64 without its blanks; NULL: it is none. */
static char *key_of(const char *value)
{
	GString *key = g_string_new(NULL);
	for (const char *at = value; *at; at++)
		if (!g_ascii_isspace(*at))
			g_string_append_c(key, *at);
	size_t len = strspn(key->str, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "+/");
	len += strspn(key->str + len, "=");
	bool good = len == key->len && len >= KEY_LEAST && len <= KEY_MOST;
	return g_string_free(key, !good);
}

static void replace(char **at, char *value)
{
	g_free(*at);
	*at = value;
}

/* What is not known makes all of it invalid, unless it begins with '_'. */
static void take_attribute(struct offer *o, char *text)
{
	char *value = strchr(text, '=');
	if (!value) {
		o->critical = o->critical || *g_strstrip(text);
		return;
	}
	*value++ = '\0';
	g_strstrip(text);
	g_strstrip(value);
	if (g_ascii_strcasecmp(text, "addr") == 0)
		replace(&o->address, g_strdup(value));
	else if (g_ascii_strcasecmp(text, "keydata") == 0)
		replace(&o->key, key_of(value));
	else if (g_ascii_strcasecmp(text, "prefer-encrypt") == 0)
		o->mutual = strcmp(value, "mutual") == 0;
	else
		o->critical = o->critical || *text != '_';
}

static bool read_offer(const char *raw, const char *sender, struct offer *o)
{
	g_autofree char *text = g_strndup(raw, strnlen(raw, 2 * KEY_MOST));
	g_auto(GStrv) attributes = g_strsplit(text, ";", FIELDS_MOST);
	for (char **at = attributes; *at; at++)
		take_attribute(o, *at);
	return o->address && o->key && !o->critical && g_ascii_strcasecmp(o->address, sender) == 0;
}

void letter_autocrypt(const struct letter *l, struct mime_trace *t)
{
	g_autoptr(GPtrArray) from = mime_addresses_new();
	const char *raw = fields_get(l->fields, "From", 0);
	struct offer found = {0};
	if (!raw || fields_get(l->fields, "From", 1))
		return;
	letter_addresses(l, raw, from);
	for (guint i = 0; from->len == 1 && i < FIELDS_MOST; i++) {
		const struct mime_address *sender = from->pdata[0];
		const char *field = fields_get(l->fields, "Autocrypt", i);
		struct offer o = {0};
		if (!field)
			break;
		if (!read_offer(field, sender->address, &o)) {
			offer_clear(&o);
			continue;
		}
		/* Of two nobody knows which is meant. */
		bool second = found.key != NULL;
		offer_clear(&found);
		if (second) {
			offer_clear(&o);
			break;
		}
		found = o;
	}
	if (found.key)
		replace(&t->autocrypt_key, g_strdup(found.key));
	t->autocrypt_mutual = found.key && found.mutual;
	offer_clear(&found);
}
