/* SPDX-License-Identifier: MIT */
#include "mime/tnef.h"

#include <string.h>

enum { SIGNATURE = 0x223E9F78, PROPERTIES_MOST = 4096, TEXT_MOST = 1024, IID_OCTETS = 16 };

/* Attributes (MS-OXTNEF 2.1.3.2), with their types. */
enum attribute {
	ATT_RENDERING = 0x00069002, /* an attachment begins */
	ATT_TITLE = 0x00018010,
	ATT_DATA = 0x0006800F,
	ATT_ATTACHMENT = 0x00069005, /* properties of the attachment … */
	ATT_MESSAGE = 0x00069003,    /* … of the letter */
	ATT_BODY = 0x0002800C,
	ATT_CODE_PAGE = 0x00069007,
};

/* Properties (MS-OXPROPS). */
enum property {
	PROP_BODY = 0x1000,
	PROP_RTF = 0x1009,
	PROP_HTML = 0x1013,
	PROP_DATA = 0x3701,
	PROP_NAME = 0x3704,
	PROP_LONG_NAME = 0x3707,
	PROP_TYPE = 0x370E,
	PROP_CODE_PAGE = 0x3FDE,
};

enum value_type {
	TYPE_OBJECT = 0x0D,
	TYPE_STRING8 = 0x1E,
	TYPE_UNICODE = 0x1F,
	TYPE_BINARY = 0x102,
	TYPE_MANY = 0x1000
};

/* What is left; bad: something was to be read that is not there. */
struct octets {
	const guint8 *at;
	size_t left;
	bool bad;
};

static struct octets take(struct octets *o, size_t n)
{
	struct octets taken = {o->at, n, false};
	if (o->bad || n > o->left) {
		o->bad = true;
		o->left = 0;
		return (struct octets){o->at, 0, true};
	}
	o->at += n;
	o->left -= n;
	return taken;
}

static guint32 number(struct octets *o, size_t n)
{
	struct octets t = take(o, n);
	guint32 value = 0;
	for (size_t i = 0; !t.bad && i < n; i++)
		value |= (guint32)t.at[i] << (8 * i);
	return value;
}

struct reading {
	GPtrArray *files;
	struct tnef_file *now; /* the attachment that is being read */
	guint most;
	size_t room;
	guint code_page;
};

static void file_free(void *data)
{
	struct tnef_file *f = data;
	g_free(f->name);
	g_free(f->type);
	g_free(f->charset);
	g_byte_array_unref(f->octets);
	g_free(f);
}

static struct tnef_file *file_add(struct reading *r, const char *type, bool body)
{
	if (r->files->len >= r->most)
		return NULL;
	struct tnef_file *f = g_new0(struct tnef_file, 1);
	f->name = g_strdup("");
	f->type = g_strdup(type);
	f->charset = g_strdup("");
	f->octets = g_byte_array_new();
	f->body = body;
	g_ptr_array_add(r->files, f);
	return f;
}

static void fill(struct reading *r, struct tnef_file *f, struct octets o)
{
	size_t n = MIN(o.left, r->room);
	if (!f)
		return;
	g_byte_array_set_size(f->octets, 0);
	g_byte_array_append(f->octets, o.at, (guint)n);
	r->room -= n;
}

/* Text of a property as UTF-8; of a code page the letters that all have. */
static char *text_of(guint type, struct octets o)
{
	size_t n = MIN(o.left, TEXT_MOST);
	g_autofree char *raw = g_strndup((const char *)o.at, n);
	if (type != TYPE_UNICODE)
		return g_steal_pointer(&raw);
	g_autofree gunichar2 *wide = g_new0(gunichar2, n / 2 + 1);
	for (size_t i = 0; i + 1 < n; i += 2)
		wide[i / 2] = (gunichar2)(o.at[i] | o.at[i + 1] << 8);
	char *text = g_utf16_to_utf8(wide, -1, NULL, NULL, NULL);
	return text ? text : g_strdup("");
}

static void set_text(char **to, char *text)
{
	g_free(*to);
	*to = text;
}

static char *charset_of(guint type, guint code_page)
{
	if (type == TYPE_UNICODE)
		return g_strdup("utf-16le");
	switch (code_page) {
	case 0:
		return g_strdup("");
	case 65001:
		return g_strdup("utf-8");
	case 20866:
		return g_strdup("koi8-r");
	case 20127:
		return g_strdup("us-ascii");
	default:
		break;
	}
	if (code_page > 28590 && code_page <= 28605)
		return g_strdup_printf("iso-8859-%u", code_page - 28590);
	return code_page < 10000
		       ? g_strdup_printf(
				 code_page >= 1250 && code_page <= 1258 ? "windows-%u" : "cp%u",
				 code_page)
		       : g_strdup("");
}

/* --- properties --------------------------------------------------------------------- */

struct property_value {
	guint id, type;
	struct octets octets;
};

static void take_of_letter(struct reading *r, const struct property_value *v)
{
	struct tnef_file *f = NULL;
	if (v->id == PROP_CODE_PAGE && v->octets.left >= 4) {
		struct octets o = v->octets;
		r->code_page = number(&o, 4);
	} else if (v->id == PROP_BODY || v->id == PROP_HTML) {
		f = file_add(r, v->id == PROP_BODY ? "text/plain" : "text/html", true);
		if (f)
			set_text(&f->charset, charset_of(v->type, r->code_page));
		fill(r, f, v->octets);
	} else if (v->id == PROP_RTF) {
		g_autoptr(GByteArray) rtf = tnef_rtf(v->octets.at, v->octets.left, r->room);
		f = rtf ? file_add(r, "application/rtf", true) : NULL;
		if (f)
			fill(r, f, (struct octets){rtf->data, rtf->len, false});
	}
}

static void take_of_attachment(struct reading *r, const struct property_value *v)
{
	struct tnef_file *f = r->now;
	if (!f)
		return;
	if (v->id == PROP_LONG_NAME || (v->id == PROP_NAME && !*f->name)) {
		set_text(&f->name, text_of(v->type, v->octets));
	} else if (v->id == PROP_TYPE) {
		set_text(&f->type, text_of(v->type, v->octets));
	} else if (v->id == PROP_DATA) {
		struct octets o = v->octets;
		/* A letter within is one more of these files behind the id of its interface. */
		if (v->type == TYPE_OBJECT && o.left > IID_OCTETS) {
			take(&o, IID_OCTETS);
			set_text(&f->type, g_strdup("application/ms-tnef"));
		}
		fill(r, f, o);
	}
}

static void skip_name(struct octets *o)
{
	take(o, 16);
	if (number(o, 4) == 0) {
		number(o, 4);
		return;
	}
	size_t n = number(o, 4);
	take(o, n);
	take(o, (4 - n % 4) % 4);
}

static size_t fixed_size(guint type)
{
	switch (type) {
	case 0x05:
	case 0x06:
	case 0x07:
	case 0x14:
	case 0x40:
		return 8;
	case 0x48:
		return 16;
	default:
		return 4;
	}
}

static bool is_variable(guint type)
{
	return type == TYPE_OBJECT || type == TYPE_STRING8 || type == TYPE_UNICODE ||
	       type == TYPE_BINARY;
}

static struct octets take_value(struct octets *o, guint type)
{
	if (!is_variable(type))
		return take(o, fixed_size(type));
	size_t n = number(o, 4);
	struct octets value = take(o, n);
	take(o, (4 - n % 4) % 4);
	return value;
}

static void take_property(struct octets *o, struct reading *r,
	void (*use)(struct reading *r, const struct property_value *v))
{
	guint type = number(o, 2), id = number(o, 2);
	bool many = type & TYPE_MANY;
	type &= ~(guint)TYPE_MANY;
	if (id >= 0x8000)
		skip_name(o);
	guint values = many || is_variable(type) ? number(o, 4) : 1;
	for (guint i = 0; i < values && !o->bad; i++) {
		struct property_value v = {id, type, take_value(o, type)};
		if (!v.octets.bad && i == 0)
			use(r, &v);
	}
}

static void take_properties(struct octets o, struct reading *r,
	void (*use)(struct reading *r, const struct property_value *v))
{
	guint count = number(&o, 4);
	for (guint i = 0; i < MIN(count, PROPERTIES_MOST) && !o.bad; i++)
		take_property(&o, r, use);
}

/* --- attributes --------------------------------------------------------------------- */

static void take_attribute(struct reading *r, guint id, struct octets o)
{
	struct tnef_file *body;
	switch (id) {
	case ATT_RENDERING:
		r->now = file_add(r, "", false);
		break;
	case ATT_TITLE:
		if (r->now && !*r->now->name)
			set_text(&r->now->name, text_of(TYPE_STRING8, o));
		break;
	case ATT_DATA:
		fill(r, r->now, o);
		break;
	case ATT_ATTACHMENT:
		take_properties(o, r, take_of_attachment);
		break;
	case ATT_MESSAGE:
		take_properties(o, r, take_of_letter);
		break;
	case ATT_CODE_PAGE:
		r->code_page = number(&o, 4);
		break;
	case ATT_BODY:
		body = file_add(r, "text/plain", true);
		if (body)
			set_text(&body->charset, charset_of(TYPE_STRING8, r->code_page));
		fill(r, body, o);
		break;
	default:
		break;
	}
}

GPtrArray *tnef_files(const guint8 *octets, size_t len, guint most, size_t most_octets)
{
	struct octets o = {octets, len, false};
	if (number(&o, 4) != SIGNATURE || o.bad)
		return NULL;
	struct reading r = {g_ptr_array_new_with_free_func(file_free), NULL, most, most_octets, 0};
	number(&o, 2);
	while (o.left > 0 && !o.bad) {
		number(&o, 1);
		guint id = number(&o, 4);
		size_t n = number(&o, 4);
		struct octets data = take(&o, n);
		number(&o, 2); /* a sum of the octets, which says nothing of their meaning */
		if (!data.bad)
			take_attribute(&r, id, data);
	}
	return r.files;
}

/* --- compressed RTF ----------------------------------------------------------------- */

enum { RING = 4096, COMPRESSED = 0x75465A4C, PLAIN = 0x414C454D };

struct ring {
	guint8 octets[RING];
	guint at;
	GByteArray *out;
	size_t most;
};

static void put(struct ring *r, guint8 octet)
{
	r->octets[r->at] = octet;
	r->at = (r->at + 1) % RING;
	g_byte_array_append(r->out, &octet, 1);
}

/* Copies a piece of what was there; false: that was the end. */
static bool repeat(struct ring *r, guint reference)
{
	guint from = reference >> 4, n = (reference & 15) + 2;
	if (from == r->at)
		return false;
	for (guint i = 0; i < n && r->out->len < r->most; i++)
		put(r, r->octets[(from + i) % RING]);
	return true;
}

static void expand(struct ring *r, struct octets o)
{
	while (o.left > 0 && r->out->len < r->most) {
		guint flags = number(&o, 1);
		for (guint bit = 0; bit < 8 && o.left > 0 && r->out->len < r->most; bit++) {
			if (!(flags & 1u << bit)) {
				put(r, (guint8)number(&o, 1));
				continue;
			}
			guint high = number(&o, 1), low = number(&o, 1);
			if (o.bad || !repeat(r, high << 8 | low))
				return;
		}
	}
}

GByteArray *tnef_rtf(const guint8 *octets, size_t len, size_t max)
{
	static const char begins[] =
		"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss "
		"\\fmodern "
		"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0"
		"\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
	struct octets o = {octets, len, false};
	number(&o, 4);
	size_t raw = number(&o, 4);
	guint32 kind = number(&o, 4);
	number(&o, 4);
	if (o.bad || (kind != COMPRESSED && kind != PLAIN))
		return NULL;
	struct ring r = {.at = sizeof begins - 1, .out = g_byte_array_new(), .most = MIN(raw, max)};
	memcpy(r.octets, begins, sizeof begins - 1);
	if (kind == COMPRESSED)
		expand(&r, o);
	else
		g_byte_array_append(r.out, o.at, (guint)MIN(o.left, r.most));
	return r.out;
}
