/* SPDX-License-Identifier: MIT
 *
 * A query that is still being typed. */
#ifndef DEWEY_UI_TYPING_H
#define DEWEY_UI_TYPING_H

#include "base/base.h"

/* What to look for already: the last word as the beginning of one, quotes and
 * groups closed, an operator without its second half left out.  NULL: nothing yet,
 * since text is empty, ends with a single letter of an alphabet alone, or is no
 * query so far.  g_free() it. */
char *typing_query(const char *text);

/* What is wrong with an entered query; NULL: nothing.  g_free() it.  For prompts. */
char *typing_wrong(const char *text, const void *data);

#endif
