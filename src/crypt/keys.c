/* SPDX-License-Identifier: MIT */
#include "crypt/engine.h"

#include <string.h>

/* Addresses come from letters: what is no address and no fingerprint is nobody's. */
static bool is_plain(const char *which)
{
	if (!strchr(which, '@'))
		return strspn(which, "0123456789ABCDEFabcdef") == strlen(which);
	for (const char *p = which; *p; p++)
		if ((guchar)*p <= ' ' || *p == 0x7F || strchr("<>\"\\|&", *p))
			return false;
	return *which != '-' && *which != '=';
}

static bool names(gpgme_key_t key, const char *address)
{
	for (gpgme_user_id_t u = key->uids; u; u = u->next)
		if (u->address && !u->revoked && g_ascii_strcasecmp(u->address, address) == 0)
			return true;
	return false;
}

static gpgme_error_t list(gpgme_ctx_t ctx, const char *address, struct crypt_result *result)
{
	gpgme_error_t code;
	gpgme_key_t key = NULL;
	while ((code = gpgme_op_keylist_next(ctx, &key)) == 0) {
		if (!address || names(key, address))
			engine_describe(key, crypt_key_add(result->keys));
		gpgme_key_unref(key);
	}
	return gpgme_err_code(code) == GPG_ERR_EOF ? 0 : code;
}

static gpgme_error_t find(struct request *q, gpgme_ctx_t ctx, struct crypt_result *result)
{
	const char *which = record_string(q->record, "which");
	bool address = which && strchr(which, '@') != NULL;
	g_autofree char *pattern = address ? g_strdup_printf("<%s>", which) : g_strdup(which);
	if (!which || !is_plain(which))
		return 0;
	gpgme_set_keylist_mode(
		ctx, GPGME_KEYLIST_MODE_LOCAL | GPGME_KEYLIST_MODE_WITH_SECRET |
			     (q->protocol == CRYPT_CMS ? GPGME_KEYLIST_MODE_VALIDATE : 0));
	gpgme_error_t code = gpgme_op_keylist_start(
		ctx, *pattern ? pattern : NULL, record_bool(q->record, "secret"));
	return code ? code : list(ctx, address ? which : NULL, result);
}

/* A program that is not there has no keys. */
bool do_keys(struct request *q, struct crypt_result *result, GError **error)
{
	for (int p = CRYPT_OPENPGP; p <= CRYPT_CMS; p++) {
		q->protocol = (enum crypt_protocol)p;
		g_auto(gpgme_ctx_t) ctx = engine_new(q, q->protocol, NULL);
		gpgme_error_t code = ctx ? find(q, ctx, result) : 0;
		if (code)
			return engine_fail(q, code, _("cannot list the keys"), error);
	}
	return true;
}

static gpgme_error_t look(gpgme_ctx_t ctx, gpgme_data_t data, struct crypt_result *result)
{
	gpgme_error_t code = gpgme_op_keylist_from_data_start(ctx, data, 0);
	return code ? code : list(ctx, NULL, result);
}

bool do_look(struct request *q, struct crypt_result *result, GError **error)
{
	g_auto(gpgme_ctx_t) ctx = engine_new(q, q->protocol, error);
	g_auto(gpgme_data_t) data = ctx ? engine_data(q->fds[0], error) : NULL;
	gpgme_error_t code = data ? look(ctx, data, result) : 0;
	if (code)
		return engine_fail(q, code, _("cannot read the keys"), error);
	return data != NULL;
}

/* Whoever sends a secret key wants it used. */
static bool refuse_secret(struct request *q, GError **error)
{
	g_autoptr(crypt_result) seen = crypt_result_new();
	if (q->protocol == CRYPT_OPENPGP && !do_look(q, seen, error))
		return false;
	for (guint i = 0; i < seen->keys->len; i++) {
		const struct crypt_key *k = seen->keys->pdata[i];
		if (!k->secret)
			continue;
		g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_KEY,
			_("cannot import the key: it is a secret one"));
		return false;
	}
	return true;
}

bool do_import(struct request *q, struct crypt_result *result, GError **error)
{
	if (!refuse_secret(q, error))
		return false;
	g_auto(gpgme_ctx_t) ctx = engine_new(q, q->protocol, error);
	g_auto(gpgme_data_t) data = ctx ? engine_data(q->fds[0], error) : NULL;
	gpgme_error_t code = data ? gpgme_op_import(ctx, data) : 0;
	if (code)
		return engine_fail(q, code, _("cannot import the key"), error);
	gpgme_import_result_t made = data ? gpgme_op_import_result(ctx) : NULL;
	if (!made)
		return data != NULL;
	gpgme_result_ref(made);
	for (gpgme_import_status_t s = made->imports; s; s = s->next) {
		g_auto(gpgme_key_t) key = NULL;
		if (s->fpr && gpgme_get_key(ctx, s->fpr, &key, 0) == 0 && key)
			engine_describe(key, crypt_key_add(result->keys));
	}
	gpgme_result_unref(made);
	return true;
}

bool do_export(struct request *q, struct crypt_result *result, GError **error)
{
	const char *which = record_string(q->record, "which");
	g_auto(gpgme_ctx_t) ctx = engine_new(q, q->protocol, error);
	g_auto(gpgme_data_t) out = ctx ? engine_data(q->fds[0], error) : NULL;
	g_auto(gpgme_key_t) key = NULL;
	if (!out)
		return false;
	gpgme_error_t code = gpgme_get_key(ctx, which ? which : "", &key, 0);
	gpgme_set_armor(ctx, 0);
	if (!code)
		code = gpgme_op_export(ctx, key->fpr,
			q->protocol == CRYPT_OPENPGP ? GPGME_EXPORT_MODE_MINIMAL : 0, out);
	return code ? engine_fail(q, code, _("cannot export the key"), error) : true;
}
