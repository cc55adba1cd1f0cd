/* SPDX-License-Identifier: MIT
 *
 * A store for one test, and letters in it, as another program would put them:
 * as files. */
#ifndef DEWEY_TESTS_MAILBOX_H
#define DEWEY_TESTS_MAILBOX_H

#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "scratch.h"
#include "store/index.h"
#include "store/sync.h"

enum { MAILBOX_DAY = 86400, MAILBOX_BEGIN = 1700000000 };

struct mailbox {
	char *root;
	struct store *store;
};

static inline void mailbox_open(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	g_setenv("DEWEY_BIN", PROGRAMS, FALSE);
	m->store = store_open(m->root, &error);
	g_assert_no_error(error);
}

static inline void mailbox_init(struct mailbox *m)
{
	m->root = scratch_new();
	mailbox_open(m);
}

static inline void mailbox_clear(struct mailbox *m)
{
	store_free(m->store);
	scratch_closed(m->root);
	scratch_remove(m->root);
	g_free(m->root);
}

static inline struct index *mailbox_index(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	struct index *ix = store_index(m->store, &error);
	g_assert_no_error(error);
	return ix;
}

struct letter {
	const char *folder, *name; /* name: part of the base name, and Message-ID */
	int day;                   /* since MAILBOX_BEGIN */
	const char *info;          /* "S": in cur with this flag; NULL: in new */
	const char *subject, *refers, *from, *body;
	const char *type, *head; /* NULL: plain text; more lines of the header */
};

static inline char *mailbox_file(struct mailbox *m, const struct letter *l)
{
	g_autofree char *base = g_strdup_printf("%d.%s.host", MAILBOX_BEGIN + l->day * MAILBOX_DAY,
		l->name);
	g_autofree char *file = l->info ? g_strdup_printf("%s:2,%s", base, l->info)
					: g_strdup(base);
	return g_build_filename(m->root, l->folder ? l->folder : "Inbox",
		l->info ? "cur" : "new", file, NULL);
}

static inline void mailbox_put(struct mailbox *m, const struct letter *l)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GDateTime) date =
		g_date_time_new_from_unix_utc(MAILBOX_BEGIN + l->day * MAILBOX_DAY);
	g_autofree char *when = g_date_time_format(date, "%a, %d %b %Y %H:%M:%S +0000");
	g_autofree char *refers = l->refers ? g_strdup_printf("References: %s\n", l->refers)
					    : g_strdup("");
	g_autofree char *path = mailbox_file(m, l);
	g_autofree char *text = g_strdup_printf(
		"From: %s\nTo: Anna Kern <anna@example.net>\nSubject: %s\nDate: %s\n"
		"Message-ID: <%s@host>\n%sMIME-Version: 1.0\n"
		"Content-Type: %s\nContent-Transfer-Encoding: 8bit\n%s\n%s\n",
		l->from ? l->from : "Bob Stone <bob@example.org>", l->subject ? l->subject : l->name,
		when, l->name, refers, l->type ? l->type : "text/plain; charset=utf-8",
		l->head ? l->head : "", l->body ? l->body : "text");
	g_assert_true(store_make_folder(m->store, l->folder ? l->folder : "Inbox", &error));
	g_file_set_contents(path, text, -1, &error);
	g_assert_no_error(error);
}

static inline struct sync_result mailbox_sync(struct mailbox *m)
{
	g_autoptr(GError) error = NULL;
	struct sync_result r = {0};
	sync_run(m->store, NULL, NULL, &r, &error);
	g_assert_no_error(error);
	return r;
}

/* The subjects of a list, "one, two, three"; depth as leading dots. */
static inline char *mailbox_titles(const GPtrArray *rows)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < rows->len; i++) {
		const struct message_row *r = rows->pdata[i];
		g_string_append(out, i > 0 ? ", " : "");
		for (int d = 0; d < r->depth; d++)
			g_string_append_c(out, '.');
		g_string_append(out, r->subject);
	}
	return g_string_free(out, FALSE);
}

static inline char *mailbox_list(struct mailbox *m, const char *folder, const char *query,
	enum list_order order)
{
	g_autoptr(GError) error = NULL;
	struct list_spec spec = {folder, query, order};
	g_autoptr(GPtrArray) rows =
		index_list(mailbox_index(m), &spec, LIST_TOP, false, 1000, &error);
	g_assert_no_error(error);
	return mailbox_titles(rows);
}

static inline int64_t mailbox_id(struct mailbox *m, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = g_strconcat(name, "@host", NULL);
	g_autoptr(message_row) row = index_by_message_id(mailbox_index(m), id, &error);
	g_assert_no_error(error);
	return row->id;
}

/* Of the letters with these names, apart by blanks; g_array_unref() them. */
static inline GArray *mailbox_ids(struct mailbox *m, const char *names)
{
	g_auto(GStrv) list = g_strsplit(names, " ", -1);
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	for (char **name = list; *name; name++) {
		int64_t id = mailbox_id(m, *name);
		g_array_append_val(ids, id);
	}
	return ids;
}

#endif
