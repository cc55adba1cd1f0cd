/* SPDX-License-Identifier: MIT
 *
 * delay PORT TARGET MILLISECONDS: a relay on 127.0.0.1 that makes its loopback
 * a far one.  Every octet takes half of MILLISECONDS each way, connecting takes
 * what the handshake of TCP would, the bandwidth is not limited.
 *
 * For each connection that ends, one line to stdout: how often the client spoke
 * after the server had and was answered ("turns": the round trips that it waited
 * for, without the one of TCP), the octets up and down.  Ends with its input. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 32, CHUNK = 256 << 10, MOST_QUEUED = 256 << 20 };
enum { CLIENT, SERVER };

/* Octets on their way; none: the end. */
struct piece {
	struct piece *next;
	int64_t due;
	size_t len, sent;
	char data[];
};

struct flow { /* what came from one side, for the other */
	struct piece *head, **tail;
	size_t queued;
	bool ended, done;
	long octets;
};

struct link {
	bool used;
	int fd[2];
	int64_t open_at; /* when the server is to be called; 0: it was */
	struct flow flow[2];
	int spoke;
	long turns;
	bool turning; /* the client spoke after the server: answered, it is a turn */
};

struct relay {
	int listener;
	struct sockaddr_in target;
	int64_t half; /* nanoseconds of half a round trip */
	int64_t now;
	struct link links[CONNECTIONS];
	char chunk[CHUNK];
};

static int64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void make_quick(int fd)
{
	int on = 1;
	fcntl(fd, F_SETFL, O_NONBLOCK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void link_end(struct link *l)
{
	printf("turns %ld up %ld down %ld\n", l->turns, l->flow[CLIENT].octets,
		l->flow[SERVER].octets);
	fflush(stdout);
	for (int side = 0; side < 2; side++) {
		if (l->fd[side] >= 0)
			close(l->fd[side]);
		while (l->flow[side].head) {
			struct piece *p = l->flow[side].head;
			l->flow[side].head = p->next;
			free(p);
		}
	}
	l->used = false;
}

static void link_begin(struct relay *r, int fd)
{
	for (int i = 0; i < CONNECTIONS; i++) {
		struct link *l = &r->links[i];
		if (l->used)
			continue;
		make_quick(fd);
		*l = (struct link){.used = true, .fd = {fd, -1}, .spoke = CLIENT};
		/* SYN, SYN and ACK, ACK: it answers as late as that. */
		l->open_at = r->now + 3 * r->half;
		for (int side = 0; side < 2; side++)
			l->flow[side].tail = &l->flow[side].head;
		return;
	}
	close(fd);
}

static void call_server(struct relay *r, struct link *l)
{
	l->open_at = 0;
	l->fd[SERVER] = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(l->fd[SERVER], (struct sockaddr *)&r->target, sizeof r->target) != 0)
		link_end(l);
	else
		make_quick(l->fd[SERVER]);
}

static void queue(struct relay *r, struct flow *f, size_t len)
{
	struct piece *p = malloc(sizeof *p + len);
	if (!p)
		exit(71);
	*p = (struct piece){.due = r->now + r->half, .len = len};
	memcpy(p->data, r->chunk, len);
	*f->tail = p;
	f->tail = &p->next;
	f->queued += len;
	f->octets += (long)len;
}

static void take_in(struct relay *r, struct link *l, int side)
{
	struct flow *f = &l->flow[side];
	ssize_t n = read(l->fd[side], r->chunk, CHUNK);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	queue(r, f, n > 0 ? (size_t)n : 0);
	f->ended = n <= 0;
	if (n <= 0)
		return;
	if (side == CLIENT && l->spoke == SERVER)
		l->turning = true;
	if (side == SERVER && l->turning) {
		l->turning = false;
		l->turns++;
	}
	l->spoke = side;
}

static bool send_piece(struct link *l, int from, struct piece *p)
{
	struct flow *f = &l->flow[from];
	if (p->len == 0) {
		shutdown(l->fd[!from], SHUT_WR);
		f->done = true;
		return true;
	}
	ssize_t n = write(l->fd[!from], p->data + p->sent, p->len - p->sent);
	if (n < 0 && errno != EAGAIN)
		f->done = f->ended = l->flow[!from].done = true;
	if (n > 0) {
		p->sent += (size_t)n;
		f->queued -= (size_t)n;
	}
	return p->sent == p->len;
}

static void give_out(struct relay *r, struct link *l, int from)
{
	struct flow *f = &l->flow[from];
	while (f->head && f->head->due <= r->now) {
		struct piece *p = f->head;
		if (!send_piece(l, from, p))
			return;
		f->head = p->next;
		if (!f->head)
			f->tail = &f->head;
		free(p);
	}
}

static void sooner(int64_t *next, int64_t due)
{
	if (*next == 0 || due < *next)
		*next = due;
}

/* The events of one side of a link; *next: when there is something to send. */
static short events_of(const struct relay *r, const struct link *l, int side, int64_t *next)
{
	const struct flow *in = &l->flow[side], *out = &l->flow[!side];
	short events = !in->ended && in->queued < MOST_QUEUED ? POLLIN : 0;
	if (l->fd[side] < 0)
		return 0;
	if (out->head && out->head->due <= r->now)
		events |= POLLOUT;
	else if (out->head)
		sooner(next, out->head->due);
	return events;
}

static void serve(struct relay *r, struct link *l, int side, short revents)
{
	if (l->used && (revents & (POLLIN | POLLHUP | POLLERR)) && !l->flow[side].ended)
		take_in(r, l, side);
	if (l->used && (revents & (POLLOUT | POLLHUP | POLLERR)))
		give_out(r, l, !side);
	if (l->used && l->flow[CLIENT].done && l->flow[SERVER].done)
		link_end(l);
}

static void wait_for(struct pollfd *p, nfds_t n, int64_t pause)
{
	struct timespec ts = {pause / 1000000000, pause % 1000000000};
	ppoll(p, n, pause >= 0 ? &ts : NULL, NULL);
}

static void turn(struct relay *r)
{
	struct pollfd p[2 + 2 * CONNECTIONS] = {{r->listener, POLLIN, 0}, {0, POLLIN, 0}};
	int64_t next = 0;
	r->now = now();
	for (int i = 0; i < CONNECTIONS; i++) {
		struct link *l = &r->links[i];
		if (l->used && l->open_at && l->open_at <= r->now)
			call_server(r, l);
		if (l->used && l->open_at)
			sooner(&next, l->open_at);
		for (int side = 0; side < 2; side++) {
			struct pollfd *mine = &p[2 + 2 * i + side];
			mine->events = l->used ? events_of(r, l, side, &next) : 0;
			mine->fd = mine->events ? l->fd[side] : -1;
		}
	}
	wait_for(p, 2 + 2 * CONNECTIONS, next ? (next > r->now ? next - r->now : 0) : -1);
	r->now = now();
	for (int i = 0; i < CONNECTIONS; i++)
		for (int side = 0; side < 2; side++)
			if (p[2 + 2 * i + side].revents)
				serve(r, &r->links[i], side, p[2 + 2 * i + side].revents);
	if (p[0].revents)
		link_begin(r, accept(r->listener, NULL, NULL));
	if (p[1].revents)
		exit(0);
}

int main(int argc, char **argv)
{
	static struct relay r;
	int on = 1;
	if (argc != 4)
		return 64;
	signal(SIGPIPE, SIG_IGN);
	struct sockaddr_in here = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(argv[1])),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	r.target = here;
	r.target.sin_port = htons((uint16_t)atoi(argv[2]));
	r.half = (int64_t)(atof(argv[3]) * 1e6 / 2);
	r.listener = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(r.listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(r.listener, (struct sockaddr *)&here, sizeof here) != 0 ||
		listen(r.listener, 16) != 0)
		return 71;
	printf("ready\n");
	fflush(stdout);
	for (;;)
		turn(&r);
}
