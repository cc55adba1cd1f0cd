/* SPDX-License-Identifier: MIT
 *
 * Steps of 'dewey check' that no agent takes. */
#ifndef DEWEY_UI_CLI_CHECK_H
#define DEWEY_UI_CLI_CHECK_H

#include "wire/record.h"

/* What the programs give up on this machine, as the event of a step that is of no
 * account; record_free() it.  Not ok: 'sandbox = require', and the kernel or the build has
 * less.  After sandbox_mode_hand_on(). */
struct record *check_sandbox(void);

#endif
