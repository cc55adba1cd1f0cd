/* SPDX-License-Identifier: MIT
 *
 * Sizes, as people read them: one way everywhere. */
#ifndef DEWEY_BASE_SIZE_H
#define DEWEY_BASE_SIZE_H

#include "base/base.h"

/* "512 B", "12 KB", "3.4 MB", "1.2 GB", of 1024 as the dotfile's are, in the language
 * and with the decimal mark of the locale; g_free() it. */
char *size_text(int64_t octets);

#endif
