/* SPDX-License-Identifier: MIT */
#include "agent/agent.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "agent/sandbox.h"
#include "base/report.h"
#include "store/ledger-copy.h"
#include "store/query.h"

/* Core files and debuggers of the same user would see passwords (T-30). */
static void harden(void)
{
	umask(077);
#ifndef __SANITIZE_ADDRESS__ /* its leak checker has to look into us */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

void agent_begin(struct agent *a, const struct agent_kind *kind, void *data)
{
	*a = (struct agent){.kind = kind, .data = data};
	fdio_have_standard();
	harden();
	base_init_locale();
	report_init(kind->program, REPORT_NORMAL);
}

void agent_clear(struct agent *a)
{
	g_clear_pointer(&a->child, wire_child_free);
	if (a->store)
		ledger_copy_renew(a->store);
	g_clear_pointer(&a->store, store_free);
	g_clear_pointer(&a->dotfile, dotfile_free);
	g_clear_pointer(&a->interrupt, interrupt_free);
	g_clear_pointer(&a->rc, g_free);
	g_clear_pointer(&a->sandbox, g_free);
}

void agent_show_dialogue(const struct agent *a)
{
	report_init(a->kind->program, REPORT_DEBUG);
}

/* For the wire, the dotfile and the ledger: with fewer nothing has begun yet that
 * could fail with a better text. */
enum { DESCRIPTORS = 8 };

bool agent_make_ready(struct agent *a, GError **error)
{
	g_autoptr(GError) why = NULL;
	a->interrupt = fdio_have_room(DESCRIPTORS, &why) ? interrupt_new(&why) : NULL;
	if (!a->interrupt)
		g_set_error_literal(error, WIRE_ERROR, (int)agent_code(why), why->message);
	return a->interrupt != NULL;
}

bool agent_by_hand(struct agent *a, bool events, GError **error)
{
	a->child = events ? wire_child_new_events(STDOUT_FILENO, a->kind->program)
			  : wire_child_new_silent();
	return agent_make_ready(a, error);
}

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
	if (a->dotfile && !dotfile_check_queries(a->dotfile, query_fault, mistakes))
		g_clear_pointer(&a->dotfile, dotfile_free);
	if (a->dotfile)
		return true;
	/* By hand all mistakes are shown; on the wire the first one must do. */
	for (guint i = 1; i < mistakes->len; i++)
		report_error("%s", (char *)mistakes->pdata[i]);
	g_set_error_literal(error, WIRE_ERROR, CODE_CONFIG, mistakes->pdata[0]);
	return false;
}

static bool confine(const struct agent *a, GError **error)
{
	g_autoptr(GError) why = NULL;
	enum sandbox_mode mode;
	if (sandbox_mode_choose(a->sandbox, dotfile_sandbox(a->dotfile), &mode, &why) &&
		agent_confine(mode, a->dotfile, a->kind->service == AGENT_POP3, &why))
		return true;
	g_set_error_literal(error, WIRE_ERROR, CODE_CONFIG, why->message);
	return false;
}

bool agent_open(struct agent *a, GError **error)
{
	g_autoptr(GError) why = NULL;
	if (a->store)
		return true;
	if (!a->dotfile && !load_dotfile(a, error))
		return false;
	a->store = store_open(dotfile_mail(a->dotfile), &why);
	if (!a->store) {
		g_set_error_literal(error, WIRE_ERROR, (int)agent_code(why), why->message);
		return false;
	}
	if (confine(a, error))
		return true;
	g_clear_pointer(&a->store, store_free);
	return false;
}

int agent_fail(const struct account *account, const GError *error)
{
	if (account)
		report_error("%s: %s", account->id, error->message);
	else
		report_error("%s", error->message);
	return wire_code_exit_status(agent_code(error));
}
