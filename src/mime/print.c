/* SPDX-License-Identifier: MIT */
#include "mime/print.h"

#include <stdio.h>

#include "base/local.h"

static void print_addresses(const char *name, const GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++) {
		const struct mime_address *a = list->pdata[i];
		local_print("%s: %s <%s>%s%s\n", name, a->name, a->address, *a->group ? " in " : "",
			a->group);
	}
}

static void print_parts(const struct mime_message *m)
{
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *p = m->parts->pdata[i];
		local_print("%*s%s %s %" G_GINT64_FORMAT "%s%s%s%s%s%s%s\n", p->depth * 2, "",
			*p->path ? p->path : "-", p->type, p->size, *p->charset ? " charset=" : "",
			p->charset, *p->encoding ? " encoding=" : "", p->encoding,
			p->disposition == MIME_ATTACHMENT ? " attachment" : "",
			*p->filename ? " name=" : "", p->filename);
		if (*p->content && strcmp(p->content, p->type) != 0)
			local_print("%*s  content=%s\n", p->depth * 2, "", p->content);
		if (*p->note)
			local_print("%*s  %s\n", p->depth * 2, "", p->note);
	}
}

static void print_links(const struct mime_message *m)
{
	for (guint i = 0; i < m->links->len; i++) {
		const struct mime_link *l = m->links->pdata[i];
		local_print("[%d] %s%s\n", l->number, l->url,
			l->suspicious ? _(" (the text names another host)") : "");
	}
}

static void print_remote(const struct mime_message *m)
{
	for (guint i = 0; i < m->remote->len; i++) {
		const struct mime_remote *r = m->remote->pdata[i];
		local_print("Remote: %s pictures %u pixels %u others %u\n", r->host, r->pictures,
			r->pixels, r->others);
	}
	if (m->hidden > 0)
		local_print("Hidden: %u\n", m->hidden);
	if (m->other_type && *m->other_type)
		local_print("Other: %s%s\n", m->other_type, m->differs ? " differs" : "");
}

static void print_report(const struct mime_report *report)
{
	local_print("Report: %s about <%s> envid '%s' from '%s'\n",
		report->receipt ? "receipt" : "delivery", report->about, report->envid,
		report->server);
	for (guint i = 0; i < report->outcomes->len; i++) {
		const struct mime_outcome *o = report->outcomes->pdata[i];
		local_print("Report: %s (%s) %s %s %s\n", o->address, o->final, o->action, o->status,
			o->words);
	}
}

static void print_header(const struct mime_message *m)
{
	print_addresses("From", m->from);
	print_addresses("Sender", m->sender);
	print_addresses("Reply-To", m->reply_to);
	print_addresses("To", m->to);
	print_addresses("Cc", m->cc);
	print_addresses("Bcc", m->bcc);
	local_print("Subject: %s\n", m->subject);
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(m->date);
	g_autofree char *when = m->date > 0 && date ? g_date_time_format_iso8601(date) : NULL;
	local_print("Date: %s\n", when ? when : "-");
	local_print("Message-ID: %s\n", m->message_id);
	for (guint i = 0; i < m->in_reply_to->len; i++)
		local_print("In-Reply-To: %s\n", (const char *)m->in_reply_to->pdata[i]);
	for (guint i = 0; i < m->references->len; i++)
		local_print("References: %s\n", (const char *)m->references->pdata[i]);
	if (*m->list_id)
		local_print("List-Id: %s\n", m->list_id);
	if (m->report)
		print_report(m->report);
	for (guint i = 0; i < m->warnings->len; i++)
		local_print("%s: %s\n", _("warning"), (const char *)m->warnings->pdata[i]);
}

void print_message(const struct mime_message *m, bool structure_only)
{
	if (structure_only) {
		print_parts(m);
		return;
	}
	print_header(m);
	local_print("\n");
	print_parts(m);
	print_remote(m);
	local_print("\n%s %s%s%s%s\n\n", *m->text_type ? m->text_type : _("no text"), m->charset,
		m->guessed ? _(" (guessed)") : "", m->flowed ? " flowed" : "",
		m->truncated ? _(" (not all)") : "");
	local_put(stdout, m->text);
	if (m->links->len > 0)
		local_print("\n");
	print_links(m);
}
