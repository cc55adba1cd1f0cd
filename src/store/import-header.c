/* SPDX-License-Identifier: MIT
 *
 * Which fields are the mailbox's, and not the letter's, cannot be told by their names
 * alone: a letter may have come with a Status of its own.  So they are taken where the
 * programs put them, once each: behind the letter's own the state, and then the lengths
 * (mutt, and "dewey export", which always writes the state so that a letter's own fields
 * before it are safe), before them what Thunderbird notes. */
#include "base/base.h"

#include <string.h>

#include "store/import-private.h"

/* What mutt, Dovecot and others note in the header of a letter in an mbox. */
static const struct {
	const char *field;
	char letter;
	unsigned flag; /* 0: merely not new */
} marks[] = {
	{"Status:", 'R', FLAG_SEEN},
	{"Status:", 'O', 0},
	{"X-Status:", 'A', FLAG_REPLIED},
	{"X-Status:", 'F', FLAG_FLAGGED},
	{"X-Status:", 'P', FLAG_PASSED},
	{"X-Status:", 'T', FLAG_DRAFT},
	{"X-Status:", 'D', FLAG_TRASHED},
};

/* X-Mozilla-Status, in hexadecimal digits. */
static const struct {
	unsigned bit, flag;
} mozilla[] = {
	{0x0001, FLAG_SEEN},
	{0x0002, FLAG_REPLIED},
	{0x0004, FLAG_FLAGGED},
	{0x1000, FLAG_PASSED},
};

enum { MOZILLA_EXPUNGED = 0x0008 };

static bool is_field(const char *text, size_t len, const char *name)
{
	size_t n = strlen(name);
	return len >= n && g_ascii_strncasecmp(text, name, n) == 0;
}

static void read_mozilla(const char *value, struct mbox_header *out)
{
	unsigned status = (unsigned)g_ascii_strtoull(value, NULL, 16);
	for (size_t i = 0; i < G_N_ELEMENTS(mozilla); i++)
		if (status & mozilla[i].bit)
			out->flags |= mozilla[i].flag;
	out->old = true;
	out->gone = out->gone || (status & MOZILLA_EXPUNGED);
}

static void read_marks(const char *text, size_t len, struct mbox_header *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		size_t name = strlen(marks[i].field);
		if (!is_field(text, len, marks[i].field) ||
			!memchr(text + name, marks[i].letter, len - name))
			continue;
		out->flags |= marks[i].flag;
		out->old = true;
	}
}

static int64_t read_length(const char *value)
{
	char *end;
	value += strspn(value, " \t");
	int64_t length = g_ascii_strtoll(value, &end, 10);
	return g_ascii_isdigit(*value) && (*end == '\n' || *end == '\0') && length < G_MAXINT64
		       ? length
		       : -1;
}

/* The last line of the first len octets, and whether it is this field. */
static bool ends_with(const GString *header, size_t len, const char *name, size_t *begin)
{
	size_t i = len;
	while (i > 1 && header->str[i - 2] != '\n')
		i--;
	*begin = i > 1 ? i - 1 : 0;
	return len > 0 && is_field(header->str + *begin, len - *begin, name);
}

static size_t without(const GString *header, size_t len, const char *name, bool *found)
{
	size_t begin;
	if (*found || !ends_with(header, len, name, &begin))
		return len;
	*found = true;
	return begin;
}

static size_t without_lengths(const GString *header, size_t len)
{
	bool lines = false, length = false;
	size_t left = without(header, len, "Lines:", &lines);
	left = without(header, left, "Content-Length:", &length);
	return length ? left : len;
}

/* Where the marks begin before the first len octets end, each of them once in either
 * order. */
static size_t without_marks(const GString *header, size_t len, bool *status, bool *more)
{
	*status = *more = false;
	for (int i = 0; i < 2; i++) {
		len = without(header, len, "X-Status:", more);
		len = without(header, len, "Status:", status);
	}
	return len;
}

void import_header_to_lf(GString *header)
{
	gsize to = 0;
	for (gsize i = 0; i < header->len; i++)
		if (header->str[i] != '\r' || header->str[i + 1] != '\n')
			header->str[to++] = header->str[i];
	g_string_truncate(header, to);
}

/* --- reading ----------------------------------------------------------------------- */

static void read_all(const GString *header, size_t from, struct mbox_header *out)
{
	bool noted = false, internal = false;
	const char *last = header->str + header->len;
	for (const char *at = header->str + from, *end; at < last; at = end) {
		end = memchr(at, '\n', (size_t)(last - at));
		end = end ? end + 1 : last;
		size_t len = (size_t)(end - at);
		read_marks(at, len, out);
		if (is_field(at, len, "X-Mozilla-Status:"))
			read_mozilla(at + strlen("X-Mozilla-Status:"), out);
		if (is_field(at, len, "Content-Length:"))
			out->length = read_length(at + strlen("Content-Length:"));
		/* What the UW's IMAP server and its kin keep as the first letter. */
		noted = noted || is_field(at, len, "X-IMAP:");
		internal = internal || is_field(at, len, "Subject: DON'T DELETE THIS MESSAGE");
	}
	out->gone = out->gone || (noted && internal);
}

void import_header_read(const GString *header, struct mbox_header *out)
{
	bool status, more;
	size_t begin = without_marks(header, without_lengths(header, header->len), &status, &more);
	*out = (struct mbox_header){.length = -1};
	read_all(header, status && more ? begin : 0, out);
}

/* --- taking out -------------------------------------------------------------------- */

static void strip_mozilla(GString *header)
{
	static const char *const names[] = {"X-Account-Key:", "X-UIDL:", "X-Mozilla-Status:",
		"X-Mozilla-Status2:", "X-Mozilla-Keys:"};
	size_t at = 0;
	bool status = false;
	for (bool found = true; found;) {
		const char *text = header->str + at;
		const char *end = memchr(text, '\n', header->len - at);
		found = false;
		for (size_t i = 0; end && !found && i < G_N_ELEMENTS(names); i++)
			found = is_field(text, (size_t)(end - text), names[i]);
		if (!found)
			break;
		status = status || is_field(text, (size_t)(end - text), "X-Mozilla-Status:");
		at += (size_t)(end - text) + 1;
	}
	if (status)
		g_string_erase(header, 0, (gssize)at);
}

void import_header_strip(GString *header, bool sized)
{
	size_t len = sized ? without_lengths(header, header->len) : header->len;
	bool status, more;
	len = without_marks(header, len, &status, &more);
	g_string_truncate(header, len);
	if (!status && !more)
		strip_mozilla(header);
}
