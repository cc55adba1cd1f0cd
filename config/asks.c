/* SPDX-License-Identifier: MIT
 *
 * The words for what is asked of a submission server; -N of a sendmail has them,
 * too. */
#include "config/account.h"

static const struct {
	const char *word;
	unsigned bit;
} notify_words[] = {
	{"success", ASK_NOTIFY_SUCCESS},
	{"failure", ASK_NOTIFY_FAILURE},
	{"delay", ASK_NOTIFY_DELAY},
	{"never", ASK_NOTIFY_NEVER},
};

static unsigned find_word(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(notify_words); i++)
		if (g_ascii_strcasecmp(notify_words[i].word, word) == 0)
			return notify_words[i].bit;
	return 0;
}

bool asks_parse_notify(const char *text, unsigned *asks)
{
	g_auto(GStrv) words = g_strsplit(text, ",", -1);
	unsigned bits = 0;
	for (char **word = words; *word; word++) {
		unsigned bit = find_word(g_strstrip(*word));
		if (bit == 0)
			return false;
		bits |= bit;
	}
	*asks = bits;
	return bits != 0 && (!(bits & ASK_NOTIFY_NEVER) || bits == ASK_NOTIFY_NEVER);
}
