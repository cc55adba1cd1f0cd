/* SPDX-License-Identifier: MIT
 *
 * Spans and blocks on the wire.  A newsletter has thousands of spans: they cross
 * as one string of numbers. */
#include "mime/digits.h"
#include "mime/message.h"

#include <string.h>

static const char *const words[] = {
#define BLOCK(name, word) word,
#include "mime/blocks.def"
#undef BLOCK
};

const char *mime_block_word(guint kind)
{
	return kind < G_N_ELEMENTS(words) ? words[kind] : NULL;
}

int mime_block_named(const char *word)
{
	return record_word(word, words, G_N_ELEMENTS(words));
}

/* --- there ------------------------------------------------------------------------ */

static void encode_spans(const GArray *spans, struct record *r)
{
	g_autoptr(GString) out = g_string_sized_new(16 * (gsize)spans->len);
	for (guint i = 0; i < spans->len; i++) {
		const struct mime_span *s = &g_array_index(spans, struct mime_span, i);
		guint64 numbers[] = {s->start, s->length, s->style, (guint)s->link};
		for (guint n = 0; n < G_N_ELEMENTS(numbers); n++) {
			put_digits(out, numbers[n]);
			g_string_append_c(out, ' ');
		}
	}
	record_set_string(r, "spans", out->str);
}

static JsonObject *block_object(const struct mime_block *b)
{
	JsonObject *o = json_object_new();
	json_object_set_string_member(o, "kind", mime_block_word(b->kind));
	json_object_set_string_member(o, "path", b->path);
	json_object_set_int_member(o, "start", b->start);
	json_object_set_int_member(o, "length", b->length);
	json_object_set_string_member(o, "charset", b->charset);
	json_object_set_boolean_member(o, "guessed", b->guessed);
	JsonArray *fields = json_array_new();
	for (guint i = 0; i < b->fields->len; i++) {
		const struct mime_header *h = b->fields->pdata[i];
		json_array_add_string_element(fields, h->name);
		json_array_add_string_element(fields, h->value);
	}
	json_object_set_array_member(o, "fields", fields);
	return o;
}

void mime_encode_layout(const struct mime_message *m, struct record *r)
{
	if (m->spans->len > 0)
		encode_spans(m->spans, r);
	if (m->laid_for > 0)
		record_set_int(r, "laid-for", m->laid_for);
	if (m->blocks->len == 0)
		return;
	JsonArray *array = json_array_new();
	for (guint i = 0; i < m->blocks->len; i++)
		json_array_add_object_element(array, block_object(m->blocks->pdata[i]));
	record_set_array(r, "blocks", array);
}

/* --- and back ---------------------------------------------------------------------- */

/* The text, and where the last range ended. */
struct place {
	const char *text;
	guint64 len, behind;
};

static bool is_middle(char octet)
{
	return ((guchar)octet & 0xC0) == 0x80;
}

/* Whether a range of whole characters lies in the text behind the one before. */
static bool take_range(struct place *p, guint64 start, guint64 length)
{
	if (start < p->behind || start > p->len || length > p->len - start)
		return false;
	if (is_middle(p->text[start]) || is_middle(p->text[start + length]))
		return false;
	p->behind = start + length;
	return true;
}

static bool next_number(const char **at, guint64 *number)
{
	char *end;
	if (!g_ascii_isdigit(**at))
		return false;
	*number = g_ascii_strtoull(*at, &end, 10);
	*at = end + (*end == ' ');
	return true;
}

static guint64 last_link(const GPtrArray *links)
{
	const struct mime_link *l = links->len > 0 ? links->pdata[links->len - 1] : NULL;
	return l && l->number > 0 ? (guint64)l->number : 0;
}

static void decode_spans(const char *at, struct mime_message *m, struct place p)
{
	guint64 n[4];
	while (next_number(&at, &n[0]) && next_number(&at, &n[1]) && next_number(&at, &n[2]) &&
		next_number(&at, &n[3]) && take_range(&p, n[0], n[1])) {
		struct mime_span s = {(guint)n[0], (guint)n[1], (guint)(n[2] & MIME_STYLES),
			n[3] <= last_link(m->links) ? (int)n[3] : 0};
		g_array_append_val(m->spans, s);
	}
}

static void decode_block(JsonObject *o, struct mime_message *m, struct place *p)
{
	int kind = mime_block_named(json_string(o, "kind"));
	int64_t start = json_int(o, "start"), length = json_int(o, "length");
	if (kind < 0 || start < 0 || length < 0 || !take_range(p, (guint64)start, (guint64)length))
		return;
	struct mime_block *b = mime_blocks_add(m->blocks);
	b->kind = (enum mime_block_kind)kind;
	b->path = mime_clean_line(json_string(o, "path"));
	b->start = (guint)start;
	b->length = (guint)length;
	b->charset = mime_clean_line(json_string(o, "charset"));
	b->guessed = json_bool(o, "guessed");
	JsonArray *fields = json_array(o, "fields");
	for (guint i = 0; fields && i + 2 <= json_array_get_length(fields); i += 2) {
		g_autofree char *name = mime_clean_line(json_element(fields, i));
		g_autofree char *value = mime_clean_line(json_element(fields, i + 1));
		mime_fields_add(b->fields, name, value);
	}
}

void mime_decode_layout(const struct record *r, struct mime_message *m)
{
	struct place p = {m->text, strlen(m->text), 0};
	const char *sent = record_string(r, "text");
	JsonArray *blocks = record_array(r, "blocks");
	/* A text that had to be sanitized again is not the one that was measured. */
	if (!sent || strcmp(sent, m->text) != 0)
		return;
	m->laid_for = (int)CLAMP(record_int(r, "laid-for"), 0, G_MAXINT);
	if (record_string(r, "spans"))
		decode_spans(record_string(r, "spans"), m, p);
	for (guint i = 0; blocks && i < json_array_get_length(blocks); i++) {
		JsonNode *node = json_array_get_element(blocks, i);
		if (JSON_NODE_HOLDS_OBJECT(node))
			decode_block(json_node_get_object(node), m, &p);
	}
}
