/* SPDX-License-Identifier: MIT
 *
 * Times the index from inside: index-bench ROOT sync | list | search QUERY …
 * Used by tests/bench/index; every figure is the median of its runs, warm. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "store/index.h"
#include "store/sync.h"

enum { RUNS = 9 };

static void die(const char *what, GError *error)
{
	fprintf(stderr, "%s: %s\n", what, error ? error->message : "?");
	exit(1);
}

static int by_number(const void *a, const void *b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
	return x < y ? -1 : x > y;
}

static void bench_sync(struct store *s)
{
	GError *error = NULL;
	struct sync_result r = {0};
	gint64 begin = g_get_monotonic_time();
	if (!sync_run(s, NULL, NULL, &r, &error))
		die("sync", error);
	double seconds = (double)(g_get_monotonic_time() - begin) / 1e6;
	struct rusage self, children;
	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	printf("sync: %" G_GINT64_FORMAT " added, %" G_GINT64_FORMAT " removed, %" G_GINT64_FORMAT
	       " unparsed in %.2f s, %.0f a second; own peak %ld MB, cpu %ld s, workers %ld s\n",
		r.added, r.removed, r.unparsed, seconds, (double)r.added / seconds,
		self.ru_maxrss / 1024, (long)(self.ru_utime.tv_sec + self.ru_stime.tv_sec),
		(long)(children.ru_utime.tv_sec + children.ru_stime.tv_sec));
}

static gint64 one_page(struct index *ix, const struct list_spec *spec, struct list_key *key,
	guint *rows)
{
	GError *error = NULL;
	gint64 begin = g_get_monotonic_time();
	g_autoptr(GPtrArray) page = index_list(ix, spec, *key, false, 50, &error);
	if (!page)
		die("list", error);
	gint64 took = g_get_monotonic_time() - begin;
	*rows = page->len;
	if (page->len > 0)
		*key = index_row_key(page->pdata[page->len - 1], spec->order, page);
	return took;
}

static void bench_page(struct index *ix, const char *name, const struct list_spec *spec)
{
	gint64 first[RUNS], second[RUNS];
	guint rows = 0, more;
	for (int i = 0; i < RUNS; i++) {
		struct list_key key = LIST_TOP;
		first[i] = one_page(ix, spec, &key, &rows);
		second[i] = one_page(ix, spec, &key, &more);
	}
	qsort(first, RUNS, sizeof *first, by_number);
	qsort(second, RUNS, sizeof *second, by_number);
	printf("%-32s first page %8.3f ms, next %8.3f ms, %u rows\n", name,
		(double)first[RUNS / 2] / 1000, (double)second[RUNS / 2] / 1000, rows);
}

static void bench_count(struct index *ix, const char *name, const struct list_spec *spec)
{
	GError *error = NULL;
	int64_t total, unread;
	gint64 begin = g_get_monotonic_time();
	if (!index_count(ix, spec, &total, &unread, &error))
		die("count", error);
	printf("%-32s count %9.3f ms: %" G_GINT64_FORMAT "\n", name,
		(double)(g_get_monotonic_time() - begin) / 1000, total);
}

static void bench_lists(struct index *ix)
{
	struct list_spec by_date = {.folder = FOLDER_INBOX, .order = LIST_BY_DATE};
	struct list_spec threads = {.folder = FOLDER_INBOX, .order = LIST_BY_THREAD};
	struct list_spec all = {.order = LIST_BY_THREAD};
	bench_page(ix, "Inbox by date", &by_date);
	bench_page(ix, "Inbox by thread", &threads);
	bench_page(ix, "all by thread", &all);
	bench_count(ix, "Inbox", &by_date);
}

int main(int argc, char **argv)
{
	GError *error = NULL;
	if (argc < 3) {
		fputs("usage: index-bench ROOT sync | list | search QUERY …\n", stderr);
		return 64;
	}
	g_autoptr(store) s = store_open(argv[1], &error);
	if (!s)
		die(argv[1], error);
	gint64 begin = g_get_monotonic_time();
	struct index *ix = store_index(s, &error);
	if (!ix)
		die("index", error);
	printf("open: %.3f ms\n", (double)(g_get_monotonic_time() - begin) / 1000);
	if (strcmp(argv[2], "sync") == 0)
		bench_sync(s);
	else if (strcmp(argv[2], "list") == 0)
		bench_lists(ix);
	for (int i = 3; i < argc; i++) {
		struct list_spec spec = {.query = argv[i], .order = LIST_BY_DATE};
		bench_page(ix, argv[i], &spec);
		spec.order = LIST_BY_THREAD;
		g_autofree char *threaded = g_strconcat(argv[i], " (threads)", NULL);
		bench_page(ix, threaded, &spec);
		bench_count(ix, argv[i], &spec);
	}
	return 0;
}
