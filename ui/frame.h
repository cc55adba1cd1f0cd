/* SPDX-License-Identifier: MIT
 *
 * What stands around a view: the title above, the folder bar at the left, the
 * status line and the line for messages, questions and hints below. */
#ifndef DEWEY_UI_FRAME_H
#define DEWEY_UI_FRAME_H

#include "ui/prompt.h"

struct ui;

struct frame_line {
	char *text; /* NULL: the main keys are shown */
	bool wrong, to_marked;
};

struct frame {
	struct ui *ui;
	struct prompt *prompt; /* NULL: none */
	const struct frame_line *line;
	const char *going_on; /* "" or progress */
	bool bar;
};

/* y, x: where the terminal's cursor goes; y -1: hidden. */
void frame_draw(const struct frame *f, struct grid *g, int *y, int *x);

#endif
