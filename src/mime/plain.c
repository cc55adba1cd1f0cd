/* SPDX-License-Identifier: MIT */
#include "mime/plain.h"

#include <string.h>

#include "mime/header.h"

enum { NAME_MAX_OCTETS = 500, FIRST_YEAR = 1971, LAST_YEAR = 2199 };

static const char *skip_white(const char *p)
{
	return p + strspn(p, " \t\r\n");
}

/* --- addresses ----------------------------------------------------------------- */

/* Atoms with single dots between, to where they end; NULL: none. */
static const char *skip_atoms(const char *p, const char *also)
{
	for (;;) {
		const char *start = p;
		while (g_ascii_isalnum(*p) || (*p && strchr(also, *p)))
			p++;
		if (p == start)
			return NULL;
		if (*p != '.')
			return p;
		p++;
	}
}

static const char *skip_address(const char *p)
{
	const char *at = skip_atoms(p, "-_+");
	return at && *at == '@' ? skip_atoms(at + 1, "-") : NULL;
}

/* Words with one space between, or encoded words of one charset with white space:
 * to the white space before what follows. */
static const char *skip_name(const char *p, bool *encoded)
{
	const char *first = p;
	*encoded = p[0] == '=' && p[1] == '?';
	for (;;) {
		const char *start = p;
		if (*encoded) {
			p = header_skip_word(p, first);
			if (!p)
				return NULL;
		}
		while (!*encoded && g_ascii_isalnum(*p))
			p++;
		const char *next = skip_white(p);
		if (p == start || next == p || (!*encoded && (next != p + 1 || *p != ' ')))
			return NULL;
		if (*next == '<')
			return p;
		p = next;
	}
}

static bool is_printable(const char *text)
{
	const char *end = text;
	for (const char *p = text; *p; p++)
		if ((guchar)*p < 0x20 || *p == 0x7F)
			return false;
	return g_utf8_validate(text, -1, &end);
}

/* NULL: it is not so plain.  U+FFFD may stand for an octet that GMime shows. */
static char *read_name(struct charsets *c, const char *start, const char *end, bool encoded)
{
	char *raw = g_strndup(start, (gsize)(end - start));
	if (!encoded)
		return raw;
	char *name = header_decode(c, raw, NULL);
	g_free(raw);
	bool good = *name && strlen(name) <= NAME_MAX_OCTETS && is_printable(name) &&
		    *name != ' ' && !g_str_has_suffix(name, " ") && !strstr(name, "\xEF\xBF\xBD");
	return good ? name : (g_free(name), NULL);
}

/* Name and address, and the white space behind. */
static const char *read_mailbox(struct charsets *c, const char *p, GPtrArray *found)
{
	const char *end = skip_address(p);
	if (end) {
		g_ptr_array_add(found, g_strdup(""));
		g_ptr_array_add(found, g_strndup(p, (gsize)(end - p)));
		return skip_white(end);
	}
	bool encoded;
	const char *after = skip_name(p, &encoded);
	const char *open = after ? skip_white(after) : NULL;
	end = open ? skip_address(open + 1) : NULL;
	char *name = end && *end == '>' ? read_name(c, p, after, encoded) : NULL;
	if (!name)
		return NULL;
	g_ptr_array_add(found, name);
	g_ptr_array_add(found, g_strndup(open + 1, (gsize)(end - open - 1)));
	return skip_white(end + 1);
}

bool plain_addresses(struct charsets *c, const char *raw, GPtrArray *found)
{
	const char *p = skip_white(raw);
	guint had = found->len;
	while ((p = read_mailbox(c, p, found)) && *p == ',')
		p = skip_white(p + 1);
	if (p && !*p)
		return true;
	g_ptr_array_set_size(found, (gint)had);
	return false;
}

/* --- dates --------------------------------------------------------------------- */

/* Exactly so many digits. */
static bool take_digits(const char **p, int count, int *number)
{
	*number = 0;
	for (int i = 0; i < count; i++, (*p)++) {
		if (!g_ascii_isdigit(**p))
			return false;
		*number = *number * 10 + (**p - '0');
	}
	return true;
}

static bool take(const char **p, char c)
{
	bool is = **p == c;
	*p += is;
	return is;
}

/* One of the names of three letters; its number from 0 on. */
static bool take_name(const char **p, const char *names, int *number)
{
	for (*number = 0; names[3 * *number]; (*number)++)
		if (strncmp(*p, names + (ptrdiff_t)3 * *number, 3) == 0) {
			*p += 3;
			return true;
		}
	return false;
}

static int64_t days_since_1970(int year, int month, int day)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	bool leaps = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	int64_t past = year - 1;
	return 365 * past + past / 4 - past / 100 + past / 400 - 719162 + before[month] +
	       (month > 1 && leaps) + day - 1;
}

bool plain_date(const char *raw, int64_t *date)
{
	const char *p = skip_white(raw);
	int name, day, month, year, hour, minute, second, zone_hour, zone_minute;
	if (take_name(&p, "MonTueWedThuFriSatSun", &name) && !(take(&p, ',') && take(&p, ' ')))
		return false;
	int digits = g_ascii_isdigit(p[0]) && g_ascii_isdigit(p[1]) ? 2 : 1;
	if (!take_digits(&p, digits, &day) || !take(&p, ' ') ||
		!take_name(&p, "JanFebMarAprMayJunJulAugSepOctNovDec", &month) || !take(&p, ' ') ||
		!take_digits(&p, 4, &year) || !take(&p, ' ') || !take_digits(&p, 2, &hour) ||
		!take(&p, ':') || !take_digits(&p, 2, &minute) || !take(&p, ':') ||
		!take_digits(&p, 2, &second) || !take(&p, ' '))
		return false;
	bool west = *p == '-';
	if (!(take(&p, '-') || take(&p, '+')) || !take_digits(&p, 2, &zone_hour) ||
		!take_digits(&p, 2, &zone_minute) || *skip_white(p))
		return false;
	if (day < 1 || day > 28 || year < FIRST_YEAR || year > LAST_YEAR || hour > 23 ||
		minute > 59 || second > 59 || zone_hour > 12 || zone_minute > 59)
		return false;
	int64_t zone = zone_hour * 3600 + zone_minute * 60;
	*date = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
		(west ? -zone : zone);
	return true;
}
