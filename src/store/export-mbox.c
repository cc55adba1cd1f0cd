/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/export-private.h"
#include "store/import-reader.h"

/* "From ivan@example.org Mon Jan  5 10:00:00 2026", in UTC and English, as ever. */
static void put_envelope(const struct message_row *row, FILE *out)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t when = (time_t)CLAMP(row->arrived, 0, INT32_MAX);
	struct tm tm;
	gmtime_r(&when, &tm);
	bool plain = *row->from && !strpbrk(row->from, " \t\"<>");
	fprintf(out, "From %s %s %s %2d %02d:%02d:%02d %d\n", plain ? row->from : "MAILER-DAEMON",
		days[tm.tm_wday], months[tm.tm_mon], tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		tm.tm_year + 1900);
}

/* Always both, so that fields of the letter's own before them are not taken for the
 * mailbox's: see import-header.c. */
static void put_marks(const struct message_row *row, FILE *out)
{
	static const struct {
		unsigned flag;
		char letter;
	} marks[] = {
		{FLAG_REPLIED, 'A'},
		{FLAG_TRASHED, 'D'},
		{FLAG_FLAGGED, 'F'},
		{FLAG_PASSED, 'P'},
		{FLAG_DRAFT, 'T'},
	};
	fprintf(out, "Status: %s%s\nX-Status: ", row->flags & FLAG_SEEN ? "R" : "",
		row->is_new ? "" : "O");
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		if (row->flags & marks[i].flag)
			fputc(marks[i].letter, out);
	fputc('\n', out);
}

static bool is_from(const struct import_line *line)
{
	size_t i = 0;
	while (i < line->len && line->text[i] == '>')
		i++;
	return line->begins && line->len - i >= 5 && memcmp(line->text + i, "From ", 5) == 0;
}

/* Octets of the body; -1: the letter has no empty line. */
static bool measure(int fd, int64_t *octets, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(import_reader) r = import_reader_new_fd(fd);
	struct import_line line;
	*octets = -1;
	while (import_reader_next(r, &line, &why))
		if (*octets >= 0)
			*octets += (int64_t)line.len;
		else if (import_line_is_blank(&line))
			*octets = 0;
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

struct copy {
	const struct message_row *row;
	enum export_format format;
	int64_t body; /* its octets; -1: there is none */
	FILE *out;
	bool in_body, ended; /* ended: with a line */
};

static void put_mailbox_fields(struct copy *c)
{
	put_marks(c->row, c->out);
	if (c->format == EXPORT_MBOXCL2 && c->body >= 0)
		fprintf(c->out, "Content-Length: %" G_GINT64_FORMAT "\n", c->body);
}

static void put_line(struct copy *c, const struct import_line *line)
{
	if (!c->in_body && import_line_is_blank(line)) {
		put_mailbox_fields(c);
		c->in_body = true;
	} else if ((c->format == EXPORT_MBOXRD || !c->in_body) && is_from(line)) {
		fputc('>', c->out);
	}
	fwrite(line->text, 1, line->len, c->out);
	c->ended = line->text[line->len - 1] == '\n';
}

/* The empty line behind a letter belongs to the mbox. */
static void end_letter(struct copy *c)
{
	bool as_it_is = c->format == EXPORT_MBOXCL2 && c->in_body;
	if (!c->ended && !as_it_is)
		fputc('\n', c->out);
	if (!c->in_body)
		put_mailbox_fields(c);
	fputc('\n', c->out);
}

bool export_to_mbox(
	int fd, const struct message_row *row, enum export_format format, FILE *out, GError **error)
{
	g_autoptr(GError) why = NULL;
	struct copy c = {row, format, -1, out, false, true};
	struct import_line line;
	if (format == EXPORT_MBOXCL2 && !measure(fd, &c.body, error))
		return false;
	g_autoptr(import_reader) r = import_reader_new_fd(fd);
	put_envelope(row, out);
	while (import_reader_next(r, &line, &why))
		put_line(&c, &line);
	end_letter(&c);
	if (!why)
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}
