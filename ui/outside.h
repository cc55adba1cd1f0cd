/* SPDX-License-Identifier: MIT
 *
 * Other programs, from the main loop: on the terminal, beside it in a window of
 * their own, or for what they print.  No shell of ours, an environment of the
 * variables that programs need, and no input but what is handed to them
 * (CHECKLIST M-51). */
#ifndef DEWEY_UI_OUTSIDE_H
#define DEWEY_UI_OUTSIDE_H

#include "ui/ui.h"

enum outside_way {
	OUTSIDE_TERMINAL, /* the screen is its own until it ends */
	OUTSIDE_BESIDE,   /* what it prints goes nowhere */
	OUTSIDE_OUTPUT,   /* what it prints, errors too, is kept: 4 MiB of it */
};

struct outside {
	char *const *argv;     /* [0] is searched in PATH */
	const char *directory; /* NULL: where we are */
	int input;             /* taken; its standard input; -1: none */
	enum outside_way way;
};

struct outside_end {
	const char *error; /* NULL: it ended well; else why not, for the user */
	const char *output; /* sanitized; "" unless OUTSIDE_OUTPUT */
};

/* Called once, in the main loop; the ui may have other views by then.  It is not
 * called if the front end ends before; free (may be NULL) always is, last. */
typedef void (*outside_done)(struct ui *ui, const struct outside_end *end, void *data);
void outside_run(struct ui *ui, const struct outside *what, outside_done done, void *data,
	GDestroyNotify free);

#endif
