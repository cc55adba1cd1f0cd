/* SPDX-License-Identifier: MIT */
#include "mime/remote.h"

#include <string.h>

#include "mime/html-css.h"
#include "mime/link.h"
#include "mime/message.h"

enum { HOSTS_MOST = 1000 };

enum what { PICTURE, PIXEL, OTHER };

/* What elements fetch, and by which attribute; "" is any element. */
static const struct {
	const char *element, *attribute;
	enum what what;
} sources[] = {
	{"img", "src", PICTURE},
	{"img", "srcset", PICTURE},
	{"input", "src", PICTURE},
	{"source", "srcset", PICTURE},
	{"image", "href", PICTURE},
	{"video", "poster", PICTURE},
	{"", "background", PICTURE},
	{"link", "href", OTHER},
	{"script", "src", OTHER},
	{"iframe", "src", OTHER},
	{"frame", "src", OTHER},
	{"embed", "src", OTHER},
	{"object", "data", OTHER},
	{"audio", "src", OTHER},
	{"video", "src", OTHER},
	{"source", "src", OTHER},
	{"track", "src", OTHER},
	{"bgsound", "src", OTHER},
	{"applet", "code", OTHER},
};

struct remote {
	GPtrArray *hosts;  /* of struct mime_remote */
	GHashTable *known; /* host → the same */
};

struct remote *remote_new(void)
{
	struct remote *r = g_new0(struct remote, 1);
	r->hosts = mime_remote_new();
	r->known = g_hash_table_new(g_str_hash, g_str_equal);
	return r;
}

void remote_free(struct remote *r)
{
	if (!r)
		return;
	g_hash_table_unref(r->known);
	g_ptr_array_unref(r->hosts);
	g_free(r);
}

static struct mime_remote *host_of(struct remote *r, const char *url)
{
	g_autofree char *host = link_host(url);
	struct mime_remote *known = g_hash_table_lookup(r->known, host);
	if (known || !*host || r->hosts->len >= HOSTS_MOST)
		return known;
	known = g_new0(struct mime_remote, 1);
	known->host = mime_clean_line(host);
	g_ptr_array_add(r->hosts, known);
	g_hash_table_insert(r->known, known->host, known);
	return known;
}

static bool is_remote(const char *url)
{
	return g_ascii_strncasecmp(url, "http:", 5) == 0 ||
	       g_ascii_strncasecmp(url, "https:", 6) == 0 ||
	       g_ascii_strncasecmp(url, "ftp:", 4) == 0 || g_str_has_prefix(url, "//");
}

static void count(struct remote *r, const char *url, enum what what)
{
	url += strspn(url, " \t\r\n");
	struct mime_remote *host = is_remote(url) ? host_of(r, url) : NULL;
	if (!host)
		return;
	*(what == PICTURE ? &host->pictures : what == PIXEL ? &host->pixels : &host->others) += 1;
}

static void count_other(const char *url, void *data)
{
	count(data, url, OTHER);
}

/* The first letters of all attributes in the table: most attributes have another one. */
static bool may_fetch(const char *attribute)
{
	return *attribute && strchr("bcdhps", *attribute);
}

void remote_element(
	struct remote *r, const char *name, const unsigned char **attributes, bool pixel)
{
	for (int i = 0; r && attributes && attributes[i]; i += 2) {
		const char *key = (const char *)attributes[i],
			   *url = (const char *)attributes[i + 1];
		if (!url || !may_fetch(key))
			continue;
		for (size_t k = 0; k < G_N_ELEMENTS(sources); k++) {
			if (!css_is(key, sources[k].attribute))
				continue;
			if (*sources[k].element && !css_is(name, sources[k].element))
				continue;
			count(r, url,
				pixel && sources[k].what == PICTURE ? PIXEL : sources[k].what);
		}
	}
}

void remote_style(struct remote *r, const char *css)
{
	if (r && (strstr(css, "url(") || strstr(css, "@import")))
		css_addresses(css, count_other, r);
}

static guint sum(const struct mime_remote *r)
{
	return r->pictures + r->pixels + r->others;
}

static int compare(const void *a, const void *b)
{
	const struct mime_remote *x = *(struct mime_remote *const *)a;
	const struct mime_remote *y = *(struct mime_remote *const *)b;
	return sum(x) != sum(y) ? (sum(x) < sum(y) ? 1 : -1) : strcmp(x->host, y->host);
}

GPtrArray *remote_hosts(const struct remote *r)
{
	g_ptr_array_sort(r->hosts, compare);
	return g_ptr_array_ref(r->hosts);
}
