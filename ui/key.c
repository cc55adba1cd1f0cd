/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "ui/key.h"

static const struct {
	const char *name;
	key_code key;
} names[] = {
	{"Tab", KEY_CODE_TAB}, {"Enter", KEY_CODE_ENTER}, {"Return", KEY_CODE_ENTER},
	{"Esc", KEY_CODE_ESCAPE}, {"Space", KEY_CODE_SPACE}, {"Backspace", KEY_CODE_BACKSPACE},
	{"Up", KEY_CODE_UP}, {"Down", KEY_CODE_DOWN}, {"Left", KEY_CODE_LEFT},
	{"Right", KEY_CODE_RIGHT}, {"Home", KEY_CODE_HOME}, {"End", KEY_CODE_END},
	{"PageUp", KEY_CODE_PAGE_UP}, {"PageDown", KEY_CODE_PAGE_DOWN},
	{"Insert", KEY_CODE_INSERT}, {"Delete", KEY_CODE_DELETE}, {"BackTab", KEY_CODE_BACKTAB},
};

static key_code named(const char *name, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i].name) == len &&
			g_ascii_strncasecmp(names[i].name, name, len) == 0)
			return names[i].key;
	if (len >= 2 && len <= 3 && (name[0] == 'F' || name[0] == 'f')) {
		g_autofree char *digits = g_strndup(name + 1, len - 1);
		gint64 n;
		if (g_ascii_string_to_signed(digits, 10, 1, 12, &n, NULL))
			return KEY_CODE_F1 + n - 1;
	}
	return KEY_CODE_NONE;
}

key_code key_from_name(const char *name)
{
	size_t len = strlen(name);
	if (len >= 3 && name[0] == '<' && name[len - 1] == '>')
		return named(name + 1, len - 2);
	if (g_str_has_prefix(name, "M-") && len > 2) {
		key_code key = key_from_name(name + 2);
		return key ? key | KEY_CODE_ALT : KEY_CODE_NONE;
	}
	if ((g_str_has_prefix(name, "C-") || g_str_has_prefix(name, "\\C")) && len == 3)
		return g_ascii_isalpha(name[2]) ? KEY_CODE_CONTROL(name[2]) : KEY_CODE_NONE;
	if (name[0] == '^' && len == 2 && g_ascii_isalpha(name[1]))
		return KEY_CODE_CONTROL(name[1]);
	gunichar c = g_utf8_get_char_validated(name, -1);
	if (len > 0 && c < 0x110000 && *g_utf8_next_char(name) == '\0')
		return c > ' ' ? c : KEY_CODE_NONE;
	return named(name, len);
}

static char *plain_name(key_code key)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].key == key)
			return g_strdup_printf("<%s>", names[i].name);
	if (key >= KEY_CODE_F1 && key < KEY_CODE_F1 + 12)
		return g_strdup_printf("<F%u>", key - KEY_CODE_F1 + 1);
	if (key < ' ')
		return g_strdup_printf("C-%c", (char)(key | 0x60));
	char text[7] = "";
	g_unichar_to_utf8(key, text);
	return g_strdup(text);
}

char *key_label(key_code key)
{
	g_autofree char *plain = plain_name(key & ~(key_code)KEY_CODE_ALT);
	return g_strconcat(key & KEY_CODE_ALT ? "M-" : "", plain, NULL);
}

bool key_is_text(key_code key)
{
	return key >= ' ' && key < 0x110000 && !(key >= 0x7F && key < 0xA0) &&
	       g_unichar_type(key) != G_UNICODE_FORMAT;
}
