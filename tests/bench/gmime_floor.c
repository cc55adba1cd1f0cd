/* SPDX-License-Identifier: MIT
 *
 * gmime_floor FILE…: what GMime alone takes for letters: each is parsed, its subject,
 * sender and date are asked for, and the text of its parts is decoded to UTF-8.  No
 * guard, no guess, no worker, no layout: nobody should read mail like this.  The names
 * may come on standard input, a line each. */
#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mime/gmime.h"

struct floor {
	int64_t letters, octets, text;
};

static void decode(GMimeObject *parent, GMimeObject *part, gpointer data)
{
	struct floor *f = data;
	if (!GMIME_IS_TEXT_PART(part))
		return;
	g_autofree char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
	f->text += text ? (int64_t)strlen(text) : 0;
}

static void read_letter(struct floor *f, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	g_autoptr(GMimeStream) stream = g_mime_stream_fs_new(fd);
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
	g_autoptr(GMimeMessage) m = g_mime_parser_construct_message(parser, NULL);
	f->letters++;
	f->octets += lseek(fd, 0, SEEK_END);
	if (!m)
		return;
	const char *subject = g_mime_message_get_subject(m);
	f->text += subject ? (int64_t)strlen(subject) : 0;
	g_mime_message_get_from(m);
	g_mime_message_get_date(m);
	g_mime_message_foreach(m, decode, f);
}

int main(int argc, char **argv)
{
	struct floor f = {0};
	char line[4096];
	g_mime_init();
	for (int i = 1; i < argc; i++)
		read_letter(&f, argv[i]);
	while (argc == 1 && fgets(line, sizeof line, stdin))
		read_letter(&f, g_strchomp(line));
	printf("%" G_GINT64_FORMAT " letters, %" G_GINT64_FORMAT " octets, %" G_GINT64_FORMAT
	       " of text\n",
		f.letters, f.octets, f.text);
	return 0;
}
