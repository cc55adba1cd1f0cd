/* SPDX-License-Identifier: MIT
 *
 * The client with a real worker, over our own letters in tests/mail. */
#include "base/base.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "mime/client.h"

enum { EVERYTHING = MIME_WANT_TEXT | MIME_WANT_WORDS };

static int open_letter(const char *name)
{
	g_autofree char *file = g_strconcat(name, ".eml", NULL);
	g_autofree char *path = g_build_filename(MAIL, file, NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		g_error("cannot open '%s'", path);
	return fd;
}

static int memory(const char *data, size_t len)
{
	int fd = memfd_create("letter", MFD_CLOEXEC);
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, data + done, len - done);
		g_assert_cmpint(n, >, 0);
		done += (size_t)n;
	}
	return fd;
}

/* A sanitizer on a busy machine is slow, which proves nothing. */
static struct mime_client *patient_client(void)
{
	struct mime_client *c = mime_client_new();
	mime_client_set_deadline(c, 120000);
	return c;
}

static struct mime_message *read_letter(const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = patient_client();
	int fd = open_letter(name);
	struct mime_message *m = mime_client_read(c, fd, EVERYTHING, NULL, &error);
	g_assert_no_error(error);
	close(fd);
	return m;
}

/* One letter, one case; what is NULL is not looked at. */
struct row {
	const char *letter, *subject, *from, *text, *charset;
	bool guessed;
};

#define RUSSIAN "Здравствуйте! Это письмо написано по-русски, чтобы проверить кодировку.\n"
#define HELLO "Привет из кодировки"
#define IVAN "Иван Петров <ivan@example.org>"

static const struct row rows[] = {
#include "tests/unit/mime-rows.def"
};

static char *show_address(const GPtrArray *list)
{
	if (list->len == 0)
		return g_strdup("");
	const struct mime_address *a = list->pdata[0];
	return g_strdup_printf("%s <%s>", a->name, a->address);
}

static void check_row(struct mime_client *c, const struct row *row)
{
	g_autoptr(GError) error = NULL;
	int fd = open_letter(row->letter);
	g_autoptr(mime_message) m = mime_client_read(c, fd, EVERYTHING, NULL, &error);
	close(fd);
	g_test_message("letter '%s'", row->letter);
	g_assert_no_error(error);
	g_autofree char *from = show_address(m->from);
	if (row->subject)
		g_assert_cmpstr(m->subject, ==, row->subject);
	if (row->from)
		g_assert_cmpstr(from, ==, row->from);
	if (row->text)
		g_assert_cmpstr(m->text, ==, row->text);
	if (row->charset)
		g_assert_cmpstr(m->charset, ==, row->charset);
	g_assert_cmpint(m->guessed, ==, row->guessed);
}

/* M-07 M-10 M-11 M-12: one worker reads them all. */
static void test_rows(void)
{
	g_autoptr(mime_client) c = patient_client();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		check_row(c, &rows[i]);
}

/* A letter without a row has been forgotten. */
static void test_all_have_rows(void)
{
	g_autoptr(GDir) dir = g_dir_open(MAIL, 0, NULL);
	const char *name;
	while ((name = g_dir_read_name(dir)) != NULL) {
		bool found = !g_str_has_suffix(name, ".eml");
		for (size_t i = 0; i < G_N_ELEMENTS(rows) && !found; i++)
			found = strlen(rows[i].letter) + 4 == strlen(name) &&
				g_str_has_prefix(name, rows[i].letter);
		if (!found)
			g_error("'%s' has no row in mime-rows.def", name);
	}
}

static void check_clean_list(const GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++) {
		const struct mime_address *a = list->pdata[i];
		g_assert_true(sanitize_is_clean(a->name));
		g_assert_true(sanitize_is_clean(a->address));
		g_assert_true(sanitize_is_clean(a->group));
	}
}

static void check_clean_body(const char *text)
{
	g_autofree char *again = sanitize_body(text, -1);
	g_assert_cmpstr(again, ==, text);
}

/* Nothing foreign that a terminal would obey, in any field. */
static void check_clean(const struct mime_message *m)
{
	const GPtrArray *lists[] = {m->from, m->sender, m->reply_to, m->to, m->cc, m->bcc};
	const char *strings[] = {m->subject, m->message_id, m->list_id, m->list_post, m->text_type,
		m->charset};
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		check_clean_list(lists[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		g_assert_true(sanitize_is_clean(strings[i]));
	for (guint i = 0; i < m->headers->len; i++) {
		const struct mime_header *h = m->headers->pdata[i];
		g_assert_true(sanitize_is_clean(h->name) && sanitize_is_clean(h->value));
	}
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *p = m->parts->pdata[i];
		g_assert_true(sanitize_is_clean(p->filename) && sanitize_is_clean(p->type));
		g_assert_true(sanitize_is_clean(p->charset) && sanitize_is_clean(p->encoding));
	}
	for (guint i = 0; i < m->links->len; i++) {
		const struct mime_link *l = m->links->pdata[i];
		g_assert_true(sanitize_is_clean(l->url) && sanitize_is_clean(l->text));
	}
	check_clean_body(m->text);
	if (m->words)
		check_clean_body(m->words);
}

static void test_clean(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(mime_message) m = read_letter(rows[i].letter);
		g_test_message("letter '%s'", rows[i].letter);
		check_clean(m);
	}
}

static void assert_address(const GPtrArray *list, guint i, const char *wanted)
{
	g_assert_cmpuint(list->len, >, i);
	const struct mime_address *a = list->pdata[i];
	g_autofree char *got = g_strdup_printf("%s|%s|%s", a->name, a->address, a->group);
	g_assert_cmpstr(got, ==, wanted);
}

static void test_addresses(void)
{
	g_autoptr(mime_message) m = read_letter("addresses");
	assert_address(m->from, 0, "Petrov, Ivan|ivan@example.org|");
	assert_address(m->to, 0, "|anna@example.org|Team");
	assert_address(m->to, 1, "B. \"Bob\" Jones|bob@example.org|Team");
	assert_address(m->to, 2, "Carl|carl@example.org|");
	assert_address(m->reply_to, 0, "just words||");
	g_assert_cmpuint(m->cc->len, ==, 0);
	g_assert_cmpstr(m->in_reply_to->pdata[0], ==, "x@example.org");
	g_assert_cmpuint(m->references->len, ==, 3);
	g_assert_cmpstr(m->references->pdata[1], ==, "b@example.org");
	g_assert_cmpstr(m->list_id, ==, "dev.lists.example.org");
	g_assert_cmpstr(m->list_post, ==, "mailto:dev@lists.example.org");
}

/* One field counts for everybody, and it is said that there are more. */
static void test_duplicates(void)
{
	g_autoptr(mime_message) m = read_letter("several-from");
	g_assert_cmpstr(m->subject, ==, "one");
	assert_address(m->from, 0, "|good@example.org|");
	assert_address(m->from, 1, "|evil@example.net|");
	g_assert_cmpuint(m->warnings->len, ==, 2);
}

static void assert_parts(const char *letter, const char *wanted)
{
	g_autoptr(mime_message) m = read_letter(letter);
	g_autoptr(GString) got = g_string_new(NULL);
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *p = m->parts->pdata[i];
		g_string_append_printf(got, "%s%s %s %d %s%s", i ? "; " : "", p->path, p->type,
			(int)p->size, p->disposition == MIME_ATTACHMENT ? "@" : "", p->filename);
	}
	g_assert_cmpstr(got->str, ==, wanted);
}

static void test_parts(void)
{
	assert_parts("alternative", " multipart/alternative 0 ; 1 text/plain 15 ; 2 text/html 28 ");
	assert_parts("nested", " multipart/mixed 0 ; 1 text/plain 10 ; 2 message/rfc822 0 ; "
		"2.TEXT multipart/mixed 0 ; 2.1 text/plain 11 ; 2.2 application/pdf 4 @a.pdf");
	assert_parts("nested-base64", "1 message/rfc822 58 ; 1.1 text/plain 11 ");
	assert_parts("signed",
		" multipart/signed 0 ; 1 text/plain 12 ; 2 application/pgp-signature 63 signature.asc");
	assert_parts("names", " multipart/mixed 0 ; 1 text/plain 4 ; 2 application/pdf 3 @Отчёт.pdf; "
		"3 application/pdf 3 @Отчёт.pdf; 4 application/pdf 3 @Отчёт.pdf; "
		"5 application/octet-stream 3 @../../../etc/passwd; 6 text/plain 3 @notes.txt; "
		"7 image/png 3 ");
	assert_parts("name-raw-8bit",
		" multipart/mixed 0 ; 1 text/plain 71 ; 2 application/pdf 1 @Отчёт о работе.pdf");
}

static void test_links(void)
{
	g_autoptr(mime_message) m = read_letter("html");
	g_assert_cmpuint(m->links->len, ==, 2);
	const struct mime_link *first = m->links->pdata[0], *second = m->links->pdata[1];
	g_assert_cmpstr(first->url, ==, "https://example.org/a");
	g_assert_false(first->suspicious);
	g_assert_cmpstr(second->text, ==, "https://bank.example.com/");
	g_assert_true(second->suspicious);
}

/* Words are searched for in attachments too, which the text does not show. */
static void test_words(void)
{
	static const char letter[] =
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nshown\n--b\n"
		"Content-Type: text/plain; name=x.txt\nContent-Disposition: attachment\n\nattached\n--b--\n";
	g_autoptr(mime_client) c = patient_client();
	int fd = memory(letter, strlen(letter));
	g_autoptr(mime_message) m = mime_client_read(c, fd, EVERYTHING, NULL, NULL);
	g_assert_cmpstr(m->text, ==, "shown\n");
	g_assert_nonnull(strstr(m->words, "shown"));
	g_assert_nonnull(strstr(m->words, "attached"));
	g_autoptr(mime_message) bare = mime_client_read(c, fd, 0, NULL, NULL);
	g_assert_cmpstr(bare->text, ==, "");
	g_assert_null(bare->words);
	close(fd);
}

static void test_chosen_charset(void)
{
	g_autoptr(mime_client) c = patient_client();
	int fd = open_letter("koi8-r");
	g_autoptr(mime_message) m = mime_client_read(c, fd, MIME_WANT_TEXT, "windows-1251", NULL);
	g_assert_cmpstr(m->charset, ==, "windows-1251");
	g_assert_true(g_str_has_prefix(m->text, "ъДТБЧУФЧХКФЕ"));
	close(fd);
}

static char *read_memory(int fd)
{
	struct stat st;
	g_assert_cmpint(fstat(fd, &st), ==, 0);
	char *text = g_malloc0((size_t)st.st_size + 1);
	g_assert_cmpint(pread(fd, text, (size_t)st.st_size, 0), ==, st.st_size);
	return text;
}

static void assert_part(struct mime_client *c, const char *letter, const char *path,
	const char *wanted)
{
	g_autoptr(GError) error = NULL;
	int fd = open_letter(letter), out = memory("", 0);
	g_assert_true(mime_client_part(c, fd, path, out, &error));
	g_assert_no_error(error);
	g_autofree char *got = read_memory(out);
	g_assert_cmpstr(got, ==, wanted);
	close(fd);
	close(out);
}

static void test_part(void)
{
	g_autoptr(mime_client) c = patient_client();
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) links = NULL;
	assert_part(c, "nested", "2.2", "%PDF");
	assert_part(c, "nested-base64", "1.1", "Deep text.\n");
	int pipes[2], letter = open_letter("nested");
	char octets[8] = "";
	g_assert_cmpint(pipe(pipes), ==, 0);
	g_assert_true(mime_client_part(c, letter, "2.2", pipes[1], &error));
	g_assert_cmpint(read(pipes[0], octets, sizeof octets), ==, 4);
	g_assert_cmpmem(octets, 4, "%PDF", 4);
	close(pipes[0]);
	close(pipes[1]);
	close(letter);
	assert_part(c, "crlf", "",
		"From: a@example.org\r\nSubject: crlf\r\n folded\r\n\r\nline one\r\nline two\r\n");
	int fd = open_letter("alternative"), out = memory("", 0);
	g_autofree char *text = mime_client_part_text(c, fd, "2", &links, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(text, ==, "The HTML text.\n");
	g_assert_false(mime_client_part(c, fd, "3", out, &error));
	g_assert_error(error, MIME_ERROR, MIME_ERROR_NO_PART);
	close(fd);
	close(out);
}

/* What is binary comes out as it is, NULs and all. */
static void test_part_binary(void)
{
	static const char letter[] = "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
				     "Content-Type: application/x-any\n\n\0\1To: g:\377\n--b--\n";
	g_autoptr(mime_client) c = patient_client();
	int fd = memory(letter, sizeof letter - 1), out = memory("", 0);
	char got[16];
	g_assert_true(mime_client_part(c, fd, "1", out, NULL));
	g_assert_cmpint(pread(out, got, sizeof got, 0), ==, 9);
	g_assert_cmpmem(got, 9, "\0\1To: g:\377", 9);
	close(fd);
	close(out);
}

struct bomb {
	const char *name, *head, *again, *tail;
	guint times;
	const char *subject; /* as it must still be read; NULL: lost by the limit */
};

#define MIXED "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n"

/* M-01 M-03 M-06: made here, never committed. */
static const struct bomb bombs[] = {
	{"groups", "Subject: x\nTo: ", "g:", "\n\nb\n", 50000, "x"},
	{"groups in folds", "Subject: x\nTo:", "\n g:", "\n\nb\n", 50000, "x"},
	{"groups behind a quote", "Subject: x\nTo: (\"", "g:", "\n\nb\n", 50000, "x"},
	{"groups inside", MIXED "--b\nContent-Type: message/rfc822\n\nTo: ", "g:", "\n\nb\n", 50000, "x"},
	{"comments", "Subject: x\nTo: ", "(", "\n\nb\n", 200000, "x"},
	{"recipients", "Subject: x\nTo: a@b", ",\n c@d", "\n\nb\n", 100000, "x"},
	{"references", "Subject: x\nReferences:", "\n <a@b>", "\n\nb\n", 100000, "x"},
	{"fields", "Subject: x\n", "X-A: b\n", "\nb\n", 100000, "x"},
	{"long field", "Subject: x\nX-A: ", "0123456789", "\n\nb\n", 500000, "x"},
	{"parts", MIXED, "--b\n\nx\n", "", 100000, "x"},
	{"letters in letters", "Subject: x\n", "Content-Type: message/rfc822\n\n", "y\n", 2000, "x"},
	{"same boundary", "Subject: x\n", "Content-Type: multipart/mixed; boundary=b\n\n--b\n", "", 2000,
		"x"},
	{"parameters", "Subject: x\nContent-Type: text/plain", "; a*1=b", "\n\nb\n", 10000, "x"},
	{"encoded words", "Subject: x\nTo: ", "=?utf-8?q?a?= ", "<a@b>\n\nb\n", 4000, "x"},
	{"open words", "Subject: x\nX-A: ", "=?utf-8?q?", "\n\nb\n", 20000, "x"},
	{"elements", "Subject: x\nContent-Type: text/html\n\n", "<div>", "b\n", 100000, "x"},
	{"tables", "Subject: x\nContent-Type: text/html\n\n", "<table><tr><td>", "b\n", 20000, "x"},
	{"quotes", "Subject: x\n\n", ">", "b\n", 1000000, "x"},
	{"marks", "Subject: x\nContent-Type: text/plain; charset=utf-8\n\na", "\xCC\x81", "\n", 200000, "x"},
	{"no letter", "", "\xFF", "", 100000, NULL},
};

static void test_bombs(void)
{
	g_autoptr(mime_client) c = patient_client();
	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		const struct bomb *b = &bombs[i];
		g_autoptr(GError) error = NULL;
		g_autoptr(GString) letter = g_string_new(b->head);
		for (guint n = 0; n < b->times; n++)
			g_string_append(letter, b->again);
		g_string_append(letter, b->tail);
		int fd = memory(letter->str, letter->len);
		g_test_message("bomb '%s'", b->name);
		g_autoptr(mime_message) m = mime_client_read(c, fd, EVERYTHING, NULL, &error);
		g_assert_no_error(error);
		if (b->subject)
			g_assert_cmpstr(m->subject, ==, b->subject);
		g_assert_cmpuint(m->parts->len, <=, 2000);
		check_clean(m);
		close(fd);
	}
}

/* An address header that would make the parser crash is shown, not read. */
static void test_opaque(void)
{
	g_autoptr(GString) letter = g_string_new("To: ");
	for (int i = 0; i < 100; i++)
		g_string_append(letter, "g:");
	g_string_append(letter, "\nCc: a@b.example\n\nb\n");
	int fd = memory(letter->str, letter->len);
	g_autoptr(mime_client) c = patient_client();
	g_autoptr(mime_message) m = mime_client_read(c, fd, 0, NULL, NULL);
	const struct mime_header *h = m->headers->pdata[0];
	g_assert_cmpstr(h->name, ==, "To");
	g_assert_cmpuint(m->to->len, ==, 0);
	g_assert_cmpuint(m->cc->len, ==, 1);
	g_assert_cmpuint(m->warnings->len, >=, 1);
	g_assert_true(m->truncated);
	close(fd);
}

/* Each letter cut at many places, and with octets changed: M-10, M-11. */
static void test_mutations(void)
{
	static const char *const letters[] = {"escapes", "nested", "html", "names", "report",
		"words-split-q", "iso-2022-jp-undeclared"};
	g_autoptr(mime_client) c = patient_client();
	g_autoptr(GRand) rand = g_rand_new_with_seed(1939);
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
		int original = open_letter(letters[i]);
		g_autofree char *text = read_memory(original);
		struct stat st;
		g_assert_cmpint(fstat(original, &st), ==, 0);
		for (int round = 0; round < 60; round++) {
			size_t len = (size_t)g_rand_int_range(rand, 0, (gint32)st.st_size + 1);
			g_autofree char *copy = g_memdup2(text, (gsize)st.st_size);
			for (int n = round % 6; n > 0; n--)
				copy[g_rand_int_range(rand, 0, (gint32)st.st_size)] =
					(char)g_rand_int_range(rand, 0, 256);
			int fd = memory(copy, round % 2 ? (size_t)st.st_size : len);
			g_autoptr(GError) error = NULL;
			g_autoptr(mime_message) m = mime_client_read(c, fd, EVERYTHING, NULL, &error);
			g_assert_no_error(error);
			check_clean(m);
			close(fd);
		}
		close(original);
	}
}

/* A worker that does what we say the first time, and is the real one after. */
static char *make_worker(const char *once)
{
	g_autofree char *dir = g_dir_make_tmp("dewey-mime-XXXXXX", NULL);
	g_autofree char *program = g_build_filename(dir, "dewey-mime", NULL);
	g_autofree char *script = g_strdup_printf("#!/bin/sh\n"
						  "[ -e '%s/done' ] && exec '%s/dewey-mime' \"$@\"\n"
						  ": >'%s/done'\n"
						  "echo '{\"event\":\"hello\",\"version\":1}'\n"
						  "read hello; read request\n%s\n",
		dir, PROGRAMS, dir, once);
	g_assert_true(g_file_set_contents(program, script, -1, NULL));
	g_assert_cmpint(g_chmod(program, 0700), ==, 0);
	return g_steal_pointer(&dir);
}

static void remove_worker(const char *dir)
{
	static const char *const names[] = {"dewey-mime", "done"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(dir, names[i], NULL);
		g_unlink(path);
	}
	g_rmdir(dir);
}

struct end {
	const char *once;
	int deadline;
	enum mime_error code;
};

static void check_end(const struct end *end)
{
	g_autofree char *dir = make_worker(end->once);
	g_autofree char *old = g_strdup(g_getenv("DEWEY_BIN"));
	g_setenv("DEWEY_BIN", dir, TRUE);
	g_autoptr(GError) error = NULL, none = NULL;
	g_autoptr(mime_client) c = patient_client();
	mime_client_set_deadline(c, end->deadline);
	int fd = open_letter("utf-8");
	g_assert_null(mime_client_read(c, fd, EVERYTHING, NULL, &error));
	g_assert_error(error, MIME_ERROR, (int)end->code);
	mime_client_set_deadline(c, 60000);
	g_autoptr(mime_message) m = mime_client_read(c, fd, EVERYTHING, NULL, &none);
	g_assert_no_error(none);
	g_assert_cmpstr(m->subject, ==, HELLO);
	close(fd);
	g_setenv("DEWEY_BIN", old, TRUE);
	remove_worker(dir);
}

/* It costs the one message; the next request gets a new worker (B-07). */
static void test_ends(void)
{
	static const struct end ends[] = {
		{"kill -9 $$", 60000, MIME_ERROR_CRASHED},
		{"exit 3", 60000, MIME_ERROR_CRASHED},
		{"exec sleep 1000", 100, MIME_ERROR_TIMEOUT},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		check_end(&ends[i]);
}

/* --- many at a time ------------------------------------------------------------ */

static char *all_addresses(const GPtrArray *list)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++) {
		const struct mime_address *a = list->pdata[i];
		g_string_append_printf(out, "%s <%s>;", a->name, a->address);
	}
	return g_string_free(out, FALSE);
}

static char *all_strings(const GPtrArray *list)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(out, "<%s>", (char *)list->pdata[i]);
	return g_string_free(out, FALSE);
}

static char *all_names(const GPtrArray *parts)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];
		bool attached = p->disposition == MIME_ATTACHMENT && p->path[0];
		if (attached || p->filename[0])
			g_string_append_printf(out, "%d %s;", attached, p->filename);
	}
	return g_string_free(out, FALSE);
}

static const char *empty_or(const char *text)
{
	return text ? text : "";
}

/* All that the index takes from a letter, as one text. */
static char *essence(const struct mime_message *m, bool body)
{
	g_autofree char *from = all_addresses(m->from), *to = all_addresses(m->to);
	g_autofree char *cc = all_addresses(m->cc), *names = all_names(m->parts);
	g_autofree char *above = all_strings(m->in_reply_to), *refs = all_strings(m->references);
	return g_strdup_printf("%s|%s|%s|%s|%s|%s|%s|%" G_GINT64_FORMAT "|%s|%s", from, to, cc,
		empty_or(m->subject), empty_or(m->message_id), above, refs, m->date,
		body ? names : "", body ? empty_or(m->words) : "");
}

static void check_skimmed(struct mime_client *c, const int *fds, guint n, unsigned want)
{
	struct mime_message *found[MIME_SKIM_MOST];
	g_autoptr(GError) error = NULL;
	g_assert_true(mime_client_skim(c, fds, n, want, found, &error));
	for (guint i = 0; i < n; i++) {
		g_autoptr(mime_message) one = found[i];
		g_autoptr(mime_message) whole =
			mime_client_read(c, fds[i], EVERYTHING, NULL, &error);
		g_assert_no_error(error);
		g_assert_nonnull(one);
		g_autofree char *skimmed = essence(one, want != 0);
		g_autofree char *read = essence(whole, want != 0);
		g_assert_cmpstr(skimmed, ==, read);
	}
}

/* A list shows of a letter what reading it whole would show, whether its header
 * is a plain one or not; each of tests/mail, in groups. */
static void test_skim(void)
{
	g_autoptr(mime_client) c = patient_client();
	int fds[MIME_SKIM_MOST];
	for (guint i = 0, n = 0; i < G_N_ELEMENTS(rows); i++) {
		fds[n++] = open_letter(rows[i].letter);
		if (n < MIME_SKIM_MOST && i + 1 < G_N_ELEMENTS(rows))
			continue;
		check_skimmed(c, fds, n, 0);
		check_skimmed(c, fds, n, MIME_WANT_WORDS);
		for (; n > 0; n--)
			close(fds[n - 1]);
	}
}

/* Headers that are not plain, each for another reason, beside one that is. */
static void test_skim_odd(void)
{
	static const char *const letters[] = {
		"Subject: plain\n\nbody\n",
		"Subject: one\n two\nX-Empty:\n\nbody\n",
		" fold first\nSubject: a\n\nbody\n",
		"From ivan Sat Jan  1 00:00:00 2000\nSubject: mbox\n\nbody\n",
		"Subject: crlf\r\n\r\nbody\r\n",
		"Subject: no end",
		"Subject: a\nno field\nTo: b@c\n\nbody\n",
		"\xEF\xBB\xBFSubject: mark\n\nbody\n",
		"To: a:b:c:d:e@f\nSubject: x\n\n",
		"\n\nbody\n",
	};
	g_autoptr(mime_client) c = patient_client();
	int fds[G_N_ELEMENTS(letters)];
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		fds[i] = memory(letters[i], strlen(letters[i]));
	check_skimmed(c, fds, G_N_ELEMENTS(letters), 0);
	check_skimmed(c, fds, G_N_ELEMENTS(letters), MIME_WANT_WORDS);
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		close(fds[i]);
}

/* A worker that dies costs the group its company, and no letter (B-07). */
static void test_skim_ends(void)
{
	g_autofree char *dir = make_worker("kill -9 $$");
	g_autofree char *old = g_strdup(g_getenv("DEWEY_BIN"));
	g_setenv("DEWEY_BIN", dir, TRUE);
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = patient_client();
	struct mime_message *found[2];
	int fds[2] = {open_letter("utf-8"), open_letter("html")};
	g_assert_true(mime_client_skim(c, fds, 2, 0, found, &error));
	g_assert_no_error(error);
	g_assert_null(found[0]);
	g_assert_null(found[1]);
	check_skimmed(c, fds, 2, 0);
	close(fds[0]);
	close(fds[1]);
	g_setenv("DEWEY_BIN", old, TRUE);
	remove_worker(dir);
}

static GPid worker_pid(void)
{
	g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return (GPid)g_ascii_strtoll(text, NULL, 10);
}

/* One that dies while nobody asks it anything costs no message at all. */
static void test_idle_death(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = patient_client();
	int fd = open_letter("utf-8");
	mime_message_free(mime_client_read(c, fd, 0, NULL, &error));
	g_assert_no_error(error);
	GPid first = worker_pid();
	siginfo_t info;
	g_assert_cmpint(kill(first, SIGKILL), ==, 0);
	g_assert_cmpint(waitid(P_PID, (id_t)first, &info, WEXITED | WNOWAIT), ==, 0);
	g_autoptr(mime_message) m = mime_client_read(c, fd, 0, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(m->subject, ==, HELLO);
	g_assert_cmpint(worker_pid(), !=, first);
	close(fd);
}

static void test_no_worker(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *old = g_strdup(g_getenv("DEWEY_BIN"));
	g_setenv("DEWEY_BIN", "/nonexistent", TRUE);
	g_autoptr(mime_client) c = patient_client();
	int fd = open_letter("utf-8");
	g_assert_null(mime_client_read(c, fd, 0, NULL, &error));
	g_assert_error(error, MIME_ERROR, MIME_ERROR_START);
	g_setenv("DEWEY_BIN", old, TRUE);
	close(fd);
}

/* M-50 */
static void test_filename(void)
{
	static const char *const names[][3] = {
		{"report.pdf", "application/pdf", "report.pdf"},
		{"../../etc/passwd", "", "passwd"},
		{"C:\\Windows\\x.exe", "", "x.exe"},
		{"..", "text/plain", "attachment-7.txt"},
		{"", "image/png", "attachment-7.png"},
		{NULL, "x/y", "attachment-7"},
		{".bashrc", "", "bashrc"},
		{"-rf", "", "rf"},
		{"a. . .", "", "a"},
		{"CON", "", "_CON"},
		{"aux.txt", "", "_aux.txt"},
		{"lpt1.x", "", "_lpt1.x"},
		{"com10.x", "", "com10.x"},
		{"a\nb\033[1m.txt", "", "ab[1m.txt"},
		{"inv\342\200\256fdp.exe", "", "invfdp.exe"},
		{"a:b*c?.txt", "", "a_b_c_.txt"},
		{"e\314\201.txt", "", "\303\251.txt"},
		{"Отчёт.pdf", "", "Отчёт.pdf"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *got = mime_safe_filename(names[i][0], names[i][1], 7);
		g_assert_cmpstr(got, ==, names[i][2]);
	}
	g_autoptr(GString) name = g_string_new(NULL);
	for (int i = 0; i < 300; i++)
		g_string_append(name, "Ж");
	g_string_append(name, ".tar.gz");
	g_autofree char *got = mime_safe_filename(name->str, "", 1);
	g_assert_cmpuint(strlen(got), <=, 200);
	g_assert_true(g_utf8_validate(got, -1, NULL));
	g_assert_true(g_str_has_suffix(got, "Ж.gz"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_setenv("DEWEY_BIN", PROGRAMS, TRUE);
	g_test_add_func("/mime/rows/M-07-M-10-M-11-M-12", test_rows);
	g_test_add_func("/mime/rows/all", test_all_have_rows);
	g_test_add_func("/mime/clean/M-40", test_clean);
	g_test_add_func("/mime/addresses", test_addresses);
	g_test_add_func("/mime/duplicates/M-04", test_duplicates);
	g_test_add_func("/mime/parts", test_parts);
	g_test_add_func("/mime/links/M-61", test_links);
	g_test_add_func("/mime/words", test_words);
	g_test_add_func("/mime/chosen-charset", test_chosen_charset);
	g_test_add_func("/mime/part", test_part);
	g_test_add_func("/mime/part/binary", test_part_binary);
	g_test_add_func("/mime/bombs/M-01-M-03", test_bombs);
	g_test_add_func("/mime/opaque/M-01", test_opaque);
	g_test_add_func("/mime/mutations/M-10-M-11", test_mutations);
	g_test_add_func("/mime/client/ends/B-07", test_ends);
	g_test_add_func("/mime/client/skim", test_skim);
	g_test_add_func("/mime/client/skim/odd/M-01", test_skim_odd);
	g_test_add_func("/mime/client/skim/ends/B-07", test_skim_ends);
	g_test_add_func("/mime/client/idle-death", test_idle_death);
	g_test_add_func("/mime/client/no-worker", test_no_worker);
	g_test_add_func("/mime/filename/M-50", test_filename);
	return g_test_run();
}
