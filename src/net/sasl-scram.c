/* SPDX-License-Identifier: MIT
 *
 * SCRAM (RFC 5802, 7677), with -PLUS over "tls-exporter" (RFC 9266).  Our own,
 * since the libraries take any number of iterations, nonces that the server has
 * added nothing to, and cannot say "y" (T-42). */
#include "base/base.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/sanitize.h"
#include "net/sasl-private.h"

/* Fewer are guessed too fast from what an eavesdropper has; more are a way to
 * keep us busy: this is about a second (T-42). */
#define ITERATIONS_MIN 4096
#define ITERATIONS_MAX 1000000
#define NONCE_OCTETS 24

struct scram {
	const EVP_MD *md;
	const char *header; /* of GS2 */
	char *nonce;        /* ours */
	char *first;        /* client-first-message-bare */
	char *password;     /* prepared */
	/* What the server has to show in the end. */
	unsigned char signature[EVP_MAX_MD_SIZE];
};

/* What server-first-message says. */
struct server_first {
	char *nonce, *salt;
	size_t salt_len;
	int iterations;
};

static void scram_clear(struct sasl *s)
{
	struct scram *x = s->state;
	if (!x)
		return;
	g_free(x->nonce);
	g_free(x->first);
	sasl_wipe(&x->password);
	g_free(x);
}

static const EVP_MD *digest_of(const struct sasl *s)
{
	switch (s->mechanism->digest) {
	case DIGEST_SHA1:
		return EVP_sha1();
	case DIGEST_SHA512:
		return EVP_sha512();
	default:
		return EVP_sha256();
	}
}

/* "y" tells the server that it did not offer -PLUS as far as we could see: if it
 * did, somebody has taken it out on the way, and it ends the log-in (T-44). */
static const char *header_of(const struct sasl *s)
{
	if (s->mechanism->plus)
		return "p=tls-exporter,,";
	return s->binding ? "y,," : "n,,";
}

static char *new_nonce(const struct sasl *s)
{
	guchar octets[NONCE_OCTETS];
	if (s->nonce)
		return g_strdup(s->nonce);
	g_assert(RAND_bytes(octets, sizeof octets) == 1);
	return g_base64_encode(octets, sizeof octets);
}

static bool scram_begin(struct sasl *s, GError **error)
{
	g_autofree char *user = sasl_prepare(s->user);
	if (!user)
		return sasl_unfit(error,
			_("%s cannot be used with this user: there are "
			  "characters in it that names cannot hold"),
			s->mechanism->name);
	char *password = sasl_prepare(s->secret);
	if (!password)
		return sasl_unfit(error,
			_("%s cannot be used with this password: there are "
			  "characters in it that passwords cannot hold"),
			s->mechanism->name);
	g_autofree char *name = sasl_name(user);
	struct scram *x = s->state = g_new0(struct scram, 1);
	x->md = digest_of(s);
	x->header = header_of(s);
	x->password = password;
	x->nonce = new_nonce(s);
	x->first = g_strdup_printf("n=%s,r=%s", name, x->nonce);
	return true;
}

/* --- What the server says ----------------------------------------------------- */

static bool nonsense(struct sasl *s)
{
	return sasl_fail(s, SASL_FAULT_PROTOCOL,
		g_strdup_printf(_("the server does not keep to %s"), s->mechanism->name));
}

/* What a person can do something about; RFC 5802 section 7 has more. */
static const struct {
	const char *value;
	enum sasl_fault fault;
	const char *text;
} server_errors[] = {
	{"invalid-proof", SASL_FAULT_SECRET, N_("the server says that the password is wrong")},
	{"unknown-user", SASL_FAULT_SECRET, N_("the server does not know the user")},
	{"channel-bindings-dont-match", SASL_FAULT_PROTOCOL,
		N_("the server sees another TLS session than we do: somebody may be in between")},
	{"server-does-support-channel-binding", SASL_FAULT_PROTOCOL,
		N_("the server can bind the log-in to the TLS session, and that it offered this "
		   "did "
		   "not reach us: somebody may be in between")},
	{"unsupported-channel-binding-type", SASL_FAULT_REFUSED,
		N_("the server cannot bind the log-in to the TLS session in our way; write "
		   "'plain' into 'pop3-auth' or 'smtp-auth'")},
};

/* "e=invalid-proof", wherever it comes (T-43). */
static bool server_error(struct sasl *s, const char *value)
{
	for (size_t i = 0; i < G_N_ELEMENTS(server_errors); i++)
		if (strcmp(value, server_errors[i].value) == 0)
			return sasl_fail(
				s, server_errors[i].fault, g_strdup(_(server_errors[i].text)));
	g_autofree char *shown = sanitize_server_text(value, -1);
	return sasl_fail(s, SASL_FAULT_REFUSED,
		g_strdup_printf(_("the server ends %s with \"%s\""), s->mechanism->name, shown));
}

/* The value of the attribute if it stands at this place, which RFC 5802 fixes. */
static const char *value_of(char **attributes, guint place, char name)
{
	if (g_strv_length(attributes) <= place)
		return NULL;
	const char *text = attributes[place];
	return text[0] == name && text[1] == '=' ? text + 2 : NULL;
}

static bool parse_iterations(struct sasl *s, const char *text, int *iterations)
{
	guint64 n;
	if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &n, NULL) || *text == '0')
		return nonsense(s);
	*iterations = (int)n;
	if (n >= ITERATIONS_MIN && n <= ITERATIONS_MAX)
		return true;
	return sasl_fail(s, SASL_FAULT_PROTOCOL,
		g_strdup_printf(_("the server wants the password hashed %d times, and %d to %d are "
				  "reasonable"),
			*iterations, ITERATIONS_MIN, ITERATIONS_MAX));
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

/* A nonce of ours alone would let old answers be played to us again. */
static bool check_nonce(const struct scram *x, const char *nonce)
{
	return nonce && g_str_has_prefix(nonce, x->nonce) && strlen(nonce) > strlen(x->nonce) &&
	       is_printable(nonce);
}

static bool parse_first(struct sasl *s, const struct challenge *c, struct server_first *f)
{
	g_auto(GStrv) attributes = g_strsplit(c->text, ",", -1);
	const char *nonce = value_of(attributes, 0, 'r'), *salt = value_of(attributes, 1, 's');
	const char *iterations = value_of(attributes, 2, 'i');
	const char *error = value_of(attributes, 0, 'e');
	if (error)
		return server_error(s, error);
	if (strlen(c->text) != c->len || !check_nonce(s->state, nonce) || !salt || !iterations)
		return nonsense(s);
	f->nonce = g_strdup(nonce);
	f->salt = sasl_decode(salt, &f->salt_len);
	if (!f->salt || f->salt_len == 0)
		return nonsense(s);
	return parse_iterations(s, iterations, &f->iterations);
}

/* --- The proof ---------------------------------------------------------------- */

static void hmac(
	const struct scram *x, const unsigned char *key, const char *text, unsigned char *out)
{
	unsigned len;
	const unsigned char *done = HMAC(x->md, key, EVP_MD_get_size(x->md),
		(const unsigned char *)text, strlen(text), out, &len);
	g_assert(done);
}

/* SaltedPassword. */
static void salt_password(const struct scram *x, const struct server_first *f, unsigned char *out)
{
	int ok = PKCS5_PBKDF2_HMAC(x->password, (int)strlen(x->password),
		(const unsigned char *)f->salt, (int)f->salt_len, f->iterations, x->md,
		EVP_MD_get_size(x->md), out);
	g_assert(ok == 1);
}

/* ClientProof; the ServerSignature is kept. */
static void prove(
	struct scram *x, const struct server_first *f, const char *message, unsigned char *proof)
{
	unsigned char salted[EVP_MAX_MD_SIZE], key[EVP_MAX_MD_SIZE], stored[EVP_MAX_MD_SIZE];
	size_t size = (size_t)EVP_MD_get_size(x->md);
	salt_password(x, f, salted);
	hmac(x, salted, "Client Key", proof);
	g_assert(EVP_Digest(proof, size, stored, NULL, x->md, NULL) == 1);
	hmac(x, stored, message, key);
	for (size_t i = 0; i < size; i++)
		proof[i] ^= key[i];
	hmac(x, salted, "Server Key", key);
	hmac(x, key, message, x->signature);
	explicit_bzero(salted, sizeof salted);
	explicit_bzero(key, sizeof key);
	explicit_bzero(stored, sizeof stored);
}

/* "c=": the GS2 header again, and the binding behind it. */
static char *binding_text(const struct sasl *s)
{
	const struct scram *x = s->state;
	g_autoptr(GByteArray) all = g_byte_array_new();
	sasl_put(all, x->header);
	if (s->mechanism->plus) {
		gsize len;
		const guint8 *data = g_bytes_get_data(s->binding, &len);
		g_byte_array_append(all, data, (guint)len);
	}
	return g_base64_encode(all->data, all->len);
}

static void put_final(
	struct sasl *s, const struct challenge *c, const struct server_first *f, GByteArray *out)
{
	struct scram *x = s->state;
	unsigned char proof[EVP_MAX_MD_SIZE];
	g_autofree char *binding = binding_text(s);
	g_autofree char *final = g_strdup_printf("c=%s,r=%s", binding, f->nonce);
	g_autofree char *message = g_strdup_printf("%s,%s,%s", x->first, c->text, final);
	prove(x, f, message, proof);
	g_autofree char *text = g_base64_encode(proof, (gsize)EVP_MD_get_size(x->md));
	sasl_put(out, final);
	sasl_put(out, ",p=");
	sasl_put(out, text);
	s->gave_secret = true;
}

static bool answer_first(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	struct server_first f = {0};
	bool ok = parse_first(s, c, &f);
	if (ok)
		put_final(s, c, &f, out);
	g_free(f.nonce);
	g_free(f.salt);
	return ok;
}

static bool check_final(struct sasl *s, const struct challenge *c)
{
	const struct scram *x = s->state;
	size_t len = 0, size = (size_t)EVP_MD_get_size(x->md);
	g_auto(GStrv) attributes = g_strsplit(c->text, ",", -1);
	const char *error = value_of(attributes, 0, 'e'), *value = value_of(attributes, 0, 'v');
	if (error)
		return server_error(s, error);
	g_autofree char *signature = value ? sasl_decode(value, &len) : NULL;
	s->done = signature && len == size && CRYPTO_memcmp(signature, x->signature, size) == 0;
	return s->done ||
	       sasl_fail(s, SASL_FAULT_PROTOCOL,
		       g_strdup(_("the server does not prove that it knows the password: "
				  "somebody may be in its place")));
}

static bool scram_answer(struct sasl *s, const struct challenge *c, GByteArray *out)
{
	const struct scram *x = s->state;
	switch (s->step) {
	case 0:
		sasl_put(out, x->header);
		sasl_put(out, x->first);
		return true;
	case 1:
		return answer_first(s, c, out);
	case 2:
		return check_final(s, c);
	default:
		return false;
	}
}

const struct family sasl_scram = {.client_first = true,
	.initial = true,
	.begin = scram_begin,
	.answer = scram_answer,
	.clear = scram_clear};
