/* SPDX-License-Identifier: MIT */
#include "mime/client.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/report.h"
#include "base/sandbox.h"
#include "base/sanitize.h"
#include "mime/message.h"
#include "wire/blocking.h"

enum { DEADLINE = 10000, MOMENT = 100 /* milliseconds */, PER_SECOND = 16 * 1024 * 1024 /* octets */ };

/* More is not what a worker writes for a batch: it stops at a quarter. */
enum { SKIMMED_MAX = 64 * 1024 * 1024 };

struct mime_client {
	struct wire_blocking *worker;
	int scratch; /* a file in memory for what is skimmed; -1: none yet */
	int64_t file_size; /* the largest file that the worker may write */
	int deadline; /* milliseconds */
	int stop_fd;
	const struct mime_reading *how; /* of the request under way; NULL: none */
	struct record *choices; /* what each worker is told first; NULL: nothing */
	bool told;
};

static void set_file_size(struct mime_client *c, int64_t octets)
{
	g_autofree char *argument = g_strdup_printf("--file-size=%" G_GINT64_FORMAT, octets);
	wire_blocking_set_argument(c->worker, argument);
	c->file_size = octets;
}

struct mime_client *mime_client_new(void)
{
	struct mime_client *c = g_new0(struct mime_client, 1);
	c->worker = wire_blocking_new("dewey-mime", SIGKILL);
	c->scratch = -1;
	c->deadline = DEADLINE;
	c->stop_fd = -1;
	set_file_size(c, SANDBOX_FILE_SIZE);
	return c;
}

void mime_client_set_deadline(struct mime_client *c, int milliseconds)
{
	c->deadline = milliseconds;
}

void mime_client_set_stop(struct mime_client *c, int fd)
{
	c->stop_fd = fd;
}

void mime_client_free(struct mime_client *c)
{
	if (!c)
		return;
	wire_blocking_free(c->worker);
	if (c->scratch >= 0)
		close(c->scratch);
	record_free(c->choices);
	g_free(c);
}

static bool start_error(GError **error, const char *why)
{
	g_set_error(error, MIME_ERROR, MIME_ERROR_START,
		_("cannot start 'dewey-mime': %s; is dewey installed whole?"), why);
	return false;
}

static bool same_texts(JsonArray *a, JsonArray *b)
{
	guint n = json_array_get_length(a);
	bool same = n == json_array_get_length(b);
	for (guint i = 0; same && i < n; i++)
		same = strcmp(json_array_get_string_element(a, i),
			json_array_get_string_element(b, i)) == 0;
	return same;
}

void mime_client_set_choices(struct mime_client *c, const GPtrArray *choices)
{
	JsonArray *array = json_array_new();
	for (guint i = 0; i < choices->len; i++) {
		const struct mime_choice *one = choices->pdata[i];
		json_array_add_string_element(array, one->sender);
		json_array_add_string_element(array, one->declared);
		json_array_add_string_element(array, one->charset);
	}
	JsonArray *had = c->choices ? record_array(c->choices, "list") : NULL;
	bool same = had ? same_texts(had, array) : choices->len == 0;
	if (same) {
		json_array_unref(array);
		return;
	}
	record_free(c->choices);
	c->choices = record_new("do", "choices");
	record_set_array(c->choices, "list", array);
	c->told = false;
}

static bool ensure(struct mime_client *c, GError **error)
{
	g_autoptr(GError) why = NULL;
	bool anew = false;
	if (!wire_blocking_start(c->worker, &anew, &why))
		return start_error(error, why->message);
	c->told = c->told && !anew;
	return true;
}

static bool crashed(struct mime_client *c, GError **error)
{
	int status = wire_blocking_stop(c->worker);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
		g_set_error(error, MIME_ERROR, MIME_ERROR_TIMEOUT,
			_("this message could not be parsed: it takes too much of the processor's "
			  "time; its source can be shown"));
		return false;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return start_error(error, _("it cannot be run"));
	g_autofree char *unconfined = wire_blocking_unconfined(c->worker, status, SANDBOX_WORKER);
	if (unconfined) {
		g_set_error_literal(error, MIME_ERROR, MIME_ERROR_START, unconfined);
		return false;
	}
	g_autofree char *how = WIFSIGNALED(status)
		? g_strdup_printf(_("signal %d"), WTERMSIG(status))
		: g_strdup_printf(_("exit status %d"), WEXITSTATUS(status));
	g_set_error(error, MIME_ERROR, MIME_ERROR_CRASHED,
		_("this message could not be parsed: the parser ended with %s; its source can be "
		  "shown"), how);
	return false;
}

static bool timed_out(struct mime_client *c, int64_t deadline, GError **error)
{
	wire_blocking_stop(c->worker);
	g_set_error(error, MIME_ERROR, MIME_ERROR_TIMEOUT,
		_("this message could not be parsed: it takes longer than %d seconds; its source "
		  "can be shown"), (int)(deadline / 1000));
	return false;
}

static bool stopped(struct mime_client *c, GError **error)
{
	wire_blocking_stop(c->worker);
	g_set_error_literal(error, MIME_ERROR, MIME_ERROR_STOPPED, _("cancelled"));
	return false;
}

static bool refused(const struct record *r, GError **error)
{
	const char *text = record_string(r, "text");
	g_autofree char *clean = sanitize_server_text(text ? text : "", -1);
	bool no_part = record_bool(r, "no-part");
	g_set_error(error, MIME_ERROR, no_part ? MIME_ERROR_NO_PART : MIME_ERROR_PARSE, "%s", clean);
	return false;
}

static void take_event(const struct mime_client *c, const struct record *r)
{
	if (c->how && c->how->so_far && record_is(r, "event", "so-far"))
		c->how->so_far(mime_decode(r), c->how->data);
}

/* Waits for the end of the request. */
static struct record *wait_answer(struct mime_client *c, int64_t deadline, GError **error)
{
	int64_t until = clock_monotonic() + deadline;
	bool unwanted = false;
	wire_blocking_set_stop(c->worker, c->stop_fd);
	for (;;) {
		g_autoptr(record) r = NULL;
		enum wire_wait got = wire_blocking_wait(c->worker, until, &r);
		if (got == WIRE_WAIT_STOPPED) {
			/* Most are nearly done, and another worker would take as long to begin. */
			wire_blocking_set_stop(c->worker, -1);
			until = MIN(until, clock_monotonic() + MOMENT);
			unwanted = true;
			continue;
		}
		if (got == WIRE_WAIT_EVENT) {
			take_event(c, r);
			continue;
		}
		if (got == WIRE_WAIT_DONE && record_is(r, "event", "done"))
			return g_steal_pointer(&r);
		if (got == WIRE_WAIT_DONE)
			refused(r, error);
		else if (got == WIRE_WAIT_TIMEOUT && unwanted)
			stopped(c, error);
		else if (got == WIRE_WAIT_TIMEOUT)
			timed_out(c, deadline, error);
		else
			crashed(c, error);
		return NULL;
	}
}

struct request {
	struct record *record;
	int fds[MIME_SKIM_MOST + 1];
	size_t n_fds;
};

/* Reading takes time too, on a slow disk or behind a big attachment. */
static int64_t deadline_of(const struct mime_client *c, const struct request *q)
{
	int64_t size = 0;
	struct stat st;
	for (size_t i = 0; i < q->n_fds; i++)
		size += fstat(q->fds[i], &st) == 0 ? st.st_size : 0;
	return c->deadline + size * 1000 / PER_SECOND;
}

/* Waits for the answer: descriptors of the next request would come to this one. */
static bool tell_choices(struct mime_client *c, GError **error)
{
	if (!c->choices || c->told)
		return true;
	wire_blocking_send(c->worker, c->choices, NULL, 0);
	g_autoptr(record) answer = wait_answer(c, c->deadline, NULL);
	bool good = ensure(c, error);
	c->told = true;
	return good;
}

static struct record *ask(struct mime_client *c, struct request *q, GError **error)
{
	g_autoptr(record) r = q->record;
	int64_t deadline = deadline_of(c, q);
	if (!ensure(c, error) || !tell_choices(c, error))
		return NULL;
	if (wire_blocking_send(c->worker, r, q->fds, q->n_fds))
		return wait_answer(c, deadline, error);
	/* It died between two requests: this one goes to the next worker. */
	wire_blocking_stop(c->worker);
	if (!ensure(c, error))
		return NULL;
	if (wire_blocking_send(c->worker, r, q->fds, q->n_fds))
		return wait_answer(c, deadline, error);
	crashed(c, error);
	return NULL;
}

static void set_wants(struct record *r, unsigned want)
{
	JsonArray *array = json_array_new();
	if (want & MIME_WANT_TEXT)
		json_array_add_string_element(array, "text");
	if (want & MIME_WANT_WORDS)
		json_array_add_string_element(array, "words");
	record_set_array(r, "want", array);
}

const struct mime_reading mime_reading_text = {.want = MIME_WANT_TEXT};
const struct mime_reading mime_reading_words = {.want = MIME_WANT_WORDS};

struct mime_message *mime_client_read(struct mime_client *c, int fd,
	const struct mime_reading *how, GError **error)
{
	static const struct mime_reading nothing;
	struct request q = {record_new("do", "read"), {fd}, 1};
	how = how ? how : &nothing;
	set_wants(q.record, how->want);
	record_set_string(q.record, "charset", how->charset);
	if (how->columns > 0)
		record_set_int(q.record, "columns", how->columns);
	if (how->links > 0)
		record_set_int(q.record, "links", how->links);
	if (how->prefer != MIME_PREFER_BEST)
		record_set_string(q.record, "prefer",
			how->prefer == MIME_PREFER_HTML ? "html" : "plain");
	if (how->so_far)
		record_set_bool(q.record, "so-far", true);
	c->how = how;
	if (how->decrypted)
		record_set_bool(q.record, "decrypted", true);
	g_autoptr(record) r = ask(c, &q, error);
	c->how = NULL;
	return r ? mime_decode(r) : NULL;
}

/* The octets that the worker wrote, or NULL. */
static char *read_scratch(const struct mime_client *c, int64_t octets)
{
	if (octets < 0 || octets > SKIMMED_MAX)
		return NULL;
	g_autofree char *text = g_malloc((gsize)octets + 1);
	for (int64_t had = 0; had < octets;) {
		ssize_t n = pread(c->scratch, text + had, (size_t)(octets - had), had);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return NULL;
		had += n;
	}
	return g_steal_pointer(&text);
}

static void take_skimmed(const struct mime_client *c, const struct record *r, guint n,
	struct mime_message **messages)
{
	int64_t octets = record_int(r, "octets");
	g_autofree char *text = read_scratch(c, octets);
	const char *at = text;
	for (guint i = 0; at && i < n; i++)
		messages[i] = mime_skim_decode(&at, text + octets);
}

bool mime_client_skim(struct mime_client *c, const int *fds, guint n, unsigned want,
	struct mime_message **messages, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_assert(n > 0 && n <= MIME_SKIM_MOST);
	memset(messages, 0, n * sizeof *messages);
	if (c->scratch < 0)
		c->scratch = memfd_create("skimmed", MFD_CLOEXEC);
	if (c->scratch < 0)
		return start_error(error, g_strerror(errno));
	struct request q = {record_new("do", "skim"), {0}, n + 1};
	memcpy(q.fds, fds, n * sizeof *fds);
	q.fds[n] = c->scratch;
	set_wants(q.record, want);
	g_autoptr(record) r = ask(c, &q, &why);
	if (r)
		take_skimmed(c, r, n, messages);
	if (r || !g_error_matches(why, MIME_ERROR, MIME_ERROR_START))
		return true;
	g_propagate_error(error, g_steal_pointer(&why));
	return false;
}

/* A part is never longer than its letter; a worker that may not write so much is
 * replaced by one that may. */
static void make_room(struct mime_client *c, int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || st.st_size <= c->file_size)
		return;
	wire_blocking_stop(c->worker);
	set_file_size(c, st.st_size);
}

bool mime_client_part(struct mime_client *c, int fd, const char *path, int out, GError **error)
{
	make_room(c, fd);
	struct request q = {record_new("do", "part"), {fd, out}, 2};
	record_set_string(q.record, "path", path);
	g_autoptr(record) r = ask(c, &q, error);
	return r != NULL;
}

bool mime_client_signed(struct mime_client *c, int fd, const struct mime_crypt *crypt, int out,
	GError **error)
{
	struct request q = {record_new("do", "signed"), {fd, out}, 2};
	record_set_string(q.record, "path", crypt->path);
	g_autoptr(record) r = ask(c, &q, error);
	return r != NULL;
}

bool mime_client_armour(struct mime_client *c, int fd, const struct mime_crypt *crypt, int out,
	GError **error)
{
	struct request q = {record_new("do", "armour"), {fd, out}, 2};
	record_set_string(q.record, "path", crypt->content);
	record_set_int(q.record, "number", crypt->number);
	g_autoptr(record) r = ask(c, &q, error);
	return r != NULL;
}

static bool take_picture(const struct record *r, int fd, struct mime_picture *p, GError **error)
{
	int64_t width = record_int(r, "width"), height = record_int(r, "height");
	bool sane = width > 0 && height > 0 && width <= p->size.width && height <= p->size.height;
	gsize octets = sane ? (gsize)(width * height * 4) : 0;
	g_autofree char *pixels = g_malloc(octets + 1);
	/* One more would be too many: nothing is believed of the worker. */
	if (!sane || pread(fd, pixels, octets + 1, 0) != (ssize_t)octets) {
		g_set_error_literal(error, MIME_ERROR, MIME_ERROR_PARSE,
			_("the picture could not be read"));
		return false;
	}
	p->size = (struct mime_size){(int)width, (int)height};
	p->full.width = (int)CLAMP(record_int(r, "full-width"), 0, G_MAXINT);
	p->full.height = (int)CLAMP(record_int(r, "full-height"), 0, G_MAXINT);
	p->pixels = g_bytes_new_take(g_steal_pointer(&pixels), octets);
	return true;
}

bool mime_client_picture(struct mime_client *c, int fd, const char *path, struct mime_picture *p,
	GError **error)
{
	int out = memfd_create("picture", MFD_CLOEXEC);
	if (out < 0)
		return start_error(error, g_strerror(errno));
	struct request q = {record_new("do", "picture"), {fd, out}, 2};
	record_set_string(q.record, "path", path);
	record_set_int(q.record, "width", p->size.width);
	record_set_int(q.record, "height", p->size.height);
	g_autoptr(record) r = ask(c, &q, error);
	bool good = r && take_picture(r, out, p, error);
	close(out);
	return good;
}

char *mime_client_part_text(struct mime_client *c, int fd, const char *path, GPtrArray **links,
	GError **error)
{
	struct request q = {record_new("do", "part-text"), {fd}, 1};
	record_set_string(q.record, "path", path);
	g_autoptr(record) r = ask(c, &q, error);
	if (!r)
		return NULL;
	if (links)
		*links = mime_decode_links(r);
	return mime_clean_body(record_string(r, "text"));
}
