/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "store/query-complete.h"
#include "ui/command.h"

#define LIST CONTEXT_LIST
#define MESSAGE CONTEXT_MESSAGE
#define FOLDERS CONTEXT_FOLDERS
#define COMPOSE CONTEXT_COMPOSE
#define OUTBOX CONTEXT_OUTBOX
#define PARTS CONTEXT_PARTS
#define TEXT CONTEXT_TEXT
#define SERVER CONTEXT_SERVER
#define JOURNAL CONTEXT_JOURNAL
#define FILTERS CONTEXT_FILTERS
#define ANY CONTEXT_ANY

static const struct command commands[] = {
#define COMMAND(contexts, name, argument, handler, help)                                           \
	{contexts, name, ARGUMENT_##argument, handler, help},
#include "ui/commands.def"
#undef COMMAND
};

static const char *const places[] = {
	"list", "message", "folders", "compose", "outbox", "parts", "text", "server",
	"journal", "filters", NULL};

const struct command *command_table(guint *count)
{
	*count = G_N_ELEMENTS(commands);
	return commands;
}

const struct command *command_lookup(const char *name, unsigned contexts)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if ((commands[i].contexts & contexts) && strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

const char *const *context_names(void)
{
	return places;
}

unsigned context_from_name(const char *name)
{
	for (int i = 0; places[i]; i++)
		if (strcmp(places[i], name) == 0)
			return 1u << i;
	/* mutt's words for the two most used. */
	if (strcmp(name, "index") == 0)
		return CONTEXT_LIST;
	if (strcmp(name, "pager") == 0)
		return CONTEXT_MESSAGE;
	return strcmp(name, "all") == 0 ? CONTEXT_ANY : 0;
}

static void complain_unknown(struct ui *ui, const char *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		g_ptr_array_add(names, (char *)commands[i].name);
	g_ptr_array_add(names, NULL);
	g_autofree char *shown = sanitize_line(name, -1);
	const char *meant = dotfile_did_you_mean(name, (const char *const *)names->pdata);
	const struct command *elsewhere = command_lookup(name, CONTEXT_ANY);
	if (elsewhere)
		ui_complain(ui, _("'%s' does nothing here; press ? for what does"), shown);
	else if (meant)
		ui_complain(ui, _("unknown command '%s'; did you mean '%s'?"), shown, meant);
	else
		ui_complain(ui, _("unknown command '%s'; press ? for a list"), shown);
}

void command_run(struct ui *ui, const char *line)
{
	while (*line == ' ')
		line++;
	size_t len = strcspn(line, " ");
	g_autofree char *name = g_strndup(line, len);
	g_autofree char *rest = g_strstrip(g_strdup(line + len));
	if (!*name)
		return;
	const struct command *c = command_lookup(name, ui_top(ui)->ops->context);
	if (!c)
		complain_unknown(ui, name);
	else if (*rest && c->argument == ARGUMENT_NONE)
		ui_complain(ui, _("'%s' takes nothing behind it"), name);
	else
		c->handler(ui, *rest ? rest : NULL);
}

static GPtrArray *complete_names(unsigned context, const char *text)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if ((commands[i].contexts & context) && g_str_has_prefix(commands[i].name, text))
			g_ptr_array_add(found, g_strdup(commands[i].name));
	return found;
}

static GPtrArray *complete_accounts(struct ui *ui, const char *text)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < dotfile_account_count(ui_dotfile(ui)); i++) {
		const struct account *a = dotfile_account(ui_dotfile(ui), i);
		if (g_str_has_prefix(a->id, text))
			g_ptr_array_add(found, g_strdup(a->id));
	}
	return found;
}

GPtrArray *prompt_complete_query(struct ui *ui, const char *text)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	size_t start;
	g_autoptr(GPtrArray) terms = query_complete(ui_index(ui), text, strlen(text), &start);
	for (guint i = 0; i < terms->len; i++) {
		const struct query_completion *c = terms->pdata[i];
		g_ptr_array_add(found, g_strdup_printf("%.*s%s", (int)start, text, c->text));
	}
	return found;
}

static GPtrArray *complete_argument(struct ui *ui, enum argument argument, const char *text)
{
	switch (argument) {
	case ARGUMENT_QUERY:
		return prompt_complete_query(ui, text);
	case ARGUMENT_FOLDER:
		return prompt_complete_folder(ui, text);
	case ARGUMENT_FILE:
		return prompt_complete_path(ui, text);
	case ARGUMENT_ACCOUNT:
		return complete_accounts(ui, text);
	case ARGUMENT_CHARSET:
		return prompt_complete_charset(ui, text);
	case ARGUMENT_PART:
		return prompt_complete_part(ui, text);
	default:
		return NULL;
	}
}

GPtrArray *command_complete(struct ui *ui, const char *text)
{
	unsigned context = ui_top(ui)->ops->context;
	const char *space = strchr(text, ' ');
	if (!space)
		return complete_names(context, text);
	g_autofree char *name = g_strndup(text, space - text);
	const struct command *c = command_lookup(name, context);
	g_autoptr(GPtrArray) found = c ? complete_argument(ui, c->argument, space + 1) : NULL;
	for (guint i = 0; found && i < found->len; i++) {
		g_autofree char *word = found->pdata[i];
		found->pdata[i] = g_strconcat(name, " ", word, NULL);
	}
	return g_steal_pointer(&found);
}
