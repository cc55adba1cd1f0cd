/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "compose/reply.h"

static const struct {
	const char *uri;
	const char *to, *cc, *bcc, *subject, *in_reply_to, *body, *left_out;
} rows[] = {
	/* Those of RFC 6068 section 6. */
	{"mailto:chris@example.com", "chris@example.com"},
	{"mailto:infobot@example.com?subject=current-issue", "infobot@example.com", NULL, NULL,
		"current-issue"},
	{"mailto:infobot@example.com?body=send%20current-issue%0D%0Asend%20index",
		"infobot@example.com", NULL, NULL, NULL, NULL, "send current-issue\nsend index"},
	{"mailto:list@example.org?In-Reply-To=%3C3469A91.D10AF4C@example.com%3E",
		"list@example.org", NULL, NULL, NULL, "<3469A91.D10AF4C@example.com>"},
	{"mailto:joe@example.com?cc=bob@example.com&body=hello", "joe@example.com",
		"bob@example.com", NULL, NULL, NULL, "hello"},
	{"mailto:gorby%25kremvax@example.com", "gorby%kremvax@example.com"},
	{"mailto:unlikely%3Faddress@example.com?blat=foop", "unlikely?address@example.com", NULL,
		NULL, NULL, NULL, NULL, "blat"},
	{"mailto:%22not%40me%22@example.org", "\"not@me\"@example.org"},
	{"mailto:user@example.org?subject=caf%C3%A9", "user@example.org", NULL, NULL, "café"},
	{"mailto:user@%E7%B4%8D%E8%B1%86.example.org?subject=Test&body=NATTO",
		"user@納豆.example.org", NULL, NULL, "Test", NULL, "NATTO"},
	/* Others. */
	{"MAILTO:a@b?SUBJECT=x", "a@b", NULL, NULL, "x"},
	{"mailto:?to=a@b,c@d&TO=e@f", "a@b, c@d, e@f"},
	{"mailto:a@b,c@d?to=e@f&bcc=g@h", "a@b, c@d, e@f", NULL, "g@h"},
	{"mailto:a@b?subject=1+1%3D2", "a@b", NULL, NULL, "1+1=2"},
	{"mailto:a@b?&subject=x&", "a@b", NULL, NULL, "x"},
	{"mailto:a@b#part", "a@b"},
	{"mailto:", NULL},
	{"mailto:a@b?body=%1B%5B2J%0A%E2%80%AEx", "a@b", NULL, NULL, NULL, NULL,
		"␛[2J\n\xe2\x80\xab"
		"x\xe2\x80\xac"},
	{"mailto:a@b?subject=one&subject=two", "a@b", NULL, NULL, "one", NULL, NULL, "subject"},
	{"mailto:a@b?in-reply-to=x@y", "a@b", NULL, NULL, NULL, "<x@y>"},
	{"mailto:a@b?in-reply-to=nonsense", "a@b", NULL, NULL, NULL, NULL, NULL, "in-reply-to"},
	/* Nothing is attached, sent from elsewhere or made anonymous. */
	{"mailto:a@b?attach=/etc/passwd", "a@b", NULL, NULL, NULL, NULL, NULL, "attach"},
	{"mailto:a@b?attachment=~/.ssh/id_rsa&insert=x&from=c@d", "a@b", NULL, NULL, NULL, NULL,
		NULL, "attachment, insert, from"},
	{"mailto:a@b?X-Dewey-Attach=/etc/passwd&Attach=x&references=y", "a@b", NULL, NULL, NULL,
		NULL, NULL, "X-Dewey-Attach, Attach, references"},
	{"mailto:a@b?%61ttach=/etc/passwd", "a@b", NULL, NULL, NULL, NULL, NULL, "attach"},
};

/* M-63 */
static void test_parse(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(draft) d = draft_new();
		g_autoptr(GError) error = NULL;
		g_test_message("row '%s'", rows[i].uri);
		bool ok = mailto_parse(rows[i].uri, d, &error);
		g_assert_no_error(error);
		g_assert_true(ok);
		g_assert_cmpstr(d->to, ==, rows[i].to);
		g_assert_cmpstr(d->cc, ==, rows[i].cc);
		g_assert_cmpstr(d->bcc, ==, rows[i].bcc);
		g_assert_cmpstr(d->subject, ==, rows[i].subject);
		g_assert_cmpstr(d->in_reply_to, ==, rows[i].in_reply_to);
		g_assert_cmpstr(d->body, ==, rows[i].body);
		g_assert_cmpint(d->attachments->len, ==, 0);
		g_assert_null(d->from);
		if (rows[i].left_out)
			g_assert_true(g_str_has_suffix(d->notice, rows[i].left_out));
		else
			g_assert_null(d->notice && strstr(d->notice, "left out") ? d : NULL);
	}
}

/* M-63: who clicks sees how many there are, whichever field they are in. */
static void test_count(void)
{
	static const struct {
		const char *uri, *notice;
	} table[] = {
		{"mailto:a@b", NULL},
		{"mailto:?subject=x", NULL},
		{"mailto:a@b,c@d", "the mailto: link names 2 recipients"},
		{"mailto:a@b?cc=c@d,e@f&bcc=g@h&to=i@j", "the mailto: link names 5 recipients"},
		{"mailto:a@b?cc=c@d&attach=x",
			"the mailto: link names 2 recipients; left out of the mailto: link: "
			"attach"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(draft) d = draft_new();
		g_assert_true(mailto_parse(table[i].uri, d, NULL));
		g_assert_cmpstr(d->notice, ==, table[i].notice);
	}
}

static const struct {
	const char *uri;
	int code;
} bad_rows[] = {
	{"http://example.org", COMPOSE_ERROR_HEADER},
	{"a@b", COMPOSE_ERROR_HEADER},
	{"", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject=x%0D%0ABcc:%20c@d", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject=x%0ABcc:%20c@d", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject=%1B%5B2J", COMPOSE_ERROR_HEADER},
	{"mailto:a@b%0D%0ABcc:c@d", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?cc=c@d%0Ax", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject=a\nb", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?in-reply-to=%3Ca@b%3E%0AX:%20y", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?sub%0Aject=x", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject=%00", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject=%", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject=%4", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject=%zz", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject", COMPOSE_ERROR_HEADER},
	{"mailto:a@b?subject=%FF", COMPOSE_ERROR_TEXT},
	{"mailto:a@b?body=%CF%F0", COMPOSE_ERROR_TEXT},
	{"mailto:nobody", COMPOSE_ERROR_ADDRESS},
	{"mailto:a@b%20c@d", COMPOSE_ERROR_ADDRESS},
	{"mailto:a@b?cc=c", COMPOSE_ERROR_ADDRESS},
};

/* M-63, S-65: and the draft is as it was. */
static void test_bad(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
		g_autoptr(draft) d = draft_new();
		g_autoptr(GError) error = NULL;
		d->to = g_strdup("x@y");
		g_test_message("row '%s'", bad_rows[i].uri);
		g_assert_false(mailto_parse(bad_rows[i].uri, d, &error));
		g_assert_error(error, COMPOSE_ERROR, bad_rows[i].code);
		g_assert_cmpstr(d->to, ==, "x@y");
		g_assert_null(d->cc);
		g_assert_null(d->subject);
	}
	g_autofree char *much = g_strnfill(70000, 'x');
	g_autofree char *uri = g_strconcat("mailto:a@b?body=", much, NULL);
	g_autoptr(draft) d = draft_new();
	g_assert_false(mailto_parse(uri, d, NULL));
}

/* What the draft had stays where the link says nothing. */
static void test_keeps(void)
{
	g_autoptr(draft) d = draft_new();
	d->from = g_strdup("me@example.org");
	d->body = g_strdup("text");
	d->subject = g_strdup("old");
	g_assert_true(mailto_parse("mailto:a@b?subject=new&from=c@d", d, NULL));
	g_assert_cmpstr(d->from, ==, "me@example.org");
	g_assert_cmpstr(d->body, ==, "text");
	g_assert_cmpstr(d->subject, ==, "new");
	g_assert_nonnull(d->notice);
	g_assert_true(mailto_parse("mailto:a@b", d, NULL));
	g_assert_null(d->notice);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mailto/parse/M-63", test_parse);
	g_test_add_func("/mailto/count/M-63", test_count);
	g_test_add_func("/mailto/bad/M-63-S-65", test_bad);
	g_test_add_func("/mailto/keeps", test_keeps);
	return g_test_run();
}
