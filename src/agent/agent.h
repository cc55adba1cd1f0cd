/* SPDX-License-Identifier: MIT
 *
 * What both agents are made of: the dotfile, the store, an account and what is
 * said about it, the two ways of being run, by hand and on the wire.
 *
 *   agent_begin → agent_serve                              a child: dewey-wire(7)
 *   agent_begin → agent_by_hand → agent_open → agent_account …      by hand
 *   agent_clear */
#ifndef DEWEY_AGENT_AGENT_H
#define DEWEY_AGENT_AGENT_H

#include "config/dotfile.h"
#include "net/interrupt.h"
#include "store/store.h"
#include "wire/child.h"

struct agent;

/* A request whose account is known and has a server. */
struct agent_call {
	const struct account *account;
	const struct record *record; /* as it came */
	int64_t id;
};

/* Returns the record "done", or NULL with an error of any domain that the
 * program's code() knows.  *server, NULL at first, gets the server's last words
 * for the record "failed", if there are any. */
typedef struct record *(*agent_handler)(
	struct agent *a, const struct agent_call *call, char **server, GError **error);

struct agent_request {
	const char *name; /* of "do"; NULL behind the last */
	agent_handler handle;
};

enum agent_service { AGENT_POP3, AGENT_SMTP };

/* What a program is; constant. */
struct agent_kind {
	const char *program; /* "dewey-pop3" */
	enum agent_service service;
	/* What an error of a handler means: agent_code(), or what knows more. */
	enum wire_code (*code)(const GError *error);
	const struct agent_request *requests;
};

struct agent {
	const struct agent_kind *kind;
	void *data;                  /* the program's own, for its handlers */
	char *rc;                    /* of -c, NULL: the usual one; freed by agent_clear() */
	char *sandbox;               /* of --sandbox, NULL: as the parent or the dotfile says; likewise */
	struct interrupt *interrupt; /* NULL between two requests */
	struct wire_child *child;
	struct dotfile *dotfile; /* these two from agent_open() on */
	struct store *store;
};

/* Makes the process ready: standard descriptors, files for the user alone, no core with passwords in
 * it (T-30), the language, reports.  Before anything else in main(). */
void agent_begin(struct agent *a, const struct agent_kind *kind, void *data);
void agent_clear(struct agent *a);

/* From now on the dialogue with the server is shown, secrets masked. */
void agent_show_dialogue(const struct agent *a);

/* Before each request: descriptors for it, and signals interrupt.  Error:
 * WIRE_ERROR, CODE_SYSTEM. */
bool agent_make_ready(struct agent *a, GError **error);

/* A run by hand, which is one request: agent_make_ready(), and events go to
 * stdout, or nowhere. */
bool agent_by_hand(struct agent *a, bool events, GError **error);

/* Answers requests on stdin until it ends or a signal came during one; returns
 * the exit status. */
int agent_serve(struct agent *a);

/* Reads the dotfile, opens the store and gives up what an agent does not need, once.
 * Of several mistakes in the dotfile the first is the error, the others are reported.  Error: WIRE_ERROR. */
bool agent_open(struct agent *a, GError **error);

/* The account of this name, with a server of our service; the dotfile's.  Error:
 * CODE_USAGE: there is none of this name; CODE_CONFIG: it has no server. */
const struct account *agent_account(const struct agent *a, const char *name, GError **error);

/* What is told to the user: WIRE_ERROR with the step, why, and the cure.  It does
 * not name the account: whoever shows it does, once. */
GError *agent_explain(const struct agent *a, const struct account *account, const GError *why);

/* Says the error and returns its exit status.  account: whose it is; NULL: that
 * is not known, or the error says it. */
int agent_fail(const struct account *account, const GError *error);

/* The code of an error of wire, net, store or config: one table. */
enum wire_code agent_code(const GError *error);

/* Asks for a secret by text ("password for home"): the parent, or if there is
 * none the person at the terminal.  The answer is to be wiped and freed; NULL:
 * there is none. */
char *agent_ask(struct wire_child *child, int64_t id, const char *text);

#endif
