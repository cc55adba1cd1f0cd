/* SPDX-License-Identifier: MIT
 *
 * What came of an action, for people. */
#include "base/base.h"

#include "store/actions-private.h"

static void add_missing(struct action_result *r)
{
	if (r->missing == 0)
		return;
	g_autofree char *done = g_steal_pointer(&r->text);
	g_autofree char *gone = g_strdup_printf(
		P_("%d was gone already", "%d were gone already", r->missing), (int)r->missing);
	r->text = g_strdup_printf("%s; %s", done, gone);
}

void action_tell_stop(struct action_result *r)
{
	if (!r->stopped)
		return;
	g_autofree char *done = g_steal_pointer(&r->text);
	r->text = g_strdup_printf("%s; %s", done, _("stopped before the end"));
}

/* format: with %d, and %s for folder if there is one; both of them constant. */
void action_set_text(struct action_result *r, const char *format, const char *folder)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	r->text = folder ? g_strdup_printf(format, (int)r->done, folder_title(folder))
			 : g_strdup_printf(format, (int)r->done);
#pragma GCC diagnostic pop
	add_missing(r);
	action_tell_stop(r);
}
