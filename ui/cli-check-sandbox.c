/* SPDX-License-Identifier: MIT
 *
 * What this machine lets the programs give up. */
#include "ui/cli-check.h"

#include "base/sandbox.h"

/* A line for each program: what it keeps, or what it does without. */
static void add_program(
	JsonArray *details, const char *programs, enum sandbox_role role, const char *keeps)
{
	g_autofree char *lacks = sandbox_lacks(role);
	g_autofree char *line = lacks ? g_strdup_printf(_("%s: not all of it: %s"), programs, lacks)
				      : g_strdup_printf("%s: %s", programs, keeps);
	json_array_add_string_element(details, line);
}

static struct record *set_details(struct record *r)
{
	JsonArray *details = json_array_new();
	add_program(details, "dewey", SANDBOX_FRONT,
		_("no network; programs are started by a process of its own; files are the "
		  "user's"));
	add_program(details, "dewey-mime", SANDBOX_WORKER,
		_("no file, no network, no program; pictures in a process of their own"));
#ifdef HAVE_GPGME
	add_program(details, "dewey-crypt, gpg, gpgsm", SANDBOX_RUNNER,
		_("the files and programs of GnuPG, no network"));
#endif
	add_program(details, "dewey-pop3, dewey-smtp", SANDBOX_AGENT,
		_("the store and what the accounts name, the ports of mail, no program"));
	return record_set_array(r, "details", details);
}

static bool lacks_any(void)
{
	g_autofree char *worker = sandbox_lacks(SANDBOX_WORKER);
	g_autofree char *agent = sandbox_lacks(SANDBOX_AGENT);
	return worker || agent;
}

struct record *check_sandbox(void)
{
	enum sandbox_mode mode;
	struct record *r = record_set_string(record_new("event", "step"), "step", "sandbox");
	sandbox_mode_choose(NULL, SANDBOX_AUTO, &mode, NULL);
	if (mode == SANDBOX_OFF) {
		record_set_string(r, "text", _("the programs give up nothing"));
		record_set_string(r, "cure", _("set 'sandbox = auto'"));
		return record_set_bool(record_set_bool(r, "warning", true), "ok", true);
	}
	g_autofree char *has = sandbox_describe();
	bool lacks = lacks_any();
	record_set_string(r, "text", has);
	if (lacks)
		record_set_bool(r, "warning", true);
	return set_details(record_set_bool(r, "ok", !lacks || mode != SANDBOX_REQUIRE));
}
