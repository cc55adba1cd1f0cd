/* SPDX-License-Identifier: MIT
 *
 * What a host is called: T-04, T-05. */
#include "base/base.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <string.h>

#include "net/internal.h"

static bool is_ip(const char *text)
{
	unsigned char octets[16];
	return inet_pton(AF_INET, text, octets) == 1 || inet_pton(AF_INET6, text, octets) == 1;
}

static bool fail_host(GError **error, const char *host, const char *why)
{
	g_set_error(error, NET_ERROR, NET_ERROR_CONFIG, _("the host name '%s' is not valid: %s"),
		host, why);
	return false;
}

static char *without_last_dot(const char *host)
{
	size_t len = strlen(host);
	return g_strndup(host, len > 0 && host[len - 1] == '.' ? len - 1 : len);
}

static const char *host_fault(const char *host)
{
	if (!*host)
		return _("it is empty");
	if (*host == '.')
		return _("it begins with a dot");
	if (*host == '-')
		return _("it begins with a hyphen");
	if (strstr(host, "..") || g_str_has_suffix(host, "."))
		return _("it has an empty part");
	if (strpbrk(host, " /\\:@%\t\r\n\"'<>[]*$`;&|(){}!?~#=,^+"))
		return _("it holds a character that no host name has");
	return NULL;
}

/* An empty name or one with a leading dot would make OpenSSL check nothing or
 * too little (T-04), so they end here. */
bool net_host_name(const char *host, char **name, bool *is_address, GError **error)
{
	size_t len = strlen(host);
	g_autofree char *bare = len > 2 && host[0] == '[' && host[len - 1] == ']'
					? g_strndup(host + 1, len - 2)
					: without_last_dot(host);
	*is_address = is_ip(bare);
	if (*is_address) {
		*name = g_steal_pointer(&bare);
		return true;
	}
	const char *fault = host_fault(bare);
	if (fault)
		return fail_host(error, host, fault);
	if (g_str_is_ascii(bare)) {
		*name = g_ascii_strdown(bare, -1);
		return true;
	}
	uint8_t *ascii = NULL;
	int rc = idn2_lookup_u8(
		(const uint8_t *)bare, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK)
		return fail_host(error, host, idn2_strerror(rc));
	*name = g_strdup((char *)ascii);
	idn2_free(ascii);
	return true;
}
