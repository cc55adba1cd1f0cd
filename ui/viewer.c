/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/viewer.h"

struct viewer {
	struct place *place;
	struct mailcap *mailcap;
	GCancellable *end;
};

struct viewer *viewer_new(void)
{
	struct viewer *v = g_new0(struct viewer, 1);
	v->end = g_cancellable_new();
	place_sweep();
	return v;
}

void viewer_free(struct viewer *v)
{
	g_cancellable_cancel(v->end);
	g_object_unref(v->end);
	mailcap_free(v->mailcap);
	place_free(v->place);
	g_free(v);
}

struct place *viewer_place(struct viewer *v, GError **error)
{
	if (!v->place)
		v->place = place_new(error);
	return v->place;
}

const struct mailcap *viewer_mailcap(struct viewer *v)
{
	if (!v->mailcap) {
		v->mailcap = mailcap_new();
		mailcap_read_files(v->mailcap);
	}
	return v->mailcap;
}

GCancellable *viewer_end(struct viewer *v)
{
	return v->end;
}
