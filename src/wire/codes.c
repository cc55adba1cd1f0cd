/* SPDX-License-Identifier: MIT */
#include "wire/codes.h"

#include <string.h>
#include <sysexits.h>

G_DEFINE_QUARK(dewey-wire-error, wire_error)

static const struct {
	const char *name;
	enum wire_retry retry;
	int status;
	const char *text;
} codes[CODE_COUNT] = {
#define CODE(name, wire, retry, status, text) [CODE_##name] = {wire, RETRY_##retry, status, text},
#include "wire/codes.def"
#undef CODE
};

const char *wire_code_name(enum wire_code code)
{
	g_assert(code < CODE_COUNT);
	return codes[code].name;
}

enum wire_code wire_code_from_name(const char *name)
{
	for (size_t i = 0; i < CODE_COUNT; i++)
		if (strcmp(codes[i].name, name) == 0)
			return (enum wire_code)i;
	return CODE_INTERNAL;
}

enum wire_retry wire_code_retry(enum wire_code code)
{
	g_assert(code < CODE_COUNT);
	return codes[code].retry;
}

const char *wire_retry_name(enum wire_retry retry)
{
	static const char *const names[] = {"never", "ask", "later"};
	return names[retry];
}

int wire_code_exit_status(enum wire_code code)
{
	g_assert(code < CODE_COUNT);
	return codes[code].status;
}

const char *wire_code_text(enum wire_code code)
{
	g_assert(code < CODE_COUNT);
	return _(codes[code].text);
}
