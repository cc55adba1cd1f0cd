/* SPDX-License-Identifier: MIT
 *
 * enqueue DIR ACCOUNT N FILE: hands N letters with the bytes of FILE to the outbox
 * of the store DIR, as anybody would who has letters, and prints the milliseconds. */
#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/outbox.h"

static bool copy(int to, void *user, GError **error)
{
	static char buffer[65536];
	int from = open(user, O_RDONLY | O_CLOEXEC);
	ssize_t n = from < 0 ? -1 : 1;
	while (n > 0 && (n = read(from, buffer, sizeof buffer)) > 0)
		if (!fdio_write_all(to, buffer, (size_t)n, error))
			return false;
	if (n < 0)
		return fdio_fail(error, "read", user);
	close(from);
	return true;
}

static bool enqueue(struct store *s, char **argv, GError **error)
{
	static const char *const recipients[] = {"jones@peer.test", NULL};
	for (long i = 0; i < strtol(argv[3], NULL, 10); i++) {
		struct outbox_letter letter = {.account = argv[2],
			.sender = "ivan@peer.test",
			.subject = "bench",
			.recipients = recipients,
			.write = copy,
			.user = argv[4]};
		if (outbox_add(s, &letter, error) == 0)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (argc != 5)
		return 64;
	int64_t began = g_get_monotonic_time();
	g_autoptr(store) s = store_open(argv[1], &error);
	if (!s || !enqueue(s, argv, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 74;
	}
	printf("%ld\n", (long)(g_get_monotonic_time() - began) / 1000);
	return 0;
}
