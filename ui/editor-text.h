/* SPDX-License-Identifier: MIT
 *
 * A file of ours, which is UTF-8, as the editor of a person sees it: in the charset of the
 * locale.  Where that is another one the editor gets a copy beside the file, "FILE.in-KOI8-R",
 * which says by its name what it is, for whoever finds it after a crash. */
#ifndef DEWEY_UI_EDITOR_TEXT_H
#define DEWEY_UI_EDITOR_TEXT_H

#include "base/base.h"

/* What is to be edited instead of path, made anew; path itself where the locale is UTF-8.
 * g_free() it; NULL: G_FILE_ERROR. */
char *editor_text_give(const char *path, GError **error);

/* Writes into path what the editor left in the copy, and removes that; nothing if there is
 * none.  Lines that are as they were given have their text back, with all that the
 * charset lacks.  Error: G_FILE_ERROR or G_CONVERT_ERROR; the copy stays. */
bool editor_text_take(const char *path, GError **error);

#endif
