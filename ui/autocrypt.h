/* SPDX-License-Identifier: MIT
 *
 * Keys that come with letters (Autocrypt): remembered when such a letter is shown,
 * imported when a person says so. */
#ifndef DEWEY_UI_AUTOCRYPT_H
#define DEWEY_UI_AUTOCRYPT_H

#include "ui/ui.h"

/* A letter is shown, the one of this row.  Nothing happens unless an account has
 * 'autocrypt', nor in the folder of spam. */
void autocrypt_seen(
	struct ui *ui, const struct message_row *row, const struct mime_message *m);

/* Shows whose key this is (base64), which came with letters of address, and imports it if
 * the person wants to; done(data) then.  data is freed in any case. */
struct autocrypt_import {
	const char *address, *key;
	void (*done)(void *data);
	void *data;
	GDestroyNotify free;
};
void autocrypt_import(struct ui *ui, const struct autocrypt_import *i);

#endif
