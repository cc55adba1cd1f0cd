/* SPDX-License-Identifier: MIT
 *
 * A letter as lines, for all that show one: the page of a letter, that of one within it,
 * that of one on a server, and "dewey show". */
#ifndef DEWEY_UI_LETTER_PAGE_H
#define DEWEY_UI_LETTER_PAGE_H

#include "store/index.h"
#include "ui/crypt-verdict.h"
#include "ui/layout.h"

/* All borrowed for the call. */
struct letter_page {
	const struct message_row *row;     /* shown where mime is NULL, and may be NULL else */
	const struct mime_message *mime;   /* NULL: it was not read, or cannot be */
	const struct crypt_verdict *crypt; /* NULL: nothing is signed or encrypted */
	const char *fate; /* of a letter that was sent (fates_text()); NULL or "": none */
	bool failed;      /* it did not reach somebody */
	bool full;        /* every field of the header as it stands */
	bool all_parts;   /* all that is attached is named, however much it is */
	enum layout_fold fold;
	/* What one presses to type a passphrase, and to send it again to those whom it did
	 * not reach; NULL: there is nothing to press. */
	const char *decrypt, *resend;
};

/* Header, what became of it, and body.  Where mime is NULL the body is the caller's. */
void letter_page_layout(GPtrArray *lines, const struct letter_page *p, int width);

/* "[1] https://…", the text of the link below it and what is wrong with it; but_written:
 * those that stand in the text are left out.  "" if there are none; g_free() it. */
char *letter_links_text(const GPtrArray *links, bool but_written);

#endif
