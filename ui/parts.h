/* SPDX-License-Identifier: MIT
 *
 * Parts of a letter: the page of them (view-parts.c), the one that is opened from there
 * or by its number (part-open.c), what is done with it on the reader thread (parts-do.c),
 * and by other programs (parts-open.c). */
#ifndef DEWEY_UI_PARTS_H
#define DEWEY_UI_PARTS_H

#include "ui/letter-at.h"
#include "ui/part-save.h"

/* A part, as a copy of its own. */
struct part_entry {
	struct mime_part part;
	int number; /* in the letter, from 1 on; a name for one that has none */
	unsigned dangers;
	char *real; /* its type, as far as its content tells */
	bool box;   /* its content was opened: its parts stand below it */
};

struct parts_view {
	struct view view;
	struct letter_at *at;
	GPtrArray *parts; /* of struct part_entry */
	guint cursor, top;
};

/* The page, if it is the one on top, and the part under its cursor; NULL: told. */
struct parts_view *parts_on_top(struct ui *ui);
const struct part_entry *parts_current(const struct parts_view *s);

/* What stands on the page, of the parts of a letter (of struct mime_part): GPtrArray of
 * struct part_entry. */
GPtrArray *part_entries(const GPtrArray *parts);

/* A part, and the page that it is opened from; all borrowed. */
struct part_place {
	struct view *view;
	const struct letter_at *at;
	const struct part_entry *entry;
};

/* Shows it in the way of its kind: a text, a letter or a picture on a page of its own,
 * else as part_open_outside() does. */
void part_open(const struct part_place *p);
/* Asks if need be, and opens it with the program that is meant for its type. */
void part_open_outside(const struct part_place *p);

/* Reads a text and shows it on a page of its own. */
void part_read(const struct part_place *p);
/* Saves to a file, whose name is taken. */
void parts_save(struct parts_view *s, const struct part_entry *e, char *to);
/* All that is attached, to a directory (copied). */
void letter_save_all(struct ui *ui, const struct letter_at *at, const char *to);

/* The octets of a part, whole, in a descriptor of a regular file at its beginning;
 * -1: error, told.  Called in the main loop; the view may be closed by then. */
typedef void (*part_octets)(struct ui *ui, int fd, void *data);
/* to: a descriptor to write to, taken and handed on; -1: memory. */
void part_fetch(const struct part_place *p, int to, part_octets then, void *data,
	GDestroyNotify free);

/* A picture, on a page of its own (view-picture.c). */
void view_picture_open(const struct part_place *p);

/* A letter in a letter, on a page of its own (view-inner.c). */
void view_inner_open(struct ui *ui, const struct letter_at *at);
/* The place of the letter that such a page shows; NULL: it is no such page. */
const struct letter_at *view_inner_at(const struct view *v);
/* The letter, as view_message_mime() and view_message_numbers(); its parts, of struct
 * mime_part. */
const struct mime_message *view_inner_mime(const struct view *v);
void view_inner_numbers(struct view *v, bool on);
const GPtrArray *view_inner_parts(const struct view *v);

/* The parts of the letter there. */
void view_parts_open_at(struct ui *ui, const struct letter_at *at, const GPtrArray *parts);

#endif
