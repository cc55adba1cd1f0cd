/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/db.h"
#include "store/query-private.h"
#include "store/thread.h"
#include "store/words-begins.h"
#include "store/words.h"

/* The conditions are those of the partial indexes, letter for letter.  Kinds that few
 * letters have stand in an index of their own, message_kinds. */
#define RARE(bits) "((m.kinds & -8) <> 0 AND (m.kinds & " bits ") <> 0)"
/* Another one of the same Message-ID and body that was not thrown away, by the index of
 * nodes, which are Message-IDs: one of its own would be the larger. */
#define COPY(which)                                                                                \
	"(m.digest <> 0 AND EXISTS (SELECT 1 FROM message d WHERE d.node = m.node AND " which      \
	" AND d.digest = m.digest AND d.folder <> 1))"
G_STATIC_ASSERT(MIME_LINK == 2 && MIME_PICTURE == 4 && MIME_SIGNED == 8 && MIME_CALENDAR == 64 &&
		MIME_ENCRYPTED == 128 && MIME_INVITATION == 256);
static const struct {
	enum term_kind kind;
	const char *word, *sql;
} states[] = {
	{TERM_IS, "unread", "(m.flags & 16) = 0"},
	{TERM_IS, "read", "(m.flags & 16) <> 0"},
	{TERM_IS, "flagged", "(m.flags & 2) <> 0"},
	{TERM_IS, "replied", "(m.flags & 8) <> 0"},
	{TERM_IS, "forwarded", "(m.flags & 4) <> 0"},
	{TERM_IS, "draft", "(m.flags & 1) <> 0"},
	{TERM_IS, "new", "(m.state & 1) <> 0"},
	{TERM_IS, "preview", "(m.state & 8) <> 0"},
	{TERM_IS, "partial", "(m.state & 8) <> 0"},
	{TERM_IS, "encrypted", RARE("128")},
	{TERM_IS, "signed", RARE("8")},
	{TERM_IS, "duplicate", COPY("d.id < m.id")},
	{TERM_HAS, "attachment", "(m.state & 2) <> 0"},
	{TERM_HAS, "calendar", RARE("64")},
	{TERM_HAS, "invitation", RARE("256")},
	{TERM_HAS, "picture", "(m.kinds & 4) <> 0"},
	{TERM_HAS, "link", "(m.kinds & 2) <> 0"},
	{TERM_DUPLICATE, "yes", COPY("d.id <> m.id")},
	{TERM_DUPLICATE, "extra", COPY("d.id < m.id")},
	{TERM_DUPLICATE, "here",
		"(m.digest <> 0 AND EXISTS (SELECT 1 FROM message d WHERE d.node = m.node"
		" AND d.digest = m.digest AND d.id < m.id AND d.folder = m.folder))"},
	{TERM_DUPLICATE, "no", "NOT " COPY("d.id <> m.id")},
};

const char *query_state_sql(enum term_kind kind, const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		if (states[i].kind == kind && g_ascii_strcasecmp(states[i].word, word) == 0)
			return states[i].sql;
	return NULL;
}

static void append_word(GString *out, const char *word)
{
	g_string_append_printf(out, "%s%s", out->len ? ", " : "", word);
}

char *query_state_words(enum term_kind kind)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; kind == TERM_TYPE && mime_kind_word(i); i++)
		if (!(QUERY_NO_TYPES & 1u << i))
			append_word(out, mime_kind_word(i));
	for (guint i = 0; kind == TERM_LANG && mime_language_code(i); i++)
		append_word(out, mime_language_code(i));
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		if (states[i].kind == kind)
			append_word(out, states[i].word);
	return g_string_free(out, FALSE);
}

/* --- what FTS5 can answer ------------------------------------------------------ */

/* FTS5 has "a NOT b" but no NOT alone: every group needs something to be found. */
static bool is_text(const struct node *n)
{
	if (n->kind == NODE_TERM)
		return n->term->kind == TERM_WORDS;
	if (n->kind == NODE_NEAR)
		return true;
	bool found = false;
	for (guint i = 0; i < n->children->len; i++) {
		const struct node *c = n->children->pdata[i];
		if (n->kind == NODE_AND && c->kind == NODE_NOT) {
			if (!is_text(c->children->pdata[0]))
				return false;
			continue;
		}
		if (!is_text(c))
			return false;
		found = true;
	}
	return found && n->kind != NODE_NOT;
}

static void match_node(GString *out, const struct node *n);

static void match_term(GString *out, const struct node *n)
{
	g_autofree char *whole = words_phrase_match(n->value);
	g_autofree char *begun = n->prefix ? words_prefix_match(n->value) : NULL;
	if (n->term->argument[0])
		g_string_append_printf(out, "%s : ", n->term->argument);
	/* "bridges*" finds bridge as well: who types a word finds its other forms before
	 * the word is ended. */
	if (begun)
		g_string_append_printf(out, "(%s OR %s)", begun, whole);
	else
		g_string_append(out, whole);
}

static void match_near(GString *out, const struct node *n)
{
	const struct node *first = n->children->pdata[0];
	if (first->term->argument[0])
		g_string_append_printf(out, "%s : ", first->term->argument);
	g_string_append(out, "NEAR(");
	for (guint i = 0; i < n->children->len; i++) {
		const struct node *c = n->children->pdata[i];
		g_autofree char *match = words_phrase_match(c->value);
		bool open = c->prefix && !g_str_has_suffix(match, "*");
		g_string_append_printf(out, "%s%s ", match, open ? " *" : "");
	}
	g_string_append_printf(out, ", %" G_GINT64_FORMAT ")", n->lo);
}

static void match_group(GString *out, const struct node *n)
{
	const char *between = "";
	g_string_append(out, "((");
	for (guint i = 0; i < n->children->len; i++) {
		const struct node *c = n->children->pdata[i];
		if (c->kind == NODE_NOT)
			continue;
		g_string_append(out, between);
		match_node(out, c);
		between = n->kind == NODE_AND ? " AND " : " OR ";
	}
	g_string_append_c(out, ')');
	for (guint i = 0; i < n->children->len; i++) {
		const struct node *c = n->children->pdata[i];
		if (c->kind != NODE_NOT)
			continue;
		g_string_append(out, " NOT ");
		match_node(out, c->children->pdata[0]);
	}
	g_string_append_c(out, ')');
}

static void match_node(GString *out, const struct node *n)
{
	if (n->kind == NODE_TERM)
		match_term(out, n);
	else if (n->kind == NODE_NEAR)
		match_near(out, n);
	else
		match_group(out, n);
}

/* --- SQL ----------------------------------------------------------------------- */

static void add_value(GPtrArray *values, GVariant *value)
{
	g_ptr_array_add(values, g_variant_ref_sink(value));
}

/* The name on disk of what a person may have read as its title, folded. */
static char *folder_key(const char *text)
{
	g_autofree char *given = g_utf8_casefold(text, -1);
	size_t len = strlen(given);
	while (len > 1 && given[len - 1] == '/')
		given[--len] = '\0';
	return g_utf8_casefold(folder_from_title(given), -1);
}

static void sql_in(GString *out, GPtrArray *values, const struct node *n)
{
	g_autofree char *key = folder_key(n->value);
	g_autofree char *below = g_strconcat(key, "/", NULL);
	g_string_append(out, "m.folder IN (SELECT id FROM folder WHERE fold = ? OR"
			     " substr(fold, 1, length(?)) = ?)");
	add_value(values, g_variant_new_string(key));
	add_value(values, g_variant_new_string(below));
	add_value(values, g_variant_new_string(below));
}

static void sql_state(GString *out, GPtrArray *values, const struct node *n)
{
	g_string_append(out, query_state_sql(n->term->kind, n->value));
}

static void sql_date(GString *out, GPtrArray *values, const struct node *n)
{
	g_string_append(out, "(m.date >= ? AND m.date < ?)");
	add_value(values, g_variant_new_int64(n->lo));
	add_value(values, g_variant_new_int64(n->hi));
}

static void sql_size(GString *out, GPtrArray *values, const struct node *n)
{
	g_string_append_printf(out, "m.size %s ?", n->term->argument);
	add_value(values, g_variant_new_int64(n->lo));
}

static void sql_id(GString *out, GPtrArray *values, const struct node *n)
{
	g_autofree char *id = g_strdup(n->value);
	size_t len = strlen(id);
	if (strspn(id, "0123456789") == len && len < 18) {
		g_string_append(out, "m.id = ?");
		add_value(values, g_variant_new_int64(g_ascii_strtoll(id, NULL, 10)));
		return;
	}
	if (len > 1 && id[0] == '<' && id[len - 1] == '>') {
		id[len - 1] = '\0';
		memmove(id, id + 1, len - 1);
	}
	g_string_append(out, "(m.node = ? AND m.message_id = ?)");
	add_value(values, g_variant_new_int64(thread_node(id)));
	add_value(values, g_variant_new_string(id));
}

static void sql_thread(GString *out, GPtrArray *values, const struct node *n)
{
	g_string_append(out, "m.thread = ?");
	add_value(values, g_variant_new_int64(n->lo));
}

static void sql_account(GString *out, GPtrArray *values, const struct node *n)
{
	g_string_append(out, "m.account = ? COLLATE NOCASE");
	add_value(values, g_variant_new_string(n->value));
}

/* value with what LIKE takes for more than itself behind '\\'. */
static char *like_text(const char *value, const char *behind)
{
	GString *out = g_string_new(NULL);
	for (const char *p = value; *p; p++) {
		if (strchr("%_\\", *p))
			g_string_append_c(out, '\\');
		g_string_append_c(out, *p);
	}
	g_string_append(out, behind);
	return g_string_free(out, FALSE);
}

/* "debian-user" is debian-user.lists.debian.org too. */
static void sql_list(GString *out, GPtrArray *values, const struct node *n)
{
	g_autofree char *begins = like_text(n->value, n->prefix ? "%" : ".%");
	g_string_append(out, "(m.list IS NOT NULL AND m.list IN (SELECT id FROM list"
			     " WHERE name = ? OR name LIKE ? ESCAPE '\\'))");
	add_value(values, g_variant_new_string(n->value));
	add_value(values, g_variant_new_string(begins));
}

static void sql_tag(GString *out, GPtrArray *values, const struct node *n)
{
	g_autofree char *begins = n->prefix ? like_text(n->value, "%") : NULL;
	g_string_append_printf(out, "m.id IN (SELECT message FROM tag WHERE name %s)",
		n->prefix ? "LIKE ? ESCAPE '\\'" : "= ?");
	add_value(values, g_variant_new_string(begins ? begins : n->value));
}

static void sql_type(GString *out, GPtrArray *values, const struct node *n)
{
	g_string_append_printf(out, "(%s(m.kinds & %" G_GINT64_FORMAT ") <> 0)",
		n->lo & -8 ? "(m.kinds & -8) <> 0 AND " : "", n->lo);
}

static void sql_lang(GString *out, GPtrArray *values, const struct node *n)
{
	g_string_append_printf(out, "(m.languages & %" G_GINT64_FORMAT ") <> 0", n->lo);
}

static void sql_words(GString *out, GPtrArray *values, const struct node *n)
{
	g_autoptr(GString) match = g_string_new(NULL);
	match_node(match, n);
	g_string_append(out, "m.id IN (SELECT rowid FROM words WHERE words MATCH ?)");
	add_value(values, g_variant_new_string(match->str));
}

static void sql_term(GString *out, GPtrArray *values, const struct node *n)
{
	static void (*const writers[])(GString *, GPtrArray *, const struct node *) = {
		[TERM_WORDS] = sql_words,
		[TERM_IN] = sql_in,
		[TERM_IS] = sql_state,
		[TERM_HAS] = sql_state,
		[TERM_DATE] = sql_date,
		[TERM_SIZE] = sql_size,
		[TERM_ID] = sql_id,
		[TERM_THREAD] = sql_thread,
		[TERM_ACCOUNT] = sql_account,
		[TERM_LIST] = sql_list,
		[TERM_TAG] = sql_tag,
		[TERM_TYPE] = sql_type,
		[TERM_LANG] = sql_lang,
		[TERM_DUPLICATE] = sql_state};
	writers[n->term->kind](out, values, n);
}

static void sql_node(GString *out, GPtrArray *values, const struct node *n)
{
	if (is_text(n)) {
		sql_words(out, values, n);
		return;
	}
	if (n->kind == NODE_TERM) {
		sql_term(out, values, n);
		return;
	}
	g_string_append(out, n->kind == NODE_NOT ? "NOT (" : "(");
	for (guint i = 0; i < n->children->len; i++) {
		if (i > 0)
			g_string_append(out, n->kind == NODE_AND ? " AND " : " OR ");
		sql_node(out, values, n->children->pdata[i]);
	}
	g_string_append_c(out, ')');
}

char *query_sql(const struct query *q, GPtrArray *values)
{
	GString *out = g_string_new(NULL);
	if (q->root)
		sql_node(out, values, q->root);
	else
		g_string_append(out, "1");
	return g_string_free(out, FALSE);
}

/* --- beginnings ---------------------------------------------------------------- */

/* "c*" and "from:ol*" as an expression on begins; NULL: it is none. */
static char *begun_of(const struct node *n)
{
	if (n->kind == NODE_TERM)
		return n->prefix && n->term->kind == TERM_WORDS
			       ? words_begin_match(n->value, words_begin_field(n->term->argument))
			       : NULL;
	if (n->kind != NODE_OR)
		return NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	for (guint i = 0; i < n->children->len; i++) {
		g_autofree char *one = begun_of(n->children->pdata[i]);
		if (!one)
			return NULL;
		g_string_append_printf(out, "%s%s", i > 0 ? " OR " : "(", one);
	}
	g_string_append_c(out, ')');
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The text of a query, a term or an AND of them, in up to two parts. */
static void split_begun(const struct node *text, struct query_parts *parts)
{
	g_autoptr(GPtrArray) left = g_ptr_array_new();
	g_autoptr(GString) begun = g_string_new(NULL), rest = g_string_new(NULL);
	bool found = false;
	if (text->kind != NODE_AND) {
		parts->begun = begun_of(text);
		return;
	}
	for (guint i = 0; i < text->children->len; i++) {
		struct node *c = text->children->pdata[i];
		g_autofree char *one = begun_of(c);
		if (one)
			g_string_append_printf(begun, "%s%s", begun->len ? " AND " : "", one);
		else
			g_ptr_array_add(left, c);
		found = found || (!one && is_text(c));
	}
	if (begun->len == 0 || (left->len > 0 && !found))
		return;
	const struct node others = {.kind = NODE_AND, .children = left};
	if (found)
		match_node(rest, &others);
	parts->begun = g_strdup(begun->str);
	parts->rest = found ? g_strdup(rest->str) : NULL;
}

/* --- parts --------------------------------------------------------------------- */

/* The terms of the top AND go to FTS5, become bounds, or stay a condition. */
static void part_of(const struct node *n, struct query_parts *parts, GString *sql)
{
	if (n->kind == NODE_TERM && n->term->kind == TERM_DATE) {
		parts->since = MAX(parts->since, n->lo);
		parts->until = MIN(parts->until, n->hi);
	}
	if (n->kind == NODE_TERM && n->term->kind == TERM_IN && !parts->folder)
		parts->folder = folder_key(n->value);
	if (sql->len > 0)
		g_string_append(sql, " AND ");
	sql_node(sql, parts->values, n);
}

/* The text of the top AND, with what it excludes: one MATCH. */
static struct node *text_of(const struct node *root, GPtrArray *rest)
{
	struct node *text = g_new0(struct node, 1);
	bool found = false;
	text->kind = NODE_AND;
	text->children = g_ptr_array_new();
	for (guint i = 0; i < root->children->len; i++) {
		struct node *c = root->children->pdata[i];
		bool excludes = c->kind == NODE_NOT && is_text(c->children->pdata[0]);
		found = found || is_text(c);
		g_ptr_array_add(is_text(c) || excludes ? text->children : rest, c);
	}
	if (found)
		return text;
	g_ptr_array_set_size(rest, 0);
	for (guint i = 0; i < root->children->len; i++)
		g_ptr_array_add(rest, root->children->pdata[i]);
	g_ptr_array_unref(text->children);
	g_free(text);
	return NULL;
}

static void set_match(const struct node *text, struct query_parts *parts)
{
	GString *match = g_string_new(NULL);
	match_node(match, text);
	parts->match = g_string_free(match, FALSE);
	split_begun(text, parts);
}

static void split_and(const struct node *root, struct query_parts *parts, GString *sql)
{
	g_autoptr(GPtrArray) rest = g_ptr_array_new();
	struct node *text = text_of(root, rest);
	for (guint i = 0; i < rest->len; i++)
		part_of(rest->pdata[i], parts, sql);
	if (!text)
		return;
	set_match(text, parts);
	g_ptr_array_unref(text->children);
	g_free(text);
}

void query_parts_init(const struct query *q, struct query_parts *parts)
{
	GString *sql = g_string_new(NULL);
	memset(parts, 0, sizeof *parts);
	parts->values = g_ptr_array_new_with_free_func((GDestroyNotify)g_variant_unref);
	parts->since = G_MININT64;
	parts->until = G_MAXINT64;
	if (q->root && q->root->kind == NODE_AND) {
		split_and(q->root, parts, sql);
	} else if (q->root && is_text(q->root)) {
		set_match(q->root, parts);
	} else if (q->root) {
		part_of(q->root, parts, sql);
	}
	if (sql->len == 0)
		g_string_append(sql, "1");
	parts->sql = g_string_free(sql, FALSE);
}

void query_bind(sqlite3_stmt *stmt, int at, const GPtrArray *values)
{
	for (guint i = 0; i < values->len; i++) {
		GVariant *v = values->pdata[i];
		if (g_variant_is_of_type(v, G_VARIANT_TYPE_STRING))
			sqlite3_bind_text(
				stmt, at++, g_variant_get_string(v, NULL), -1, SQLITE_STATIC);
		else
			sqlite3_bind_int64(stmt, at++, g_variant_get_int64(v));
	}
}

void query_parts_clear(struct query_parts *parts)
{
	g_free(parts->match);
	g_free(parts->begun);
	g_free(parts->rest);
	g_free(parts->sql);
	g_free(parts->folder);
	if (parts->values)
		g_ptr_array_unref(parts->values);
}

/* --- names --------------------------------------------------------------------- */

static bool names(const struct node *n, const char *key)
{
	for (guint i = 0; n->children && i < n->children->len; i++)
		if (names(n->children->pdata[i], key))
			return true;
	if (n->kind != NODE_TERM || n->term->kind != TERM_IN)
		return false;
	g_autofree char *named = folder_key(n->value);
	return strcmp(named, key) == 0;
}

bool query_names_folder(const struct query *q, const char *folder)
{
	g_autofree char *key = g_utf8_casefold(folder, -1);
	return q->root && names(q->root, key);
}
