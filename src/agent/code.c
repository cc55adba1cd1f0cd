/* SPDX-License-Identifier: MIT */
#include "agent/agent.h"

#include "net/conn.h"

static const enum wire_code net_codes[] = {
	[NET_ERROR_RESOLVE] = CODE_NETWORK,
	[NET_ERROR_CONNECT] = CODE_NETWORK,
	[NET_ERROR_TIMEOUT] = CODE_TIMEOUT,
	[NET_ERROR_CLOSED] = CODE_NETWORK,
	[NET_ERROR_CANCELLED] = CODE_CANCELLED,
	[NET_ERROR_TLS] = CODE_TLS,
	[NET_ERROR_CERTIFICATE] = CODE_CERTIFICATE,
	[NET_ERROR_PROTOCOL] = CODE_PROTOCOL,
	[NET_ERROR_CONFIG] = CODE_CONFIG,
	[NET_ERROR_SYSTEM] = CODE_SYSTEM,
};

static const enum wire_code store_codes[] = {
	[STORE_ERROR_BUSY] = CODE_BUSY,
	[STORE_ERROR_DISK] = CODE_DISK,
	[STORE_ERROR_MISSING] = CODE_DISK,
	[STORE_ERROR_NAME] = CODE_CONFIG,
	[STORE_ERROR_QUERY] = CODE_INTERNAL,
	[STORE_ERROR_DAMAGED] = CODE_DISK,
	/* Another program was at the same item of the outbox: what we wanted to
	 * write is not written, and the next attempt finds the item as it is. */
	[STORE_ERROR_STATE] = CODE_DISK,
	[STORE_ERROR_CANCELLED] = CODE_CANCELLED,
	[STORE_ERROR_SYSTEM] = CODE_SYSTEM,
};

static const enum wire_code config_codes[] = {
	[CONFIG_ERROR_FILE] = CODE_CONFIG,
	/* The password could not be had, which is not a refused one: the user has
	 * to mend its source. */
	[CONFIG_ERROR_SECRET] = CODE_CONFIG,
};

enum wire_code agent_code(const GError *error)
{
	const struct {
		GQuark domain;
		const enum wire_code *codes;
		size_t count;
	} domains[] = {
		{NET_ERROR, net_codes, G_N_ELEMENTS(net_codes)},
		{STORE_ERROR, store_codes, G_N_ELEMENTS(store_codes)},
		{CONFIG_ERROR, config_codes, G_N_ELEMENTS(config_codes)},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(domains); i++)
		if (error->domain == domains[i].domain && (size_t)error->code < domains[i].count)
			return domains[i].codes[error->code];
	return wire_error_code(error);
}
