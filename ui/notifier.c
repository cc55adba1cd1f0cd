/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "base/launch.h"
#include "base/local.h"
#include "ui/notifier.h"
#include "ui/ui.h"

enum { LIMIT = 30 }; /* seconds that a program may take */

/* What has come for one rule: how many, and the newest. */
struct news {
	guint rule, count;
	char *name, *address, *subject, *folder;
};

/* The program of a rule: one at a time, so that a thousand letters are not a thousand
 * programs. */
struct runner {
	struct notifier *notifier;
	GPid pid; /* 0: none runs */
	guint watch, limit;
	struct news *next; /* came meanwhile */
};

struct notifier {
	struct ui *ui;
	const GPtrArray *rules;
	struct runner *runners; /* of rules */
	int64_t since, mark;    /* mark: of the thread that syncs */
};

static void news_free(void *data)
{
	struct news *news = data;
	if (!news)
		return;
	g_free(news->name);
	g_free(news->address);
	g_free(news->subject);
	g_free(news->folder);
	g_free(news);
}

struct notifier *notifier_new(struct ui *ui)
{
	struct notifier *n = g_new0(struct notifier, 1);
	n->ui = ui;
	n->rules = dotfile_notices(ui_dotfile(ui));
	n->runners = g_new0(struct runner, n->rules->len);
	for (guint i = 0; i < n->rules->len; i++)
		n->runners[i].notifier = n;
	n->since = clock_now();
	n->mark = -1;
	return n;
}

static void forget_program(struct runner *r)
{
	if (r->watch)
		g_source_remove(r->watch);
	if (r->limit)
		g_source_remove(r->limit);
	r->watch = r->limit = 0;
	r->pid = 0;
}

void notifier_free(struct notifier *n)
{
	for (guint i = 0; i < n->rules->len; i++) {
		forget_program(&n->runners[i]);
		news_free(n->runners[i].next);
	}
	g_free(n->runners);
	g_free(n);
}

/* --- on the thread that syncs ------------------------------------------------------- */

void notifier_begin(struct notifier *n, struct store *s)
{
	struct index *ix = n->rules->len > 0 && n->mark < 0 ? store_index(s, NULL) : NULL;
	g_autoptr(GArray) old = NULL;
	if (ix)
		old = index_arrivals(ix, n->since, &n->mark, NULL);
}

/* NULL: none of them. */
static struct news *news_of(
	const struct notifier *n, struct index *ix, guint rule, const GArray *arrivals)
{
	const struct dotfile_notice *notice = n->rules->pdata[rule];
	g_autoptr(GHashTable) found = index_which(ix, notice->query, arrivals, NULL);
	int64_t newest = 0;
	for (guint i = 0; found && i < arrivals->len; i++)
		if (g_hash_table_contains(found, &g_array_index(arrivals, int64_t, i)))
			newest = MAX(newest, g_array_index(arrivals, int64_t, i));
	g_autoptr(message_row) row = newest ? index_message(ix, newest, NULL) : NULL;
	if (!row)
		return NULL;
	struct news *news = g_new0(struct news, 1);
	news->rule = rule;
	news->count = g_hash_table_size(found);
	news->name = g_strdup(*row->from_name ? row->from_name : row->from);
	news->address = g_strdup(row->from);
	news->subject = g_strdup(row->subject);
	news->folder = g_strdup(folder_title(row->folder));
	return news;
}

GPtrArray *notifier_look(struct notifier *n, struct store *s)
{
	struct index *ix = n->rules->len > 0 ? store_index(s, NULL) : NULL;
	g_autoptr(GArray) arrivals = ix ? index_arrivals(ix, n->since, &n->mark, NULL) : NULL;
	GPtrArray *all = NULL;
	if (!arrivals || arrivals->len == 0)
		return NULL;
	for (guint i = 0; i < n->rules->len; i++) {
		struct news *news = news_of(n, ix, i, arrivals);
		if (news && !all)
			all = g_ptr_array_new_with_free_func(news_free);
		if (news)
			g_ptr_array_add(all, news);
	}
	return all;
}

/* --- telling ------------------------------------------------------------------------ */

static void append_value(GString *out, char sign, const struct news *news)
{
	switch (sign) {
	case 'n':
		g_string_append(out, news->name);
		break;
	case 'a':
		g_string_append(out, news->address);
		break;
	case 's':
		g_string_append(out, news->subject);
		break;
	case 'f':
		g_string_append(out, news->folder);
		break;
	case 'c':
		g_string_append_printf(out, "%u", news->count);
		break;
	default:
		g_string_append_c(out, sign);
	}
}

/* Who writes a letter does not write options: what begins with '-' only because of them
 * begins with a blank. */
static char *fill_in(const char *word, const struct news *news)
{
	GString *out = g_string_new(NULL);
	for (const char *p = word; *p; p++) {
		if (*p == '%' && p[1])
			append_value(out, *++p, news);
		else
			g_string_append_c(out, *p);
	}
	if (*out->str == '-' && *word != '-')
		g_string_prepend_c(out, ' ');
	return g_string_free(out, FALSE);
}

static void run(struct runner *r, struct news *news);

static void ended(GPid pid, gint status, gpointer data)
{
	struct runner *r = data;
	struct news *next = g_steal_pointer(&r->next);
	r->watch = 0;
	forget_program(r);
	g_spawn_close_pid(pid);
	if (next)
		run(r, next);
}

static gboolean took_too_long(void *data)
{
	struct runner *r = data;
	r->limit = 0;
	kill(r->pid, SIGKILL);
	return G_SOURCE_REMOVE;
}

/* Takes news. */
static void run(struct runner *r, struct news *news)
{
	const struct dotfile_notice *rule = r->notifier->rules->pdata[news->rule];
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	g_autoptr(GError) error = NULL;
	for (char **word = rule->argv; *word; word++) {
		g_autofree char *filled = fill_in(*word, news);
		g_autofree char *local = local_encode(filled, -1);
		g_strv_builder_add(words, local);
	}
	g_auto(GStrv) argv = g_strv_builder_end(words);
	const struct launch what = {.argv = (const char *const *)argv, .in = LAUNCH_NULL,
		.out = LAUNCH_NULL, .err = LAUNCH_NULL};
	if (launch(&what, &r->pid, &error)) {
		r->watch = g_child_watch_add(r->pid, ended, r);
		r->limit = g_timeout_add_seconds(LIMIT, took_too_long, r);
	} else {
		r->pid = 0;
		ui_complain(r->notifier->ui, _("the notice '%s' cannot be given: %s"), rule->name,
			error->message);
	}
	news_free(news);
}

static void tell_program(struct runner *r, struct news *news)
{
	if (r->pid == 0) {
		run(r, news);
		return;
	}
	news->count += r->next ? r->next->count : 0;
	news_free(r->next);
	r->next = news;
}

void notifier_tell(struct notifier *n, GPtrArray *news)
{
	bool rings = false;
	for (guint i = 0; news && i < news->len; i++) {
		struct news *one = g_steal_pointer(&news->pdata[i]);
		const struct dotfile_notice *rule = n->rules->pdata[one->rule];
		rings = rings || rule->bell;
		if (rule->argv)
			tell_program(&n->runners[one->rule], one);
		else
			news_free(one);
	}
	if (rings)
		ui_bell(n->ui);
	if (news)
		g_ptr_array_unref(news);
}
