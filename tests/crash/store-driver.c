/* SPDX-License-Identifier: MIT
 *
 * What tests/crash/store.py kills at each system call:
 *
 *   store-driver deliver STORE COUNT   fetch what is not here yet, as an agent
 *   store-driver letters STORE COUNT   are COUNT letters here, each once? (-1: whatever
 *                                      is promised by the ledger)
 *   store-driver send STORE LOG        bring one letter to its recipients
 *   store-driver sent STORE LOG        did each get it once, is there one copy?
 *
 * LOG stands for the server: a line for each recipient who got the letter.
 * Exit: 0 yes, 1 a promise is broken, 75 something failed: again later. */
#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/db.h"
#include "store/delivery.h"
#include "store/digest.h"
#include "store/maildir.h"
#include "store/outbox.h"

#define ACCOUNT "ivan@pop.example.org"
#define SENDER "home"
enum { FAILED = 75, BROKEN = 1, BATCH = 9 };

struct driver {
	struct store *store;
	const char *argument;
	GError *error;
};

static int complain(const char *text, const char *about)
{
	fprintf(stderr, "store-driver: %s '%s'\n", text, about);
	return BROKEN;
}

/* --- fetching ----------------------------------------------------------------- */

static char *letter_text(long i)
{
	g_autofree char *filling = g_strnfill((gsize)(100 + i * 37), 'x');
	return g_strdup_printf("Subject: letter %ld\n\n%s\n", i, filling);
}

/* What is here already, by UID. */
static GHashTable *known_uids(struct driver *d)
{
	struct ledger *l = store_ledger(d->store, &d->error);
	g_autoptr(GPtrArray) rows = l ? uids_load(l, ACCOUNT, &d->error) : NULL;
	if (!rows)
		return NULL;
	GHashTable *known = g_hash_table_new_full(
		g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
	for (guint i = 0; i < rows->len; i++)
		g_hash_table_add(known, g_bytes_ref(((struct uid_row *)rows->pdata[i])->uid));
	return known;
}

static bool fetch_one(struct driver *d, struct delivery *to, GBytes *uid, long i)
{
	g_autofree char *text = letter_text(i);
	return delivery_begin(to, uid, &d->error) &&
	       delivery_write(to, text, strlen(text), &d->error) && delivery_end(to, &d->error) &&
	       (delivery_waiting(to, NULL) < BATCH || delivery_commit(to, NULL, NULL, &d->error));
}

static int deliver(struct driver *d)
{
	if (!delivery_recover(d->store, ACCOUNT, &d->error))
		return FAILED;
	g_autoptr(GHashTable) known = known_uids(d);
	g_autoptr(delivery) to =
		known ? delivery_new(d->store, ACCOUNT, FOLDER_INBOX, &d->error) : NULL;
	bool ok = to != NULL;
	for (long i = 0, count = strtol(d->argument, NULL, 10); ok && i < count; i++) {
		g_autofree char *name = g_strdup_printf("uid-%ld", i);
		g_autoptr(GBytes) uid = g_bytes_new(name, strlen(name));
		ok = g_hash_table_contains(known, uid) || fetch_one(d, to, uid, i);
	}
	return ok && delivery_commit(to, NULL, NULL, &d->error) ? 0 : FAILED;
}

/* --- the promise of fetching -------------------------------------------------- */

static bool count_text(const char *file, bool in_new, void *data)
{
	struct maildir_place place = {in_new, (char *)file};
	GHashTable *texts = data;
	const char *path = g_hash_table_lookup(texts, "path");
	int fd = maildir_open(path, file, &place, NULL, NULL);
	char sha256[65] = "unreadable";
	int64_t size;
	if (fd >= 0) {
		digest_file(fd, &size, sha256, NULL);
		close(fd);
	}
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(texts, sha256));
	g_hash_table_insert(texts, g_strdup(sha256), GUINT_TO_POINTER(n + 1));
	return true;
}

/* digest → how often, of all messages of Inbox. */
static GHashTable *inbox_texts(struct driver *d)
{
	char *path = store_folder_path(d->store, FOLDER_INBOX, NULL);
	GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_insert(texts, g_strdup("path"), path);
	maildir_scan(path, count_text, texts, &d->error);
	g_hash_table_remove(texts, "path");
	g_free(path);
	return texts;
}

/* A row STORED without its file would make the server delete it. */
static int check_rows(struct driver *d, GHashTable *texts)
{
	struct ledger *l = store_ledger(d->store, &d->error);
	g_autoptr(GPtrArray) rows = l ? uids_load(l, ACCOUNT, &d->error) : NULL;
	for (guint i = 0; rows && i < rows->len; i++) {
		const struct uid_row *row = rows->pdata[i];
		if (row->state == UID_STORED && !g_hash_table_contains(texts, row->sha256))
			return complain("promised and not there", row->base);
	}
	return rows ? 0 : FAILED;
}

static int check_letters(struct driver *d)
{
	g_autoptr(GHashTable) texts = inbox_texts(d);
	long count = strtol(d->argument, NULL, 10);
	GHashTableIter iter;
	gpointer sha256, n;
	if (d->error)
		return FAILED;
	g_hash_table_iter_init(&iter, texts);
	while (g_hash_table_iter_next(&iter, &sha256, &n))
		if (GPOINTER_TO_UINT(n) != 1)
			return complain("twice", sha256);
	for (long i = 0; i < count; i++) {
		g_autofree char *text = letter_text(i);
		g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
		if (!g_hash_table_contains(texts, sum))
			return complain("missing", text);
	}
	return check_rows(d, texts);
}

/* --- sending ------------------------------------------------------------------ */

static bool add_letter(struct driver *d)
{
	static const char *const to[] = {"jones@x", "green@x", "brown@x", NULL};
	struct outbox_letter letter = {.account = SENDER,
		.sender = "smith@x",
		.subject = "s",
		.recipients = to,
		.data = "Subject: s\n\ntext\n",
		.len = 17};
	g_autoptr(GPtrArray) items = outbox_list(d->store, true, &d->error);
	return items && (items->len > 0 || outbox_add(d->store, &letter, &d->error) > 0);
}

/* The server's side of the final dot: from here on they have it. */
static bool server_takes(struct driver *d, const struct outbox_item *item)
{
	g_autoptr(GString) lines = g_string_new(NULL);
	for (guint i = 0; i < item->recipients->len; i++) {
		const struct outbox_recipient *r = item->recipients->pdata[i];
		if (r->state == RECIPIENT_ACCEPTED)
			g_string_append_printf(lines, "%s\n", r->address);
	}
	int fd = open(d->argument, O_WRONLY | O_CREAT | O_APPEND, 0600);
	bool ok = fd >= 0 && write(fd, lines->str, lines->len) == (ssize_t)lines->len;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* green@x does not exist, and is corrected to greene@x. */
static bool answer_recipients(struct driver *d, const struct outbox_item *item)
{
	for (guint i = 0; i < item->recipients->len; i++) {
		const struct outbox_recipient *r = item->recipients->pdata[i];
		bool refused = strcmp(r->address, "green@x") == 0;
		if (r->state == RECIPIENT_WAITING &&
			!outbox_set_recipient(d->store, r->id,
				refused ? RECIPIENT_FAILED : RECIPIENT_ACCEPTED, "reply",
				&d->error))
			return false;
	}
	return true;
}

static bool send_item(struct driver *d, int64_t id)
{
	g_autoptr(outbox_item) before = outbox_get(d->store, id, &d->error);
	if (!before || !answer_recipients(d, before))
		return false;
	g_autoptr(outbox_item) item = outbox_get(d->store, id, &d->error);
	return item && access(item->path, R_OK) == 0 &&
	       outbox_set_state(d->store, id, OUTBOX_DOT_PENDING, NULL, &d->error) &&
	       server_takes(d, item) &&
	       outbox_accepted(d->store, id, FOLDER_SENT, &d->error) &&
	       (id % 2 == 0 || outbox_settle(d->store, SENDER, &d->error));
}

static bool send_due(struct driver *d)
{
	for (;;) {
		g_autoptr(outbox_item) item = outbox_take(d->store, SENDER, &d->error);
		if (!item)
			return d->error == NULL && outbox_settle(d->store, SENDER, &d->error);
		if (!send_item(d, item->id))
			return false;
	}
}

/* The user looks whether it arrived, and chooses by that (S-50). */
static bool choose(struct driver *d, const struct outbox_item *item)
{
	g_autofree char *log = NULL;
	g_file_get_contents(d->argument, &log, NULL, NULL);
	for (guint i = 0; i < item->recipients->len; i++) {
		const struct outbox_recipient *r = item->recipients->pdata[i];
		if (r->state == RECIPIENT_ACCEPTED && (!log || !strstr(log, r->address)))
			return outbox_release(d->store, item->id, &d->error);
	}
	return outbox_treat_as_sent(d->store, item->id, FOLDER_SENT, &d->error);
}

static bool correct_refused(struct driver *d, const struct outbox_item *item)
{
	for (guint i = 0; i < item->recipients->len; i++) {
		const struct outbox_recipient *r = item->recipients->pdata[i];
		if (r->state == RECIPIENT_FAILED &&
			!outbox_correct(d->store, r->id, "greene@x", &d->error))
			return false;
	}
	return true;
}

static bool be_the_user(struct driver *d)
{
	g_autoptr(GPtrArray) items = outbox_list(d->store, false, &d->error);
	for (guint i = 0; items && i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];
		bool ok = item->state == OUTBOX_UNCERTAIN ? choose(d, item)
			  : item->state == OUTBOX_HELD    ? correct_refused(d, item)
							  : true;
		if (!ok)
			return false;
	}
	return items != NULL;
}

static int send_all(struct driver *d)
{
	bool ok = add_letter(d) && outbox_recover(d->store, SENDER, &d->error);
	for (int round = 0; ok && round < 4; round++)
		ok = be_the_user(d) && send_due(d);
	return ok ? 0 : FAILED;
}

static bool count_file(const char *file, bool in_new, void *data)
{
	*(int *)data += 1;
	return true;
}

/* A file without a row was never queued: it goes when it is old. */
static bool has_row(struct driver *d, const char *file)
{
	g_autofree char *sql =
		g_strdup_printf("SELECT count(*) FROM outbox WHERE file = '%s'", file);
	int64_t rows = 0;
	struct ledger *l = store_ledger(d->store, NULL);
	return !db_number(ledger_db(l), sql, 0, &rows, &d->error) || rows > 0;
}

static int check_sent(struct driver *d)
{
	g_autofree char *log = NULL;
	g_autofree char *sent = store_folder_path(d->store, FOLDER_SENT, NULL);
	g_autofree char *outbox = g_build_filename(store_root(d->store), ".dewey/outbox", NULL);
	g_autoptr(GPtrArray) open = outbox_list(d->store, false, &d->error);
	g_autoptr(GDir) left = g_dir_open(outbox, 0, NULL);
	int copies = 0;
	if (!open || !maildir_scan(sent, count_file, &copies, &d->error))
		return FAILED;
	if (!g_file_get_contents(d->argument, &log, NULL, NULL))
		return complain("never sent", d->argument);
	if (strcmp(log, "jones@x\nbrown@x\ngreene@x\n") != 0)
		return complain("who got it", log);
	if (open->len > 0)
		return complain("still in the outbox",
			outbox_state_name(((struct outbox_item *)open->pdata[0])->state));
	if (copies != 1)
		return complain("copies in", sent);
	for (const char *name; (name = g_dir_read_name(left));)
		if (has_row(d, name))
			return complain("left in the outbox", name);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct driver *d);
} commands[] = {
	{"deliver", deliver},
	{"letters", check_letters},
	{"send", send_all},
	{"sent", check_sent},
};

int main(int argc, char **argv)
{
	if (argc != 4)
		return 64;
	struct driver d = {.argument = argv[3]};
	int status = 64;
	d.store = store_open(argv[2], &d.error);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			status = d.store ? commands[i].run(&d) : FAILED;
	if (d.error)
		fprintf(stderr, "store-driver: %s\n", d.error->message);
	g_clear_error(&d.error);
	store_free(d.store);
	return status;
}
