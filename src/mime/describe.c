/* SPDX-License-Identifier: MIT */
#include "mime/letter.h"

#include <string.h>

#include "base/sanitize.h"
#include "mime/magic.h"
#include "mime/plain.h"
#include "mime/traits.h"

enum { MAX_ADDRESSES = 5000, MAX_IDS = 1000, MAX_ID = 998, MAX_VALUE = 256 * 1024 };

/* Decoded and sanitized. */
static char *clean_value(const struct letter *l, const char *raw)
{
	g_autofree char *text = header_decode(l->charsets, raw, l->hint);
	return mime_clean_line(text);
}

static void add_address(GPtrArray *to, const char *name, const char *address, const char *group)
{
	struct mime_address *a = g_new0(struct mime_address, 1);
	a->name = mime_clean_line(name);
	a->address = mime_clean_line(address);
	a->group = mime_clean_line(group);
	g_ptr_array_add(to, a);
}

static void add_list(GPtrArray *to, InternetAddressList *list, const char *group)
{
	int n = internet_address_list_length(list);
	for (int i = 0; i < n && to->len < MAX_ADDRESSES; i++) {
		InternetAddress *ia = internet_address_list_get_address(list, i);
		const char *name = internet_address_get_name(ia);
		if (INTERNET_ADDRESS_IS_GROUP(ia))
			add_list(to, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(ia)),
				name);
		else
			add_address(to, name,
				internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(ia)), group);
	}
}

/* What an address of GMime's ends at: what stands behind it is lost. */
static bool is_end(char c)
{
	return c == '@' || g_ascii_iscntrl(c);
}

/* "ivan@one@two" by "ivan@one". */
static GHashTable *cut_short(const char *raw)
{
	static const char ends[] = " \t\r\n<>,;()\"";
	GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (size_t n; *raw; raw += n, raw += strspn(raw, ends)) {
		n = strcspn(raw, ends);
		const char *at = memchr(raw, '@', n), *end = raw + n;
		for (at = at ? at + 1 : end; at < end && !is_end(*at); at++)
			;
		if (at < end)
			g_hash_table_insert(all, g_strndup(raw, (gsize)(at - raw)),
				g_strndup(raw, n));
	}
	return all;
}

/* Another program may take it for the address of who stands behind that: whoever it is,
 * he is shown whole (M-43). */
static void put_back(const char *raw, GPtrArray *addresses, guint from)
{
	g_autoptr(GHashTable) all = cut_short(raw);
	for (guint i = from; i < addresses->len && g_hash_table_size(all) > 0; i++) {
		struct mime_address *a = addresses->pdata[i];
		const char *whole = g_hash_table_lookup(all, a->address);
		if (!whole)
			continue;
		g_free(a->address);
		a->address = mime_clean_line(whole);
	}
}

void letter_addresses(const struct letter *l, const char *raw, GPtrArray *to)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	if (!plain_addresses(l->charsets, raw, found)) {
		letter_addresses_whole(l, raw, to);
		return;
	}
	for (guint i = 0; i + 1 < found->len && to->len < MAX_ADDRESSES; i += 2)
		add_address(to, found->pdata[i], found->pdata[i + 1], "");
}

/* Up to the comma or semicolon that ends a mailbox; close is the last '>' of all. */
static size_t piece_length(const char *text, const char *close)
{
	bool quoted = false, angle = false;
	int depth = 0;
	size_t n = 0;
	for (; text[n]; n++) {
		char c = text[n];
		bool plain = !quoted && depth == 0;
		if (c == '\\' && text[n + 1])
			n++;
		else if (c == '"' && depth == 0)
			quoted = !quoted;
		else if (!quoted && (c == '(' || c == ')'))
			depth = MAX(depth + (c == '(' ? 1 : -1), 0);
		else if (plain && (c == '<' || c == '>'))
			angle = c == '<' && text + n < close;
		else if (plain && !angle && (c == ',' || c == ';'))
			break;
	}
	return n;
}

/* One that a letter can be sent to, though no standard allows it ("a..b@example.org"). */
static char *address_within(const char *piece)
{
	const char *open = strrchr(piece, '<'), *start = open ? open + 1 : piece;
	size_t n = strcspn(start, open ? ">" : "");
	g_autofree char *address = g_strndup(start, n);
	g_strstrip(address);
	const char *at = strchr(address, '@');
	bool good = at && at > address && at[1] && !strchr(at + 1, '@') &&
		    !strpbrk(address, " \t\"\\()<>,;:[]");
	return good ? g_steal_pointer(&address) : NULL;
}

/* Those with a host, of to behind from. */
static GHashTable *with_hosts(const GPtrArray *to, guint from)
{
	GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = from; i < to->len; i++) {
		const struct mime_address *a = to->pdata[i];
		if (strchr(a->address, '@'))
			g_hash_table_add(found, g_ascii_strdown(a->address, -1));
	}
	return found;
}

static void add_lost(const struct letter *l, const char *piece, GHashTable *found, GPtrArray *to)
{
	g_autofree char *address = address_within(piece);
	g_autofree char *key = address ? g_ascii_strdown(address, -1) : NULL;
	if (!address || g_hash_table_contains(found, key))
		return;
	const char *open = strrchr(piece, '<');
	g_autofree char *before = g_strndup(piece, open ? (gsize)(open - piece) : 0);
	g_mime_utils_unquote_string(g_strstrip(before));
	g_autofree char *name = header_decode(l->charsets, before, l->hint);
	add_address(to, name, address, "");
	g_hash_table_add(found, g_steal_pointer(&key));
}

/* GMime leaves out a mailbox that it cannot read. */
static void add_all_lost(const struct letter *l, const char *raw, GPtrArray *to, guint from)
{
	g_autoptr(GHashTable) found = with_hosts(to, from);
	const char *close = strrchr(raw, '>');
	for (const char *p = raw; *p && to->len < MAX_ADDRESSES;) {
		size_t n = piece_length(p, close);
		g_autofree char *piece = g_strstrip(g_strndup(p, n));
		if (strchr(piece, '@'))
			add_lost(l, piece, found, to);
		p += n + (p[n] != '\0');
	}
}

void letter_addresses_whole(const struct letter *l, const char *raw, GPtrArray *to)
{
	guint had = to->len;
	g_autofree char *safe = header_recode(l->charsets, raw, l->hint);
	g_autoptr(GMimeParserOptions) options = g_mime_parser_options_new();
	const char *utf8[] = {"utf-8", NULL};
	g_mime_parser_options_set_fallback_charsets(options, utf8);
	g_mime_parser_options_set_allow_addresses_without_domain(options, TRUE);
	g_autoptr(InternetAddressList) list = internet_address_list_parse(options, safe);
	if (list)
		add_list(to, list, "");
	put_back(safe, to, had);
	add_all_lost(l, safe, to, had);
	/* Something stands there, so something is shown.  A colon is a group,
	 * which may be empty. */
	if (to->len > had || strchr(safe, ':'))
		return;
	g_autofree char *text = clean_value(l, raw);
	if (*text && strcmp(text, "<>") != 0)
		add_address(to, text, "", "");
}

static void warn(struct mime_message *m, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void warn(struct mime_message *m, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_ptr_array_add(m->warnings, g_strdup_vprintf(format, args));
	va_end(args);
}

static bool is_opaque(const struct field *f)
{
	return f->name[0] == LIMITS_OPAQUE && limits_field_name(f->name) != f->name;
}

static void put_headers(const struct letter *l, struct mime_message *m)
{
	for (guint i = 0; i < l->fields->len; i++) {
		const struct field *f = l->fields->pdata[i];
		struct mime_header *h = g_new0(struct mime_header, 1);
		bool opaque = is_opaque(f);
		g_autofree char *start = g_strndup(f->raw, strnlen(f->raw, opaque ? 1000 : MAX_VALUE));
		h->name = mime_clean_line(limits_field_name(f->name));
		h->value = clean_value(l, start);
		g_ptr_array_add(m->headers, h);
		if (opaque)
			warn(m, _("the header '%s' is not read: it is made to harm"), h->name);
	}
}

/* Fields that may stand only once: a reader, a filter and a signature must not
 * choose differently.  We take the first, and say so. */
static void warn_duplicates(const struct letter *l, struct mime_message *m)
{
	static const char *const once[] = {"Subject", "Date", "Message-ID", "To", "Cc", "Bcc",
		"Sender", "Reply-To", "In-Reply-To", "References", "Content-Type",
		"Content-Transfer-Encoding", "MIME-Version"};
	for (size_t i = 0; i < G_N_ELEMENTS(once); i++)
		if (fields_get(l->fields, once[i], 1))
			warn(m, _("the header '%s' stands here more than once"), once[i]);
	if (fields_get(l->fields, "From", 1))
		warn(m, _("there is more than one 'From' header"));
	else if (m->from->len > 1)
		warn(m, _("the letter names several senders"));
}

static char *first(const struct letter *l, const char *name)
{
	const char *raw = fields_get(l->fields, name, 0);
	return raw ? clean_value(l, raw) : g_strdup("");
}

/* The ids between < and >; without any, the words (some programs). */
static void ids_in(const struct letter *l, const char *raw, GPtrArray *to)
{
	for (const char *p = strchr(raw, '<'); p && to->len < MAX_IDS; p = strchr(p, '<')) {
		size_t len = strcspn(++p, "<>");
		if (p[len] != '>' || len == 0 || len > MAX_ID)
			continue;
		g_autofree char *id = g_strndup(p, len);
		g_autofree char *whole = header_decode(l->charsets, id, NULL);
		g_ptr_array_add(to, mime_clean_line(whole));
		p += len;
	}
}

static void put_ids(const struct letter *l, const char *name, GPtrArray *to)
{
	const char *raw = fields_get(l->fields, name, 0);
	if (raw)
		ids_in(l, raw, to);
}

char *letter_id(const struct letter *l, const char *raw)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	ids_in(l, raw, ids);
	return g_strdup(ids->len > 0 ? ids->pdata[0] : "");
}

static char *one_id(const struct letter *l, const char *name)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	put_ids(l, name, ids);
	if (ids->len > 0)
		return g_strdup(ids->pdata[0]);
	g_autofree char *text = first(l, name);
	return strlen(text) <= MAX_ID ? g_steal_pointer(&text) : g_strdup("");
}

/* "Name <list.example.org>" is list.example.org. */
static char *angle(char *text)
{
	char *open = strrchr(text, '<'), *close = open ? strchr(open, '>') : NULL;
	if (!close)
		return text;
	char *inner = g_strndup(open + 1, (gsize)(close - open - 1));
	g_free(text);
	return inner;
}

int64_t letter_date_whole(const struct letter *l, const char *raw)
{
	g_autofree char *text = header_decode(l->charsets, raw, NULL);
	g_autoptr(GDateTime) date = g_mime_utils_header_decode_date(text);
	return date ? MAX(g_date_time_to_unix(date), 0) : 0;
}

static int64_t date_of(const struct letter *l)
{
	const char *raw = fields_get(l->fields, "Date", 0);
	int64_t date;
	if (!raw || strlen(raw) > 200)
		return 0;
	return plain_date(raw, &date) ? date : letter_date_whole(l, raw);
}

struct field_list {
	const char *name;
	size_t offset;
};

static void put_lists(const struct letter *l, struct mime_message *m, const struct field_list *lists,
	size_t count)
{
	for (size_t i = 0; i < count; i++) {
		GPtrArray **to = (GPtrArray **)(void *)((char *)m + lists[i].offset);
		const char *raw;
		for (guint n = 0; n < 100 && (raw = fields_get(l->fields, lists[i].name, n)); n++)
			letter_addresses(l, raw, *to);
	}
}

static void put_addresses(const struct letter *l, struct mime_message *m)
{
	static const struct field_list lists[] = {
		{"From", offsetof(struct mime_message, from)},
		{"Sender", offsetof(struct mime_message, sender)},
		{"Reply-To", offsetof(struct mime_message, reply_to)},
		{"To", offsetof(struct mime_message, to)},
		{"Cc", offsetof(struct mime_message, cc)},
		{"Bcc", offsetof(struct mime_message, bcc)},
	};
	put_lists(l, m, lists, G_N_ELEMENTS(lists));
}

/* Without what stands behind its last part. */
static int64_t size_of_letter(GMimeMessagePart *part)
{
	GMimeMessage *m = g_mime_message_part_get_message(part);
	GMimeHeaderList *fields = m ? g_mime_object_get_header_list(GMIME_OBJECT(m)) : NULL;
	int64_t start, end, head = -1;
	if (!fields || !letter_extent(GMIME_OBJECT(part), &start, &end))
		return 0;
	if (g_mime_header_list_get_count(fields) > 0)
		head = g_mime_header_get_offset(g_mime_header_list_get_header_at(fields, 0));
	return end - (head >= 0 ? MIN(head, start) : start);
}

static int64_t size_of(GMimeObject *object)
{
	if (GMIME_IS_MESSAGE_PART(object))
		return size_of_letter(GMIME_MESSAGE_PART(object));
	if (!GMIME_IS_PART(object))
		return 0;
	GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
	GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
	int64_t raw = stream ? g_mime_stream_length(stream) : 0;
	GMimeContentEncoding encoding = g_mime_part_get_content_encoding(GMIME_PART(object));
	if (encoding != GMIME_CONTENT_ENCODING_BASE64 &&
		encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE &&
		encoding != GMIME_CONTENT_ENCODING_UUENCODE)
		return MAX(raw, 0);
	/* Counting costs a pass; an estimate is good enough for what is huge. */
	if (raw > LIMIT_TEXT)
		return encoding == GMIME_CONTENT_ENCODING_BASE64 ? raw / 78 * 57 : raw;
	bool cut;
	g_autoptr(GByteArray) octets = letter_content(GMIME_PART(object), LIMIT_TEXT, &cut);
	return octets->len;
}

static const char *content_of(GMimeObject *object)
{
	bool cut;
	if (!GMIME_IS_PART(object))
		return "";
	g_autoptr(GByteArray) octets = letter_content(GMIME_PART(object), MAGIC_OCTETS, &cut);
	return magic_type(octets->data, octets->len);
}

/* What the type of a part tells of the letter: that of its letters inside tells
 * nothing about the whole's seal. */
static void put_kind(const struct node *n, const char *type, const char *filename,
	struct mime_message *m)
{
	enum { SEALS = MIME_SIGNED | MIME_ENCRYPTED };
	unsigned kind = mime_kind_of(type, filename);
	const char *smime = kind == MIME_ENCRYPTED ? node_parameter(n->object, "smime-type") : NULL;
	if (smime && g_ascii_strcasecmp(smime, "signed-data") == 0)
		kind = MIME_SIGNED;
	const char *method = kind == MIME_CALENDAR ? node_parameter(n->object, "method") : NULL;
	if (method && g_ascii_strcasecmp(method, "REQUEST") == 0)
		kind |= MIME_INVITATION;
	m->kinds |= (kind & SEALS) && (m->kinds & MIME_LETTER) ? 0 : kind;
}

static bool put_part(const struct node *n, void *data)
{
	struct mime_message *m = data;
	struct mime_part *p = g_new0(struct mime_part, 1);
	GMimeHeader *encoding = g_mime_header_list_get_header(
		g_mime_object_get_header_list(n->object), "Content-Transfer-Encoding");
	g_autofree char *type = node_type(n->object);
	g_autofree char *filename = node_filename(n->letter, n->object);
	g_autofree char *how = encoding
		? header_decode(n->letter->charsets, g_mime_header_get_raw_value(encoding), NULL)
		: g_strdup("");
	p->path = g_strdup(n->path);
	p->type = mime_clean_line(type);
	p->charset = mime_clean_line(node_parameter(n->object, "charset"));
	p->filename = mime_clean_line(filename);
	p->encoding = mime_clean_line(how);
	p->disposition = node_disposition(n->letter, n->object, m->parts->len == 0);
	p->size = size_of(n->object);
	p->depth = n->depth;
	p->content = g_strdup(content_of(n->object));
	p->note = node_note(n->object);
	put_kind(n, type, filename, m);
	g_ptr_array_add(m->parts, p);
	return true;
}

static void put_identity(const struct letter *l, struct mime_message *m)
{
	m->subject = first(l, "Subject");
	m->message_id = one_id(l, "Message-ID");
	put_ids(l, "In-Reply-To", m->in_reply_to);
	put_ids(l, "References", m->references);
	m->date = date_of(l);
}

/* Of a part, whether it is an attachment, and its name. */
static bool skim_part(const struct node *n, void *data)
{
	struct mime_message *m = data;
	struct mime_part *p = g_new0(struct mime_part, 1);
	g_autofree char *filename = node_filename(n->letter, n->object);
	g_autofree char *type = node_type(n->object);
	put_kind(n, type, filename, m);
	p->path = g_strdup(n->path);
	p->filename = mime_clean_line(filename);
	p->disposition = node_disposition(n->letter, n->object, m->parts->len == 0);
	g_ptr_array_add(m->parts, p);
	return true;
}

/* What the field says, until the text says better. */
static unsigned languages_named(const struct letter *l)
{
	const char *raw = fields_get(l->fields, "Content-Language", 0);
	return raw ? traits_languages_named(raw) : 0;
}

void letter_skim(struct letter *l, struct mime_message *m)
{
	static const struct field_list lists[] = {
		{"From", offsetof(struct mime_message, from)},
		{"To", offsetof(struct mime_message, to)},
		{"Cc", offsetof(struct mime_message, cc)},
	};
	put_lists(l, m, lists, G_N_ELEMENTS(lists));
	put_identity(l, m);
	m->list_id = angle(first(l, "List-Id"));
	if (!l->body)
		return;
	letter_walk(l, skim_part, m);
	m->languages = languages_named(l);
	m->report = letter_report(l);
}

void letter_describe(struct letter *l, struct mime_message *m)
{
	put_headers(l, m);
	put_addresses(l, m);
	put_identity(l, m);
	m->list_id = angle(first(l, "List-Id"));
	m->list_post = angle(first(l, "List-Post"));
	m->languages = languages_named(l);
	m->report = letter_report(l);
	m->trace = letter_trace(l);
	letter_crypts(l, m->crypts);
	m->protected = letter_is_protected(l);
	warn_duplicates(l, m);
	if (!letter_walk(l, put_part, m)) {
		m->truncated = true;
		warn(m, _("the letter has more parts than are shown"));
	}
	if (l->limits.truncated) {
		m->truncated = true;
		warn(m, _("the letter exceeds a limit: not all of it is read"));
	}
}
