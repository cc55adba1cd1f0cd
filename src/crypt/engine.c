/* SPDX-License-Identifier: MIT */
#include "crypt/engine.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"

void engine_init(void)
{
	gpgme_check_version(NULL);
	gpgme_set_locale(NULL, LC_CTYPE, setlocale(LC_CTYPE, NULL));
	/* The terminal is the front end's: a pinentry that draws on it spoils the screen. */
	unsetenv("GPG_TTY");
}

static gpgme_protocol_t protocol_of(enum crypt_protocol p)
{
	return p == CRYPT_CMS ? GPGME_PROTOCOL_CMS : GPGME_PROTOCOL_OpenPGP;
}

static char *ask(struct request *q, const char *user, bool again)
{
	g_autofree char *text = user ? g_strdup_printf(_("passphrase of %s"), user)
				     : g_strdup(_("passphrase of this message"));
	struct record *r = record_set_string(record_new("event", "ask"), "what", "passphrase");
	record_set_string(r, "text", text);
	record_set_bool(r, "again", again);
	return wire_child_ask_with(q->child, q->id, r);
}

char *engine_ask(struct request *q, const char *user, bool again)
{
	bool may = q->child && record_bool(q->record, "may-ask");
	char *secret = may ? ask(q, user, again) : NULL;
	q->asked = true;
	q->unanswered = secret == NULL;
	return secret;
}

/* hint: an id and the user. */
static gpgme_error_t passphrase(void *data, const char *hint, const char *info, int bad, int fd)
{
	struct request *q = data;
	const char *user = hint ? strchr(hint, ' ') : NULL;
	char *secret = engine_ask(q, user ? user + 1 : NULL, bad != 0 || q->mistyped > 0);
	if (!secret)
		return gpgme_error(GPG_ERR_CANCELED);
	bool written = gpgme_io_writen(fd, secret, strlen(secret)) == 0 &&
		       gpgme_io_writen(fd, "\n", 1) == 0;
	secret_free(secret);
	return written ? 0 : gpgme_error_from_errno(errno);
}

gpgme_ctx_t engine_new(struct request *q, enum crypt_protocol p, GError **error)
{
	gpgme_ctx_t ctx = NULL;
	gpgme_error_t code = gpgme_engine_check_version(protocol_of(p));
	if (!code)
		code = gpgme_new(&ctx);
	if (!code)
		code = gpgme_set_protocol(ctx, protocol_of(p));
	if (code) {
		engine_free(ctx);
		g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_MISSING,
			_("'%s' cannot be run: %s; install it"), p == CRYPT_CMS ? "gpgsm" : "gpg",
			gpgme_strerror(code));
		return NULL;
	}
	/* Looking at a letter tells nobody that it was looked at. */
	gpgme_set_offline(ctx, 1);
	gpgme_set_ctx_flag(ctx, "auto-key-retrieve", "0");
	gpgme_set_armor(ctx, p == CRYPT_OPENPGP);
	if (p == CRYPT_OPENPGP) {
		gpgme_set_pinentry_mode(ctx, GPGME_PINENTRY_MODE_LOOPBACK);
		gpgme_set_passphrase_cb(ctx, passphrase, q);
	}
	return ctx;
}

void engine_free(gpgme_ctx_t ctx)
{
	if (ctx)
		gpgme_release(ctx);
}

void engine_data_free(gpgme_data_t data)
{
	if (data)
		gpgme_data_release(data);
}

gpgme_data_t engine_data(int fd, GError **error)
{
	gpgme_data_t data = NULL;
	gpgme_error_t code = 0;
	/* A pipe has no first octet to go back to. */
	if (lseek(fd, 0, SEEK_SET) < 0 && errno != ESPIPE)
		code = gpgme_error_from_errno(errno);
	if (!code)
		code = gpgme_data_new_from_fd(&data, fd);
	if (!code)
		return data;
	g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_FAILED, "%s", gpgme_strerror(code));
	return NULL;
}

static enum crypt_error error_of(const struct request *q, gpgme_err_code_t code)
{
	if (q->unanswered)
		return q->child && record_bool(q->record, "may-ask") ? CRYPT_ERROR_CANCELLED
								     : CRYPT_ERROR_PASSPHRASE;
	switch (code) {
	case GPG_ERR_BAD_PASSPHRASE:
	case GPG_ERR_NO_PIN_ENTRY:
	case GPG_ERR_NO_PASSPHRASE:
		return CRYPT_ERROR_PASSPHRASE;
	case GPG_ERR_NO_SECKEY:
		return CRYPT_ERROR_NO_KEY;
	case GPG_ERR_UNUSABLE_PUBKEY:
	case GPG_ERR_UNUSABLE_SECKEY:
	case GPG_ERR_NO_PUBKEY:
	case GPG_ERR_AMBIGUOUS_NAME:
	case GPG_ERR_EOF: /* gpgme_get_key() finds nothing */
		return CRYPT_ERROR_KEY;
	case GPG_ERR_CANCELED:
	case GPG_ERR_FULLY_CANCELED:
		return CRYPT_ERROR_CANCELLED;
	default:
		return CRYPT_ERROR_FAILED;
	}
}

bool engine_fail(struct request *q, gpgme_error_t code, const char *what, GError **error)
{
	enum crypt_error kind = error_of(q, gpgme_err_code(code));
	const char *why = q->unanswered ? _("the passphrase is needed")
			  : kind == CRYPT_ERROR_KEY && gpgme_err_code(code) == GPG_ERR_EOF
				  ? _("the key is not here")
				  : gpgme_strerror(code);
	g_set_error(error, CRYPT_ERROR, (int)kind, "%s: %s", what, why);
	return false;
}

static enum crypt_validity validity_of(gpgme_validity_t v)
{
	switch (v) {
	case GPGME_VALIDITY_NEVER:
		return CRYPT_VALIDITY_NEVER;
	case GPGME_VALIDITY_MARGINAL:
		return CRYPT_VALIDITY_MARGINAL;
	case GPGME_VALIDITY_FULL:
		return CRYPT_VALIDITY_FULL;
	case GPGME_VALIDITY_ULTIMATE:
		return CRYPT_VALIDITY_ULTIMATE;
	default:
		return CRYPT_VALIDITY_UNKNOWN;
	}
}

/* "CN=Ivan Petrov,O=Example": the common name. */
static char *common_name(const char *distinguished)
{
	const char *at = g_str_has_prefix(distinguished, "CN=") ? distinguished
								: strstr(distinguished, ",CN=");
	if (!at)
		return NULL;
	at = strchr(at, '=') + 1;
	return g_strndup(at, strcspn(at, ","));
}

void engine_users(gpgme_key_t from, GPtrArray *users)
{
	for (gpgme_user_id_t u = from->uids; u; u = u->next) {
		struct crypt_user *to = crypt_user_add(users);
		to->text = g_strdup(u->uid);
		to->name = from->protocol == GPGME_PROTOCOL_CMS && u->uid ? common_name(u->uid)
									  : g_strdup(u->name);
		to->address = g_strdup(u->address);
		to->revoked = u->revoked || u->invalid;
		to->validity = to->revoked ? CRYPT_VALIDITY_NEVER : validity_of(u->validity);
	}
}

void engine_describe(gpgme_key_t from, struct crypt_key *key)
{
	key->protocol = from->protocol == GPGME_PROTOCOL_CMS ? CRYPT_CMS : CRYPT_OPENPGP;
	key->fingerprint = g_strdup(from->fpr       ? from->fpr
				    : from->subkeys ? from->subkeys->fpr
						    : NULL);
	key->issuer = g_strdup(from->issuer_name);
	key->secret = from->secret;
	key->expired = from->expired;
	key->revoked = from->revoked;
	key->disabled = from->disabled;
	bool usable = !from->expired && !from->revoked && !from->disabled && !from->invalid;
	key->can_sign = usable && from->can_sign;
	key->can_encrypt = usable && from->can_encrypt;
	if (from->subkeys) {
		char *name = gpgme_pubkey_algo_string(from->subkeys);
		key->algorithm = g_strdup(name);
		gpgme_free(name);
		key->made = MAX(from->subkeys->timestamp, 0);
		key->expires = MAX(from->subkeys->expires, 0);
	}
	engine_users(from, key->users);
}
