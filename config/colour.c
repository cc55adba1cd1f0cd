/* SPDX-License-Identifier: MIT
 *
 * One [color NAME]. */
#include "config/parse.h"

#include <string.h>

enum { BRIGHT = 8, COLOURS = 256 };

/* As curses numbers the first eight. */
static const char *const words[] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "default", NULL};

static const struct {
	const char *word;
	enum dotfile_look bit;
} looks[] = {
	{"bold", DOTFILE_BOLD},
	{"dim", DOTFILE_DIM},
	{"reverse", DOTFILE_REVERSE},
	{"underline", DOTFILE_UNDERLINE},
};

const char *const *colour_words(void)
{
	return words;
}

bool colour_parse(const char *text, int *number)
{
	guint64 n;
	bool bright = g_str_has_prefix(text, "bright-");
	const char *word = bright ? text + strlen("bright-") : text;
	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], word) != 0)
			continue;
		*number = i < BRIGHT ? i + (bright ? BRIGHT : 0) : -1;
		return i < BRIGHT || !bright;
	}
	if (!g_ascii_string_to_unsigned(text, 10, 0, COLOURS - 1, &n, NULL))
		return false;
	*number = (int)n;
	return true;
}

static bool add_look(const char *word, unsigned *bits)
{
	for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
		if (strcmp(looks[i].word, word) == 0) {
			*bits |= looks[i].bit;
			return true;
		}
	return false;
}

bool looks_parse(const char *text, unsigned *bits)
{
	g_auto(GStrv) parts = g_strsplit_set(text, " \t,", -1);
	*bits = 0;
	for (char **part = parts; *part; part++)
		if (**part && !add_look(*part, bits))
			return false;
	return true;
}

void section_needs_match(const struct section *s, struct mistakes *m)
{
	if (!g_hash_table_contains(s->values, "match"))
		mistakes_say(m, s->line,
			g_strdup_printf(_("[%s %s] has no 'match'"), s->kind, s->name),
			g_strdup(_("write a query, like 'match = from:anna'")));
}

struct dotfile_colour *colour_new(const struct section *s, struct mistakes *m)
{
	const char *fg = section_text(s, "fg"), *bg = section_text(s, "bg");
	const char *attr = section_text(s, "attr");
	struct dotfile_colour *k = g_new0(struct dotfile_colour, 1);
	k->name = g_strdup(s->name);
	k->query = g_strdup(section_text(s, "match"));
	k->query_line = section_line(s, "match");
	k->fg = k->bg = -1;
	section_needs_match(s, m);
	if (fg)
		colour_parse(fg, &k->fg);
	if (bg)
		colour_parse(bg, &k->bg);
	if (attr)
		looks_parse(attr, &k->bits);
	if (!g_hash_table_contains(s->values, "fg") && !g_hash_table_contains(s->values, "bg") &&
		!g_hash_table_contains(s->values, "attr"))
		mistakes_say(m, s->line,
			g_strdup_printf(_("the colour '%s' changes nothing"), s->name),
			g_strdup(_("write 'fg = red', 'bg = blue' or 'attr = bold'")));
	return k;
}

void colour_free(void *data)
{
	struct dotfile_colour *k = data;
	g_free(k->name);
	g_free(k->query);
	g_free(k);
}
