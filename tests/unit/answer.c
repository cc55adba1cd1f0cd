/* SPDX-License-Identifier: MIT
 *
 * Answers to invitations and receipts, as octets. */
#include "base/base.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "compose/answer.h"
#include "compose/draft.h"
#include "compose/receipt.h"

static const struct answer_facts facts = {
	.uid = "boxes-1@example.net",
	.sequence = "2",
	.recurrence = "20260417T130000Z",
	.start = "20260410",
	.organizer = "petra@example.net",
	.attendee = "ivan@example.org",
	.name = "Иван \"Петров\"",
	.summary = "Boxes, one; two\\three\nfour",
	.state = "accepted",
	.made = 1771840000,
};

static void test_answer(void)
{
	g_autofree char *got = answer_new(&facts);
	g_assert_cmpstr(got, ==,
		"BEGIN:VCALENDAR\nPRODID:-//dewey//EN\nVERSION:2.0\nMETHOD:REPLY\n"
		"BEGIN:VEVENT\nUID:boxes-1@example.net\nSEQUENCE:2\n"
		"RECURRENCE-ID:20260417T130000Z\nDTSTAMP:20260223T094640Z\n"
		"DTSTART;VALUE=DATE:20260410\nSUMMARY:Boxes\\, one\\; two\\\\three\\nfour\n"
		"ORGANIZER:mailto:petra@example.net\n"
		"ATTENDEE;PARTSTAT=ACCEPTED;CN=\"Иван 'Петров'\":mailto:ivan@example.org\n"
		"END:VEVENT\nEND:VCALENDAR\n");
	g_autofree char *uid = answer_value(got, "UID"), *state = answer_value(got, "PARTSTAT");
	g_autofree char *none = answer_value(got, "LOCATION"), *time = answer_value(got, "RECURRENCE-ID");
	g_assert_cmpstr(uid, ==, "boxes-1@example.net");
	g_assert_cmpstr(state, ==, "accepted");
	g_assert_cmpstr(time, ==, "20260417T130000Z");
	g_assert_null(none);
}

/* No line of the sender's stands in our object. */
static void test_injection(void)
{
	struct answer_facts bad = facts;
	bad.uid = "a\r\nATTENDEE:mailto:evil@example.net";
	bad.sequence = "1\nX:y";
	bad.organizer = "p@example.net\nATTENDEE;PARTSTAT=DECLINED:mailto:x";
	bad.name = "\":mailto:evil@example.net\n";
	bad.recurrence = NULL;
	g_autofree char *got = answer_new(&bad);
	g_auto(GStrv) lines = g_strsplit(got, "\n", -1);
	guint attendees = 0;
	for (char **l = lines; *l; l++)
		attendees += g_str_has_prefix(*l, "ATTENDEE");
	g_assert_cmpuint(attendees, ==, 1);
	g_assert_nonnull(strstr(got, "\nUID:a\\nATTENDEE:mailto:evil@example.net\n"));
	g_assert_nonnull(strstr(got, ";CN=\"':mailto:evil@example.net\":mailto:ivan@example.org"));
}

static void test_folding(void)
{
	g_autofree char *calendar = answer_new(&facts);
	g_autofree char *comment = g_strnfill(200, 'x');
	g_autofree char *russian = g_strconcat("приду, но позже; ", comment, "\nвторая\n", NULL);
	g_autofree char *got = answer_with_comment(calendar, russian);
	g_auto(GStrv) lines = g_strsplit(got, "\r\n", -1);
	for (char **l = lines; *l; l++) {
		g_assert_cmpuint(strlen(*l), <=, 75);
		g_assert_true(g_utf8_validate(*l, -1, NULL));
		g_assert_null(strchr(*l, '\n'));
	}
	g_autoptr(GString) whole = g_string_new(got);
	g_string_replace(whole, "\r\n ", "", 0);
	g_autofree char *wanted = g_strconcat("\r\nCOMMENT:приду\\, но позже\\; ", comment,
		"\\nвторая\r\nEND:VEVENT\r\n", NULL);
	g_assert_nonnull(strstr(whole->str, wanted));
	g_autofree char *silent = answer_with_comment(calendar, "  \n");
	g_assert_null(strstr(silent, "COMMENT"));
}

static char *written(const struct draft *d)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(built_letter) built = draft_build(d, &error);
	g_assert_no_error(error);
	int fd = memfd_create("letter", 0);
	g_assert_true(built_letter_write(built, fd, &error));
	gsize len = (gsize)lseek(fd, 0, SEEK_END);
	char *text = g_malloc0(len + 1);
	g_assert_cmpint(pread(fd, text, len, 0), ==, (gssize)len);
	close(fd);
	return text;
}

static struct draft *answering(void)
{
	struct draft *d = draft_new();
	d->from = g_strdup("ivan@example.org");
	d->to = g_strdup("petra@example.net");
	d->subject = g_strdup("Accepted");
	d->body = g_strdup("I come.\n-- \nIvan\n");
	d->calendar = answer_new(&facts);
	return d;
}

/* RFC 6047: the text, and beside it the object, which has the text as its comment. */
static void test_letter(void)
{
	g_autoptr(draft) d = answering();
	g_autofree char *text = written(d);
	g_assert_nonnull(strstr(text, "Content-Type: multipart/alternative;"));
	const char *part = strstr(text, "Content-Type: text/calendar; method=REPLY; charset=utf-8\n");
	const char *coded = part ? strstr(part, "\n\n") : NULL;
	g_assert_nonnull(coded);
	g_autofree char *lines = g_strndup(coded + 2, strcspn(coded + 2, "-"));
	gsize len;
	g_autofree guchar *decoded = g_base64_decode(lines, &len);
	g_autofree char *got = g_strndup((const char *)decoded, len);
	g_autofree char *wanted = answer_with_comment(d->calendar, "I come.");
	g_assert_cmpstr(got, ==, wanted);
}

/* A draft that is kept has it still. */
static void test_saved(void)
{
	g_autoptr(draft) d = answering();
	g_autoptr(draft) back = draft_new();
	g_autoptr(GBytes) saved = draft_save(d, NULL);
	g_autofree char *text = g_strndup(g_bytes_get_data(saved, NULL), g_bytes_get_size(saved));
	g_autoptr(GString) unfolded = g_string_new(text);
	g_string_replace(unfolded, "\n ", " ", 0);
	const char *field = strstr(unfolded->str, "\nX-Dewey-Calendar: ");
	g_assert_nonnull(field);
	g_assert_null(strstr(text, "text/calendar"));
	struct draft *e = back;
	g_autofree char *escaped = g_strescape(d->calendar, NULL);
	draft_set_field(e, "X-Dewey-Calendar", escaped);
	g_assert_cmpstr(e->calendar, ==, d->calendar);
}

static void test_receipt(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = NULL;
	struct receipt_facts f = {"ivan@example.org", "Иван", "petra@example.net", "Boxes",
		"r.1@example.net", "rfc822;i@example.org", true};
	g_autofree char *text = receipt_build(&f, &id, &error);
	g_assert_no_error(error);
	const char *const wanted[] = {"\nTo: petra@example.net\n", "\nSubject: Read: Boxes\n",
		"\nIn-Reply-To: <r.1@example.net>\n",
		"Content-Type: multipart/report; report-type=disposition-notification;",
		"\nContent-Type: message/disposition-notification\n\nReporting-UA: dewey\n"
		"Original-Recipient: rfc822;i@example.org\n"
		"Final-Recipient: rfc822;ivan@example.org\n"
		"Original-Message-ID: <r.1@example.net>\n"
		"Disposition: manual-action/MDN-sent-manually; displayed\n"};
	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
		if (!strstr(text, wanted[i]))
			g_error("no '%s' in\n%s", wanted[i], text);
	g_assert_true(g_str_is_ascii(text));
}

/* Nothing of the other letter becomes a field of ours. */
static void test_receipt_injection(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = NULL, *none = NULL;
	struct receipt_facts f = {"ivan@example.org", "", "petra@example.net", "a\nBcc: x@y",
		"id\nX: y@z", "rfc822;i\nX-Evil: 1", true};
	g_autofree char *text = receipt_build(&f, &id, &error);
	g_assert_no_error(error);
	g_assert_null(strstr(text, "X-Evil"));
	g_assert_null(strstr(text, "Original-Message-ID"));
	g_assert_null(strstr(text, "\nBcc:"));
	f.to = "two@example.net, three@example.net";
	g_assert_null(receipt_build(&f, &none, &error));
	g_assert_error(error, COMPOSE_ERROR, COMPOSE_ERROR_ADDRESS);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/answer/object", test_answer);
	g_test_add_func("/answer/M-41/injection", test_injection);
	g_test_add_func("/answer/folding", test_folding);
	g_test_add_func("/answer/letter", test_letter);
	g_test_add_func("/answer/saved", test_saved);
	g_test_add_func("/receipt/M-65", test_receipt);
	g_test_add_func("/receipt/M-65/injection", test_receipt_injection);
	return g_test_run();
}
