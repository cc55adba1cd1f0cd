/* SPDX-License-Identifier: MIT
 *
 * Text in format=flowed as somebody else writes it, through the worker's reader:
 * nothing is lost but line ends and the spaces that were stuffed, and quoted lines
 * keep their depth (RFC 3676). */
#include "base/base.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mime/gmime.h"
#include "mime/worker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD "From: a@example.org\nContent-Type: text/plain; charset=utf-8; format=flowed%s\n\n"

static struct charsets *charsets_once(void)
{
	static struct charsets *c;
	if (!c) {
		g_mime_init();
		c = charsets_new();
	}
	return c;
}

static char *read_text(const char *head, const char *text)
{
	int fd = memfd_create("letter", MFD_CLOEXEC);
	const struct mime_reading how = {.want = MIME_WANT_TEXT};
	g_autofree char *letter = g_strconcat(head, text, NULL);
	g_assert_cmpint(write(fd, letter, strlen(letter)), ==, (ssize_t)strlen(letter));
	g_autoptr(mime_message) m = worker_read(charsets_once(), fd, &how, NULL);
	close(fd);
	g_assert_nonnull(m);
	return g_strdup(m->text);
}

/* Letters and digits, which no rule of the format touches. */
static char *essence(const char *text)
{
	GString *s = g_string_new(NULL);
	for (const char *p = text; *p; p++)
		if (g_ascii_isalnum(*p))
			g_string_append_c(s, *p);
	return g_string_free(s, FALSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = {"", "; delsp=yes"};
	GString *text = g_string_new(NULL);
	/* Plain letters only: other rules are for other targets. */
	for (size_t i = 0; i < size; i++)
		g_string_append_c(text, "\n \n >>ab.cd-\t\r e"[data[i] % 16]);
	g_autofree char *given = g_string_free(text, FALSE);
	g_autofree char *wanted = essence(given);
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *head = g_strdup_printf(HEAD, kinds[i]);
		g_autofree char *shown = read_text(head, given);
		g_autofree char *got = essence(shown);
		g_assert_cmpstr(got, ==, wanted);
	}
	return 0;
}
