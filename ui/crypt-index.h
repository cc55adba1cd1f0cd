/* SPDX-License-Identifier: MIT
 *
 * Letters that were decrypted are found by what they say, if the dotfile wants that. */
#ifndef DEWEY_UI_CRYPT_INDEX_H
#define DEWEY_UI_CRYPT_INDEX_H

#include "ui/letters.h"

/* Puts what was shown of a letter that is whole into the index, unless it is there
 * already; soon, on a thread.  The letter has another number then. */
void crypt_index(struct ui *ui, const char *folder, const char *file, const struct letter *letter);

#endif
