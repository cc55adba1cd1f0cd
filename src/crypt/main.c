/* SPDX-License-Identifier: MIT
 *
 * dewey-crypt: GnuPG for dewey; by hand, one request. */
#include "base/base.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/report.h"
#include "crypt/confine.h"
#include "crypt/engine.h"
#include "crypt/serve.h"

struct options {
	gboolean wire, decrypt, open, cms, version;
	char *verify, *keys, *sandbox;
	enum sandbox_mode mode;
};

static bool parse_options(struct options *o, int *argc, char ***argv)
{
	GOptionEntry entries[] = {
		{"wire", 0, 0, G_OPTION_ARG_NONE, &o->wire,
			N_("speak dewey-wire(7): what dewey does"), NULL},
		{"verify", 0, 0, G_OPTION_ARG_FILENAME, &o->verify,
			N_("verify the signature in FILE over standard input"), N_("FILE")},
		{"open", 0, 0, G_OPTION_ARG_NONE, &o->open, N_("verify signed text and write it"),
			NULL},
		{"decrypt", 0, 0, G_OPTION_ARG_NONE, &o->decrypt, N_("decrypt standard input"),
			NULL},
		{"keys", 0, 0, G_OPTION_ARG_STRING, &o->keys, N_("list the keys of an ADDRESS"),
			N_("ADDRESS")},
		{"cms", 0, 0, G_OPTION_ARG_NONE, &o->cms, N_("S/MIME instead of OpenPGP"), NULL},
		{"sandbox", 0, 0, G_OPTION_ARG_STRING, &o->sandbox,
			N_("give up files and network first: auto, require or off"), N_("HOW")},
		{"version", 0, 0, G_OPTION_ARG_NONE, &o->version, N_("print the version"), NULL},
		{NULL},
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GOptionContext) context = g_option_context_new(_("<octets"));
	g_option_context_set_summary(context, _("does what needs keys: signatures and encryption"));
	g_option_context_add_main_entries(context, entries, PACKAGE);
	int modes = 0;
	if (g_option_context_parse(context, argc, argv, &error) && *argc == 1 &&
		sandbox_mode_choose(o->sandbox, SANDBOX_AUTO, &o->mode, &error)) {
		modes = o->wire + o->decrypt + o->open + (o->verify != NULL) + (o->keys != NULL) +
			o->version;
		if (modes == 1)
			return true;
	}
	report_error(_("%s; see --help"),
		error ? error->message
		      : _("one of --verify, --open, --decrypt and --keys is needed"));
	return false;
}

static struct record *request_of(const struct options *o)
{
	const char *verb = o->verify    ? "verify"
			   : o->open    ? "open"
			   : o->decrypt ? "decrypt"
					: "keys";
	struct record *r = record_set_string(record_new("do", verb), "which", o->keys);
	return record_set_string(r, "protocol", o->cms ? "cms" : "openpgp");
}

/* What was found stands on standard error where standard output has the text. */
static int by_hand(const struct options *o, const int *fds, int starter, GError **error)
{
	g_autoptr(record) request = request_of(o);
	g_autoptr(record) done = serve_one(request, fds, 2, starter, error);
	g_autofree char *line = done ? record_line(done) : NULL;
	if (line)
		fprintf(o->open || o->decrypt ? stderr : stdout, "%s\n", line);
	return done ? EX_OK
	       : (*error)->domain == CRYPT_ERROR ? EX_DATAERR
						 : wire_code_exit_status(wire_error_code(*error));
}

static int confined(const struct options *o, GError **error)
{
	int fds[2] = {STDIN_FILENO, STDOUT_FILENO}, starter;
	if (o->verify)
		fds[1] = open(o->verify, O_RDONLY | O_CLOEXEC);
	if (fds[1] < 0) {
		fdio_fail(error, "open", o->verify);
		return wire_code_exit_status(wire_error_code(*error));
	}
	if (!crypt_confine(o->mode, &starter, error))
		return EX_UNAVAILABLE;
	return o->wire ? serve_run(fds[0], fds[1], starter) : by_hand(o, fds, starter, error);
}

int main(int argc, char **argv)
{
	struct options o = {0};
	base_init_locale();
	report_init("dewey-crypt", REPORT_NORMAL);
	fdio_have_standard();
	if (!parse_options(&o, &argc, &argv))
		return EX_USAGE;
	if (o.version) {
		printf("dewey-crypt %s\n", PACKAGE_VERSION);
		return 0;
	}
	signal(SIGPIPE, SIG_IGN); /* of a gpg that ended */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	engine_init();
	g_autoptr(GError) error = NULL;
	int status = confined(&o, &error);
	if (error)
		report_error("%s", error->message);
	return status;
}
