/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/db.h"
#include "store/subject.h"

/* In front of a colon, lower case. */
static const struct {
	const char *word;
	bool answer;
} marks[] = {{"re", true}, {"fwd", false}, {"fw", false}, {"aw", true}, {"antw", true},
	{"wg", false}, {"sv", true}, {"vs", true}, {"rif", true}, {"odp", true}, {"res", true},
	{"ha", true}, {"на", true}, {"отв", true}, {"ответ", true}, {"пересл", false},
	{"回复", true}, {"答复", true}, {"回覆", true}, {"转发", false}};

/* "[2]", "(3)", "^4": how often. */
static const char *behind_number(const char *p)
{
	static const char open[] = "[(", shut[] = "])";
	const char *kind = *p ? strchr(open, *p) : NULL;
	if (*p != '^' && !kind)
		return p;
	const char *end = p + 1 + strspn(p + 1, "0123456789");
	if (end == p + 1)
		return p;
	if (!kind)
		return end;
	return *end == shut[kind - open] ? end + 1 : p;
}

static const char *behind_colon(const char *p)
{
	p += strspn(p, " ");
	if (*p == ':')
		return p + 1;
	return g_str_has_prefix(p, "：") ? p + strlen("：") : NULL;
}

static bool begins(const char *text, const char *word, size_t *len)
{
	const char *p = text;
	for (; *word; word = g_utf8_next_char(word), p = g_utf8_next_char(p))
		if (!*p || g_unichar_tolower(g_utf8_get_char(p)) != g_utf8_get_char(word))
			return false;
	*len = (size_t)(p - text);
	return true;
}

static const char *behind_mark(const char *p, bool *answer)
{
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		size_t len;
		const char *end = begins(p, marks[i].word, &len)
					  ? behind_colon(behind_number(p + len))
					  : NULL;
		if (!end)
			continue;
		if (answer && marks[i].answer)
			*answer = true;
		return end;
	}
	return NULL;
}

const char *subject_bare(const char *subject, bool *answer)
{
	const char *next = subject;
	if (answer)
		*answer = false;
	while (next) {
		subject = next + strspn(next, " ");
		next = behind_mark(subject, answer);
	}
	return subject;
}

/* --- keys ---------------------------------------------------------------------- */

static size_t put_folded(char *key, size_t len, gunichar c)
{
	char octets[6];
	c = g_unichar_tolower(c);
	gint n = g_unichar_to_utf8(c == 0x451 ? 0x435 : c, octets);
	if (len + (size_t)n >= LIST_KEY_TEXT)
		return LIST_KEY_TEXT;
	memcpy(key + len, octets, (size_t)n);
	return len + (size_t)n;
}

static void fold(const char *text, char *key)
{
	size_t len = 0, next;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (len == 0 && !g_unichar_isalnum(c))
			continue;
		if ((next = put_folded(key, len, c)) == LIST_KEY_TEXT)
			break;
		len = next;
	}
	key[len] = '\0';
}

void sort_key_subject(const char *subject, char key[LIST_KEY_TEXT])
{
	fold(subject_bare(subject, NULL), key);
}

void sort_key_sender(const char *name, const char *address, char key[LIST_KEY_TEXT])
{
	fold(name && *name ? name : address, key);
	if (!*key)
		fold(address, key);
}

/* --- in SQL -------------------------------------------------------------------- */

static const char *text_of(sqlite3_value *value)
{
	const char *text = (const char *)sqlite3_value_text(value);
	return text ? text : "";
}

static void sql_subject(sqlite3_context *context, int n, sqlite3_value **values)
{
	char key[LIST_KEY_TEXT];
	sort_key_subject(text_of(values[0]), key);
	sqlite3_result_text(context, key, -1, SQLITE_TRANSIENT);
}

static void sql_sender(sqlite3_context *context, int n, sqlite3_value **values)
{
	char key[LIST_KEY_TEXT];
	sort_key_sender(text_of(values[0]), text_of(values[1]), key);
	sqlite3_result_text(context, key, -1, SQLITE_TRANSIENT);
}

bool sort_key_register(sqlite3 *db, GError **error)
{
	enum { HOW = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };
	bool ok = sqlite3_create_function(db, "dewey_subject", 1, HOW, NULL, sql_subject, NULL,
			  NULL) == SQLITE_OK &&
		  sqlite3_create_function(
			  db, "dewey_sender", 2, HOW, NULL, sql_sender, NULL, NULL) == SQLITE_OK;
	return ok || db_fail(db, _("open"), error);
}
