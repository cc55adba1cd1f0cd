/* SPDX-License-Identifier: MIT */
#include "pop3/likeness.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Longer heads are compared as far as this. */
#define HEAD_MAX (64 * 1024)

enum { MESSAGE_ID, DATE, FIELDS = 4 };
static const char *const names[FIELDS] = {"Message-ID:", "Date:", "From:", "Subject:"};

struct head {
	GString *fields[FIELDS];
	GString *all;
	int current; /* the field that goes on; -1: none of ours */
};

static int field_of(const char *line, size_t len)
{
	for (int i = 0; i < FIELDS; i++)
		if (len >= strlen(names[i]) &&
			g_ascii_strncasecmp(line, names[i], strlen(names[i])) == 0)
			return i;
	return -1;
}

static void add_text(GString *to, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isspace(text[i]))
			g_string_append_c(to, text[i]);
}

static void add_line(struct head *h, const char *line, size_t len)
{
	bool goes_on = *line == ' ' || *line == '\t';
	add_text(h->all, line, len);
	g_string_append_c(h->all, '\n');
	if (!goes_on) {
		h->current = field_of(line, len);
		if (h->current >= 0 && h->fields[h->current]->len > 0)
			h->current = -1;
		if (h->current < 0)
			return;
		line += strlen(names[h->current]);
		len -= strlen(names[h->current]);
	}
	if (h->current >= 0)
		add_text(h->fields[h->current], line, len);
}

static bool is_named(const struct head *h)
{
	return h->fields[MESSAGE_ID]->len > 0 || h->fields[DATE]->len > 0;
}

static char *digest(const struct head *h)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	bool named = is_named(h);
	for (int i = 0; named && i < FIELDS; i++)
		g_checksum_update(
			sum, (const guchar *)h->fields[i]->str, (gssize)h->fields[i]->len + 1);
	if (!named)
		g_checksum_update(sum, (const guchar *)h->all->str, (gssize)h->all->len);
	return g_strdup(g_checksum_get_string(sum));
}

static char *compute(const char *head, size_t len, bool only_named)
{
	struct head h = {.current = -1};
	const char *end = head + MIN(len, HEAD_MAX);
	h.all = g_string_new(NULL);
	for (int i = 0; i < FIELDS; i++)
		h.fields[i] = g_string_new(NULL);
	while (head < end) {
		const char *newline = memchr(head, '\n', (size_t)(end - head));
		size_t n = (size_t)((newline ? newline : end) - head);
		if (n == 0 || (n == 1 && *head == '\r'))
			break;
		add_line(&h, head, n);
		head += n + 1;
	}
	char *hex = only_named && !is_named(&h) ? NULL : digest(&h);
	g_string_free(h.all, TRUE);
	for (int i = 0; i < FIELDS; i++)
		g_string_free(h.fields[i], TRUE);
	return hex;
}

char *likeness_of(const char *head, size_t len)
{
	return compute(head, len, false);
}

static char *of_file(int fd, bool only_named)
{
	g_autofree char *head = g_malloc(HEAD_MAX);
	size_t len = 0;
	while (len < HEAD_MAX) {
		ssize_t n = pread(fd, head + len, HEAD_MAX - len, (off_t)len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return NULL;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return compute(head, len, only_named);
}

char *likeness_of_file(int fd)
{
	return of_file(fd, false);
}

char *likeness_of_named_file(int fd)
{
	return of_file(fd, true);
}
