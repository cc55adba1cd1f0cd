/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "base/sanitize.h"
#include "compose/fields.h"
#include "compose/gmime.h"

enum {
	LINE_MAX_OCTETS = 998, /* RFC 5322 section 2.1.1 */
	/* What is built lies in memory, and GLib's arrays end at 4 GiB. */
	FILE_MAX_OCTETS = 512 * 1024 * 1024,
};

char *random_word(void)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t bits[16];
	char word[sizeof bits * 8 / 5 + 1];
	/* Fails only where the kernel has none to give, and never with so few. */
	g_assert(getrandom(bits, sizeof bits, 0) == (ssize_t)sizeof bits);
	for (size_t i = 0; i < sizeof word - 1; i++) {
		size_t at = i * 5;
		unsigned two = (unsigned)bits[at / 8] << 8 |
			       (at / 8 + 1 < sizeof bits ? bits[at / 8 + 1] : 0);
		word[i] = letters[two >> (11 - at % 8) & 31];
	}
	word[sizeof word - 1] = '\0';
	return g_strdup(word);
}

/* What decides how a part may travel. */
struct content_shape {
	size_t high;    /* octets above 127 */
	size_t escaped; /* octets that quoted-printable writes as three */
	size_t longest; /* line */
	bool odd;       /* NUL, or CR without LF */
	size_t len;
};

static struct content_shape measure(const char *data, size_t len)
{
	struct content_shape m = {.len = len};
	size_t line = 0;
	for (size_t i = 0; i < len; i++) {
		guchar c = (guchar)data[i];
		bool crlf = c == '\r' && i + 1 < len && data[i + 1] == '\n';
		m.high += c >= 0x80;
		m.escaped += c >= 0x7F || c == '=' || (c < 0x20 && c != '\n' && c != '\t');
		m.odd = m.odd || c == 0 || (c == '\r' && !crlf);
		line = c == '\n' ? 0 : line + 1;
		m.longest = MAX(m.longest, line);
	}
	return m;
}

static GMimeContentEncoding choose_encoding(const struct content_shape *m)
{
	if (m->high == 0 && !m->odd && m->longest <= LINE_MAX_OCTETS)
		return GMIME_CONTENT_ENCODING_7BIT;
	/* With the line ends of each: 76 of 78 octets carry something. */
	size_t quoted = m->len + 2 * m->escaped, base = (m->len + 2) / 3 * 4;
	return quoted <= base ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
			      : GMIME_CONTENT_ENCODING_BASE64;
}

static void set_content(GMimePart *part, const char *data, size_t len)
{
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(data ? data : "", len);
	g_autoptr(GMimeDataWrapper) content =
		g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
	g_mime_part_set_content(part, content);
}

GMimeObject *part_new_text(const char *body)
{
	size_t len = strlen(body);
	bool ended = len > 0 && body[len - 1] == '\n';
	g_autofree char *text = g_strconcat(body, ended ? "" : "\n", NULL);
	struct content_shape m = measure(text, strlen(text));
	GMimePart *part = g_mime_part_new_with_type("text", "plain");
	g_mime_object_set_content_type_parameter(
		GMIME_OBJECT(part), "charset", m.high ? "utf-8" : "us-ascii");
	set_content(part, text, strlen(text));
	g_mime_part_set_content_encoding(part, choose_encoding(&m));
	return GMIME_OBJECT(part);
}

/* --- files ------------------------------------------------------------------- */

static bool refuse(GError **error, const char *path, const char *why)
{
	g_autofree char *shown = g_filename_display_name(path);
	g_autofree char *clean = sanitize_line(shown, -1);
	g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ATTACHMENT, _("cannot attach '%s': %s"),
		clean, why);
	return false;
}

static bool read_all(int fd, const char *path, GByteArray *into, GError **error)
{
	guint8 chunk[65536];
	for (;;) {
		ssize_t n = read(fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refuse(error, path, g_strerror(errno));
		if (n == 0)
			return true;
		if (into->len + (size_t)n > FILE_MAX_OCTETS)
			return refuse(error, path, _("it is larger than 512 MiB"));
		g_byte_array_append(into, chunk, (guint)n);
	}
}

/* O_NONBLOCK: opening a FIFO must not wait for somebody to write to it. */
static GByteArray *read_regular(const char *path, GError **error)
{
	g_autofree char *expanded = path_expand(path);
	g_autoptr(GByteArray) all = g_byte_array_new();
	struct stat st;
	int fd = open(expanded, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		refuse(error, path, g_strerror(errno));
		return NULL;
	}
	bool ok = fstat(fd, &st) == 0
			  ? S_ISREG(st.st_mode) ||
				    refuse(error, path,
					    S_ISDIR(st.st_mode) ? _("it is a directory")
								: _("it is not a regular file"))
			  : refuse(error, path, g_strerror(errno));
	ok = ok && read_all(fd, path, all, error);
	close(fd);
	return ok ? g_steal_pointer(&all) : NULL;
}

/* The last part of the path alone, on one line, in UTF-8 (S-61, S-65: GMime
 * writes a newline in a parameter into the header as it is). */
static char *safe_filename(const char *path)
{
	g_autofree char *base = g_path_get_basename(path);
	g_autofree char *utf8 = g_filename_display_name(base);
	GString *name = g_string_new(NULL);
	for (const char *c = utf8; *c; c = g_utf8_next_char(c)) {
		gunichar u = g_utf8_get_char(c);
		if (!g_unichar_iscntrl(u) && u != 0x2028 && u != 0x2029)
			g_string_append_unichar(name, u);
	}
	if (name->len == 0)
		g_string_assign(name, "file");
	return g_string_free(name, FALSE);
}

/* GMime takes the first charset that fits: ISO-8859-5 for Russian, which
 * nobody reads. */
static void name_in_utf8(GMimeParamList *params, const char *name)
{
	GMimeParam *param = g_mime_param_list_get_parameter(params, name);
	if (param)
		g_mime_param_set_charset(param, "utf-8");
}

static void set_filename(GMimePart *part, const char *path)
{
	GMimeObject *object = GMIME_OBJECT(part);
	g_autofree char *name = safe_filename(path);
	g_mime_object_set_disposition(object, "attachment");
	g_mime_part_set_filename(part, name);
	name_in_utf8(
		g_mime_content_type_get_parameters(g_mime_object_get_content_type(object)), "name");
	name_in_utf8(g_mime_content_disposition_get_parameters(
			     g_mime_object_get_content_disposition(object)),
		"filename");
}

/* "text/plain"; what has rules of its own about encodings is plain octets. */
static char *guess_type(const char *path, const GByteArray *data)
{
	g_autofree char *name = safe_filename(path);
	g_autofree char *guess =
		g_content_type_guess(name, data->data, MIN(data->len, 65536u), NULL);
	g_autofree char *type = g_content_type_get_mime_type(guess);
	if (!type || !strchr(type, '/') || g_str_has_prefix(type, "multipart/") ||
		g_str_has_prefix(type, "message/"))
		return g_strdup("application/octet-stream");
	return g_steal_pointer(&type);
}

static void set_charset(GMimeObject *part, const char *type, const GByteArray *data)
{
	const char *text = (const char *)data->data;
	struct content_shape m = measure(text, data->len);
	if (!g_str_has_prefix(type, "text/") || !g_utf8_validate(text, data->len, NULL))
		return;
	g_mime_object_set_content_type_parameter(part, "charset", m.high ? "utf-8" : "us-ascii");
}

static GMimeObject *new_file(const char *path, const GByteArray *data)
{
	g_autofree char *type = guess_type(path, data);
	g_auto(GStrv) halves = g_strsplit(type, "/", 2);
	GMimePart *part = g_mime_part_new_with_type(halves[0], halves[1]);
	set_charset(GMIME_OBJECT(part), type, data);
	set_filename(part, path);
	set_content(part, (const char *)data->data, data->len);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
	return GMIME_OBJECT(part);
}

/* base64 is not legal for message/rfc822 (RFC 2046 section 5.2.1). */
static GMimeObject *new_letter(GByteArray *data)
{
	struct content_shape m = measure((const char *)data->data, data->len);
	if (m.odd || m.longest > LINE_MAX_OCTETS)
		return NULL;
	GMimePart *part = g_mime_part_new_with_type("message", "rfc822");
	g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
	set_content(part, (const char *)data->data, data->len);
	g_mime_part_set_content_encoding(
		part, m.high ? GMIME_CONTENT_ENCODING_8BIT : GMIME_CONTENT_ENCODING_7BIT);
	return GMIME_OBJECT(part);
}

static void drop_carriage_returns(GByteArray *data)
{
	guint to = 0;
	for (guint from = 0; from < data->len; from++) {
		bool crlf = data->data[from] == '\r' && from + 1 < data->len &&
			    data->data[from + 1] == '\n';
		if (!crlf)
			data->data[to++] = data->data[from];
	}
	g_byte_array_set_size(data, to);
}

GMimeObject *part_new_file(const char *path, GError **error)
{
	g_autoptr(GByteArray) data = read_regular(path, error);
	return data ? new_file(path, data) : NULL;
}

GMimeObject *part_new_letter(const char *path, GError **error)
{
	g_autoptr(GByteArray) data = read_regular(path, error);
	if (!data)
		return NULL;
	drop_carriage_returns(data);
	GMimeObject *part = new_letter(data);
	/* The name in a Maildir says when and where it arrived: not ours to tell. */
	return part ? part : new_file("letter.eml", data);
}
