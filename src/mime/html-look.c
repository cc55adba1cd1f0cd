/* SPDX-License-Identifier: MIT */
#include "mime/html-reader.h"

#include <string.h>

#include "mime/remote.h"

const char *html_attribute(const unsigned char **attributes, const char *name)
{
	for (int i = 0; attributes && attributes[i]; i += 2)
		if (css_is((const char *)attributes[i], name))
			return attributes[i + 1] ? (const char *)attributes[i + 1] : "";
	return NULL;
}

static void look_bits(struct state *s, guint bits)
{
	if (bits & (CSS_TINY | CSS_READABLE))
		s->tiny = bits & CSS_TINY;
	if (bits & (CSS_BOLD | CSS_PLAIN))
		s->style &= (guint)~MIME_STYLE_BOLD;
	if (bits & (CSS_ITALIC | CSS_UPRIGHT))
		s->style &= (guint)~MIME_STYLE_ITALIC;
	s->style |= (bits & CSS_BOLD ? MIME_STYLE_BOLD : 0) |
		    (bits & CSS_ITALIC ? MIME_STYLE_ITALIC : 0) |
		    (bits & CSS_STRIKE ? MIME_STYLE_STRIKE : 0) |
		    (bits & CSS_UNDERLINE && !s->link ? MIME_STYLE_UNDERLINE : 0);
	if (bits & (CSS_PRE | CSS_FLOWING))
		s->pre = !(bits & CSS_PRE)     ? PRE_NOT
			 : s->pre == PRE_FIXED ? PRE_FIXED
					       : PRE_WRAPPED;
	if (bits & (CSS_RTL | CSS_LTR))
		s->rtl = bits & CSS_RTL;
}

static void look_colors(
	struct state *s, const struct css_look *look, const unsigned char **attributes)
{
	const char *color = html_attribute(attributes, "color"),
		   *back = html_attribute(attributes, "bgcolor");
	if (color && css_color(color, &s->color))
		s->colored = true;
	if (back)
		s->backed = css_color(back, &s->back) ? BACK_KNOWN : BACK_UNKNOWN;
	if (look->bits & CSS_COLOR) {
		s->color = look->color;
		s->colored = true;
	}
	if (look->bits & CSS_BACK) {
		s->back = look->back;
		s->backed = BACK_KNOWN;
	}
	if ((look->bits & CSS_PICTURE) || html_attribute(attributes, "background"))
		s->backed = BACK_UNKNOWN;
}

struct css_look html_look(struct html_reader *r, const char *name, const unsigned char **attributes)
{
	struct css_look look = {0};
	const char *style = html_attribute(attributes, "style");
	css_sheet_look(r->sheet, name, html_attribute(attributes, "class"),
		html_attribute(attributes, "id"), &look);
	if (style) {
		css_declare(&look, style);
		remote_style(r->rich->remote, style);
	}
	return look;
}

static void look_direction(struct state *s, const unsigned char **attributes)
{
	const char *dir = html_attribute(attributes, "dir");
	if (dir)
		s->rtl = g_ascii_strcasecmp(dir, "rtl") == 0;
}

void html_look_apply(struct state *s, const struct css_look *look, const unsigned char **attributes)
{
	look_bits(s, look->bits);
	look_direction(s, attributes);
	look_colors(s, look, attributes);
}
