/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "base/external.h"
#include "base/sanitize.h"
#include "store/filter-private.h"

static bool is_going(void *data)
{
	return store_going(data, 0, 0);
}

static char *described(const struct filter_rule *rule, const struct external_result *r)
{
	g_autofree char *said = r->words ? sanitize_line(r->words, -1) : NULL;
	switch (r->end) {
	case EXTERNAL_LATE:
		return g_strdup_printf(P_("it was not done in %d second",
					       "it was not done in %d seconds", rule->limit),
			rule->limit);
	case EXTERNAL_STOPPED:
		return g_strdup(_("it was stopped"));
	case EXTERNAL_SIGNALLED:
		return g_strdup_printf(_("signal %d ended it"), r->status);
	default:
		return said ? g_strdup_printf(_("exit status %d: %s"), r->status, said)
			    : g_strdup_printf(_("exit status %d"), r->status);
	}
}

enum filter_verdict filter_pipe(
	const struct filter_pass *p, const struct filter_rule *rule, char **argv, int fd, char **why)
{
	g_autoptr(GError) error = NULL;
	g_auto(external_result) r = {0};
	const struct external what = {.argv = argv,
		.input = fd,
		.limit = rule->limit,
		.apart = true,
		.going = is_going,
		.data = p->store};
	bool ran = external_run(&what, &r, &error);
	enum filter_verdict verdict = ran && r.end == EXTERNAL_EXITED
					      ? (enum filter_verdict)rule->fates[r.status]
					      : FILTER_FAILED;
	if (verdict != FILTER_FAILED)
		return verdict;
	g_autofree char *program = sanitize_line(argv[0], -1);
	g_autofree char *words = ran ? described(rule, &r) : g_strdup(error->message);
	*why = g_strdup_printf("'%s': %s", program, words);
	return FILTER_FAILED;
}
