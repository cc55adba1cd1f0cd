/* SPDX-License-Identifier: MIT
 *
 * What the header of a letter says of how it came, and what it asks of who reads
 * it.  Anybody can write all of it: what to believe is for the front end, which
 * knows the account's server.  Strings passed sanitize_line() and are never NULL. */
#ifndef DEWEY_MIME_TRACE_H
#define DEWEY_MIME_TRACE_H

#include "base/base.h"

/* One result of an Authentication-Results field (RFC 8601 section 2.2). */
struct mime_auth {
	int field;     /* which field it stands in: 0 is the topmost */
	char *server;  /* authserv-id, in lower case */
	char *method;  /* "dkim", "spf", "dmarc" …, in lower case; "none": the server checked
			* nothing */
	char *result;  /* "pass", "fail", "softfail" …, likewise */
	char *domain;  /* whose: of dkim header.d, of dmarc header.from, of spf smtp.mailfrom;
			* in lower case; "" if not told */
	char *reason;  /* in the server's words; "" if none */
};

struct mime_trace {
	GPtrArray *auth;       /* of struct mime_auth, in their order */
	char *return_path;     /* addr-spec; "" if there is no such field */
	bool bounce;           /* the Return-Path is <> */
	bool automatic;        /* by a list or a program: List-Id, Precedence, Auto-Submitted */
	GPtrArray *receipt_to; /* of struct mime_address: Disposition-Notification-To */
	bool receipt_options;  /* it asks for what we do not know (RFC 8098 section 2.2) */
	char *original_recipient; /* of Original-Recipient, with its type; "" if none */
	/* Of List-Unsubscribe the first address of each scheme; "" if none. */
	char *leave_https, *leave_http, *leave_mailto;
	bool one_click;        /* List-Unsubscribe-Post says so (RFC 8058) */
	GPtrArray *leave_signers; /* of char *: domains of DKIM-Signature fields, lower case,
			       * all of which cover both of these and are not checked here */
	char *autocrypt_key;   /* of the only sender, in base64 (Autocrypt, level 1); "" */
	bool autocrypt_mutual; /* who asks for encrypted answers */
};

/* Its strings are "", its arrays are there. */
struct mime_trace *mime_trace_new(void);
void mime_trace_free(struct mime_trace *t);
typedef struct mime_trace mime_trace;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mime_trace, mime_trace_free)

/* A result of empty strings, appended. */
struct mime_auth *mime_trace_add(struct mime_trace *t);

/* Its way over the wire; decoding trusts nothing. */
struct record;
void mime_trace_encode(const struct mime_trace *t, struct record *r);
struct mime_trace *mime_trace_decode(const struct record *r);

#endif
