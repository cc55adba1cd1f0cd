/* SPDX-License-Identifier: MIT */
#include "smtp/downgrade.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "smtp/lines.h"
#include "wire/codes.h"

enum {
	DEPTH_MAX = 100,
	QUOTED_COLUMNS = 76,
	VALUE_MAX = 16 * 1024, /* of a field that we look into */
	OUT_PIECE = 64 * 1024,
};

/* An open multipart. */
struct level {
	char *boundary; /* with its two hyphens */
	bool is_signed;
};

struct walk {
	struct lines in;
	int64_t at;
	int to;
	GString *out;   /* not yet in the file */
	GArray *levels; /* of struct level */
	bool letter;    /* a letter in a letter begins here */
	bool seven;     /* octets above 127 cannot stay */
	GError **error;
};

/* A header, from its first field to the empty line or what stands in its place. */
struct head {
	int64_t from, to;
	GString *type, *encoding; /* values, unfolded */
	bool high;
};

/* Text up to a delimiter. */
struct stretch {
	int64_t from, to;
	bool high, long_line;
};

static bool refuse(struct walk *w, const char *why)
{
	g_set_error(w->error, WIRE_ERROR, CODE_DATA,
		_("the server takes 7-bit letters only, and this one cannot be changed: %s"), why);
	return false;
}

static bool is_high(const struct walk *w, const struct line *line)
{
	for (size_t i = 0; w->seven && i < line->len; i++)
		if ((guchar)line->text[i] >= 0x80)
			return true;
	return false;
}

static bool next_line(struct walk *w, int64_t at, struct line *line)
{
	return lines_at(&w->in, at, line, w->error);
}

/* --- writing ----------------------------------------------------------------------- */

static bool flush(struct walk *w)
{
	bool ok = fdio_write_all(w->to, w->out->str, w->out->len, w->error);
	g_string_truncate(w->out, 0);
	return ok;
}

static bool flush_if_full(struct walk *w)
{
	return w->out->len < OUT_PIECE || flush(w);
}

static bool put_line(struct walk *w, const struct line *line)
{
	g_string_append_len(w->out, line->text, (gssize)line->len);
	if (line->ended)
		g_string_append_c(w->out, '\n');
	return flush_if_full(w);
}

static bool put_stretch(struct walk *w, int64_t from, int64_t to)
{
	struct line line;
	bool ok = true;
	for (; ok && from < to && next_line(w, from, &line); from = line.next)
		ok = put_line(w, &line);
	return ok && !w->in.failed;
}

struct quoted {
	char *at; /* room for three octets each, and as many soft ends as there may be */
	size_t column;
};

/* last: nothing comes behind it in its line, or it is not known what does. */
static void put_quoted_octet(struct quoted *q, char c, bool last)
{
	static const char digits[] = "0123456789ABCDEF";
	bool blank = c == ' ' || c == '\t';
	bool plain = (c > ' ' && c < 0x7F && c != '=') || (blank && !last);
	size_t width = plain ? 1 : 3;
	if (q->column + width > QUOTED_COLUMNS - 1) {
		*q->at++ = '=';
		*q->at++ = '\n';
		q->column = 0;
	}
	q->column += width;
	*q->at++ = plain ? c : '=';
	if (plain)
		return;
	*q->at++ = digits[(guchar)c >> 4];
	*q->at++ = digits[(guchar)c & 15];
}

/* A soft line end for each 73 octets at least. */
static size_t put_quoted_line(GString *out, const struct line *line, size_t column)
{
	gsize had = out->len;
	g_string_set_size(out, had + 4 * line->len + 4);
	struct quoted q = {.at = out->str + had, .column = column};
	for (size_t i = 0; i < line->len; i++)
		put_quoted_octet(&q, line->text[i], i + 1 == line->len);
	if (line->ended)
		*q.at++ = '\n';
	g_string_truncate(out, (gsize)(q.at - out->str));
	return line->ended ? 0 : q.column;
}

static bool put_quoted(struct walk *w, int64_t from, int64_t to)
{
	struct line line;
	size_t column = 0;
	bool ok = true;
	for (; ok && from < to && next_line(w, from, &line); from = line.next) {
		column = put_quoted_line(w->out, &line, column);
		ok = flush_if_full(w);
	}
	return ok && !w->in.failed;
}

/* --- delimiters ---------------------------------------------------------------------- */

static bool is_delimiter(const struct line *line, const char *boundary, bool *close)
{
	size_t len = strlen(boundary);
	if (line->len < len || memcmp(line->text, boundary, len) != 0)
		return false;
	const char *rest = line->text + len, *end = line->text + line->len;
	*close = end - rest >= 2 && rest[0] == '-' && rest[1] == '-';
	rest += *close ? 2 : 0;
	while (rest < end && (*rest == ' ' || *rest == '\t' || *rest == '\r'))
		rest++;
	return rest == end;
}

/* Which open multipart a line delimits, from the inside; -1: none.  *close: it is
 * the last of its multipart. */
static int delimiter(const struct walk *w, const struct line *line, bool *close)
{
	if (line->len < 2 || line->text[0] != '-' || line->text[1] != '-')
		return -1;
	for (int i = (int)w->levels->len - 1; i >= 0; i--)
		if (is_delimiter(line, g_array_index(w->levels, struct level, i).boundary, close))
			return i;
	return -1;
}

/* What stands before the next delimiter, or the end. */
static bool look_ahead(struct walk *w, int64_t from, struct stretch *s)
{
	struct line line;
	bool begins = true, close;
	int64_t column = 0;
	*s = (struct stretch){.from = from, .to = from};
	for (; next_line(w, s->to, &line); s->to = line.next) {
		if (begins && delimiter(w, &line, &close) >= 0)
			return true;
		column = (begins ? 0 : column) + (int64_t)line.len;
		s->high = s->high || is_high(w, &line);
		s->long_line = s->long_line || column > DOWNGRADE_LINE;
		begins = line.ended;
	}
	return !w->in.failed;
}

static bool inside_signed(const struct walk *w)
{
	for (guint i = 0; i < w->levels->len; i++)
		if (g_array_index(w->levels, struct level, i).is_signed)
			return true;
	return false;
}

/* --- headers ----------------------------------------------------------------------- */

static bool is_field(const struct line *line, const char *name)
{
	size_t len = strlen(name);
	return line->len > len && g_ascii_strncasecmp(line->text, name, len) == 0 &&
	       line->text[len] == ':';
}

static bool is_folded(const struct line *line)
{
	return line->len > 0 && (line->text[0] == ' ' || line->text[0] == '\t');
}

/* The value that a field begins, or NULL; the first of its name counts. */
static GString *begin_value(struct head *h, const struct line *line)
{
	if (is_field(line, "Content-Type") && !h->type)
		return h->type = g_string_new(NULL);
	if (is_field(line, "Content-Transfer-Encoding") && !h->encoding)
		return h->encoding = g_string_new(NULL);
	return NULL;
}

static void append_value(GString *value, const struct line *line, bool first)
{
	const char *colon = first ? memchr(line->text, ':', line->len) : NULL;
	size_t skip = colon ? (size_t)(colon + 1 - line->text) : 0;
	size_t room = VALUE_MAX - MIN(value->len, (gsize)VALUE_MAX);
	g_string_append_len(value, line->text + skip, (gssize)MIN(line->len - skip, room));
}

static void finish_value(GString **value)
{
	if (!*value)
		*value = g_string_new(NULL);
	g_strdelimit((*value)->str, "\r\n\t", ' ');
	g_strstrip((*value)->str);
}

/* No further is looked than to a delimiter: letters in letters would cost the
 * square of their depth. */
static bool read_head(struct walk *w, struct head *h)
{
	GString *value = NULL;
	struct line line;
	bool begins = true, close;
	for (; next_line(w, h->to, &line); h->to = line.next) {
		bool field = begins && !is_folded(&line);
		if (begins && (line.len == 0 || delimiter(w, &line, &close) >= 0))
			break;
		if (field)
			value = begin_value(h, &line);
		if (value)
			append_value(value, &line, field);
		h->high = h->high || is_high(w, &line);
		begins = line.ended;
	}
	finish_value(&h->type);
	finish_value(&h->encoding);
	return !w->in.failed;
}

static void head_clear(struct head *h)
{
	g_string_free(h->type, TRUE);
	g_string_free(h->encoding, TRUE);
}

/* The header as it was, with another Content-Transfer-Encoding. */
static bool put_head(struct walk *w, const struct head *h, const char *encoding)
{
	struct line line = {.ended = true};
	bool begins = true, drop = false, ok = true;
	for (int64_t at = h->from; ok && at < h->to && next_line(w, at, &line); at = line.next) {
		if (begins && !is_folded(&line))
			drop = encoding && is_field(&line, "Content-Transfer-Encoding");
		ok = drop || put_line(w, &line);
		begins = line.ended;
	}
	if (encoding)
		g_string_append_printf(w->out, "%sContent-Transfer-Encoding: %s\n",
			line.ended ? "" : "\n", encoding);
	return ok && !w->in.failed;
}

/* boundary="a\"b" or boundary=ab. */
static char *boundary_of(const char *type)
{
	const char *at = strcasestr(type, "boundary=");
	g_autoptr(GString) value = g_string_new("--");
	if (!at)
		return NULL;
	at += strlen("boundary=");
	bool quoted = *at == '"';
	for (at += quoted; *at && (quoted ? *at != '"' : !strchr("; ", *at)); at++) {
		if (quoted && *at == '\\' && at[1])
			at++;
		g_string_append_c(value, *at);
	}
	return value->len > 2 ? g_strdup(value->str) : NULL;
}

/* --- entities ------------------------------------------------------------------------ */

static bool is_identity(const struct head *h)
{
	const char *encoding = h->encoding->str;
	return *encoding == '\0' || g_ascii_strcasecmp(encoding, "7bit") == 0 ||
	       g_ascii_strcasecmp(encoding, "8bit") == 0 ||
	       g_ascii_strcasecmp(encoding, "binary") == 0;
}

/* The empty line behind a header stays as it is.  false: there is none. */
static bool put_empty_line(struct walk *w, int64_t *at)
{
	struct line line;
	if (!next_line(w, *at, &line) || line.len > 0 || !line.ended)
		return false;
	g_string_append_c(w->out, '\n');
	*at = line.next;
	return true;
}

static bool leaf(struct walk *w, const struct head *h)
{
	struct stretch body;
	if (!look_ahead(w, h->to, &body))
		return false;
	/* A long line in a signed or encoded part is left to the servers. */
	bool encode = body.high || (body.long_line && is_identity(h) && !inside_signed(w));
	if (body.high && inside_signed(w))
		return refuse(w, _("8-bit text in a signed part"));
	if (body.high && !is_identity(h))
		return refuse(w, _("8-bit text where the encoding has none"));
	if (!put_head(w, h, encode ? "quoted-printable" : NULL))
		return false;
	put_empty_line(w, &body.from);
	w->at = body.to;
	return encode ? put_quoted(w, body.from, body.to) : put_stretch(w, body.from, body.to);
}

/* Around parts: 8-bit has no meaning there, and no reader shows it. */
static bool put_between(struct walk *w)
{
	struct stretch between;
	if (!look_ahead(w, w->at, &between))
		return false;
	if (between.high)
		return refuse(w, _("8-bit text between two parts"));
	w->at = between.to;
	return put_stretch(w, between.from, between.to);
}

static bool put_outer_head(struct walk *w, const struct head *h)
{
	bool renamed = w->seven && !inside_signed(w);
	w->at = h->to;
	return put_head(w, h, renamed ? "7bit" : NULL);
}

static bool open_multipart(struct walk *w, const struct head *h)
{
	struct level level = {.boundary = boundary_of(h->type->str)};
	level.is_signed = g_ascii_strncasecmp(h->type->str, "multipart/signed", 16) == 0;
	if (!level.boundary)
		return refuse(w, _("a multipart without a boundary"));
	g_array_append_val(w->levels, level);
	if (w->levels->len > DEPTH_MAX)
		return refuse(w, _("too many parts in parts"));
	return put_outer_head(w, h) && put_between(w);
}

static bool open_letter(struct walk *w, const struct head *h)
{
	if (!put_outer_head(w, h))
		return false;
	w->letter = put_empty_line(w, &w->at) && w->at < w->in.size;
	return !w->in.failed;
}

static bool open_entity(struct walk *w, const struct head *h)
{
	if (h->high)
		return refuse(w, _("8-bit text in a header"));
	if (g_ascii_strncasecmp(h->type->str, "multipart/", 10) == 0)
		return open_multipart(w, h);
	if (g_ascii_strncasecmp(h->type->str, "message/rfc822", 14) == 0 && is_identity(h))
		return open_letter(w, h);
	return leaf(w, h);
}

/* An entity, and the letters that stand in it one in the other. */
static bool entities(struct walk *w)
{
	bool ok;
	do {
		struct head h = {.from = w->at, .to = w->at};
		w->letter = false;
		ok = read_head(w, &h) && open_entity(w, &h);
		head_clear(&h);
	} while (ok && w->letter);
	return ok;
}

/* A delimiter line: what was open inside it ends with it. */
static bool cross(struct walk *w)
{
	bool close = false;
	struct line line;
	if (!next_line(w, w->at, &line))
		return false;
	int level = delimiter(w, &line, &close);
	g_assert(level >= 0);
	g_array_set_size(w->levels, (guint)level + !close);
	w->at = line.next;
	return put_line(w, &line) && (close ? put_between(w) : entities(w));
}

/* --- the whole ------------------------------------------------------------------------- */

static void clear_level(void *data)
{
	g_free(((struct level *)data)->boundary);
}

static bool convert(struct walk *w)
{
	bool ok = entities(w);
	while (ok && w->at < w->in.size)
		ok = cross(w);
	return ok && flush(w);
}

int downgrade_file(int fd, bool seven, GError **error)
{
	struct walk w = {.seven = seven, .error = error};
	if (!lines_init(&w.in, fd, error))
		return -1;
	w.to = fdio_temporary(error);
	w.out = g_string_sized_new(2 * OUT_PIECE);
	w.levels = g_array_new(FALSE, FALSE, sizeof(struct level));
	g_array_set_clear_func(w.levels, clear_level);
	bool ok = w.to >= 0 && convert(&w);
	g_array_unref(w.levels);
	g_string_free(w.out, TRUE);
	lines_clear(&w.in);
	if (!ok && w.to >= 0)
		close(w.to);
	return ok ? w.to : -1;
}
