/* SPDX-License-Identifier: MIT */
#include "crypt/engine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fdio.h"

/* What compression can make of a letter ends here (M-53). */
enum { PLAIN_MAX = 256 * 1024 * 1024 };

/* SHA-1 collides since 2020 for whoever pays for it: a signature made after that may
 * be one that was got for another text. */
enum { SHA1_UNTIL = 1577836800 };

static bool is_weak(gpgme_signature_t s)
{
	if (s->hash_algo == GPGME_MD_SHA1)
		return s->timestamp >= SHA1_UNTIL;
	return s->hash_algo == GPGME_MD_MD5 || s->hash_algo == GPGME_MD_MD4 ||
	       s->hash_algo == GPGME_MD_MD2;
}

static enum crypt_status verified(gpgme_signature_t s)
{
	if (s->summary & GPGME_SIGSUM_KEY_REVOKED)
		return CRYPT_REVOKED;
	if (s->summary & (GPGME_SIGSUM_KEY_EXPIRED | GPGME_SIGSUM_SIG_EXPIRED))
		return CRYPT_EXPIRED;
	if (s->wrong_key_usage || is_weak(s) || (s->summary & GPGME_SIGSUM_SYS_ERROR))
		return CRYPT_ERRONEOUS;
	return s->validity >= GPGME_VALIDITY_FULL ? CRYPT_GOOD : CRYPT_UNTRUSTED;
}

static enum crypt_status status_of(gpgme_signature_t s)
{
	switch (gpgme_err_code(s->status)) {
	case GPG_ERR_NO_ERROR:
		return s->summary & GPGME_SIGSUM_RED && !(s->summary & GPGME_SIGSUM_KEY_REVOKED)
			       ? CRYPT_BAD
			       : verified(s);
	case GPG_ERR_SIG_EXPIRED:
	case GPG_ERR_KEY_EXPIRED:
	case GPG_ERR_CERT_EXPIRED:
		return CRYPT_EXPIRED;
	case GPG_ERR_CERT_REVOKED:
		return CRYPT_REVOKED;
	case GPG_ERR_NO_PUBKEY:
		return CRYPT_UNKNOWN_KEY;
	case GPG_ERR_BAD_SIGNATURE:
		return CRYPT_BAD;
	default:
		return CRYPT_ERRONEOUS;
	}
}

static char *reason_of(gpgme_signature_t s)
{
	if (gpgme_err_code(s->status) != GPG_ERR_NO_ERROR)
		return g_strdup(gpgme_strerror(s->status));
	if (s->wrong_key_usage)
		return g_strdup(_("the key is not for signatures"));
	if (is_weak(s))
		return g_strdup_printf(_("it is made with %s, which can be forged"),
			gpgme_hash_algo_name(s->hash_algo));
	return g_strdup(gpgme_strerror(s->validity_reason));
}

/* Whose key it is is looked up by the fingerprint; the names in the status lines of
 * gpg are not believed. */
static void add_signer(gpgme_ctx_t ctx, gpgme_signature_t s, struct crypt_signature *to)
{
	g_auto(gpgme_key_t) key = NULL;
	to->fingerprint = g_strdup(s->fpr);
	gpgme_set_keylist_mode(ctx, GPGME_KEYLIST_MODE_LOCAL | GPGME_KEYLIST_MODE_VALIDATE);
	if (!s->fpr || gpgme_get_key(ctx, s->fpr, &key, 0) != 0 || !key)
		return;
	engine_users(key, to->users);
	if (key->fpr) {
		g_free(to->fingerprint);
		to->fingerprint = g_strdup(key->fpr);
	}
	for (guint i = 0; i < to->users->len; i++) {
		const struct crypt_user *u = to->users->pdata[i];
		to->validity = MAX(to->validity, u->validity);
	}
}

void engine_signatures(struct request *q, gpgme_ctx_t ctx, struct crypt_result *result)
{
	gpgme_verify_result_t found = gpgme_op_verify_result(ctx);
	/* Looking up keys ends what ctx knows of the operation. */
	if (!found || !found->signatures)
		return;
	gpgme_result_ref(found);
	for (gpgme_signature_t s = found->signatures; s; s = s->next) {
		struct crypt_signature *to = crypt_signature_add(result->signatures);
		const char *digest = gpgme_hash_algo_name(s->hash_algo);
		to->algorithm = digest ? g_ascii_strdown(digest, -1) : NULL;
		to->made = (int64_t)s->timestamp;
		to->expires = (int64_t)s->exp_timestamp;
		to->status = status_of(s);
		if (to->status == CRYPT_ERRONEOUS)
			to->reason = reason_of(s);
		add_signer(ctx, s, to);
	}
	gpgme_result_unref(found);
}

bool do_verify(struct request *q, struct crypt_result *result, GError **error)
{
	g_auto(gpgme_ctx_t) ctx = engine_new(q, q->protocol, error);
	g_auto(gpgme_data_t) text = ctx ? engine_data(q->fds[0], error) : NULL;
	g_auto(gpgme_data_t) signature = text ? engine_data(q->fds[1], error) : NULL;
	if (!signature)
		return false;
	gpgme_error_t code = gpgme_op_verify(ctx, signature, text, NULL);
	if (code)
		return engine_fail(q, code, _("cannot verify the signature"), error);
	engine_signatures(q, ctx, result);
	return true;
}

/* Text that is not yet known to be good: it is handed on when it is. */
struct plain {
	int fd;
	int64_t octets;
	bool full;
};

static ssize_t plain_write(void *handle, const void *buffer, size_t size)
{
	struct plain *p = handle;
	p->full = p->full || p->octets + (int64_t)size > PLAIN_MAX;
	if (p->full) {
		errno = EFBIG;
		return -1;
	}
	ssize_t n = write(p->fd, buffer, size);
	p->octets += MAX(n, 0);
	return n;
}

static struct gpgme_data_cbs plain_functions = {.write = plain_write};

static gpgme_data_t plain_open(struct plain *p, GError **error)
{
	gpgme_data_t data = NULL;
	p->fd = memfd_create("plain", MFD_CLOEXEC);
	if (p->fd >= 0 && gpgme_data_new_from_cbs(&data, &plain_functions, p) == 0)
		return data;
	fdio_fail(error, "memfd_create", "plain");
	return NULL;
}

static bool plain_hand_on(struct plain *p, int out, GError **error)
{
	char chunk[65536];
	ssize_t n;
	if (lseek(p->fd, 0, SEEK_SET) < 0)
		return fdio_fail(error, "seek", "plain");
	while ((n = read(p->fd, chunk, sizeof chunk)) > 0)
		if (!fdio_write_all(out, chunk, (size_t)n, error))
			return false;
	explicit_bzero(chunk, sizeof chunk);
	return n == 0 || fdio_fail(error, "read", "plain");
}

static bool too_long(GError **error)
{
	g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_FAILED,
		_("cannot decrypt: the text exceeds %d MB"), PLAIN_MAX / 1024 / 1024);
	return false;
}

static bool open_signed(
	struct request *q, gpgme_ctx_t ctx, struct crypt_result *result, GError **error)
{
	struct plain p = {-1, 0, false};
	g_auto(gpgme_data_t) in = engine_data(q->fds[0], error);
	g_auto(gpgme_data_t) out = in ? plain_open(&p, error) : NULL;
	gpgme_error_t code = out ? gpgme_op_verify(ctx, in, NULL, out) : 0;
	bool good = out && !code;
	if (p.full)
		too_long(error);
	else if (out && code)
		engine_fail(q, code, _("cannot verify the signature"), error);
	if (good)
		engine_signatures(q, ctx, result);
	good = good && plain_hand_on(&p, q->fds[1], error);
	if (p.fd >= 0)
		close(p.fd);
	return good;
}

bool do_open(struct request *q, struct crypt_result *result, GError **error)
{
	g_auto(gpgme_ctx_t) ctx = engine_new(q, q->protocol, error);
	return ctx && open_signed(q, ctx, result, error);
}

/* Whether CMS says that it is authenticated-enveloped data (RFC 5083): the object
 * identifier that the outermost sequence begins with. */
static bool is_authenticated(int fd)
{
	static const guchar oid[] = {
		0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17};
	guchar head[32] = {0};
	if (pread(fd, head, sizeof head, 0) < (ssize_t)sizeof head || head[0] != 0x30)
		return false;
	size_t at = head[1] < 0x80 || head[1] == 0x80 ? 2 : 2u + (head[1] & 0x7F);
	return at + sizeof oid <= sizeof head && memcmp(head + at, oid, sizeof oid) == 0;
}

static void add_recipients(gpgme_ctx_t ctx, gpgme_decrypt_result_t found, struct crypt_result *to)
{
	for (gpgme_recipient_t p = found->recipients; p; p = p->next) {
		struct crypt_recipient *r = crypt_recipient_add(to->recipients);
		g_auto(gpgme_key_t) key = NULL;
		r->key = g_strdup(p->keyid);
		if (p->keyid && gpgme_get_key(ctx, p->keyid, &key, 0) == 0 && key) {
			r->user = g_strdup(key->uids ? key->uids->uid : NULL);
			r->ours = gpgme_err_code(p->status) == GPG_ERR_NO_ERROR;
		}
	}
}

/* What gpg says of a packet that it decrypts: the kind of its modification detection
 * code, its cipher, and the kind of its authenticated encryption; 0 is none.  GPGME
 * itself tells of old ciphers only, and believes ignore-mdc-error in gpg.conf. */
struct protection {
	bool known, authenticated; /* CMS; looked at first: gpgsm's input is closed behind it */
	enum crypt_integrity worst;
};

static gpgme_error_t hear(void *data, const char *keyword, const char *args)
{
	struct protection *p = data;
	if (!keyword || strcmp(keyword, "DECRYPTION_INFO") != 0)
		return 0;
	long mdc = 0, cipher = 0, aead = 0;
	int n = sscanf(args, "%ld %ld %ld", &mdc, &cipher, &aead);
	enum crypt_integrity now = n > 2 && aead > 0  ? CRYPT_INTEGRITY_AEAD
				   : n > 0 && mdc > 0 ? CRYPT_INTEGRITY_MDC
						      : CRYPT_INTEGRITY_NONE;
	p->worst = p->known ? MIN(p->worst, now) : now;
	p->known = true;
	return 0;
}

static enum crypt_integrity integrity_of(const struct request *q, const struct protection *p)
{
	if (q->protocol == CRYPT_CMS)
		return p->authenticated ? CRYPT_INTEGRITY_AEAD : CRYPT_INTEGRITY_NONE;
	return p->known ? p->worst : CRYPT_INTEGRITY_NONE;
}

static bool withheld(GError **error)
{
	g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_WITHHELD,
		_("the decrypted text is withheld: nothing protects it against having been "
		  "changed on its way"));
	return false;
}

/* What the last operation told; false: it is not to be handed on. */
static bool judge(struct request *q, gpgme_ctx_t ctx, const struct protection *p,
	struct crypt_result *result, GError **error)
{
	gpgme_decrypt_result_t found = gpgme_op_decrypt_result(ctx);
	if (!found)
		return engine_fail(q, gpgme_error(GPG_ERR_NO_DATA), _("cannot decrypt"), error);
	gpgme_result_ref(found);
	result->decrypted = true;
	result->integrity = integrity_of(q, p);
	result->cipher = g_strdup(found->symkey_algo);
	if (q->protocol == CRYPT_OPENPGP)
		engine_signatures(q, ctx, result);
	add_recipients(ctx, found, result);
	gpgme_result_unref(found);
	bool unprotected = q->protocol == CRYPT_CMS && record_bool(q->record, "unprotected");
	return result->integrity != CRYPT_INTEGRITY_NONE || unprotected || withheld(error);
}

static gpgme_error_t decrypt(struct request *q, gpgme_ctx_t ctx, gpgme_data_t in, gpgme_data_t out)
{
	return q->protocol == CRYPT_CMS ? gpgme_op_decrypt(ctx, in, out)
					: gpgme_op_decrypt_verify(ctx, in, out);
}

/* gpg refuses by itself what has no MDC: that is told as what it is. */
static bool decrypt_failed(
	struct request *q, const struct protection *p, gpgme_error_t code, GError **error)
{
	if (p->known && p->worst == CRYPT_INTEGRITY_NONE)
		return withheld(error);
	g_autoptr(GError) why = NULL;
	engine_fail(q, code, _("cannot decrypt"), &why);
	bool unread = q->protocol == CRYPT_CMS && p->authenticated &&
		      g_error_matches(why, CRYPT_ERROR, CRYPT_ERROR_FAILED);
	if (unread)
		g_set_error(error, CRYPT_ERROR, CRYPT_ERROR_FAILED,
			_("cannot decrypt: it is encrypted by AES-GCM, which this gpgsm may be too "
			  "old for (%s)"),
			gpgme_strerror(code));
	else
		g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

bool do_decrypt(struct request *q, struct crypt_result *result, GError **error)
{
	struct plain p = {-1, 0, false};
	struct protection protection = {
		false, is_authenticated(q->fds[0]), CRYPT_INTEGRITY_NONE};
	g_auto(gpgme_ctx_t) ctx = engine_new(q, q->protocol, error);
	if (ctx && q->protocol == CRYPT_CMS && !agent_unlock(q, ctx, NULL, error))
		return false;
	g_auto(gpgme_data_t) in = ctx ? engine_data(q->fds[0], error) : NULL;
	g_auto(gpgme_data_t) out = in ? plain_open(&p, error) : NULL;
	if (!out)
		return false;
	gpgme_set_ctx_flag(ctx, "full-status", "1");
	gpgme_set_status_cb(ctx, hear, &protection);
	gpgme_error_t code = decrypt(q, ctx, in, out);
	bool good = false;
	if (p.full)
		too_long(error);
	else if (gpgme_err_code(code) == GPG_ERR_NO_DATA && q->protocol == CRYPT_OPENPGP)
		good = open_signed(q, ctx, result, error); /* signed, and not encrypted */
	else if (code)
		decrypt_failed(q, &protection, code, error);
	else
		good = judge(q, ctx, &protection, result, error) &&
		       plain_hand_on(&p, q->fds[1], error);
	close(p.fd);
	return good;
}
