/* SPDX-License-Identifier: MIT
 *
 * What a filter does: "move Lists/debian, mark read". */
#include "config/parse.h"

#include <string.h>

static const struct verb {
	const char *word;
	enum filter_act act;
	const char *type; /* of settings.def, of what stands behind it; NULL: nothing */
	const char *example;
} verbs[] = {
	{"move", FILTER_ACT_MOVE, "FOLDER", "move Lists/debian"},
	{"copy", FILTER_ACT_COPY, "FOLDER", "copy Archive"},
	{"tag", FILTER_ACT_TAG, "STRING", "tag work"},
	{"mark", FILTER_ACT_MARK, "STRING", "mark read"},
	{"notify", FILTER_ACT_NOTIFY, NULL, "notify"},
	{"forward-to", FILTER_ACT_FORWARD, "ADDRESS", "forward-to anna@example.org"},
	{"pipe", FILTER_ACT_PIPE, "STRING", "pipe bogofilter"},
	{"stop", FILTER_ACT_STOP, NULL, "stop"},
};

void filter_act_free(void *data)
{
	struct dotfile_act *a = data;
	g_free(a->text);
	g_strfreev(a->argv);
	g_free(a);
}

bool filter_statuses(const char *text, guint8 fates[256], enum filter_fate fate)
{
	g_auto(GStrv) words = g_strsplit_set(text ? text : "", " ,", -1);
	for (char **word = words; *word; word++) {
		guint64 n;
		if (!**word)
			continue;
		if (!g_ascii_string_to_unsigned(*word, 10, 0, 255, &n, NULL))
			return false;
		fates[n] = (guint8)fate;
	}
	return true;
}

const char *filter_end_of(const char *text)
{
	char quote = '\0';
	for (; *text && (quote || *text != ','); text++) {
		if (quote ? *text == quote : *text == '"' || *text == '\'')
			quote = quote ? '\0' : *text;
		else if (*text == '\\' && text[1])
			text++;
	}
	return text;
}

static const struct verb *verb_of(const char *text)
{
	size_t len = strcspn(text, " \t");
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (strlen(verbs[i].word) == len && strncmp(verbs[i].word, text, len) == 0)
			return &verbs[i];
	return NULL;
}

static bool wrong_verb(const char *text, struct complaint *c)
{
	g_autofree char *word = g_strndup(text, strcspn(text, " \t"));
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		g_ptr_array_add(words, (char *)verbs[i].word);
	g_ptr_array_add(words, NULL);
	const char *const *all = (const char *const *)words->pdata;
	const char *meant = dotfile_did_you_mean(word, all);
	if (meant)
		return complain(c, g_strdup_printf(_("a filter cannot do '%s'"), word),
			g_strdup_printf(_("did you mean '%s'?"), meant));
	g_autofree char *any = any_of(all);
	return complain(c, g_strdup_printf(_("a filter cannot do '%s'"), word),
		g_strdup_printf(_("write %s; 'skip', 'delete on server' and 'fetch' need "
				  "'when = preview'"),
			any));
}

static bool check_tags(const char *text)
{
	g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
	for (char **word = words; *word; word++) {
		const char *tag = *word + (**word == '+' || **word == '-');
		if (**word && (!*tag || strchr("+-", *tag) || strpbrk(tag, ";\"'()*\\")))
			return false;
	}
	return true;
}

static bool check_mark(const char *text)
{
	return strcmp(text, "read") == 0 || strcmp(text, "flagged") == 0;
}

/* What stands behind the word; a text in quotes is without them. */
static bool read_rest(
	const struct verb *v, const char *rest, struct dotfile_act *a, struct complaint *c)
{
	g_autoptr(GError) error = NULL;
	bool quoted = *rest == '"' || *rest == '\'';
	if (v->act == FILTER_ACT_PIPE) {
		if (g_shell_parse_argv(rest, NULL, &a->argv, &error))
			return true;
		return complain(c,
			g_strdup_printf(_("'%s' is no command: %s"), rest, error->message), NULL);
	}
	a->text = quoted ? g_shell_unquote(rest, NULL) : g_strdup(rest);
	if (!a->text || (v->act == FILTER_ACT_TAG && !check_tags(a->text)) ||
		(v->act == FILTER_ACT_MARK && !check_mark(a->text)))
		return complain(c,
			g_strdup_printf(_("'%s' cannot be done with '%s'"), v->word, rest),
			g_strdup_printf(_("write it like '%s'"), v->example));
	return setting_check_as(v->type, v->word, a->text, c);
}

static struct dotfile_act *read_act(const char *text, struct complaint *c)
{
	const struct verb *v = verb_of(text);
	if (!v) {
		wrong_verb(text, c);
		return NULL;
	}
	const char *rest = text + strlen(v->word);
	rest += strspn(rest, " \t");
	if (!v->type != !*rest) {
		complain(c,
			g_strdup_printf(v->type ? _("'%s' lacks a word behind it")
						: _("'%s' takes no word behind it"),
				v->word),
			g_strdup_printf(_("write it like '%s'"), v->example));
		return NULL;
	}
	struct dotfile_act *a = g_new0(struct dotfile_act, 1);
	a->act = v->act;
	if (!v->type || read_rest(v, rest, a, c))
		return a;
	filter_act_free(a);
	return NULL;
}

bool filter_read_acts(struct dotfile_filter *f, struct mistakes *m)
{
	for (const char *at = f->words; *at; at += *at == ',') {
		const char *end = filter_end_of(at);
		g_autofree char *text = g_strndup(at, (gsize)(end - at));
		struct complaint c = {0};
		struct dotfile_act *a = read_act(g_strstrip(text), &c);
		if (!a) {
			mistakes_add(m, f->do_line, &c);
			return false;
		}
		g_ptr_array_add(f->acts, a);
		at = end;
	}
	return true;
}
