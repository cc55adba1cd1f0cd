/* SPDX-License-Identifier: MIT
 *
 * Reports of delivery (RFC 3464) and of reading (RFC 8098): what the worker reads
 * of them, and to which letter and recipient they are put down. */
#include "mailbox.h"

#include <fcntl.h>
#include <unistd.h>

#include "mime/client.h"
#include "store/outbox.h"
#include "store/reports.h"
#include "tests/unit/patient.h"

enum { NOW = MAILBOX_BEGIN };

/* --- reading ------------------------------------------------------------------- */

#define HEAD(type)                                                                                 \
	"From: MAILER-DAEMON@mx.example\nTo: ivan@example.org\nSubject: report\n"                  \
	"Date: Tue, 14 Nov 2023 22:13:00 +0000\nMIME-Version: 1.0\n"                               \
	"Content-Type: multipart/report; report-type=" type "; boundary=b\n\n"                     \
	"--b\nContent-Type: text/plain\n\nSorry.\n"
#define STATUS "--b\nContent-Type: message/delivery-status\n\n"
#define RECEIPT "--b\nContent-Type: message/disposition-notification\n\n"
#define RETURNED                                                                                   \
	"\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <1@x>\nSubject: x\n\nx\n--b--\n"

static const struct reading {
	const char *name, *letter, *expected;
} readings[] = {
	{"failed",
		HEAD("delivery-status") STATUS
		"Reporting-MTA: dns; mx.example\nOriginal-Envelope-Id: e-1\n\n"
		"Original-Recipient: rfc822;green@example.org\n"
		"Final-Recipient: rfc822; <g@inside.example>\nAction: failed\n"
		"Status: 5.1.1 (no mailbox)\nDiagnostic-Code: smtp; 550 5.1.1 No such\n user "
		"here\n" RETURNED,
		"delivery e-1 1@x mx.example | green@example.org g@inside.example failed 5.1.1"
		" 550 5.1.1 No such user here"},
	{"all of them, empty lines between, CRLF, the head alone",
		HEAD("delivery-status") STATUS
		"Reporting-MTA: dns;mx\r\n\r\n\r\nFinal-Recipient: rfc822;a@x\r\nAction: "
		"Delivered\r\n"
		"Status: 2.0.0\r\n \r\nFinal-Recipient: rfc822;b@x\r\nAction: relayed\r\n\r\n"
		"Final-Recipient: rfc822;c@x\r\nAction: expanded\r\n\r\n"
		"Final-Recipient: rfc822;d@x\r\nAction: delayed\r\nStatus: 4.4.1\r\n"
		"\n--b\nContent-Type: text/rfc822-headers\n\nReceived: x\nMessage-ID:\n "
		"<2@x>\n--b--\n",
		"delivery  2@x mx | a@x a@x delivered 2.0.0  | b@x b@x relayed   | c@x c@x expanded"
		"   | d@x d@x delayed 4.4.1 "},
	{"no action: the status says it",
		HEAD("delivery-status") STATUS
		"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@x\n"
		"Status: 4.2.2\n" RETURNED,
		"delivery  1@x mx | a@x a@x delayed 4.2.2 "},
	{"one group for all", /* RFC 3464 has two; some write one */
		HEAD("delivery-status") STATUS
		"Reporting-MTA: dns; mx\nFinal-Recipient: rfc822; a@x\n"
		"Action: failed\n" RETURNED,
		"delivery  1@x mx | a@x a@x failed  "},
	{"in base64",
		HEAD("delivery-status") "--b\nContent-Type: message/delivery-status\n"
					"Content-Transfer-Encoding: base64\n\n"
					"UmVwb3J0aW5nLU1UQTogZG5zO214CgpGaW5hbC1SZWNpcGllbnQ6IHJmYz"
					"gyMjthQHgKQWN0aW9uOiBmYWlsZWQK"
					"\n" RETURNED,
		"delivery  1@x mx | a@x a@x failed  "},
	{"Cyrillic words",
		HEAD("delivery-status") STATUS
		"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@x\n"
		"Action: failed\nDiagnostic-Code: smtp; 550 =?utf-8?B?0L3QtdGC?=\n" RETURNED,
		"delivery  1@x mx | a@x a@x failed  550 нет"},
	{"escapes stay words",
		HEAD("delivery-status") STATUS
		"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@x\n"
		"Action: failed\nDiagnostic-Code: smtp; 550 \033[2J\342\200\256x\n" RETURNED,
		"delivery  1@x mx | a@x a@x failed  550 ␛[2J‹202E›x"},
	{"read",
		HEAD("disposition-notification") RECEIPT
		"Reporting-UA: foo; bar\nFinal-Recipient: rfc822; anna@x\nOriginal-Message-ID: "
		"<3@x>\n"
		"Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n",
		"receipt  3@x foo; bar | anna@x anna@x displayed  "},
	{"deleted, with a modifier",
		HEAD("disposition-notification") RECEIPT
		"Final-Recipient: rfc822;anna@x\nOriginal-Message-ID: <3@x>\n"
		"Disposition: automatic-action/MDN-sent-automatically; Deleted/error\nError: "
		"lost\n--b--\n",
		"receipt  3@x  | anna@x anna@x deleted  lost"},
	{"nobody is named", HEAD("delivery-status") STATUS "Reporting-MTA: dns; mx\n" RETURNED,
		"none"},
	{"a report in a letter is somebody else's",
		"From: a@x\nSubject: fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
		"boundary=o\n\n"
		"--o\nContent-Type: message/rfc822\n\n" HEAD("delivery-status") STATUS
		"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@x\nAction: failed\n" RETURNED
		"--o--\n",
		"none"},
	{"by Exim's field",
		"From: mailer-daemon@x\nX-Failed-Recipients: a@x,\n b@x\nReferences: <4@x>\n"
		"Subject: failed\n\nA message that you sent ...\n",
		"delivery  4@x  | a@x  failed   | b@x  failed  "},
	{"an ordinary letter", "From: a@x\nSubject: x\n\nAction: failed\n", "none"},
};

static char *show(const struct mime_report *report)
{
	GString *out = g_string_new(NULL);
	if (!report) {
		g_string_append(out, "none");
		return g_string_free(out, FALSE);
	}
	g_string_printf(out, "%s %s %s %s", report->receipt ? "receipt" : "delivery", report->envid,
		report->about, report->server);
	for (guint i = 0; i < report->outcomes->len; i++) {
		const struct mime_outcome *o = report->outcomes->pdata[i];
		g_string_append_printf(out, " | %s %s %s %s %s", o->address, o->final, o->action,
			o->status, o->words);
	}
	return g_string_free(out, FALSE);
}

/* The same by both ways over the wire. */
static void test_reading(void)
{
	g_autoptr(mime_client) c = patient_client();
	for (size_t i = 0; i < G_N_ELEMENTS(readings); i++) {
		g_autoptr(GError) error = NULL;
		struct mime_message *skimmed = NULL;
		int fd = memory(readings[i].letter, strlen(readings[i].letter));
		g_test_message("%s", readings[i].name);
		g_autoptr(mime_message) m = mime_client_read(c, fd, NULL, &error);
		g_assert_no_error(error);
		g_assert_true(mime_client_skim(c, &fd, 1, MIME_WANT_WORDS, &skimmed, &error));
		g_autofree char *read = show(m->report), *skim = show(skimmed->report);
		g_assert_cmpstr(read, ==, readings[i].expected);
		g_assert_cmpstr(skim, ==, readings[i].expected);
		mime_message_free(skimmed);
		close(fd);
	}
}

/* A report for 100,000 recipients costs neither memory nor time. */
static void test_endless(void)
{
	g_autoptr(mime_client) c = patient_client();
	g_autoptr(GString) letter =
		g_string_new(HEAD("delivery-status") STATUS "Reporting-MTA: dns;x\n");
	for (int i = 0; i < 100000; i++)
		g_string_append_printf(
			letter, "\nFinal-Recipient: rfc822; %d@x\nAction: failed\n", i);
	int fd = memory(letter->str, letter->len);
	g_autoptr(mime_message) m = mime_client_read(c, fd, NULL, NULL);
	g_assert_nonnull(m);
	g_assert_nonnull(m->report);
	g_assert_cmpuint(m->report->outcomes->len, ==, 1000);
	close(fd);
}

/* --- keeping ------------------------------------------------------------------- */

static void queue_as(
	struct mailbox *m, const char *message_id, const char *envid, const char *const *recipients)
{
	g_autoptr(GError) error = NULL;
	struct outbox_letter letter = {.account = "home",
		.sender = "ivan@example.org",
		.message_id = message_id,
		.envid = envid,
		.recipients = recipients,
		.data = "Subject: x\n\nx\n",
		.len = 14};
	outbox_add(m->store, &letter, &error);
	g_assert_no_error(error);
}

static void queue_for_three(struct mailbox *m)
{
	static const char *const three[] = {
		"jones@x.example", "green@x.example", "brown@x.example", NULL};
	queue_as(m, "1@x", "e-1", three);
}

/* A report on the recipients, as "address action status; …" says. */
static char *report_text(const char *envid, const char *about, const char *groups)
{
	g_autoptr(GString) out =
		g_string_new(HEAD("delivery-status") STATUS "Reporting-MTA: dns; mx\n");
	g_auto(GStrv) list = g_strsplit(groups, ";", -1);
	if (*envid)
		g_string_append_printf(out, "Original-Envelope-Id: %s\n", envid);
	for (guint i = 0; list[i]; i++) {
		g_auto(GStrv) word = g_strsplit(list[i], " ", 3);
		g_string_append_printf(out,
			"\nFinal-Recipient: rfc822; %s\nAction: %s\nDiagnostic-Code: smtp; %s\n",
			word[0], word[1], word[2]);
	}
	g_string_append_printf(
		out, "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <%s>\n--b--\n", about);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Its file in the Inbox, as of that second. */
static void put(struct mailbox *m, int second, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *base = g_strdup_printf("%d.M1P1Q%d.host", NOW + second, second);
	g_autofree char *path = g_build_filename(m->root, "Inbox", "new", base, NULL);
	g_auto(GStrv) parts = g_strsplit(text, "Date: Tue, 14 Nov 2023 22:13:00 +0000\n", 2);
	g_autofree char *dateless = g_strjoinv("", parts);
	g_assert_true(store_make_folder(m->store, "Inbox", &error));
	g_assert_true(g_file_set_contents(path, dateless, -1, &error));
}

static char *known(struct mailbox *m, const char *message_id)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = reports_about(m->store, message_id, &error);
	GString *out = g_string_new(NULL);
	g_assert_no_error(error);
	for (guint i = 0; i < rows->len; i++) {
		const struct report_row *row = rows->pdata[i];
		g_string_append_printf(out, "%s%s %s %s", i ? "; " : "", row->address,
			outcome_name(row->outcome), row->words);
	}
	return g_string_free(out, FALSE);
}

static void expect(struct mailbox *m, const char *message_id, const char *expected)
{
	g_autofree char *text = known(m, message_id);
	g_assert_cmpstr(text, ==, expected);
}

struct told {
	const char *name, *envid, *about, *groups, *expected; /* expected of <1@x> */
};

static const struct told tellings[] = {
	{"by the envelope, whatever letter is returned", "e-1", "other@x",
		"green@x.example failed no", "green@x.example failed no"},
	{"by the letter", "", "1@x", "green@X.EXAMPLE failed no", "green@x.example failed no"},
	{"by the letter, of an envelope that is not ours", "nonsense", "1@x",
		"brown@x.example relayed ok", "brown@x.example relayed ok"},
	{"two of three", "e-1", "1@x", "jones@x.example delivered ok;green@x.example failed no",
		"green@x.example failed no; jones@x.example delivered ok"},
	{"whom the envelope does not name", "e-1", "1@x", "member@list.example failed no",
		"member@list.example failed no"},
	{"an action that nobody defined", "e-1", "1@x", "green@x.example vanished no", ""},
	{"a letter that is not ours", "", "elsewhere@x", "green@x.example failed no", ""},
};

static void test_matching(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tellings); i++) {
		const struct told *t = &tellings[i];
		struct mailbox m = {0};
		g_test_message("%s", t->name);
		mailbox_init(&m);
		queue_for_three(&m);
		g_autofree char *text = report_text(t->envid, t->about, t->groups);
		put(&m, 1, text);
		mailbox_sync(&m);
		expect(&m, "1@x", t->expected);
		expect(&m, "elsewhere@x", "");
		mailbox_clear(&m);
	}
}

/* An alias on the way: of a letter to one it is clear who is meant. */
static void test_only_one(void)
{
	static const char *const one[] = {"info@x.example", NULL};
	struct mailbox m = {0};
	mailbox_init(&m);
	queue_as(&m, "1@x", NULL, one);
	g_autofree char *text = report_text("", "1@x", "box17@inside.example failed full");
	put(&m, 1, text);
	mailbox_sync(&m);
	expect(&m, "1@x", "info@x.example failed full");
	mailbox_clear(&m);
}

/* The outbox forgets after 90 days; the sent letter is still there. */
static void test_of_the_index(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	mailbox_put(&m, &(struct letter){.name = "old", .folder = "Sent", .info = "S"});
	mailbox_sync(&m);
	g_autofree char *text = report_text("e-9", "old@host", "green@x.example failed no");
	put(&m, 1, text);
	mailbox_sync(&m);
	expect(&m, "old@host", "green@x.example failed no");
	mailbox_clear(&m);
}

/* Of a kind one outcome stands, in whatever order they are found, and however often;
 * it outlives the letters and the index. */
static void test_order(void)
{
	static const struct {
		int second;
		const char *groups;
	} all[] = {{9, "green@x.example delayed soon;jones@x.example delivered ok"},
		{20, "green@x.example failed no"}, {30, "jones@x.example delayed soon"},
		{40, "green@x.example delayed soon"}, {12, "brown@x.example delayed one"},
		{11, "brown@x.example delayed two"}};
	static const char end[] = "brown@x.example delayed one; green@x.example failed no;"
				  " jones@x.example delivered ok";
	struct mailbox m = {0};
	mailbox_init(&m);
	queue_for_three(&m);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *text = report_text("e-1", "1@x", all[i].groups);
		put(&m, all[i].second, text);
		mailbox_sync(&m);
	}
	expect(&m, "1@x", end);
	g_autofree char *inbox = g_build_filename(m.root, "Inbox", NULL);
	g_autofree char *index = g_build_filename(m.root, ".dewey", "index.db", NULL);
	scratch_remove(inbox);
	store_free(m.store);
	g_assert_cmpint(g_unlink(index), ==, 0);
	mailbox_open(&m);
	mailbox_sync(&m);
	expect(&m, "1@x", end);
	mailbox_clear(&m);
}

static void note(struct mailbox *m, const char *groups, int64_t came)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = patient_client();
	g_autofree char *text = report_text("e-1", "1@x", groups);
	struct mime_message *found = NULL;
	int fd = memory(text, strlen(text));
	g_assert_true(mime_client_skim(c, &fd, 1, MIME_WANT_WORDS, &found, &error));
	g_assert_true(reports_note(m->store, found->report, came, &error));
	g_assert_no_error(error);
	mime_message_free(found);
	close(fd);
}

/* Of a list's members: that one was not reached is not hidden by the others, nor by
 * the word that it is a list. */
static void test_list(void)
{
	static const char *const groups[] = {"green@x.example failed no",
		"green@x.example expanded ok", "green@x.example delivered ok"};
	for (int first = 0; first < 3; first++) {
		struct mailbox m = {0};
		mailbox_init(&m);
		queue_for_three(&m);
		for (int i = 0; i < 3; i++)
			note(&m, groups[(first + i) % 3], NOW + i);
		expect(&m, "1@x", "green@x.example failed no");
		mailbox_clear(&m);
	}
}

/* Sent to the address again: what is said of that goes before what was said of the
 * first time, also when that comes late. */
static void test_again(void)
{
	static const char *const one[] = {"green@x.example", NULL};
	struct mailbox m = {0};
	mailbox_init(&m);
	g_setenv("DEWEY_CLOCK", "1700000000", TRUE);
	queue_for_three(&m);
	note(&m, "green@x.example failed no", 1700000100);
	g_setenv("DEWEY_CLOCK", "1700001000", TRUE);
	queue_as(&m, "1@x", NULL, one);
	note(&m, "green@x.example delayed soon", 1700001100);
	expect(&m, "1@x", "green@x.example delayed soon");
	note(&m, "green@x.example failed late", 1700000200);
	expect(&m, "1@x", "green@x.example delayed soon");
	note(&m, "green@x.example delivered ok", 1700001200);
	expect(&m, "1@x", "green@x.example delivered ok");
	g_unsetenv("DEWEY_CLOCK");
	mailbox_clear(&m);
}

/* A receipt stands beside the delivery. */
static void test_receipt(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	queue_for_three(&m);
	g_autofree char *delivered = report_text("e-1", "1@x", "green@x.example delivered ok");
	put(&m, 1, delivered);
	put(&m, 2,
		HEAD("disposition-notification") RECEIPT
		"Final-Recipient: rfc822; green@x.example\nOriginal-Message-ID: <1@x>\n"
		"Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n");
	mailbox_sync(&m);
	expect(&m, "1@x", "green@x.example delivered ok; green@x.example read ");
	mailbox_clear(&m);
}

/* More letters than are read at once: rows first, words later. */
static void test_many(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	queue_for_three(&m);
	for (int i = 0; i < 40; i++) {
		g_autofree char *groups = g_strdup_printf("green@x.example delayed try %d", i);
		g_autofree char *text = report_text("e-1", "1@x", groups);
		put(&m, i, text);
	}
	mailbox_sync(&m);
	expect(&m, "1@x", "green@x.example delayed try 39");
	mailbox_clear(&m);
}

/* One forged letter after the other must not fill the ledger. */
static void test_strangers(void)
{
	struct mailbox m = {0};
	mailbox_init(&m);
	queue_for_three(&m);
	g_autoptr(GString) groups = g_string_new(NULL);
	for (int i = 0; i < 600; i++)
		g_string_append_printf(groups, "%d@y failed no;", i);
	g_string_append(groups, "green@x.example failed no");
	g_autofree char *text = report_text("e-1", "1@x", groups->str);
	put(&m, 1, text);
	mailbox_sync(&m);
	g_autoptr(GPtrArray) rows = reports_about(m.store, "1@x", NULL);
	g_autofree char *all = known(&m, "1@x");
	g_assert_cmpuint(rows->len, <=, 110);
	g_assert_nonnull(strstr(all, "green@x.example failed no"));
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_setenv("DEWEY_BIN", PROGRAMS, FALSE);
	g_test_add_func("/reports/reading", test_reading);
	g_test_add_func("/reports/endless", test_endless);
	g_test_add_func("/reports/matching", test_matching);
	g_test_add_func("/reports/only-one", test_only_one);
	g_test_add_func("/reports/of-the-index", test_of_the_index);
	g_test_add_func("/reports/order", test_order);
	g_test_add_func("/reports/list", test_list);
	g_test_add_func("/reports/again", test_again);
	g_test_add_func("/reports/receipt", test_receipt);
	g_test_add_func("/reports/many", test_many);
	g_test_add_func("/reports/strangers", test_strangers);
	return g_test_run();
}
