/* SPDX-License-Identifier: MIT
 *
 * What to do after a failure: retry.def, read for one case. */
#ifndef DEWEY_WIRE_RETRY_H
#define DEWEY_WIRE_RETRY_H

#include "wire/codes.h"

enum retry_kind {
	RETRY_NOW,     /* it was under way: letters had come when the connection broke */
	RETRY_WAIT,    /* in so many seconds */
	RETRY_REGULAR, /* when it would be done anyway */
	RETRY_STOP,    /* not by itself: somebody has to do something first */
};

struct retry {
	enum retry_kind kind;
	int seconds; /* of a WAIT */
	bool tell;   /* tell a person now */
};

/* failures: in a row, this one counted, from 1.  progress: something was done
 * before it failed.  CODE_CANCELLED is REGULAR, and not told. */
struct retry retry_after(enum wire_code code, guint failures, bool progress);

#endif
