/* SPDX-License-Identifier: MIT
 *
 * What plain.h reads without GMime is what GMime reads. */
#include "base/base.h"

#include <string.h>

#include "mime/letter.h"
#include "mime/plain.h"

enum { ROUNDS = 20000 };

struct bench {
	struct charsets *charsets;
	struct letter letter;
	guint plain; /* how many were read without GMime */
};

static GPtrArray *addresses_of(const struct bench *b, const char *raw, bool whole)
{
	g_autoptr(mime_message) m = mime_message_new();
	if (whole)
		letter_addresses_whole(&b->letter, raw, m->from);
	else
		letter_addresses(&b->letter, raw, m->from);
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < m->from->len; i++) {
		const struct mime_address *a = m->from->pdata[i];
		g_ptr_array_add(
			texts, g_strdup_printf("{%s|%s|%s}", a->name, a->address, a->group));
	}
	g_ptr_array_add(texts, NULL);
	return texts;
}

static void check_addresses(struct bench *b, const char *raw)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) quick = addresses_of(b, raw, false),
			     whole = addresses_of(b, raw, true);
	g_autofree char *mine = g_strjoinv(" ", (char **)quick->pdata);
	g_autofree char *theirs = g_strjoinv(" ", (char **)whole->pdata);
	b->plain += plain_addresses(b->charsets, raw, found);
	if (strcmp(mine, theirs) != 0)
		g_test_message("'%s'", raw);
	g_assert_cmpstr(mine, ==, theirs);
}

static void check_date(struct bench *b, const char *raw)
{
	int64_t quick;
	if (!plain_date(raw, &quick))
		return;
	b->plain++;
	if (quick != letter_date_whole(&b->letter, raw))
		g_test_message("'%s'", raw);
	g_assert_cmpint(quick, ==, letter_date_whole(&b->letter, raw));
}

static void check_text(struct bench *b, const char *raw)
{
	/* A word of nothing sends it the long way, and is not seen. */
	g_autofree char *longer = g_strconcat(raw,
		"=?us-ascii?Q?"
		"?=",
		NULL);
	g_autofree char *quick = header_decode(b->charsets, raw, NULL);
	g_autofree char *whole = header_decode(b->charsets, longer, NULL);
	g_strchomp(whole);
	g_assert_cmpstr(g_strchomp(quick), ==, whole);
}

typedef void (*check)(struct bench *b, const char *raw);

/* Pieces in any order: most of it is nearly right, some of it right. */
static void try_all(const char *const *pieces, guint count, check one, guint enough)
{
	g_autoptr(GRand) dice = g_rand_new_with_seed(20261121);
	struct bench b = {.charsets = charsets_new()};
	b.letter.charsets = b.charsets;
	for (int round = 0; round < ROUNDS; round++) {
		g_autoptr(GString) raw = g_string_new(g_rand_boolean(dice) ? " " : "");
		for (int n = g_rand_int_range(dice, 1, 7); n > 0; n--)
			g_string_append(raw, pieces[g_rand_int_range(dice, 0, (gint)count)]);
		one(&b, raw->str);
	}
	g_test_message("%u of %d are plain", b.plain, ROUNDS);
	g_assert_cmpuint(b.plain, >=, enough);
	charsets_free(b.charsets);
}

static void test_addresses(void)
{
	static const char *const pieces[] = {"Ivan Petrov <ivan@example.org>", "a@b", "x.y+z@a-b.c",
		"Ivan", " ", ", ", ",\n ", "<ivan@example.org>", " <i@b.c>", "I <i@b>", "\t", "\n ",
		"=?utf-8?B?0JjQstCw0L0=?= <i@b.c>",
		"=?utf-8?Q?=D0=98_a?=\n =?utf-8?B?0JjQsw==?= <i@b>", "=?koi8-r?B?6dfBzg==?= <i@b>",
		"=?utf-8?Q?=22a=22?= <a@b>", "=?utf-8?Q?a=5C=5Cb?= <a@b>", "=?utf-8?Q?_a_?= <a@b>",
		"=?utf-8?Q?a=2C_b=3Cc=40d=3E?= <a@b>", "=?utf-8?Q?=00?= <a@b>",
		"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?= <a@b>",
		"=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?= <a@b>",
		("=?utf-8?B?"
		 "?= <a@b>"),
		"=?x?Q?a?= <a@b>",
		"=?utf-8?Q?a?= ", "=?koi8-r?B?6dfBzg==?= ", "\"Petrov, I\" <i@b>", "(c)", ".", "-",
		"@", "<", ">", ":", ";", "a.b", "и@b", "I. P <a@b>", "007 <a@b>", "a <a..b@c>",
		"a <a@b.>", "undisclosed: ;", "=?utf-8?Q?(a)_b?= <a@b>", "=?utf-8?Q?a=0Ab?= <a@b>",
		"=?utf-8?Q?a=E2=80=AEb?= <a@b>", "=?utf-8?Q?=FF?= <a@b>",
		"=?utf-8?Q?a=1Ab?= <a@b>"};
	try_all(pieces, G_N_ELEMENTS(pieces), check_addresses, ROUNDS / 20);
}

static void test_dates(void)
{
	static const char *const pieces[] = {"Sat, 30 Jan 2021 13:02:56 -0800", "Sat, ", "Mon, ",
		"28 Feb 2024 ", "1 Mar 2000 ", "01 Dec 1999 ", "13:02:56 ", "00:00:00 ",
		"23:59:59 ", "24:00:00 ", "+0000", "-0800", "+0530", "-0000", "+1245", "GMT", " ",
		"\n", " (MSK)", "29 Feb 2023 ", "7 Oct 1971 ", "9 Jul 2199 ", "3 Jun 2040 "};
	try_all(pieces, G_N_ELEMENTS(pieces), check_date, 20);
}

/* Every day of two centuries, and every hour. */
static void test_days(void)
{
	struct bench b = {.charsets = charsets_new()};
	b.letter.charsets = b.charsets;
	for (int64_t at = 40000000; at < (int64_t)7226000000; at += 86400 / 5 * 7) {
		g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(at);
		g_autofree char *raw = g_date_time_format(date, "%a, %d %b %Y %H:%M:%S +0300");
		check_date(&b, raw);
	}
	g_assert_cmpuint(b.plain, >, 50000);
	charsets_free(b.charsets);
}

static void test_texts(void)
{
	static const char *const pieces[] = {"Re: ", "a line", "  ", "\n ", "\r\n\t", "\t", "=",
		"?", "_", "\x7F", "\x01", "a", "(b)", "\\", "\"", "и"};
	try_all(pieces, G_N_ELEMENTS(pieces), check_text, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
	g_test_add_func("/plain/addresses/M-07", test_addresses);
	g_test_add_func("/plain/dates", test_dates);
	g_test_add_func("/plain/days", test_days);
	g_test_add_func("/plain/texts/M-07", test_texts);
	return g_test_run();
}
