/* SPDX-License-Identifier: MIT */
/* Our own header first: term.h defines words like "columns". */
#include "ui/screen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>
#include <term.h>

#include "base/local.h"

struct curses {
	struct screen base;
	struct grid *shown; /* what the terminal has; NULL: draw everything */
	const struct screen_picture *picture; /* what is on the screen; only compared */
	guint serial;
	attr_t looks[THEME_MOST];
	short pairs[THEME_MOST];
	bool colours;
	bool hyperlinks;
};

static const struct {
	int curses;
	key_code key;
} keypad_keys[] = {
	{KEY_UP, KEY_CODE_UP}, {KEY_DOWN, KEY_CODE_DOWN}, {KEY_LEFT, KEY_CODE_LEFT},
	{KEY_RIGHT, KEY_CODE_RIGHT}, {KEY_HOME, KEY_CODE_HOME}, {KEY_END, KEY_CODE_END},
	{KEY_PPAGE, KEY_CODE_PAGE_UP}, {KEY_NPAGE, KEY_CODE_PAGE_DOWN},
	{KEY_IC, KEY_CODE_INSERT}, {KEY_DC, KEY_CODE_DELETE}, {KEY_BTAB, KEY_CODE_BACKTAB},
	{KEY_ENTER, KEY_CODE_ENTER}, {KEY_BACKSPACE, KEY_CODE_BACKSPACE},
	{KEY_RESIZE, KEY_CODE_RESIZE},
};

static attr_t look_attributes(unsigned bits)
{
	static const struct {
		unsigned bit;
		attr_t attribute;
	} rows[] = {
		{LOOK_BOLD, WA_BOLD},
		{LOOK_DIM, WA_DIM},
		{LOOK_REVERSE, WA_REVERSE},
		{LOOK_UNDERLINE, WA_UNDERLINE},
		{LOOK_ITALIC, WA_ITALIC},
		{LOOK_STRIKE, WA_DIM}, /* curses knows no line through letters */
	};
	attr_t attributes = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		attributes |= bits & rows[i].bit ? rows[i].attribute : 0;
	return attributes;
}

/* Of sixteen colours a terminal may have eight, with bold letters for bright ones; of more
 * it has none. */
static int colour_here(int n, attr_t *bold)
{
	if (n < COLORS)
		return n;
	if (n >= 16 || n - 8 >= COLORS)
		return -1;
	*bold = WA_BOLD;
	return n - 8;
}

static void set_look(struct curses *c, int theme, const struct look *look)
{
	attr_t bold = 0, none = 0;
	c->looks[theme] = look_attributes(look->bits);
	if (!c->colours || (look->fg < 0 && look->bg < 0) || theme + 1 >= COLOR_PAIRS)
		return;
	int fg = colour_here(look->fg, &bold), bg = colour_here(look->bg, &none);
	if (init_pair((short)(theme + 1), (short)fg, (short)bg) == OK)
		c->pairs[theme] = (short)(theme + 1);
	c->looks[theme] |= bold;
}

static void set_up_looks(struct curses *c)
{
	c->colours = has_colors() && !g_getenv("NO_COLOR");
	if (c->colours) {
		start_color();
		use_default_colors();
	}
	for (int i = 0; i < THEME_COUNT; i++)
		set_look(c, i, theme_look(i));
}

static void curses_tint(struct screen *s, const struct look *looks, guint count)
{
	for (guint i = 0; i < count && THEME_TINTS + i < THEME_MOST; i++)
		set_look((struct curses *)s, THEME_TINTS + (int)i, &looks[i]);
}

static void curses_size(struct screen *s, int *rows, int *cols)
{
	struct winsize ws;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_row > 0 && ws.ws_col > 0)
		resizeterm(ws.ws_row, ws.ws_col);
	getmaxyx(stdscr, *rows, *cols);
}

/* Curses places by wcwidth(): where the C library thinks otherwise, or the
 * terminal's charset lacks the character, a stand-in keeps the columns right. */
static void cell_wide(const struct cell *cell, wchar_t *wide)
{
	/* Cells are UTF-8 whatever the locale is; wide characters are Unicode in all of them. */
	int n = 0;
	for (const char *p = cell->text; *p && n < CCHARW_MAX; p = g_utf8_next_char(p))
		wide[n++] = (wchar_t)g_utf8_get_char(p);
	if (n == 0 || wcwidth(wide[0]) != cell->width || local_standin((gunichar)wide[0])) {
		wide[0] = '?';
		n = 1;
	}
	wide[n] = L'\0';
}

static void draw_cell(struct curses *c, int y, int x, const struct cell *cell)
{
	wchar_t wide[CCHARW_MAX + 1];
	cchar_t out;
	cell_wide(cell, wide);
	attr_t look = c->looks[cell->theme] | look_attributes(cell->bits);
	if (setcchar(&out, wide, look, c->pairs[cell->theme], NULL) != OK)
		return;
	mvadd_wch(y, x, &out);
	if (cell->width == 2 && wide[0] == L'?')
		mvadd_wch(y, x + 1, &out);
}

/* --- links (OSC 8) ---------------------------------------------------------------------- */

/* Curses knows nothing of them: what it has just drawn is drawn again, in the same
 * place and look, between the two sequences. */

static bool follows_links(void)
{
	static const char *const named[] = {
		"KITTY_WINDOW_ID", "WEZTERM_PANE", "ALACRITTY_WINDOW_ID", "KONSOLE_VERSION"};
	static const char *const terms[] = {"xterm-kitty", "foot", "alacritty", "wezterm", "contour"};
	const char *term = g_getenv("TERM"), *vte = g_getenv("VTE_VERSION");
	/* What runs within them does not hand everything on. */
	if (!term || g_getenv("TMUX") || g_str_has_prefix(term, "screen") ||
		g_str_has_prefix(term, "tmux"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(named); i++)
		if (g_getenv(named[i]))
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(terms); i++)
		if (g_str_has_prefix(term, terms[i]))
			return true;
	return vte && atoi(vte) >= 5000;
}

static void curses_hyperlinks(struct screen *s, enum hyperlinks mode)
{
	((struct curses *)s)->hyperlinks =
		mode == HYPERLINKS_YES || (mode == HYPERLINKS_AUTO && follows_links());
}

/* An address is a letter's: not one octet of it may end the sequence or begin another. */
static bool is_printable(const char *url)
{
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p > '~')
			return false;
	return *url && strlen(url) < 2000;
}

static int put_octet(int octet)
{
	return putchar(octet);
}

static void put_text(const char *text)
{
	fputs(text, stdout);
}

/* The cells of one link from x on; returns the column behind them. */
static int draw_link(struct curses *c, const struct grid *g, int y, int x)
{
	const struct cell *first = grid_cell(g, y, x);
	const char *url = grid_link(g, first->link);
	bool good = url && is_printable(url);
	if (good) {
		tputs(tiparm(cursor_address, y, x), 1, put_octet);
		put_text("\033]8;;");
		put_text(url);
		put_text("\033\\");
	}
	for (; x < grid_cols(g) && grid_cell(g, y, x)->link == first->link; x++) {
		const struct cell *cell = grid_cell(g, y, x);
		wchar_t wide[CCHARW_MAX + 1];
		if (!good || cell->width == 0)
			continue;
		cell_wide(cell, wide);
		vid_puts(c->looks[cell->theme] | look_attributes(cell->bits), c->pairs[cell->theme],
			NULL, put_octet);
		printf("%ls", wide);
	}
	if (good)
		put_text("\033]8;;\033\\");
	return x;
}

static bool has_changed(const struct grid *old, const struct grid *g, int y, int x)
{
	guint link = grid_cell(g, y, x)->link;
	for (; x < grid_cols(g) && grid_cell(g, y, x)->link == link; x++)
		if (!old || !grid_same_at(g, old, y, x))
			return true;
	return false;
}

/* Curses would not write a letter again that only has lost its link. */
static void redraw_lost(const struct grid *g, const struct grid *old)
{
	for (int y = 0; old && y < grid_rows(g); y++)
		for (int x = 0; x < grid_cols(g); x++)
			if (grid_cell(old, y, x)->link > 0 && !grid_same_at(g, old, y, x)) {
				wredrawln(stdscr, y, 1);
				break;
			}
}

static void draw_links(struct curses *c, const struct grid *g, const struct grid *old)
{
	bool any = false;
	for (int y = 0; y < grid_rows(g); y++)
		for (int x = 0; x < grid_cols(g);) {
			guint link = grid_cell(g, y, x)->link;
			bool draw = link > 0 && has_changed(old, g, y, x);
			any = any || draw;
			if (draw)
				x = draw_link(c, g, y, x);
			else
				do
					x++;
				while (x < grid_cols(g) && grid_cell(g, y, x)->link == link);
		}
	if (!any)
		return;
	int y, x;
	vid_puts(0, 0, NULL, put_octet);
	getyx(stdscr, y, x);
	tputs(tiparm(cursor_address, y, x), 1, put_octet);
	fflush(stdout);
}

static void curses_repaint(struct screen *s)
{
	struct curses *c = (struct curses *)s;
	g_clear_pointer(&c->shown, grid_free);
	clearok(stdscr, TRUE);
}

/* Behind curses' back, which believes the place to be empty. */
static void put_picture(const struct screen_picture *p)
{
	fputs("\0337", stdout);
	for (int i = 0; p->text[i]; i++)
		printf("\033[%d;%dH%s", p->row + i + 1, p->col + 1, p->text[i]);
	fputs("\033[0m\0338", stdout);
	fflush(stdout);
}

/* What was drawn before goes with all that is on the screen; pictures of kitty's kind
 * lie above it, and must be told to. */
static void change_picture(struct curses *c)
{
	const struct screen_picture *p = c->base.picture;
	if (p == c->picture && (!p || p->serial == c->serial))
		return;
	if (c->picture && g_getenv("KITTY_WINDOW_ID")) {
		fputs("\033_Ga=d\033\\", stdout);
		fflush(stdout);
	}
	c->picture = p;
	c->serial = p ? p->serial : 0;
	curses_repaint(&c->base);
}

static void curses_show(struct screen *s, const struct grid *g, int cy, int cx)
{
	struct curses *c = (struct curses *)s;
	change_picture(c);
	if (c->shown &&
		(grid_rows(c->shown) != grid_rows(g) || grid_cols(c->shown) != grid_cols(g)))
		g_clear_pointer(&c->shown, grid_free);
	bool whole = !c->shown;
	if (whole)
		erase();
	for (int y = 0; y < grid_rows(g); y++)
		for (int x = 0; x < grid_cols(g); x++) {
			const struct cell *cell = grid_cell(g, y, x);
			if (cell->width > 0 &&
				!(c->shown && grid_same_at(g, c->shown, y, x)))
				draw_cell(c, y, x, cell);
		}
	if (c->hyperlinks)
		redraw_lost(g, c->shown);
	curs_set(cy >= 0);
	move(MAX(cy, 0), MAX(cx, 0));
	refresh();
	if (c->hyperlinks && cursor_address)
		draw_links(c, g, c->shown);
	if (whole && c->picture)
		put_picture(c->picture);
	grid_free(c->shown);
	c->shown = grid_copy(g);
}

static key_code translate(int rc, wint_t ch)
{
	if (rc == KEY_CODE_YES) {
		for (size_t i = 0; i < G_N_ELEMENTS(keypad_keys); i++)
			if (keypad_keys[i].curses == (int)ch)
				return keypad_keys[i].key;
		if (ch >= (wint_t)KEY_F(1) && ch <= (wint_t)KEY_F(12))
			return KEY_CODE_F1 + (ch - KEY_F(1));
		return KEY_CODE_NONE;
	}
	if (ch == '\n')
		return KEY_CODE_ENTER;
	return ch == 0x08 ? KEY_CODE_BACKSPACE : (key_code)ch;
}

static key_code curses_key(struct screen *s)
{
	wint_t ch = 0;
	int rc = get_wch(&ch);
	if (rc == ERR)
		return KEY_CODE_NONE;
	if (rc != OK || ch != KEY_CODE_ESCAPE)
		return translate(rc, ch);
	/* A terminal sends Alt as Escape and the key at once; a person who presses
	 * Escape is slower than what is already there to be read. */
	rc = get_wch(&ch);
	if (rc == ERR)
		return KEY_CODE_ESCAPE;
	key_code key = translate(rc, ch);
	return key == KEY_CODE_ESCAPE ? key : key | KEY_CODE_ALT;
}

static void curses_suspend(struct screen *s)
{
	curs_set(1);
	endwin();
}

static void curses_beep(struct screen *s)
{
	beep();
}

static int curses_fd(struct screen *s)
{
	return STDIN_FILENO;
}

static void curses_free(struct screen *s)
{
	struct curses *c = (struct curses *)s;
	curs_set(1);
	endwin();
	grid_free(c->shown);
	g_free(c);
}

static const struct screen_ops curses_ops = {
	.size = curses_size,
	.show = curses_show,
	.key = curses_key,
	.suspend = curses_suspend,
	.resume = curses_repaint,
	.repaint = curses_repaint,
	.beep = curses_beep,
	.tint = curses_tint,
	.hyperlinks = curses_hyperlinks,
	.fd = curses_fd,
	.free = curses_free,
};

static bool terminal_fits(GError **error)
{
	int status = 0;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSYS,
			_("input and output are not a terminal; 'dewey --help' lists what works "
			  "without one"));
		return false;
	}
	if (setupterm(NULL, STDOUT_FILENO, &status) == ERR) {
		const char *term = g_getenv("TERM");
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSYS,
			_("the terminal '%s' is not known: set TERM, for instance to xterm"),
			term ? term : "");
		return false;
	}
	/* It was for the error alone: initscr() would end the process. */
	del_curterm(cur_term);
	return true;
}

struct screen *screen_curses_new(GError **error)
{
	if (!terminal_fits(error))
		return NULL;
	struct curses *c = g_new0(struct curses, 1);
	c->base.ops = &curses_ops;
	initscr();
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_escdelay(25);
	set_up_looks(c);
	return &c->base;
}

void screen_curses_emergency(void)
{
	endwin();
}
