/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

#include "tests/ui/picture.h"
#include "ui/grid.h"

static bool cell_clean(const struct cell *cell)
{
	for (const char *p = cell->text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c < 0x20 || (c >= 0x7F && c < 0xA0) || g_unichar_type(c) == G_UNICODE_FORMAT)
			return false;
	}
	return g_utf8_validate(cell->text, -1, NULL);
}

static bool fit(const struct grid *g, int y, int x)
{
	const struct cell *cell = grid_cell(g, y, x);
	bool half = cell->width == 2 &&
		    (x + 1 == grid_cols(g) || grid_cell(g, y, x + 1)->width != 0);
	return cell_clean(cell) && !half;
}

char *picture_fault(const struct grid *g, int *y, int *x)
{
	for (*y = 0; g && *y < grid_rows(g); (*y)++)
		for (*x = 0; *x < grid_cols(g); (*x)++)
			if (!fit(g, *y, *x))
				return g_strescape(grid_cell(g, *y, *x)->text, NULL);
	return NULL;
}

bool picture_has(const struct grid *g, const char *text)
{
	for (int y = 0; g && y < grid_rows(g); y++) {
		g_autofree char *row = grid_row_text(g, y);
		if (strstr(row, text))
			return true;
	}
	return false;
}

static bool cursor_row(const struct grid *g, int y)
{
	for (int x = 0; x < grid_cols(g); x++) {
		enum theme theme = grid_cell(g, y, x)->theme;
		if (theme == THEME_CURSOR || theme == THEME_CURSOR_UNREAD)
			return true;
	}
	return false;
}

char *picture_text(const struct grid *g)
{
	GString *out = g_string_new(NULL);
	for (int y = 0; g && y < grid_rows(g); y++) {
		g_autofree char *row = grid_row_text(g, y);
		g_string_append_printf(out, "%c%s\n", cursor_row(g, y) ? '>' : '|', row);
	}
	return g_string_free(out, FALSE);
}

char *picture_marked(const struct grid *g)
{
	GString *got = g_string_new(NULL);
	bool before = false;
	for (int y = 0; g && y < grid_rows(g); y++, before = false)
		for (int x = 0; x < grid_cols(g); x++) {
			const struct cell *c = grid_cell(g, y, x);
			bool match = c->theme == THEME_MATCH || c->theme == THEME_CURSOR_MATCH;
			if (match && !before && got->len > 0)
				g_string_append_c(got, ' ');
			if (match)
				g_string_append(got, c->text);
			before = match;
		}
	return g_string_free(got, FALSE);
}

/* The column where text begins in this row; -1: nowhere. */
static int column_of(const struct grid *g, int y, const char *text)
{
	g_autofree char *row = grid_row_text(g, y);
	const char *at = strstr(row, text);
	size_t octets = 0;
	for (int x = 0; at && x < grid_cols(g); x++) {
		if (octets == (size_t)(at - row) && grid_cell(g, y, x)->width > 0)
			return x;
		octets += strlen(grid_cell(g, y, x)->text);
	}
	return -1;
}

char *picture_look(const struct grid *g, const char *text)
{
	for (int y = 0; g && y < grid_rows(g); y++) {
		int x = column_of(g, y, text);
		guint theme = x < 0 ? THEME_COUNT : grid_cell(g, y, x)->theme;
		if (theme < THEME_COUNT)
			return g_strdup(theme_look(theme)->name);
	}
	return g_strdup("");
}

char *picture_colour(const struct grid *g, const char *text)
{
	for (int y = 0; g && y < grid_rows(g); y++) {
		int x = column_of(g, y, text);
		if (x < 0)
			continue;
		int tint = grid_cell(g, y, x)->theme - THEME_TINTS;
		return tint < 0 ? g_strdup("0")
				: g_strdup_printf("%d%s", tint / 2 + 1, tint % 2 ? "+" : "");
	}
	return g_strdup("");
}

void picture_print(const struct grid *g)
{
	for (int y = 0; g && y < grid_rows(g); y++) {
		g_autofree char *row = grid_row_text(g, y);
		printf("# |%s\n", row);
	}
}
