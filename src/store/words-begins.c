/* SPDX-License-Identifier: MIT */
#include "store/words-begins.h"

#include <string.h>

#include "store/words-private.h"

enum {
	TABLE_BITS = 13,
	TABLE = 1 << TABLE_BITS,
	FULL = TABLE / 4 * 3,
	LONGEST = BEGIN_LETTERS * 4 + 1, /* octets, with its mark */
};

static const struct {
	const char *column;
	char mark;
} fields[] = {
	{"", BEGIN_ANYWHERE},
	{"subject", 's'},
	{"sender", 'f'},
	{"recipients", 't'},
	{"cc", 'c'},
	{"attachment", 'n'},
};

char words_begin_field(const char *column)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		if (strcmp(fields[i].column, column) == 0)
			return fields[i].mark;
	return ' ';
}

/* --- those of a letter --------------------------------------------------------- */

/* letter: of which it was; so nothing need be cleared for the next. */
struct slot {
	guint32 letter;
	guint8 len;
	char text[LONGEST];
};

struct begins {
	struct slot *table;
	guint32 letter;
	int used;
	const char *fields; /* of the texts to come */
	char field;
	GString *text;
};

struct begins *begins_new(void)
{
	struct begins *b = g_new0(struct begins, 1);
	b->text = g_string_new(WORDS_AS_THEY_ARE);
	return b;
}

void begins_free(struct begins *b)
{
	if (!b)
		return;
	g_string_free(b->text, TRUE);
	g_free(b->table);
	g_free(b);
}

void begins_start(struct begins *b, const char *marks)
{
	if (!b->table || ++b->letter == 0) {
		g_free(b->table);
		b->table = g_new0(struct slot, TABLE);
		b->letter = 1;
	}
	b->used = 0;
	b->fields = marks;
	b->field = ' ';
	g_string_assign(b->text, WORDS_AS_THEY_ARE);
}

void begins_next(struct begins *b)
{
	b->field = b->fields && *b->fields ? *b->fields++ : ' ';
}

static guint32 hash_of(const char *text, int len)
{
	guint32 hash = 2166136261u;
	for (int i = 0; i < len; i++)
		hash = (hash ^ (guint8)text[i]) * 16777619u;
	return (hash ^ hash >> TABLE_BITS) & (TABLE - 1);
}

/* False: it is there already.  A letter of so many that the table is full gets some
 * twice, which FTS5 does not mind. */
static bool note(struct begins *b, char mark, const char *word, int len)
{
	char text[LONGEST];
	text[0] = mark;
	memcpy(text + 1, word, (size_t)len++);
	guint32 at = hash_of(text, len);
	for (; b->table[at].letter == b->letter; at = (at + 1) & (TABLE - 1))
		if (b->table[at].len == len && memcmp(b->table[at].text, text, (size_t)len) == 0)
			return false;
	if (b->used < FULL) {
		b->table[at].letter = b->letter;
		b->table[at].len = (guint8)len;
		memcpy(b->table[at].text, text, (size_t)len);
		b->used++;
	}
	g_string_append_c(b->text, ' ');
	g_string_append_len(b->text, text, len);
	return true;
}

/* Where the first letters of a word end; their number. */
static int cut(const char *word, int len, int *ends)
{
	int n = 0;
	for (int at = 0; n < BEGIN_LETTERS && at < len; ends[n++] = at)
		at += g_utf8_skip[(guint8)word[at]];
	while (n > 0 && ends[n - 1] > len)
		n--;
	return n;
}

/* The longest first: with it all shorter ones are there already. */
void begins_add(struct begins *b, const char *word, int len)
{
	int ends[BEGIN_LETTERS], n = b->table ? cut(word, len, ends) : 0;
	for (int i = n; b->field != ' ' && i-- > 0;)
		if (!note(b, b->field, word, ends[i]))
			break;
	for (int i = n; i-- > 0;)
		if (!note(b, BEGIN_ANYWHERE, word, ends[i]))
			break;
}

const char *begins_text(const struct begins *b)
{
	return b->text->str;
}

/* --- looked for ---------------------------------------------------------------- */

static bool is_word(const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		enum word_kind kind = words_kind(g_utf8_get_char(text));
		if (kind == KIND_OTHER || kind == KIND_PAIR)
			return false;
	}
	return true;
}

char *words_begin_match(const char *text, char field)
{
	enum { MOST = 4 * BEGIN_LETTERS * 4 }; /* marks go, and a letter may become two */
	char folded[MOST + 1];
	int ends[BEGIN_LETTERS], len = (int)strnlen(text, MOST + 1);
	if (field == ' ' || len > MOST || !is_word(text))
		return NULL;
	int used = words_fold_text(text, len, folded, MOST), n = cut(folded, used, ends);
	if (n == 0 || ends[n - 1] != used)
		return NULL;
	folded[used] = '\0';
	return g_strdup_printf("\"" WORDS_AS_THEY_ARE " %c%s\"", field, folded);
}
