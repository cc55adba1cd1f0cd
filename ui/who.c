/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "store/store.h"
#include "ui/who.h"

char *row_who(const struct message_row *row)
{
	bool ours = strcmp(row->folder, FOLDER_SENT) == 0 || strcmp(row->folder, FOLDER_DRAFTS) == 0;
	if (ours && *row->to)
		return g_strdup_printf(_("to %s"), row->to);
	/* A name that poses as an address is not shown instead of the address. */
	if (*row->from_name && !strchr(row->from_name, '@'))
		return g_strdup(row->from_name);
	return g_strdup(*row->from ? row->from : _("(nobody)"));
}
