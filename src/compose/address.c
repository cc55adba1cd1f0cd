/* SPDX-License-Identifier: MIT */
#include "compose/address.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <string.h>

#include "base/quote.h"
#include "base/sanitize.h"
#include "compose/draft.h"

enum { LOCAL_MAX = 64, DOMAIN_MAX = 255, LABEL_MAX = 63 };

void typed_address_free(struct typed_address *a)
{
	if (!a)
		return;
	g_free(a->name);
	g_free(a->address);
	g_free(a);
}

static bool refuse(GError **error, const char *address, const char *why)
{
	g_autofree char *clean = sanitize_line(address, -1);
	g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ADDRESS, _("not an address: '%s': %s"),
		clean, why);
	return false;
}

static bool is_atext(char c, bool utf8)
{
	return g_ascii_isalnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c)) ||
	       (utf8 && (guchar)c >= 0x80);
}

static bool is_quoted_text(char c, bool utf8)
{
	return (c >= 0x20 && c < 0x7F) || (utf8 && (guchar)c >= 0x80);
}

static bool check_quoted(const char *local, size_t len, bool utf8)
{
	if (len < 2 || local[len - 1] != '"')
		return false;
	for (size_t i = 1; i + 1 < len; i++) {
		if (local[i] == '"' || (local[i] == '\\' && ++i + 1 >= len))
			return false;
		if (!is_quoted_text(local[i], utf8))
			return false;
	}
	return true;
}

static bool check_dotted(const char *local, size_t len, bool utf8)
{
	bool dot = true;
	for (size_t i = 0; i < len; i++) {
		if (local[i] == '.' ? dot : !is_atext(local[i], utf8))
			return false;
		dot = local[i] == '.';
	}
	return !dot;
}

static bool check_local(const char *address, size_t len, bool utf8, GError **error)
{
	if (len == 0)
		return refuse(error, address, _("nothing stands before the @"));
	if (len > LOCAL_MAX)
		return refuse(error, address, _("more than 64 octets stand before the @"));
	if (*address == '"' ? check_quoted(address, len, utf8) : check_dotted(address, len, utf8))
		return true;
	for (size_t i = 0; i < len; i++)
		if ((guchar)address[i] >= 0x80 && !utf8)
			return refuse(error, address, _("only ASCII may stand before the @"));
	return refuse(error, address,
		_("what stands before the @ must be letters, digits and "
		  "!#$%&'*+-/=?^_`{|}~. or stand in quotes"));
}

static bool check_literal(const char *domain)
{
	struct in6_addr ip;
	size_t len = strlen(domain);
	if (len < 3 || domain[len - 1] != ']')
		return false;
	g_autofree char *inner = g_strndup(domain + 1, len - 2);
	if (g_ascii_strncasecmp(inner, "IPv6:", 5) == 0)
		return inet_pton(AF_INET6, inner + 5, &ip) == 1;
	return inet_pton(AF_INET, inner, &ip) == 1;
}

/* Letters, digits and hyphens inside; the hyphen at neither end. */
static bool check_labels(const char *domain)
{
	size_t len = 0;
	for (const char *c = domain;; c++) {
		if (*c == '.' || *c == '\0') {
			if (len == 0 || len > LABEL_MAX || c[-1] == '-' ||
				c[-(ptrdiff_t)len] == '-')
				return false;
			if (*c == '\0')
				return true;
			len = 0;
		} else if (!g_ascii_isalnum(*c) && *c != '-') {
			return false;
		} else {
			len++;
		}
	}
}

/* libidn2 accepts more than a mail domain may be; check_labels() has the last
 * word about what comes out. */
static char *ascii_domain(const char *domain)
{
	uint8_t *ascii = NULL;
	if (g_str_is_ascii(domain))
		return check_labels(domain) ? g_ascii_strdown(domain, -1) : NULL;
	if (!g_utf8_validate(domain, -1, NULL))
		return NULL;
	if (idn2_lookup_u8((const uint8_t *)domain, &ascii,
		    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return NULL;
	char *lower = check_labels((char *)ascii) ? g_ascii_strdown((char *)ascii, -1) : NULL;
	idn2_free(ascii);
	return lower;
}

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');
	return at ? at + 1 : NULL;
}

static bool check_domain(const char *address, const char *domain, GError **error)
{
	if (*domain == '\0')
		return refuse(error, address, _("nothing stands after the @"));
	if (*domain == '[')
		return check_literal(domain) ||
		       refuse(error, address, _("what stands in brackets is no IP address"));
	g_autofree char *ascii = ascii_domain(domain);
	if (!ascii)
		return refuse(error, address, _("what stands after the @ is no domain name"));
	return strlen(ascii) <= DOMAIN_MAX ||
	       refuse(error, address, _("the domain is longer than 255 octets"));
}

bool address_needs_utf8(const char *address)
{
	const char *at = strrchr(address, '@');
	for (const char *c = address; at && c < at; c++)
		if ((guchar)*c >= 0x80)
			return true;
	return false;
}

bool address_check(const char *address, bool utf8, GError **error)
{
	const char *domain = domain_of(address);
	if (!g_utf8_validate(address, -1, NULL))
		return refuse(error, address, _("it is not UTF-8"));
	if (!domain)
		return refuse(error, address, _("there is no @ in it"));
	if (!check_local(address, (size_t)(domain - 1 - address), utf8, error) ||
		!check_domain(address, domain, error))
		return false;
	g_autofree char *ascii = address_to_ascii_domain(address, error);
	if (!ascii)
		return false;
	return strlen(ascii) <= ADDRESS_MAX ||
	       refuse(error, address, _("it is longer than 254 octets"));
}

char *address_to_ascii_domain(const char *address, GError **error)
{
	const char *domain = domain_of(address);
	if (!domain) {
		refuse(error, address, _("there is no @ in it"));
		return NULL;
	}
	bool as_it_is = *domain == '[' || g_str_is_ascii(domain);
	g_autofree char *ascii = as_it_is ? g_strdup(domain) : ascii_domain(domain);
	if (!ascii) {
		refuse(error, address, _("what stands after the @ is no domain name"));
		return NULL;
	}
	return g_strdup_printf("%.*s@%s", (int)(domain - 1 - address), address, ascii);
}

bool address_equal(const char *a, const char *b)
{
	g_autofree char *one = address_to_ascii_domain(a, NULL);
	g_autofree char *two = address_to_ascii_domain(b, NULL);
	const char *x = one ? one : a, *y = two ? two : b;
	const char *at = domain_of(x);
	size_t local = at ? (size_t)(at - x) : strlen(x) + 1;
	return strncmp(x, y, local) == 0 && (!at || g_ascii_strcasecmp(at, y + local) == 0);
}

/* --- lists --------------------------------------------------------------- */

/* One pass over the text.  An item ends at a comma or semicolon that stands in
 * no quotes, comment, angle brackets or domain literal. */
struct scan {
	const char *at;
	GString *item;    /* without comments */
	GString *comment; /* the last one */
	bool group;       /* inside "Name: …;" */
	bool quoted, angle, bracket;
	int depth; /* of comments */
	GPtrArray *out;
	const struct address_here *here;
	GError **error;
};

static bool unclosed(struct scan *s, const char *what)
{
	/* TRANSLATORS: 'what' is the character that is missing */
	g_autofree char *why = g_strdup_printf(_("a '%s' is missing"), what);
	return refuse(s->error, s->item->str, why);
}

/* "Last, First" without its quotes, and blanks as one space. */
static char *clean_name(const char *raw)
{
	GString *name = g_string_new(NULL);
	bool quoted = false;
	for (const char *c = raw; *c; c++) {
		if (*c == '"') {
			quoted = !quoted;
			continue;
		}
		if (*c == '\\' && quoted && c[1])
			c++;
		bool blank = g_ascii_isspace(*c);
		if (!blank)
			g_string_append_c(name, *c);
		else if (name->len > 0 && name->str[name->len - 1] != ' ')
			g_string_append_c(name, ' ');
	}
	return g_strchomp(g_string_free(name, FALSE));
}

/* <@a,@b:c@d> → c@d: the route was for the mail of 1982 (S-67). */
static const char *skip_route(const char *inner)
{
	const char *colon = *inner == '@' ? strchr(inner, ':') : NULL;
	return colon ? colon + 1 : inner;
}

static const char *find_angle(const char *item)
{
	bool quoted = false;
	for (const char *c = item; *c; c++) {
		if (*c == '\\' && quoted && c[1])
			c++;
		else if (*c == '"')
			quoted = !quoted;
		else if (*c == '<' && !quoted)
			return c;
	}
	return NULL;
}

/* "root" with its address, or the text as it is; NULL: an error. */
static char *find_here(struct scan *s, const char *text, const char **name)
{
	bool word = s->here && check_dotted(text, strlen(text), false);
	if (!word)
		return g_strdup(text);
	if (!**name && s->comment->len == 0)
		*name = text;
	return s->here->find(text, s->here->data, s->error);
}

static bool add(struct scan *s, const char *name, const char *text)
{
	g_autofree char *address = find_here(s, text, &name);
	if (!address || !address_check(address, true, s->error))
		return false;
	struct typed_address *a = g_new0(struct typed_address, 1);
	a->name = *name ? clean_name(name) : clean_name(s->comment->str);
	a->address = g_steal_pointer(&address);
	g_ptr_array_add(s->out, a);
	return true;
}

static bool end_item(struct scan *s)
{
	const char *item = g_strstrip(s->item->str);
	const char *angle = find_angle(item);
	bool ok = true;
	if (angle) {
		g_autofree char *name = g_strndup(item, (gsize)(angle - item));
		g_autofree char *inner = g_strdup(skip_route(angle + 1));
		char *close = strrchr(inner, '>');
		if (close && close[1] != '\0')
			return refuse(s->error, item, _("something stands behind the '>'"));
		if (!close)
			return unclosed(s, ">");
		*close = '\0';
		ok = add(s, name, g_strstrip(inner));
	} else if (*item) {
		ok = add(s, "", item);
	}
	g_string_truncate(s->item, 0);
	g_string_truncate(s->comment, 0);
	return ok;
}

/* What a comment parts are two words: "a(x)b@c" is not ab@c (S-66). */
static void keep_apart(struct scan *s)
{
	char before = s->item->len > 0 ? s->item->str[s->item->len - 1] : ' ';
	if (is_atext(before, true) && is_atext(s->at[1], true))
		g_string_append_c(s->item, ' ');
}

static void scan_comment(struct scan *s)
{
	char c = *s->at;
	if (c == '\\' && s->at[1])
		c = *++s->at;
	else if (c == '(' && s->depth++ == 0)
		return;
	else if (c == ')' && --s->depth == 0) {
		keep_apart(s);
		return;
	}
	g_string_append_c(s->comment, c);
}

static void scan_quoted(struct scan *s)
{
	g_string_append_c(s->item, *s->at);
	if (*s->at == '\\' && s->at[1])
		g_string_append_c(s->item, *++s->at);
	else if (*s->at == '"')
		s->quoted = false;
}

static bool begin_group(struct scan *s)
{
	if (s->group)
		return refuse(s->error, s->item->str, _("a group stands in a group"));
	s->group = true;
	g_string_truncate(s->item, 0);
	return true;
}

static bool scan_plain(struct scan *s)
{
	char c = *s->at;
	bool inside = s->angle || s->bracket;
	if ((c == ',' || c == ';') && !inside) {
		s->group = s->group && c != ';';
		return end_item(s);
	}
	if (c == ':' && !inside)
		return begin_group(s);
	if (c == '(') {
		g_string_truncate(s->comment, 0);
		scan_comment(s);
		return true;
	}
	if (c == '<' || c == '>')
		s->angle = c == '<';
	if (c == '[' || c == ']')
		s->bracket = c == '[';
	s->quoted = c == '"';
	g_string_append_c(s->item, c);
	return true;
}

static bool scan_char(struct scan *s)
{
	if (s->depth > 0)
		scan_comment(s);
	else if (s->quoted)
		scan_quoted(s);
	else
		return scan_plain(s);
	return true;
}

/* Looked at beforehand: behind a backslash it is refused as well. */
static bool check_controls(const char *text, GError **error)
{
	for (const char *c = text; *c; c++)
		if (g_ascii_iscntrl(*c) && *c != '\t')
			return refuse(error, c, _("there is a control character in it"));
	return true;
}

static bool scan_end(struct scan *s)
{
	if (s->quoted)
		return unclosed(s, "\"");
	if (s->depth > 0)
		return unclosed(s, ")");
	if (s->bracket)
		return unclosed(s, "]");
	if (s->group)
		return unclosed(s, ";");
	return end_item(s);
}

GPtrArray *address_parse_here(const char *text, const struct address_here *here, GError **error)
{
	g_autoptr(GPtrArray) out =
		g_ptr_array_new_with_free_func((GDestroyNotify)typed_address_free);
	struct scan s = {.at = text, .out = out, .here = here, .error = error};
	bool ok = check_controls(text, error);
	s.item = g_string_new(NULL);
	s.comment = g_string_new(NULL);
	for (; ok && *s.at; s.at++)
		ok = scan_char(&s);
	ok = ok && scan_end(&s);
	g_string_free(s.item, TRUE);
	g_string_free(s.comment, TRUE);
	return ok ? g_steal_pointer(&out) : NULL;
}

GPtrArray *address_parse_list(const char *text, GError **error)
{
	return address_parse_here(text, NULL, error);
}

/* --- writing ------------------------------------------------------------- */

static bool needs_quotes(const char *name)
{
	return strpbrk(name, "()<>[]:;@\\,.\"") != NULL;
}

char *address_format(const char *name, const char *address)
{
	if (!name || !*name)
		return g_strdup(address);
	if (!needs_quotes(name))
		return g_strdup_printf("%s <%s>", name, address);
	g_autofree char *quoted = quote_text(name);
	return g_strdup_printf("%s <%s>", quoted, address);
}
