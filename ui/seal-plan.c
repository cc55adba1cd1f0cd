/* SPDX-License-Identifier: MIT
 *
 * Whose keys a letter would be signed with and encrypted to. */
#include "base/base.h"

#include <string.h>

#include "compose/address.h"
#include "store/autocrypt.h"
#include "ui/seal.h"

enum { ID_DIGITS = 16 };

static void peer_free(void *data)
{
	struct seal_peer *p = data;
	g_free(p->address);
	g_free(p->key);
	g_free(p->offered);
	g_free(p);
}

void seal_plan_free(struct seal_plan *p)
{
	if (!p)
		return;
	g_ptr_array_unref(p->peers);
	g_free(p->own);
	g_free(p->trouble);
	g_free(p);
}

/* --- what is wanted ------------------------------------------------------------------ */

/* A letter that is sent on as it is cannot be anything else. */
unsigned seal_wish(const struct draft *d, const struct seal_settings *s)
{
	bool smime = d->answers_smime || (s && s->smime_key && !s->key);
	unsigned bits = smime ? SEAL_SMIME : 0;
	if (d->resends && *d->resends)
		return 0;
	if (d->seal & SEAL_CHOSEN)
		return (unsigned)d->seal & ~(unsigned)SEAL_CHOSEN;
	if (s && s->sign)
		bits |= SEAL_SIGN;
	if (d->answers_sealed || (s && s->encrypt == ENCRYPT_YES))
		bits |= SEAL_ENCRYPT;
	else if (s && s->encrypt == ENCRYPT_AUTO)
		bits |= SEAL_AUTO;
	return bits;
}

/* --- keys ------------------------------------------------------------------------------- */

/* The best that is known of the user that has this address. */
static int validity_for(const struct crypt_key *k, const char *address)
{
	int best = -1;
	for (guint i = 0; i < k->users->len; i++) {
		const struct crypt_user *u = k->users->pdata[i];
		if (!u->revoked && g_ascii_strcasecmp(u->address, address) == 0)
			best = MAX(best, (int)u->validity);
	}
	return best;
}

static bool may_be_used(const struct crypt_key *k, bool to_sign)
{
	bool can = to_sign ? k->can_sign && k->secret : k->can_encrypt;
	return can && !k->expired && !k->revoked && !k->disabled;
}

/* Of two keys the newer one; of one second, the one that is good for longer. */
static bool is_newer(const struct crypt_key *k, const struct crypt_key *other)
{
	if (k->made != other->made)
		return k->made > other->made;
	return other->expires && (!k->expires || k->expires > other->expires);
}

/* What is vouched for before what is newer (M-72: never what is known to be false). */
static const struct crypt_key *best_key(
	const GPtrArray *keys, enum crypt_protocol protocol, const char *address, bool to_sign)
{
	const struct crypt_key *best = NULL;
	int best_validity = -1;
	for (guint i = 0; i < keys->len; i++) {
		const struct crypt_key *k = keys->pdata[i];
		int validity = validity_for(k, address);
		if (k->protocol != protocol || !may_be_used(k, to_sign) || validity < 0 ||
			validity == CRYPT_VALIDITY_NEVER)
			continue;
		bool better = !best || validity > best_validity ||
			      (validity == best_validity && is_newer(k, best));
		best = better ? k : best;
		best_validity = better ? validity : best_validity;
	}
	return best;
}

struct planning {
	struct crypt_client *client;
	struct ledger *ledger; /* or NULL */
	enum crypt_protocol protocol;
	const struct seal_settings *settings; /* or NULL */
	struct seal_plan *plan;
};

static bool find_offer(struct planning *g, struct seal_peer *p, GError **error)
{
	g_auto(autocrypt_peer) known = {0};
	if (!autocrypt_get(g->ledger, p->address, &known, error))
		return false;
	p->offered = p->key ? NULL : g_steal_pointer(&known.key);
	p->mutual = known.mutual;
	return true;
}

static bool find_peer(struct planning *g, const char *address, GError **error)
{
	g_autoptr(GPtrArray) keys = crypt_keys(g->client, address, false, error);
	if (!keys)
		return false;
	const struct crypt_key *k = best_key(keys, g->protocol, address, false);
	struct seal_peer *p = g_new0(struct seal_peer, 1);
	p->address = g_strdup(address);
	p->key = k ? g_strdup(k->fingerprint) : NULL;
	p->verified = k && validity_for(k, address) >= CRYPT_VALIDITY_FULL;
	g_ptr_array_add(g->plan->peers, p);
	return g->protocol != CRYPT_OPENPGP || !g->ledger || find_offer(g, p, error);
}

static bool has_peer(const struct seal_plan *p, const char *address)
{
	for (guint i = 0; i < p->peers->len; i++)
		if (address_equal(((struct seal_peer *)p->peers->pdata[i])->address, address))
			return true;
	return false;
}

/* Wrong addresses are told when the letter is sent. */
static bool find_peers(struct planning *g, const char *field, GError **error)
{
	g_autoptr(GPtrArray) list = address_parse_list(field ? field : "", NULL);
	for (guint i = 0; list && i < list->len; i++) {
		const struct typed_address *a = list->pdata[i];
		g_autofree char *ascii = address_to_ascii_domain(a->address, NULL);
		if (ascii && !has_peer(g->plan, ascii) && !find_peer(g, ascii, error))
			return false;
	}
	return true;
}

char *seal_from(const struct draft *d)
{
	g_autoptr(GPtrArray) list = address_parse_list(d->from ? d->from : "", NULL);
	const struct typed_address *first = list && list->len ? list->pdata[0] : NULL;
	return first ? address_to_ascii_domain(first->address, NULL) : NULL;
}

/* That of the dotfile, whatever address stands in it; else the one of From. */
static bool find_own(struct planning *g, const struct draft *d, GError **error)
{
	bool smime = g->protocol == CRYPT_CMS;
	const struct seal_settings *s = g->settings;
	const char *wanted = !s ? NULL : smime ? s->smime_key : s->key;
	g_autofree char *address = seal_from(d);
	if (!wanted && !address)
		return true;
	g_autoptr(GPtrArray) keys = crypt_keys(g->client, wanted ? wanted : address, true, error);
	if (!keys)
		return false;
	const struct crypt_key *k = NULL;
	for (guint i = 0; wanted && i < keys->len && !k; i++) {
		const struct crypt_key *one = keys->pdata[i];
		if (one->protocol == g->protocol && may_be_used(one, true))
			k = one;
	}
	if (!wanted)
		k = best_key(keys, g->protocol, address, true);
	g->plan->own = k ? g_strdup(k->fingerprint) : NULL;
	return true;
}

/* --- the plan ------------------------------------------------------------------------------ */

static char *without_key(const struct seal_plan *p)
{
	GString *all = g_string_new(NULL);
	for (guint i = 0; i < p->peers->len; i++) {
		const struct seal_peer *peer = p->peers->pdata[i];
		if (!peer->key)
			g_string_append_printf(all, "%s%s", all->len ? ", " : "", peer->address);
	}
	return g_string_free(all, FALSE);
}

/* Where both sides ask for it, a key that came with a letter will do (Autocrypt). */
static bool all_have_keys(const struct seal_plan *p, bool mutual)
{
	for (guint i = 0; i < p->peers->len; i++) {
		const struct seal_peer *peer = p->peers->pdata[i];
		if (!peer->key || (!peer->verified && !(mutual && peer->mutual)))
			return false;
	}
	return p->peers->len > 0;
}

static bool all_are_offered(const struct seal_plan *p)
{
	for (guint i = 0; i < p->peers->len; i++) {
		const struct seal_peer *peer = p->peers->pdata[i];
		if (!peer->key && !peer->offered)
			return false;
	}
	return true;
}

static const char *protocol_name(const struct seal_plan *p)
{
	return crypt_protocol_name(p->smime ? CRYPT_CMS : CRYPT_OPENPGP);
}

static char *find_trouble(const struct seal_plan *p)
{
	g_autofree char *missing = without_key(p);
	if ((p->sign || p->encrypt) && !p->own)
		/* TRANSLATORS: OpenPGP or S/MIME */
		return g_strdup_printf(_("you have no %s key for this address; make one, or set "
					 "'%s' in the dotfile"),
			protocol_name(p), p->smime ? "smime-key" : "key");
	if (p->encrypt && *missing && all_are_offered(p))
		return g_strdup_printf(
			_("the key of %s came with a letter and is not imported; M-k does that"),
			missing);
	if (p->encrypt && *missing)
		return g_strdup_printf(_("there is no %s key of %s; import it, or send the letter "
					 "without encryption"),
			protocol_name(p), missing);
	if (p->encrypt && p->smime && p->hidden)
		return g_strdup(_("S/MIME names all recipients to each other; send those of Bcc a "
				  "letter of their own"));
	return NULL;
}

static bool is_there(const char *field)
{
	return field && *field;
}

static struct seal_plan *begin(struct planning *g, unsigned wish)
{
	struct seal_plan *p = g_new0(struct seal_plan, 1);
	p->peers = g_ptr_array_new_with_free_func(peer_free);
	p->smime = (wish & SEAL_SMIME) != 0;
	p->sign = (wish & SEAL_SIGN) != 0;
	p->encrypt = (wish & SEAL_ENCRYPT) != 0;
	g->protocol = p->smime ? CRYPT_CMS : CRYPT_OPENPGP;
	g->plan = p;
	return p;
}

struct seal_plan *seal_plan_new(const struct seal_source *from, const struct draft *d,
	const struct seal_settings *s, GError **error)
{
	unsigned wish = seal_wish(d, s);
	struct planning g = {.client = from->crypt, .ledger = from->ledger, .settings = s};
	g_autoptr(seal_plan) p = begin(&g, wish);
	bool peers = (wish & (SEAL_ENCRYPT | SEAL_AUTO)) != 0;
	if ((p->sign || peers) && !find_own(&g, d, error))
		return NULL;
	if (peers && (!find_peers(&g, d->to, error) || !find_peers(&g, d->cc, error) ||
			     !find_peers(&g, d->bcc, error)))
		return NULL;
	p->hidden = peers && is_there(d->bcc);
	if (!p->encrypt && (wish & SEAL_AUTO))
		p->encrypt = p->own && all_have_keys(p, s && s->mutual) && !(p->smime && p->hidden);
	p->trouble = find_trouble(p);
	return g_steal_pointer(&p);
}

struct seal_plan *seal_plan_own(struct crypt_client *c, const struct draft *d,
	const struct seal_settings *s, unsigned wish, GError **error)
{
	struct planning g = {.client = c, .settings = s};
	g_autoptr(seal_plan) p = begin(&g, wish);
	if (!find_own(&g, d, error))
		return NULL;
	p->trouble = find_trouble(p);
	return g_steal_pointer(&p);
}

/* --- in words -------------------------------------------------------------------------------- */

static char *unverified(const struct seal_plan *p)
{
	GString *all = g_string_new(NULL);
	for (guint i = 0; i < p->peers->len; i++) {
		const struct seal_peer *peer = p->peers->pdata[i];
		if (peer->key && !peer->verified)
			g_string_append_printf(all, "%s%s", all->len ? ", " : "", peer->address);
	}
	return g_string_free(all, FALSE);
}

char *seal_plan_warning(const struct seal_plan *p)
{
	g_autofree char *missing = without_key(p), *doubtful = unverified(p);
	if (p->trouble)
		return g_strdup(p->trouble);
	if (!p->encrypt && *missing && all_are_offered(p))
		return g_strdup_printf(_("not encrypted: the key of %s came with a letter and is "
					 "not imported; M-k does that"),
			missing);
	if (!p->encrypt && *missing)
		return g_strdup_printf(_("not encrypted: no key of %s"), missing);
	if (*doubtful)
		return p->encrypt ? g_strdup_printf(_("nobody vouches for the key of %s"), doubtful)
				  : g_strdup_printf(
					    _("not encrypted: nobody vouches for the key of %s"),
					    doubtful);
	return NULL;
}

char *seal_plan_signs(const struct seal_plan *p)
{
	size_t len = p->own ? strlen(p->own) : 0;
	if (!p->sign)
		return NULL;
	if (!p->own)
		return g_strdup(protocol_name(p));
	/* TRANSLATORS: OpenPGP or S/MIME, the end of a fingerprint */
	return g_strdup_printf(_("%s, key %s"), protocol_name(p),
		p->own + (len > ID_DIGITS ? len - ID_DIGITS : 0));
}

char *seal_plan_encrypts(const struct seal_plan *p)
{
	g_autoptr(GString) all = g_string_new(NULL);
	if (!p->encrypt)
		return NULL;
	for (guint i = 0; i < p->peers->len; i++) {
		const struct seal_peer *peer = p->peers->pdata[i];
		if (peer->key)
			g_string_append_printf(all, "%s%s", all->len ? ", " : "", peer->address);
	}
	if (all->len == 0)
		return g_strdup(protocol_name(p));
	/* TRANSLATORS: OpenPGP or S/MIME, addresses */
	return g_strdup_printf(_("%s, for %s and you"), protocol_name(p), all->str);
}
