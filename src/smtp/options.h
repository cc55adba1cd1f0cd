/* SPDX-License-Identifier: MIT
 *
 * The command line: that of a sendmail (CHECKLIST 2.8), and dewey's own. */
#ifndef DEWEY_SMTP_OPTIONS_H
#define DEWEY_SMTP_OPTIONS_H

#include "base/base.h"

enum mode {
	MODE_LETTER, /* take a letter from stdin */
	MODE_QUEUE,  /* send what is queued */
	MODE_LIST,   /* show the queue */
	MODE_WIRE,   /* requests on stdin */
	MODE_VERIFY, /* three questions to the server, about what is left of argv */
	MODE_EXPAND,
	MODE_SERVER_HELP,
	MODE_FIND, /* the servers of an address, by DNS */
	MODE_HELP,
	MODE_VERSION,
};

struct options {
	enum mode mode;
	char *sandbox; /* --sandbox; NULL */
	char *rc;         /* NULL: the usual one */
	char *account;    /* NULL: by From, or the first */
	char *sender;     /* of -f; "" for <>; NULL: the account's */
	char *name;       /* of -F */
	bool from_header; /* -t */
	bool verify;      /* -bv: where nobody can be asked, the form of an address counts */
	bool tls_optional; /* TLS-Required: No goes into the letter */
	bool dot_is_text; /* -i */
	bool events, trace;
	unsigned asks;     /* enum outbox_options: what the server is asked for */
	char *envid;       /* of -V; NULL: none */
	char *at;          /* of --at: a time as when_parse() takes it; NULL: now */
	char **recipients; /* what is left of argv; borrowed */
};
void options_clear(struct options *o);

/* argv[0] decides too: "mailq" lists.  Error: CODE_USAGE. */
bool options_parse(struct options *o, int argc, char **argv, GError **error);

/* Each option with a line of help, for --help; g_free() it. */
char *options_help(void);

#endif
