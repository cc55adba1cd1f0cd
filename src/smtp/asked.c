/* SPDX-License-Identifier: MIT */
#include "smtp/asked.h"

#include "base/clock.h"

/* The dotfile knows nothing of the outbox; their bits are the same. */
G_STATIC_ASSERT((int)ASK_NOTIFY_SUCCESS == (int)OUTBOX_NOTIFY_SUCCESS);
G_STATIC_ASSERT((int)ASK_NOTIFY_FAILURE == (int)OUTBOX_NOTIFY_FAILURE);
G_STATIC_ASSERT((int)ASK_NOTIFY_DELAY == (int)OUTBOX_NOTIFY_DELAY);
G_STATIC_ASSERT((int)ASK_NOTIFY_NEVER == (int)OUTBOX_NOTIFY_NEVER);
G_STATIC_ASSERT((int)ASK_RETURN_FULL == (int)OUTBOX_RETURN_FULL);
G_STATIC_ASSERT((int)ASK_RETURN_HEADERS == (int)OUTBOX_RETURN_HEADERS);
G_STATIC_ASSERT((int)ASK_REQUIRE_TLS == (int)OUTBOX_REQUIRE_TLS);
G_STATIC_ASSERT((int)ASK_SERVER_HOLDS == (int)OUTBOX_SERVER_HOLDS);

unsigned asked_for(unsigned asks, const struct account *account)
{
	unsigned all = asks | (account->asks & ASK_REQUIRE_TLS);
	if (!(asks & ASK_NOTIFY))
		all |= account->asks & ASK_NOTIFY;
	if (!(asks & ASK_RETURN))
		all |= account->asks & ASK_RETURN;
	return all & (ASK_NOTIFY | ASK_RETURN) ? all | OUTBOX_WITHOUT_DSN : all;
}

struct session_options asked_of(const struct outbox_item *item)
{
	/* A time that has come is no longer one to wait for. */
	bool later = (item->options & OUTBOX_SERVER_HOLDS) && item->send_at > clock_now();
	return (struct session_options){.notify = item->options & ASK_NOTIFY,
		.ret_full = item->options & OUTBOX_RETURN_FULL,
		.ret_headers = item->options & OUTBOX_RETURN_HEADERS,
		.envid = item->envid,
		.require_tls = item->options & OUTBOX_REQUIRE_TLS,
		.release_at = later ? item->send_at : 0,
		.without_dsn = item->options & OUTBOX_WITHOUT_DSN};
}
