/* SPDX-License-Identifier: MIT
 *
 * Which program shows a file of a type: mailcap files (RFC 1524).  Nothing that a
 * letter says gets into a command but a type of plain letters; parameters of types
 * ("%{name}") and tests that would have to be run make an entry one that is passed
 * over (CHECKLIST M-51). */
#ifndef DEWEY_UI_MAILCAP_H
#define DEWEY_UI_MAILCAP_H

#include "base/base.h"

struct mailcap;
typedef struct mailcap mailcap;

/* Nothing in it. */
struct mailcap *mailcap_new(void);
void mailcap_free(struct mailcap *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mailcap, mailcap_free)

/* The text of a file, behind what is there already. */
void mailcap_read(struct mailcap *m, const char *text);
/* The files of $MAILCAPS, or the usual ones; what is not there is passed over. */
void mailcap_read_files(struct mailcap *m);

struct mailcap_command {
	char **argv;   /* g_strfreev() it */
	bool input;    /* it wants the file as its standard input */
	bool terminal; /* it draws on the terminal */
	bool output;   /* what it prints is to be shown, by us */
};
void mailcap_command_clear(struct mailcap_command *c);
typedef struct mailcap_command mailcap_command;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(mailcap_command, mailcap_command_clear)

/* The first command that is there and shows the file path (absolute) of this type;
 * false: none.  output: only one whose output is to be shown. */
bool mailcap_find(const struct mailcap *m, const char *type, const char *path, bool output,
	struct mailcap_command *found);

#endif
