/* SPDX-License-Identifier: MIT
 *
 * One [account NAME] of the dotfile.  Everything is checked when it is here:
 * URLs are split, the host is not empty and has no leading dot (CHECKLIST
 * T-04), keep and password are understood. */
#ifndef DEWEY_CONFIG_ACCOUNT_H
#define DEWEY_CONFIG_ACCOUNT_H

#include "base/base.h"

enum security {
	SECURITY_TLS,      /* pop3s: smtps: TLS from the first octet */
	SECURITY_STARTTLS, /* pop3: smtp: STLS or STARTTLS, required */
	SECURITY_INSECURE, /* pop3+insecure: smtp+insecure: said aloud */
};

struct server_url {
	enum security security;
	char *user; /* percent-decoded; NULL: none, no log-in */
	char *host; /* as configured; U-labels not yet converted */
	uint16_t port;
	char *command; /* of smtp: a program in place of a server, words as in a shell, which
			* can be told apart; host is "" then; NULL: a server */
	int line; /* of the dotfile */
};

/* A SOCKS5 proxy (RFC 1928, RFC 1929). */
struct proxy_url {
	char *user, *password; /* both percent-decoded, or both NULL; wiped when freed */
	char *host;
	uint16_t port;
	int line;
};

enum secret_kind { SECRET_PROMPT, SECRET_COMMAND, SECRET_FILE, SECRET_CLEAR };

struct secret_source {
	enum secret_kind kind;
	char *value; /* the command, the path (expanded) or the secret; wiped when freed */
	int line;
};

/* How to log in. */
enum auth {
#define AUTH(name, word, pop3, smtp) AUTH_##name,
#include "config/auth.def"
#undef AUTH
};
/* The word of the dotfile: "cram-md5".  Static. */
const char *auth_word(enum auth auth);

enum keep_kind { KEEP_ALWAYS, KEEP_NEVER, KEEP_DAYS, KEEP_UNTIL_DELETED };

struct keep_policy {
	enum keep_kind kind;
	int days;
};

enum preview_kind { PREVIEW_NEVER, PREVIEW_OVER, PREVIEW_ALL };

struct preview_policy {
	enum preview_kind kind;
	uint64_t over; /* octets */
};

/* What is asked of the submission server with each letter: as the options of a
 * letter in the outbox (store/outbox.h), bit by bit. */
enum asks {
	ASK_NOTIFY_SUCCESS = 1 << 0, /* RFC 3461; none of the four: as the server does it */
	ASK_NOTIFY_FAILURE = 1 << 1,
	ASK_NOTIFY_DELAY = 1 << 2,
	ASK_NOTIFY_NEVER = 1 << 3, /* alone */
	ASK_RETURN_FULL = 1 << 4,
	ASK_RETURN_HEADERS = 1 << 5,
	ASK_REQUIRE_TLS = 1 << 6, /* RFC 8689 */
	ASK_SERVER_HOLDS = 1 << 7, /* RFC 4865: of a letter of a later time */
};
enum {
	ASK_NOTIFY = ASK_NOTIFY_SUCCESS | ASK_NOTIFY_FAILURE | ASK_NOTIFY_DELAY | ASK_NOTIFY_NEVER,
	ASK_RETURN = ASK_RETURN_FULL | ASK_RETURN_HEADERS,
};

/* "never", or "success, failure, delay" or some of them, in any case of letters;
 * false: it is not that. */
bool asks_parse_notify(const char *text, unsigned *asks);

enum encrypt_policy { ENCRYPT_NO, ENCRYPT_YES, ENCRYPT_AUTO /* if all have keys */ };

/* What becomes of letters by OpenPGP or S/MIME. */
struct seal_settings {
	bool sign;
	enum encrypt_policy encrypt;
	char *key, *smime_key; /* fingerprints, upper case; NULL: found by the address */
	bool show_subject;     /* outside of encrypted letters as well */
	bool autocrypt;        /* the key goes along in the header */
	bool mutual;           /* and asks for encrypted answers */
};

struct account {
	char *id;      /* the word of [account WORD] */
	char *name;    /* full name; may be NULL */
	char *address; /* may be NULL for an account that only fetches */
	char **addresses; /* other own ones, "a@b" or "*@b"; NULL-terminated */
	char *signature;  /* a file; NULL: none */
	struct server_url *pop3; /* NULL: does not fetch */
	struct server_url *smtp; /* NULL: does not send */
	struct secret_source password;      /* for pop3, and smtp without its own */
	struct secret_source smtp_password; /* kind PROMPT with value NULL: as password */
	bool has_smtp_password;
	struct keep_policy keep;
	uint64_t max_size; /* octets; larger letters are never fetched; 0: no limit */
	int max_size_line; /* of the dotfile */
	struct preview_policy preview; /* which letters are fetched only when asked for */
	char *inbox, *sent; /* folder names */
	unsigned asks; /* enum asks */
	struct seal_settings seal;
	char *tls_ca;       /* NULL: the system's */
	char **tls_pins;    /* SHA-256 of keys, 64 lower-case digits each; NULL: none */
	struct proxy_url *proxy; /* at most one of proxy and tunnel */
	char *tunnel;       /* for /bin/sh; %h, %p and %% not yet replaced */
	int tunnel_line;    /* of the dotfile */
	bool sdps;           /* ask for envelopes by *ENV */
	char *pop3_language; /* the language of the server's words; NULL: its own */
	char *tls_cert, *tls_key; /* our own, PEM; NULL: none; key NULL: in tls_cert */
	enum auth pop3_auth, smtp_auth;
	int pop3_auth_line, smtp_auth_line; /* of the dotfile */
	bool repeat_uncertain; /* unattended, once (S-50) */
	int give_up;           /* days: then a letter goes back to Drafts */
	char *auth_results; /* whose Authentication-Results are believed; NULL: nobody's */
	char *helo;         /* NULL: an address literal */
	int interval;       /* seconds between two fetches; -1: that of all */
	int timeout;        /* seconds */
	int smtp_greeting;  /* the same for its greeting, which RFC 5321 gives five minutes */
	char *file;         /* the dotfile, for messages: "file:line" */
	int line;
};

/* Asks a person; returns the secret (wiped and freed by us) or NULL. */
typedef char *(*secret_prompt)(const char *text, void *data);

/* The account's secret for "pop3" or "smtp": runs the command (its stderr is
 * shown, 64 KiB at most, one trailing newline dropped), reads the file (must
 * not be readable by others), prompts, or copies.  Never holds CR, LF or NUL.
 * The caller wipes it with explicit_bzero and frees it.  Error: CONFIG_ERROR,
 * with file and line of the dotfile in the text.
 * T-32: prompt is asked with our words, never a server's. */
char *account_secret(const struct account *a, const char *service, secret_prompt prompt,
	void *data, GError **error);

#define CONFIG_ERROR (config_error_quark())
GQuark config_error_quark(void);
enum config_error {
	CONFIG_ERROR_FILE,   /* mend the dotfile or what it names */
	CONFIG_ERROR_SECRET, /* the password cannot be had */
};

/* Whether this is an address of the account, without regard to case. */
bool account_has_address(const struct account *a, const char *address);

/* "pop3s://ivan@pop.example.org" or "command:sendmail -t" for messages, the port
 * only where it is not
 * the scheme's own; service is "pop3" or "smtp"; g_free() it. */
char *server_url_text(const char *service, const struct server_url *url);

/* The key of all state of an account on its server (CHECKLIST P-11):
 * "id|host|port|login" of pop3, or of smtp for an account that only sends; the
 * host in lower case.  g_free() it. */
char *account_state_key(const struct account *a);

#endif
