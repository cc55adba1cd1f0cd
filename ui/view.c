/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/ui.h"
#include "ui/view.h"

void view_init(struct view *v, const struct view_ops *ops, struct ui *ui)
{
	v->ops = ops;
	v->ui = ui;
	v->refs = 1;
}

struct view *view_ref(struct view *v)
{
	v->refs++;
	return v;
}

void view_unref(struct view *v)
{
	if (!v || --v->refs > 0)
		return;
	if (v->ops->free)
		v->ops->free(v);
	g_free(v);
}

gint64 view_moved(const struct view *v, enum movement m, gint64 cursor, gint64 count)
{
	gint64 last = MAX(count - 1, 0);
	const gint64 steps[] = {
		[MOVE_NEXT] = 1,
		[MOVE_PREVIOUS] = -1,
		[MOVE_PAGE_DOWN] = v->rows,
		[MOVE_PAGE_UP] = -v->rows,
		[MOVE_HALF_DOWN] = v->rows / 2,
		[MOVE_HALF_UP] = -v->rows / 2,
		[MOVE_FIRST] = -cursor,
		[MOVE_LAST] = last,
	};
	return CLAMP(cursor + steps[m], 0, last);
}

const struct screen_picture *view_picture(struct view *v)
{
	return v->ops->picture ? v->ops->picture(v) : NULL;
}

void view_changed(struct view *v)
{
	if (!v->closed)
		ui_changed(v->ui);
}
