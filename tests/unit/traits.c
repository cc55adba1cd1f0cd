/* SPDX-License-Identifier: MIT
 *
 * What a letter is told to be and to have, which is:, has:, type: and lang: ask for. */
#include "base/base.h"

#include <string.h>
#include <unistd.h>

#include "mime/client.h"
#include "mime/traits.h"
#include "tests/unit/patient.h"

static const struct {
	const char *header, *body, *kinds, *languages;
} letters[] = {
	{"", "Hello", "", ""},
	{"List-Id: Debian users <debian-user.lists.debian.org>\n",
		"See https://example.org/page for what you have to do with this.\n", "link", "en"},
	{"", "httpx://no and ://no\n", "", ""},
	{"Content-Type: text/html\n", "<p>Click <a href='http://example.org/'>here</a>",
		"html link", ""},
	{"", "Здравствуйте! Это письмо о том, что мы его получили и уже читаем.\n", "", "ru"},
	{"", "Вітаю! Це лист про те, що ми його отримали і вже читаємо.\n", "", "uk"},
	{"", "Das ist nicht die Antwort, die ich von Ihnen erwartet habe.\n", "", "de"},
	{"", "Je vous remercie pour votre réponse, mais ce n'est pas la bonne.\n", "", "fr"},
	{"", "連絡は東京都からお願いします。ありがとうございます。\n", "", "ja"},
	{"", "请您在星期五之前回复这封邮件，谢谢。\n", "", "zh"},
	{"", "> This is what you have been writing to me and it is quoted\n> and this too\n", "",
		""},
	{"Content-Language: pt-BR, x\n", "Oi\n", "", "pt"},
	{"", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", "encrypted", ""},
	{"", "-----BEGIN PGP SIGNED MESSAGE-----\n\nHi\n", "signed", ""},
	{"Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n", "AAAA\n", "encrypted",
		""},
	{"Content-Type: application/pkcs7-mime; smime-type=signed-data\n", "AAAA\n", "signed", ""},
	{"Content-Type: multipart/signed; boundary=b\n",
		"--b\n\nHi\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n", "signed",
		""},
	{"Content-Type: multipart/mixed; boundary=b\n",
		"--b\n\nHi\n--b\nContent-Type: application/octet-stream; name=\"a.PDF\"\n\nx\n"
		"--b\nContent-Type: image/png\n\nx\n--b\nContent-Type: "
		"application/zip\n\nx\n--b--\n",
		"picture pdf archive", ""},
	{"Content-Type: text/calendar; method=REQUEST\n", "BEGIN:VCALENDAR\n",
		"calendar invitation", ""},
	{"Content-Type: text/calendar; method=REPLY\n", "BEGIN:VCALENDAR\n", "calendar", ""},
	{"Content-Type: text/calendar\n", "BEGIN:VCALENDAR\nMETHOD:REQUEST\n",
		"calendar invitation", ""},
	{"Content-Type: multipart/mixed; boundary=b\n",
		"--b\n\nHi\n--b\nContent-Type: message/rfc822\n\n"
		"Content-Type: multipart/signed; boundary=c\n\n--c\n\nx\n--c--\n--b--\n",
		"letter", ""},
};

static char *words_of(unsigned bits, const char *(*word)(guint))
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; bits >> i; i++)
		if (bits & 1u << i)
			g_string_append_printf(out, "%s%s", out->len ? " " : "", word(i));
	return g_string_free(out, FALSE);
}

static int letter_of(size_t i)
{
	g_autofree char *text = g_strdup_printf("Subject: x\nMIME-Version: 1.0\n%s%s\n%s",
		strstr(letters[i].header, "Content-Type:")
			? ""
			: "Content-Type: text/plain; charset=utf-8\n",
		letters[i].header, letters[i].body);
	return memory(text, strlen(text));
}

static void check(const struct mime_message *m, size_t i)
{
	g_autofree char *kinds = words_of(m->kinds, mime_kind_word);
	g_autofree char *languages = words_of(m->languages, mime_language_code);
	g_test_message("letter '%s' '%s'", letters[i].header, letters[i].body);
	g_assert_cmpstr(kinds, ==, letters[i].kinds);
	g_assert_cmpstr(languages, ==, letters[i].languages);
	if (strstr(letters[i].header, "List-Id"))
		g_assert_cmpstr(m->list_id, ==, "debian-user.lists.debian.org");
}

static void test_letters(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = patient_client();
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
		int fd = letter_of(i);
		struct mime_message *skimmed = NULL;
		g_autoptr(mime_message) read =
			mime_client_read(c, fd, &mime_reading_words, &error);
		g_assert_no_error(error);
		g_assert_true(mime_client_skim(c, &fd, 1, MIME_WANT_WORDS, &skimmed, &error));
		check(read, i);
		check(skimmed, i);
		mime_message_free(skimmed);
		close(fd);
	}
}

/* The words of languages are looked for by halves. */
static void test_order(void)
{
	static const char *const words[] = {
#define WORD(word, languages) word,
#include "mime/language-words.def"
#undef WORD
	};
	for (size_t i = 1; i < G_N_ELEMENTS(words); i++)
		g_assert_cmpint(strcmp(words[i - 1], words[i]), <, 0);
}

static void test_names(void)
{
	for (guint i = 0; mime_kind_word(i); i++)
		g_assert_cmpuint(mime_kind_named(mime_kind_word(i)), ==, 1u << i);
	for (guint i = 0; mime_language_code(i); i++)
		g_assert_cmpuint(mime_language_named(mime_language_code(i)), ==, 1u << i);
	g_assert_cmpuint(mime_kind_named("wings"), ==, 0);
	g_assert_cmpuint(traits_languages_named("en-US, ru, xx"), ==, 3);
	g_assert_cmpuint(mime_kind_of("text/plain", "notes.ics"), ==, MIME_CALENDAR);
}

int main(int argc, char **argv)
{
	g_setenv("DEWEY_BIN", PROGRAMS, FALSE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/traits/letters", test_letters);
	g_test_add_func("/traits/order", test_order);
	g_test_add_func("/traits/names", test_names);
	return g_test_run();
}
