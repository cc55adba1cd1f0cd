/* SPDX-License-Identifier: MIT
 *
 * The only output of the libraries and agents: lines of words on stderr, each
 * "program: text".  Text from a server or a message must have passed
 * sanitize_line() before; report_*() do it once more, so nothing foreign can
 * reach the terminal by this way (DESIGN section 5).
 *
 * Wording: lower case, no full stop, problem first, subject in quotes, reason
 * last, then what to do if it is known. */
#ifndef DEWEY_BASE_REPORT_H
#define DEWEY_BASE_REPORT_H

#include "base/base.h"

enum report_level {
	REPORT_QUIET,  /* errors only */
	REPORT_NORMAL, /* errors, warnings, information */
	REPORT_DEBUG,  /* also what is traced: wire records, server dialogue */
};

/* program: the name before each line; kept, not copied. */
void report_init(const char *program, enum report_level level);
enum report_level report_level(void);

void report_error(const char *format, ...) G_GNUC_PRINTF(1, 2);
void report_warning(const char *format, ...) G_GNUC_PRINTF(1, 2);
void report_info(const char *format, ...) G_GNUC_PRINTF(1, 2);
void report_debug(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Where lines go instead of stderr: the front end shows them in its status
 * line, tests collect them.  line is UTF-8 without a newline.  NULL: stderr. */
typedef void (*report_sink)(const char *line, void *data);
void report_set_sink(report_sink sink, void *data);

#endif
