/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gmime/gmime.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "compose/draft.h"
#include "tests/unit/letter-fixture.h"

static struct draft *new_letter(void)
{
	struct draft *d = draft_new();
	d->account = g_strdup("home");
	d->from = g_strdup("Иван Петров <ivan@Пример.рф>");
	d->to = g_strdup("Jones <jones@example.org>");
	d->subject = g_strdup("Тема");
	d->body = g_strdup("Привет\n");
	return d;
}

/* Every header line at most 78 octets unless it is one word, all 7-bit; each
 * encoded-word at most 75 and valid by itself (S-72). */
static void check_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (int i = 0; lines[i]; i++) {
		g_assert_true(g_str_is_ascii(lines[i]));
		g_assert_cmpint(strlen(lines[i]), <=, 998);
	}
	for (int i = 0; *lines[i]; i++) {
		g_assert_cmpint(strlen(lines[i]), <=, 78);
		g_auto(GStrv) words = g_strsplit_set(lines[i], " \t<", -1);
		for (int w = 0; words[w]; w++) {
			if (!g_str_has_prefix(words[w], "=?"))
				continue;
			g_autofree char *one = g_mime_utils_header_decode_text(NULL, words[w]);
			g_assert_cmpint(strlen(words[w]), <=, 75);
			g_assert_true(g_utf8_validate(one, -1, NULL));
			g_assert_null(strstr(one, "\xEF\xBF\xBD"));
		}
	}
}

static const char *const texts[] = {
	"Тема",
	"plain",
	"Очень длинная тема письма, которая не помещается в одну строку и потому складывается",
	"СъешьжеещёэтихмягкихфранцузскихбулокдавыпейчаюСъешьжеещёэтихмягкихфранцузскихбулок",
	"日本語の件名はとても長いので折り返される必要がありますそれでも文字は壊れませんよ",
	"mixed слова and words, потом снова words",
	"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
	"café",
	"look =?utf-8?q?alike?= word",
	"ёa€b😀c日дё€😀ёa€b😀c日дё€😀ёa€b😀c日дё€😀ёa€b😀c日дё€😀",
};

/* S-72, S-74: what was typed is what GMime reads back. */
static void test_round_trip(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(draft) d = new_letter();
		g_autofree char *to = g_strdup_printf("\"%s\" <a@b.org>", texts[i]);
		set(&d->subject, texts[i]);
		set(&d->to, to);
		g_autofree char *text = build_text(d);
		g_test_message("%s", text);
		check_lines(text);
		GMimeMessage *m = parse(text);
		InternetAddress *a = internet_address_list_get_address(g_mime_message_get_to(m), 0);
		g_assert_cmpstr(g_mime_message_get_subject(m), ==, texts[i]);
		g_assert_cmpstr(internet_address_get_name(a), ==, texts[i]);
		g_object_unref(m);
	}
}

/* S-60: all of an id is random, not only what makes it another one each time. */
static void test_random(void)
{
	enum { IDS = 512, LENGTH = 25 };
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint32 letters[LENGTH] = {0};
	for (int i = 0; i < IDS; i++) {
		char *id = compose_message_id("i@example.org");
		g_assert_cmpstr(id + LENGTH, ==, "@example.org");
		for (int at = 0; at < LENGTH; at++)
			letters[at] |=
				1u << (g_ascii_isdigit(id[at]) ? id[at] - '2' + 26 : id[at] - 'a');
		g_assert_true(g_hash_table_add(seen, id));
	}
	for (int at = 0; at < LENGTH; at++)
		g_assert_cmpint(__builtin_popcount(letters[at]), >, 24);
}

/* S-60, S-61 */
static void test_no_traces(void)
{
	g_autoptr(draft) d = new_letter();
	g_autofree char *one = build_text(d), *two = build_text(d);
	/* As a word: a short name may stand in the random part by chance. */
	g_autofree char *name = g_regex_escape_string(g_get_host_name(), -1);
	g_autofree char *host = g_strdup_printf("\\b%s\\b", name);
	g_autoptr(GRegex) id = g_regex_new(
		"^Message-ID: <[a-z2-7]{25}@xn--e1afmkfd\\.xn--p1ai>$", G_REGEX_MULTILINE, 0, NULL);
	static const char *const bad[] = {"User-Agent", "X-Mailer", "Received", "X-Dewey", NULL};
	g_assert_true(g_regex_match(id, one, 0, NULL));
	g_assert_cmpstr(strstr(one, "Message-ID"), !=, strstr(two, "Message-ID"));
	g_assert_nonnull(strstr(one, "ivan@xn--e1afmkfd.xn--p1ai"));
	g_assert_false(g_regex_match_simple(host, one, 0, 0));
	for (int i = 0; bad[i]; i++)
		g_assert_null(strcasestr(one, bad[i]));
}

static void test_date(void)
{
	static const char *const rows[][3] = {
		{"UTC", "1800000000", "Date: Fri, 15 Jan 2027 08:00:00 +0000\n"},
		{"Europe/Moscow", "1800000000", "Date: Fri, 15 Jan 2027 11:00:00 +0300\n"},
		{"America/St_Johns", "1800000000", "Date: Fri, 15 Jan 2027 04:30:00 -0330\n"},
	};
	g_autoptr(draft) d = new_letter();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_setenv("TZ", rows[i][0], TRUE);
		g_setenv("DEWEY_CLOCK", rows[i][1], TRUE);
		tzset();
		g_autofree char *text = build_text(d);
		g_assert_nonnull(strstr(text, rows[i][2]));
	}
	/* The place is nobody's business, if it is so wished. */
	d->utc = true;
	g_autofree char *utc = build_text(d);
	g_assert_nonnull(strstr(utc, rows[0][2]));
	g_unsetenv("DEWEY_CLOCK");
	g_unsetenv("TZ");
}

/* S-60: a year of days 25 apart has each month and each day of the week. */
static void test_calendar(void)
{
	static const char *const dates[] = {"Fri, 1 Jan 2027", "Tue, 26 Jan 2027",
		"Sat, 20 Feb 2027", "Wed, 17 Mar 2027", "Sun, 11 Apr 2027", "Thu, 6 May 2027",
		"Mon, 31 May 2027", "Fri, 25 Jun 2027", "Tue, 20 Jul 2027", "Sat, 14 Aug 2027",
		"Wed, 8 Sep 2027", "Sun, 3 Oct 2027", "Thu, 28 Oct 2027", "Mon, 22 Nov 2027",
		"Fri, 17 Dec 2027"};
	for (size_t i = 0; i < G_N_ELEMENTS(dates); i++) {
		g_autofree char *now = g_strdup_printf("%zu", 1798761600 + i * 25 * 86400);
		g_setenv("DEWEY_CLOCK", now, TRUE);
		g_autofree char *date = compose_date(true);
		g_autofree char *want = g_strdup_printf("%s 00:00:00 +0000", dates[i]);
		g_assert_cmpstr(date, ==, want);
	}
	g_unsetenv("DEWEY_CLOCK");
}

static const struct {
	const char *name, *field, *value;
	int code;
} bad_rows[] = {
	{"subject newline", "Subject", "a\nBcc: x@y", COMPOSE_ERROR_HEADER},
	{"subject return", "Subject", "a\rBcc: x@y", COMPOSE_ERROR_HEADER},
	{"subject escape", "Subject", "a\x1b[2J", COMPOSE_ERROR_HEADER},
	{"to newline", "To", "a@b\nBcc: x@y", COMPOSE_ERROR_HEADER},
	{"from newline", "From", "\"a\nb\" <a@b>", COMPOSE_ERROR_HEADER},
	{"references newline", "References", "<a@b>\nBcc: x@y", COMPOSE_ERROR_HEADER},
	{"subject not utf-8", "Subject", "\xff", COMPOSE_ERROR_HEADER},
	{"to twice", "To", "a@b c@d", COMPOSE_ERROR_ADDRESS},
	{"no recipient", "To", "", COMPOSE_ERROR_RECIPIENT},
	{"no sender", "From", "", COMPOSE_ERROR_ADDRESS},
};

/* S-65 */
static void test_injection(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
		g_autoptr(draft) d = new_letter();
		g_autoptr(GError) error = NULL;
		draft_set_field(d, bad_rows[i].field, bad_rows[i].value);
		g_test_message("row '%s'", bad_rows[i].name);
		g_assert_null(draft_build(d, &error));
		g_assert_error(error, COMPOSE_ERROR, bad_rows[i].code);
	}
}

/* S-45, S-62: Bcc stays in the bytes, for the Sent copy. */
static void test_envelope(void)
{
	g_autoptr(draft) d = new_letter();
	set(&d->to, "a@Example.org, Bob <b@c>");
	set(&d->cc, "a@example.ORG, A@example.org");
	set(&d->bcc, "x@пример.рф");
	g_autoptr(built_letter) letter = draft_build(d, NULL);
	g_autofree char *text = build_text(d);
	static const char *const want[] = {
		"a@Example.org", "b@c", "A@example.org", "x@xn--e1afmkfd.xn--p1ai"};
	g_assert_cmpint(letter->recipients->len, ==, G_N_ELEMENTS(want));
	for (size_t i = 0; i < G_N_ELEMENTS(want); i++)
		g_assert_cmpstr(letter->recipients->pdata[i], ==, want[i]);
	g_assert_cmpstr(letter->sender, ==, "ivan@xn--e1afmkfd.xn--p1ai");
	g_assert_nonnull(strstr(text, "\nBcc: x@xn--e1afmkfd.xn--p1ai\n"));
}

static const struct {
	const char *name, *body, *encoding;
} body_rows[] = {
	{"ascii", "Hello\n.\nFrom: me\n..\n", "7bit"},
	{"a line of an mbox", "Hello\n.\nFrom me\n..\n", "quoted-printable"},
	{"empty", "", "7bit"},
	{"no newline", "abc", "7bit"},
	{"russian", "Привет, это письмо\n", "base64"},
	{"one letter", "mostly plain text with one é in it, and some more words behind it\n",
		"quoted-printable"},
	{"trailing blanks", "é a  \nb\t\n \nthis line is here to have more plain text than other\n",
		"quoted-printable"},
	{"escape", "\x1b[1m\n", "7bit"},
};

static char *text_of(GMimeObject *part)
{
	GMimeStream *out = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), out);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));
	char *text = bytes->len ? g_strndup((char *)bytes->data, bytes->len) : g_strdup("");
	g_object_unref(out);
	return text;
}

static void test_body(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(body_rows); i++) {
		g_autoptr(draft) d = new_letter();
		const char *body = body_rows[i].body;
		set(&d->body, body);
		g_autofree char *text = build_text(d);
		g_test_message("row '%s': %s", body_rows[i].name, text);
		GMimeMessage *m = parse(text);
		GMimeObject *part = g_mime_message_get_mime_part(m);
		g_autofree char *back = text_of(part);
		g_autofree char *want =
			g_strconcat(body, g_str_has_suffix(body, "\n") ? "" : "\n", NULL);
		const char *encoding = g_mime_object_get_header(part, "Content-Transfer-Encoding");
		const char *charset = g_mime_object_get_content_type_parameter(part, "charset");
		g_assert_cmpstr(back, ==, want);
		g_assert_cmpstr(encoding ? encoding : "7bit", ==, body_rows[i].encoding);
		g_assert_cmpstr(charset, ==, g_str_is_ascii(body) ? "us-ascii" : "utf-8");
		g_assert_true(g_str_is_ascii(text));
		g_object_unref(m);
	}
}

/* S-72: a line over 998 octets is encoded. */
static void test_long_lines(void)
{
	static const struct {
		size_t len;
		bool plain;
	} rows[] = {{998, true}, {999, false}, {100000, false}};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(draft) d = new_letter();
		g_autofree char *body = g_strnfill(rows[i].len, 'x');
		set(&d->body, body);
		set(&d->subject, body);
		g_autofree char *text = build_text(d);
		g_assert_cmpint(strstr(text, body) != NULL, ==, rows[i].plain);
		check_lines(text);
	}
}

static char *make_file(const char *dir, const char *name, const char *data)
{
	char *path = g_build_filename(dir, name, NULL);
	g_assert_true(g_file_set_contents(path, data, -1, NULL));
	return path;
}

static void remove_all(const char *dir)
{
	g_autoptr(GDir) d = g_dir_open(dir, 0, NULL);
	const char *name;
	while ((name = g_dir_read_name(d))) {
		g_autofree char *path = g_build_filename(dir, name, NULL);
		g_remove(path);
	}
	g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static const struct {
	const char *file, *shown, *data, *type;
} file_rows[] = {
	{"Отчёт за ноябрь две тысячи двадцать шестого года по всем отделам.txt", NULL,
		"Привет\r\n\n", "text/plain"},
	{"a\nBcc: x@y.txt", "aBcc: x@y.txt", "x", "text/plain"},
	{"quo\"te.bin", NULL, "\x01\x02", "application/octet-stream"},
	{"letter.eml", NULL, "Subject: x\n\ny\n", "application/octet-stream"},
	{"empty", NULL, "", NULL},
};

/* S-61, S-65, S-76: name without directory, one line, contents as they were. */
static void test_attachments(void)
{
	g_autofree char *dir = g_dir_make_tmp("dewey-XXXXXX", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(file_rows); i++) {
		g_autoptr(draft) d = new_letter();
		char *path = make_file(dir, file_rows[i].file, file_rows[i].data);
		g_ptr_array_add(d->attachments, path);
		g_autofree char *text = build_text(d);
		g_test_message("%s", text);
		check_lines(text);
		g_assert_null(strstr(text, dir));
		g_assert_null(strstr(text, "iso-8859-5"));
		g_assert_null(strstr(text, "\nBcc"));
		GMimeMessage *m = parse(text);
		GMimeMultipart *mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(m));
		GMimeObject *part = g_mime_multipart_get_part(mixed, 1);
		g_autofree char *back = text_of(part);
		g_autofree char *type =
			g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part));
		const char *shown = file_rows[i].shown ? file_rows[i].shown : file_rows[i].file;
		g_assert_cmpstr(g_mime_part_get_filename(GMIME_PART(part)), ==, shown);
		g_assert_cmpstr(back, ==, file_rows[i].data);
		if (file_rows[i].type)
			g_assert_cmpstr(type, ==, file_rows[i].type);
		g_object_unref(m);
	}
	remove_all(dir);
}

/* S-76: none of these may hang or be read. */
static void test_bad_attachments(void)
{
	g_autofree char *dir = g_dir_make_tmp("dewey-XXXXXX", NULL);
	g_autofree char *fifo = g_build_filename(dir, "fifo", NULL);
	g_autofree char *gone = g_build_filename(dir, "gone", NULL);
	const char *const rows[] = {dir, fifo, gone, "/dev/zero"};
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(draft) d = new_letter();
		g_autoptr(GError) error = NULL;
		g_ptr_array_add(d->attachments, g_strdup(rows[i]));
		g_assert_null(draft_build(d, &error));
		g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ATTACHMENT);
		g_assert_nonnull(strstr(error->message, rows[i]));
		/* A draft can be put aside all the same. */
		g_autoptr(GBytes) saved = draft_save(d, NULL);
		g_assert_nonnull(saved);
	}
	remove_all(dir);
}

static const struct {
	const char *data, *type, *encoding;
} letter_rows[] = {
	{"Subject: x\n\nline\n", "message/rfc822", "7bit"},
	{"Subject: x\r\n\r\nПривет\r\n", "message/rfc822", "8bit"},
	{"Subject: x\n\nbare\rreturn\n", "application/octet-stream", "base64"},
};

static void test_letter(void)
{
	g_autofree char *dir = g_dir_make_tmp("dewey-XXXXXX", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(letter_rows); i++) {
		g_autoptr(draft) d = new_letter();
		d->letter = make_file(dir, "1700000000.M1.myhost:2,S", letter_rows[i].data);
		g_autofree char *text = build_text(d);
		g_test_message("%s", text);
		g_assert_nonnull(strstr(text, letter_rows[i].type));
		g_assert_nonnull(strstr(text, letter_rows[i].encoding));
		g_assert_null(strstr(text, "myhost"));
		g_assert_null(strchr(text, '\r') && i == 1 ? text : NULL);
	}
	remove_all(dir);
}

/* --- saved drafts and the editor --------------------------------------------- */

static struct draft *save_and_resume(const struct draft *d)
{
	g_autoptr(GBytes) bytes = draft_save(d, NULL);
	g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
	struct draft *back = draft_new();
	GMimeMessage *m = parse(text);
	GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(m));
	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *h = g_mime_header_list_get_header_at(headers, i);
		draft_set_field(back, g_mime_header_get_name(h), g_mime_header_get_value(h));
	}
	g_autofree char *body = text_of(g_mime_message_get_mime_part(m));
	draft_set_body(back, body);
	g_object_unref(m);
	return back;
}

static void test_save(void)
{
	g_autoptr(draft) d = new_letter();
	set(&d->to, "Иван, который не дописан");
	set(&d->cc, "b@c");
	set(&d->in_reply_to, "<a@b>");
	set(&d->references, "<x@y> <a@b>");
	d->letter = g_strdup("/mail/cur/1:2,S");
	g_ptr_array_add(d->attachments, g_strdup("/home/иван/a b\n\"c\".pdf"));
	g_ptr_array_add(d->attachments, g_strdup("~/x"));
	d->answers = 4711;
	d->forwards = true;
	g_autoptr(draft) back = save_and_resume(d);
	g_assert_cmpstr(back->to, ==, d->to);
	g_assert_cmpstr(back->cc, ==, d->cc);
	g_assert_cmpstr(back->account, ==, "home");
	g_assert_cmpstr(back->subject, ==, d->subject);
	g_assert_cmpstr(back->body, ==, d->body);
	g_assert_cmpstr(back->in_reply_to, ==, d->in_reply_to);
	g_assert_cmpstr(back->references, ==, d->references);
	g_assert_cmpstr(back->letter, ==, d->letter);
	g_assert_cmpint(back->answers, ==, 4711);
	g_assert_true(back->forwards);
	g_assert_cmpint(back->attachments->len, ==, 2);
	g_assert_cmpstr(back->attachments->pdata[0], ==, d->attachments->pdata[0]);
	g_assert_cmpstr(back->attachments->pdata[1], ==, "~/x");
}

/* What is not of the letter itself comes back too, and none of it is sent. */
static void test_save_rest(void)
{
	g_autoptr(draft) d = new_letter();
	struct draft_part *p = g_new0(struct draft_part, 1);
	*p = (struct draft_part){g_strdup("/a;b\\c\n"), g_strdup("Отчёт; \"x\".pdf"),
		g_strdup("application/pdf"), g_strdup("koi8-r")};
	g_ptr_array_add(d->parts, p);
	g_ptr_array_add(d->parts, g_new0(struct draft_part, 1));
	((struct draft_part *)d->parts->pdata[1])->path = g_strdup("/x");
	set(&d->resends, "/mail/cur/2;\\:2,S");
	set(&d->charsets, "koi8-r windows-1251");
	set(&d->followup_to, "list@example.org");
	d->markdown = d->flowed = d->ask_receipt = d->tls_optional = true;
	g_autoptr(draft) back = save_and_resume(d);
	g_assert_cmpstr(back->resends, ==, d->resends);
	g_assert_cmpstr(back->charsets, ==, d->charsets);
	g_assert_cmpstr(back->followup_to, ==, d->followup_to);
	g_assert_cmpstr(back->body, ==, d->body);
	g_assert_true(back->markdown && back->flowed);
	g_assert_true(back->ask_receipt && back->tls_optional);
	g_assert_false(back->forwards);
	g_assert_cmpint(back->parts->len, ==, 2);
	const struct draft_part *one = back->parts->pdata[0], *two = back->parts->pdata[1];
	g_assert_cmpstr(one->path, ==, p->path);
	g_assert_cmpstr(one->name, ==, p->name);
	g_assert_cmpstr(one->type, ==, p->type);
	g_assert_cmpstr(one->charset, ==, p->charset);
	g_assert_cmpstr(two->path, ==, "/x");
	g_assert_null(two->name);
	g_assert_null(two->type);
	/* The editor shows none of it and loses none of it. */
	g_autofree char *text = draft_to_text(back);
	g_assert_true(draft_from_text(back, text, NULL));
	g_assert_cmpint(back->parts->len, ==, 2);
	g_assert_true(back->markdown && back->flowed);
	g_assert_true(back->ask_receipt && back->tls_optional);
	g_assert_cmpstr(back->resends, ==, d->resends);
	g_assert_cmpstr(back->followup_to, ==, d->followup_to);
	g_ptr_array_set_size(back->parts, 0);
	g_clear_pointer(&back->resends, g_free);
	back->markdown = false;
	g_autofree char *sent = build_text(back);
	g_assert_null(strcasestr(sent, "x-dewey"));
}

static void test_text(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(draft) d = new_letter();
	set(&d->in_reply_to, "<a@b>");
	set(&d->references, "<x@y> <a@b>");
	g_ptr_array_add(d->attachments, g_strdup("/tmp/a b"));
	g_autofree char *text = draft_to_text(d);
	g_assert_cmpstr(text, ==,
		"From: Иван Петров <ivan@Пример.рф>\nTo: Jones <jones@example.org>\nCc: \nBcc: \n"
		"Subject: Тема\nIn-Reply-To: <a@b>\nAttach: /tmp/a b\n\nПривет\n");
	g_assert_true(draft_from_text(d, text, &error));
	g_autofree char *again = draft_to_text(d);
	g_assert_cmpstr(again, ==, text);
	g_assert_cmpstr(d->references, ==, "<x@y> <a@b>");
	g_assert_true(draft_from_text(d, "subject:  new\n folded \nto: a@b\n\n  body\n", &error));
	g_assert_cmpstr(d->subject, ==, "new folded");
	g_assert_cmpstr(d->to, ==, "a@b");
	g_assert_cmpstr(d->body, ==, "  body\n");
	g_assert_cmpstr(d->account, ==, "home");
	g_assert_null(d->references);
	g_assert_cmpint(d->attachments->len, ==, 0);
}

static void test_bad_text(void)
{
	static const struct {
		const char *text, *what;
		int code;
	} rows[] = {
		{"To: a@b\nHello\n", "line 2", COMPOSE_ERROR_HEADER},
		{"To: a@b\nCc: x\n y\nSubjekt: x\n\n", "line 4", COMPOSE_ERROR_HEADER},
		{"To: a@b\n\nx\n\xcf\xf0\n", "line 4", COMPOSE_ERROR_TEXT},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(draft) d = new_letter();
		g_autoptr(GError) error = NULL;
		g_assert_false(draft_from_text(d, rows[i].text, &error));
		g_assert_error(error, COMPOSE_ERROR, rows[i].code);
		g_assert_nonnull(strstr(error->message, rows[i].what));
		g_assert_cmpstr(d->subject, ==, "Тема");
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
	g_test_add_func("/draft/round-trip/S-72-S-74", test_round_trip);
	g_test_add_func("/draft/no-traces/S-60-S-61", test_no_traces);
	g_test_add_func("/draft/random/S-60", test_random);
	g_test_add_func("/draft/date/S-60", test_date);
	g_test_add_func("/draft/calendar/S-60", test_calendar);
	g_test_add_func("/draft/injection/S-65", test_injection);
	g_test_add_func("/draft/envelope/S-45-S-62", test_envelope);
	g_test_add_func("/draft/body/S-74", test_body);
	g_test_add_func("/draft/long-lines/S-72", test_long_lines);
	g_test_add_func("/draft/attachments/S-61-S-65", test_attachments);
	g_test_add_func("/draft/bad-attachments/S-76", test_bad_attachments);
	g_test_add_func("/draft/letter", test_letter);
	g_test_add_func("/draft/save", test_save);
	g_test_add_func("/draft/save-rest", test_save_rest);
	g_test_add_func("/draft/text", test_text);
	g_test_add_func("/draft/bad-text", test_bad_text);
	return g_test_run();
}
