/* SPDX-License-Identifier: MIT */
#include "compose/reply.h"

#include <string.h>

#include "base/sanitize.h"
#include "compose/fields.h"

enum { URI_MAX = 64 * 1024 };

#define SCHEME "mailto:"

struct mailto {
	GPtrArray *to, *cc, *bcc; /* of char *: as they may stand in the field */
	char *subject, *in_reply_to, *body;
	GString *left_out; /* names of fields */
};

static bool refuse(GError **error, int code, const char *why)
{
	g_set_error(error, COMPOSE_ERROR, code, _("cannot follow the mailto: link: %s"), why);
	return false;
}

/* --- words ----------------------------------------------------------------------- */

/* NULL: a '%' without two digits behind it, or one that hides a NUL. */
static char *unpercent(const char *text, size_t len)
{
	g_autoptr(GString) out = g_string_sized_new(len);
	for (size_t i = 0; i < len; i++) {
		int high = -1, low = -1;
		if (text[i] != '%') {
			g_string_append_c(out, text[i]);
			continue;
		}
		if (i + 2 < len) {
			high = g_ascii_xdigit_value(text[i + 1]);
			low = g_ascii_xdigit_value(text[i + 2]);
		}
		if (high < 0 || low < 0 || high + low == 0)
			return NULL;
		g_string_append_c(out, (char)(high << 4 | low));
		i += 2;
	}
	return g_strdup(out->str);
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if (g_ascii_iscntrl(*text))
			return true;
	return false;
}

static char *decode(const char *text, size_t len, GError **error)
{
	g_autofree char *value = unpercent(text, len);
	if (!value)
		refuse(error, COMPOSE_ERROR_HEADER, _("a percent sign in it stands for nothing"));
	else if (!g_utf8_validate(value, -1, NULL))
		refuse(error, COMPOSE_ERROR_TEXT, _("it is not UTF-8"));
	else
		return g_steal_pointer(&value);
	return NULL;
}

/* --- fields ---------------------------------------------------------------------- */

static bool take_people(GPtrArray *to, const char *value, GError **error)
{
	g_autoptr(GPtrArray) list = address_parse_list(value, error);
	if (!list)
		return false;
	for (guint i = 0; i < list->len; i++) {
		const struct typed_address *a = list->pdata[i];
		g_ptr_array_add(to, address_format(a->name, a->address));
	}
	return true;
}

static void leave_out(struct mailto *m, const char *name)
{
	g_autofree char *clean = sanitize_server_text(name, -1);
	g_string_append_printf(m->left_out, "%s%s", m->left_out->len ? ", " : "", clean);
}

static void take_once(struct mailto *m, char **at, const char *name, const char *value)
{
	if (*at)
		leave_out(m, name);
	else
		*at = g_strdup(value);
}

static void take_id(struct mailto *m, const char *name, const char *value)
{
	size_t len = strlen(value);
	bool bare = len < 2 || *value != '<' || value[len - 1] != '>';
	g_autofree char *id = bare ? g_strdup(value) : g_strndup(value + 1, len - 2);
	g_autofree char *field = g_strdup_printf("<%s>", id);
	if (is_message_id(id))
		take_once(m, &m->in_reply_to, name, field);
	else
		leave_out(m, name);
}

/* What an attacker could wish for is left out, and so is what nobody knows: a list
 * of what is allowed, not of what is not (M-63). */
static bool take_field(struct mailto *m, const char *name, const char *value, GError **error)
{
	const struct {
		const char *name;
		GPtrArray *to;
	} people[] = {{"to", m->to}, {"cc", m->cc}, {"bcc", m->bcc}};
	if (g_ascii_strcasecmp(name, "body") == 0) {
		g_autofree char *text = sanitize_body(value, -1);
		take_once(m, &m->body, name, text);
		return true;
	}
	if (has_control(name) || has_control(value))
		return refuse(error, COMPOSE_ERROR_HEADER,
			_("a line end or another control character is in a field"));
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++)
		if (g_ascii_strcasecmp(name, people[i].name) == 0)
			return take_people(people[i].to, value, error);
	if (g_ascii_strcasecmp(name, "subject") == 0)
		take_once(m, &m->subject, name, value);
	else if (g_ascii_strcasecmp(name, "in-reply-to") == 0)
		take_id(m, name, value);
	else
		leave_out(m, name);
	return true;
}

static bool take_pair(struct mailto *m, const char *pair, GError **error)
{
	const char *is = strchr(pair, '=');
	if (!*pair)
		return true;
	if (!is)
		return refuse(error, COMPOSE_ERROR_HEADER, _("a field has no '='"));
	g_autofree char *name = decode(pair, (size_t)(is - pair), error);
	g_autofree char *value = name ? decode(is + 1, strlen(is + 1), error) : NULL;
	return value && take_field(m, name, value, error);
}

/* Each address by itself: a comma that is written %2C is inside of one. */
static bool take_path(struct mailto *m, const char *path, GError **error)
{
	g_auto(GStrv) people = g_strsplit(path, ",", -1);
	for (char **one = people; *one; one++) {
		g_autofree char *value = decode(*one, strlen(*one), error);
		if (!value || !take_field(m, "to", value, error))
			return false;
	}
	return true;
}

static bool take_uri(struct mailto *m, const char *uri, GError **error)
{
	if (g_ascii_strncasecmp(uri, SCHEME, strlen(SCHEME)) != 0)
		return refuse(error, COMPOSE_ERROR_HEADER, _("it does not begin with mailto:"));
	if (strlen(uri) > URI_MAX)
		return refuse(error, COMPOSE_ERROR_HEADER, _("it is longer than 64 KiB"));
	if (has_control(uri))
		return refuse(error, COMPOSE_ERROR_HEADER, _("there is a control character in it"));
	g_autofree char *text = g_strdup(uri + strlen(SCHEME));
	/* A fragment is for who looks at a page, not for a letter. */
	*strchrnul(text, '#') = '\0';
	g_auto(GStrv) halves = g_strsplit(text, "?", 2);
	if (!*halves)
		return true;
	if (!take_path(m, halves[0], error))
		return false;
	g_auto(GStrv) pairs = g_strsplit(halves[1] ? halves[1] : "", "&", -1);
	for (char **pair = pairs; *pair; pair++)
		if (!take_pair(m, *pair, error))
			return false;
	return true;
}

/* --- the draft ------------------------------------------------------------------- */

static void give(char **at, char **value)
{
	if (!*value)
		return;
	g_free(*at);
	*at = g_steal_pointer(value);
}

static void give_people(char **at, GPtrArray *people)
{
	g_ptr_array_add(people, NULL);
	char *line = people->len > 1 ? g_strjoinv(", ", (char **)people->pdata) : NULL;
	give(at, &line);
}

/* A row of them does not end where the line on the screen does. */
static char *count_text(guint people)
{
	if (people < 2)
		return NULL;
	return g_strdup_printf(P_("the mailto: link names %u recipient",
				       "the mailto: link names %u recipients", people),
		people);
}

static char *notice_of(const struct mailto *m, guint people)
{
	g_autofree char *count = count_text(people);
	if (m->left_out->len == 0)
		return g_steal_pointer(&count);
	g_autofree char *out =
		g_strdup_printf(_("left out of the mailto: link: %s"), m->left_out->str);
	return count ? g_strdup_printf("%s; %s", count, out) : g_steal_pointer(&out);
}

static void give_all(struct mailto *m, struct draft *d)
{
	guint people = m->to->len + m->cc->len + m->bcc->len;
	give_people(&d->to, m->to);
	give_people(&d->cc, m->cc);
	give_people(&d->bcc, m->bcc);
	give(&d->subject, &m->subject);
	give(&d->in_reply_to, &m->in_reply_to);
	give(&d->body, &m->body);
	g_free(d->notice);
	d->notice = notice_of(m, people);
}

bool mailto_parse(const char *uri, struct draft *d, GError **error)
{
	struct mailto m = {
		.to = g_ptr_array_new_with_free_func(g_free),
		.cc = g_ptr_array_new_with_free_func(g_free),
		.bcc = g_ptr_array_new_with_free_func(g_free),
		.left_out = g_string_new(NULL),
	};
	bool ok = take_uri(&m, uri, error);
	if (ok)
		give_all(&m, d);
	g_ptr_array_unref(m.to);
	g_ptr_array_unref(m.cc);
	g_ptr_array_unref(m.bcc);
	g_free(m.subject);
	g_free(m.in_reply_to);
	g_free(m.body);
	g_string_free(m.left_out, TRUE);
	return ok;
}
