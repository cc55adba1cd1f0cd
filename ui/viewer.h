/* SPDX-License-Identifier: MIT
 *
 * What showing parts by other programs needs: made when first asked for. */
#ifndef DEWEY_UI_VIEWER_H
#define DEWEY_UI_VIEWER_H

#include <gio/gio.h>

#include "ui/mailcap.h"
#include "ui/place.h"

struct viewer;

struct viewer *viewer_new(void);
/* Programs that run are not waited for any more; their files go. */
void viewer_free(struct viewer *v);

/* The directory for their files; NULL: error. */
struct place *viewer_place(struct viewer *v, GError **error);
const struct mailcap *viewer_mailcap(struct viewer *v);
/* Cancelled when the front end ends. */
GCancellable *viewer_end(struct viewer *v);

#endif
