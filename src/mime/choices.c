/* SPDX-License-Identifier: MIT
 *
 * What people chose: for one letter, and for letters of a sender whose labels are
 * wrong.  Text that is plainly UTF-8, or ASCII, stays what it is. */
#include "base/base.h"

#include <string.h>

#include "mime/charset-private.h"

struct choices {
	GHashTable *known;  /* "sender\ndeclared" → charset */
	char *sender;       /* of the letter that is read, lower case; NULL: nobody */
	const struct charset *wish; /* for this letter; NULL: none */
	const char *hint;   /* what its text is declared as; NULL: not */
};

struct choices *choices_new(void)
{
	struct choices *ch = g_new0(struct choices, 1);
	ch->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return ch;
}

void choices_free(struct choices *ch)
{
	g_hash_table_unref(ch->known);
	g_free(ch->sender);
	g_free(ch);
}

static char *key_of(const char *sender, const char *declared)
{
	const char *label = charset_known(declared);
	return g_strconcat(sender, "\n", label ? label : "", NULL);
}

void charsets_choose(struct charsets *c, const char *sender, const char *declared,
	const char *charset)
{
	const struct charset *set = charset_labelled(charset);
	g_autofree char *lower = g_utf8_strdown(sender, -1);
	if (set)
		g_hash_table_insert(charsets_choices(c)->known, key_of(lower, declared),
			(gpointer)set);
}

void charsets_forget(struct charsets *c)
{
	g_hash_table_remove_all(charsets_choices(c)->known);
}

bool charsets_has_choices(struct charsets *c)
{
	return g_hash_table_size(charsets_choices(c)->known) > 0;
}

void charsets_begin(struct charsets *c, const char *sender, const char *wish, const char *hint)
{
	struct choices *ch = charsets_choices(c);
	g_free(ch->sender);
	ch->sender = sender ? g_utf8_strdown(sender, -1) : NULL;
	ch->wish = charset_labelled(wish);
	ch->hint = hint;
}

static bool is_plain(const char *data, size_t len)
{
	return len == 0 || g_utf8_validate(data, (gssize)len, NULL);
}

const struct charset *choices_for(struct choices *ch, const char *data, size_t len,
	const char *declared)
{
	const char *label = charset_known(declared);
	if ((!ch->wish && !ch->sender) || is_plain(data, len))
		return NULL;
	if (ch->wish && (!label || g_strcmp0(label, ch->hint) == 0))
		return ch->wish;
	if (!ch->sender || g_hash_table_size(ch->known) == 0)
		return NULL;
	g_autofree char *key = key_of(ch->sender, declared);
	return g_hash_table_lookup(ch->known, key);
}
