/* SPDX-License-Identifier: MIT
 *
 * What is read of a letter, by the client with a real worker. */
#include "base/base.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "mime/client.h"
#include "mime/message.h"
#include "tests/unit/letters.h"

static struct mime_message *read_letter(const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = patient_client();
	int fd = open_letter(name);
	struct mime_message *m = mime_client_read(c, fd, &everything, &error);
	g_assert_no_error(error);
	close(fd);
	return m;
}

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
	g_autoptr(mime_message) m = mime_client_read(c, fd, &everything, &error);
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

/* M-11: who is written to in a way that no standard allows is not left out. */
static void test_odd_addresses(void)
{
	g_autoptr(mime_message) m = read_letter("addresses-odd");
	assert_address(m->from, 0, "Sales, 1|.sales..1@example.org|");
	assert_address(m->to, 2, "|bob..jones@example.org|");
	assert_address(m->to, 3, "Иван|ivan.@example.org|");
	g_assert_cmpuint(m->to->len, ==, 4);
	assert_address(m->cc, 1, "|e..f@example.org|");
	g_assert_cmpuint(m->reply_to->len, ==, 1);
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
	assert_parts("nested", " multipart/mixed 0 ; 1 text/plain 10 ; 2 message/rfc822 265 ; "
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
	g_autoptr(mime_message) m = mime_client_read(c, fd, &everything, NULL);
	g_assert_cmpstr(m->text, ==, "shown\n");
	g_assert_nonnull(strstr(m->words, "shown"));
	g_assert_nonnull(strstr(m->words, "attached"));
	g_autoptr(mime_message) bare = mime_client_read(c, fd, NULL, NULL);
	g_assert_cmpstr(bare->text, ==, "");
	g_assert_null(bare->words);
	close(fd);
}

static void test_chosen_charset(void)
{
	g_autoptr(mime_client) c = patient_client();
	const struct mime_reading how = {.want = MIME_WANT_TEXT, .charset = "windows-1251"};
	int fd = open_letter("koi8-r");
	g_autoptr(mime_message) m = mime_client_read(c, fd, &how, NULL);
	g_assert_cmpstr(m->charset, ==, "windows-1251");
	g_assert_true(g_str_has_prefix(m->text, "ъДТБЧУФЧХКФЕ"));
	close(fd);
}

static char *range(const struct mime_message *m, guint start, guint length)
{
	return g_strndup(m->text + start, length);
}

/* "html 1.2 utf-8|the text|" of each block, and of a card what it tells. */
static char *show_blocks(const struct mime_message *m)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < m->blocks->len; i++) {
		const struct mime_block *b = m->blocks->pdata[i];
		g_autofree char *text = range(m, b->start, b->length);
		g_string_append_printf(out, "%s %s %s|%s|", mime_block_word(b->kind), b->path,
			b->charset, text);
		for (guint k = 0; k < b->fields->len; k++) {
			const struct mime_header *h = b->fields->pdata[k];
			g_string_append_printf(out, "%s=%s|", h->name, h->value);
		}
	}
	return g_string_free(out, FALSE);
}

static struct mime_message *read_text(const char *letter)
{
	g_autoptr(mime_client) c = patient_client();
	g_autoptr(GError) error = NULL;
	int fd = memory(letter, strlen(letter));
	struct mime_message *m = mime_client_read(c, fd, &mime_reading_text, &error);
	g_assert_no_error(error);
	close(fd);
	return m;
}

/* Each part of the text is known by its path and its charset, a letter within by its
 * header lines. */
static void test_blocks(void)
{
	g_autoptr(mime_message) m = read_text(
		"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
		"Content-Type: text/plain; charset=koi8-r\n\n\301\302\n--b\n"
		"Content-Type: message/rfc822\n\nFrom: Eva <e@x.example>\nSubject: within\n"
		"Content-Type: text/html; charset=utf-8\n\n<p>one<p>\xC3\xA9\n--b--\n");
	g_autofree char *blocks = show_blocks(m);
	g_assert_cmpstr(blocks, ==,
		"text 1 koi8-r|аб\n|"
		"forwarded 2 |From: Eva <e@x.example>\nSubject: within\n|"
		"From=Eva <e@x.example>|Subject=within|"
		"html 2.1 utf-8|one\n\né\n|");
	g_assert_cmpint(m->laid_for, ==, 0);
}

/* M-40: a range is right in the text that is shown, of which sanitizing has made
 * another one than the sender's. */
static void test_spans(void)
{
	g_autoptr(mime_message) m = read_text(
		"Content-Type: text/html; charset=utf-8\n\n"
		"<p>\xE2\x80\x8B\xE2\x80\x8B&#27;&#155;\xE2\x80\xAEpqr "
		"<a href='https://a.example/'>\xE2\x80\x8B" "first</a>, "
		"<a href='https://b.example/'>second\xC2\x81</a> end");
	g_assert_cmpuint(m->spans->len, ==, 2);
	const struct mime_span *s = (const struct mime_span *)(const void *)m->spans->data;
	g_autofree char *first = range(m, s[0].start, s[0].length);
	g_autofree char *second = range(m, s[1].start, s[1].length);
	g_assert_cmpstr(first, ==, "first [1]");
	g_assert_cmpstr(second, ==, "second\xEF\xBF\xBD [2]");
	g_assert_cmpuint(s[0].style, ==, MIME_STYLE_LINK);
	g_assert_cmpint(s[0].link, ==, 1);
	g_assert_cmpint(s[1].link, ==, 2);
}

/* A worker that a letter took over may say what it likes: ranges lie in the text, one
 * behind the other, and cut no character; text that is not clean has none. */
static void test_wrong_ranges(void)
{
	static const struct {
		const char *text, *spans;
		guint left;
	} wrong[] = {
		{"абв", "0 2 1 0 2 4 8 0 ", 2},
		{"абв", "0 2 1 0 1 2 8 0 ", 1},
		{"абв", "1 2 1 0 ", 0},
		{"абв", "0 1 1 0 ", 0},
		{"абв", "0 7 1 0 ", 0},
		{"абв", "7 0 1 0 ", 0},
		{"абв", "0 18446744073709551615 1 0 ", 0},
		{"абв", "2 18446744073709551614 1 0 ", 0},
		{"абв", "4 2 1 0 2 2 1 0 ", 1},
		{"абв", "0 2 1 ", 0},
		{"абв", "0 2 x 0 ", 0},
		{"а\x1B[m", "0 2 1 0 ", 0},
	};
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(record) r = record_new("event", "done");
		record_set_string(r, "text", wrong[i].text);
		record_set_string(r, "spans", wrong[i].spans);
		g_autoptr(mime_message) m = mime_decode(r);
		g_test_message("spans '%s' of '%s'", wrong[i].spans, wrong[i].text);
		g_assert_cmpuint(m->spans->len, ==, wrong[i].left);
	}
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
		g_autoptr(mime_message) m = mime_client_read(c, fd, &everything, &error);
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
	g_autoptr(mime_message) m = mime_client_read(c, fd, NULL, NULL);
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
			g_autoptr(mime_message) m = mime_client_read(c, fd, &everything, &error);
			g_assert_no_error(error);
			check_clean(m);
			close(fd);
		}
		close(original);
	}
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

/* What is taken as clean at a glance is what the long way leaves as it is, for each
 * character there is, and for octets that are none. */
static void test_glance(void)
{
	for (gunichar c = 1; c < 0x11000; c++) {
		char text[16] = "a";
		if (c >= 0xD800 && c < 0xE000)
			continue;
		text[1 + g_unichar_to_utf8(c, text + 1)] = '\0';
		g_autofree char *body = mime_clean_body(text), *line = mime_clean_line(text);
		g_autofree char *long_body = sanitize_body(text, -1);
		g_autofree char *long_line = sanitize_line(text, -1);
		g_assert_cmpstr(body, ==, long_body);
		g_assert_cmpstr(line, ==, long_line);
	}
	for (int n = 0; n < 0x10000; n++) {
		const char text[] = {(char)(0xC2 + n % 40), (char)(n / 40), (char)(n >> 8), 0};
		g_autofree char *body = mime_clean_body(text);
		g_autofree char *long_body = sanitize_body(text, -1);
		g_assert_cmpstr(body, ==, long_body);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_setenv("DEWEY_BIN", PROGRAMS, TRUE);
	g_test_add_func("/mime/rows/M-07-M-10-M-11-M-12", test_rows);
	g_test_add_func("/mime/rows/all", test_all_have_rows);
	g_test_add_func("/mime/clean/M-40", test_clean);
	g_test_add_func("/mime/glance/M-40", test_glance);
	g_test_add_func("/mime/addresses", test_addresses);
	g_test_add_func("/mime/addresses/M-11", test_odd_addresses);
	g_test_add_func("/mime/duplicates/M-04", test_duplicates);
	g_test_add_func("/mime/parts", test_parts);
	g_test_add_func("/mime/links/M-61", test_links);
	g_test_add_func("/mime/words", test_words);
	g_test_add_func("/mime/blocks", test_blocks);
	g_test_add_func("/mime/spans/M-40", test_spans);
	g_test_add_func("/mime/spans/wrong", test_wrong_ranges);
	g_test_add_func("/mime/chosen-charset", test_chosen_charset);
	g_test_add_func("/mime/part", test_part);
	g_test_add_func("/mime/part/binary", test_part_binary);
	g_test_add_func("/mime/bombs/M-01-M-03", test_bombs);
	g_test_add_func("/mime/opaque/M-01", test_opaque);
	g_test_add_func("/mime/mutations/M-10-M-11", test_mutations);
	g_test_add_func("/mime/filename/M-50", test_filename);
	return g_test_run();
}
