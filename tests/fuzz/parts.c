/* SPDX-License-Identifier: MIT
 *
 * What is looked for in the octets of parts: winmail.dat, compressed RTF, files, patches
 * and cards in a text, types by their beginning.  The first octet chooses. */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "mime/inline.h"
#include "mime/magic.h"
#include "mime/patch.h"
#include "mime/tnef.h"
#include "mime/vcard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20, FILES = 100 };

static void unpack(const guint8 *octets, size_t len)
{
	g_autoptr(GPtrArray) files = tnef_files(octets, len, FILES, MOST);
	size_t sum = 0;
	for (guint i = 0; files && i < files->len; i++) {
		const struct tnef_file *f = files->pdata[i];
		g_assert_nonnull(f->name);
		sum += f->octets->len;
	}
	g_assert_cmpuint(sum, <=, MOST);
	g_assert_true(!files || files->len <= FILES);
}

static void expand(const guint8 *octets, size_t len)
{
	g_autoptr(GByteArray) rtf = tnef_rtf(octets, len, MOST);
	g_assert_true(!rtf || rtf->len <= MOST);
}

static void look_through(const char *text, size_t len)
{
	struct inline_file f = {0};
	for (size_t from = 0; inline_next(text, len, from, &f); inline_file_clear(&f)) {
		g_autoptr(GByteArray) octets = inline_decode(text, &f, MOST);
		g_assert_cmpuint(f.start, >=, from);
		g_assert_cmpuint(f.end, >, f.start);
		g_assert_cmpuint(f.end, <=, len);
		g_assert_cmpuint(octets->len, <=, MOST);
		from = f.end;
	}
	inline_file_clear(&f);
	g_autofree char *string = g_strndup(text, len);
	g_autofree char *named = inline_named(string);
	size_t start, end;
	for (size_t from = 0; patch_find(string, from, &start, &end); from = end) {
		g_assert_cmpuint(start, >=, from);
		g_assert_cmpuint(end, >, start);
		g_assert_cmpuint(end, <=, strlen(string));
	}
}

static struct charsets *charsets_once(void)
{
	static struct charsets *c;
	if (!c)
		c = charsets_new();
	return c;
}

static void read_cards(const char *text, size_t len)
{
	g_autofree char *string = g_strndup(text, len);
	g_autofree char *valid = g_utf8_make_valid(string, -1);
	g_autoptr(GPtrArray) facts = vcard_facts(charsets_once(), valid);
	g_assert_cmpuint(facts->len, <=, VCARD_FACTS);
	for (guint i = 0; i < facts->len; i++) {
		const struct mime_header *h = facts->pdata[i];
		g_assert_true(sanitize_is_clean(h->value));
		g_assert_cmpstr(mime_contact_label(h->name), !=, "");
	}
	g_autofree char *shown = vcard_text(facts);
	g_assert_true(g_utf8_validate(shown, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (*data % 3 == 0)
		unpack(data + 1, size - 1);
	else if (*data % 3 == 1)
		expand(data + 1, size - 1);
	else {
		look_through((const char *)data + 1, size - 1);
		read_cards((const char *)data + 1, size - 1);
	}
	g_assert_nonnull(magic_type(data, size));
	return 0;
}
