/* SPDX-License-Identifier: MIT
 *
 * server: what lies on the servers, and getting or deleting what a query finds
 * there. */
#include "ui/agents.h"

#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/report.h"
#include "base/size.h"
#include "base/width.h"
#include "store/drop.h"
#include "store/query.h"
#include "ui/header.h"
#include "ui/server-rules.h"
#include "ui/server-text.h"

enum { DO_GET = 1 << 0, DO_DELETE = 1 << 1 };

struct server_run {
	struct cli *cli;
	char *get, *delete; /* queries; NULL: not asked for */
	gboolean dry_run;
	GHashTable *looked; /* words of the accounts that were looked at just now */
	guint failed;       /* letters that the server refused */
	bool several;       /* accounts */
	GError *error;
};

/* --- what is to be done --------------------------------------------------------- */

static struct drop *open_drop(struct server_run *r, const struct account *a, GError **error)
{
	g_autofree char *key = account_state_key(a);
	return drop_open(r->cli->store, key, a->id, error);
}

static bool add_matches(
	struct drop *d, const char *text, unsigned what, GHashTable *marks, GError **error)
{
	g_autoptr(GArray) ids = text ? drop_match(d, text, error) : NULL;
	for (guint i = 0; ids && i < ids->len; i++) {
		int64_t id = g_array_index(ids, int64_t, i);
		unsigned old = GPOINTER_TO_UINT(g_hash_table_lookup(marks, &id));
		g_hash_table_replace(
			marks, g_memdup2(&id, sizeof id), GUINT_TO_POINTER(old | what));
	}
	return ids || !text;
}

/* id → DO_GET, DO_DELETE or both.  NULL: an error. */
static GHashTable *find_marks(struct server_run *r, struct drop *d, GError **error)
{
	g_autoptr(GHashTable) marks =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	if (!add_matches(d, r->get, DO_GET, marks, error) ||
		!add_matches(d, r->delete, DO_DELETE, marks, error))
		return NULL;
	return g_steal_pointer(&marks);
}

static unsigned mark_of(GHashTable *marks, int64_t id)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(marks, &id));
}

/* Words of the interface for programs: not translated. */
static const char *const deeds[] = {
	NULL, [DO_GET] = "get", [DO_DELETE] = "delete", [DO_GET | DO_DELETE] = "take"};

static const char *const states[] = {
	[DROP_NEW] = "new", [DROP_HERE] = "here", [DROP_LEFT] = "left", [DROP_OWED] = "to-go"};

/* --- rows ----------------------------------------------------------------------- */

static void put_json(const struct account *a, const struct drop_row *row, unsigned mark)
{
	JsonObject *o = json_object_new();
	json_object_set_string_member(o, "account", a->id);
	json_object_set_int_member(o, "id", row->id);
	json_object_set_string_member(o, "state", states[row->state]);
	json_object_set_int_member(o, "size", (int64_t)row->size);
	if (mark)
		json_object_set_string_member(o, "do", deeds[mark]);
	if (row->head) {
		g_autofree char *date = clock_iso(row->head->date);
		g_autofree char *from =
			*row->head->from_name
				? g_strdup_printf("%s <%s>", row->head->from_name, row->head->from)
				: g_strdup(row->head->from);
		json_object_set_string_member(o, "date", date);
		json_object_set_string_member(o, "from", from);
		json_object_set_string_member(o, "to", row->head->to);
		json_object_set_string_member(o, "cc", row->head->cc);
		json_object_set_string_member(o, "subject", row->head->subject);
		json_object_set_string_member(o, "message_id", row->head->message_id);
	}
	cli_put_json(o);
}

static const char *word(const struct drop_row *row, unsigned mark)
{
	static const char *const deed_words[] = {
		NULL, [DO_GET] = N_("get"), [DO_DELETE] = N_("delete"),
		[DO_GET | DO_DELETE] = N_("take")};
	static const char *const state_words[] = {[DROP_NEW] = N_("new"),
		[DROP_HERE] = N_("here"),
		[DROP_LEFT] = N_("left"),
		[DROP_OWED] = N_("to go")};
	return mark ? _(deed_words[mark]) : _(state_words[row->state]);
}

static void put_line(const struct server_run *r, const struct account *a,
	const struct drop_row *row, unsigned mark)
{
	const struct message_row *head = row->head;
	g_autofree char *bytes = size_text(row->size);
	g_autofree char *date = head ? clock_short(head->date) : g_strdup("");
	g_autofree char *what = cli_column(word(row, mark), 8);
	g_autofree char *when = cli_column(date, 10);
	g_autofree char *who = cli_column(!head              ? ""
					  : *head->from_name ? head->from_name
							     : head->from,
		20);
	g_autofree char *account = r->several ? cli_column(a->id, 10) : g_strdup("");
	cli_put("%11" G_GINT64_FORMAT " %s%s%s %*s%s %s %s %s\n", row->id, account,
		r->several ? " " : "", what, MAX(9 - width_text(bytes), 0), "", bytes, when, who,
		head ? head->subject : "");
}

/* Silence would leave a person wondering whether anything was done. */
static void say_nothing_found(const struct server_run *r, const struct account *a)
{
	if (r->cli->json)
		return;
	if (r->get || r->delete)
		report_info(_("%s: nothing on the server fits the query"), a->id);
	else
		report_info(_("%s: there is nothing on the server"), a->id);
}

static void decide(void *data, enum filter_do what)
{
	if (what == FILTER_SKIP)
		((struct drop_row *)data)->state = DROP_LEFT;
}

/* What filters leave is left, as what is too large. */
static bool apply_rules(struct server_run *r, const struct account *a, struct drop *d,
	const GPtrArray *rows, GError **error)
{
	g_autoptr(GArray) rules = server_rules_new(r->cli->dotfile, a->id);
	g_autoptr(GHashTable) undecided = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = 0; i < rows->len; i++) {
		struct drop_row *row = rows->pdata[i];
		if (row->state == DROP_NEW && row->head)
			g_hash_table_insert(undecided, &row->id, row);
	}
	return server_rules_apply(rules, d, undecided, decide, error);
}

static bool put_rows(struct server_run *r, const struct account *a, GError **error)
{
	guint put = 0;
	g_autoptr(drop) d = open_drop(r, a, error);
	g_autoptr(GHashTable) marks = d ? find_marks(r, d, error) : NULL;
	g_autoptr(GPtrArray) rows = marks ? drop_rows(d, NULL, error) : NULL;
	bool chosen = r->get || r->delete;
	if (!rows || !apply_rules(r, a, d, rows, error))
		return false;
	for (guint i = 0; i < rows->len; i++) {
		const struct drop_row *row = rows->pdata[i];
		unsigned mark = mark_of(marks, row->id);
		if (chosen && !mark)
			continue;
		if (r->cli->json)
			put_json(a, row, mark);
		else
			put_line(r, a, row, mark);
		put++;
	}
	if (put == 0 && g_hash_table_contains(r->looked, a->id))
		say_nothing_found(r, a);
	return true;
}

static int list(struct server_run *r, const GPtrArray *accounts, int status)
{
	GError *error = NULL;
	for (guint i = 0; i < accounts->len; i++)
		if (!put_rows(r, accounts->pdata[i], &error))
			return cli_fail(error);
	return status;
}

/* --- the two sessions ----------------------------------------------------------- */

static bool wants(const struct account *a)
{
	return a->pop3 != NULL;
}

static void looked(const struct account *a, const struct record *last, void *data)
{
	struct server_run *r = data;
	if (!record_is(last, "event", "done"))
		return;
	g_hash_table_add(r->looked, a->id);
	if (!record_bool(last, "tops") && record_int(last, "listed") > 0)
		report_warning(_("%s: the server has no TOP, so only sizes are known"), a->id);
}

static void add_ids(struct record *request, const char *key, GHashTable *marks, unsigned mark)
{
	JsonArray *ids = json_array_new();
	GHashTableIter iter;
	gpointer id, is;
	g_hash_table_iter_init(&iter, marks);
	while (g_hash_table_iter_next(&iter, &id, &is))
		if (GPOINTER_TO_UINT(is) == mark)
			json_array_add_int_element(ids, *(int64_t *)id);
	record_set_array(request, key, ids);
}

/* An account that could not be looked at is left alone. */
static bool prepare(const struct account *a, struct record *request, void *data)
{
	struct server_run *r = data;
	if (r->error || !g_hash_table_contains(r->looked, a->id))
		return false;
	g_autoptr(drop) d = open_drop(r, a, &r->error);
	g_autoptr(GHashTable) marks = d ? find_marks(r, d, &r->error) : NULL;
	if (marks && g_hash_table_size(marks) == 0)
		say_nothing_found(r, a);
	if (!marks || g_hash_table_size(marks) == 0)
		return false;
	add_ids(request, "get", marks, DO_GET);
	add_ids(request, "get-delete", marks, DO_GET | DO_DELETE);
	add_ids(request, "delete", marks, DO_DELETE);
	return true;
}

static char *describe(const struct account *a, const struct record *done)
{
	g_autofree char *what = server_summary(done);
	return g_strdup_printf("%s: %s", a->id, what);
}

static void ran(const struct account *a, const struct record *last, void *data)
{
	struct server_run *r = data;
	r->failed += (guint)record_int(last, "failed");
}

static int run(struct server_run *r, const GPtrArray *accounts, int status)
{
	GError *error = NULL;
	const struct agent_job job = {.program = "dewey-pop3",
		.request = "run",
		.describe = describe,
		.wants = wants,
		.prepare = prepare,
		.ended = ran,
		.data = r};
	int ran_status = agents_run(r->cli, &job, accounts);
	if (r->error)
		return cli_fail(g_steal_pointer(&r->error));
	if (!cli_sync(r->cli, &error))
		return cli_fail(error);
	if (status != EX_OK || ran_status != EX_OK)
		return status != EX_OK ? status : ran_status;
	return r->failed > 0 ? EX_UNAVAILABLE : EX_OK;
}

static int look(struct server_run *r, char **names)
{
	const struct agent_job job = {.program = "dewey-pop3",
		.request = "survey",
		.wants = wants,
		.ended = looked,
		.quiet = true,
		.data = r};
	g_autoptr(GPtrArray) accounts = agents_accounts(r->cli, &job, names);
	if (!accounts)
		return EX_USAGE;
	r->several = accounts->len > 1;
	int status = agents_run(r->cli, &job, accounts);
	if ((!r->get && !r->delete) || r->dry_run)
		return list(r, accounts, status);
	return run(r, accounts, status);
}

/* --- the command line ------------------------------------------------------------ */

/* Before anybody is asked for a password. */
static int check_query(const char *text)
{
	GError *error = NULL;
	if (text && !*text) {
		report_error(_("an empty query would mean every letter; say which"));
		return EX_USAGE;
	}
	g_autoptr(query) q = text ? query_parse(text, clock_now(), &error) : NULL;
	return q || !text ? EX_OK : cli_fail(error);
}

static int parse(struct server_run *r, int *argc, char ***argv)
{
	const GOptionEntry own[] = {
		{"get", 'g', 0, G_OPTION_ARG_STRING, &r->get,
			N_("fetch what this query finds on the server"), N_("QUERY")},
		{"delete", 'd', 0, G_OPTION_ARG_STRING, &r->delete,
			N_("delete it there; what both find is fetched first"), N_("QUERY")},
		{"dry-run", 'n', 0, G_OPTION_ARG_NONE, &r->dry_run,
			N_("only say what would be done"), NULL},
		{NULL},
	};
	int status = cli_parse(r->cli, own, NULL, argc, argv);
	if (status == EX_OK)
		status = check_query(r->get);
	if (status == EX_OK)
		status = check_query(r->delete);
	return status == EX_OK ? cli_open(r->cli) : status;
}

int cli_server(struct cli *cli, int argc, char **argv)
{
	struct server_run r = {.cli = cli, .looked = g_hash_table_new(g_str_hash, g_str_equal)};
	int status = parse(&r, &argc, &argv);
	if (status == EX_OK)
		status = look(&r, argv + 1);
	g_hash_table_unref(r.looked);
	g_free(r.get);
	g_free(r.delete);
	return status;
}
