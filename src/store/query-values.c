/* SPDX-License-Identifier: MIT
 *
 * What stands behind the colon of a term, and what can be wrong with it. */
#include "base/base.h"

#include <string.h>

#include "mime/client.h"
#include "store/query-private.h"
#include "store/tags.h"
#include "store/words.h"

static char *words_fault(struct node *n, int64_t now)
{
	return words_any(n->value)
		       ? NULL
		       : g_strdup_printf(_("there is no word to look for in '%s'"), n->value);
}

/* value is none of the words that the term knows. */
static char *unknown(const struct node *n)
{
	g_autofree char *known = query_state_words(n->term->kind);
	g_autofree char *near = query_near(n->value, known);
	if (near)
		return g_strdup_printf(_("'%s:' does not know '%s'; did you mean '%s'?"),
			n->term->name, n->value, near);
	return g_strdup_printf(
		_("'%s:' does not know '%s'; it knows %s"), n->term->name, n->value, known);
}

static char *state_fault(struct node *n, int64_t now)
{
	return query_state_sql(n->term->kind, n->value) ? NULL : unknown(n);
}

/* "pdf", or a type that is of a kind: "application/pdf", "image/". */
static char *type_fault(struct node *n, int64_t now)
{
	n->lo = strchr(n->value, '/') ? mime_kind_of(n->value, NULL) : mime_kind_named(n->value);
	n->lo &= ~(int64_t)QUERY_NO_TYPES;
	return n->lo ? NULL : unknown(n);
}

static char *lang_fault(struct node *n, int64_t now)
{
	n->lo = mime_language_named(n->value);
	return n->lo ? NULL : unknown(n);
}

static char *date_fault(struct node *n, int64_t now)
{
	int64_t lo, hi;
	if (!query_date(n->value, now, &lo, &hi))
		return g_strdup_printf(_("'%s' is not a date; write 2026, 2026-11, 2026-11-21, "
					 "today, monday, last-month, 2w, or a..b"),
			n->value);
	bool from = n->term->argument[0] == 'f', until = n->term->argument[0] == 'u';
	n->lo = until ? G_MININT64 : lo;
	n->hi = from ? G_MAXINT64 : until ? lo : hi;
	return NULL;
}

static char *size_fault(struct node *n, int64_t now)
{
	static const char units[] = "KMG";
	char *end;
	guint64 size = g_ascii_strtoull(n->value, &end, 10);
	const char *unit = *end ? strchr(units, g_ascii_toupper(*end)) : NULL;
	if (!g_ascii_isdigit(n->value[0]) || size > 1u << 30 || (*end && (!unit || end[1])))
		return g_strdup_printf(_("'%s' is not a size; write 500K or 1M"), n->value);
	n->lo = (int64_t)(size << (unit ? 10 * (unit - units + 1) : 0));
	return NULL;
}

static char *number_fault(struct node *n, int64_t now)
{
	char *end;
	n->lo = g_ascii_strtoll(n->value, &end, 10);
	return g_ascii_isdigit(n->value[0]) && !*end
		       ? NULL
		       : g_strdup_printf(_("'%s' is not a number"), n->value);
}

static char *any_fault(struct node *n, int64_t now)
{
	return n->value[0] ? NULL
			   : g_strdup_printf(_("'%s:' wants a value behind it"), n->term->name);
}

/* A tag is looked for as it is kept. */
static char *tag_fault(struct node *n, int64_t now)
{
	g_autoptr(GError) error = NULL;
	char *normal = tag_normal(n->value, &error);
	if (!normal)
		return g_strdup(error->message);
	g_free(n->value);
	n->value = normal;
	return NULL;
}

char *query_value_fault(struct node *n, int64_t now)
{
	static char *(*const faults[])(struct node *, int64_t) = {[TERM_WORDS] = words_fault,
		[TERM_IN] = any_fault,
		[TERM_IS] = state_fault,
		[TERM_HAS] = state_fault,
		[TERM_DATE] = date_fault,
		[TERM_SIZE] = size_fault,
		[TERM_ID] = any_fault,
		[TERM_THREAD] = number_fault,
		[TERM_ACCOUNT] = any_fault,
		[TERM_LIST] = any_fault,
		[TERM_TAG] = tag_fault,
		[TERM_TYPE] = type_fault,
		[TERM_LANG] = lang_fault,
		[TERM_DUPLICATE] = state_fault};
	bool open = n->term->kind == TERM_WORDS || n->term->kind == TERM_LIST ||
		    n->term->kind == TERM_TAG;
	if (n->prefix && !open)
		return g_strdup_printf(_("'%s:' takes no '*'"), n->term->name);
	return faults[n->term->kind](n, now);
}
