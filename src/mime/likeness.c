/* SPDX-License-Identifier: MIT
 *
 * What makes two letters the same one that came on two ways: the octets of the body.
 * The header tells the way, so it is left out (the Message-ID is compared apart); so
 * are CR and the blank lines at the end, which ways add and take away. */
#include "mime/likeness.h"

#include <string.h>

#include "base/sha256.h"

/* What is left out at the end is known when something else follows. */
struct likeness {
	struct sha256_sum *sum;
	size_t newlines;
};

static void put_newlines(struct likeness *l)
{
	for (; l->newlines > 0; l->newlines--)
		sha256_update(l->sum, "\n", 1);
}

static void put(struct likeness *l, const char *data, size_t len)
{
	const char *end = data + len;
	while (data < end) {
		size_t run = 0, left = (size_t)(end - data);
		const char *cr = memchr(data, '\r', left);
		run = cr ? (size_t)(cr - data) : left;
		size_t full = run;
		while (full > 0 && data[full - 1] == '\n')
			full--;
		if (full > 0) {
			put_newlines(l);
			sha256_update(l->sum, data, full);
		}
		l->newlines += run - full;
		data += run + (cr ? 1 : 0);
	}
}

int64_t likeness_of(struct source *s, int64_t body)
{
	g_autoptr(sha256_sum) sum = sha256_new();
	uint8_t digest[SHA256_LENGTH];
	struct likeness l = {.sum = sum};
	const char *data;
	ssize_t n;
	int64_t number = 0;
	while ((n = source_peek(s, body, &data)) > 0) {
		put(&l, data, (size_t)n);
		body += n;
	}
	if (n < 0)
		return 0;
	sha256_finish(sum, digest);
	for (int i = 0; i < LIKENESS_OCTETS; i++)
		number = number << 8 | digest[i];
	return number ? number : 1;
}
