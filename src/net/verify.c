/* SPDX-License-Identifier: MIT
 *
 * Whether the certificate is the server's (T-02 to T-05), or, where the key is
 * known, whether the key is.  All that is wrong is collected, so that a person
 * who may accept the key knows all of it. */
#include "base/base.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "base/sanitize.h"
#include "net/internal.h"

enum { NAMES_MAX = 200, CHAIN_MAX = 10 };

/* What a person may overrule, for a key that is known by other means, and how
 * it is told.  What is not here is worse, and told in OpenSSL's words. */
enum cure { CURE_NONE, CURE_ISSUER, CURE_NAME, CURE_RENEW };

static const struct fault {
	int code;
	enum cure cure; /* NONE: nobody may overrule it */
	const char *text;
} faults[] = {
	{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, CURE_ISSUER, N_("it is self-signed")},
	{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, CURE_ISSUER, N_("its issuer is not trusted here")},
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, CURE_ISSUER,
		N_("its issuer is not known here")},
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, CURE_ISSUER, N_("its issuer is not known here")},
	{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, CURE_ISSUER,
		N_("its issuer is not known here")},
	{X509_V_ERR_CERT_HAS_EXPIRED, CURE_RENEW, N_("it has expired")},
	{X509_V_ERR_CERT_NOT_YET_VALID, CURE_RENEW, N_("it is not valid yet")},
	{X509_V_ERR_HOSTNAME_MISMATCH, CURE_NAME, N_("it is for another host")},
	{X509_V_ERR_IP_ADDRESS_MISMATCH, CURE_NAME, N_("it is for another host")},
	{X509_V_ERR_INVALID_PURPOSE, CURE_NONE, N_("it is not meant for servers")},
	{X509_V_ERR_EE_KEY_TOO_SMALL, CURE_NONE, N_("its key is too weak")},
	{X509_V_ERR_CA_KEY_TOO_SMALL, CURE_NONE, N_("its issuer's key is too weak")},
	{X509_V_ERR_CA_MD_TOO_WEAK, CURE_NONE, N_("its signature is too weak (MD5 or SHA-1)")},
	{X509_V_ERR_CERT_REVOKED, CURE_NONE, N_("it has been revoked")},
	{X509_V_ERR_OCSP_CERT_UNKNOWN, CURE_NONE,
		N_("it demands a proof that it has not been revoked, and there is none")},
};

/* How it was judged. */
struct verdict {
	GString *text;  /* of all faults; empty: none */
	enum cure cure; /* of the first */
	bool fatal;
	bool other_key; /* than the one that is known */
};

static const struct fault *fault_find(int code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
		if (faults[i].code == code)
			return &faults[i];
	return NULL;
}

void net_verify_clear(struct conn *c)
{
	if (c->verdict)
		g_string_free(c->verdict->text, TRUE);
	g_clear_pointer(&c->verdict, g_free);
}

/* --- what is in it ------------------------------------------------------------------ */

/* NULL: it is for something else than a server. */
static char *general_name_text(const GENERAL_NAME *name)
{
	int type;
	const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);
	char text[INET6_ADDRSTRLEN];
	if (type == GEN_DNS)
		return sanitize_line((const char *)ASN1_STRING_get0_data(value),
			ASN1_STRING_length(value));
	if (type != GEN_IPADD)
		return NULL;
	int len = ASN1_STRING_length(value);
	int family = len == sizeof(struct in_addr)    ? AF_INET
		     : len == sizeof(struct in6_addr) ? AF_INET6
						      : AF_UNSPEC;
	return g_strdup(inet_ntop(family, ASN1_STRING_get0_data(value), text, sizeof text));
}

static void append_name(GString *names, const GENERAL_NAME *name)
{
	g_autofree char *text = names->len > NAMES_MAX ? NULL : general_name_text(name);
	if (!text)
		return;
	/* TRANSLATORS: one name of a list, in quotation marks */
	g_autofree char *quoted = g_strdup_printf(_("'%s'"), text);
	g_string_append_printf(names, "%s%s", names->len ? ", " : "", quoted);
}

/* "'a.test', '192.0.2.1'": the names and addresses that the certificate is good for. */
static char *certificate_names(X509 *certificate)
{
	GString *names = g_string_new(NULL);
	GENERAL_NAMES *all = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++)
		append_name(names, sk_GENERAL_NAME_value(all, i));
	GENERAL_NAMES_free(all);
	return g_string_free(names, FALSE);
}

static char *key_digest(const X509 *certificate)
{
	g_autofree char *hex = NULL;
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	if (len > 0)
		hex = g_compute_checksum_for_data(G_CHECKSUM_SHA256, der, (gsize)len);
	OPENSSL_free(der);
	return g_steal_pointer(&hex);
}

static char *name_text(const X509_NAME *name)
{
	char *data = NULL;
	BIO *out = BIO_new(BIO_s_mem());
	X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	long len = BIO_get_mem_data(out, &data);
	char *text = sanitize_line(data ? data : "", len);
	BIO_free(out);
	return text;
}

static int64_t seconds_of(const ASN1_TIME *when)
{
	struct tm tm = {0};
	return ASN1_TIME_to_tm(when, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

static void certificate_free(void *data)
{
	struct conn_certificate *one = data;
	g_free(one->subject);
	g_free(one->issuer);
	g_free(one);
}

static void note_chain(struct conn_facts *facts, const STACK_OF(X509) * chain)
{
	g_clear_pointer(&facts->chain, g_ptr_array_unref);
	facts->chain = g_ptr_array_new_with_free_func(certificate_free);
	for (int i = 0; i < sk_X509_num(chain) && i < CHAIN_MAX; i++) {
		const X509 *x = sk_X509_value(chain, i);
		struct conn_certificate *one = g_new0(struct conn_certificate, 1);
		one->subject = name_text(X509_get_subject_name(x));
		one->issuer = name_text(X509_get_issuer_name(x));
		one->from = seconds_of(X509_get0_notBefore(x));
		one->until = seconds_of(X509_get0_notAfter(x));
		g_ptr_array_add(facts->chain, one);
	}
}

/* --- the verdict ------------------------------------------------------------------------ */

static void add_fault(struct conn *c, int code)
{
	struct verdict *v = c->verdict;
	const struct fault *fault = fault_find(code);
	const char *text = fault ? _(fault->text) : X509_verify_cert_error_string(code);
	if (!fault || fault->cure == CURE_NONE)
		v->fatal = true;
	/* One missing issuer is found in two or three ways. */
	if (strstr(v->text->str, text))
		return;
	if (v->text->len == 0 && fault)
		v->cure = fault->cure;
	g_string_append_printf(v->text, "%s%s", v->text->len ? ", " : "", text);
	if (!fault || fault->cure != CURE_NAME)
		return;
	g_string_append_printf(v->text, " (%s)",
		c->facts->names && *c->facts->names ? c->facts->names : _("it holds no host name"));
}

static struct conn *conn_of(X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	return SSL_get_app_data(ssl);
}

/* Says "go on" to each fault, so that the next one is found: the verdict comes
 * from judge() and not from here. */
static int collect(int good, X509_STORE_CTX *store)
{
	if (!good)
		add_fault(conn_of(store), X509_STORE_CTX_get_error(store));
	return 1;
}

static bool is_known(const struct conn *c, const char *key)
{
	if (c->pins && *c->pins)
		return key && g_strv_contains((const char *const *)c->pins, key);
	return key && c->accepted && strcmp(c->accepted, key) == 0;
}

static bool knows_keys(const struct conn *c)
{
	return (c->pins && *c->pins) || c->accepted;
}

/* With a known key, the key decides; without one, everything must be right. */
static bool judge(struct conn *c)
{
	struct verdict *v = c->verdict;
	struct conn_facts *facts = c->facts;
	bool faulty = v->text->len > 0, known = is_known(c, facts->key);
	v->other_key = knows_keys(c) && !known;
	facts->fault = faulty ? g_strdup(v->text->str) : NULL;
	facts->may_accept = faulty && !v->fatal && !knows_keys(c) && facts->key;
	facts->pinned = faulty && !v->fatal && known;
	return !v->other_key && (!faulty || facts->pinned);
}

static int verify(X509_STORE_CTX *store, void *data)
{
	struct conn *c = data;
	X509 *certificate = X509_STORE_CTX_get0_cert(store);
	net_verify_clear(c);
	c->verdict = g_new0(struct verdict, 1);
	c->verdict->text = g_string_new(NULL);
	g_free(c->facts->names);
	g_free(c->facts->key);
	g_free(c->facts->fault);
	c->facts->names = certificate_names(certificate);
	c->facts->key = key_digest(certificate);
	X509_STORE_CTX_set_verify_cb(store, collect);
	/* -1 or 0 without a fault that collect() saw: out of memory, and so on. */
	if (X509_verify_cert(store) != 1 && c->verdict->text->len == 0)
		add_fault(c, X509_STORE_CTX_get_error(store));
	note_chain(c->facts, X509_STORE_CTX_get0_chain(store));
	bool good = judge(c);
	X509_STORE_CTX_set_error(store, good ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
	return good;
}

/* Comes after verify(), and whether there is a staple or not. */
static int check_staple(SSL *ssl, void *data)
{
	struct conn *c = data;
	enum staple staple = net_staple_read(ssl);
	if (staple == STAPLE_REVOKED)
		add_fault(c, X509_V_ERR_CERT_REVOKED);
	if (staple == STAPLE_MISSING)
		add_fault(c, X509_V_ERR_OCSP_CERT_UNKNOWN);
	if (staple == STAPLE_NONE || staple == STAPLE_GOOD)
		return 1;
	g_free(c->facts->fault);
	return judge(c);
}

/* What the certificate must say: the name the user configured, in a
 * subjectAltName, and nothing else will do (T-03 to T-05). */
bool net_verify_prepare(struct conn *c, GError **error)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(c->ssl);
	X509_VERIFY_PARAM_set_hostflags(
		param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	SSL_CTX_set_cert_verify_callback(c->ctx, verify, c);
	SSL_CTX_set_tlsext_status_cb(c->ctx, check_staple);
	SSL_CTX_set_tlsext_status_arg(c->ctx, c);
	SSL_set_app_data(c->ssl, c);
	g_assert(*c->name && *c->name != '.');
	bool ok = c->is_address ? X509_VERIFY_PARAM_set1_ip_asc(param, c->name) == 1
				: X509_VERIFY_PARAM_set1_host(param, c->name, 0) == 1 &&
					  SSL_set_tlsext_host_name(c->ssl, c->name) == 1;
	if (ok && SSL_set_tlsext_status_type(c->ssl, TLSEXT_STATUSTYPE_ocsp) == 1)
		return true;
	g_set_error(error, NET_ERROR, NET_ERROR_TLS,
		_("cannot make a secure connection to '%s': %s"), c->host,
		ERR_reason_error_string(ERR_peek_last_error()));
	return false;
}

/* --- what is told --------------------------------------------------------------------------- */

static char *other_key(const struct conn *c)
{
	if (!c->pins || !*c->pins)
		return g_strdup_printf(
			_("the key of '%s' is not the one that was accepted: that was sha256:%s, "
			  "this is sha256:%s; somebody may be in between; if the server really has "
			  "a new key, write tls-pin = sha256:%s into the dotfile, or forget the old "
			  "one by 'dewey check --forget-key'"),
			c->host, c->accepted, c->facts->key, c->facts->key);
	g_autofree char *pins = g_strjoinv(" sha256:", c->pins);
	return g_strdup_printf(
		_("the key of '%s' is not one of 'tls-pin': there it is sha256:%s, this is "
		  "sha256:%s; somebody may be in between; if the server really has a new key, "
		  "correct tls-pin in the dotfile"),
		c->host, pins, c->facts->key);
}

/* Whole sentences, for a translator cannot put parts together. */
static char *refusal(const struct conn *c)
{
	const struct verdict *v = c->verdict;
	const char *host = c->host, *why = v->text->str, *key = c->facts->key;
	if (v->fatal || !key)
		return g_strdup_printf(_("the certificate of '%s' cannot be trusted: %s; its "
					 "keeper has to get another one"),
			host, why);
	if (v->cure == CURE_NAME)
		return g_strdup_printf(
			_("the certificate of '%s' cannot be trusted: %s; use a name that is in "
			  "the certificate, or, to trust this key and no other, write tls-pin = "
			  "sha256:%s into the dotfile"),
			host, why, key);
	if (v->cure == CURE_RENEW)
		return g_strdup_printf(
			_("the certificate of '%s' cannot be trusted: %s; its keeper has to renew "
			  "it; to trust this key and no other, write tls-pin = sha256:%s into the "
			  "dotfile"),
			host, why, key);
	return g_strdup_printf(
		_("the certificate of '%s' cannot be trusted: %s; if you trust its issuer, set "
		  "tls-ca = FILE in the dotfile to a file with the issuer's certificate; to trust "
		  "this key and no other, write tls-pin = sha256:%s into the dotfile"),
		host, why, key);
}

bool net_verify_failed(const struct conn *c, GError **error)
{
	const struct verdict *v = c->verdict;
	if (!v || (!v->other_key && (v->text->len == 0 || c->facts->pinned)))
		return false;
	g_autofree char *text = v->other_key ? other_key(c) : refusal(c);
	g_set_error_literal(error, NET_ERROR, NET_ERROR_CERTIFICATE, text);
	return true;
}
