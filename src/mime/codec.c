/* SPDX-License-Identifier: MIT */
#include "mime/message.h"

#include <string.h>

#include "base/sanitize.h"

/* Headers cross as one string of lines and addresses as flat lists: a letter
 * has a hundred of these strings, and an object each would cost more time than
 * the parser takes. */
enum { ADDRESS_FIELDS = 3, REPORT_FIELDS = 4, LINK_FIELDS = 3, OUTCOME_FIELDS = 5 };

struct address_key {
	const char *key;
	size_t offset;
};

static const struct address_key address_keys[] = {
	{"from", offsetof(struct mime_message, from)},
	{"sender", offsetof(struct mime_message, sender)},
	{"reply-to", offsetof(struct mime_message, reply_to)},
	{"to", offsetof(struct mime_message, to)},
	{"cc", offsetof(struct mime_message, cc)},
	{"bcc", offsetof(struct mime_message, bcc)},
};

static const struct address_key list_keys[] = {
	{"in-reply-to", offsetof(struct mime_message, in_reply_to)},
	{"references", offsetof(struct mime_message, references)},
	{"warnings", offsetof(struct mime_message, warnings)},
	{"candidates", offsetof(struct mime_message, candidates)},
};

static const struct address_key string_keys[] = {
	{"subject", offsetof(struct mime_message, subject)},
	{"message-id", offsetof(struct mime_message, message_id)},
	{"list-id", offsetof(struct mime_message, list_id)},
	{"list-post", offsetof(struct mime_message, list_post)},
	{"text-type", offsetof(struct mime_message, text_type)},
	{"charset", offsetof(struct mime_message, charset)},
	{"declared", offsetof(struct mime_message, declared)},
	{"mended", offsetof(struct mime_message, mended)},
};

#define MEMBER(m, k, type) ((type *)(void *)((char *)(m) + (k)->offset))
#define CONST_MEMBER(m, k, type) ((type const *)(const void *)((const char *)(m) + (k)->offset))

static void encode_headers(const struct mime_message *m, struct record *r)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	for (guint i = 0; i < m->headers->len; i++) {
		const struct mime_header *h = m->headers->pdata[i];
		g_string_append(lines, h->name);
		g_string_append_c(lines, ':');
		g_string_append(lines, h->value);
		g_string_append_c(lines, '\n');
	}
	record_set_string(r, "headers", lines->str);
}

static void encode_addresses(const GPtrArray *from, const char *key, struct record *r)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; i < from->len; i++) {
		const struct mime_address *a = from->pdata[i];
		json_array_add_string_element(array, a->name);
		json_array_add_string_element(array, a->address);
		json_array_add_string_element(array, a->group);
	}
	record_set_array(r, key, array);
}

static void encode_strings(const GPtrArray *from, const char *key, struct record *r)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; i < from->len; i++)
		json_array_add_string_element(array, from->pdata[i]);
	record_set_array(r, key, array);
}

static void encode_parts(const struct mime_message *m, struct record *r)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *p = m->parts->pdata[i];
		JsonObject *o = json_object_new();
		json_object_set_string_member(o, "path", p->path);
		json_object_set_string_member(o, "type", p->type);
		json_object_set_string_member(o, "charset", p->charset);
		json_object_set_string_member(o, "filename", p->filename);
		json_object_set_string_member(o, "encoding", p->encoding);
		json_object_set_boolean_member(o, "attachment", p->disposition == MIME_ATTACHMENT);
		json_object_set_int_member(o, "size", p->size);
		json_object_set_int_member(o, "depth", p->depth);
		if (*p->content)
			json_object_set_string_member(o, "content", p->content);
		if (*p->note)
			json_object_set_string_member(o, "note", p->note);
		json_array_add_object_element(array, o);
	}
	record_set_array(r, "parts", array);
}

void mime_encode_links(const GPtrArray *links, struct record *r)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; i < links->len; i++) {
		const struct mime_link *l = links->pdata[i];
		char mark[32];
		g_snprintf(mark, sizeof mark, "%d%s%s", l->number, l->suspicious ? "!" : "",
			l->written ? "=" : "");
		json_array_add_string_element(array, mark);
		json_array_add_string_element(array, l->url);
		json_array_add_string_element(array, l->text);
	}
	record_set_array(r, "links", array);
}

static void add_string(JsonArray *array, const char *text)
{
	json_array_add_string_element(array, text);
}

static void encode_report(const struct mime_report *report, struct record *r)
{
	JsonArray *head = json_array_new(), *outcomes = json_array_new();
	add_string(head, report->receipt ? "receipt" : "delivery");
	add_string(head, report->envid);
	add_string(head, report->about);
	add_string(head, report->server);
	for (guint i = 0; i < report->outcomes->len; i++) {
		const struct mime_outcome *o = report->outcomes->pdata[i];
		add_string(outcomes, o->address);
		add_string(outcomes, o->final);
		add_string(outcomes, o->action);
		add_string(outcomes, o->status);
		add_string(outcomes, o->words);
	}
	record_set_array(r, "report", head);
	record_set_array(r, "outcomes", outcomes);
}

static void encode_bits(unsigned bits, const char *(*word)(guint bit), const char *key,
	struct record *r)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; bits >> i; i++)
		if ((bits & 1u << i) && word(i))
			add_string(array, word(i));
	record_set_array(r, key, array);
}

void mime_encode(const struct mime_message *m, struct record *r)
{
	encode_headers(m, r);
	for (size_t i = 0; i < G_N_ELEMENTS(address_keys); i++)
		if ((*CONST_MEMBER(m, &address_keys[i], GPtrArray *))->len > 0)
			encode_addresses(*CONST_MEMBER(m, &address_keys[i], GPtrArray *),
				address_keys[i].key, r);
	for (size_t i = 0; i < G_N_ELEMENTS(list_keys); i++)
		if ((*CONST_MEMBER(m, &list_keys[i], GPtrArray *))->len > 0)
			encode_strings(*CONST_MEMBER(m, &list_keys[i], GPtrArray *),
				list_keys[i].key, r);
	for (size_t i = 0; i < G_N_ELEMENTS(string_keys); i++)
		record_set_string(r, string_keys[i].key, *CONST_MEMBER(m, &string_keys[i], char *));
	record_set_int(r, "date", m->date);
	encode_bits(m->kinds, mime_kind_word, "kinds", r);
	encode_bits(m->languages, mime_language_code, "languages", r);
	encode_parts(m, r);
	if (m->links->len > 0)
		mime_encode_links(m->links, r);
	if (m->report)
		encode_report(m->report, r);
	if (m->trace)
		mime_trace_encode(m->trace, r);
	record_set_bool(r, "guessed", m->guessed);
	record_set_bool(r, "chosen", m->chosen);
	record_set_bool(r, "flowed", m->flowed);
	record_set_bool(r, "truncated", m->truncated);
	record_set_string(r, "text", m->text);
	mime_encode_layout(m, r);
	if (m->crypts->len > 0)
		mime_crypts_encode(m->crypts, r);
	if (m->protected)
		record_set_bool(r, "protected", true);
	mime_encode_html(m, r);
	/* Nearly every letter's words are its text: they cross once. */
	if (m->words && g_strcmp0(m->words, m->text) == 0)
		record_set_bool(r, "words-are-text", true);
	else
		record_set_string(r, "words", m->words);
}

static bool follows(guchar octet)
{
	return (octet & 0xC0) == 0x80;
}

/* Of three octets: U+2010 to U+2027, which are dashes, quotes and dots; what Japanese is
 * written with, but for marks; and the Chinese characters. */
static bool is_plain_triple(const guchar *p)
{
	if (*p == 0xE2)
		return p[1] == 0x80 && p[2] >= 0x90 && p[2] <= 0xA7;
	if (*p < 0xE3 || *p > 0xE9 || !follows(p[1]) || !follows(p[2]))
		return false;
	if (*p > 0xE3)
		return true;
	if (p[1] == 0x80)
		return p[2] <= 0xA9;
	return p[1] <= 0x83 && !(p[1] == 0x82 && (p[2] == 0x99 || p[2] == 0x9A));
}

/* The octets of a character that sanitizing leaves as it is, where that can be said at
 * a glance.  0: look closely. */
static int plain_octets(const guchar *p, bool body)
{
	if (*p < 0x80)
		return (*p >= ' ' && *p != 0x7F) || (body && (*p == '\n' || *p == '\t'));
	/* Western and central European letters, and Cyrillic ones. */
	if ((*p >= 0xC3 && *p <= 0xC5) || *p == 0xD0 || *p == 0xD1)
		return follows(p[1]) ? 2 : 0;
	if (*p == 0xC2)
		return follows(p[1]) && p[1] >= 0xA0 && p[1] != 0xAD ? 2 : 0;
	return is_plain_triple(p) ? 3 : 0;
}

static bool is_plain(const char *text, bool body)
{
	const guchar *p = (const guchar *)text;
	for (int n; *p; p += n)
		if ((n = plain_octets(p, body)) == 0)
			return false;
	return true;
}

char *mime_clean_line(const char *text)
{
	const char *given = text ? text : "";
	return is_plain(given, false) ? g_strdup(given) : sanitize_line(given, -1);
}

char *mime_clean_body_at(const char *text, guint *places, guint n)
{
	return is_plain(text, true) ? g_strdup(text) : sanitize_body_at(text, -1, places, n);
}

char *mime_clean_body(const char *text)
{
	const char *given = text ? text : "";
	return is_plain(given, true) ? g_strdup(given) : sanitize_body(given, -1);
}

static JsonObject *object_at(JsonArray *array, guint i)
{
	JsonNode *node = json_array_get_element(array, i);
	return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static guint length(JsonArray *array)
{
	return array ? json_array_get_length(array) : 0;
}

static void decode_headers(const struct record *r, struct mime_message *m)
{
	const char *at = record_string(r, "headers");
	while (at && *at) {
		const char *end = strchrnul(at, '\n');
		const char *colon = memchr(at, ':', (size_t)(end - at));
		if (colon) {
			g_autofree char *name = g_strndup(at, (gsize)(colon - at));
			g_autofree char *value = g_strndup(colon + 1, (gsize)(end - colon - 1));
			struct mime_header *h = g_new0(struct mime_header, 1);
			h->name = mime_clean_line(name);
			h->value = mime_clean_line(value);
			g_ptr_array_add(m->headers, h);
		}
		at = *end ? end + 1 : end;
	}
}

static void decode_addresses(const struct record *r, const char *key, GPtrArray *to)
{
	JsonArray *array = record_array(r, key);
	for (guint i = 0; i + ADDRESS_FIELDS <= length(array); i += ADDRESS_FIELDS) {
		struct mime_address *a = g_new0(struct mime_address, 1);
		a->name = mime_clean_line(json_element(array, i));
		a->address = mime_clean_line(json_element(array, i + 1));
		a->group = mime_clean_line(json_element(array, i + 2));
		g_ptr_array_add(to, a);
	}
}

static void decode_parts(const struct record *r, GPtrArray *to)
{
	JsonArray *array = record_array(r, "parts");
	for (guint i = 0; i < length(array); i++) {
		JsonObject *o = object_at(array, i);
		struct mime_part *p = g_new0(struct mime_part, 1);
		p->path = mime_clean_line(json_string(o, "path"));
		p->type = mime_clean_line(json_string(o, "type"));
		p->charset = mime_clean_line(json_string(o, "charset"));
		p->filename = mime_clean_line(json_string(o, "filename"));
		p->encoding = mime_clean_line(json_string(o, "encoding"));
		p->disposition = json_bool(o, "attachment") ? MIME_ATTACHMENT : MIME_INLINE;
		p->size = MAX(json_int(o, "size"), 0);
		p->depth = (int)CLAMP(json_int(o, "depth"), 0, 1000);
		p->content = mime_clean_line(json_string(o, "content"));
		p->note = mime_clean_line(json_string(o, "note"));
		g_ptr_array_add(to, p);
	}
}

GPtrArray *mime_decode_links(const struct record *r)
{
	JsonArray *array = record_array(r, "links");
	GPtrArray *links = mime_links_new();
	for (guint i = 0; i + LINK_FIELDS <= length(array); i += LINK_FIELDS) {
		const char *mark = json_element(array, i);
		struct mime_link *l = g_new0(struct mime_link, 1);
		l->number = (int)MIN(g_ascii_strtoull(mark, NULL, 10), G_MAXINT);
		l->suspicious = strchr(mark, '!') != NULL;
		l->written = strchr(mark, '=') != NULL;
		l->url = mime_clean_line(json_element(array, i + 1));
		l->text = mime_clean_line(json_element(array, i + 2));
		g_ptr_array_add(links, l);
	}
	return links;
}

static struct mime_report *decode_report(const struct record *r)
{
	JsonArray *head = record_array(r, "report"), *outcomes = record_array(r, "outcomes");
	if (length(head) < REPORT_FIELDS || length(outcomes) < OUTCOME_FIELDS)
		return NULL;
	struct mime_report *report = mime_report_new();
	char **texts[] = {&report->envid, &report->about, &report->server};
	report->receipt = strcmp(json_element(head, 0), "receipt") == 0;
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_free(*texts[i]);
		*texts[i] = mime_clean_line(json_element(head, i + 1));
	}
	for (guint i = 0; i + OUTCOME_FIELDS <= length(outcomes); i += OUTCOME_FIELDS) {
		struct mime_outcome *o = mime_report_add(report);
		o->address = mime_clean_line(json_element(outcomes, i));
		o->final = mime_clean_line(json_element(outcomes, i + 1));
		o->action = mime_clean_line(json_element(outcomes, i + 2));
		o->status = mime_clean_line(json_element(outcomes, i + 3));
		o->words = mime_clean_line(json_element(outcomes, i + 4));
	}
	return report;
}

static unsigned decode_bits(const struct record *r, const char *key, unsigned (*named)(const char *))
{
	JsonArray *array = record_array(r, key);
	unsigned bits = 0;
	for (guint i = 0; i < length(array); i++)
		bits |= named(json_element(array, i));
	return bits;
}

struct mime_message *mime_decode(const struct record *r)
{
	struct mime_message *m = mime_message_new();
	decode_headers(r, m);
	for (size_t i = 0; i < G_N_ELEMENTS(address_keys); i++)
		decode_addresses(r, address_keys[i].key, *MEMBER(m, &address_keys[i], GPtrArray *));
	for (size_t i = 0; i < G_N_ELEMENTS(list_keys); i++) {
		JsonArray *array = record_array(r, list_keys[i].key);
		for (guint k = 0; k < length(array); k++)
			g_ptr_array_add(*MEMBER(m, &list_keys[i], GPtrArray *),
				mime_clean_line(json_element(array, k)));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(string_keys); i++)
		*MEMBER(m, &string_keys[i], char *) =
			mime_clean_line(record_string(r, string_keys[i].key));
	m->date = record_int(r, "date");
	m->kinds = decode_bits(r, "kinds", mime_kind_named);
	m->languages = decode_bits(r, "languages", mime_language_named);
	decode_parts(r, m->parts);
	g_ptr_array_unref(m->links);
	m->links = mime_decode_links(r);
	m->report = decode_report(r);
	m->trace = mime_trace_decode(r);
	m->guessed = record_bool(r, "guessed");
	m->chosen = record_bool(r, "chosen");
	m->flowed = record_bool(r, "flowed");
	m->truncated = record_bool(r, "truncated");
	m->text = mime_clean_body(record_string(r, "text"));
	mime_decode_layout(r, m);
	mime_crypts_decode(r, m->crypts);
	m->protected = record_bool(r, "protected");
	mime_decode_html(r, m);
	if (record_bool(r, "words-are-text"))
		m->words = g_strdup(m->text);
	else if (record_has(r, "words"))
		m->words = mime_clean_body(record_string(r, "words"));
	return m;
}
