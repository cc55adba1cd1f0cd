/* SPDX-License-Identifier: MIT
 *
 * What the filters of the dotfile say about letters that lie on a server: the same
 * in the server view and in 'dewey server'. */
#ifndef DEWEY_UI_SERVER_RULES_H
#define DEWEY_UI_SERVER_RULES_H

#include "config/dotfile.h"
#include "store/drop.h"

/* Those for the letters of an account, in the order of the file; they need the dotfile
 * no more, so that a thread can take them.  g_array_unref() it. */
GArray *server_rules_new(const struct dotfile *d, const char *account);

/* The first filter that fits decides, as it does when mail is fetched.  undecided: of
 * int64_t id of letters that are new and whose heads are known → what decide is called
 * with; what is decided is taken out of it. */
bool server_rules_apply(const GArray *rules, struct drop *d, GHashTable *undecided,
	void (*decide)(void *row, enum filter_do what), GError **error);

#endif
