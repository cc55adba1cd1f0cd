/* SPDX-License-Identifier: MIT
 *
 * A connection to a mail server: blocking calls over one wait, so that a
 * protocol reads top to bottom, and cancel and time-outs work everywhere.
 *
 *   conn_open → (conn_start_tls) → conn_write/conn_read_line … → conn_close
 *
 * Writes are buffered; every wait reads and writes at the same time, so a
 * server that stops reading while it writes cannot lock us up (P-55).
 *
 * The program ignores SIGPIPE: OpenSSL writes by write(). */
#ifndef DEWEY_NET_CONN_H
#define DEWEY_NET_CONN_H

#include "base/base.h"

#define NET_ERROR (net_error_quark())
GQuark net_error_quark(void);
enum net_error {
	NET_ERROR_RESOLVE,     /* the host is not known: check the name, or later */
	NET_ERROR_CONNECT,     /* refused or unreachable: later */
	NET_ERROR_TIMEOUT,     /* nothing came in time: later */
	NET_ERROR_CLOSED,      /* the server closed the connection: later */
	NET_ERROR_CANCELLED,   /* the user or the parent said so */
	NET_ERROR_TLS,         /* no TLS session: never in clear instead */
	NET_ERROR_CERTIFICATE, /* it is not who it says: conn_facts.may_accept */
	NET_ERROR_PROTOCOL,    /* a line too long, octets where none may be */
	NET_ERROR_CONFIG,      /* host name, CA file: mend the dotfile */
	NET_ERROR_SYSTEM,      /* no descriptors, memory or processes left: later */
};

struct conn;
typedef struct conn conn;

/* Looks at fd while we wait: when it is readable, ready() is called; it
 * returns false to end the wait with NET_ERROR_CANCELLED. */
struct conn_watch {
	int fd; /* -1: none; interrupt.h gives one for signals and the wire */
	bool (*ready)(void *data);
	void *data;
};

/* Sees every line that crosses, for traces: sent, and the line without its
 * end; secrets come masked.  NULL: none. */
typedef void (*conn_trace)(bool sent, const char *line, size_t len, void *data);

/* A SOCKS5 proxy (RFC 1928); user and password (RFC 1929) or both NULL. */
struct conn_proxy {
	const char *host, *user, *password;
	uint16_t port;
};

struct conn_params {
	const char *host; /* name, U-label or A-label, or an address */
	uint16_t port;
	bool tls;            /* from the first octet */
	bool outside_only;   /* the host is a stranger's word: it is connected to only where
			      * its address is one of the net at large, else NET_ERROR_CONFIG;
			      * which one a proxy finds, nobody knows */
	const char *ca_file; /* PEM; NULL: the system's */
	/* The client's own certificate with its chain, and its key, PEM; key_file
	 * NULL: it stands in cert_file; cert_file NULL: none is shown. */
	const char *cert_file, *key_file;
	int timeout;         /* seconds for connecting and the TLS handshake each */

	/* Ways round the plain one, at most one of them.  The tunnel is a command
	 * for /bin/sh, with %h, %p and %% for host, port and a '%'; what it writes
	 * to stderr is handed to tunnel_says (may be NULL) line by line, sanitized. */
	const struct conn_proxy *proxy;
	const char *tunnel;
	void (*tunnel_says)(const char *line);

	/* Keys (SHA-256 of the SubjectPublicKeyInfo, 64 lower-case digits).  With
	 * pins, NULL-terminated, the server must have one of them; else with
	 * accepted it must have that one.  Its certificate may then be expired,
	 * self-signed, of an unknown issuer or for another name, and no worse. */
	const char *const *pins;
	const char *accepted;

	struct conn_facts *facts; /* filled in as things happen; NULL: not wanted */
	struct conn_watch watch;
	conn_trace trace;
	void *trace_data;
};

struct conn_certificate {
	char *subject, *issuer; /* sanitized */
	int64_t from, until;    /* seconds since 1970 */
};

/* What was seen on the way to a server, also where it failed.  Starts as {0}. */
struct conn_facts {
	GPtrArray *addresses; /* of char *: what the name (of the proxy, if there is one)
			       * led to; NULL: not known yet, or a tunnel */
	guint tried;          /* so many of them, the first ones */
	char *address;        /* the one that answered; NULL: none, or a tunnel */
	bool connected;       /* to the server, by whatever way */
	int connect_ms, tls_ms;
	char *tls;        /* "TLSv1.3 TLS_AES_256_GCM_SHA384"; NULL: no TLS yet */
	GPtrArray *chain; /* of struct conn_certificate, the server's first; NULL */
	char *names;      /* "'a.test', 'b.test'": what its certificate is good for */
	char *key;        /* of the server, as in conn_params.pins; NULL */
	char *fault;      /* why its certificate cannot be verified; NULL: it can */
	bool pinned;      /* trusted by its key alone, in spite of fault */
	bool may_accept;  /* refused, but a person may say "accepted = key" */
};
void conn_facts_clear(struct conn_facts *f);

/* Connects (RFC 8305: the addresses of both families in turn, a quarter of a
 * second apart, the first one that answers) and, with tls, verifies the
 * certificate and the name (T-01 to T-06).  params is not needed afterwards, but
 * params->facts is, as long as the connection lives. */
struct conn *conn_open(const struct conn_params *params, GError **error);
void conn_close(struct conn *c); /* closes without a word; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(conn, conn_close)

/* TLS after STLS or STARTTLS.  Octets already received are an attack: then
 * NET_ERROR_PROTOCOL (T-21).  Nothing read before counts afterwards. */
bool conn_start_tls(struct conn *c, GError **error);
bool conn_is_secure(const struct conn *c);
/* "TLSv1.3 TLS_AES_256_GCM_SHA384" for logs; NULL in clear. */
const char *conn_tls_text(const struct conn *c);
/* Whether a certificate of ours was there to be shown in this TLS session. */
bool conn_has_certificate(const struct conn *c);
/* What binds a log-in to this TLS session: "tls-exporter" (RFC 9266); NULL in
 * clear and before TLS 1.3, where there is none that is safe (T-44).  To be
 * freed with g_bytes_unref(). */
GBytes *conn_channel_binding(const struct conn *c);

/* An answer is awaited: seconds that one read may last without an octet; 0: no
 * limit.  Once the answer has begun, waiting for all the rest of it may take so
 * long, and a second for each 16 octets: then it is NET_ERROR_TIMEOUT as well. */
void conn_set_timeout(struct conn *c, int seconds);

/* Appends to the output; goes out with the next flush or read.  conn_write()
 * is for bodies and is not traced; conn_printf() is for commands: each line of
 * the text is traced, its CRLF stands in the format. */
void conn_write(struct conn *c, const void *data, size_t len);
void conn_printf(struct conn *c, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* A line with a secret in it, without its CRLF, which is added; traced as
 * label followed by "***" ("PASS " gives "PASS ***"). */
void conn_write_secret(struct conn *c, const char *line, const char *label);
/* Waits until all is written.  Input is taken in meanwhile, a megabyte at most:
 * more is NET_ERROR_PROTOCOL, for this is not a call for pipelines. */
bool conn_flush(struct conn *c, GError **error);
/* Writes what can be written at once, for who has something to do until the answer
 * comes.  An error is told by the next flush or read. */
void conn_push(struct conn *c);
/* Octets not yet written, for callers that stream. */
size_t conn_unsent(const struct conn *c);

/* One line up to LF, without its CRLF or LF; NUL-terminated behind *len, valid
 * until the next read.  longer than limit: NET_ERROR_PROTOCOL.  *crlf (may be
 * NULL): whether it ended in CRLF. */
const char *conn_read_line(struct conn *c, size_t limit, size_t *len, bool *crlf, GError **error);

/* The trace sees nothing of what is read, until it is wanted again: for listings
 * of many thousand lines.  A note for the trace tells of them. */
void conn_set_quiet(struct conn *c, bool quiet);
void conn_trace_note(struct conn *c, const char *note);

/* What is there, at least one octet, at most size: for bodies.  0: error (a
 * close by the server is an error). */
size_t conn_read_some(struct conn *c, void *buffer, size_t size, GError **error);
/* Gives octets back that conn_read_some() took too much. */
void conn_unread(struct conn *c, const void *data, size_t len);

/* Whether octets can be read now without waiting: where none may be (P-26). */
bool conn_has_input(struct conn *c);
/* Whether nothing is known yet of the connection's end, after all that has come was
 * taken in.  Error: how it ended. */
bool conn_is_alive(struct conn *c, GError **error);

#endif
