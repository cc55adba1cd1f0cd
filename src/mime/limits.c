/* SPDX-License-Identifier: MIT */
#include "mime/limits.h"

#include <string.h>

#include "base/fdio.h"

static const char *const address_fields[] = {"From", "To", "Cc", "Bcc", "Sender", "Reply-To",
	"Resent-From", "Resent-To", "Resent-Cc", "Resent-Bcc", "Resent-Sender", "Resent-Reply-To",
	"Disposition-Notification-To", "Return-Path", "Mail-Followup-To", "Mail-Reply-To"};

struct guard {
	struct source *source;
	bool truncated;
	bool head;          /* in the letter's own header */
	bool lf, cr;        /* seen */
	int64_t white;      /* its first line of nothing but white space; -1: none */
	int64_t paragraph;  /* where it began */
	int fields, boundaries;
	int64_t field;      /* where the address header began; -1: none */
	int colons, all_colons;
	bool quoted, escaped;
};

const char *limits_field_name(const char *name)
{
	if (name[0] != LIMITS_OPAQUE)
		return name;
	for (size_t i = 0; i < G_N_ELEMENTS(address_fields); i++)
		if (g_ascii_strcasecmp(address_fields[i] + 1, name + 1) == 0)
			return address_fields[i];
	return name;
}

static bool is_address_field(const char *line, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(address_fields); i++) {
		if (g_ascii_toupper(*line) != address_fields[i][0])
			continue;
		size_t n = strlen(address_fields[i]);
		if (len <= n || g_ascii_strncasecmp(line, address_fields[i], n) != 0)
			continue;
		while (n < len && (line[n] == ' ' || line[n] == '\t'))
			n++;
		if (n < len && line[n] == ':')
			return true;
	}
	return false;
}

static bool is_field(const char *line, size_t len)
{
	size_t n = 0;
	while (n < len && line[n] > ' ' && line[n] < 0x7F && line[n] != ':')
		n++;
	return n > 0 && n < len && line[n] == ':';
}

/* Base64 bodies are cut as well, which harms nothing and is not worth a word. */
static void cut(struct guard *g, int64_t offset, char octet)
{
	source_edit(g->source, offset, octet);
	g->truncated = g->truncated || g->head;
}

/* The header block ends here, whatever follows. */
static void end_block(struct guard *g, int64_t offset)
{
	cut(g, offset, '\n');
	g->paragraph = offset + 1;
	g->fields = 0;
	g->field = -1;
	g->head = false;
}

static void count_colons(struct guard *g, const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = line[i];
		g->all_colons += c == ':';
		if (g->escaped)
			g->escaped = false;
		else if (c == '\\')
			g->escaped = true;
		else if (c == '"')
			g->quoted = !g->quoted;
		else if (c == ':' && !g->quoted)
			g->colons++;
	}
}

static void check_field(struct guard *g, int64_t end)
{
	if (g->colons <= LIMIT_COLONS + 1 && g->all_colons <= LIMIT_ALL_COLONS &&
		end - g->field <= LIMIT_ADDRESS_HEADER)
		return;
	cut(g, g->field, LIMITS_OPAQUE);
	g->field = -1;
}

static void begin_paragraph(struct guard *g, int64_t offset)
{
	g->paragraph = offset;
	g->fields = 0;
}

static void begin_boundary(struct guard *g, size_t len, int64_t offset)
{
	if (++g->boundaries > LIMIT_BOUNDARIES) {
		source_edit(g->source, offset, ' ');
		g->truncated = true;
	} else if (len <= LIMIT_BOUNDARY) {
		begin_paragraph(g, offset);
	}
}

static void begin_field(struct guard *g, const char *line, size_t len, int64_t offset)
{
	/* Nearly all lines are of a body, and most of those have none. */
	bool colon = memchr(line, ':', len) != NULL;
	if (colon && is_field(line, len) && ++g->fields > LIMIT_FIELDS)
		end_block(g, offset);
	else if (colon && is_address_field(line, len))
		g->field = offset;
	g->colons = g->all_colons = 0;
	g->quoted = g->escaped = false;
}

static void begin_fold(struct guard *g, const char *line, size_t len, int64_t offset)
{
	size_t n = 0;
	while (n < len && strchr(" \t\r", line[n]) && line[n])
		n++;
	if (g->head && g->white < 0 && n < len && line[n] == '\n')
		g->white = offset;
}

static void begin_line(struct guard *g, const char *line, size_t len, int64_t offset)
{
	if (line[0] == ' ' || line[0] == '\t') {
		begin_fold(g, line, len, offset);
		return;
	}
	g->field = -1;
	if (line[0] == '\n' || (line[0] == '\r' && len > 1 && line[1] == '\n')) {
		begin_paragraph(g, offset);
		g->head = false;
	} else if (len > 1 && line[0] == '-' && line[1] == '-') {
		begin_boundary(g, len, offset);
	} else {
		begin_field(g, line, len, offset);
	}
}

/* A line, or a piece of one that is longer than the window. */
static void piece(struct guard *g, const char *data, size_t len, int64_t offset)
{
	int64_t end = offset + (int64_t)len;
	if (g->field >= 0) {
		count_colons(g, data, len);
		check_field(g, end);
	}
	if (len < 2 || end - g->paragraph <= LIMIT_HEADER_BLOCK)
		return;
	int64_t at = MIN(MAX(offset, g->paragraph + LIMIT_HEADER_BLOCK), end - 2);
	cut(g, at, '\n');
	end_block(g, at + 1);
}

/* The next line; one that the window cuts is read anew from its start, unless
 * it fills a window by itself. */
static ssize_t next_line(struct guard *g, int64_t offset, const char **data, bool *whole)
{
	ssize_t n = source_peek(g->source, offset, data);
	const char *lf = n > 0 ? memchr(*data, '\n', (size_t)n) : NULL;
	if (n > 0 && !lf && offset + n < source_length(g->source)) {
		n = source_peek_wide(g->source, offset, data);
		lf = n > 0 ? memchr(*data, '\n', (size_t)n) : NULL;
	}
	*whole = lf != NULL;
	return lf ? lf - *data + 1 : n;
}

static bool scan(struct guard *g, int64_t offset, GError **error)
{
	bool starts = true, whole;
	const char *data;
	ssize_t len;
	while ((len = next_line(g, offset, &data, &whole)) > 0) {
		if (starts)
			begin_line(g, data, (size_t)len, offset);
		piece(g, data, (size_t)len, offset);
		g->lf = g->lf || whole;
		g->cr = g->cr || (!whole && memchr(data, '\r', (size_t)len));
		starts = whole;
		offset += len;
	}
	return len == 0 || fdio_fail(error, "read", "message");
}

/* What stands before the first field in some files but is not of the letter. */
static int64_t find_start(struct source *s)
{
	const char *data;
	int64_t start = 0;
	ssize_t n = source_peek(s, 0, &data);
	if (n >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
		start = 3;
	if (n - start < 6)
		return start;
	bool escaped = data[start] == '>';
	if (memcmp(data + start + escaped, "From ", 5) != 0)
		return start;
	const char *lf = memchr(data + start, '\n', (size_t)(n - start));
	return lf ? lf - data + 1 : start;
}

bool limits_guard(struct source *s, struct limits *result, GError **error)
{
	struct guard g = {.source = s, .head = true, .field = -1, .white = -1};
	g.paragraph = result->start = find_start(s);
	if (!scan(&g, result->start, error))
		return false;
	result->truncated = g.truncated;
	/* No empty line in the whole letter, but one that looks like it. */
	if (g.head && g.white >= 0)
		source_edit(s, g.white, '\n');
	/* Lines that end in CR alone: seen once as one line, now as they were
	 * meant.  Such a letter is short, or the limits would have cut it. */
	if (!g.lf && g.cr && source_length(s) <= LIMIT_ADDRESS_HEADER)
		source_set_bare_cr(s);
	return true;
}
