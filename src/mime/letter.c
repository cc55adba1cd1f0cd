/* SPDX-License-Identifier: MIT */
#include "mime/letter.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fdio.h"

enum { CHUNK = 8192, SHORT_HEAD = 4096 };

static bool is_field_line(const char *line, size_t len)
{
	size_t n = 0;
	while (n < len && line[n] > ' ' && line[n] < 0x7F && line[n] != ':')
		n++;
	size_t end = n;
	while (n < len && (line[n] == ' ' || line[n] == '\t'))
		n++;
	return end > 0 && n < len && line[n] == ':';
}

/* Where the header block ends in text, or 0: not yet. */
static size_t header_end(const char *text, size_t len)
{
	const char *end = text + len;
	const char *at = text;
	if (len > 0 && *at == '\n')
		return 1;
	if (len > 1 && at[0] == '\r' && at[1] == '\n')
		return 2;
	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		at++;
		if (at < end && *at == '\n')
			return (size_t)(at + 1 - text);
		if (end - at > 1 && at[0] == '\r' && at[1] == '\n')
			return (size_t)(at + 2 - text);
	}
	return 0;
}

/* The header block as the parser will see it: the guard ended it in time. */
static GByteArray *read_header(struct letter *l)
{
	g_autoptr(GMimeStream) stream = source_stream(l->source, l->limits.start);
	GByteArray *block = g_byte_array_new();
	size_t end = 0;
	for (;;) {
		guint had = block->len;
		g_byte_array_set_size(block, had + CHUNK);
		ssize_t n = g_mime_stream_read(stream, (char *)block->data + had, CHUNK);
		g_byte_array_set_size(block, had + (guint)MAX(n, 0));
		end = header_end((const char *)block->data, block->len);
		if (end > 0)
			g_byte_array_set_size(block, (guint)end);
		if (end > 0 || n <= 0 || block->len > 2 * LIMIT_HEADER_BLOCK)
			return block;
	}
}

/* Some files begin with lines that are no field: those before the first one
 * are passed over; if there is no field at all, all is body. */
static bool find_first_field(struct letter *l, const GByteArray *block)
{
	const char *at = (const char *)block->data, *end = at + block->len;
	while (at < end && *at != '\n' && *at != '\r') {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		if (is_field_line(at, (size_t)((lf ? lf : end) - at))) {
			l->limits.start += at - (const char *)block->data;
			return true;
		}
		if (!lf)
			return false;
		at = lf + 1;
	}
	return false;
}

static void body_only(struct letter *l)
{
	if (l->limits.start >= source_length(l->source))
		return;
	g_autoptr(GMimeStream) stream = source_stream(l->source, l->limits.start);
	g_autoptr(GMimeDataWrapper) content =
		g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
	GMimePart *part = GMIME_PART(g_mime_text_part_new());
	g_mime_part_set_content(part, content);
	l->body = GMIME_OBJECT(part);
}

static void parse(struct letter *l)
{
	g_autoptr(GMimeStream) stream = source_stream(l->source, l->limits.start);
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_persist_stream(parser, TRUE);
	l->message = g_mime_parser_construct_message(parser, NULL);
	l->body = l->message ? g_mime_message_get_mime_part(l->message) : NULL;
	if (!l->message)
		body_only(l);
}

struct letter *letter_open(struct source *s, struct charsets *c, GError **error)
{
	g_autoptr(letter) l = g_new0(struct letter, 1);
	l->source = s;
	l->charsets = c;
	l->nested = g_ptr_array_new_with_free_func((GDestroyNotify)letter_free);
	if (!limits_guard(s, &l->limits, error))
		return NULL;
	g_autoptr(GByteArray) block = read_header(l);
	int64_t from = l->limits.start;
	bool has_header = find_first_field(l, block);
	size_t skip = (size_t)(l->limits.start - from);
	l->body_start = has_header ? from + (int64_t)block->len : from;
	l->fields = fields_parse((const char *)block->data + skip, has_header ? block->len - skip : 0);
	if (has_header)
		parse(l);
	else
		body_only(l);
	source_show_raw(s);
	const char *charset = l->body ? node_parameter(l->body, "charset") : NULL;
	l->hint = charset_known(charset);
	return g_steal_pointer(&l);
}

/* A header that is as plain as they come, so that the guard would have edited
 * nothing in it: fields and folds only, ASCII, short. */
static bool is_plain_head(const char *head, size_t len)
{
	const char *end = head + len;
	guint colons = 0;
	/* Of an mbox, though a colon follows. */
	if (g_str_has_prefix(head + (*head == '>'), "From "))
		return false;
	for (const char *at = head; at < end; at++)
		if ((guchar)*at >= 0x7F || (*at < ' ' && *at != '\n' && *at != '\t'))
			return false;
	for (const char *at = head, *lf; at + 1 < end; at = lf + 1) {
		lf = memchr(at, '\n', (size_t)(end - at));
		bool fold = *at == ' ' || *at == '\t';
		if (fold ? at == head : !is_field_line(at, (size_t)(lf - at)))
			return false;
		colons = fold ? colons : 0;
		for (const char *c = at; (c = memchr(c, ':', (size_t)(lf - c))); c++)
			if (++colons > LIMIT_COLONS)
				return false;
	}
	return true;
}

/* What letter_skim() looks for. */
static const char *const skimmed[] = {"From", "To", "Cc", "Subject", "Message-ID", "In-Reply-To",
	"References", "List-Id", "Date", NULL};

static ssize_t read_start(int fd, char *to, size_t had, size_t most)
{
	ssize_t n;
	do
		n = pread(fd, to + had, most - had, (off_t)had);
	while (n < 0 && errno == EINTR);
	return n;
}

struct letter *letter_open_head(int fd, struct charsets *c)
{
	char data[LIMIT_PLAIN_HEAD];
	size_t had = 0, len = 0;
	while (len == 0 && had < sizeof data) {
		ssize_t n = read_start(fd, data, had, had ? sizeof data : SHORT_HEAD);
		if (n <= 0)
			return NULL;
		had += (size_t)n;
		len = header_end(data, had);
	}
	if (len < 3 || !is_plain_head(data, len))
		return NULL;
	struct letter *l = g_new0(struct letter, 1);
	l->charsets = c;
	l->nested = g_ptr_array_new_with_free_func((GDestroyNotify)letter_free);
	l->body_start = (int64_t)len;
	l->fields = fields_parse_some(data, len, skimmed);
	return l;
}

void letter_free(struct letter *l)
{
	if (!l)
		return;
	g_ptr_array_unref(l->nested);
	if (l->message)
		g_object_unref(l->message);
	else
		g_clear_object(&l->body);
	if (l->fields)
		g_ptr_array_unref(l->fields);
	source_unref(l->source);
	g_free(l);
}

struct letter *letter_nested(struct letter *l, GMimePart *part)
{
	bool cut;
	for (guint i = 0; i < l->nested->len; i++) {
		struct letter *known = l->nested->pdata[i];
		if (g_object_get_data(G_OBJECT(part), "letter") == known)
			return known;
	}
	GByteArray *octets = letter_content(part, 32 * 1024 * 1024, &cut);
	struct source *s = source_new_bytes(g_byte_array_free_to_bytes(octets));
	struct letter *inner = letter_open(s, l->charsets, NULL);
	if (!inner)
		return NULL;
	g_ptr_array_add(l->nested, inner);
	g_object_set_data(G_OBJECT(part), "letter", inner);
	return inner;
}
