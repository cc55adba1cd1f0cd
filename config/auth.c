/* SPDX-License-Identifier: MIT */
#include "config/parse.h"

#include <string.h>

static const struct {
	const char *word;
	bool pop3, smtp;
} auths[] = {
#define AUTH(name, word, pop3, smtp) [AUTH_##name] = {word, pop3, smtp},
#include "config/auth.def"
#undef AUTH
};

const char *auth_word(enum auth auth)
{
	return auths[auth].word;
}

/* "auto, scram or plain": what the service has. */
static char *auth_words(bool smtp)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(auths); i++)
		if (smtp ? auths[i].smtp : auths[i].pop3)
			g_ptr_array_add(words, (char *)auths[i].word);
	g_ptr_array_add(words, NULL);
	return any_of((const char *const *)words->pdata);
}

bool auth_parse(const char *text, const char *service, enum auth *out, struct complaint *c)
{
	bool smtp = strcmp(service, "smtp") == 0;
	g_autofree char *words = auth_words(smtp);
	*out = AUTH_AUTO;
	for (size_t i = 0; i < G_N_ELEMENTS(auths); i++)
		if (strcmp(auths[i].word, text) == 0)
			*out = (enum auth)i;
	if (smtp && !auths[*out].smtp)
		return complain(c, g_strdup_printf(_("'%s' is a log-in of POP3 alone"), text),
			g_strdup_printf(_("write %s"), words));
	return strcmp(auths[*out].word, text) == 0 ||
	       complain(c, g_strdup_printf(_("'%s-auth' cannot be '%s'"), service, text),
		       g_strdup_printf(_("write %s"), words));
}
