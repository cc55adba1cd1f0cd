/* SPDX-License-Identifier: MIT */
#include "smtp/content.h"

#include <string.h>

enum { MEASURE_STEP = 64 * 1024 };

void content_init(struct content_filter *f, GString *out)
{
	*f = (struct content_filter){.out = out, .in_name = true};
}

/* --- towards the wire ----------------------------------------------------------- */

static void put_run(struct content_filter *f, const char *run, size_t len)
{
	if (len == 0)
		return;
	if (f->column == 0 && *run == '.')
		g_string_append_c(f->out, '.');
	g_string_append_len(f->out, run, (gssize)len);
	for (size_t i = 0; i < len; i++) {
		f->high = f->high || (guchar)run[i] >= 0x80;
		f->nul = f->nul || run[i] == '\0';
	}
	f->octets += (int64_t)len;
	f->column += len;
	f->longest = MAX(f->longest, f->column);
}

static void put_end(struct content_filter *f)
{
	g_string_append(f->out, "\r\n");
	f->octets += 2;
	f->column = 0;
}

/* --- the header ------------------------------------------------------------------- */

static bool is_secret(const char *name, size_t len)
{
	while (len > 0 && (name[len - 1] == ' ' || name[len - 1] == '\t'))
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
	if (f->name_len == 0 && (c == ' ' || c == '\t')) {
		f->in_name = false;
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
	const char *lf = memchr(data, '\n', len);
	size_t most = lf ? (size_t)(lf - data) : len;
	const char *cr = memchr(data, '\r', most);
	return cr ? (size_t)(cr - data) : most;
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

void content_feed(struct content_filter *f, const char *data, size_t len)
{
	while (len > 0) {
		size_t used = 1;
		if (*data == '\n' && f->after_cr)
			f->after_cr = false; /* its CR was the line end */
		else if (*data == '\n' || *data == '\r')
			put_line_end(f);
		else
			used = feed_run(f, data, len);
		f->after_cr = *data == '\r';
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
	g_autoptr(GString) out = g_string_new(NULL);
	content_init(f, out);
	while (len > 0) {
		size_t step = MIN(len, (size_t)MEASURE_STEP);
		content_feed(f, data, step);
		g_string_truncate(out, 0);
		data += step;
		len -= step;
	}
	content_end(f);
	f->out = NULL;
}
