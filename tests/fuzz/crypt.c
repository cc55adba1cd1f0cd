/* SPDX-License-Identifier: MIT
 *
 * What is read of signatures and encryption without a key: what dewey-crypt is said to
 * have found (M-40, M-72), armour in a text, fields repeated in one, and the octets that
 * a signature is about (M-71).  The first octet says which. */
#include "base/base.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "crypt/result.h"
#include "mime/armour.h"
#include "mime/gmime.h"
#include "mime/legacy.h"
#include "mime/worker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_signature(const struct crypt_signature *s)
{
	g_assert_true(sanitize_is_clean(s->fingerprint));
	g_assert_true(sanitize_is_clean(s->reason));
	g_assert_cmpint(s->status, >=, CRYPT_GOOD);
	g_assert_cmpint(s->status, <, CRYPT_STATUS_COUNT);
	g_assert_cmpint(s->validity, <=, CRYPT_VALIDITY_ULTIMATE);
	for (guint i = 0; i < s->users->len; i++) {
		const struct crypt_user *u = s->users->pdata[i];
		g_assert_true(sanitize_is_clean(u->text) && sanitize_is_clean(u->address));
	}
}

static void try_result(const char *text, size_t len)
{
	g_autoptr(record) r = record_parse(text, (gssize)len, NULL);
	if (!r)
		return;
	g_autoptr(crypt_result) result = crypt_decode(r);
	for (guint i = 0; i < result->signatures->len; i++)
		check_signature(result->signatures->pdata[i]);
	for (guint i = 0; i < result->refused->len; i++)
		g_assert_true(sanitize_is_clean(result->refused->pdata[i]));
	/* As it goes out it comes in. */
	g_autoptr(record) out = record_new("event", "done");
	crypt_encode(result, out);
	g_autoptr(crypt_result) again = crypt_decode(out);
	g_assert_cmpint(crypt_result_status(again), ==, crypt_result_status(result));
	g_assert_cmpuint(again->signatures->len, ==, result->signatures->len);
	g_assert_cmpuint(again->keys->len, ==, result->keys->len);
}

static void try_text(const char *text, size_t len)
{
	struct armour a = {0};
	while (armour_next(text, len, a.end, &a)) {
		g_assert_cmpuint(a.start, <, a.end);
		g_assert_cmpuint(a.end, <=, len);
		g_assert_true(a.start == 0 || text[a.start - 1] == '\n');
		g_assert_true(a.end == len || text[a.end - 1] == '\n');
	}
	g_autofree char *whole = g_strndup(text, len);
	const char *rest = legacy_skip(whole);
	g_assert_true(rest >= whole && rest <= whole + strlen(whole));
	g_assert_true(rest == whole || rest[-1] == '\n');
}

static struct charsets *charsets_once(void)
{
	static struct charsets *c;
	if (!c) {
		g_mime_init();
		c = charsets_new();
	}
	return c;
}

/* Text that is signed has no bare LF (RFC 3156 section 5). */
static void check_octets(int fd)
{
	char octets[65536], before = 0;
	ssize_t n = pread(fd, octets, sizeof octets, 0);
	for (ssize_t i = 0; i < n; i++) {
		g_assert_true(octets[i] != '\n' || before == '\r');
		before = octets[i];
	}
}

static void try_letter(const uint8_t *data, size_t len)
{
	struct charsets *c = charsets_once();
	int fd = memfd_create("letter", MFD_CLOEXEC);
	g_assert_cmpint(write(fd, data, len), ==, (ssize_t)len);
	const struct mime_reading how = {.want = MIME_WANT_TEXT, .decrypted = len % 2};
	g_autoptr(mime_message) m = worker_read(c, fd, &how, NULL);
	for (guint i = 0; m && i < m->crypts->len; i++) {
		const struct mime_crypt *crypt = m->crypts->pdata[i];
		const struct armour_place place = {crypt->content, crypt->number};
		int out = memfd_create("octets", MFD_CLOEXEC);
		if (worker_signed(c, fd, crypt->path, out, NULL))
			check_octets(out);
		worker_armour(c, &place, fd, out, NULL);
		worker_part(c, fd, crypt->content, out, NULL);
		close(out);
	}
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *rest = data + 1;
	if (size == 0)
		return 0;
	switch (data[0]) {
	case 'r':
		try_result((const char *)rest, size - 1);
		break;
	case 't':
		try_text((const char *)rest, size - 1);
		break;
	default:
		try_letter(rest, size - 1);
	}
	return 0;
}
