/* SPDX-License-Identifier: MIT
 *
 * The answers to TOP become previews in the store. */
#ifndef DEWEY_POP3_PREVIEWS_H
#define DEWEY_POP3_PREVIEWS_H

#include "pop3/pump.h"
#include "store/preview.h"

struct previews {
	struct visit *visit;
	struct fetch_result *result;
	struct preview_batch *batch;
};

/* feed gives p what its plan previews; p must outlive it. */
bool previews_begin(struct previews *p, struct pump *feed, struct visit *visit,
	struct fetch_result *result, GError **error);

/* What has not been stored yet; after an error of the session as well, since
 * what has come is good. */
bool previews_commit(struct previews *p, GError **error);
void previews_clear(struct previews *p);

#endif
