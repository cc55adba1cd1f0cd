/* SPDX-License-Identifier: MIT */
#include "crypt/result.h"

#include <string.h>

G_DEFINE_QUARK(crypt - error - quark, crypt_error)

static void user_free(void *data)
{
	struct crypt_user *u = data;
	g_free(u->text);
	g_free(u->name);
	g_free(u->address);
	g_free(u);
}

static void key_free(void *data)
{
	struct crypt_key *k = data;
	g_free(k->fingerprint);
	g_free(k->algorithm);
	g_free(k->issuer);
	g_ptr_array_unref(k->users);
	g_free(k);
}

static void signature_free(void *data)
{
	struct crypt_signature *s = data;
	g_free(s->fingerprint);
	g_free(s->algorithm);
	g_free(s->reason);
	g_ptr_array_unref(s->users);
	g_free(s);
}

static void recipient_free(void *data)
{
	struct crypt_recipient *p = data;
	g_free(p->key);
	g_free(p->user);
	g_free(p);
}

struct crypt_user *crypt_user_add(GPtrArray *users)
{
	struct crypt_user *u = g_new0(struct crypt_user, 1);
	g_ptr_array_add(users, u);
	return u;
}

struct crypt_key *crypt_key_add(GPtrArray *keys)
{
	struct crypt_key *k = g_new0(struct crypt_key, 1);
	k->users = g_ptr_array_new_with_free_func(user_free);
	g_ptr_array_add(keys, k);
	return k;
}

struct crypt_signature *crypt_signature_add(GPtrArray *signatures)
{
	struct crypt_signature *s = g_new0(struct crypt_signature, 1);
	s->users = g_ptr_array_new_with_free_func(user_free);
	g_ptr_array_add(signatures, s);
	return s;
}

struct crypt_recipient *crypt_recipient_add(GPtrArray *recipients)
{
	struct crypt_recipient *p = g_new0(struct crypt_recipient, 1);
	g_ptr_array_add(recipients, p);
	return p;
}

struct crypt_result *crypt_result_new(void)
{
	struct crypt_result *r = g_new0(struct crypt_result, 1);
	r->signatures = g_ptr_array_new_with_free_func(signature_free);
	r->recipients = g_ptr_array_new_with_free_func(recipient_free);
	r->keys = g_ptr_array_new_with_free_func(key_free);
	r->refused = g_ptr_array_new_with_free_func(g_free);
	return r;
}

void crypt_result_free(struct crypt_result *r)
{
	if (!r)
		return;
	g_ptr_array_unref(r->signatures);
	g_ptr_array_unref(r->recipients);
	g_ptr_array_unref(r->keys);
	g_ptr_array_unref(r->refused);
	g_free(r->cipher);
	g_free(r->micalg);
	g_free(r);
}

enum crypt_status crypt_result_status(const struct crypt_result *r)
{
	enum crypt_status worst = r->signatures->len > 0 ? CRYPT_GOOD : CRYPT_ERRONEOUS;
	for (guint i = 0; i < r->signatures->len; i++) {
		const struct crypt_signature *s = r->signatures->pdata[i];
		worst = MAX(worst, s->status);
	}
	return worst;
}

static const char *const status_texts[] = {
#define STATUS(name, word, text) text,
#include "crypt/statuses.def"
#undef STATUS
};

const char *crypt_status_text(enum crypt_status s)
{
	return _(status_texts[s]);
}

const char *crypt_protocol_name(enum crypt_protocol p)
{
	return p == CRYPT_CMS ? "S/MIME" : "OpenPGP";
}

const char *crypt_protocol_word(enum crypt_protocol p)
{
	return p == CRYPT_CMS ? "cms" : "openpgp";
}

bool crypt_protocol_named(const char *word, enum crypt_protocol *p)
{
	*p = g_strcmp0(word, "cms") == 0 ? CRYPT_CMS : CRYPT_OPENPGP;
	return g_strcmp0(word, crypt_protocol_word(*p)) == 0;
}

static const char *const error_words[] = {
	"failed", "passphrase", "no-key", "key", "withheld", "missing", "cancelled", "start"};

const char *crypt_error_word(int code)
{
	return error_words[code];
}

enum crypt_error crypt_error_named(const char *word)
{
	int code = record_word(word, error_words, G_N_ELEMENTS(error_words));
	return code >= 0 ? (enum crypt_error)code : CRYPT_ERROR_FAILED;
}
