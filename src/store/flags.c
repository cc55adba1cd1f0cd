/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/flags.h"

/* In the order of the bits, which is the order of the letters. */
static const char letters_of_flags[] = "DFPRST";

unsigned flags_from_letters(const char *letters)
{
	unsigned flags = 0;
	for (; *letters != '\0'; letters++) {
		const char *at = strchr(letters_of_flags, *letters);
		if (at)
			flags |= 1U << (at - letters_of_flags);
	}
	return flags;
}

void flags_to_letters(unsigned flags, char out[7])
{
	size_t n = 0;
	for (size_t i = 0; letters_of_flags[i] != '\0'; i++)
		if (flags & (1U << i))
			out[n++] = letters_of_flags[i];
	out[n] = '\0';
}
