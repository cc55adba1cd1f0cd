/* SPDX-License-Identifier: MIT */
#include "wire/retry.h"

enum { MOST_WAITS = 6, MINUTE = 60 };

static const struct row {
	enum wire_code code;
	guint most, told;
	int minutes[MOST_WAITS]; /* 0 behind the last */
} rows[] = {
#define RETRY(code, most, told, ...) {CODE_##code, most, told, {__VA_ARGS__}},
#include "wire/retry.def"
#undef RETRY
};

static const struct row *find_row(enum wire_code code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

static int minutes_of(const struct row *row, guint failures)
{
	guint i = MIN(failures, MOST_WAITS) - 1;
	while (row->minutes[i] == 0)
		i--;
	return row->minutes[i];
}

struct retry retry_after(enum wire_code code, guint failures, bool progress)
{
	const struct row *row = find_row(code);
	g_assert(failures > 0);
	if (code == CODE_CANCELLED)
		return (struct retry){RETRY_REGULAR, 0, false};
	if (!row)
		return (struct retry){RETRY_STOP, 0, true};
	/* Once: a connection that breaks again and again is no accident. */
	if (progress && failures == 1 && (code == CODE_NETWORK || code == CODE_TIMEOUT))
		return (struct retry){RETRY_NOW, 0, row->told == 1};
	if (row->most != 0 && failures > row->most)
		return (struct retry){RETRY_REGULAR, 0, false};
	return (struct retry){
		RETRY_WAIT, minutes_of(row, failures) * MINUTE, failures == row->told};
}
