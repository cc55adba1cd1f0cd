/* SPDX-License-Identifier: MIT
 *
 * mime_rate MAILDIR [want]: letters a second through one worker, as the index
 * reads them (want: "headers", "text" or "words", the default), over every
 * file of MAILDIR/cur.  Beside it: what GMime alone takes, gmime_rate gmtext. */
#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "mime/client.h"

static unsigned want_of(const char *word)
{
	if (strcmp(word, "headers") == 0)
		return 0;
	return strcmp(word, "text") == 0 ? MIME_WANT_TEXT : MIME_WANT_WORDS;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 64;
	g_autofree char *cur = g_build_filename(argv[1], "cur", NULL);
	g_autoptr(GDir) dir = g_dir_open(cur, 0, NULL);
	g_autoptr(mime_client) c = mime_client_new();
	unsigned want = want_of(argc > 2 ? argv[2] : "words");
	int64_t start = clock_monotonic(), letters = 0, failed = 0, octets = 0;
	const char *name;
	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(cur, name, NULL);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		g_autoptr(mime_message) m = mime_client_read(c, fd, &(struct mime_reading){.want = want}, NULL);
		failed += m == NULL;
		octets += m && m->words ? (int64_t)strlen(m->words) : 0;
		letters++;
		close(fd);
	}
	double seconds = (double)(clock_monotonic() - start) / 1000;
	printf("%" G_GINT64_FORMAT " letters, %" G_GINT64_FORMAT " failed, %" G_GINT64_FORMAT
	       " octets of words, %.2f s, %.0f letters/s\n",
		letters, failed, octets, seconds, (double)letters / MAX(seconds, 0.001));
	return failed ? 1 : 0;
}
