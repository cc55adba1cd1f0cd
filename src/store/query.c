/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/query-private.h"

static const struct term terms[] = {
#define TERM(name, kind, argument, help) {name, TERM_##kind, argument, help},
#include "store/query-terms.def"
#undef TERM
};

static const struct query_term_info infos[] = {
#define TERM(name, kind, argument, help) {name, help},
#include "store/query-terms.def"
#undef TERM
};

const struct query_term_info *query_terms(guint *count)
{
	*count = G_N_ELEMENTS(infos);
	return infos;
}

const struct term *query_term_list(guint *count)
{
	*count = G_N_ELEMENTS(terms);
	return terms;
}

const struct term *query_term_find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(terms); i++)
		if (strcmp(terms[i].name, name) == 0)
			return &terms[i];
	return NULL;
}

/* --- suggestions --------------------------------------------------------------- */

/* Insertions, removals and exchanges of letters, with neighbours swapped as one. */
static int distance(const char *a, const char *b)
{
	enum { MAX = 16 };
	int la = (int)strlen(a), lb = (int)strlen(b), d[MAX + 1][MAX + 1];
	if (la > MAX || lb > MAX)
		return MAX;
	for (int i = 0; i <= la; i++)
		for (int j = 0; j <= lb; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = i + j;
				continue;
			}
			int same = a[i - 1] == b[j - 1] ? 0 : 1;
			d[i][j] = MIN(MIN(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d[i][j] = MIN(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[la][lb];
}

char *query_near(const char *word, const char *candidates)
{
	g_auto(GStrv) list = g_strsplit(candidates, ",", -1);
	const char *best = NULL;
	int least = 3;
	for (char **c = list; *c; c++) {
		int n = distance(word, g_strstrip(*c));
		if (n < least && n < (int)strlen(*c)) {
			least = n;
			best = *c;
		}
	}
	return g_strdup(best);
}

/* --- printing ------------------------------------------------------------------ */

static void print_value(GString *out, const struct node *n)
{
	g_string_append_c(out, '"');
	for (const char *p = n->value; *p; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *p);
	}
	g_string_append(out, n->prefix ? "\"*" : "\"");
}

static void print_near(GString *out, const struct node *n)
{
	const struct node *first = n->children->pdata[0];
	if (first->term->name[0])
		g_string_append_printf(out, "%s:", first->term->name);
	for (guint i = 0; i < n->children->len; i++) {
		if (i > 0)
			g_string_append_printf(out, " NEAR/%" G_GINT64_FORMAT " ", n->lo);
		print_value(out, n->children->pdata[i]);
	}
}

static void print_node(GString *out, const struct node *n)
{
	if (n->kind == NODE_TERM) {
		if (n->term->name[0])
			g_string_append_printf(out, "%s:", n->term->name);
		print_value(out, n);
		return;
	}
	if (n->kind == NODE_NEAR) {
		print_near(out, n);
		return;
	}
	if (n->kind == NODE_NOT) {
		g_string_append(out, "NOT ");
		print_node(out, n->children->pdata[0]);
		return;
	}
	g_string_append_c(out, '(');
	for (guint i = 0; i < n->children->len; i++) {
		if (i > 0)
			g_string_append(out, n->kind == NODE_AND ? " AND " : " OR ");
		print_node(out, n->children->pdata[i]);
	}
	g_string_append_c(out, ')');
}

char *query_print(const struct query *q)
{
	GString *out = g_string_new(NULL);
	if (q->root)
		print_node(out, q->root);
	return g_string_free(out, FALSE);
}
