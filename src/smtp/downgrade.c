/* SPDX-License-Identifier: MIT */
#include "smtp/downgrade.h"

#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "wire/codes.h"

enum { DEPTH_MAX = 100, QUOTED_COLUMNS = 76 };

/* An open multipart. */
struct level {
	char *boundary; /* with its two hyphens */
	bool is_signed;
};

struct walk {
	const char *at, *end;
	GString *out;
	GArray *levels; /* of struct level */
	bool letter;    /* a letter in a letter begins here */
	bool seven;     /* octets above 127 cannot stay */
	GError **error;
};

static bool refuse(struct walk *w, const char *why)
{
	g_set_error(w->error, WIRE_ERROR, CODE_DATA,
		_("the server takes 7-bit letters only, and this one cannot be changed: %s"), why);
	return false;
}

static bool is_high(const struct walk *w, const char *from, const char *to)
{
	for (; w->seven && from < to; from++)
		if ((guchar)*from >= 0x80)
			return true;
	return false;
}

static const char *line_end(const char *at, const char *end);

static bool is_long(const char *from, const char *to)
{
	for (const char *next; from < to; from = next) {
		next = line_end(from, to);
		if (next - from > DOWNGRADE_LINE + (next[-1] == '\n'))
			return true;
	}
	return false;
}

static const char *line_end(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));
	return lf ? lf + 1 : end;
}

/* --- headers ----------------------------------------------------------------------- */

static const char *field_end(const char *at, const char *end)
{
	do
		at = line_end(at, end);
	while (at < end && (*at == ' ' || *at == '\t'));
	return at;
}

static bool is_field(const char *at, const char *end, const char *name)
{
	size_t len = strlen(name);
	return (size_t)(end - at) > len && g_ascii_strncasecmp(at, name, len) == 0 &&
	       at[len] == ':';
}

/* The value of a field, unfolded, or "". */
static char *field_value(const char *at, const char *end, const char *name)
{
	for (; at < end; at = field_end(at, end)) {
		if (!is_field(at, end, name))
			continue;
		const char *colon = at + strlen(name) + 1;
		char *value = g_strndup(colon, (gsize)(field_end(at, end) - colon));
		return g_strstrip(g_strdelimit(value, "\r\n\t", ' '));
	}
	return g_strdup("");
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

/* The header as it was, with another Content-Transfer-Encoding. */
static void put_header(struct walk *w, const char *from, const char *to, const char *encoding)
{
	for (const char *at = from; at < to; at = field_end(at, to))
		if (!encoding || !is_field(at, to, "Content-Transfer-Encoding"))
			g_string_append_len(w->out, at, field_end(at, to) - at);
	if (encoding)
		g_string_append_printf(w->out, "Content-Transfer-Encoding: %s\n", encoding);
}

/* --- bodies ------------------------------------------------------------------------ */

static void put_quoted_line(GString *out, const char *line, const char *end)
{
	size_t column = 0;
	for (const char *c = line; c < end; c++) {
		bool last = c + 1 == end;
		bool plain = (*c > ' ' && *c < 0x7F && *c != '=') ||
			     ((*c == ' ' || *c == '\t') && !last);
		size_t width = plain ? 1 : 3;
		if (column + width > QUOTED_COLUMNS - 1) {
			g_string_append(out, "=\n");
			column = 0;
		}
		if (plain)
			g_string_append_c(out, *c);
		else
			g_string_append_printf(out, "=%02X", (guchar)*c);
		column += width;
	}
}

static void put_quoted(GString *out, const char *at, const char *end)
{
	while (at < end) {
		const char *next = line_end(at, end);
		bool ended = next > at && next[-1] == '\n';
		put_quoted_line(out, at, next - ended);
		if (ended)
			g_string_append_c(out, '\n');
		at = next;
	}
}

/* Which open multipart the line at belongs to as a delimiter, from the inside;
 * -1: none.  *close: it is the last of its multipart. */
static int delimiter(const struct walk *w, const char *at, bool *close)
{
	for (int i = (int)w->levels->len - 1; i >= 0; i--) {
		const char *boundary = g_array_index(w->levels, struct level, i).boundary;
		size_t len = strlen(boundary);
		if ((size_t)(w->end - at) < len || memcmp(at, boundary, len) != 0)
			continue;
		const char *rest = at + len;
		*close = w->end - rest >= 2 && rest[0] == '-' && rest[1] == '-';
		rest += *close ? 2 : 0;
		while (rest < w->end && (*rest == ' ' || *rest == '\t' || *rest == '\r'))
			rest++;
		if (rest == w->end || *rest == '\n')
			return i;
	}
	return -1;
}

/* Behind the last line of the header, before the empty line or a delimiter.
 * No further is looked: letters in letters would cost the square of their
 * depth. */
static const char *header_end(const struct walk *w, const char *at)
{
	bool close;
	while (at < w->end && *at != '\n' && delimiter(w, at, &close) < 0)
		at = line_end(at, w->end);
	return at;
}

static const char *next_delimiter(const struct walk *w, const char *at)
{
	bool close;
	while (at < w->end && delimiter(w, at, &close) < 0)
		at = line_end(at, w->end);
	return at;
}

static bool inside_signed(const struct walk *w)
{
	for (guint i = 0; i < w->levels->len; i++)
		if (g_array_index(w->levels, struct level, i).is_signed)
			return true;
	return false;
}

static bool is_identity(const char *encoding)
{
	return *encoding == '\0' || g_ascii_strcasecmp(encoding, "7bit") == 0 ||
	       g_ascii_strcasecmp(encoding, "8bit") == 0 ||
	       g_ascii_strcasecmp(encoding, "binary") == 0;
}

static bool leaf(struct walk *w, const char *header, const char *body, const char *encoding)
{
	const char *end = next_delimiter(w, body);
	bool high = is_high(w, body, end);
	/* A long line in a signed or encoded part is left to the servers. */
	bool encode = high || (is_long(body, end) && is_identity(encoding) && !inside_signed(w));
	if (high && inside_signed(w))
		return refuse(w, _("8-bit text in a signed part"));
	if (high && !is_identity(encoding))
		return refuse(w, _("8-bit text where the encoding has none"));
	put_header(w, header, body, encode ? "quoted-printable" : NULL);
	/* The empty line stands before the body. */
	if (body < end && *body == '\n')
		g_string_append_c(w->out, *body++);
	if (encode)
		put_quoted(w->out, body, end);
	else
		g_string_append_len(w->out, body, end - body);
	w->at = end;
	return true;
}

/* Around parts: 8-bit has no meaning there, and no reader shows it. */
static bool put_between(struct walk *w)
{
	const char *end = next_delimiter(w, w->at);
	if (is_high(w, w->at, end))
		return refuse(w, _("8-bit text between two parts"));
	g_string_append_len(w->out, w->at, end - w->at);
	w->at = end;
	return true;
}

static bool open_multipart(struct walk *w, const char *header, const char *body, const char *type)
{
	struct level level = {.boundary = boundary_of(type)};
	level.is_signed = g_ascii_strncasecmp(type, "multipart/signed", 16) == 0;
	if (!level.boundary)
		return refuse(w, _("a multipart without a boundary"));
	g_array_append_val(w->levels, level);
	if (w->levels->len > DEPTH_MAX)
		return refuse(w, _("too many parts in parts"));
	put_header(w, header, body, w->seven && !inside_signed(w) ? "7bit" : NULL);
	w->at = body;
	return put_between(w);
}

static bool entity(struct walk *w)
{
	const char *header = w->at, *body = header_end(w, header);
	g_autofree char *type = field_value(header, body, "Content-Type");
	g_autofree char *encoding = field_value(header, body, "Content-Transfer-Encoding");
	if (is_high(w, header, body))
		return refuse(w, _("8-bit text in a header"));
	if (g_ascii_strncasecmp(type, "multipart/", 10) == 0)
		return open_multipart(w, header, body, type);
	if (g_ascii_strncasecmp(type, "message/rfc822", 14) != 0 || !is_identity(encoding))
		return leaf(w, header, body, encoding);
	put_header(w, header, body, w->seven && !inside_signed(w) ? "7bit" : NULL);
	g_string_append_c(w->out, '\n');
	w->at = line_end(body, w->end);
	w->letter = w->at < w->end;
	return true;
}

/* An entity, and the letters that stand in it one in the other. */
static bool entities(struct walk *w)
{
	bool ok;
	do {
		w->letter = false;
		ok = entity(w);
	} while (ok && w->letter);
	return ok;
}

/* A delimiter line: what was open inside it ends with it. */
static bool cross(struct walk *w)
{
	bool close = false;
	const char *next = line_end(w->at, w->end);
	int level = delimiter(w, w->at, &close);
	g_array_set_size(w->levels, (guint)level + !close);
	g_string_append_len(w->out, w->at, next - w->at);
	w->at = next;
	return close ? put_between(w) : entities(w);
}

static void clear_level(void *data)
{
	g_free(((struct level *)data)->boundary);
}

GBytes *downgrade(const char *data, size_t len, bool seven, GError **error)
{
	struct walk w = {.at = data, .end = data + len, .seven = seven, .error = error};
	w.out = g_string_sized_new(len + len / 8);
	w.levels = g_array_new(FALSE, FALSE, sizeof(struct level));
	g_array_set_clear_func(w.levels, clear_level);
	bool ok = entities(&w);
	while (ok && w.at < w.end)
		ok = cross(&w);
	g_array_unref(w.levels);
	if (ok)
		return g_string_free_to_bytes(w.out);
	g_string_free(w.out, TRUE);
	return NULL;
}

static int temporary(GError **error)
{
	g_autofree char *name = NULL;
	int fd = g_file_open_tmp("dewey-XXXXXX", &name, error);
	if (fd >= 0)
		unlink(name);
	return fd;
}

int downgrade_file(int fd, bool seven, GError **error)
{
	g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(fd, FALSE, error);
	g_autoptr(GBytes) out = NULL;
	if (file)
		out = downgrade(g_mapped_file_get_contents(file), g_mapped_file_get_length(file),
			seven, error);
	int to = out ? temporary(error) : -1;
	if (to < 0 || fdio_write_all(to, g_bytes_get_data(out, NULL), g_bytes_get_size(out), error))
		return to;
	close(to);
	return -1;
}
