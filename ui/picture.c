/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/local.h"
#include "ui/picture.h"

#ifdef HAVE_PICTURES
#include <chafa.h>

enum { CELL_WIDTH = 10, CELL_HEIGHT = 20 };

bool picture_can(void)
{
	return true;
}

struct mime_size picture_wanted(int rows, int cols)
{
	return (struct mime_size){cols * CELL_WIDTH, rows * CELL_HEIGHT};
}

static ChafaCanvasMode colours_of(const ChafaTermInfo *terminal)
{
	if (g_getenv("NO_COLOR"))
		return CHAFA_CANVAS_MODE_FGBG;
	if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_SET_COLOR_FGBG_DIRECT))
		return CHAFA_CANVAS_MODE_TRUECOLOR;
	if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_SET_COLOR_FGBG_256))
		return CHAFA_CANVAS_MODE_INDEXED_240;
	return CHAFA_CANVAS_MODE_INDEXED_16;
}

static ChafaPixelMode way_of(const ChafaTermInfo *terminal)
{
	if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_BEGIN_KITTY_IMMEDIATE_IMAGE_V1))
		return CHAFA_PIXEL_MODE_KITTY;
	if (chafa_term_info_have_seq(terminal, CHAFA_TERM_SEQ_BEGIN_SIXELS))
		return CHAFA_PIXEL_MODE_SIXELS;
	return CHAFA_PIXEL_MODE_SYMBOLS;
}

static ChafaCanvas *canvas_new(const ChafaTermInfo *terminal, int rows, int cols)
{
	ChafaCanvasConfig *config = chafa_canvas_config_new();
	ChafaSymbolMap *symbols = chafa_symbol_map_new();
	bool unicode = local_is_utf8();
	chafa_symbol_map_add_by_tags(symbols,
		unicode ? CHAFA_SYMBOL_TAG_BLOCK | CHAFA_SYMBOL_TAG_SPACE : CHAFA_SYMBOL_TAG_ASCII);
	chafa_canvas_config_set_symbol_map(config, symbols);
	chafa_canvas_config_set_geometry(config, cols, rows);
	chafa_canvas_config_set_cell_geometry(config, CELL_WIDTH, CELL_HEIGHT);
	chafa_canvas_config_set_canvas_mode(config, colours_of(terminal));
	chafa_canvas_config_set_pixel_mode(config, way_of(terminal));
	ChafaCanvas *canvas = chafa_canvas_new(config);
	chafa_symbol_map_unref(symbols);
	chafa_canvas_config_unref(config);
	return canvas;
}

static char **lines_of(const char *text, bool cells)
{
	char *const whole[] = {(char *)text, NULL};
	return cells ? g_strsplit(text, "\n", -1) : g_strdupv((char **)whole);
}

struct screen_picture *picture_lines(const struct mime_picture *p, int rows, int cols)
{
	g_auto(GStrv) environment = g_get_environ();
	ChafaTermInfo *terminal = chafa_term_db_detect(chafa_term_db_get_default(), environment);
	struct screen_picture *out = g_new0(struct screen_picture, 1);
	bool cells = way_of(terminal) == CHAFA_PIXEL_MODE_SYMBOLS;
	chafa_calc_canvas_geometry(p->size.width, p->size.height, &cols, &rows,
		(float)CELL_WIDTH / CELL_HEIGHT, TRUE, FALSE);
	ChafaCanvas *canvas = canvas_new(terminal, MAX(rows, 1), MAX(cols, 1));
	chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGBA8_UNASSOCIATED,
		g_bytes_get_data(p->pixels, NULL), p->size.width, p->size.height,
		p->size.width * 4);
	GString *text = chafa_canvas_print(canvas, terminal);
	out->text = lines_of(text->str, cells);
	g_string_free(text, TRUE);
	chafa_canvas_unref(canvas);
	chafa_term_info_unref(terminal);
	return out;
}
#else
bool picture_can(void)
{
	return false;
}

struct mime_size picture_wanted(int rows, int cols)
{
	return (struct mime_size){1, 1};
}

struct screen_picture *picture_lines(const struct mime_picture *p, int rows, int cols)
{
	struct screen_picture *out = g_new0(struct screen_picture, 1);
	out->text = g_new0(char *, 1);
	return out;
}
#endif

void picture_lines_free(struct screen_picture *p)
{
	if (!p)
		return;
	g_strfreev(p->text);
	g_free(p);
}
