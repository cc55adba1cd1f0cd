/* SPDX-License-Identifier: MIT
 *
 * What a program hands to a sendmail: whatever it is, what is stored has a header and
 * an empty line, no CRLF and no NUL; how the octets come in pieces makes no
 * difference; and names without a domain become addresses without harm to the rest. */
#include "base/base.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fdio.h"
#include "compose/draft.h"
#include "smtp/letter.h"
#include "smtp/subject.h"
#include "wire/codes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

G_DEFINE_QUARK(dewey-compose-error, compose_error)

/* Of a pipe, which gives what was written to it piece by piece; small letters. */
static void fill_pipe(int ends[2], const uint8_t *data, size_t size)
{
	g_assert_cmpint(pipe(ends), ==, 0);
	g_assert_true(fdio_write_all(ends[1], data, size, NULL));
	close(ends[1]);
}

static char *find_here(const char *name, void *data, GError **error)
{
	g_assert_null(strpbrk(name, " \t\r\n<>@,;"));
	return g_strdup("ivan@example.org");
}

static const struct address_here here = {find_here, NULL};

static void check_header(const struct letter *l)
{
	const char *header = l->header->str;
	g_assert_cmpuint(strlen(header), ==, l->header->len);
	g_assert_true(l->header->len == 0 || g_str_has_suffix(header, "\n"));
	g_assert_false(g_str_has_prefix(header, "\n") || strstr(header, "\n\n"));
}

static void check_fields(struct letter *l)
{
	g_autofree char *field = letter_field(l, "Subject");
	g_autofree char *subject = subject_text(field ? field : "");
	g_autoptr(GPtrArray) list = letter_recipients(l, &here, NULL);
	for (guint i = 0; list && i < list->len; i++)
		g_assert_true(address_check(list->pdata[i], true, NULL));
	letter_qualify(l, &here);
	check_header(l);
	/* Done again it changes nothing. */
	g_autofree char *once = g_strdup(l->header->str);
	letter_qualify(l, &here);
	g_assert_cmpstr(l->header->str, ==, once);
}

/* The letter as it is stored; NULL: it was refused. */
static char *store(const uint8_t *data, size_t size, bool dot, gsize *len)
{
	int ends[2];
	struct input in;
	char *out = NULL;
	int file = memfd_create("letter", 0);
	fill_pipe(ends, data, size);
	input_init(&in, ends[0], dot, -1);
	g_autoptr(GError) error = NULL;
	g_autoptr(letter) l = letter_begin(&in, &error);
	if (l)
		check_header(l);
	if (l && letter_write(l, file, &error)) {
		*len = (gsize)lseek(file, 0, SEEK_END);
		out = g_malloc0(*len + 1);
		g_assert_cmpint(pread(file, out, *len, 0), ==, (gssize)*len);
		check_fields(l);
	}
	g_assert_true((out == NULL) == (error != NULL));
	g_assert_true(!error || g_error_matches(error, WIRE_ERROR, CODE_DATA));
	input_clear(&in);
	close(ends[0]);
	close(file);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	gsize len;
	if (size < 1 || size > 32 * 1024)
		return 0;
	bool dot = data[0] & 1;
	g_autofree char *out = store(data + 1, size - 1, dot, &len);
	g_assert_true((out == NULL) == (memchr(data + 1, '\0', size - 1) != NULL) || dot);
	if (!out)
		return 0;
	g_assert_cmpuint(strlen(out), ==, len);
	g_assert_true(out[0] == '\n' || strstr(out, "\n\n"));
	if (!memchr(data + 1, '\r', size - 1))
		g_assert_null(strchr(out, '\r'));
	return 0;
}
