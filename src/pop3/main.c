/* SPDX-License-Identifier: MIT
 *
 * dewey-pop3: by hand with words on stderr, or a child on the wire. */
#include "base/base.h"

#include <poll.h>
#include <sysexits.h>

#include "agent/agent.h"
#include "base/report.h"
#include "pop3/check.h"
#include "pop3/fetch.h"
#include "pop3/policy.h"
#include "pop3/survey.h"
#include "wire/retry.h"

#define PROGRAM "dewey-pop3"

/* Of --wait. */
enum { MOST_RETRIES = 3 };

struct program {
	struct agent agent;
	gboolean wire, events, dry_run, trace, keep, all, rest, delete_gone, wait;
	int verbose;
};

static struct fetch_job make_job(const struct agent *a, const struct account *account, int64_t id)
{
	const struct program *program = a->data;
	return (struct fetch_job){.account = account,
		.store = a->store,
		.child = a->child,
		.id = id,
		.interrupt = a->interrupt,
		.verbose = program->verbose > 0,
		.filters = dotfile_filters(a->dotfile),
		.sorts = dotfile_sorters(a->dotfile)->len > 0,
		.dry_run = program->dry_run,
		.keep = program->keep,
		.all = program->all,
		.rest = program->rest,
		.delete_gone = program->delete_gone};
}

/* --- On the wire ----------------------------------------------------------------- */

static struct record *fetched(const struct fetch_result *result)
{
	struct record *done = record_set_int(record_new("event", "done"), "new", result->new);
	record_set_int(record_set_int(done, "deleted", result->deleted), "kept", result->kept);
	record_set_int(record_set_int(done, "previews", result->previews), "large", result->large);
	record_set_int(done, "owed", result->owed);
	if (result->adopted)
		record_set_int(done, "known", result->adopted);
	if (result->skipped + result->filtered) {
		record_set_int(done, "skipped", result->skipped);
		record_set_int(done, "filtered", result->filtered);
	}
	if (result->expires)
		record_set_int(done, "expire", result->expire_days);
	return done;
}

/* Ids of the ledger; NULL: all that is new. */
static GHashTable *only(const struct record *r)
{
	JsonArray *ids = record_array(r, "only");
	if (!ids)
		return NULL;
	GHashTable *set = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < json_array_get_length(ids); i++) {
		int64_t id = json_array_get_int_element(ids, i);
		g_hash_table_add(set, g_memdup2(&id, sizeof id));
	}
	return set;
}

static struct record *do_fetch(
	struct agent *a, const struct agent_call *call, char **server, GError **error)
{
	struct fetch_result result = {0};
	struct fetch_job job = make_job(a, call->account, call->id);
	job.only = only(call->record);
	struct record *done = fetch_run(&job, &result, error) ? fetched(&result) : NULL;
	if (done && job.only)
		record_set_int(done, "listed", result.listed);
	g_clear_pointer(&job.only, g_hash_table_unref);
	*server = g_steal_pointer(&result.server);
	fetch_result_clear(&result);
	return done;
}

static struct record *do_top(
	struct agent *a, const struct agent_call *call, char **server, GError **error)
{
	struct fetch_result result = {0};
	struct fetch_job job = make_job(a, call->account, call->id);
	struct record *done = NULL;
	int64_t number = record_int(call->record, "message");
	int64_t lines = record_int(call->record, "lines");
	struct top_wanted wanted = {
		(uint64_t)number, record_int(call->record, "letter"), (uint64_t)lines};
	if (number < 0 || (number == 0 && wanted.id < 1) || lines < 0)
		g_set_error(error, WIRE_ERROR, CODE_USAGE,
			_("'top' needs a message number from 1, or the id of a letter, and a "
			  "number of lines"));
	else if (fetch_top(&job, &wanted, &result, error))
		done = record_set_string(record_new("event", "done"), "path", result.path);
	*server = g_steal_pointer(&result.server);
	fetch_result_clear(&result);
	return done;
}

static struct record *surveyed(
	const struct survey_result *survey, const struct fetch_result *result)
{
	struct record *done = record_set_int(record_new("event", "done"), "listed", survey->listed);
	if (result->expires)
		record_set_int(done, "expire", result->expire_days);
	record_set_int(record_set_int(done, "heads", survey->heads), "headless", survey->headless);
	return record_set_bool(done, "tops", survey->tops);
}

static struct record *do_survey(
	struct agent *a, const struct agent_call *call, char **server, GError **error)
{
	struct fetch_result result = {0};
	struct survey_result survey;
	struct fetch_job job = make_job(a, call->account, call->id);
	guint lines = (guint)CLAMP(record_int(call->record, "lines"), 0, G_MAXINT);
	struct record *done = survey_run(&job, lines, &survey, &result, error)
				      ? surveyed(&survey, &result)
				      : NULL;
	*server = g_steal_pointer(&result.server);
	fetch_result_clear(&result);
	return done;
}

static void read_marks(const struct record *r, const char *key, unsigned mark_kind, GArray *marks)
{
	JsonArray *ids = record_array(r, key);
	for (guint i = 0; ids && i < json_array_get_length(ids); i++) {
		struct mark mark = {json_array_get_int_element(ids, i), mark_kind};
		g_array_append_val(marks, mark);
	}
}

static struct record *marked(const struct marks_result *m, const struct fetch_result *result)
{
	struct record *done = record_set_int(record_new("event", "done"), "new", result->new);
	record_set_int(record_set_int(done, "deleted", result->deleted), "gone", m->gone);
	record_set_int(record_set_int(done, "changed", m->changed), "large", m->large);
	record_set_int(done, "failed", m->failed);
	return record_set_int(done, "owed", result->owed);
}

static struct record *do_run(
	struct agent *a, const struct agent_call *call, char **server, GError **error)
{
	struct fetch_result result = {0};
	struct marks_result m;
	struct fetch_job job = make_job(a, call->account, call->id);
	g_autoptr(GArray) marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
	read_marks(call->record, "get", MARK_GET, marks);
	read_marks(call->record, "get-delete", MARK_GET | MARK_DELETE, marks);
	read_marks(call->record, "delete", MARK_DELETE, marks);
	struct record *done =
		marks_run(&job, marks, &m, &result, error) ? marked(&m, &result) : NULL;
	*server = g_steal_pointer(&result.server);
	fetch_result_clear(&result);
	return done;
}

static struct record *do_check(
	struct agent *a, const struct agent_call *call, char **server, GError **error)
{
	struct fetch_job job = make_job(a, call->account, call->id);
	bool ok = check_run(&job, record_bool(call->record, "forget-key"), server, error);
	return ok ? record_new("event", "done") : NULL;
}

static const struct agent_request requests[] = {{"fetch", do_fetch}, {"top", do_top},
	{"survey", do_survey}, {"run", do_run}, {"check", do_check}, {0}};

static const struct agent_kind kind = {PROGRAM, AGENT_POP3, policy_code, requests};

/* --- By hand ----------------------------------------------------------------------- */

static char *previews_text(guint n)
{
	return n ? g_strdup_printf(P_(", %u preview", ", %u previews", n), n) : g_strdup("");
}

static void say_result(const struct program *p, const char *id, const struct fetch_result *r)
{
	g_autofree char *previews = previews_text(p->dry_run ? r->would_preview : r->previews);
	if (p->dry_run) {
		report_info(_("%s: would fetch %u, delete %u, leave %u%s"), id, r->would_fetch,
			r->would_delete, r->kept, previews);
		return;
	}
	g_autofree char *new =
		g_strdup_printf(P_("%u new letter", "%u new letters", r->new), r->new);
	report_info(_("%s: %s%s, %u deleted on the server, %u left there"), id, new, previews,
		r->deleted, r->kept);
}

/* What the numbers alone would leave a person wondering about. */
static void say_more(const char *id, const struct fetch_result *r)
{
	if (r->adopted)
		report_info(P_("%s: %u letter that came was here already, under another name",
				    "%s: %u letters that came were here already, under other names",
				    r->adopted),
			id, r->adopted);
	if (r->skipped + r->filtered)
		report_info(_("%s: filters left %u on the server and deleted %u there unseen"), id,
			r->skipped, r->filtered);
}

static bool pause_for(const struct program *p, int seconds)
{
	struct pollfd fd = {.fd = interrupt_fd(p->agent.interrupt), .events = POLLIN};
	return poll(&fd, 1, seconds * 1000) == 0 && !interrupt_came(p->agent.interrupt);
}

/* With --wait: what may pass is tried again, as often as the front end does before
 * it tells somebody. */
static bool fetch_patiently(
	struct program *p, const struct fetch_job *job, struct fetch_result *result, GError **error)
{
	g_autoptr(GError) why = NULL;
	for (guint failures = 1; !fetch_run(job, result, &why); failures++) {
		struct retry r = retry_after(policy_code(why), failures, result->new > 0);
		bool again = p->wait && failures <= MOST_RETRIES &&
			     (r.kind == RETRY_WAIT || r.kind == RETRY_NOW);
		int seconds = MAX(r.seconds, (int)result->wait);
		if (again)
			report_info(_("%s: %s; trying again in %d seconds"), job->account->id,
				why->message, seconds);
		if (!again || !pause_for(p, seconds)) {
			g_propagate_error(error, g_steal_pointer(&why));
			return false;
		}
		g_clear_error(&why);
		fetch_result_clear(result);
	}
	return true;
}

static void add_intentions(struct record *done, const struct fetch_result *r)
{
	record_set_int(done, "would-fetch", r->would_fetch);
	record_set_int(done, "would-preview", r->would_preview);
	record_set_int(done, "would-delete", r->would_delete);
}

static bool fetch_by_hand(struct program *p, const struct account *account,
	struct fetch_result *result, GError **error)
{
	struct agent *a = &p->agent;
	g_autoptr(GError) why = NULL;
	struct fetch_job job = make_job(a, account, 0);
	if (!fetch_patiently(p, &job, result, &why)) {
		g_propagate_error(error, agent_explain(a, account, why));
		return false;
	}
	struct record *done = fetched(result);
	if (p->dry_run)
		add_intentions(done, result);
	wire_child_done(a->child, 0, done);
	if (!p->events)
		say_result(p, account->id, result);
	if (!p->events && !p->dry_run)
		say_more(account->id, result);
	return true;
}

/* A store that takes no more is no reason to begin anew: the next run goes on where
 * this one ended (P-63). */
static int exit_status(const struct account *account, const GError *error)
{
	int status = agent_fail(account, error);
	return agent_code(error) == CODE_DISK ? EX_TEMPFAIL : status;
}

static int run_by_hand(struct program *p, const char *name)
{
	g_autoptr(GError) error = NULL;
	struct fetch_result result = {0};
	int status = EX_OK;
	struct agent *a = &p->agent;
	const struct account *account = NULL;
	if (agent_by_hand(a, p->events, &error) && agent_open(a, &error))
		account = agent_account(a, name, &error);
	if (!account || !fetch_by_hand(p, account, &result, &error)) {
		wire_child_failed(a->child, 0, error, result.server);
		status = exit_status(account, error);
	}
	fetch_result_clear(&result);
	return status;
}

/* --- The command line ---------------------------------------------------------------- */

static gboolean more_verbose(const char *name, const char *value, gpointer data, GError **error)
{
	((struct program *)data)->verbose++;
	return TRUE;
}

static bool parse(struct program *p, int *argc, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{"config", 'c', 0, G_OPTION_ARG_FILENAME, &p->agent.rc, N_("use this dotfile"),
			N_("FILE")},
		{"wire", 0, 0, G_OPTION_ARG_NONE, &p->wire,
			N_("take requests on stdin, see dewey-wire(7)"), NULL},
		{"events", 0, 0, G_OPTION_ARG_NONE, &p->events,
			N_("write what happens to stdout, a JSON object a line"), NULL},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &p->dry_run,
			N_("look only: fetch nothing, delete nothing"), NULL},
		{"keep", 'k', 0, G_OPTION_ARG_NONE, &p->keep,
			N_("delete nothing on the server this time"), NULL},
		{"all", 'a', 0, G_OPTION_ARG_NONE, &p->all,
			N_("fetch also what was fetched before and is here no more"), NULL},
		{"rest", 'r', 0, G_OPTION_ARG_NONE, &p->rest,
			N_("fetch the rest of previews, and nothing else"), NULL},
		{"delete-gone", 0, 0, G_OPTION_ARG_NONE, &p->delete_gone,
			N_("with keep = until deleted: letters that are gone were deleted by "
			   "you"),
			NULL},
		{"wait", 'w', 0, G_OPTION_ARG_NONE, &p->wait,
			N_("wait and try again after a failure that may pass"), NULL},
		{"sandbox", 0, 0, G_OPTION_ARG_STRING, &p->agent.sandbox,
			N_("give up files and programs first: auto, require or off"), N_("HOW")},
		{"verbose", 'v', G_OPTION_FLAG_NO_ARG, G_OPTION_ARG_CALLBACK, more_verbose,
			N_("say more; twice: show the dialogue with the server"), NULL},
		{"trace", 0, 0, G_OPTION_ARG_NONE, &p->trace,
			N_("show the dialogue with the server, secrets masked"), NULL},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(_("ACCOUNT"));
	GOptionGroup *group = g_option_group_new(NULL, NULL, NULL, p, NULL);
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

static bool has_options(const struct program *p)
{
	return p->dry_run || p->keep || p->all || p->rest || p->delete_gone || p->wait;
}

static int run(struct program *p, int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	if (!parse(p, &argc, &argv, &error))
		return usage(error->message);
	if (p->wire && (p->events || has_options(p) || argc > 1))
		return usage(_("with --wire everything else comes in requests"));
	if (!p->wire && argc != 2)
		return usage(argc < 2 ? _("no account is named") : _("one account at a time"));
	if (p->trace || p->verbose > 1)
		agent_show_dialogue(&p->agent);
	return p->wire ? agent_serve(&p->agent) : run_by_hand(p, argv[1]);
}

int main(int argc, char **argv)
{
	struct program program = {0};
	agent_begin(&program.agent, &kind, &program);
	int status = run(&program, argc, argv);
	agent_clear(&program.agent);
	return status;
}
