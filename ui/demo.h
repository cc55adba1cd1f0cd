/* SPDX-License-Identifier: MIT
 *
 * dewey --demo: a practice server and a store that is thrown away at the end. */
#ifndef DEWEY_UI_DEMO_H
#define DEWEY_UI_DEMO_H

#include "base/base.h"

/* With a terminal the reader runs; without one the whole round is played and
 * printed: fetch, list, a letter, a reply, the reply fetched.  Returns an exit
 * status of sysexits; what went wrong was reported. */
int demo_run(bool terminal);

/* The round alone, with the dotfile rc. */
int demo_round(const char *rc);

#endif
