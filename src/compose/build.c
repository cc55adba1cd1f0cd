/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "compose/address.h"
#include "compose/build.h"
#include "compose/fields.h"
#include "compose/header.h"
#include "compose/parts.h"
#include "compose/text.h"

struct build {
	const struct draft *draft;
	struct pieces *pieces;
	GPtrArray *recipients;
	char *sender;
	char *message_id;
	bool packing; /* a draft with its parts */
	bool saving;  /* a draft: what is wrong goes into a field of our own */
};

static void build_clear(struct build *b)
{
	g_clear_pointer(&b->pieces, pieces_free);
	g_clear_pointer(&b->recipients, g_ptr_array_unref);
	g_clear_pointer(&b->sender, g_free);
	g_clear_pointer(&b->message_id, g_free);
}

static void build_init(struct build *b, const struct draft *d, bool saving)
{
	b->draft = d;
	b->pieces = pieces_new();
	b->recipients = g_ptr_array_new_with_free_func(g_free);
	b->saving = saving;
}

static void put(struct build *b, struct header *field)
{
	header_write(field, pieces_text(b->pieces));
}

/* A saved draft is a letter of its own, whatever it will be. */
static bool resends(const struct build *b)
{
	return b->draft->resends && *b->draft->resends && !b->saving;
}

/* A draft is for nobody else's program. */
static const char *charsets(const struct build *b)
{
	return b->saving ? NULL : b->draft->charsets;
}

static void put_text(struct build *b, const char *name, const char *value)
{
	struct header *h = header_begin(name);
	header_set_charsets(h, charsets(b));
	header_put_text(h, value);
	put(b, h);
}

static void put_words(struct build *b, const char *name, const char *value)
{
	struct header *h = header_begin(name);
	header_put_words(h, value);
	put(b, h);
}

static void put_own(struct build *b, const char *name, const char *value)
{
	g_autofree char *own = g_strconcat(FIELD_OWN, name, NULL);
	put_text(b, own, value);
}

/* --- fields ------------------------------------------------------------------ */

static bool check_field(const char *name, const char *value, GError **error)
{
	bool bad = !g_utf8_validate(value, -1, NULL);
	for (const char *c = value; *c && !bad; c++)
		bad = g_ascii_iscntrl(*c) && *c != '\t';
	if (bad)
		g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_HEADER,
			_("%s of the letter: a line end or another control character is in it"),
			name);
	return !bad;
}

static void add_recipient(struct build *b, const char *address)
{
	for (guint i = 0; i < b->recipients->len; i++)
		if (address_equal(b->recipients->pdata[i], address))
			return;
	g_ptr_array_add(b->recipients, g_strdup(address));
}

static void take_address(struct build *b, const struct draft_field *f, const char *address)
{
	static const char *const to[] = {"To", "Cc", "Bcc", NULL};
	if (g_strv_contains(to, f->name))
		add_recipient(b, address);
	else if (!b->sender && g_str_equal(f->name, "From"))
		b->sender = g_strdup(address);
}

/* RFC 5322 section 3.6.2: where several wrote a letter, it is told who sent it. */
static void put_sender(struct build *b)
{
	struct header *h = header_begin(resends(b) ? "Resent-Sender" : "Sender");
	header_put_address(h, "", b->sender);
	put(b, h);
}

static bool put_addresses(
	struct build *b, const struct draft_field *f, const char *value, GError **error)
{
	g_autoptr(GPtrArray) list = address_parse_list(value, error);
	if (!list) {
		g_prefix_error(error, "%s: ", f->name);
		return false;
	}
	if (list->len == 0)
		return true;
	g_autofree char *name = g_strconcat(resends(b) ? "Resent-" : "", f->name, NULL);
	struct header *h = header_begin(name);
	header_set_charsets(h, charsets(b));
	for (guint i = 0; i < list->len; i++) {
		const struct typed_address *a = list->pdata[i];
		g_autofree char *ascii = address_to_ascii_domain(a->address, NULL);
		take_address(b, f, ascii);
		header_put_address(h, a->name, ascii);
	}
	put(b, h);
	if (list->len > 1 && g_str_equal(f->name, "From"))
		put_sender(b);
	return true;
}

/* References come from other letters; what cannot stand there is left out (S-64).
 * In-Reply-To may be typed, and nothing that was typed goes without a word. */
static bool put_ids(struct build *b, const struct draft_field *f, const char *value, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(value, " \t", -1);
	g_autoptr(GString) ids = g_string_new(NULL);
	for (char **word = words; *word; word++) {
		size_t len = strlen(*word);
		bool framed = len > 2 && **word == '<' && (*word)[len - 1] == '>';
		g_autofree char *id = framed ? g_strndup(*word + 1, len - 2) : NULL;
		if (id && is_message_id(id)) {
			g_string_append_printf(ids, "%s%s", ids->len ? " " : "", *word);
		} else if (len > 0 && !(f->kind & FIELD_HIDDEN)) {
			g_autofree char *clean = sanitize_line(*word, -1);
			g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_HEADER,
				/* TRANSLATORS: name of a header field, what stands in it */
				_("%s: '%s' is no message id; write <id@domain>, or nothing"),
				f->name, clean);
			return false;
		}
	}
	if (ids->len > 0)
		put_words(b, f->name, ids->str);
	return true;
}

static bool put_field(struct build *b, const struct draft_field *f, GError **error)
{
	const char *value = *draft_field_at(b->draft, f);
	bool resent = (f->kind & FIELD_RESENT) != 0;
	if (!value || !*value || (resends(b) && !resent))
		return true;
	if (!check_field(f->name, value, error))
		return false;
	if (f->kind & FIELD_ADDRESSES)
		return put_addresses(b, f, value, error);
	if (f->kind & FIELD_IDS)
		return put_ids(b, f, value, error);
	put_text(b, f->name, value);
	return true;
}

/* A draft may be wrong: what cannot stand in its field is kept beside it. */
static void save_field(struct build *b, const struct draft_field *f)
{
	if (put_field(b, f, NULL))
		return;
	g_autofree char *line = sanitize_line(*draft_field_at(b->draft, f), -1);
	put_own(b, f->name, line);
}

static bool put_fields(struct build *b, GError **error)
{
	for (const struct draft_field *f = draft_fields; f->name; f++) {
		if (b->saving)
			save_field(b, f);
		else if (!put_field(b, f, error))
			return false;
	}
	return true;
}

/* --- what a letter has by itself --------------------------------------------- */

/* strftime() would write the day in the language of the locale. */
char *compose_date(bool utc)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t now = (time_t)clock_now();
	struct tm t;
	if (utc)
		gmtime_r(&now, &t);
	else
		localtime_r(&now, &t);
	long minutes = t.tm_gmtoff / 60;
	return g_strdup_printf("%s, %d %s %d %02d:%02d:%02d %c%02ld%02ld", days[t.tm_wday],
		t.tm_mday, months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec,
		minutes < 0 ? '-' : '+', labs(minutes) / 60, labs(minutes) % 60);
}

char *compose_message_id(const char *address)
{
	g_autofree char *word = random_word();
	const char *at = address ? strrchr(address, '@') : NULL;
	/* A draft without a sender gets another id when it is sent. */
	return g_strdup_printf("%s@%s", word, at ? at + 1 : "draft.invalid");
}

static void put_date(struct build *b)
{
	g_autofree char *date = compose_date(b->draft->utc);
	put_words(b, resends(b) ? "Resent-Date" : "Date", date);
}

static void put_message_id(struct build *b)
{
	b->message_id = compose_message_id(b->sender);
	g_autofree char *id = g_strdup_printf("<%s>", b->message_id);
	put_words(b, resends(b) ? "Resent-Message-ID" : "Message-ID", id);
}

/* RFC 8098 section 2.1: to the one who asks, without a name. */
static void put_receipt(struct build *b)
{
	struct header *h = header_begin("Disposition-Notification-To");
	header_put_address(h, "", b->sender);
	put(b, h);
}

/* The block stands on top of what came, which is not touched (RFC 5322 section
 * 3.6.6). */
static bool put_resent(struct build *b, GError **error)
{
	struct file_look *f = file_look_new(b->draft->resends, error);
	if (!f)
		return false;
	file_look_skip_envelope(f);
	pieces_add_file(b->pieces, f, FILE_LINES);
	return true;
}

/* The text as it was typed, whatever the letter is to become. */
static bool put_packed(struct build *b, GError **error)
{
	struct draft inner = *b->draft;
	if (inner.resends && *inner.resends)
		inner.letter = inner.resends;
	inner.attachments = g_ptr_array_new();
	inner.charsets = NULL;
	inner.calendar = NULL;
	inner.markdown = inner.flowed = false;
	bool ok = parts_put(b->pieces, &inner, error);
	g_ptr_array_unref(inner.attachments);
	return ok;
}

static bool put_body(struct build *b, GError **error)
{
	if (resends(b))
		return put_resent(b, error);
	GString *out = pieces_text(b->pieces);
	g_string_append(out, "MIME-Version: 1.0\n");
	if (b->packing)
		return put_packed(b, error);
	if (b->saving || !parts_needed(b->draft))
		return text_put(out, b->draft, b->saving, error);
	return parts_put(b->pieces, b->draft, error);
}

static void put_own_value(struct build *b, const struct draft_own *o)
{
	const struct draft *d = b->draft;
	bool is_text = o->kind <= OWN_LINES, escaped = is_text && o->kind != OWN_TEXT;
	const char *text = is_text ? G_STRUCT_MEMBER(char *, d, o->offset) : NULL;
	/* A word about a letter may have words of it. */
	g_autofree char *shown = !text                 ? NULL
				 : escaped ? g_strescape(text, HIGH_OCTETS)
						       : sanitize_line(text, -1);
	int64_t number = o->kind == OWN_NUMBER ? G_STRUCT_MEMBER(int64_t, d, o->offset) : 0;
	g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, number);
	if (text && *text)
		put_own(b, o->name, shown);
	else if (number)
		put_own(b, o->name, digits);
	else if (o->kind == OWN_FLAG && G_STRUCT_MEMBER(bool, d, o->offset))
		put_own(b, o->name, "yes");
}

/* Octal, as g_strescape() would: a ';' stands between words only. */
static char *escape_word(const char *word)
{
	g_autofree char *escaped = g_strescape(word ? word : "", HIGH_OCTETS);
	g_auto(GStrv) words = g_strsplit(escaped, ";", -1);
	return g_strjoinv("\\073", words);
}

static void put_part_state(struct build *b, const struct draft_part *p)
{
	g_autofree char *type = escape_word(p->type), *charset = escape_word(p->charset);
	g_autofree char *name = escape_word(p->name), *path = escape_word(p->path);
	g_autofree char *value = g_strdup_printf("%s;%s;%s;%s", type, charset, name, path);
	put_own(b, "Part", value);
}

/* Paths of files that are in the draft itself say nothing any more. */
static void put_draft_state(struct build *b)
{
	const struct draft *d = b->draft;
	for (const struct draft_own *o = draft_owns; o->name; o++)
		if (!b->packing || o->kind != OWN_PATH)
			put_own_value(b, o);
	if (b->packing && d->resends && *d->resends)
		put_own(b, "Resends", FIELD_ENCLOSED);
	for (guint i = 0; i < d->attachments->len; i++) {
		g_autofree char *path = g_strescape(d->attachments->pdata[i], HIGH_OCTETS);
		put_own(b, "Attach", path);
	}
	for (guint i = 0; !b->packing && i < d->parts->len; i++)
		put_part_state(b, d->parts->pdata[i]);
}

static bool check_complete(const struct build *b, GError **error)
{
	if (!b->sender)
		g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ADDRESS,
			_("From is empty; set 'address' of the account, or write it there"));
	else if (b->recipients->len == 0)
		g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_RECIPIENT,
			_("the letter has no recipient; write one into To"));
	else
		return true;
	return false;
}

static struct built_letter *take_letter(struct build *b)
{
	struct built_letter *letter = g_new0(struct built_letter, 1);
	letter->pieces = g_steal_pointer(&b->pieces);
	letter->recipients = g_steal_pointer(&b->recipients);
	letter->sender = g_steal_pointer(&b->sender);
	letter->message_id = g_steal_pointer(&b->message_id);
	letter->envid = random_word();
	letter->subject = g_strdup(b->draft->subject ? b->draft->subject : "");
	return letter;
}

bool draft_check(const struct draft *d, GError **error)
{
	struct build b = {0};
	build_init(&b, d, false);
	bool good = put_fields(&b, error) && check_complete(&b, error);
	build_clear(&b);
	return good;
}

static bool put_header(struct build *b, GError **error)
{
	put_date(b);
	if (!put_fields(b, error) || !check_complete(b, error))
		return false;
	put_message_id(b);
	if (b->draft->ask_receipt && !resends(b))
		put_receipt(b);
	if (b->draft->tls_optional && !resends(b))
		put_words(b, "TLS-Required", "No");
	if (b->draft->autocrypt && !resends(b))
		put_words(b, "Autocrypt", b->draft->autocrypt);
	return true;
}

struct built_letter *draft_build(const struct draft *d, GError **error)
{
	struct build b = {0};
	build_init(&b, d, false);
	bool ok = put_header(&b, error) && put_body(&b, error);
	struct built_letter *letter = ok ? take_letter(&b) : NULL;
	build_clear(&b);
	return letter;
}

static bool put_apart(struct build *b, GString *fields, GError **error)
{
	struct draft exact = *b->draft;
	GString *text = pieces_text(b->pieces);
	exact.exact = true;
	g_string_append_len(fields, text->str, (gssize)text->len);
	g_string_truncate(text, 0);
	return parts_needed(&exact) ? parts_put(b->pieces, &exact, error)
				    : text_put(text, &exact, false, error);
}

struct built_letter *build_apart(const struct draft *d, GString *fields, GError **error)
{
	struct build b = {0};
	build_init(&b, d, false);
	if (resends(&b))
		g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_HEADER,
			_("a letter that is sent on as it is cannot be signed or encrypted"));
	bool ok = !resends(&b) && put_header(&b, error) && put_apart(&b, fields, error);
	struct built_letter *letter = ok ? take_letter(&b) : NULL;
	build_clear(&b);
	return letter;
}

struct built_letter *draft_pack(const struct draft *d, GError **error)
{
	struct build b = {0};
	build_init(&b, d, true);
	b.packing = true;
	put_date(&b);
	put_fields(&b, NULL);
	put_draft_state(&b);
	put_message_id(&b);
	struct built_letter *letter = put_body(&b, error) ? take_letter(&b) : NULL;
	build_clear(&b);
	return letter;
}

GBytes *draft_save(const struct draft *d, GError **error)
{
	struct build b = {0};
	build_init(&b, d, true);
	put_date(&b);
	put_fields(&b, NULL);
	put_draft_state(&b);
	put_message_id(&b);
	GBytes *bytes = put_body(&b, error) ? pieces_bytes(b.pieces) : NULL;
	build_clear(&b);
	return bytes;
}
