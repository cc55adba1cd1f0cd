/* SPDX-License-Identifier: MIT */
#include "smtp/content.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"

void content_init(struct content_filter *f, GString *out)
{
	*f = (struct content_filter){.out = out, .in_name = true};
}

/* --- towards the wire ----------------------------------------------------------- */

static void put(const struct content_filter *f, const char *data, size_t len)
{
	if (f->out)
		g_string_append_len(f->out, data, (gssize)len);
}

static bool has_high(const char *data, size_t len)
{
	uint64_t all = 0, word;
	size_t at = 0;
	for (; len - at >= sizeof word; at += sizeof word) {
		memcpy(&word, data + at, sizeof word);
		all |= word;
	}
	for (; at < len; at++)
		all |= (guchar)data[at];
	return (all & G_GUINT64_CONSTANT(0x8080808080808080)) != 0;
}

static void look_at(struct content_filter *f, const char *data, size_t len)
{
	bool high = has_high(data, len);
	f->high = f->high || high;
	f->head_high = f->head_high || (high && !f->in_body);
	f->nul = f->nul || memchr(data, '\0', len);
}

static void put_run(struct content_filter *f, const char *run, size_t len)
{
	if (len == 0)
		return;
	if (f->column == 0 && *run == '.' && !f->plain)
		put(f, ".", 1);
	put(f, run, len);
	look_at(f, run, len);
	f->octets += (int64_t)len;
	f->column += len;
	f->longest = MAX(f->longest, f->column);
}

static void put_end(struct content_filter *f)
{
	put(f, "\r\n", 2);
	f->octets += 2;
	f->column = 0;
}

/* --- the header ------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_secret(const char *name, size_t len)
{
	while (len > 0 && is_blank(name[len - 1]))
		len--;
	return (len == 3 && g_ascii_strncasecmp(name, "bcc", 3) == 0) ||
	       (len == 10 && g_ascii_strncasecmp(name, "resent-bcc", 10) == 0);
}

/* The name is known, or it is longer than those we look for. */
static void end_name(struct content_filter *f, bool colon)
{
	f->skip = colon && is_secret(f->name, f->name_len);
	f->in_name = false;
	if (!f->skip)
		put_run(f, f->name, f->name_len);
	f->name_len = 0;
}

static void name_char(struct content_filter *f, char c)
{
	/* A continuation shares the fate of its field. */
	if (f->name_len == 0 && is_blank(c)) {
		f->in_name = false;
	} else if (is_blank(c) && f->name_len == sizeof f->name &&
		   is_secret(f->name, f->name_len)) {
		return; /* however many: they go with the field */
	} else if (c == ':' || f->name_len == sizeof f->name) {
		end_name(f, c == ':');
	} else {
		f->name[f->name_len++] = c;
		return;
	}
	if (!f->skip)
		put_run(f, &c, 1);
}

static void header_end_of_line(struct content_filter *f)
{
	bool empty = f->in_name && f->name_len == 0;
	if (f->in_name && !empty)
		end_name(f, false);
	if (empty)
		f->skip = false;
	if (!f->skip)
		put_end(f);
	f->in_body = empty;
	f->in_name = !empty;
}

static void put_line_end(struct content_filter *f)
{
	if (f->in_body)
		put_end(f);
	else
		header_end_of_line(f);
}

static size_t run_length(const char *data, size_t len)
{
	size_t n = 0;
	while (n < len && data[n] != '\n' && data[n] != '\r')
		n++;
	return n;
}

static size_t feed_run(struct content_filter *f, const char *data, size_t len)
{
	if (!f->in_body && f->in_name) {
		name_char(f, *data);
		return 1;
	}
	size_t run = run_length(data, len);
	if (f->in_body || !f->skip)
		put_run(f, data, run);
	return run;
}

/* One line of a body, or what is there of it; to has room for twice its octets. */
static char *body_line(struct content_filter *f, char *to, const char *line, size_t len)
{
	if (to && f->column == 0 && len > 0 && *line == '.' && !f->plain)
		*to++ = '.';
	if (to)
		to = mempcpy(to, line, len);
	f->octets += (int64_t)len;
	f->column += len;
	f->longest = MAX(f->longest, f->column);
	return to;
}

static char *body_end(struct content_filter *f, char *to)
{
	f->octets += 2;
	f->column = 0;
	return to ? mempcpy(to, "\r\n", 2) : NULL;
}

static void body_lines(struct content_filter *f, char *to, const char *data, size_t len)
{
	const char *end = data + len, *lf;
	for (; (lf = memchr(data, '\n', (size_t)(end - data))); data = lf + 1) {
		to = body_line(f, to, data, (size_t)(lf - data));
		to = body_end(f, to);
	}
	to = body_line(f, to, data, (size_t)(end - data));
	if (to)
		g_string_truncate(f->out, (gsize)(to - f->out->str));
}

/* What nearly all of a letter is: a body up to a CR.  Its lines go without a call
 * for each octet.  How much was taken. */
static size_t feed_plain_body(struct content_filter *f, const char *data, size_t len)
{
	const char *cr = memchr(data, '\r', len);
	size_t most = cr ? (size_t)(cr - data) : len;
	gsize had = f->out ? f->out->len : 0;
	if (most == 0)
		return 0;
	if (f->out)
		g_string_set_size(f->out, had + 2 * most);
	look_at(f, data, most);
	body_lines(f, f->out ? f->out->str + had : NULL, data, most);
	return most;
}

static size_t feed_some(struct content_filter *f, const char *data, size_t len)
{
	size_t used = 1;
	if (*data == '\n' && f->after_cr)
		f->after_cr = false; /* its CR was the line end */
	else if (*data == '\n' || *data == '\r')
		put_line_end(f);
	else
		used = feed_run(f, data, len);
	f->after_cr = *data == '\r';
	return used;
}

void content_feed(struct content_filter *f, const char *data, size_t len)
{
	while (len > 0) {
		size_t used = 0;
		if (f->in_body && !f->after_cr)
			used = feed_plain_body(f, data, len);
		if (used == 0)
			used = feed_some(f, data, len);
		data += used;
		len -= used;
	}
}

void content_end(struct content_filter *f)
{
	bool open_name = !f->in_body && f->in_name && f->name_len > 0;
	if (open_name || f->column > 0)
		put_line_end(f);
	f->after_cr = false;
}

void content_measure(struct content_filter *f, const char *data, size_t len)
{
	content_init(f, NULL);
	content_feed(f, data, len);
	content_end(f);
}

/* --- files ---------------------------------------------------------------------------- */

void content_reader_init(struct content_reader *r, int fd)
{
	*r = (struct content_reader){.fd = fd, .size = -1};
	content_init(&r->filter, g_string_new(NULL));
	r->buffer = g_malloc(CONTENT_PIECE);
}

void content_reader_clear(struct content_reader *r)
{
	if (r->filter.out)
		g_string_free(r->filter.out, TRUE);
	r->filter.out = NULL;
	g_clear_pointer(&r->buffer, g_free);
}

static bool learn_size(struct content_reader *r, GError **error)
{
	struct stat st;
	if (r->size >= 0)
		return true;
	if (fstat(r->fd, &st) != 0)
		return fdio_fail(error, "fstat", "");
	r->size = st.st_size;
	return true;
}

/* Octets that came; 0: error. */
static size_t read_piece(struct content_reader *r, GError **error)
{
	size_t want = (size_t)MIN(r->size - r->at, CONTENT_PIECE);
	ssize_t n;
	do
		n = pread(r->fd, r->buffer, want, r->at);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		return (size_t)n;
	if (n == 0)
		errno = EIO; /* it is shorter than it was */
	fdio_fail(error, "read", "");
	return 0;
}

static bool feed_piece(struct content_reader *r, GError **error)
{
	if (r->at < r->size) {
		size_t n = read_piece(r, error);
		if (n == 0)
			return false;
		content_feed(&r->filter, r->buffer, n);
		r->at += (int64_t)n;
	}
	r->over = r->at == r->size;
	if (r->over)
		content_end(&r->filter);
	return true;
}

const GString *content_read(struct content_reader *r, GError **error)
{
	g_assert(!r->over);
	g_string_truncate(r->filter.out, 0);
	if (!learn_size(r, error))
		return NULL;
	do
		if (!feed_piece(r, error))
			return NULL;
	while (r->filter.out->len == 0 && !r->over);
	return r->filter.out;
}

bool content_measure_file(struct content_filter *f, int fd, GError **error)
{
	struct content_reader r = {.fd = fd, .size = -1, .buffer = g_malloc(CONTENT_PIECE)};
	content_init(&r.filter, NULL);
	bool ok = learn_size(&r, error);
	while (ok && !r.over)
		ok = feed_piece(&r, error);
	*f = r.filter;
	content_reader_clear(&r);
	return ok;
}
