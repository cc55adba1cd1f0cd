/* SPDX-License-Identifier: MIT
 *
 * What the files of src/net share and nobody else sees. */
#ifndef DEWEY_NET_INTERNAL_H
#define DEWEY_NET_INTERNAL_H

#include <openssl/ssl.h>
#include <poll.h>

#include "net/conn.h"

struct lookup;
struct tunnel;
struct verdict;

struct conn {
	int fd;
	struct tunnel *tunnel; /* whose other end fd is; NULL: none */
	SSL_CTX *ctx;          /* NULL: in clear */
	SSL *ssl;
	char *tls_text;
	struct verdict *verdict; /* on the certificate; NULL before the handshake */

	char *host; /* as configured, for messages */
	char *name; /* A-labels without the last dot, or an address: T-04, T-05 */
	bool is_address;
	uint16_t port;
	char *ca_file, *cert_file, *key_file;
	char **pins; /* NULL: none */
	char *accepted;
	const char *awaited; /* whose answer we wait for: host, or the proxy's */
	struct conn_facts *facts, own_facts;
	int connect_timeout, read_timeout; /* seconds; 0: none */
	struct conn_watch watch;
	conn_trace trace;
	void *trace_data;
	bool quiet; /* what is read is not traced */

	/* Input: [start, end) of data is unread; [start, scanned) has no LF. */
	char *in;
	size_t in_size, start, scanned, end;
	/* Output: [sent, out->len) waits. */
	GByteArray *out;
	size_t sent;
	bool out_secret; /* to be wiped once it is sent */

	/* Of the answer that is coming, since conn_set_timeout(). */
	size_t came;
	int64_t waited; /* milliseconds, from its first octet on */

	bool ended; /* the server closed, or an error: read_error says why */
	GError *read_error;
	GError *write_error;           /* reading goes on: the server's last words count */
	short read_wants, write_wants; /* poll events of the last attempts; 0: none */
};

/* The code of a system call that failed: SYSTEM where errno tells of a shortage. */
enum net_error net_code_of(int number, enum net_error otherwise);

/* Milliseconds on clock_monotonic(), or NET_FOREVER. */
#define NET_FOREVER G_MAXINT64
int64_t net_deadline(int seconds);

#define NET_POLL_MAX 64
/* One poll on n descriptors and the watch, not longer than until; all revents
 * are 0 when that has come, or after a signal.  Error: CANCELLED. */
bool net_poll(const struct conn *c, struct pollfd *fds, guint n, int64_t until, GError **error);
/* The same for one, with TIMEOUT at the deadline. */
bool net_wait(const struct conn *c, struct pollfd *fd, int64_t deadline, GError **error);
bool net_timed_out(const struct conn *c, GError **error);

/* One turn: writes what can be written, reads what is there, and waits if it
 * was neither.  c->read_error tells of the end. */
bool net_exchange(struct conn *c, int64_t deadline, bool *progress, GError **error);
/* Reads what is there without waiting; whether that was anything. */
bool net_try_read(struct conn *c);

/* host → name; errors: NET_ERROR_CONFIG. */
bool net_host_name(const char *host, char **name, bool *is_address, GError **error);

/* A name being looked up for one family, or an address: then family is
 * AF_UNSPEC and it is known at once.  Errors: NET_ERROR_SYSTEM. */
struct lookup *net_lookup(const char *name, uint16_t port, int family, GError **error);
void net_lookup_free(struct lookup *l); /* a thread that still runs is left alone */
/* Readable when it is done; then -1, for it is not to be waited for again. */
int net_lookup_fd(const struct lookup *l);
/* Whether it is done now. */
bool net_lookup_done(struct lookup *l);
/* Once it is done: what was found; NULL: nothing. */
const struct addrinfo *net_lookup_result(const struct lookup *l);
bool net_lookup_failed(const struct lookup *l, const char *host, GError **error);

/* Whether an address is one of the net at large: not of this computer, nor of a network
 * of one's own, nor reserved (outside.c). */
struct sockaddr;
bool net_is_outside(const struct sockaddr *address);

/* Who is to be connected to: the server, or a proxy. */
struct target {
	const char *host; /* for messages */
	const char *name; /* for the resolver */
	uint16_t port;
	bool is_address;
	bool outside_only; /* of its addresses, those of the net at large */
	int64_t deadline;
};
/* Name resolution and a connected non-blocking socket in c->fd (RFC 8305). */
bool net_race(struct conn *c, const struct target *target, GError **error);
/* From the proxy on c->fd to the server (RFC 1928). */
bool net_socks(struct conn *c, const struct conn_proxy *proxy, int64_t deadline, GError **error);
/* Starts the command, with c->fd as the other end. */
bool net_tunnel(struct conn *c, const struct conn_params *params, GError **error);
/* Hears what the command has to say; the descriptor to wait for, -1: none. */
int net_tunnel_fd(const struct tunnel *t);
void net_tunnel_listen(struct tunnel *t);
/* Waits a little for its end, so that error can tell how it ended; changes
 * nothing unless it failed. */
void net_tunnel_explain(struct tunnel *t, GError **error);
/* c->fd is closed: the command ends now, in the end by force. */
void net_tunnel_end(struct tunnel *t);

/* Any of these ways, as the parameters say. */
bool net_connect(struct conn *c, const struct conn_params *params, GError **error);

/* The handshake on c->fd. */
bool net_tls_start(struct conn *c, GError **error);
void net_tls_clear(struct conn *c);
/* Puts our own certificate and its key in, if the account has them.  Error:
 * NET_ERROR_CONFIG. */
bool net_tls_identify(const struct conn *c, SSL_CTX *ctx, GError **error);

/* One attempt without waiting.  > 0: octets; 0: nothing now, *wants tells what
 * to poll for; < 0: *error (NET_ERROR_CLOSED also for the end of input). */
ssize_t net_tls_read(struct conn *c, void *data, size_t size, short *wants, GError **error);
ssize_t net_tls_write(struct conn *c, const void *data, size_t len, short *wants, GError **error);

/* --- verify.c ------------------------------------------------------------------ */

/* What the certificate must say; how it is judged (in the handshake). */
bool net_verify_prepare(struct conn *c, GError **error);
/* Why the handshake failed, if it was for the certificate. */
bool net_verify_failed(const struct conn *c, GError **error);
void net_verify_clear(struct conn *c);

/* staple.c: whether the server's own proof says that its certificate has been
 * revoked (RFC 6066 section 8, RFC 6960), or is missing though demanded. */
enum staple { STAPLE_NONE, STAPLE_GOOD, STAPLE_REVOKED, STAPLE_MISSING };
enum staple net_staple_read(SSL *ssl);

#endif
