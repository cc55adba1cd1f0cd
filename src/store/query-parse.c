/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "store/query-private.h"

/* FTS5 and SQLite limit the depth of their own trees to 256 and 1000. */
enum { DEPTH_MAX = 60, TERMS_MAX = 120, NEAR_WORDS = 10, NEAR_MOST = 1000 };

enum token {
	TOKEN_END,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_NEAR,
	TOKEN_TERM
};

struct parser {
	const char *text, *at;
	int64_t now;
	bool heads; /* only what a head can answer */
	int depth, terms;
	enum token token;
	const char *token_at;
	/* of TOKEN_TERM */
	const struct term *term;
	GString *value;
	const char *value_at;
	bool prefix;
	/* of TOKEN_NEAR */
	int64_t distance;
};

static const struct term anywhere = {"", TERM_WORDS, "", ""};

/* Places are counted in characters, from 1, as a person counts. */
static glong place(const struct parser *p, const char *at)
{
	return g_utf8_pointer_to_offset(p->text, at) + 1;
}

static bool fail(const struct parser *p, const char *at, GError **error, const char *format, ...)
	G_GNUC_PRINTF(4, 5);
static bool fail(const struct parser *p, const char *at, GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *what = g_strdup_vprintf(format, args);
	va_end(args);
	/* TRANSLATORS: what is wrong in a query, then the character it begins at */
	g_set_error(error, STORE_ERROR, STORE_ERROR_QUERY, _("%s, at %ld"), what, place(p, at));
	return false;
}

/* --- tokens -------------------------------------------------------------------- */

static bool is_space(const char *at)
{
	return g_unichar_isspace(g_utf8_get_char(at));
}

static bool ends_word(const char *at)
{
	return *at == '\0' || strchr("()\"", *at) || is_space(at);
}

static bool read_quoted(struct parser *p, GError **error)
{
	const char *open = p->at++;
	for (; *p->at != '"'; p->at++) {
		if (*p->at == '\\' && (p->at[1] == '"' || p->at[1] == '\\'))
			p->at++;
		if (*p->at == '\0')
			return fail(p, open, error, _("this quote is not closed"));
		g_string_append_c(p->value, *p->at);
	}
	p->at++;
	if (*p->at == '*') {
		p->prefix = true;
		p->at++;
	}
	return true;
}

static void read_word(struct parser *p)
{
	while (!ends_word(p->at))
		g_string_append_c(p->value, *p->at++);
	p->prefix = p->value->len > 1 && p->value->str[p->value->len - 1] == '*';
	if (p->prefix)
		g_string_truncate(p->value, p->value->len - 1);
}

static bool unknown_term(struct parser *p, const char *name, GError **error)
{
	guint n;
	const struct term *terms = query_term_list(&n);
	g_autoptr(GString) names = g_string_new(NULL);
	for (guint i = 0; i < n; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? "," : "", terms[i].name);
	g_autofree char *near = query_near(name, names->str);
	if (near)
		g_set_error(error, STORE_ERROR, STORE_ERROR_QUERY,
			_("unknown term '%s:' at %ld; did you mean '%s:'?"), name,
			place(p, p->token_at), near);
	else
		g_set_error(error, STORE_ERROR, STORE_ERROR_QUERY,
			_("unknown term '%s:' at %ld; put it in quotes to look for the words"),
			name, place(p, p->token_at));
	return false;
}

/* "name:" in front of a word.  "http://…" is a word with a colon in it. */
static bool read_name(struct parser *p, GError **error)
{
	size_t len = strspn(p->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	p->term = &anywhere;
	if (len == 0 || p->at[len] != ':' || strncmp(p->at + len, "://", 3) == 0)
		return true;
	g_autofree char *name = g_ascii_strdown(p->at, (gssize)len);
	p->term = query_term_find(name);
	if (!p->term)
		return unknown_term(p, name, error);
	p->at += len + 1;
	return true;
}

static bool read_term(struct parser *p, GError **error)
{
	p->token = TOKEN_TERM;
	p->prefix = false;
	g_string_truncate(p->value, 0);
	if (!read_name(p, error))
		return false;
	p->value_at = p->at;
	if (*p->at == '"')
		return read_quoted(p, error);
	read_word(p);
	if (p->value->len == 0)
		return fail(
			p, p->token_at, error, _("'%s:' wants a value behind it"), p->term->name);
	return true;
}

static bool keyword(struct parser *p)
{
	static const struct {
		const char *word;
		enum token token;
	} keywords[] = {{"AND", TOKEN_AND}, {"OR", TOKEN_OR}, {"NOT", TOKEN_NOT}};
	for (size_t i = 0; i < G_N_ELEMENTS(keywords); i++) {
		size_t len = strlen(keywords[i].word);
		if (strncmp(p->at, keywords[i].word, len) == 0 && ends_word(p->at + len)) {
			p->token = keywords[i].token;
			p->at += len;
			return true;
		}
	}
	return false;
}

/* NEAR, or NEAR/5; anything else behind it is a word. */
static bool near_sign(struct parser *p)
{
	if (strncmp(p->at, "NEAR", 4) != 0)
		return false;
	char *end = (char *)p->at + 4;
	guint64 words = NEAR_WORDS;
	if (*end == '/' && g_ascii_isdigit(end[1]))
		words = g_ascii_strtoull(end + 1, &end, 10);
	if (!ends_word(end))
		return false;
	p->token = TOKEN_NEAR;
	p->distance = (int64_t)MIN(words, NEAR_MOST);
	p->at = end;
	return true;
}

static bool next(struct parser *p, GError **error)
{
	while (*p->at && is_space(p->at))
		p->at = g_utf8_next_char(p->at);
	p->token_at = p->at;
	static const struct {
		char c;
		enum token token;
	} signs[] = {{'\0', TOKEN_END}, {'(', TOKEN_OPEN}, {')', TOKEN_CLOSE}, {'-', TOKEN_NOT}};
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
		if (*p->at == signs[i].c && (*p->at != '-' || *(p->at + 1) == '"' ||
						    *(p->at + 1) == '(' || !ends_word(p->at + 1))) {
			p->token = signs[i].token;
			p->at += *p->at ? 1 : 0;
			return true;
		}
	return keyword(p) || near_sign(p) || read_term(p, error);
}

/* --- the tree ------------------------------------------------------------------ */

static void node_free(gpointer data)
{
	struct node *n = data;
	if (!n)
		return;
	if (n->children)
		g_ptr_array_unref(n->children);
	g_free(n->value);
	g_free(n);
}
typedef struct node node;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(node, node_free)

void query_free(struct query *q)
{
	if (!q)
		return;
	node_free(q->root);
	g_free(q);
}

/* Groups of the same kind become one, so that (a b) c and a b c are equal. */
static void adopt(struct node *parent, struct node *child)
{
	if (child->kind != parent->kind || parent->kind == NODE_NOT) {
		g_ptr_array_add(parent->children, child);
		return;
	}
	for (guint i = 0; i < child->children->len; i++)
		g_ptr_array_add(parent->children, g_steal_pointer(&child->children->pdata[i]));
	node_free(child);
}

static struct node *combine(enum node_kind kind, struct node *a, struct node *b)
{
	struct node *n = g_new0(struct node, 1);
	n->kind = kind;
	n->children = g_ptr_array_new_with_free_func(node_free);
	adopt(n, a);
	if (b)
		adopt(n, b);
	return n;
}

static bool check_value(struct parser *p, struct node *n, GError **error)
{
	g_autofree char *fault = query_value_fault(n, p->now);
	return !fault || fail(p, p->value_at, error, "%s", fault);
}

/* A letter that was not fetched yet has no text, no attachments and no place. */
static bool check_head(struct parser *p, const struct node *n, GError **error)
{
	static const char *const later[] = {"body", "attachment", "filename", "in", "is", "has",
		"tag", "type", "lang", "duplicate", "thread", NULL};
	if (!p->heads || !g_strv_contains(later, n->term->name))
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_QUERY,
		_("'%s:' at %ld is not known before a letter is fetched; there are from:, to:, "
		  "cc:, subject:, list:, id:, date:, after:, before:, larger: and smaller:"),
		n->term->name, place(p, p->token_at));
	return false;
}

/* --- the grammar --------------------------------------------------------------- */

static struct node *parse_or(struct parser *p, GError **error);

static struct node *parse_leaf(struct parser *p, GError **error)
{
	if (++p->terms > TERMS_MAX) {
		fail(p, p->token_at, error, _("the query has too many terms"));
		return NULL;
	}
	g_autoptr(node) n = g_new0(struct node, 1);
	n->kind = NODE_TERM;
	n->term = p->term;
	n->value = g_strdup(p->value->str);
	n->prefix = p->prefix;
	if (!check_head(p, n, error) || !check_value(p, n, error) || !next(p, error))
		return NULL;
	return g_steal_pointer(&n);
}

/* What stands behind NEAR: words of the same term. */
static struct node *parse_beside(struct parser *p, const struct node *first, GError **error)
{
	const char *near_at = p->token_at;
	if (!next(p, error))
		return NULL;
	if (p->token != TOKEN_TERM || p->term->kind != TERM_WORDS ||
		first->term->kind != TERM_WORDS) {
		fail(p, near_at, error, _("NEAR stands between two words"));
		return NULL;
	}
	if (p->term == &anywhere)
		p->term = first->term;
	if (p->term != first->term) {
		fail(p, p->token_at, error,
			_("words near each other are in the same place: say "
			  "'%s:' once, in front of the first"),
			first->term->name);
		return NULL;
	}
	return parse_leaf(p, error);
}

static struct node *parse_near(struct parser *p, GError **error)
{
	g_autoptr(node) first = parse_leaf(p, error);
	if (!first || p->token != TOKEN_NEAR)
		return g_steal_pointer(&first);
	const struct node *leader = first;
	g_autoptr(node) n = combine(NODE_NEAR, g_steal_pointer(&first), NULL);
	while (p->token == TOKEN_NEAR) {
		n->lo = MAX(n->lo, p->distance);
		struct node *more = parse_beside(p, leader, error);
		if (!more)
			return NULL;
		g_ptr_array_add(n->children, more);
	}
	return g_steal_pointer(&n);
}

static struct node *parse_group(struct parser *p, GError **error)
{
	const char *open = p->token_at;
	if (!next(p, error))
		return NULL;
	g_autoptr(node) n = parse_or(p, error);
	if (!n)
		return NULL;
	if (p->token != TOKEN_CLOSE) {
		fail(p, open, error, _("this '(' is not closed"));
		return NULL;
	}
	return next(p, error) ? g_steal_pointer(&n) : NULL;
}

static struct node *parse_not(struct parser *p, GError **error)
{
	if (p->depth >= DEPTH_MAX) {
		fail(p, p->token_at, error, _("the query is nested too deeply"));
		return NULL;
	}
	p->depth++;
	struct node *n = NULL;
	if (p->token == TOKEN_TERM) {
		n = parse_near(p, error);
	} else if (p->token == TOKEN_OPEN) {
		n = parse_group(p, error);
	} else if (p->token == TOKEN_NOT) {
		if (next(p, error) && (n = parse_not(p, error)))
			n = combine(NODE_NOT, n, NULL);
	} else {
		fail(p, p->token_at, error, _("a word or a term is missing"));
	}
	p->depth--;
	return n;
}

static bool begins_term(enum token token)
{
	return token == TOKEN_TERM || token == TOKEN_OPEN || token == TOKEN_NOT;
}

static struct node *parse_and(struct parser *p, GError **error)
{
	g_autoptr(node) n = parse_not(p, error);
	while (n && (p->token == TOKEN_AND || begins_term(p->token))) {
		if (p->token == TOKEN_AND && !next(p, error))
			return NULL;
		struct node *more = parse_not(p, error);
		if (!more)
			return NULL;
		n = combine(NODE_AND, g_steal_pointer(&n), more);
	}
	return g_steal_pointer(&n);
}

static struct node *parse_or(struct parser *p, GError **error)
{
	g_autoptr(node) n = parse_and(p, error);
	while (n && p->token == TOKEN_OR) {
		if (!next(p, error))
			return NULL;
		struct node *more = parse_and(p, error);
		if (!more)
			return NULL;
		n = combine(NODE_OR, g_steal_pointer(&n), more);
	}
	return g_steal_pointer(&n);
}

static struct query *parse(const char *text, int64_t now, bool heads, GError **error)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autoptr(GString) value = g_string_new(NULL);
	struct parser p = {.text = valid, .at = valid, .now = now, .heads = heads, .value = value};
	g_autoptr(query) q = g_new0(struct query, 1);
	if (!next(&p, error))
		return NULL;
	if (p.token == TOKEN_END)
		return g_steal_pointer(&q);
	q->root = parse_or(&p, error);
	if (!q->root)
		return NULL;
	if (p.token != TOKEN_END) {
		fail(&p, p.token_at, error, _("this ')' has no '(' before it"));
		return NULL;
	}
	return g_steal_pointer(&q);
}

struct query *query_parse(const char *text, int64_t now, GError **error)
{
	return parse(text, now, false, error);
}

char *query_fault(const char *text, bool heads)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(query) q = parse(text, clock_now(), heads, &error);
	if (q && (q->root || !heads))
		return NULL;
	return g_strdup(
		error ? error->message : _("an empty query would mean every letter; say which"));
}
