/* SPDX-License-Identifier: MIT */
#include "pop3/body.h"

#include <string.h>

void body_init(struct body *b, bool lf_mode)
{
	*b = (struct body){BODY_LINE, lf_mode};
}

/* Each of these takes one octet; it appends to out and gives the next state. */

static enum body_state text(const struct body *b, char c, char **out)
{
	if (c == '\r' && !b->lf_mode)
		return BODY_CR;
	*(*out)++ = c;
	return c == '\n' && b->lf_mode ? BODY_LINE : BODY_TEXT;
}

static enum body_state line(const struct body *b, char c, char **out)
{
	return c == '.' ? BODY_DOT : text(b, c, out);
}

/* The dot was the first of its line: it goes in any case. */
static enum body_state dot(const struct body *b, char c, char **out)
{
	if (b->lf_mode && c == '\n')
		return BODY_END;
	if (!b->lf_mode && c == '\r')
		return BODY_DOT_CR;
	return text(b, c, out);
}

static enum body_state cr(const struct body *b, char c, char **out)
{
	if (c == '\n') {
		*(*out)++ = '\n';
		return BODY_LINE;
	}
	*(*out)++ = '\r'; /* it was a bare one: data */
	return text(b, c, out);
}

static enum body_state dot_cr(const struct body *b, char c, char **out)
{
	return c == '\n' ? BODY_END : cr(b, c, out);
}

typedef enum body_state (*body_step)(const struct body *b, char c, char **out);

static const body_step steps[] = {
	[BODY_LINE] = line,
	[BODY_DOT] = dot,
	[BODY_DOT_CR] = dot_cr,
	[BODY_TEXT] = text,
	[BODY_CR] = cr,
};

/* Most octets are text: they are copied as one piece up to the next line end. */
static size_t copy_run(const struct body *b, const char *in, size_t len, char **out)
{
	const char *end = memchr(in, b->lf_mode ? '\n' : '\r', len);
	size_t n = end ? (size_t)(end - in) : len;
	memcpy(*out, in, n);
	*out += n;
	return n;
}

size_t body_feed(struct body *b, const char *in, size_t len, char *out, size_t *out_len)
{
	size_t used = 0;
	char *at = out;
	while (used < len && b->state != BODY_END) {
		if (b->state == BODY_TEXT)
			used += copy_run(b, in + used, len - used, &at);
		if (used < len)
			b->state = steps[b->state](b, in[used++], &at);
	}
	*out_len = (size_t)(at - out);
	return used;
}
