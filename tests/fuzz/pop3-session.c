/* SPDX-License-Identifier: MIT
 *
 * A whole session over a connection made of the input: the greeting, the
 * listing, names without UIDL, the letters one after the other, QUIT.  The input
 * is what the server says, whatever it is asked, and an octet of 0x1e stands
 * where it waits for the next flight; the buffers of net/line.c are the real
 * ones, filled in pieces of any size.  The first octet chooses the pieces. */
#include "base/base.h"

#include "memory-conn.h"
#include "pop3/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- The session ----------------------------------------------------------------- */

/* login.c is not here: nobody is logged in, and TLS is not wanted. */
bool pop3_stls(struct pop3 *p, GError **error)
{
	g_assert_not_reached();
}

static void check_drop(const struct pop3_drop *drop)
{
	uint64_t last = 0;
	g_assert_cmpuint(drop->messages->len, <=, 500 * 1000);
	for (guint i = 0; i < drop->messages->len; i++) {
		const struct pop3_message *m =
			&g_array_index(drop->messages, struct pop3_message, i);
		g_assert_true(m->number > last && m->number <= 500 * 1000);
		g_assert_true(!m->uid || drop->has_uids);
		last = m->number;
	}
}

static bool count(const void *data, size_t len, void *user)
{
	*(size_t *)user += len;
	return true;
}

static bool fetch(struct pop3 *p, const struct pop3_drop *drop, size_t most)
{
	guint many = MIN(drop->messages->len, 8);
	for (guint i = 0; i < many; i++) {
		size_t octets = 0;
		bool ok;
		uint64_t number = g_array_index(drop->messages, struct pop3_message, i).number;
		if (!pop3_send(p, POP3_RETR, number, NULL) || !pop3_take(p, &ok, NULL))
			return false;
		if (ok && !pop3_read_body(p, count, &octets, NULL))
			return false;
		g_assert_cmpuint(octets, <=, most);
	}
	return pop3_quit(p, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pop3_params params = {
		.net = {.host = "pop.test"}, .security = SECURITY_INSECURE, .language = "ru"};
	g_autoptr(pop3) p = pop3_new(&params);
	if (size == 0)
		return 0;
	memory_conn_says(data + 1, size - 1, data[0]);
	if (!pop3_connect(p, NULL))
		return 0;
	struct pop3_drop drop;
	p->state = STATE_TRANSACTION;
	if (pop3_list(p, &drop, NULL) && pop3_name(p, &drop, NULL)) {
		check_drop(&drop);
		fetch(p, &drop, size);
	}
	pop3_drop_clear(&drop);
	return 0;
}
