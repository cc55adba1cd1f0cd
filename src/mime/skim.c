/* SPDX-License-Identifier: MIT
 *
 * Thousands of letters are skimmed in a row, for lists and the index, and JSON
 * would cost more than reading them: each value is a letter that says what it
 * is, the text, and a NUL, which no sanitized text has inside. */
#include "mime/message.h"

#include <stdlib.h>
#include <string.h>

enum mark {
	MARK_FROM = 'f', /* name and address: two texts */
	MARK_TO = 't',
	MARK_CC = 'c',
	MARK_SUBJECT = 's',
	MARK_ID = 'm',
	MARK_IN_REPLY_TO = 'i',
	MARK_REFERENCE = 'r',
	MARK_DATE = 'd',
	MARK_LIST = 'l',
	MARK_KIND = 'k',
	MARK_LANGUAGE = 'g',
	MARK_LIKENESS = 'b',
	MARK_ATTACHED = 'a', /* a part's name */
	MARK_NAMED = 'n',    /* the same of one that is shown */
	MARK_WORDS = 'w',
	MARK_REPORT = 'R',  /* its kind, envid, letter, server: four texts */
	MARK_OUTCOME = 'O', /* of it: address, final, action, status, words: five */
	MARK_END = '.',
	MARK_NOTHING = '-', /* instead of a letter */
};

/* --- encoding ------------------------------------------------------------------ */

static void put(GByteArray *out, const char *text)
{
	g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text) + 1);
}

static void put_mark(GByteArray *out, enum mark mark)
{
	guint8 octet = (guint8)mark;
	g_byte_array_append(out, &octet, 1);
}

static void put_text(GByteArray *out, enum mark mark, const char *text)
{
	if (!text || !*text)
		return;
	put_mark(out, mark);
	put(out, text);
}

static void put_texts(GByteArray *out, enum mark mark, const GPtrArray *texts)
{
	for (guint i = 0; i < texts->len; i++)
		put_text(out, mark, texts->pdata[i]);
}

static void put_addresses(GByteArray *out, enum mark mark, const GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++) {
		const struct mime_address *a = list->pdata[i];
		put_mark(out, mark);
		put(out, a->name);
		put(out, a->address);
	}
}

static void put_parts(GByteArray *out, const GPtrArray *parts)
{
	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];
		bool attached = p->disposition == MIME_ATTACHMENT && p->path[0];
		if (!attached && !p->filename[0])
			continue;
		put_mark(out, attached ? MARK_ATTACHED : MARK_NAMED);
		put(out, p->filename);
	}
}

static void put_report(GByteArray *out, const struct mime_report *report)
{
	put_mark(out, MARK_REPORT);
	put(out, report->receipt ? "receipt" : "delivery");
	put(out, report->envid);
	put(out, report->about);
	put(out, report->server);
	for (guint i = 0; i < report->outcomes->len; i++) {
		const struct mime_outcome *o = report->outcomes->pdata[i];
		put_mark(out, MARK_OUTCOME);
		put(out, o->address);
		put(out, o->final);
		put(out, o->action);
		put(out, o->status);
		put(out, o->words);
	}
}

/* By their words: the bits are a matter of each program. */
static void put_bits(GByteArray *out, enum mark mark, unsigned bits, const char *(*word)(guint bit))
{
	for (guint i = 0; bits >> i; i++)
		if (bits & 1u << i)
			put_text(out, mark, word(i));
}

void mime_skim_encode(const struct mime_message *m, GByteArray *out)
{
	if (!m) {
		put_mark(out, MARK_NOTHING);
		return;
	}
	g_autofree char *date = g_strdup_printf("%" G_GINT64_FORMAT, m->date);
	g_autofree char *likeness = g_strdup_printf("%" G_GINT64_FORMAT, m->likeness);
	put_addresses(out, MARK_FROM, m->from);
	put_addresses(out, MARK_TO, m->to);
	put_addresses(out, MARK_CC, m->cc);
	put_text(out, MARK_SUBJECT, m->subject);
	put_text(out, MARK_ID, m->message_id);
	put_texts(out, MARK_IN_REPLY_TO, m->in_reply_to);
	put_texts(out, MARK_REFERENCE, m->references);
	put_text(out, MARK_DATE, date);
	put_text(out, MARK_LIST, m->list_id);
	put_bits(out, MARK_KIND, m->kinds, mime_kind_word);
	put_bits(out, MARK_LANGUAGE, m->languages, mime_language_code);
	if (m->likeness)
		put_text(out, MARK_LIKENESS, likeness);
	put_parts(out, m->parts);
	put_text(out, MARK_WORDS, m->words);
	if (m->report)
		put_report(out, m->report);
	put_mark(out, MARK_END);
}

/* --- decoding ------------------------------------------------------------------ */

struct reader {
	const char *at, *end; /* at NULL: it made no sense */
};

/* The next text; "" at a wrong place. */
static const char *text(struct reader *r)
{
	const char *start = r->at;
	const char *nul = start ? memchr(start, '\0', (size_t)(r->end - start)) : NULL;
	r->at = nul ? nul + 1 : NULL;
	return nul ? start : "";
}

static void take_address(struct reader *r, GPtrArray *to)
{
	struct mime_address *a = g_new0(struct mime_address, 1);
	a->name = mime_clean_line(text(r));
	a->address = mime_clean_line(text(r));
	a->group = g_strdup("");
	g_ptr_array_add(to, a);
}

static void take_part(struct reader *r, enum mark mark, GPtrArray *to)
{
	struct mime_part *p = g_new0(struct mime_part, 1);
	bool attached = mark == MARK_ATTACHED;
	p->path = g_strdup(attached ? "1" : "");
	p->filename = mime_clean_line(text(r));
	p->disposition = attached ? MIME_ATTACHMENT : MIME_INLINE;
	g_ptr_array_add(to, p);
}

static void replace(char **member, char *value)
{
	g_free(*member);
	*member = value;
}

static void take_report(struct reader *r, struct mime_message *m)
{
	mime_report_free(m->report);
	m->report = mime_report_new();
	m->report->receipt = strcmp(text(r), "receipt") == 0;
	replace(&m->report->envid, mime_clean_line(text(r)));
	replace(&m->report->about, mime_clean_line(text(r)));
	replace(&m->report->server, mime_clean_line(text(r)));
}

static void take_outcome(struct reader *r, struct mime_report *report)
{
	if (!report) {
		r->at = NULL;
		return;
	}
	struct mime_outcome *o = mime_report_add(report);
	o->address = mime_clean_line(text(r));
	o->final = mime_clean_line(text(r));
	o->action = mime_clean_line(text(r));
	o->status = mime_clean_line(text(r));
	o->words = mime_clean_line(text(r));
}

static void take(struct reader *r, enum mark mark, struct mime_message *m)
{
	switch (mark) {
	case MARK_FROM:
		take_address(r, m->from);
		break;
	case MARK_TO:
		take_address(r, m->to);
		break;
	case MARK_CC:
		take_address(r, m->cc);
		break;
	case MARK_SUBJECT:
		replace(&m->subject, mime_clean_line(text(r)));
		break;
	case MARK_ID:
		replace(&m->message_id, mime_clean_line(text(r)));
		break;
	case MARK_IN_REPLY_TO:
		g_ptr_array_add(m->in_reply_to, mime_clean_line(text(r)));
		break;
	case MARK_REFERENCE:
		g_ptr_array_add(m->references, mime_clean_line(text(r)));
		break;
	case MARK_DATE:
		m->date = g_ascii_strtoll(text(r), NULL, 10);
		break;
	case MARK_LIST:
		replace(&m->list_id, mime_clean_line(text(r)));
		break;
	case MARK_KIND:
		m->kinds |= mime_kind_named(text(r));
		break;
	case MARK_LANGUAGE:
		m->languages |= mime_language_named(text(r));
		break;
	case MARK_LIKENESS:
		m->likeness = g_ascii_strtoll(text(r), NULL, 10);
		break;
	case MARK_ATTACHED:
	case MARK_NAMED:
		take_part(r, mark, m->parts);
		break;
	case MARK_WORDS:
		replace(&m->words, mime_clean_body(text(r)));
		break;
	case MARK_REPORT:
		take_report(r, m);
		break;
	case MARK_OUTCOME:
		take_outcome(r, m->report);
		break;
	default:
		r->at = NULL;
	}
}

struct mime_message *mime_skim_decode(const char **at, const char *end)
{
	struct reader r = {*at, end};
	g_autoptr(mime_message) m = mime_message_new();
	while (r.at && r.at < end && *r.at != MARK_END && *r.at != MARK_NOTHING) {
		enum mark mark = (enum mark) * r.at++;
		take(&r, mark, m);
	}
	bool whole = r.at && r.at < end && *r.at == MARK_END;
	*at = r.at && r.at < end ? r.at + 1 : NULL;
	return whole ? g_steal_pointer(&m) : NULL;
}
