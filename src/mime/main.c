/* SPDX-License-Identifier: MIT
 *
 * dewey-mime: the worker; by hand, what it sees in a letter. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/report.h"
#include "mime/print.h"
#include "mime/worker.h"
#include "wire/child.h"

struct options {
	gboolean wire, raw, structure, version;
	char *part, *charset;
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
		{"version", 0, 0, G_OPTION_ARG_NONE, &o->version, N_("print the version"), NULL},
		{NULL},
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GOptionContext) context = g_option_context_new(_("<letter"));
	g_option_context_set_summary(context, _("shows what the worker sees in a letter"));
	g_option_context_add_main_entries(context, entries, PACKAGE);
	if (g_option_context_parse(context, argc, argv, &error) && *argc == 1)
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

static bool by_hand(const struct options *o, struct charsets *c, GError **error)
{
	struct mime_reading how = {
		.want = o->structure ? 0 : MIME_WANT_TEXT,
		.charset = o->charset,
	};
	int fd = letter_on(STDIN_FILENO, error);
	if (fd < 0)
		return false;
	if (o->raw || o->part)
		return worker_part(c, fd, o->raw ? "" : o->part, STDOUT_FILENO, error);
	g_autoptr(mime_message) m = worker_read(c, fd, &how, error);
	if (!m)
		return false;
	print_message(m, o->structure);
	return true;
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
	g_mime_init();
	g_autoptr(charsets) c = charsets_new();
	worker_confine();
	if (o.wire)
		return worker_run(c, STDIN_FILENO, STDOUT_FILENO);
	g_autoptr(GError) error = NULL;
	if (by_hand(&o, c, &error))
		return 0;
	report_error("%s", error->message);
	return error->domain == MIME_ERROR ? EX_DATAERR : wire_code_exit_status(wire_error_code(error));
}
