/* SPDX-License-Identifier: MIT */
#include "compose/reply.h"

#include <string.h>

#include "compose/fields.h"
#include "compose/flow.h"

enum {
	QUOTE_COLUMNS = 76, /* a longer line is wrapped before it is quoted */
	KEEP_FIRST = 20,
	KEEP_LAST = 20,
	ID_MAX = 900, /* with its brackets it must fit a line of 998 */
};

/* --- subject ----------------------------------------------------------------- */

static const char *const reply_prefixes[] = {
	"Re", "Ответ", "Отв", "На", "Aw", "Antw", "Sv", "Vs", "Odp", "Rif", "Res", NULL};
static const char *const forward_prefixes[] = {
	"Fwd", "Fw", "Пересл", "Перенаправлено", "Wg", "Tr", "Rv", "Enc", NULL};

static bool folded_prefix(const char **at, const char *word)
{
	glong letters = g_utf8_strlen(word, -1);
	if (g_utf8_strlen(*at, -1) < letters)
		return false;
	g_autofree char *head = g_utf8_substring(*at, 0, letters);
	g_autofree char *a = g_utf8_casefold(head, -1);
	g_autofree char *b = g_utf8_casefold(word, -1);
	if (strcmp(a, b) != 0)
		return false;
	*at += strlen(head);
	return true;
}

/* "[2]", "(2)", "^2": how often, in the ways of some programs. */
static const char *skip_count(const char *at)
{
	const char *digits = at + strspn(at, "[(^");
	const char *end = digits + strspn(digits, "0123456789");
	return end == digits ? at : end + strspn(end, "])");
}

/* Behind "RE[2]: ", or at itself where no such prefix stands. */
static const char *skip_prefix(const char *at, const char *const *words)
{
	for (; *words; words++) {
		const char *rest = at;
		if (!folded_prefix(&rest, *words))
			continue;
		rest = skip_count(rest);
		rest += strspn(rest, " ");
		if (*rest == ':')
			return rest + 1 + strspn(rest + 1, " \t");
	}
	return at;
}

static char *prefix_once(const char *prefix, const char *subject, const char *const *words)
{
	const char *at = subject + strspn(subject, " \t"), *before;
	do {
		before = at;
		at = skip_prefix(at, words);
	} while (at != before);
	return g_strconcat(prefix, at, NULL);
}

/* --- addresses --------------------------------------------------------------- */

static bool is_own(const char *address, const char *const *own)
{
	for (; own && *own; own++)
		if (address_equal(*own, address))
			return true;
	return false;
}

static bool stands_in(const GPtrArray *list, const char *address)
{
	for (guint i = 0; i < list->len; i++)
		if (address_equal(((const struct typed_address *)list->pdata[i])->address, address))
			return true;
	return false;
}

/* A name of theirs becomes a field of ours: one line, nothing that acts. */
static char *clean_name(const char *name)
{
	g_autofree char *valid = g_utf8_make_valid(name ? name : "", -1);
	for (char *c = valid; *c; c++)
		if (g_ascii_iscntrl(*c))
			*c = ' ';
	return g_strdup(g_strstrip(valid));
}

struct gather {
	GPtrArray *seen; /* borrowed typed_address */
	const char *const *own;
};

/* Appends what is valid, new and not the user's own. */
static void gather(struct gather *g, const GPtrArray *from, GString *to)
{
	for (guint i = 0; from && i < from->len; i++) {
		struct typed_address *a = from->pdata[i];
		if (!address_check(a->address, true, NULL) || is_own(a->address, g->own) ||
			stands_in(g->seen, a->address))
			continue;
		g_autofree char *name = clean_name(a->name);
		g_autofree char *text = address_format(name, a->address);
		g_string_append_printf(to, "%s%s", to->len ? ", " : "", text);
		g_ptr_array_add(g->seen, a);
	}
}

static bool all_own(const GPtrArray *list, const char *const *own)
{
	for (guint i = 0; list && i < list->len; i++)
		if (!is_own(((const struct typed_address *)list->pdata[i])->address, own))
			return false;
	return list && list->len > 0;
}

static bool is_any(const GPtrArray *list)
{
	return list && list->len > 0;
}

static void address_people(struct draft *d, const struct reply_source *to, enum reply_kind kind,
	const char *const *own)
{
	const GPtrArray *first = is_any(to->reply_to) ? to->reply_to : to->from;
	struct gather g = {.seen = g_ptr_array_new(), .own = own};
	g_autoptr(GString) line = g_string_new(NULL), copies = g_string_new(NULL);
	/* An answer to a letter of one's own goes on to those it went to. */
	if (all_own(to->from, own) && to->to && !all_own(to->to, own))
		first = to->to;
	if (kind == REPLY_ALL)
		gather(&g, to->followup_to, line);
	/* Mail-Followup-To is all that its writer wished. */
	bool wished = line->len > 0;
	if (!wished)
		gather(&g, first, line);
	if (kind == REPLY_ALL && !wished) {
		gather(&g, to->to, line);
		gather(&g, to->cc, copies);
	}
	g.own = NULL; /* a note to oneself */
	if (line->len == 0 && copies->len == 0)
		gather(&g, first, line);
	d->to = g_strdup(line->str);
	d->cc = g_strdup(copies->str);
	g_ptr_array_unref(g.seen);
}

static char *known_list_in(const struct reply_source *to, const GPtrArray *people)
{
	for (guint i = 0; people && i < people->len; i++) {
		const struct typed_address *a = people->pdata[i];
		if (address_check(a->address, true, NULL) && is_own(a->address, to->lists))
			return g_strdup(a->address);
	}
	return NULL;
}

/* "<mailto:list@example.org> (moderated), <https://…>"; NO: nobody may post. */
static char *posting_address(const char *list_post)
{
	const char *at = list_post;
	while ((at = strchr(at, '<'))) {
		const char *end = strchr(++at, '>');
		g_autofree char *uri = end ? g_strndup(at, (gsize)(end - at)) : NULL;
		g_autoptr(draft) d = draft_new();
		if (uri && mailto_parse(g_strstrip(uri), d, NULL) && d->to)
			return g_steal_pointer(&d->to);
	}
	return NULL;
}

static bool nobody_posts(const char *list_post)
{
	const char *word = list_post + strspn(list_post, " \t");
	return g_ascii_strncasecmp(word, "NO", 2) == 0 && !g_ascii_isalnum(word[2]);
}

char *reply_list_address(const struct reply_source *to)
{
	const char *post = to->list_post ? to->list_post : "";
	if (nobody_posts(post))
		return NULL;
	char *address = posting_address(post);
	if (!address)
		address = known_list_in(to, to->to);
	return address ? address : known_list_in(to, to->cc);
}

static void address_to(struct draft *d, const struct reply_source *to, enum reply_kind kind,
	const char *const *own)
{
	if (kind != REPLY_LIST) {
		address_people(d, to, kind, own);
		return;
	}
	char *list = reply_list_address(to);
	d->to = list ? list : g_strdup("");
	d->cc = g_strdup("");
}

/* --- thread ------------------------------------------------------------------ */

bool is_message_id(const char *id)
{
	size_t len = id ? strlen(id) : 0;
	if (len < 3 || len > ID_MAX || !strchr(id, '@'))
		return false;
	for (const char *c = id; *c; c++)
		if (!g_ascii_isgraph(*c) || *c == '<' || *c == '>')
			return false;
	return true;
}

/* The first ones find the thread, the last ones the place in it (S-64). */
static char *join_ids(const GPtrArray *ids)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < ids->len; i++) {
		if (i >= KEEP_FIRST && i + KEEP_LAST < ids->len)
			continue;
		g_string_append_printf(
			out, "%s<%s>", out->len ? " " : "", (const char *)ids->pdata[i]);
	}
	return g_string_free(out, FALSE);
}

static void thread_to(struct draft *d, const struct reply_source *to)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();
	for (guint i = 0; to->references && i < to->references->len; i++)
		if (is_message_id(to->references->pdata[i]))
			g_ptr_array_add(ids, to->references->pdata[i]);
	if (is_message_id(to->message_id)) {
		g_ptr_array_add(ids, (char *)to->message_id);
		d->in_reply_to = g_strdup_printf("<%s>", to->message_id);
		d->references = join_ids(ids);
	}
}

/* --- text -------------------------------------------------------------------- */

/* One paragraph, wrapped; its own quoting is repeated before each line.  flowed:
 * what was one line can be one again (RFC 3676). */
static void quote_paragraph(GString *out, const char *line, const char *end, bool flowed)
{
	const char *text = line;
	while (text < end && (*text == '>' || (*text == ' ' && text > line && text[-1] == '>')))
		text++;
	gssize quotes = text - line;
	int width = QUOTE_COLUMNS - 2 - (int)quotes;
	do {
		const char *stop = flow_break(text, end, MAX(width, 20));
		g_string_append(out, line == end ? ">" : "> ");
		g_string_append_len(out, line, quotes);
		g_string_append_len(out, text, stop - text);
		g_string_append(out, flowed && stop < end ? " \n" : "\n");
		text = stop + (stop < end);
	} while (text < end);
}

const char *signature_of(const char *text)
{
	const char *end = text + strlen(text);
	for (const char *at = text; (at = strstr(at, "-- \n")); at++)
		if (at == text || at[-1] == '\n')
			end = at;
	return end;
}

static const char *end_of_text(const char *text)
{
	const char *end = signature_of(text);
	while (end > text && g_ascii_isspace(end[-1]))
		end--;
	return end;
}

static void quote_text(GString *out, const char *text, bool flowed)
{
	const char *end = end_of_text(text);
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		const char *last = stop ? stop : end;
		/* A blank there would make it one with the next. */
		while (flowed && last > text && last[-1] == ' ')
			last--;
		quote_paragraph(out, text, last, flowed);
		text = stop ? stop + 1 : end;
	}
}

static char *name_of(const GPtrArray *from)
{
	if (!from || from->len == 0)
		return g_strdup(_("somebody"));
	const struct typed_address *a = from->pdata[0];
	return clean_name(a->name && *a->name ? a->name : a->address);
}

/* --- the lines above ---------------------------------------------------------- */

static char *template_value(const struct reply_source *to, char token)
{
	const struct typed_address *a = is_any(to->from) ? to->from->pdata[0] : NULL;
	switch (token) {
	case 'd':
		return g_strdup(to->date_text ? to->date_text : "");
	case 'n':
		return name_of(to->from);
	case 'a':
		return clean_name(a ? a->address : "");
	case 's':
		return clean_name(to->subject);
	case '%':
		return g_strdup("%");
	default:
		return NULL;
	}
}

static void put_template(GString *out, const char *template, const struct reply_source *to)
{
	for (const char *c = template; *c; c++) {
		g_autofree char *value = *c == '%' ? template_value(to, c[1]) : NULL;
		if (value)
			c++;
		if (value)
			g_string_append(out, value);
		else
			g_string_append_c(out, *c);
	}
	g_string_append_c(out, '\n');
}

static char *reply_body(const struct reply_source *to, bool flowed)
{
	GString *out = g_string_new(NULL);
	if (to->reply_template) {
		put_template(out, to->reply_template, to);
	} else {
		g_autofree char *name = name_of(to->from);
		/* TRANSLATORS: the line above a quoted letter: its date, its sender */
		g_string_append_printf(
			out, _("%s, %s wrote:"), to->date_text ? to->date_text : "", name);
		g_string_append_c(out, '\n');
	}
	quote_text(out, to->text ? to->text : "", flowed);
	g_string_append_c(out, '\n');
	return g_string_free(out, FALSE);
}

static void put_people(GString *out, const char *label, const GPtrArray *list)
{
	for (guint i = 0; list && i < list->len; i++) {
		const struct typed_address *a = list->pdata[i];
		g_autofree char *name = clean_name(a->name);
		g_autofree char *address = clean_name(a->address);
		g_autofree char *text = address_format(name, address);
		g_string_append_printf(out, "%s%s", i ? ", " : label, text);
	}
	if (list && list->len > 0)
		g_string_append_c(out, '\n');
}

static char *forward_body(const struct reply_source *to)
{
	GString *out = g_string_new("\n\n");
	g_autofree char *subject = clean_name(to->subject);
	if (to->forward_template)
		put_template(out, to->forward_template, to);
	else
		/* TRANSLATORS: the line above the text of a letter that is sent on */
		g_string_append_printf(out, "---------- %s ----------\n", _("Forwarded letter"));
	put_people(out, _("From: "), to->from);
	g_string_append_printf(out, _("Date: %s\n"), to->date_text ? to->date_text : "");
	g_string_append_printf(out, _("Subject: %s\n"), subject);
	put_people(out, _("To: "), to->to);
	put_people(out, _("Cc: "), to->cc);
	g_string_append_printf(out, "\n%s", to->text ? to->text : "");
	if (out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
	return g_string_free(out, FALSE);
}

/* --- the drafts -------------------------------------------------------------- */

struct draft *draft_new_from(const struct identity *from)
{
	struct draft *d = draft_new();
	d->account = g_strdup(from->account);
	d->from = from->address ? address_format(from->name, from->address) : g_strdup("");
	d->to = g_strdup("");
	d->subject = g_strdup("");
	d->body = g_strdup("");
	d->charsets = g_strdup(from->charsets);
	d->flowed = from->flowed;
	d->utc = from->utc;
	return d;
}

static void replace(char **at, char *value)
{
	g_free(*at);
	*at = value;
}

static struct draft *forward_new(
	const struct reply_source *of, enum reply_kind kind, const struct identity *from)
{
	struct draft *d = draft_new_from(from);
	g_autofree char *subject = clean_name(of->subject);
	d->answers = of->id;
	d->forwards = true;
	d->letter = g_strdup(of->path);
	replace(&d->subject, prefix_once("Fwd: ", subject, forward_prefixes));
	if (kind == REPLY_FORWARD)
		replace(&d->body, forward_body(of));
	return d;
}

struct draft *reply_new(const struct reply_source *to, enum reply_kind kind,
	const struct identity *from, const char *const *own)
{
	if (kind == REPLY_FORWARD || kind == REPLY_ATTACH)
		return forward_new(to, kind, from);
	struct draft *d = draft_new_from(from);
	g_autofree char *subject = clean_name(to->subject);
	d->answers = to->id;
	replace(&d->subject, prefix_once("Re: ", subject, reply_prefixes));
	replace(&d->body, reply_body(to, from->flowed));
	g_clear_pointer(&d->to, g_free);
	address_to(d, to, kind, own);
	thread_to(d, to);
	return d;
}

struct draft *resend_new(const struct reply_source *of, const struct identity *from)
{
	struct draft *d = draft_new_from(from);
	d->answers = of->id;
	d->forwards = true;
	d->resends = g_strdup(of->path);
	replace(&d->subject, clean_name(of->subject));
	return d;
}
