/* SPDX-License-Identifier: MIT */
#include "mime/cyrillic.h"

enum {
#define CYRILLIC_MEAN(mean) MEAN = (mean),
#define CYRILLIC_ROW(...)
#include "mime/cyrillic-pairs.def"
#undef CYRILLIC_MEAN
#undef CYRILLIC_ROW
	N_LETTERS = 38, /* with the edge of a word, which is 0 */
	ENOUGH = 4096,  /* letters that decide; more would say the same */
};

static const signed char pairs[N_LETTERS][N_LETTERS] = {
#define CYRILLIC_MEAN(mean)
#define CYRILLIC_ROW(...) {__VA_ARGS__},
#include "mime/cyrillic-pairs.def"
#undef CYRILLIC_MEAN
#undef CYRILLIC_ROW
};

/* Tenths of a natural logarithm, as in the table. */
enum {
	RARE = -60,        /* a letter of Serbian, Macedonian … */
	FOREIGN = -90,     /* of another alphabet, a symbol */
	IN_WORD = -40,     /* … for each letter beside it */
	MARK = -45,        /* quotes, dashes, №, no-break space */
	RISES = -55,       /* a capital behind a small letter */
	CAPITALS = -2,     /* … behind a capital */
	TOUCHES = -25,     /* a letter of ASCII or a closing mark beside one of these */
	UNCLOSED = -30,    /* a quote that nothing closes */
	AMISS = -40,       /* a no-break space between a space and a letter */
	LINE = -3,         /* box drawing that goes on */
	LINE_TURNS = -45,  /* … another piece of it */
};

/* What a character is: below N_LETTERS a letter, with CAPITAL a capital one. */
enum {
	CAPITAL = 0x40,
	IS_RARE = 0x3F, /* a letter that the table does not know */
	IS_MARK = 0x80,
	IS_OPENING,     /* quotes; some close as well */
	IS_CLOSING,     /* … and what stands behind words */
	IS_BLANK,       /* the no-break space */
	IS_LINE,        /* box drawing */
	IS_FOREIGN,
	IS_LATIN,       /* of ASCII */
	IS_OTHER,
};

static guint8 small_letter(gunichar c)
{
	if (c >= 0x430 && c <= 0x44F)
		return (guint8)(c - 0x430 + 1);
	switch (c) {
	case 0x451: /* ё, which is е to most who write */
		return 6;
	case 0x456:
		return 33;
	case 0x457:
		return 34;
	case 0x454:
		return 35;
	case 0x491:
		return 36;
	case 0x45E:
		return 37;
	default:
		return c > 0x44F && c <= 0x45F ? IS_RARE : 0;
	}
}

/* What a program for texts writes: §, ©, °, № … */
static bool is_mark(gunichar c)
{
	return c == 0xA7 || c == 0xA9 || c == 0xB0 || c == 0x2116;
}

static bool is_opening(gunichar c)
{
	return c == 0xAB || c == 0x2018 || c == 0x201C || c == 0x201E;
}

/* … of these no word begins behind. */
static bool is_closing(gunichar c)
{
	return c == 0xBB || c == 0x2013 || c == 0x2014 || c == 0x2019 || c == 0x201D ||
		c == 0x2022 || c == 0x2026;
}

static guint8 class_of(gunichar c)
{
	gunichar lower = g_unichar_tolower(c);
	guint8 letter = small_letter(lower);
	if (letter)
		return lower == c ? letter : letter | CAPITAL;
	if (c < 0x80)
		return g_ascii_isalpha((char)c) ? IS_LATIN : IS_OTHER;
	if (c >= 0x2500 && c <= 0x259F)
		return IS_LINE;
	if (is_opening(c))
		return IS_OPENING;
	if (c == 0xA0)
		return IS_BLANK;
	return is_mark(c) ? IS_MARK : is_closing(c) ? IS_CLOSING : IS_FOREIGN;
}

void cyrillic_map_init(struct cyrillic_map *m, const gunichar high[128])
{
	for (int i = 0; i < 128; i++)
		m->of[i] = class_of(high[i]);
}

struct reader {
	guint8 before; /* the character before */
	bool spaced;   /* it is a no-break space where a word begins */
	gunichar last; /* its code */
	int sum, lines, open; /* open: quotes */
	size_t letters, marks, words, odd;
};

static bool is_letter(guint8 class)
{
	return class < IS_MARK;
}

static int case_value(guint8 before, guint8 now)
{
	if (!(now & CAPITAL))
		return 0;
	return before & CAPITAL ? CAPITALS : RISES;
}

static int pair_value(guint8 before, guint8 now)
{
	guint8 a = before & ~CAPITAL, b = now & ~CAPITAL;
	return a == IS_RARE || b == IS_RARE ? RARE : pairs[a][b];
}

static bool is_odd(guint8 before, guint8 now)
{
	bool rises = (now & CAPITAL) && !(before & CAPITAL);
	return rises || (now & ~CAPITAL) == IS_RARE;
}

static void read_letter(struct reader *r, guint8 now)
{
	bool inside = is_letter(r->before);
	r->sum += pair_value(inside ? r->before : 0, now);
	if (inside)
		r->sum += case_value(r->before, now);
	else if (r->before == IS_LATIN || r->before == IS_CLOSING)
		r->sum += TOUCHES;
	else if (r->before == IS_FOREIGN || r->before == IS_LINE)
		r->sum += IN_WORD;
	else if (r->spaced)
		r->sum += AMISS;
	r->letters++;
	r->words += inside;
	r->odd += inside && is_odd(r->before, now);
}

static void read_quote(struct reader *r, guint8 now)
{
	bool opens = now == IS_OPENING && !is_letter(r->before);
	if (opens)
		r->open++;
	else if (r->open > 0 && now != IS_MARK && now != IS_BLANK)
		r->open--;
}

static void read_other(struct reader *r, guint8 now, bool again)
{
	if (is_letter(r->before))
		r->sum += pair_value(r->before, 0) + (now == IS_LATIN ? TOUCHES : 0);
	if (now == IS_LATIN || now == IS_OTHER)
		return;
	/* Lines and tables are drawn between words, not inside. */
	if (now == IS_LINE && !is_letter(r->before) && r->before != IS_LATIN) {
		r->lines += again ? LINE : LINE_TURNS;
		return;
	}
	read_quote(r, now);
	bool foreign = now == IS_FOREIGN || now == IS_LINE;
	r->sum += foreign ? FOREIGN + (is_letter(r->before) ? IN_WORD : 0) : MARK;
	r->odd += foreign;
	r->marks++;
}

static void read_class(struct reader *r, guint8 now, gunichar code)
{
	if (is_letter(now))
		read_letter(r, now);
	else
		read_other(r, now, code == r->last);
	/* What stands where words begin is a capital of another charset. */
	r->spaced = now == IS_BLANK && r->before == IS_OTHER;
	r->before = now;
	r->last = code;
}

static struct cyrillic_fit result(struct reader *r)
{
	read_class(r, IS_OTHER, 0);
	int apart = r->lines + MIN(r->open, 3) * UNCLOSED;
	struct cyrillic_fit fit = {CYRILLIC_NONE, r->sum + apart, r->letters, r->odd};
	/* Russian comes in words; a no-break space here and there does not. */
	if (r->letters > 0 && r->letters >= r->marks && r->words * 2 >= r->letters)
		fit.mean = r->sum * 10 / (int)(r->letters + r->marks) - MEAN * 10;
	return fit;
}

struct cyrillic_fit cyrillic_fit(const struct cyrillic_map *m, const char *data, size_t len)
{
	struct reader r = {.before = IS_OTHER};
	for (size_t i = 0; i < len && r.letters < ENOUGH; i++) {
		guchar octet = (guchar)data[i];
		read_class(&r, octet >= 0x80 ? m->of[octet - 0x80]
				: g_ascii_isalpha((char)octet) ? IS_LATIN : IS_OTHER, octet);
	}
	return result(&r);
}

struct cyrillic_fit cyrillic_fit_text(const char *text, size_t len)
{
	struct reader r = {.before = IS_OTHER};
	const char *end = text + len;
	for (const char *p = text; p < end && r.letters < ENOUGH; p = g_utf8_next_char(p)) {
		gunichar code = g_utf8_get_char(p);
		read_class(&r, class_of(code), code);
	}
	return result(&r);
}
