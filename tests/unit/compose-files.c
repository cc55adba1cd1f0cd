/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gmime/gmime.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "compose/draft.h"
#include "tests/unit/letter-fixture.h"

static const char original[] = "Received: from a\nFrom: Jones <jones@example.org>\nTo: x@y\n"
			       "Bcc: old@example.org\nSubject: =?koi8-r?B?7sXU?=\n\n"
			       "Text \xcf\xd4 here\n.\nFrom there\n";

/* A directory of one test, with a file in it. */
struct place {
	char *dir, *file;
};

static struct place place_new(const char *name, const char *data, size_t len)
{
	struct place p = {.dir = g_dir_make_tmp("dewey-XXXXXX", NULL)};
	p.file = g_build_filename(p.dir, name, NULL);
	g_assert_true(g_file_set_contents(p.file, data, (gssize)len, NULL));
	return p;
}

static void place_clear(struct place *p)
{
	g_unlink(p->file);
	g_assert_cmpint(g_rmdir(p->dir), ==, 0);
	g_free(p->dir);
	g_free(p->file);
}

/* --- parts with names of their own ---------------------------------------------- */

static const struct {
	const char *name, *type, *charset, *want_name, *want_type, *want_charset;
} part_rows[] = {
	{"Отчёт.pdf", "application/pdf", NULL, "Отчёт.pdf", "application/pdf", NULL},
	{"a/b\n.txt", "TEXT/Plain", "koi8-r", "b.txt", "text/plain", "koi8-r"},
	{NULL, NULL, NULL, "1234.tmp", NULL, NULL},
	{"/", NULL, NULL, "file", NULL, NULL},
	{"x", "message/rfc822", NULL, "x", "application/octet-stream", NULL},
	{"x", "multipart/mixed", NULL, "x", "application/octet-stream", NULL},
	{"x", "text/html\nBcc: a@b", NULL, "x", "application/octet-stream", NULL},
	{"x", "text/plain", "koi8-r\nBcc: a@b", "x", "text/plain", NULL},
	{"x", "text/plain", "", "x", "text/plain", NULL},
	{"x", "nonsense", NULL, "x", "application/octet-stream", NULL},
};

/* S-61, S-65: what others called a part is a name and a type, or nothing. */
static void test_parts(void)
{
	struct place p = place_new("1234.tmp", "\xf0\xd2\xc9\xd7\n", 5);
	for (size_t i = 0; i < G_N_ELEMENTS(part_rows); i++) {
		g_autoptr(draft) d = letter_with("Привет\n");
		struct draft_part *part = g_new0(struct draft_part, 1);
		part->path = g_strdup(p.file);
		part->name = g_strdup(part_rows[i].name);
		part->type = g_strdup(part_rows[i].type);
		part->charset = g_strdup(part_rows[i].charset);
		g_ptr_array_add(d->parts, part);
		g_autofree char *text = build_text(d);
		g_test_message("%s", text);
		g_assert_null(strstr(text, p.dir));
		g_assert_null(strstr(text, "\nBcc"));
		GMimeMessage *m = parse(text);
		GMimeMultipart *mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(m));
		GMimeObject *o = g_mime_multipart_get_part(mixed, 1);
		GMimeContentType *t = g_mime_object_get_content_type(o);
		g_autofree char *type = g_mime_content_type_get_mime_type(t);
		g_assert_cmpstr(
			g_mime_part_get_filename(GMIME_PART(o)), ==, part_rows[i].want_name);
		if (part_rows[i].want_type)
			g_assert_cmpstr(type, ==, part_rows[i].want_type);
		g_assert_cmpstr(g_mime_content_type_get_parameter(t, "charset"), ==,
			part_rows[i].want_charset);
		g_object_unref(m);
	}
	place_clear(&p);
}

/* --- how a text goes along ---------------------------------------------------------- */

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define THOUSAND HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED

#define WITH_LEN(s) s, sizeof(s) - 1

static const struct {
	const char *data;
	size_t len;
	const char *encoding;
} text_rows[] = {
	{WITH_LEN(""), "7bit"},
	{WITH_LEN("diff\n-a\n+b\n"), "7bit"},
	{WITH_LEN("no end"), "7bit"},
	{WITH_LEN("\n\n.\n\n"), "7bit"},
	{WITH_LEN("a blank \nand a tab\t\n"), "quoted-printable"},
	{WITH_LEN("a blank "), "quoted-printable"},
	{WITH_LEN("one\nFrom here\n"), "quoted-printable"},
	{WITH_LEN("caf\xc3\xa9 and a = sign, " HUNDRED "\n"), "quoted-printable"},
	{WITH_LEN("caf\xe9 and some more of it\n"), "quoted-printable"},
	{WITH_LEN("\xd0\x9f\xd0\xb8\xd1\x81\xd1\x8c\n"), "base64"},
	{WITH_LEN("CR\r\nLF\r\n"), "base64"},
	{WITH_LEN("a bare\rreturn\n"), "base64"},
	{WITH_LEN("a nul\0here\n"), "base64"},
	{WITH_LEN(THOUSAND "\n"), "base64"},
};

static void check_lines(const char *text)
{
	for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		g_assert_cmpint(end - line, <=, 78);
		g_assert_false(g_str_has_prefix(line, "From "));
	}
}

static void check_text_file(const char *data, size_t len, const char *encoding)
{
	struct place p = place_new("text.txt", data, len);
	g_autoptr(draft) d = letter_with("Привет\n");
	struct draft_part *part = g_new0(struct draft_part, 1);
	part->path = g_strdup(p.file);
	part->type = g_strdup("text/plain");
	g_ptr_array_add(d->parts, part);
	g_autofree char *text = build_text(d);
	if (strcmp(encoding, "7bit") != 0)
		check_lines(text);
	GMimeMessage *m = parse(text);
	GMimeMultipart *mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(m));
	GMimePart *o = GMIME_PART(g_mime_multipart_get_part(mixed, 1));
	GMimeStream *back = g_mime_stream_mem_new();
	GMimeDataWrapper *content = g_mime_part_get_content(o);
	if (content)
		g_mime_data_wrapper_write_to_stream(content, back);
	GByteArray *octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(back));
	g_assert_cmpstr(g_mime_object_get_header(GMIME_OBJECT(o), "Content-Transfer-Encoding"), ==,
		encoding);
	g_assert_cmpmem(octets->data, octets->len, data, len);
	g_object_unref(back);
	g_object_unref(m);
	place_clear(&p);
}

/* S-72, S-76: a text can be read on the way where every octet of it comes back all the same. */
static void test_text_files(void)
{
	g_autoptr(GString) large = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(text_rows); i++) {
		g_test_message("text %zu", i);
		check_text_file(text_rows[i].data, text_rows[i].len, text_rows[i].encoding);
	}
	/* Lines that lie across the pieces in which a file is read. */
	while (large->len < 300000)
		g_string_append_printf(large, "%zu=From caf\xc3\xa9 %.*s \nFrom %.*s\n", large->len,
			(int)(large->len % 97), HUNDRED, (int)(large->len % 89), HUNDRED);
	check_text_file(large->str, large->len, "quoted-printable");
}

/* --- resent ----------------------------------------------------------------------- */

static struct draft *new_resent(const char *path)
{
	struct draft *d = letter_with("Привет\n");
	d->resends = g_strdup(path);
	set(&d->cc, "Грин <green@пример.рф>");
	set(&d->bcc, "brown@example.org");
	set(&d->reply_to, "other@example.org");
	set(&d->in_reply_to, "<a@b>");
	g_ptr_array_add(d->attachments, g_strdup("/nowhere"));
	d->ask_receipt = true;
	return d;
}

/* S-63: the block on top, and below it nothing is changed. */
static void test_resent(void)
{
	struct place p = place_new("1:2,S", original, strlen(original));
	g_autoptr(draft) d = new_resent(p.file);
	g_autoptr(built_letter) letter = build(d);
	g_autofree char *text = written(letter);
	const char *body = strstr(text, "Received: from a\n");
	g_test_message("%s", text);
	g_assert_nonnull(body);
	g_assert_cmpstr(body, ==, original);
	g_autofree char *block = g_strndup(text, (gsize)(body - text));
	g_auto(GStrv) lines = g_strsplit(block, "\n", -1);
	static const char *const want[] = {"Resent-Date: ", "Resent-From: =?utf-8?",
		"Resent-To: jones@example.org", "Resent-Cc: =?utf-8?",
		"Resent-Bcc: brown@example.org", "Resent-Message-ID: <", ""};
	g_assert_cmpint(g_strv_length(lines), ==, G_N_ELEMENTS(want));
	for (size_t i = 0; i < G_N_ELEMENTS(want); i++)
		g_assert_true(g_str_has_prefix(lines[i], want[i]));
	g_assert_cmpint(letter->recipients->len, ==, 3);
	g_assert_cmpstr(letter->recipients->pdata[1], ==, "green@xn--e1afmkfd.xn--p1ai");
	g_assert_cmpstr(letter->sender, ==, "ivan@example.org");
	g_assert_nonnull(strstr(block, letter->message_id));
	place_clear(&p);
}

/* The line of an mbox is no field; CR LF becomes LF, and a CR alone stays. */
/* S-63: a draft of it has the letter within itself, octet by octet. */
static void test_resent_kept(void)
{
	g_autoptr(GError) error = NULL;
	struct place p = place_new("1:2,S", original, strlen(original));
	g_autoptr(draft) d = letter_with("Привет\n"), back = draft_new(), other = draft_new();
	d->resends = g_strdup(p.file);
	g_autoptr(built_letter) kept = draft_pack(d, &error);
	g_assert_no_error(error);
	g_autofree char *text = written(kept);
	g_assert_null(strstr(text, p.dir));
	g_assert_nonnull(strstr(text, original));
	g_assert_nonnull(strstr(text, "X-Dewey-Resends: enclosed\n"));
	draft_set_field(back, "X-Dewey-Resends", "enclosed");
	draft_set_body(back, "\n");
	back->letter = g_strdup("/desk/letter.eml");
	draft_settle(back);
	g_assert_cmpstr(back->resends, ==, "/desk/letter.eml");
	g_assert_null(back->letter);
	g_assert_cmpstr(back->body, ==, "");
	/* One that encloses a letter stays what it was. */
	other->letter = g_strdup("/desk/letter.eml");
	draft_settle(other);
	g_assert_null(other->resends);
	g_assert_cmpstr(other->letter, ==, "/desk/letter.eml");
	place_clear(&p);
}

static void test_resent_forms(void)
{
	static const struct {
		const char *data, *want;
	} rows[] = {
		{"From a@b Sat Nov 21 2026\nFrom: a@b\n\nx\n", ">\nFrom: a@b\n\nx\n"},
		{"From: a@b\r\n\r\nx\ry\r\r\nz\r\n", ">\nFrom: a@b\n\nx\ry\r\nz\n"},
		{"From: a@b\n\nno end", ">\nFrom: a@b\n\nno end"},
		{"From: a@b\n\nreturn\r", ">\nFrom: a@b\n\nreturn\r"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct place p = place_new("1:2,S", rows[i].data, strlen(rows[i].data));
		g_autoptr(draft) d = new_resent(p.file);
		g_autofree char *text = build_text(d);
		g_test_message("%s", text);
		g_assert_true(g_str_has_suffix(text, rows[i].want));
		place_clear(&p);
	}
}

/* --- files that change ------------------------------------------------------------ */

enum { LARGE = 4 * 1024 * 1024 };

static void touch_up(const char *path, const char *how)
{
	int fd = open(path, O_WRONLY | (g_str_equal(how, "grows") ? O_APPEND : 0));
	if (g_str_equal(how, "is gone"))
		g_unlink(path);
	else if (g_str_equal(how, "shrinks"))
		g_assert_cmpint(ftruncate(fd, 10), ==, 0);
	else
		g_assert_cmpint(write(fd, "new", 3), ==, 3);
	close(fd);
}

static const char *const ways[] = {"grows", "shrinks", "is written over", "is gone"};

/* S-76: between the look and the reading. */
static void test_changed_before(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autofree char *data = g_strnfill(LARGE, 'x');
		struct place p = place_new("file.bin", data, LARGE);
		g_autoptr(GError) error = NULL;
		g_autoptr(draft) d = letter_with("Привет\n");
		g_ptr_array_add(d->attachments, g_strdup(p.file));
		g_autoptr(built_letter) letter = build(d);
		touch_up(p.file, ways[i]);
		int fd = memfd_create("letter", MFD_CLOEXEC);
		g_test_message("the file %s", ways[i]);
		g_assert_false(built_letter_write(letter, fd, &error));
		g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ATTACHMENT);
		g_assert_nonnull(strstr(error->message, "file.bin"));
		close(fd);
		place_clear(&p);
	}
}

/* The kernel's files have no size, so nobody could tell whether they were read whole. */
static void test_without_size(void)
{
	g_autoptr(draft) d = letter_with("Привет\n");
	g_autoptr(GError) error = NULL;
	g_ptr_array_add(d->attachments, g_strdup("/proc/self/mountinfo"));
	g_assert_null(draft_build(d, &error));
	g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ATTACHMENT);
	g_assert_nonnull(strstr(error->message, "size"));
}

struct writing {
	const struct built_letter *letter;
	int fd;
	GError *error;
	bool ok;
};

static void *write_all(void *data)
{
	struct writing *w = data;
	w->ok = built_letter_write(w->letter, w->fd, &w->error);
	close(w->fd);
	return NULL;
}

static void drain(int fd)
{
	char buffer[65536];
	while (read(fd, buffer, sizeof buffer) > 0)
		;
	close(fd);
}

/* S-76: while it is read.  The pipe is full, so the writer stands in the middle. */
static void test_changed_meanwhile(void)
{
	for (size_t i = 0; i < 3; i++) {
		g_autofree char *data = g_strnfill(LARGE, 'x');
		struct place p = place_new("file.bin", data, LARGE);
		g_autoptr(draft) d = letter_with("Привет\n");
		g_ptr_array_add(d->attachments, g_strdup(p.file));
		g_autoptr(built_letter) letter = build(d);
		int ends[2];
		char first[1024];
		g_assert_cmpint(pipe(ends), ==, 0);
		struct writing w = {.letter = letter, .fd = ends[1]};
		GThread *thread = g_thread_new("writer", write_all, &w);
		/* Behind this much the file is open. */
		for (size_t n = 0; n < 100; n++)
			g_assert_cmpint(read(ends[0], first, sizeof first), >, 0);
		touch_up(p.file, ways[i]);
		drain(ends[0]);
		g_thread_join(thread);
		g_test_message("the file %s", ways[i]);
		g_assert_false(w.ok);
		g_assert_error(w.error, COMPOSE_ERROR, COMPOSE_ERROR_ATTACHMENT);
		g_assert_nonnull(strstr(w.error->message, "changed"));
		g_clear_error(&w.error);
		place_clear(&p);
	}
}

static void test_no_space(void)
{
	g_autoptr(draft) d = letter_with("Привет\n");
	g_autoptr(built_letter) letter = build(d);
	g_autoptr(GError) error = NULL;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	g_assert_false(built_letter_write(letter, fd, &error));
	g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_WRITE);
	g_assert_nonnull(strstr(error->message, g_strerror(ENOSPC)));
	close(fd);
}

static void test_twice(void)
{
	struct place p = place_new("file.bin", "x\0y", 3);
	g_autoptr(draft) d = letter_with("Привет\n");
	g_ptr_array_add(d->attachments, g_strdup(p.file));
	g_autoptr(built_letter) letter = build(d);
	g_autofree char *one = written(letter), *two = written(letter);
	g_assert_cmpstr(one, ==, two);
	g_assert_nonnull(strstr(one, "\n\neAB5\n"));
	place_clear(&p);
}

/* --- large ones --------------------------------------------------------------------- */

static long peak(void)
{
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	return used.ru_maxrss; /* KiB */
}

/* 2 GB and a bit, over what 31 bits count: a hole, which takes no space. */
static void test_two_gigabytes(void)
{
	const off_t size = ((off_t)1 << 31) + 12345;
	struct place p = place_new("large.bin", "x", 1);
	g_assert_cmpint(truncate(p.file, size), ==, 0);
	g_autoptr(draft) d = letter_with("Привет\n");
	g_autoptr(GError) error = NULL;
	g_ptr_array_add(d->attachments, g_strdup(p.file));
	long before = peak();
	g_autoptr(built_letter) letter = build(d);
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	bool ok = built_letter_write(letter, fd, &error);
	g_assert_no_error(error);
	g_assert_true(ok);
	g_test_message("%ld KiB more than %ld", peak() - before, before);
	g_assert_cmpint(peak() - before, <, 16 * 1024);
	close(fd);
	place_clear(&p);
}

/* A letter that goes along, and one that is resent, are streams too. */
static void test_large_letter(void)
{
	struct place p = place_new("1:2,S", original, strlen(original));
	g_autofree char *line = g_strnfill(71, 'y');
	FILE *f = fopen(p.file, "a");
	for (int i = 0; i < 2 * 1024 * 1024; i++)
		fprintf(f, "%s\n", line);
	fclose(f);
	for (int way = 0; way < 2; way++) {
		g_autoptr(draft) d = letter_with("Привет\n");
		set(way ? &d->resends : &d->letter, p.file);
		long before = peak();
		g_autoptr(built_letter) letter = build(d);
		int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
		g_assert_true(built_letter_write(letter, fd, NULL));
		g_assert_cmpint(peak() - before, <, 16 * 1024);
		close(fd);
	}
	place_clear(&p);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
	g_test_add_func("/compose-files/parts/S-61-S-65", test_parts);
	g_test_add_func("/compose-files/resent/S-63", test_resent);
	g_test_add_func("/compose-files/resent-kept/S-63", test_resent_kept);
	g_test_add_func("/compose-files/resent-forms/S-63", test_resent_forms);
	g_test_add_func("/compose-files/text-files/S-72-S-76", test_text_files);
	g_test_add_func("/compose-files/changed-before/S-76", test_changed_before);
	g_test_add_func("/compose-files/changed-meanwhile/S-76", test_changed_meanwhile);
	g_test_add_func("/compose-files/without-size/S-76", test_without_size);
	g_test_add_func("/compose-files/no-space", test_no_space);
	g_test_add_func("/compose-files/twice", test_twice);
	g_test_add_func("/compose-files/two-gigabytes/S-76", test_two_gigabytes);
	g_test_add_func("/compose-files/large-letter", test_large_letter);
	return g_test_run();
}
