/* SPDX-License-Identifier: MIT */
#include "mime/message.h"

#include <string.h>

G_DEFINE_QUARK(mime-error-quark, mime_error)

static void address_free(void *data)
{
	struct mime_address *a = data;
	g_free(a->name);
	g_free(a->address);
	g_free(a->group);
	g_free(a);
}

static void header_free(void *data)
{
	struct mime_header *h = data;
	g_free(h->name);
	g_free(h->value);
	g_free(h);
}

GPtrArray *mime_fields_new(void)
{
	return g_ptr_array_new_with_free_func(header_free);
}

void mime_fields_add(GPtrArray *fields, const char *name, const char *value)
{
	struct mime_header *h = g_new0(struct mime_header, 1);
	h->name = g_strdup(name);
	h->value = g_strdup(value);
	g_ptr_array_add(fields, h);
}

static void block_free(void *data)
{
	struct mime_block *b = data;
	g_free(b->path);
	g_free(b->charset);
	g_ptr_array_unref(b->fields);
	g_free(b);
}

GPtrArray *mime_blocks_new(void)
{
	return g_ptr_array_new_with_free_func(block_free);
}

struct mime_block *mime_blocks_add(GPtrArray *blocks)
{
	struct mime_block *b = g_new0(struct mime_block, 1);
	b->fields = mime_fields_new();
	g_ptr_array_add(blocks, b);
	return b;
}

GArray *mime_spans_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(struct mime_span));
}

static void part_free(void *data)
{
	struct mime_part *p = data;
	g_free(p->path);
	g_free(p->type);
	g_free(p->charset);
	g_free(p->filename);
	g_free(p->encoding);
	g_free(p->content);
	g_free(p->note);
	g_free(p);
}

static void link_free(void *data)
{
	struct mime_link *l = data;
	g_free(l->url);
	g_free(l->text);
	g_free(l);
}

static void remote_free(void *data)
{
	struct mime_remote *r = data;
	g_free(r->host);
	g_free(r);
}

GPtrArray *mime_remote_new(void)
{
	return g_ptr_array_new_with_free_func(remote_free);
}

static void outcome_free(void *data)
{
	struct mime_outcome *o = data;
	g_free(o->address);
	g_free(o->final);
	g_free(o->action);
	g_free(o->status);
	g_free(o->words);
	g_free(o);
}

struct mime_report *mime_report_new(void)
{
	struct mime_report *report = g_new0(struct mime_report, 1);
	report->envid = g_strdup("");
	report->about = g_strdup("");
	report->server = g_strdup("");
	report->outcomes = g_ptr_array_new_with_free_func(outcome_free);
	return report;
}

void mime_report_free(struct mime_report *report)
{
	if (!report)
		return;
	g_free(report->envid);
	g_free(report->about);
	g_free(report->server);
	g_ptr_array_unref(report->outcomes);
	g_free(report);
}

struct mime_outcome *mime_report_add(struct mime_report *report)
{
	struct mime_outcome *o = g_new0(struct mime_outcome, 1);
	g_ptr_array_add(report->outcomes, o);
	return o;
}

GPtrArray *mime_links_new(void)
{
	return g_ptr_array_new_with_free_func(link_free);
}

GPtrArray *mime_addresses_new(void)
{
	return g_ptr_array_new_with_free_func(address_free);
}

struct mime_message *mime_message_new(void)
{
	struct mime_message *m = g_new0(struct mime_message, 1);
	GPtrArray **addresses[] = {&m->from, &m->sender, &m->reply_to, &m->to, &m->cc, &m->bcc};
	for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
		*addresses[i] = mime_addresses_new();
	m->headers = mime_fields_new();
	m->in_reply_to = g_ptr_array_new_with_free_func(g_free);
	m->references = g_ptr_array_new_with_free_func(g_free);
	m->candidates = g_ptr_array_new_with_free_func(g_free);
	m->parts = g_ptr_array_new_with_free_func(part_free);
	m->links = mime_links_new();
	m->spans = mime_spans_new();
	m->blocks = mime_blocks_new();
	m->crypts = mime_crypts_new();
	m->remote = mime_remote_new();
	m->warnings = g_ptr_array_new_with_free_func(g_free);
	return m;
}

void mime_message_free(struct mime_message *m)
{
	if (!m)
		return;
	GPtrArray *arrays[] = {m->headers, m->from, m->sender, m->reply_to, m->to, m->cc, m->bcc,
		m->in_reply_to, m->references, m->parts, m->links, m->warnings, m->blocks, m->crypts,
		m->remote, m->candidates};
	char *strings[] = {m->subject, m->message_id, m->list_id, m->list_post, m->text,
		m->text_type, m->charset, m->words, m->other_type, m->declared, m->mended};
	for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
		g_ptr_array_unref(arrays[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		g_free(strings[i]);
	g_array_unref(m->spans);
	mime_report_free(m->report);
	mime_trace_free(m->trace);
	g_free(m);
}

static size_t length(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

static size_t of_fields(const GPtrArray *fields)
{
	size_t sum = fields->len * sizeof(struct mime_header);
	for (guint i = 0; i < fields->len; i++) {
		const struct mime_header *h = fields->pdata[i];
		sum += length(h->name) + length(h->value);
	}
	return sum;
}

static size_t of_links(const GPtrArray *links)
{
	size_t sum = links->len * sizeof(struct mime_link);
	for (guint i = 0; i < links->len; i++) {
		const struct mime_link *l = links->pdata[i];
		sum += length(l->url) + length(l->text);
	}
	return sum;
}

static size_t of_blocks(const GPtrArray *blocks)
{
	size_t sum = blocks->len * sizeof(struct mime_block);
	for (guint i = 0; i < blocks->len; i++)
		sum += of_fields(((const struct mime_block *)blocks->pdata[i])->fields);
	return sum;
}

/* Addresses stand in the headers: as much again is what they take. */
size_t mime_message_octets(const struct mime_message *m)
{
	return sizeof *m + length(m->text) + length(m->words) + 2 * of_fields(m->headers) +
		m->spans->len * sizeof(struct mime_span) + of_links(m->links) +
		of_blocks(m->blocks) + m->parts->len * sizeof(struct mime_part) * 2;
}
