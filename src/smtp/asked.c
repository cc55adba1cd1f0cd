/* SPDX-License-Identifier: MIT */
#include "smtp/asked.h"

#include "base/clock.h"

static const struct {
	unsigned kept, asked;
} reports[] = {
	{OUTBOX_NOTIFY_SUCCESS, SESSION_NOTIFY_SUCCESS},
	{OUTBOX_NOTIFY_FAILURE, SESSION_NOTIFY_FAILURE},
	{OUTBOX_NOTIFY_DELAY, SESSION_NOTIFY_DELAY},
	{OUTBOX_NOTIFY_NEVER, SESSION_NOTIFY_NEVER},
};

struct session_options asked_of(const struct outbox_item *item)
{
	/* A time that has come is no longer one to wait for. */
	bool later = (item->options & OUTBOX_SERVER_HOLDS) && item->send_at > clock_now();
	struct session_options o = {.ret_full = item->options & OUTBOX_RETURN_FULL,
		.ret_headers = item->options & OUTBOX_RETURN_HEADERS,
		.envid = item->envid,
		.require_tls = item->options & OUTBOX_REQUIRE_TLS,
		.release_at = later ? item->send_at : 0,
		.without_dsn = item->options & OUTBOX_WITHOUT_DSN};
	for (size_t i = 0; i < G_N_ELEMENTS(reports); i++)
		if (item->options & reports[i].kept)
			o.notify |= reports[i].asked;
	return o;
}
