/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/fdio.h"
#include "base/lookalike.h"
#include "base/path.h"
#include "base/sanitize.h"
#include "base/sha256.h"
#include "base/size.h"

/* M-40, P-37: what a line may show. */
static const struct {
	const char *name, *input;
	gssize len;
	const char *line, *body;
} sanitize_rows[] = {
	{"plain", "Привет, world", -1, "Привет, world", "Привет, world"},
	{"escape", "\x1b]0;x\x07\x1b[2J", -1, "␛]0;x␇␛[2J", "␛]0;x␇␛[2J"},
	{"c1 as utf-8", "\xc2\x9b"
			"31m",
		-1, "�31m", "�31m"},
	{"c1 as octet", "\x9b"
			"31m",
		-1, "�31m", "�31m"},
	{"nul", "a\0b", 3, "a␀b", "a␀b"},
	{"newline", "a\nb\tc", -1, "a␊b␉c", "a\nb\tc"},
	{"crlf", "a\r\nb\rc", -1, "a␍␊b␍c", "a\nb␍c"},
	{"override", "a\u202Eb", -1, "a‹202E›b", "a\u202Bb\u202C"},
	{"closed per line", "\u2067a\nb", -1, "‹2067›a␊b", "\u2067a\u2069\nb"},
	{"stray closer", "a\u202Cb", -1, "a‹202C›b", "ab"},
	{"zero width", "pay\u200Bpal\uFEFF", -1, "paypal", "paypal"},
	{"line separator", "a\u2028b", -1, "a⏎b", "a⏎b"},
	{"tag characters", "a\U000E0041b", -1, "ab", "ab"},
	{"overlong", "\xc0\xaf", -1, "��", "��"},
	{"surrogate", "\xed\xa0\x80", -1, "���", "���"},
	{"del", "\x7f", -1, "␡", "␡"},
};

static void test_sanitize(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sanitize_rows); i++) {
		g_autofree char *line = sanitize_line(sanitize_rows[i].input, sanitize_rows[i].len);
		g_autofree char *body = sanitize_body(sanitize_rows[i].input, sanitize_rows[i].len);
		g_test_message("row '%s'", sanitize_rows[i].name);
		g_assert_cmpstr(line, ==, sanitize_rows[i].line);
		g_assert_cmpstr(body, ==, sanitize_rows[i].body);
		g_assert_true(sanitize_is_clean(line));
	}
}

/* M-42: a flood of marks is cut, and costs no more than its length. */
static void test_combining_flood(void)
{
	g_autoptr(GString) flood = g_string_new("e");
	for (int i = 0; i < 100000; i++)
		g_string_append(flood, "\u0301");
	g_autofree char *line = sanitize_line(flood->str, -1);
	g_assert_cmpint(g_utf8_strlen(line, -1), ==, 9);
	/* Nor does what is not seen let it begin anew. */
	g_autoptr(GString) hidden = g_string_new("e");
	for (int i = 0; i < 100; i++)
		g_string_append(hidden, "\u200B\u0301");
	g_autofree char *body = sanitize_body(hidden->str, -1);
	g_autofree char *again = sanitize_body(body, -1);
	g_assert_cmpint(g_utf8_strlen(body, -1), ==, 9);
	g_assert_cmpstr(again, ==, body);
}

static void test_server_text(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 300; i++)
		g_string_append(text, "щ");
	g_autofree char *clipped = sanitize_server_text(text->str, -1);
	g_assert_cmpint(g_utf8_strlen(clipped, -1), ==, 200);
}

static void test_replace_file(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = g_dir_make_tmp("dewey-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "file", NULL);
	size_t len = 0;
	g_assert_true(fdio_replace_file(path, "one", 3, &error));
	g_assert_true(fdio_replace_file(path, "three", 5, &error));
	g_autofree char *back = fdio_read_file(path, 5, &len, &error);
	g_assert_no_error(error);
	g_assert_cmpmem(back, len, "three", 5);
	g_assert_null(fdio_read_file(path, 4, &len, &error));
	g_assert_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(EFBIG));
	g_assert_nonnull(strstr(error->message, path));
	g_assert_cmpint(g_remove(path), ==, 0);
	g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static void test_path(void)
{
	g_setenv("HOME", "/home/ivan", TRUE);
	g_autofree char *home = path_expand("~/Mail");
	g_autofree char *other = path_expand("~ivan/Mail");
	g_assert_cmpstr(home, ==, "/home/ivan/Mail");
	g_assert_cmpstr(other, ==, "~ivan/Mail");
	g_setenv("DEWEY_BIN", "/opt/x", TRUE);
	g_autofree char *program = path_program("dewey-mime");
	g_assert_cmpstr(program, ==, "/opt/x/dewey-mime");
}

static void test_clock(void)
{
	g_setenv("TZ", "UTC", TRUE);
	g_setenv("DEWEY_CLOCK", "1800000000", TRUE); /* 2027-01-15 08:00 UTC */
	g_autofree char *today = clock_short(1800000000 - 3600);
	g_autofree char *year = clock_short(1800000000 - 86400);
	g_autofree char *old = clock_short(0);
	g_autofree char *iso = clock_iso(1800000000);
	g_assert_cmpint(clock_now(), ==, 1800000000);
	g_assert_cmpstr(today, ==, "07:00");
	g_assert_cmpstr(year, ==, "14 Jan");
	g_assert_cmpstr(old, ==, "1970-01-01");
	g_assert_cmpstr(iso, ==, "2027-01-15T08:00:00Z");
}

static void check_sum(struct sha256_sum *s, const uint8_t *data, size_t len, size_t step)
{
	g_autofree char *wanted = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, len);
	g_autofree char *got = g_malloc0(2 * SHA256_LENGTH + 1);
	uint8_t digest[SHA256_LENGTH];
	sha256_reset(s);
	for (size_t at = 0; at < len; at += step)
		sha256_update(s, data + at, MIN(step, len - at));
	sha256_finish(s, digest);
	for (size_t i = 0; i < sizeof digest; i++)
		g_snprintf(got + 2 * i, 3, "%02x", digest[i]);
	g_assert_cmpstr(got, ==, wanted);
}

/* Every length around a block and its padding, in pieces of several sizes. */
static void test_sha256(void)
{
	static const size_t steps[] = {1, 7, 63, 64, 65, 1000};
	g_autoptr(sha256_sum) s = sha256_new();
	uint8_t data[300];
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)g_test_rand_int();
	for (size_t len = 0; len <= sizeof data; len++)
		for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
			check_sum(s, data, len, steps[i]);
}

static const struct {
	int64_t octets;
	const char *text;
} size_rows[] = {
	{0, "0 B"},
	{1023, "1023 B"},
	{1024, "1 KB"},
	{1536, "2 KB"},
	{INT64_C(1048576) - 1, "1.0 MB"},
	{12900000, "12.3 MB"},
	{INT64_C(1073741824) - 1, "1.0 GB"},
	{INT64_C(5000000000), "4.7 GB"},
};

static void test_size(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(size_rows); i++) {
		g_autofree char *text = size_text(size_rows[i].octets);
		g_assert_cmpstr(text, ==, size_rows[i].text);
	}
}

static const struct {
	const char *domain, *known;
	bool like;
} like_rows[] = {
	{"examp1e.org", "example.org", true},
	{"еxаmple.org", "example.org", true}, /* two letters are Cyrillic */
	{"xn--xample-2of.org", "example.org", true}, /* one is, as an A-label */
	{"exarnple.org", "example.org", true},
	{"exmaple.org", "example.org", true},
	{"exampple.org", "example.org", true},
	{"example.org.evil.test", "example.org", true},
	{"example.org-login.test", "example.org", true},
	{"éxample.org", "example.org", true},
	{"example.org", "example.org", false},
	{"EXAMPLE.org", "example.org", false},
	{"mail.example.org", "example.org", false},
	{"example.net", "example.org", false},
	{"news.org", "nets.org", false}, /* short names differ by a letter all the time */
	{"mx-first1.org", "mx-first2.org", false},
	{"пример.рф", "example.org", false},
};

static void test_lookalike(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(like_rows); i++) {
		g_test_message("%s and %s", like_rows[i].domain, like_rows[i].known);
		g_assert_cmpint(lookalike_like(like_rows[i].domain, like_rows[i].known), ==,
			like_rows[i].like);
	}
}

static const struct {
	const char *domain;
	bool mixed, idn;
	const char *ascii;
} script_rows[] = {
	{"Example.ORG", false, false, "example.org"},
	{"пример.рф", false, true, "xn--e1afmkfd.xn--p1ai"},
	{"xn--e1afmkfd.xn--p1ai", false, true, "xn--e1afmkfd.xn--p1ai"},
	{"exаmple.org", true, true, "xn--exmple-4nf.org"},
	{"xn--exmple-4nf.org", true, true, "xn--exmple-4nf.org"},
	{"аррӏе.com", true, true, "xn--80ak6aa92e.com"}, /* all of it is Cyrillic */
	{"почта.example", false, true, "xn--80a1acny.example"},
	{"日本語の例abc.jp", false, true, NULL},
	{"bücher.example", false, true, "xn--bcher-kva.example"},
};

static void test_scripts(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(script_rows); i++) {
		const char *domain = script_rows[i].domain;
		g_autofree char *ascii = lookalike_ascii(domain);
		g_test_message("%s", domain);
		g_assert_cmpint(lookalike_mixed(domain), ==, script_rows[i].mixed);
		g_assert_cmpint(lookalike_is_idn(domain), ==, script_rows[i].idn);
		if (script_rows[i].ascii)
			g_assert_cmpstr(ascii, ==, script_rows[i].ascii);
	}
}

/* What looks alike has one sum, or it would pass for a stranger's. */
static void test_sums(void)
{
	guint64 sum, other;
	for (int c = ' '; c < 0x7F; c++)
		for (int d = ' '; d < 0x7F; d++) {
			const char text[] = {'E', (char)c, (char)d, 'x', '\0'};
			g_autofree char *skeleton = lookalike_skeleton(text);
			g_assert_true(lookalike_sum(text, &sum) && lookalike_sum(skeleton, &other));
			if (sum != other)
				g_error("'%s' and '%s' have two sums", text, skeleton);
		}
	g_assert_true(lookalike_sum("Anna Berg", &sum) && lookalike_sum("BERG, anna", &other));
	g_assert_cmpuint(sum, ==, other);
	g_assert_true(lookalike_sum("Anna Bergh", &other) && sum != other);
	g_assert_false(lookalike_sum("Аnna Berg", &sum));
	g_assert_false(lookalike_sum("xn--80ak6aa92e.com", &sum));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/sanitize/M-40", test_sanitize);
	g_test_add_func("/base/sanitize/M-42", test_combining_flood);
	g_test_add_func("/base/sanitize/P-37", test_server_text);
	g_test_add_func("/base/fdio/replace-file", test_replace_file);
	g_test_add_func("/base/path", test_path);
	g_test_add_func("/base/sha256", test_sha256);
	g_test_add_func("/base/clock", test_clock);
	g_test_add_func("/base/size", test_size);
	g_test_add_func("/base/lookalike/M-43/like", test_lookalike);
	g_test_add_func("/base/lookalike/M-43/scripts", test_scripts);
	g_test_add_func("/base/lookalike/M-43/sums", test_sums);
	return g_test_run();
}
