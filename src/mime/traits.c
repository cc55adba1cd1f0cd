/* SPDX-License-Identifier: MIT */
#include "mime/traits.h"

#include <string.h>

enum {
	LOOKED_AT = 1200, /* octets: enough to tell, and a letter in a microsecond a word */
	PIECE = 400,      /* octets that one language is found for */
	EVIDENCE = 4,     /* for a piece to count; a word of one language is worth 2 */
	LONGEST = 24,
};

enum language_bit {
#define LANGUAGE(name, code) BIT_##name,
#include "mime/languages.def"
#undef LANGUAGE
	N_LANGUAGES
};
enum {
#define LANGUAGE(name, code) LANGUAGE_##name = 1 << BIT_##name,
#include "mime/languages.def"
#undef LANGUAGE
};

static const struct small_word {
	const char *word;
	unsigned languages;
} small_words[] = {
#define WORD(word, languages) {word, languages},
#include "mime/language-words.def"
#undef WORD
};

/* --- what a text shows --------------------------------------------------------- */

static bool has_link(const char *text)
{
	for (const char *p = strstr(text, "://"); p; p = strstr(p + 1, "://")) {
		size_t before = (size_t)(p - text);
		if ((before >= 4 && g_ascii_strncasecmp(p - 4, "http", 4) == 0) ||
			(before >= 5 && g_ascii_strncasecmp(p - 5, "https", 5) == 0))
			return true;
	}
	return false;
}

unsigned traits_of_text(const char *text, unsigned kinds)
{
	unsigned found = has_link(text) ? MIME_LINK : 0;
	const char *pgp = strstr(text, "-----BEGIN PGP ");
	if (pgp && (pgp == text || pgp[-1] == '\n')) {
		pgp += strlen("-----BEGIN PGP ");
		if (g_str_has_prefix(pgp, "MESSAGE-----"))
			found |= MIME_ENCRYPTED;
		else if (g_str_has_prefix(pgp, "SIGNED MESSAGE-----"))
			found |= MIME_SIGNED;
	}
	if ((kinds & MIME_CALENDAR) && strstr(text, "\nMETHOD:REQUEST"))
		found |= MIME_INVITATION;
	return found;
}

/* --- languages ----------------------------------------------------------------- */

struct tally {
	guint points[N_LANGUAGES];
	guint han, kana;
};

static const struct small_word *find_word(const char *word)
{
	guint lo = 0, hi = G_N_ELEMENTS(small_words);
	while (lo < hi) {
		guint mid = (lo + hi) / 2;
		int order = strcmp(word, small_words[mid].word);
		if (order == 0)
			return &small_words[mid];
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

static void count_word(struct tally *t, const char *word)
{
	const struct small_word *found = find_word(word);
	if (!found)
		return;
	bool shared = (found->languages & (found->languages - 1)) != 0;
	for (guint i = 0; i < N_LANGUAGES; i++)
		if (found->languages & 1u << i)
			t->points[i] += shared ? 1 : 2;
}

/* Scripts of one language each speak for themselves; letters that tell
 * neighbours apart speak for theirs. */
static void count_char(struct tally *t, gunichar c)
{
	if (c < 0x370)
		return;
	if (c < 0x400)
		t->points[BIT_EL]++;
	else if (c == 0x44b || c == 0x44d || c == 0x451)
		t->points[BIT_RU]++;
	else if (c == 0x456 || c == 0x457 || c == 0x454)
		t->points[BIT_UK]++;
	else if (c >= 0x590 && c < 0x600)
		t->points[BIT_HE]++;
	else if (c >= 0x600 && c < 0x700)
		t->points[BIT_AR]++;
	else if (c >= 0xe00 && c < 0xe80)
		t->points[BIT_TH]++;
	else if (c >= 0x3040 && c < 0x3100)
		t->kana++;
	else if (c >= 0x4e00 && c < 0xa000)
		t->han++;
	else if (c >= 0xac00 && c < 0xd7b0)
		t->points[BIT_KO]++;
}

static int winner(struct tally *t)
{
	t->points[t->kana * 10 >= t->han ? BIT_JA : BIT_ZH] += t->han + t->kana;
	int best = 0;
	for (int i = 1; i < N_LANGUAGES; i++)
		if (t->points[i] > t->points[best])
			best = i;
	return t->points[best] >= EVIDENCE ? best : -1;
}

/* Lower case as the table has it; cut where it is too long to be in it. */
static const char *take_word(const char *at, const char *end, struct tally *t)
{
	char word[LONGEST + 8];
	size_t len = 0;
	while (at < end) {
		gunichar c = g_utf8_get_char(at);
		if (c < 0x80 ? !g_ascii_isalpha(c) : !g_unichar_isalpha(c))
			break;
		count_char(t, c = g_unichar_tolower(c));
		if (len < LONGEST)
			len += (size_t)g_unichar_to_utf8(c, word + len);
		at = g_utf8_next_char(at);
	}
	word[len] = '\0';
	if (len > 0 && len < LONGEST)
		count_word(t, word);
	return len > 0 ? at : g_utf8_next_char(at);
}

/* From at, a piece of lines that are not quoted. */
static const char *take_piece(const char *at, const char *end, struct tally *t, size_t *len)
{
	const char *line = at;
	for (*len = 0; at < end && *len < PIECE;) {
		if (at == line && *at == '>') {
			at += strcspn(at, "\n");
			at = line = MIN(at + 1, end);
			continue;
		}
		const char *next = take_word(at, end, t);
		*len += (size_t)(next - at);
		if (*at == '\n')
			line = next;
		at = next;
	}
	return at;
}

unsigned traits_languages(const char *text)
{
	size_t length = strlen(text), len, sum = 0, by[N_LANGUAGES] = {0};
	size_t cut = MIN(length, LOOKED_AT);
	while (cut < length && ((guchar)text[cut] & 0xc0) == 0x80)
		cut++;
	const char *at = text, *end = text + cut;
	while (at < end) {
		struct tally t = {.han = 0};
		at = take_piece(at, end, &t, &len);
		int found = winner(&t);
		if (found < 0)
			continue;
		by[found] += len;
		sum += len;
	}
	unsigned result = 0;
	for (guint i = 0; i < N_LANGUAGES; i++)
		if (by[i] > 0 && by[i] * 4 >= sum)
			result |= 1u << i;
	return result;
}

unsigned traits_languages_named(const char *field)
{
	unsigned result = 0;
	g_auto(GStrv) tags = g_strsplit_set(field, ", \t\r\n", 100);
	for (char **tag = tags; *tag; tag++) {
		(*tag)[strcspn(*tag, "-_")] = '\0';
		result |= mime_language_named(*tag);
	}
	return result;
}
