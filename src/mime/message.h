/* SPDX-License-Identifier: MIT
 *
 * What worker and client share: making a struct mime_message, and its way over
 * the wire (dewey-wire(7)). */
#ifndef DEWEY_MIME_MESSAGE_H
#define DEWEY_MIME_MESSAGE_H

#include "mime/client.h"
#include "wire/record.h"

/* Its arrays are there, empty; its strings are NULL. */
struct mime_message *mime_message_new(void);

/* Of struct mime_address. */
GPtrArray *mime_addresses_new(void);

/* Of struct mime_link. */
GPtrArray *mime_links_new(void);

/* Of struct mime_span; of struct mime_header; of struct mime_block, and one appended
 * that has no texts yet. */
GArray *mime_spans_new(void);
GPtrArray *mime_fields_new(void);
void mime_fields_add(GPtrArray *fields, const char *name, const char *value);
GPtrArray *mime_blocks_new(void);
struct mime_block *mime_blocks_add(GPtrArray *blocks);

/* Of struct mime_remote. */
GPtrArray *mime_remote_new(void);

/* Its strings are "", its array is there. */
struct mime_report *mime_report_new(void);
void mime_report_free(struct mime_report *report);
typedef struct mime_report mime_report;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mime_report, mime_report_free)
/* An outcome of no strings yet, appended. */
struct mime_outcome *mime_report_add(struct mime_report *report);

/* The message as members of the record. */
void mime_encode(const struct mime_message *m, struct record *r);
void mime_encode_links(const GPtrArray *links, struct record *r);
/* Of struct mime_crypt, and one appended that has no texts yet; on the wire, where
 * decoding trusts nothing. */
GPtrArray *mime_crypts_new(void);
struct mime_crypt *mime_crypts_add(GPtrArray *crypts);
void mime_crypts_encode(const GPtrArray *crypts, struct record *r);
void mime_crypts_decode(const struct record *r, GPtrArray *to);

/* Its spans and blocks; decoding leaves out what does not fit the text that m has by
 * then. */
void mime_encode_layout(const struct mime_message *m, struct record *r);
void mime_decode_layout(const struct record *r, struct mime_message *m);

/* What was not fetched, what was not shown, and the other form of the text. */
void mime_encode_html(const struct mime_message *m, struct record *r);
void mime_decode_html(const struct record *r, struct mime_message *m);

/* The other direction trusts nothing: every string is sanitized again, what is
 * missing is "" (words: NULL) or an empty array. */
struct mime_message *mime_decode(const struct record *r);
GPtrArray *mime_decode_links(const struct record *r);

/* A skimmed letter as octets (dewey-wire(7), skim); NULL: it could not be read.
 * Decoding moves *at behind it, and trusts nothing either: NULL is no letter,
 * *at NULL that the octets make no sense. */
void mime_skim_encode(const struct mime_message *m, GByteArray *out);
struct mime_message *mime_skim_decode(const char **at, const char *end);

/* sanitize_line() and sanitize_body(), taking the string; quick where there is
 * nothing to do.  NULL becomes "". */
char *mime_clean_line(const char *text);
char *mime_clean_body(const char *text);
/* The same; n places in text, rising, become the same places in what is returned. */
char *mime_clean_body_at(const char *text, guint *places, guint n);

#endif
