/* SPDX-License-Identifier: MIT
 *
 * What every file of dewey begins with: GLib, gettext's short names, and the
 * few words that are used everywhere.  Included first, before system headers. */
#ifndef DEWEY_BASE_H
#define DEWEY_BASE_H

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>
#include <libintl.h>

/* _() translates now; N_() marks a string of a table that is translated where
 * it is shown.  Text read by machines, and the text of bugs, is not marked. */
#define _(text) gettext(text)
#define N_(text) (text)
#define P_(one, many, n) ngettext((one), (many), (unsigned long)(n))

/* Sets the locale, the translations and the encoding of messages (UTF-8; what is shown of
 * them is local.h's).
 * Every main() calls it first. */
void base_init_locale(void);

#endif
