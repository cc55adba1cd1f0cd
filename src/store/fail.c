/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/fail.h"

bool store_adopt(bool ok, GError **error)
{
	if (ok || !error || !*error || (*error)->domain != G_FILE_ERROR)
		return ok;
	bool missing = (*error)->code == G_FILE_ERROR_NOENT;
	bool shortage = fdio_error_is_shortage(*error);
	(*error)->domain = STORE_ERROR;
	(*error)->code = missing ? STORE_ERROR_MISSING
		       : shortage ? STORE_ERROR_SYSTEM
				  : STORE_ERROR_DISK;
	return false;
}

bool store_fail(const char *operation, const char *name, GError **error)
{
	return store_adopt(fdio_fail(error, operation, name), error);
}

bool store_close(int fd, const char *name, GError **error)
{
	return close(fd) == 0 || store_fail("close", name, error);
}
