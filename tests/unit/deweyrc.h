/* SPDX-License-Identifier: MIT
 *
 * A dotfile of one account, and the mistakes in it. */
#ifndef DEWEY_TESTS_DEWEYRC_H
#define DEWEY_TESTS_DEWEYRC_H

#include "base/base.h"

#define OK_ACCOUNT "[account home]\naddress = i@example.org\npop3 = pop3s://i@pop.example.org\n"

#define PIN_HEX "47dea78f58fd1c3f2f41a1f22e6ea0b40a5ba8a6ef3bd85b1c1b1bf9d9c2b1ff"

/* All mistakes, joined by newlines; g_free() it. */
static inline char *join(GPtrArray *texts)
{
	g_ptr_array_add(texts, NULL);
	char *all = g_strjoinv("\n", (char **)texts->pdata);
	g_ptr_array_set_size(texts, (gint)texts->len - 1);
	return all;
}

#endif
