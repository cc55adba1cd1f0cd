/* SPDX-License-Identifier: MIT */
#include "smtp/letter.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "compose/address.h"
#include "wire/codes.h"

void letter_free(struct letter *l)
{
	if (!l)
		return;
	g_string_free(l->text, TRUE);
	g_free(l);
}

/* --- reading --------------------------------------------------------------------------- */

static bool read_all(int fd, GString *into, GError **error)
{
	char piece[65536];
	for (;;) {
		ssize_t n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fdio_fail(error, "read", "stdin");
		if (n == 0)
			return true;
		g_string_append_len(into, piece, n);
	}
}

static void drop_carriage_returns(GString *text)
{
	gsize to = 0;
	for (gsize from = 0; from < text->len; from++)
		if (text->str[from] != '\r' || text->str[from + 1] != '\n')
			text->str[to++] = text->str[from];
	g_string_truncate(text, to);
}

static void cut_at_dot(GString *text)
{
	const char *found = g_str_has_prefix(text->str, ".\n") ? text->str : NULL;
	const char *inside = strstr(text->str, "\n.\n");
	if (!found && inside)
		found = inside + 1;
	if (found)
		g_string_truncate(text, (gsize)(found - text->str));
	else if (g_str_equal(text->str, ".") || g_str_has_suffix(text->str, "\n."))
		g_string_truncate(text, text->len - 1);
}

static void drop_from_line(GString *text)
{
	if (g_str_has_prefix(text->str, "From ") || g_str_has_prefix(text->str, ">From "))
		g_string_erase(text, 0,
			(gssize)(strchrnul(text->str, '\n') - text->str) +
				(strchr(text->str, '\n') != NULL));
}

/* "Name:" of printable ASCII (RFC 5322 section 2.2), or a continuation. */
static bool is_header_line(const char *line, bool first)
{
	size_t n = 0;
	if (!first && (*line == ' ' || *line == '\t'))
		return true;
	while (line[n] > ' ' && line[n] < 0x7F && line[n] != ':')
		n++;
	const char *colon = line + n;
	colon += strspn(colon, " \t");
	return n > 0 && *colon == ':';
}

static const char *next_line(const char *at)
{
	const char *lf = strchr(at, '\n');
	return lf ? lf + 1 : at + strlen(at);
}

/* Where the header ends without an empty line the text begins. */
static void find_header(struct letter *l)
{
	const char *at = l->text->str;
	while (*at && is_header_line(at, at == l->text->str))
		at = next_line(at);
	l->header = (gsize)(at - l->text->str);
	if (l->header > 0 && at[-1] != '\n') {
		g_string_append_c(l->text, '\n');
		l->header++;
	}
	if (l->text->str[l->header] != '\n')
		g_string_insert_c(l->text, (gssize)l->header, '\n');
}

struct letter *letter_read(int fd, bool dot, GError **error)
{
	g_autoptr(letter) l = g_new0(struct letter, 1);
	l->text = g_string_new(NULL);
	if (!read_all(fd, l->text, error))
		return NULL;
	if (strlen(l->text->str) != l->text->len) {
		g_set_error(error, WIRE_ERROR, CODE_DATA, _("there is a NUL octet in the letter"));
		return NULL;
	}
	drop_carriage_returns(l->text);
	if (dot)
		cut_at_dot(l->text);
	drop_from_line(l->text);
	find_header(l);
	return g_steal_pointer(&l);
}

/* --- fields ------------------------------------------------------------------------------ */

/* One field with its continuations. */
struct field {
	const char *at, *value, *end;
};

static bool next_field(const struct letter *l, struct field *f)
{
	const char *header_end = l->text->str + l->header;
	f->at = f->at ? f->end : l->text->str;
	if (f->at >= header_end)
		return false;
	f->end = f->at;
	do
		f->end = next_line(f->end);
	while (f->end < header_end && (*f->end == ' ' || *f->end == '\t'));
	f->value = strchr(f->at, ':') + 1;
	return true;
}

static bool is_named(const struct field *f, const char *name)
{
	size_t len = strlen(name);
	return g_ascii_strncasecmp(f->at, name, len) == 0 &&
	       f->at + len + strspn(f->at + len, " \t") + 1 == f->value;
}

static char *unfold(const struct field *f)
{
	char *value = g_strndup(f->value, (gsize)(f->end - f->value));
	return g_strstrip(g_strdelimit(value, "\r\n\t", ' '));
}

char *letter_field(const struct letter *l, const char *name)
{
	for (struct field f = {0}; next_field(l, &f);)
		if (is_named(&f, name))
			return unfold(&f);
	return NULL;
}

static bool add_addresses(GPtrArray *into, const struct field *f, GError **error)
{
	g_autofree char *value = unfold(f);
	g_autoptr(GPtrArray) list = address_parse_list(value, error);
	for (guint i = 0; list && i < list->len; i++)
		g_ptr_array_add(
			into, g_strdup(((const struct typed_address *)list->pdata[i])->address));
	return list != NULL;
}

static bool is_one_of(const struct field *f, const char *const *names)
{
	for (; *names; names++)
		if (is_named(f, *names))
			return true;
	return false;
}

static bool is_resent(const struct field *f)
{
	return g_ascii_strncasecmp(f->at, "resent-", 7) == 0;
}

/* The blocks stand one above the other; a field that comes a second time begins
 * the block below. */
static bool begins_older_block(GHashTable *seen, const struct field *f)
{
	g_autofree char *name = g_ascii_strdown(f->at, f->value - f->at);
	return !g_hash_table_add(seen, g_steal_pointer(&name));
}

static bool newest_block(const struct letter *l, GPtrArray *into, GError **error)
{
	static const char *const names[] = {"Resent-To", "Resent-Cc", "Resent-Bcc", NULL};
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	bool inside = false;
	for (struct field f = {0}; next_field(l, &f);) {
		bool resent = is_resent(&f);
		if ((inside && !resent) || (resent && begins_older_block(seen, &f)))
			return true;
		inside = inside || resent;
		if (is_one_of(&f, names) && !add_addresses(into, &f, error))
			return false;
	}
	return true;
}

static bool has_resent(const struct letter *l)
{
	for (struct field f = {0}; next_field(l, &f);)
		if (is_resent(&f))
			return true;
	return false;
}

GPtrArray *letter_recipients(const struct letter *l, GError **error)
{
	static const char *const names[] = {"To", "Cc", "Bcc", NULL};
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	bool ok = true;
	if (has_resent(l))
		return newest_block(l, all, error) ? g_steal_pointer(&all) : NULL;
	for (struct field f = {0}; ok && next_field(l, &f);)
		ok = !is_one_of(&f, names) || add_addresses(all, &f, error);
	return ok ? g_steal_pointer(&all) : NULL;
}

void letter_add(struct letter *l, const char *name, const char *value)
{
	g_autofree char *line = g_strdup_printf("%s: %s\n", name, value);
	g_string_prepend(l->text, line);
	l->header += strlen(line);
}
