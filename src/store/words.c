/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <libstemmer.h>
#include <string.h>

#include "store/words.h"

enum {
	LONGEST = 64,      /* octets of a word; base64 would fill the index */
	TABLE = 0x530,     /* Latin, Greek, Cyrillic: folded once, looked up then */
	CACHE_BITS = 14,
	CACHED_LENGTH = 30,
};

/* What a character is for the cutting of words. */
enum kind { KIND_OTHER, KIND_LATIN, KIND_CYRILLIC, KIND_LETTER, KIND_PAIR, KIND_MARK };

struct folded {
	char text[7]; /* UTF-8, NUL-terminated */
	guint8 kind;
};

/* The last stem of each place in a table of hashes: text has few words many
 * times, and stemming one costs as much as all the rest of it. */
struct stem {
	guint8 len, stem_len;
	char word[CACHED_LENGTH], stem[CACHED_LENGTH];
};

struct words {
	struct folded table[TABLE];
	struct sb_stemmer *english, *russian;
	struct stem *cache;
};

/* --- folding ------------------------------------------------------------------- */

/* Letters whose plain form is no part of their decomposition. */
static const struct {
	gunichar from;
	const char *to;
} plain_letters[] = {
	{0x00df, "ss"}, {0x00e6, "ae"}, {0x00f8, "o"}, {0x0111, "d"}, {0x0131, "i"},
	{0x0142, "l"}, {0x0153, "oe"}, {0x00f0, "d"}, {0x00fe, "th"}, {0x03c2, "σ"},
	{0x0451, "е"},
};

static enum kind script_kind(gunichar c)
{
	switch (g_unichar_get_script(c)) {
	case G_UNICODE_SCRIPT_LATIN:
		return KIND_LATIN;
	case G_UNICODE_SCRIPT_CYRILLIC:
		return KIND_CYRILLIC;
	case G_UNICODE_SCRIPT_HAN:
	case G_UNICODE_SCRIPT_HIRAGANA:
	case G_UNICODE_SCRIPT_KATAKANA:
	case G_UNICODE_SCRIPT_HANGUL:
	case G_UNICODE_SCRIPT_BOPOMOFO:
	case G_UNICODE_SCRIPT_THAI:
	case G_UNICODE_SCRIPT_LAO:
	case G_UNICODE_SCRIPT_KHMER:
	case G_UNICODE_SCRIPT_MYANMAR:
		return KIND_PAIR;
	default:
		return KIND_LETTER;
	}
}

static enum kind char_kind(gunichar c)
{
	if (g_unichar_ismark(c))
		return KIND_MARK;
	if (g_unichar_isdigit(c))
		return KIND_LETTER;
	if (c == 0x30fc) /* the long sound of katakana is a mark by its class only */
		return KIND_PAIR;
	return g_unichar_isalnum(c) ? script_kind(c) : KIND_OTHER;
}

/* Only Latin and Greek lose their marks: й is a letter of its own, which the
 * Russian stemmer needs, and so is で; of Cyrillic only ё is folded. */
static gunichar base_letter(gunichar c)
{
	gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	gsize n = g_unichar_fully_decompose(c, TRUE, parts, G_N_ELEMENTS(parts));
	GUnicodeScript script = g_unichar_get_script(c);
	bool marks_go = script == G_UNICODE_SCRIPT_LATIN || script == G_UNICODE_SCRIPT_GREEK;
	return n == 1 || (n > 1 && marks_go) ? parts[0] : c;
}

static void fold_char(gunichar c, struct folded *out)
{
	memset(out, 0, sizeof *out);
	gunichar low = g_unichar_tolower(base_letter(g_unichar_tolower(c)));
	out->kind = (guint8)char_kind(low);
	if (g_unichar_ismark(c))
		out->kind = KIND_MARK;
	for (size_t i = 0; i < G_N_ELEMENTS(plain_letters); i++)
		if (plain_letters[i].from == low) {
			g_strlcpy(out->text, plain_letters[i].to, sizeof out->text);
			return;
		}
	out->text[g_unichar_to_utf8(low, out->text)] = '\0';
}

struct words *words_new(void)
{
	struct words *w = g_new0(struct words, 1);
	for (gunichar c = 0; c < TABLE; c++)
		fold_char(c, &w->table[c]);
	w->english = sb_stemmer_new("english", NULL);
	w->russian = sb_stemmer_new("russian", NULL);
	w->cache = g_new0(struct stem, 1 << CACHE_BITS);
	return w;
}

void words_free(struct words *w)
{
	if (!w)
		return;
	sb_stemmer_delete(w->english);
	sb_stemmer_delete(w->russian);
	g_free(w->cache);
	g_free(w);
}

/* --- stems --------------------------------------------------------------------- */

static const char *stem_word(struct words *w, enum kind kind, const char *word, int *len)
{
	struct sb_stemmer *stemmer = kind == KIND_CYRILLIC ? w->russian : w->english;
	if (!stemmer || (kind != KIND_CYRILLIC && kind != KIND_LATIN))
		return word;
	const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)word, *len);
	if (!stem || sb_stemmer_length(stemmer) == 0)
		return word;
	*len = sb_stemmer_length(stemmer);
	return (const char *)stem;
}

static const char *stem_cached(struct words *w, enum kind kind, const char *word, int *len)
{
	if (*len > CACHED_LENGTH)
		return stem_word(w, kind, word, len);
	guint32 hash = 2166136261u;
	for (int i = 0; i < *len; i++)
		hash = (hash ^ (guint8)word[i]) * 16777619u;
	struct stem *at = &w->cache[(hash ^ hash >> CACHE_BITS) & ((1 << CACHE_BITS) - 1)];
	if (at->len != *len || memcmp(at->word, word, (size_t)*len) != 0) {
		int stem_len = *len;
		const char *stem = stem_word(w, kind, word, &stem_len);
		if (stem_len > CACHED_LENGTH) {
			*len = stem_len;
			return stem;
		}
		at->len = (guint8)*len;
		at->stem_len = (guint8)stem_len;
		memcpy(at->word, word, (size_t)*len);
		memcpy(at->stem, stem, (size_t)stem_len);
	}
	*len = at->stem_len;
	return at->stem;
}

/* --- cutting ------------------------------------------------------------------- */

struct cutter {
	struct words *w;
	const char *text, *end;
	enum words_mode mode;
	words_found found;
	void *data;
};

/* The next character, folded; invalid octets are no letters. */
static const char *next_char(const struct cutter *c, const char *at, struct folded *other,
	const struct folded **out)
{
	gunichar ch = (guint8)*at;
	int len = 1;
	if (ch >= 0x80) {
		ch = g_utf8_get_char_validated(at, c->end - at);
		if (ch >= 0x110000)
			ch = 0xfffd;
		else
			len = g_utf8_skip[(guint8)*at];
	}
	if (ch < TABLE) {
		*out = &c->w->table[ch];
	} else {
		fold_char(ch, other);
		*out = other;
	}
	return at + len;
}

static bool only_separators_follow(const struct cutter *c, const char *at)
{
	struct folded other;
	const struct folded *f;
	while (at < c->end) {
		at = next_char(c, at, &other, &f);
		if (f->kind != KIND_OTHER && f->kind != KIND_MARK)
			return false;
	}
	return true;
}

/* A word of letters from at; returns where it ends.  Latin and Cyrillic in one
 * word (a trick, or a name with a brand) leave it as it is. */
static const char *cut_word(const struct cutter *c, const char *at, int *result)
{
	char word[LONGEST + 8];
	int len = 0;
	struct folded other;
	const struct folded *f;
	const char *start = at;
	enum kind kind = KIND_MARK;
	while (at < c->end) {
		const char *next = next_char(c, at, &other, &f);
		if (f->kind == KIND_OTHER || f->kind == KIND_PAIR)
			break;
		at = next;
		if (f->kind == KIND_MARK)
			continue;
		kind = kind == KIND_MARK || kind == f->kind ? f->kind : KIND_LETTER;
		if (len < LONGEST)
			for (const char *p = f->text; *p; p++)
				word[len++] = *p;
	}
	if (len == 0)
		return at;
	const char *out = word;
	bool plain = len > LONGEST ||
		     (c->mode == WORDS_PLAIN && only_separators_follow(c, at));
	if (!plain)
		out = stem_cached(c->w, kind, word, &len);
	*result = c->found(c->data, out, len, (int)(start - c->text), (int)(at - c->text));
	return at;
}

/* Every character of a run begins one token: itself and the next, the last
 * one alone.  A query leaves that last one out, so "東京" finds 東京都. */
static const char *cut_pairs(const struct cutter *c, const char *at, int *result)
{
	struct folded other, previous = {.text = ""};
	const struct folded *f;
	const char *last = at;
	int n = 0;
	while (at < c->end && *result == 0) {
		const char *here = at, *next = next_char(c, at, &other, &f);
		if (f->kind != KIND_PAIR && f->kind != KIND_MARK)
			break;
		at = next;
		if (f->kind == KIND_MARK)
			continue;
		if (n++ > 0) {
			char pair[16];
			int len = g_snprintf(pair, sizeof pair, "%s%s", previous.text, f->text);
			*result = c->found(c->data, pair, len, (int)(last - c->text),
				(int)(at - c->text));
		}
		previous = *f;
		last = here;
	}
	if (*result == 0 && n > 0 && (n == 1 || c->mode == WORDS_TEXT))
		*result = c->found(c->data, previous.text, (int)strlen(previous.text),
			(int)(last - c->text), (int)(at - c->text));
	return at;
}

int words_each(struct words *w, const char *text, int len, enum words_mode mode,
	words_found found, void *data)
{
	struct cutter c = {w, text, text + len, mode, found, data};
	struct folded other;
	const struct folded *f;
	const char *at = text;
	int result = 0;
	while (at < c.end && result == 0) {
		const char *next = next_char(&c, at, &other, &f);
		if (f->kind == KIND_OTHER || f->kind == KIND_MARK)
			at = next;
		else if (f->kind == KIND_PAIR)
			at = cut_pairs(&c, at, &result);
		else
			at = cut_word(&c, at, &result);
	}
	return result;
}

bool words_any(const char *text)
{
	for (; *text; text = g_utf8_next_char(text))
		if (char_kind(g_utf8_get_char(text)) > KIND_OTHER &&
			!g_unichar_ismark(g_utf8_get_char(text)))
			return true;
	return false;
}

bool words_ends_single(const char *text)
{
	const char *last = NULL, *before = NULL;
	for (const char *p = text; *p; p = g_utf8_next_char(p))
		if (char_kind(g_utf8_get_char(p)) != KIND_OTHER) {
			before = last;
			last = p;
		}
	if (!last || char_kind(g_utf8_get_char(last)) != KIND_PAIR)
		return false;
	return !before || g_utf8_next_char(before) != last ||
	       char_kind(g_utf8_get_char(before)) != KIND_PAIR;
}
