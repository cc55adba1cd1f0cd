/* SPDX-License-Identifier: MIT
 *
 * The header fields of a draft, once for the editor, the builder and saved
 * drafts.  Private to this folder. */
#ifndef DEWEY_COMPOSE_FIELDS_H
#define DEWEY_COMPOSE_FIELDS_H

#include "compose/draft.h"

/* Begins the fields that only dewey's own drafts have. */
#define FIELD_OWN "X-Dewey-"

/* What stands in place of the path of a letter that is in the draft itself. */
#define FIELD_ENCLOSED "enclosed"

/* What g_strescape() shall leave alone: the octets of UTF-8. */
#define HIGH_OCTETS                                                                                \
	"\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f"                         \
	"\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f"                         \
	"\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf"                         \
	"\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf"                         \
	"\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf"                         \
	"\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf"                         \
	"\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef"                         \
	"\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff"

enum field_kind {
	FIELD_ADDRESSES = 1 << 0,
	FIELD_IDS = 1 << 1,
	FIELD_SHOWN = 1 << 2,  /* in the editor even if empty */
	FIELD_HIDDEN = 1 << 3, /* never in the editor */
	FIELD_RESENT = 1 << 4, /* there is a Resent- field of this name */
};

struct draft_field {
	const char *name;
	glong offset; /* of the char * in struct draft */
	unsigned kind;
};

/* In the order of the header; ends with a NULL name. */
extern const struct draft_field draft_fields[];
const struct draft_field *draft_field_find(const char *name); /* any case; or NULL */
char **draft_field_at(const struct draft *d, const struct draft_field *f);

/* What a draft knows beyond mail, as X-Dewey-NAME of a saved one. */
enum own_kind { OWN_TEXT, OWN_PATH, OWN_LINES, OWN_NUMBER, OWN_FLAG };
struct draft_own {
	const char *name;
	glong offset; /* of the char *, int64_t or bool in struct draft */
	enum own_kind kind;
};
extern const struct draft_own draft_owns[]; /* ends with a NULL name */

/* The inside of a Message-ID that may stand in a field of ours. */
bool is_message_id(const char *id);

/* 128 random bits as lower-case letters and digits: for ids and boundaries, so
 * that they tell nothing (S-60, S-61).  g_free() it. */
char *random_word(void);

/* For a multipart; stands in no quoted-printable and no base64 text.  g_free() it. */
char *new_boundary(void);

/* Where the last line "-- " of text begins, or its end. */
const char *signature_of(const char *text);

#endif
