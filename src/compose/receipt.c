/* SPDX-License-Identifier: MIT */
#include "compose/receipt.h"

#include <string.h>

#include "base/sanitize.h"
#include "compose/address.h"
#include "compose/draft.h"
#include "compose/encode.h"
#include "compose/fields.h"
#include "compose/header.h"

enum { FIELD_MOST = 900 };

static void put_words(GString *out, const char *name, const char *value)
{
	struct header *h = header_begin(name);
	header_put_words(h, value);
	header_write(h, out);
}

static void put_address(GString *out, const char *name, const char *person, const char *address)
{
	struct header *h = header_begin(name);
	header_put_address(h, person ? person : "", address);
	header_write(h, out);
}

static void put_id(GString *out, const char *name, const char *id)
{
	g_autofree char *framed = g_strdup_printf("<%s>", id);
	put_words(out, name, framed);
}

static void put_subject(GString *out, const char *subject)
{
	/* TRANSLATORS: the subject of a receipt, before that of the letter */
	g_autofree char *text = g_strdup_printf(_("Read: %s"), subject);
	struct header *h = header_begin("Subject");
	header_put_text(h, text);
	header_write(h, out);
}

static void put_header(GString *out, const struct receipt_facts *f, const char *id)
{
	g_autofree char *date = compose_date(f->utc);
	bool known = f->message_id && is_message_id(f->message_id);
	put_words(out, "Date", date);
	put_address(out, "From", f->name, f->from);
	put_address(out, "To", "", f->to);
	put_subject(out, f->subject);
	put_id(out, "Message-ID", id);
	if (known) {
		put_id(out, "In-Reply-To", f->message_id);
		put_id(out, "References", f->message_id);
	}
	g_string_append(out, "MIME-Version: 1.0\n");
}

static void put_text(GString *out, const struct receipt_facts *f)
{
	g_autofree char *text = g_strdup_printf(
		_("The letter \"%s\" was shown to %s. Whether it was read or understood, "
		  "nobody can say.\n"), f->subject, f->from);
	g_string_append(out, "Content-Type: text/plain; charset=utf-8\n"
			     "Content-Transfer-Encoding: quoted-printable\n\n");
	encode_quoted(out, text, strlen(text));
}

/* RFC 8098 section 3.2.3: as it came, if it can stand in a line. */
static bool is_plain(const char *value)
{
	if (!value || !*value || strlen(value) > FIELD_MOST || !strchr(value, ';'))
		return false;
	for (; *value; value++)
		if (*value < ' ' || *value > '~')
			return false;
	return true;
}

static void put_notification(GString *out, const struct receipt_facts *f)
{
	g_string_append(out, "Content-Type: message/disposition-notification\n\n"
			     "Reporting-UA: dewey\n");
	if (is_plain(f->original_recipient))
		g_string_append_printf(out, "Original-Recipient: %s\n", f->original_recipient);
	g_string_append_printf(out, "Final-Recipient: rfc822;%s\n", f->from);
	if (f->message_id && is_message_id(f->message_id))
		g_string_append_printf(out, "Original-Message-ID: <%s>\n", f->message_id);
	g_string_append(out, "Disposition: manual-action/MDN-sent-manually; displayed\n");
}

char *receipt_build(const struct receipt_facts *f, char **message_id, GError **error)
{
	if (!address_check(f->to, false, error) || !address_check(f->from, false, error))
		return NULL;
	g_autofree char *to = address_to_ascii_domain(f->to, error);
	g_autofree char *from = to ? address_to_ascii_domain(f->from, error) : NULL;
	if (!from)
		return NULL;
	g_autofree char *subject = sanitize_line(f->subject ? f->subject : "", -1);
	struct receipt_facts ascii = *f;
	ascii.subject = subject;
	ascii.to = to;
	ascii.from = from;
	GString *out = g_string_new(NULL);
	g_autofree char *boundary = new_boundary();
	*message_id = compose_message_id(from);
	put_header(out, &ascii, *message_id);
	header_put_type(out, "multipart/report", "report-type", "disposition-notification",
		"boundary", boundary, NULL);
	g_string_append_printf(out, "\n--%s\n", boundary);
	put_text(out, &ascii);
	g_string_append_printf(out, "\n--%s\n", boundary);
	put_notification(out, &ascii);
	g_string_append_printf(out, "\n--%s--\n", boundary);
	return g_string_free(out, FALSE);
}
