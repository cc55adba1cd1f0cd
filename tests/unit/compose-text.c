/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <gmime/gmime.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/charset.h"
#include "compose/draft.h"
#include "compose/encode.h"
#include "compose/flow.h"
#include "compose/header.h"
#include "tests/unit/letter-fixture.h"

/* The octets of a part, without their encoding. */
static char *octets_of(GMimeObject *part)
{
	GMimeStream *out = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), out);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));
	char *text = bytes->len ? g_strndup((char *)bytes->data, bytes->len) : g_strdup("");
	g_object_unref(out);
	return text;
}

static char *text_of(GMimeObject *part)
{
	g_autofree char *octets = octets_of(part);
	const char *charset = g_mime_object_get_content_type_parameter(part, "charset");
	return g_convert(octets, -1, "utf-8", charset, NULL, NULL, NULL);
}

/* --- encodings ----------------------------------------------------------------- */

static char *decode(const char *text, GMimeContentEncoding encoding, size_t *len)
{
	GMimeEncoding state;
	g_mime_encoding_init_decode(&state, encoding);
	char *out = g_malloc0(g_mime_encoding_outlen(&state, strlen(text)) + 1);
	*len = g_mime_encoding_flush(&state, text, strlen(text), out);
	return out;
}

static char *random_text(int words)
{
	static const char *const pieces[] = {"a", "é", "=", " ", "  ", "\t", "\n", "\nFrom ",
		"\n.\n", "привет", "\r", "x=3D", "\x7f", "日",
		"long-and-plain-word-of-some-length"};
	GString *out = g_string_new(NULL);
	for (int i = 0; i < words; i++)
		g_string_append(out, pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
	return g_string_free(out, FALSE);
}

/* S-72, S-73: what nobody may change on its way, as GMime's decoder reads it. */
static void test_quoted(void)
{
	for (int i = 0; i < 2000; i++) {
		g_autofree char *text = random_text(i % 60);
		g_autoptr(GString) out = g_string_new(NULL);
		size_t len;
		encode_quoted(out, text, strlen(text));
		g_autofree char *back =
			decode(out->str, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, &len);
		g_test_message("'%s'", out->str);
		g_assert_cmpmem(back, len, text, strlen(text));
		g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
		for (char **line = lines; *line; line++) {
			g_assert_cmpint(strlen(*line), <=, 76);
			g_assert_false(g_str_has_prefix(*line, "From "));
			g_assert_cmpstr(*line, !=, ".");
			g_assert_false(g_str_has_suffix(*line, " "));
			g_assert_false(g_str_has_suffix(*line, "\t"));
		}
	}
}

static void test_base64(void)
{
	for (size_t len = 0; len < 300; len++) {
		g_autofree guchar *data = g_malloc(len + 1);
		g_autofree char *code = g_malloc0(BASE64_LENGTH(len) + 1);
		gsize back_len = 0;
		for (size_t i = 0; i < len; i++)
			data[i] = (guchar)g_test_rand_int();
		size_t n = encode_base64(code, data, len);
		g_assert_cmpint(n, <=, BASE64_LENGTH(len));
		g_assert_cmpint(n, ==, strlen(code));
		g_autofree guchar *back = g_base64_decode(code, &back_len);
		g_assert_cmpmem(back, back_len, data, len);
		g_auto(GStrv) lines = g_strsplit(code, "\n", -1);
		for (char **line = lines; *line; line++)
			g_assert_cmpint(strlen(*line), <=, 76);
	}
}

/* In pieces of any size, also through the middle of characters. */
static void test_shape(void)
{
	static const char *const odd[] = {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff",
		"\xe2\x82", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "a", "\xc3", "\xa9"};
	for (int i = 0; i < 3000; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		struct shape m = {0};
		for (int n = g_test_rand_int_range(0, 4); n >= 0; n--)
			g_string_append(text, odd[g_test_rand_int_range(0, G_N_ELEMENTS(odd))]);
		for (size_t at = 0; at < text->len; at++)
			shape_feed(&m, text->str + at, 1);
		shape_end(&m);
		bool valid = g_utf8_validate(text->str, (gssize)text->len, NULL);
		g_assert_cmpint(m.not_utf8, ==, !valid);
	}
	static const struct {
		const char *text;
		bool odd, from;
		uint64_t longest;
	} rows[] = {{"a\r\nbcd\n", false, false, 3}, {"a\rb", true, false, 3},
		{"a\r", true, false, 2}, {"From x", false, true, 6},
		{" From x\nFro\n", false, false, 7}, {"x\nFrom \n", false, true, 5},
		{"x From y\nFrom:\n", false, false, 8}};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct shape m = {0};
		for (const char *c = rows[i].text; *c; c++)
			shape_feed(&m, c, 1);
		shape_end(&m);
		g_test_message("row '%s'", rows[i].text);
		g_assert_cmpint(m.longest, ==, rows[i].longest);
		g_assert_cmpint(m.odd, ==, rows[i].odd);
		g_assert_cmpint(m.from, ==, rows[i].from);
	}
}

/* --- format=flowed ------------------------------------------------------------- */

static const struct {
	const char *name, *text, *flowed;
} flow_rows[] = {
	{"short", "Hello\n\nyou\n", "Hello\n\nyou\n"},
	{"blank at the end flows", "one \ntwo\n", "one \ntwo\n"},
	{"not into an empty line", "one \n\ntwo\n", "one\n\ntwo\n"},
	{"not into a quote", "one \n> two\n", "one\n> two\n"},
	{"not out of the last line", "one  \n", "one\n"},
	{"several blanks are one", "one   \ntwo\n", "one \ntwo\n"},
	{"signature", "text \n-- \nIvan\n", "text\n-- \nIvan\n"},
	{"two hyphens alone", "--\nx\n", "--\nx\n"},
	{"stuffed", " x\nFrom y\n", "  x\n From y\n"},
	{"From that flows", "From \nhere\n", " From \nhere\n"},
	{"quotes", "> a\n> > b\n>> c\n>d\n>\n", "> a\n>> b\n>> c\n> d\n>\n"},
	{"quotes that flow", "> a \n> b\n>> c \n> d\n", "> a \n> b\n>> c\n> d\n"},
	{"indented in a quote", ">  x\n", ">  x\n"},
	{"long",
		"aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp\n",
		"aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn \n"
		"oooo pppp\n"},
	{"no blank to break at",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"},
	{"no delimiter is made",
		"-- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
		"b\n",
		"-- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa "
		"\n"
		"b\n"},
	{"empty", "", ""},
	{"one line end", "\n", "\n"},
};

static void test_flow(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(flow_rows); i++) {
		g_autofree char *flowed = flow_text(flow_rows[i].text);
		g_test_message("row '%s'", flow_rows[i].name);
		g_assert_cmpstr(flowed, ==, flow_rows[i].flowed);
	}
}

/* A reader of RFC 3676 section 4 by itself: paragraphs, each with its quotes. */
static char *unflow(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GString *out = g_string_new(NULL);
	bool open = false;
	for (char **line = lines; *line && (line[1] || **line); line++) {
		size_t quotes = strspn(*line, ">");
		const char *at = *line + quotes;
		at += *at == ' ';
		bool flows = g_str_has_suffix(at, " ") && !g_str_equal(at, "-- ");
		if (!open)
			g_string_append_printf(out, "%d|", (int)quotes);
		g_string_append(out, at);
		open = flows;
		if (!open)
			g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

/* Breaking a long line changes nothing of what is read, and no line is longer than
 * an old terminal, nor like a quote, a delimiter or the line of an mbox. */
static void test_flow_reads_back(void)
{
	static const char *const words[] = {"--", ">", "From", "a", "слово", "日本語",
		"очень-длинное-слово-без-пробелов", "--x"};
	for (int i = 0; i < 3000; i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		int quotes = i % 3;
		for (int n = g_test_rand_int_range(1, 60); n > 0; n--)
			g_string_append_printf(text, "%s%s", text->len ? " " : "",
				words[g_test_rand_int_range(0, G_N_ELEMENTS(words))]);
		if (text->str[0] == '>' || g_str_equal(text->str, "--"))
			continue;
		static const char *const marks[] = {"", "> ", ">> "};
		g_autofree char *typed = g_strdup_printf("%s%s\n", marks[quotes], text->str);
		g_autofree char *flowed = flow_text(typed), *back = unflow(flowed);
		g_autofree char *want = g_strdup_printf("%d|%s\n", quotes, text->str);
		g_test_message("%s", flowed);
		g_assert_cmpstr(back, ==, want);
		g_auto(GStrv) lines = g_strsplit(flowed, "\n", -1);
		for (char **l = lines; *l; l++) {
			g_assert_cmpint(g_utf8_strlen(*l, -1), <=, 78);
			g_assert_false(g_str_has_prefix(*l, "From "));
			g_assert_cmpstr(*l, !=, "-- ");
		}
	}
}

static void test_flowed_letter(void)
{
	g_autoptr(draft) d = letter_with("one \ntwo\n-- \nИван\n");
	d->flowed = true;
	g_autofree char *text = build_text(d);
	GMimeMessage *m = parse(text);
	GMimeObject *part = g_mime_message_get_mime_part(m);
	g_autofree char *back = text_of(part);
	g_assert_cmpstr(g_mime_object_get_content_type_parameter(part, "format"), ==, "flowed");
	g_assert_null(g_mime_object_get_content_type_parameter(part, "delsp"));
	g_assert_cmpstr(back, ==, "one \ntwo\n-- \nИван\n");
	g_object_unref(m);
}

/* --- character sets ------------------------------------------------------------ */

static const struct {
	const char *text, *wish, *charset;
} charset_rows[] = {
	{"Привет", "koi8-r windows-1251", "koi8-r"},
	{"Привет", "KOI8-R", "koi8-r"},
	{"Привет", "windows-1251 koi8-r", "windows-1251"},
	{"«Привет» — им", "koi8-r windows-1251", "windows-1251"},
	{"Привет 日本", "koi8-r windows-1251", "utf-8"},
	{"Привет", "iso-8859-1", "utf-8"},
	{"Привет", "utf-7 utf-16 ibm037 iso-2022-jp nonsense", "utf-8"},
	{"Привет", NULL, "utf-8"},
	{"Привет", "us-ascii koi8-r", "koi8-r"},
	{"Привет", "UTF-8 koi8-r", "utf-8"},
	{"Hello", "koi8-r", "us-ascii"},
	{"e\xcc\x81 и", "windows-1258 windows-1251", "utf-8"},
	/* It would come back as one character. */
	{"caf"
	 "e\xcc\x81",
		"windows-1258", "utf-8"},
};

/* S-74: never a character lost, whatever is wished. */
static void test_charsets(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(charset_rows); i++) {
		g_autoptr(draft) d = letter_with(charset_rows[i].text);
		set(&d->subject, charset_rows[i].text);
		d->charsets = g_strdup(charset_rows[i].wish);
		g_autofree char *from = g_strdup_printf("%s <a@b>", charset_rows[i].text);
		set(&d->from, from);
		g_autofree char *text = build_text(d);
		g_test_message("%s", text);
		g_assert_true(g_str_is_ascii(text));
		GMimeMessage *m = parse(text);
		GMimeObject *part = g_mime_message_get_mime_part(m);
		InternetAddress *a =
			internet_address_list_get_address(g_mime_message_get_from(m), 0);
		g_autofree char *back = text_of(part);
		g_autofree char *word = g_strdup_printf("=?%s?", charset_rows[i].charset);
		g_assert_cmpstr(g_mime_object_get_content_type_parameter(part, "charset"), ==,
			charset_rows[i].charset);
		g_assert_cmpstr(g_strchomp(back), ==, charset_rows[i].text);
		g_assert_cmpstr(g_mime_message_get_subject(m), ==, charset_rows[i].text);
		g_assert_cmpstr(internet_address_get_name(a), ==, charset_rows[i].text);
		if (!g_str_is_ascii(charset_rows[i].text))
			g_assert_nonnull(strstr(text, word));
		g_object_unref(m);
	}
}

/* S-72: not everybody joins the words before decoding them. */
static void check_words(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, "=?utf-8?", -1);
	for (char **word = words + 1; *word; word++) {
		gsize len = 0;
		g_autofree char *inner = g_strndup(*word + 2, strcspn(*word + 2, "?"));
		g_autofree char *octets =
			**word == 'B' ? (char *)g_base64_decode(inner, &len)
				      : g_uri_unescape_string(g_strdelimit(inner, "=", '%'), NULL);
		g_assert_true(g_utf8_validate(octets, **word == 'B' ? (gssize)len : -1, NULL));
	}
}

/* Subjects of all lengths in words of one octet a character, and of two. */
static void test_charset_lengths(void)
{
	g_autoptr(GString) subject = g_string_new(NULL);
	for (int i = 0; i < 200; i++) {
		g_string_append(subject, i % 7 == 6 ? " " : "ж");
		g_autoptr(draft) d = letter_with("x");
		g_autofree char *want = g_strchomp(g_strdup(subject->str));
		set(&d->subject, want);
		d->charsets = g_strdup("koi8-r");
		g_autofree char *text = build_text(d);
		GMimeMessage *m = parse(text);
		g_assert_cmpstr(g_mime_message_get_subject(m), ==, want);
		g_object_unref(m);
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		for (char **line = lines; **line; line++)
			g_assert_cmpint(strlen(*line), <=, 78);
		set(&d->charsets, NULL);
		g_autofree char *wide = build_text(d);
		check_words(wide);
	}
}

/* --- header fields --------------------------------------------------------------- */

/* GMime takes the blanks behind a fold for one. */
static char *one_blank(const char *text)
{
	GString *out = g_string_new(NULL);
	for (const char *c = text; *c; c++)
		if (*c != ' ' || c == text || c[-1] != ' ')
			g_string_append_c(out, *c);
	return g_string_free(out, FALSE);
}

/* S-72: nothing that can be typed makes a line of 999 octets, and nothing is lost. */
static void test_long_fields(void)
{
	for (int i = 0; i < 400; i++) {
		g_autoptr(GString) subject = g_string_new("x");
		for (int n = g_test_rand_int_range(0, 8); n > 0; n--) {
			g_autofree char *blanks =
				g_strnfill((gsize)g_test_rand_int_range(1, 1200), ' ');
			g_autofree char *word =
				g_strnfill((gsize)g_test_rand_int_range(1, 1200), 'y');
			g_string_append_printf(subject, "%s%s%s", i % 2 ? blanks : " ",
				n % 3 == 0 ? "é" : "", i % 3 ? word : "z");
		}
		g_autoptr(draft) d = letter_with("x");
		set(&d->subject, subject->str);
		g_autofree char *text = build_text(d);
		GMimeMessage *m = parse(text);
		g_autofree char *back = one_blank(g_mime_message_get_subject(m));
		g_autofree char *want = one_blank(subject->str);
		g_assert_cmpstr(back, ==, want);
		g_object_unref(m);
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		for (char **line = lines; *line; line++)
			g_assert_cmpint(strlen(*line), <=, 998);
	}
}

static void test_parameter_forms(void)
{
	static const char *const forms[][2] = {
		{"a.txt", "; name=a.txt"},
		{"a b.txt", "; name=\"a b.txt\""},
		{"", "; name=\"\""},
		{"a\"b", "; name*=utf-8''a%22b"},
		{"я", "; name*=utf-8''%D1%8F"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_autofree char *want = g_strdup_printf("Content-Type: a/b%s\n", forms[i][1]);
		header_put_type(out, "a/b", "name", forms[i][0], NULL);
		g_assert_cmpstr(out->str, ==, want);
	}
}

/* M-02, S-65: RFC 2231 as GMime reads it, of all lengths. */
static void test_parameters(void)
{
	static const char *const pieces[] = {
		"a", "ж", "日", "😀", " ", "\"", "\\", "%", "'", "*", "=", ";", ".", "(", "/", "é"};
	for (int i = 0; i < 2000; i++) {
		g_autoptr(GString) value = g_string_new("x"), out = g_string_new(NULL);
		for (int n = g_test_rand_int_range(0, i % 120 + 1); n > 0; n--)
			g_string_append(value, pieces[g_test_rand_int_range(0, i % 3 ? 4 : 16)]);
		header_put_type(out, "application/octet-stream", "name", value->str, NULL);
		g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
		for (char **line = lines; *line; line++)
			g_assert_cmpint(strlen(*line), <=, 78);
		g_test_message("%s", out->str);
		GMimeContentType *type =
			g_mime_content_type_parse(NULL, out->str + strlen("Content-Type: "));
		g_assert_cmpstr(g_mime_content_type_get_parameter(type, "name"), ==, value->str);
		g_object_unref(type);
	}
}

/* S-64: ids that cannot be; the ones of other letters go without a word. */
static void test_ids(void)
{
	g_autoptr(draft) d = letter_with("x");
	g_autoptr(GError) error = NULL;
	set(&d->in_reply_to, "<a@b>");
	set(&d->references, "<x@y> junk <é@b> <a@b>");
	g_autofree char *text = build_text(d);
	g_assert_nonnull(strstr(text, "\nIn-Reply-To: <a@b>\n"));
	g_assert_nonnull(strstr(text, "\nReferences: <x@y> <a@b>\n"));
	set(&d->in_reply_to, "yesterday's letter");
	g_assert_null(draft_build(d, &error));
	g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_HEADER);
	g_assert_nonnull(strstr(error->message, "In-Reply-To: 'yesterday's'"));
}

/* S-62, RFC 8098: a receipt goes to the address, whatever the name; and the fields
 * that are set by hand. */
static void test_fields(void)
{
	g_autoptr(draft) d = letter_with("x");
	d->ask_receipt = true;
	set(&d->followup_to, "list@example.org, \"Петров, И.\" <p@example.org>");
	g_autofree char *text = build_text(d);
	g_assert_nonnull(strstr(text, "\nDisposition-Notification-To: ivan@example.org\n"));
	g_assert_nonnull(strstr(text, "\nMail-Followup-To: list@example.org, =?utf-8?"));
	g_assert_null(strstr(text, "Sender:"));
	set(&d->from, "Ann <a@b>, Иван <ivan@example.org>");
	g_autofree char *both = build_text(d);
	g_assert_nonnull(strstr(both, "\nSender: a@b\n"));
	d->ask_receipt = false;
	g_autofree char *without = build_text(d);
	g_assert_null(strstr(without, "Disposition"));
	g_assert_null(strstr(without, "TLS-Required"));
}

/* S-17, RFC 8689 section 5: only where it was chosen, and once. */
static void test_tls_optional(void)
{
	static const char field[] = "\nTLS-Required: No\n";
	g_autoptr(draft) d = letter_with("x");
	d->tls_optional = true;
	g_autofree char *text = build_text(d);
	const char *first = strstr(text, field);
	g_assert_nonnull(first);
	g_assert_null(strstr(first + 1, field));
	/* A letter that is called back as it lies in the outbox still says so. */
	g_autoptr(draft) back = draft_new();
	draft_set_field(back, "tls-required", "No");
	g_assert_true(back->tls_optional);
}

/* S-14: of each letter another one, which is not in it. */
static void test_envid(void)
{
	g_autoptr(draft) d = letter_with("x");
	g_autoptr(built_letter) one = draft_build(d, NULL), two = draft_build(d, NULL);
	g_autofree char *text = build_text(d);
	g_assert_cmpint(strlen(one->envid), >=, 20);
	g_assert_cmpstr(one->envid, !=, two->envid);
	g_assert_null(strstr(one->message_id, one->envid));
	g_assert_null(strstr(text, "nvelope"));
}

/* --- Markdown -------------------------------------------------------------------- */

static const char markdown[] = "Привет, **мир**!\n\n* раз\n* два\n\n"
			       "<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n"
			       "[y](https://example.org/?a=1&b=2)\n\nпока\n-- \nИван & <Co>\n1\n";

static void test_markdown(void)
{
	g_autoptr(draft) d = letter_with(markdown);
	g_autoptr(GError) error = NULL;
	d->markdown = true;
	if (!draft_has_markdown()) {
		g_assert_null(draft_build(d, &error));
		g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_TEXT);
		g_test_skip("built without libcmark");
		return;
	}
	g_autofree char *text = build_text(d);
	GMimeMessage *m = parse(text);
	GMimeMultipart *both = GMIME_MULTIPART(g_mime_message_get_mime_part(m));
	g_assert_true(g_mime_content_type_is_type(
		g_mime_object_get_content_type(GMIME_OBJECT(both)), "multipart", "alternative"));
	g_assert_cmpint(g_mime_multipart_get_count(both), ==, 2);
	g_autofree char *plain = text_of(g_mime_multipart_get_part(both, 0));
	g_autofree char *html = text_of(g_mime_multipart_get_part(both, 1));
	g_test_message("%s", html);
	g_assert_cmpstr(plain, ==, markdown);
	g_assert_nonnull(strstr(html, "<p>Привет, <strong>мир</strong>!</p>"));
	g_assert_nonnull(strstr(html, "<li>раз</li>"));
	g_assert_nonnull(strstr(html, "href=\"https://example.org/?a=1&amp;b=2\""));
	g_assert_null(strstr(html, "<script"));
	g_assert_null(strstr(html, "javascript:"));
	g_assert_nonnull(strstr(html, "<p>пока</p>"));
	g_assert_nonnull(strstr(html, "<p>-- <br>\nИван &amp; &lt;Co&gt;<br>\n1</p>"));
	g_object_unref(m);
}

/* With a file beside it, and in another character set. */
static void test_markdown_inside(void)
{
	g_autoptr(draft) d = letter_with("*да*\n");
	if (!draft_has_markdown()) {
		g_test_skip("built without libcmark");
		return;
	}
	d->markdown = d->flowed = true;
	d->charsets = g_strdup("koi8-r");
	g_ptr_array_add(d->attachments, g_strdup("/proc/self/exe"));
	g_autofree char *text = build_text(d);
	GMimeMessage *m = parse(text);
	GMimeMultipart *mixed = GMIME_MULTIPART(g_mime_message_get_mime_part(m));
	GMimeMultipart *both = GMIME_MULTIPART(g_mime_multipart_get_part(mixed, 0));
	g_assert_cmpint(g_mime_multipart_get_count(mixed), ==, 2);
	g_assert_cmpint(g_mime_multipart_get_count(both), ==, 2);
	g_autofree char *html = text_of(g_mime_multipart_get_part(both, 1));
	g_assert_nonnull(strstr(html, "<em>да</em>"));
	g_assert_cmpstr(g_mime_object_get_content_type_parameter(
				g_mime_multipart_get_part(both, 1), "charset"),
		==, "koi8-r");
	g_object_unref(m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
	g_test_add_func("/compose-text/quoted-printable/S-72-S-73", test_quoted);
	g_test_add_func("/compose-text/base64", test_base64);
	g_test_add_func("/compose-text/shape", test_shape);
	g_test_add_func("/compose-text/flow", test_flow);
	g_test_add_func("/compose-text/flow-reads-back", test_flow_reads_back);
	g_test_add_func("/compose-text/flowed-letter", test_flowed_letter);
	g_test_add_func("/compose-text/charsets/S-74", test_charsets);
	g_test_add_func("/compose-text/charset-lengths/S-72-S-74", test_charset_lengths);
	g_test_add_func("/compose-text/long-fields/S-72", test_long_fields);
	g_test_add_func("/compose-text/parameters/M-02-S-65", test_parameters);
	g_test_add_func("/compose-text/parameter-forms", test_parameter_forms);
	g_test_add_func("/compose-text/ids/S-64", test_ids);
	g_test_add_func("/compose-text/fields", test_fields);
	g_test_add_func("/compose-text/tls-optional/S-17", test_tls_optional);
	g_test_add_func("/compose-text/envid/S-14", test_envid);
	g_test_add_func("/compose-text/markdown", test_markdown);
	g_test_add_func("/compose-text/markdown-inside", test_markdown_inside);
	return g_test_run();
}
