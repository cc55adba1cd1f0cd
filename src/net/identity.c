/* SPDX-License-Identifier: MIT
 *
 * Who we are in a TLS session: the client's certificate, and the octets that
 * bind a log-in to the session. */
#include "base/base.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/internal.h"

/* RFC 9266 section 4. */
#define EXPORTER_LABEL "EXPORTER-Channel-Binding"
#define EXPORTER_OCTETS 32

#define SHARED 077

static bool fail(GError **error, const char *file, const char *why, const char *setting)
{
	/* TRANSLATORS: a file name, a reason, the name of a setting */
	g_set_error(error, NET_ERROR, NET_ERROR_CONFIG,
		_("cannot use the client certificate '%s': %s; check %s in the dotfile"), file, why,
		setting);
	return false;
}

/* A key that others can read is no secret (T-30). */
static bool check_key(const char *file, GError **error)
{
	struct stat st;
	if (stat(file, &st) != 0)
		return fail(error, file, g_strerror(errno), "tls-key");
	if ((st.st_mode & SHARED) == 0)
		return true;
	g_autofree char *quoted = g_shell_quote(file);
	g_set_error(error, NET_ERROR, NET_ERROR_CONFIG,
		_("others can read the key '%s'; say: chmod 600 %s"), file, quoted);
	return false;
}

/* Nobody can be asked at this point, and OpenSSL would do it by itself. */
static int no_passphrase(char *buffer, int size, int writing, void *asked)
{
	*(bool *)asked = true;
	return -1;
}

static bool load_key(const struct conn *c, SSL_CTX *ctx, GError **error)
{
	bool asked = false;
	SSL_CTX_set_default_passwd_cb(ctx, no_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(ctx, &asked);
	bool ok = SSL_CTX_use_PrivateKey_file(ctx, c->key_file, SSL_FILETYPE_PEM) == 1;
	SSL_CTX_set_default_passwd_cb_userdata(ctx, NULL);
	if (ok && SSL_CTX_check_private_key(ctx) == 1)
		return true;
	if (asked)
		return fail(
			error, c->key_file, _("its key is encrypted, and must not be"), "tls-key");
	int reason = ERR_GET_REASON(ERR_peek_last_error());
	bool other = reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH;
	return fail(error, c->key_file,
		ok || other ? _("the key belongs to another one")
			    : _("there is no key in PEM form in it"),
		"tls-key");
}

bool net_tls_identify(const struct conn *c, SSL_CTX *ctx, GError **error)
{
	if (!c->cert_file)
		return true;
	ERR_clear_error();
	if (access(c->cert_file, R_OK) != 0)
		return fail(error, c->cert_file, g_strerror(errno), "tls-cert");
	if (SSL_CTX_use_certificate_chain_file(ctx, c->cert_file) != 1)
		return fail(error, c->cert_file, _("no certificate in PEM form in it"), "tls-cert");
	bool ok = check_key(c->key_file, error) && load_key(c, ctx, error);
	ERR_clear_error();
	return ok;
}

bool conn_has_certificate(const struct conn *c)
{
	return c->ssl && SSL_get_certificate(c->ssl);
}

GBytes *conn_channel_binding(const struct conn *c)
{
	guint8 *octets = g_malloc(EXPORTER_OCTETS);
	if (c->ssl && SSL_version(c->ssl) >= TLS1_3_VERSION &&
		SSL_export_keying_material(c->ssl, octets, EXPORTER_OCTETS, EXPORTER_LABEL,
			strlen(EXPORTER_LABEL), (const unsigned char *)"", 0, 1) == 1)
		return g_bytes_new_take(octets, EXPORTER_OCTETS);
	g_free(octets);
	return NULL;
}
