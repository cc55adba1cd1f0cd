/* SPDX-License-Identifier: MIT
 *
 * Status lines, rows of listings and capabilities: each line of the input is
 * given to every function of reply.h, and what they say must hold. */
#include "base/base.h"

#include <string.h>

#include "pop3/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_status(const char *line, size_t len)
{
	struct reply r = reply_parse(line, len);
	if (r.kind == REPLY_BAD)
		return;
	g_assert_true(r.text > line && r.text <= line + len);
	g_assert_true(*line == '+' || *line == '-');
	g_assert_true(r.code == REPLY_CODE_NONE || (r.kind == REPLY_ERR && *r.text == '['));
}

/* What was read, written again, is what stood there, but for zeros in front. */
static void check_number(const char *line)
{
	uint64_t value;
	const char *rest;
	char again[24];
	if (!reply_number(line, &value, &rest))
		return;
	g_snprintf(again, sizeof again, "%" G_GUINT64_FORMAT, value);
	const char *digits = line + strspn(line, "0");
	size_t len = strspn(digits, "0123456789");
	g_assert_true(len == 0 ? value == 0 : strlen(again) == len);
	g_assert_true(strncmp(again, digits, len) == 0 && *rest != ' ');
}

static void check_row(const char *line, size_t len)
{
	uint64_t number, size;
	GBytes *uid;
	if (reply_list_row(line, &number, &size))
		g_assert_cmpuint(number, >, 0);
	if (!reply_uidl_row(line, len, &number, &uid)) {
		g_assert_null(uid);
		return;
	}
	g_assert_cmpuint(number, >, 0);
	if (!uid)
		return;
	gsize octets;
	const unsigned char *text = g_bytes_get_data(uid, &octets);
	g_assert_true(octets > 0 && octets <= 255);
	for (gsize i = 0; i < octets; i++)
		g_assert_true(text[i] >= 0x20 && text[i] != 0x7f);
	g_bytes_unref(uid);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct capabilities capa = {0};
	g_autofree char *text = g_memdup2(data, size);
	for (size_t at = 0, len; at < size; at += len + 1) {
		const char *lf = memchr(text + at, '\n', size - at);
		len = lf ? (size_t)(lf - (text + at)) : size - at;
		/* Exactly as long as it is, so that a read beyond it is seen. */
		char *line = g_malloc(len + 1);
		memcpy(line, text + at, len);
		line[len] = '\0';
		check_status(line, len);
		check_number(line);
		check_row(line, len);
		capabilities_add(&capa, line);
		g_free(line);
	}
	capabilities_clear(&capa);
	return 0;
}
