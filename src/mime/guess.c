/* SPDX-License-Identifier: MIT
 *
 * Which charset octets are in: UTF-8 by its form, Russian and its neighbours by our
 * own statistics, which work from three words on, the rest by uchardet. */
#include "base/base.h"

#include <string.h>

#include "mime/charset-private.h"

enum {
	SHOWN = 4096,   /* octets that candidates are judged by */
	CYRILLIC_SETS = 8,
	SOME = 8,       /* letters that are no accident */
	FEW_ODD = 200,  /* letters of a good text to one odd character */
};

/* Well-formed sequences of several octets, and octets that are none; one cut
 * off by the end is neither. */
static void count_utf8(const char *data, size_t len, size_t *good, size_t *bad)
{
	const char *end = data + len;
	*good = *bad = 0;
	while (data < end) {
		if ((guchar)*data < 0x80) {
			data++;
			continue;
		}
		gunichar ch = g_utf8_get_char_validated(data, end - data);
		bool valid = ch != (gunichar)-1 && ch != (gunichar)-2;
		if (ch == (gunichar)-2)
			return;
		*good += valid;
		*bad += !valid;
		data += valid ? g_utf8_skip[(guchar)*data] : 1;
	}
}

/* How much rarer letters are in it, in tenths of a logarithm: what tells two apart
 * where the text does not.  MacCyrillic has the small letters where windows-1251
 * has them. */
static int rarity(const struct charset *set)
{
	static const struct {
		const char *name;
		int value;
	} rare[] = {{"koi8-u", 5}, {"cp866", 15}, {"iso-8859-5", 15}, {"mac-cyrillic", 20}};
	for (size_t i = 0; i < G_N_ELEMENTS(rare); i++)
		if (strcmp(set->name, rare[i].name) == 0)
			return rare[i].value;
	return 0;
}

struct judged {
	const struct charset *set;
	struct cyrillic_fit fit;
};

static int by_fit(const void *a, const void *b)
{
	int one = ((const struct judged *)a)->fit.sum, other = ((const struct judged *)b)->fit.sum;
	return (one < other) - (one > other);
}

/* The Cyrillic ones that the octets may be, the likeliest first. */
static size_t judge_cyrillic(struct charsets *c, const char *data, size_t len,
	struct judged found[CYRILLIC_SETS])
{
	const struct charset *set;
	size_t n = 0;
	for (size_t i = 0; (set = charset_at(i)) != NULL; i++) {
		if (set->kind != CYRILLIC)
			continue;
		g_assert(n < CYRILLIC_SETS);
		struct judged *j = &found[n];
		j->set = set;
		j->fit = cyrillic_fit(charset_letters(c, set), data, len);
		j->fit.sum -= rarity(set);
		n += j->fit.letters >= FEW_LETTERS;
	}
	qsort(found, n, sizeof *found, by_fit);
	return n;
}

const struct charset *guess_cyrillic(struct charsets *c, const char *data, size_t len,
	struct cyrillic_fit *fit)
{
	struct judged found[CYRILLIC_SETS];
	size_t n = judge_cyrillic(c, data, len, found);
	for (size_t i = 0; i < n; i++) {
		if (found[i].fit.mean == CYRILLIC_NONE)
			continue;
		*fit = found[i].fit;
		return found[i].set;
	}
	return NULL;
}

static const struct charset *western(void)
{
	return charset_labelled("windows-1252");
}

const struct charset *guess(struct charsets *c, const char *data, size_t len)
{
	size_t good, bad;
	struct cyrillic_fit fit;
	count_utf8(data, len, &good, &bad);
	if (good > 0 && bad * 4 <= good)
		return charset_labelled("utf-8");
	const struct charset *cyrillic = guess_cyrillic(c, data, len, &fit);
	if (cyrillic && fit.mean >= FIT_GOOD)
		return cyrillic;
	const struct charset *other = charset_detected(c, data, len);
	/* Latin languages have accents in their words, never words of accents. */
	if (cyrillic && fit.letters >= SOME && fit.mean >= FIT_FAIR && (!other || other->kind == LATIN))
		return cyrillic;
	const struct charset *latin =
		!other || other->kind == LATIN ? guess_latin(c, data, len) : NULL;
	return latin ? latin : other ? other : western();
}

/* A declared charset that the text contradicts. */
const struct charset *guess_against(struct charsets *c, const struct charset *set,
	const char *data, size_t len)
{
	size_t good, bad;
	struct cyrillic_fit fit, now = {.mean = CYRILLIC_NONE};
	if (set->kind == MULTI || set->kind == ESCAPES || set->kind == UNICODE)
		return set;
	count_utf8(data, len, &good, &bad);
	if (good > 1 && bad == 0)
		return charset_labelled("utf-8");
	if (set->kind == UTF8)
		return bad == 0 || good >= 4 * bad ? set : guess(c, data, len);
	if (set->kind == CYRILLIC)
		now = cyrillic_fit(charset_letters(c, set), data, len);
	/* Text that reads so well is not better in another charset: not looked for. */
	if (set->kind == OTHER || (now.mean >= FIT_VERY_GOOD && now.odd * FEW_ODD < now.letters))
		return set;
	const struct charset *best = guess_cyrillic(c, data, len, &fit);
	if (!best || best == set)
		return set;
	if (set->kind == LATIN)
		return fit.mean >= FIT_GOOD ? best : set;
	/* The rarer a charset is, the sooner its label is wrong. */
	int more = MAX(FIT_BETTER_BY - rarity(set), 0);
	return fit.mean >= FIT_GOOD && fit.sum > now.sum + more ? best : set;
}

/* Candidates, and what the octets are in each: two that read the same are one. */
struct candidates {
	struct charsets *charsets;
	const char *data;
	size_t len;
	GPtrArray *names;
	GHashTable *texts;
};

static void add(struct candidates *to, const struct charset *set)
{
	size_t bad;
	if (!set || set->kind == ASKED)
		return;
	char *text = charset_read(to->charsets, set, to->data, to->len, &bad);
	if (g_hash_table_add(to->texts, text))
		g_ptr_array_add(to->names, (gpointer)set->name);
}

static void add_all(struct candidates *to, const char *declared)
{
	struct judged found[CYRILLIC_SETS];
	struct charset_used used;
	size_t good, bad;
	g_autofree char *text = charset_judge(to->charsets, to->data, to->len, declared, &used);
	if (strcmp(used.name, "us-ascii") == 0)
		return;
	count_utf8(to->data, to->len, &good, &bad);
	/* Of what is mended, used names what was meant, and not what it is in. */
	if (!used.mended)
		add(to, charset_labelled(used.name));
	add(to, charset_labelled(declared));
	if (good > bad)
		add(to, charset_labelled("utf-8"));
	size_t n = judge_cyrillic(to->charsets, to->data, to->len, found);
	for (size_t i = 0; i < n; i++)
		add(to, found[i].set);
	add(to, charset_detected(to->charsets, to->data, to->len));
	add(to, western());
	add(to, charset_labelled("utf-8"));
}

static bool is_telling(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((guchar)line[i] >= 0x80 || line[i] == 0x1B)
			return true;
	return false;
}

/* Lines of ASCII read the same in nearly all of them.  In UTF-16 there are no lines. */
static GString *sample_of(const char *data, size_t len)
{
	GString *sample = g_string_new(NULL);
	const char *end = data + len;
	const char *from = memchr(data, 0, MIN(len, SHOWN)) ? end : data;
	for (const char *at = from, *next; at < end && sample->len < SHOWN; at = next) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		next = lf ? lf + 1 : end;
		if (is_telling(at, (size_t)(next - at)))
			g_string_append_len(sample, at,
				(gssize)MIN((size_t)(next - at), SHOWN - sample->len));
	}
	if (sample->len == 0)
		g_string_append_len(sample, data, (gssize)MIN(len, SHOWN));
	return sample;
}

GPtrArray *charset_candidates(struct charsets *c, const char *data, size_t len,
	const char *declared)
{
	g_autoptr(GString) sample = sample_of(data, len);
	struct candidates to = {c, sample->str, sample->len, g_ptr_array_new(),
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	add_all(&to, declared);
	g_hash_table_unref(to.texts);
	return to.names;
}
