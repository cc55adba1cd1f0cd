/* SPDX-License-Identifier: MIT */
#include "mime/box.h"
#include "mime/inline.h"
#include "mime/patch.h"
#include "mime/text.h"

#include <string.h>

#include "base/sanitize.h"
#include "mime/armour.h"
#include "mime/alternative.h"
#include "mime/body-private.h"
#include "mime/legacy.h"

enum { STUB = 300 /* characters: shorter may be "your program cannot show HTML" */ };

void body_init(struct body *b, const struct mime_reading *how)
{
	memset(b, 0, sizeof *b);
	b->chosen = how ? how->charset : NULL;
	b->want_words = how && (how->want & MIME_WANT_WORDS) != 0;
	b->want_text = how && (how->want & MIME_WANT_TEXT) != 0;
	b->columns = how && how->columns > 0 ? how->columns : MIME_COLUMNS;
	/* The index is not to depend on the width of a screen. */
	b->columns = b->want_words && !b->want_text ? -1 : b->columns;
	b->prefer = how ? how->prefer : MIME_PREFER_BEST;
	b->decrypted = how && how->decrypted;
	b->remote = remote_new();
	b->spans = mime_spans_new();
	b->blocks = mime_blocks_new();
	b->paths = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	b->text = g_string_new(NULL);
	b->words = g_string_new(NULL);
	b->links = mime_links_new();
	b->crypts = mime_crypts_new();
}

void body_clear(struct body *b)
{
	g_string_free(b->text, TRUE);
	g_string_free(b->words, TRUE);
	g_ptr_array_unref(b->links);
	g_ptr_array_unref(b->blocks);
	g_ptr_array_unref(b->crypts);
	g_array_unref(b->spans);
	g_hash_table_unref(b->paths);
	remote_free(b->remote);
	g_clear_pointer(&b->candidates, g_ptr_array_unref);
	g_free(b->type);
}

/* One leaf as text. */
struct leaf {
	char *text; /* sanitized */
	GArray *spans; /* of it */
	const char *type;
	struct charset_used used;
	const char *declared; /* static, or NULL */
	GPtrArray *candidates; /* static names; NULL: not asked for */
	bool flowed, cut;
	bool quiet;  /* it is only looked at */
	bool report; /* fields that the letter's report tells as well */
	bool legacy; /* it begins with what legacy.h is about */
	int laid_for;
	guint links; /* of the body's, before this one */
};

static bool is_word(const char *value, const char *word)
{
	return value && g_ascii_strcasecmp(value, word) == 0;
}

static char *decode(struct body *b, struct letter *l, GMimeObject *object, GByteArray *octets,
	struct leaf *leaf)
{
	const char *data = (const char *)octets->data;
	const char *declared = node_parameter(object, "charset");
	g_autofree char *meta = NULL;
	data = data ? data : "";
	if (!charset_known(declared) && strcmp(leaf->type, "text/html") == 0)
		declared = meta = text_html_charset(data, octets->len);
	leaf->declared = charset_known(declared);
	if (b->want_text && !b->type && !leaf->quiet)
		leaf->candidates = charset_candidates(l->charsets, data, octets->len, declared);
	if (b->chosen)
		return charset_decode_as(l->charsets, data, octets->len, b->chosen, &leaf->used);
	return charset_decode(l->charsets, data, octets->len, declared, &leaf->used);
}

struct named {
	const char *cid;
	char *found;
};

static bool find_named(const struct node *n, void *data)
{
	struct named *want = data;
	const char *id = g_mime_object_get_content_id(n->object);
	if (!want->found && id && strcmp(id, want->cid) == 0)
		want->found = node_filename(n->letter, n->object);
	return !want->found;
}

/* What the part with a Content-ID is called. */
static char *part_name(const char *cid, void *data)
{
	struct named n = {cid, NULL};
	letter_walk(data, find_named, &n);
	return n.found;
}

/* Spans of the text as it was, moved to the text as it is shown. */
static char *clean(const char *text, GArray *spans)
{
	g_autofree guint *places = g_new(guint, 2 * (gsize)spans->len + 1);
	struct mime_span *s = (struct mime_span *)(void *)spans->data;
	for (guint i = 0; i < spans->len; i++) {
		places[2 * i] = s[i].start;
		places[2 * i + 1] = s[i].start + s[i].length;
	}
	char *shown = mime_clean_body_at(text, places, 2 * spans->len);
	for (guint i = 0; i < spans->len; i++) {
		s[i].start = places[2 * i];
		s[i].length = places[2 * i + 1] - places[2 * i];
	}
	return shown;
}

static void read_html(struct body *b, struct letter *l, const char *utf8, struct leaf *leaf)
{
	struct rich r = {
		.links = b->links,
		.spans = leaf->spans,
		.columns = b->columns,
		.legacy = leaf->legacy,
		.remote = leaf->quiet ? NULL : b->remote,
		.part_name = part_name,
		.part_data = l,
	};
	g_autofree char *text = text_html(utf8, strlen(utf8), &r);
	b->hidden += leaf->quiet ? 0 : r.hidden;
	leaf->laid_for = r.laid_for;
	leaf->cut = leaf->cut || r.cut;
	leaf->text = clean(text, leaf->spans);
}

static void read_leaf(struct body *b, struct letter *l, GMimeObject *object, struct leaf *leaf)
{
	leaf->links = b->links->len;
	g_autoptr(GByteArray) octets = letter_content(GMIME_PART(object), LIMIT_TEXT, &leaf->cut);
	g_autofree char *utf8 = decode(b, l, object, octets, leaf);
	leaf->spans = mime_spans_new();
	leaf->legacy = b->decrypted && l->body == b->whole && legacy_marked(l, object);
	if (strcmp(leaf->type, "text/html") == 0) {
		read_html(b, l, utf8, leaf);
		return;
	}
	leaf->flowed = strcmp(leaf->type, "text/plain") == 0 &&
		is_word(node_parameter(object, "format"), "flowed");
	const char *written = leaf->legacy ? legacy_skip(utf8) : utf8;
	g_autofree char *named = inline_named(written);
	g_autofree char *text = text_plain(
		named ? named : written, leaf->flowed, is_word(node_parameter(object, "delsp"), "yes"));
	if (b->want_text)
		text_find_links(text, &(struct rich){.links = b->links, .spans = leaf->spans});
	leaf->text = clean(text, leaf->spans);
}

static void leaf_clear(struct leaf *leaf)
{
	g_free(leaf->text);
	g_clear_pointer(&leaf->spans, g_array_unref);
	g_clear_pointer(&leaf->candidates, g_ptr_array_unref);
}

static void add_spans(struct body *b, const struct leaf *leaf, guint start)
{
	for (guint i = 0; i < leaf->spans->len; i++) {
		struct mime_span s = g_array_index(leaf->spans, struct mime_span, i);
		s.start += start;
		if (s.start >= b->text->len)
			return;
		s.length = MIN(s.length, (guint)b->text->len - s.start);
		if (s.length > 0)
			g_array_append_val(b->spans, s);
	}
}

/* A block from start to the end of the text, decoded as the leaf. */
static struct mime_block *add_leaf(struct body *b, enum mime_block_kind kind, GMimeObject *object,
	const struct leaf *leaf, size_t start)
{
	struct mime_block *block = body_add_block(b, kind, object, start);
	if (block && leaf->used.name) {
		g_free(block->charset);
		block->charset = g_strdup(leaf->used.name);
		block->guessed = leaf->used.guessed;
	}
	return block;
}

static void end_block(struct mime_block *block, size_t end)
{
	if (block)
		block->length = (guint)end - block->start;
}

/* A range of it, of one kind; empty lines stand between blocks already. */
static void add_range(struct body *b, enum mime_block_kind kind, GMimeObject *object,
	const struct leaf *leaf, const size_t range[2])
{
	const char *text = b->text->str;
	size_t end = range[1];
	while (end > range[0] + 1 && text[end - 1] == '\n' && text[end - 2] == '\n')
		end--;
	if (end > range[0])
		end_block(add_leaf(b, kind, object, leaf, range[0]), end);
}

/* Text up to end, and the patches in it. */
static void add_text(struct body *b, GMimeObject *object, const struct leaf *leaf, size_t start,
	size_t end)
{
	size_t patch[2];
	while (b->want_text && patch_find(b->text->str, start, &patch[0], &patch[1]) &&
		patch[1] <= end) {
		add_range(b, MIME_BLOCK_TEXT, object, leaf, (size_t[]){start, patch[0]});
		add_range(b, MIME_BLOCK_PATCH, object, leaf, patch);
		start = patch[1];
	}
	add_range(b, MIME_BLOCK_TEXT, object, leaf, (size_t[]){start, end});
}

static void number_block(struct mime_block *block, struct mime_crypt *c, bool whole)
{
	g_autofree char *digits = g_strdup_printf("%u", c->number);
	mime_fields_add(block->fields, "number", digits);
	c->whole = whole;
}

static bool is_blank(const char *text, size_t from, size_t to)
{
	while (from < to && strchr(" \t\r\n", text[from]))
		from++;
	return from >= to;
}

/* Armour of OpenPGP in a text is a block of its own, and so is what stands before and
 * behind it: that is not signed (M-71).  Keys say nothing of the text around them. */
static void add_plain(struct body *b, GMimeObject *object, const struct leaf *leaf, size_t start)
{
	const char *text = b->text->str + start;
	size_t len = b->text->len - start, done = 0;
	struct armour a = {0};
	for (guint n = 0; b->want_text && armour_next(text, len, a.end, &a); n++) {
		struct mime_crypt *c = body_add_armour(b, object, &a, n);
		if (a.kind == ARMOUR_KEYS)
			continue;
		if (!is_blank(text, done, a.start))
			add_text(b, object, leaf, start + done, start + a.start);
		struct mime_block *block = add_leaf(b,
			a.kind == ARMOUR_MESSAGE ? MIME_BLOCK_ENCRYPTED : MIME_BLOCK_SIGNED, object,
			leaf, start + a.start);
		end_block(block, start + a.end);
		bool whole = is_blank(text, 0, a.start) && is_blank(text, a.end, len);
		if (c)
			number_block(block, c, whole && object == b->whole);
		done = a.end;
	}
	if (done == 0 || !is_blank(text, done, len))
		add_text(b, object, leaf, start + done, start + len);
}

static void show(struct body *b, GMimeObject *object, struct leaf *leaf)
{
	size_t start = text_append(b->text, leaf->text, &b->truncated);
	if (strcmp(leaf->type, "text/plain") == 0)
		add_plain(b, object, leaf, start);
	else if (strcmp(leaf->type, "text/html") == 0)
		add_leaf(b, MIME_BLOCK_HTML, object, leaf, start);
	else if (leaf->report)
		add_leaf(b, MIME_BLOCK_REPORT, object, leaf, start);
	else
		add_text(b, object, leaf, start, b->text->len);
	add_spans(b, leaf, (guint)start);
	b->laid_for = leaf->laid_for ? leaf->laid_for : b->laid_for;
	b->truncated = b->truncated || leaf->cut;
	b->guessed = b->guessed || leaf->used.guessed;
	if (b->type)
		return;
	b->type = g_strdup(leaf->type);
	b->charset = leaf->used.name;
	b->mended = leaf->used.mended;
	b->chosen_used = leaf->used.chosen;
	b->declared = leaf->declared;
	b->candidates = g_steal_pointer(&leaf->candidates);
	b->flowed = leaf->flowed;
}

/* Words in the place of what is encrypted, for a reader; the search has no use for
 * them. */
static void show_encrypted(struct body *b, GMimeObject *object)
{
	if (b->want_text && !b->want_words)
		body_add_block(b, MIME_BLOCK_ENCRYPTED, object,
			text_append(b->text, _("[encrypted]"), &b->truncated));
}

static void read_object(struct body *b, struct letter *l, GMimeObject *object, int depth);

static bool is_text(const char *type)
{
	return (g_str_has_prefix(type, "text/") && strcmp(type, "text/rtf") != 0) ||
		g_str_has_prefix(type, "message/") || strcmp(type, "application/pgp") == 0;
}

static void read_part(struct body *b, struct letter *l, GMimeObject *object, bool root)
{
	g_autofree char *type = node_type(object);
	struct leaf leaf = {.type = type};
	if (crypt_is_opaque(object))
		show_encrypted(b, object);
	if (!is_text(type) ||
		(strcmp(type, "text/calendar") == 0 && body_read_calendar(b, l, object)) ||
		body_read_contact(b, l, object, type))
		return;
	bool attached = !root && node_disposition(l, object, root) == MIME_ATTACHMENT;
	if (attached && !b->want_words)
		return;
	read_leaf(b, l, object, &leaf);
	leaf.report = b->want_text && report_tells(l, object);
	if (!attached)
		show(b, object, &leaf);
	else
		text_append(b->words, leaf.text, &b->truncated);
	if (attached)
		g_ptr_array_set_size(b->links, (int)leaf.links);
	leaf_clear(&leaf);
}

/* A few lines of a forwarded letter's header, decoded and sanitized. */
static void put_short_header(struct body *b, struct letter *l, const GPtrArray *fields,
	GMimeObject *object)
{
	static const char *const names[] = {"From", "To", "Cc", "Subject", "Date"};
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GPtrArray) facts = mime_fields_new();
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *raw = fields_get(fields, names[i], 0);
		if (!raw)
			continue;
		g_autofree char *text = header_decode(l->charsets, raw, l->hint);
		g_autofree char *line = mime_clean_line(text);
		g_string_append_printf(out, "%s: %s\n", names[i], line);
		mime_fields_add(facts, names[i], line);
	}
	size_t start = text_append(b->text, out->str, &b->truncated);
	struct mime_block *block = body_add_block(b, MIME_BLOCK_FORWARDED, object, start);
	if (block)
		g_ptr_array_extend_and_steal(block->fields, g_steal_pointer(&facts));
}

static GPtrArray *fields_of(GMimeMessage *message)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(message));
	g_autoptr(GString) block = g_string_new(NULL);
	for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
		GMimeHeader *h = g_mime_header_list_get_header_at(list, i);
		const char *raw = g_mime_header_get_raw_value(h);
		g_string_append_printf(block, "%s:%s", limits_field_name(g_mime_header_get_name(h)),
			raw ? raw : "\n");
	}
	return fields_parse(block->str, block->len);
}

static void read_message_part(struct body *b, struct letter *l, GMimeObject *object, int depth)
{
	GMimeMessage *m = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
	if (!m)
		return;
	g_autoptr(GPtrArray) fields = fields_of(m);
	put_short_header(b, l, fields, object);
	if (g_mime_message_get_mime_part(m))
		read_object(b, l, g_mime_message_get_mime_part(m), depth + 1);
}

static bool read_nested(struct body *b, struct letter *l, GMimeObject *object, int depth)
{
	g_autofree char *type = node_type(object);
	if (strcmp(type, "message/rfc822") != 0 && strcmp(type, "message/global") != 0)
		return false;
	struct letter *inner = letter_nested(l, GMIME_PART(object));
	if (!inner)
		return false;
	put_short_header(b, inner, inner->fields, object);
	if (inner->body)
		read_object(b, inner, inner->body, depth + 1);
	return true;
}

/* The text in winmail.dat, where the letter has no other. */
static bool read_box(struct body *b, struct letter *l, GMimeObject *object)
{
	const GPtrArray *objects = box_is_opened(object) ? box_of(l, object) : NULL;
	for (guint i = 0; objects && i < objects->len && b->text->len == 0; i++)
		read_part(b, l, objects->pdata[i], false);
	return objects != NULL;
}

static bool is_type(GMimeObject *object, const char *type)
{
	g_autofree char *own = node_type(object);
	return strcmp(own, type) == 0;
}

/* The part of an alternative that can be read as type, at any depth of
 * multipart/related and the like. */
static GMimeObject *find_type(GMimeObject *object, const char *type, int depth)
{
	if (GMIME_IS_PART(object) && is_type(object, type))
		return object;
	if (!GMIME_IS_MULTIPART(object) || depth > LIMIT_DEPTH)
		return NULL;
	int n = MIN(g_mime_multipart_get_count(GMIME_MULTIPART(object)), LIMIT_PARTS);
	for (int i = 0; i < n; i++) {
		GMimeObject *child = g_mime_multipart_get_part(GMIME_MULTIPART(object), i);
		GMimeObject *found = find_type(child, type, depth + 1);
		if (found)
			return found;
	}
	return NULL;
}

/* Plain text is what the writer meant to be read, unless it is only a word to
 * those who cannot read HTML. */
static bool is_stub(struct body *b, struct letter *l, GMimeObject *plain, GMimeObject *html)
{
	struct leaf a = {.type = "text/plain", .quiet = true};
	struct leaf c = {.type = "text/html", .quiet = true};
	guint links = b->links->len;
	read_leaf(b, l, plain, &a);
	bool stub = alternative_letters(a.text) < STUB;
	if (stub) {
		read_leaf(b, l, html, &c);
		stub = alternative_is_stub(a.text, c.text);
	}
	leaf_clear(&a);
	leaf_clear(&c);
	g_ptr_array_set_size(b->links, (int)links);
	return stub;
}

static GMimeObject *choose(struct body *b, struct letter *l, GMimeObject *plain, GMimeObject *html)
{
	if (!plain || !html)
		return plain ? plain : html;
	if (b->prefer != MIME_PREFER_BEST)
		return b->prefer == MIME_PREFER_PLAIN ? plain : html;
	return is_stub(b, l, plain, html) ? html : plain;
}

/* The form that is not shown, of the text that is shown from start on. */
static void look_at_other(struct body *b, struct letter *l, GMimeObject *other, size_t start)
{
	g_autofree char *type = node_type(other);
	struct leaf leaf = {.type = type, .quiet = true};
	guint links = b->links->len;
	read_leaf(b, l, other, &leaf);
	b->differs = b->differs || alternative_differs(b->text->str + start, leaf.text);
	b->other = strcmp(type, "text/html") == 0 ? "text/html" : "text/plain";
	leaf_clear(&leaf);
	g_ptr_array_set_size(b->links, (int)links);
}

static void read_alternative(struct body *b, struct letter *l, GMimeMultipart *m, int depth)
{
	GMimeObject *plain = find_type(GMIME_OBJECT(m), "text/plain", 0);
	GMimeObject *html = find_type(GMIME_OBJECT(m), "text/html", 0);
	GMimeObject *best = choose(b, l, plain, html);
	GMimeObject *calendar = find_type(GMIME_OBJECT(m), "text/calendar", 0);
	if (calendar && best)
		body_read_calendar(b, l, calendar);
	if (best) {
		size_t start = b->text->len;
		read_part(b, l, best, true);
		if (plain && html && b->want_text && start <= b->text->len)
			look_at_other(b, l, best == plain ? html : plain, start);
		return;
	}
	for (int i = MIN(g_mime_multipart_get_count(m), LIMIT_PARTS); i > 0; i--) {
		size_t had = b->text->len;
		read_object(b, l, g_mime_multipart_get_part(m, i - 1), depth + 1);
		if (b->text->len > had)
			return;
	}
}

static void read_multipart(struct body *b, struct letter *l, GMimeMultipart *m, int depth)
{
	int n = MIN(g_mime_multipart_get_count(m), LIMIT_PARTS);
	if (is_type(GMIME_OBJECT(m), "multipart/alternative")) {
		read_alternative(b, l, m, depth);
		return;
	}
	if (GMIME_IS_MULTIPART_ENCRYPTED(m) && n == 2) {
		show_encrypted(b, g_mime_multipart_get_part(m, 1));
		return;
	}
	/* With more parts than two nobody can say which are signed: all are shown. */
	if (crypt_is_signed(GMIME_OBJECT(m)))
		n = 1;
	for (int i = b->decrypted ? legacy_parts(l, m) : 0; i < n && b->text->len < LIMIT_TEXT; i++)
		read_object(b, l, g_mime_multipart_get_part(m, i), depth + 1);
}

static void read_object(struct body *b, struct letter *l, GMimeObject *object, int depth)
{
	if (!object || depth > LIMIT_DEPTH)
		return;
	if (GMIME_IS_MULTIPART(object))
		read_multipart(b, l, GMIME_MULTIPART(object), depth);
	else if (GMIME_IS_MESSAGE_PART(object))
		read_message_part(b, l, object, depth);
	else if (GMIME_IS_PART(object) && !read_nested(b, l, object, depth) &&
		!read_box(b, l, object))
		read_part(b, l, object, object == l->body);
}

static bool has_content(const struct node *n, void *data)
{
	bool *content = data;
	if (GMIME_IS_MESSAGE_PART(n->object))
		*content = true;
	if (!GMIME_IS_PART(n->object) || *content)
		return !*content;
	GMimeDataWrapper *w = g_mime_part_get_content(GMIME_PART(n->object));
	GMimeStream *stream = w ? g_mime_data_wrapper_get_stream(w) : NULL;
	*content = stream && g_mime_stream_length(stream) > 0;
	return !*content;
}

/* A multipart whose boundaries are not where they should be has no parts for
 * the parser, but there is something to read. */
static void read_raw(struct body *b, struct letter *l)
{
	bool content = false;
	letter_walk(l, has_content, &content);
	if (content || l->body_start >= source_length(l->source))
		return;
	const char *data;
	ssize_t n = source_peek_wide(l->source, l->body_start, &data);
	if (n <= 0)
		return;
	struct leaf leaf = {.type = "text/plain", .spans = mime_spans_new()};
	g_autofree char *utf8 = charset_decode(l->charsets, data, (size_t)n, b->chosen, &leaf.used);
	g_autofree char *text = text_plain(utf8, false, false);
	leaf.text = clean(text, leaf.spans);
	leaf.cut = l->body_start + n < source_length(l->source);
	show(b, NULL, &leaf);
	leaf_clear(&leaf);
}

static bool note_path(const struct node *n, void *data)
{
	struct body *b = data;
	g_hash_table_insert(b->paths, n->object, g_strdup(n->path));
	return true;
}

void body_read(struct body *b, struct letter *l)
{
	if (!l->body)
		return;
	b->whole = l->body;
	if (b->want_text)
		letter_walk(l, note_path, b);
	read_object(b, l, l->body, 0);
	if (b->text->len == 0 && GMIME_IS_MULTIPART(l->body))
		read_raw(b, l);
}

void body_read_part(struct body *b, struct letter *l, GMimeObject *object)
{
	if (GMIME_IS_PART(object) && !read_nested(b, l, object, 0))
		read_part(b, l, object, true);
	else if (!GMIME_IS_PART(object))
		read_object(b, l, object, 0);
}
