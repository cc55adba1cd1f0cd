/* SPDX-License-Identifier: MIT
 *
 * Rows of "uid", shared with delivery. */
#ifndef DEWEY_STORE_UIDS_PRIVATE_H
#define DEWEY_STORE_UIDS_PRIVATE_H

#include "store/uids.h"

/* The number of account's maildrop; made if it is not there.  0: error. */
int64_t uids_maildrop(struct ledger *l, const char *account, GError **error);

/* The rows of a maildrop in the state FETCHING, in order of arrival. */
GPtrArray *uids_fetching(struct ledger *l, int64_t maildrop, GError **error);

#endif
