/* SPDX-License-Identifier: MIT
 *
 * The octets that a signature is about.  They are cut out of the letter, since what
 * GMime writes of a part again is not always what was there: spaces behind a boundary
 * are lost, and a line end is added where a multipart ends without one.  Where to cut
 * is found from what was parsed, so that nobody is shown another text than the one
 * that was verified: all that is shown of the signed part lies in the cut. */
#include "mime/letter.h"

#include <string.h>

#include "base/fdio.h"

enum { STEP = 65536, BACK_MOST = 2 * LIMIT_HEADER_BLOCK };

struct extent {
	int64_t start, end; /* of the contents of all leaves; start -1: there is none */
};

static void add_leaf(GMimeObject *object, struct extent *e)
{
	GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
	GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
	if (!stream)
		return;
	e->start = e->start < 0 ? stream->bound_start : MIN(e->start, stream->bound_start);
	e->end = MAX(e->end, stream->bound_end);
}

static void extend(GMimeObject *object, struct extent *e, int depth)
{
	if (!object || depth > LIMIT_DEPTH)
		return;
	if (GMIME_IS_MULTIPART(object)) {
		int n = g_mime_multipart_get_count(GMIME_MULTIPART(object));
		for (int i = 0; i < n; i++)
			extend(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), e, depth + 1);
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		GMimeMessage *m = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
		extend(m ? g_mime_message_get_mime_part(m) : NULL, e, depth + 1);
	} else if (GMIME_IS_PART(object)) {
		add_leaf(object, e);
	}
}

bool letter_extent(GMimeObject *object, int64_t *start, int64_t *end)
{
	struct extent e = {-1, -1};
	extend(object, &e, 0);
	*start = e.start;
	*end = e.end;
	return e.start >= 0;
}

static bool read_range(struct source *s, int64_t from, int64_t to, GByteArray *octets)
{
	const char *data;
	while (from < to) {
		ssize_t n = source_peek(s, from, &data);
		if (n <= 0)
			return false;
		n = (ssize_t)MIN((int64_t)n, to - from);
		g_byte_array_append(octets, (const guint8 *)data, (guint)n);
		from += n;
	}
	return true;
}

/* Whether the line at at is a delimiter; its length with the line end, else 0. */
static size_t delimiter(const GByteArray *octets, size_t at, const char *boundary)
{
	const char *p = (const char *)octets->data + at,
		   *end = (const char *)octets->data + octets->len;
	size_t n = strlen(boundary);
	if ((size_t)(end - p) < n + 3 || p[0] != '-' || p[1] != '-' ||
		memcmp(p + 2, boundary, n) != 0)
		return 0;
	const char *q = p + 2 + n;
	while (q < end && (*q == ' ' || *q == '\t' || *q == '\r'))
		q++;
	return q < end && *q == '\n' ? (size_t)(q + 1 - p) : 0;
}

struct found {
	int64_t line, behind;
};

/* The last delimiter before the octet at. */
static bool find_before(struct source *s, int64_t at, const char *boundary, struct found *found)
{
	for (int64_t back = STEP;; back *= 2) {
		int64_t from = MAX(at - back, 0);
		g_autoptr(GByteArray) octets = g_byte_array_new();
		if (!read_range(s, from, at, octets))
			return false;
		for (size_t i = octets->len; i-- > 0;) {
			bool begins = i == 0 ? from == 0 : octets->data[i - 1] == '\n';
			size_t n = begins ? delimiter(octets, i, boundary) : 0;
			if (n == 0)
				continue;
			*found = (struct found){from + (int64_t)i, from + (int64_t)(i + n)};
			return true;
		}
		if (from == 0 || back > BACK_MOST)
			return false;
	}
}

/* The line end before a delimiter is the delimiter's (RFC 2046 section 5.1.1). */
static int64_t before_line_end(struct source *s, int64_t at)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	int64_t from = MAX(at - 2, 0);
	if (!read_range(s, from, at, octets) || octets->len == 0)
		return at;
	if (octets->data[octets->len - 1] != '\n')
		return at;
	return at - 1 - (octets->len > 1 && octets->data[octets->len - 2] == '\r');
}

static bool find_cut(struct letter *l, GMimeMultipart *m, int64_t *start, int64_t *end)
{
	struct extent text = {-1, 0}, signature = {-1, 0};
	struct found first, second;
	const char *boundary = g_mime_multipart_get_boundary(m);
	extend(g_mime_multipart_get_part(m, 0), &text, 0);
	extend(g_mime_multipart_get_part(m, 1), &signature, 0);
	if (!boundary || !*boundary || text.start < 0 || signature.start < 0 || l->limits.truncated)
		return false;
	if (!find_before(l->source, text.start, boundary, &first) ||
		!find_before(l->source, signature.start, boundary, &second))
		return false;
	*start = first.behind;
	*end = before_line_end(l->source, second.line);
	return *start <= text.start && text.end <= second.line && *start <= *end;
}

static bool put_lines(const GByteArray *octets, guint8 *last, int out, GError **error)
{
	g_autoptr(GByteArray) lines = g_byte_array_sized_new(octets->len + octets->len / 32);
	for (guint i = 0; i < octets->len; i++) {
		if (octets->data[i] == '\n' && *last != '\r')
			g_byte_array_append(lines, (const guint8 *)"\r", 1);
		g_byte_array_append(lines, octets->data + i, 1);
		*last = octets->data[i];
	}
	return fdio_write_all(out, lines->data, lines->len, error);
}

static bool copy_lines(struct source *s, int64_t start, int64_t end, int out, GError **error)
{
	guint8 last = 0;
	for (int64_t at = start; at < end; at += STEP) {
		g_autoptr(GByteArray) octets = g_byte_array_new();
		if (!read_range(s, at, MIN(at + STEP, end), octets))
			return fdio_fail(error, "read", "message");
		if (!put_lines(octets, &last, out, error))
			return false;
	}
	return true;
}

bool letter_signed(struct letter *l, GMimeObject *object, int out, GError **error)
{
	int64_t start, end;
	if (crypt_is_signed(object) && find_cut(l, GMIME_MULTIPART(object), &start, &end))
		return copy_lines(l->source, start, end, out, error);
	g_set_error(
		error, MIME_ERROR, MIME_ERROR_PARSE, _("it cannot be said what exactly is signed"));
	return false;
}
