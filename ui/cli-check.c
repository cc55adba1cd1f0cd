/* SPDX-License-Identifier: MIT
 *
 * The doctor: a line for each step of a visit to the server, with the cure. */
#include "ui/agents.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/width.h"
#include "ui/cli-check.h"
#include "ui/seal.h"

enum { STEP_WIDTH = 10, VERDICT_WIDTH = 10, INDENT = 2 + STEP_WIDTH + VERDICT_WIDTH, LITTLE = 4 };
enum { SOON = 30 * 24 * 3600 }; /* seconds until a key expires */

struct choice {
	gboolean forget_key;
	const struct account *last; /* whose steps were printed last */
	struct cli *cli;
	int status; /* of what is found here */
};

/* Padded to a width in characters: the words are translated. */
static void put_padded(const char *text, int width)
{
	cli_put("%s%*s", text, MAX(1, width - width_text(text)), "");
}

static int terminal_width(void)
{
	struct winsize size;
	bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 2 * INDENT;
	return known ? size.ws_col : G_MAXINT;
}

/* To a terminal in lines of whole words below each other.  A word that is too
 * long for that, a fingerprint, begins further left and stays in one piece, so
 * that it can be copied. */
static void put_text(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	int width = terminal_width(), column = INDENT;
	for (char **word = words; *word; word++) {
		int columns = width_text(*word);
		int space = word != words;
		bool fits = columns < width - column - space;
		int indent = columns < width - INDENT ? INDENT : LITTLE;
		if (!fits)
			cli_put("\n%*s", indent, "");
		else if (space)
			cli_put(" ");
		column = (fits ? column + space : indent) + columns;
		cli_put("%s", *word);
	}
	cli_put("\n");
}

static void put_below(const char *text)
{
	cli_put("%*s", INDENT, "");
	put_text(text);
}

static void put_head(const struct account *a, struct choice *choice)
{
	if (!a) {
		cli_put("%s%s\n", choice->last ? "\n" : "", _("this machine:"));
		return;
	}
	g_autofree char *url = a->pop3 ? server_url_text("pop3", a->pop3) : NULL;
	if (choice->last != a)
		cli_put("%s%s%s%s\n", choice->last ? "\n" : "", a->id, url ? ": " : ":",
			url ? url : "");
	choice->last = a;
}

static void print(const struct account *a, const struct record *r, void *data)
{
	const char *step = record_string(r, "step"), *text = record_string(r, "text");
	const char *cure = record_string(r, "cure");
	JsonArray *details = record_array(r, "details");
	put_head(a, data);
	cli_put("  ");
	put_padded(step ? step : "?", STEP_WIDTH);
	/* TRANSLATORS: what a step of 'dewey check' came to, nine letters at most */
	put_padded(!record_bool(r, "ok")       ? _("FAILED")
		   : record_bool(r, "warning") ? _("warning")
					       : _("ok"),
		VERDICT_WIDTH);
	put_text(text ? text : "");
	for (guint i = 0; details && i < json_array_get_length(details); i++)
		put_below(json_array_get_string_element(details, i));
	if (!cure)
		return;
	g_autofree char *line = g_strdup_printf(_("what to do: %s"), cure);
	put_below(line);
}

/* --- keys of one's own: the agent knows nothing of them --------------------------------- */

static bool wants_keys(const struct seal_settings *s)
{
	return s->sign || s->encrypt != ENCRYPT_NO || s->key || s->smime_key || s->autocrypt;
}

static char *day_of(int64_t when)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_local(when);
	return g_date_time_format(t, "%Y-%m-%d");
}

static struct record *missing_key(const struct account *a, bool smime)
{
	const char *name = crypt_protocol_name(smime ? CRYPT_CMS : CRYPT_OPENPGP);
	const char *setting = smime ? "smime-key" : "key";
	g_autofree char *text = g_strdup_printf(
		_("there is no %s key to sign with for '%s'"), name, a->address ? a->address : "");
	g_autofree char *cure =
		smime ? g_strdup_printf(
				_("import a certificate with its key by gpgsm, or set '%s'"),
				setting)
		      : g_strdup_printf(_("make one, such as with 'gpg --quick-gen-key %s', or set "
					  "'%s'"),
				a->address ? a->address : _("ADDRESS"), setting);
	return record_set_string(
		record_set_string(record_new("event", "step"), "text", text), "cure", cure);
}

/* expires 0: never. */
static struct record *found_key(const struct seal_plan *p, int64_t expires)
{
	g_autofree char *signs = seal_plan_signs(p);
	g_autofree char *day = expires ? day_of(expires) : NULL;
	g_autofree char *text =
		day ? g_strdup_printf(_("%s, which expires on %s"), signs, day) : g_strdup(signs);
	struct record *r = record_set_string(record_new("event", "step"), "text", text);
	if (expires && expires < clock_now() + SOON)
		record_set_bool(r, "warning", true);
	return record_set_bool(r, "ok", true);
}

static int64_t expiry_of(struct crypt_client *c, const char *fingerprint)
{
	g_autoptr(GPtrArray) keys = crypt_keys(c, fingerprint, true, NULL);
	return keys && keys->len ? ((const struct crypt_key *)keys->pdata[0])->expires : 0;
}

static struct record *look_at_keys(const struct account *a, GError **error)
{
	g_autoptr(crypt_client) c = crypt_client_new();
	g_autoptr(draft) d = draft_new();
	d->from = g_strdup(a->address);
	unsigned smime = seal_wish(d, &a->seal) & SEAL_SMIME;
	g_autoptr(seal_plan) p = seal_plan_own(c, d, &a->seal, smime | SEAL_SIGN, error);
	if (!p)
		return NULL;
	return p->own ? found_key(p, expiry_of(c, p->own)) : missing_key(a, smime != 0);
}

static void check_keys(const struct account *a, struct choice *choice)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(record) r = look_at_keys(a, &error);
	if (!r)
		r = record_set_string(record_new("event", "step"), "text", error->message);
	record_set_string(record_set_string(r, "step", "keys"), "account", a->id);
	if (!record_bool(r, "ok"))
		choice->status = EX_CONFIG;
	g_autofree char *line = record_line(r);
	if (choice->cli->json)
		puts(line);
	else
		print(a, r, choice);
}

static void check_machine(struct choice *choice)
{
	g_autoptr(record) r = check_sandbox();
	if (!record_bool(r, "ok"))
		choice->status = EX_UNAVAILABLE;
	g_autofree char *line = record_line(r);
	if (choice->cli->json)
		puts(line);
	else
		print(NULL, r, choice);
}

static bool prepare(const struct account *a, struct record *request, void *data)
{
	struct choice *choice = data;
	if (wants_keys(&a->seal))
		check_keys(a, choice);
	if (choice->forget_key)
		record_set_bool(request, "forget-key", true);
	return true;
}

static char *describe(const struct account *a, const struct record *done)
{
	return NULL;
}

static bool wants(const struct account *a)
{
	return a->pop3 != NULL;
}

/* Accounts that send only, among those that are named; all if none is. */
static void check_others(struct choice *choice, const char *const *names)
{
	const struct dotfile *d = choice->cli->dotfile;
	for (guint i = 0; i < dotfile_account_count(d); i++) {
		const struct account *a = dotfile_account(d, i);
		if (!wants(a) && wants_keys(&a->seal) && (!*names || g_strv_contains(names, a->id)))
			check_keys(a, choice);
	}
}

int cli_check(struct cli *cli, int argc, char **argv)
{
	struct choice choice = {.cli = cli};
	const GOptionEntry own[] = {
		{"forget-key", 0, 0, G_OPTION_ARG_NONE, &choice.forget_key,
			N_("first forget the keys that were accepted for the account's servers"), NULL},
		G_OPTION_ENTRY_NULL,
	};
	const struct agent_job job = {.program = "dewey-pop3",
		.request = "check",
		.describe = describe,
		.wants = wants,
		.options = own,
		.prepare = prepare,
		.in_turn = true,
		.event = "step",
		.print = print,
		.data = &choice};
	int status = agents_command(cli, &job, argc, argv);
	/* argv is without its options now. */
	if (cli->dotfile && status != EX_USAGE)
		check_others(&choice, (const char *const *)argv + 1);
	if (cli->dotfile)
		check_machine(&choice);
	return status == EX_OK ? choice.status : status;
}
