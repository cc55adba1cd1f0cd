/* SPDX-License-Identifier: MIT
 *
 * One record of dewey-wire(7): a JSON object on one line.  Keys are ASCII,
 * strings UTF-8, numbers 64-bit integers.  The encoder escapes, so a value can
 * never end a line or begin another record.  A key that is not there reads as
 * NULL, 0 or false: unknown and missing keys are no error, on purpose, so that
 * versions can differ by what they add. */
#ifndef DEWEY_WIRE_RECORD_H
#define DEWEY_WIRE_RECORD_H

#include <json-glib/json-glib.h>

#include "base/base.h"

/* A longer line is refused: no program of ours writes one. */
#define RECORD_MAX (32 * 1024 * 1024)

/* Likewise one with more arrays and objects in each other: nested lines could end
 * the process that reads them. */
#define RECORD_DEPTH 32

struct record;

/* kind is "do" (a request) or "event"; name its value: record_new("do", "fetch"). */
struct record *record_new(const char *kind, const char *name);
void record_free(struct record *r);
typedef struct record record;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(record, record_free)

/* One line without its newline.  Error: WIRE_ERROR with CODE_PROTOCOL. */
struct record *record_parse(const char *line, gssize len, GError **error);

/* The line, without its newline; g_free() it. */
char *record_line(const struct record *r);

/* Both return r, so that they chain.  A string that is not UTF-8 is repaired;
 * NULL leaves the key out. */
struct record *record_set_string(struct record *r, const char *key, const char *value);
struct record *record_set_int(struct record *r, const char *key, int64_t value);
struct record *record_set_bool(struct record *r, const char *key, bool value);
/* Takes the array. */
struct record *record_set_array(struct record *r, const char *key, JsonArray *value);

/* The place of a word in a list of them, of which a .def made the list; -1: it is not
 * there, or NULL. */
int record_word(const char *word, const char *const *words, guint n);

/* Strings and objects belong to the record. */
const char *record_string(const struct record *r, const char *key);
int64_t record_int(const struct record *r, const char *key);
bool record_bool(const struct record *r, const char *key);
JsonArray *record_array(const struct record *r, const char *key);
bool record_has(const struct record *r, const char *key);

/* Whether it is of this kind and name. */
bool record_is(const struct record *r, const char *kind, const char *name);

/* The members of JSON objects of others, with the same forgiveness. */
const char *json_string(JsonObject *o, const char *key);
int64_t json_int(JsonObject *o, const char *key);
bool json_bool(JsonObject *o, const char *key);
JsonObject *json_object(JsonObject *o, const char *key);
JsonArray *json_array(JsonObject *o, const char *key);
/* A text in an array; "" if it is none. */
const char *json_element(JsonArray *array, guint i);

#endif
