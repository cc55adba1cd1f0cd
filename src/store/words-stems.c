/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <libstemmer.h>
#include <string.h>

#include "store/words-private.h"

enum {
	CACHE_BITS = 14,
	CACHED_LENGTH = 30,
	CACHED_STEMS = 4,
	CACHED_OCTETS = 44,
	PER_SCRIPT = 6,
};

static const struct language {
	const char *code;
	enum word_kind kind;
	bool unasked;
} languages[] = {
#define STEM(code, script, unasked) {code, KIND_##script, unasked},
#define ALSO(code, script) {code, KIND_##script, false},
#include "base/stems.def"
#undef ALSO
#undef STEM
};

/* The stems of the last word of each place in a table of hashes: text has few words
 * many times, and stemming one costs as much as all the rest of it. */
struct cached {
	guint8 len, n, ends[CACHED_STEMS];
	char word[CACHED_LENGTH], stems[CACHED_OCTETS];
};

/* plain: it takes folded words, and what it makes of them is folded. */
struct script {
	int n;
	struct sb_stemmer *stemmer[PER_SCRIPT];
	bool plain[PER_SCRIPT];
	bool marked; /* one of them is not plain */
};

struct stems {
	struct script scripts[KIND_COUNT];
	struct cached *cache;
};

/* --- languages ----------------------------------------------------------------- */

static const struct language *find_language(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(languages); i++)
		if (g_ascii_strcasecmp(languages[i].code, code) == 0)
			return &languages[i];
	return NULL;
}

static bool is_named(const char *list, const char *code)
{
	g_auto(GStrv) codes = g_strsplit(list, " ", -1);
	return g_strv_contains((const gchar *const *)codes, code);
}

char *words_languages(const char *text)
{
	g_auto(GStrv) codes = g_strsplit_set(text, " \t,", -1);
	g_autoptr(GString) given = g_string_new(NULL);
	GString *out = g_string_new(NULL);
	for (char **code = codes; *code; code++) {
		const struct language *l = find_language(*code);
		if (l)
			g_string_append_printf(given, " %s", l->code);
	}
	/* In the order of the list, each once, so that equal sets are equal texts. */
	for (size_t i = 0; i < G_N_ELEMENTS(languages); i++)
		if (is_named(given->str, languages[i].code) &&
			!is_named(out->str, languages[i].code))
			g_string_append_printf(out, "%s%s", out->len ? " " : "", languages[i].code);
	return g_string_free(out, FALSE);
}

char *words_default_languages(void)
{
	const gchar *const *names = g_get_language_names();
	g_autoptr(GString) list = g_string_new("en");
	for (; *names; names++)
		g_string_append_printf(list, " %s", *names);
	return words_languages(list->str);
}

static void add_stemmer(struct stems *s, const struct language *l)
{
	struct script *script = &s->scripts[l->kind];
	struct sb_stemmer *stemmer = script->n < PER_SCRIPT ? sb_stemmer_new(l->code, NULL) : NULL;
	if (!stemmer)
		return;
	bool plain = strcmp(l->code, "en") == 0 || strcmp(l->code, "ru") == 0;
	script->plain[script->n] = plain;
	script->stemmer[script->n++] = stemmer;
	script->marked = script->marked || !plain;
}

struct stems *stems_new(const char *list)
{
	struct stems *s = g_new0(struct stems, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(languages); i++)
		if (is_named(list, languages[i].code))
			add_stemmer(s, &languages[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(languages); i++)
		if (languages[i].unasked && s->scripts[languages[i].kind].n == 0)
			add_stemmer(s, &languages[i]);
	s->cache = g_new0(struct cached, 1 << CACHE_BITS);
	return s;
}

void stems_free(struct stems *s)
{
	for (int kind = 0; kind < KIND_COUNT; kind++)
		for (int i = 0; i < s->scripts[kind].n; i++)
			sb_stemmer_delete(s->scripts[kind].stemmer[i]);
	g_free(s->cache);
	g_free(s);
}

/* --- stems --------------------------------------------------------------------- */

static bool has(const struct stem_list *list, const char *text, int len)
{
	for (int i = 0; i < list->n; i++)
		if (list->len[i] == len && memcmp(list->text[i], text, (size_t)len) == 0)
			return true;
	return false;
}

static void add(struct stem_list *out, const char *text, int len)
{
	if (len == 0 || out->n == STEMS_MOST || out->used + len > STEMS_OCTETS ||
		has(out, text, len))
		return;
	char *to = out->octets + out->used;
	memcpy(to, text, (size_t)len);
	out->used += len;
	out->text[out->n] = to;
	out->len[out->n++] = len;
}

static const char *stem(struct sb_stemmer *stemmer, const char *word, int *len)
{
	const sb_symbol *found = sb_stemmer_stem(stemmer, (const sb_symbol *)word, *len);
	if (!found || sb_stemmer_length(stemmer) == 0)
		return word;
	*len = sb_stemmer_length(stemmer);
	return (const char *)found;
}

static void add_folded(struct stem_list *out, struct sb_stemmer *stemmer, const char *word, int len)
{
	char folded[WORD_LONGEST + 8];
	const char *found = stem(stemmer, word, &len);
	add(out, folded, words_fold_text(found, len, folded, (int)sizeof folded));
}

/* What stemmers know of é and ü they know of the letters as they stand; who looks
 * for a word may have typed it without. */
static void add_marked(
	const struct script *script, const struct stem_word *word, struct stem_list *out)
{
	g_autofree char *composed =
		g_utf8_normalize(word->source, word->source_len, G_NORMALIZE_NFC);
	g_autofree char *small = composed ? g_utf8_strdown(composed, -1) : NULL;
	int len = small ? (int)MIN(strlen(small), 2 * WORD_LONGEST) : 0;
	for (int i = 0; small && i < script->n; i++)
		if (!script->plain[i])
			add_folded(out, script->stemmer[i], small, len);
}

static void find(const struct script *script, const struct stem_word *word, struct stem_list *out)
{
	for (int i = 0; i < script->n; i++) {
		int len = word->len;
		if (script->plain[i]) {
			const char *found = stem(script->stemmer[i], word->folded, &len);
			add(out, found, len);
		} else {
			add_folded(out, script->stemmer[i], word->folded, len);
		}
	}
	if (word->source && script->marked)
		add_marked(script, word, out);
	if (out->n == 0)
		add(out, word->folded, word->len);
}

static guint32 hash_of(const char *word, int len)
{
	guint32 hash = 2166136261u;
	for (int i = 0; i < len; i++)
		hash = (hash ^ (guint8)word[i]) * 16777619u;
	return hash ^ hash >> CACHE_BITS;
}

static void recall(const struct cached *at, struct stem_list *out)
{
	int start = 0;
	for (out->n = 0; out->n < at->n; out->n++) {
		out->text[out->n] = at->stems + start;
		out->len[out->n] = at->ends[out->n] - start;
		start = at->ends[out->n];
	}
}

static void remember(struct cached *at, const struct stem_word *word, const struct stem_list *list)
{
	if (list->n > CACHED_STEMS || list->used > CACHED_OCTETS)
		return;
	int end = 0;
	at->len = (guint8)word->len;
	at->n = (guint8)list->n;
	memcpy(at->word, word->folded, (size_t)word->len);
	for (int i = 0; i < list->n; i++) {
		memcpy(at->stems + end, list->text[i], (size_t)list->len[i]);
		end += list->len[i];
		at->ends[i] = (guint8)end;
	}
}

void stems_find(struct stems *s, const struct stem_word *word, struct stem_list *out)
{
	const struct script *script = &s->scripts[word->kind];
	out->n = out->used = 0;
	if (script->n == 0) {
		out->text[0] = word->folded;
		out->len[0] = word->len;
		out->n = 1;
		return;
	}
	if (word->len > CACHED_LENGTH || (word->source && script->marked)) {
		find(script, word, out);
		return;
	}
	guint32 hash = hash_of(word->folded, word->len);
	struct cached *at = &s->cache[hash & ((1 << CACHE_BITS) - 1)];
	if (at->len == word->len && memcmp(at->word, word->folded, (size_t)word->len) == 0) {
		recall(at, out);
		return;
	}
	find(script, word, out);
	remember(at, word, out);
}

/* --- beginnings ---------------------------------------------------------------- */

/* Endings that lead from the beginning of a word to other stems. */
static const char *const endings[] = {"", "e", "s", "es", "ed", "ing", "ion", "ions", "ation", "er",
	"ment", "ly", "ive", "al", "y", "a", "o", "os", "as", "i", "n", "en", "em", "ung", "lich",
	"heit", "keit", "а", "я", "у", "ю", "е", "и", "ы", "о", "й", "м", "х", "ь", "ам", "ами",
	"ах", "ов", "ий", "ый", "ая", "ое", "ого", "ему", "ть", "ние", "ния"};

static bool begins(const struct stem_word *word, const char *stem, int len)
{
	return len >= word->len && memcmp(stem, word->folded, (size_t)word->len) == 0;
}

/* The stems of word and what stands behind it. */
static void add_longer(
	struct stems *s, const struct stem_word *word, const char *behind, struct stem_list *out)
{
	struct stem_list found;
	char longer[WORD_LONGEST + 16];
	int more = (int)strlen(behind), len = word->len + more;
	if (len > (int)sizeof longer)
		return;
	memcpy(longer, word->folded, (size_t)word->len);
	memcpy(longer + word->len, behind, (size_t)more);
	const struct stem_word other = {word->kind, longer, len, NULL, 0};
	stems_find(s, &other, &found);
	for (int i = 0; i < found.n; i++)
		if (!begins(word, found.text[i], found.len[i]))
			add(out, found.text[i], found.len[i]);
}

static bool ends_with(const struct stem_word *word, const char *end, int len)
{
	return word->len > len && memcmp(word->folded + word->len - len, end, (size_t)len) == 0;
}

/* What was typed may end within an ending: "lovi" is the beginning of "loving". */
void stems_find_longer(struct stems *s, const struct stem_word *word, struct stem_list *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		add_longer(s, word, endings[i], out);
		for (const char *at = endings[i]; *at; at = g_utf8_next_char(at))
			if (at > endings[i] &&
				ends_with(word, endings[i], (int)(at - endings[i])))
				add_longer(s, word, at, out);
	}
}
