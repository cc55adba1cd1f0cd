/* SPDX-License-Identifier: MIT
 *
 * What the files of src/net share and nobody else sees. */
#ifndef DEWEY_NET_INTERNAL_H
#define DEWEY_NET_INTERNAL_H

#include <openssl/ssl.h>
#include <poll.h>

#include "net/conn.h"

struct conn {
	int fd;
	SSL_CTX *ctx; /* NULL: in clear */
	SSL *ssl;
	char *tls_text;
	char *names; /* of the server's certificate, when it was refused */

	char *host; /* as configured, for messages */
	char *name; /* A-labels without the last dot, or an address: T-04, T-05 */
	bool is_address;
	uint16_t port;
	char *ca_file;
	int connect_timeout, read_timeout; /* seconds; 0: none */
	struct conn_watch watch;
	conn_trace trace;
	void *trace_data;

	/* Input: [start, end) of data is unread; [start, scanned) has no LF. */
	char *in;
	size_t in_size, start, scanned, end;
	/* Output: [sent, out->len) waits. */
	GByteArray *out;
	size_t sent;
	bool out_secret; /* to be wiped once it is sent */

	bool ended; /* the server closed, or an error: read_error says why */
	GError *read_error;
	GError *write_error;           /* reading goes on: the server's last words count */
	short read_wants, write_wants; /* poll events of the last attempts; 0: none */
};

/* Milliseconds on clock_monotonic(), or NET_FOREVER. */
#define NET_FOREVER G_MAXINT64
int64_t net_deadline(int seconds);

/* One poll on fd (events) and the watch; *revents gets what fd has.  EINTR is
 * success with nothing.  Errors: TIMEOUT at the deadline, CANCELLED. */
bool net_wait(const struct conn *c, struct pollfd *fd, int64_t deadline, GError **error);

/* One turn: writes what can be written, reads what is there, and waits if it
 * was neither.  c->read_error tells of the end. */
bool net_exchange(struct conn *c, int64_t deadline, bool *progress, GError **error);
/* Reads what is there without waiting; whether that was anything. */
bool net_try_read(struct conn *c);

/* host → name; errors: NET_ERROR_CONFIG. */
bool net_host_name(const char *host, char **name, bool *is_address, GError **error);

/* Name resolution and a connected non-blocking socket in c->fd. */
bool net_connect(struct conn *c, GError **error);

/* The handshake on c->fd. */
bool net_tls_start(struct conn *c, GError **error);
void net_tls_clear(struct conn *c);

/* One attempt without waiting.  > 0: octets; 0: nothing now, *wants tells what
 * to poll for; < 0: *error (NET_ERROR_CLOSED also for the end of input). */
ssize_t net_tls_read(struct conn *c, void *data, size_t size, short *wants, GError **error);
ssize_t net_tls_write(struct conn *c, const void *data, size_t len, short *wants, GError **error);

#endif
