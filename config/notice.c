/* SPDX-License-Identifier: MIT
 *
 * One [notify NAME]. */
#include "config/parse.h"

#include <string.h>

static bool read_command(struct dotfile_notice *n, const char *words, struct complaint *c)
{
	g_autoptr(GError) error = NULL;
	if (n->argv)
		return complain(c, g_strdup(_("'command' stands here twice")),
			g_strdup(_("leave one of them")));
	if (g_shell_parse_argv(words, NULL, &n->argv, &error))
		return true;
	return complain(c, g_strdup_printf(_("'%s' is no command: %s"), words, error->message),
		NULL);
}

static bool read_act(struct dotfile_notice *n, const char *text, struct complaint *c)
{
	static const char command[] = "command";
	size_t len = strlen(command);
	bool runs = strncmp(text, command, len) == 0 && strchr(" \t", text[len]);
	if (strcmp(text, "bell") == 0)
		n->bell = true;
	else if (runs)
		return read_command(n, text + len + strspn(text + len, " \t"), c);
	else
		return complain(c, g_strdup_printf(_("a notice cannot do '%s'"), text),
			g_strdup(_("write 'bell', 'command PROGRAM ARGS', or both with a comma "
				   "between them")));
	return true;
}

static void read_acts(struct dotfile_notice *n, const struct section *s, struct mistakes *m)
{
	const char *at = section_text(s, "do");
	if (!g_hash_table_contains(s->values, "do"))
		mistakes_say(m, s->line, g_strdup_printf(_("the notice '%s' does nothing"), s->name),
			g_strdup(_("write 'do = bell'")));
	while (at && *at) {
		const char *end = filter_end_of(at);
		g_autofree char *text = g_strndup(at, (gsize)(end - at));
		struct complaint c = {0};
		if (!read_act(n, g_strstrip(text), &c)) {
			mistakes_add(m, section_line(s, "do"), &c);
			return;
		}
		at = end + (*end == ',');
	}
}

struct dotfile_notice *notice_new(const struct section *s, struct mistakes *m)
{
	struct dotfile_notice *n = g_new0(struct dotfile_notice, 1);
	n->name = g_strdup(s->name);
	n->query = g_strdup(section_text(s, "match"));
	n->query_line = section_line(s, "match");
	section_needs_match(s, m);
	read_acts(n, s, m);
	return n;
}

void notice_free(void *data)
{
	struct dotfile_notice *n = data;
	g_free(n->name);
	g_free(n->query);
	g_strfreev(n->argv);
	g_free(n);
}
