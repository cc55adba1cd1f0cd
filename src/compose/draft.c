/* SPDX-License-Identifier: MIT */
#include "compose/draft.h"

#include <string.h>

#include "base/sanitize.h"
#include "compose/fields.h"
#include "compose/pieces.h"

G_DEFINE_QUARK(dewey - compose - error, compose_error)

struct draft *draft_new(void)
{
	struct draft *d = g_new0(struct draft, 1);
	d->attachments = g_ptr_array_new_with_free_func(g_free);
	d->parts = g_ptr_array_new_with_free_func((GDestroyNotify)draft_part_free);
	return d;
}

void draft_part_free(struct draft_part *p)
{
	if (!p)
		return;
	g_free(p->path);
	g_free(p->name);
	g_free(p->type);
	g_free(p->charset);
	g_free(p);
}

void draft_free(struct draft *d)
{
	if (!d)
		return;
	for (const struct draft_field *f = draft_fields; f->name; f++)
		g_free(*draft_field_at(d, f));
	for (const struct draft_own *o = draft_owns; o->name; o++)
		if (o->kind <= OWN_LINES)
			g_free(G_STRUCT_MEMBER(char *, d, o->offset));
	g_free(d->body);
	g_ptr_array_unref(d->attachments);
	g_ptr_array_unref(d->parts);
	g_free(d);
}

void built_letter_free(struct built_letter *b)
{
	if (!b)
		return;
	g_clear_pointer(&b->pieces, pieces_free);
	g_clear_pointer(&b->recipients, g_ptr_array_unref);
	g_free(b->sender);
	g_free(b->message_id);
	g_free(b->subject);
	g_free(b->envid);
	g_free(b);
}

bool built_letter_write(const struct built_letter *b, int fd, GError **error)
{
	return pieces_write(b->pieces, fd, error);
}

GBytes *built_letter_bytes(const struct built_letter *b)
{
	return pieces_bytes(b->pieces);
}

#define FIELD_PERSON (FIELD_ADDRESSES | FIELD_SHOWN | FIELD_RESENT)

const struct draft_field draft_fields[] = {
	{"From", G_STRUCT_OFFSET(struct draft, from), FIELD_PERSON},
	{"To", G_STRUCT_OFFSET(struct draft, to), FIELD_PERSON},
	{"Cc", G_STRUCT_OFFSET(struct draft, cc), FIELD_PERSON},
	{"Bcc", G_STRUCT_OFFSET(struct draft, bcc), FIELD_PERSON},
	{"Reply-To", G_STRUCT_OFFSET(struct draft, reply_to), FIELD_ADDRESSES},
	{"Mail-Followup-To", G_STRUCT_OFFSET(struct draft, followup_to), FIELD_ADDRESSES},
	{"Subject", G_STRUCT_OFFSET(struct draft, subject), FIELD_SHOWN},
	{"In-Reply-To", G_STRUCT_OFFSET(struct draft, in_reply_to), FIELD_IDS},
	{"References", G_STRUCT_OFFSET(struct draft, references), FIELD_IDS | FIELD_HIDDEN},
	{NULL},
};

const struct draft_own draft_owns[] = {
	{"Account", G_STRUCT_OFFSET(struct draft, account), OWN_TEXT},
	{"Letter", G_STRUCT_OFFSET(struct draft, letter), OWN_PATH},
	{"Resends", G_STRUCT_OFFSET(struct draft, resends), OWN_PATH},
	{"Charsets", G_STRUCT_OFFSET(struct draft, charsets), OWN_TEXT},
	{"Answers", G_STRUCT_OFFSET(struct draft, answers), OWN_NUMBER},
	{"Seal", G_STRUCT_OFFSET(struct draft, seal), OWN_NUMBER},
	{"Answers-Sealed", G_STRUCT_OFFSET(struct draft, answers_sealed), OWN_FLAG},
	{"Answers-SMIME", G_STRUCT_OFFSET(struct draft, answers_smime), OWN_FLAG},
	{"Forwards", G_STRUCT_OFFSET(struct draft, forwards), OWN_FLAG},
	{"Markdown", G_STRUCT_OFFSET(struct draft, markdown), OWN_FLAG},
	{"Flowed", G_STRUCT_OFFSET(struct draft, flowed), OWN_FLAG},
	{"UTC", G_STRUCT_OFFSET(struct draft, utc), OWN_FLAG},
	{"Notice", G_STRUCT_OFFSET(struct draft, notice), OWN_TEXT},
	{"Calendar", G_STRUCT_OFFSET(struct draft, calendar), OWN_LINES},
	{"Warns", G_STRUCT_OFFSET(struct draft, warns), OWN_FLAG},
	{"Asks", G_STRUCT_OFFSET(struct draft, asks), OWN_NUMBER},
	{"Receipt", G_STRUCT_OFFSET(struct draft, ask_receipt), OWN_FLAG},
	{"TLS-Optional", G_STRUCT_OFFSET(struct draft, tls_optional), OWN_FLAG},
	{NULL},
};

char **draft_field_at(const struct draft *d, const struct draft_field *f)
{
	return &G_STRUCT_MEMBER(char *, d, f->offset);
}

const struct draft_field *draft_field_find(const char *name)
{
	for (const struct draft_field *f = draft_fields; f->name; f++)
		if (g_ascii_strcasecmp(f->name, name) == 0)
			return f;
	return NULL;
}

static void set(char **at, const char *value)
{
	char *copy = g_strdup(value);
	g_free(*at);
	*at = copy;
}

/* The way back from g_strescape(); GLib warns about a lone backslash at the end, so
 * that one is taken as it is. */
static char *unescape(const char *escaped)
{
	size_t len = strlen(escaped);
	bool odd = len > 0 && escaped[len - 1] == '\\';
	return odd ? g_strdup(escaped) : g_strcompress(escaped);
}

static void add_attachment(struct draft *d, const char *escaped)
{
	g_ptr_array_add(d->attachments, unescape(escaped));
}

/* --- a saved draft --------------------------------------------------------- */

/* TYPE;CHARSET;NAME;PATH, each escaped, so that no ';' is in them. */
static void add_part(struct draft *d, const char *value)
{
	g_auto(GStrv) words = g_strsplit(value, ";", 4);
	if (g_strv_length(words) != 4)
		return;
	struct draft_part *p = g_new0(struct draft_part, 1);
	p->type = *words[0] ? unescape(words[0]) : NULL;
	p->charset = *words[1] ? unescape(words[1]) : NULL;
	p->name = *words[2] ? unescape(words[2]) : NULL;
	p->path = unescape(words[3]);
	g_ptr_array_add(d->parts, p);
}

static void take_own(struct draft *d, const struct draft_own *o, const char *value)
{
	bool escaped = o->kind == OWN_PATH || o->kind == OWN_LINES;
	g_autofree char *path = escaped ? unescape(value) : NULL;
	if (o->kind <= OWN_LINES)
		set(&G_STRUCT_MEMBER(char *, d, o->offset), path ? path : value);
	else if (o->kind == OWN_NUMBER)
		G_STRUCT_MEMBER(int64_t, d, o->offset) = g_ascii_strtoll(value, NULL, 10);
	else
		G_STRUCT_MEMBER(bool, d, o->offset) = true;
}

/* X-Dewey-To is what was typed and could not stand in To. */
static void set_own(struct draft *d, const char *name, const char *value)
{
	const struct draft_field *f = draft_field_find(name);
	if (f)
		set(draft_field_at(d, f), value);
	else if (g_ascii_strcasecmp(name, "Attach") == 0)
		add_attachment(d, value);
	else if (g_ascii_strcasecmp(name, "Part") == 0)
		add_part(d, value);
	for (const struct draft_own *o = draft_owns; o->name; o++)
		if (g_ascii_strcasecmp(o->name, name) == 0)
			take_own(d, o, value);
}

void draft_set_field(struct draft *d, const char *name, const char *value)
{
	size_t own = strlen(FIELD_OWN);
	const struct draft_field *f = draft_field_find(name);
	if (f)
		set(draft_field_at(d, f), value);
	else if (g_ascii_strncasecmp(name, FIELD_OWN, own) == 0)
		set_own(d, name + own, value);
	else if (g_ascii_strcasecmp(name, "TLS-Required") == 0)
		d->tls_optional = g_ascii_strcasecmp(value, "No") == 0;
}

static bool is_enclosed(const struct draft *d)
{
	return d->resends && strcmp(d->resends, FIELD_ENCLOSED) == 0;
}

void draft_settle(struct draft *d)
{
	if (!is_enclosed(d))
		return;
	const struct draft_part *only = d->parts->len == 1 ? d->parts->pdata[0] : NULL;
	char *path = d->letter ? g_steal_pointer(&d->letter) : g_strdup(only ? only->path : NULL);
	g_free(d->resends);
	d->resends = path;
	set(&d->body, "");
	if (path)
		g_ptr_array_set_size(d->parts, 0);
}

void draft_set_body(struct draft *d, const char *text)
{
	set(&d->body, text);
}

/* --- for the editor ---------------------------------------------------------- */

/* The shape of the lines is escaped where a file name has one of its own. */
static void put_attachment(GString *out, const char *path)
{
	g_autofree char *escaped = g_strescape(path, HIGH_OCTETS);
	g_string_append_printf(out, "Attach: %s\n", escaped);
}

char *draft_to_text(const struct draft *d)
{
	GString *out = g_string_new(NULL);
	for (const struct draft_field *f = draft_fields; f->name; f++) {
		const char *value = *draft_field_at(d, f);
		bool empty = !value || !*value;
		if (!(f->kind & FIELD_HIDDEN) && (!empty || (f->kind & FIELD_SHOWN)))
			g_string_append_printf(out, "%s: %s\n", f->name, empty ? "" : value);
	}
	for (guint i = 0; i < d->attachments->len; i++)
		put_attachment(out, d->attachments->pdata[i]);
	g_string_append_printf(out, "\n%s", d->body ? d->body : "");
	return g_string_free(out, FALSE);
}

static bool refuse_line(GError **error, int line, const char *text, const char *why)
{
	g_autofree char *clean = sanitize_server_text(text, -1);
	g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_HEADER,
		/* TRANSLATORS: number of the line, the line, what is wrong */
		_("line %d of the letter, '%s': %s"), line, clean, why);
	return false;
}

static bool take_line(struct draft *d, char *line, int number, GError **error)
{
	char *colon = strchr(line, ':');
	if (!colon)
		return refuse_line(error, number, line,
			_("this is no header field; put an empty line above the text"));
	g_autofree char *name = g_strstrip(g_strndup(line, (gsize)(colon - line)));
	const char *value = g_strstrip(colon + 1);
	const struct draft_field *f = draft_field_find(name);
	if (g_ascii_strcasecmp(name, "Attach") == 0) {
		if (*value)
			add_attachment(d, value);
		return true;
	}
	if (!f)
		return refuse_line(error, number, line,
			_("not a field that can be set here; there are From, To, Cc, Bcc, "
			  "Reply-To, Mail-Followup-To, Subject, In-Reply-To and Attach"));
	set(draft_field_at(d, f), value);
	return true;
}

/* Joins a line with its continuations, at most up to the empty line. */
static char *next_field(char **at, int *number)
{
	GString *field = g_string_new(NULL);
	do {
		char *end = strchrnul(*at, '\n');
		g_string_append_len(field, *at, end - *at);
		*at = *end ? end + 1 : end;
		++*number;
	} while (field->len > 0 && (**at == ' ' || **at == '\t'));
	g_strchomp(field->str);
	return g_string_free(field, FALSE);
}

static bool take_header(struct draft *d, char **at, GError **error)
{
	int number = 0;
	while (**at) {
		int first = number + 1;
		g_autofree char *field = next_field(at, &number);
		if (*field == '\0')
			return true;
		if (!take_line(d, field, first, error))
			return false;
	}
	return true;
}

static void keep_thread(struct draft *edited, const struct draft *before)
{
	if (edited->in_reply_to && *edited->in_reply_to)
		set(&edited->references, before->references);
}

/* What the editor does not show goes over as it is. */
static void keep_rest(struct draft *edited, struct draft *before)
{
	for (const struct draft_own *o = draft_owns; o->name; o++) {
		if (o->kind == OWN_TEXT || o->kind == OWN_PATH)
			G_STRUCT_MEMBER(char *, edited, o->offset) =
				g_steal_pointer(&G_STRUCT_MEMBER(char *, before, o->offset));
		else if (o->kind == OWN_NUMBER)
			G_STRUCT_MEMBER(int64_t, edited, o->offset) =
				G_STRUCT_MEMBER(int64_t, before, o->offset);
		else
			G_STRUCT_MEMBER(bool, edited, o->offset) =
				G_STRUCT_MEMBER(bool, before, o->offset);
	}
	GPtrArray *none = edited->parts;
	edited->parts = before->parts;
	before->parts = none;
}

static bool check_utf8(const char *text, GError **error)
{
	const char *bad = NULL;
	int line = 1;
	if (g_utf8_validate(text, -1, &bad))
		return true;
	for (const char *c = text; c < bad; c++)
		line += *c == '\n';
	g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_TEXT,
		_("line %d of the letter is not UTF-8; set the editor to write UTF-8"), line);
	return false;
}

bool draft_from_text(struct draft *d, const char *text, GError **error)
{
	g_autoptr(draft) edited = draft_new();
	g_autofree char *copy = g_strdup(text);
	char *at = copy;
	if (!check_utf8(text, error) || !take_header(edited, &at, error))
		return false;
	keep_thread(edited, d);
	keep_rest(edited, d);
	set(&edited->body, at);
	struct draft swap = *d;
	*d = *edited;
	*edited = swap;
	return true;
}
