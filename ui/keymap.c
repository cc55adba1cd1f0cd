/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/command.h"
#include "ui/keymap.h"

struct binding {
	key_code key;
	unsigned contexts;
	char *command; /* "" takes a key away */
};

struct keymap {
	GArray *bindings; /* of struct binding; later ones win */
};

static const struct {
	unsigned contexts;
	const char *key, *command;
} mutt_keys[] = {
#define SERVER CONTEXT_SERVER
#define LIST CONTEXT_LIST
#define MESSAGE CONTEXT_MESSAGE
#define FOLDERS CONTEXT_FOLDERS
#define COMPOSE CONTEXT_COMPOSE
#define OUTBOX CONTEXT_OUTBOX
#define PARTS CONTEXT_PARTS
#define TEXT CONTEXT_TEXT
#define JOURNAL CONTEXT_JOURNAL
#define FILTERS CONTEXT_FILTERS
#define ANY CONTEXT_ANY
#define KEY(contexts, key, command) {contexts, key, command},
#include "ui/keys-mutt.def"
#undef KEY
};

static void clear_binding(void *data)
{
	g_free(((struct binding *)data)->command);
}

static void bind(struct keymap *k, unsigned contexts, key_code key, const char *command)
{
	struct binding b = {key, contexts, g_strdup(command)};
	g_array_append_val(k->bindings, b);
}

static char *context_list(void)
{
	g_autofree char *names = g_strjoinv(", ", (char **)context_names());
	return g_strdup_printf(_("one of: %s, all"), names);
}

static char *command_cure(const char *name)
{
	guint count;
	const struct command *table = command_table(&count);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < count; i++)
		g_ptr_array_add(names, (char *)table[i].name);
	g_ptr_array_add(names, NULL);
	const char *meant = dotfile_did_you_mean(name, (const char *const *)names->pdata);
	return meant ? g_strdup_printf(_("did you mean '%s'?"), meant)
		     : g_strdup(_("the help page of the front end lists all"));
}

static void mistake(GPtrArray *mistakes, const struct dotfile *d, int line, char *what, char *cure)
{
	g_ptr_array_add(mistakes, dotfile_mistake(d, line, what, cure));
	g_free(what);
	g_free(cure);
}

/* One line of [keys CONTEXT]: each of its three words is checked. */
static void bind_line(struct keymap *k, const struct dotfile *d, const struct dotfile_key *line,
	GPtrArray *mistakes)
{
	unsigned contexts = context_from_name(line->context);
	key_code key = key_from_name(line->key);
	g_autofree char *name = g_strndup(line->command, strcspn(line->command, " "));
	bool none = strcmp(name, "none") == 0;
	if (!contexts)
		mistake(mistakes, d, line->line,
			g_strdup_printf(_("unknown place '%s' for keys"), line->context),
			context_list());
	else if (!key)
		mistake(mistakes, d, line->line, g_strdup_printf(_("unknown key '%s'"), line->key),
			g_strdup(_("a letter, C-x, M-x, or a name like <Enter>, <PageDown>, <F1>")));
	else if (!none && !command_lookup(name, contexts))
		mistake(mistakes, d, line->line,
			command_lookup(name, CONTEXT_ANY)
				? g_strdup_printf(_("the command '%s' is not for '%s'"), name,
					  line->context)
				: g_strdup_printf(_("unknown command '%s'"), name),
			command_cure(name));
	else
		bind(k, contexts, key, none ? "" : line->command);
}

struct keymap *keymap_new(const struct dotfile *d, GPtrArray *mistakes)
{
	struct keymap *k = g_new0(struct keymap, 1);
	k->bindings = g_array_new(FALSE, FALSE, sizeof(struct binding));
	g_array_set_clear_func(k->bindings, clear_binding);
	for (size_t i = 0; i < G_N_ELEMENTS(mutt_keys); i++) {
		key_code key = key_from_name(mutt_keys[i].key);
		g_assert(key && command_lookup(mutt_keys[i].command, mutt_keys[i].contexts));
		bind(k, mutt_keys[i].contexts, key, mutt_keys[i].command);
	}
	const GPtrArray *lines = dotfile_key_lines(d);
	for (guint i = 0; lines && i < lines->len; i++)
		bind_line(k, d, lines->pdata[i], mistakes);
	return k;
}

void keymap_free(struct keymap *k)
{
	if (!k)
		return;
	g_array_unref(k->bindings);
	g_free(k);
}

const char *keymap_command(const struct keymap *k, enum context context, key_code key)
{
	for (guint i = k->bindings->len; i-- > 0;) {
		const struct binding *b = &g_array_index(k->bindings, struct binding, i);
		if (b->key == key && (b->contexts & context))
			return *b->command ? b->command : NULL;
	}
	return NULL;
}

/* Whether the binding is the one in force in some of the contexts. */
static bool in_force(const struct keymap *k, const struct binding *b, unsigned contexts)
{
	for (unsigned c = 1; c < CONTEXT_ANY; c <<= 1)
		if ((c & contexts & b->contexts) &&
			keymap_command(k, c, b->key) == b->command)
			return true;
	return false;
}

char *keymap_keys(const struct keymap *k, unsigned contexts, const char *command)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < k->bindings->len; i++) {
		const struct binding *b = &g_array_index(k->bindings, struct binding, i);
		if (strcmp(b->command, command) == 0 && in_force(k, b, contexts))
			g_ptr_array_add(names, key_label(b->key));
	}
	g_ptr_array_add(names, NULL);
	return names->len > 1 ? g_strjoinv(", ", (char **)names->pdata) : NULL;
}

char *keymap_short_key(const struct keymap *k, enum context context, const char *command)
{
	for (guint i = 0; i < k->bindings->len; i++) {
		const struct binding *b = &g_array_index(k->bindings, struct binding, i);
		if (strcmp(b->command, command) == 0 && in_force(k, b, context))
			return key_label(b->key);
	}
	return NULL;
}
