/* SPDX-License-Identifier: MIT
 *
 * A letter that another program hands in, on its way into the outbox: who
 * writes and who reads, from the command line, the letter and the dotfile. */
#ifndef DEWEY_SMTP_SUBMISSION_H
#define DEWEY_SMTP_SUBMISSION_H

#include "smtp/letter.h"
#include "smtp/program.h"

struct submission {
	struct program *program;
	struct input input;
	struct letter *letter;
	const struct account *account;
	char *sender;
	char *message_id;
	GPtrArray *recipients; /* of char * */
	int64_t send_at;       /* 0: now */
	bool begun;            /* the outbox has a file for it */
};
void submission_clear(struct submission *s);

/* Once the letter has begun and the agent is open: account, sender, recipients.
 * Names without a domain are addresses then, in the header too.  Error:
 * WIRE_ERROR. */
bool submission_address(struct submission *s, GError **error);

/* Then: Date, Message-ID and From where they are missing. */
void submission_complete(struct submission *s);

#endif
