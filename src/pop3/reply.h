/* SPDX-License-Identifier: MIT
 *
 * Reading what a POP3 server says: status lines, response codes, rows of
 * listings and capabilities.  Pure functions over lines without their ends. */
#ifndef DEWEY_POP3_REPLY_H
#define DEWEY_POP3_REPLY_H

#include "base/base.h"

enum reply_kind {
	REPLY_OK,       /* "+OK", then a space or the end */
	REPLY_ERR,      /* "-ERR", the same */
	REPLY_CONTINUE, /* "+", the same: only during AUTH */
	REPLY_BAD,      /* anything else, "+Ok" and "+OKAY" too: an error (Z1) */
};

/* Response codes (RFC 2449 section 8, RFC 3206, RFC 6856). */
enum reply_code {
	REPLY_CODE_NONE,
#define RESPONSE_CODE(name, text) REPLY_CODE_##name,
#include "pop3/response-codes.def"
#undef RESPONSE_CODE
	REPLY_CODE_OTHER, /* one that is not known: plain text (P-35) */
};

struct reply {
	enum reply_kind kind;
	enum reply_code code;
	const char *text; /* behind the indicator and one space; inside line */
};

/* len: NUL octets inside are data. */
struct reply reply_parse(const char *line, size_t len);

/* Digits only, up to 2^64-1, then end or a space; *rest (may be NULL) gets
 * what is behind the spaces (P-45). */
bool reply_number(const char *text, uint64_t *value, const char **rest);

/* "12 345": the greatest count is checked by the caller. */
bool reply_stat(const char *text, uint64_t *count, uint64_t *octets);
/* A row of LIST: "n size", more may follow. */
bool reply_list_row(const char *line, uint64_t *number, uint64_t *size);
/* A row of UIDL: *uid is NULL where the server gives none; one that is longer
 * than 255 octets or holds control octets is replaced by its hash (P-46). */
bool reply_uidl_row(const char *line, size_t len, uint64_t *number, GBytes **uid);

#define EXPIRE_NEVER G_MAXUINT
#define LOGIN_DELAY_MAX 86400

/* What CAPA said (RFC 2449).  A number that cannot be is as if not said. */
struct capabilities {
	bool known; /* false: the server has no CAPA; RFC 1939 and no more */
#define CAPABILITY(member, tag) bool member;
#include "pop3/capabilities.def"
#undef CAPABILITY
	bool utf8_user;       /* UTF8 USER: USER and PASS may be UTF-8 */
	bool expire_now;      /* EXPIRE 0: what RETR gave may be gone after QUIT */
	guint expire_days;    /* of EXPIRE, where expire is set; EXPIRE_NEVER (P-19) */
	guint login_delay;    /* seconds between two log-ins; 0: not said (P-17) */
	char *mechanisms;     /* of SASL; NULL: none */
	char *implementation; /* for logs and known-servers.def, never about security (P-20) */
};
void capabilities_clear(struct capabilities *c);
void capabilities_add(struct capabilities *c, const char *line);

#endif
