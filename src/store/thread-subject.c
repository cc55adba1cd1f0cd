/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/subject.h"
#include "store/thread-private.h"
#include "store/thread-subject.h"

enum {
	WINDOW = 30 * 86400,
	MONTHS = 1024,    /* then their numbers begin again */
	HASH_BITS = 36,   /* month, hash and answer are 47 bits: six octets in SQLite */
	LEAST = 4,        /* letters and digits */
	MARK_LENGTH = 40, /* octets of "[list]" */
};

/* --- topics -------------------------------------------------------------------- */

/* Folded. */
static const char *const generic[] = {"hello", "hello there", "greetings", "test", "testing",
	"question", "questions", "help", "info", "information", "no subject", "none", "untitled",
	"thanks", "thank you", "reminder", "update", "news", "привет", "здравствуйте",
	"добрый день", "тест", "вопрос", "вопросы", "помощь", "информация", "без темы", "спасибо",
	"документы", "фото", "новости"};

/* Behind "[list] "; p itself if there is nothing behind it. */
static const char *behind_list(const char *p)
{
	const char *shut = *p == '[' ? strchr(p, ']') : NULL;
	if (!shut || shut - p > MARK_LENGTH)
		return p;
	shut += 1 + strspn(shut + 1, " ");
	return *shut ? shut : p;
}

static const char *base_subject(const char *subject, bool *answer)
{
	const char *p = subject, *next;
	*answer = false;
	for (;; p = next) {
		bool is;
		next = behind_list(subject_bare(p, &is));
		*answer = *answer || is;
		if (next == p)
			return p;
	}
}

/* Words of letters and digits with one space between; their number without it. */
static guint fold_whole(const char *text, GString *out)
{
	guint n = 0;
	bool space = false;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_unichar_tolower(g_utf8_get_char(p));
		if (!g_unichar_isalnum(c)) {
			space = n > 0;
			continue;
		}
		if (space)
			g_string_append_c(out, ' ');
		space = false;
		g_string_append_unichar(out, c == 0x451 ? 0x435 : c);
		/* A sign of Chinese says as much as two letters. */
		n += g_unichar_iswide(c) ? 2 : 1;
	}
	return n;
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	return hash ^ hash >> 32;
}

static int64_t topic_in(int64_t topic, int64_t month)
{
	int64_t below = ((int64_t)1 << (HASH_BITS + 1)) - 1;
	return (topic & below) | (month & (MONTHS - 1)) << (HASH_BITS + 1);
}

int64_t thread_topic(const char *subject, int64_t date)
{
	g_autoptr(GString) folded = g_string_new(NULL);
	bool answer;
	if (fold_whole(base_subject(subject, &answer), folded) < LEAST)
		return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(generic); i++)
		if (strcmp(generic[i], folded->str) == 0)
			return 0;
	uint64_t hash = hash_of(folded->str) >> (64 - HASH_BITS);
	/* Never 0. */
	return topic_in((int64_t)(MAX(hash, 1) << 1 | answer), date / WINDOW);
}

/* --- letters near ---------------------------------------------------------------- */

struct near {
	bool found;
	int64_t node, date;
};

/* The nearest letter before or after one, with this topic but for the month.  Of
 * those of its second it goes on from that with the number edge. */
struct look {
	const struct thread_newcomer *from;
	bool answer, after;
	int64_t edge;
};

enum { FIRST = -1 }; /* before all numbers of letters */
#define LAST G_MAXINT64

static const char *const nearest[] = {
	"SELECT date, node FROM message WHERE topic = ?1 AND (date, node) < (?2, ?3)"
	" AND date >= ?2 - ?4 AND node <> ?5 ORDER BY date DESC, node DESC LIMIT 1",
	"SELECT date, node FROM message WHERE topic = ?1 AND (date, node) > (?2, ?3)"
	" AND date <= ?2 + ?4 AND node <> ?5 ORDER BY date, node LIMIT 1",
};

static bool look_in(
	struct index *ix, const struct look *l, int64_t month, struct near *near, GError **error)
{
	g_autoptr(GError) own = NULL;
	int64_t topic = topic_in((l->from->topic & ~(int64_t)1) | l->answer, month);
	sqlite3_stmt *stmt = index_stmt(ix, nearest[l->after], error);
	if (!stmt)
		return false;
	db_bind(stmt, "iiiii", topic, l->from->date, l->edge, (int64_t)WINDOW, l->from->node);
	near->found = db_row(stmt, &own);
	if (near->found) {
		near->date = sqlite3_column_int64(stmt, 0);
		near->node = sqlite3_column_int64(stmt, 1);
	}
	sqlite3_reset(stmt);
	if (!own)
		return true;
	g_propagate_error(error, g_steal_pointer(&own));
	return false;
}

static bool look(struct index *ix, const struct look *l, struct near *near, GError **error)
{
	int64_t month = l->from->date / WINDOW;
	*near = (struct near){0};
	return look_in(ix, l, month, near, error) &&
	       (near->found || look_in(ix, l, l->after ? month + 1 : month - 1, near, error));
}

/* --- joining ------------------------------------------------------------------- */

/* What is no answer counts as before those of its second. */
static bool find_parent(
	struct index *ix, const struct thread_newcomer *answer, int64_t *parent, GError **error)
{
	const struct look looks[] = {{answer, false, false, LAST},
		{answer, true, false, answer->node}, {answer, false, true, LAST}};
	*parent = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(looks) && *parent == 0; i++) {
		struct near near;
		if (!look(ix, &looks[i], &near, error))
			return false;
		*parent = near.found ? near.node : 0;
	}
	return true;
}

/* The cheap way: without a link before nothing falls apart. */
static bool hang_on(struct index *ix, int64_t node, int64_t parent, GError **error)
{
	int64_t thread = 0, other = 0;
	return thread_of_node(ix, node, &thread, error) &&
	       thread_of_node(ix, parent, &other, error) &&
	       (other == 0 || thread_merge(ix, &thread, other, error));
}

static bool look_again(struct index *ix, const struct thread_newcomer *answer, GError **error)
{
	bool was, by_hand;
	int64_t before, parent, hand;
	if (!find_parent(ix, answer, &parent, error) ||
		!kin_get(ix, answer->node, KIN_SUBJECT, &was, &before, error))
		return false;
	if (before == parent)
		return true;
	return kin_set(ix, answer->node, KIN_SUBJECT, parent != 0, parent, error) &&
	       kin_get(ix, answer->node, KIN_HAND, &by_hand, &hand, error) &&
	       (by_hand || (was ? thread_relink(ix, answer->node, error)
				: hang_on(ix, answer->node, parent, error)));
}

/* --- those that a newcomer concerns ---------------------------------------------- */

static bool is_off(struct index *ix, bool *off, GError **error)
{
	int64_t none;
	return kin_get(ix, 0, KIN_SUBJECT, off, &none, error);
}

/* Three looks into an index, of which most find nothing. */
static bool is_alone(
	struct index *ix, const struct thread_newcomer *new, bool *alone, GError **error)
{
	int64_t others = 0, topic = new->topic & ~(int64_t)1, month = new->date / WINDOW;
	bool ok = index_number(ix, 0, &others, error,
		"SELECT count(*) FROM (SELECT 1 FROM message WHERE topic BETWEEN ?1 AND ?1 + 1"
		" OR topic BETWEEN ?2 AND ?2 + 1 OR topic BETWEEN ?3 AND ?3 + 1 LIMIT 2)",
		"iii", topic_in(topic, month - 1), topic_in(topic, month),
		topic_in(topic, month + 1));
	*alone = others < 2;
	return ok;
}

/* The answers between it and the next such letter were those of one before it. */
static bool take_answers(struct index *ix, const struct thread_newcomer *new, GError **error)
{
	struct thread_newcomer at = *new;
	struct look l = {&at, true, true, FIRST};
	struct near next, answer;
	if (!look(ix, &(struct look){new, false, true, new->node}, &next, error))
		return false;
	for (;;) {
		if (!look(ix, &l, &answer, error))
			return false;
		if (!answer.found || answer.date > new->date + WINDOW ||
			(next.found && answer.date >= next.date))
			return true;
		at.node = l.edge = answer.node;
		at.date = answer.date;
		if (!look_again(ix, &at, error))
			return false;
	}
}

/* The first answer before it may have nobody else; those behind that one have it. */
static bool take_earliest(struct index *ix, const struct thread_newcomer *new, GError **error)
{
	struct thread_newcomer at = *new;
	struct near answer;
	at.date -= WINDOW;
	if (!look(ix, &(struct look){&at, true, true, FIRST}, &answer, error))
		return false;
	at.node = answer.node;
	at.date = answer.date;
	return !answer.found || answer.date >= new->date || look_again(ix, &at, error);
}

static bool take_place(struct index *ix, const struct thread_newcomer *new, GError **error)
{
	struct near next;
	if ((new->topic & 1) == 0)
		return take_answers(ix, new, error) && take_earliest(ix, new, error);
	if (!look_again(ix, new, error) ||
		!look(ix, &(struct look){new, true, true, new->node}, &next, error))
		return false;
	struct thread_newcomer behind = {next.node, next.date, new->topic};
	return !next.found || look_again(ix, &behind, error);
}

bool thread_join_subject(struct index *ix, const struct thread_newcomer *new, GError **error)
{
	bool alone = false, off = false;
	if (new->topic == 0)
		return true;
	if (!is_alone(ix, new, &alone, error))
		return false;
	if (alone)
		return true;
	return is_off(ix, &off, error) && (off || take_place(ix, new, error));
}

/* --- switching it on and off ----------------------------------------------------- */

/* of: "SELECT node, date, topic …"; all of them, since what is done changes them. */
static GArray *newcomers(struct index *ix, const char *sql, GError **error)
{
	g_autoptr(GError) own = NULL;
	sqlite3_stmt *stmt = index_stmt(ix, sql, error);
	if (!stmt)
		return NULL;
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct thread_newcomer));
	while (db_row(stmt, &own)) {
		struct thread_newcomer n = {sqlite3_column_int64(stmt, 0),
			sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2)};
		g_array_append_val(list, n);
	}
	sqlite3_reset(stmt);
	if (!own)
		return list;
	g_propagate_error(error, g_steal_pointer(&own));
	g_array_unref(list);
	return NULL;
}

static bool let_go(struct index *ix, const struct thread_newcomer *answer, GError **error)
{
	return kin_set(ix, answer->node, KIN_SUBJECT, false, 0, error) &&
	       thread_relink(ix, answer->node, error);
}

static bool for_all(struct index *ix, bool on, GError **error)
{
	g_autoptr(GArray) list = newcomers(ix,
		on ? "SELECT node, date, topic FROM message WHERE topic & 1"
		   : "SELECT node, 0, 0 FROM kin WHERE kind = 1 AND node <> 0",
		error);
	for (guint i = 0; list && i < list->len; i++)
		if (!(on ? look_again : let_go)(
			    ix, &g_array_index(list, struct thread_newcomer, i), error))
			return false;
	return list != NULL;
}

bool index_set_subject_threads(struct index *ix, bool on, GError **error)
{
	bool off = false;
	if (!is_off(ix, &off, error))
		return false;
	if (on != off)
		return true;
	if (!index_begin(ix, error))
		return false;
	if (kin_set(ix, 0, KIN_SUBJECT, !on, 0, error) && for_all(ix, on, error))
		return index_commit(ix, error);
	index_rollback(ix);
	return false;
}
