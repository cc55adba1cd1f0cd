/* SPDX-License-Identifier: MIT
 *
 * Options of sendmail are one letter with the value behind it or next, and may
 * not be reordered: after the first recipient everything is a recipient. */
#include "smtp/options.h"

#include <string.h>

#include "base/sanitize.h"
#include "config/account.h"
#include "store/outbox.h"
#include "wire/codes.h"

enum option_kind {
	KIND_FLAG,  /* no value */
	KIND_VALUE, /* -fX or -f X */
	KIND_GLUED, /* -oX, -bX: the value is behind it or it has none */
};

struct option;
typedef bool (*option_handler)(
	struct options *o, const struct option *option, const char *value, GError **error);

struct option {
	const char *name; /* "f", "--queue" */
	enum option_kind kind;
	option_handler handle;
	const char *help; /* NULL: accepted for the sake of other programs */
};

void options_clear(struct options *o)
{
	g_free(o->rc);
	g_free(o->sandbox);
	g_free(o->account);
	g_free(o->sender);
	g_free(o->name);
	g_free(o->envid);
	g_free(o->at);
}

static bool usage(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static bool usage(GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_autofree char *clean = sanitize_line(text, -1);
	g_set_error_literal(error, WIRE_ERROR, CODE_USAGE, clean);
	return false;
}

static void set(char **at, const char *value)
{
	g_free(*at);
	*at = g_strdup(value);
}

static bool on_rc(struct options *o, const struct option *option, const char *value, GError **error)
{
	set(&o->rc, value);
	return true;
}

static bool on_sandbox(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	set(&o->sandbox, value);
	return true;
}

static bool on_account(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	set(&o->account, value);
	return true;
}

/* "<>" and "" are the sender of notices (S-68). */
static bool on_sender(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	size_t len = strlen(value);
	bool angle = len >= 2 && value[0] == '<' && value[len - 1] == '>';
	g_free(o->sender);
	o->sender = angle ? g_strndup(value + 1, len - 2) : g_strdup(value);
	return true;
}

static bool on_name(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	for (const char *c = value; *c; c++)
		if (g_ascii_iscntrl(*c))
			return usage(error, _("a control character in the name of -F"));
	set(&o->name, value);
	return true;
}

static bool on_from_header(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->from_header = true;
	return true;
}

static bool on_dot(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->dot_is_text = true;
	return true;
}

/* -oi is -i; the others are about how a sendmail of old does its work. */
static bool on_set(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->dot_is_text = o->dot_is_text || g_str_equal(value, "i");
	return true;
}

/* --- delivery status notifications, RFC 3461: section 4.1, 4.3 and 4.4 --------------- */

/* A server without DSN gets the letter without it: whoever calls a sendmail is not
 * there to be asked (S-14). */
static void ask(struct options *o, unsigned old, unsigned bits)
{
	o->asks = (o->asks & ~old) | bits | OUTBOX_WITHOUT_DSN;
}

static bool on_notify(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	unsigned bits;
	if (!asks_parse_notify(value, &bits))
		return usage(error,
			_("'%s' says nothing to -N; write never, or some of "
			  "success,failure,delay"),
			value);
	ask(o, ASK_NOTIFY, bits);
	return true;
}

static bool on_return(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	unsigned bits = g_ascii_strcasecmp(value, "full") == 0   ? ASK_RETURN_FULL
			: g_ascii_strcasecmp(value, "hdrs") == 0 ? ASK_RETURN_HEADERS
								 : 0;
	if (bits == 0)
		return usage(error, _("'%s' says nothing to -R; write full or hdrs"), value);
	ask(o, ASK_RETURN, bits);
	return true;
}

/* What is not so in xtext takes three octets there, of the hundred. */
static size_t xtext_length(const char *text)
{
	size_t len = 0;
	for (; *text; text++)
		len += *text == '+' || *text == '=' ? 3 : 1;
	return len;
}

static bool on_envid(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	for (const char *c = value; *c; c++)
		if (!g_ascii_isgraph(*c))
			return usage(error, _("the id of -V must be of printable ASCII"));
	if (*value == '\0' || xtext_length(value) > 100)
		return usage(error, _("the id of -V must have 1 to 100 characters"));
	set(&o->envid, value);
	ask(o, 0, 0);
	return true;
}

static bool on_body(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	/* What is in the letter decides; 7BIT for one that is not would not make it so. */
	if (g_ascii_strcasecmp(value, "7BIT") == 0)
		o->asks &= ~(unsigned)OUTBOX_BODY_8BIT;
	else if (g_ascii_strcasecmp(value, "8BITMIME") == 0)
		o->asks |= OUTBOX_BODY_8BIT;
	else
		return usage(error, _("'%s' says nothing to -B; write 7BIT or 8BITMIME"), value);
	return true;
}

static bool on_require_tls(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->asks |= OUTBOX_REQUIRE_TLS;
	return true;
}

static bool on_tls_optional(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->tls_optional = true;
	return true;
}

static bool on_at(struct options *o, const struct option *option, const char *value, GError **error)
{
	set(&o->at, value);
	return true;
}

static bool on_server_holds(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->asks |= OUTBOX_SERVER_HOLDS;
	return true;
}

/* --- what to do ------------------------------------------------------------------------- */

static bool on_mode(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	if (g_str_equal(value, "m"))
		return true;
	o->verify = g_str_equal(value, "v");
	if (!o->verify && !g_str_equal(value, "p"))
		return usage(error,
			_("'-b%s' is not for dewey-smtp: it takes one letter, it is no "
			  "server"),
			value);
	o->mode = o->verify ? MODE_VERIFY : MODE_LIST;
	return true;
}

static bool on_queue(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->mode = MODE_QUEUE;
	return true;
}

static bool on_question(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	static const enum mode questions[] = {
		MODE_VERIFY, MODE_EXPAND, MODE_SERVER_HELP, MODE_FIND};
	static const char *const names[] = {"--verify", "--expand", "--server-help", "--find"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_str_equal(option->name, names[i]))
			o->mode = questions[i];
	return true;
}

static bool on_wire(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->mode = MODE_WIRE;
	return true;
}

static bool on_events(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->events = true;
	return true;
}

static bool on_trace(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->trace = true;
	return true;
}

static bool on_help(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->mode = MODE_HELP;
	return true;
}

static bool on_version(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	o->mode = MODE_VERSION;
	return true;
}

static bool on_ignored(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	return true;
}

static bool on_refused(
	struct options *o, const struct option *option, const char *value, GError **error)
{
	return usage(error,
		_("'-%s' is not for dewey-smtp; its settings are in the dotfile, see "
		  "deweyrc(5)"),
		option->name);
}

static const struct option table[] = {
	{"c", KIND_VALUE, on_rc, N_("-c FILE          use this dotfile")},
	{"a", KIND_VALUE, on_account, N_("-a ACCOUNT       send with this account")},
	{"t", KIND_FLAG, on_from_header,
		N_("-t               send to those in To, Cc and Bcc too")},
	{"i", KIND_FLAG, on_dot, N_("-i, -oi          a line with a dot alone is text")},
	{"f", KIND_VALUE, on_sender,
		N_("-f, -r ADDRESS   the sender in the envelope; '' for none")},
	{"r", KIND_VALUE, on_sender, NULL},
	{"F", KIND_VALUE, on_name, N_("-F NAME          the name in From, if there is no From")},
	{"b", KIND_GLUED, on_mode,
		N_("-bm, -bp, -bv    take a letter (default); list the queue; verify")},
	{"B", KIND_VALUE, on_body, N_("-B BODY          what is in it: 7BIT or 8BITMIME")},
	{"N", KIND_VALUE, on_notify,
		N_("-N WHEN          reports you want: never, or of success,failure,delay")},
	{"R", KIND_VALUE, on_return,
		N_("-R WHAT          what comes back with them: full or hdrs")},
	{"V", KIND_VALUE, on_envid, N_("-V ID            the letter's name in them")},
	{"--require-tls", KIND_FLAG, on_require_tls,
		N_("--require-tls    all the way by TLS, or not at all (RFC 8689)")},
	{"--tls-optional", KIND_FLAG, on_tls_optional,
		N_("--tls-optional   rather without TLS than not at all (RFC 8689)")},
	{"--at", KIND_VALUE, on_at,
		N_("--at TIME        send it then: 'tomorrow 9:00', 'in 2 hours'")},
	{"--server-holds", KIND_FLAG, on_server_holds,
		N_("--server-holds   with --at: the server waits, if it can (RFC 4865)")},
	{"q", KIND_GLUED, on_queue, N_("-q, --queue      send what is queued")},
	{"--queue", KIND_FLAG, on_queue, NULL},
	{"--verify", KIND_FLAG, on_question,
		N_("--verify ADDR…   ask the server whether there is such an address")},
	{"--expand", KIND_FLAG, on_question,
		N_("--expand LIST…   ask the server who is on a list")},
	{"--server-help", KIND_FLAG, on_question,
		N_("--server-help    ask the server for its help")},
	{"--find", KIND_FLAG, on_question,
		N_("--find ADDRESS   the servers its domain names, as lines for the dotfile")},
	{"--wire", KIND_FLAG, on_wire,
		N_("--wire           take requests on stdin, see dewey-wire(7)")},
	{"--sandbox", KIND_VALUE, on_sandbox,
		N_("--sandbox HOW    give up files and programs: auto, require or off")},
	{"--events", KIND_FLAG, on_events,
		N_("--events         write what happens to stdout, a JSON object a line")},
	{"--trace", KIND_FLAG, on_trace,
		N_("--trace          show the dialogue with the server, secrets masked")},
	{"--help", KIND_FLAG, on_help, N_("--help           this text")},
	{"--version", KIND_FLAG, on_version, N_("--version        the version")},
	{"o", KIND_GLUED, on_set, NULL},
	{"A", KIND_VALUE, on_ignored, NULL},
	{"e", KIND_GLUED, on_ignored, NULL},
	{"G", KIND_FLAG, on_ignored, NULL},
	{"h", KIND_VALUE, on_ignored, NULL},
	{"L", KIND_VALUE, on_ignored, NULL},
	{"m", KIND_FLAG, on_ignored, NULL},
	{"n", KIND_FLAG, on_ignored, NULL},
	{"U", KIND_FLAG, on_ignored, NULL},
	{"v", KIND_FLAG, on_ignored, NULL},
	{"C", KIND_VALUE, on_refused, NULL},
	{"O", KIND_VALUE, on_refused, NULL},
	{"X", KIND_VALUE, on_refused, NULL},
};

char *options_help(void)
{
	GString *text = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (table[i].help)
			g_string_append_printf(text, "  %s\n", _(table[i].help));
	return g_string_free(text, FALSE);
}

static const struct option *find(const char *name, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		if (strlen(table[i].name) == len && strncmp(table[i].name, name, len) == 0)
			return &table[i];
	return NULL;
}

/* "-tif x": flags may stand together, a value ends the word. */
static bool parse_word(struct options *o, char ***argv, GError **error)
{
	for (const char *c = **argv + 1; *c; c++) {
		const struct option *option = find(c, 1);
		if (!option)
			return usage(error, _("unknown option '-%c'; see 'dewey-smtp --help'"), *c);
		if (option->kind == KIND_FLAG) {
			if (!option->handle(o, option, NULL, error))
				return false;
			continue;
		}
		const char *value = c + 1;
		if (option->kind == KIND_VALUE && *value == '\0' && !(value = *++*argv))
			return usage(error, _("'-%s' needs a value"), option->name);
		return option->handle(o, option, value, error);
	}
	return true;
}

/* "--at=TIME" and "--at TIME". */
static bool parse_long(struct options *o, char ***argv, GError **error)
{
	const char *word = **argv;
	size_t len = strcspn(word, "=");
	const struct option *option = find(word, len);
	const char *value = word[len] ? word + len + 1 : NULL;
	if (!option)
		return usage(error, _("unknown option '%s'; see 'dewey-smtp --help'"), word);
	if (option->kind == KIND_FLAG && value)
		return usage(error, _("'%s' takes no value"), option->name);
	if (option->kind == KIND_VALUE && !value && !(value = *++*argv))
		return usage(error, _("'%s' needs a value"), option->name);
	return option->handle(o, option, value, error);
}

bool options_parse(struct options *o, int argc, char **argv, GError **error)
{
	g_autofree char *called = g_path_get_basename(argc > 0 ? argv[0] : "");
	*o = (struct options){.mode = g_str_equal(called, "mailq") ? MODE_LIST : MODE_LETTER};
	argv += argc > 0;
	for (; *argv && (*argv)[0] == '-' && (*argv)[1]; argv++) {
		if (g_str_equal(*argv, "--")) {
			argv++;
			break;
		}
		bool is_long = (*argv)[1] == '-';
		if (!(is_long ? parse_long(o, &argv, error) : parse_word(o, &argv, error)))
			return false;
	}
	o->recipients = argv;
	if (o->tls_optional && (o->asks & OUTBOX_REQUIRE_TLS))
		return usage(error, _("--require-tls and --tls-optional exclude each other"));
	return true;
}
