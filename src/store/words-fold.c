/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/words-private.h"

/* Letters whose plain form is no part of their decomposition. */
static const struct {
	gunichar from;
	const char *to;
} plain_letters[] = {
	{0x00df, "ss"},
	{0x00e6, "ae"},
	{0x00f8, "o"},
	{0x0111, "d"},
	{0x0131, "i"},
	{0x0142, "l"},
	{0x0153, "oe"},
	{0x00f0, "d"},
	{0x00fe, "th"},
	{0x03c2, "σ"},
	{0x0451, "е"},
};

static const struct {
	GUnicodeScript script;
	enum word_kind kind;
} scripts[] = {
	{G_UNICODE_SCRIPT_LATIN, KIND_LATIN},
	{G_UNICODE_SCRIPT_CYRILLIC, KIND_CYRILLIC},
	{G_UNICODE_SCRIPT_GREEK, KIND_GREEK},
	{G_UNICODE_SCRIPT_ARABIC, KIND_ARABIC},
	{G_UNICODE_SCRIPT_ARMENIAN, KIND_ARMENIAN},
	{G_UNICODE_SCRIPT_DEVANAGARI, KIND_DEVANAGARI},
	{G_UNICODE_SCRIPT_TAMIL, KIND_TAMIL},
	{G_UNICODE_SCRIPT_HEBREW, KIND_HEBREW},
	{G_UNICODE_SCRIPT_HAN, KIND_PAIR},
	{G_UNICODE_SCRIPT_HIRAGANA, KIND_PAIR},
	{G_UNICODE_SCRIPT_KATAKANA, KIND_PAIR},
	{G_UNICODE_SCRIPT_HANGUL, KIND_PAIR},
	{G_UNICODE_SCRIPT_BOPOMOFO, KIND_PAIR},
	{G_UNICODE_SCRIPT_THAI, KIND_PAIR},
	{G_UNICODE_SCRIPT_LAO, KIND_PAIR},
	{G_UNICODE_SCRIPT_KHMER, KIND_PAIR},
	{G_UNICODE_SCRIPT_MYANMAR, KIND_PAIR},
};

static enum word_kind script_kind(gunichar c)
{
	GUnicodeScript script = g_unichar_get_script(c);
	for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++)
		if (scripts[i].script == script)
			return scripts[i].kind;
	return KIND_LETTER;
}

/* Vowels of the scripts of India are marks, and half of each word. */
static enum word_kind mark_kind(gunichar c)
{
	enum word_kind kind = script_kind(c);
	return kind == KIND_DEVANAGARI || kind == KIND_TAMIL ? kind : KIND_MARK;
}

enum word_kind words_kind(gunichar c)
{
	if (g_unichar_ismark(c))
		return mark_kind(c);
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

static void set_text(struct folded *out, gunichar low)
{
	for (size_t i = 0; i < G_N_ELEMENTS(plain_letters); i++)
		if (plain_letters[i].from == low) {
			g_strlcpy(out->text, plain_letters[i].to, sizeof out->text);
			return;
		}
	out->text[g_unichar_to_utf8(low, out->text)] = '\0';
}

void words_fold(gunichar c, struct folded *out)
{
	memset(out, 0, sizeof *out);
	gunichar small = g_unichar_tolower(c);
	gunichar low = g_unichar_tolower(base_letter(small));
	out->kind = (guint8)words_kind(low);
	if (g_unichar_ismark(c))
		out->kind = (guint8)mark_kind(c);
	set_text(out, low);
	out->changed = out->kind == KIND_MARK || low != small || g_utf8_get_char(out->text) != low;
}

int words_fold_text(const char *text, int len, char *out, int size)
{
	struct folded f;
	int n = 0;
	for (const char *at = text; at < text + len; at = g_utf8_next_char(at)) {
		words_fold(g_utf8_get_char(at), &f);
		int more = f.kind == KIND_MARK ? 0 : (int)strlen(f.text);
		if (n + more > size)
			break;
		memcpy(out + n, f.text, (size_t)more);
		n += more;
	}
	return n;
}
