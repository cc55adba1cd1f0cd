/* SPDX-License-Identifier: MIT */
#include "mime/trace.h"

#include "mime/message.h"

enum { AUTH_FIELDS = 5, ADDRESS_FIELDS = 3, MOST = 2000 };

static void auth_free(void *data)
{
	struct mime_auth *a = data;
	g_free(a->server);
	g_free(a->method);
	g_free(a->result);
	g_free(a->domain);
	g_free(a->reason);
	g_free(a);
}

/* The strings of a trace, by the keys of their record. */
struct key {
	const char *name;
	size_t offset;
};

static const struct key strings[] = {
	{"return-path", offsetof(struct mime_trace, return_path)},
	{"original-recipient", offsetof(struct mime_trace, original_recipient)},
	{"leave-https", offsetof(struct mime_trace, leave_https)},
	{"leave-http", offsetof(struct mime_trace, leave_http)},
	{"leave-mailto", offsetof(struct mime_trace, leave_mailto)},
	{"autocrypt-key", offsetof(struct mime_trace, autocrypt_key)},
};

static const struct key bools[] = {
	{"bounce", offsetof(struct mime_trace, bounce)},
	{"automatic", offsetof(struct mime_trace, automatic)},
	{"receipt-options", offsetof(struct mime_trace, receipt_options)},
	{"one-click", offsetof(struct mime_trace, one_click)},
	{"autocrypt-mutual", offsetof(struct mime_trace, autocrypt_mutual)},
};

#define AT(t, key, type) (*(type *)(void *)((char *)(t) + (key).offset))
#define CONST_AT(t, key, type) (*(type const *)(const void *)((const char *)(t) + (key).offset))

struct mime_trace *mime_trace_new(void)
{
	struct mime_trace *t = g_new0(struct mime_trace, 1);
	t->auth = g_ptr_array_new_with_free_func(auth_free);
	t->receipt_to = mime_addresses_new();
	t->leave_signers = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		AT(t, strings[i], char *) = g_strdup("");
	return t;
}

void mime_trace_free(struct mime_trace *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		g_free(AT(t, strings[i], char *));
	g_ptr_array_unref(t->auth);
	g_ptr_array_unref(t->receipt_to);
	g_ptr_array_unref(t->leave_signers);
	g_free(t);
}

struct mime_auth *mime_trace_add(struct mime_trace *t)
{
	struct mime_auth *a = g_new0(struct mime_auth, 1);
	char **texts[] = {&a->server, &a->method, &a->result, &a->domain, &a->reason};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		*texts[i] = g_strdup("");
	g_ptr_array_add(t->auth, a);
	return a;
}

static void encode_auth(const struct mime_trace *t, struct record *r)
{
	JsonArray *array = json_array_new(), *fields = json_array_new();
	for (guint i = 0; i < t->auth->len; i++) {
		const struct mime_auth *a = t->auth->pdata[i];
		json_array_add_int_element(fields, a->field);
		json_array_add_string_element(array, a->server);
		json_array_add_string_element(array, a->method);
		json_array_add_string_element(array, a->result);
		json_array_add_string_element(array, a->domain);
		json_array_add_string_element(array, a->reason);
	}
	record_set_array(r, "auth", array);
	record_set_array(r, "auth-fields", fields);
}

static void encode_receipt(const struct mime_trace *t, struct record *r)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; i < t->receipt_to->len; i++) {
		const struct mime_address *a = t->receipt_to->pdata[i];
		json_array_add_string_element(array, a->name);
		json_array_add_string_element(array, a->address);
		json_array_add_string_element(array, a->group);
	}
	record_set_array(r, "receipt-to", array);
}

static void encode_signers(const struct mime_trace *t, struct record *r)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; i < t->leave_signers->len; i++)
		json_array_add_string_element(array, t->leave_signers->pdata[i]);
	record_set_array(r, "leave-signers", array);
}

void mime_trace_encode(const struct mime_trace *t, struct record *r)
{
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		if (*CONST_AT(t, strings[i], char *))
			record_set_string(r, strings[i].name, CONST_AT(t, strings[i], char *));
	for (size_t i = 0; i < G_N_ELEMENTS(bools); i++)
		if (CONST_AT(t, bools[i], bool))
			record_set_bool(r, bools[i].name, true);
	if (t->auth->len > 0)
		encode_auth(t, r);
	if (t->receipt_to->len > 0)
		encode_receipt(t, r);
	if (t->leave_signers->len > 0)
		encode_signers(t, r);
}

/* --- the other direction ------------------------------------------------------------ */

static char *element(JsonArray *array, guint i)
{
	JsonNode *node = json_array_get_element(array, i);
	bool string = JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
	return mime_clean_line(string ? json_node_get_string(node) : "");
}

static int number(JsonArray *array, guint i)
{
	JsonNode *node = array && i < json_array_get_length(array) ? json_array_get_element(array, i)
								  : NULL;
	bool whole = node && JSON_NODE_HOLDS_VALUE(node) &&
		     json_node_get_value_type(node) == G_TYPE_INT64;
	return whole ? (int)CLAMP(json_node_get_int(node), 0, MOST) : MOST;
}

static void decode_auth(const struct record *r, struct mime_trace *t)
{
	JsonArray *array = record_array(r, "auth"), *fields = record_array(r, "auth-fields");
	guint n = array ? MIN(json_array_get_length(array) / AUTH_FIELDS, MOST) : 0;
	for (guint i = 0; i < n; i++) {
		struct mime_auth *a = mime_trace_add(t);
		char **texts[] = {&a->server, &a->method, &a->result, &a->domain, &a->reason};
		a->field = number(fields, i);
		for (guint k = 0; k < AUTH_FIELDS; k++) {
			g_free(*texts[k]);
			*texts[k] = element(array, i * AUTH_FIELDS + k);
		}
	}
}

static void decode_receipt(const struct record *r, struct mime_trace *t)
{
	JsonArray *array = record_array(r, "receipt-to");
	guint n = array ? json_array_get_length(array) : 0;
	for (guint i = 0; i + ADDRESS_FIELDS <= n; i += ADDRESS_FIELDS) {
		struct mime_address *a = g_new0(struct mime_address, 1);
		a->name = element(array, i);
		a->address = element(array, i + 1);
		a->group = element(array, i + 2);
		g_ptr_array_add(t->receipt_to, a);
	}
}

static void decode_signers(const struct record *r, struct mime_trace *t)
{
	JsonArray *array = record_array(r, "leave-signers");
	guint n = array ? MIN(json_array_get_length(array), MOST) : 0;
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(t->leave_signers, element(array, i));
}

struct mime_trace *mime_trace_decode(const struct record *r)
{
	struct mime_trace *t = mime_trace_new();
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++) {
		g_free(AT(t, strings[i], char *));
		AT(t, strings[i], char *) = mime_clean_line(record_string(r, strings[i].name));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bools); i++)
		AT(t, bools[i], bool) = record_bool(r, bools[i].name);
	decode_auth(r, t);
	decode_receipt(r, t);
	decode_signers(r, t);
	return t;
}
