/* SPDX-License-Identifier: MIT
 *
 * A store that takes its time: while it is held, no job of a front end's worker ends. */
#ifndef DEWEY_TESTS_UI_HOLD_H
#define DEWEY_TESTS_UI_HOLD_H

#include "ui/ui.h"

struct hold;

struct hold *hold_new(struct ui *ui, enum ui_worker which);
/* Its jobs go on; h is not valid any more. */
void hold_release(struct hold *h);

#endif
