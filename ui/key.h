/* SPDX-License-Identifier: MIT
 *
 * Keys and their names: a letter stands for itself; others are written
 * <Enter>, <PageDown>, C-l (Control and L) and M-v (Alt and v). */
#ifndef DEWEY_UI_KEY_H
#define DEWEY_UI_KEY_H

#include "base/base.h"

/* A Unicode scalar value, or one of these; with KEY_CODE_ALT set if Alt or
 * Escape came before it. */
typedef uint32_t key_code;

enum {
	KEY_CODE_NONE = 0,
	KEY_CODE_TAB = '\t',
	KEY_CODE_ENTER = '\r',
	KEY_CODE_ESCAPE = 0x1B,
	KEY_CODE_SPACE = ' ',
	KEY_CODE_BACKSPACE = 0x7F,
	KEY_CODE_UP = 0x110000,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_PAGE_UP,
	KEY_CODE_PAGE_DOWN,
	KEY_CODE_INSERT,
	KEY_CODE_DELETE,
	KEY_CODE_BACKTAB,
	KEY_CODE_F1, /* up to F12 = F1 + 11 */
	KEY_CODE_RESIZE = KEY_CODE_F1 + 12,
	KEY_CODE_ALT = 1 << 24,
};
#define KEY_CODE_CONTROL(letter) ((key_code)((letter) & 0x1F))

/* KEY_CODE_NONE: no such key. */
key_code key_from_name(const char *name);
char *key_label(key_code key);

/* Whether it types a character into a text. */
bool key_is_text(key_code key);

#endif
