/* SPDX-License-Identifier: MIT
 *
 * What a letter would have fetched from other hosts to be shown as its sender wants
 * (CHECKLIST M-60): it is counted, and never fetched. */
#ifndef DEWEY_MIME_REMOTE_H
#define DEWEY_MIME_REMOTE_H

#include "mime/client.h"

struct remote;
typedef struct remote remote;

struct remote *remote_new(void);
void remote_free(struct remote *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(remote, remote_free)

/* An element of a page, its attributes as libxml2 gives them; pixel: a picture that is
 * not to be seen. */
void remote_element(
	struct remote *r, const char *name, const unsigned char **attributes, bool pixel);
/* Declarations, or a style sheet. */
void remote_style(struct remote *r, const char *css);

/* Of struct mime_remote, as many as are told of; most first.  g_ptr_array_unref() it. */
GPtrArray *remote_hosts(const struct remote *r);

#endif
