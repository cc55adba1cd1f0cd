/* SPDX-License-Identifier: MIT
 *
 * The text is cut into words; each word does its part to a struct phrase, and
 * what is in that at the end makes a moment. */
#include "store/when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"

enum { MINUTE = 60, HOUR = 3600, DAY_LENGTH = 86400, NINE = 9 * 60, NOT_SAID = -1 };

enum kind {
	KIND_NOW,
	KIND_AT,
	KIND_NEXT,
	KIND_IN,
	KIND_ONE,
	KIND_DAY,
	KIND_WEEKDAY,
	KIND_MONTH,
	KIND_CLOCK,
	KIND_HALF,
	KIND_UNIT,
};

enum half { AM, PM, IN_THE_MORNING, IN_THE_DAY, IN_THE_EVENING, AT_NIGHT };

/* Hours from … to of 1 … 12 may stand there; 12 counts as 0, and add is added. */
static const struct {
	int from, to, add;
} halves[] = {
	[AM] = {1, 12, 0},
	[PM] = {1, 12, 12},
	[IN_THE_MORNING] = {3, 11, 0},
	[IN_THE_DAY] = {1, 5, 12},
	[IN_THE_EVENING] = {4, 11, 12},
	[AT_NIGHT] = {1, 4, 0},
};

enum unit { MINUTES, HALF_HOURS, HOURS, DAYS, WEEKS, MONTHS };

static const struct {
	int seconds, days, months;
	int most; /* of them: ten years */
} units[] = {
	[MINUTES] = {.seconds = MINUTE, .most = 5258880},
	[HALF_HOURS] = {.seconds = HOUR / 2, .most = 1},
	[HOURS] = {.seconds = HOUR, .most = 87648},
	[DAYS] = {.days = 1, .most = 3652},
	[WEEKS] = {.days = 7, .most = 521},
	[MONTHS] = {.months = 1, .most = 120},
};

static const struct word {
	enum kind kind;
	int value;
	const char *words;
} words[] = {
#define WORD(kind, value, words) {KIND_##kind, value, words},
#include "store/when-words.def"
#undef WORD
};

struct phrase {
	GPtrArray *tokens;
	guint next;
	int64_t now;
	struct tm today;
	const char *open;  /* the last word that wants another one behind it */
	const char *wrong; /* the word that is not understood */
	bool has_day, has_year, keeps_time;
	int year, month, day; /* month 1 … 12; day may be more than the month has */
	int minutes, seconds; /* of the day; NOT_SAID */
	bool zoned;
	int zone;      /* seconds east of UTC */
	int64_t exact; /* the moment itself; NOT_SAID */
};

/* --- words ---------------------------------------------------------------------- */

static void add_token(GPtrArray *tokens, const char *text)
{
	const char *cut = text;
	/* "9am", "2ч": two words; "2026-11-23t9:00" and "9:00z" are one. */
	if (g_ascii_isdigit(*text) && !strchr(text, '-'))
		while (*cut != '\0' && !g_unichar_isalpha(g_utf8_get_char(cut)))
			cut = g_utf8_next_char(cut);
	if (cut > text && *cut != '\0' && strcmp(cut, "z") != 0)
		g_ptr_array_add(tokens, g_strndup(text, (gsize)(cut - text)));
	else
		cut = text;
	g_ptr_array_add(tokens, g_strdup(cut));
}

static GPtrArray *split(const char *text)
{
	GPtrArray *tokens = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *lower = g_utf8_strdown(valid, -1);
	g_autoptr(GString) plain = g_string_new(lower);
	g_string_replace(plain, "ё", "е", 0);
	g_auto(GStrv) parts = g_strsplit_set(plain->str, " \t\r\n,", -1);
	for (char **part = parts; *part; part++)
		if (**part != '\0')
			add_token(tokens, *part);
	return tokens;
}

static const char *peek(const struct phrase *p)
{
	return p->next < p->tokens->len ? p->tokens->pdata[p->next] : NULL;
}

static bool is_one_of(const char *list, const char *token)
{
	size_t len = strlen(token);
	for (const char *at = strstr(list, token); at; at = strstr(at + 1, token))
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static const struct word *find(enum kind kind, const char *token)
{
	for (size_t i = 0; token && i < G_N_ELEMENTS(words); i++)
		if (words[i].kind == kind && is_one_of(words[i].words, token))
			return &words[i];
	return NULL;
}

/* The next word, if it is of this kind. */
static const struct word *take(struct phrase *p, enum kind kind)
{
	const struct word *word = find(kind, peek(p));
	if (word)
		p->next++;
	return word;
}

/* A number of at most 7 digits and nothing else; NOT_SAID. */
static int number(const char *token)
{
	size_t len = token ? strspn(token, "0123456789") : 0;
	return len > 0 && len < 8 && token[len] == '\0' ? atoi(token) : NOT_SAID;
}

static bool refuse(struct phrase *p, const char *token)
{
	if (!p->wrong)
		p->wrong = token;
	return false;
}

/* --- moments -------------------------------------------------------------------- */

static struct tm local(int64_t when)
{
	struct tm tm = {0};
	time_t t = (time_t)when;
	localtime_r(&t, &tm);
	return tm;
}

static bool is_then(int64_t when, int64_t wall)
{
	return when + local(when).tm_gmtoff == wall;
}

/* wall: seconds since 1970 as a clock on the wall counts them.  The offsets of a
 * day before and after are the only ones it can have. */
static int64_t from_wall(int64_t wall)
{
	int64_t early = wall - local(wall - DAY_LENGTH).tm_gmtoff;
	int64_t late = wall - local(wall + DAY_LENGTH).tm_gmtoff;
	if (is_then(early, wall) && is_then(late, wall))
		return MIN(early, late);
	return is_then(late, wall) ? late : early;
}

static int64_t moment(const struct phrase *p, int year, int day)
{
	struct tm tm = {.tm_year = year - 1900,
		.tm_mon = p->month - 1,
		.tm_mday = day,
		.tm_min = p->minutes,
		.tm_sec = p->seconds};
	int64_t wall = (int64_t)timegm(&tm);
	return p->zoned ? wall - p->zone : from_wall(wall);
}

/* --- days ----------------------------------------------------------------------- */

static bool set_date(struct phrase *p, int year, int month, int day)
{
	bool leap = year == NOT_SAID; /* 29 February has a year some time */
	if (p->has_day || month < 1 || month > 12 || day < 1 || day > 31 ||
		!g_date_valid_dmy(
			(GDateDay)day, (GDateMonth)month, (GDateYear)(leap ? 2000 : year)))
		return false;
	p->has_day = true;
	p->has_year = !leap;
	p->year = leap ? p->today.tm_year + 1900 : year;
	p->month = month;
	p->day = day;
	return true;
}

static bool set_day(struct phrase *p, int months, int days)
{
	int month = p->today.tm_mon + months;
	if (p->has_day)
		return false;
	p->has_day = p->has_year = true;
	p->year = p->today.tm_year + 1900 + month / 12;
	p->month = month % 12 + 1;
	p->day = p->today.tm_mday + days;
	/* "in 1 month" on the 31st is the last day of a shorter one. */
	if (months > 0)
		p->day = MIN(
			p->day, g_date_get_days_in_month((GDateMonth)p->month, (GDateYear)p->year));
	return true;
}

static bool read_day(struct phrase *p, const struct word *word)
{
	return set_day(p, 0, word->value);
}

static bool read_weekday(struct phrase *p, const struct word *word)
{
	int days = (word->value - p->today.tm_wday + 7) % 7;
	return set_day(p, 0, days == 0 ? 7 : days);
}

static int take_year(struct phrase *p)
{
	int year = number(peek(p));
	if (year < 1970 || year > 9999)
		return NOT_SAID;
	p->next++;
	return year;
}

/* "december 25 2026" */
static bool read_month(struct phrase *p, const struct word *word)
{
	int day = number(peek(p));
	if (day == NOT_SAID)
		return false;
	p->next++;
	return set_date(p, take_year(p), word->value, day);
}

/* "25.12", "25.12.", "25.12.2026" */
static bool read_dotted(struct phrase *p, const char *token)
{
	int day, month, year = NOT_SAID, used = 0;
	int n = sscanf(token, "%2d.%2d%n.%n%4d%n", &day, &month, &used, &used, &year, &used);
	return n >= 2 && token[used] == '\0' && (n == 2 || year > 1969) &&
	       set_date(p, year, month, day);
}

/* --- times ---------------------------------------------------------------------- */

static bool set_time(struct phrase *p, int hour, int minute, int second)
{
	if (p->minutes != NOT_SAID || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
		second < 0 || second > 59)
		return false;
	p->minutes = hour * 60 + minute;
	p->seconds = second;
	return true;
}

static bool set_hour(struct phrase *p, int hour, int minute)
{
	const struct word *half = take(p, KIND_HALF);
	if (half) {
		if (hour != 12 &&
			(hour < halves[half->value].from || hour > halves[half->value].to))
			return false;
		hour = hour % 12 + halves[half->value].add;
	}
	return set_time(p, hour, minute, 0);
}

/* "9:00"; true when token is one, right or wrong. */
static bool is_time(const char *token, int *hour, int *minute)
{
	int used = 0;
	return sscanf(token, "%2d:%2d%n", hour, minute, &used) == 2 && token[used] == '\0' &&
	       strchr(token, ':') - token + 3 == used;
}

static bool read_clock(struct phrase *p, const struct word *word)
{
	return set_time(p, word->value / 60, word->value % 60, 0);
}

/* "9": only where it cannot be anything else; "25 december". */
static bool read_number(struct phrase *p, int n)
{
	const struct word *month = take(p, KIND_MONTH);
	if (month)
		return set_date(p, take_year(p), month->value, n);
	const struct word *hours = p->open ? find(KIND_UNIT, peek(p)) : NULL;
	if (hours && hours->value == HOURS)
		p->next++;
	return (p->open || p->has_day || find(KIND_HALF, peek(p))) && set_hour(p, n, 0);
}

/* --- spans ---------------------------------------------------------------------- */

static bool read_in(struct phrase *p, const struct word *word)
{
	const struct word *one = take(p, KIND_ONE);
	int n = one ? one->value : number(peek(p));
	if (!one && n != NOT_SAID)
		p->next++;
	const char *last = p->tokens->pdata[p->next - 1];
	const struct word *unit = take(p, KIND_UNIT);
	n = n == NOT_SAID ? 1 : n;
	if (!unit || n < 1 || n > units[unit->value].most)
		return refuse(p, unit || !peek(p) ? last : peek(p));
	if (units[unit->value].seconds > 0) {
		p->exact = p->now + (int64_t)n * units[unit->value].seconds;
		return true;
	}
	p->keeps_time = true;
	return set_day(p, n * units[unit->value].months, n * units[unit->value].days);
}

static bool read_now(struct phrase *p, const struct word *word)
{
	p->exact = p->now;
	return true;
}

/* --- ISO 8601 --------------------------------------------------------------------- */

static bool read_zone(struct phrase *p, const char *text)
{
	int hours, minutes = 0, used = 0;
	p->zoned = *text != '\0';
	if (!p->zoned || strcmp(text, "z") == 0)
		return true;
	if ((*text != '+' && *text != '-') || !g_ascii_isdigit(text[1]))
		return false;
	int n = sscanf(text + 1, "%2d%n%*[:]%2d%n", &hours, &used, &minutes, &used);
	if (n == 1 && text[1 + used] != '\0')
		n = sscanf(text + 1, "%2d%2d%n", &hours, &minutes, &used);
	if (text[1 + used] != '\0' || hours > 14 || minutes > 59)
		return false;
	p->zone = (hours * HOUR + minutes * MINUTE) * (*text == '-' ? -1 : 1);
	return true;
}

static bool read_iso_time(struct phrase *p, const char *text)
{
	int hour, minute, second = 0, used = 0;
	if (!g_ascii_isdigit(*text))
		return false;
	if (sscanf(text, "%2d:%2d%n:%2d%n", &hour, &minute, &used, &second, &used) < 2)
		return false;
	return set_time(p, hour, minute, second) && read_zone(p, text + used);
}

static bool is_iso(const char *token)
{
	return strspn(token, "0123456789") == 4 && token[4] == '-';
}

static bool read_iso(struct phrase *p, const char *token)
{
	int year, month, day, used = 0;
	if (sscanf(token, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || year < 1970 ||
		!set_date(p, year, month, day))
		return false;
	if (token[used] == 't')
		return read_iso_time(p, token + used + 1);
	const char *next = peek(p);
	int hour, minute;
	/* "9:00+03:00" is no time of the other grammar. */
	if (token[used] == '\0' && next && strchr(next, ':') && !is_time(next, &hour, &minute)) {
		p->next++;
		return read_iso_time(p, next) || refuse(p, next);
	}
	return token[used] == '\0';
}

/* --- the whole ---------------------------------------------------------------------- */

static bool read_word(struct phrase *p, const char *token)
{
	static const struct {
		enum kind kind;
		bool (*read)(struct phrase *p, const struct word *word);
	} readers[] = {
		{KIND_NOW, read_now},
		{KIND_IN, read_in},
		{KIND_DAY, read_day},
		{KIND_WEEKDAY, read_weekday},
		{KIND_MONTH, read_month},
		{KIND_CLOCK, read_clock},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(readers); i++) {
		const struct word *word = find(readers[i].kind, token);
		if (word)
			return readers[i].read(p, word);
	}
	return false;
}

static bool read_part(struct phrase *p, const char *token)
{
	int hour, minute, n = number(token);
	if (p->exact != NOT_SAID)
		return false;
	if (is_iso(token))
		return read_iso(p, token);
	if (is_time(token, &hour, &minute))
		return set_hour(p, hour, minute);
	if (n != NOT_SAID)
		return read_number(p, n);
	return g_ascii_isdigit(*token) ? read_dotted(p, token) : read_word(p, token);
}

static bool read_token(struct phrase *p, const char *token)
{
	bool open = find(KIND_AT, token) || find(KIND_NEXT, token);
	bool ok = open || read_part(p, token);
	p->open = open ? token : NULL;
	return ok;
}

/* NULL: all words are understood. */
static const char *read_all(struct phrase *p)
{
	while (peek(p)) {
		const char *token = p->tokens->pdata[p->next++];
		if (!read_token(p, token))
			return p->wrong ? p->wrong : token;
	}
	/* "today in 2 hours" */
	if (p->exact != NOT_SAID && (p->has_day || p->minutes != NOT_SAID))
		return p->tokens->pdata[p->tokens->len - 1];
	return p->open;
}

static int64_t next_time(const struct phrase *p)
{
	int64_t at = moment(p, p->year, p->day);
	return at > p->now ? at : moment(p, p->year, p->day + 1);
}

static int64_t next_date(struct phrase *p)
{
	/* Eight years have a 29 February, whatever century begins. */
	for (int year = p->year; year < p->year + 9; year++) {
		bool there =
			g_date_valid_dmy((GDateDay)p->day, (GDateMonth)p->month, (GDateYear)year);
		if (there && moment(p, year, p->day) > p->now)
			return moment(p, year, p->day);
	}
	return 0;
}

static int64_t resolve(struct phrase *p)
{
	if (p->exact != NOT_SAID)
		return p->exact;
	if (!p->has_day) {
		set_day(p, 0, 0);
		return next_time(p);
	}
	if (p->minutes == NOT_SAID && p->keeps_time) {
		p->minutes = p->today.tm_hour * 60 + p->today.tm_min;
		p->seconds = p->today.tm_sec;
	} else if (p->minutes == NOT_SAID) {
		p->minutes = NINE;
	}
	return p->has_year ? moment(p, p->year, p->day) : next_date(p);
}

static bool not_understood(const char *text, const char *word, GError **error)
{
	if (!word)
		g_set_error(error, STORE_ERROR, STORE_ERROR_QUERY,
			_("no time is given; write for example 'tomorrow 9:00', 'in 2 hours' or "
			  "'2026-11-23 9:00'"));
	else if (g_ascii_strcasecmp(word, text) == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_QUERY,
			_("'%s' is not a time; write for example 'tomorrow 9:00', 'in 2 hours' or "
			  "'2026-11-23 9:00'"),
			text);
	else
		/* TRANSLATORS: a word, and the time in words that it stands in; the
		 * examples may be in your language if when.h knows it */
		g_set_error(error, STORE_ERROR, STORE_ERROR_QUERY,
			_("'%s' is not understood in the time '%s'; write for example "
			  "'tomorrow 9:00', 'in 2 hours' or '2026-11-23 9:00'"),
			word, text);
	return false;
}

bool when_parse(const char *text, int64_t now, int64_t *at, GError **error)
{
	tzset();
	g_autoptr(GPtrArray) tokens = split(text);
	struct phrase p = {.tokens = tokens,
		.now = now,
		.today = local(now),
		.minutes = NOT_SAID,
		.exact = NOT_SAID};
	const char *wrong = read_all(&p);
	if (wrong || tokens->len == 0)
		return not_understood(text, wrong, error);
	*at = resolve(&p);
	if (*at >= now)
		return true;
	g_autofree char *when = clock_long(*at);
	g_set_error(
		error, STORE_ERROR, STORE_ERROR_QUERY, _("'%s' is past: it was %s"), text, when);
	return false;
}

/* --- the way back --------------------------------------------------------------------- */

static const char *const weekdays[] = {N_("sunday"), N_("monday"), N_("tuesday"), N_("wednesday"),
	N_("thursday"), N_("friday"), N_("saturday")};

static int64_t day_number(const struct tm *tm)
{
	struct tm day = {.tm_year = tm->tm_year, .tm_mon = tm->tm_mon, .tm_mday = tm->tm_mday};
	return (int64_t)timegm(&day) / DAY_LENGTH;
}

char *when_text(int64_t at)
{
	tzset();
	struct tm then = local(at), now = local(clock_now());
	int64_t days = day_number(&then) - day_number(&now);
	if (days < 0 || days > 6)
		return g_strdup_printf("%04d-%02d-%02d %02d:%02d", then.tm_year + 1900,
			then.tm_mon + 1, then.tm_mday, then.tm_hour, then.tm_min);
	const char *day = days == 0   ? _("today")
			  : days == 1 ? _("tomorrow")
				      : _(weekdays[then.tm_wday]);
	return g_strdup_printf("%s %02d:%02d", day, then.tm_hour, then.tm_min);
}
