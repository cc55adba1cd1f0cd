/* SPDX-License-Identifier: MIT */
#include "crypt/engine.h"

#include <string.h>

static guint words_of(const struct request *q, const char *key, JsonArray **array)
{
	*array = record_array(q->record, key);
	return *array ? json_array_get_length(*array) : 0;
}

static const char *word(JsonArray *array, guint i)
{
	JsonNode *node = json_array_get_element(array, i);
	bool text = JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
	return text ? json_node_get_string(node) : "";
}

static gpgme_error_t add_signers(struct request *q, gpgme_ctx_t ctx)
{
	JsonArray *array;
	guint n = words_of(q, "signers", &array);
	const char *sender = record_string(q->record, "sender");
	gpgme_error_t code = 0;
	for (guint i = 0; i < n && !code; i++) {
		g_auto(gpgme_key_t) key = NULL;
		code = gpgme_get_key(ctx, word(array, i), &key, 1);
		if (!code)
			code = gpgme_signers_add(ctx, key);
	}
	if (!code && sender && *sender && q->protocol == CRYPT_OPENPGP)
		code = gpgme_set_sender(ctx, sender);
	return code;
}

static void free_key(void *data)
{
	gpgme_key_unref(data);
}

/* NULL at the end; an error is of the key that *at names. */
static GPtrArray *recipients(struct request *q, gpgme_ctx_t ctx, GError **error)
{
	JsonArray *array;
	guint n = words_of(q, "keys", &array);
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(free_key);
	for (guint i = 0; i < n; i++) {
		gpgme_key_t key = NULL;
		if (gpgme_get_key(ctx, word(array, i), &key, 0) != 0 || !key) {
			g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_KEY,
				_("cannot encrypt: the key '%s' is not here"), word(array, i));
			return NULL;
		}
		g_ptr_array_add(keys, key);
	}
	if (n == 0) {
		g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_KEY, _("cannot encrypt: to nobody"));
		return NULL;
	}
	g_ptr_array_add(keys, NULL);
	return g_steal_pointer(&keys);
}

/* RFC 3156 and RFC 8551 have names of their own for digests. */
static void put_micalg(struct request *q, gpgme_ctx_t ctx, struct crypt_result *result)
{
	gpgme_sign_result_t made = gpgme_op_sign_result(ctx);
	const char *name =
		made && made->signatures ? gpgme_hash_algo_name(made->signatures->hash_algo) : NULL;
	g_autofree char *low = name ? g_ascii_strdown(name, -1) : NULL;
	if (!low)
		return;
	if (q->protocol == CRYPT_OPENPGP)
		result->micalg = g_strconcat("pgp-", low, NULL);
	else if (g_str_has_prefix(low, "sha"))
		result->micalg = g_strconcat("sha-", low + 3, NULL);
	else
		result->micalg = g_strdup(low);
}

static gpgme_sig_mode_t mode_of(const struct request *q)
{
	const char *form = record_string(q->record, "form");
	if (g_strcmp0(form, "clear") == 0)
		return GPGME_SIG_MODE_CLEAR;
	return g_strcmp0(form, "opaque") == 0 ? GPGME_SIG_MODE_NORMAL : GPGME_SIG_MODE_DETACH;
}

static bool unusable(
	gpgme_invalid_key_t bad, const char *what, struct crypt_result *result, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (; bad; bad = bad->next) {
		char *one = g_strdup_printf(
			"%s: %s", bad->fpr ? bad->fpr : "?", gpgme_strerror(bad->reason));
		g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", one);
		g_ptr_array_add(result->refused, one);
	}
	if (text->len == 0)
		return false;
	g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_KEY, _("%s with the key %s"), what, text->str);
	return true;
}

static bool sign_failed(struct request *q, gpgme_ctx_t ctx, gpgme_error_t code,
	struct crypt_result *result, GError **error)
{
	gpgme_sign_result_t made = gpgme_op_sign_result(ctx);
	if (!q->unanswered && made &&
		unusable(made->invalid_signers, _("cannot sign"), result, error))
		return false;
	return engine_fail(q, code, _("cannot sign"), error);
}

static bool unlock_signers(struct request *q, gpgme_ctx_t ctx, GError **error)
{
	JsonArray *array;
	guint n = words_of(q, "signers", &array);
	for (guint i = 0; i < n; i++)
		if (!agent_unlock(q, ctx, word(array, i), error))
			return false;
	return true;
}

bool do_sign(struct request *q, struct crypt_result *result, GError **error)
{
	g_auto(gpgme_ctx_t) ctx = engine_new(q, q->protocol, error);
	g_auto(gpgme_data_t) in = ctx ? engine_data(q->fds[0], error) : NULL;
	g_auto(gpgme_data_t) out = in ? engine_data(q->fds[1], error) : NULL;
	if (!out)
		return false;
	if (q->protocol == CRYPT_CMS && !unlock_signers(q, ctx, error))
		return false;
	gpgme_error_t code = add_signers(q, ctx);
	if (code)
		return engine_fail(q, code, _("cannot sign"), error);
	code = gpgme_op_sign(ctx, in, out, mode_of(q));
	if (code)
		return sign_failed(q, ctx, code, result, error);
	put_micalg(q, ctx, result);
	return true;
}

static gpgme_encrypt_flags_t flags_of(const struct request *q)
{
	unsigned flags = GPGME_ENCRYPT_NO_ENCRYPT_TO;
	if (record_bool(q->record, "hidden"))
		flags |= GPGME_ENCRYPT_THROW_KEYIDS;
	if (record_bool(q->record, "any-trust"))
		flags |= GPGME_ENCRYPT_ALWAYS_TRUST;
	return (gpgme_encrypt_flags_t)flags;
}

static bool encrypt_failed(struct request *q, gpgme_ctx_t ctx, gpgme_error_t code,
	struct crypt_result *result, GError **error)
{
	gpgme_encrypt_result_t made = gpgme_op_encrypt_result(ctx);
	if (!q->unanswered && made &&
		unusable(made->invalid_recipients, _("cannot encrypt"), result, error))
		return false;
	return engine_fail(q, code, _("cannot encrypt"), error);
}

bool do_encrypt(struct request *q, struct crypt_result *result, GError **error)
{
	JsonArray *signers;
	g_auto(gpgme_ctx_t) ctx = engine_new(q, q->protocol, error);
	g_autoptr(GPtrArray) keys = ctx ? recipients(q, ctx, error) : NULL;
	g_auto(gpgme_data_t) in = keys ? engine_data(q->fds[0], error) : NULL;
	g_auto(gpgme_data_t) out = in ? engine_data(q->fds[1], error) : NULL;
	if (!out)
		return false;
	bool sign = words_of(q, "signers", &signers) > 0;
	gpgme_error_t code = sign ? add_signers(q, ctx) : 0;
	if (code)
		return engine_fail(q, code, _("cannot sign"), error);
	gpgme_key_t *to = (gpgme_key_t *)(void *)keys->pdata;
	code = sign ? gpgme_op_encrypt_sign(ctx, to, flags_of(q), in, out)
		    : gpgme_op_encrypt(ctx, to, flags_of(q), in, out);
	return code ? encrypt_failed(q, ctx, code, result, error) : true;
}
