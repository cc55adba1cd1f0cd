/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/words-begins.h"
#include "store/words-private.h"

enum { TABLE = 0x530 /* Latin, Greek, Cyrillic: folded once, looked up then */ };

struct words {
	struct folded table[TABLE];
	struct stems *stems;
	struct begins *begins; /* NULL: nobody wants them */
	struct stem_list list;
};

struct words *words_new(const char *languages)
{
	struct words *w = g_new0(struct words, 1);
	g_autofree char *own = languages ? words_languages(languages) : words_default_languages();
	w->stems = stems_new(own);
	return w;
}

void words_free(struct words *w)
{
	if (!w)
		return;
	stems_free(w->stems);
	g_free(w);
}

void words_note_begins(struct words *w, struct begins *b)
{
	w->begins = b;
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
static const char *next_char(
	const struct cutter *c, const char *at, struct folded *other, const struct folded **out)
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
	struct folded *f = ch < TABLE ? &c->w->table[ch] : other;
	if (ch >= TABLE || f->kind == KIND_UNKNOWN)
		words_fold(ch, f);
	*out = f;
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

/* One word, and where it stands. */
struct cut {
	const char *start, *end;
	struct stem_word word;
	char folded[WORD_LONGEST + 8];
};

/* The letters from at on.  Latin and Cyrillic in one word (a trick, or a name with a
 * brand) leave it as it is. */
static void read_word(const struct cutter *c, const char *at, struct cut *cut)
{
	struct folded other;
	const struct folded *f;
	bool changed = false;
	int len = 0;
	enum word_kind kind = KIND_MARK;
	cut->start = at;
	while (at < c->end) {
		const char *next = next_char(c, at, &other, &f);
		if (f->kind == KIND_OTHER || f->kind == KIND_PAIR)
			break;
		at = next;
		changed = changed || f->changed;
		if (f->kind == KIND_MARK)
			continue;
		kind = kind == KIND_MARK || kind == f->kind ? f->kind : KIND_LETTER;
		if (len < WORD_LONGEST)
			for (const char *p = f->text; *p; p++)
				cut->folded[len++] = *p;
	}
	cut->end = at;
	cut->word = (struct stem_word){
		kind, cut->folded, len, changed ? cut->start : NULL, (int)(at - cut->start)};
}

/* Of the word and of its stems: most begin with the same letters. */
static void note_begins(const struct cutter *c, const struct cut *cut)
{
	const struct stem_list *list = &c->w->list;
	begins_add(c->w->begins, cut->folded, cut->word.len);
	for (int i = 0; i < list->n; i++)
		begins_add(c->w->begins, list->text[i], list->len[i]);
}

static const char *cut_word(const struct cutter *c, const char *at, int *result)
{
	struct cut cut;
	struct stem_list *list = &c->w->list;
	read_word(c, at, &cut);
	if (cut.word.len == 0)
		return cut.end;
	bool last = c->mode >= WORDS_PLAIN && only_separators_follow(c, cut.end);
	if (last || cut.word.len > WORD_LONGEST) {
		list->n = 1;
		list->used = 0;
		list->text[0] = cut.folded;
		list->len[0] = cut.word.len;
	} else {
		stems_find(c->w->stems, &cut.word, list);
	}
	if (last && c->mode == WORDS_LONGER)
		stems_find_longer(c->w->stems, &cut.word, list);
	if (c->w->begins && c->mode == WORDS_TEXT)
		note_begins(c, &cut);
	for (int i = 0; i < list->n && *result == 0; i++)
		*result = c->found(c->data, list->text[i], list->len[i], (int)(cut.start - c->text),
			(int)(cut.end - c->text));
	return cut.end;
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
			*result = c->found(
				c->data, pair, len, (int)(last - c->text), (int)(at - c->text));
		}
		previous = *f;
		last = here;
	}
	if (*result == 0 && n > 0 && (n == 1 || c->mode == WORDS_TEXT))
		*result = c->found(c->data, previous.text, (int)strlen(previous.text),
			(int)(last - c->text), (int)(at - c->text));
	return at;
}

int words_each(struct words *w, const char *text, int len, enum words_mode mode, words_found found,
	void *data)
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
		if (words_kind(g_utf8_get_char(text)) > KIND_MARK)
			return true;
	return false;
}

bool words_ends_single(const char *text)
{
	const char *last = NULL, *before = NULL;
	for (const char *p = text; *p; p = g_utf8_next_char(p))
		if (words_kind(g_utf8_get_char(p)) != KIND_OTHER) {
			before = last;
			last = p;
		}
	if (!last || words_kind(g_utf8_get_char(last)) != KIND_PAIR)
		return false;
	return !before || g_utf8_next_char(before) != last ||
	       words_kind(g_utf8_get_char(before)) != KIND_PAIR;
}
