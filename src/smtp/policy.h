/* SPDX-License-Identifier: MIT
 *
 * One place decides what a reply means for the letter, the recipient and the
 * session: policy.def.  The protocol code only asks. */
#ifndef DEWEY_SMTP_POLICY_H
#define DEWEY_SMTP_POLICY_H

#include "wire/codes.h"

enum policy_stage {
	STAGE_CONNECT,
	STAGE_EHLO,
	STAGE_STARTTLS,
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA,
	STAGE_DOT,
	STAGE_RSET,
	STAGE_NOOP,
	STAGE_QUESTION,
	STAGE_QUIT,
	STAGE_ANY, /* in the table only */
};

enum policy_item { ITEM_KEEP, ITEM_SENT, ITEM_DEFER, ITEM_HOLD, ITEM_FAIL, ITEM_UNCERTAIN };
enum policy_recipient { RCPT_KEEP, RCPT_ACCEPT, RCPT_DEFER, RCPT_FAIL, RCPT_LATER };
enum policy_session { SESSION_GO, SESSION_RESET, SESSION_QUIT, SESSION_DROP, SESSION_AGAIN };

/* In place of a code. */
enum { REPLY_BAD = -1, REPLY_LOST = 0 };

struct policy {
	enum policy_stage stage;
	int from, to;
	const char *enhanced;
	enum policy_item item;
	enum policy_recipient recipient;
	enum policy_session session;
	enum wire_code code;
};

/* The rule for a code (200 … 599, REPLY_BAD, REPLY_LOST) at a stage; never
 * NULL.  enhanced: "5.1.1" or "". */
const struct policy *policy_for(enum policy_stage stage, int code, const char *enhanced);

#endif
