/* SPDX-License-Identifier: MIT
 *
 * A letter, parsed: its own header fields and the tree of its parts, guarded
 * by limits.h.  GMime's objects stay inside src/mime. */
#ifndef DEWEY_MIME_LETTER_H
#define DEWEY_MIME_LETTER_H

#include "mime/charset.h"
#include "mime/gmime.h"
#include "mime/header.h"
#include "mime/limits.h"
#include "mime/message.h"
#include "mime/source.h"

struct letter {
	struct source *source;
	struct limits limits;
	struct charsets *charsets; /* not owned */
	GPtrArray *fields;   /* of struct field */
	int64_t body_start;  /* offset behind the header */
	const char *hint;    /* charset of raw octets in the header; static or NULL */
	GMimeObject *body;   /* NULL: there is none */
	GMimeMessage *message; /* owns body; NULL: body is owned */
	GPtrArray *nested;   /* of struct letter: encoded letters in parts, opened so far */
	size_t unpacked;     /* octets of winmail.dat and the like (box.h) */
};
typedef struct letter letter;

/* Takes over s. */
struct letter *letter_open(struct source *s, struct charsets *c, GError **error);
/* The header alone, without a look at the body, of a letter whose header is
 * short and plain: good for letter_skim(), whose fields are then what
 * letter_open() would give.  NULL: it is not, open all of it. */
enum { LIMIT_PLAIN_HEAD = 16 * 1024 };
struct letter *letter_open_head(int fd, struct charsets *c);
void letter_free(struct letter *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(letter, letter_free)

/* One part of the tree, for walkers. */
struct node {
	GMimeObject *object;
	const char *path;
	int depth;
	struct letter *letter; /* it is in */
};

/* Calls visit for each part in tree order, at most LIMIT_PARTS and LIMIT_DEPTH;
 * false from it leaves out what is below.  Returns whether that was all. */
typedef bool (*letter_visit)(const struct node *n, void *data);
bool letter_walk(struct letter *l, letter_visit visit, void *data);

/* The letter in a part whose octets are encoded, or NULL. */
struct letter *letter_nested(struct letter *l, GMimePart *part);

/* The decoded octets of a leaf, at most max; *cut says that there are more. */
GByteArray *letter_content(GMimePart *part, size_t max, bool *cut);

/* "text/plain", lower case; "application/octet-stream" if it is nonsense. */
char *node_type(GMimeObject *object);
/* Decoded, not sanitized; "" if none. */
char *node_filename(const struct letter *l, GMimeObject *object);
/* A parameter of the Content-Type, or NULL. */
const char *node_parameter(GMimeObject *object, const char *name);
enum mime_disposition node_disposition(const struct letter *l, GMimeObject *object, bool root);

/* What a part names whose content is not in it, for the reader; "" of others. */
char *node_note(GMimeObject *object);

/* Addresses of a field, of struct mime_address, sanitized, appended to to. */
void letter_addresses(const struct letter *l, const char *raw, GPtrArray *to);
/* The same without a look whether they are plain (plain.h); seconds of a date, 0:
 * it is none. */
void letter_addresses_whole(const struct letter *l, const char *raw, GPtrArray *to);
int64_t letter_date_whole(const struct letter *l, const char *raw);

/* The first id between < and > in a field's value; "" if there is none.  g_free() it. */
char *letter_id(const struct letter *l, const char *raw);

/* What the letter reports of another one; NULL: it is no report. */
struct mime_report *letter_report(struct letter *l);
/* Whether the report says what this part of it has: its fields are those of outcomes. */
bool report_tells(const struct letter *l, GMimeObject *part);

/* What the header says of how the letter came, and asks of who reads it. */
struct mime_trace *letter_trace(const struct letter *l);
void letter_auth(const struct letter *l, struct mime_trace *t);
void letter_autocrypt(const struct letter *l, struct mime_trace *t);
void letter_leave_signers(const struct letter *l, struct mime_trace *t);

/* Where it is signed or encrypted, by its types: of struct mime_crypt, appended. */
void letter_crypts(struct letter *l, GPtrArray *crypts);
/* multipart/signed of two parts, the last of which is a signature; and a part of CMS
 * that holds another one. */
bool crypt_is_signed(GMimeObject *object);
bool crypt_is_opaque(GMimeObject *object);
/* Where the contents of all its leaves lie in the source; false: it has none. */
bool letter_extent(GMimeObject *object, int64_t *start, int64_t *end);
/* Writes what the signature of such a multipart is about, with CRLF. */
bool letter_signed(struct letter *l, GMimeObject *object, int out, GError **error);
/* Whether its body says that its header is under the same protection (RFC 9788). */
bool letter_is_protected(const struct letter *l);

/* Headers, addresses, dates, ids, parts of the letter. */
void letter_describe(struct letter *l, struct mime_message *m);

/* The same, of it what lists and the index need (client.h, mime_client_skim()). */
void letter_skim(struct letter *l, struct mime_message *m);

#endif
