/* SPDX-License-Identifier: MIT */
#include "compose/parts.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/random.h>

#include "compose/answer.h"
#include "compose/fields.h"
#include "compose/header.h"
#include "compose/text.h"

enum {
	TYPE_MAX = 120, /* what is longer comes from somebody who means no good */
	CHARSET_MAX = 40,
};

char *random_word(void)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t bits[16];
	char word[sizeof bits * 8 / 5 + 1];
	/* Fails only where the kernel has none to give, and never with so few. */
	g_assert(getrandom(bits, sizeof bits, 0) == (ssize_t)sizeof bits);
	for (size_t i = 0; i < sizeof word - 1; i++) {
		size_t at = i * 5;
		unsigned two = (unsigned)bits[at / 8] << 8 |
			       (at / 8 + 1 < sizeof bits ? bits[at / 8 + 1] : 0);
		word[i] = letters[two >> (11 - at % 8) & 31];
	}
	word[sizeof word - 1] = '\0';
	return g_strdup(word);
}

char *new_boundary(void)
{
	g_autofree char *word = random_word();
	return g_strconcat("=_", word, NULL);
}

/* --- files ------------------------------------------------------------------- */

/* The last part of the path alone, on one line, in UTF-8 (S-61, S-65). */
static char *safe_filename(const char *path)
{
	g_autofree char *base = g_path_get_basename(path);
	g_autofree char *utf8 = g_filename_display_name(base);
	GString *name = g_string_new(NULL);
	for (const char *c = utf8; *c; c = g_utf8_next_char(c)) {
		gunichar u = g_utf8_get_char(c);
		if (!g_unichar_iscntrl(u) && u != 0x2028 && u != 0x2029 && u != '/')
			g_string_append_unichar(name, u);
	}
	if (name->len == 0)
		g_string_assign(name, "file");
	return g_string_free(name, FALSE);
}

/* "text/plain"; what has rules of its own about encodings is plain octets. */
static char *guess_type(const char *name, const struct file_look *f)
{
	g_autofree char *guess =
		g_content_type_guess(name, (const guchar *)f->head, f->head_len, NULL);
	return g_content_type_get_mime_type(guess);
}

static bool is_type(const char *type)
{
	const char *slash = type ? strchr(type, '/') : NULL;
	for (const char *c = type; slash && *c; c++)
		if (c != slash && !g_ascii_isalnum(*c) && !strchr("!#$&-^_.+", *c))
			return false;
	return slash && slash > type && slash[1] && strlen(type) <= TYPE_MAX &&
	       !g_str_has_prefix(type, "multipart/") && !g_str_has_prefix(type, "message/");
}

static bool is_charset(const char *word)
{
	size_t len = word ? strspn(word, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.:+") : 0;
	return len > 0 && len <= CHARSET_MAX && word[len] == '\0';
}

/* Text that is ASCII or UTF-8 can be known as such; all else cannot. */
static const char *charset_of(const struct draft_part *p, const struct shape *m)
{
	if (is_charset(p->charset))
		return p->charset;
	return m->not_utf8 ? NULL : m->high ? "utf-8" : "us-ascii";
}

static void put_disposition(GString *out, const char *name)
{
	struct header *h = header_begin("Content-Disposition");
	header_put_words(h, "attachment");
	if (name)
		header_put_parameter(h, "filename", name);
	header_write(h, out);
}

static enum file_way way_of(enum coding coding)
{
	if (coding == CODING_BASE64)
		return FILE_BASE64;
	return coding == CODING_QUOTED ? FILE_QUOTED : FILE_LINES;
}

static bool put_file(struct pieces *to, const struct draft_part *p, GError **error)
{
	g_autoptr(file_look) f = file_look_new(p->path, error);
	if (!f)
		return false;
	GString *out = pieces_text(to);
	g_autofree char *name = safe_filename(p->name && *p->name ? p->name : p->path);
	g_autofree char *guess = p->type ? g_ascii_strdown(p->type, -1) : guess_type(name, f);
	const char *type = is_type(guess) ? guess : "application/octet-stream";
	bool text = g_str_has_prefix(type, "text/");
	if (text && !file_look_measure(f, error))
		return false;
	header_put_type(
		out, type, "charset", text ? charset_of(p, &f->shape) : NULL, "name", name, NULL);
	put_disposition(out, name);
	enum coding coding = text ? shape_file_coding(&f->shape) : CODING_BASE64;
	g_string_append_printf(out, "Content-Transfer-Encoding: %s\n\n", coding_name(coding));
	pieces_add_file(to, g_steal_pointer(&f), way_of(coding));
	return true;
}

/* Nobody on the way has a reason to change it. */
static bool is_safe(const struct shape *m)
{
	return m->high == 0 && !m->from && !m->blanks;
}

/* The name in a Maildir says when and where it arrived: not ours to tell. */
static bool put_letter(struct pieces *to, const struct draft *d, const char *path, GError **error)
{
	const struct draft_part as_file = {(char *)path, (char *)"letter.eml", NULL, NULL};
	g_autoptr(file_look) f = file_look_new(path, error);
	if (!f || !file_look_measure(f, error))
		return false;
	if (!shape_is_letter(&f->shape) || (d->exact && !is_safe(&f->shape)))
		return put_file(to, &as_file, error);
	GString *out = pieces_text(to);
	header_put_type(out, "message/rfc822", NULL);
	put_disposition(out, NULL);
	g_string_append_printf(out, "Content-Transfer-Encoding: %s\n\n",
		coding_name(f->shape.high ? CODING_8BIT : CODING_7BIT));
	pieces_add_file(to, g_steal_pointer(&f), FILE_LINES);
	return true;
}

/* --- the whole --------------------------------------------------------------- */

static bool has_files(const struct draft *d)
{
	return d->attachments->len > 0 || d->parts->len > 0 || (d->letter && *d->letter);
}

bool parts_needed(const struct draft *d)
{
	return d->calendar || has_files(d);
}

/* The line end before a boundary is not of the part (RFC 2046 section 5.1.1). */
static void put_boundary(struct pieces *to, const char *boundary, const char *end)
{
	g_string_append_printf(pieces_text(to), "\n--%s%s\n", boundary, end);
}

static bool put_files(
	struct pieces *to, const struct draft *d, const char *boundary, GError **error)
{
	bool ok = true;
	for (guint i = 0; ok && i < d->attachments->len; i++) {
		const struct draft_part p = {.path = d->attachments->pdata[i]};
		put_boundary(to, boundary, "");
		ok = put_file(to, &p, error);
	}
	for (guint i = 0; ok && i < d->parts->len; i++) {
		put_boundary(to, boundary, "");
		ok = put_file(to, d->parts->pdata[i], error);
	}
	if (ok && d->letter && *d->letter) {
		put_boundary(to, boundary, "");
		ok = put_letter(to, d, d->letter, error);
	}
	return ok;
}

/* RFC 6047 section 2.4; the comment is what the person wrote, without the signature. */
static void put_calendar(GString *out, const struct draft *d)
{
	const char *body = d->body ? d->body : "";
	g_autofree char *comment = g_strndup(body, (gsize)(signature_of(body) - body));
	g_autofree char *text = answer_with_comment(d->calendar, comment);
	header_put_type(out, "text/calendar", "method", "REPLY", "charset", "utf-8", NULL);
	g_string_append(out, "Content-Transfer-Encoding: base64\n\n");
	size_t len = strlen(text);
	g_autofree char *coded = g_malloc(BASE64_LENGTH(len));
	g_string_append_len(out, coded, (gssize)encode_base64(coded, text, len));
}

static bool put_alternative(struct pieces *to, const struct draft *d, GError **error)
{
	g_autofree char *boundary = new_boundary();
	header_put_type(pieces_text(to), "multipart/alternative", "boundary", boundary, NULL);
	put_boundary(to, boundary, "");
	if (!text_put(pieces_text(to), d, false, error))
		return false;
	put_boundary(to, boundary, "");
	put_calendar(pieces_text(to), d);
	put_boundary(to, boundary, "--");
	return true;
}

static bool put_words(struct pieces *to, const struct draft *d, GError **error)
{
	return d->calendar ? put_alternative(to, d, error)
			   : text_put(pieces_text(to), d, false, error);
}

bool parts_put(struct pieces *to, const struct draft *d, GError **error)
{
	if (!has_files(d))
		return put_words(to, d, error);
	g_autofree char *boundary = new_boundary();
	header_put_type(pieces_text(to), "multipart/mixed", "boundary", boundary, NULL);
	put_boundary(to, boundary, "");
	if (!put_words(to, d, error) || !put_files(to, d, boundary, error))
		return false;
	put_boundary(to, boundary, "--");
	return true;
}
