/* SPDX-License-Identifier: MIT */
#include "compose/reply.h"

#include <string.h>

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
		if (!address_check(a->address, false, NULL) || is_own(a->address, g->own) ||
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

static void address_to(struct draft *d, const struct reply_source *to, enum reply_kind kind,
	const char *const *own)
{
	bool has_reply_to = to->reply_to && to->reply_to->len > 0;
	const GPtrArray *first = has_reply_to ? to->reply_to : to->from;
	struct gather g = {.seen = g_ptr_array_new(), .own = own};
	g_autoptr(GString) line = g_string_new(NULL), copies = g_string_new(NULL);
	/* An answer to a letter of one's own goes on to those it went to. */
	if (all_own(to->from, own) && to->to && !all_own(to->to, own))
		first = to->to;
	gather(&g, first, line);
	if (kind == REPLY_ALL) {
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

/* --- thread ------------------------------------------------------------------ */

static bool is_id(const char *id)
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
		if (is_id(to->references->pdata[i]))
			g_ptr_array_add(ids, to->references->pdata[i]);
	if (is_id(to->message_id)) {
		g_ptr_array_add(ids, (char *)to->message_id);
		d->in_reply_to = g_strdup_printf("<%s>", to->message_id);
		d->references = join_ids(ids);
	}
}

/* --- text -------------------------------------------------------------------- */

static int columns(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

/* Where the first line of text ends: its last blank within width, or else the
 * end of its first word.  A line that fits ends at its end. */
static const char *line_break(const char *text, const char *end, int width)
{
	const char *blank = NULL;
	int used = 0;
	for (const char *c = text; c < end; c = g_utf8_next_char(c)) {
		used += columns(g_utf8_get_char(c));
		if (*c == ' ' && c > text && (used <= width || !blank))
			blank = c;
		if (used > width && blank)
			return blank;
	}
	return used > width && blank ? blank : end;
}

/* One paragraph, wrapped; its own quoting is repeated before each line. */
static void quote_paragraph(GString *out, const char *line, const char *end)
{
	const char *text = line;
	while (text < end && (*text == '>' || (*text == ' ' && text > line && text[-1] == '>')))
		text++;
	gssize quotes = text - line;
	int width = QUOTE_COLUMNS - 2 - (int)quotes;
	do {
		const char *stop = line_break(text, end, MAX(width, 20));
		g_string_append(out, line == end ? ">" : "> ");
		g_string_append_len(out, line, quotes);
		g_string_append_len(out, text, stop - text);
		g_string_append_c(out, '\n');
		text = stop + (stop < end);
	} while (text < end);
}

/* Without the signature, which begins at the last line "-- ". */
static const char *end_of_text(const char *text)
{
	const char *end = text + strlen(text);
	for (const char *at = text; (at = strstr(at, "-- \n")); at++)
		if (at == text || at[-1] == '\n')
			end = at;
	while (end > text && g_ascii_isspace(end[-1]))
		end--;
	return end;
}

static void quote_text(GString *out, const char *text)
{
	const char *end = end_of_text(text);
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		quote_paragraph(out, text, stop ? stop : end);
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

static char *reply_body(const struct reply_source *to)
{
	g_autofree char *name = name_of(to->from);
	GString *out = g_string_new(NULL);
	/* TRANSLATORS: the line above a quoted letter: its date, its sender */
	g_string_append_printf(out, _("%s, %s wrote:"), to->date_text ? to->date_text : "", name);
	g_string_append_c(out, '\n');
	quote_text(out, to->text ? to->text : "");
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
	return d;
}

static void replace(char **at, char *value)
{
	g_free(*at);
	*at = value;
}

struct draft *reply_new(const struct reply_source *to, enum reply_kind kind,
	const struct identity *from, const char *const *own)
{
	struct draft *d = draft_new_from(from);
	g_autofree char *subject = clean_name(to->subject);
	bool forward = kind == REPLY_FORWARD;
	d->answers = to->id;
	d->forwards = forward;
	if (forward) {
		replace(&d->subject, prefix_once("Fwd: ", subject, forward_prefixes));
		replace(&d->body, forward_body(to));
		d->letter = g_strdup(to->path);
		return d;
	}
	replace(&d->subject, prefix_once("Re: ", subject, reply_prefixes));
	replace(&d->body, reply_body(to));
	g_clear_pointer(&d->to, g_free);
	address_to(d, to, kind, own);
	thread_to(d, to);
	return d;
}
