/* SPDX-License-Identifier: MIT
 *
 * The round that "dewey --demo" plays where nobody can press keys: the same
 * agents, worker and store as the commands of dewey use. */
#include "ui/demo.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/report.h"
#include "compose/reply.h"
#include "mime/client.h"
#include "store/actions.h"
#include "store/maildir.h"
#include "store/outbox.h"
#include "store/sync.h"
#include "ui/cli.h"
#include "ui/show.h"

/* The sample letter that came in KOI8-R, and what it is answered with. */
#define LETTER_ID "20251003.boat@example.ru"
#define ANSWER                                                                                     \
	"Здравствуй, Иван!\n\nПриеду в субботу к десяти и привезу чай.\n.\n" \
	"(Строка с одной точкой выше тоже дошла.)\n\n"

enum { WIDTH = 80, LIST_MAX = 100 };

struct round {
	struct cli cli;
	struct mime_client *mime;
	char *sent_id; /* Message-ID of the reply */
};

static void title(int step, const char *text)
{
	cli_put("\n=== %d. %s\n\n", step, text);
}

static void put_line(const char *line, void *data)
{
	cli_put("%s\n", line);
}

/* A command of dewey, as if it were typed. */
static bool command(struct round *r, int (*run)(struct cli *cli, int argc, char **argv),
	const char *name)
{
	char *argv[] = {(char *)name, NULL};
	struct cli cli = {.rc = r->cli.rc};
	fflush(stdout);
	report_set_sink(put_line, NULL);
	int status = run(&cli, 1, argv);
	report_set_sink(NULL, NULL);
	store_free(cli.store);
	dotfile_free(cli.dotfile);
	return status == EX_OK;
}

static GPtrArray *inbox(struct round *r, enum list_order order, GError **error)
{
	struct list_spec spec = {.folder = FOLDER_INBOX, .order = order};
	struct index *ix = store_index(r->cli.store, error);
	return ix ? index_list(ix, &spec, LIST_TOP, false, LIST_MAX, error) : NULL;
}

static const struct message_row *find(const GPtrArray *rows, const char *message_id)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct message_row *row = rows->pdata[i];
		if (strcmp(row->message_id, message_id) == 0)
			return row;
	}
	return NULL;
}

static int open_letter(struct round *r, const struct message_row *row, GError **error)
{
	g_autofree char *path = store_folder_path(r->cli.store, row->folder, error);
	g_autofree char *base = g_strndup(row->file, maildir_base_length(row->file));
	struct maildir_place hint = {row->is_new, row->file};
	return path ? maildir_open(path, base, &hint, NULL, error) : -1;
}

static struct mime_message *read_letter(struct round *r, const struct message_row *row,
	GError **error)
{
	int fd = open_letter(r, row, error);
	if (fd < 0)
		return NULL;
	struct mime_message *m = mime_client_read(r->mime, fd, &mime_reading_text, error);
	close(fd);
	return m;
}

/* The letter of this id in the inbox, shown as the reader shows it; NULL: it
 * is not there. */
static struct mime_message *show_letter(struct round *r, const char *message_id, int64_t *id,
	GError **error)
{
	g_autoptr(GPtrArray) rows = inbox(r, LIST_BY_DATE, error);
	const struct message_row *row = rows ? find(rows, message_id) : NULL;
	if (rows && !row)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING,
			_("the letter <%s> did not arrive"), message_id);
	struct mime_message *m = row ? read_letter(r, row, error) : NULL;
	if (!m)
		return NULL;
	g_autofree char *text = show_page(&(struct letter_page){.mime = m}, NULL, WIDTH);
	cli_put("%s", text);
	if (id)
		*id = row->id;
	return m;
}

static GPtrArray *typed(const GPtrArray *addresses)
{
	GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)typed_address_free);
	for (guint i = 0; i < addresses->len; i++) {
		const struct mime_address *from = addresses->pdata[i];
		struct typed_address *to = g_new0(struct typed_address, 1);
		to->name = g_strdup(from->name);
		to->address = g_strdup(from->address);
		g_ptr_array_add(out, to);
	}
	return out;
}

static struct draft *answer(struct round *r, const struct mime_message *m, int64_t id)
{
	const struct account *a = dotfile_account(r->cli.dotfile, 0);
	const char *own[] = {a->address, NULL};
	struct identity identity = {a->id, a->name, a->address};
	g_autoptr(GPtrArray) from = typed(m->from), reply_to = typed(m->reply_to);
	g_autoptr(GPtrArray) to = typed(m->to), cc = typed(m->cc);
	g_autofree char *date = clock_long(m->date);
	struct reply_source source = {.id = id, .from = from, .reply_to = reply_to, .to = to,
		.cc = cc, .subject = m->subject, .message_id = m->message_id,
		.references = m->references, .date_text = date, .text = m->text};
	struct draft *d = reply_new(&source, REPLY_SENDER, &identity, own);
	char *body = g_strconcat(ANSWER, d->body, NULL);
	g_free(d->body);
	d->body = body;
	return d;
}

static bool write_built(int fd, void *user, GError **error)
{
	return built_letter_write(user, fd, error);
}

static bool queue(struct round *r, const struct draft *d, GError **error)
{
	g_autoptr(built_letter) built = draft_build(d, error);
	if (!built)
		return false;
	g_ptr_array_add(built->recipients, NULL);
	struct outbox_letter letter = {.account = d->account, .sender = built->sender,
		.subject = built->subject, .message_id = built->message_id,
		.recipients = (const char *const *)built->recipients->pdata, .write = write_built,
		.user = built, .answers = d->answers};
	int64_t id = outbox_add(r->cli.store, &letter, error);
	g_ptr_array_set_size(built->recipients, (gint)built->recipients->len - 1);
	r->sent_id = g_strdup(built->message_id);
	return id != 0;
}

static bool step_fetch(struct round *r, GError **error)
{
	title(1, _("fetch: dewey-pop3 asks the practice server"));
	return command(r, cli_fetch, "fetch");
}

static bool step_list(struct round *r, GError **error)
{
	title(2, _("the list, by thread"));
	g_autoptr(GPtrArray) rows = inbox(r, LIST_BY_THREAD, error);
	if (rows)
		cli_put_rows(&r->cli, rows);
	if (rows && rows->len == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_MISSING, _("nothing was fetched"));
	return rows && rows->len > 0;
}

static bool step_answer(struct round *r, GError **error)
{
	int64_t id;
	title(3, _("a letter that came in KOI8-R"));
	g_autoptr(mime_message) m = show_letter(r, LETTER_ID, &id, error);
	if (!m)
		return false;
	title(4, _("a reply: dewey-smtp sends it"));
	g_autoptr(draft) d = answer(r, m, id);
	g_autofree char *text = draft_to_text(d);
	cli_put("%s\n", text);
	return queue(r, d, error) && command(r, cli_send, "send");
}

static bool step_back(struct round *r, GError **error)
{
	title(5, _("fetch again: the reply comes back as new mail"));
	if (!command(r, cli_fetch, "fetch"))
		return false;
	cli_put("\n");
	g_autoptr(mime_message) m = show_letter(r, r->sent_id, NULL, error);
	return m != NULL;
}

int demo_round(const char *rc)
{
	static bool (*const steps[])(struct round *r, GError **error) = {
		step_fetch, step_list, step_answer, step_back};
	g_autofree char *own_rc = g_strdup(rc);
	struct round r = {.cli = {.rc = own_rc}};
	GError *error = NULL;
	int status = cli_open(&r.cli);
	r.mime = mime_client_new();
	for (size_t i = 0; i < G_N_ELEMENTS(steps) && status == EX_OK; i++)
		if (!steps[i](&r, &error))
			status = error ? cli_fail(error) : EX_UNAVAILABLE;
	if (status == EX_OK)
		cli_put("\n%s\n", _("The round is complete: fetched, read, answered, sent, and "
				    "fetched again."));
	mime_client_free(r.mime);
	store_free(r.cli.store);
	dotfile_free(r.cli.dotfile);
	g_free(r.sent_id);
	return status;
}
