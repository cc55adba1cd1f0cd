/* SPDX-License-Identifier: MIT
 *
 * Addresses that somebody typed, or that stand in a letter: what is let through
 * stands in a line of SMTP as one address (S-66), was typed as it is (nothing is
 * rewritten), and comes back from a list that is made of it. */
#include "base/base.h"

#include <string.h>

#include "compose/address.h"
#include "compose/draft.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

G_DEFINE_QUARK(dewey - compose - error, compose_error)

/* A Path as a server reads it: where the '>' stands that ends it. */
static const char *end_of_path(const char *at)
{
	bool quoted = false;
	for (; *at; at++) {
		if (*at == '\\' && quoted && at[1])
			at++;
		else if (*at == '"')
			quoted = !quoted;
		else if (*at == '>' && !quoted)
			return at;
	}
	return NULL;
}

static void check_command(const char *address, bool is_ascii)
{
	g_autofree char *ascii = address_to_ascii_domain(address, NULL);
	g_assert_nonnull(ascii);
	g_autofree char *command = g_strdup_printf("<%s>", ascii);
	g_assert_true(!is_ascii || g_str_is_ascii(ascii));
	for (const char *c = ascii; *c; c++)
		g_assert_false(g_ascii_iscntrl(*c));
	g_assert_cmpuint(strlen(command), <=, 256);
	g_assert_true(end_of_path(command) == command + strlen(command) - 1);
	const char *at = strrchr(ascii, '@');
	g_assert_true(at && at > ascii && at - ascii <= 64 && strlen(at + 1) <= 255);
	if (*ascii != '"')
		g_assert_null(memchr(ascii, '@', (size_t)(at - ascii)));
	/* Done again it changes nothing. */
	g_autofree char *again = address_to_ascii_domain(ascii, NULL);
	g_assert_cmpstr(again, ==, ascii);
	g_assert_true(address_equal(address, ascii) && address_equal(ascii, address));
}

static void check_one(const char *text)
{
	g_autoptr(GError) error = NULL;
	bool ok = address_check(text, false, &error);
	g_assert_true(ok == (error == NULL));
	if (!ok) {
		g_assert_true(g_error_matches(error, COMPOSE_ERROR, COMPOSE_ERROR_ADDRESS));
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return;
	}
	/* What is legal in ASCII is legal in UTF-8. */
	g_assert_true(address_check(text, true, NULL));
	check_command(text, true);
}

static void check_again(const struct typed_address *a)
{
	g_autofree char *written = address_format(a->name, a->address);
	g_autoptr(GPtrArray) list = address_parse_list(written, NULL);
	g_assert_true(list && list->len == 1);
	const struct typed_address *b = list->pdata[0];
	g_assert_cmpstr(b->address, ==, a->address);
	g_assert_cmpstr(b->name, ==, a->name);
}

/* The text without its comments, for they may stand anywhere. */
static bool has_comment(const char *text)
{
	return strchr(text, '(') != NULL;
}

static void check_list(const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) list = address_parse_list(text, &error);
	g_assert_true((list == NULL) == (error != NULL));
	if (!list) {
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		return;
	}
	for (guint i = 0; i < list->len; i++) {
		const struct typed_address *a = list->pdata[i];
		/* A local part that is not ASCII is for the server to judge (S-15). */
		g_assert_true(address_check(a->address, true, NULL));
		check_command(a->address, address_check(a->address, false, NULL));
		g_assert_true(has_comment(text) || strstr(text, a->address));
		check_again(a);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	check_one(text);
	check_list(text);
	return 0;
}
