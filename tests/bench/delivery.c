/* SPDX-License-Identifier: MIT
 *
 * How long delivery takes, without a server: N letters of SIZE octets in
 * batches of BATCH into a new store below DIR, durable.
 *
 *   delivery DIR [N [SIZE [BATCH]]]
 *
 * One line: letters, wall milliseconds, processor milliseconds. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/delivery.h"

struct run {
	struct store *store;
	long count, size, batch, stored;
};

static void count_stored(const struct uid_row *row, void *data)
{
	((struct run *)data)->stored++;
}

static bool deliver_one(struct delivery *d, long i, const char *text, size_t len, GError **error)
{
	char name[64];
	int n = snprintf(name, sizeof name, "%08lx5f1d2a3b%08lx", i, i * 7919);
	g_autoptr(GBytes) uid = g_bytes_new(name, (gsize)n);
	if (!delivery_begin(d, uid, error))
		return false;
	/* by lines, as they come from a server */
	for (size_t at = 0; at < len; at += 70)
		if (!delivery_write(d, text + at, MIN(70, len - at), error))
			return false;
	return delivery_end(d, error);
}

static bool deliver_all(struct run *r, GError **error)
{
	g_autoptr(delivery) d = delivery_new(r->store, "bench@example.org", FOLDER_INBOX, error);
	g_autofree char *text = g_malloc((gsize)r->size);
	if (!d)
		return false;
	memset(text, 'x', (size_t)r->size);
	for (long i = 0; i < r->count; i++) {
		if (!deliver_one(d, i, text, (size_t)r->size, error))
			return false;
		if (delivery_waiting(d, NULL) >= r->batch &&
			!delivery_commit(d, count_stored, r, error))
			return false;
	}
	return delivery_commit(d, count_stored, r, error);
}

static long argument(int argc, char **argv, int i, long otherwise)
{
	return argc > i ? strtol(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = g_strdup_printf("%s/store-XXXXXX", argc > 1 ? argv[1] : "/tmp");
	if (!g_mkdtemp(dir))
		return 73;
	g_autoptr(store) s = store_open(dir, &error);
	struct run r = {s, argument(argc, argv, 2, 10000), argument(argc, argv, 3, 6000),
		argument(argc, argv, 4, 500), 0};
	int64_t start = g_get_monotonic_time();
	if (!s || !deliver_all(&r, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 74;
	}
	printf("%ld letters, %ld ms wall, %ld ms processor, in %s\n", r.stored,
		(long)(g_get_monotonic_time() - start) / 1000,
		(long)(clock() / (CLOCKS_PER_SEC / 1000)), dir);
	return r.stored == r.count ? 0 : 1;
}
