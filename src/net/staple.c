/* SPDX-License-Identifier: MIT
 *
 * The OCSP response that a server staples to its certificate.  Who holds a
 * stolen key can leave it out, so a missing or stale one says nothing (unless
 * the certificate demands one, RFC 7633); but one that says "revoked", and is
 * the issuer's, is believed whatever its age. */
#include "base/base.h"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "net/internal.h"

/* Clocks differ, in seconds. */
enum { SKEW = 300 };

/* The OCSP_CERTID of our certificate with the digest that theirs has. */
static bool is_ours(OCSP_CERTID *theirs, X509 *certificate, X509 *issuer)
{
	ASN1_OBJECT *digest = NULL;
	OCSP_id_get0_info(NULL, &digest, NULL, NULL, theirs);
	const EVP_MD *md = digest ? EVP_get_digestbyobj(digest) : NULL;
	OCSP_CERTID *ours = md ? OCSP_cert_to_id(md, certificate, issuer) : NULL;
	bool same = ours && OCSP_id_cmp(ours, theirs) == 0;
	OCSP_CERTID_free(ours);
	return same;
}

static enum staple read_single(OCSP_SINGLERESP *single)
{
	int reason;
	ASN1_GENERALIZEDTIME *revoked, *from, *until;
	int status = OCSP_single_get0_status(single, &reason, &revoked, &from, &until);
	if (status == V_OCSP_CERTSTATUS_REVOKED)
		return STAPLE_REVOKED;
	bool fresh = OCSP_check_validity(from, until, SKEW, -1) == 1;
	return status == V_OCSP_CERTSTATUS_GOOD && fresh ? STAPLE_GOOD : STAPLE_NONE;
}

static enum staple read_basic(SSL *ssl, OCSP_BASICRESP *basic)
{
	STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
	X509_STORE *store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));
	enum staple found = STAPLE_NONE;
	if (sk_X509_num(chain) < 2 || OCSP_basic_verify(basic, chain, store, 0) != 1)
		return STAPLE_NONE;
	for (int i = 0; i < OCSP_resp_count(basic) && found != STAPLE_REVOKED; i++) {
		OCSP_SINGLERESP *single = OCSP_resp_get0(basic, i);
		OCSP_CERTID *id = (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(single);
		if (is_ours(id, sk_X509_value(chain, 0), sk_X509_value(chain, 1)))
			found = MAX(found, read_single(single));
	}
	return found;
}

static enum staple read_response(SSL *ssl, const unsigned char *der, long len)
{
	OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &der, len);
	OCSP_BASICRESP *basic = NULL;
	enum staple found = STAPLE_NONE;
	if (response && OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
		basic = OCSP_response_get1_basic(response);
	if (basic)
		found = read_basic(ssl, basic);
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(response);
	return found;
}

/* RFC 7633: the feature status_request. */
static bool demands_staple(SSL *ssl)
{
	X509 *certificate = SSL_get0_peer_certificate(ssl);
	TLS_FEATURE *features = X509_get_ext_d2i(certificate, NID_tlsfeature, NULL, NULL);
	bool demands = false;
	for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
		demands = demands || ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) ==
					     TLSEXT_TYPE_status_request;
	TLS_FEATURE_free(features);
	return demands;
}

enum staple net_staple_read(SSL *ssl)
{
	const unsigned char *der = NULL;
	long len = SSL_get_tlsext_status_ocsp_resp(ssl, &der);
	enum staple found = len > 0 && der ? read_response(ssl, der, len) : STAPLE_NONE;
	return found == STAPLE_NONE && demands_staple(ssl) ? STAPLE_MISSING : found;
}
