/* SPDX-License-Identifier: MIT
 *
 * Latin letters that nobody declared: a text is in a language, whose alphabet has all of
 * its letters.  "Za¿ó³æ gê¶l±" is in none of the West, "Zażółć gęślą" is Polish. */
#include "base/base.h"

#include <string.h>

#include "mime/charset-private.h"

enum {
	LOOKED_AT = 8192,
	FEW_STRANGE = 8, /* letters of a text to one that its language has not */
	WORSE = 4,       /* times as many strange ones has what is given up */
};

static const struct alphabet {
	const char *charset, *letters;
	bool western;
} alphabets[] = {
#define WESTERN(letters) {"windows-1252", letters, true},
#define ALPHABET(charset, letters) {charset, letters, false},
#include "mime/latin.def"
#undef WESTERN
#undef ALPHABET
};

/* How often each octet of the upper half is in the text, at the end of a word, and in the
 * midst of one. */
struct counts {
	guint all[128], behind[128], inside[128];
};

static bool is_wordly(guchar octet)
{
	return octet >= 0x80 || g_ascii_isalpha(octet);
}

static void count(struct counts *n, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		guchar octet = (guchar)data[i];
		if (octet < 0x80)
			continue;
		bool behind = i > 0 && g_ascii_isalpha(data[i - 1]);
		bool inside = behind && i + 1 < len && is_wordly((guchar)data[i + 1]);
		n->all[octet - 0x80]++;
		n->behind[octet - 0x80] += behind && !inside;
		n->inside[octet - 0x80] += inside;
	}
}

/* What stands between letters in any language. */
static bool may_be_inside(gunichar c)
{
	return c == 0x2019 || c == 0xB7 || c == 0xAD || c == 0xA0 || c == 0x2013 || c == 0x2014;
}

/* … and what may follow a word. */
static bool may_be_behind(gunichar c)
{
	return may_be_inside(c) || (c >= 0x2000 && c < 0x2200) ||
	       g_utf8_strchr("«»®©°²³¹ªº½¼¾", -1, c);
}

static bool has_letter(const char *letters, gunichar c)
{
	return g_utf8_strchr(letters, -1, g_unichar_tolower(c)) || g_utf8_strchr(letters, -1, c);
}

/* Octets that are strange in this language; *letters: that it has. */
static guint strange_in(
	struct charsets *c, const struct alphabet *a, const struct counts *n, guint *letters)
{
	const gunichar *high = charset_high(c, charset_labelled(a->charset));
	guint strange = 0;
	*letters = 0;
	for (int i = 0; i < 128; i++) {
		gunichar ch = high[i];
		bool letter = g_unichar_isalpha(ch) && ch != 0xB5 && ch != 0xAA && ch != 0xBA;
		if (letter && has_letter(a->letters, ch))
			*letters += n->all[i];
		else if (letter || ch == 0xFFFD || ch < 0xA0)
			strange += n->all[i];
		else
			strange += (may_be_inside(ch) ? 0 : n->inside[i]) +
				   (may_be_behind(ch) ? 0 : n->behind[i]);
	}
	return strange;
}

const struct charset *guess_latin(struct charsets *c, const char *data, size_t len)
{
	struct counts n = {0};
	guint west = G_MAXUINT, least = G_MAXUINT, letters;
	const struct charset *best = NULL;
	count(&n, data, MIN(len, LOOKED_AT));
	for (size_t i = 0; i < G_N_ELEMENTS(alphabets); i++) {
		guint strange = strange_in(c, &alphabets[i], &n, &letters);
		if (alphabets[i].western) {
			west = MIN(west, strange);
		} else if (strange * FEW_STRANGE <= letters && strange < least) {
			least = strange;
			best = charset_labelled(alphabets[i].charset);
		}
	}
	return best && least * WORSE < west ? best : NULL;
}
