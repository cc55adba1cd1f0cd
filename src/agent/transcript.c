/* SPDX-License-Identifier: MIT */
#include "agent/transcript.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/report.h"
#include "base/sanitize.h"

/* What comes first is written at once, so that it is there even if we are
 * killed: connecting and logging in are where most goes wrong.  What follows is
 * kept in a ring, as it came: a fetch of 10,000 letters has 20,000 lines, and
 * making them fit to be shown would cost more than fetching. */
enum { HEAD_OCTETS = 16 * 1024, RING_OCTETS = 64 * 1024, LINE_OCTETS = 2000 };

struct line {
	int64_t when; /* milliseconds since the session began */
	uint16_t len;
	char who; /* C: we, S: the server, #: a remark of ours */
};

struct transcript {
	FILE *file; /* NULL: it could not be made */
	int64_t began;
	size_t head; /* octets written */
	char *ring;
	size_t first, used; /* of the ring: lines, each with its octets behind it */
	guint lost;         /* lines that the ring had no more room for */
};

static void put_line(struct transcript *t, const struct line *l, const char *text)
{
	g_autofree char *clean = sanitize_line(text, l->len);
	int n = fprintf(t->file, "%4d.%03d %c: %s\n", (int)(l->when / 1000), (int)(l->when % 1000),
		l->who, clean);
	t->head += (size_t)MAX(n, 0);
}

/* --- the ring -------------------------------------------------------------------- */

static void ring_copy(const struct transcript *t, size_t at, void *out, size_t len)
{
	at %= RING_OCTETS;
	size_t run = MIN(len, RING_OCTETS - at);
	memcpy(out, t->ring + at, run);
	memcpy((char *)out + run, t->ring, len - run);
}

static void ring_append(struct transcript *t, const void *data, size_t len)
{
	size_t at = (t->first + t->used) % RING_OCTETS;
	size_t run = MIN(len, RING_OCTETS - at);
	memcpy(t->ring + at, data, run);
	memcpy(t->ring, (const char *)data + run, len - run);
	t->used += len;
}

static void ring_drop(struct transcript *t)
{
	struct line oldest;
	ring_copy(t, t->first, &oldest, sizeof oldest);
	t->first = (t->first + sizeof oldest + oldest.len) % RING_OCTETS;
	t->used -= sizeof oldest + oldest.len;
}

static void ring_add(struct transcript *t, const struct line *l, const char *text)
{
	while (t->used + sizeof *l + l->len > RING_OCTETS) {
		ring_drop(t);
		t->lost++;
	}
	ring_append(t, l, sizeof *l);
	ring_append(t, text, l->len);
}

static void ring_write(struct transcript *t)
{
	if (t->lost > 0)
		fprintf(t->file, _("         … %u lines are left out\n"), t->lost);
	while (t->used > 0) {
		struct line l;
		ring_copy(t, t->first, &l, sizeof l);
		g_autofree char *text = g_malloc(l.len + 1u);
		ring_copy(t, t->first + sizeof l, text, l.len);
		put_line(t, &l, text);
		ring_drop(t);
	}
}

/* --- a session ------------------------------------------------------------------- */

static void put_title(struct transcript *t, const struct account *a, enum agent_service service)
{
	const char *name = service == AGENT_POP3 ? "pop3" : "smtp";
	const struct server_url *url = service == AGENT_POP3 ? a->pop3 : a->smtp;
	g_autofree char *text = server_url_text(name, url);
	g_autofree char *clean = sanitize_line(text, -1);
	g_autofree char *when = clock_iso(clock_now());
	fprintf(t->file, "%s, %s, %s, dewey %s\n", when, a->id, clean, PACKAGE_VERSION);
	fflush(t->file);
}

struct transcript *transcript_begin(
	const struct store *s, const struct account *a, enum agent_service service)
{
	struct transcript *t = g_new0(struct transcript, 1);
	g_autofree char *path = store_log_path(s, a->id, service == AGENT_POP3 ? "pop3" : "smtp");
	t->began = clock_monotonic();
	t->ring = g_malloc(RING_OCTETS);
	/* "e": no child of ours, a password command for one, is to hold it. */
	t->file = fopen(path, "we");
	if (t->file)
		put_title(t, a, service);
	else
		report_debug("%s: %s", path, g_strerror(errno));
	return t;
}

static void add_line(struct transcript *t, char who, const char *line, size_t len)
{
	struct line l = {.len = (uint16_t)MIN(len, LINE_OCTETS), .who = who};
	report_debug("%c: %.*s", who, (int)l.len, line);
	if (!t || !t->file)
		return;
	l.when = clock_monotonic() - t->began;
	if (t->head >= HEAD_OCTETS) {
		ring_add(t, &l, line);
		return;
	}
	put_line(t, &l, line);
	fflush(t->file);
}

void transcript_line(bool sent, const char *line, size_t len, void *transcript)
{
	add_line(transcript, sent ? 'C' : 'S', line, len);
}

void transcript_note(struct transcript *t, const char *format, ...)
{
	va_list args;
	if (!t)
		return;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	add_line(t, '#', text, strlen(text));
}

void transcript_end(struct transcript *t, const GError *why)
{
	if (!t)
		return;
	if (t->file) {
		g_autofree char *clean = sanitize_line(why ? why->message : _("done"), -1);
		ring_write(t);
		fprintf(t->file, "%4d.%03d %s\n", (int)((clock_monotonic() - t->began) / 1000),
			(int)((clock_monotonic() - t->began) % 1000), clean);
		fclose(t->file);
	}
	g_free(t->ring);
	g_free(t);
}
