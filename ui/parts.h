/* SPDX-License-Identifier: MIT
 *
 * The page of parts, for its own files: what stands on it (view-parts.c), what is
 * done with a part on the reader thread (parts-do.c), and which program opens it
 * (parts-open.c). */
#ifndef DEWEY_UI_PARTS_H
#define DEWEY_UI_PARTS_H

#include "ui/letter-at.h"
#include "ui/part-save.h"

/* A part, as a copy of its own. */
struct part_entry {
	struct mime_part part;
	int number;
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

/* "a program": what opening it may do, for the user; NULL: nothing that is known. */
const char *parts_danger(const struct part_entry *e);

/* Reads a text and shows it on a page of its own. */
void parts_read(struct parts_view *s, const struct part_entry *e);
/* Saves to a file, whose name is taken. */
void parts_save(struct parts_view *s, const struct part_entry *e, char *to);
/* All that is attached, to a directory (copied). */
void letter_save_all(struct ui *ui, const struct letter_at *at, const char *to);

/* The octets of a part, whole, in a descriptor of a regular file at its beginning;
 * -1: error, told.  Called in the main loop; the view may be closed by then. */
typedef void (*part_octets)(struct ui *ui, int fd, void *data);
/* to: a descriptor to write to, taken and handed on; -1: memory. */
void parts_fetch(struct parts_view *s, const struct part_entry *e, int to, part_octets then,
	void *data, GDestroyNotify free);

/* Asks if need be, and opens it with the program that is meant for its type. */
void parts_open_outside(struct parts_view *s, const struct part_entry *e);

/* A picture, on a page of its own (view-picture.c). */
void view_picture_open(struct parts_view *from, const struct part_entry *e);

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
