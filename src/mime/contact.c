/* SPDX-License-Identifier: MIT */
#include "mime/client.h"

#include <string.h>

const char *mime_contact_label(const char *fact)
{
	static const struct {
		const char *fact, *label;
	} table[] = {
#define CONTACT(fact, property, separator, label) {fact, label},
#include "mime/contact.def"
#undef CONTACT
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (strcmp(table[i].fact, fact) == 0)
			return _(table[i].label);
	return "";
}
