/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "store/import.h"
#include "store/maildir.h"
#include "tests/unit/fixture.h"

#define ENVELOPE "From ivan@example.org Mon Jan  5 10:00:00 2026\n"

static char *put(struct fixture *f, const char *name, const char *text, gssize len)
{
	char *path = g_build_filename(f->dir, ".dewey/tmp", name, NULL);
	g_assert_true(g_file_set_contents(path, text, len, &f->error));
	return path;
}

/* All of it into one folder. */
static bool take(struct fixture *f, const char *path, const char *folder, struct import_result *r)
{
	const struct import_options options = {.folder = folder, .flat = true};
	return import_path(f->store, path, &options, r, &f->error);
}

static bool collect(const char *file, bool in_new, void *data)
{
	g_ptr_array_add(data, g_strconcat(in_new ? "new/" : "cur/", file, NULL));
	return true;
}

static int by_base(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a + 4, *(const char *const *)b + 4);
}

/* Inbox as "new:text|cur,FS:text|", in order of arrival. */
static char *picture(struct fixture *f)
{
	g_autofree char *box = g_build_filename(f->dir, "Inbox", NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	GString *text = g_string_new(NULL);
	g_assert_true(maildir_scan(box, collect, names, &f->error));
	g_ptr_array_sort(names, by_base);
	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i], *info = strchr(name, ':');
		g_autofree char *path = g_build_filename(box, name, NULL), *bytes = NULL;
		g_assert_true(g_file_get_contents(path, &bytes, NULL, &f->error));
		g_string_append_printf(text, "%.3s%s:%s|", name, info ? info + 2 : "", bytes);
	}
	return g_string_free(text, FALSE);
}

static const struct {
	const char *name, *input, *expected;
} mbox_rows[] = {
	{"one", ENVELOPE "A: 1\n\ntext\n\n", "new:A: 1\n\ntext\n|"},
	{"two", ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "B: 2\n\ny\n\n",
		"new:A: 1\n\nx\n|new:B: 2\n\ny\n|"},
	{"no last blank line", ENVELOPE "A: 1\n\nx\n", "new:A: 1\n\nx\n|"},
	{"no last newline", ENVELOPE "A: 1\n\nx", "new:A: 1\n\nx|"},
	{"blank lines kept", ENVELOPE "A: 1\n\n\n\nx\n\n\n\n" ENVELOPE "B: 2\n\n\n",
		"new:A: 1\n\n\n\nx\n\n\n|new:B: 2\n\n|"},
	{"quoted", ENVELOPE "A: 1\n\n>From x\n>>From y\n> From z\n>Fromm\n\n",
		"new:A: 1\n\nFrom x\n>From y\n> From z\n>Fromm\n|"},
	{"text that begins with From", ENVELOPE "A: 1\n\nx\n\nFrom here on it is text\n\n",
		"new:A: 1\n\nx\n\nFrom here on it is text\n|"},
	{"From without a blank line before", ENVELOPE "A: 1\n\nx\n" ENVELOPE "y\n\n",
		"new:A: 1\n\nx\n" ENVELOPE "y\n|"},
	{"crlf", "From i@x Mon Jan  5 10:00:00 2026\r\nA: 1\r\n\r\nx\r\n\r\n", "new:A: 1\n\nx\n|"},
	{"CRs of its own",
		ENVELOPE "A: 1\r\nB: 2\n\r\nx\r\n\r\n\n" ENVELOPE "A: 3\r\n\r\ny\r\n\r\n",
		"new:A: 1\r\nB: 2\n\r\nx\r\n\r\n|new:A: 3\n\ny\n|"},
	{"cl2: CRs of its own",
		ENVELOPE "A: 1\r\nContent-Length: 8\n\nx\r\n\r\ny\r\n\n" ENVELOPE "A: 3\n\ny\n\n",
		"new:A: 1\r\n\nx\r\n\r\ny\r\n|new:A: 3\n\ny\n|"},
	{"cl2: crlf, and no newline",
		"From i@x Mon Jan  5 10:00:00 2026\r\nContent-Length: 1\r\n\r\nx\r\n", "new:\nx|"},
	{"read", ENVELOPE "Status: RO\nX-Status: AF\n\nx\n\n", "cur,FRS:\nx\n|"},
	{"marks behind the letter's own",
		ENVELOPE "Status: own\nA: 1\nX-Status: F\nStatus: O\n\nx\n\n",
		"cur,F:Status: own\nA: 1\n\nx\n|"},
	{"marks once each, and a letter's own are no marks",
		ENVELOPE "Status: R\nX-Mozilla-Status: 0009\nStatus: O\nX-Status: \n\nx\n\n",
		"cur,:Status: R\nX-Mozilla-Status: 0009\n\nx\n|"},
	{"lengths before the marks are the letter's own",
		ENVELOPE "Content-Length: 2\nStatus: R\nX-Status: \n\nx\n\n",
		"cur,S:Content-Length: 2\n\nx\n|"},
	{"forwarded", ENVELOPE "A: 1\nStatus: RO\nX-Status: P\n\nx\n\n", "cur,PS:A: 1\n\nx\n|"},
	{"marks elsewhere are left", ENVELOPE "Status: RO\nA: 1\n\nx\n\n",
		"cur,S:Status: RO\nA: 1\n\nx\n|"},
	{"Thunderbird",
		ENVELOPE "X-Mozilla-Status: 1007\nX-Mozilla-Status2: 00000000\n"
			 "X-Mozilla-Keys:     \nA: 1\n\nx\n\n",
		"cur,FPRS:A: 1\n\nx\n|"},
	{"Thunderbird, deleted",
		ENVELOPE "X-Mozilla-Status: 0009\nA: 1\n\nx\n\n" ENVELOPE
			 "X-Mozilla-Status: 0000\nA: 2\n\ny\n\n",
		"cur,:A: 2\n\ny\n|"},
	{"a server's own notes",
		ENVELOPE "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n"
			 "X-IMAP: 1 2\nStatus: RO\n\nx\n\n" ENVELOPE "A: 2\n\ny\n\n",
		"new:A: 2\n\ny\n|"},
	{"cl2: From in the text",
		ENVELOPE "A: 1\nContent-Length: 64\nLines: 5\n\nx\n\n" ENVELOPE
			 "B: 2\n\n>From y\n\n" ENVELOPE "C: 3\n\nz\n\n",
		"new:A: 1\n\nx\n\n" ENVELOPE "B: 2\n\n>From y\n|new:C: 3\n\nz\n|"},
	{"cl2: no newline",
		ENVELOPE "A: 1\nContent-Length: 1\n\nx\n" ENVELOPE
			 "B: 2\nContent-Length: 0\n\n\n" ENVELOPE "C: 3\n\nz\n\n",
		"new:A: 1\n\nx|new:B: 2\n\n|new:C: 3\n\nz\n|"},
	{"cl2: at the end", ENVELOPE "A: 1\nContent-Length: 7\n\n>From x", "new:A: 1\n\n>From x|"},
	{"cl2: crlf",
		"From i@x Mon Jan  5 10:00:00 2026\r\nContent-Length: 9\r\n\r\n>From "
		"x\r\n\r\n",
		"new:\n>From x\n|"},
	{"length too small", ENVELOPE "A: 1\nContent-Length: 1\n\nxy\n>From z\n\n",
		"new:A: 1\nContent-Length: 1\n\nxy\nFrom z\n|"},
	{"length too large",
		ENVELOPE "A: 1\nContent-Length: 99999999999999999999\n\nx\n\n" ENVELOPE
			 "B: 2\nContent-Length: 5000\n\ny\n\n",
		"new:A: 1\nContent-Length: 99999999999999999999\n\nx\n|"
		"new:B: 2\nContent-Length: 5000\n\ny\n|"},
	{"length beside an envelope", ENVELOPE "Content-Length: 2\n\nx\n\n\ny\n\n",
		"new:Content-Length: 2\n\nx\n\n\ny\n|"},
	{"old", ENVELOPE "status: O\n\nx\n\n", "cur,:\nx\n|"},
	{"status in the text", ENVELOPE "A: 1\n\nStatus: RO\n\n", "new:A: 1\n\nStatus: RO\n|"},
	{"header only", ENVELOPE "A: 1\n\n", "new:A: 1\n|"},
	{"letter", "Subject: x\n\n>From y\n\n", "new:Subject: x\n\n>From y\n\n|"},
	{"letter crlf", "Subject: x\r\n\r\ny\rz\r\n", "new:Subject: x\n\ny\rz\n|"},
	{"letter of another shape", "X-A: 1\nfrom : x\n\ny\n", "new:X-A: 1\nfrom : x\n\ny\n|"},
	{"fields, but no letter", "repository: x\npath: y\n\nDate: z\n", NULL},
	{"not mail", "#!/bin/sh\n", NULL},
	{"empty", "", NULL},
	{"From alone", "From now on\n\n", NULL},
};

static void test_mbox(struct fixture *f, gconstpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mbox_rows); i++) {
		struct fixture own = {0};
		struct import_result result;
		set_up(&own, NULL);
		g_test_message("row '%s'", mbox_rows[i].name);
		g_autofree char *path = put(&own, "in", mbox_rows[i].input, -1);
		bool ok = take(&own, path, FOLDER_INBOX, &result);
		g_autofree char *inbox = picture(&own);
		if (mbox_rows[i].expected) {
			g_assert_no_error(own.error);
			g_assert_cmpstr(inbox, ==, mbox_rows[i].expected);
		} else {
			g_assert_false(ok);
			g_assert_error(own.error, STORE_ERROR, STORE_ERROR_MISSING);
			g_clear_error(&own.error);
			g_assert_cmpstr(inbox, ==, "");
		}
		tear_down(&own, NULL);
	}
}

/* The same file, read as each kind. */
static void test_kinds(struct fixture *f, gconstpointer data)
{
	static const struct {
		enum import_mbox kind;
		const char *expected;
	} rows[] = {
		{IMPORT_MBOX_AUTO,
			"new:A: 1\n\n>From x\n>>From y\n|new:B: 2\n\nFrom z\n>From z\n|"},
		{IMPORT_MBOXO, "new:A: 1\nContent-Length: 17\n\nFrom x\n>>From y\n|"
			       "new:B: 2\n\nFrom z\n>>From z\n|"},
		{IMPORT_MBOXRD, "new:A: 1\nContent-Length: 17\n\nFrom x\n>From y\n|"
				"new:B: 2\n\nFrom z\n>From z\n|"},
		{IMPORT_MBOXCL, "new:A: 1\n\nFrom x\n>From y\n|new:B: 2\n\nFrom z\n>From z\n|"},
		{IMPORT_MBOXCL2,
			"new:A: 1\n\n>From x\n>>From y\n|new:B: 2\n\n>From z\n>>From z\n|"},
	};
	const char *text = ENVELOPE "A: 1\nContent-Length: 17\n\n>From x\n>>From y\n\n" ENVELOPE
				    "B: 2\n\n>From z\n>>From z\n\n";
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fixture own = {0};
		struct import_result result;
		const struct import_options options = {.mbox = rows[i].kind};
		set_up(&own, NULL);
		g_autofree char *path = put(&own, "in", text, -1);
		g_assert_true(import_path(own.store, path, &options, &result, &own.error));
		g_autofree char *inbox = picture(&own);
		g_assert_cmpstr(inbox, ==, rows[i].expected);
		tear_down(&own, NULL);
	}
}

/* A second run doubles nothing; two equal letters in one file stay two. */
static void test_again(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	const char *text =
		ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "A: 2\n\nx\n\n";
	g_autofree char *path = put(f, "in", text, -1);
	g_assert_true(take(f, path, FOLDER_INBOX, &result));
	g_assert_cmpint(result.messages, ==, 3);
	g_assert_true(take(f, path, FOLDER_INBOX, &result));
	g_assert_cmpint(result.messages, ==, 0);
	g_assert_cmpint(result.skipped, ==, 3);
	g_autofree char *inbox = picture(f);
	g_assert_cmpstr(inbox, ==, "new:A: 1\n\nx\n|new:A: 1\n\nx\n|new:A: 2\n\nx\n|");
}

/* Removes what lies in folder. */
static void empty(struct fixture *f, const char *folder)
{
	g_autofree char *command = g_strdup_printf(
		"rm -f '%s/%s/new/'* '%s/%s/cur/'*", f->dir, folder, f->dir, folder);
	const char *argv[] = {"sh", "-c", command, NULL};
	g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
		NULL, NULL, NULL));
}

/* What was moved or deleted since does not come again, each as often as it came; in
 * another folder it does. */
static void test_past(struct fixture *f, gconstpointer data)
{
	static const struct {
		const char *folder;
		bool again, fewer; /* fewer: one of the twins is not in the file any more */
		int64_t messages, skipped, gone;
	} rows[] = {
		{"Inbox", false, false, 3, 0, 0}, {"Inbox", false, false, 0, 0, 3},
		{"Other", false, false, 3, 0, 0}, {"Inbox", false, true, 0, 0, 2},
		{"Inbox", false, false, 0, 0, 3}, /* still two of them were brought */
		{"Inbox", true, false, 3, 0, 0}, {"Trash", false, false, 3, 0, 0},
		{"Inbox", true, false, 3, 0, 0}, /* what lies in Trash is not here */
	};
	const char *all =
		ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "A: 2\n\nx\n\n";
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct import_result r;
		const struct import_options options = {
			.folder = rows[i].folder, .again = rows[i].again};
		const char *text = rows[i].fewer ? strstr(all + 1, ENVELOPE) : all;
		g_autofree char *path = put(f, "in", text, -1);
		g_test_message("row %d", (int)i);
		g_assert_true(import_path(f->store, path, &options, &r, &f->error));
		g_assert_cmpint(r.messages, ==, rows[i].messages);
		g_assert_cmpint(r.skipped, ==, rows[i].skipped);
		g_assert_cmpint(r.gone, ==, rows[i].gone);
		if (strcmp(rows[i].folder, "Trash") != 0)
			empty(f, rows[i].folder);
	}
}

/* What lies in which folder, by the first line of each letter. */
static char *folders(struct fixture *f)
{
	g_autoptr(GPtrArray) all = store_folders(f->store, &f->error);
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < all->len; i++) {
		g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
		g_autofree char *box = g_build_filename(f->dir, all->pdata[i], NULL);
		g_assert_true(maildir_scan(box, collect, names, &f->error));
		g_ptr_array_sort(names, by_base);
		for (guint k = 0; k < names->len; k++) {
			const char *info = strchr(names->pdata[k], ':');
			g_autofree char *path = g_build_filename(box, names->pdata[k], NULL);
			g_autofree char *bytes = NULL;
			g_assert_true(g_file_get_contents(path, &bytes, NULL, &f->error));
			bytes[strcspn(bytes, "\n")] = '\0';
			g_string_append_printf(text, "%s %.3s%s %s\n", (char *)all->pdata[i],
				(char *)names->pdata[k], info ? info + 3 : "", bytes);
		}
	}
	return g_string_free(text, FALSE);
}

struct file {
	const char *name, *text;
};

/* Directories as programs leave them; X-28: names that are no UTF-8. */
static const struct {
	const char *title, *folder;
	struct file files[14];
	const char *expected;
} trees[] = {
	{"Thunderbird", NULL,
		{{"Inbox", ENVELOPE "Subject: a\n\n\n"}, {"Inbox.msf", "// <!-- <mdb:mork"},
			{"Inbox.sbd/Work", ENVELOPE "Subject: b\n\n\n"},
			{"Inbox.sbd/Work.sbd/2020", ENVELOPE "Subject: c\n\n\n"},
			{"Sent", ENVELOPE "Subject: d\n\n\n"}, {"Trash", ""},
			{"msgFilterRules.dat", "version=\"9\"\n"}},
		"Inbox new Subject: a\nSent new Subject: d\nInbox/Work new Subject: b\n"
		"Inbox/Work/2020 new Subject: c\n"},
	{"mutt", "Old",
		{{"inbox", ENVELOPE "Subject: a\n\n\n"},
			{"lists/debian.mbox", ENVELOPE "Subject: b\n\n\n"},
			{"lists/maildir/cur/1:2,RS", "Subject: c\n\n"},
			{"lists/maildir/new/.x", "no"}, {"lists/maildir/tmp/2", "Subject: no\n\n"},
			{"sent.eml", "Subject: d\n\n"}},
		"Old new Subject: d\nOld/inbox new Subject: a\n"
		"Old/lists/debian new Subject: b\nOld/lists/maildir curRS Subject: c\n"},
	{"Maildir++", NULL,
		{{"cur/1:2,FS", "Subject: a\n\n"}, {"new/2", "Subject: b\n\n"}, {"tmp/3", "x"},
			{".Lists.debian/cur/1:2,S", "Subject: c\n\n"},
			{".Lists.debian/new/.", NULL}, {".Lists.debian/tmp/.", NULL},
			{".&BB8EQAQ4-.&,38-/cur/1:2,", "Subject: d\n\n"},
			{".&BB8EQAQ4-.&,38-/new/.", NULL}, {".&BB8EQAQ4-.&,38-/tmp/.", NULL},
			{"dovecot-uidlist", "3 V1 N2\n"}, {".Sent/x", "Subject: no Maildir\n\n"}},
		"Inbox curFS Subject: a\nInbox new Subject: b\nLists/debian curS Subject: c\n"
		"При/ｿ cur Subject: d\n"},
	{"MH", NULL,
		{{"inbox/1", "Subject: a\n\n"}, {"inbox/2", "Subject: b\n\n"},
			{"inbox/10", "no header at all"}, {"inbox/9", "Subject: c\n\n"},
			{"inbox/.mh_sequences", "cur: 2\nunseen: 2 9-99\nflagged: 1 "
						"5-99999999999999\nreplied: 1-2\n"},
			{"inbox/11", "Subject: m\nStatus: RO\nX-Status: F\nContent-Length: 2\n"
				     "Lines: 1\n\nx\n"},
			{"inbox/12", "Subject: o\nStatus: O\nContent-Length: 2\n\nx\n"},
			{"inbox/13", "Subject: own\nStatus: RO\n\nx\n"},
			{"inbox/14", "Subject: wrong\nStatus: RO\nContent-Length: 3\n\nx\n"},
			{"inbox/,3", "Subject: removed\n\n"}, {"inbox/sub/7", "Subject: e\n\n"},
			{"inbox/sub/.mh_sequences", "cur: 7\n"}},
		"Inbox curFRS Subject: a\nInbox curR Subject: b\nInbox new Subject: c\n"
		"Inbox new no header at all\nInbox curFS Subject: m\nInbox cur Subject: o\n"
		"Inbox new Subject: own\nInbox new Subject: wrong\nInbox/sub curS Subject: e\n"},
	{"names", NULL,
		{{"\xcf\xd4\xd0\xd5\xd3\xcb", ENVELOPE "Subject: a\n\n\n"},
			{"a\x1b[31m", ENVELOPE "Subject: b\n\n\n"},
			{"tmp/new.mbox", ENVELOPE "Subject: c\n\n\n"}},
		"a␛[31m new Subject: b\ntmp_/new_ new Subject: c\n������ new Subject: a\n"},
};

static void make_tree(const char *top, const struct file *files, size_t count)
{
	for (size_t i = 0; i < count && files[i].name; i++) {
		g_autofree char *path = g_build_filename(top, files[i].name, NULL);
		g_autofree char *dir = g_path_get_dirname(path);
		g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
		if (files[i].text)
			g_assert_true(g_file_set_contents(path, files[i].text, -1, NULL));
	}
}

static void test_trees(struct fixture *f, gconstpointer data)
{
	for (size_t i = 0; i < G_N_ELEMENTS(trees); i++) {
		struct fixture own = {0};
		struct import_result result;
		const struct import_options options = {.folder = trees[i].folder};
		set_up(&own, NULL);
		g_test_message("tree '%s'", trees[i].title);
		g_autofree char *top = g_build_filename(own.dir, ".dewey/tmp/top", NULL);
		make_tree(top, trees[i].files, G_N_ELEMENTS(trees[i].files));
		for (int run = 0; run < 2; run++) {
			bool ok = import_path(own.store, top, &options, &result, &own.error);
			g_assert_no_error(own.error);
			g_assert_true(ok);
			g_assert_true(run == 0 ? result.skipped == 0 : result.messages == 0);
			g_autofree char *found = folders(&own);
			g_assert_cmpstr(found, ==, trees[i].expected);
		}
		tear_down(&own, NULL);
	}
}

/* One bad file of several: the others are taken, and it is told. */
static void test_bad_one(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	const struct import_options options = {0};
	g_autofree char *top = g_build_filename(f->dir, ".dewey/tmp/top", NULL);
	static const struct file files[] = {{"a", ENVELOPE "Subject: a\n\n\n"},
		{"b", "\x1f\x8b not gzip at all"}, {"c", ENVELOPE "Subject: c\n\n\n"}};
	make_tree(top, files, G_N_ELEMENTS(files));
	g_assert_false(import_path(f->store, top, &options, &result, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_DISK);
	g_assert_nonnull(strstr(f->error->message, "/top/b'"));
	g_clear_error(&f->error);
	g_assert_cmpint(result.messages, ==, 2);
}

/* Stopped between two letters: what was whole is there, the next run brings the rest. */
static bool stop_at_second(const struct import_result *so_far, void *data)
{
	return ++*(int *)data < 3;
}

static void test_stopped(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	int calls = 0;
	struct import_options options = {.progress = stop_at_second, .data = &calls};
	g_autofree char *path = put(f, "in",
		ENVELOPE "A: 1\n\n\n" ENVELOPE "A: 1\n\n\n" ENVELOPE "A: 2\n\n\n" ENVELOPE
			 "A: 1\n\n\n",
		-1);
	g_assert_false(import_path(f->store, path, &options, &result, &f->error));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_CANCELLED);
	g_clear_error(&f->error);
	g_assert_cmpint(result.messages, ==, 2);
	options.progress = NULL;
	g_assert_true(import_path(f->store, path, &options, &result, &f->error));
	g_assert_cmpint(result.messages, ==, 2);
	g_assert_cmpint(result.skipped, ==, 2);
}

/* By what a file begins with, not by its name; also where Content-Length has to be
 * looked at. */
static void test_packers(struct fixture *f, gconstpointer data)
{
	static const char *const programs[] = {"gzip", "xz", "zstd", "bzip2"};
	for (size_t i = 0; i < G_N_ELEMENTS(programs); i++) {
		struct fixture own = {0};
		struct import_result result;
		set_up(&own, NULL);
		g_autofree char *program = g_find_program_in_path(programs[i]);
		g_autofree char *path = put(&own, "in",
			ENVELOPE "A: 1\nContent-Length: 52\n\nx\n\n" ENVELOPE "y\n\n" ENVELOPE
				 "B: 2\n\nz\n\n",
			-1);
		g_autofree char *command = g_strdup_printf("%s -c '%s' >'%s.1' && mv '%s.1' '%s'",
			programs[i], path, path, path, path);
		int status = 0;
		const char *argv[] = {"sh", "-c", command, NULL};
		if (!program) {
			g_test_message("%s is not installed", programs[i]);
		} else {
			g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH,
				NULL, NULL, NULL, NULL, &status, NULL));
			g_assert_cmpint(status, ==, 0);
		}
		g_assert_true(take(&own, path, FOLDER_INBOX, &result));
		g_autofree char *inbox = picture(&own);
		g_assert_cmpstr(inbox, ==, "new:A: 1\n\nx\n\n" ENVELOPE "y\n|new:B: 2\n\nz\n|");
		tear_down(&own, NULL);
	}
}

static void write_gzip(const char *path, const char *text, size_t len)
{
	gzFile gz = gzopen(path, "wb");
	g_assert_cmpint(gzwrite(gz, text, (unsigned)len), ==, (int)len);
	g_assert_cmpint(gzclose(gz), ==, Z_OK);
}

/* A file that was cut off: what is whole in it is kept, and the error told. */
static void test_gzip(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	g_autoptr(GString) text = g_string_new(ENVELOPE "A: 1\n\nx\n\n" ENVELOPE "A: 2\n\n");
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	for (int i = 0; i < 400000; i++)
		g_string_append_printf(text, "%08x\n", g_rand_int(rand));
	g_autofree char *path = g_build_filename(f->dir, ".dewey/tmp/in.gz", NULL), *bytes = NULL;
	gsize len;
	write_gzip(path, text->str, text->len);
	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len / 2, NULL));
	g_assert_false(take(f, path, FOLDER_INBOX, &result));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_DISK);
	g_clear_error(&f->error);
	g_assert_cmpint(result.messages, ==, 1);
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
	g_assert_true(take(f, path, FOLDER_INBOX, &result));
	g_assert_cmpint(result.messages, ==, 1);
	g_assert_cmpint(result.skipped, ==, 1);
}

/* Lines longer than any buffer, CRLF across its edge. */
static void test_long_lines(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	for (gsize len = 131055; len < 131085; len++) {
		g_autoptr(GString) letter = g_string_new("To: 1\r\n\r\n");
		for (gsize i = 0; i < len; i++)
			g_string_append_c(letter, 'x');
		g_string_append(letter, "\r\ny\r\n");
		g_autofree char *path = put(f, "in", letter->str, (gssize)letter->len);
		g_assert_true(take(f, path, "Long", &result));
		g_assert_cmpint(result.messages, ==, 1);
		g_assert_cmpint(result.skipped, ==, 0);
	}
	g_autofree char *box = g_build_filename(f->dir, "Long", NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_assert_true(maildir_scan(box, collect, names, &f->error));
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path = g_build_filename(box, names->pdata[i], NULL), *text = NULL;
		g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
		g_assert_null(strchr(text, '\r'));
		g_assert_true(g_str_has_suffix(text, "x\ny\n"));
	}
}

static void test_directories(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	g_autofree char *top = g_build_filename(f->dir, ".dewey/tmp/d", NULL);
	g_autofree char *box = g_build_filename(top, "sub/box", NULL);
	g_autofree char *empty = g_build_filename(f->dir, ".dewey/tmp/e", NULL);
	g_assert_true(maildir_create(box, &f->error));
	g_assert_cmpint(g_mkdir(empty, 0700), ==, 0);
	static const struct {
		const char *name, *text;
	} files[] = {
		{"d/a.eml", "Subject: a\n\n"},
		{"d/b.mbox", ENVELOPE "Subject: b\n\n"},
		{"d/c.txt", "just text"},
		{"d/sub/box/cur/2:2,S", "Subject: d\n\n"},
		{"d/sub/box/cur/1:2,Fq", "no header at all"},
		{"d/sub/box/new/3", "Subject: e\n\n"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		g_free(put(f, files[i].name, files[i].text, -1));
	g_assert_true(take(f, top, FOLDER_INBOX, &result));
	g_autofree char *inbox = picture(f);
	g_assert_cmpstr(inbox, ==,
		"new:Subject: a\n\n|new:Subject: b\n|cur,F:no header at all|"
		"cur,S:Subject: d\n\n|new:Subject: e\n\n|");
	g_assert_false(take(f, empty, FOLDER_INBOX, &result));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
	g_assert_false(take(f, "/nowhere", FOLDER_INBOX, &result));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
	g_assert_false(take(f, top, "../x", &result));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_NAME);
	g_clear_error(&f->error);
}

/* Real lists, with their known counts. */
static const struct {
	const char *dir;
	int64_t messages;
} corpus_rows[] = {{"list-usrp-users", 1007}, {"list-linux-man", 5000}};

/* What was saved as a letter is one, whatever is in it; the same octets under
 * another name are not. */
static void test_called_letter(struct fixture *f, gconstpointer data)
{
	struct import_result result;
	g_autofree char *letter = put(f, "broken.eml", "  \n\nno header\n", -1);
	g_autofree char *other = put(f, "broken.txt", "  \n\nno header\n", -1);
	g_assert_true(take(f, letter, FOLDER_INBOX, &result));
	g_assert_cmpint(result.messages, ==, 1);
	g_autofree char *inbox = picture(f);
	g_assert_cmpstr(inbox, ==, "new:  \n\nno header\n|");
	g_assert_false(take(f, other, FOLDER_INBOX, &result));
	g_assert_error(f->error, STORE_ERROR, STORE_ERROR_MISSING);
	g_clear_error(&f->error);
}

static void test_corpus(struct fixture *f, gconstpointer data)
{
	const char *source = g_getenv("srcdir") ? g_getenv("srcdir") : ".";
	for (size_t i = 0; i < G_N_ELEMENTS(corpus_rows); i++) {
		struct import_result result;
		g_autofree char *path =
			g_build_filename(source, "../shared/corpus", corpus_rows[i].dir, NULL);
		if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
			g_test_skip("../shared/corpus is not here");
			return;
		}
		bool ok = take(f, path, corpus_rows[i].dir, &result);
		g_assert_no_error(f->error);
		g_assert_true(ok);
		g_assert_cmpint(result.messages, ==, corpus_rows[i].messages);
		g_assert_true(take(f, path, corpus_rows[i].dir, &result));
		g_assert_cmpint(result.messages, ==, 0);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/import/mbox", test_mbox);
	ADD("/import/kinds", test_kinds);
	ADD("/import/again", test_again);
	ADD("/import/past", test_past);
	ADD("/import/trees/X-28", test_trees);
	ADD("/import/bad-one", test_bad_one);
	ADD("/import/stopped", test_stopped);
	ADD("/import/packers", test_packers);
	ADD("/import/gzip", test_gzip);
	ADD("/import/long-lines", test_long_lines);
	ADD("/import/directories", test_directories);
	ADD("/import/called-letter/P-64", test_called_letter);
	ADD("/import/corpus", test_corpus);
	return g_test_run();
}
