/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/query-marks.h"
#include "store/query-private.h"
#include "store/words.h"

/* One reading of a word; a word of several languages has several. */
struct reading {
	guint place; /* words are numbered by where they begin */
	int from, to;
	char *word;
};

struct needle {
	unsigned fields;
	GArray *readings;
	guint places;
	char *prefix; /* the last word is the beginning of one: this; NULL: it is whole */
};

struct query_marks {
	words *words;
	GPtrArray *needles;
	GArray *text; /* of struct reading: what is looked at */
};

static void reading_clear(void *data)
{
	g_free(((struct reading *)data)->word);
}

static GArray *readings_new(void)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct reading));
	g_array_set_clear_func(list, reading_clear);
	return list;
}

static const struct reading *reading_at(const GArray *list, guint i)
{
	return &g_array_index(list, struct reading, i);
}

static int keep_reading(void *data, const char *word, int len, int start, int end)
{
	GArray *list = data;
	const struct reading *last = list->len > 0 ? reading_at(list, list->len - 1) : NULL;
	guint place = !last ? 0 : last->place + (last->from != start);
	struct reading r = {place, start, end, g_strndup(word, (gsize)len)};
	g_array_append_val(list, r);
	return 0;
}

/* --- needles --------------------------------------------------------------------- */

static void needle_free(void *data)
{
	struct needle *n = data;
	g_array_unref(n->readings);
	g_free(n->prefix);
	g_free(n);
}

static unsigned fields_of(const char *columns)
{
	static const struct {
		const char *column;
		unsigned field;
	} known[] = {{"sender", MARK_SENDER}, {"recipients", MARK_RECIPIENTS},
		{"cc", MARK_RECIPIENTS}, {"subject", MARK_SUBJECT}, {"body", MARK_BODY}};
	unsigned fields = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (strstr(columns, known[i].column))
			fields |= known[i].field;
	return *columns ? fields : MARK_ANY;
}

static int keep_last(void *data, const char *word, int len, int start, int end)
{
	char **last = data;
	g_free(*last);
	*last = g_strndup(word, (gsize)len);
	return 0;
}

/* The last word as it is written, folded but not stemmed. */
static char *plain_word(struct words *w, const char *text, int len)
{
	char *last = NULL;
	words_each(w, text, len, WORDS_PLAIN, keep_last, &last);
	return last;
}

static void add_needle(struct query_marks *m, const struct node *n)
{
	int len = (int)strlen(n->value);
	struct needle *needle = g_new0(struct needle, 1);
	needle->fields = fields_of(n->term->argument);
	needle->readings = readings_new();
	words_each(m->words, n->value, len, WORDS_QUERY, keep_reading, needle->readings);
	if (n->prefix || words_ends_single(n->value))
		needle->prefix = plain_word(m->words, n->value, len);
	guint last = needle->readings->len;
	needle->places = last > 0 ? reading_at(needle->readings, last - 1)->place + 1 : 0;
	if (needle->places > 0 && needle->fields)
		g_ptr_array_add(m->needles, needle);
	else
		needle_free(needle);
}

/* What a message must not have is not marked. */
static void add_needles(struct query_marks *m, const struct node *n)
{
	if (n->kind == NODE_NOT)
		return;
	for (guint i = 0; n->children && i < n->children->len; i++)
		add_needles(m, n->children->pdata[i]);
	if (n->kind == NODE_TERM && n->term->kind == TERM_WORDS)
		add_needle(m, n);
}

struct query_marks *query_marks_new(const char *text, const char *languages)
{
	g_autoptr(query) q = text ? query_parse(text, clock_now(), NULL) : NULL;
	if (!q || !q->root)
		return NULL;
	g_autoptr(query_marks) m = g_new0(struct query_marks, 1);
	m->words = words_new(languages);
	m->needles = g_ptr_array_new_with_free_func(needle_free);
	m->text = readings_new();
	add_needles(m, q->root);
	return m->needles->len > 0 ? g_steal_pointer(&m) : NULL;
}

void query_marks_free(struct query_marks *m)
{
	if (!m)
		return;
	words_free(m->words);
	g_ptr_array_unref(m->needles);
	g_array_unref(m->text);
	g_free(m);
}

/* --- looking ----------------------------------------------------------------------- */

static bool begins_so(
	struct query_marks *m, const char *text, const struct reading *r, const char *prefix)
{
	if (g_str_has_prefix(r->word, prefix))
		return true;
	g_autofree char *plain = plain_word(m->words, text + r->from, r->to - r->from);
	return plain && g_str_has_prefix(plain, prefix);
}

static bool is_read_so(const struct needle *n, guint place, const char *word)
{
	for (guint i = 0; i < n->readings->len; i++) {
		const struct reading *wanted = reading_at(n->readings, i);
		if (wanted->place == place && strcmp(wanted->word, word) == 0)
			return true;
	}
	return false;
}

/* Whether the word of the reading at i, or one of its other readings, is the word of
 * the needle at place. */
static bool fits(
	struct query_marks *m, const char *text, guint i, const struct needle *n, guint place)
{
	guint here = reading_at(m->text, i)->place;
	for (; i < m->text->len && reading_at(m->text, i)->place == here; i++) {
		const struct reading *r = reading_at(m->text, i);
		if (is_read_so(n, place, r->word) ||
			(n->prefix && place + 1 == n->places && begins_so(m, text, r, n->prefix)))
			return true;
	}
	return false;
}

static guint next_place(const GArray *readings, guint i)
{
	guint here = reading_at(readings, i)->place;
	while (i < readings->len && reading_at(readings, i)->place == here)
		i++;
	return i;
}

/* The end of the needle that begins at reading i; 0: it does not. */
static int end_of(struct query_marks *m, const char *text, guint i, const struct needle *n)
{
	int to = 0;
	for (guint place = 0; place < n->places; place++) {
		if (i >= m->text->len || !fits(m, text, i, n, place))
			return 0;
		to = reading_at(m->text, i)->to;
		i = next_place(m->text, i);
	}
	return to;
}

static void add_mark(GArray *marks, size_t from, size_t to)
{
	struct mark *last =
		marks->len > 0 ? &g_array_index(marks, struct mark, marks->len - 1) : NULL;
	if (last && from <= last->to) {
		last->to = MAX(last->to, to);
		return;
	}
	struct mark mark = {from, to};
	g_array_append_val(marks, mark);
}

GArray *query_marks_find(struct query_marks *m, unsigned fields, const char *text, guint max)
{
	GArray *marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
	g_array_set_size(m->text, 0);
	words_each(m->words, text, (int)MIN(strlen(text), G_MAXINT), WORDS_TEXT, keep_reading,
		m->text);
	for (guint i = 0; i < m->text->len && (max == 0 || marks->len < max);
		i = next_place(m->text, i)) {
		int to = 0;
		for (guint n = 0; n < m->needles->len; n++) {
			const struct needle *needle = m->needles->pdata[n];
			if (needle->fields & fields)
				to = MAX(to, end_of(m, text, i, needle));
		}
		if (to > 0)
			add_mark(marks, (size_t)reading_at(m->text, i)->from, (size_t)to);
	}
	return marks;
}
