/* SPDX-License-Identifier: MIT */
#include "ui/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/report.h"
#include "base/sanitize.h"
#include "base/terminal.h"
#include "store/choices.h"
#include "store/preview.h"
#include "store/unreadable.h"
#include "ui/crypt-read.h"
#include "ui/crypt-trust.h"
#include "ui/fate.h"
#include "ui/invitation.h"
#include "ui/part-save.h"
#include "ui/rest.h"
#include "ui/show.h"

enum { RAW_CHUNK = 65536, WIDTH_PLAIN = 80, WIDTH_LEAST = 20, WIDTH_MOST = 1000 };

struct show_options {
	gboolean raw;
	gint width; /* columns; 0: those of the terminal */
	char *part, *save_all;
	struct mime_client *mime;
	struct crypt_client *crypt;
};

static int width_of(const struct show_options *o)
{
	struct winsize size;
	if (o->width > 0)
		return o->width;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return CLAMP(size.ws_col, WIDTH_LEAST, WIDTH_MOST);
	return WIDTH_PLAIN;
}

static int open_message(struct cli *cli, const struct message_row *row, GError **error)
{
	return preview_or_message_open(cli->store, row->folder, row->file, error);
}

/* A file or a pipe gets the octets as they are; a terminal gets none of the
 * sender's control characters (M-40). */
static bool put_octets(int fd, GError **error)
{
	char chunk[RAW_CHUNK];
	bool terminal = isatty(STDOUT_FILENO);
	ssize_t n;
	fflush(stdout);
	while ((n = read(fd, chunk, sizeof chunk)) > 0) {
		if (!terminal) {
			if (!fdio_write_all(STDOUT_FILENO, chunk, (size_t)n, error))
				return false;
			continue;
		}
		g_autofree char *clean = sanitize_body(chunk, n);
		cli_put("%s", clean);
	}
	return n == 0 || fdio_fail(error, "read", "");
}

static bool put_part(
	struct cli *cli, const struct crypt_reading *r, int fd, const char *part, GError **error)
{
	g_autofree char *path = NULL;
	int temp = store_temp_file(cli->store, &path, error);
	if (temp < 0)
		return false;
	unlink(path);
	bool ok = crypt_read_part(r, fd, part, temp, error);
	if (ok && lseek(temp, 0, SEEK_SET) < 0)
		ok = fdio_fail(error, "seek", path);
	ok = ok && put_octets(temp, error);
	close(temp);
	return ok;
}

static char *ask_passphrase(const char *text, bool again, void *data)
{
	if (!isatty(STDIN_FILENO))
		return NULL;
	if (again)
		report_info("%s", _("the passphrase is wrong"));
	g_autofree char *prompt = g_strdup_printf("%s: ", text);
	return terminal_ask_secret(prompt);
}

/* What was signed and encrypted is told beside the letter as well, to who writes that to
 * a file. */
static void tell_verdict(const struct crypt_verdict *v, const struct mime_message *m)
{
	if (isatty(STDOUT_FILENO))
		return;
	g_autofree char *text = crypt_verdict_text(v, m);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		if (*lines[i])
			report_info("%s", lines[i]);
}

static struct trust *judge(struct cli *cli, const struct letter_page *p)
{
	struct trust *t = trust_judge(&(struct trust_about){p->row->folder, p->row->account,
		p->mime, cli->dotfile, store_index(cli->store, NULL)});
	crypt_tell(t, p->crypt, p->mime);
	return t;
}

static bool put_message(struct cli *cli, const struct message_row *row,
	const struct crypt_reading *r, int fd, GError **error)
{
	g_autoptr(crypt_verdict) verdict = NULL;
	g_autoptr(mime_message) m = crypt_read(r, fd, &verdict, error);
	if (!m)
		return false;
	invitation_recall(m, cli->store);
	g_autoptr(GPtrArray) fates = fates_of(cli->store, row->message_id);
	g_autofree char *fate = fates_text(fates);
	struct letter_page page = {.row = row,
		.mime = m,
		.crypt = verdict,
		.fate = fate,
		.failed = fates_failed(fates), .all_parts = true};
	g_autoptr(trust) judged = judge(cli, &page);
	g_autofree char *text = show_page(&page, judged, r->how.columns);
	tell_verdict(verdict, m);
	cli_put("%s", text);
	return true;
}

static bool save_all(const struct crypt_reading *r, int fd, const char *to, GError **error)
{
	g_autoptr(GPtrArray) saved = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(crypt_verdict) verdict = NULL;
	g_autoptr(mime_message) m = crypt_read(r, fd, &verdict, error);
	bool ok = m && part_save_all(r, fd, m->parts, to, saved, error);
	for (guint i = 0; i < saved->len; i++)
		cli_put("%s\n", (const char *)saved->pdata[i]);
	return ok;
}

static bool put_content(struct cli *cli, const struct message_row *row,
	const struct show_options *o, GError **error)
{
	int fd = open_message(cli, row, error);
	if (fd < 0)
		return false;
	struct mime_reading how = mime_reading_text;
	how.columns = width_of(o);
	struct crypt_reading r = {o->mime, o->crypt, how, false};
	bool ok = o->raw        ? put_octets(fd, error)
		  : o->save_all ? save_all(&r, fd, o->save_all, error)
		  : o->part     ? put_part(cli, &r, fd, o->part, error)
				: put_message(cli, row, &r, fd, error);
	close(fd);
	return ok;
}

static bool show(struct cli *cli, int64_t id, const struct show_options *o, GError **error)
{
	struct index *ix = store_index(cli->store, error);
	g_autoptr(message_row) row = ix ? index_message(ix, id, error) : NULL;
	if (!row)
		return false;
	if (cli->json) {
		g_autoptr(GPtrArray) rows = g_ptr_array_new();
		g_ptr_array_add(rows, row);
		cli_put_rows(cli, rows);
		return true;
	}
	if (row->partial && o->save_all) {
		g_set_error(error, MIME_ERROR, MIME_ERROR_NO_PART,
			_("only a preview is here: fetch the rest first"));
		return false;
	}
	/* Beside what is shown, and not in it: that may be written to a file. */
	g_autofree char *partial =
		row->partial ? rest_text(cli->store, cli->dotfile, row, NULL) : NULL;
	if (partial)
		report_info("%s", partial);
	/* Who asks for it means to have it tried. */
	bool ok = put_content(cli, row, o, error);
	if (!ok && error)
		unreadable_note(cli->store, row->file, *error);
	else if (ok && row->unparsed && !o->raw)
		unreadable_forget(cli->store, row->file);
	return ok;
}

static bool is_id(const char *word, int64_t *id)
{
	return g_ascii_string_to_signed(word, 10, 1, G_MAXINT64, id, NULL);
}

/* Between letters stands a form feed, which none of them can contain.  One that cannot
 * be shown does not keep the others. */
static int show_all(struct cli *cli, char **words, const struct show_options *o)
{
	int status = EX_OK;
	for (int i = 0; words[i]; i++) {
		GError *error = NULL;
		int64_t id = 0;
		is_id(words[i], &id);
		if (i > 0 && !cli->json && !o->raw && !o->part)
			cli_put("\f\n");
		bool shown = show(cli, id, o, &error);
		if (!shown && words[1])
			g_prefix_error(&error, "%s: ", words[i]);
		int one = shown ? EX_OK : cli_fail(error);
		status = status != EX_OK ? status : one;
	}
	return status;
}

static bool are_ids(char **words, int n)
{
	int64_t id;
	for (int i = 0; i < n; i++)
		if (!is_id(words[i], &id))
			return false;
	return n > 0;
}

int cli_show(struct cli *cli, int argc, char **argv)
{
	struct show_options o = {0};
	const GOptionEntry own[] = {
		{"raw", 'r', 0, G_OPTION_ARG_NONE, &o.raw, N_("the message as it was received"),
			NULL},
		{"part", 'p', 0, G_OPTION_ARG_STRING, &o.part,
			N_("the decoded octets of one MIME part, such as 1.2"), N_("PART")},
		{"save-all", 's', 0, G_OPTION_ARG_FILENAME, &o.save_all,
			N_("save all attachments to DIR, and print their names"), N_("DIR")},
		{"width", 'w', 0, G_OPTION_ARG_INT, &o.width,
			N_("wrap to N columns instead of those of the terminal, or 80"), N_("N")},
		{NULL},
	};
	int status = cli_parse(cli, own, _("ID…"), &argc, &argv);
	G_GNUC_UNUSED g_autofree char *part = o.part;
	G_GNUC_UNUSED g_autofree char *directory = o.save_all;
	if (status != EX_OK)
		return status;
	if (!are_ids(argv + 1, argc - 1)) {
		report_error(_("'show' wants numbers of messages, as 'dewey list' prints them"));
		return EX_USAGE;
	}
	if (o.width != 0 && (o.width < WIDTH_LEAST || o.width > WIDTH_MOST)) {
		report_error(_("'--width' wants a number from %d to %d"), WIDTH_LEAST, WIDTH_MOST);
		return EX_USAGE;
	}
	if ((status = cli_open(cli)) != EX_OK)
		return status;
	g_autoptr(mime_client) mime = o.mime = mime_client_new();
	g_autoptr(crypt_client) crypt = o.crypt = crypt_client_new();
	crypt_client_set_ask(crypt, ask_passphrase, NULL);
	choices_tell(cli->store, mime);
	return show_all(cli, argv + 1, &o);
}
