/* SPDX-License-Identifier: MIT
 *
 * Replies and forwards: from what is known of a letter to a draft.  No foreign
 * bytes are parsed here; the caller fills reply_source from dewey-mime's answer. */
#ifndef DEWEY_COMPOSE_REPLY_H
#define DEWEY_COMPOSE_REPLY_H

#include "compose/address.h"
#include "compose/draft.h"

enum reply_kind { REPLY_SENDER, REPLY_ALL, REPLY_FORWARD };

/* All borrowed for the call.  Address lists: GPtrArray of typed_address whose
 * addresses need not be valid; such ones are left out of the draft. */
struct reply_source {
	int64_t id; /* index id */
	const GPtrArray *from, *reply_to, *to, *cc;
	const char *subject;
	const char *message_id;      /* without <>; "" if none */
	const GPtrArray *references; /* of char *, without <>, oldest first */
	const char *date_text;       /* as a person reads it */
	const char *text;            /* the readable text, a line a paragraph */
	const char *path;            /* forward: goes along as message/rfc822; or NULL */
};

/* Who writes.  Borrowed. */
struct identity {
	const char *account, *name, *address;
};

/* own: the user's addresses (NULL-terminated), dropped from a reply to all.
 * An answer to a letter of one's own goes to those it went to.  "Re: " and
 * "Fwd: " stand once, whatever the language of those that were there.
 * The body is quoted with "> ", long lines wrapped, without the signature, below
 * one line "DATE, NAME wrote:" (translated);
 * References are capped as in S-64, malformed ids dropped.  A forward has the
 * text below a line and a short header. */
struct draft *reply_new(const struct reply_source *to, enum reply_kind kind,
	const struct identity *from, const char *const *own);

/* An empty letter. */
struct draft *draft_new_from(const struct identity *from);

#endif
