/* SPDX-License-Identifier: MIT
 *
 * The command line of a sendmail, one word a line (CHECKLIST 2.8): what options
 * there are is known to a list of its own here, so that an address never becomes
 * an option and an option never an address. */
#include "base/base.h"

#include <string.h>

#include "compose/address.h"
#include "compose/draft.h"
#include "smtp/options.h"
#include "wire/codes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

G_DEFINE_QUARK(dewey - compose - error, compose_error)
G_DEFINE_QUARK(dewey - wire - error, wire_error)

/* Those of one letter that take a value: behind it, or the next word. */
static const char with_value[] = "acfrFABhLNRVCOX";
/* … and those whose value is behind it or not there. */
static const char glued[] = "bqoe";

/* How many words from at belong to it: one, or two with its value. */
static int model_word(char **at)
{
	for (const char *c = *at + 1; *c; c++) {
		if (strchr(with_value, *c))
			return c[1] || !at[1] ? 1 : 2;
		if (strchr(glued, *c))
			return 1;
	}
	return 1;
}

/* The first recipient; long options are skipped as they are named. */
static char **model_recipients(char **argv)
{
	char **at = argv + 1;
	while (*at && (*at)[0] == '-' && (*at)[1]) {
		if (g_str_equal(*at, "--"))
			return at + 1;
		if ((*at)[1] == '-')
			return NULL; /* the program's own: not modelled */
		at += model_word(at);
	}
	return at;
}

static void check_recipients(char **recipients)
{
	for (; *recipients; recipients++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) list = address_parse_list(*recipients, &error);
		g_assert_true((list == NULL) == (error != NULL));
		for (guint i = 0; list && i < list->len; i++) {
			const struct typed_address *a = list->pdata[i];
			g_assert_true(address_check(a->address, true, NULL));
		}
	}
}

static void check_parsed(struct options *o, char **argv)
{
	char **expected = model_recipients(argv);
	g_assert_true(!expected || o->recipients == expected);
	if (o->name)
		for (const char *c = o->name; *c; c++)
			g_assert_false(g_ascii_iscntrl(*c));
	check_recipients(o->recipients);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) argv = g_strsplit(text, "\n", 64);
	g_auto(GStrv) kept = g_strdupv(argv);
	g_autoptr(GError) error = NULL;
	struct options o;
	if (!argv[0])
		return 0;
	bool ok = options_parse(&o, (int)g_strv_length(argv), argv, &error);
	g_assert_true(ok == (error == NULL));
	g_assert_true(g_strv_equal((const char *const *)argv, (const char *const *)kept));
	if (ok) {
		check_parsed(&o, argv);
	} else {
		g_assert_true(g_error_matches(error, WIRE_ERROR, CODE_USAGE));
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
	}
	options_clear(&o);
	return 0;
}
