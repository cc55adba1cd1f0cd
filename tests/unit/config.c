/* SPDX-License-Identifier: MIT
 *
 * The dotfile as a whole: its grammar, its mistakes, where it is found. */
#include "base/base.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fdio.h"
#include "base/report.h"
#include "config/dotfile.h"
#include "tests/unit/deweyrc.h"

/* A row's mistakes, joined by newlines; "" where there are none. */
struct mistake_row {
	const char *name, *text;
	guint mode;
	const char *mistakes;
};

#define HOW_PROXY "write socks5://HOST:PORT or socks5://USER:PASSWORD@HOST:PORT"
#define HOW_PIN                                                                                    \
	"write sha256: and 64 hexadecimal digits (or 44 characters of base64), as 'dewey check' "  \
	"shows it"

static const struct mistake_row mistake_rows[] = {
	{"empty", "", 0644, ""},
	{"bom, crlf and comments",
		"\xEF\xBB\xBF# one\r\n; two\r\n[dewey]   # three\r\nmail = /m   # four\r\n", 0644, ""},
	{"no final newline", "[dewey]\nmail = /m", 0644, ""},
	{"did you mean", "[account home]\npop3 = pop3s://i@h\npasword = prompt:\n", 0600,
		"rc:3: unknown setting 'pasword' in [account]; did you mean 'password'?"},
	{"swapped letters", "[dewey]\nmial = /m\n", 0600,
		"rc:2: unknown setting 'mial' in [dewey]; did you mean 'mail'?"},
	{"nothing like it", "[dewey]\nbananas = 3\n", 0600,
		"rc:2: unknown setting 'bananas' in [dewey]; deweyrc(5) has the list"},
	{"wrong section", OK_ACCOUNT "mail = ~/Mail\n", 0600,
		"rc:4: unknown setting 'mail' in [account]; it belongs below '[dewey]'"},
	{"unknown section", "[acount home]\nx = y\n", 0600,
		"rc:1: unknown section 'acount'; did you mean 'account'?"},
	{"section of a later day", "[sieve lists]\nmatch = x\n", 0600,
		"rc:1: unknown section 'sieve'; there are [dewey], [account NAME], [view NAME], [filter NAME], "
		"[color NAME], [notify NAME] and [keys CONTEXT]"},
	{"filter at another time", "[filter lists]\nmatch = x\nwhen = stored\ndo = stop\n", 0600,
		"rc:3: 'when' cannot be 'stored'; write delivery or preview"},
	{"filter without a time", "[filter lists]\nmatch = x\ndo = skip\n", 0600,
		"rc:3: a filter cannot do 'skip'; write move, copy, tag, mark, notify, forward-to, "
		"pipe or stop; 'skip', 'delete on server' and 'fetch' need 'when = preview'"},
	{"filter that moves before", "[filter x]\nmatch = x\nwhen = preview\ndo = move Lists\n", 0600,
		"rc:4: 'do' cannot be 'move Lists'; before letters are fetched it is skip, delete on "
		"server or fetch; 'when = delivery' moves, tags and so on"},
	{"filter that moves nowhere", "[filter x]\nmatch = x\ndo = mark read, move ../x\n", 0600,
		"rc:3: '../x' is not the name of a folder; write it like 'Lists/debian': no part may be "
		"empty, begin with '.', or be cur, new or tmp"},
	{"filter with a wrong word", "[filter x]\nmatch = x\ndo = mvoe Lists\n", 0600,
		"rc:3: a filter cannot do 'mvoe'; did you mean 'move'?"},
	{"filter that lacks a word", "[filter x]\nmatch = x\ndo = move\n", 0600,
		"rc:3: 'move' lacks a word behind it; write it like 'move Lists/debian'"},
	{"filter with a word too many", "[filter x]\nmatch = x\ndo = stop now\n", 0600,
		"rc:3: 'stop' takes no word behind it; write it like 'stop'"},
	{"filter that marks oddly", "[filter x]\nmatch = x\ndo = mark new\n", 0600,
		"rc:3: 'mark' cannot be done with 'new'; write it like 'mark read'"},
	{"filter with statuses", "[filter x]\nmatch = x\ndo = stop\nno = 1 300\n", 0600,
		"rc:4: 'no' cannot be '1 300'; write exit statuses from 0 to 255, like '0' or '1, 2'"},
	{"filter to oneself",
		"[filter x]\nmatch = x\ndo = forward-to i@x.test\n[account a]\naddress = i@x.test\n"
		"pop3 = pop3s://i@pop.test\n",
		0600,
		"rc:3: the filter 'x' sends letters on to yourself, 'i@x.test'; write the address of "
		"somebody else"},
	{"filter of no account", "[filter x]\nmatch = x\nwhen = preview\ndo = skip\naccount = me\n",
		0600, "rc:5: there is no account 'me'; there are: "},
	{"no section", "mail = /m\n", 0600,
		"rc:1: 'mail' stands before any section; write '[account home]' or '[dewey]' above it"},
	{"neither", "[dewey]\nmail\n", 0600,
		"rc:2: this is neither a section nor a setting; write 'name = value', or '#' before "
		"a comment"},
	{"bracket", "[dewey\n", 0600,
		"rc:1: a section is one word or two in brackets; write '[account home]'"},
	{"no name", "[account]\n", 0600,
		"rc:1: the section 'account' has no name; write '[account NAME]'"},
	{"name too many", "[dewey x]\n", 0600,
		"rc:1: [dewey] takes no name, but 'x' is there; write '[dewey]'"},
	{"bad name", "[account a/b]\npop3 = pop3s://i@h\n", 0600,
		"rc:1: 'a/b' cannot name an account; write one word of letters, digits, '-', '_' and "
		"'.', like 'home'"},
	{"section twice", OK_ACCOUNT OK_ACCOUNT, 0600,
		"rc:4: this section stands in line 1 already; put both together"},
	{"setting twice", "[dewey]\nthreads = yes\nthreads = no\n", 0600,
		"rc:3: 'threads' stands in line 2 already; leave one of them"},
	{"no character set", "[dewey]\nsend-charset = koi8-r utf-7\n", 0600,
		"rc:2: 'utf-7' is no character set for letters; write some of koi8-r, koi8-u, "
		"windows-1251, iso-8859-5 and the like, apart by spaces; where none of them "
		"will do, UTF-8 is taken"},
	{"languages without stems", "[dewey]\nlanguages = ru klingon\n", 0600,
		"rc:2: the forms of words of 'klingon' are not known; write some of en ru el ar hy hi "
		"ta ca da de es eu fi fr ga hu id it lt ne nl no pt ro sr sv tr yi, apart by spaces"},
	{"languages", "[dewey]\nlanguages = ru, en de\n", 0600, ""},
	{"not yes or no", "[dewey]\nthreads = perhaps\n", 0600,
		"rc:2: 'threads' cannot be 'perhaps'; write yes or no"},
	{"choice", "[dewey]\npartial = drop\n", 0600,
		"rc:2: 'partial' cannot be 'drop'; write hold or send"},
	{"S-14 notify", OK_ACCOUNT "notify = never, failure\n", 0600,
		"rc:4: 'notify' cannot be 'never, failure'; write never, or some of success, "
		"failure and delay, with commas between them"},
	{"S-14 return", OK_ACCOUNT "return = hdrs\n", 0600,
		"rc:4: 'return' cannot be 'hdrs'; write full or headers"},
	{"number", "[dewey]\ninterval = 5x\n", 0600,
		"rc:2: 'interval' cannot be '5x'; write a number of seconds, or like '5 minutes', up to a day"},
	{"no patience", OK_ACCOUNT "give-up = 0 days\n", 0600,
		"rc:4: 'give-up' cannot be '0 days'; write a number of days, like '5 days', up to 30"},
	{"too much patience", OK_ACCOUNT "give-up = 31 days\n", 0600,
		"rc:4: 'give-up' cannot be '31 days'; write a number of days, like '5 days', up to 30"},
	{"trash without days", "[dewey]\ntrash = 30\n", 0600,
		"rc:2: 'trash' cannot be '30'; write never, or a number of days, like '30 days'"},
	{"sandbox perhaps", "[dewey]\nsandbox = perhaps\n", 0600,
		"rc:2: 'sandbox' cannot be 'perhaps'; write auto, require or off"},
	{"tags nowhere", "[dewey]\ntags = imap\n", 0600,
		"rc:2: 'tags' cannot be 'imap'; write ledger or keywords"},
	{"trash at once", "[dewey]\ntrash = 0 days\n", 0600,
		"rc:2: 'trash' cannot be '0 days'; write never, or a number of days, like '30 days'"},
	{"uncertain", OK_ACCOUNT "uncertain = always\n", 0600,
		"rc:4: 'uncertain' cannot be 'always'; write ask or retry"},
	{"no waiting", OK_ACCOUNT "timeout = 0\n", 0600,
		"rc:4: 'timeout' cannot be '0'; write a number of seconds from 1 to 3600"},
	{"P-10 kpop", "[account a]\npop3 = kpop://i@h:1109\n", 0600,
		"rc:2: 'kpop:' is Kerberos 4, which nobody speaks any more; write pop3s://USER@HOST "
		"and 'pop3-auth = gssapi'"},
	{"P-08 not a language", OK_ACCOUNT "pop3-language = по-русски\n", 0600,
		"rc:4: 'по-русски' is not the tag of a language; write it like 'ru' or 'pt-BR'"},
	{"P-08 a language", OK_ACCOUNT "pop3-language = ru\n", 0600, ""},
	{"relative path", "[dewey]\nmail = Mail\n", 0600,
		"rc:2: 'Mail' is not a full file name; begin it with '/' or '~/'"},
	{"folder outside", OK_ACCOUNT "inbox = ../x\n", 0600,
		"rc:4: '../x' is not the name of a folder; write it like 'Lists/debian': no part may "
		"be empty, begin with '.', or be cur, new or tmp"},
	{"folder in a folder", OK_ACCOUNT "sent = Sent/cur\n", 0600,
		"rc:4: 'Sent/cur' is not the name of a folder; write it like 'Lists/debian': no part "
		"may be empty, begin with '.', or be cur, new or tmp"},
	{"no value", "[dewey]\nmail =   # none\n", 0600,
		"rc:2: 'mail' has no value; write one, or take out the line"},
	{"address", "[account a]\npop3 = pop3s://h\naddress = Ivan <i@example.org>\n", 0600,
		"rc:3: 'Ivan <i@example.org>' is not an address; write only the address, like "
		"ivan@example.org; the name has a setting of its own, 'name'"},
	{"one of the addresses", OK_ACCOUNT "addresses = a@example.org anna\n", 0600,
		"rc:4: 'anna' is not an address; write only the address, like ivan@example.org; the "
		"name has a setting of its own, 'name'"},
	{"forward", "[dewey]\nforward = both\n", 0600,
		"rc:2: 'forward' cannot be 'both'; write inline or attach"},
	{"no server", "[account home]\naddress = i@example.org\n", 0600,
		"rc:1: account 'home' has no server; write 'pop3 = pop3s://USER@HOST', 'smtp = "
		"smtps://USER@HOST' or both"},
	{"no address", "[account home]\nsmtp = smtps://i@h\n", 0600,
		"rc:1: account 'home' sends mail but has no address; write 'address = "
		"YOU@EXAMPLE.ORG'"},
	{"a wrong one is not missing", "[account home]\npop3 = pop.example.org\n", 0600,
		"rc:2: 'pop.example.org' is not the URL of a server; write pop3s://USER@HOST"},
	{"T-30 clear and 0644", OK_ACCOUNT "password = geheim\n", 0644,
		"rc:4: a password stands here that others can read; say: chmod 600 'rc'"},
	{"T-30 clear and 0600", OK_ACCOUNT "password = geheim\n", 0600, ""},
	{"T-30 command and 0644", OK_ACCOUNT "password = command:pass show x\n", 0644, ""},
	{"T-30 proxy's password and 0644", OK_ACCOUNT "proxy = socks5://u:geheim@localhost\n", 0644,
		"rc:4: a password stands here that others can read; say: chmod 600 'rc'"},
	{"proxy without a password and 0644", OK_ACCOUNT "proxy = socks5://localhost\n", 0644, ""},
	{"another kind of proxy", OK_ACCOUNT "proxy = http://u:geheim@h\n", 0600,
		"rc:4: 'proxy' is not the URL of a SOCKS5 proxy; " HOW_PROXY},
	{"proxy with a user alone", OK_ACCOUNT "proxy = socks5://u@h\n", 0600,
		"rc:4: the proxy has a user and no password; " HOW_PROXY},
	{"proxy without a host", OK_ACCOUNT "proxy = socks5://:1080\n", 0600,
		"rc:4: the URL names no host; write the name of the server behind '@'"},
	{"proxy's port", OK_ACCOUNT "proxy = socks5://h:0\n", 0600,
		"rc:4: '0' is not a port; write a number from 1 to 65535"},
	{"two ways", OK_ACCOUNT "proxy = socks5://h\ntunnel = ssh h\n", 0600,
		"rc:5: 'proxy' and 'tunnel' are two ways to one server; leave one of them"},
	{"T-02 a pin too short", OK_ACCOUNT "tls-pin = sha256:abcd\n", 0600,
		"rc:4: 'sha256:abcd' is not the fingerprint of a key; " HOW_PIN},
	{"T-02 a pin of another digest", OK_ACCOUNT "tls-pin = sha1:" PIN_HEX "\n", 0600,
		"rc:4: 'sha1:" PIN_HEX "' is not the fingerprint of a key; " HOW_PIN},
	{"command misspelt", OK_ACCOUNT "password = comand:pass show x\n", 0600,
		"rc:4: unknown 'comand:'; did you mean 'command:'? (a password that begins like this "
		"goes into a file, 'file:NAME')"},
	{"secret of a later day", OK_ACCOUNT "password = keyring:\n", 0600,
		"rc:4: unknown 'keyring:'; write command:…, file:… or prompt:"},
	{"quotes", "[dewey]\neditor = \"vi\n", 0600,
		"rc:2: the closing '\"' is missing; write '\"' at the end, and '\\\"' for one inside"},
	{"behind quotes", "[dewey]\neditor = \"vi\" -e\n", 0600,
		"rc:2: text stands behind the closing '\"'; put '\"' around the whole value, and "
		"write '\\\"' for one inside"},
	{"not utf-8", "[dewey]\neditor = \xE9\n", 0600,
		"rc:2: octet 10 of the line, 0xE9, is not UTF-8; save the file in UTF-8"},
	{"P-04 control", "[dewey]\neditor = a\rb\n", 0600,
		"rc:2: the line holds the control character U+000D; take it out"},
	{"view without a query", "[view unread]\n", 0600,
		"rc:1: the view 'unread' has no query; write one, like 'query = is:unread'"},
	{"key without a command", "[keys index]\nd =\n", 0600,
		"rc:2: the key 'd' has no command; write one behind '=', or take out the line"},
	{"a log-in of POP3 for SMTP", OK_ACCOUNT "smtp-auth = apop\n", 0600,
		"rc:4: 'apop' is a log-in of POP3 alone; write auto, scram, plain, login, "
		"cram-md5, external, oauth or gssapi"},
	{"T-40 an unknown log-in", OK_ACCOUNT "pop3-auth = ntlm\n", 0600,
		"rc:4: 'pop3-auth' cannot be 'ntlm'; write auto, scram, plain, login, user, "
		"cram-md5, apop, external, oauth or gssapi"},
	{"a key without a certificate", OK_ACCOUNT "tls-key = ~/k.pem\n", 0600,
		"rc:4: 'tls-key' stands here without 'tls-cert'; write 'tls-cert = FILE' with the "
		"certificate of this key"},
	{"T-40 external without a certificate", OK_ACCOUNT "pop3-auth = external\n", 0600,
		"rc:1: account 'home' logs in by certificate but has none; write 'tls-cert = FILE'"},
	{"all at once, in order", "[account home]\npop3 = x\nkeep = 14\nnme = I\n[dewey]\nkeys = vi\n",
		0600,
		"rc:2: 'x' is not the URL of a server; write pop3s://USER@HOST\n"
		"rc:3: 'keep' cannot be '14'; write always, never, until deleted or a number of days, like '14 "
		"days'\n"
		"rc:4: unknown setting 'nme' in [account]; did you mean 'name'?\n"
		"rc:6: 'keys' cannot be 'vi'; write mutt"},
};

static void test_mistakes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mistake_rows); i++) {
		const struct mistake_row *row = &mistake_rows[i];
		g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
		g_test_message("row '%s'", row->name);
		g_autoptr(dotfile) d = dotfile_parse(row->text, "rc", row->mode, mistakes);
		g_autofree char *all = join(mistakes);
		g_assert_cmpstr(all, ==, row->mistakes);
		g_assert_true((d != NULL) == (mistakes->len == 0));
	}
}

static void test_filters(void)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(dotfile) d = dotfile_parse("[filter big]\nmatch = larger:1M\nwhen = preview\n"
					     "do = delete on server\naccount = home\n"
					     "[account home]\npop3 = pop3s://i@pop.test\n"
					     "[filter all]\nmatch = a\nwhen = preview\ndo = fetch\n",
		"rc", 0600, mistakes);
	g_assert_nonnull(d);
	const GPtrArray *filters = dotfile_filters(d);
	g_assert_cmpuint(filters->len, ==, 2);
	const struct dotfile_filter *f = filters->pdata[0], *g = filters->pdata[1];
	g_assert_cmpstr(f->name, ==, "big");
	g_assert_cmpstr(f->query, ==, "larger:1M");
	g_assert_cmpstr(f->account, ==, "home");
	g_assert_cmpint(f->what, ==, FILTER_DELETE);
	g_assert_cmpint(g->what, ==, FILTER_FETCH);
	g_assert_null(g->account);
}

static void test_sorters(void)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(dotfile) d = dotfile_parse(
		"[filter a]\nmatch = x\nno = 1 2\nlimit = 1 minute\n"
		"do = tag +work -todo, move \"A, B\", pipe sed -n 's/a,b/c/', stop\n",
		"rc", 0600, mistakes);
	g_assert_nonnull(d);
	g_assert_cmpuint(dotfile_filters(d)->len, ==, 0);
	const struct dotfile_filter *f = dotfile_sorters(d)->pdata[0];
	static const struct dotfile_act acts[] = {{FILTER_ACT_TAG, (char *)"+work -todo", NULL},
		{FILTER_ACT_MOVE, (char *)"A, B", NULL}, {FILTER_ACT_PIPE, NULL, NULL},
		{FILTER_ACT_STOP, NULL, NULL}};
	g_assert_cmpuint(f->acts->len, ==, G_N_ELEMENTS(acts));
	for (guint i = 0; i < f->acts->len; i++) {
		const struct dotfile_act *a = f->acts->pdata[i];
		g_assert_cmpint(a->act, ==, acts[i].act);
		g_assert_cmpstr(a->text, ==, acts[i].text);
	}
	const struct dotfile_act *pipe = f->acts->pdata[2];
	g_assert_cmpstr(pipe->argv[2], ==, "s/a,b/c/");
	g_assert_cmpint(f->limit, ==, 60);
	g_assert_cmpint(f->fates[0], ==, FILTER_FATE_YES);
	g_assert_cmpint(f->fates[2], ==, FILTER_FATE_NO);
	g_assert_cmpint(f->fates[3], ==, FILTER_FATE_FAILED);
}

static void test_defaults(void)
{
	g_autoptr(dotfile) d = dotfile_new_empty();
	g_autofree char *mail = g_build_filename(g_getenv("HOME"), "Mail", NULL);
	g_assert_cmpstr(dotfile_path(d), ==, "");
	g_assert_cmpstr(dotfile_mail(d), ==, mail);
	g_assert_cmpstr(dotfile_keys(d), ==, "mutt");
	g_assert_cmpstr(dotfile_editor(d), ==, "vi");
	g_assert_true(dotfile_threads(d) && dotfile_sidebar(d));
	g_assert_false(dotfile_keywords(d));
	g_assert_cmpint(dotfile_sandbox(d), ==, SANDBOX_AUTO);
	g_assert_cmpint(dotfile_interval(d), ==, 0);
	g_assert_cmpint(dotfile_partial(d), ==, PARTIAL_HOLD);
	g_assert_cmpint(dotfile_trash(d), ==, 0);
	g_assert_null(dotfile_local(d));
	g_assert_cmpint(dotfile_writing(d)->autosave, ==, 5);
	g_assert_null(dotfile_writing(d)->charsets);
	g_assert_null(dotfile_writing(d)->reply_line);
	g_assert_false(dotfile_writing(d)->forward_attached || dotfile_writing(d)->markdown);
	g_assert_cmpuint(g_strv_length(dotfile_writing(d)->lists), ==, 0);
	g_assert_cmpint(dotfile_writing(d)->undo, ==, 10);
	g_assert_false(dotfile_writing(d)->flowed || dotfile_writing(d)->utc);
	g_assert_true(g_strv_contains((const char *const *)dotfile_writing(d)->attachment_words,
		"attach*"));
	g_assert_cmpuint(dotfile_account_count(d), ==, 0);
	g_assert_null(dotfile_account_by_name(d, "home"));
}

static const char whole[] = "[account home]\n"
			    "name = Иван Петров   # me\n"
			    "address = Ivan@example.org\n"
			    "addresses = petrov@example.org, *@shop.example.org\n"
			    "signature = ~/sig\n"
			    "pop3 = pop3s://ivan@pop.example.org\n"
			    "smtp = smtps://ivan@smtp.example.org\n"
			    "password = \"a # b \\\" \\\\ ; c\"   # a quoted one\n"
			    "smtp-password = pass#word;x\n"
			    "tls-ca = ~/ca.pem\n"
			    "tunnel = ssh -W %h:%p gate # of the house\n"
			    "inbox = Work/In\n"
			    "timeout = 5\n"
			    "uncertain = retry\n"
			    "give-up = 1 day\n"
			    "[account fetch-only]\n"
			    "pop3 = pop3+insecure://x@localhost\n"
			    "[dewey]\n"
			    "mail = ~/m\n"
			    "editor = emacs -nw\n"
			    "print = lpr -P 'big one'\n"
			    "browser = w3m -o 'a b'\n"
			    "hyperlinks = no\n"
			    "threads = no\n"
			    "index-decrypted = yes\n"
			    "threads-by-subject = no\n"
			    "languages = ru de\n"
			    "interval = 300\n"
			    "autosave = 1 minute\n"
			    "reply-line = %n:\n"
			    "forward-line = \"--- %s\"\n"
			    "forward = attach\n"
			    "markdown = yes\n"
			    "lists = talk@lists.example\n"
			    "undo = 25s\n"
			    "attachment-words = anbei, Anlage*\n"
			    "text-flowed = yes\n"
			    "date-zone = utc\n"
			    "send-charset = KOI8-R windows-1251\n"
			    "partial = send\n"
			    "trash = 30 days\n"
			    "tags = keywords\n"
			    "sandbox = require\n"
			    "local = ivan@example.org\n"
			    "[view bugs]\n"
			    "query = subject:\"bug #12\" is:unread # all\n"
			    "[keys index]\n"
			    "d = delete\n"
			    "\"#\" = flag\n"
			    "\"=\" = first\n";

static void check_whole_account(const struct account *a)
{
	g_autofree char *ca = g_build_filename(g_getenv("HOME"), "ca.pem", NULL);
	g_assert_cmpstr(a->id, ==, "home");
	g_assert_cmpstr(a->name, ==, "Иван Петров");
	g_assert_cmpint(a->password.kind, ==, SECRET_CLEAR);
	g_assert_cmpstr(a->password.value, ==, "a # b \" \\ ; c");
	g_assert_cmpint(a->password.line, ==, 8);
	g_assert_true(a->has_smtp_password);
	g_assert_cmpstr(a->smtp_password.value, ==, "pass#word;x");
	g_assert_cmpstr(a->tls_ca, ==, ca);
	g_autofree char *sig = g_build_filename(g_getenv("HOME"), "sig", NULL);
	g_assert_cmpstr(a->signature, ==, sig);
	g_assert_cmpstr(a->tunnel, ==, "ssh -W %h:%p gate");
	g_assert_null(a->tls_pins);
	g_assert_null(a->proxy);
	g_assert_cmpstr(a->inbox, ==, "Work/In");
	g_assert_cmpstr(a->sent, ==, "Sent");
	g_assert_cmpint(a->timeout, ==, 5);
	g_assert_cmpint(a->smtp_greeting, ==, 5);
	g_assert_true(a->repeat_uncertain);
	g_assert_cmpint(a->give_up, ==, 1);
	g_assert_cmpint(a->line, ==, 1);
}

static void test_whole(void)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(dotfile) d = dotfile_parse(whole, "rc", 0600, mistakes);
	g_autofree char *all = join(mistakes);
	g_assert_cmpstr(all, ==, "");
	check_whole_account(dotfile_account_by_address(d, "ivan@EXAMPLE.org"));
	check_whole_account(dotfile_account_by_address(d, "Petrov@example.org"));
	check_whole_account(dotfile_account_by_address(d, "bicycles@Shop.example.org"));
	g_assert_null(dotfile_account_by_address(d, "x@more.shop.example.org"));
	g_assert_null(dotfile_account_by_address(d, "shop.example.org"));
	const struct account *other = dotfile_account_by_name(d, "fetch-only");
	g_assert_cmpint(other->password.kind, ==, SECRET_PROMPT);
	g_assert_cmpint(other->pop3->security, ==, SECURITY_INSECURE);
	g_assert_null(other->smtp);
	g_assert_false(other->repeat_uncertain);
	g_assert_cmpint(other->give_up, ==, 5);
	g_assert_cmpint(other->timeout, ==, 60);
	g_assert_cmpint(other->smtp_greeting, ==, 300);
	g_assert_cmpstr(dotfile_editor(d), ==, "emacs -nw");
	g_assert_cmpstr(dotfile_print(d)[2], ==, "big one");
	g_assert_cmpstr(dotfile_reading(d)->browser[2], ==, "a b");
	g_assert_cmpint(dotfile_reading(d)->hyperlinks, ==, HYPERLINKS_NO);
	g_assert_true(dotfile_reading(d)->index_decrypted);
	g_assert_false(dotfile_threads(d));
	g_assert_false(dotfile_threads_by_subject(d));
	g_assert_cmpstr(dotfile_languages(d), ==, "ru de");
	g_assert_cmpint(dotfile_interval(d), ==, 300);
	const struct dotfile_writing *writing = dotfile_writing(d);
	g_assert_cmpint(writing->autosave, ==, 60);
	g_assert_true(writing->flowed && writing->utc);
	g_assert_cmpstr(writing->charsets, ==, "KOI8-R windows-1251");
	g_assert_cmpstr(writing->reply_line, ==, "%n:");
	g_assert_cmpstr(writing->forward_line, ==, "--- %s");
	g_assert_true(writing->forward_attached && writing->markdown);
	g_assert_cmpstr(writing->lists[0], ==, "talk@lists.example");
	g_assert_cmpint(writing->undo, ==, 25);
	g_assert_cmpuint(g_strv_length(writing->attachment_words), ==, 2);
	g_assert_cmpstr(writing->attachment_words[1], ==, "Anlage*");
	g_assert_cmpint(dotfile_partial(d), ==, PARTIAL_SEND);
	g_assert_cmpint(dotfile_trash(d), ==, 30);
	g_assert_true(dotfile_keywords(d));
	g_assert_cmpint(dotfile_sandbox(d), ==, SANDBOX_REQUIRE);
	g_assert_cmpstr(dotfile_local(d), ==, "ivan@example.org");
	const struct dotfile_view *view = g_ptr_array_index(dotfile_views(d), 0);
	g_assert_cmpstr(view->name, ==, "bugs");
	g_assert_cmpstr(view->query, ==, "subject:\"bug #12\" is:unread");
	g_assert_cmpuint(dotfile_key_lines(d)->len, ==, 3);
	const struct dotfile_key *key = g_ptr_array_index(dotfile_key_lines(d), 1);
	g_assert_cmpstr(key->context, ==, "index");
	g_assert_cmpstr(key->key, ==, "#");
	g_assert_cmpstr(key->command, ==, "flag");
	g_autofree char *names = dotfile_account_names(d);
	g_assert_cmpstr(names, ==, "home, fetch-only");
	g_autofree char *none = dotfile_no_account(d, "x");
	g_assert_cmpstr(none, ==, "no account 'x' in 'rc'; accounts: home, fetch-only");
	g_autofree char *mistake = dotfile_mistake(d, 22, "what", "instead");
	g_assert_cmpstr(mistake, ==, "rc:22: what; instead");
}

/* No limit on the length of a line. */
static void test_long_line(void)
{
	g_autoptr(GString) text = g_string_new("[view long]\nquery = ");
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; i < 20000; i++)
		g_string_append(text, "from:ivan OR ");
	g_string_append(text, "from:anna");
	g_autoptr(dotfile) d = dotfile_parse(text->str, "rc", 0600, mistakes);
	const struct dotfile_view *view = g_ptr_array_index(dotfile_views(d), 0);
	g_assert_true(g_str_has_suffix(view->query, "from:anna"));
	g_assert_cmpuint(strlen(view->query), ==, text->len - strlen("[view long]\nquery = "));
}

static void test_load(void)
{
	g_autofree char *dir = g_dir_make_tmp("dewey-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "rc", NULL);
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_assert_null(dotfile_load(path, mistakes));
	g_assert_cmpuint(mistakes->len, ==, 1);
	g_assert_nonnull(strstr(g_ptr_array_index(mistakes, 0), path));
	g_ptr_array_set_size(mistakes, 0);
	g_assert_true(fdio_replace_file(path, "[dewey]\nmail = /\0x\n", 19, NULL));
	g_assert_null(dotfile_load(path, mistakes));
	g_autofree char *nul = g_strconcat(path,
		":2: the line holds a NUL octet; save the file as plain text in UTF-8", NULL);
	g_assert_cmpstr(g_ptr_array_index(mistakes, 0), ==, nul);
	g_ptr_array_set_size(mistakes, 0);
	g_assert_true(fdio_replace_file(path, whole, strlen(whole), NULL));
	g_autoptr(dotfile) d = dotfile_load(path, mistakes);
	g_assert_nonnull(d);
	g_assert_cmpint(g_chmod(path, 0640), ==, 0);
	g_assert_null(dotfile_load(path, mistakes)); /* T-30: both passwords */
	g_assert_cmpuint(mistakes->len, ==, 2);
	g_unlink(path);
	g_rmdir(dir);
}

static void test_find(void)
{
	g_autofree char *home = g_strdup(g_getenv("HOME"));
	g_autofree char *dir = g_dir_make_tmp("dewey-XXXXXX", NULL);
	g_autofree char *config = g_build_filename(dir, ".config", NULL);
	g_autofree char *sub = g_build_filename(config, "dewey", NULL);
	g_autofree char *in_config = g_build_filename(sub, "deweyrc", NULL);
	g_autofree char *at_home = g_build_filename(dir, ".deweyrc", NULL);
	g_unsetenv("DEWEYRC");
	g_unsetenv("XDG_CONFIG_HOME");
	g_setenv("HOME", dir, TRUE);
	g_assert_null(dotfile_find(NULL));
	g_assert_cmpint(g_mkdir_with_parents(sub, 0700), ==, 0);
	g_assert_true(fdio_replace_file(in_config, "", 0, NULL));
	g_autofree char *one = dotfile_find(NULL);
	g_assert_cmpstr(one, ==, in_config);
	g_assert_true(fdio_replace_file(at_home, "", 0, NULL));
	g_autofree char *two = dotfile_find(NULL);
	g_assert_cmpstr(two, ==, at_home);
	g_setenv("DEWEYRC", "/x", TRUE);
	g_autofree char *three = dotfile_find(NULL);
	g_assert_cmpstr(three, ==, "/x");
	g_autofree char *four = dotfile_find("/y");
	g_assert_cmpstr(four, ==, "/y");
	g_setenv("HOME", home, TRUE);
	g_unlink(at_home);
	g_unlink(in_config);
	g_rmdir(sub);
	g_rmdir(config);
	g_rmdir(dir);
}

static void test_did_you_mean(void)
{
	static const char *const names[] = {"always", "never", "mail", "да", NULL};
	g_assert_cmpstr(dotfile_did_you_mean("alwasy", names), ==, "always");
	g_assert_cmpstr(dotfile_did_you_mean("mal", names), ==, "mail");
	g_assert_null(dotfile_did_you_mean("nail man", names));
	g_assert_null(dotfile_did_you_mean("d", names));
	g_assert_null(dotfile_did_you_mean("", names));
}

/* Every type of settings.def has a check, and every default passes it. */
static void test_table(void)
{
	guint count;
	const struct setting_info *settings = dotfile_settings(&count);
	for (guint i = 0; i < count; i++) {
		if (!settings[i].fallback)
			continue;
		g_autofree char *text = g_strdup_printf("[%s%s]\n%s = %s\n", settings[i].section,
			strcmp(settings[i].section, "dewey") == 0 ? "" : " x", settings[i].name,
			settings[i].fallback);
		g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(dotfile) d = dotfile_parse(text, "rc", 0600, mistakes);
		for (guint j = 0; j < mistakes->len; j++)
			g_assert_null(strstr(g_ptr_array_index(mistakes, j), "rc:2:"));
		g_clear_pointer(&d, dotfile_free);
	}
}

/* The example of deweyrc(5) can be copied. */
static void test_manual(void)
{
	const char *top = g_getenv("top_srcdir");
	g_autofree char *path = g_build_filename(top ? top : ".", "man", "deweyrc.5", NULL);
	g_autofree char *page = fdio_read_file(path, 1024 * 1024, NULL, NULL);
	if (!page) {
		g_test_skip("man/deweyrc.5 is not here: top_srcdir is not set");
		return;
	}
	const char *begin = strstr(page, ".Sh EXAMPLES");
	begin = strstr(begin, "[account home]");
	g_autofree char *example = g_strndup(begin, (gsize)(strstr(begin, ".Ed") - begin));
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(dotfile) d = dotfile_parse(example, "example", 0644, mistakes);
	g_autofree char *all = join(mistakes);
	g_assert_cmpstr(all, ==, "");
	g_assert_cmpuint(dotfile_account_count(d), ==, 2);
	g_assert_cmpuint(dotfile_views(d)->len, ==, 1);
}

/* Whatever stands in a file: settings or mistakes, and mistakes are text. */
static void test_random(void)
{
	static const char spice[] = "\"\\#;[]=@:/%.\r\n\t\x01\xC3\xFF 09az";
	g_autoptr(GRand) rand = g_rand_new_with_seed(4711);
	for (int i = 0; i < 3000; i++) {
		g_autofree char *text = g_strdup(whole);
		g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
		for (int n = g_rand_int_range(rand, 1, 20); n > 0; n--)
			text[g_rand_int_range(rand, 0, sizeof whole - 1)] =
				spice[g_rand_int_range(rand, 0, sizeof spice - 1)];
		g_autoptr(dotfile) d = dotfile_parse(text, "rc", 0600, mistakes);
		g_assert_true((d != NULL) == (mistakes->len == 0));
		for (guint m = 0; m < mistakes->len; m++)
			g_assert_true(g_utf8_validate(mistakes->pdata[m], -1, NULL));
	}
}

int main(int argc, char **argv)
{
	g_unsetenv("VISUAL");
	g_unsetenv("EDITOR");
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/mistakes/T-30", test_mistakes);
	g_test_add_func("/config/filters/P-76", test_filters);
	g_test_add_func("/config/filters/P-76 of what has come", test_sorters);
	g_test_add_func("/config/defaults", test_defaults);
	g_test_add_func("/config/whole", test_whole);
	g_test_add_func("/config/long-line", test_long_line);
	g_test_add_func("/config/load", test_load);
	g_test_add_func("/config/find", test_find);
	g_test_add_func("/config/did-you-mean", test_did_you_mean);
	g_test_add_func("/config/table", test_table);
	g_test_add_func("/config/manual", test_manual);
	g_test_add_func("/config/random", test_random);
	return g_test_run();
}
