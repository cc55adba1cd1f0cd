/* SPDX-License-Identifier: MIT
 *
 * The user's editor on a draft: the terminal is its own meanwhile, the loop
 * runs on underneath. */
#ifndef DEWEY_UI_EDITOR_H
#define DEWEY_UI_EDITOR_H

#include "ui/ui.h"

/* Called when it ended: NULL, or what went wrong. */
typedef void (*editor_done)(const char *error, void *data);

/* Edits the file path with dotfile_editor().  The file is UTF-8; the editor sees it in the
 * charset of the locale (editor-text.h). */
void editor_run(struct ui *ui, const char *path, editor_done done, void *data);

#endif
