/* SPDX-License-Identifier: MIT
 *
 * On the wire: what was not fetched, what was not shown, and the other form of the
 * text. */
#include "mime/message.h"

#include <string.h>

enum { REMOTE_FIELDS = 4 };

void mime_encode_html(const struct mime_message *m, struct record *r)
{
	if (m->hidden > 0)
		record_set_int(r, "hidden", m->hidden);
	if (m->other_type && *m->other_type) {
		record_set_string(r, "other-type", m->other_type);
		record_set_bool(r, "differs", m->differs);
	}
	if (m->remote->len == 0)
		return;
	JsonArray *array = json_array_new();
	for (guint i = 0; i < m->remote->len; i++) {
		const struct mime_remote *host = m->remote->pdata[i];
		json_array_add_string_element(array, host->host);
		json_array_add_int_element(array, host->pictures);
		json_array_add_int_element(array, host->pixels);
		json_array_add_int_element(array, host->others);
	}
	record_set_array(r, "remote", array);
}

static guint number(JsonArray *array, guint i)
{
	JsonNode *node = json_array_get_element(array, i);
	bool is_number =
		JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64;
	return is_number ? (guint)CLAMP(json_node_get_int(node), 0, G_MAXINT) : 0;
}

void mime_decode_html(const struct record *r, struct mime_message *m)
{
	JsonArray *array = record_array(r, "remote");
	m->hidden = (guint)CLAMP(record_int(r, "hidden"), 0, G_MAXINT);
	m->other_type = mime_clean_line(record_string(r, "other-type"));
	m->differs = record_bool(r, "differs");
	for (guint i = 0; array && i + REMOTE_FIELDS <= json_array_get_length(array);
		i += REMOTE_FIELDS) {
		struct mime_remote *host = g_new0(struct mime_remote, 1);
		host->host = mime_clean_line(json_element(array, i));
		host->pictures = number(array, i + 1);
		host->pixels = number(array, i + 2);
		host->others = number(array, i + 3);
		g_ptr_array_add(m->remote, host);
	}
}
