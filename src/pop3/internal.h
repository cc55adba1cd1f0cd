/* SPDX-License-Identifier: MIT
 *
 * What the files of a session share: session.c (connection, commands and
 * replies), connect.c (from the greeting to the log-in), login.c (STLS and who
 * we are), listing.c (what is there), naming.c (what it is called without
 * UIDL). */
#ifndef DEWEY_POP3_INTERNAL_H
#define DEWEY_POP3_INTERNAL_H

#include "pop3/session.h"

enum pop3_state {
	STATE_CLOSED,
	STATE_AUTHORIZATION,
	STATE_TRANSACTION,
	STATE_UPDATE, /* after QUIT */
};

struct pop3 {
	enum pop3_state state;
	enum security security;
	enum auth auth;
	const char *file;
	int auth_line;
	char *user, *host, *ca_file, *language;
	bool insist_on_utf8;
	struct conn_params net;
	char *(*secret)(void *data, GError **error);
	void *data;

	struct conn *conn;
	bool lf_mode; /* the greeting ended in a bare LF (P-41) */
	bool hurry;
	bool utf8;                  /* UTF8 was answered by +OK; no STLS any more */
	unsigned quirks;            /* pop3_quirks() */
	char *other_languages;      /* what LANG listed, for a person */
	int64_t said_at;            /* clock_monotonic() of the last command */
	GArray *sent;               /* of enum pop3_command: outstanding, in order */
	bool list_asked;            /* for all of pop3_list() */
	struct capabilities capa;   /* of this layer of security (T-25) */
	bool greeted;               /* by +OK */
	const char *mechanism;      /* that the log-in was by; static */
	char *greeting;             /* its text, raw, for APOP; NULL after STLS */
	char *words;                /* what the server said last, sanitized */
	struct reply reply;         /* the last; its text is valid until the next read */
	size_t reply_len;           /* of text */
	enum pop3_command answered; /* what the last reply belongs to */
};

/* The limit of a status line (P-40) and of a line of a listing. */
#define STATUS_LINE_MAX 8192

/* How long the next reply may keep us waiting; less if there is a hurry. */
void pop3_set_patience(struct pop3 *p, int seconds);
/* What -ERR with this response code means, where nothing else is known. */
enum pop3_error pop3_code_error(enum reply_code code);

const char *pop3_verb(enum pop3_command command);
bool pop3_fail(GError **error, enum pop3_error code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Sends "VERB arguments" (arguments may be NULL), legal in this state. */
bool pop3_command(struct pop3 *p, enum pop3_command command, const char *arguments, GError **error);
/* Notes a command whose line the caller writes itself, since it is secret. */
bool pop3_expect(struct pop3 *p, enum pop3_command command, GError **error);

/* Reads a status line of at most so many octets, that answers no command: the
 * greeting. */
bool pop3_read_status(struct pop3 *p, size_t limit, bool greeting, GError **error);
/* Reads a status line into p->reply; REPLY_CONTINUE only where allowed. */
bool pop3_read_reply(struct pop3 *p, bool may_continue, GError **error);
/* pop3_take() and -ERR is an error (of the code its response code says). */
bool pop3_demand(struct pop3 *p, GError **error);
/* The error for the -ERR that was just read. */
bool pop3_refused(const struct pop3 *p, GError **error);

/* The lines of a listing, un-stuffed; line: false ends with an error. */
struct listing_limits {
	guint rows;
	size_t octets;
};
typedef bool (*pop3_line)(const char *line, size_t len, void *data);
bool pop3_read_lines(
	struct pop3 *p, struct listing_limits limits, pop3_line line, void *data, GError **error);

/* CAPA's reply after pop3_command(POP3_CAPA). */
bool pop3_take_capa(struct pop3 *p, GError **error);
bool pop3_stls(struct pop3 *p, GError **error);

#endif
