/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/sanitize.h"
#include "compose/address.h"
#include "compose/fields.h"
#include "compose/gmime.h"
#include "compose/header.h"

/* Headers first as GMime's message, then the parts. */
struct build {
	const struct draft *draft;
	GMimeMessage *message;
	GPtrArray *recipients;
	char *sender;
	char *message_id;
	bool saving; /* a draft: what is wrong goes into a field of our own */
};

static void build_clear(struct build *b)
{
	g_clear_object(&b->message);
	g_clear_pointer(&b->recipients, g_ptr_array_unref);
	g_clear_pointer(&b->sender, g_free);
	g_clear_pointer(&b->message_id, g_free);
}

static void build_init(struct build *b, const struct draft *d, bool saving)
{
	static gsize once;
	if (g_once_init_enter(&once)) {
		g_mime_init();
		g_once_init_leave(&once, 1);
	}
	b->draft = d;
	b->message = g_mime_message_new(FALSE);
	b->recipients = g_ptr_array_new_with_free_func(g_free);
	b->saving = saving;
}

/* GMime keeps the order of the fields and writes them as they are. */
static void put_raw(struct build *b, const char *name, struct header *value)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(b->message));
	g_autofree char *text = header_end(value);
	g_autofree char *raw = g_strconcat(*text ? "" : " ", text, "\n", NULL);
	g_mime_header_list_append(headers, name, "", NULL);
	int last = g_mime_header_list_get_count(headers) - 1;
	g_mime_header_set_raw_value(g_mime_header_list_get_header_at(headers, last), raw);
}

static void put_text(struct build *b, const char *name, const char *value)
{
	struct header *h = header_begin(name);
	header_put_text(h, value);
	put_raw(b, name, h);
}

static void put_words(struct build *b, const char *name, const char *value)
{
	struct header *h = header_begin(name);
	header_put_words(h, value);
	put_raw(b, name, h);
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
	struct header *h = header_begin(f->name);
	for (guint i = 0; i < list->len; i++) {
		const struct typed_address *a = list->pdata[i];
		g_autofree char *ascii = address_to_ascii_domain(a->address, NULL);
		take_address(b, f, ascii);
		header_put_address(h, a->name, ascii);
	}
	put_raw(b, f->name, h);
	return true;
}

static bool put_field(struct build *b, const struct draft_field *f, GError **error)
{
	const char *value = *draft_field_at(b->draft, f);
	if (!value || !*value)
		return true;
	if (!check_field(f->name, value, error))
		return false;
	if (f->kind & FIELD_ADDRESSES)
		return put_addresses(b, f, value, error);
	if (f->kind & FIELD_IDS)
		put_words(b, f->name, value);
	else
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
char *compose_date(void)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t now = (time_t)clock_now();
	struct tm t;
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
	g_autofree char *date = compose_date();
	put_words(b, "Date", date);
}

static void put_message_id(struct build *b)
{
	b->message_id = compose_message_id(b->sender);
	g_autofree char *id = g_strdup_printf("<%s>", b->message_id);
	put_words(b, "Message-ID", id);
}

static bool add_part(GMimeMultipart *into, GMimeObject *part)
{
	if (!part)
		return false;
	g_mime_multipart_add(into, part);
	g_object_unref(part);
	return true;
}

static GMimeObject *new_mixed(const struct draft *d, GMimeObject *text, GError **error)
{
	g_autoptr(GMimeMultipart) mixed = g_mime_multipart_new_with_subtype("mixed");
	g_autofree char *word = random_word();
	/* "=_" stands in no quoted-printable and no base64 text. */
	g_autofree char *boundary = g_strconcat("=_", word, NULL);
	g_mime_multipart_set_boundary(mixed, boundary);
	bool ok = add_part(mixed, text);
	for (guint i = 0; ok && i < d->attachments->len; i++)
		ok = add_part(mixed, part_new_file(d->attachments->pdata[i], error));
	if (ok && d->letter && *d->letter)
		ok = add_part(mixed, part_new_letter(d->letter, error));
	return ok ? GMIME_OBJECT(g_steal_pointer(&mixed)) : NULL;
}

static bool put_body(struct build *b, GError **error)
{
	const struct draft *d = b->draft;
	const char *body = d->body ? d->body : "";
	if (!g_utf8_validate(body, -1, NULL)) {
		g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_TEXT,
			_("the text of the letter is not UTF-8"));
		return false;
	}
	GMimeObject *text = part_new_text(body);
	bool alone = b->saving || (d->attachments->len == 0 && (!d->letter || !*d->letter));
	g_autoptr(GMimeObject) top = alone ? text : new_mixed(d, text, error);
	if (top)
		g_mime_message_set_mime_part(b->message, top);
	return top != NULL;
}

static void put_draft_state(struct build *b)
{
	const struct draft *d = b->draft;
	g_autofree char *answers = g_strdup_printf("%" G_GINT64_FORMAT, d->answers);
	if (d->account)
		put_own(b, "Account", d->account);
	if (d->answers)
		put_own(b, "Answers", answers);
	if (d->forwards)
		put_own(b, "Forwards", "yes");
	if (d->letter && *d->letter)
		put_own(b, "Letter", d->letter);
	for (guint i = 0; i < d->attachments->len; i++) {
		g_autofree char *path = g_strescape(d->attachments->pdata[i], HIGH_OCTETS);
		put_own(b, "Attach", path);
	}
}

static GBytes *write_out(struct build *b)
{
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new();
	g_mime_object_write_to_stream(GMIME_OBJECT(b->message), NULL, stream);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	return g_byte_array_free_to_bytes(bytes);
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

struct built_letter *draft_build(const struct draft *d, GError **error)
{
	struct build b = {0};
	struct built_letter *letter = NULL;
	build_init(&b, d, false);
	put_date(&b);
	if (put_fields(&b, error) && check_complete(&b, error)) {
		put_message_id(&b);
		if (put_body(&b, error)) {
			letter = g_new0(struct built_letter, 1);
			letter->bytes = write_out(&b);
			letter->recipients = g_steal_pointer(&b.recipients);
			letter->sender = g_steal_pointer(&b.sender);
			letter->message_id = g_steal_pointer(&b.message_id);
			letter->subject = g_strdup(d->subject ? d->subject : "");
		}
	}
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
	GBytes *bytes = put_body(&b, error) ? write_out(&b) : NULL;
	build_clear(&b);
	return bytes;
}
