/* SPDX-License-Identifier: MIT */
#include "smtp/extensions.h"

#include <string.h>

/* A number that stands alone; -1: it is none. */
static int64_t number(const char *text)
{
	guint64 n;
	bool ok = g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &n, NULL);
	return ok ? (int64_t)n : -1;
}

static void nothing(struct extensions *x, char **words)
{
}

static void take_size(struct extensions *x, char **words)
{
	x->size_limit = words[0] ? MAX(0, number(words[0])) : 0;
}

static void take_mechanisms(struct extensions *x, char **words)
{
	g_free(x->mechanisms);
	x->mechanisms = g_strjoinv(" ", words);
}

/* "604800 2026-12-01T00:00:00Z" (RFC 4865 section 4). */
static void take_future_release(struct extensions *x, char **words)
{
	if (g_strv_length(words) != 2)
		return;
	g_autoptr(GDateTime) until = g_date_time_new_from_iso8601(words[1], NULL);
	x->hold_interval = MAX(0, number(words[0]));
	x->hold_until = until ? g_date_time_to_unix(until) : 0;
}

static guint limit(const char *value)
{
	return (guint)CLAMP(number(value), 0, G_MAXINT);
}

/* "RCPTMAX=20 MAILMAX=5": those that are not known are nobody's business. */
static void take_limits(struct extensions *x, char **words)
{
	for (; *words; words++) {
		const char *value = strchr(*words, '=');
		size_t len = value ? (size_t)(value++ - *words) : 0;
		if (len == 7 && g_ascii_strncasecmp(*words, "RCPTMAX", len) == 0)
			x->recipients_max = limit(value);
		else if (len == 7 && g_ascii_strncasecmp(*words, "MAILMAX", len) == 0)
			x->letters_max = limit(value);
		else if (len == 13 && g_ascii_strncasecmp(*words, "RCPTDOMAINMAX", len) == 0)
			x->domains_max = limit(value);
	}
}

static const struct {
	const char *keyword;
	size_t at;
	void (*arguments)(struct extensions *x, char **words);
} table[] = {
#define EXTENSION(member, keyword, arguments)                                                      \
	{keyword, offsetof(struct extensions, member), arguments},
#include "smtp/extensions.def"
#undef EXTENSION
};

/* Blanks may stand twice. */
static char **split(const char *line)
{
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	g_auto(GStrv) all = g_strsplit(line, " ", -1);
	for (guint i = 0; all[i]; i++)
		if (*all[i])
			g_strv_builder_add(words, all[i]);
	return g_strv_builder_end(words);
}

void extensions_take(struct extensions *x, const char *line)
{
	g_auto(GStrv) words = split(line);
	for (size_t i = 0; words[0] && i < G_N_ELEMENTS(table); i++)
		if (g_ascii_strcasecmp(words[0], table[i].keyword) == 0) {
			*(bool *)((char *)x + table[i].at) = true;
			table[i].arguments(x, words + 1);
		}
}

void extensions_clear(struct extensions *x)
{
	g_free(x->mechanisms);
	*x = (struct extensions){0};
}
