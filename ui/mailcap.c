/* SPDX-License-Identifier: MIT */
#include "ui/mailcap.h"

#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/path.h"

enum { FILE_MAX = 1024 * 1024 };

struct entry {
	char *type, *command;
	char *test; /* NULL: none */
	bool terminal, output;
};

struct mailcap {
	GPtrArray *entries; /* of struct entry */
};

static void entry_free(void *data)
{
	struct entry *e = data;
	g_free(e->type);
	g_free(e->command);
	g_free(e->test);
	g_free(e);
}

struct mailcap *mailcap_new(void)
{
	struct mailcap *m = g_new0(struct mailcap, 1);
	m->entries = g_ptr_array_new_with_free_func(entry_free);
	return m;
}

void mailcap_free(struct mailcap *m)
{
	if (!m)
		return;
	g_ptr_array_unref(m->entries);
	g_free(m);
}

/* --- reading ------------------------------------------------------------------------ */

/* The next field up to ';', without the backslashes that protect one; but "\%"
 * stays, for it is no place where something is filled in. */
static char *next_field(const char **at)
{
	GString *out = g_string_new(NULL);
	const char *p = *at;
	for (; *p && *p != ';'; p++) {
		if (*p == '\\' && p[1] && p[1] != '%')
			p++;
		else if (*p == '\\' && p[1] == '%')
			g_string_append_c(out, *p++);
		g_string_append_c(out, *p);
	}
	*at = *p ? p + 1 : p;
	return g_strstrip(g_string_free(out, FALSE));
}

static void take_flag(struct entry *e, const char *field)
{
	size_t n = strcspn(field, "= \t");
	if (n == strlen("needsterminal") && g_ascii_strncasecmp(field, "needsterminal", n) == 0)
		e->terminal = true;
	else if (n == strlen("copiousoutput") &&
		 g_ascii_strncasecmp(field, "copiousoutput", n) == 0)
		e->output = true;
	else if (n == strlen("test") && g_ascii_strncasecmp(field, "test", n) == 0 && !e->test) {
		const char *equals = strchr(field, '=');
		e->test = g_strstrip(g_strdup(equals ? equals + 1 : ""));
	}
}

static void read_entry(struct mailcap *m, const char *line)
{
	struct entry *e = g_new0(struct entry, 1);
	e->type = next_field(&line);
	e->command = next_field(&line);
	while (*line) {
		g_autofree char *field = next_field(&line);
		take_flag(e, field);
	}
	if (*e->type && *e->command)
		g_ptr_array_add(m->entries, e);
	else
		entry_free(e);
}

void mailcap_read(struct mailcap *m, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GString) whole = g_string_new(NULL);
	for (guint i = 0; lines[i]; i++) {
		char *line = g_strchomp(lines[i]);
		size_t len = strlen(line);
		bool goes_on = len > 0 && line[len - 1] == '\\';
		if (whole->len == 0 && *line == '#')
			continue;
		g_string_append_len(whole, line, (gssize)(len - goes_on));
		if (goes_on)
			continue;
		read_entry(m, whole->str);
		g_string_truncate(whole, 0);
	}
}

void mailcap_read_files(struct mailcap *m)
{
	const char *files = g_getenv("MAILCAPS");
	if (!files || !*files)
		files = "~/.mailcap:/etc/mailcap:/usr/share/etc/mailcap:/usr/local/etc/mailcap";
	g_auto(GStrv) names = g_strsplit(files, ":", -1);
	for (guint i = 0; names[i]; i++) {
		size_t len;
		g_autofree char *path = path_expand(names[i]);
		g_autofree char *text = *path ? fdio_read_file(path, FILE_MAX, &len, NULL) : NULL;
		if (text)
			mailcap_read(m, text);
	}
}

/* --- choosing ----------------------------------------------------------------------- */

static bool type_fits(const char *pattern, const char *type)
{
	size_t n = strcspn(pattern, "/");
	if (pattern[n] && strcmp(pattern + n, "/*") != 0)
		return g_ascii_strcasecmp(pattern, type) == 0;
	return g_ascii_strncasecmp(pattern, type, n) == 0 && type[n] == '/';
}

static bool is_set(const char *name)
{
	const char *value = g_getenv(name);
	return value && *value;
}

/* Tests are programs, and are not run; those that nearly all files have are
 * understood. */
static bool test_holds(const char *test)
{
	static const char *const shown[] = {"test -n \"$DISPLAY\"", "test \"$DISPLAY\"",
		"[ -n \"$DISPLAY\" ]", "test -n \"$DISPLAY\" -o -n \"$WAYLAND_DISPLAY\"",
		"test -n \"$WAYLAND_DISPLAY\"", "test -n $DISPLAY"};
	bool display = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
	if (!test)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(shown); i++)
		if (strcmp(test, shown[i]) == 0)
			return display;
	if (strcmp(test, "test -z \"$DISPLAY\"") == 0)
		return !display;
	const char *file = g_str_has_prefix(test, "test -x ") ? test + strlen("test -x ") : NULL;
	return file && *file == '/' && !strpbrk(file, " \t'\"\\$`*?") && access(file, X_OK) == 0;
}

static bool is_plain(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				 "._/+-")] == '\0';
}

/* Whether all that is to be filled in may be: "%s" and "%t". */
static bool fills(const char *command, bool plain)
{
	for (const char *p = strchr(command, '%'); p; p = strchr(p + 2, '%')) {
		if (p > command && p[-1] == '\\') {
			p--;
			continue;
		}
		if (p[1] != 's' && (p[1] != 't' || !plain))
			return false;
	}
	return true;
}

static char *filled(const char *text, const char *path, const char *type)
{
	GString *out = g_string_new(NULL);
	for (const char *p = text; *p; p++) {
		if (*p == '\\' && p[1] == '%')
			g_string_append_c(out, *++p);
		else if (*p == '%' && (p[1] == 's' || p[1] == 't'))
			g_string_append(out, *++p == 's' ? path : type);
		else
			g_string_append_c(out, *p);
	}
	return g_string_free(out, FALSE);
}

static bool is_there(const char *program)
{
	g_autofree char *found = g_find_program_in_path(program);
	return found != NULL;
}

/* What only a shell understands goes to one; the path is then of plain letters, by
 * place.h, so that it is a word there whatever stands around it. */
static char **shell_argv(const char *command, const char *path, const char *type)
{
	g_autofree char *first = g_strndup(command, strcspn(command, " \t|<>;&"));
	if (!is_plain(path) || !is_there(first))
		return NULL;
	g_autofree char *script = filled(command, path, type);
	const char *argv[] = {"/bin/sh", "-c", script, NULL};
	return g_strdupv((char **)argv);
}

static char **argv_of(const struct entry *e, const char *path, const char *type)
{
	g_auto(GStrv) argv = NULL;
	if (strpbrk(e->command, "|&;<>()$`*?[]#~{}\n") || strchr(e->command, '!'))
		return shell_argv(e->command, path, type);
	/* g_shell_parse_argv() would take the backslash of "\%". */
	g_auto(GStrv) pieces = g_strsplit(e->command, "\\%", -1);
	g_autofree char *command = g_strjoinv("\\\\%", pieces);
	if (!g_shell_parse_argv(command, NULL, &argv, NULL) || !is_there(argv[0]))
		return NULL;
	for (guint i = 0; argv[i]; i++) {
		char *word = filled(argv[i], path, type);
		g_free(argv[i]);
		argv[i] = word;
	}
	return g_steal_pointer(&argv);
}

bool mailcap_find(const struct mailcap *m, const char *type, const char *path, bool output,
	struct mailcap_command *found)
{
	bool plain = is_plain(type) && *type != '-';
	for (guint i = 0; i < m->entries->len; i++) {
		const struct entry *e = m->entries->pdata[i];
		if (!type_fits(e->type, type) || (output && !e->output) ||
			!fills(e->command, plain) || !test_holds(e->test))
			continue;
		char **argv = argv_of(e, path, plain ? type : "");
		if (!argv)
			continue;
		*found = (struct mailcap_command){
			argv, !strstr(e->command, "%s"), e->terminal, e->output};
		return true;
	}
	return false;
}

void mailcap_command_clear(struct mailcap_command *c)
{
	g_clear_pointer(&c->argv, g_strfreev);
}
