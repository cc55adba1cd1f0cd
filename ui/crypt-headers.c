/* SPDX-License-Identifier: MIT
 *
 * Protected headers (RFC 9788, and the drafts before it). */
#include "base/base.h"

#include <string.h>

#include "ui/crypt-read.h"

static const char *field(const struct mime_message *m, const char *name)
{
	for (guint i = 0; i < m->headers->len; i++) {
		const struct mime_header *h = m->headers->pdata[i];
		if (g_ascii_strcasecmp(h->name, name) == 0)
			return h->value;
	}
	return NULL;
}

/* What programs write outside when the subject is inside. */
static bool is_obscured(const char *subject)
{
	static const char *const words[] = {"[...]", "...", "Encrypted Message", "[…]", NULL};
	return g_strv_contains(words, subject);
}

static void note(struct crypt_verdict *v, const char *name, const char *outer)
{
	struct mime_header *h = g_new0(struct mime_header, 1);
	h->name = g_strdup(name);
	h->value = g_strdup(outer);
	g_ptr_array_add(v->changed, h);
}

/* Folding and spaces are no difference. */
static char *squeezed(const char *text)
{
	GString *out = g_string_new(NULL);
	for (; *text; text++)
		if (!strchr(" \t", *text))
			g_string_append_c(out, *text);
	return g_string_free(out, FALSE);
}

/* What the writer says that he wrote outside (RFC 9788 section 2.2); NULL: nothing. */
static const char *said_outer(const struct mime_message *payload, const char *name)
{
	size_t len = strlen(name);
	for (guint i = 0; i < payload->headers->len; i++) {
		const struct mime_header *h = payload->headers->pdata[i];
		if (g_ascii_strcasecmp(h->name, "HP-Outer") == 0 &&
			g_ascii_strncasecmp(h->value, name, len) == 0 && h->value[len] == ':')
			return h->value + len + 1;
	}
	return NULL;
}

/* Where nobody says what stood outside, it is what stands inside, or a usual word. */
static bool is_as_written(const struct mime_message *payload, const char *name, const char *outer)
{
	bool told = field(payload, "HP-Outer") != NULL;
	const char *inner = field(payload, name);
	const char *said = told ? said_outer(payload, name) : inner;
	if (!inner || (!told && strcmp(name, "Subject") == 0 && is_obscured(outer)))
		return true;
	g_autofree char *a = squeezed(outer), *b = said ? squeezed(said) : NULL;
	return g_strcmp0(a, b) == 0;
}

static void compare(struct crypt_verdict *v, const struct mime_message *m,
	const struct mime_message *payload, const char *name)
{
	const char *outer = field(m, name);
	if (outer && !is_as_written(payload, name, outer))
		note(v, name, outer);
}

static void swap(void *a, void *b)
{
	void *had = *(void **)a;
	*(void **)a = *(void **)b;
	*(void **)b = had;
}

/* Lists of addresses and strings that the payload has take the place of the outer
 * ones; what stands only outside stays, and is not protected. */
static void take(struct mime_message *m, struct mime_message *payload, bool sealed)
{
	if (field(payload, "Subject"))
		swap(&m->subject, &payload->subject);
	/* Recipients of an answer are those that nobody could change (M-75). */
	if (field(payload, "To") || field(payload, "Cc")) {
		swap(&m->to, &payload->to);
		swap(&m->cc, &payload->cc);
	}
	if (sealed && payload->from->len > 0) {
		swap(&m->from, &payload->from);
		swap(&m->sender, &payload->sender);
	}
	/* Where the sender stands inside, so does all that was not added on the way. */
	if (field(payload, "From")) {
		swap(&m->reply_to, &payload->reply_to);
		swap(&m->in_reply_to, &payload->in_reply_to);
		swap(&m->references, &payload->references);
	}
	if (payload->date)
		m->date = payload->date;
}

void crypt_read_headers(
	struct mime_message *m, struct mime_message *payload, bool sealed, struct crypt_verdict *v)
{
	static const char *const names[] = {"From", "Sender", "Reply-To", "To", "Cc", "Subject",
		"Date", "Message-ID", "In-Reply-To", "References"};
	guint from = v->changed->len;
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		compare(v, m, payload, names[i]);
	const struct mime_header *first = v->changed->len > from ? v->changed->pdata[from] : NULL;
	if (!sealed && first && strcmp(first->name, "From") == 0) {
		g_ptr_array_remove_index(v->changed, from);
		g_free(v->claimed);
		v->claimed = g_strdup(field(payload, "From"));
	}
	take(m, payload, sealed);
	v->protected = true;
}
