/* SPDX-License-Identifier: MIT
 *
 * A letter signed and encrypted as planned: what is to be hidden goes to dewey-crypt and
 * back in memory. */
#include "ui/seal.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fdio.h"

int seal_memory(GBytes *octets, GError **error)
{
	gsize len = 0;
	const void *data = octets ? g_bytes_get_data(octets, &len) : NULL;
	int fd = memfd_create("letter", MFD_CLOEXEC);
	if (fd < 0)
		fdio_fail(error, "create", "memory");
	if (fd < 0 || !data || fdio_write_all(fd, data, len, error))
		return fd;
	close(fd);
	return -1;
}

static GBytes *memory_octets(int fd, GError **error)
{
	off_t len = lseek(fd, 0, SEEK_END);
	g_autofree char *data = len >= 0 ? g_malloc((gsize)len + 1) : NULL;
	if (data && pread(fd, data, (size_t)len, 0) == (ssize_t)len)
		return g_bytes_new_take(g_steal_pointer(&data), (gsize)len);
	fdio_fail(error, "read", "memory");
	return NULL;
}

/* --- dewey-crypt ----------------------------------------------------------------------- */

struct work {
	struct crypt_client *client;
	const struct seal_plan *plan;
	const char *sender; /* addr-spec; NULL */
	char *micalg;       /* of what was signed */
};

static struct crypt_result *sign(struct work *w, int in, int out, GError **error)
{
	const char *const keys[] = {w->plan->own, NULL};
	const struct crypt_signing how = {.protocol = w->plan->smime ? CRYPT_CMS : CRYPT_OPENPGP,
		.form = CRYPT_DETACHED,
		.keys = keys,
		.sender = w->sender};
	struct crypt_result *r = crypt_sign(w->client, &how, in, out, error);
	w->micalg = r ? g_strdup(r->micalg) : NULL;
	return r;
}

/* One's own key is among them: who sent it can read it in Sent, or in Drafts. */
static struct crypt_result *encrypt(struct work *w, int in, int out, GError **error)
{
	const struct seal_plan *p = w->plan;
	const char *const signers[] = {p->own, NULL};
	g_autoptr(GPtrArray) keys = g_ptr_array_new();
	for (guint i = 0; i < p->peers->len; i++)
		g_ptr_array_add(keys, ((const struct seal_peer *)p->peers->pdata[i])->key);
	g_ptr_array_add(keys, p->own);
	g_ptr_array_add(keys, NULL);
	/* A person saw on the page for whose key nobody vouches. */
	const struct crypt_encrypting how = {.protocol = p->smime ? CRYPT_CMS : CRYPT_OPENPGP,
		.keys = (const char *const *)keys->pdata,
		.signers = p->sign && !p->smime ? signers : NULL,
		.sender = w->sender,
		.hidden = p->hidden,
		.any_trust = true};
	return crypt_encrypt(w->client, &how, in, out, error);
}

static GBytes *ask(struct work *w, struct sealed *s, bool encrypts, GError **error)
{
	g_autoptr(GBytes) payload = sealed_payload(s);
	g_autoptr(crypt_result) r = NULL;
	GBytes *octets = NULL;
	int in = seal_memory(payload, error);
	int out = in >= 0 ? seal_memory(NULL, error) : -1;
	if (out >= 0)
		r = encrypts ? encrypt(w, in, out, error) : sign(w, in, out, error);
	if (r)
		octets = memory_octets(out, error);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return octets;
}

static bool do_sign(struct work *w, struct sealed *s, GError **error)
{
	g_autoptr(GBytes) signature = ask(w, s, false, error);
	if (signature)
		sealed_sign(s, w->micalg, signature);
	g_clear_pointer(&w->micalg, g_free);
	return signature != NULL;
}

static bool do_encrypt(struct work *w, struct sealed *s, GError **error)
{
	g_autoptr(GBytes) octets = ask(w, s, true, error);
	if (octets)
		sealed_encrypt(s, octets);
	return octets != NULL;
}

/* --- letters and drafts -------------------------------------------------------------------- */

static bool check_plan(const struct seal_plan *p, GError **error)
{
	if (p->trouble)
		g_set_error_literal(error, CRYPT_ERROR, CRYPT_ERROR_KEY, p->trouble);
	return !p->trouble;
}

/* OpenPGP signs while it encrypts, S/MIME before. */
struct built_letter *seal_letter(struct crypt_client *c, const struct seal_plan *p,
	const struct draft *d, const struct seal_settings *s, GError **error)
{
	struct work w = {.client = c, .plan = p};
	const struct seal_form form = {
		.smime = p->smime, .encrypt = p->encrypt, .show_subject = s && s->show_subject};
	if (!check_plan(p, error))
		return NULL;
	if (!p->sign && !p->encrypt)
		return draft_build(d, error);
	g_autoptr(sealed) letter = sealed_new(d, &form, error);
	bool ok = letter != NULL;
	if (ok && p->sign && (p->smime || !p->encrypt))
		ok = do_sign(&w, letter, error);
	if (ok && p->encrypt)
		ok = do_encrypt(&w, letter, error);
	return ok ? sealed_end(g_steal_pointer(&letter)) : NULL;
}

/* Where it is not sure that the letter will be encrypted, a key is not needed. */
GBytes *seal_saved(struct crypt_client *c, const struct draft *d, const struct seal_settings *s,
	GBytes *saved, GError **error)
{
	unsigned wish = seal_wish(d, s) & ~(unsigned)SEAL_SIGN;
	if (!(wish & (SEAL_ENCRYPT | SEAL_AUTO)))
		return g_bytes_ref(saved);
	g_autoptr(seal_plan) p = seal_plan_own(c, d, s, wish, error);
	if (!p || !check_plan(p, error))
		return NULL;
	if (!p->own)
		return g_bytes_ref(saved);
	struct work w = {.client = c, .plan = p};
	const struct seal_form form = {.smime = p->smime, .encrypt = true};
	g_autoptr(sealed) kept = sealed_new_draft(saved, &form);
	if (!do_encrypt(&w, kept, error))
		return NULL;
	g_autoptr(built_letter) letter = sealed_end(g_steal_pointer(&kept));
	return built_letter_bytes(letter);
}

GBytes *seal_pack(const struct draft *d, GError **error)
{
	g_autoptr(built_letter) packed = draft_pack(d, error);
	int fd = packed ? seal_memory(NULL, error) : -1;
	if (fd < 0)
		return NULL;
	GBytes *bytes = built_letter_write(packed, fd, error) ? memory_octets(fd, error) : NULL;
	close(fd);
	return bytes;
}

char *seal_autocrypt_value(
	struct crypt_client *c, const struct draft *d, const struct seal_settings *s)
{
	if (!s || !s->autocrypt)
		return NULL;
	g_autoptr(seal_plan) p = seal_plan_own(c, d, s, 0, NULL);
	g_autofree char *address = p && p->own ? seal_from(d) : NULL;
	int fd = address ? seal_memory(NULL, NULL) : -1;
	g_autoptr(GBytes) key = NULL;
	if (fd >= 0 && crypt_export(c, CRYPT_OPENPGP, p->own, fd, NULL))
		key = memory_octets(fd, NULL);
	if (fd >= 0)
		close(fd);
	return key ? seal_autocrypt(address, s->mutual, key) : NULL;
}

/* --- drafts that come back ------------------------------------------------------------------ */

/* The part that is decrypted: behind the one that says it is OpenPGP, or the whole. */
static const struct mime_part *encrypted_part(
	const struct mime_message *m, enum crypt_protocol *protocol)
{
	bool next = false;
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *part = m->parts->pdata[i];
		bool cms = strcmp(part->type, "application/pkcs7-mime") == 0;
		*protocol = cms ? CRYPT_CMS : CRYPT_OPENPGP;
		if (next || cms)
			return part;
		next = strcmp(part->type, "application/pgp-encrypted") == 0;
	}
	return NULL;
}

bool seal_is_encrypted(const struct mime_message *m)
{
	enum crypt_protocol unused;
	return encrypted_part(m, &unused) != NULL;
}

bool seal_is_smime(const struct mime_message *m)
{
	enum crypt_protocol protocol;
	return encrypted_part(m, &protocol) && protocol == CRYPT_CMS;
}

/* It was kept by its writer, not received: what CMS does not protect against being changed
 * is taken as it is. */
int seal_open(struct crypt_client *c, struct mime_client *mime, int fd,
	const struct mime_message *m, GError **error)
{
	struct crypt_decrypting how = {.unprotected = true};
	const struct mime_part *part = encrypted_part(m, &how.protocol);
	if (!part)
		return -1;
	int in = seal_memory(NULL, error), out = in >= 0 ? seal_memory(NULL, error) : -1;
	g_autoptr(crypt_result) r = NULL;
	if (out >= 0 && mime_client_part(mime, fd, part->path, in, error))
		r = crypt_decrypt(c, &how, in, out, error);
	if (in >= 0)
		close(in);
	if (!r && out >= 0)
		close(out);
	return r ? out : -1;
}
