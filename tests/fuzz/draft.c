/* SPDX-License-Identifier: MIT
 *
 * What comes back from an editor, or a mailto: link, becomes a letter whose header
 * has no field that is not ours, and no line that a server may cut (S-65, S-72,
 * M-63).  The first octet says how it is to be written. */
#include "base/base.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compose/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FLOWED = 1, MARKDOWN = 2, RECEIPT = 4, CHARSETS = 8, LINE_MAX_OCTETS = 998 };

static bool is_known(const char *line)
{
	static const char *const names[] = {"Date", "From", "Sender", "To", "Cc", "Bcc", "Reply-To",
		"Mail-Followup-To", "Subject", "In-Reply-To", "References", "Message-ID",
		"Disposition-Notification-To", "MIME-Version", "Content-Type",
		"Content-Transfer-Encoding"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_str_has_prefix(line, names[i]) && line[strlen(names[i])] == ':')
			return true;
	return false;
}

static void check_lines(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	char **line = lines;
	for (; **line; line++) {
		bool folded = **line == ' ' || **line == '\t';
		g_assert_true(folded ? line > lines : is_known(*line));
		/* A line of blanks alone would be the end of the header to some. */
		g_assert_true((*line)[strspn(*line, " \t")] != '\0');
		for (const char *c = *line; *c; c++)
			g_assert_true(!g_ascii_iscntrl(*c) || *c == '\t');
	}
	for (line = lines; *line; line++)
		g_assert_cmpuint(strlen(*line), <=, LINE_MAX_OCTETS);
}

static void check_letter(const struct built_letter *letter)
{
	int fd = memfd_create("letter", MFD_CLOEXEC);
	g_assert_true(built_letter_write(letter, fd, NULL));
	off_t len = lseek(fd, 0, SEEK_END);
	g_autofree char *text = g_malloc0((gsize)len + 1);
	g_assert_true(pread(fd, text, (size_t)len, 0) == len);
	close(fd);
	g_assert_cmpuint(strlen(text), ==, (size_t)len);
	check_lines(text);
}

static void check_saved(const struct draft *d)
{
	g_autoptr(GBytes) saved = draft_save(d, NULL);
	if (!saved)
		return;
	g_autofree char *text = g_strndup(g_bytes_get_data(saved, NULL), g_bytes_get_size(saved));
	g_assert_cmpuint(strlen(text), ==, g_bytes_get_size(saved));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; **line; line++) {
		bool own = g_str_has_prefix(*line, "X-Dewey-");
		g_assert_true(own || **line == ' ' || **line == '\t' || is_known(*line));
	}
}

/* Nothing of the machine goes along. */
static void drop_files(struct draft *d)
{
	g_ptr_array_set_size(d->attachments, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
	g_autoptr(draft) d = draft_new();
	g_autoptr(GError) error = NULL;
	bool link = g_str_has_prefix(text, "mailto:");
	bool ok = link ? mailto_parse(text, d, &error) : draft_from_text(d, text, &error);
	g_assert_true(ok == (error == NULL));
	if (!ok) {
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	g_assert_true(!link || d->attachments->len == 0);
	drop_files(d);
	if (!d->from)
		d->from = g_strdup("ivan@example.org");
	d->flowed = data[0] & FLOWED;
	d->markdown = (data[0] & MARKDOWN) && draft_has_markdown();
	d->ask_receipt = data[0] & RECEIPT;
	d->charsets = data[0] & CHARSETS ? g_strdup("koi8-r windows-1251") : NULL;
	check_saved(d);
	g_autoptr(built_letter) letter = draft_build(d, &error);
	g_assert_true((letter == NULL) == (error != NULL));
	if (letter)
		check_letter(letter);
	return 0;
}
