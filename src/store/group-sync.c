/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/fail.h"
#include "store/group-sync.h"

enum { OTHERS_KILOBYTES = 64 << 10 };

/* Local file systems whose syncfs() flushes the disk.  A FUSE daemon, for one,
 * is not told of it. */
static bool is_known(int dir)
{
	static const unsigned long magics[] = {0xef53 /* ext4 */, 0x58465342 /* xfs */,
		0x9123683e /* btrfs */, 0xf2f52010 /* f2fs */};
	struct statfs fs;
	if (fstatfs(dir, &fs) != 0)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
		if (((unsigned long)fs.f_type & 0xffffffffUL) == magics[i])
			return true;
	return false;
}

/* Until Linux 5.8 syncfs() kept quiet about writes that failed. */
static bool tells_errors(void)
{
	struct utsname name;
	if (uname(&name) != 0 || strcmp(name.sysname, "Linux") != 0)
		return false;
	g_auto(GStrv) parts = g_strsplit(name.release, ".", 3);
	if (g_strv_length(parts) < 2)
		return false;
	guint64 major = g_ascii_strtoull(parts[0], NULL, 10);
	return major > 5 || (major == 5 && g_ascii_strtoull(parts[1], NULL, 10) >= 8);
}

static int64_t kilobytes(const char *meminfo, const char *field)
{
	const char *at = strstr(meminfo, field);
	return at ? (int64_t)g_ascii_strtoull(at + strlen(field), NULL, 10) : 0;
}

/* What other programs have written and not synced, somebody's copy of a disk
 * perhaps, would have to be waited for. */
static bool others_are_quiet(int64_t octets)
{
	g_autofree char *meminfo = fdio_read_file("/proc/meminfo", 1 << 16, NULL, NULL);
	if (!meminfo)
		return false;
	return kilobytes(meminfo, "\nDirty:") + kilobytes(meminfo, "\nWriteback:") <
	       octets / 1024 + OTHERS_KILOBYTES;
}

bool group_sync_is_cheap(int dir, int64_t octets)
{
	return tells_errors() && is_known(dir) && others_are_quiet(octets);
}

bool group_sync(int dir, const char *name, GError **error)
{
	return syncfs(dir) == 0 || store_fail("syncfs", name, error);
}
