/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "store/import.h"
#include "store/maildir.h"
#include "tests/unit/fixture.h"

#define ENVELOPE "From ivan@example.org Mon Jan  5 10:00:00 2026\n"

static char *put(struct fixture *f, const char *name, const char *text, gssize len)
{
	char *path = g_build_filename(f->dir, ".dewey/tmp", name, NULL);
	g_assert_true(g_file_set_contents(path, text, len, &f->error));
	return path;
}

static bool collect(const char *file, bool in_new, void *data)
{
	g_ptr_array_add(data, g_strconcat(in_new ? "new/" : "cur/", file, NULL));
	return true;
}

static int by_base(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a + 4, *(const char *const *)b + 4);
}

/* Inbox as "new:text|cur,FS:text|", in order of arrival. */
static char *picture(struct fixture *f)
{
	g_autofree char *box = g_build_filename(f->dir, "Inbox", NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	GString *text = g_string_new(NULL);
	g_assert_true(maildir_scan(box, collect, names, &f->error));
	g_ptr_array_sort(names, by_base);
	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i], *info = strchr(name, ':');
		g_autofree char *path = g_build_filename(box, name, NULL), *bytes = NULL;
		g_assert_true(g_file_get_contents(path, &bytes, NULL, &f->error));
		g_string_append_printf(text, "%.3s%s:%s|", name, info ? info + 2 : "", bytes);
	}
	return g_string_free(text, FALSE);
}

static const struct {
	const char *name, *input, *expected;
} mbox_rows[] = {
	{"one", ENVELOPE "A: 1\n\ntext\n\n", "new:A: 1\n\ntext\n|"},
	{"two", ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "B: 2\n\ny\n\n",
		"new:A: 1\n\nx\n|new:B: 2\n\ny\n|"},
	{"no last blank line", ENVELOPE "A: 1\n\nx\n", "new:A: 1\n\nx\n|"},
	{"no last newline", ENVELOPE "A: 1\n\nx", "new:A: 1\n\nx|"},
	{"blank lines kept", ENVELOPE "A: 1\n\n\n\nx\n\n\n\n" ENVELOPE "B: 2\n\n\n",
		"new:A: 1\n\n\n\nx\n\n\n|new:B: 2\n\n|"},
	{"quoted", ENVELOPE "A: 1\n\n>From x\n>>From y\n> From z\n>Fromm\n\n",
		"new:A: 1\n\nFrom x\n>From y\n> From z\n>Fromm\n|"},
	{"text that begins with From", ENVELOPE "A: 1\n\nx\n\nFrom here on it is text\n\n",
		"new:A: 1\n\nx\n\nFrom here on it is text\n|"},
	{"From without a blank line before", ENVELOPE "A: 1\n\nx\n" ENVELOPE "y\n\n",
		"new:A: 1\n\nx\n" ENVELOPE "y\n|"},
	{"crlf", "From i@x Mon Jan  5 10:00:00 2026\r\nA: 1\r\n\r\nx\r\n\r\n", "new:A: 1\n\nx\n|"},
	{"read", ENVELOPE "Status: RO\nX-Status: AF\n\nx\n\n",
		"cur,FRS:Status: RO\nX-Status: AF\n\nx\n|"},
	{"old", ENVELOPE "status: O\n\nx\n\n", "cur,:status: O\n\nx\n|"},
	{"status in the text", ENVELOPE "A: 1\n\nStatus: RO\n\n", "new:A: 1\n\nStatus: RO\n|"},
	{"header only", ENVELOPE "A: 1\n\n", "new:A: 1\n|"},
	{"letter", "Subject: x\n\n>From y\n\n", "new:Subject: x\n\n>From y\n\n|"},
	{"letter crlf", "Subject: x\r\n\r\ny\rz\r\n", "new:Subject: x\n\ny\rz\n|"},
	{"letter of another shape", "X-A: 1\nfrom : x\n\ny\n", "new:X-A: 1\nfrom : x\n\ny\n|"},
	{"fields, but no letter", "repository: x\npath: y\n\nDate: z\n", NULL},
	{"not mail", "#!/bin/sh\n", NULL},
	{"empty", "", NULL},
	{"From alone", "From now on\n\n", NULL},
};

static void test_mbox(struct fixture *f, gconstpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mbox_rows); i++) {
		struct fixture own = {0};
		struct import_result result;
		set_up(&own, NULL);
		g_test_message("row '%s'", mbox_rows[i].name);
		g_autofree char *path = put(&own, "in", mbox_rows[i].input, -1);
		bool ok = import_path(own.store, path, FOLDER_INBOX, &result, &own.error);
		g_autofree char *inbox = picture(&own);
		if (mbox_rows[i].expected) {
			g_assert_no_error(own.error);
			g_assert_cmpstr(inbox, ==, mbox_rows[i].expected);
		} else {
			g_assert_false(ok);
			g_assert_error(own.error, STORE_ERROR, STORE_ERROR_MISSING);
			g_clear_error(&own.error);
			g_assert_cmpstr(inbox, ==, "");
		}
		tear_down(&own, NULL);
	}
}

/* A second run doubles nothing; two equal letters in one file stay two. */
static void test_again(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	const char *text =
		ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "A: 2\n\nx\n\n";
	g_autofree char *path = put(f, "in", text, -1);
	g_assert_true(import_path(f->store, path, FOLDER_INBOX, &result, &f->error));
	g_assert_cmpint(result.messages, ==, 3);
	g_assert_true(import_path(f->store, path, FOLDER_INBOX, &result, &f->error));
	g_assert_cmpint(result.messages, ==, 0);
	g_assert_cmpint(result.skipped, ==, 3);
	g_autofree char *inbox = picture(f);
	g_assert_cmpstr(inbox, ==, "new:A: 1\n\nx\n|new:A: 1\n\nx\n|new:A: 2\n\nx\n|");
}

static void write_gzip(const char *path, const char *text, size_t len)
{
	gzFile gz = gzopen(path, "wb");
	g_assert_cmpint(gzwrite(gz, text, (unsigned)len), ==, (int)len);
	g_assert_cmpint(gzclose(gz), ==, Z_OK);
}

/* A file that was cut off: what is whole in it is kept, and the error told. */
static void test_gzip(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	g_autoptr(GString) text = g_string_new(ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "A: 2\n\n");
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	for (int i = 0; i < 400000; i++)
		g_string_append_printf(text, "%08x\n", g_rand_int(rand));
	g_autofree char *path = g_build_filename(f->dir, ".dewey/tmp/in.gz", NULL), *bytes = NULL;
	gsize len;
	write_gzip(path, text->str, text->len);
	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len / 2, NULL));
	g_assert_false(import_path(f->store, path, FOLDER_INBOX, &result, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_DISK);
	g_clear_error(&f->error);
	g_assert_cmpint(result.messages, ==, 1);
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
	g_assert_true(import_path(f->store, path, FOLDER_INBOX, &result, &f->error));
	g_assert_cmpint(result.messages, ==, 1);
	g_assert_cmpint(result.skipped, ==, 1);
}

/* Lines longer than any buffer, CRLF across its edge. */
static void test_long_lines(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	for (gsize len = 131055; len < 131085; len++) {
		g_autoptr(GString) letter = g_string_new("To: 1\r\n\r\n");
		for (gsize i = 0; i < len; i++)
			g_string_append_c(letter, 'x');
		g_string_append(letter, "\r\ny\r\n");
		g_autofree char *path = put(f, "in", letter->str, (gssize)letter->len);
		g_assert_true(import_path(f->store, path, "Long", &result, &f->error));
		g_assert_cmpint(result.messages, ==, 1);
		g_assert_cmpint(result.skipped, ==, 0);
	}
	g_autofree char *box = g_build_filename(f->dir, "Long", NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_assert_true(maildir_scan(box, collect, names, &f->error));
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(box, names->pdata[i], NULL), *text = NULL;
		g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
		g_assert_null(strchr(text, '\r'));
		g_assert_true(g_str_has_suffix(text, "x\ny\n"));
	}
}

static void test_directories(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	g_autofree char *top = g_build_filename(f->dir, ".dewey/tmp/d", NULL);
	g_autofree char *box = g_build_filename(top, "sub/box", NULL);
	g_autofree char *empty = g_build_filename(f->dir, ".dewey/tmp/e", NULL);
	g_assert_true(maildir_create(box, &f->error));
	g_assert_cmpint(g_mkdir(empty, 0700), ==, 0);
	static const struct {
		const char *name, *text;
	} files[] = {
		{"d/a.eml", "Subject: a\n\n"},
		{"d/b.mbox", ENVELOPE "Subject: b\n\n"},
		{"d/c.txt", "just text"},
		{"d/sub/box/cur/2:2,S", "Subject: d\n\n"},
		{"d/sub/box/cur/1:2,Fq", "no header at all"},
		{"d/sub/box/new/3", "Subject: e\n\n"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		g_free(put(f, files[i].name, files[i].text, -1));
	g_assert_true(import_path(f->store, top, FOLDER_INBOX, &result, &f->error));
	g_autofree char *inbox = picture(f);
	g_assert_cmpstr(inbox, ==,
		"new:Subject: a\n\n|new:Subject: b\n|cur,F:no header at all|"
		"cur,S:Subject: d\n\n|new:Subject: e\n\n|");
	g_assert_false(import_path(f->store, empty, FOLDER_INBOX, &result, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
	g_assert_false(import_path(f->store, "/nowhere", FOLDER_INBOX, &result, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
	g_assert_false(import_path(f->store, top, "../x", &result, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_NAME);
	g_clear_error(&f->error);
}

/* Real lists, with their known counts. */
static const struct {
	const char *dir;
	int64_t messages;
} corpus_rows[] = {{"list-usrp-users", 1007}, {"list-linux-man", 5000}};

/* What was saved as a letter is one, whatever is in it; the same octets under
 * another name are not. */
static void test_called_letter(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	g_autofree char *letter = put(f, "broken.eml", "  \n\nno header\n", -1);
	g_autofree char *other = put(f, "broken.txt", "  \n\nno header\n", -1);
	g_assert_true(import_path(f->store, letter, FOLDER_INBOX, &result, &f->error));
	g_assert_cmpint(result.messages, ==, 1);
	g_autofree char *inbox = picture(f);
	g_assert_cmpstr(inbox, ==, "new:  \n\nno header\n|");
	g_assert_false(import_path(f->store, other, FOLDER_INBOX, &result, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
}

static void test_corpus(struct fixture *f, gconstpointer data)
{
	const char *source = g_getenv("srcdir") ? g_getenv("srcdir") : ".";
	for (size_t i = 0; i < G_N_ELEMENTS(corpus_rows); i++) {
		struct import_result result;
		g_autofree char *path =
			g_build_filename(source, "../shared/corpus", corpus_rows[i].dir, NULL);
		if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
			g_test_skip("../shared/corpus is not here");
			return;
		}
		bool ok = import_path(f->store, path, corpus_rows[i].dir, &result, &f->error);
		g_assert_no_error(f->error);
		g_assert_true(ok);
		g_assert_cmpint(result.messages, ==, corpus_rows[i].messages);
		g_assert_true(import_path(f->store, path, corpus_rows[i].dir, &result, &f->error));
		g_assert_cmpint(result.messages, ==, 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/import/mbox", test_mbox);
	ADD("/import/again", test_again);
	ADD("/import/gzip", test_gzip);
	ADD("/import/long-lines", test_long_lines);
	ADD("/import/directories", test_directories);
	ADD("/import/called-letter/P-64", test_called_letter);
	ADD("/import/corpus", test_corpus);
	return g_test_run();
}
