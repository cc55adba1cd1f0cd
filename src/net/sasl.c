/* SPDX-License-Identifier: MIT
 *
 * The table of mechanisms, and what they have in common. */
#include "net/sasl.h"

#include <string.h>

#include "base/secret.h"
#include "net/sasl-private.h"

#define PLUS true

/* In the order of preference (T-40).  OAuth is never mixed with passwords: a
 * token would be sent for one. */
static const struct mechanism mechanisms[] = {
	{"EXTERNAL", SASL_ALLOW_EXTERNAL, &sasl_external, DIGEST_NONE, false},
	{"SCRAM-SHA-512-PLUS", SASL_ALLOW_SCRAM, &sasl_scram, DIGEST_SHA512, PLUS},
	{"SCRAM-SHA-256-PLUS", SASL_ALLOW_SCRAM, &sasl_scram, DIGEST_SHA256, PLUS},
	{"SCRAM-SHA-1-PLUS", SASL_ALLOW_SCRAM, &sasl_scram, DIGEST_SHA1, PLUS},
	{"SCRAM-SHA-512", SASL_ALLOW_SCRAM, &sasl_scram, DIGEST_SHA512, false},
	{"SCRAM-SHA-256", SASL_ALLOW_SCRAM, &sasl_scram, DIGEST_SHA256, false},
	{"SCRAM-SHA-1", SASL_ALLOW_SCRAM, &sasl_scram, DIGEST_SHA1, false},
	{"PLAIN", SASL_ALLOW_PLAIN, &sasl_plain, DIGEST_NONE, false},
	{"LOGIN", SASL_ALLOW_LOGIN, &sasl_login, DIGEST_NONE, false},
	{"OAUTHBEARER", SASL_ALLOW_OAUTH, &sasl_oauthbearer, DIGEST_NONE, false},
	{"XOAUTH2", SASL_ALLOW_OAUTH, &sasl_xoauth2, DIGEST_NONE, false},
	{"CRAM-MD5", SASL_ALLOW_CRAM_MD5, &sasl_cram_md5, DIGEST_NONE, false},
#ifdef HAVE_GSSAPI
	{"GSSAPI", SASL_ALLOW_GSSAPI, &sasl_gssapi, DIGEST_NONE, false},
#endif
};

/* --- The choice -------------------------------------------------------------- */

static bool has_word(const char *list, const char *name)
{
	g_auto(GStrv) words = g_strsplit_set(list ? list : "", " \t", -1);
	for (size_t i = 0; words[i]; i++)
		if (g_ascii_strcasecmp(words[i], name) == 0)
			return true;
	return false;
}

static bool is_possible(const struct mechanism *m, const struct sasl_facts *f)
{
	if (!(m->allow & f->allow) || (m->plus && !f->binding))
		return false;
	return m->allow != SASL_ALLOW_EXTERNAL || f->certificate;
}

static bool refused_plus(const char *refused)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++)
		if (mechanisms[i].plus && has_word(refused, mechanisms[i].name))
			return true;
	return false;
}

const char *sasl_choose(const char *offered, const struct sasl_facts *facts, const char *refused)
{
	bool only_plus = refused_plus(refused);
	for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++) {
		const struct mechanism *m = &mechanisms[i];
		if (has_word(offered, m->name) && !has_word(refused, m->name) &&
			is_possible(m, facts) && (m->plus || !only_plus))
			return m->name;
	}
	return NULL;
}

static const struct mechanism *find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++)
		if (g_ascii_strcasecmp(mechanisms[i].name, name) == 0)
			return &mechanisms[i];
	g_assert_not_reached();
}

bool sasl_needs_secret(const char *mechanism)
{
	return (find(mechanism)->allow & (SASL_ALLOW_EXTERNAL | SASL_ALLOW_GSSAPI)) == 0;
}

bool sasl_takes_token(const char *mechanism)
{
	return find(mechanism)->allow == SASL_ALLOW_OAUTH;
}

/* --- The dialogue ------------------------------------------------------------ */

static bool begin(struct sasl *s, GError **error)
{
	const struct family *family = s->mechanism->family;
	return !family->begin || family->begin(s, error);
}

struct sasl *sasl_new(
	const char *mechanism, const struct sasl_facts *facts, const char *secret, GError **error)
{
	g_autoptr(sasl) s = g_new0(struct sasl, 1);
	s->mechanism = find(mechanism);
	s->user = g_strdup(facts->user ? facts->user : "");
	s->secret = g_strdup(secret ? secret : "");
	secret_lock(s->secret, strlen(s->secret));
	s->service = g_strdup(facts->service);
	s->host = g_strdup(facts->host);
	s->port = facts->port;
	s->nonce = g_strdup(facts->nonce);
	s->binding = facts->binding ? g_bytes_ref(facts->binding) : NULL;
	return begin(s, error) ? g_steal_pointer(&s) : NULL;
}

static void clear_state(struct sasl *s)
{
	if (s->mechanism->family->clear)
		s->mechanism->family->clear(s);
	s->state = NULL;
}

void sasl_free(struct sasl *s)
{
	if (!s)
		return;
	clear_state(s);
	g_free(s->user);
	sasl_wipe(&s->secret);
	sasl_wipe(&s->answer);
	g_free(s->service);
	g_free(s->host);
	g_free(s->nonce);
	g_free(s->trouble);
	g_clear_pointer(&s->binding, g_bytes_unref);
	g_free(s);
}

void sasl_restart(struct sasl *s)
{
	g_autoptr(GError) error = NULL;
	clear_state(s);
	sasl_wipe(&s->answer);
	g_clear_pointer(&s->trouble, g_free);
	s->fault = SASL_FAULT_NONE;
	s->step = 0;
	s->done = s->gave_secret = s->failed = false;
	/* It could be done before; a ticket may have run out since. */
	if (!begin(s, &error))
		sasl_fail(s, SASL_FAULT_LOCAL, g_strdup(error->message));
}

const char *sasl_mechanism(const struct sasl *s)
{
	return s->mechanism->name;
}

/* Room from the start, so that no secret is left behind by realloc. */
static GByteArray *make_room(const struct sasl *s)
{
	return g_byte_array_sized_new((guint)(strlen(s->user) * 3 + strlen(s->secret) + 4096));
}

static const char *answer(struct sasl *s, const struct challenge *c)
{
	GByteArray *out = make_room(s);
	bool ok = !s->failed && s->mechanism->family->answer(s, c, out);
	sasl_wipe(&s->answer);
	if (ok)
		s->answer = g_base64_encode(out->len ? out->data : (const guchar *)"", out->len);
	else
		s->failed = true;
	if (out->len)
		explicit_bzero(out->data, out->len);
	g_byte_array_unref(out);
	return s->answer;
}

/* The first answer is made once and kept: a nonce must not change. */
static const char *first_answer(struct sasl *s)
{
	const struct challenge nothing = {"", 0};
	return s->answer ? s->answer : answer(s, &nothing);
}

/* Then the challenge is an empty one, whatever a server puts there. */
static bool speaks_first(const struct sasl *s)
{
	return s->step == 0 && s->mechanism->family->client_first;
}

const char *sasl_initial(struct sasl *s)
{
	const struct family *family = s->mechanism->family;
	if (!family->client_first || !family->initial || s->step > 0)
		return NULL;
	const char *text = first_answer(s);
	return text && *text ? text : "=";
}

const char *sasl_step(struct sasl *s, const char *challenge)
{
	const char *text = NULL;
	if (s->failed)
		return NULL;
	if (speaks_first(s)) {
		text = first_answer(s);
	} else {
		struct challenge c = {0};
		g_autofree char *decoded = sasl_decode(challenge, &c.len);
		c.text = decoded;
		if (decoded)
			text = answer(s, &c);
		else
			s->failed = true;
	}
	s->step++;
	return text;
}

bool sasl_ignores(const struct sasl *s)
{
	return speaks_first(s) || (s->mechanism->family->blind && !s->done && !s->failed);
}

bool sasl_is_done(const struct sasl *s)
{
	return s->done && !s->failed;
}

bool sasl_gave_secret(const struct sasl *s)
{
	return s->gave_secret;
}

const char *sasl_trouble(const struct sasl *s, enum sasl_fault *fault)
{
	*fault = s->fault;
	return s->trouble;
}

/* --- For the mechanisms ------------------------------------------------------ */

bool sasl_fail(struct sasl *s, enum sasl_fault fault, char *text)
{
	g_free(s->trouble);
	s->trouble = text;
	s->fault = fault;
	return false;
}

bool sasl_unfit(GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (error)
		*error = g_error_new_valist(NET_ERROR, NET_ERROR_CONFIG, format, args);
	va_end(args);
	return false;
}

void sasl_put(GByteArray *out, const char *text)
{
	g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
}

void sasl_wipe(char **secret)
{
	g_clear_pointer(secret, secret_free);
}

/* A decoder that skips what it does not know would take any error text for a
 * challenge. */
static bool is_base64(const char *text)
{
	size_t len = strlen(text);
	size_t body =
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
	size_t padding = strspn(text + body, "=");
	return len % 4 == 0 && body + padding == len && padding <= 2;
}

char *sasl_decode(const char *text, size_t *len)
{
	if (!is_base64(text))
		return NULL;
	g_autofree guchar *octets = g_base64_decode(text, len);
	g_autofree char *again = g_base64_encode(octets ? octets : (guchar *)"", *len);
	if (strcmp(again, text) != 0)
		return NULL; /* bits are left over */
	char *copy = g_malloc(*len + 1);
	memcpy(copy, octets, *len);
	copy[*len] = '\0';
	return copy;
}

char *sasl_name(const char *user)
{
	GString *name = g_string_new(NULL);
	for (; *user; user++) {
		if (*user == ',' || *user == '=')
			g_string_append_printf(name, "=%02X", (unsigned)*user);
		else
			g_string_append_c(name, *user);
	}
	return g_string_free(name, FALSE);
}
