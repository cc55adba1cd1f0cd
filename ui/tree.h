/* SPDX-License-Identifier: MIT
 *
 * The lines that join the messages of a thread. */
#ifndef DEWEY_UI_TREE_H
#define DEWEY_UI_TREE_H

#include "ui/pages.h"

/* Sets tree and same_subject of each line (GPtrArray of struct page_line, in
 * tree order with depths, threads whole). */
void tree_build(GPtrArray *lines);

#endif
