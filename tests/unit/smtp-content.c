/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "smtp/content.h"
#include "smtp/downgrade.h"
#include "wire/codes.h"

/* --- the way to the wire ---------------------------------------------------------------- */

static const struct {
	const char *name, *in, *out;
} content_rows[] = {
	{"plain", "A: b\n\nx\n", "A: b\r\n\r\nx\r\n"},
	{"no final newline", "A: b\n\nx", "A: b\r\n\r\nx\r\n"},
	{"empty", "", ""},
	{"header only", "A: b\n", "A: b\r\n"},
	{"name only", "A", "A\r\n"},
	/* S-70 */
	{"crlf", "A: b\r\n\r\nx\r\n", "A: b\r\n\r\nx\r\n"},
	{"bare cr", "A: b\n\nx\ry\r", "A: b\r\n\r\nx\r\ny\r\n"},
	{"cr cr lf", "A: b\n\nx\r\r\ny", "A: b\r\n\r\nx\r\n\r\ny\r\n"},
	{"lf cr", "A: b\n\nx\n\ry", "A: b\r\n\r\nx\r\n\r\ny\r\n"},
	{"smuggling", "A: b\n\nx\n.\nMAIL FROM:<a@b>\n",
		"A: b\r\n\r\nx\r\n..\r\nMAIL FROM:<a@b>\r\n"},
	{"smuggling by cr", "A: b\n\nx\r.\rMAIL", "A: b\r\n\r\nx\r\n..\r\nMAIL\r\n"},
	/* S-71 */
	{"dots", "A: b\n\n.\n..\n.x\nx.\n .\n", "A: b\r\n\r\n..\r\n...\r\n..x\r\nx.\r\n .\r\n"},
	{"dot in the first line", ".a: b\n\n", "..a: b\r\n\r\n"},
	{"dot at the end", "A: b\n\n.", "A: b\r\n\r\n..\r\n"},
	/* S-62 */
	{"bcc", "A: b\nBcc: x@y\nC: d\n\nBcc: text\n", "A: b\r\nC: d\r\n\r\nBcc: text\r\n"},
	{"bcc first", "bCC:x\nA: b\n\n", "A: b\r\n\r\n"},
	{"bcc last", "A: b\nBcc: x\n\ny\n", "A: b\r\n\r\ny\r\n"},
	{"bcc folded", "Bcc: x,\n y,\n\tz\nA: b\n c\n\n", "A: b\r\n c\r\n\r\n"},
	{"bcc folded by cr", "Bcc: x,\r y\r\nA: b\r\n\r\n", "A: b\r\n\r\n"},
	{"bcc twice", "Bcc: x\nA: b\nBCC: y\nbcc: z\n\n", "A: b\r\n\r\n"},
	{"bcc empty", "Bcc:\nA: b\n\n", "A: b\r\n\r\n"},
	{"bcc blank before the colon", "Bcc  : x\nA: b\n\n", "A: b\r\n\r\n"},
	{"bcc many blanks", "Bcc                            : x\nA: b\n\n", "A: b\r\n\r\n"},
	{"bcc more blanks than we keep",
		"Bcc                                        "
		"                                            : x\nA: b\n\n",
		"A: b\r\n\r\n"},
	{"bcc behind a lone cr", "A: b\rBcc: x\rC: d\n\n", "A: b\r\nC: d\r\n\r\n"},
	{"resent-bcc", "Resent-Bcc: x\n y\nResent-To: z\n\n", "Resent-To: z\r\n\r\n"},
	{"not bcc", "Bccx: x\nX-Bcc: y\nBc: z\n\n", "Bccx: x\r\nX-Bcc: y\r\nBc: z\r\n\r\n"},
	{"long name",
		"Bcc-but-with-a-name-that-is-longer-than-any-name-that-we-look-for-in-a-header: "
		"x\n\n",
		"Bcc-but-with-a-name-that-is-longer-than-any-name-that-we-look-for-in-a-header: "
		"x\r\n\r\n"},
	{"only bcc", "Bcc: x\n", ""},
	{"bcc without end", "A: b\nBcc: x", "A: b\r\n"},
	{"no header", "\nBcc: text\n", "\r\nBcc: text\r\n"},
	{"no colon", "garbage\nBcc: x\n\ny", "garbage\r\n\r\ny\r\n"},
};

static char *filter(const char *in, size_t len, size_t piece, struct content_filter *f)
{
	GString *out = g_string_new(NULL);
	content_init(f, out);
	for (size_t at = 0; at < len; at += piece)
		content_feed(f, in + at, MIN(piece, len - at));
	content_end(f);
	return g_string_free(out, FALSE);
}

/* S-62, S-70, S-71, at every size of buffer. */
static void test_content(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(content_rows); i++) {
		const char *in = content_rows[i].in;
		for (size_t piece = 1; piece <= strlen(in) + 1; piece++) {
			struct content_filter f;
			g_autofree char *out = filter(in, strlen(in), piece, &f);
			g_test_message("row '%s' by %zu", content_rows[i].name, piece);
			g_assert_cmpstr(out, ==, content_rows[i].out);
		}
	}
}

/* S-10: what SIZE counts; S-70: NUL. */
static void test_measure(void)
{
	static const struct {
		const char *in;
		size_t len;
		int64_t octets;
		size_t longest;
		bool high, nul;
	} rows[] = {
		{"A: b\n\n.x\n", 9, 12, 4, false, false},
		{"Bcc: secret\n\nx", 14, 5, 1, false, false},
		{"Bcc: \xd0\xb0\n\nx", 10, 5, 1, false, false},
		{"A: b\n\n\xd0\xb0", 8, 12, 4, true, false},
		{"A: b\n\n\0", 7, 11, 4, false, true},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct content_filter f;
		content_measure(&f, rows[i].in, rows[i].len);
		g_test_message("row %zu", i);
		g_assert_cmpint(f.octets, ==, rows[i].octets);
		g_assert_cmpint(f.longest, ==, rows[i].longest);
		g_assert_cmpint(f.high, ==, rows[i].high);
		g_assert_cmpint(f.nul, ==, rows[i].nul);
	}
}

static int file_with(const char *data, size_t len)
{
	g_autofree char *name = NULL;
	int fd = g_file_open_tmp(NULL, &name, NULL);
	g_assert_cmpint(fd, >=, 0);
	unlink(name);
	g_assert_true(fdio_write_all(fd, data, len, NULL));
	return fd;
}

/* What a reader makes of a file, piece by piece. */
static GString *read_all(int fd, bool plain)
{
	struct content_reader r;
	GString *all = g_string_new(NULL);
	content_reader_init(&r, fd);
	r.filter.plain = plain;
	while (!r.over) {
		const GString *piece = content_read(&r, NULL);
		g_assert_nonnull(piece);
		g_assert_cmpint(piece->len, <=, 2 * CONTENT_PIECE + 2);
		g_assert_true(piece->len > 0 || r.over);
		g_string_append_len(all, piece->str, (gssize)piece->len);
	}
	content_reader_clear(&r);
	return all;
}

/* S-70, S-71: a file gives what its octets give, and is counted without being
 * written; without doubled dots for BDAT (S-11). */
static void test_reader(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(content_rows); i++) {
		const char *in = content_rows[i].in;
		struct content_filter f, counted;
		int fd = file_with(in, strlen(in));
		g_autoptr(GString) all = read_all(fd, false), plain = read_all(fd, true);
		G_GNUC_UNUSED g_autofree char *same =
			filter(in, strlen(in), MAX(strlen(in), 1), &f);
		g_test_message("row '%s'", content_rows[i].name);
		g_assert_cmpstr(all->str, ==, content_rows[i].out);
		g_assert_true(content_measure_file(&counted, fd, NULL));
		g_assert_cmpint(counted.octets, ==, f.octets);
		g_assert_cmpint(counted.octets, ==, plain->len);
		g_assert_cmpint(counted.longest, ==, f.longest);
		close(fd);
	}
}

/* S-71: at every place of a dot and of a line's end around the edge of a piece. */
static void test_reader_edge(void)
{
	for (size_t before = CONTENT_PIECE - 12; before < CONTENT_PIECE + 4; before++) {
		g_autoptr(GString) in = g_string_new("A: b\n\n");
		while (in->len < before)
			g_string_append_c(in, in->len % 70 ? 'x' : '\n');
		g_string_append(in, "\n.\r\n..\r.\n\xd0");
		struct content_filter f;
		int fd = file_with(in->str, in->len);
		g_autofree char *out = filter(in->str, in->len, 1, &f);
		g_autoptr(GString) all = read_all(fd, false);
		g_assert_cmpstr(all->str, ==, out);
		close(fd);
	}
}

/* The beginning of a letter must not be taken for all of it. */
static void test_reader_cut(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_strnfill(3 * CONTENT_PIECE, '\n');
	int fd = file_with(text, strlen(text));
	struct content_reader r;
	content_reader_init(&r, fd);
	g_assert_nonnull(content_read(&r, &error));
	g_assert_cmpint(ftruncate(fd, 2 * CONTENT_PIECE), ==, 0);
	g_assert_nonnull(content_read(&r, &error));
	g_assert_null(content_read(&r, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_IO);
	content_reader_clear(&r);
	close(fd);
}

/* --- 8-bit letters, 7-bit servers ---------------------------------------------------------- */

#define MIXED "Content-Type: multipart/mixed; boundary=\"a b\"\nContent-Transfer-Encoding: 8bit\n"

static const struct {
	const char *name, *in, *out; /* out NULL: refused */
} downgrade_rows[] = {
	{"7-bit stays", "A: b\n\nx=y\n", "A: b\n\nx=y\n"},
	{"text", "A: b\nContent-Transfer-Encoding: 8bit\nC: d\n\n\xd0\xb0=\n",
		"A: b\nC: d\nContent-Transfer-Encoding: quoted-printable\n\n=D0=B0=3D\n"},
	{"no encoding named", "A: b\n\n\xd0\xb0",
		"A: b\nContent-Transfer-Encoding: quoted-printable\n\n=D0=B0"},
	{"blanks at the end", "A: b\n\n\xd0 \n\t\n",
		"A: b\nContent-Transfer-Encoding: quoted-printable\n\n=D0=20\n=09\n"},
	{"multipart", MIXED "\npre\n--a b\nX: 1\n\n\xd0\n--a b\n\nplain\n--a b--\npost\n",
		"Content-Type: multipart/mixed; boundary=\"a b\"\nContent-Transfer-Encoding: 7bit\n"
		"\npre\n--a b\nX: 1\nContent-Transfer-Encoding: quoted-printable\n\n=D0\n--a b\n\n"
		"plain\n--a b--\npost\n"},
	{"base64 stays", MIXED "\n--a b\nContent-Transfer-Encoding: base64\n\n0LA=\n--a b--\n",
		"Content-Type: multipart/mixed; boundary=\"a b\"\nContent-Transfer-Encoding: 7bit\n"
		"\n--a b\nContent-Transfer-Encoding: base64\n\n0LA=\n--a b--\n"},
	{"letter in letter",
		"Content-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n\nA: b\n\n\xd0\n",
		"Content-Type: message/rfc822\nContent-Transfer-Encoding: 7bit\n\nA: b\n"
		"Content-Transfer-Encoding: quoted-printable\n\n=D0\n"},
	{"inner ends with outer",
		"Content-Type: multipart/mixed; boundary=o\n\n--o\n"
		"Content-Type: multipart/mixed; boundary=i\n\n--i\n\n\xd0\n--o\n\n\xd1\n--o--\n",
		"Content-Type: multipart/mixed; boundary=o\nContent-Transfer-Encoding: "
		"7bit\n\n--o\n"
		"Content-Type: multipart/mixed; boundary=i\nContent-Transfer-Encoding: "
		"7bit\n\n--i\n"
		"Content-Transfer-Encoding: quoted-printable\n\n=D0\n--o\n"
		"Content-Transfer-Encoding: quoted-printable\n\n=D1\n--o--\n"},
	{"signed, 7-bit",
		"Content-Type: multipart/signed; boundary=s\n\n--s\n\nx\n--s\n\ny\n--s--\n",
		"Content-Type: multipart/signed; boundary=s\n\n--s\n\nx\n--s\n\ny\n--s--\n"},
	{"signed, 8-bit", "Content-Type: multipart/signed; boundary=s\n\n--s\n\n\xd0\n--s--\n",
		NULL},
	{"signed inside",
		"Content-Type: multipart/mixed; boundary=o\n\n--o\n"
		"Content-Type: multipart/signed; boundary=s\n\n--s\n\n\xd0\n--s--\n--o--\n",
		NULL},
	{"signed, in capitals",
		"CONTENT-TYPE: Multipart/SIGNED; BOUNDARY=s\n\n--s\n\n\xd0\n--s--\n", NULL},
	{"a message in capitals, 8-bit inside what is signed there",
		"Content-Type: MESSAGE/RFC822\n\n"
		"Content-Type: multipart/signed; boundary=s\n\n--s\n\n\xd0\n--s--\n",
		NULL},
	{"a message inside what is signed, 8-bit there",
		"Content-Type: multipart/signed; boundary=s\n\n--s\n"
		"Content-Type: message/rfc822\n\nA: b\n\n\xd0\n--s--\n",
		NULL},
	{"header", "Subject: \xd0\xb0\n\nx\n", NULL},
	{"header of a part", MIXED "\n--a b\nX: \xd0\n\nx\n--a b--\n", NULL},
	{"8-bit in base64", "Content-Transfer-Encoding: base64\n\n\xd0\n", NULL},
	{"no boundary", "Content-Type: multipart/mixed\n\n\xd0\n", NULL},
	{"header only", "A: b", "A: b"},
	{"header without end, then a delimiter",
		"Content-Type: multipart/mixed; boundary=o\n\n--o\n"
		"Content-Type: message/rfc822\n--o\n\n\xd1\n--o--\n",
		"Content-Type: multipart/mixed; boundary=o\nContent-Transfer-Encoding: "
		"7bit\n\n--o\n"
		"Content-Type: message/rfc822\nContent-Transfer-Encoding: 7bit\n--o\n"
		"Content-Transfer-Encoding: quoted-printable\n\n=D1\n--o--\n"},
	{"folded fields",
		"Content-Type:\n multipart/mixed;\n\tboundary=\"o\"\n"
		"Content-Transfer-Encoding:\n 8bit\nX: y\n\n--o\n\n\xd1\n--o--\n",
		"Content-Type:\n multipart/mixed;\n\tboundary=\"o\"\nX: y\n"
		"Content-Transfer-Encoding: 7bit\n\n--o\n"
		"Content-Transfer-Encoding: quoted-printable\n\n=D1\n--o--\n"},
	{"empty", "", ""},
};

/* NULL: refused. */
static GString *downgraded(const char *in, size_t len, bool seven, GError **error)
{
	int fd = file_with(in, len);
	int to = downgrade_file(fd, seven, error);
	close(fd);
	if (to < 0)
		return NULL;
	off_t size = lseek(to, 0, SEEK_END);
	GString *out = g_string_new(NULL);
	g_string_set_size(out, (gsize)size);
	g_assert_cmpint(pread(to, out->str, out->len, 0), ==, size);
	close(to);
	return out;
}

static void test_downgrade(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(downgrade_rows); i++) {
		const char *in = downgrade_rows[i].in;
		g_autoptr(GError) error = NULL;
		g_autoptr(GString) out = downgraded(in, strlen(in), true, &error);
		g_test_message("row '%s'", downgrade_rows[i].name);
		if (!downgrade_rows[i].out) {
			g_assert_null(out);
			g_assert_error(error, WIRE_ERROR, CODE_DATA);
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpstr(out->str, ==, downgrade_rows[i].out);
	}
}

/* S-72; where 8-bit may stay, it stays. */
static void test_downgrade_long(void)
{
	g_autoptr(GString) same = downgraded("A: \xd0\n\n\xd0\n", 9, false, NULL);
	g_assert_cmpmem(same->str, same->len, "A: \xd0\n\n\xd0\n", 9);
	for (size_t len = 997; len < 1001; len++) {
		g_autofree char *line = g_strnfill(len, 'x');
		g_autofree char *in = g_strconcat("A: b\n\nshort\n", line, "\n", NULL);
		g_autoptr(GString) out = downgraded(in, strlen(in), true, NULL);
		g_assert_cmpint(g_str_equal(in, out->str), ==, len <= DOWNGRADE_LINE);
		g_assert_cmpint(
			strstr(out->str, "quoted-printable") != NULL, ==, len > DOWNGRADE_LINE);
	}
}

/* No depth and no length costs more than its octets. */
static void test_downgrade_depth(void)
{
	g_autoptr(GString) letters = g_string_new(NULL), parts = g_string_new(NULL);
	for (int i = 0; i < 100000; i++)
		g_string_append(letters, "Content-Type: message/rfc822\n\n");
	g_string_append(letters, "\n\xd0\n");
	for (int i = 0; i < 200; i++)
		g_string_append_printf(
			parts, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	g_autoptr(GString) out = downgraded(letters->str, letters->len, true, NULL);
	g_assert_nonnull(out);
	g_assert_null(downgraded(parts->str, parts->len, true, NULL));
}

static char *unquoted(const GString *quoted)
{
	g_autoptr(GString) out = g_string_new(NULL);
	for (const char *at = quoted->str; *at; at++) {
		unsigned code;
		if (*at == '=' && at[1] == '\n')
			at++;
		else if (*at == '=' && sscanf(at + 1, "%2X", &code) == 1 && (at += 2))
			g_string_append_c(out, (char)code);
		else
			g_string_append_c(out, *at);
	}
	return g_strdup(out->str);
}

/* S-72: no line too long comes out, and what goes in comes out, also where a line
 * is longer than any buffer and ends, or has a blank, at its edge. */
static void test_quoted_lines(void)
{
	static const size_t lengths[] = {300, 65535, 65536, 65537, 200000};
	for (size_t n = 0; n < G_N_ELEMENTS(lengths); n++) {
		g_autoptr(GString) in = g_string_new("A: b\n\n\xd0");
		for (size_t i = 0; i < lengths[n]; i++)
			g_string_append_c(in, i % 65536 > 65520 ? ' ' : i % 7 ? 'x' : '=');
		g_string_append(in, "\n--no delimiter\n");
		g_autoptr(GString) out = downgraded(in->str, in->len, true, NULL);
		g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
		for (int i = 0; lines[i]; i++)
			g_assert_cmpint(strlen(lines[i]), <=, 76);
		g_autofree char *text = unquoted(out);
		g_assert_cmpstr(strstr(text, "\n\n"), ==, strstr(in->str, "\n\n"));
	}
}

/* Parts whose delimiters fall on every place of a buffer's edge. */
static void test_downgrade_edge(void)
{
	for (size_t before = 65536 - 24; before < 65536 + 4; before++) {
		g_autoptr(GString) in = g_string_new(MIXED "\n--a b\n\n");
		while (in->len < before)
			g_string_append_c(in, in->len % 50 ? 'x' : '\n');
		g_autoptr(GString) want = g_string_new(in->str);
		g_string_replace(want, ": 8bit", ": 7bit", 1);
		g_string_append(in, "\n--a b\nX: y\n\n\xd0\n--a b--\n");
		g_string_append(want, "\n--a b\nX: y\nContent-Transfer-Encoding: "
				      "quoted-printable\n\n=D0\n--a b--\n");
		g_autoptr(GString) out = downgraded(in->str, in->len, true, NULL);
		g_assert_cmpstr(out->str, ==, want->str);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/content/S-62-S-70-S-71", test_content);
	g_test_add_func("/content/measure/S-10", test_measure);
	g_test_add_func("/content/reader/S-70-S-71", test_reader);
	g_test_add_func("/content/reader/edge/S-71", test_reader_edge);
	g_test_add_func("/content/reader/cut", test_reader_cut);
	g_test_add_func("/downgrade/S-75", test_downgrade);
	g_test_add_func("/downgrade/long/S-72", test_downgrade_long);
	g_test_add_func("/downgrade/depth", test_downgrade_depth);
	g_test_add_func("/downgrade/lines/S-72", test_quoted_lines);
	g_test_add_func("/downgrade/edge", test_downgrade_edge);
	return g_test_run();
}
