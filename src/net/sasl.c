/* SPDX-License-Identifier: MIT */
#include "net/sasl.h"

#include <string.h>

struct sasl {
	const struct mechanism *mechanism;
	char *user, *secret;
	char *answer; /* base64, ours to wipe */
	int step;     /* challenges answered so far */
};

struct mechanism {
	const char *name;
	bool client_first;
	/* The answer of this step in clear, or NULL: there is no such step. */
	char *(*answer)(const struct sasl *s, size_t *len);
};

static void wipe(char **secret)
{
	if (*secret)
		explicit_bzero(*secret, strlen(*secret));
	g_clear_pointer(secret, g_free);
}

/* RFC 4616: NUL user NUL secret, without an authorization identity. */
static char *plain_answer(const struct sasl *s, size_t *len)
{
	size_t user = strlen(s->user), secret = strlen(s->secret);
	if (s->step > 0)
		return NULL;
	char *text = g_malloc0(user + secret + 3);
	memcpy(text + 1, s->user, user);
	memcpy(text + 2 + user, s->secret, secret);
	*len = user + secret + 2;
	return text;
}

/* The prompts are not looked at: servers word them as they like, and the order
 * is always user, then secret. */
static char *login_answer(const struct sasl *s, size_t *len)
{
	if (s->step > 1)
		return NULL;
	const char *text = s->step == 0 ? s->user : s->secret;
	*len = strlen(text);
	return g_strdup(text);
}

/* In the order of preference (T-40). */
static const struct mechanism mechanisms[] = {
	{"PLAIN", true, plain_answer},
	{"LOGIN", false, login_answer},
};

static bool offers(const char *offered, const char *name)
{
	g_auto(GStrv) words = g_strsplit_set(offered, " \t", -1);
	for (size_t i = 0; words[i]; i++)
		if (g_ascii_strcasecmp(words[i], name) == 0)
			return true;
	return false;
}

const char *sasl_choose(const char *offered)
{
	if (!offered)
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++)
		if (offers(offered, mechanisms[i].name))
			return mechanisms[i].name;
	return NULL;
}

static const struct mechanism *find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++)
		if (g_ascii_strcasecmp(mechanisms[i].name, name) == 0)
			return &mechanisms[i];
	g_assert_not_reached();
}

struct sasl *sasl_new(const char *mechanism, const char *user, const char *secret)
{
	struct sasl *s = g_new0(struct sasl, 1);
	s->mechanism = find(mechanism);
	s->user = g_strdup(user);
	s->secret = g_strdup(secret);
	return s;
}

void sasl_free(struct sasl *s)
{
	if (!s)
		return;
	g_free(s->user);
	wipe(&s->secret);
	wipe(&s->answer);
	g_free(s);
}

const char *sasl_mechanism(const struct sasl *s)
{
	return s->mechanism->name;
}

static const char *answer(struct sasl *s)
{
	size_t len = 0;
	char *clear = s->mechanism->answer(s, &len);
	wipe(&s->answer);
	if (!clear)
		return NULL;
	s->answer = g_base64_encode((const guchar *)clear, len);
	explicit_bzero(clear, len);
	g_free(clear);
	return s->answer;
}

const char *sasl_initial(struct sasl *s)
{
	if (!s->mechanism->client_first)
		return NULL;
	const char *text = answer(s);
	return text && *text ? text : "=";
}

/* Strict (T-45): a decoder that skips what it does not know would take any
 * error text for a challenge. */
static bool is_base64(const char *text)
{
	size_t len = strlen(text);
	size_t body =
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
	size_t padding = strspn(text + body, "=");
	return len % 4 == 0 && body + padding == len && padding <= 2;
}

const char *sasl_step(struct sasl *s, const char *challenge)
{
	if (!is_base64(challenge))
		return NULL;
	if (s->mechanism->client_first && *challenge)
		return NULL;
	const char *text = answer(s);
	s->step++;
	return text;
}
