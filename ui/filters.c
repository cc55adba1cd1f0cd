/* SPDX-License-Identifier: MIT */
#include "ui/filters.h"

#include <string.h>
#include <unistd.h>

#include "compose/draft.h"
#include "mime/client.h"
#include "store/outbox.h"
#include "store/preview.h"

/* --- rules ----------------------------------------------------------------------- */

static const enum filter_verb verbs[] = {
	[FILTER_ACT_MOVE] = FILTER_MOVE,
	[FILTER_ACT_COPY] = FILTER_COPY,
	[FILTER_ACT_TAG] = FILTER_TAG,
	[FILTER_ACT_MARK] = FILTER_MARK,
	[FILTER_ACT_NOTIFY] = FILTER_NOTIFY,
	[FILTER_ACT_FORWARD] = FILTER_FORWARD,
	[FILTER_ACT_PIPE] = FILTER_PIPE,
	[FILTER_ACT_STOP] = FILTER_STOP,
};

G_STATIC_ASSERT((int)FILTER_FATE_FAILED == (int)FILTER_FAILED);
G_STATIC_ASSERT((int)FILTER_FATE_YES == (int)FILTER_YES);
G_STATIC_ASSERT((int)FILTER_FATE_NO == (int)FILTER_NO);

static void rule_free(void *data)
{
	struct filter_rule *rule = data;
	g_free((char *)rule->query);
	g_free((struct filter_action *)rule->actions);
	g_free(rule);
}

static struct filter_rule *rule_new(const struct dotfile_filter *f)
{
	struct filter_rule *rule = g_new0(struct filter_rule, 1);
	struct filter_action *actions = g_new0(struct filter_action, f->acts->len);
	for (guint i = 0; i < f->acts->len; i++) {
		const struct dotfile_act *a = f->acts->pdata[i];
		actions[i] = (struct filter_action){verbs[a->act], a->text, 0, a->argv};
		if (a->act == FILTER_ACT_MARK)
			actions[i].flags = strcmp(a->text, "read") == 0 ? FLAG_SEEN : FLAG_FLAGGED;
	}
	rule->name = f->name;
	rule->query = f->account ? g_strdup_printf("(%s) AND account:\"%s\"", f->query, f->account)
				 : g_strdup(f->query);
	rule->actions = actions;
	rule->count = f->acts->len;
	rule->fates = f->fates;
	rule->limit = f->limit;
	return rule;
}

GPtrArray *filters_rules(const struct dotfile *d, char **names)
{
	GPtrArray *rules = g_ptr_array_new_with_free_func(rule_free);
	const GPtrArray *sorters = dotfile_sorters(d);
	for (guint i = 0; i < sorters->len; i++) {
		const struct dotfile_filter *f = sorters->pdata[i];
		if (!names || !*names || g_strv_contains((const char *const *)names, f->name))
			g_ptr_array_add(rules, rule_new(f));
	}
	return rules;
}

struct train_programs filters_programs(const struct dotfile *d)
{
	const struct dotfile_spam *spam = dotfile_spam(d);
	return (struct train_programs){
		.learn = {[TRAIN_SPAM] = spam->spam_learn, [TRAIN_HAM] = spam->ham_learn},
		.forget = {[TRAIN_SPAM] = spam->spam_forget, [TRAIN_HAM] = spam->ham_forget},
		.folder = spam->folder,
	};
}

/* --- sending on ------------------------------------------------------------------ */

static const struct account *sender_of(const struct dotfile *d, const struct message_row *row)
{
	const struct account *own = dotfile_account_by_name(d, row->account);
	if (own && own->smtp)
		return own;
	for (guint i = 0; i < dotfile_account_count(d); i++)
		if (dotfile_account(d, i)->smtp)
			return dotfile_account(d, i);
	return NULL;
}

static const char *header(const struct mime_message *m, const char *name)
{
	for (guint i = 0; m->headers && i < m->headers->len; i++) {
		const struct mime_header *h = m->headers->pdata[i];
		if (g_ascii_strcasecmp(h->name, name) == 0)
			return h->value;
	}
	return NULL;
}

/* A report that a letter could not be delivered, sent on to where letters cannot be
 * delivered, would come back for ever; so would answers of machines (RFC 3834). */
static bool is_automatic(const struct mime_message *m)
{
	const char *automatic = header(m, "Auto-Submitted"), *path = header(m, "Return-Path");
	return m->report || header(m, "Resent-Message-ID") || (path && strcmp(path, "<>") == 0) ||
	       (automatic && g_ascii_strcasecmp(automatic, "no") != 0);
}

static bool check(struct store *s, const struct message_row *row, GError **error)
{
	g_autoptr(mime_client) client = mime_client_new();
	int fd = preview_or_message_open(s, row->folder, row->file, error);
	if (fd < 0)
		return false;
	g_autoptr(mime_message) m = mime_client_read(client, fd, NULL, error);
	close(fd);
	if (!m || !is_automatic(m))
		return m != NULL;
	g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
		_("not sent on, because a machine wrote it or sent it on already"));
	return false;
}

static struct draft *draft_for(const struct account *a, const char *path, const char *address)
{
	struct draft *d = draft_new();
	g_free(d->account);
	g_free(d->from);
	g_free(d->to);
	d->account = g_strdup(a->id);
	d->from = a->name ? g_strdup_printf("%s <%s>", a->name, a->address) : g_strdup(a->address);
	d->to = g_strdup(address);
	d->resends = g_strdup(path);
	return d;
}

static bool write_built(int fd, void *user, GError **error)
{
	return built_letter_write(user, fd, error);
}

static bool queue(struct store *s, const struct draft *d, const struct message_row *row,
	const char *envid, GError **error)
{
	g_autoptr(built_letter) built = draft_build(d, error);
	if (!built)
		return false;
	g_ptr_array_add(built->recipients, NULL);
	const struct outbox_letter letter = {
		.account = d->account,
		.sender = built->sender,
		.subject = row->subject,
		.message_id = built->message_id,
		.recipients = (const char *const *)built->recipients->pdata,
		.write = write_built,
		.user = built,
		.envid = envid,
	};
	bool ok = outbox_add(s, &letter, error) != 0;
	g_ptr_array_set_size(built->recipients, (gint)built->recipients->len - 1);
	return ok;
}

static bool forward(struct store *s, const struct message_row *row,
	const struct filter_forward *how, GError **error)
{
	const struct account *a = sender_of(how->data, row);
	if (!a || !a->address) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
			_("no account can send; set smtp = smtps://USER@HOST"));
		return false;
	}
	g_autofree char *folder = store_folder_path(s, row->folder, error);
	if (!folder || !check(s, row, error))
		return false;
	g_autofree char *path =
		g_build_filename(folder, row->is_new ? "new" : "cur", row->file, NULL);
	g_autoptr(draft) d = draft_for(a, path, how->address);
	return queue(s, d, row, how->envid, error);
}

/* --- running --------------------------------------------------------------------- */

bool filters_run_due(const struct dotfile *d, struct store *s, struct filter_ops *ops,
	struct filter_result *result, GError **error)
{
	g_autoptr(GPtrArray) rules = filters_rules(d, NULL);
	ops->forward = forward;
	ops->forward_data = d;
	return filter_run_due(s, rules, ops, result, error);
}

bool filters_run(const struct dotfile *d, struct store *s, const struct filters_choice *choice,
	struct filter_ops *ops, struct filter_result *result, GError **error)
{
	g_autoptr(GPtrArray) rules = filters_rules(d, choice->names);
	ops->forward = forward;
	ops->forward_data = d;
	return filter_run(s, rules, choice->ids, ops, result, error);
}
