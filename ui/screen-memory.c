/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/screen.h"

struct memory {
	struct screen base;
	int rows, cols;
	struct grid *shown;
	guint beeps;
};

static void memory_size(struct screen *s, int *rows, int *cols)
{
	const struct memory *m = (struct memory *)s;
	*rows = m->rows;
	*cols = m->cols;
}

static void memory_show(struct screen *s, const struct grid *g, int y, int x)
{
	struct memory *m = (struct memory *)s;
	grid_free(m->shown);
	m->shown = grid_copy(g);
}

static key_code memory_key(struct screen *s)
{
	return KEY_CODE_NONE;
}

static void memory_nothing(struct screen *s)
{
}

static void memory_beep(struct screen *s)
{
	((struct memory *)s)->beeps++;
}

static void memory_tint(struct screen *s, const struct look *looks, guint count)
{
}

static void memory_hyperlinks(struct screen *s, enum hyperlinks mode)
{
}

static int memory_fd(struct screen *s)
{
	return -1;
}

static void memory_free(struct screen *s)
{
	struct memory *m = (struct memory *)s;
	grid_free(m->shown);
	g_free(m);
}

static const struct screen_ops memory_ops = {
	.size = memory_size,
	.show = memory_show,
	.key = memory_key,
	.suspend = memory_nothing,
	.resume = memory_nothing,
	.repaint = memory_nothing,
	.beep = memory_beep,
	.tint = memory_tint,
	.hyperlinks = memory_hyperlinks,
	.fd = memory_fd,
	.free = memory_free,
};

struct screen *screen_memory_new(int rows, int cols)
{
	struct memory *m = g_new0(struct memory, 1);
	m->base.ops = &memory_ops;
	m->rows = rows;
	m->cols = cols;
	return &m->base;
}

void screen_memory_resize(struct screen *s, int rows, int cols)
{
	struct memory *m = (struct memory *)s;
	m->rows = rows;
	m->cols = cols;
}

guint screen_memory_beeps(const struct screen *s)
{
	return ((const struct memory *)s)->beeps;
}

const struct grid *screen_memory_grid(const struct screen *s)
{
	return ((const struct memory *)s)->shown;
}
