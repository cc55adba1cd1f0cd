/* SPDX-License-Identifier: MIT
 *
 * What an entry of the journal was, for people. */
#include "base/base.h"

#include <string.h>

#include "store/journal.h"

static const struct {
	unsigned flag;
	const char *set, *cleared;
} words[] = {
	{FLAG_SEEN, N_("read"), N_("unread")},
	{FLAG_FLAGGED, N_("flagged"), N_("not flagged")},
	{FLAG_REPLIED, N_("replied"), N_("not replied")},
	{FLAG_PASSED, N_("forwarded"), N_("not forwarded")},
	{FLAG_DRAFT, N_("draft"), N_("not a draft")},
	{FLAG_TRASHED, N_("to be deleted"), N_("not to be deleted")},
};

/* Of the first message; the others got the same, if they had not got it already. */
static char *flag_words(const struct journal_item *item)
{
	GString *out = g_string_new(NULL);
	for (size_t i = 0; item && i < G_N_ELEMENTS(words); i++)
		if (item->file && (item->mask & words[i].flag))
			g_string_append_printf(out, "%s%s", out->len ? ", " : ": ",
				item->flags & words[i].flag ? _(words[i].cleared)
							    : _(words[i].set));
	return g_string_free(out, FALSE);
}

static char *marked_text(int n, const struct journal_item *item)
{
	g_autofree char *flags = flag_words(item);
	g_autofree char *marked =
		g_strdup_printf(P_("%d message marked", "%d messages marked", n), n);
	return g_strconcat(marked, flags, NULL);
}

/* A letter has two changes where it was moved as well: which of them is not told. */
static char *train_text(int n, const char *word)
{
	return strcmp(word, "spam") == 0
		       ? g_strdup_printf(P_("called spam: %d change", "called spam: %d changes", n), n)
		       : g_strdup_printf(
				 P_("called no spam: %d change", "called no spam: %d changes", n), n);
}

char *journal_text(const struct journal_entry *e)
{
	const struct journal_item *item = e->items && e->items->len ? e->items->pdata[0] : NULL;
	const char *folder = item ? folder_title(journal_item_folder(item)) : "";
	const char *about = e->about ? e->about : "";
	int n = (int)e->count;
	switch (e->kind) {
	case JOURNAL_FLAGS:
		return marked_text(n, item);
	case JOURNAL_MOVE:
		return g_strdup_printf(
			P_("%d message moved to %s", "%d messages moved to %s", n), n, folder);
	case JOURNAL_COPY:
		return g_strdup_printf(
			P_("%d message copied to %s", "%d messages copied to %s", n), n, folder);
	case JOURNAL_DELETE:
		return g_strdup_printf(P_("%d message deleted", "%d messages deleted", n), n);
	case JOURNAL_UNDELETE:
		return g_strdup_printf(P_("%d message put back", "%d messages put back", n), n);
	case JOURNAL_TAG:
		return g_strdup_printf(
			P_("tags of %d message changed", "tags of %d messages changed", n), n);
	case JOURNAL_FILTER:
		/* TRANSLATORS: what a filter of this name did */
		return g_strdup_printf(
			P_("filter '%s': %d change", "filter '%s': %d changes", n), about, n);
	case JOURNAL_SPLIT:
		return g_strdup_printf(P_("%d message split from its thread",
					       "%d messages split from their threads", n), n);
	case JOURNAL_JOIN:
		return g_strdup_printf(P_("%d message joined to another thread",
					       "%d messages joined to another thread", n), n);
	case JOURNAL_TRAIN:
		return train_text(n, about);
	case JOURNAL_SEND:
		return g_strdup_printf(_("letter '%s' sent"), about);
	}
	return g_strdup(_("a change that this version of dewey does not know"));
}
