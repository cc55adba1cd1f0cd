/* SPDX-License-Identifier: MIT
 *
 * The settings of an account that are about signing and encrypting. */
#include "config/parse.h"

#include <string.h>

enum { SHA1_DIGITS = 40, SHA256_DIGITS = 64 };

/* gpg shows it in groups. */
char *fingerprint_parse(const char *text, struct complaint *c)
{
	g_autoptr(GString) digits = g_string_new(NULL);
	for (const char *at = text; *at; at++)
		if (!strchr(" :", *at))
			g_string_append_c(digits, g_ascii_toupper(*at));
	size_t len = strspn(digits->str, "0123456789ABCDEF");
	if (digits->str[len] == '\0' && (len == SHA1_DIGITS || len == SHA256_DIGITS))
		return g_strdup(digits->str);
	complain(c, g_strdup_printf(_("'%s' is no fingerprint of a key"), text),
		g_strdup(_("write its 40 hexadecimal digits, as 'gpg --list-keys' or "
			   "'gpgsm --list-keys' shows them")));
	return NULL;
}

static char *read_key(const struct section *s, const char *setting)
{
	struct complaint unused = {0};
	const char *text = section_text(s, setting);
	return text ? fingerprint_parse(text, &unused) : NULL;
}

static bool is(const struct section *s, const char *setting, const char *word)
{
	return strcmp(section_text(s, setting), word) == 0;
}

void seal_settings_read(const struct section *s, struct seal_settings *out)
{
	out->sign = is(s, "sign", "yes");
	out->encrypt = is(s, "encrypt", "yes")    ? ENCRYPT_YES
		       : is(s, "encrypt", "auto") ? ENCRYPT_AUTO
						  : ENCRYPT_NO;
	out->key = read_key(s, "key");
	out->smime_key = read_key(s, "smime-key");
	out->show_subject = is(s, "protect-subject", "no");
	out->autocrypt = !is(s, "autocrypt", "no");
	out->mutual = is(s, "autocrypt", "mutual");
}

void seal_settings_clear(struct seal_settings *s)
{
	g_clear_pointer(&s->key, g_free);
	g_clear_pointer(&s->smime_key, g_free);
}
