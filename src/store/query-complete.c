/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/quote.h"
#include "store/correspondents.h"
#include "store/index-private.h"
#include "store/index-tags.h"
#include "store/query-complete.h"
#include "store/query-private.h"

enum { MOST = 50, LATEST = 5000 /* messages that are asked for accounts */ };

struct completing {
	struct index *ix;
	const struct term *term;
	const char *sign;  /* "-" in front of the term, or "" */
	const char *value; /* what was typed of it, without quotes */
	char *folded;      /* the same, case-folded */
	GPtrArray *found;
};

static void completion_free(gpointer data)
{
	struct query_completion *c = data;
	g_free(c->text);
	g_free(c->help);
	g_free(c);
}

/* --- what is offered ----------------------------------------------------------- */

static char *quoted(const char *value)
{
	bool bare = *value && !strpbrk(value, " \t\"()\\");
	return bare ? g_strdup(value) : quote_text(value);
}

static void offer(struct completing *c, const char *value, const char *help)
{
	struct query_completion *new = g_new0(struct query_completion, 1);
	g_autofree char *text = quoted(value);
	new->text = g_strdup_printf("%s%s:%s", c->sign, c->term->name, text);
	new->help = g_strdup(help);
	g_ptr_array_add(c->found, new);
}

static bool begins(const struct completing *c, const char *value)
{
	g_autofree char *folded = g_utf8_casefold(value, -1);
	return g_str_has_prefix(folded, c->folded);
}

static void offer_if(struct completing *c, const char *value, const char *help)
{
	if (c->found->len < MOST && begins(c, value))
		offer(c, value, help);
}

/* --- values -------------------------------------------------------------------- */

static void offer_list(struct completing *c, const char *const *values)
{
	for (; *values; values++)
		offer_if(c, *values, "");
}

static void offer_words(struct completing *c)
{
	g_autofree char *known = query_state_words(c->term->kind);
	g_auto(GStrv) words = g_strsplit(known, ", ", -1);
	offer_list(c, (const char *const *)words);
}

static void offer_dates(struct completing *c)
{
	static const char *const dates[] = {"today", "yesterday", "this-week", "last-week",
		"this-month", "last-month", "this-year", "last-year", "2w", "3m", NULL};
	offer_list(c, dates);
}

static void offer_sizes(struct completing *c)
{
	static const char *const sizes[] = {"100K", "1M", "10M", NULL};
	offer_list(c, sizes);
}

/* Folders of the second level are found by their own name as well. */
static void offer_folders(struct completing *c)
{
	g_autoptr(GPtrArray) folders = c->ix ? index_folders(c->ix, NULL) : NULL;
	for (guint i = 0; folders && i < folders->len; i++) {
		const struct folder_row *row = folders->pdata[i];
		const char *title = folder_title(row->name), *last = strrchr(row->name, '/');
		bool other = strcmp(title, row->name) != 0;
		if (c->found->len < MOST &&
			(begins(c, row->name) || (last && begins(c, last + 1)) ||
				(other && begins(c, title))))
			offer(c, row->name, other ? title : "");
	}
}

static void offer_tags(struct completing *c)
{
	g_autoptr(GPtrArray) tags = c->ix ? index_tags(c->ix, NULL) : NULL;
	for (guint i = 0; tags && i < tags->len; i++)
		offer_if(c, tags->pdata[i], "");
}

static void offer_column(struct completing *c, const char *sql)
{
	sqlite3_stmt *stmt = c->ix ? index_stmt(c->ix, sql, NULL) : NULL;
	while (stmt && db_row(stmt, NULL))
		offer_if(c, (const char *)sqlite3_column_text(stmt, 0), "");
	if (stmt)
		sqlite3_reset(stmt);
}

static void offer_lists(struct completing *c)
{
	offer_column(c, "SELECT name FROM list ORDER BY name");
}

static void offer_accounts(struct completing *c)
{
	G_STATIC_ASSERT(LATEST == 5000);
	offer_column(c, "SELECT DISTINCT account FROM (SELECT account FROM message"
			" ORDER BY id DESC LIMIT 5000) WHERE account <> '' ORDER BY account");
}

/* The address is what finds all letters of somebody, whatever the name was. */
static void offer_people(struct completing *c)
{
	bool people = strcmp(c->term->name, "from") == 0 || strcmp(c->term->name, "to") == 0 ||
		      strcmp(c->term->name, "cc") == 0;
	g_autoptr(GPtrArray) found = c->ix && people && *c->value
					     ? correspondents_find(c->ix, c->value, MOST, NULL)
					     : NULL;
	for (guint i = 0; found && i < found->len; i++) {
		char *text = found->pdata[i], *open = strrchr(text, '<');
		if (open)
			open[strlen(open) - 1] = '\0';
		offer(c, open ? open + 1 : text, "");
		struct query_completion *last = c->found->pdata[c->found->len - 1];
		if (open > text) {
			g_free(last->help);
			last->help = g_strndup(text, (gsize)(open - text - 1));
		}
	}
}

static void offer_values(struct completing *c)
{
	static void (*const offers[])(struct completing *) = {[TERM_WORDS] = offer_people,
		[TERM_IN] = offer_folders,
		[TERM_IS] = offer_words,
		[TERM_HAS] = offer_words,
		[TERM_DATE] = offer_dates,
		[TERM_SIZE] = offer_sizes,
		[TERM_ACCOUNT] = offer_accounts,
		[TERM_LIST] = offer_lists,
		[TERM_TAG] = offer_tags,
		[TERM_TYPE] = offer_words,
		[TERM_LANG] = offer_words,
		[TERM_DUPLICATE] = offer_words};
	if ((size_t)c->term->kind < G_N_ELEMENTS(offers) && offers[c->term->kind])
		offers[c->term->kind](c);
}

static void offer_names(struct completing *c, const char *typed)
{
	guint n;
	const struct query_term_info *infos = query_terms(&n);
	g_autofree char *name = g_ascii_strdown(typed, -1);
	for (guint i = 0; i < n; i++) {
		if (!g_str_has_prefix(infos[i].name, name))
			continue;
		struct query_completion *new = g_new0(struct query_completion, 1);
		new->text = g_strdup_printf("%s%s:", c->sign, infos[i].name);
		new->help = g_strdup(_(infos[i].help));
		g_ptr_array_add(c->found, new);
	}
}

/* --- the term before the cursor ------------------------------------------------ */

/* Where the last term of text begins; a space in quotes does not end one. */
static const char *last_term(const char *text)
{
	const char *start = text;
	bool quotes = false;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		if (quotes && *p == '\\' && p[1])
			p++;
		else if (*p == '"')
			quotes = !quotes;
		else if (!quotes && (strchr("()", *p) || g_unichar_isspace(g_utf8_get_char(p))))
			start = g_utf8_next_char(p);
	}
	return start;
}

/* Without quotes, closed or not. */
static char *plain(const char *value)
{
	GString *out = g_string_new(NULL);
	for (const char *p = value; *p; p++) {
		if (*p == '"')
			continue;
		if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		g_string_append_c(out, *p);
	}
	return g_string_free(out, FALSE);
}

GPtrArray *query_complete(struct index *ix, const char *text, size_t cursor, size_t *start)
{
	g_autofree char *cut = g_strndup(text, cursor);
	g_autofree char *before = g_utf8_make_valid(cut, -1);
	const char *term = last_term(before);
	struct completing c = {.ix = ix, .sign = *term == '-' ? "-" : ""};
	c.found = g_ptr_array_new_with_free_func(completion_free);
	*start = MIN((size_t)(term - before), cursor);
	term += *c.sign ? 1 : 0;
	const char *colon = strchr(term, ':');
	if (!colon) {
		if (*term != '"')
			offer_names(&c, term);
		return c.found;
	}
	g_autofree char *name = g_ascii_strdown(term, colon - term);
	g_autofree char *value = plain(colon + 1);
	c.term = query_term_find(name);
	c.value = value;
	c.folded = g_utf8_casefold(value, -1);
	if (c.term)
		offer_values(&c);
	g_free(c.folded);
	return c.found;
}
