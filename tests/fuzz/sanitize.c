/* SPDX-License-Identifier: MIT
 *
 * Any octets through the sanitizers: what comes out means nothing to a terminal
 * (M-40), and done again it changes nothing. */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_bidi(gunichar ch)
{
	return (ch >= 0x202A && ch <= 0x202E) || (ch >= 0x2066 && ch <= 0x2069) || ch == 0x200E ||
	       ch == 0x200F || ch == 0x061C;
}

static void check(const char *text, bool body)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar ch = g_utf8_get_char(p);
		g_assert_true(ch >= 0x20 || (body && (ch == '\t' || ch == '\n')));
		g_assert_false(ch >= 0x7F && ch <= 0x9F);
		g_assert_false(ch == 0x2028 || ch == 0x2029);
		g_assert_true(body || !is_bidi(ch));
	}
}

static void check_line(const char *text, gssize size)
{
	g_autofree char *line = sanitize_line(text, size);
	check(line, false);
	g_assert_true(sanitize_is_clean(line));
	g_autofree char *again = sanitize_line(line, -1);
	g_assert_cmpstr(again, ==, line);
}

static void check_body(const char *text, gssize size)
{
	g_autofree char *body = sanitize_body(text, size);
	check(body, true);
	g_autofree char *again = sanitize_body(body, -1);
	g_assert_cmpstr(again, ==, body);
}

/* Places in the text stay where they were, in order. */
static void check_places(const char *text, gssize size)
{
	guint places[] = {0, (guint)size / 3, (guint)size / 2, (guint)size};
	g_autofree char *body = sanitize_body_at(text, size, places, G_N_ELEMENTS(places));
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_assert_cmpuint(places[i], <=, strlen(body));
		g_assert_true(i == 0 || places[i - 1] <= places[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	gssize len = (gssize)strlen(text);
	check_line((const char *)data, (gssize)size);
	check_body((const char *)data, (gssize)size);
	check_places(text, len);
	g_autofree char *server = sanitize_server_text((const char *)data, (gssize)size);
	check(server, false);
	return 0;
}
