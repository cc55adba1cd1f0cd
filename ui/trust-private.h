/* SPDX-License-Identifier: MIT
 *
 * Between the files that judge a letter.  Nobody else includes this. */
#ifndef DEWEY_UI_TRUST_PRIVATE_H
#define DEWEY_UI_TRUST_PRIVATE_H

#include "ui/trust.h"

struct judging {
	const char *folder, *account;
	const struct mime_message *mime;
	const struct dotfile *dotfile;
	struct index *index;
	const struct mime_address *from; /* the first sender */
	bool stranger;
	struct trust *trust;
};

struct trust *trust_new(void);

/* The end of a foreign name, so that it takes no more than its share; g_free() it. */
char *trust_shorten(const char *text);

/* What the server of the account says of the sender (RFC 8601). */
void trust_judge_auth(struct judging *j);

#endif
