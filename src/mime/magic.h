/* SPDX-License-Identifier: MIT
 *
 * The type of octets by what they begin with. */
#ifndef DEWEY_MIME_MAGIC_H
#define DEWEY_MIME_MAGIC_H

#include "base/base.h"

/* So many octets are looked at. */
enum { MAGIC_OCTETS = 512 };

/* "image/png"; "": not known.  Static. */
const char *magic_type(const guint8 *octets, size_t len);

#endif
