/* SPDX-License-Identifier: MIT
 *
 * dewey-mime: the worker; by hand, what it sees in a letter. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/report.h"
#include "base/sandbox.h"
#include "mime/print.h"
#include "mime/worker.h"
#include "wire/child.h"

struct options {
	gboolean wire, raw, structure, version;
	char *part, *charset, *sandbox;
	int64_t file_size;
	enum sandbox_mode mode;
};

static bool parse_options(struct options *o, int *argc, char ***argv)
{
	GOptionEntry entries[] = {
		{"wire", 0, 0, G_OPTION_ARG_NONE, &o->wire, N_("speak dewey-wire(7): what dewey does"),
			NULL},
		{"raw", 0, 0, G_OPTION_ARG_NONE, &o->raw, N_("copy the octets, changing nothing"),
			NULL},
		{"part", 0, 0, G_OPTION_ARG_STRING, &o->part,
			N_("write the decoded octets of part N"), N_("N")},
		{"structure", 0, 0, G_OPTION_ARG_NONE, &o->structure,
			N_("list the parts and nothing else"), NULL},
		{"charset", 0, 0, G_OPTION_ARG_STRING, &o->charset,
			N_("decode text as NAME, whatever is declared"), N_("NAME")},
		{"sandbox", 0, 0, G_OPTION_ARG_STRING, &o->sandbox,
			N_("give up files, network and programs first: auto, require or off"),
			N_("HOW")},
		{"file-size", 0, 0, G_OPTION_ARG_INT64, &o->file_size,
			N_("write files of at most N octets"), N_("N")},
		{"version", 0, 0, G_OPTION_ARG_NONE, &o->version, N_("print the version"), NULL},
		{NULL},
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GOptionContext) context = g_option_context_new(_("<letter"));
	g_option_context_set_summary(context, _("shows what the worker sees in a letter"));
	g_option_context_add_main_entries(context, entries, PACKAGE);
	if (g_option_context_parse(context, argc, argv, &error) &&
		sandbox_mode_choose(o->sandbox, SANDBOX_AUTO, &o->mode, &error) && *argc == 1)
		return true;
	report_error(_("%s; see --help"),
		error ? error->message : _("the letter is read from standard input"));
	return false;
}

/* A pipe is no regular file: its octets go to memory, still no file. */
static int letter_on(int fd, GError **error)
{
	struct stat st;
	char chunk[65536];
	ssize_t n;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	int memory = memfd_create("letter", MFD_CLOEXEC);
	while (memory >= 0 && (n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fdio_fail(error, "read", "standard input");
			return -1;
		}
		if (!fdio_write_all(memory, chunk, (size_t)n, error))
			return -1;
	}
	if (memory < 0)
		fdio_fail(error, "memfd_create", "letter");
	return memory;
}

static bool by_hand(const struct options *o, struct charsets *c, int fd, GError **error)
{
	struct mime_reading how = {
		.want = o->structure ? 0 : MIME_WANT_TEXT,
		.charset = o->charset,
	};
	if (o->raw || o->part)
		return worker_part(c, fd, o->raw ? "" : o->part, STDOUT_FILENO, error);
	g_autoptr(mime_message) m = worker_read(c, fd, &how, error);
	if (!m)
		return false;
	print_message(m, o->structure);
	return true;
}

/* Files that the libraries would open later are opened here. */
static bool confine(const struct options *o, struct charsets *c, GError **error)
{
	g_mime_init();
	xmlInitParser();
	if (o->mode != SANDBOX_OFF)
		charsets_preload(c, NULL);
	sandbox_worker_limits(MAX(o->file_size, SANDBOX_FILE_SIZE));
	return sandbox_confine(SANDBOX_WORKER, o->mode, NULL, error);
}

/* With the parent's end of the wire it is the parent who says so, once for all
 * workers. */
static void say_lacks(const struct options *o)
{
	g_autofree char *lacks = o->mode == SANDBOX_AUTO ? sandbox_lacks(SANDBOX_WORKER) : NULL;
	if (lacks)
		report_warning(_("the sandbox is not whole: %s"), lacks);
}

static int run(const struct options *o, struct charsets *c, GError **error)
{
	int fd = o->wire ? -1 : letter_on(STDIN_FILENO, error);
	if (!o->wire && fd < 0)
		return EX_IOERR;
	if (!o->wire)
		say_lacks(o);
	if (!confine(o, c, error))
		return EX_UNAVAILABLE;
	if (o->wire)
		return worker_run(c, STDIN_FILENO, STDOUT_FILENO);
	if (by_hand(o, c, fd, error))
		return EX_OK;
	return (*error)->domain == MIME_ERROR ? EX_DATAERR
					      : wire_code_exit_status(wire_error_code(*error));
}

int main(int argc, char **argv)
{
	struct options o = {0};
	base_init_locale();
	report_init("dewey-mime", REPORT_NORMAL);
	if (!parse_options(&o, &argc, &argv))
		return EX_USAGE;
	if (o.version) {
		printf("dewey-mime %s\n", PACKAGE_VERSION);
		return 0;
	}
	g_autoptr(charsets) c = charsets_new();
	g_autoptr(GError) error = NULL;
	int status = run(&o, c, &error);
	if (error)
		report_error("%s", error->message);
	return status;
}
