/* SPDX-License-Identifier: MIT
 *
 * Attributes by name: what a cell means; the screen turns it into a look. */
#ifndef DEWEY_UI_THEME_H
#define DEWEY_UI_THEME_H

#include "base/base.h"

enum theme {
#define THEME(name, text, fg, bg, bits) THEME_##name,
#include "ui/theme.def"
#undef THEME
	THEME_COUNT,
	/* Behind them the looks that the dotfile has, two each: of read and of unread. */
	THEME_TINTS = THEME_COUNT,
	THEME_MOST = 256, /* of cells, with these */
};

static inline bool theme_is_tint(enum theme theme)
{
	return theme >= THEME_TINTS;
}

enum look_bits {
	LOOK_BOLD = 1 << 0,
	LOOK_DIM = 1 << 1,
	LOOK_REVERSE = 1 << 2,
	LOOK_UNDERLINE = 1 << 3,
	LOOK_ITALIC = 1 << 4,
	LOOK_STRIKE = 1 << 5, /* where a terminal cannot: dim */
};

struct look {
	const char *name;
	int fg, bg;    /* curses colour numbers, -1: the terminal's own */
	unsigned bits; /* enum look_bits */
};

const struct look *theme_look(enum theme theme);

#endif
