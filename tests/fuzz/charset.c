/* SPDX-License-Identifier: MIT
 *
 * Any octets with any label to UTF-8: judged, decoded and mended.  The text is one that
 * Unicode allows, without NUL; where octets below 0x80 are ASCII they are all in it, in
 * their order; and what is said of it holds (M-12).
 *
 * The first octet of the input chooses the label, the second who chose what. */
#include "base/base.h"

#include <string.h>

#include "mime/charset-private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct charsets *charsets_once(void)
{
	static struct charsets *c;
	if (!c) {
		c = charsets_new();
		charsets_preload(c, NULL);
	}
	return c;
}

/* One of ours, and then what none of ours is. */
static const char *label_of(guint8 number)
{
	static const char *const odd[] = {
		NULL, "", "x-unknown", "utf8\"; x", "cs", "-", "ISO_8859-1:1987", "us-ascii"};
	const struct charset *set = charset_at(number);
	return set ? set->name : odd[number % G_N_ELEMENTS(odd)];
}

/* NUL and controls apart: those are replaced, or mean something. */
static char *essence(const char *text, size_t len)
{
	GString *s = g_string_new(NULL);
	for (size_t i = 0; i < len; i++)
		if (text[i] > ' ' && text[i] < 0x7F)
			g_string_append_c(s, text[i]);
	return g_string_free(s, FALSE);
}

/* In windows-1258 a letter and the accent behind it become one. */
static bool keeps_ascii(const struct charset *set)
{
	if (strcmp(set->name, "windows-1258") == 0)
		return false;
	return set->kind == UTF8 || set->kind == CYRILLIC || set->kind == LATIN ||
	       set->kind == OTHER;
}

static void check(const char *text, const struct charset_used *used, const char *data, size_t len)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	g_assert_nonnull(used->name);
	const struct charset *set = charset_labelled(used->name);
	g_assert_true(set || strcmp(used->name, "us-ascii") == 0);
	/* What was mended was read as something else before. */
	set = used->mended ? charset_labelled(used->mended) : set;
	if (set && (used->mended || !keeps_ascii(set)))
		return;
	g_autofree char *given = essence(data, len), *got = essence(text, strlen(text));
	g_assert_cmpstr(got, ==, given);
}

static void check_candidates(struct charsets *c, const char *data, size_t len, const char *label)
{
	g_autoptr(GPtrArray) names = charset_candidates(c, data, len, label);
	for (guint i = 0; i < names->len; i++) {
		struct charset_used used = {0};
		g_autofree char *text = charset_decode_as(c, data, len, names->pdata[i], &used);
		g_assert_nonnull(charset_labelled(names->pdata[i]));
		check(text, &used, data, len);
		for (guint j = 0; j < i; j++)
			g_assert_cmpstr(names->pdata[i], !=, names->pdata[j]);
	}
}

/* What is no text gone wrong is left alone, and of what is its ASCII stays. */
static void check_mend(struct charsets *c, const char *data, size_t len)
{
	const struct charset *meant = NULL, *taken = NULL;
	g_autofree char *text = g_utf8_make_valid(data, (gssize)len);
	g_autofree char *better = mend(c, text, &meant, &taken);
	if (!better)
		return;
	g_assert_true(g_utf8_validate(better, -1, NULL));
	g_assert_true(meant && taken);
	g_autofree char *given = essence(text, strlen(text));
	g_autofree char *got = essence(better, strlen(better));
	g_assert_cmpstr(got, ==, given);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct charsets *c = charsets_once();
	struct charset_used used = {0}, again = {0};
	if (size < 2)
		return 0;
	const char *label = label_of(input[0]), *data = (const char *)input + 2;
	size_t len = size - 2;
	charsets_begin(c, "a@example.org", NULL, input[1] & 1 ? label : NULL);
	if (input[1] & 2)
		charsets_choose(c, "a@example.org", label, label_of(input[1] >> 2));
	g_autofree char *text = charset_decode(c, data, len, label, &used);
	check(text, &used, data, len);
	g_autofree char *twice = charset_decode(c, data, len, label, &again);
	g_assert_cmpstr(twice, ==, text);
	g_assert_cmpstr(again.name, ==, used.name);
	check_candidates(c, data, len, label);
	check_mend(c, data, len);
	charsets_forget(c);
	return 0;
}
