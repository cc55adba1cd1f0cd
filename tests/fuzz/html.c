/* SPDX-License-Identifier: MIT
 *
 * Pages of HTML: whatever it is becomes valid text, of which spans are ranges in order;
 * where it says that it does not depend on the columns, it does not; and each link that
 * is listed may be opened. */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "mime/alternative.h"
#include "mime/link.h"
#include "mime/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the rest of the worker would do. */
char *mime_clean_line(const char *text)
{
	return sanitize_line(text, -1);
}

GPtrArray *mime_remote_new(void)
{
	return g_ptr_array_new();
}

static void link_clear(void *data)
{
	struct mime_link *l = data;
	g_free(l->url);
	g_free(l->text);
	g_free(l);
}

static void remote_clear(struct remote *r)
{
	g_autoptr(GPtrArray) hosts = remote_hosts(r);
	for (guint i = 0; i < hosts->len; i++) {
		struct mime_remote *host = hosts->pdata[i];
		g_assert_cmpuint(host->pictures + host->pixels + host->others, >, 0);
		g_free(host->host);
		g_free(host);
	}
	remote_free(r);
}

static void check_spans(const GArray *spans, const char *text)
{
	size_t behind = 0, len = strlen(text);
	for (guint i = 0; i < spans->len; i++) {
		const struct mime_span *s = &g_array_index(spans, struct mime_span, i);
		g_assert_cmpuint(s->start, >=, behind);
		g_assert_cmpuint(s->length, >, 0);
		behind = (size_t)s->start + s->length;
		g_assert_cmpuint(behind, <=, len);
		g_assert_true(((guchar)text[s->start] & 0xC0) != 0x80);
		g_assert_true(((guchar)text[behind] & 0xC0) != 0x80);
	}
}

static void check_links(const GPtrArray *links)
{
	for (guint i = 0; i < links->len; i++) {
		const struct mime_link *l = links->pdata[i];
		g_autofree char *clean = link_clean(l->url);
		g_assert_nonnull(clean);
		g_assert_cmpint(l->number, ==, (int)i + 1);
		g_assert_nonnull(l->text);
	}
}

static char *read_page(const char *html, int columns, int *laid_for)
{
	struct rich r = {.columns = columns, .remote = remote_new()};
	r.links = g_ptr_array_new_with_free_func(link_clear);
	r.spans = g_array_new(FALSE, FALSE, sizeof(struct mime_span));
	char *text = text_html(html, strlen(html), &r);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	g_assert_true(!*text || g_str_has_suffix(text, "\n"));
	check_spans(r.spans, text);
	check_links(r.links);
	*laid_for = r.laid_for;
	g_ptr_array_unref(r.links);
	g_array_unref(r.spans);
	remote_clear(r.remote);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int laid, again;
	if (size < 1)
		return 0;
	g_autofree char *html = g_utf8_make_valid((const char *)data + 1, (gssize)size - 1);
	g_autofree char *text = read_page(html, 1 + data[0], &laid);
	g_autofree char *other = read_page(html, 300, &again);
	g_autofree char *flat = read_page(html, -1, &again);
	g_assert_cmpint(again, ==, 0);
	if (laid == 0)
		g_assert_cmpstr(text, ==, other);
	alternative_differs(text, flat);
	return 0;
}
