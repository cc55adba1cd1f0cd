/* SPDX-License-Identifier: MIT
 *
 * Following a link of a letter: its number is asked for, then its real host is shown and
 * agreed to (CHECKLIST M-61). */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

#include "compose/reply.h"
#include "ui/command.h"
#include "ui/compose.h"
#include "ui/letters.h"
#include "ui/link-open.h"
#include "ui/outside.h"
#include "ui/view-message.h"

enum { URL_SHOWN = 200 };

/* --- the browser ------------------------------------------------------------------------ */

static bool has_scheme(const char *url, const char *scheme)
{
	return g_ascii_strncasecmp(url, scheme, strlen(scheme)) == 0;
}

/* An address is one word of a command, and can be taken for nothing else. */
static bool is_safe(const char *url)
{
	for (const char *p = url; *p; p++)
		if ((guchar)*p <= ' ' || *p == 0x7F)
			return false;
	return !strstr(url, "%00") && (has_scheme(url, "http://") || has_scheme(url, "https://"));
}

static bool is_of_terminal(const char *program)
{
	static const char *const names[] = {"w3m", "lynx", "links", "links2", "elinks"};
	g_autofree char *name = g_path_get_basename(program);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* What the dotfile names, else the first of $BROWSER, else the desktop's choice. */
static char **browser_words(struct ui *ui)
{
	char **own = dotfile_reading(ui_dotfile(ui))->browser;
	const char *named = g_getenv("BROWSER");
	char **words = NULL;
	if (own)
		return g_strdupv(own);
	g_autofree char *first = named ? g_strndup(named, strcspn(named, ":")) : NULL;
	if (first && *first && !strchr(first, '%') && g_shell_parse_argv(first, NULL, &words, NULL))
		return words;
	return g_strsplit("xdg-open", " ", -1);
}

static void browser_ended(struct ui *ui, const struct outside_end *end, void *data)
{
	if (end->error)
		ui_complain(ui, _("%s; 'browser' in the dotfile names another program"), end->error);
}

static void open_in_browser(struct ui *ui, const char *url)
{
	g_auto(GStrv) words = browser_words(ui);
	guint n = g_strv_length(words);
	if (!is_safe(url)) {
		ui_complain(ui, _("this address is not opened: it is none of http or https"));
		return;
	}
	words = g_renew(char *, words, n + 2);
	words[n] = g_strdup(url);
	words[n + 1] = NULL;
	struct outside what = {words, NULL, -1,
		is_of_terminal(words[0]) ? OUTSIDE_TERMINAL : OUTSIDE_BESIDE};
	if (what.way == OUTSIDE_BESIDE)
		ui_say(ui, _("handed to '%s'"), words[0]);
	outside_run(ui, &what, browser_ended, NULL, NULL);
}

/* --- agreeing --------------------------------------------------------------------------- */

static void write_to(struct ui *ui, const char *url)
{
	struct identity me;
	g_autoptr(GError) error = NULL;
	if (!compose_identity(ui, NULL, NULL, &me))
		return;
	struct draft *d = draft_new_from(&me);
	if (mailto_parse(url, d, &error)) {
		compose_prepare(ui, d);
		compose_open(ui, d, false);
		return;
	}
	draft_free(d);
	ui_complain(ui, "%s", error->message);
}

static void agreed(struct ui *ui, void *data)
{
	if (has_scheme(data, "mailto:"))
		write_to(ui, data);
	else
		open_in_browser(ui, data);
}

/* What the browser will ask for, in A-labels; "" if that cannot be said. */
char *link_open_host(const char *url)
{
	const char *at = strstr(url, "://");
	g_autofree char *authority = at ? g_strndup(at + 3, strcspn(at + 3, "/?#\\")) : g_strdup("");
	const char *user = strrchr(authority, '@');
	char *host = g_hostname_to_ascii(user ? user + 1 : authority);
	return host ? host : g_strdup("");
}

static char *shortened(const char *url)
{
	if (g_utf8_strlen(url, -1) <= URL_SHOWN)
		return g_strdup(url);
	g_autofree char *start = g_utf8_substring(url, 0, URL_SHOWN - 1);
	return g_strconcat(start, "…", NULL);
}

static void ask(struct ui *ui, const struct mime_link *l)
{
	g_autofree char *host = link_open_host(l->url);
	g_autofree char *shown = shortened(l->url);
	g_autoptr(GString) text = g_string_new(NULL);
	/* A name of other letters than the usual ones says so itself ("xn--"). */
	bool odd = strstr(host, "xn--") != NULL;
	if (has_scheme(l->url, "mailto:")) {
		g_string_append_printf(text, _("Write to %s?"), shown + strlen("mailto:"));
	} else {
		g_string_append_printf(text, _("Open %s?"), host);
		g_string_append_printf(text, " (%s)", shown);
	}
	if (l->suspicious)
		g_string_append_printf(text, " ! %s", _("The letter names another place for it!"));
	if (odd)
		g_string_append_printf(text, " ! %s", _("The name has foreign letters."));
	prompt_ask(ui, &(struct question){text->str, agreed, NULL, g_strdup(l->url), g_free});
}

/* --- which one -------------------------------------------------------------------------- */

static void chosen(void *data)
{
	view_message_numbers(data, false);
	view_unref(data);
}

static void open_number(struct ui *ui, const GPtrArray *links, const char *text)
{
	char *end;
	guint64 n = g_ascii_strtoull(text, &end, 10);
	for (guint i = 0; i < links->len; i++) {
		const struct mime_link *l = links->pdata[i];
		if (!*end && l->number == (int)n && n > 0 && n <= G_MAXINT) {
			ask(ui, l);
			return;
		}
	}
	ui_complain(ui, _("there is no link '%s' here"), text);
}

static void number_typed(struct ui *ui, const char *text, void *data)
{
	const struct mime_message *m = view_message_mime(data);
	if (text && *text && m)
		open_number(ui, m->links, text);
}

void command_open_link(struct ui *ui, const char *arg)
{
	struct view *v = ui_top(ui);
	const struct mime_message *m = view_message_mime(v);
	if (!m || m->links->len == 0) {
		ui_say(ui, _("no links here"));
		return;
	}
	if (arg || m->links->len == 1) {
		open_number(ui, m->links, arg ? arg : "1");
		return;
	}
	view_message_numbers(v, true);
	ui_prompt(ui, &(struct prompt_spec){.label = _("Open link number: "),
			  .done = number_typed, .data = view_ref(v), .free = chosen});
}
