/* SPDX-License-Identifier: MIT
 *
 * Where a letter is signed or encrypted, said by its types (RFC 3156, RFC 8551).
 * Whether it is true is for those who have keys. */
#include "mime/letter.h"

#include <string.h>

struct look {
	struct letter *letter; /* the outermost */
	GPtrArray *crypts;
};

static bool has_type(GMimeObject *object, const char *const *types)
{
	g_autofree char *type = node_type(object);
	return g_strv_contains(types, type);
}

static const char *const pgp_signatures[] = {"application/pgp-signature", NULL};
static const char *const cms_signatures[] = {
	"application/pkcs7-signature", "application/x-pkcs7-signature", NULL};
static const char *const cms_types[] = {"application/pkcs7-mime", "application/x-pkcs7-mime", NULL};
static const char *const key_types[] = {"application/pgp-keys", NULL};
static const char *const version_types[] = {"application/pgp-encrypted", NULL};

/* The path of a child: "" and "2.TEXT" are multiparts that are a letter's body. */
static char *child_path(const char *path, int number)
{
	gsize len = strlen(path);
	if (len == 0)
		return g_strdup_printf("%d", number);
	if (g_str_has_suffix(path, ".TEXT"))
		len -= strlen(".TEXT");
	return g_strdup_printf("%.*s.%d", (int)len, path, number);
}

static struct mime_crypt *add(struct look *look, enum mime_crypt_kind kind, const struct node *n)
{
	struct mime_crypt *c = mime_crypts_add(look->crypts);
	c->kind = kind;
	c->path = g_strdup(n->path);
	c->content = g_strdup(n->path);
	c->signature = g_strdup("");
	c->whole = n->object == look->letter->body;
	return c;
}

bool crypt_is_signed(GMimeObject *object)
{
	if (!GMIME_IS_MULTIPART(object) || !GMIME_IS_MULTIPART_SIGNED(object))
		return false;
	GMimeMultipart *m = GMIME_MULTIPART(object);
	if (g_mime_multipart_get_count(m) != 2)
		return false;
	GMimeObject *last = g_mime_multipart_get_part(m, 1);
	return has_type(last, pgp_signatures) || has_type(last, cms_signatures);
}

static void look_at_multipart(struct look *look, const struct node *n)
{
	GMimeMultipart *m = GMIME_MULTIPART(n->object);
	bool encrypted = GMIME_IS_MULTIPART_ENCRYPTED(m) && g_mime_multipart_get_count(m) == 2 &&
			 has_type(g_mime_multipart_get_part(m, 0), version_types);
	if (!encrypted && !crypt_is_signed(n->object))
		return;
	bool cms = has_type(g_mime_multipart_get_part(m, 1), cms_signatures);
	struct mime_crypt *c = add(look,
		encrypted ? MIME_CRYPT_PGP_ENCRYPTED
		: cms     ? MIME_CRYPT_CMS_SIGNED
			  : MIME_CRYPT_PGP_SIGNED,
		n);
	g_free(c->content);
	c->content = child_path(n->path, encrypted ? 2 : 1);
	if (!encrypted) {
		g_free(c->signature);
		c->signature = child_path(n->path, 2);
	}
}

bool crypt_is_opaque(GMimeObject *object)
{
	const char *smime = node_parameter(object, "smime-type");
	return has_type(object, cms_types) &&
	       g_ascii_strcasecmp(smime ? smime : "", "certs-only") != 0;
}

static void look_at_part(struct look *look, const struct node *n)
{
	const char *smime = node_parameter(n->object, "smime-type");
	smime = smime ? smime : "";
	if (has_type(n->object, key_types))
		add(look, MIME_CRYPT_PGP_KEYS, n);
	else if (!has_type(n->object, cms_types))
		return;
	else if (g_ascii_strcasecmp(smime, "certs-only") == 0)
		add(look, MIME_CRYPT_CMS_KEYS, n);
	else
		add(look,
			g_ascii_strcasecmp(smime, "signed-data") == 0 ? MIME_CRYPT_CMS_OPAQUE
								      : MIME_CRYPT_CMS_ENCRYPTED,
			n);
}

static bool visit(const struct node *n, void *data)
{
	struct look *look = data;
	if (look->crypts->len >= MIME_CRYPTS_MOST)
		return false;
	if (GMIME_IS_MULTIPART(n->object))
		look_at_multipart(look, n);
	else if (GMIME_IS_PART(n->object))
		look_at_part(look, n);
	return true;
}

void letter_crypts(struct letter *l, GPtrArray *crypts)
{
	struct look look = {l, crypts};
	letter_walk(l, visit, &look);
}

/* Of the draft before RFC 9788, and of that. */
bool letter_is_protected(const struct letter *l)
{
	if (!l->body)
		return false;
	return node_parameter(l->body, "hp") || node_parameter(l->body, "protected-headers");
}
