/* SPDX-License-Identifier: MIT
 *
 * Whether two letters are likely to be the same, by their heads alone (CHECKLIST
 * P-49).  Octets are compared, and nothing in them is understood: a field is the
 * text behind its name, spaces and line ends left out, because servers fold
 * anew. */
#ifndef DEWEY_POP3_LIKENESS_H
#define DEWEY_POP3_LIKENESS_H

#include "base/base.h"

/* Hex of a digest over Message-ID, Date, From and Subject, the first of each; of a
 * head that has neither of the first two, over all of it.  len: up to the empty
 * line or further.  g_free() it. */
char *likeness_of(const char *head, size_t len);

/* The same of what fd holds from its beginning; NULL: it cannot be read. */
char *likeness_of_file(int fd);

/* The same, but NULL as well if the head has neither Message-ID nor Date: servers
 * add lines to a head, so that all of it says little. */
char *likeness_of_named_file(int fd);

#endif
