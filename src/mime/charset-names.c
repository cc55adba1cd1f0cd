/* SPDX-License-Identifier: MIT
 *
 * What the front end knows of charsets: their names. */
#include "mime/client.h"

static const char *const names[] = {
#define CHARSET(name, iconv_name, kind, aliases) name,
#include "mime/charsets.def"
#undef CHARSET
};

const char *mime_charset_name(guint i)
{
	return i < G_N_ELEMENTS(names) ? names[i] : NULL;
}

static void choice_free(void *data)
{
	struct mime_choice *c = data;
	g_free(c->sender);
	g_free(c->declared);
	g_free(c->charset);
	g_free(c);
}

GPtrArray *mime_choices_new(void)
{
	return g_ptr_array_new_with_free_func(choice_free);
}

void mime_choices_add(GPtrArray *choices, const char *sender, const char *declared,
	const char *charset)
{
	struct mime_choice *c = g_new0(struct mime_choice, 1);
	c->sender = g_strdup(sender);
	c->declared = g_strdup(declared);
	c->charset = g_strdup(charset);
	g_ptr_array_add(choices, c);
}
