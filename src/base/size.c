/* SPDX-License-Identifier: MIT */
#include "base/size.h"

#define KB INT64_C(1024)
#define MB (1024 * KB)
#define GB (1024 * MB)

/* A step earlier than the unit's own, so that nothing is rounded up to "1024 KB". */
char *size_text(int64_t octets)
{
	if (octets < KB)
		return g_strdup_printf(_("%d B"), (int)octets);
	if (octets < MB - KB / 2)
		return g_strdup_printf(_("%d KB"), (int)((octets + KB / 2) / KB));
	if (octets < GB - MB / 20)
		return g_strdup_printf(_("%.1f MB"), (double)octets / (double)MB);
	return g_strdup_printf(_("%.1f GB"), (double)octets / (double)GB);
}
