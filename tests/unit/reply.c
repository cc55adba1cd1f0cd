/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "compose/reply.h"

static const struct identity me = {"home", "Иван", "ivan@example.org"};
static const char *const own[] = {"ivan@example.org", "ivan@work.example", NULL};

static GPtrArray *list(const char *text)
{
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)typed_address_free);
	g_auto(GStrv) items = g_strsplit(text, ",", -1);
	for (int i = 0; items[i]; i++) {
		struct typed_address *a = g_new0(struct typed_address, 1);
		char *bar = strchr(items[i], '|');
		a->name = g_strndup(items[i], bar ? (gsize)(bar - items[i]) : 0);
		a->address = g_strdup(bar ? bar + 1 : items[i]);
		g_ptr_array_add(all, a);
	}
	return all;
}

static const struct {
	const char *subject, *reply, *forward;
} subject_rows[] = {
	{"x", "Re: x", "Fwd: x"},
	{"", "Re: ", "Fwd: "},
	{"Re: x", "Re: x", "Fwd: Re: x"},
	{"RE: x", "Re: x", "Fwd: RE: x"},
	{"re:x", "Re: x", "Fwd: re:x"},
	{"Re[2]: x", "Re: x", "Fwd: Re[2]: x"},
	{"Re(3): x", "Re: x", NULL},
	{"Re^2: x", "Re: x", NULL},
	{"Re: RE: Ответ: x", "Re: x", NULL},
	{"Отв: x", "Re: x", NULL},
	{"ОТВЕТ: x", "Re: x", NULL},
	{"Отв : x", "Re: x", NULL},
	{"AW: x", "Re: x", NULL},
	{"Fwd: x", "Re: Fwd: x", "Fwd: x"},
	{"FW: Fwd: x", "Re: FW: Fwd: x", "Fwd: x"},
	{"Пересл: x", NULL, "Fwd: x"},
	{"Reply to x", "Re: Reply to x", NULL},
	{"Re", "Re: Re", NULL},
	{"Report: x", "Re: Report: x", NULL},
	{"a\r\nBcc: b", "Re: a  Bcc: b", NULL},
};

static void test_subject(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(subject_rows); i++) {
		struct reply_source s = {.subject = subject_rows[i].subject};
		g_autoptr(draft) reply = reply_new(&s, REPLY_SENDER, &me, own);
		g_autoptr(draft) forward = reply_new(&s, REPLY_FORWARD, &me, own);
		if (subject_rows[i].reply)
			g_assert_cmpstr(reply->subject, ==, subject_rows[i].reply);
		if (subject_rows[i].forward)
			g_assert_cmpstr(forward->subject, ==, subject_rows[i].forward);
	}
}

static const struct {
	const char *name, *from, *reply_to, *to, *cc;
	enum reply_kind kind;
	const char *want_to, *want_cc;
} people_rows[] = {
	{"sender", "Ann|a@b", "", "ivan@example.org,c@d", "e@f", REPLY_SENDER, "Ann <a@b>", ""},
	{"all", "Ann|a@b", "", "ivan@example.org,c@d", "e@f,IVAN|ivan@WORK.example", REPLY_ALL,
		"Ann <a@b>, c@d", "e@f"},
	{"reply-to", "a@b", "List|l@m", "c@d", "", REPLY_SENDER, "List <l@m>", ""},
	{"each once", "a@b", "", "a@B,c@d", "c@d,a@b,e@f", REPLY_ALL, "a@b, c@d", "e@f"},
	{"own letter", "ivan@example.org", "", "c@d", "e@f", REPLY_SENDER, "c@d", ""},
	{"own letter, all", "ivan@example.org", "", "c@d", "e@f", REPLY_ALL, "c@d", "e@f"},
	{"to oneself", "ivan@example.org", "", "ivan@work.example", "", REPLY_ALL,
		"ivan@example.org", ""},
	{"not valid", "a b@c", "", "c@d", "", REPLY_ALL, "c@d", ""},
	{"injection", "A\nBcc: x@y|a@b", "", "", "", REPLY_SENDER, "\"A Bcc: x@y\" <a@b>", ""},
};

/* S-64 */
static void test_people(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(people_rows); i++) {
		g_autoptr(GPtrArray) from = list(people_rows[i].from);
		g_autoptr(GPtrArray) reply_to = list(people_rows[i].reply_to);
		g_autoptr(GPtrArray) to = list(people_rows[i].to), cc = list(people_rows[i].cc);
		struct reply_source s = {
			.from = from, .reply_to = reply_to, .to = to, .cc = cc, .subject = "x"};
		g_autoptr(draft) d = reply_new(&s, people_rows[i].kind, &me, own);
		g_test_message("row '%s'", people_rows[i].name);
		g_assert_cmpstr(d->to, ==, people_rows[i].want_to);
		g_assert_cmpstr(d->cc, ==, people_rows[i].want_cc);
		g_assert_cmpstr(d->from, ==, "Иван <ivan@example.org>");
		g_assert_cmpstr(d->account, ==, "home");
	}
}

static void test_references(void)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	struct reply_source s = {
		.subject = "x", .references = ids, .message_id = "last@x", .id = 7};
	g_ptr_array_add(ids, g_strdup("bad id@x"));
	g_ptr_array_add(ids, g_strdup("no-at"));
	g_ptr_array_add(ids, g_strnfill(1000, '@')); /* fits no line */
	g_ptr_array_add(ids, g_strdup("a@b>\r\nBcc: <c@d"));
	for (int i = 0; i < 60; i++)
		g_ptr_array_add(ids, g_strdup_printf("%d@x", i));
	g_autoptr(draft) d = reply_new(&s, REPLY_SENDER, &me, own);
	g_auto(GStrv) words = g_strsplit(d->references, " ", -1);
	g_assert_cmpstr(d->in_reply_to, ==, "<last@x>");
	g_assert_cmpint(g_strv_length(words), ==, 40);
	g_assert_cmpstr(words[0], ==, "<0@x>");
	g_assert_cmpstr(words[19], ==, "<19@x>");
	g_assert_cmpstr(words[20], ==, "<41@x>");
	g_assert_cmpstr(words[39], ==, "<last@x>");
	g_assert_cmpint(d->answers, ==, 7);
	s.message_id = "not an id";
	g_autoptr(draft) lost = reply_new(&s, REPLY_SENDER, &me, own);
	g_assert_null(lost->in_reply_to);
	g_assert_null(lost->references);
}

static const struct {
	const char *text, *quoted;
} quote_rows[] = {
	{"Привет\n\nпока", "> Привет\n>\n> пока\n"},
	{"> old\n> > older\nnew\n", "> > old\n> > > older\n> new\n"},
	{"text\n-- \nsignature\n", "> text\n"},
	{"text\n-- \nlist\n-- \nsignature\n", "> text\n> -- \n> list\n"},
	{"", ""},
	{"aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee ffffffffff gggggggggg hhhh",
		"> aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee ffffffffff\n"
		"> gggggggggg hhhh\n"},
	{"> aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee ffffffffff gggggggggg hhhh",
		"> > aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee ffffffffff\n"
		"> > gggggggggg hhhh\n"},
	{"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx y",
		"> xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxx\n> y\n"},
};

static void test_quote(void)
{
	g_autoptr(GPtrArray) from = list("Ann\n|a@b");
	for (size_t i = 0; i < G_N_ELEMENTS(quote_rows); i++) {
		struct reply_source s = {.subject = "x",
			.from = from,
			.date_text = "1 May 2026",
			.text = quote_rows[i].text};
		g_autoptr(draft) d = reply_new(&s, REPLY_SENDER, &me, own);
		g_autofree char *want =
			g_strdup_printf("1 May 2026, Ann wrote:\n%s\n", quote_rows[i].quoted);
		g_assert_cmpstr(d->body, ==, want);
	}
}

static void test_forward(void)
{
	g_autoptr(GPtrArray) from = list("Ann|a@b"), to = list("ivan@example.org");
	struct reply_source s = {.id = 9,
		.subject = "x",
		.from = from,
		.to = to,
		.date_text = "1 May",
		.text = "> q\ntext",
		.path = "/m/1",
		.message_id = "i@d"};
	g_autoptr(draft) d = reply_new(&s, REPLY_FORWARD, &me, own);
	g_assert_cmpstr(d->body, ==,
		"\n\n---------- Forwarded letter ----------\nFrom: Ann <a@b>\nDate: 1 May\n"
		"Subject: x\nTo: ivan@example.org\n\n> q\ntext\n");
	g_assert_cmpstr(d->to, ==, "");
	g_assert_cmpstr(d->letter, ==, "/m/1");
	g_assert_null(d->in_reply_to);
	g_assert_true(d->forwards);
	g_assert_cmpint(d->answers, ==, 9);
}

/* S-64: a list is answered where its owner wishes, and only there. */
static const struct {
	const char *name, *post, *to, *cc, *want;
} list_rows[] = {
	{"post", "<mailto:list@example.org>", "a@b", "", "list@example.org"},
	{"comment", "<mailto:list@example.org?subject=x> (Postings are moderated)", "a@b", "",
		"list@example.org"},
	{"the second", "<https://example.org/post>, <mailto:list@example.org>", "a@b", "",
		"list@example.org"},
	{"nobody", "NO (announcements)", "known@example.org", "", ""},
	{"none but a known one", NULL, "a@b,known@EXAMPLE.org", "", "known@EXAMPLE.org"},
	{"known one in Cc", "", "a@b", "known@example.org", "known@example.org"},
	{"none", NULL, "a@b", "c@d", ""},
	{"not valid", "<mailto:a b@c>, <mailto:x%0ABcc:y@z>", "known@example.org", "",
		"known@example.org"},
	{"not closed", "<mailto:list@example.org", "a@b", "", ""},
	{"northern list", "<mailto:north@example.org>", "a@b", "", "north@example.org"},
};

static void test_list(void)
{
	static const char *const lists[] = {"other@example.org", "known@example.org", NULL};
	for (size_t i = 0; i < G_N_ELEMENTS(list_rows); i++) {
		g_autoptr(GPtrArray) from = list("Ann|x@y"), to = list(list_rows[i].to);
		g_autoptr(GPtrArray) cc = list(list_rows[i].cc);
		struct reply_source s = {.subject = "x",
			.from = from,
			.to = to,
			.cc = cc,
			.list_post = list_rows[i].post,
			.lists = lists};
		g_autofree char *address = reply_list_address(&s);
		g_autoptr(draft) d = reply_new(&s, REPLY_LIST, &me, own);
		g_test_message("row '%s'", list_rows[i].name);
		g_assert_cmpstr(address ? address : "", ==, list_rows[i].want);
		g_assert_cmpstr(d->to, ==, list_rows[i].want);
		g_assert_cmpstr(d->cc, ==, "");
	}
}

/* S-64: Mail-Followup-To is for answers to all alone. */
static void test_followup(void)
{
	g_autoptr(GPtrArray) from = list("Ann|a@b"), to = list("c@d"), cc = list("e@f");
	g_autoptr(GPtrArray) followup = list("l@m,ivan@example.org,Bob|n@o");
	g_autoptr(GPtrArray) broken = list("no address,ivan@example.org");
	struct reply_source s = {
		.subject = "x", .from = from, .to = to, .cc = cc, .followup_to = followup};
	g_autoptr(draft) all = reply_new(&s, REPLY_ALL, &me, own);
	g_autoptr(draft) one = reply_new(&s, REPLY_SENDER, &me, own);
	g_assert_cmpstr(all->to, ==, "l@m, Bob <n@o>");
	g_assert_cmpstr(all->cc, ==, "");
	g_assert_cmpstr(one->to, ==, "Ann <a@b>");
	s.followup_to = broken;
	g_autoptr(draft) rest = reply_new(&s, REPLY_ALL, &me, own);
	g_assert_cmpstr(rest->to, ==, "Ann <a@b>, c@d");
	g_assert_cmpstr(rest->cc, ==, "e@f");
}

static const struct {
	const char *template, *want;
} template_rows[] = {
	{"%n <%a> wrote on %d about %s:", "Ann Lee <a@b> wrote on 1 May about a b:"},
	{"100%% %x %", "100% %x %"},
	{"", ""},
	{"%%n", "%n"},
};

/* S-65: what a letter says cannot make lines of its own there. */
static void test_templates(void)
{
	g_autoptr(GPtrArray) from = list("Ann\nLee|a@b");
	for (size_t i = 0; i < G_N_ELEMENTS(template_rows); i++) {
		struct reply_source s = {.subject = "a\nb",
			.from = from,
			.date_text = "1 May",
			.text = "text",
			.reply_template = template_rows[i].template,
			.forward_template = template_rows[i].template};
		g_autoptr(draft) reply = reply_new(&s, REPLY_SENDER, &me, own);
		g_autoptr(draft) forward = reply_new(&s, REPLY_FORWARD, &me, own);
		g_autofree char *want = g_strdup_printf("%s\n> text\n\n", template_rows[i].want);
		g_autofree char *above = g_strdup_printf("\n\n%s\nFrom: ", template_rows[i].want);
		g_assert_cmpstr(reply->body, ==, want);
		g_assert_true(g_str_has_prefix(forward->body, above));
	}
}

/* What is wrapped can be one line again, and nothing else can. */
static void test_flowed(void)
{
	struct identity flowing = me;
	flowing.flowed = true;
	flowing.charsets = "koi8-r";
	struct reply_source s = {.subject = "x",
		.reply_template = "",
		.text = "aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee ffffffffff "
			"gggggggggg "
			"hhhh\nshort \nlast\n"};
	g_autoptr(draft) d = reply_new(&s, REPLY_SENDER, &flowing, own);
	g_assert_cmpstr(d->body, ==,
		"\n> aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee ffffffffff \n"
		"> gggggggggg hhhh\n> short\n> last\n\n");
	g_assert_true(d->flowed);
	g_assert_cmpstr(d->charsets, ==, "koi8-r");
}

static void test_attach(void)
{
	struct reply_source s = {.id = 9, .subject = "x", .text = "text", .path = "/m/1"};
	g_autoptr(draft) d = reply_new(&s, REPLY_ATTACH, &me, own);
	g_assert_cmpstr(d->subject, ==, "Fwd: x");
	g_assert_cmpstr(d->body, ==, "");
	g_assert_cmpstr(d->letter, ==, "/m/1");
	g_assert_true(d->forwards);
}

/* S-63 */
static void test_resend(void)
{
	struct reply_source s = {.id = 9, .subject = "x\ny", .path = "/m/1"};
	g_autoptr(draft) d = resend_new(&s, &me);
	g_assert_cmpstr(d->subject, ==, "x y");
	g_assert_cmpstr(d->to, ==, "");
	g_assert_cmpstr(d->from, ==, "Иван <ivan@example.org>");
	g_assert_cmpstr(d->resends, ==, "/m/1");
	g_assert_null(d->letter);
	g_assert_true(d->forwards);
	g_assert_cmpint(d->answers, ==, 9);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/reply/subject", test_subject);
	g_test_add_func("/reply/people/S-64", test_people);
	g_test_add_func("/reply/references/S-64", test_references);
	g_test_add_func("/reply/quote", test_quote);
	g_test_add_func("/reply/forward", test_forward);
	g_test_add_func("/reply/list/S-64", test_list);
	g_test_add_func("/reply/followup/S-64", test_followup);
	g_test_add_func("/reply/templates/S-65", test_templates);
	g_test_add_func("/reply/flowed", test_flowed);
	g_test_add_func("/reply/attach", test_attach);
	g_test_add_func("/reply/resend/S-63", test_resend);
	return g_test_run();
}
