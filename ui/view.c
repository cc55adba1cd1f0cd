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

void view_changed(struct view *v)
{
	if (!v->closed)
		ui_changed(v->ui);
}
