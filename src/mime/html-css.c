/* SPDX-License-Identifier: MIT */
#include "mime/html-css.h"

#include <string.h>

enum { SHEETS_MAX = 512 * 1024, NAME_MAX_OCTETS = 100, VALUE_MAX = 400, NEAR = 24 };

struct rule {
	const char *property, *value;
	guint set, reset;
};

enum { CSS_0 = 0 };

static const struct rule rules[] = {
#define CSS(property, value, set, reset) {property, value, CSS_##set, CSS_##reset},
#include "mime/html-css.def"
#undef CSS
};

static const struct {
	const char *name;
	guint32 color;
} names[] = {
	{"white", 0xFFFFFF},
	{"black", 0},
	{"red", 0xFF0000},
	{"green", 0x008000},
	{"blue", 0x0000FF},
	{"gray", 0x808080},
	{"grey", 0x808080},
	{"silver", 0xC0C0C0},
	{"yellow", 0xFFFF00},
	{"navy", 0x000080},
	{"maroon", 0x800000},
	{"snow", 0xFFFAFA},
	{"ivory", 0xFFFFF0},
	{"whitesmoke", 0xF5F5F5},
	{"windowtext", 0},
	{"window", 0xFFFFFF},
};

static bool hex(const char *text, guint32 *color)
{
	size_t n = 0;
	guint32 value = 0;
	for (; g_ascii_isxdigit(text[n]) && n < 9; n++)
		value = value << 4 | (guint32)g_ascii_xdigit_value(text[n]);
	if (n == 3)
		value = (value & 0xF00) * 0x1100 | (value & 0xF0) * 0x110 | (value & 0xF) * 0x11;
	*color = value;
	return (n == 3 || n == 6) && !g_ascii_isalnum(text[n]);
}

static bool rgb(const char *text, guint32 *color)
{
	guint32 value = 0;
	for (int i = 0; i < 3; i++) {
		char *end;
		guint64 n = g_ascii_strtoull(text, &end, 10);
		if (end == text || *end == '%')
			return false;
		value = value << 8 | (guint32)MIN(n, 255);
		text = end + strspn(end, " ,");
	}
	*color = value;
	return *text == ')';
}

bool css_color(const char *text, guint32 *color)
{
	while (g_ascii_isspace(*text))
		text++;
	if (*text == '#')
		return hex(text + 1, color);
	if (g_ascii_strncasecmp(text, "rgb(", 4) == 0)
		return rgb(text + 4, color);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		size_t n = strlen(names[i].name);
		if (g_ascii_strncasecmp(text, names[i].name, n) == 0 && !g_ascii_isalpha(text[n])) {
			*color = names[i].color;
			return true;
		}
	}
	return strlen(text) == 6 && hex(text, color);
}

bool css_same(guint32 a, guint32 b)
{
	int sum = 0;
	for (int i = 0; i < 24; i += 8)
		sum += ABS((int)(a >> i & 0xFF) - (int)(b >> i & 0xFF));
	return sum <= NEAR;
}

static void set(struct css_look *look, guint bits, guint reset)
{
	look->bits = (look->bits & ~reset) | bits;
}

static bool has_word(const char *value, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = value; (p = strstr(p, word)) != NULL; p++)
		if ((p == value || p[-1] == ' ') && strchr(" ;!", p[n]))
			return true;
	return false;
}

/* Nothing, or so little that it cannot be seen: "0", "0.01em" and "1px" are, "0.9em" and
 * "1em" are not. */
static bool is_tiny(const char *value, double most)
{
	char *end;
	double n = g_ascii_strtod(value, &end);
	if (end == value)
		return false;
	bool points = g_str_has_prefix(end, "px") || g_str_has_prefix(end, "pt");
	return n >= 0 && (n <= 0.1 || (points && n <= most));
}

static void declare_background(struct css_look *look, const char *property, const char *value)
{
	guint32 color;
	for (const char *p = value; p; p = (p = strchr(p, ' ')) ? p + 1 : NULL) {
		if (css_color(p, &color)) {
			look->back = color;
			set(look, CSS_BACK, CSS_PICTURE);
		}
	}
	if (strstr(value, "url(") || strstr(value, "gradient") || strstr(value, "image"))
		set(look, CSS_PICTURE, 0);
}

static void declare_color(struct css_look *look, const char *property, const char *value)
{
	set(look, 0, CSS_COLOR);
	if (css_color(value, &look->color))
		set(look, CSS_COLOR, 0);
}

static bool no_length(const char *value)
{
	return is_tiny(value, 1.5);
}

/* One value, or two to four of them: above, sides, below. */
static void declare_margin(struct css_look *look, const char *property, const char *value)
{
	const char *second = strchr(value, ' ');
	const char *third = second ? strchr(second + 1, ' ') : NULL;
	set(look, no_length(value) ? CSS_NO_ABOVE : 0, CSS_NO_ABOVE);
	set(look, no_length(third ? third + 1 : value) ? CSS_NO_BELOW : 0, CSS_NO_BELOW);
}

static void declare_border(struct css_look *look, const char *property, const char *value)
{
	bool none = has_word(value, "none") || is_tiny(value, 0);
	bool solid = strstr(value, "solid") != NULL;
	if (css_is(property, "border"))
		set(look, none ? CSS_NO_BORDER : solid ? CSS_BORDER : 0, CSS_BAR);
	else if (css_is(property, "border-left"))
		set(look, solid && !none ? CSS_BAR : 0, CSS_BAR);
}

static void declare_length(struct css_look *look, const char *property, const char *value)
{
	if (css_is(property, "font-size"))
		set(look, is_tiny(value, 2) ? CSS_TINY : CSS_READABLE, CSS_TINY | CSS_READABLE);
	else if (css_is(property, "opacity"))
		set(look, is_tiny(value, 0) ? CSS_HIDDEN : 0, 0);
	else if (css_is(property, "max-height"))
		set(look, is_tiny(value, 1) ? CSS_HIDDEN : 0, 0);
	else if (css_is(property, "height") || css_is(property, "width"))
		set(look, is_tiny(value, 1) ? CSS_FLAT : 0, 0);
	else if (css_is(property, "margin-top"))
		set(look, no_length(value) ? CSS_NO_ABOVE : 0, CSS_NO_ABOVE);
	else if (css_is(property, "margin-bottom"))
		set(look, no_length(value) ? CSS_NO_BELOW : 0, CSS_NO_BELOW);
	else if (css_is(property, "text-indent") || css_is(property, "left"))
		set(look, g_ascii_strtod(value, NULL) <= -500 ? CSS_AWAY : 0, 0);
}

static void declare_word(struct css_look *look, const char *property, const char *value)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (!css_is(property, rules[i].property))
			continue;
		if (*rules[i].value != '*' && !has_word(value, rules[i].value))
			continue;
		set(look, rules[i].set, rules[i].reset);
		return;
	}
}

/* Those that are looked at, sorted; most are not. */
static const struct property {
	const char *name;
	void (*declare)(struct css_look *look, const char *property, const char *value);
} properties[] = {
	{"background", declare_background},
	{"background-color", declare_background},
	{"background-image", declare_background},
	{"border", declare_border},
	{"border-left", declare_border},
	{"color", declare_color},
	{"direction", declare_word},
	{"display", declare_word},
	{"font-size", declare_length},
	{"font-style", declare_word},
	{"font-weight", declare_word},
	{"height", declare_length},
	{"left", declare_length},
	{"margin", declare_margin},
	{"margin-bottom", declare_length},
	{"margin-top", declare_length},
	{"max-height", declare_length},
	{"mso-hide", declare_word},
	{"opacity", declare_length},
	{"overflow", declare_word},
	{"position", declare_word},
	{"text-align", declare_word},
	{"text-decoration", declare_word},
	{"text-decoration-line", declare_word},
	{"text-indent", declare_length},
	{"visibility", declare_word},
	{"white-space", declare_word},
	{"width", declare_length},
};

static int compare_property(const void *name, const void *property)
{
	return strcmp(name, ((const struct property *)property)->name);
}

static const struct property *find_property(const char *name)
{
	return bsearch(
		name, properties, G_N_ELEMENTS(properties), sizeof properties[0], compare_property);
}

/* Lower case, one space for any white space, none at the ends. */
static void copy_clean(char *to, size_t room, const char *from, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len && n + 1 < room; i++) {
		char c = g_ascii_isspace(from[i]) ? ' ' : g_ascii_tolower(from[i]);
		if (c != ' ' || (n > 0 && to[n - 1] != ' '))
			to[n++] = c;
	}
	while (n > 0 && to[n - 1] == ' ')
		n--;
	to[n] = '\0';
}

/* Behind the ';', of which there may be some in url(data:…;…). */
static const char *declaration_end(const char *text)
{
	int depth = 0;
	for (; *text && (*text != ';' || depth > 0); text++)
		depth += *text == '(' ? 1 : *text == ')' && depth > 0 ? -1 : 0;
	return text;
}

void css_declare(struct css_look *look, const char *declarations)
{
	char property[NAME_MAX_OCTETS], value[VALUE_MAX];
	while (*declarations) {
		const char *end = declaration_end(declarations);
		const char *colon = memchr(declarations, ':', (size_t)(end - declarations));
		if (colon)
			copy_clean(property, sizeof property, declarations,
				(size_t)(colon - declarations));
		const struct property *p = colon ? find_property(property) : NULL;
		if (p) {
			copy_clean(value, sizeof value, colon + 1, (size_t)(end - colon - 1));
			p->declare(look, property, value);
		}
		declarations = end + (*end != '\0');
	}
	if ((look->bits & CSS_CLIPPED) && (look->bits & CSS_FLAT))
		set(look, CSS_HIDDEN, 0);
	if (look->bits & CSS_AWAY)
		set(look, CSS_HIDDEN, 0);
}

struct css_sheet {
	GHashTable *looks; /* "p", ".class", "p.class", "#id" → struct css_look */
	size_t octets;
	bool dark;
};

struct css_sheet *css_sheet_new(void)
{
	struct css_sheet *s = g_new0(struct css_sheet, 1);
	s->looks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return s;
}

void css_sheet_free(struct css_sheet *s)
{
	if (!s)
		return;
	g_hash_table_unref(s->looks);
	g_free(s);
}

bool css_sheet_is_dark(const struct css_sheet *s)
{
	return s->dark;
}

static bool is_simple(const char *selector)
{
	int parts = 0;
	for (const char *p = selector; *p; p++) {
		parts += *p == '.' || *p == '#';
		if (!g_ascii_isalnum(*p) && !strchr(".#-_", *p))
			return false;
	}
	return *selector && parts <= 1;
}

static void add_rule(struct css_sheet *s, const char *selector, const char *declarations)
{
	if (!is_simple(selector)) {
		s->dark = s->dark || strstr(declarations, "background");
		return;
	}
	struct css_look *look = g_hash_table_lookup(s->looks, selector);
	if (!look) {
		look = g_new0(struct css_look, 1);
		g_hash_table_insert(s->looks, g_strdup(selector), look);
	}
	css_declare(look, declarations);
}

/* The last element of a path counts ("div.WordSection1 p.MsoNormal" does not: where it
 * stands is not looked at). */
static void add_rules(
	struct css_sheet *s, const char *selectors, size_t len, const char *declarations)
{
	g_autofree char *all = g_strndup(selectors, len);
	g_auto(GStrv) list = g_strsplit(all, ",", 100);
	for (guint i = 0; list[i]; i++) {
		char selector[NAME_MAX_OCTETS];
		copy_clean(selector, sizeof selector, list[i], strlen(list[i]));
		add_rule(s, selector, declarations);
	}
}

/* Behind what begins at the brace. */
static const char *block_end(const char *brace)
{
	int depth = 0;
	for (; *brace; brace++) {
		depth += *brace == '{' ? 1 : *brace == '}' ? -1 : 0;
		if (depth == 0)
			return brace + 1;
	}
	return brace;
}

static char *without_comments(const char *text)
{
	GString *out = g_string_new(NULL);
	const char *open;
	while ((open = strstr(text, "/*")) != NULL) {
		const char *close = strstr(open + 2, "*/");
		g_string_append_len(out, text, open - text);
		if (!close)
			return g_string_free(out, FALSE);
		text = close + 2;
	}
	g_string_append(out, text);
	return g_string_free(out, FALSE);
}

static const char *skip_marks(const char *p)
{
	for (;;) {
		p += strspn(p, " \t\r\n\f}");
		if (g_str_has_prefix(p, "<!--"))
			p += 4;
		else if (g_str_has_prefix(p, "-->"))
			p += 3;
		else
			return p;
	}
}

static const char *read_at(const char *p)
{
	size_t n = strcspn(p, "{;");
	return p[n] == '{' ? block_end(p + n) : p + n + (p[n] != '\0');
}

static const char *read_rule(struct css_sheet *s, const char *p)
{
	size_t n = strcspn(p, "{");
	if (!p[n])
		return p + n;
	const char *end = block_end(p + n);
	g_autofree char *inside = g_strndup(p + n + 1, (gsize)(end - p) - n - 1);
	inside[strcspn(inside, "}")] = '\0';
	add_rules(s, p, n, inside);
	return end;
}

void css_sheet_read(struct css_sheet *s, const char *text)
{
	s->octets += strlen(text);
	if (s->octets > SHEETS_MAX)
		return;
	g_autofree char *all = without_comments(text);
	for (const char *p = skip_marks(all); *p; p = skip_marks(p))
		p = *p == '@' ? read_at(p) : read_rule(s, p);
}

static void merge(struct css_look *look, const struct css_look *with)
{
	static const guint pairs[][2] = {{CSS_HIDDEN, CSS_SHOWN}, {CSS_BOLD, CSS_PLAIN},
		{CSS_ITALIC, CSS_UPRIGHT}, {CSS_PRE, CSS_FLOWING}, {CSS_RTL, CSS_LTR},
		{CSS_RIGHT, CSS_LEFT}, {CSS_TINY, CSS_READABLE}};
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
		if (with->bits & (pairs[i][0] | pairs[i][1]))
			look->bits &= ~(pairs[i][0] | pairs[i][1]);
	look->bits |= with->bits;
	if (with->bits & CSS_COLOR)
		look->color = with->color;
	if (with->bits & CSS_BACK)
		look->back = with->back;
}

static void look_up(const struct css_sheet *s, const char *a, const char *mark, const char *name,
	struct css_look *look)
{
	char key[NAME_MAX_OCTETS];
	g_snprintf(key, sizeof key, "%s%s%s", a, mark, name);
	for (char *p = key; *p; p++)
		*p = g_ascii_tolower(*p);
	const struct css_look *found = g_hash_table_lookup(s->looks, key);
	if (found)
		merge(look, found);
}

void css_sheet_look(const struct css_sheet *s, const char *element, const char *class,
	const char *id, struct css_look *look)
{
	char word[NAME_MAX_OCTETS];
	if (g_hash_table_size(s->looks) == 0)
		return;
	look_up(s, element, "", "", look);
	for (const char *p = class; p && *(p += strspn(p, " \t\r\n"));) {
		size_t n = strcspn(p, " \t\r\n"), kept = MIN(n, sizeof word - 1);
		memcpy(word, p, kept);
		word[kept] = '\0';
		look_up(s, "", ".", word, look);
		look_up(s, element, ".", word, look);
		p += n;
	}
	if (id && *id)
		look_up(s, "", "#", id, look);
}

void css_addresses(const char *text, void (*found)(const char *url, void *data), void *data)
{
	for (const char *p = text; (p = strstr(p, "url(")) != NULL;) {
		p += strlen("url(");
		p += strspn(p, " \t\r\n\"'");
		size_t n = strcspn(p, "\"')");
		g_autofree char *url = g_strndup(p, MIN(n, 8192));
		found(url, data);
		p += n;
	}
	for (const char *p = text; (p = strstr(p, "@import")) != NULL;) {
		p += strlen("@import");
		p += strspn(p, " \t\r\n");
		size_t n = *p == '"' || *p == '\'' ? strcspn(p + 1, "\"'") : 0;
		g_autofree char *url = g_strndup(p + (n > 0), MIN(n, 8192));
		if (n > 0)
			found(url, data);
	}
}
