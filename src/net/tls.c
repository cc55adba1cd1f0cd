/* SPDX-License-Identifier: MIT
 *
 * TLS by OpenSSL 3.  There is no way to switch the verification off (T-02). */
#include "base/base.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/internal.h"

/* The last words of OpenSSL's error queue, for messages. */
static const char *openssl_text(void)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = code ? ERR_reason_error_string(code) : NULL;
	if (reason)
		return reason;
	return code && ERR_SYSTEM_ERROR(code) ? g_strerror(ERR_GET_REASON(code)) : "?";
}

static bool has_hashed_file(const char *directory)
{
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(directory, name, NULL);
		if (strspn(name, "0123456789abcdef") == 8 && name[8] == '.' &&
			access(path, R_OK) == 0)
			return true;
	}
	return false;
}

static bool has_directory(void)
{
	const char *list = g_getenv(X509_get_default_cert_dir_env());
	g_auto(GStrv) directories = g_strsplit(list ? list : X509_get_default_cert_dir(), ":", -1);
	for (size_t i = 0; directories[i]; i++)
		if (has_hashed_file(directories[i]))
			return true;
	return false;
}

/* OpenSSL calls it a success when the system has no certificates at all; every
 * server would then be refused with a misleading reason (T-06). */
static bool load_system_cas(SSL_CTX *ctx, GError **error)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	if (SSL_CTX_set_default_verify_paths(ctx) == 1 &&
		(sk_X509_OBJECT_num(X509_STORE_get0_objects(store)) > 0 || has_directory()))
		return true;
	g_set_error(error, NET_ERROR, NET_ERROR_CONFIG,
		_("this system has no CA certificates to verify servers with: "
		  "install 'ca-certificates' or set tls-ca = FILE in the dotfile"));
	return false;
}

static bool load_cas(const struct conn *c, SSL_CTX *ctx, GError **error)
{
	if (!c->ca_file)
		return load_system_cas(ctx, error);
	ERR_clear_error();
	if (SSL_CTX_load_verify_file(ctx, c->ca_file) == 1)
		return true;
	bool unreadable = access(c->ca_file, R_OK) != 0;
	g_set_error(error, NET_ERROR, NET_ERROR_CONFIG,
		_("cannot read CA certificates from '%s': %s; check tls-ca in the dotfile"),
		c->ca_file, unreadable ? g_strerror(errno) : _("no certificate in PEM form in it"));
	return false;
}

static bool fail_tls(const struct conn *c, const char *why, GError **error)
{
	g_set_error(error, NET_ERROR, NET_ERROR_TLS,
		_("cannot make a secure connection to '%s': %s"), c->host, why);
	return false;
}

static SSL_CTX *make_context(const struct conn *c, GError **error)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	g_assert(ctx);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	/* OpenSSL's configuration file may allow more, and it is not ours. */
	SSL_CTX_set_security_level(ctx, MAX(2, SSL_CTX_get_security_level(ctx)));
	SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1) {
		fail_tls(c, openssl_text(), error);
	} else if (load_cas(c, ctx, error) && net_tls_identify(c, ctx, error)) {
		return ctx;
	}
	SSL_CTX_free(ctx);
	return NULL;
}

/* OpenSSL's words for a line that was cut are nobody's language. */
static const char *broken_text(void)
{
	unsigned long code = ERR_peek_last_error();
	bool cut = ERR_GET_LIB(code) == ERR_LIB_SSL &&
		   ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
	return cut ? _("it ended in the middle") : openssl_text();
}

/* What one call of OpenSSL came to.  0: not yet, *wants is set; -1: an error. */
static int classify(struct conn *c, int rc, short *wants, GError **error)
{
	int number = errno;
	switch (SSL_get_error(c->ssl, rc)) {
	case SSL_ERROR_WANT_READ:
		*wants = POLLIN;
		return 0;
	case SSL_ERROR_WANT_WRITE:
		*wants = POLLOUT;
		return 0;
	case SSL_ERROR_ZERO_RETURN:
		g_set_error(error, NET_ERROR, NET_ERROR_CLOSED,
			_("the server '%s' closed the connection"), c->host);
		return -1;
	case SSL_ERROR_SYSCALL:
		g_set_error(error, NET_ERROR, NET_ERROR_CLOSED,
			_("the connection to '%s' broke: %s"), c->host,
			number ? g_strerror(number) : _("end of input"));
		return -1;
	default:
		/* An end without TLS's own farewell may be an attacker's cut, so
		 * it is an error like any other (T-01). */
		g_set_error(error, NET_ERROR, NET_ERROR_CLOSED,
			_("the connection to '%s' broke: %s"), c->host, broken_text());
		return -1;
	}
}

static bool handshake_failed(struct conn *c, GError **why, GError **error)
{
	if (net_verify_failed(c, error))
		return false;
	if (c->tunnel)
		net_tunnel_explain(c->tunnel, why);
	if ((*why)->code == NET_ERROR_CONNECT) {
		g_propagate_error(error, g_steal_pointer(why));
		return false;
	}
	unsigned long code = ERR_peek_last_error();
	if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER)
		return fail_tls(c, _("the server does not speak TLS on this port"), error);
	bool cut = ERR_GET_LIB(code) == ERR_LIB_SSL &&
		   ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
	if (code && !ERR_SYSTEM_ERROR(code) && !cut)
		return fail_tls(c, openssl_text(), error);
	/* A line that broke is no reason not to try again. */
	fail_tls(c, (*why)->message, error);
	if (error && *error)
		(*error)->code = NET_ERROR_CLOSED;
	return false;
}

static bool handshake(struct conn *c, GError **error)
{
	int64_t deadline = net_deadline(c->connect_timeout);
	for (;;) {
		struct pollfd p = {.fd = c->fd};
		g_autoptr(GError) why = NULL;
		ERR_clear_error();
		errno = 0;
		int rc = SSL_connect(c->ssl);
		if (rc == 1)
			return true;
		if (classify(c, rc, &p.events, &why) < 0)
			return handshake_failed(c, &why, error);
		if (!net_wait(c, &p, deadline, error))
			return false;
	}
}

bool net_tls_start(struct conn *c, GError **error)
{
	int64_t began = clock_monotonic();
	c->ctx = make_context(c, error);
	if (!c->ctx)
		return false;
	c->ssl = SSL_new(c->ctx);
	g_assert(c->ssl);
	if (!net_verify_prepare(c, error) || SSL_set_fd(c->ssl, c->fd) != 1 ||
		!handshake(c, error)) {
		net_tls_clear(c);
		return false;
	}
	/* A build of OpenSSL that verified nothing would be noticed here. */
	g_assert(SSL_get_verify_result(c->ssl) == X509_V_OK);
	g_assert(SSL_get0_peer_certificate(c->ssl) && c->verdict);
	c->tls_text = g_strdup_printf("%s %s", SSL_get_version(c->ssl), SSL_get_cipher(c->ssl));
	g_free(c->facts->tls);
	c->facts->tls = g_strdup(c->tls_text);
	c->facts->tls_ms = (int)(clock_monotonic() - began);
	return true;
}

void net_tls_clear(struct conn *c)
{
	/* One try at TLS's farewell; the socket does not block. */
	if (c->ssl && c->tls_text && !c->read_error && !c->write_error) {
		ERR_clear_error();
		SSL_shutdown(c->ssl);
	}
	g_clear_pointer(&c->ssl, SSL_free);
	g_clear_pointer(&c->ctx, SSL_CTX_free);
	g_clear_pointer(&c->tls_text, g_free);
}

ssize_t net_tls_read(struct conn *c, void *data, size_t size, short *wants, GError **error)
{
	ERR_clear_error();
	errno = 0;
	int rc = SSL_read(c->ssl, data, (int)MIN(size, G_MAXINT));
	return rc > 0 ? rc : classify(c, rc, wants, error);
}

ssize_t net_tls_write(struct conn *c, const void *data, size_t len, short *wants, GError **error)
{
	ERR_clear_error();
	errno = 0;
	int rc = SSL_write(c->ssl, data, (int)MIN(len, G_MAXINT));
	return rc > 0 ? rc : classify(c, rc, wants, error);
}
