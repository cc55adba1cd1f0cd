/* SPDX-License-Identifier: MIT
 *
 * dewey-pop3: by hand with words on stderr, or a child on the wire. */
#include "base/base.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/report.h"
#include "config/dotfile.h"
#include "pop3/fetch.h"
#include "pop3/policy.h"

#define PROGRAM "dewey-pop3"

struct agent {
	char *rc;
	gboolean wire, events, dry_run, trace;
	int verbose;
	struct interrupt *interrupt;
	struct dotfile *dotfile;
	struct store *store;
	struct wire_child *child;
};

static void agent_clear(struct agent *a)
{
	g_clear_pointer(&a->child, wire_child_free);
	g_clear_pointer(&a->store, store_free);
	g_clear_pointer(&a->dotfile, dotfile_free);
	g_clear_pointer(&a->interrupt, interrupt_free);
	g_free(a->rc);
}

/* --- What is said about errors --------------------------------------------------- */

static char *explain(const struct agent *a, const struct account *account, const GError *why,
	enum wire_code code)
{
	int line = account->password.line ? account->password.line : account->line;
	if (code == CODE_AUTH)
		return g_strdup_printf(_("cannot log in to '%s': %s; check user and password in "
					 "%s:%d"),
			account->id, why->message, dotfile_path(a->dotfile), line);
	if (code == CODE_CANCELLED)
		return g_strdup_printf(_("%s: cancelled"), account->id);
	return g_strdup_printf(_("cannot fetch mail for '%s': %s"), account->id, why->message);
}

static GError *for_the_user(const struct agent *a, const struct account *account, const GError *why)
{
	enum wire_code code = policy_code(why);
	g_autofree char *text = explain(a, account, why, code);
	return g_error_new_literal(WIRE_ERROR, code, text);
}

/* --- What everything needs ------------------------------------------------------- */

static bool load_dotfile(struct agent *a, GError **error)
{
	g_autofree char *path = dotfile_find(a->rc);
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	if (!path) {
		g_set_error(error, WIRE_ERROR, CODE_CONFIG,
			_("there is no dotfile; deweyrc(5) shows how to write one"));
		return false;
	}
	a->dotfile = dotfile_load(path, mistakes);
	if (a->dotfile)
		return true;
	/* By hand all mistakes are shown; on the wire the first one must do. */
	for (guint i = 1; i < mistakes->len; i++)
		report_error("%s", (char *)mistakes->pdata[i]);
	g_set_error_literal(error, WIRE_ERROR, CODE_CONFIG, mistakes->pdata[0]);
	return false;
}

static bool open_all(struct agent *a, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (a->store)
		return true;
	if (!load_dotfile(a, error))
		return false;
	a->store = store_open(dotfile_mail(a->dotfile), &why);
	if (!a->store)
		g_set_error_literal(error, WIRE_ERROR, policy_code(why), why->message);
	return a->store != NULL;
}

static const struct account *find_account(const struct agent *a, const char *name, GError **error)
{
	const struct account *account = name ? dotfile_account_by_name(a->dotfile, name) : NULL;
	if (account && account->pop3)
		return account;
	g_autofree char *names = dotfile_account_names(a->dotfile);
	if (account)
		g_set_error(error, WIRE_ERROR, CODE_CONFIG,
			_("account '%s' has no pop3 server; set pop3 = pop3s://USER@HOST in %s:%d"),
			name, dotfile_path(a->dotfile), account->line);
	else
		g_set_error(error, WIRE_ERROR, CODE_USAGE, _("unknown account '%s' (%s)"),
			name ? name : "", names);
	return NULL;
}

static struct fetch_job make_job(const struct agent *a, const struct account *account, int64_t id)
{
	return (struct fetch_job){.account = account,
		.store = a->store,
		.child = a->child,
		.id = id,
		.interrupt = a->interrupt,
		.verbose = a->verbose > 0,
		.dry_run = a->dry_run};
}

/* --- On the wire ----------------------------------------------------------------- */

typedef struct record *(*request_handler)(const struct fetch_job *job, const struct record *request,
	struct fetch_result *result, GError **error);

static struct record *fetched(const struct fetch_result *result)
{
	struct record *done = record_set_int(record_new("event", "done"), "new", result->new);
	record_set_int(record_set_int(done, "deleted", result->deleted), "kept", result->kept);
	return record_set_int(done, "owed", result->owed);
}

static struct record *do_fetch(const struct fetch_job *job, const struct record *request,
	struct fetch_result *result, GError **error)
{
	return fetch_run(job, result, error) ? fetched(result) : NULL;
}

static struct record *do_top(const struct fetch_job *job, const struct record *request,
	struct fetch_result *result, GError **error)
{
	int64_t number = record_int(request, "message"), lines = record_int(request, "lines");
	if (number < 1 || lines < 0) {
		g_set_error(error, WIRE_ERROR, CODE_USAGE,
			_("'top' needs a message number from 1 and a number of lines"));
		return NULL;
	}
	if (!fetch_top(job, (uint64_t)number, (uint64_t)lines, result, error))
		return NULL;
	return record_set_string(record_new("event", "done"), "path", result->path);
}

static const struct {
	const char *name;
	request_handler handle;
} requests[] = {{"fetch", do_fetch}, {"top", do_top}};

static request_handler find_request(const struct record *r, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(requests); i++)
		if (record_is(r, "do", requests[i].name))
			return requests[i].handle;
	const char *name = record_string(r, "do");
	g_set_error(error, WIRE_ERROR, CODE_UNKNOWN_REQUEST, _("unknown request '%s'"),
		name ? name : "");
	return NULL;
}

static void serve_one(struct agent *a, const struct record *r)
{
	g_autoptr(GError) why = NULL;
	int64_t id = record_int(r, "id");
	struct fetch_result result = {0};
	const struct account *account = NULL;
	request_handler handle = find_request(r, &why);
	if (handle && open_all(a, &why))
		account = find_account(a, record_string(r, "account"), &why);
	if (!account) {
		wire_child_failed(a->child, id, why, NULL);
		return;
	}
	struct fetch_job job = make_job(a, account, id);
	struct record *done = handle(&job, r, &result, &why);
	if (done) {
		wire_child_done(a->child, id, done);
	} else {
		g_autoptr(GError) told = for_the_user(a, account, why);
		wire_child_failed(a->child, id, told, result.server);
	}
	fetch_result_clear(&result);
}

/* Signals are taken during a request only: while we wait for one there is
 * nothing to be finished, so they may end us as they end any program. */
static bool serve_next(struct agent *a, GError **error)
{
	g_autoptr(record) r = wire_child_next(a->child, NULL, error);
	if (!r)
		return false;
	a->interrupt = interrupt_new();
	if (wire_child_fd(a->child) >= 0)
		interrupt_watch(a->interrupt, wire_child_fd(a->child));
	serve_one(a, r);
	bool came = interrupt_came(a->interrupt);
	g_clear_pointer(&a->interrupt, interrupt_free);
	return !came;
}

static int serve(struct agent *a)
{
	g_autoptr(GError) error = NULL;
	a->child = wire_child_new(STDIN_FILENO, STDOUT_FILENO, PROGRAM, &error);
	while (a->child && serve_next(a, &error))
		;
	if (!error)
		return EX_OK;
	report_error("%s", error->message);
	return wire_code_exit_status(wire_error_code(error));
}

/* --- By hand ----------------------------------------------------------------------- */

static void say_result(const struct agent *a, const char *id, const struct fetch_result *r)
{
	if (a->dry_run) {
		report_info(_("%s: would fetch %u, delete %u, leave %u"), id, r->would_fetch,
			r->would_delete, r->kept);
		return;
	}
	g_autofree char *new =
		g_strdup_printf(P_("%u new letter", "%u new letters", r->new), r->new);
	report_info(
		_("%s: %s, %u deleted on the server, %u left there"), id, new, r->deleted, r->kept);
}

static bool fetch_by_hand(
	struct agent *a, const char *name, struct fetch_result *result, GError **error)
{
	g_autoptr(GError) why = NULL;
	const struct account *account = open_all(a, error) ? find_account(a, name, error) : NULL;
	if (!account)
		return false;
	struct fetch_job job = make_job(a, account, 0);
	if (!fetch_run(&job, result, &why)) {
		g_propagate_error(error, for_the_user(a, account, why));
		return false;
	}
	wire_child_done(a->child, 0, fetched(result));
	if (!a->events)
		say_result(a, account->id, result);
	return true;
}

static int run_by_hand(struct agent *a, const char *name)
{
	g_autoptr(GError) error = NULL;
	struct fetch_result result = {0};
	a->child =
		a->events ? wire_child_new_events(STDOUT_FILENO, PROGRAM) : wire_child_new_silent();
	bool ok = fetch_by_hand(a, name, &result, &error);
	if (!ok) {
		wire_child_failed(a->child, 0, error, result.server);
		report_error("%s", error->message);
	}
	fetch_result_clear(&result);
	return ok ? EX_OK : wire_code_exit_status(wire_error_code(error));
}

/* --- The command line ---------------------------------------------------------------- */

static gboolean more_verbose(const char *name, const char *value, gpointer data, GError **error)
{
	((struct agent *)data)->verbose++;
	return TRUE;
}

static bool parse(struct agent *a, int *argc, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{"config", 'c', 0, G_OPTION_ARG_FILENAME, &a->rc, N_("use this dotfile"),
			N_("FILE")},
		{"wire", 0, 0, G_OPTION_ARG_NONE, &a->wire,
			N_("take requests on stdin, see dewey-wire(7)"), NULL},
		{"events", 0, 0, G_OPTION_ARG_NONE, &a->events,
			N_("write what happens to stdout, a JSON object a line"), NULL},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &a->dry_run,
			N_("look only: fetch nothing, delete nothing"), NULL},
		{"verbose", 'v', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, more_verbose,
			N_("say more; twice: show the dialogue with the server"), NULL},
		{"trace", 0, 0, G_OPTION_ARG_NONE, &a->trace,
			N_("show the dialogue with the server, secrets masked"), NULL},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(_("ACCOUNT"));
	GOptionGroup *group = g_option_group_new(NULL, NULL, NULL, a, NULL);
	g_option_group_add_entries(group, entries);
	g_option_group_set_translation_domain(group, PACKAGE);
	g_option_context_set_main_group(context, group);
	return g_option_context_parse(context, argc, argv, error);
}

static int usage(const char *text)
{
	report_error(_("%s; see '%s --help'"), text, PROGRAM);
	return EX_USAGE;
}

/* Core files and debuggers of the same user would see passwords (T-30). */
static void harden(void)
{
	umask(077);
#ifndef __SANITIZE_ADDRESS__ /* its leak checker has to look into us */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int run(struct agent *a, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	report_init(PROGRAM, REPORT_NORMAL);
	if (!parse(a, &argc, &argv, &error))
		return usage(error->message);
	if (a->wire && (a->events || a->dry_run || argc > 1))
		return usage(_("with --wire everything else comes in requests"));
	if (!a->wire && argc != 2)
		return usage(argc < 2 ? _("no account is named") : _("one account at a time"));
	if (a->trace || a->verbose > 1)
		report_init(PROGRAM, REPORT_DEBUG);
	if (a->wire)
		return serve(a);
	a->interrupt = interrupt_new();
	return run_by_hand(a, argv[1]);
}

int main(int argc, char **argv)
{
	struct agent agent = {0};
	harden();
	base_init_locale();
	int status = run(&agent, argc, argv);
	agent_clear(&agent);
	return status;
}
