/* SPDX-License-Identifier: MIT */
#include "smtp/letter.h"

#include <string.h>
#include <unistd.h>

#include "base/fdio.h"
#include "compose/header.h"
#include "wire/codes.h"

void letter_free(struct letter *l)
{
	if (!l)
		return;
	g_string_free(l->header, TRUE);
	g_free(l);
}

/* --- reading --------------------------------------------------------------------------- */

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

static bool is_mbox_line(const char *line)
{
	return (g_str_has_prefix(line, "From ") || g_str_has_prefix(line, ">From ")) &&
	       !is_header_line(line, true);
}

static bool drop_mbox_line(struct letter *l, GString *line, GError **error)
{
	if (!input_line(l->input, LETTER_HEADER_MAX, line, error))
		return false;
	l->empty = line->len == 0;
	if (is_mbox_line(line->str))
		input_take(l->input, line->len);
	return true;
}

static bool has_room(const struct letter *l, const GString *line, GError **error)
{
	if (l->header->len + line->len < LETTER_HEADER_MAX)
		return true;
	g_set_error(
		error, WIRE_ERROR, CODE_DATA, _("the header of the letter is longer than 1 MB"));
	return false;
}

/* Where the header ends without an empty line the text begins. */
static bool read_header(struct letter *l, GString *line, GError **error)
{
	for (;;) {
		if (!input_line(l->input, LETTER_HEADER_MAX, line, error))
			return false;
		if (!is_header_line(line->str, l->header->len == 0))
			break;
		if (!has_room(l, line, error))
			return false;
		g_string_append_len(l->header, line->str, (gssize)line->len);
		input_take(l->input, line->len);
	}
	if (line->str[0] == '\n')
		input_take(l->input, 1);
	if (l->header->len > 0 && l->header->str[l->header->len - 1] != '\n')
		g_string_append_c(l->header, '\n');
	return true;
}

struct letter *letter_begin(struct input *in, GError **error)
{
	g_autoptr(letter) l = g_new0(struct letter, 1);
	g_autoptr(GString) line = g_string_new(NULL);
	l->header = g_string_new(NULL);
	l->input = in;
	if (!drop_mbox_line(l, line, error) || !read_header(l, line, error))
		return NULL;
	return g_steal_pointer(&l);
}

bool letter_write(struct letter *l, int fd, GError **error)
{
	return fdio_write_all(fd, l->header->str, l->header->len, error) &&
	       fdio_write_all(fd, "\n", 1, error) && input_copy(l->input, fd, error);
}

/* --- fields ------------------------------------------------------------------------------ */

GString *letter_header_of(int fd)
{
	GString *text = g_string_sized_new(LETTER_HEADER_MAX);
	ssize_t n = pread(fd, text->str, LETTER_HEADER_MAX, 0);
	g_string_set_size(text, (gsize)MAX(n, 0));
	const char *end = strstr(text->str, "\n\n");
	if (end)
		g_string_truncate(text, (gsize)(end + 1 - text->str));
	return text;
}

/* One field with its continuations. */
struct field {
	const char *at, *value, *end;
};

static const char *next_line(const char *at)
{
	const char *lf = strchr(at, '\n');
	return lf ? lf + 1 : at + strlen(at);
}

/* A letter that is sent on as it came may have lines that are no fields. */
static bool next_field(const struct letter *l, struct field *f)
{
	const char *colon = NULL;
	for (f->at = f->at ? f->end : l->header->str; !colon; f->at = colon ? f->at : f->end) {
		if (!*f->at)
			return false;
		f->end = f->at;
		do
			f->end = next_line(f->end);
		while (*f->end == ' ' || *f->end == '\t');
		colon = memchr(f->at, ':', (size_t)(f->end - f->at));
	}
	f->value = colon + 1;
	return true;
}

static bool is_named(const struct field *f, const char *name)
{
	size_t len = strlen(name);
	return g_ascii_strncasecmp(f->at, name, len) == 0 &&
	       f->at + len + strspn(f->at + len, " \t") + 1 == f->value;
}

static bool is_one_of(const struct field *f, const char *const *names)
{
	for (; *names; names++)
		if (is_named(f, *names))
			return true;
	return false;
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

static bool is_empty(const struct field *f)
{
	g_autofree char *value = unfold(f);
	return *value == '\0';
}

/* Servers refuse a letter that has one of these fields twice. */
void letter_add(struct letter *l, const char *name, const char *value)
{
	GString *anew = g_string_new(NULL);
	g_string_append_printf(anew, "%s: %s\n", name, value);
	for (struct field f = {0}; next_field(l, &f);)
		if (!is_named(&f, name) || !is_empty(&f))
			g_string_append_len(anew, f.at, f.end - f.at);
	g_string_free(l->header, TRUE);
	l->header = anew;
}

/* --- who reads --------------------------------------------------------------------------- */

static bool add_addresses(
	GPtrArray *into, const struct field *f, const struct address_here *here, GError **error)
{
	g_autofree char *value = unfold(f);
	g_autoptr(GPtrArray) list = address_parse_here(value, here, error);
	for (guint i = 0; list && i < list->len; i++)
		g_ptr_array_add(
			into, g_strdup(((const struct typed_address *)list->pdata[i])->address));
	return list != NULL;
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

static bool newest_block(
	const struct letter *l, GPtrArray *into, const struct address_here *here, GError **error)
{
	static const char *const names[] = {"Resent-To", "Resent-Cc", "Resent-Bcc", NULL};
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	bool inside = false;
	for (struct field f = {0}; next_field(l, &f);) {
		bool resent = is_resent(&f);
		if ((inside && !resent) || (resent && begins_older_block(seen, &f)))
			return true;
		inside = inside || resent;
		if (is_one_of(&f, names) && !add_addresses(into, &f, here, error))
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

GPtrArray *letter_recipients(
	const struct letter *l, const struct address_here *here, GError **error)
{
	static const char *const names[] = {"To", "Cc", "Bcc", NULL};
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	bool ok = true;
	if (has_resent(l))
		return newest_block(l, all, here, error) ? g_steal_pointer(&all) : NULL;
	for (struct field f = {0}; ok && next_field(l, &f);)
		ok = !is_one_of(&f, names) || add_addresses(all, &f, here, error);
	return ok ? g_steal_pointer(&all) : NULL;
}

static const char *const people_fields[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc",
	"Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Bcc", NULL};

static bool is_excepted(const char *address, const GPtrArray *except)
{
	for (guint i = 0; i < except->len; i++)
		if (address_equal(address, except->pdata[i]))
			return true;
	return false;
}

char *letter_utf8_address(const struct letter *l, const GPtrArray *except)
{
	for (struct field f = {0}; next_field(l, &f);) {
		g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
		if (!is_one_of(&f, people_fields) || !add_addresses(found, &f, NULL, NULL))
			continue;
		for (guint i = 0; i < found->len; i++)
			if (address_needs_utf8(found->pdata[i]) &&
				!is_excepted(found->pdata[i], except))
				return g_strdup(found->pdata[i]);
	}
	return NULL;
}

/* --- names of somebody here -------------------------------------------------------------- */

/* Encoded words would have to be decoded to be written anew. */
static bool has_encoded_name(const GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++)
		if (strstr(((const struct typed_address *)list->pdata[i])->name, "=?"))
			return true;
	return false;
}

/* The field anew, or NULL where it is well as it is. */
static char *qualified(const struct field *f, const struct address_here *here)
{
	g_autofree char *value = unfold(f);
	g_autoptr(GPtrArray) plain = address_parse_list(value, NULL);
	g_autoptr(GPtrArray) list = plain ? NULL : address_parse_here(value, here, NULL);
	if (!list || list->len == 0 || has_encoded_name(list))
		return NULL;
	g_autofree char *name = g_strndup(f->at, (gsize)(f->value - 1 - f->at));
	struct header *h = header_begin(g_strchomp(name));
	for (guint i = 0; i < list->len; i++) {
		const struct typed_address *a = list->pdata[i];
		g_autofree char *ascii = address_to_ascii_domain(a->address, NULL);
		header_put_address(h, a->name, ascii ? ascii : a->address);
	}
	g_autofree char *anew = header_end(h);
	return g_strdup_printf("%s: %s\n", name, g_strchug(anew));
}

void letter_qualify(struct letter *l, const struct address_here *here)
{
	GString *anew = g_string_new(NULL);
	for (struct field f = {0}; next_field(l, &f);) {
		g_autofree char *line = is_one_of(&f, people_fields) ? qualified(&f, here) : NULL;
		if (line)
			g_string_append(anew, line);
		else
			g_string_append_len(anew, f.at, f.end - f.at);
	}
	g_string_free(l->header, TRUE);
	l->header = anew;
}
