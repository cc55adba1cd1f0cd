/* SPDX-License-Identifier: MIT */
#include "smtp/lines.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"

enum { BUFFER = 64 * 1024 };

bool lines_init(struct lines *l, int fd, GError **error)
{
	struct stat st;
	*l = (struct lines){.fd = fd};
	if (fstat(fd, &st) != 0)
		return fdio_fail(error, "fstat", "");
	l->size = st.st_size;
	l->buffer = g_malloc(BUFFER);
	return true;
}

void lines_clear(struct lines *l)
{
	g_clear_pointer(&l->buffer, g_free);
}

static bool fill(struct lines *l, int64_t at, GError **error)
{
	size_t want = (size_t)MIN(l->size - at, BUFFER);
	l->start = at;
	l->len = 0;
	while (l->len < want) {
		ssize_t n = pread(l->fd, l->buffer + l->len, want - l->len, at + (int64_t)l->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO; /* it is shorter than it was */
		if (n <= 0) {
			l->failed = true;
			return fdio_fail(error, "read", "");
		}
		l->len += (size_t)n;
	}
	return true;
}

/* A line that reaches the end of the buffer and not of the file is not whole. */
static void find_line(const struct lines *l, int64_t at, struct line *line)
{
	size_t from = (size_t)(at - l->start);
	*line = (struct line){.at = at, .text = l->buffer + from, .len = l->len - from};
	const char *lf = memchr(line->text, '\n', line->len);
	line->ended = lf != NULL;
	if (lf)
		line->len = (size_t)(lf - line->text);
	line->next = at + (int64_t)line->len + line->ended;
}

bool lines_at(struct lines *l, int64_t at, struct line *line, GError **error)
{
	if (at >= l->size || l->failed)
		return false;
	bool here = at >= l->start && at < l->start + (int64_t)l->len;
	if (here)
		find_line(l, at, line);
	if (here && (line->ended || line->next == l->size || at == l->start))
		return true;
	if (!fill(l, at, error))
		return false;
	find_line(l, at, line);
	return true;
}
