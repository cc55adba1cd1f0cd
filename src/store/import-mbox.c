/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/import-private.h"

/* A header that is longer is written as it is. */
enum { HEADER_MOST = 16 << 20 };

enum place { OUTSIDE, IN_HEADER, IN_BODY, IN_SIZED };

struct mbox {
	struct importer *im;
	struct import_reader *reader;
	enum place place;
	GString *header;
	bool crlf;    /* of the letter: its lines end so, and get LF */
	size_t blank; /* an empty line of so many octets is held back: the last one of a
		       * letter is the mbox's */
	bool gone;    /* the letter is not wanted */
	int64_t end;  /* IN_SIZED: where in the file the letter ends */
};

static bool uses_lengths(const struct mbox *m)
{
	enum import_mbox kind = m->im->options->mbox;
	return kind == IMPORT_MBOX_AUTO || kind == IMPORT_MBOXCL || kind == IMPORT_MBOXCL2;
}

/* How many octets of ">From " at the beginning of a line are not the letter's. */
static size_t quotes(const struct mbox *m, const struct import_line *line)
{
	enum import_mbox kind = m->im->options->mbox;
	size_t i = 0;
	if (!line->begins || (kind == IMPORT_MBOXCL2 && m->place != IN_HEADER) ||
		(kind == IMPORT_MBOX_AUTO && m->place == IN_SIZED))
		return 0;
	while (i < line->len && line->text[i] == '>')
		i++;
	if (i == 0 || (kind == IMPORT_MBOXO && i > 1) || line->len - i < 5)
		return 0;
	return memcmp(line->text + i, "From ", 5) == 0;
}

static bool write_text(struct mbox *m, const char *text, size_t len, GError **error)
{
	return m->gone || delivery_write(m->im->delivery, text, len, error);
}

/* A Content-Length is believed if what has to stand behind the letter does. */
static bool is_end(struct mbox *m, int64_t offset)
{
	char text[256];
	ssize_t n = import_reader_peek(m->reader, offset, text, sizeof text);
	if (n <= 0)
		return n == 0 && import_reader_peek(m->reader, offset - 1, text, 1) == 1;
	ssize_t skip = text[0] == '\n' ? 1 : n > 1 && memcmp(text, "\r\n", 2) == 0 ? 2 : 0;
	if (skip == 0)
		return false;
	const char *end = memchr(text + skip, '\n', (size_t)(n - skip));
	size_t len = end ? (size_t)(end - text - skip) : (size_t)(n - skip);
	return n == skip || import_is_envelope(text + skip, len);
}

/* Behind the empty line: the reader stands where the body begins. */
static bool end_of_header(struct mbox *m, bool whole, GError **error)
{
	struct mbox_header h;
	/* The empty line is not in it. */
	m->crlf = import_is_crlf(m->header->str, m->header->len);
	if (m->crlf)
		import_header_to_lf(m->header);
	import_header_read(m->header, &h);
	int64_t at = import_reader_offset(m->reader);
	bool sized = whole && uses_lengths(m) && h.length >= 0 && h.length < G_MAXINT64 - at &&
		     is_end(m, at + h.length);
	m->gone = h.gone;
	m->place = sized ? IN_SIZED : IN_BODY;
	m->end = at + h.length;
	import_header_strip(m->header, sized);
	return (m->gone || import_begin_letter(m->im, h.flags, h.old, error)) &&
	       write_text(m, m->header->str, m->header->len, error);
}

static bool end_of_letter(struct mbox *m, GError **error)
{
	if (m->place == IN_HEADER && !end_of_header(m, false, error))
		return false;
	bool open = m->place != OUTSIDE && !m->gone;
	m->place = OUTSIDE;
	m->blank = 0;
	m->gone = false;
	return !open || import_end_letter(m->im, error);
}

static bool next_letter(struct mbox *m, GError **error)
{
	if (!end_of_letter(m, error) || !import_tell(m->im, m->reader, error))
		return false;
	m->place = IN_HEADER;
	g_string_truncate(m->header, 0);
	return true;
}

static bool end_if_whole(struct mbox *m, GError **error)
{
	return import_reader_offset(m->reader) < m->end || end_of_letter(m, error);
}

static bool write_line(struct mbox *m, const struct import_line *line, size_t skip, GError **error)
{
	struct import_line own = *line;
	if (m->crlf)
		import_line_to_lf(&own);
	return write_text(m, own.text + skip, own.len - MIN(skip, own.len), error);
}

static bool write_blank(struct mbox *m, size_t len, GError **error)
{
	return write_text(m, len == 2 && !m->crlf ? "\r\n" : "\n", m->crlf ? 1 : len, error);
}

static bool header_line(struct mbox *m, const struct import_line *line, GError **error)
{
	if (import_line_is_blank(line)) {
		if (!end_of_header(m, true, error))
			return false;
		m->blank = m->place == IN_BODY ? line->len : 0;
		return m->blank > 0 || (write_blank(m, line->len, error) && end_if_whole(m, error));
	}
	size_t skip = quotes(m, line);
	g_string_append_len(m->header, line->text + skip, (gssize)(line->len - skip));
	return m->header->len < HEADER_MOST || end_of_header(m, false, error);
}

/* A letter that does not end with its line: the rest of it is the mbox's. */
static bool sized_line(struct mbox *m, const struct import_line *line, GError **error)
{
	int64_t over = import_reader_offset(m->reader) - m->end;
	struct import_line own = *line;
	if (over > 0)
		own.len -= MIN((size_t)over, own.len);
	return write_line(m, &own, quotes(m, line), error) && end_if_whole(m, error);
}

static bool body_line(struct mbox *m, const struct import_line *line, GError **error)
{
	if (m->blank > 0 && !write_blank(m, m->blank, error))
		return false;
	m->blank = import_line_is_blank(line) ? line->len : 0;
	return m->blank > 0 || write_line(m, line, quotes(m, line), error);
}

static bool take_line(struct mbox *m, const struct import_line *line, GError **error)
{
	if (line->begins && (m->place == OUTSIDE || m->blank > 0) &&
		import_is_envelope(line->text, line->len))
		return next_letter(m, error);
	switch (m->place) {
	case OUTSIDE:
		break;
	case IN_HEADER:
		return header_line(m, line, error);
	case IN_BODY:
		return body_line(m, line, error);
	case IN_SIZED:
		return sized_line(m, line, error);
	}
	return true;
}

bool import_mbox(struct importer *im, struct import_reader *r, GError **error)
{
	g_autoptr(GString) header = g_string_new(NULL);
	struct mbox m = {.im = im, .reader = r, .header = header};
	struct import_line line;
	g_autoptr(GError) why = NULL;
	while (import_reader_next(r, &line, &why))
		if (!take_line(&m, &line, error))
			return false;
	if (!why)
		return end_of_letter(&m, error);
	/* The letters before it are whole and stay. */
	delivery_abort(im->delivery);
	im->foreign = true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}
