/* SPDX-License-Identifier: MIT
 *
 * Replies and forwards: from what is known of a letter to a draft.  No foreign
 * bytes are parsed here; the caller fills reply_source from dewey-mime's answer. */
#ifndef DEWEY_COMPOSE_REPLY_H
#define DEWEY_COMPOSE_REPLY_H

#include "compose/address.h"
#include "compose/draft.h"

enum reply_kind {
	REPLY_SENDER,
	REPLY_ALL,     /* to Mail-Followup-To instead, if the source has one */
	REPLY_LIST,    /* to reply_list_address() alone */
	REPLY_FORWARD, /* its text, below a line and a short header; path, if any, too */
	REPLY_ATTACH,  /* forward: no text, path goes along whole */
};

/* All borrowed for the call.  Address lists: GPtrArray of typed_address whose
 * addresses need not be valid; such ones are left out of the draft. */
struct reply_source {
	int64_t id; /* index id */
	const GPtrArray *from, *reply_to, *to, *cc;
	const GPtrArray *followup_to; /* Mail-Followup-To; NULL: none, or not to be obeyed */
	const char *list_post;        /* value of List-Post (RFC 2369); NULL: none */
	const char *const *lists;     /* addresses of lists that the user knows; NULL: none */
	const char *subject;
	const char *message_id;       /* without <>; "" if none */
	const GPtrArray *references;  /* of char *, without <>, oldest first */
	const char *date_text;        /* as a person reads it */
	const char *text;             /* the readable text, a line a paragraph */
	const char *path;             /* the letter's file; forward: goes along as
				       * message/rfc822; resend: is what is sent; or NULL */
	const char *reply_template;   /* the line above what is quoted; NULL: "%d, %n wrote:",
				       * translated.  %d date, %n name, %a address, %s subject,
				       * %% percent; all else stands as it is */
	const char *forward_template; /* the line above a forward, in the same way */
};

/* Who writes.  Borrowed. */
struct identity {
	const char *account, *name, *address;
	const char *charsets; /* draft.charsets */
	bool flowed;          /* draft.flowed; lines that are wrapped here end with a blank */
	bool utc;             /* draft.utc */
};

/* own: the user's addresses (NULL-terminated), dropped from a reply to all.
 * An answer to a letter of one's own goes to those it went to.  "Re: " and
 * "Fwd: " stand once, whatever the language of those that were there.
 * The body is quoted with "> ", long lines wrapped, without the signature, below
 * the line of reply_template; References are capped as in S-64, malformed ids
 * dropped. */
struct draft *reply_new(const struct reply_source *to, enum reply_kind kind,
	const struct identity *from, const char *const *own);

/* The list that a letter came by: the first mailto: of List-Post, else the first
 * of lists that it was written to.  NULL: none is known, or nobody may post there
 * (List-Post: NO).  g_free() it. */
char *reply_list_address(const struct reply_source *to);

/* The letter at of->path is to be sent on as it is (S-63): draft.resends.  To is
 * empty; the subject is the letter's, for the screen. */
struct draft *resend_new(const struct reply_source *of, const struct identity *from);

/* An empty letter. */
struct draft *draft_new_from(const struct identity *from);

/* Puts what a mailto: says (RFC 6068, M-63) into d: To, Cc, Bcc, Subject,
 * In-Reply-To and the text; nothing else is obeyed, least of all attach=, and
 * d->notice says what was left out.  COMPOSE_ERROR_ADDRESS, _HEADER (no mailto:,
 * over 64 KiB, a % that is no octet, control characters in a field) or _TEXT
 * (not UTF-8): d is unchanged. */
bool mailto_parse(const char *uri, struct draft *d, GError **error);

#endif
