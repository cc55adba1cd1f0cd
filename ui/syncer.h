/* SPDX-License-Identifier: MIT
 *
 * Keeps the index at what the Maildirs hold: at start, when a folder changes
 * (inotify), and when told. */
#ifndef DEWEY_UI_SYNCER_H
#define DEWEY_UI_SYNCER_H

#include "base/base.h"

struct ui;
struct syncer;

struct syncer *syncer_new(struct ui *ui);
/* A sync that runs stops after its batch; free when its worker has ended. */
void syncer_stop(struct syncer *s);
void syncer_free(struct syncer *s);
void syncer_start(struct syncer *s);
/* folder NULL: all of them. */
void syncer_want(struct syncer *s, const char *folder);

#endif
