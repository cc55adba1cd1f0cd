/* SPDX-License-Identifier: MIT
 *
 * What dewey-mime does: the requests of the wire, and the same by hand. */
#ifndef DEWEY_MIME_WORKER_H
#define DEWEY_MIME_WORKER_H

#include "mime/charset.h"
#include "mime/letter.h"
#include "mime/message.h"

struct mime_message *worker_read(struct charsets *c, int fd, const struct mime_reading *how,
	GError **error);
/* The same of its first octets: the last part is left out if there are others, for it may
 * go on behind them. */
struct mime_message *worker_read_first(struct charsets *c, int fd, int64_t octets,
	const struct mime_reading *how, GError **error);

/* What mime_client_skim() gives of it. */
struct mime_message *worker_skim(struct charsets *c, int fd, unsigned want, GError **error);

/* The decoded octets of a part to out. */
bool worker_part(struct charsets *c, int fd, const char *path, int out, GError **error);

/* What the signature of a multipart/signed is about. */
bool worker_signed(struct charsets *c, int fd, const char *path, int out, GError **error);

/* One armour in the text of a part. */
struct armour_place {
	const char *path;
	guint number;
};
bool worker_armour(struct charsets *c, const struct armour_place *place, int fd, int out,
	GError **error);

/* The pixels of a picture to out; p as for mime_client_picture(), without pixels. */
bool worker_picture(struct charsets *c, int fd, const char *path, int out,
	struct mime_picture *p, GError **error);

/* Its text; links (of struct mime_link) are appended. */
char *worker_part_text(struct charsets *c, int fd, const char *path, GPtrArray *links,
	GError **error);

/* Serves requests until input ends; an exit status. */
int worker_run(struct charsets *c, int in, int out);

#endif
