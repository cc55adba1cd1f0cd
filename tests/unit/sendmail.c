/* SPDX-License-Identifier: MIT
 *
 * The sendmail face: the letter as it is handed in, the command line. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "smtp/letter.h"
#include "smtp/options.h"
#include "smtp/subject.h"
#include "store/outbox.h"
#include "wire/codes.h"

/* --- letters of others ------------------------------------------------------------------------ */

/* What a pipe holds, in pieces of so many octets. */
struct writer {
	const char *text;
	size_t len, piece;
	int fd;
};

static void *write_pieces(void *data)
{
	struct writer *w = data;
	for (size_t at = 0; at < w->len; at += w->piece)
		g_assert_true(
			fdio_write_all(w->fd, w->text + at, MIN(w->piece, w->len - at), NULL));
	close(w->fd);
	return NULL;
}

/* The letter as it is stored, or NULL with an error. */
static char *read_text(const char *text, size_t len, size_t piece, bool dot, GError **error)
{
	int ends[2];
	struct input in;
	char *out = NULL;
	g_assert_cmpint(pipe(ends), ==, 0);
	struct writer w = {text, len, piece, ends[1]};
	GThread *thread = g_thread_new("writer", write_pieces, &w);
	FILE *file = tmpfile();
	input_init(&in, ends[0], dot, -1);
	g_autoptr(letter) l = letter_begin(&in, error);
	if (l && letter_write(l, fileno(file), error)) {
		size_t size = (size_t)lseek(fileno(file), 0, SEEK_END);
		out = g_malloc0(size + 1);
		g_assert_cmpint(pread(fileno(file), out, size, 0), ==, (gssize)size);
	}
	/* Nothing keeps the writer waiting. */
	for (char rest[4096]; read(ends[0], rest, sizeof rest) > 0;)
		;
	g_thread_join(thread);
	input_clear(&in);
	fclose(file);
	close(ends[0]);
	return out;
}

static const struct {
	const char *name, *in;
	bool dot;
	const char *out;
} letter_rows[] = {
	{"as it is", "A: b\n\nx\n.\ny\n", false, "A: b\n\nx\n.\ny\n"},
	{"dot ends", "A: b\n\nx\n.\ny\n", true, "A: b\n\nx\n"},
	{"dot ends, crlf", "A: b\r\n\r\nx\r\n.\r\ny\r\n", true, "A: b\n\nx\n"},
	{"dot at the end", "A: b\n\nx\n.", true, "A: b\n\nx\n"},
	{"dot and cr at the end", "A: b\n\nx\n.\r", true, "A: b\n\nx\n.\r"},
	{"dot, cr, text", "A: b\n\n.\rx\n.\n", true, "A: b\n\n.\rx\n"},
	{"dot after a bare cr", "A: b\n\nx\r.\ny\n", true, "A: b\n\nx\r.\ny\n"},
	{"two dots", "A: b\n\n..\n", true, "A: b\n\n..\n"},
	{"dot and a blank", "A: b\n\n. \n.x\n", true, "A: b\n\n. \n.x\n"},
	{"dot first", ".\nx\n", true, "\n"},
	{"dot in the header", "A: b\n.\nx\n", true, "A: b\n\n"},
	{"bare cr stays", "A: b\n\nx\ry\n", false, "A: b\n\nx\ry\n"},
	{"two cr", "A: b\n\nx\r\r\ny\n", false, "A: b\n\nx\r\ny\n"},
	{"cr at the end", "A: b\n\nx\r", false, "A: b\n\nx\r"},
	{"mbox line", "From a@b Mon\nA: b\n\nx\n", false, "A: b\n\nx\n"},
	{"mbox line alone", "From a@b Mon", false, "\n"},
	{"no mbox line", "From : a@b\nA: b\n\nx\n", false, "From : a@b\nA: b\n\nx\n"},
	{"no header", "hello\n", false, "\nhello\n"},
	{"no empty line", "A: b\nhello world\n", false, "A: b\n\nhello world\n"},
	{"header only", "A: b", false, "A: b\n\n"},
	{"header and its end", "A: b\n\n", false, "A: b\n\n"},
	{"folded", "A: b\n c\n\td\n\nx\n", false, "A: b\n c\n\td\n\nx\n"},
	{"empty line first", "\nTo: x\n", false, "\nTo: x\n"},
	{"no end", "A: b\n\nx", false, "A: b\n\nx"},
	{"empty", "", false, "\n"},
};

static void test_letter(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(letter_rows); i++)
		for (size_t piece = 1; piece <= 64; piece += piece < 3 ? 1 : 61) {
			const char *in = letter_rows[i].in;
			g_autofree char *out =
				read_text(in, strlen(in), piece, letter_rows[i].dot, NULL);
			g_test_message("row '%s', pieces of %zu", letter_rows[i].name, piece);
			g_assert_cmpstr(out, ==, letter_rows[i].out);
		}
}

static void check_fails(const char *text, size_t len)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *out = read_text(text, len, 4096, false, &error);
	g_assert_null(out);
	g_assert_error(error, WIRE_ERROR, CODE_DATA);
}

static void test_no_letter(void)
{
	g_autofree char *name = g_strnfill(LETTER_HEADER_MAX + 2, 'x');
	g_autofree char *line = g_strconcat("A: ", name, "\n\nx\n", NULL);
	GString *many = g_string_new(NULL);
	while (many->len < LETTER_HEADER_MAX)
		g_string_append(many, "Received: by one of very many servers\n");
	check_fails("A: b\n\nx\0y\n", 9);
	check_fails("A: b\0\n\nxy\n", 10);
	check_fails(line, strlen(line));
	check_fails(many->str, many->len);
	/* The same as a body is a body. */
	g_autofree char *out = read_text(name, strlen(name), 4096, false, NULL);
	g_assert_cmpuint(strlen(out), ==, strlen(name) + 1);
	g_string_free(many, TRUE);
}

/* A signal while a person types. */
static void test_interrupted(void)
{
	int ends[2], stop[2];
	struct input in;
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(pipe(ends) + pipe(stop), ==, 0);
	g_assert_cmpint(write(ends[1], "To: a@b\n", 8), ==, 8);
	g_assert_cmpint(write(stop[1], "", 1), ==, 1);
	input_init(&in, ends[0], true, stop[0]);
	g_assert_null(letter_begin(&in, &error));
	g_assert_error(error, WIRE_ERROR, CODE_CANCELLED);
	input_clear(&in);
	for (int i = 0; i < 2; i++) {
		close(ends[i]);
		close(stop[i]);
	}
}

static struct letter *header_of(const char *text, struct input *in)
{
	int ends[2];
	g_assert_cmpint(pipe(ends), ==, 0);
	g_assert_true(fdio_write_all(ends[1], text, strlen(text), NULL));
	close(ends[1]);
	input_init(in, ends[0], false, -1);
	struct letter *l = letter_begin(in, NULL);
	close(ends[0]);
	g_assert_nonnull(l);
	return l;
}

static const struct {
	const char *in, *recipients; /* NULL: an error */
} recipient_rows[] = {
	{"To: a@b\nCc: c@d,\n e@f\nBcc: g@h\n\nTo: x@y\n", "a@b c@d e@f g@h"},
	{"to: a@b\nTO : c@d\n\n", "a@b c@d"},
	{"To: undisclosed-recipients:;\nBcc: a@b\n\n", "a@b"},
	{"To: \"Last, First\" <a@b>\n\n", "a@b"},
	{"Subject: x\n\n", ""},
	{"Tox: a@b\nX-To: c@d\n\n", ""},
	/* S-63: the newest block alone */
	{"Resent-To: a@b\nResent-Bcc: c@d\nResent-From: x@y\nTo: e@f\n\n", "a@b c@d"},
	{"Resent-To: a@b\nResent-Date: x\nResent-To: c@d\nResent-Date: y\nTo: e@f\n\n", "a@b"},
	{"Resent-To: a@b\nReceived: x\nResent-Cc: c@d\n\n", "a@b"},
	{"To: a@b c@d\n\n", NULL},
};

static void test_recipients(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(recipient_rows); i++) {
		struct input in;
		g_autoptr(letter) l = header_of(recipient_rows[i].in, &in);
		g_autoptr(GPtrArray) list = letter_recipients(l, NULL, NULL);
		input_clear(&in);
		g_test_message("row '%s'", recipient_rows[i].in);
		g_assert_cmpint(list != NULL, ==, recipient_rows[i].recipients != NULL);
		if (!list)
			continue;
		g_ptr_array_add(list, NULL);
		g_autofree char *joined = g_strjoinv(" ", (char **)list->pdata);
		g_assert_cmpstr(joined, ==, recipient_rows[i].recipients);
	}
}

/* --- names of somebody here ------------------------------------------------------------ */

static char *only_root(const char *name, void *data, GError **error)
{
	if (g_str_equal(name, "root"))
		return g_strdup("ivan@example.org");
	g_set_error(error, WIRE_ERROR, CODE_DATA, "nobody");
	return NULL;
}

static const struct {
	const char *in, *out; /* NULL: as it is */
} local_rows[] = {
	{"From: root (Cron Daemon)\nTo: root\n\n",
		"From: Cron Daemon <ivan@example.org>\nTo: root <ivan@example.org>\n"},
	{"to : a@b, root,\n Ole <root>\nSubject: root\n\n",
		"to: a@b, root <ivan@example.org>, Ole <ivan@example.org>\nSubject: root\n"},
	{"To: a@b,\n c@d\nX-To: root\n\n", NULL},
	{"To: root, nobody\n\n", NULL},
	{"To: root, =?utf-8?q?=D0=98?= <a@b>\n\n", NULL},
	{"To: root the first\n\n", NULL},
	{"To: undisclosed-recipients:;\n\n", NULL},
};

static void test_local(void)
{
	const struct address_here here = {only_root, NULL};
	for (size_t i = 0; i < G_N_ELEMENTS(local_rows); i++) {
		struct input in;
		g_autoptr(letter) l = header_of(local_rows[i].in, &in);
		g_autofree char *before = g_strdup(l->header->str);
		letter_qualify(l, &here);
		g_test_message("row '%s'", local_rows[i].in);
		g_assert_cmpstr(l->header->str, ==, local_rows[i].out ? local_rows[i].out : before);
		input_clear(&in);
	}
}

static void test_local_recipients(void)
{
	struct input in;
	const struct address_here here = {only_root, NULL};
	g_autoptr(letter) l = header_of("To: root, a@b\nCc: nobody@c\n\n", &in);
	g_autoptr(GPtrArray) list = letter_recipients(l, &here, NULL);
	g_assert_cmpuint(list->len, ==, 3);
	g_assert_cmpstr(list->pdata[0], ==, "ivan@example.org");
	g_assert_null(letter_recipients(l, NULL, NULL));
	input_clear(&in);
}

/* --- the subject in the list -------------------------------------------------------- */

static const struct {
	const char *in, *out; /* NULL: as it is */
} subject_rows[] = {
	{"plain", NULL},
	{"=?UTF-8?q?=D0=9F=D1=80=D0=B0_=3F?= 3", "Пра ? 3"},
	{"=?utf-8?B?0J/RgNCw0LLQutCw?=", "Правка"},
	{"a =?utf-8?q?b?= =?utf-8*ru?q?c?=\t=?us-ascii?q?d?= e", "a bcd e"},
	{"=?utf-8?q?=D0?= =?utf-8?q?=9F?=", "П"}, /* half a character in each */
	{"=?utf-8?q?a=5Fb_c?=", "a_b c"},
	{"=?koi8-r?b?0NDQ?=", "ппп"},
	{"=?KOI8-R?Q?=F3=DE=C5=D4?= =?koi8-r?q?_=E1?=", "Счет А"},
	{"=?windows-1251?q?=D1=F7=B8=F2?= 7", "Счёт 7"},
	{"=?iso-8859-1?q?caf=E9?=", "café"},
	{"=?utf-8?q?x?= =?koi8-r?b?0NDQ?= =?utf-8?q?=D0=9F?=", "xпппП"},
	{"=?utf-8?q?x?= =?big5?b?0NDQ?=", "x =?big5?b?0NDQ?="},
	{"=?utf-7?q?+BB8-?=", NULL},
	{"=?iso-2022-jp?b?GyRC?=", NULL},
	{"=?utf-8?q?=D0?=", NULL},
	{"=?utf-8?q?=4?=", NULL},
	{"=?utf-8?x?a?=", NULL},
	{"=?utf-8?q?a b?=", NULL},
	{"=?utf-8?q?a", NULL},
	{"=?", NULL},
	{"x=?utf-8?q?a?=", NULL},
	{"", NULL},
};

static void test_subject(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(subject_rows); i++) {
		const char *in = subject_rows[i].in;
		g_autofree char *out = subject_text(in);
		g_assert_cmpstr(out, ==, subject_rows[i].out ? subject_rows[i].out : in);
	}
}

/* --- the command line ----------------------------------------------------------------------------
 */

static const struct {
	const char *line; /* words joined by '|' */
	bool ok;
	enum mode mode;
	bool t, i;
	const char *sender, *recipients;
} option_rows[] = {
	{"dewey-smtp", true, MODE_LETTER, false, false, NULL, ""},
	{"sendmail|-t|-i", true, MODE_LETTER, true, true, NULL, ""},
	{"sendmail|-ti", true, MODE_LETTER, true, true, NULL, ""},
	{"sendmail|-oi|-oem|-odb|a@b", true, MODE_LETTER, false, true, NULL, "a@b"},
	{"sendmail|-f|x@y|a@b|c@d", true, MODE_LETTER, false, false, "x@y", "a@b c@d"},
	{"sendmail|-fx@y|a@b", true, MODE_LETTER, false, false, "x@y", "a@b"},
	{"sendmail|-r|x@y|--|a@b", true, MODE_LETTER, false, false, "x@y", "a@b"},
	{"sendmail|-f||a@b", true, MODE_LETTER, false, false, "", "a@b"},
	{"sendmail|-f|<>|a@b", true, MODE_LETTER, false, false, "", "a@b"},
	{"sendmail|-tif|x@y", true, MODE_LETTER, true, true, "x@y", ""},
	{"sendmail|-F|Name|-bm|a@b", true, MODE_LETTER, false, false, NULL, "a@b"},
	{"sendmail|--|-f|-oQ/tmp", true, MODE_LETTER, false, false, NULL, "-f -oQ/tmp"},
	{"sendmail|a@b|-t", true, MODE_LETTER, false, false, NULL, "a@b -t"},
	{"sendmail|-om|-oem|-oee|-odb|-odq|-o7|-em|-L|x|-h|3|-A|c|-G|-v|-m|-n|-U|a@b", true,
		MODE_LETTER, false, false, NULL, "a@b"},
	{"sendmail|-bm|-ti|-f|<>|--|a@b|-t", true, MODE_LETTER, true, true, "", "a@b -t"},
	{"sendmail|-bp", true, MODE_LIST, false, false, NULL, ""},
	{"sendmail|-bv|a@b", true, MODE_VERIFY, false, false, NULL, "a@b"},
	{"dewey-smtp|--find|a@b", true, MODE_FIND, false, false, NULL, "a@b"},
	{"/usr/bin/mailq", true, MODE_LIST, false, false, NULL, ""},
	{"sendmail|-q", true, MODE_QUEUE, false, false, NULL, ""},
	{"sendmail|-q15m", true, MODE_QUEUE, false, false, NULL, ""},
	{"dewey-smtp|--queue", true, MODE_QUEUE, false, false, NULL, ""},
	{"dewey-smtp|-c|rc|--wire", true, MODE_WIRE, false, false, NULL, ""},
	{"sendmail|-bs", false},
	{"sendmail|--tls-optional|--require-tls|a@b", false},
	{"sendmail|-bd", false},
	{"sendmail|-bi", false},
	{"sendmail|-bt", false},
	{"sendmail|-C/etc/sendmail.cf", false},
	{"sendmail|-O|QueueDirectory=/tmp", false},
	{"sendmail|-X|/tmp/log", false},
	{"sendmail|-Z", false},
	{"sendmail|--at", false},
	{"sendmail|--require-tls=yes", false},
	{"sendmail|-f", false},
	{"sendmail|-B|BINARYMIME|a@b", false},
	{"sendmail|-N|sometimes|a@b", false},
	{"sendmail|-N||a@b", false},
	{"sendmail|-N|success,,delay|a@b", false},
	{"sendmail|-N|never,delay|a@b", false},
	{"sendmail|-R|headers|a@b", false},
	{"sendmail|-V||a@b", false},
	{"sendmail|-V|a b|a@b", false},
	{"sendmail|-F|a\nBcc: x@y|a@b", false},
	{"sendmail|--nonsense", false},
};

static const struct {
	const char *line;
	unsigned asks;
	const char *envid;
} ask_rows[] = {
	{"sendmail|a@b", 0, NULL},
	{"sendmail|-B8BITMIME|a@b", OUTBOX_BODY_8BIT, NULL},
	{"sendmail|-B|8bitmime|-B7bit|a@b", 0, NULL},
	{"sendmail|-N|never|a@b", OUTBOX_NOTIFY_NEVER | OUTBOX_WITHOUT_DSN, NULL},
	{"sendmail|-Nfailure,DELAY|a@b",
		OUTBOX_NOTIFY_FAILURE | OUTBOX_NOTIFY_DELAY | OUTBOX_WITHOUT_DSN, NULL},
	{"sendmail|-Nnever|-Nsuccess|a@b", OUTBOX_NOTIFY_SUCCESS | OUTBOX_WITHOUT_DSN, NULL},
	{"sendmail|-Rfull|a@b", OUTBOX_RETURN_FULL | OUTBOX_WITHOUT_DSN, NULL},
	{"sendmail|-Rfull|-R|hdrs|a@b", OUTBOX_RETURN_HEADERS | OUTBOX_WITHOUT_DSN, NULL},
	{"sendmail|-V|id+1=2|a@b", OUTBOX_WITHOUT_DSN, "id+1=2"},
	{"sendmail|--require-tls|a@b", OUTBOX_REQUIRE_TLS, NULL},
	{"sendmail|--server-holds|--at=9:00|a@b", OUTBOX_SERVER_HOLDS, NULL},
};

static void test_asks(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ask_rows); i++) {
		g_auto(GStrv) argv = g_strsplit(ask_rows[i].line, "|", -1);
		struct options o;
		g_test_message("row '%s'", ask_rows[i].line);
		g_assert_true(options_parse(&o, (int)g_strv_length(argv), argv, NULL));
		g_assert_cmpuint(o.asks, ==, ask_rows[i].asks);
		g_assert_cmpstr(o.envid, ==, ask_rows[i].envid);
		options_clear(&o);
	}
}

static void test_at(void)
{
	static const char *const lines[] = {"x|--at=in 2 hours|a@b", "x|--at|in 2 hours|a@b"};
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_auto(GStrv) argv = g_strsplit(lines[i], "|", -1);
		struct options o;
		g_assert_true(options_parse(&o, (int)g_strv_length(argv), argv, NULL));
		g_assert_cmpstr(o.at, ==, "in 2 hours");
		g_assert_cmpstr(o.recipients[0], ==, "a@b");
		options_clear(&o);
	}
}

static void test_envid(void)
{
	for (guint n = 33; n <= 34; n++) {
		g_autofree char *id = g_strnfill(n, '=');
		g_autofree char *line = g_strconcat("sendmail|-V|", id, "|a@b", NULL);
		g_auto(GStrv) argv = g_strsplit(line, "|", -1);
		struct options o;
		g_assert_cmpint(options_parse(&o, 4, argv, NULL), ==, n == 33);
		options_clear(&o);
	}
}

static void test_options(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(option_rows); i++) {
		g_auto(GStrv) argv = g_strsplit(option_rows[i].line, "|", -1);
		g_autoptr(GError) error = NULL;
		struct options o;
		g_test_message("row '%s'", option_rows[i].line);
		bool ok = options_parse(&o, (int)g_strv_length(argv), argv, &error);
		g_assert_cmpint(ok, ==, option_rows[i].ok);
		if (!ok) {
			g_assert_error(error, WIRE_ERROR, CODE_USAGE);
			options_clear(&o);
			continue;
		}
		g_autofree char *recipients = g_strjoinv(" ", o.recipients);
		g_assert_cmpint(o.mode, ==, option_rows[i].mode);
		g_assert_cmpint(o.from_header, ==, option_rows[i].t);
		g_assert_cmpint(o.dot_is_text, ==, option_rows[i].i);
		g_assert_cmpstr(o.sender, ==, option_rows[i].sender);
		g_assert_cmpstr(recipients, ==, option_rows[i].recipients);
		options_clear(&o);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sendmail/letter/read", test_letter);
	g_test_add_func("/sendmail/letter/recipients/S-63", test_recipients);
	g_test_add_func("/sendmail/letter/refused", test_no_letter);
	g_test_add_func("/sendmail/letter/interrupted", test_interrupted);
	g_test_add_func("/sendmail/letter/local", test_local);
	g_test_add_func("/sendmail/letter/local-recipients", test_local_recipients);
	g_test_add_func("/sendmail/subject", test_subject);
	g_test_add_func("/sendmail/options", test_options);
	g_test_add_func("/sendmail/options/S-14-S-17", test_asks);
	g_test_add_func("/sendmail/options/envid/S-14", test_envid);
	g_test_add_func("/sendmail/options/at", test_at);
	return g_test_run();
}
