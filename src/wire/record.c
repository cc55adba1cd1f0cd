/* SPDX-License-Identifier: MIT */
#include "wire/record.h"

#include <string.h>

#include "wire/codes.h"

struct record {
	JsonNode *root;
	JsonObject *object; /* root's */
};

static struct record *wrap(JsonNode *root)
{
	struct record *r = g_new(struct record, 1);
	r->root = root;
	r->object = json_node_get_object(root);
	return r;
}

struct record *record_new(const char *kind, const char *name)
{
	JsonNode *root = json_node_new(JSON_NODE_OBJECT);
	json_node_take_object(root, json_object_new());
	return record_set_string(wrap(root), kind, name);
}

void record_free(struct record *r)
{
	if (!r)
		return;
	json_node_unref(r->root);
	g_free(r);
}

/* json-glib calls itself for each level, and would end on a line of brackets. */
static bool is_deep(const char *line, gssize len)
{
	bool quoted = false, escaped = false;
	int depth = 0;
	for (gssize i = 0; len < 0 ? line[i] != '\0' : i < len; i++) {
		char c = line[i];
		if (quoted)
			quoted = escaped || c != '"';
		else if (c == '"')
			quoted = true;
		else if (c == '[' || c == '{')
			depth++;
		else if (c == ']' || c == '}')
			depth--;
		escaped = quoted && !escaped && c == '\\';
		if (depth > RECORD_DEPTH)
			return true;
	}
	return false;
}

struct record *record_parse(const char *line, gssize len, GError **error)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	g_autoptr(GError) why = NULL;
	if (is_deep(line, len)) {
		g_set_error(error, WIRE_ERROR, CODE_PROTOCOL, _("not a record: %s"),
			_("it is nested too deeply"));
		return NULL;
	}
	if (!json_parser_load_from_data(parser, line, len, &why)) {
		g_set_error(error, WIRE_ERROR, CODE_PROTOCOL, _("not a record: %s"), why->message);
		return NULL;
	}
	JsonNode *root = json_parser_get_root(parser);
	if (!root || !JSON_NODE_HOLDS_OBJECT(root)) {
		g_set_error(error, WIRE_ERROR, CODE_PROTOCOL, _("not a record: %s"),
			_("a JSON object is wanted"));
		return NULL;
	}
	return wrap(json_parser_steal_root(parser));
}

char *record_line(const struct record *r)
{
	return json_to_string(r->root, FALSE);
}

struct record *record_set_string(struct record *r, const char *key, const char *value)
{
	if (!value)
		return r;
	g_autofree char *valid = g_utf8_make_valid(value, -1);
	json_object_set_string_member(r->object, key, valid);
	return r;
}

struct record *record_set_int(struct record *r, const char *key, int64_t value)
{
	json_object_set_int_member(r->object, key, value);
	return r;
}

struct record *record_set_bool(struct record *r, const char *key, bool value)
{
	json_object_set_boolean_member(r->object, key, value);
	return r;
}

struct record *record_set_array(struct record *r, const char *key, JsonArray *value)
{
	json_object_set_array_member(r->object, key, value);
	return r;
}

int record_word(const char *word, const char *const *words, guint n)
{
	for (guint i = 0; i < n; i++)
		if (g_strcmp0(word, words[i]) == 0)
			return (int)i;
	return -1;
}

const char *record_string(const struct record *r, const char *key)
{
	return json_string(r->object, key);
}

int64_t record_int(const struct record *r, const char *key)
{
	return json_int(r->object, key);
}

bool record_bool(const struct record *r, const char *key)
{
	return json_bool(r->object, key);
}

JsonArray *record_array(const struct record *r, const char *key)
{
	return json_array(r->object, key);
}

bool record_has(const struct record *r, const char *key)
{
	return json_object_has_member(r->object, key);
}

bool record_is(const struct record *r, const char *kind, const char *name)
{
	const char *value = record_string(r, kind);
	return value && strcmp(value, name) == 0;
}

/* A member of another type than the one wanted is treated as not there. */
static JsonNode *member(JsonObject *o, const char *key, GType type)
{
	JsonNode *node = o ? json_object_get_member(o, key) : NULL;
	if (!node || !JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != type)
		return NULL;
	return node;
}

const char *json_string(JsonObject *o, const char *key)
{
	JsonNode *node = member(o, key, G_TYPE_STRING);
	return node ? json_node_get_string(node) : NULL;
}

const char *json_element(JsonArray *array, guint i)
{
	JsonNode *node = json_array_get_element(array, i);
	bool string =
		JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
	return string ? json_node_get_string(node) : "";
}

int64_t json_int(JsonObject *o, const char *key)
{
	JsonNode *node = member(o, key, G_TYPE_INT64);
	return node ? json_node_get_int(node) : 0;
}

bool json_bool(JsonObject *o, const char *key)
{
	JsonNode *node = member(o, key, G_TYPE_BOOLEAN);
	return node && json_node_get_boolean(node);
}

JsonObject *json_object(JsonObject *o, const char *key)
{
	JsonNode *node = o ? json_object_get_member(o, key) : NULL;
	return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

JsonArray *json_array(JsonObject *o, const char *key)
{
	JsonNode *node = o ? json_object_get_member(o, key) : NULL;
	return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}
