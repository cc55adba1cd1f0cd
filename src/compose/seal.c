/* SPDX-License-Identifier: MIT */
#include "compose/seal.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fdio.h"
#include "compose/build.h"
#include "compose/encode.h"
#include "compose/fields.h"
#include "compose/header.h"
#include "compose/pieces.h"

/* What stands outside in place of a subject (RFC 9788 section 3.2.1). */
#define HIDDEN_SUBJECT "[...]"

struct sealed {
	struct built_letter *letter; /* what the envelope needs; its pieces come at the end */
	GString *outer;              /* header fields outside */
	GString *entity;             /* the MIME part that they get, LF */
	bool smime;
};

void sealed_free(struct sealed *s)
{
	if (!s)
		return;
	built_letter_free(s->letter);
	g_string_free(s->outer, TRUE);
	g_string_free(s->entity, TRUE);
	g_free(s);
}

static struct sealed *sealed_begin(const struct seal_form *form)
{
	struct sealed *s = g_new0(struct sealed, 1);
	s->outer = g_string_new(NULL);
	s->entity = g_string_new(NULL);
	s->smime = form->smime;
	return s;
}

/* --- fields ------------------------------------------------------------------------ */

/* The end of the field that begins at at, its folded lines included. */
static const char *field_end(const char *at)
{
	do {
		at = strchrnul(at, '\n');
		at += *at != '\0';
	} while (*at == ' ' || *at == '\t');
	return at;
}

static bool is_field(const char *at, const char *name)
{
	size_t len = strlen(name);
	return g_ascii_strncasecmp(at, name, len) == 0 && at[len] == ':';
}

/* Fields outside are those that the way needs; the subject is not among them. */
static void put_outer(struct sealed *s, const char *fields, bool hide_subject)
{
	for (const char *at = fields; *at && *at != '\n'; at = field_end(at)) {
		if (hide_subject && is_field(at, "Subject"))
			g_string_append(s->outer, "Subject: " HIDDEN_SUBJECT "\n");
		else
			g_string_append_len(s->outer, at, field_end(at) - at);
	}
}

/* Those who get a copy unseen are named outside only, where the agent takes them out; a
 * key counts only there. */
static bool is_outer_only(const char *at)
{
	return is_field(at, "Bcc") || is_field(at, "Autocrypt");
}

static void put_inner(GString *out, const char *fields)
{
	for (const char *at = fields; *at; at = field_end(at))
		if (!is_outer_only(at))
			g_string_append_len(out, at, field_end(at) - at);
}

/* RFC 9788 section 2.2: so the reader knows what was visible on the way. */
static void put_seen(GString *out, const char *outer)
{
	for (const char *at = outer; *at; at = field_end(at)) {
		if (is_outer_only(at))
			continue;
		g_string_append(out, "HP-Outer: ");
		g_string_append_len(out, at, field_end(at) - at);
	}
}

/* hp is of RFC 9788, the other what mail programs knew before. */
static void mark_protected(GString *part, bool encrypts)
{
	g_assert(is_field(part->str, "Content-Type"));
	gssize end = field_end(part->str) - part->str - 1;
	g_autofree char *marks =
		g_strdup_printf(";\n protected-headers=v1; hp=%s", encrypts ? "cipher" : "clear");
	g_string_insert(part, end, marks);
}

/* --- the payload --------------------------------------------------------------------- */

/* Files are read here; a memory file takes what is to be on no disk. */
static bool read_letter(const struct built_letter *b, GString *out, GError **error)
{
	g_autoptr(GError) why = NULL;
	int fd = memfd_create("letter", MFD_CLOEXEC);
	bool ok = fd >= 0 && built_letter_write(b, fd, error);
	off_t len = ok ? lseek(fd, 0, SEEK_END) : 0;
	gsize at = out->len;
	if (ok && len > 0) {
		g_string_set_size(out, at + (gsize)len);
		ok = pread(fd, out->str + at, (size_t)len, 0) == (ssize_t)len;
	}
	if (!ok && error && !*error)
		g_set_error(error, COMPOSE_ERROR, COMPOSE_ERROR_WRITE,
			_("cannot write the letter: %s"), g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

struct sealed *sealed_new(const struct draft *d, const struct seal_form *form, GError **error)
{
	g_autoptr(sealed) s = sealed_begin(form);
	g_autoptr(GString) fields = g_string_new(NULL), part = g_string_new(NULL);
	s->letter = build_apart(d, fields, error);
	if (!s->letter || !read_letter(s->letter, part, error))
		return NULL;
	bool hides = form->encrypt && !form->show_subject;
	put_outer(s, fields->str, hides);
	if (hides) {
		g_free(s->letter->subject);
		s->letter->subject = g_strdup(HIDDEN_SUBJECT);
	}
	mark_protected(part, form->encrypt);
	put_inner(s->entity, fields->str);
	if (form->encrypt)
		put_seen(s->entity, s->outer->str);
	g_string_append_len(s->entity, part->str, (gssize)part->len);
	return g_steal_pointer(&s);
}

/* What a list of drafts shows, but for the subject. */
static bool is_shown(const char *at)
{
	static const char *const names[] = {
		"Date", "From", "To", "Cc", "Subject", "Message-ID", "In-Reply-To", "References"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (is_field(at, names[i]))
			return true;
	return false;
}

struct sealed *sealed_new_draft(GBytes *saved, const struct seal_form *form)
{
	struct sealed *s = sealed_begin(form);
	g_autoptr(GString) shown = g_string_new(NULL);
	gsize len;
	const char *data = g_bytes_get_data(saved, &len);
	s->letter = g_new0(struct built_letter, 1);
	g_string_append_len(s->entity, data, (gssize)len);
	for (const char *at = s->entity->str; *at && *at != '\n'; at = field_end(at))
		if (is_shown(at))
			g_string_append_len(shown, at, field_end(at) - at);
	put_outer(s, shown->str, true);
	return s;
}

GBytes *sealed_payload(const struct sealed *s)
{
	GString *out = g_string_sized_new(s->entity->len + s->entity->len / 32);
	const char *at = s->entity->str, *end = at + s->entity->len;
	while (at < end) {
		const char *line = memchr(at, '\n', (size_t)(end - at));
		const char *stop = line ? line : end;
		g_string_append_len(out, at, stop - at);
		if (line)
			g_string_append(out, "\r\n");
		at = stop + 1;
	}
	return g_string_free_to_bytes(out);
}

/* --- around it ------------------------------------------------------------------------- */

/* The armour ends its lines as the system does. */
static void put_armour(GString *out, GBytes *octets)
{
	gsize len;
	const char *data = g_bytes_get_data(octets, &len);
	for (gsize i = 0; i < len; i++)
		if (data[i] != '\r')
			g_string_append_c(out, data[i]);
	if (out->len > 0 && out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
}

static void put_base64(GString *out, GBytes *octets)
{
	gsize len, at = out->len;
	const void *data = g_bytes_get_data(octets, &len);
	g_string_set_size(out, at + BASE64_LENGTH(len));
	g_string_truncate(out, at + encode_base64(out->str + at, data, len));
}

static void put_file(GString *out, const char *type, const char *how, const char *name)
{
	header_put_type(out, type, "name", name, NULL);
	g_string_append_printf(out, "Content-Disposition: %s; filename=%s\n", how, name);
}

static void put_signature(struct sealed *s, GString *out, GBytes *signature)
{
	put_file(out, s->smime ? "application/pkcs7-signature" : "application/pgp-signature",
		"attachment", s->smime ? "smime.p7s" : "signature.asc");
	if (s->smime) {
		g_string_append(out, "Content-Transfer-Encoding: base64\n\n");
		put_base64(out, signature);
	} else {
		g_string_append_c(out, '\n');
		put_armour(out, signature);
	}
}

static void take_entity(struct sealed *s, GString *entity)
{
	g_string_free(s->entity, TRUE);
	s->entity = entity;
}

/* The line end before a boundary is not of the part, and so not of what is signed. */
void sealed_sign(struct sealed *s, const char *micalg, GBytes *signature)
{
	GString *out = g_string_new(NULL);
	g_autofree char *boundary = new_boundary();
	header_put_type(out, "multipart/signed", "micalg", micalg, "protocol",
		s->smime ? "application/pkcs7-signature" : "application/pgp-signature", "boundary",
		boundary, NULL);
	g_string_append_printf(out, "\n--%s\n", boundary);
	g_string_append_len(out, s->entity->str, (gssize)s->entity->len);
	g_string_append_printf(out, "\n--%s\n", boundary);
	put_signature(s, out, signature);
	g_string_append_printf(out, "\n--%s--\n", boundary);
	take_entity(s, out);
}

static void put_cms(GString *out, GBytes *octets)
{
	header_put_type(out, "application/pkcs7-mime", "smime-type", "enveloped-data", "name",
		"smime.p7m", NULL);
	g_string_append(out, "Content-Disposition: attachment; filename=smime.p7m\n"
			     "Content-Transfer-Encoding: base64\n\n");
	put_base64(out, octets);
}

static void put_openpgp(GString *out, GBytes *octets)
{
	g_autofree char *boundary = new_boundary();
	header_put_type(out, "multipart/encrypted", "protocol", "application/pgp-encrypted",
		"boundary", boundary, NULL);
	g_string_append_printf(out,
		"\n--%s\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--%s\n", boundary,
		boundary);
	put_file(out, "application/octet-stream", "inline", "encrypted.asc");
	g_string_append_c(out, '\n');
	put_armour(out, octets);
	g_string_append_printf(out, "\n--%s--\n", boundary);
}

void sealed_encrypt(struct sealed *s, GBytes *octets)
{
	GString *out = g_string_new(NULL);
	if (s->smime)
		put_cms(out, octets);
	else
		put_openpgp(out, octets);
	take_entity(s, out);
}

struct built_letter *sealed_end(struct sealed *s)
{
	struct built_letter *letter = g_steal_pointer(&s->letter);
	g_clear_pointer(&letter->pieces, pieces_free);
	letter->pieces = pieces_new();
	GString *out = pieces_text(letter->pieces);
	g_string_append_len(out, s->outer->str, (gssize)s->outer->len);
	g_string_append(out, "MIME-Version: 1.0\n");
	g_string_append_len(out, s->entity->str, (gssize)s->entity->len);
	sealed_free(s);
	return letter;
}

/* --- Autocrypt --------------------------------------------------------------------------- */

enum { KEY_COLUMNS = 72 };

/* Blanks within keydata mean nothing; they are where the line may be folded. */
char *seal_autocrypt(const char *address, bool mutual, GBytes *key)
{
	gsize len;
	const void *data = g_bytes_get_data(key, &len);
	g_autofree char *code = g_base64_encode(data, len);
	GString *out = g_string_new(NULL);
	g_string_printf(
		out, "addr=%s;%s keydata=", address, mutual ? " prefer-encrypt=mutual;" : "");
	for (const char *at = code; *at; at += strnlen(at, KEY_COLUMNS))
		g_string_append_printf(out, " %.*s", KEY_COLUMNS, at);
	return g_string_free(out, FALSE);
}
