/* SPDX-License-Identifier: MIT
 *
 * Letters that are signed or encrypted, by somebody who does as if: what is around
 * the octets, and that those are the ones that were handed out. */
#include "base/base.h"

#include <glib/gstdio.h>
#include <gmime/gmime.h>
#include <string.h>

#include "compose/seal.h"
#include "tests/unit/letter-fixture.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)

#define SIGNATURE "-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n-----END PGP SIGNATURE-----\r\n"

static struct sealed *begin(const struct draft *d, const struct seal_form *form)
{
	g_autoptr(GError) error = NULL;
	struct sealed *s = sealed_new(d, form, &error);
	g_assert_no_error(error);
	return s;
}

static char *payload(const struct sealed *s)
{
	g_autoptr(GBytes) bytes = sealed_payload(s);
	return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static char *end_text(struct sealed *s)
{
	g_autoptr(built_letter) letter = sealed_end(s);
	return written(letter);
}

static void sign_as_if(struct sealed *s, const char *signature)
{
	g_autoptr(GBytes) octets = g_bytes_new_static(signature, strlen(signature));
	sealed_sign(s, "pgp-sha512", octets);
}

static const char *parameter(GMimeObject *part, const char *name)
{
	return g_mime_object_get_content_type_parameter(part, name);
}

/* A body with all that mail servers like to change. */
static const char difficult[] = "first\nFrom here on\ntrailing  \n.\nпривет\t\n-- \nIvan\n";

/* M-71: the part that is signed stands in the letter octet by octet as it was signed. */
static void test_exact(void)
{
	g_autoptr(draft) d = letter_with(difficult);
	const struct seal_form form = {0};
	struct sealed *s = begin(d, &form);
	g_autofree char *signed_text = payload(s);
	sign_as_if(s, SIGNATURE);
	g_autofree char *text = end_text(s);
	g_autoptr(GMimeMessage) m = parse(text);
	GMimeObject *root = g_mime_message_get_mime_part(m);
	g_assert_true(GMIME_IS_MULTIPART_SIGNED(root));
	g_assert_cmpstr(parameter(root, "micalg"), ==, "pgp-sha512");
	g_assert_cmpstr(parameter(root, "protocol"), ==, "application/pgp-signature");
	g_assert_cmpint(g_mime_multipart_get_count(GMIME_MULTIPART(root)), ==, 2);

	g_auto(GStrv) lines = g_strsplit(signed_text, "\r\n", -1);
	g_autofree char *as_lines = g_strjoinv("\n", lines);
	g_autofree char *framed = g_strdup_printf("\n--%s\n%s\n--%s\n", parameter(root, "boundary"),
		as_lines, parameter(root, "boundary"));
	g_assert_nonnull(strstr(text, framed));
	g_assert_null(strchr(as_lines, '\r'));
	for (char **line = lines; *line; line++) {
		g_assert_true(g_str_is_ascii(*line));
		g_assert_false(g_str_has_prefix(*line, "From "));
		g_assert_false(g_str_has_suffix(*line, " ") || g_str_has_suffix(*line, "\t"));
	}
}

/* M-75: the fields are repeated inside, marked for old and new programs; those who get
 * a copy unseen are not named there. */
static void test_protected(void)
{
	g_autoptr(draft) d = letter_with(difficult);
	const struct seal_form form = {0};
	set(&d->bcc, "hidden@example.org");
	struct sealed *s = begin(d, &form);
	sign_as_if(s, SIGNATURE);
	g_autofree char *text = end_text(s);
	g_autoptr(GMimeMessage) m = parse(text);
	GMimeObject *root = g_mime_message_get_mime_part(m);
	GMimeObject *part = g_mime_multipart_get_part(GMIME_MULTIPART(root), 0);
	g_assert_cmpstr(parameter(part, "hp"), ==, "clear");
	g_assert_cmpstr(parameter(part, "protected-headers"), ==, "v1");
	g_assert_cmpstr(g_mime_object_get_header(part, "Subject"), ==, "Тема");
	g_assert_cmpstr(g_mime_message_get_subject(m), ==, "Тема");
	g_assert_cmpstr(g_mime_object_get_header(part, "Message-ID"), ==,
		g_mime_object_get_header(GMIME_OBJECT(m), "Message-ID"));
	g_assert_cmpstr(g_mime_object_get_header(part, "Date"), ==,
		g_mime_object_get_header(GMIME_OBJECT(m), "Date"));
	g_assert_nonnull(g_mime_object_get_header(part, "To"));
	g_assert_null(g_mime_object_get_header(part, "Bcc"));
	g_assert_null(g_mime_object_get_header(part, "HP-Outer"));
	g_assert_nonnull(g_mime_object_get_header(GMIME_OBJECT(m), "Bcc"));
	g_autofree char *body = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
	g_assert_cmpstr(body, ==, difficult);
}

/* As if encrypted: the octets are the payload itself. */
static char *encrypt_as_if(const struct draft *d, const struct seal_form *form, char **inside)
{
	struct sealed *s = begin(d, form);
	g_autoptr(GBytes) octets = g_bytes_new_static("-----BEGIN PGP MESSAGE-----\n", 28);
	*inside = payload(s);
	sealed_encrypt(s, octets);
	return end_text(s);
}

/* M-75: the subject is inside only, and the reader is told what was seen outside. */
static void test_subject(void)
{
	const struct seal_form hidden = {.encrypt = true};
	const struct seal_form shown = {.encrypt = true, .show_subject = true};
	g_autoptr(draft) d = letter_with("text\n");
	g_autofree char *inside = NULL, *open_inside = NULL;
	set(&d->subject, "quarrel in the harbour");
	set(&d->bcc, "hidden@example.org");
	g_autofree char *text = encrypt_as_if(d, &hidden, &inside);
	g_assert_null(strstr(text, "quarrel"));
	g_assert_nonnull(strstr(text, "\nSubject: [...]\n"));
	g_assert_nonnull(strstr(inside, "\r\nSubject: quarrel in the harbour\r\n"));
	g_assert_nonnull(strstr(inside, "\r\nHP-Outer: Subject: [...]\r\n"));
	g_assert_nonnull(strstr(inside, "\r\nHP-Outer: Message-ID: <"));
	g_assert_nonnull(strstr(inside, "hp=cipher"));
	g_assert_null(strstr(inside, "hidden@"));
	g_autofree char *open = encrypt_as_if(d, &shown, &open_inside);
	g_assert_nonnull(strstr(open, "\nSubject: quarrel in the harbour\n"));
	g_assert_nonnull(strstr(open_inside, "\r\nHP-Outer: Subject: quarrel in the harbour\r\n"));
}

static void test_encrypted(void)
{
	const struct seal_form openpgp = {.encrypt = true},
			       smime = {.encrypt = true, .smime = true};
	g_autoptr(draft) d = letter_with("text\n");
	g_autofree char *inside = NULL, *other = NULL;
	g_autofree char *text = encrypt_as_if(d, &openpgp, &inside);
	g_autoptr(GMimeMessage) m = parse(text);
	GMimeObject *root = g_mime_message_get_mime_part(m);
	g_assert_true(GMIME_IS_MULTIPART_ENCRYPTED(root));
	g_assert_cmpstr(parameter(root, "protocol"), ==, "application/pgp-encrypted");
	GMimeObject *first = g_mime_multipart_get_part(GMIME_MULTIPART(root), 0);
	GMimeContentType *type = g_mime_object_get_content_type(first);
	g_assert_true(g_mime_content_type_is_type(type, "application", "pgp-encrypted"));

	g_autofree char *cms = encrypt_as_if(d, &smime, &other);
	g_autoptr(GMimeMessage) c = parse(cms);
	root = g_mime_message_get_mime_part(c);
	type = g_mime_object_get_content_type(root);
	g_assert_true(g_mime_content_type_is_type(type, "application", "pkcs7-mime"));
	g_assert_cmpstr(parameter(root, "smime-type"), ==, "enveloped-data");
}

/* A letter that goes along whole and has octets that a server may change goes as a file
 * where it is signed, and as a letter where it is only encrypted or neither. */
static void test_enclosed(void)
{
	g_autofree char *dir = g_dir_make_tmp("seal-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "a", NULL);
	static const char letter[] =
		"Subject: x\nContent-Type: text/plain; charset=utf-8\n\nпривет\n";
	g_assert_true(g_file_set_contents(path, letter, -1, NULL));
	g_autoptr(draft) d = letter_with("text\n");
	const struct seal_form form = {0};
	set(&d->letter, path);
	struct sealed *s = begin(d, &form);
	g_autofree char *text = payload(s);
	g_assert_null(strstr(text, "message/rfc822"));
	g_assert_true(g_str_is_ascii(text));
	sealed_free(s);
	g_autofree char *plain = build_text(d);
	g_assert_nonnull(strstr(plain, "message/rfc822"));
	g_unlink(path);
	g_rmdir(dir);
}

/* M-74: outside of a draft that is kept encrypted stands nothing of what was written. */
static void test_draft(void)
{
	g_autoptr(draft) d = letter_with("secret text\n");
	const struct seal_form form = {.encrypt = true};
	set(&d->subject, "secret subject");
	set(&d->bcc, "secret@example.org");
	set(&d->account, "home");
	d->seal = SEAL_CHOSEN | SEAL_ENCRYPT;
	g_autoptr(GBytes) saved = draft_save(d, NULL);
	struct sealed *s = sealed_new_draft(saved, &form);
	g_autofree char *inside = payload(s);
	g_autoptr(GBytes) octets = g_bytes_new_static("x\n", 2);
	sealed_encrypt(s, octets);
	g_autofree char *text = end_text(s);
	g_assert_null(strstr(text, "secret"));
	g_assert_null(strstr(text, "X-Dewey-"));
	g_assert_nonnull(strstr(text, "\nTo: jones@example.org\n"));
	g_assert_nonnull(strstr(inside, "\r\nSubject: secret subject\r\n"));
	g_assert_nonnull(strstr(inside, "\r\nX-Dewey-Seal: 5\r\n"));
	g_assert_nonnull(strstr(inside, "\r\nBcc: secret@example.org\r\n"));
}

static void test_resent(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(draft) d = letter_with("");
	const struct seal_form form = {0};
	set(&d->resends, "/dev/null");
	g_assert_null(sealed_new(d, &form, &error));
	g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_HEADER);
}

/* The field of Autocrypt, level 1: folded, and the key whole again without blanks. */
static void test_autocrypt(void)
{
	guint8 octets[1200];
	for (size_t i = 0; i < sizeof octets; i++)
		octets[i] = (guint8)(i * 7);
	g_autoptr(GBytes) key = g_bytes_new_static(octets, sizeof octets);
	g_autofree char *value = seal_autocrypt("ivan@example.org", true, key);
	g_autoptr(draft) d = letter_with("text\n");
	d->autocrypt = value;
	g_autofree char *inside = NULL;
	const struct seal_form form = {.encrypt = true};
	g_autofree char *text = encrypt_as_if(d, &form, &inside);
	g_assert_null(strstr(inside, "Autocrypt"));
	g_autoptr(GMimeMessage) m = parse(text);
	GMimeAutocryptHeader *h = g_mime_message_get_autocrypt_header(m, NULL);
	g_assert_nonnull(h);
	g_assert_cmpint(g_mime_autocrypt_header_get_prefer_encrypt(h), ==,
		GMIME_AUTOCRYPT_PREFER_ENCRYPT_MUTUAL);
	g_assert_cmpstr(g_mime_autocrypt_header_get_address_as_string(h), ==, "ivan@example.org");
	g_assert_true(g_bytes_equal(g_mime_autocrypt_header_get_keydata(h), key));
	g_object_unref(h);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		g_assert_cmpint(strlen(*line), <=, 78);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
	g_test_add_func("/seal/M-71: what is signed is what stands there", test_exact);
	g_test_add_func("/seal/M-75: fields are protected", test_protected);
	g_test_add_func("/seal/M-75: the subject is not seen outside", test_subject);
	g_test_add_func("/seal/the parts around what is encrypted", test_encrypted);
	g_test_add_func("/seal/a letter that goes along in a signed one", test_enclosed);
	g_test_add_func("/seal/M-74: a draft is kept encrypted", test_draft);
	g_test_add_func("/seal/what is sent on as it is", test_resent);
	g_test_add_func("/seal/Autocrypt", test_autocrypt);
	return g_test_run();
}
