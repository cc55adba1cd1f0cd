/* SPDX-License-Identifier: MIT
 *
 * What the front end needs of a terminal.  One back end is ncurses (screen.c),
 * the only place that knows it; the other a piece of memory (screen-memory.c),
 * for tests. */
#ifndef DEWEY_UI_SCREEN_H
#define DEWEY_UI_SCREEN_H

#include "config/dotfile.h"
#include "ui/grid.h"
#include "ui/key.h"

struct screen;

struct screen_ops {
	/* The size as it is now. */
	void (*size)(struct screen *s, int *rows, int *cols);
	/* Shows the grid; the cursor stands at y, x, or is hidden if y < 0. */
	void (*show)(struct screen *s, const struct grid *g, int y, int x);
	/* The next key that was typed, or KEY_CODE_NONE; never waits. */
	key_code (*key)(struct screen *s);
	/* Hands the terminal over to another program, and takes it back. */
	void (*suspend)(struct screen *s);
	void (*resume)(struct screen *s);
	/* Draws everything anew next time. */
	void (*repaint)(struct screen *s);
	void (*beep)(struct screen *s);
	/* How cells of THEME_TINTS and behind it look; before anything is shown. */
	void (*tint)(struct screen *s, const struct look *looks, guint count);
	/* Whether addresses of cells are told to the terminal (OSC 8). */
	void (*hyperlinks)(struct screen *s, enum hyperlinks mode);
	int (*fd)(struct screen *s); /* readable when a key was typed; -1: none */
	void (*free)(struct screen *s);
};

/* What is drawn behind the cells, where these are empty: octets for the terminal that
 * no letter has written. */
struct screen_picture {
	int row, col; /* of the first line */
	char **text;  /* of lines, each for its row; one alone may be a picture of pixels */
	guint serial; /* another one: it is drawn again */
};

struct screen {
	const struct screen_ops *ops;
	const struct screen_picture *picture; /* to be shown with the grid; NULL: none */
};

/* The terminal of stdin and stdout.  Error: it cannot do what we need. */
struct screen *screen_curses_new(GError **error);

/* Restores the terminal from anywhere, also from a signal handler that is
 * about to end the process. */
void screen_curses_emergency(void);

/* A screen of this size that keeps what was shown last. */
struct screen *screen_memory_new(int rows, int cols);
void screen_memory_resize(struct screen *s, int rows, int cols);
const struct grid *screen_memory_grid(const struct screen *s); /* NULL: nothing yet */
guint screen_memory_beeps(const struct screen *s); /* how often it has rung */

#endif
