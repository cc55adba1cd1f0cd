/* SPDX-License-Identifier: MIT
 *
 * Parts whose content is elsewhere: a piece of a letter that was cut up, or
 * something on a server.  They are named and never fetched (CHECKLIST M-10). */
#include "mime/letter.h"

#include <string.h>

/* The worth of a parameter, readable; "" if it is not there. */
static char *parameter(GMimeObject *object, const char *name)
{
	return mime_clean_line(node_parameter(object, name));
}

static char *piece_note(GMimeObject *object)
{
	g_autofree char *number = parameter(object, "number");
	g_autofree char *total = parameter(object, "total");
	g_autofree char *id = parameter(object, "id");
	return *total ? g_strdup_printf(_("piece %s of %s of a letter that was cut up (%s)"),
				number, total, id)
		      : g_strdup_printf(_("piece %s of a letter that was cut up (%s)"), number, id);
}

/* RFC 2046, 5.2.3, and RFC 2017. */
static char *elsewhere_note(GMimeObject *object)
{
	static const char *const names[] = {
		"url", "site", "directory", "name", "server", "subject"};
	g_autofree char *access = parameter(object, "access-type");
	g_autoptr(GString) where = g_string_new(access);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *worth = parameter(object, names[i]);
		if (*worth)
			g_string_append_printf(where, " %s=%s", names[i], worth);
	}
	return g_strdup_printf(_("it lies elsewhere and is not fetched: %s"), where->str);
}

char *node_note(GMimeObject *object)
{
	g_autofree char *type = node_type(object);
	if (strcmp(type, "message/partial") == 0)
		return piece_note(object);
	if (strcmp(type, "message/external-body") == 0)
		return elsewhere_note(object);
	return g_strdup("");
}
