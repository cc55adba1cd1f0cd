/* SPDX-License-Identifier: MIT */
#ifndef DEWEY_UI_WISHES_H
#define DEWEY_UI_WISHES_H

#include "config/dotfile.h"
#include "store/store.h"

/* Tells a store what the dotfile wants of its index, before that is opened. */
void wishes_tell(struct store *s, const struct dotfile *d);

#endif
