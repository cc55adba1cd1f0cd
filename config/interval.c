/* SPDX-License-Identifier: MIT */
#include "config/parse.h"

#include <string.h>

enum { DAY = 86400 };

static const struct {
	const char *name;
	int seconds;
} units[] = {
	{"", 1},
	{" second", 1},
	{" seconds", 1},
	{" minute", 60},
	{" minutes", 60},
	{" hour", 3600},
	{" hours", 3600},
	{"s", 1},
	{"m", 60},
	{"h", 3600},
};

bool interval_parse(const char *text, int *seconds)
{
	guint64 n = 0;
	size_t digits = strspn(text, "0123456789");
	g_autofree char *number = g_strndup(text, digits);
	if (!g_ascii_string_to_unsigned(number, 10, 0, DAY, &n, NULL))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
		if (strcmp(text + digits, units[i].name) == 0) {
			*seconds = (int)n * units[i].seconds;
			return *seconds <= DAY;
		}
	return false;
}

static bool days_up_to(const char *text, int most, int *days)
{
	char *end;
	gint64 n = g_ascii_isdigit(*text) ? g_ascii_strtoll(text, &end, 10) : 0;
	*days = (int)CLAMP(n, 0, most);
	return n > 0 && n <= most && (strcmp(end, " days") == 0 || strcmp(end, " day") == 0);
}

bool days_parse(const char *text, int *days)
{
	return days_up_to(text, 30, days);
}

bool expiry_parse(const char *text, int *days)
{
	*days = 0;
	return strcmp(text, "never") == 0 || days_up_to(text, 36500, days);
}
