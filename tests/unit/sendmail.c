/* SPDX-License-Identifier: MIT
 *
 * The sendmail face: the letter as it is handed in, the command line. */
#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "smtp/letter.h"
#include "smtp/options.h"
#include "wire/codes.h"

/* --- letters of others ------------------------------------------------------------------------ */

static struct letter *read_text(const char *text, bool dot, GError **error)
{
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("dewey-XXXXXX", &path, NULL);
	g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize)strlen(text));
	g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
	struct letter *l = letter_read(fd, dot, error);
	close(fd);
	g_remove(path);
	return l;
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
	{"two dots", "A: b\n\n..\n", true, "A: b\n\n..\n"},
	{"dot first", ".\nx\n", true, "\n"},
	{"bare cr stays", "A: b\n\nx\ry\n", false, "A: b\n\nx\ry\n"},
	{"mbox line", "From a@b Mon\nA: b\n\nx\n", false, "A: b\n\nx\n"},
	{"no header", "hello\n", false, "\nhello\n"},
	{"no empty line", "A: b\nhello world\n", false, "A: b\n\nhello world\n"},
	{"header only", "A: b", false, "A: b\n\n"},
	{"empty line first", "\nTo: x\n", false, "\nTo: x\n"},
	{"empty", "", false, "\n"},
};

static void test_letter(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(letter_rows); i++) {
		g_autoptr(letter) l = read_text(letter_rows[i].in, letter_rows[i].dot, NULL);
		g_test_message("row '%s'", letter_rows[i].name);
		g_assert_cmpstr(l->text->str, ==, letter_rows[i].out);
	}
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
		g_autoptr(letter) l = read_text(recipient_rows[i].in, false, NULL);
		g_autoptr(GPtrArray) list = letter_recipients(l, NULL);
		g_test_message("row '%s'", recipient_rows[i].in);
		g_assert_cmpint(list != NULL, ==, recipient_rows[i].recipients != NULL);
		if (!list)
			continue;
		g_ptr_array_add(list, NULL);
		g_autofree char *joined = g_strjoinv(" ", (char **)list->pdata);
		g_assert_cmpstr(joined, ==, recipient_rows[i].recipients);
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
	{"sendmail|-B|8BITMIME|-N|never|-R|hdrs|-V|id|-L|x|-h|3|-G|-v|-m|-n|-U|a@b", true,
		MODE_LETTER, false, false, NULL, "a@b"},
	{"sendmail|-bp", true, MODE_LIST, false, false, NULL, ""},
	{"/usr/bin/mailq", true, MODE_LIST, false, false, NULL, ""},
	{"sendmail|-q", true, MODE_QUEUE, false, false, NULL, ""},
	{"sendmail|-q15m", true, MODE_QUEUE, false, false, NULL, ""},
	{"dewey-smtp|--queue", true, MODE_QUEUE, false, false, NULL, ""},
	{"dewey-smtp|-c|rc|--wire", true, MODE_WIRE, false, false, NULL, ""},
	{"sendmail|-bs", false},
	{"sendmail|-bd", false},
	{"sendmail|-bi", false},
	{"sendmail|-bt", false},
	{"sendmail|-C/etc/sendmail.cf", false},
	{"sendmail|-O|QueueDirectory=/tmp", false},
	{"sendmail|-X|/tmp/log", false},
	{"sendmail|-Z", false},
	{"sendmail|-f", false},
	{"sendmail|--nonsense", false},
};

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
	g_test_add_func("/sendmail/options", test_options);
	return g_test_run();
}
