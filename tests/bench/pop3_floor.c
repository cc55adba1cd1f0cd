/* SPDX-License-Identifier: MIT
 *
 * The floor of retrieval: what a program needs that does nothing but ask for all
 * letters at once, write each to a file of its own and make them durable in
 * groups.  Not a mail program: no state, no checks, no words.
 *
 *   pop3_floor [-t] [-n COUNT] HOST PORT USER PASSWORD [MAILDIR]
 *
 * -t: TLS from the first octet.  -n: only the last COUNT letters, which is what
 * is new where the others are known.  Without MAILDIR the octets are dropped. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INPUT = 256 << 10, OUTPUT = 1 << 20, WINDOW = 1000, GROUP = 1000 };

struct floor {
	int fd;
	SSL *ssl; /* NULL: in clear */
	char in[INPUT];
	size_t start, end;
	char out[OUTPUT];
	size_t filled;
	int tmp, new; /* -1: the octets are dropped */
	long first, count, asked, written, renamed;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* --- the connection --- */

static void send_all(struct floor *f, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = f->ssl ? SSL_write(f->ssl, data, (int)len) : write(f->fd, data, len);
		if (n <= 0)
			die("write");
		data += n;
		len -= (size_t)n;
	}
}

static void say(struct floor *f, const char *text)
{
	send_all(f, text, strlen(text));
}

static void fill(struct floor *f)
{
	if (f->start > 0) {
		memmove(f->in, f->in + f->start, f->end - f->start);
		f->end -= f->start;
		f->start = 0;
	}
	size_t room = INPUT - f->end;
	ssize_t n = f->ssl ? SSL_read(f->ssl, f->in + f->end, (int)room)
			   : read(f->fd, f->in + f->end, room);
	if (n <= 0)
		die("read");
	f->end += (size_t)n;
}

/* One line with its end; of a very long one, a piece. */
static char *line(struct floor *f, size_t *len)
{
	for (size_t seen = 0;;) {
		char *at = f->in + f->start,
		     *end = memchr(at + seen, '\n', f->end - f->start - seen);
		if (end || f->end - f->start > INPUT / 2) {
			*len = end ? (size_t)(end + 1 - at) : f->end - f->start;
			f->start += *len;
			return at;
		}
		seen = f->end - f->start;
		fill(f);
	}
}

static char *expect_ok(struct floor *f)
{
	size_t len;
	char *l = line(f, &len);
	if (*l == '+')
		return l;
	fwrite(l, 1, len, stderr);
	exit(1);
}

static void skip_list(struct floor *f)
{
	size_t len;
	const char *l;
	do
		l = line(f, &len);
	while (len != 3 || *l != '.');
}

static void connect_to(struct floor *f, char **where, bool tls)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(where[1]))};
	int on = 1;
	inet_pton(AF_INET, where[0], &to.sin_addr);
	f->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(f->fd, (struct sockaddr *)&to, sizeof to) != 0)
		die("connect");
	setsockopt(f->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (!tls)
		return;
	f->ssl = SSL_new(SSL_CTX_new(TLS_client_method()));
	SSL_set_fd(f->ssl, f->fd);
	if (SSL_connect(f->ssl) != 1)
		die("TLS");
}

static void log_in(struct floor *f, char **who)
{
	char text[600];
	expect_ok(f);
	snprintf(text, sizeof text, "USER %s\r\nPASS %s\r\n", who[0], who[1]);
	say(f, text);
	expect_ok(f);
	expect_ok(f);
}

static void look(struct floor *f, long most)
{
	say(f, "STAT\r\nUIDL\r\nLIST\r\n");
	long all = strtol(expect_ok(f) + 4, NULL, 10);
	f->count = most > 0 && most < all ? most : all;
	f->first = all - f->count + 1;
	skip_list(f);
	skip_list(f);
}

/* --- the files --- */

static void open_maildir(struct floor *f, const char *path)
{
	static const char *const parts[] = {"", "tmp", "new", "cur"};
	char part[4096];
	for (int i = 0; i < 4; i++) {
		snprintf(part, sizeof part, "%s/%s", path, parts[i]);
		mkdir(part, 0700);
		if (i == 1)
			f->tmp = open(part, O_RDONLY | O_DIRECTORY);
		if (i == 2)
			f->new = open(part, O_RDONLY | O_DIRECTORY);
	}
}

static void flush(struct floor *f, int fd)
{
	if (fd >= 0 && write(fd, f->out, f->filled) != (ssize_t)f->filled)
		die("write");
	f->filled = 0;
}

static void put(struct floor *f, int fd, const char *data, size_t len)
{
	if (len > OUTPUT - f->filled)
		flush(f, fd);
	memcpy(f->out + f->filled, data, len);
	f->filled += len;
}

static void make_durable(struct floor *f)
{
	char name[32];
	if (f->new < 0)
		return;
	if (syncfs(f->tmp) != 0)
		die("syncfs");
	for (; f->renamed < f->written; f->renamed++) {
		snprintf(name, sizeof name, "%ld", f->renamed);
		if (renameat(f->tmp, name, f->new, name) != 0)
			die("rename");
	}
	if (fsync(f->new) != 0)
		die("fsync");
}

/* --- the letters --- */

static void ask(struct floor *f, long came)
{
	static char text[WINDOW * 20];
	size_t len = 0;
	if (f->asked - came > WINDOW / 2)
		return;
	for (; f->asked < f->count && f->asked - came < WINDOW; f->asked++)
		len += (size_t)sprintf(text + len, "RETR %ld\r\n", f->first + f->asked);
	send_all(f, text, len);
}

static void take_lines(struct floor *f, int fd)
{
	for (bool fresh = true, whole;; fresh = whole) {
		size_t len;
		char *l = line(f, &len);
		whole = l[len - 1] == '\n';
		if (fresh && *l == '.') {
			if (len == 3)
				return;
			l++;
			len--;
		}
		if (whole && len > 1 && l[len - 2] == '\r')
			l[--len - 1] = '\n';
		put(f, fd, l, len);
	}
}

static void take_letter(struct floor *f)
{
	char name[32];
	int fd = -1;
	expect_ok(f);
	snprintf(name, sizeof name, "%ld", f->written);
	if (f->tmp >= 0 && (fd = openat(f->tmp, name, O_WRONLY | O_CREAT | O_EXCL, 0600)) < 0)
		die(name);
	take_lines(f, fd);
	flush(f, fd);
	if (fd >= 0)
		close(fd);
	f->written++;
}

int main(int argc, char **argv)
{
	static struct floor f = {.tmp = -1, .new = -1};
	bool tls = false;
	long most = 0;
	for (int o; (o = getopt(argc, argv, "tn:")) != -1;) {
		tls = tls || o == 't';
		most = o == 'n' ? strtol(optarg, NULL, 10) : most;
	}
	argv += optind;
	if (argc - optind < 4)
		return 64;
	if (argc - optind > 4)
		open_maildir(&f, argv[4]);
	connect_to(&f, argv, tls);
	log_in(&f, argv + 2);
	look(&f, most);
	for (long i = 0; i < f.count; i++) {
		ask(&f, i);
		take_letter(&f);
		if (f.written - f.renamed >= GROUP)
			make_durable(&f);
	}
	make_durable(&f);
	say(&f, "QUIT\r\n");
	expect_ok(&f);
	return 0;
}
