/* SPDX-License-Identifier: MIT */
#include "mime/vcard.h"

#include <string.h>

#include "mime/message.h"

enum { PIECES = 16, PARAMETERS = 32 };

static const struct {
	const char *fact, *property, *separator;
} table[] = {
#define CONTACT(fact, property, separator, label) {fact, property, separator},
#include "mime/contact.def"
#undef CONTACT
};

struct line {
	char *name;    /* upper case, without its group */
	char **params; /* the name, then "TYPE=cell" … */
	char *value;
};

static void line_clear(struct line *l)
{
	g_free(l->name);
	g_strfreev(l->params);
	g_free(l->value);
}

/* --- lines ---------------------------------------------------------------------------- */

static bool is_quoted(const char *head)
{
	g_autofree char *upper = g_ascii_strup(head, -1);
	return strstr(upper, "QUOTED-PRINTABLE") != NULL;
}

static bool says_quoted(const char *line)
{
	g_autofree char *head = g_strndup(line, strcspn(line, ":"));
	return is_quoted(head);
}

/* A line that begins with a blank goes on with the one above, and so does one below a
 * '=' in quoted-printable (2.1).  Of struct GString. */
static GPtrArray *unfold(const char *text)
{
	GPtrArray *lines = g_ptr_array_new();
	GString *line = NULL;
	bool quoted = false;
	while (*text) {
		size_t len = strcspn(text, "\n"), used = len;
		if (used > 0 && text[used - 1] == '\r')
			used--;
		if (line && quoted && g_str_has_suffix(line->str, "=")) {
			g_string_truncate(line, line->len - 1);
			g_string_append_len(line, text, (gssize)used);
		} else if (line && (*text == ' ' || *text == '\t')) {
			g_string_append_len(line, text + 1, (gssize)MAX(used, 1) - 1);
		} else {
			line = g_string_new_len(text, (gssize)used);
			g_ptr_array_add(lines, line);
			quoted = says_quoted(line->str);
		}
		text += len + (text[len] == '\n');
	}
	return lines;
}

/* The colon that no quotes are around. */
static const char *find_colon(const char *text)
{
	bool quoted = false;
	for (; *text; text++) {
		quoted ^= *text == '"';
		if (*text == ':' && !quoted)
			return text;
	}
	return NULL;
}

static bool split(const char *text, struct line *l)
{
	const char *colon = find_colon(text);
	if (!colon)
		return false;
	g_autofree char *head = g_strndup(text, (gsize)(colon - text));
	l->params = g_strsplit(head, ";", PARAMETERS);
	if (!l->params[0])
		return false;
	const char *dot = strrchr(l->params[0], '.');
	l->name = g_ascii_strup(dot ? dot + 1 : l->params[0], -1);
	l->value = g_strndup(colon + 1, strnlen(colon + 1, 4 * VCARD_VALUE));
	return true;
}

/* --- values --------------------------------------------------------------------------- */

static const char *charset_of(const struct line *l)
{
	for (guint i = 1; l->params[i]; i++)
		if (g_ascii_strncasecmp(l->params[i], "CHARSET=", 8) == 0)
			return l->params[i] + 8;
	return NULL;
}

static void unquote(struct charsets *c, struct line *l)
{
	g_autoptr(GString) raw = g_string_new(NULL);
	for (const char *p = l->value; *p; p++) {
		bool code = *p == '=' && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2]);
		g_string_append_c(raw, code ? (char)(g_ascii_xdigit_value(p[1]) << 4 |
						      g_ascii_xdigit_value(p[2])) : *p);
		p += code ? 2 : 0;
	}
	g_free(l->value);
	l->value = charset_decode(c, raw->str, raw->len, charset_of(l), NULL);
}

/* Without backslashes; what separates pieces is '\1'. */
static char *unescape(const char *value)
{
	GString *out = g_string_new(NULL);
	for (; *value; value++) {
		if (*value == ';')
			g_string_append_c(out, '\1');
		else if (*value != '\\' || !value[1])
			g_string_append_c(out, *value);
		else if (*++value == 'n' || *value == 'N')
			g_string_append_c(out, ' ');
		else
			g_string_append_c(out, *value);
	}
	return g_string_free(out, FALSE);
}

/* The pieces in their order, those that are empty left out; a value that has one piece
 * is left as it stands. */
static char *joined(const char *value, const char *separator, const int *order)
{
	GString *out = g_string_new(NULL);
	g_autofree char *plain = unescape(value);
	if (!separator)
		return g_string_free(g_string_append(out, g_strdelimit(plain, "\1", ';')), FALSE);
	g_auto(GStrv) pieces = g_strsplit(plain, "\1", PIECES);
	guint n = g_strv_length(pieces);
	for (guint i = 0; i < n; i++) {
		guint at = order && i < 5 ? (guint)order[i] : i;
		const char *piece = at < n ? g_strstrip(pieces[at]) : "";
		if (*piece)
			g_string_append_printf(out, "%s%s", out->len ? separator : "", piece);
	}
	return g_string_free(out, FALSE);
}

/* "Ivanova;Anna;;Dr." is Dr. Anna Ivanova. */
static char *joined_name(const char *value)
{
	static const int order[] = {3, 1, 2, 0, 4};
	g_autofree char *five = g_strconcat(value, ";;;;", NULL);
	return joined(five, " ", order);
}

/* --- cards ---------------------------------------------------------------------------- */

struct card {
	GPtrArray *facts;
	char *name, *pieces; /* FN and, where that is missing, N */
};

static void add(GPtrArray *facts, const char *fact, const char *value)
{
	g_autofree char *cut = g_strndup(value, VCARD_VALUE);
	g_autofree char *valid = g_utf8_make_valid(cut, -1);
	g_autofree char *clean = mime_clean_line(g_strstrip(valid));
	if (*clean && facts->len < VCARD_FACTS)
		mime_fields_add(facts, fact, clean);
}

static void take_fact(struct card *card, size_t i, const char *value)
{
	g_autofree char *text = joined(value, table[i].separator, NULL);
	bool name = strcmp(table[i].fact, "name") == 0;
	if (name && !card->name)
		card->name = g_steal_pointer(&text);
	else if (!name)
		add(card->facts, table[i].fact,
			g_ascii_strncasecmp(text, "tel:", 4) == 0 ? text + 4 : text);
}

static void take(struct charsets *c, struct card *card, struct line *l)
{
	size_t i = 0;
	bool pieces = strcmp(l->name, "N") == 0;
	while (i < G_N_ELEMENTS(table) && strcmp(table[i].property, l->name) != 0)
		i++;
	if (i == G_N_ELEMENTS(table) && !pieces)
		return;
	for (guint n = 1; l->params[n]; n++)
		if (is_quoted(l->params[n])) {
			unquote(c, l);
			break;
		}
	if (!pieces)
		take_fact(card, i, l->value);
	else if (!card->pieces)
		card->pieces = joined_name(l->value);
}

static void end_card(struct card *card, GPtrArray *all)
{
	const char *name = card->name && *card->name ? card->name : card->pieces;
	if (name || card->facts->len > 0)
		add(all, "name", name && *name ? name : _("(no name)"));
	for (guint i = 0; i < card->facts->len; i++) {
		const struct mime_header *h = card->facts->pdata[i];
		add(all, h->name, h->value);
	}
	g_ptr_array_set_size(card->facts, 0);
	g_clear_pointer(&card->name, g_free);
	g_clear_pointer(&card->pieces, g_free);
}

GPtrArray *vcard_facts(struct charsets *c, const char *text)
{
	GPtrArray *all = mime_fields_new();
	struct card card = {mime_fields_new(), NULL, NULL};
	g_autoptr(GPtrArray) lines = unfold(text);
	bool open = false;
	for (guint i = 0; i < lines->len; i++) {
		g_autofree char *whole = g_string_free(lines->pdata[i], FALSE);
		struct line l = {0};
		if (!split(whole, &l))
			;
		else if (strcmp(l.name, "BEGIN") == 0)
			open = open || g_ascii_strncasecmp(g_strstrip(l.value), "VCARD", 5) == 0;
		else if (strcmp(l.name, "END") == 0)
			end_card(&card, all);
		else if (open)
			take(c, &card, &l);
		line_clear(&l);
	}
	end_card(&card, all);
	g_ptr_array_unref(card.facts);
	return all;
}

char *vcard_text(const GPtrArray *facts)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < facts->len; i++) {
		const struct mime_header *h = facts->pdata[i];
		bool next = i > 0 && strcmp(h->name, "name") == 0;
		g_string_append_printf(out, "%s%s %s\n", next ? "\n" : "",
			mime_contact_label(h->name), h->value);
	}
	return g_string_free(out, FALSE);
}
