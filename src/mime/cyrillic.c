/* SPDX-License-Identifier: MIT */
#include "mime/charset.h"

/* How often each letter stands in Russian text, as ten times the natural
 * logarithm of its share, а to я; then ё.  Read in the wrong charset the
 * common letters turn into rare ones, and lower case into upper. */
static const signed char frequency[] = {
	-25, -41, -31, -41, -35, -25, -47, -41, -26, -44, -34, -31, -34, -27, -22, -36, /* а-п */
	-31, -29, -28, -36, -60, -46, -53, -42, -49, -56, -78, -40, -41, -57, -51, -39, /* р-я */
};

enum {
	BEST = -31,     /* the mean of good text */
	YO = -60,
	RELATED = -50,  /* Ukrainian and Belarusian letters */
	FOREIGN = -90,  /* of other alphabets, box drawing, symbols */
	MARK = -40,     /* quotes, dashes, №, no-break space */
	ENOUGH = 4096,  /* octets that decide; more would say the same */
};

enum class { OTHER, LOWER, UPPER, LATIN };

struct reader {
	enum class before;
	gunichar last;   /* the letter before, in lower case */
	int consonants;  /* in a row */
	int same;        /* of one letter in a row, beyond the first */
	int sum;
	size_t letters, marks, pairs; /* pairs: letters beside letters */
};

static enum class class_of(gunichar c)
{
	if ((c >= 0x430 && c <= 0x45F) || c == 0x491)
		return LOWER;
	if ((c >= 0x400 && c <= 0x42F) || c == 0x490)
		return UPPER;
	return g_unichar_isalpha(c) ? LATIN : OTHER;
}

static int letter_value(gunichar c)
{
	gunichar lower = g_unichar_tolower(c);
	if (lower >= 0x430 && lower <= 0x44F)
		return frequency[lower - 0x430];
	if (lower == 0x451)
		return YO;
	return lower == 0x456 || lower == 0x457 || lower == 0x454 || lower == 0x491 || lower == 0x45E
		? RELATED
		: FOREIGN;
}

static bool is_mark(gunichar c)
{
	return c == 0xA0 || c == 0xAB || c == 0xBB || c == 0xA7 || c == 0xA9 || c == 0xB0 ||
		c == 0x2116 || (c >= 0x2010 && c <= 0x2026);
}

/* Box drawing, which stands alone in lines and tables. */
static bool is_line(gunichar c)
{
	return c >= 0x2500 && c <= 0x259F;
}

static int context_value(enum class before, enum class now)
{
	if (before == LATIN)
		return -25;
	if (now == UPPER && before == LOWER)
		return -60;
	return now == UPPER && before == UPPER ? -8 : now == UPPER ? -3 : 0;
}

static bool is_vowel(gunichar lower)
{
	static const gunichar vowels[] = {0x430, 0x435, 0x438, 0x43E, 0x443, 0x44B, 0x44D, 0x44E,
		0x44F, 0x451, 0x454, 0x456, 0x457};
	for (size_t i = 0; i < G_N_ELEMENTS(vowels); i++)
		if (vowels[i] == lower)
			return true;
	return false;
}

/* How letters follow each other in Slavic words: no sign without a consonant
 * before it, no й behind one, vowels every few letters. */
static int order_value(struct reader *r, bool starts, gunichar lower)
{
	enum { SHORT_I = 0x439, HARD = 0x44A, YERY = 0x44B, SOFT = 0x44C };
	bool sign = lower == HARD || lower == SOFT;
	bool vowel = is_vowel(lower), after_vowel = !starts && is_vowel(r->last);
	r->consonants = vowel || sign ? 0 : starts ? 1 : r->consonants + 1;
	r->same = !starts && lower == r->last ? r->same + 1 : 0;
	if (r->same > 1)
		return -80;
	if (sign)
		return starts || after_vowel ? -40 : 0;
	if (lower == YERY)
		return starts || after_vowel ? -40 : 0;
	if (lower == SHORT_I)
		return starts || !after_vowel ? -25 : 0;
	if (vowel)
		return after_vowel ? -4 : 3;
	return r->consonants > 3 ? -20 : r->consonants == 3 ? -6 : 0;
}

static void read_char(struct reader *r, gunichar c, bool high)
{
	enum class now = class_of(c);
	if (now == LATIN && !high && (r->before == LOWER || r->before == UPPER))
		r->sum -= 25;
	if (high && (now == LOWER || now == UPPER)) {
		gunichar lower = g_unichar_tolower(c);
		bool starts = r->before != LOWER && r->before != UPPER;
		r->sum += letter_value(c) + context_value(r->before, now) + order_value(r, starts, lower);
		r->last = lower;
		r->letters++;
		r->pairs += !starts;
	} else if (high && !(is_line(c) && r->before == OTHER)) {
		r->sum += is_mark(c) ? MARK : FOREIGN;
		r->marks++;
	}
	r->before = now;
}

int cyrillic_score(const char *data, size_t len, const gunichar high[128], size_t *letters)
{
	struct reader r = {.before = OTHER};
	for (size_t i = 0; i < len && r.letters < ENOUGH; i++) {
		guchar octet = (guchar)data[i];
		read_char(&r, octet < 0x80 ? octet : high[octet - 0x80], octet >= 0x80);
	}
	*letters = r.letters;
	/* Russian comes in words; a no-break space here and there does not. */
	if (r.letters == 0 || r.letters < r.marks || r.pairs * 2 < r.letters)
		return CYRILLIC_NONE;
	return r.sum / (int)(r.letters + r.marks) - BEST;
}
