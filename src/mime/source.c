/* SPDX-License-Identifier: MIT */
#include "mime/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"

enum { WINDOW = 128 * 1024, SUBSTITUTE = 0x1A };

struct source {
	int refs;
	int fd;         /* -1: bytes */
	GBytes *bytes;
	int64_t length;
	char *window;   /* of fd, at */
	int64_t at;
	size_t filled;
	GArray *edits;  /* of struct source_edit */
	bool raw, bare_cr;
};

static struct source *source_alloc(int64_t length)
{
	struct source *s = g_new0(struct source, 1);
	s->refs = 1;
	s->fd = -1;
	s->length = length;
	s->edits = g_array_new(FALSE, FALSE, sizeof(struct source_edit));
	return s;
}

struct source *source_new(int fd, GError **error)
{
	struct stat st;
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (own < 0 || fstat(own, &st) != 0) {
		fdio_fail(error, "dup", "message");
		if (own >= 0)
			close(own);
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		close(own);
		errno = EINVAL;
		fdio_fail(error, "read", "message");
		return NULL;
	}
	struct source *s = source_alloc(st.st_size);
	s->fd = own;
	s->window = g_malloc((size_t)CLAMP(st.st_size, 1, WINDOW));
	return s;
}

struct source *source_new_bytes(GBytes *bytes)
{
	struct source *s = source_alloc((int64_t)g_bytes_get_size(bytes));
	s->bytes = bytes;
	return s;
}

struct source *source_ref(struct source *s)
{
	s->refs++;
	return s;
}

void source_unref(struct source *s)
{
	if (!s || --s->refs > 0)
		return;
	if (s->fd >= 0)
		close(s->fd);
	g_clear_pointer(&s->bytes, g_bytes_unref);
	g_array_unref(s->edits);
	g_free(s->window);
	g_free(s);
}

void source_limit(struct source *s, int64_t octets)
{
	s->length = MIN(s->length, octets);
}

int64_t source_length(const struct source *s)
{
	return s->length;
}

static bool fill(struct source *s, int64_t offset)
{
	size_t want = (size_t)MIN(s->length - offset, WINDOW);
	ssize_t n;
	s->at = offset;
	s->filled = 0;
	while (s->filled < want) {
		n = pread(s->fd, s->window + s->filled, want - s->filled,
			offset + (int64_t)s->filled);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break; /* it became shorter while we read */
		s->filled += (size_t)n;
	}
	return true;
}

ssize_t source_peek(struct source *s, int64_t offset, const char **data)
{
	if (offset < 0 || offset >= s->length)
		return 0;
	if (s->bytes) {
		*data = (const char *)g_bytes_get_data(s->bytes, NULL) + offset;
		return (ssize_t)(s->length - offset);
	}
	if ((offset < s->at || offset >= s->at + (int64_t)s->filled) && !fill(s, offset))
		return -1;
	*data = s->window + (offset - s->at);
	return (ssize_t)(s->at + (int64_t)s->filled - offset);
}

ssize_t source_peek_wide(struct source *s, int64_t offset, const char **data)
{
	if (!s->bytes && offset != s->at && offset >= 0 && offset < s->length && !fill(s, offset))
		return -1;
	return source_peek(s, offset, data);
}


void source_set_bare_cr(struct source *s)
{
	s->bare_cr = true;
}

void source_show_raw(struct source *s)
{
	s->raw = true;
}

static guint first_edit(const struct source *s, int64_t offset)
{
	guint low = 0, high = s->edits->len;
	while (low < high) {
		guint middle = (low + high) / 2;
		if (g_array_index(s->edits, struct source_edit, middle).offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void source_edit(struct source *s, int64_t offset, char octet)
{
	struct source_edit e = {offset, octet};
	g_array_insert_val(s->edits, first_edit(s, offset), e);
}

static void replace(char *buf, size_t len, char from, char to)
{
	for (char *at = buf; (at = memchr(at, from, len - (size_t)(at - buf))); at++)
		*at = to;
}

static void edit(const struct source *s, char *buf, int64_t offset, size_t len)
{
	if (s->bare_cr)
		replace(buf, len, '\r', '\n');
	if (s->raw)
		return;
	/* GMime takes NUL for the end of a value (M-06).  SUBSTITUTE is what ASCII
	 * has for an octet that cannot be shown; it becomes U+FFFD in the end. */
	replace(buf, len, '\0', SUBSTITUTE);
	for (guint i = first_edit(s, offset); i < s->edits->len; i++) {
		const struct source_edit *e = &g_array_index(s->edits, struct source_edit, i);
		if (e->offset >= offset + (int64_t)len)
			return;
		buf[e->offset - offset] = e->octet;
	}
}

/* The stream. */

struct letter_stream {
	GMimeStream parent;
	struct source *source;
};

struct letter_stream_class {
	GMimeStreamClass parent;
};

typedef struct letter_stream LetterStream;
typedef struct letter_stream_class LetterStreamClass;

static GType letter_stream_get_type(void);
G_DEFINE_TYPE(LetterStream, letter_stream, GMIME_TYPE_STREAM)

static int64_t end_of(GMimeStream *stream)
{
	struct source *s = ((LetterStream *)stream)->source;
	return stream->bound_end < 0 ? s->length : MIN(stream->bound_end, s->length);
}

static ssize_t letter_read(GMimeStream *stream, char *buf, size_t len)
{
	struct source *s = ((LetterStream *)stream)->source;
	const char *data;
	int64_t left = end_of(stream) - stream->position;
	if (left <= 0)
		return 0;
	ssize_t n = source_peek(s, stream->position, &data);
	if (n <= 0)
		return n;
	n = MIN(n, (ssize_t)MIN((int64_t)MIN(len, (size_t)G_MAXSSIZE), left));
	memcpy(buf, data, (size_t)n);
	edit(s, buf, stream->position, (size_t)n);
	stream->position += n;
	return n;
}

static ssize_t letter_write(GMimeStream *stream, const char *buf, size_t len)
{
	errno = EBADF;
	return -1;
}

static int letter_nothing(GMimeStream *stream)
{
	return 0;
}

static gboolean letter_eos(GMimeStream *stream)
{
	return stream->position >= end_of(stream);
}

static gint64 letter_tell(GMimeStream *stream)
{
	return stream->position;
}

static gint64 letter_length(GMimeStream *stream)
{
	return end_of(stream) - stream->bound_start;
}

static gint64 letter_seek(GMimeStream *stream, gint64 offset, GMimeSeekWhence whence)
{
	int64_t from = whence == GMIME_STREAM_SEEK_SET ? 0
		: whence == GMIME_STREAM_SEEK_CUR      ? stream->position
						       : end_of(stream);
	int64_t to = from + offset;
	if (to < stream->bound_start || to > end_of(stream)) {
		errno = EINVAL;
		return -1;
	}
	stream->position = to;
	return to;
}

static GMimeStream *stream_new(struct source *s, gint64 start, gint64 end)
{
	LetterStream *stream = g_object_new(letter_stream_get_type(), NULL);
	g_mime_stream_construct(GMIME_STREAM(stream), start, end);
	stream->source = source_ref(s);
	return GMIME_STREAM(stream);
}

static GMimeStream *letter_substream(GMimeStream *stream, gint64 start, gint64 end)
{
	return stream_new(((LetterStream *)stream)->source, start, end);
}

static void letter_finalize(GObject *object)
{
	source_unref(((LetterStream *)object)->source);
	G_OBJECT_CLASS(letter_stream_parent_class)->finalize(object);
}

static void letter_stream_class_init(LetterStreamClass *klass)
{
	GMimeStreamClass *stream = (GMimeStreamClass *)klass;
	G_OBJECT_CLASS(klass)->finalize = letter_finalize;
	stream->read = letter_read;
	stream->write = letter_write;
	stream->flush = letter_nothing;
	stream->close = letter_nothing;
	stream->eos = letter_eos;
	stream->reset = letter_nothing;
	stream->seek = letter_seek;
	stream->tell = letter_tell;
	stream->length = letter_length;
	stream->substream = letter_substream;
}

static void letter_stream_init(LetterStream *stream)
{
}

GMimeStream *source_stream(struct source *s, int64_t start)
{
	return stream_new(s, MIN(start, s->length), -1);
}
