/* SPDX-License-Identifier: MIT */
#include "config/parse.h"

#include <string.h>

#include "base/quote.h"

struct mistake {
	int line;
	char *text;
};

bool complain(struct complaint *c, char *what, char *instead)
{
	c->what = what;
	c->instead = instead;
	return false;
}

char *any_of(const char *const *words)
{
	g_autoptr(GString) out = g_string_new(*words);
	for (const char *const *w = words + 1; *words && *w; w++)
		/* TRANSLATORS: between the last two words of a list: "yes or no" */
		g_string_append_printf(out, "%s%s", w[1] ? ", " : _(" or "), *w);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

void mistakes_init(struct mistakes *m, const char *file)
{
	m->file = file;
	m->list = g_array_new(FALSE, FALSE, sizeof(struct mistake));
}

char *mistake_text(const char *file, int line, const char *what, const char *instead)
{
	return g_strdup_printf("%s:%d: %s%s%s", file, line, what, instead ? "; " : "",
		instead ? instead : "");
}

void mistakes_say(struct mistakes *m, int line, char *what, char *instead)
{
	struct mistake one = {line, mistake_text(m->file, line, what, instead)};
	g_array_append_val(m->list, one);
	g_free(what);
	g_free(instead);
}

void mistakes_add(struct mistakes *m, int line, struct complaint *c)
{
	mistakes_say(m, line, g_steal_pointer(&c->what), g_steal_pointer(&c->instead));
}

static gint by_line(gconstpointer a, gconstpointer b)
{
	const struct mistake *x = a, *y = b;
	return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
				  : strcmp(x->text, y->text);
}

bool mistakes_clear(struct mistakes *m, GPtrArray *out)
{
	bool none = m->list->len == 0;
	g_array_sort(m->list, by_line);
	for (guint i = 0; i < m->list->len; i++)
		g_ptr_array_add(out, g_array_index(m->list, struct mistake, i).text);
	g_array_free(m->list, TRUE);
	m->list = NULL;
	return none;
}

void line_clear(struct line *l)
{
	if (l->rest)
		explicit_bzero(l->rest, strlen(l->rest)); /* it may be a password */
	g_clear_pointer(&l->word, g_free);
	g_clear_pointer(&l->rest, g_free);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at)
{
	while (is_blank(*at))
		at++;
	return at;
}

static char *copy_trimmed(const char *from, const char *end)
{
	from = skip_blanks(from);
	while (end > from && is_blank(end[-1]))
		end--;
	return g_strndup(from, end > from ? (gsize)(end - from) : 0);
}

/* A "…" with \" and \\ in it; *at is behind it afterwards. */
static char *read_quoted(const char **at, struct complaint *c)
{
	/* Room from the start: growing would leave copies of what may be a password. */
	g_autoptr(GString) out = g_string_sized_new(strlen(*at));
	const char *p = *at + 1;
	for (; *p != '\0' && *p != '"'; p++) {
		if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		g_string_append_c(out, *p);
	}
	if (*p == '\0') {
		complain(c, g_strdup(_("the closing '\"' is missing")),
			g_strdup(_("write '\"' at the end, and '\\\"' for one inside")));
		return NULL;
	}
	*at = p + 1;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Where a value without quotes around it ends: a comment needs white space
 * before it, and does not begin between two quotes: subject:"bug #12". */
static const char *bare_end(const char *at)
{
	for (const char *p = at; *p != '\0'; p++) {
		const char *closing = *p == '"' ? strchr(p + 1, '"') : NULL;
		if (closing)
			p = closing;
		else if (*p == '#' && (p == at || is_blank(p[-1])))
			return p;
	}
	return at + strlen(at);
}

static bool only_comment(const char *at)
{
	const char *rest = skip_blanks(at);
	return *rest == '\0' || (*rest == '#' && rest > at);
}

char *dotfile_quote(const char *value)
{
	size_t len = strlen(value);
	bool bare = len > 0 && *value != '"' && !strchr(value, '#') && !is_blank(*value) &&
		    !is_blank(value[len - 1]);
	return bare ? g_strdup(value) : quote_text(value);
}

static bool read_value(const char *at, char **out, struct complaint *c)
{
	if (*at != '"') {
		*out = copy_trimmed(at, bare_end(at));
		return true;
	}
	*out = read_quoted(&at, c);
	if (!*out)
		return false;
	return only_comment(at) || complain(c, g_strdup(_("text stands behind the closing '\"'")),
		g_strdup(_("put '\"' around the whole value, and write '\\\"' for one inside")));
}

static bool read_section(const char *at, struct line *out, struct complaint *c)
{
	const char *close = strchr(at, ']');
	if (!close || !only_comment(close + 1))
		return complain(c, g_strdup(_("a section is one word or two in brackets")),
			g_strdup(_("write '[account home]'")));
	g_autofree char *inside = copy_trimmed(at + 1, close);
	const char *space = inside + strcspn(inside, " \t");
	out->kind = LINE_SECTION;
	out->word = g_strndup(inside, (gsize)(space - inside));
	if (*space != '\0')
		out->rest = g_strdup(skip_blanks(space));
	return true;
}

static bool not_a_setting(struct complaint *c)
{
	return complain(c, g_strdup(_("this is neither a section nor a setting")),
		g_strdup(_("write 'name = value', or '#' before a comment")));
}

static bool read_setting(const char *at, struct line *out, struct complaint *c)
{
	const char *equals;
	if (*at == '"') { /* [keys] has names like "=" and "#" */
		out->word = read_quoted(&at, c);
		if (!out->word)
			return false;
		equals = skip_blanks(at);
	} else {
		equals = strchr(at, '=');
		out->word = copy_trimmed(at, equals ? equals : at);
	}
	if (!equals || *equals != '=' || *out->word == '\0')
		return not_a_setting(c);
	out->kind = LINE_SETTING;
	return read_value(skip_blanks(equals + 1), &out->rest, c);
}

/* Control characters would end up in headers and protocol lines (P-04). */
static bool check_octets(const char *text, size_t len, struct complaint *c)
{
	const char *bad;
	if (memchr(text, '\0', len))
		return complain(c, g_strdup(_("the line holds a NUL octet")),
			g_strdup(_("save the file as plain text in UTF-8")));
	if (!g_utf8_validate(text, (gssize)len, &bad))
		return complain(c,
			g_strdup_printf(_("octet %d of the line, 0x%02X, is not UTF-8"),
				(int)(bad - text) + 1, (unsigned)(guchar)*bad),
			g_strdup(_("save the file in UTF-8")));
	for (const char *p = text; p < text + len; p = g_utf8_next_char(p)) {
		gunichar u = g_utf8_get_char(p);
		if (g_unichar_iscntrl(u) && u != '\t')
			return complain(c,
				g_strdup_printf(_("the line holds the control character U+%04X"), u),
				g_strdup(_("take it out")));
	}
	return true;
}

bool line_read(const char *text, size_t len, struct line *out, struct complaint *c)
{
	*out = (struct line){.kind = LINE_EMPTY};
	if (len > 0 && text[len - 1] == '\r')
		len--;
	if (!check_octets(text, len, c))
		return false;
	char *copy = g_strndup(text, len);
	const char *at = skip_blanks(copy);
	bool ok = true;
	if (*at == '[')
		ok = read_section(at, out, c);
	else if (*at != '\0' && *at != '#' && *at != ';')
		ok = read_setting(at, out, c);
	explicit_bzero(copy, len);
	g_free(copy);
	if (!ok)
		line_clear(out);
	return ok;
}
