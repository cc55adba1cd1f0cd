/* SPDX-License-Identifier: MIT
 *
 * Addresses of the net at large.  Whatever a letter names must not lead to this computer,
 * nor to what trusts its neighbours (CHECKLIST M-64). */
#include "base/base.h"

#include <netinet/in.h>
#include <string.h>

#include "net/internal.h"

/* RFC 6890 and its registry, what is not for everybody; 224/3 is multicast and what is
 * reserved. */
static bool is_outside_four(uint32_t a)
{
	static const struct {
		uint32_t net;
		int bits;
	} inside[] = {{0x00000000, 8}, {0x0A000000, 8}, {0x64400000, 10}, {0x7F000000, 8},
		{0xA9FE0000, 16}, {0xAC100000, 12}, {0xC0000000, 24}, {0xC0A80000, 16},
		{0xC6120000, 15}, {0xE0000000, 3}};
	for (size_t i = 0; i < G_N_ELEMENTS(inside); i++)
		if ((a ^ inside[i].net) >> (32 - inside[i].bits) == 0)
			return false;
	return true;
}

static uint32_t four_at(const unsigned char *octets)
{
	return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
	       octets[3];
}

/* Only 2000::/3 is of the net; what is carried over IPv4 is judged by that address. */
static bool is_outside_six(const unsigned char *a)
{
	static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
	static const unsigned char nat64[12] = {0x00, 0x64, 0xFF, 0x9B};
	if (memcmp(a, mapped, sizeof mapped) == 0 || memcmp(a, nat64, sizeof nat64) == 0)
		return is_outside_four(four_at(a + 12));
	if (a[0] == 0x20 && a[1] == 0x02) /* 6to4 */
		return is_outside_four(four_at(a + 2));
	if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0 && a[3] == 0) /* Teredo */
		return false;
	return a[0] >> 5 == 1;
}

bool net_is_outside(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
		return is_outside_four(ntohl(four->sin_addr.s_addr));
	}
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
	return address->sa_family == AF_INET6 && is_outside_six(six->sin6_addr.s6_addr);
}
