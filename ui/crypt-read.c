/* SPDX-License-Identifier: MIT */
#include "ui/crypt-read.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fdio.h"

enum { DEPTH_MOST = 4, FINDS_MOST = 16 };

/* One layer: a letter as it stands in a descriptor. */
struct layer {
	const struct crypt_reading *r;
	int fd;
	struct mime_message *m;
	struct crypt_verdict *v;
	int depth;
	const GPtrArray *from; /* of the letter: whom signatures are compared with */
	bool decrypted;        /* it, or a letter around it, was encrypted */
	bool sealed;           /* who signed the header of this letter is its sender */
};

static int memory(GError **error)
{
	int fd = memfd_create("crypt", MFD_CLOEXEC);
	if (fd < 0)
		fdio_fail(error, "memfd_create", "crypt");
	return fd;
}

static void drop(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* --- what to do with which kind ------------------------------------------------------ */

typedef struct crypt_result *operation(
	const struct layer *l, const struct mime_crypt *c, int in, int out, GError **error);

static struct crypt_result *decrypt(
	const struct layer *l, const struct mime_crypt *c, int in, int out, GError **error)
{
	/* What nothing protects is judged when its signature is known: unveil(). */
	struct crypt_decrypting how = {
		c->kind == MIME_CRYPT_CMS_ENCRYPTED ? CRYPT_CMS : CRYPT_OPENPGP, true};
	g_autoptr(GError) why = NULL;
	struct crypt_result *result = crypt_decrypt(l->r->crypt, &how, in, out, &why);
	/* Some programs leave out that it is signed and not encrypted. */
	if (!result && how.protocol == CRYPT_CMS &&
		g_error_matches(why, CRYPT_ERROR, CRYPT_ERROR_FAILED))
		result = crypt_open(l->r->crypt, CRYPT_CMS, in, out, NULL);
	if (!result)
		g_propagate_error(error, g_steal_pointer(&why));
	return result;
}

static struct crypt_result *open_it(
	const struct layer *l, const struct mime_crypt *c, int in, int out, GError **error)
{
	return crypt_open(l->r->crypt, c->kind == MIME_CRYPT_CMS_OPAQUE ? CRYPT_CMS : CRYPT_OPENPGP,
		in, out, error);
}

static bool is_inline(const struct mime_crypt *c)
{
	return c->kind == MIME_CRYPT_INLINE_SIGNED || c->kind == MIME_CRYPT_INLINE_ENCRYPTED;
}

/* What opens a kind; NULL: there is nothing in it to be shown. */
static operation *opener(const struct mime_crypt *c)
{
	switch (c->kind) {
	case MIME_CRYPT_PGP_ENCRYPTED:
	case MIME_CRYPT_CMS_ENCRYPTED:
	case MIME_CRYPT_INLINE_ENCRYPTED:
		return decrypt;
	case MIME_CRYPT_CMS_OPAQUE:
	case MIME_CRYPT_INLINE_SIGNED:
		return open_it;
	default:
		return NULL;
	}
}

/* --- a letter within ------------------------------------------------------------------ */

/* The block that stands for c; -1: there is none. */
static int block_of(const struct mime_message *m, const struct mime_crypt *c)
{
	g_autofree char *number = g_strdup_printf("%u", c->number);
	for (guint i = 0; i < m->blocks->len; i++) {
		const struct mime_block *b = m->blocks->pdata[i];
		if ((b->kind != MIME_BLOCK_ENCRYPTED && b->kind != MIME_BLOCK_SIGNED) ||
			strcmp(b->path, c->content) != 0)
			continue;
		const struct mime_header *h = b->fields->len > 0 ? b->fields->pdata[0] : NULL;
		if (!is_inline(c) || (h && strcmp(h->value, number) == 0))
			return (int)i;
	}
	return -1;
}

/* Text of an armour has no header: it gets one, with the charset that the text around
 * it was found to have if it is signed; else nobody knows. */
static bool put_header(const struct layer *l, const struct mime_crypt *c, int out, GError **error)
{
	int block = block_of(l->m, c);
	const struct mime_block *b = block >= 0 ? l->m->blocks->pdata[block] : NULL;
	const char *charset = b && c->kind == MIME_CRYPT_INLINE_SIGNED ? b->charset : "";
	bool plain = *charset &&
		     strspn(charset, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == strlen(charset);
	g_autofree char *text = g_strconcat("Content-Type: text/plain", plain ? "; charset=" : "",
		plain ? charset : "", "\nContent-Transfer-Encoding: 8bit\n\n", NULL);
	return fdio_write_all(out, text, strlen(text), error);
}

static bool take_octets(const struct layer *l, const struct mime_crypt *c, int out, GError **error)
{
	return is_inline(c) ? mime_client_armour(l->r->mime, l->fd, c, out, error)
			    : mime_client_part(l->r->mime, l->fd, c->content, out, error);
}

/* gpgme writes from the first octet on: a header stands before it in another file. */
static bool copy(int from, int to, GError **error)
{
	char chunk[65536];
	ssize_t n;
	if (lseek(from, 0, SEEK_SET) < 0)
		return fdio_fail(error, "seek", "crypt");
	while ((n = read(from, chunk, sizeof chunk)) > 0)
		if (!fdio_write_all(to, chunk, (size_t)n, error))
			return false;
	return n == 0 || fdio_fail(error, "read", "crypt");
}

static int with_header(const struct layer *l, const struct mime_crypt *c, int plain, GError **error)
{
	if (!is_inline(c))
		return dup(plain);
	int fd = memory(error);
	if (fd >= 0 && put_header(l, c, fd, error) && copy(plain, fd, error))
		return fd;
	drop(fd);
	return -1;
}

/* The letter that is inside, in memory; -1: there is none. */
static int open_inner(const struct layer *l, const struct mime_crypt *c,
	struct crypt_result **result, GError **error)
{
	operation *open_by = opener(c);
	int in = memory(error), out = in < 0 ? -1 : memory(error), inner = -1;
	if (out >= 0 && take_octets(l, c, in, error))
		*result = open_by(l, c, in, out, error);
	if (*result)
		inner = with_header(l, c, out, error);
	drop(in);
	drop(out);
	return inner;
}

static void read_layer(struct layer *l);

static void fail(struct crypt_find *f, const GError *error)
{
	g_free(f->problem);
	f->problem = g_strdup(error->message);
	f->code = error->domain == CRYPT_ERROR ? (enum crypt_error)error->code : CRYPT_ERROR_FAILED;
}

/* Whether a signature inside says that the text is what its writer wrote. */
static bool is_vouched(const struct crypt_verdict *v, guint from)
{
	for (guint i = from; i < v->finds->len; i++) {
		const struct crypt_find *f = v->finds->pdata[i];
		if (f->whole && f->seal != CRYPT_SEAL_NONE && f->seal < CRYPT_SEAL_UNKNOWN)
			return true;
	}
	return false;
}

static void withhold(struct crypt_find *f)
{
	f->code = CRYPT_ERROR_WITHHELD;
	f->problem =
		g_strdup(_("the decrypted text is withheld: nothing protects it against having "
			   "been changed on its way"));
}

static void prefix_finds(struct crypt_verdict *v, guint from, const char *prefix, bool whole)
{
	for (guint i = from; i < v->finds->len; i++) {
		struct crypt_find *f = v->finds->pdata[i];
		char *path = g_strconcat(prefix, f->path, NULL);
		g_free(f->path);
		f->path = path;
		f->whole = f->whole && whole;
	}
}

static char *prefix_of(const struct mime_crypt *c)
{
	return is_inline(c) ? g_strdup_printf("%s#%u!", c->content, c->number)
			    : g_strconcat(c->content, "!", NULL);
}

/* The header inside, if it is protected and there is nothing around it.  The sender it
 * names is believed if that is who signed. */
static void take_headers(struct layer *l, struct mime_message *payload, struct crypt_find *f,
	const struct crypt_result *result)
{
	if (!payload->protected || !f->whole || f->seal >= CRYPT_SEAL_UNKNOWN)
		return;
	/* It is compared with this sender now, and with the outer one if it is not his. */
	if (result->signatures->len > 0 && payload->from->len > 0) {
		crypt_judge(f, result, payload->from);
		l->sealed = f->seal == CRYPT_SEAL_GOOD;
		if (!l->sealed)
			crypt_judge(f, result, l->from);
	}
	crypt_read_headers(l->m, payload, l->sealed, l->v);
	l->m->protected = true;
}

struct within {
	const struct mime_crypt *crypt;
	struct crypt_find *find;
	struct crypt_result *result;
};

/* Reads what was inside, and puts it where it belongs. */
static bool show_inner(struct layer *l, const struct within *w, int fd, GError **error)
{
	guint had = l->v->finds->len;
	struct mime_reading how = l->r->how;
	int block = block_of(l->m, w->crypt);
	how.links += l->m->links->len;
	how.so_far = NULL;
	how.decrypted = l->decrypted || w->result->decrypted;
	g_autofree char *prefix = prefix_of(w->crypt);
	g_autoptr(mime_message) inner = mime_client_read(l->r->mime, fd, &how, error);
	if (!inner)
		return false;
	struct layer within = {
		l->r, fd, inner, l->v, l->depth + 1, l->from, how.decrypted, false};
	read_layer(&within);
	bool naked = w->result->decrypted && w->result->integrity == CRYPT_INTEGRITY_NONE;
	if (naked && !l->r->unprotected && !is_vouched(l->v, had)) {
		g_ptr_array_set_size(l->v->finds, (int)had);
		withhold(w->find);
		return true;
	}
	w->find->unprotected = naked && !is_vouched(l->v, had);
	prefix_finds(l->v, had, prefix, w->find->whole);
	l->sealed = within.sealed;
	take_headers(l, inner, w->find, w->result);
	if (block >= 0)
		mime_message_splice(l->m, (guint)block, inner, prefix);
	return true;
}

static void open_crypt(struct layer *l, const struct mime_crypt *c)
{
	g_autoptr(crypt_result) result = NULL;
	g_autoptr(GError) error = NULL;
	struct crypt_find *f = crypt_verdict_add(l->v);
	f->kind = c->kind;
	f->path = prefix_of(c);
	f->whole = c->whole;
	int fd = open_inner(l, c, &result, &error);
	if (fd >= 0) {
		struct within w = {c, f, result};
		f->decrypted = result->decrypted;
		crypt_judge(f, result, l->from);
		show_inner(l, &w, fd, &error);
		close(fd);
	}
	if (error)
		fail(f, error);
}

/* --- a signature beside its text ------------------------------------------------------ */

static struct crypt_result *verify(
	const struct layer *l, const struct mime_crypt *c, int text, GError **error)
{
	enum crypt_protocol p = c->kind == MIME_CRYPT_CMS_SIGNED ? CRYPT_CMS : CRYPT_OPENPGP;
	struct crypt_result *result = NULL;
	int signature = memory(error);
	if (signature >= 0 && mime_client_signed(l->r->mime, l->fd, c, text, error) &&
		mime_client_part(l->r->mime, l->fd, c->signature, signature, error))
		result = crypt_verify(l->r->crypt, p, text, signature, error);
	drop(signature);
	return result;
}

static void verify_crypt(struct layer *l, const struct mime_crypt *c)
{
	g_autoptr(GError) error = NULL;
	struct crypt_find *f = crypt_verdict_add(l->v);
	f->kind = c->kind;
	f->path = g_strdup(c->content);
	f->whole = c->whole;
	int text = memory(&error);
	g_autoptr(crypt_result) result = text < 0 ? NULL : verify(l, c, text, &error);
	if (result)
		crypt_judge(f, result, l->from);
	if (!result)
		f->seal = CRYPT_SEAL_ERRONEOUS;
	if (error)
		fail(f, error);
	g_autoptr(mime_message) payload =
		result && f->whole ? mime_client_read(l->r->mime, text, NULL, NULL) : NULL;
	if (payload)
		take_headers(l, payload, f, result);
	drop(text);
}

/* --- all of it ------------------------------------------------------------------------ */

static void read_layer(struct layer *l)
{
	for (guint i = 0; i < l->m->crypts->len && l->v->finds->len < FINDS_MOST; i++) {
		const struct mime_crypt *c = l->m->crypts->pdata[i];
		if (l->depth >= DEPTH_MOST)
			return;
		if (opener(c))
			open_crypt(l, c);
		else if (*c->signature)
			verify_crypt(l, c);
	}
}

struct mime_message *crypt_read(
	const struct crypt_reading *r, int fd, struct crypt_verdict **verdict, GError **error)
{
	*verdict = NULL;
	struct mime_message *m = mime_client_read(r->mime, fd, &r->how, error);
	if (!m || m->crypts->len == 0)
		return m;
	g_autoptr(crypt_verdict) v = crypt_verdict_new();
	g_autoptr(GPtrArray) from = g_ptr_array_ref(m->from);
	struct layer l = {r, fd, m, v, 0, from, false, false};
	read_layer(&l);
	if (v->finds->len > 0)
		*verdict = g_steal_pointer(&v);
	return m;
}

/* --- parts ---------------------------------------------------------------------------- */

static const struct mime_crypt *crypt_named(const struct mime_message *m, const char *prefix)
{
	for (guint i = 0; i < m->crypts->len; i++) {
		const struct mime_crypt *c = m->crypts->pdata[i];
		g_autofree char *own = opener(c) ? prefix_of(c) : NULL;
		if (own && strcmp(own, prefix) == 0)
			return c;
	}
	return NULL;
}

/* The path is walked down, a letter at a time. */
bool crypt_read_part(
	const struct crypt_reading *r, int fd, const char *path, int out, GError **error)
{
	const char *mark = strchr(path, '!');
	if (!mark)
		return mime_client_part(r->mime, fd, path, out, error);
	g_autofree char *prefix = g_strndup(path, (gsize)(mark + 1 - path));
	g_autoptr(mime_message) m = mime_client_read(r->mime, fd, &r->how, error);
	const struct mime_crypt *c = m ? crypt_named(m, prefix) : NULL;
	if (m && !c)
		g_set_error(error, MIME_ERROR, MIME_ERROR_NO_PART,
			_("the message has no part '%s'"), path);
	if (!c)
		return false;
	struct layer l = {.r = r, .fd = fd, .m = m};
	g_autoptr(crypt_result) result = NULL;
	int inner = open_inner(&l, c, &result, error);
	bool good = inner >= 0 && crypt_read_part(r, inner, mark + 1, out, error);
	drop(inner);
	return good;
}
