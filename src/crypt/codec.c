/* SPDX-License-Identifier: MIT */
#include "crypt/result.h"

#include "base/sanitize.h"

/* One table a struct: the way out and the way in cannot differ. */
enum kind { TEXT, NUMBER, FLAG, LEVEL, STATUS_WORD, USERS };

struct member {
	const char *key;
	enum kind kind;
	size_t offset;
	int most; /* of a LEVEL: more than that is none, 0 */
};

#define MEMBER(type, name, field, kind, most)                                                      \
	{                                                                                          \
		name, kind, offsetof(struct type, field), most                                     \
	}
#define AT(data, m, type) ((type *)(void *)((char *)(data) + (m)->offset))

static const struct member user_members[] = {
	MEMBER(crypt_user, "text", text, TEXT, 0),
	MEMBER(crypt_user, "name", name, TEXT, 0),
	MEMBER(crypt_user, "address", address, TEXT, 0),
	MEMBER(crypt_user, "validity", validity, LEVEL, CRYPT_VALIDITY_ULTIMATE),
	MEMBER(crypt_user, "revoked", revoked, FLAG, 0),
	{NULL},
};

static const struct member key_members[] = {
	MEMBER(crypt_key, "protocol", protocol, LEVEL, CRYPT_CMS),
	MEMBER(crypt_key, "fingerprint", fingerprint, TEXT, 0),
	MEMBER(crypt_key, "algorithm", algorithm, TEXT, 0),
	MEMBER(crypt_key, "issuer", issuer, TEXT, 0),
	MEMBER(crypt_key, "users", users, USERS, 0),
	MEMBER(crypt_key, "secret", secret, FLAG, 0),
	MEMBER(crypt_key, "can-sign", can_sign, FLAG, 0),
	MEMBER(crypt_key, "can-encrypt", can_encrypt, FLAG, 0),
	MEMBER(crypt_key, "expired", expired, FLAG, 0),
	MEMBER(crypt_key, "revoked", revoked, FLAG, 0),
	MEMBER(crypt_key, "disabled", disabled, FLAG, 0),
	MEMBER(crypt_key, "made", made, NUMBER, 0),
	MEMBER(crypt_key, "expires", expires, NUMBER, 0),
	{NULL},
};

static const struct member signature_members[] = {
	MEMBER(crypt_signature, "status", status, STATUS_WORD, 0),
	MEMBER(crypt_signature, "fingerprint", fingerprint, TEXT, 0),
	MEMBER(crypt_signature, "algorithm", algorithm, TEXT, 0),
	MEMBER(crypt_signature, "users", users, USERS, 0),
	MEMBER(crypt_signature, "validity", validity, LEVEL, CRYPT_VALIDITY_ULTIMATE),
	MEMBER(crypt_signature, "made", made, NUMBER, 0),
	MEMBER(crypt_signature, "expires", expires, NUMBER, 0),
	MEMBER(crypt_signature, "reason", reason, TEXT, 0),
	{NULL},
};

static const struct member recipient_members[] = {
	MEMBER(crypt_recipient, "key", key, TEXT, 0),
	MEMBER(crypt_recipient, "user", user, TEXT, 0),
	MEMBER(crypt_recipient, "ours", ours, FLAG, 0),
	{NULL},
};

static const char *const status_words[] = {
#define STATUS(name, word, text) word,
#include "crypt/statuses.def"
#undef STATUS
};

/* What is missing or not known is nothing that may be taken for a good one. */
static int status_named(const char *word)
{
	int status = record_word(word, status_words, CRYPT_STATUS_COUNT);
	return status >= 0 ? status : CRYPT_ERRONEOUS;
}

G_STATIC_ASSERT(sizeof(enum crypt_status) == sizeof(int));
G_STATIC_ASSERT(sizeof(enum crypt_validity) == sizeof(int));
G_STATIC_ASSERT(sizeof(enum crypt_protocol) == sizeof(int));

static JsonArray *encode_all(const GPtrArray *from, const struct member *members);

static void encode_one(void *data, const struct member *m, JsonObject *o)
{
	switch (m->kind) {
	case TEXT:
		if (*AT(data, m, char *)) {
			g_autofree char *valid = g_utf8_make_valid(*AT(data, m, char *), -1);
			json_object_set_string_member(o, m->key, valid);
		}
		break;
	case NUMBER:
		json_object_set_int_member(o, m->key, *AT(data, m, int64_t));
		break;
	case FLAG:
		json_object_set_boolean_member(o, m->key, *AT(data, m, bool));
		break;
	case LEVEL:
		json_object_set_int_member(o, m->key, *AT(data, m, int));
		break;
	case STATUS_WORD:
		json_object_set_string_member(o, m->key, status_words[*AT(data, m, int)]);
		break;
	case USERS:
		json_object_set_array_member(
			o, m->key, encode_all(*AT(data, m, GPtrArray *), user_members));
		break;
	}
}

static JsonArray *encode_all(const GPtrArray *from, const struct member *members)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; i < from->len; i++) {
		JsonObject *o = json_object_new();
		for (const struct member *m = members; m->key; m++)
			encode_one(from->pdata[i], m, o);
		json_array_add_object_element(array, o);
	}
	return array;
}

void crypt_encode(const struct crypt_result *result, struct record *r)
{
	JsonArray *refused = json_array_new();
	for (guint i = 0; i < result->refused->len; i++) {
		g_autofree char *valid = g_utf8_make_valid(result->refused->pdata[i], -1);
		json_array_add_string_element(refused, valid);
	}
	record_set_array(r, "signatures", encode_all(result->signatures, signature_members));
	record_set_array(r, "recipients", encode_all(result->recipients, recipient_members));
	record_set_array(r, "keys", encode_all(result->keys, key_members));
	record_set_array(r, "refused", refused);
	record_set_bool(r, "decrypted", result->decrypted);
	record_set_int(r, "integrity", result->integrity);
	record_set_string(r, "cipher", result->cipher);
	record_set_string(r, "micalg", result->micalg);
}

typedef void *(*add_func)(GPtrArray *to);

static void *add_user(GPtrArray *to)
{
	return crypt_user_add(to);
}

static void *add_key(GPtrArray *to)
{
	return crypt_key_add(to);
}

static void *add_signature(GPtrArray *to)
{
	return crypt_signature_add(to);
}

static void *add_recipient(GPtrArray *to)
{
	return crypt_recipient_add(to);
}

static char *clean(const char *text)
{
	return sanitize_line(text ? text : "", -1);
}

static void decode_all(JsonArray *array, const struct member *members, add_func add, GPtrArray *to);

static void decode_one(JsonObject *o, const struct member *m, void *data)
{
	int64_t n = json_int(o, m->key);
	switch (m->kind) {
	case TEXT:
		*AT(data, m, char *) = clean(json_string(o, m->key));
		break;
	case NUMBER:
		*AT(data, m, int64_t) = n;
		break;
	case FLAG:
		*AT(data, m, bool) = json_bool(o, m->key);
		break;
	case LEVEL:
		*AT(data, m, int) = n >= 0 && n <= m->most ? (int)n : 0;
		break;
	case STATUS_WORD:
		*AT(data, m, int) = status_named(json_string(o, m->key));
		break;
	case USERS:
		decode_all(
			json_array(o, m->key), user_members, add_user, *AT(data, m, GPtrArray *));
		break;
	}
}

static void decode_all(JsonArray *array, const struct member *members, add_func add, GPtrArray *to)
{
	for (guint i = 0; array && i < json_array_get_length(array); i++) {
		JsonNode *node = json_array_get_element(array, i);
		JsonObject *o = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
		void *data = add(to);
		for (const struct member *m = members; m->key; m++)
			decode_one(o, m, data);
	}
}

static void decode_refused(JsonArray *array, GPtrArray *to)
{
	for (guint i = 0; array && i < json_array_get_length(array); i++) {
		JsonNode *node = json_array_get_element(array, i);
		bool text = JSON_NODE_HOLDS_VALUE(node) &&
			    json_node_get_value_type(node) == G_TYPE_STRING;
		g_ptr_array_add(to, clean(text ? json_node_get_string(node) : NULL));
	}
}

struct crypt_result *crypt_decode(const struct record *r)
{
	struct crypt_result *result = crypt_result_new();
	int64_t integrity = record_int(r, "integrity");
	decode_all(record_array(r, "signatures"), signature_members, add_signature,
		result->signatures);
	decode_all(record_array(r, "recipients"), recipient_members, add_recipient,
		result->recipients);
	decode_all(record_array(r, "keys"), key_members, add_key, result->keys);
	decode_refused(record_array(r, "refused"), result->refused);
	result->decrypted = record_bool(r, "decrypted");
	result->integrity = integrity == CRYPT_INTEGRITY_MDC || integrity == CRYPT_INTEGRITY_AEAD
				    ? (enum crypt_integrity)integrity
				    : CRYPT_INTEGRITY_NONE;
	result->cipher = clean(record_string(r, "cipher"));
	result->micalg = clean(record_string(r, "micalg"));
	return result;
}
