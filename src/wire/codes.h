/* SPDX-License-Identifier: MIT
 *
 * The codes of "failed" records: see codes.def, which is the list. */
#ifndef DEWEY_WIRE_CODES_H
#define DEWEY_WIRE_CODES_H

#include "base/base.h"

enum wire_code {
#define CODE(name, wire, retry, status, text) CODE_##name,
#include "wire/codes.def"
#undef CODE
	CODE_COUNT
};

enum wire_retry { RETRY_NEVER, RETRY_ASK, RETRY_LATER };

/* The domain of errors that carry an enum wire_code: what the caller can do. */
#define WIRE_ERROR (wire_error_quark())
GQuark wire_error_quark(void);

/* "auth" and back; an unknown name (a newer program's) is CODE_INTERNAL. */
const char *wire_code_name(enum wire_code code);
enum wire_code wire_code_from_name(const char *name);

enum wire_retry wire_code_retry(enum wire_code code);
const char *wire_retry_name(enum wire_retry retry); /* "never" "ask" "later" */
int wire_code_exit_status(enum wire_code code);     /* sysexits */
const char *wire_code_text(enum wire_code code);    /* translated */

#endif
