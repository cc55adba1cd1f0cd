/* SPDX-License-Identifier: MIT
 *
 * Passphrases of S/MIME keys.  GPGME lets gpg hand its questions on to us, and not
 * gpgsm: there the agent would ask by a program of its own, which draws on the
 * terminal that is the front end's, or opens a window while letters are read ahead.  So
 * the agent is asked first whether it needs a passphrase, and given it by a signature
 * over nothing; from then on it remembers. */
#include "crypt/engine.h"

#include <string.h>

#include "base/secret.h"

enum { GRIP = 40 /* hexadecimal digits */ };

/* Over this many zeros nobody has use for a signature. */
#define NOTHING "0000000000000000000000000000000000000000000000000000000000000000"

struct told {
	bool locked;
};

static gpgme_error_t hear(void *data, const char *status, const char *args)
{
	struct told *t = data;
	g_auto(GStrv) words = g_strsplit(args, " ", -1);
	/* keygrip, type, serial number, id, cached, protection */
	if (strcmp(status, "KEYINFO") == 0 && g_strv_length(words) > 5)
		t->locked = strcmp(words[1], "D") == 0 && strcmp(words[4], "1") != 0 &&
			    strcmp(words[5], "P") == 0;
	return 0;
}

static gpgme_error_t give(void *data, const char *name, const char *args, gpgme_data_t *answer)
{
	const char *secret = data;
	if (!answer || !name || strcmp(name, "PASSPHRASE") != 0)
		return 0;
	return gpgme_data_new_from_mem(answer, secret, strlen(secret), 1);
}

static gpgme_error_t say(gpgme_ctx_t agent, const char *command, struct told *told, char *secret)
{
	gpgme_error_t refused = 0;
	gpgme_error_t code = gpgme_op_assuan_transact_ext(agent, command, NULL, NULL,
		secret ? give : NULL, secret, told ? hear : NULL, told, &refused);
	return code ? code : refused;
}

static bool is_locked(gpgme_ctx_t agent, const char *grip)
{
	struct told told = {false};
	g_autofree char *command = g_strconcat("KEYINFO ", grip, NULL);
	return say(agent, command, &told, NULL) == 0 && told.locked;
}

static gpgme_error_t unlock(gpgme_ctx_t agent, const char *grip, char *secret)
{
	g_autofree char *key = g_strconcat("SIGKEY ", grip, NULL);
	const char *const commands[] = {
		"OPTION pinentry-mode=loopback", key, "SETHASH --hash=sha256 " NOTHING, "PKSIGN"};
	gpgme_error_t code = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(commands) && !code; i++)
		code = say(agent, commands[i], NULL, secret);
	return code;
}

/* The first of our keys for which the agent has no passphrase; NULL: there is none. */
static gpgme_key_t find_locked(gpgme_ctx_t ctx, gpgme_ctx_t agent, const char *which)
{
	gpgme_key_t key = NULL, found = NULL;
	gpgme_set_keylist_mode(ctx, GPGME_KEYLIST_MODE_LOCAL | GPGME_KEYLIST_MODE_WITH_KEYGRIP);
	if (gpgme_op_keylist_start(ctx, which, 1) != 0)
		return NULL;
	while (gpgme_op_keylist_next(ctx, &key) == 0) {
		const char *grip = key->subkeys ? key->subkeys->keygrip : NULL;
		if (!found && grip && strlen(grip) == GRIP && is_locked(agent, grip))
			found = key;
		else
			gpgme_key_unref(key);
	}
	return found;
}

static bool ask_for(struct request *q, gpgme_ctx_t agent, gpgme_key_t key, GError **error)
{
	char *secret = engine_ask(q, key->uids ? key->uids->uid : NULL, q->mistyped > 0);
	gpgme_error_t code = secret ? unlock(agent, key->subkeys->keygrip, secret)
				    : gpgme_error(GPG_ERR_CANCELED);
	secret_free(secret);
	return code ? engine_fail(q, code, _("cannot use the key"), error) : true;
}

bool agent_unlock(struct request *q, gpgme_ctx_t ctx, const char *which, GError **error)
{
	g_auto(gpgme_ctx_t) agent = NULL;
	/* Without an agent there is nothing to be unlocked. */
	if (gpgme_new(&agent) != 0 || gpgme_set_protocol(agent, GPGME_PROTOCOL_ASSUAN) != 0)
		return true;
	g_auto(gpgme_key_t) key = find_locked(ctx, agent, which);
	return !key || ask_for(q, agent, key, error);
}
