/* SPDX-License-Identifier: MIT
 *
 * The reader of multi-line replies against a model that sees all of it at once
 * and works line by line: whatever the pieces, both must say the same (P-41 to
 * P-43).  The first octet of the input chooses the line ends, the second the
 * pieces; the rest comes from the server. */
#include "base/base.h"

#include <string.h>

#include "pop3/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	GString *mail;
	size_t used;
	bool ended;
};

/* A line whose end is here: true if it was the last. */
static bool model_line(struct outcome *o, const char *line, size_t len)
{
	if (len == 1 && *line == '.')
		return true;
	size_t dot = len > 0 && *line == '.';
	g_string_append_len(o->mail, line + dot, (gssize)(len - dot));
	g_string_append_c(o->mail, '\n');
	return false;
}

/* What has come of a line that is not whole yet: all but the octets that could
 * still belong to its end. */
static void model_rest(struct outcome *o, const char *line, size_t len, bool lf_mode)
{
	size_t dot = len > 0 && *line == '.';
	size_t cr = !lf_mode && len > dot && line[len - 1] == '\r';
	g_string_append_len(o->mail, line + dot, (gssize)(len - dot - cr));
}

static struct outcome model(const char *wire, size_t size, bool lf_mode)
{
	const char *end = lf_mode ? "\n" : "\r\n";
	size_t end_len = strlen(end);
	struct outcome o = {.mail = g_string_new(NULL)};
	while (!o.ended) {
		const char *line = wire + o.used;
		const char *stop = memmem(line, size - o.used, end, end_len);
		if (!stop) {
			model_rest(&o, line, size - o.used, lf_mode);
			o.used = size;
			return o;
		}
		size_t len = (size_t)(stop - line);
		o.ended = model_line(&o, line, len);
		o.used += len + end_len;
	}
	return o;
}

static struct outcome machine(const char *wire, size_t size, bool lf_mode, guint pieces)
{
	struct body b;
	struct outcome o = {.mail = g_string_new(NULL)};
	body_init(&b, lf_mode);
	while (o.used < size && b.state != BODY_END) {
		pieces = pieces * 1103515245u + 12345u;
		size_t got, n = MIN(size - o.used, 1 + (pieces >> 16) % 17);
		/* Exactly as large as they may be. */
		char *in = g_memdup2(wire + o.used, n);
		char *out = g_malloc(n + 1);
		size_t used = body_feed(&b, in, n, out, &got);
		g_assert_true(used <= n && got <= n + 1 && (used == n || b.state == BODY_END));
		g_string_append_len(o.mail, out, (gssize)got);
		o.used += used;
		g_free(in);
		g_free(out);
	}
	o.ended = b.state == BODY_END;
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	bool lf_mode = data[0] & 1;
	const char *wire = (const char *)data + 2;
	struct outcome want = model(wire, size - 2, lf_mode);
	struct outcome got = machine(wire, size - 2, lf_mode, data[1]);
	g_assert_cmpint(got.ended, ==, want.ended);
	g_assert_cmpuint(got.used, ==, want.used);
	g_assert_true(g_string_equal(got.mail, want.mail));
	g_string_free(want.mail, TRUE);
	g_string_free(got.mail, TRUE);
	return 0;
}
