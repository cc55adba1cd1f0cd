/* SPDX-License-Identifier: MIT */
#include "ui/server-text.h"

void server_add_part(GString *out, guint n, char *text)
{
	if (n > 0)
		g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", text);
	g_free(text);
}

char *server_summary(const struct record *done)
{
	GString *out = g_string_new(NULL);
	guint new = (guint)record_int(done, "new"), deleted = (guint)record_int(done, "deleted");
	guint owed = (guint)record_int(done, "owed"), gone = (guint)record_int(done, "gone");
	guint changed = (guint)record_int(done, "changed");
	guint failed = (guint)record_int(done, "failed");
	guint large = (guint)record_int(done, "large");
	server_add_part(out, new, g_strdup_printf(_("%u fetched"), new));
	server_add_part(out, deleted, g_strdup_printf(_("%u deleted"), deleted));
	server_add_part(out, owed, g_strdup_printf(_("%u to be deleted by the next fetch"), owed));
	server_add_part(out, gone, g_strdup_printf(P_("%u was gone", "%u were gone", gone), gone));
	server_add_part(out, changed,
		g_strdup_printf(P_("%u had become another letter and was left",
					"%u had become other letters and were left", changed),
			changed));
	server_add_part(out, large, g_strdup_printf(_("%u larger than max-size"), large));
	server_add_part(out, failed, g_strdup_printf(_("%u refused by the server"), failed));
	if (out->len == 0)
		g_string_append(out, _("nothing was to be done"));
	return g_string_free(out, FALSE);
}
