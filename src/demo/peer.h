/* SPDX-License-Identifier: MIT
 *
 * One connection of the practice server: lines in, lines out, and the table
 * of commands that POP3 and SMTP have in common. */
#ifndef DEWEY_DEMO_PEER_H
#define DEWEY_DEMO_PEER_H

#include <gio/gio.h>

#include "base/base.h"
#include "demo/maildrop.h"

/* The one log-in of the practice server. */
#define DEMO_USER "demo"
#define DEMO_PASSWORD "demo"

struct peer;
struct peer *peer_new(GSocketConnection *connection);
void peer_free(struct peer *p);

/* The next line without its CRLF, NULL at the end; it may hold any octet but
 * NUL ends it for readers of strings.  len may be NULL.  g_free() it. */
char *peer_read(struct peer *p, size_t *len);

/* A line, CRLF added; it goes out when the next line is awaited. */
void peer_say(struct peer *p, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Octets with dots doubled at the begin of lines, and the final dot; text ends
 * with CRLF. */
void peer_say_text(struct peer *p, const char *text, size_t len);

/* What a command may do next. */
enum verdict { GO_ON, GOOD_BYE };

struct verb {
	const char *name;
	int least; /* the state of the session from which it is allowed */
	enum verdict (*run)(void *session, const char *argument);
};

/* Finds the verb of line in the table (ends with name NULL), whatever its
 * case; *argument is what stands behind it. */
const struct verb *verb_find(const struct verb *table, const char *line, const char **argument);

/* Whether these are the name and the password of the practice server. */
bool peer_may_enter(const char *user, const char *password);

/* The sessions: return when the connection is over. */
void pop3_serve(struct peer *p, struct maildrop *m);
void smtp_serve(struct peer *p, struct maildrop *m);

#endif
