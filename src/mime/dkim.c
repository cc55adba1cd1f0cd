/* SPDX-License-Identifier: MIT
 *
 * Which DKIM signatures (RFC 6376) say that they cover the fields by which a list is left.
 * None is verified: that is the server's work, whose word the front end looks for. */
#include "mime/letter.h"

#include <string.h>

enum { SIGNATURES = 20, LENGTH = 16 * 1024 };

/* The value of a tag, without blanks and in lower case; NULL: there is none. */
static char *tag(char **tags, const char *name)
{
	size_t n = strlen(name);
	for (; *tags; tags++) {
		const char *at = *tags + strspn(*tags, " \t\r\n");
		if (strncmp(at, name, n) != 0)
			continue;
		const char *equals = at + n + strspn(at + n, " \t\r\n");
		if (*equals != '=')
			continue;
		GString *out = g_string_new(NULL);
		for (const char *p = equals + 1; *p; p++)
			if (!g_ascii_isspace(*p))
				g_string_append_c(out, g_ascii_tolower(*p));
		return g_string_free(out, FALSE);
	}
	return NULL;
}

static bool covers_both(const char *signed_fields)
{
	g_auto(GStrv) names = g_strsplit(signed_fields ? signed_fields : "", ":", -1);
	return g_strv_contains((const char *const *)names, "list-unsubscribe") &&
	       g_strv_contains((const char *const *)names, "list-unsubscribe-post");
}

static bool is_single(const struct letter *l, const char *name)
{
	return fields_get(l->fields, name, 0) && !fields_get(l->fields, name, 1);
}

static void take(GHashTable *domains, const char *raw)
{
	g_autofree char *cut = g_strndup(raw, strnlen(raw, LENGTH));
	g_auto(GStrv) tags = g_strsplit(cut, ";", -1);
	g_autofree char *fields = tag(tags, "h");
	char *domain = tag(tags, "d");
	if (!domain)
		return;
	bool good = covers_both(fields);
	if (g_hash_table_contains(domains, domain))
		good = good && g_hash_table_lookup(domains, domain);
	g_hash_table_insert(domains, domain, GINT_TO_POINTER(good));
}

/* A field that stands twice may be covered in one of its places; and a signature that was
 * added to a real one of the same domain would profit by that. */
void letter_leave_signers(const struct letter *l, struct mime_trace *t)
{
	g_autoptr(GHashTable) domains =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *raw = "";
	if (!is_single(l, "List-Unsubscribe") || !is_single(l, "List-Unsubscribe-Post"))
		return;
	for (guint i = 0; (raw = fields_get(l->fields, "DKIM-Signature", i)) != NULL; i++) {
		if (i >= SIGNATURES)
			return;
		take(domains, raw);
	}
	GHashTableIter iter;
	gpointer domain, good;
	g_hash_table_iter_init(&iter, domains);
	while (g_hash_table_iter_next(&iter, &domain, &good))
		if (good)
			g_ptr_array_add(t->leave_signers, mime_clean_line(domain));
}
