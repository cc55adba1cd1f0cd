/* SPDX-License-Identifier: MIT
 *
 * The client and its worker: deaths, deadlines, and many letters at a time. */
#include "base/base.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mime/client.h"
#include "tests/unit/letters.h"

/* --- a worker dies -------------------------------------------------------------- */

/* A worker that does what we say the first time, and is the real one after. */
static char *make_worker(const char *once)
{
	g_autofree char *dir = g_dir_make_tmp("dewey-mime-XXXXXX", NULL);
	g_autofree char *program = g_build_filename(dir, "dewey-mime", NULL);
	g_autofree char *script = g_strdup_printf("#!/bin/sh\n"
						  "[ -e '%s/done' ] && exec '%s/dewey-mime' \"$@\"\n"
						  ": >'%s/done'\n"
						  "echo '{\"event\":\"hello\",\"version\":1}'\n"
						  "read hello; read request\n%s\n",
		dir, PROGRAMS, dir, once);
	g_assert_true(g_file_set_contents(program, script, -1, NULL));
	g_assert_cmpint(g_chmod(program, 0700), ==, 0);
	return g_steal_pointer(&dir);
}

static void remove_worker(const char *dir)
{
	static const char *const names[] = {"dewey-mime", "done"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(dir, names[i], NULL);
		g_unlink(path);
	}
	g_rmdir(dir);
}

struct end {
	const char *once;
	int deadline;
	enum mime_error code;
};

static void check_end(const struct end *end)
{
	g_autofree char *dir = make_worker(end->once);
	g_autofree char *old = g_strdup(g_getenv("DEWEY_BIN"));
	g_setenv("DEWEY_BIN", dir, TRUE);
	g_autoptr(GError) error = NULL, none = NULL;
	g_autoptr(mime_client) c = patient_client();
	mime_client_set_deadline(c, end->deadline);
	int fd = open_letter("utf-8");
	g_assert_null(mime_client_read(c, fd, &everything, &error));
	g_assert_error(error, MIME_ERROR, (int)end->code);
	mime_client_set_deadline(c, 60000);
	g_autoptr(mime_message) m = mime_client_read(c, fd, &everything, &none);
	g_assert_no_error(none);
	g_assert_cmpstr(m->subject, ==, HELLO);
	close(fd);
	g_setenv("DEWEY_BIN", old, TRUE);
	remove_worker(dir);
}

/* It costs the one message; the next request gets a new worker (B-07). */
static void test_ends(void)
{
	static const struct end ends[] = {
		{"kill -9 $$", 60000, MIME_ERROR_CRASHED},
		{"exit 3", 60000, MIME_ERROR_CRASHED},
		{"exec sleep 1000", 100, MIME_ERROR_TIMEOUT},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		check_end(&ends[i]);
}

/* Who does not want the answer any more waits no longer, and the next request is answered
 * by another worker. */
static void test_stopped(void)
{
	g_autofree char *dir = make_worker("exec sleep 1000");
	g_autofree char *old = g_strdup(g_getenv("DEWEY_BIN"));
	g_autoptr(GError) error = NULL, none = NULL;
	g_autoptr(mime_client) c = patient_client();
	int stop[2], fd = open_letter("utf-8");
	g_setenv("DEWEY_BIN", dir, TRUE);
	g_assert_cmpint(pipe(stop), ==, 0);
	g_assert_cmpint(write(stop[1], "x", 1), ==, 1);
	mime_client_set_stop(c, stop[0]);
	g_assert_null(mime_client_read(c, fd, &everything, &error));
	g_assert_error(error, MIME_ERROR, MIME_ERROR_STOPPED);
	mime_client_set_stop(c, -1);
	g_autoptr(mime_message) m = mime_client_read(c, fd, &everything, &none);
	g_assert_no_error(none);
	g_assert_cmpstr(m->subject, ==, HELLO);
	g_setenv("DEWEY_BIN", old, TRUE);
	close(stop[0]);
	close(stop[1]);
	close(fd);
	remove_worker(dir);
}

/* --- many at a time ------------------------------------------------------------ */

static char *all_addresses(const GPtrArray *list)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++) {
		const struct mime_address *a = list->pdata[i];
		g_string_append_printf(out, "%s <%s>;", a->name, a->address);
	}
	return g_string_free(out, FALSE);
}

static char *all_strings(const GPtrArray *list)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(out, "<%s>", (char *)list->pdata[i]);
	return g_string_free(out, FALSE);
}

static char *all_names(const GPtrArray *parts)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < parts->len; i++) {
		const struct mime_part *p = parts->pdata[i];
		bool attached = p->disposition == MIME_ATTACHMENT && p->path[0];
		if (attached || p->filename[0])
			g_string_append_printf(out, "%d %s;", attached, p->filename);
	}
	return g_string_free(out, FALSE);
}

static const char *empty_or(const char *text)
{
	return text ? text : "";
}

/* All that the index takes from a letter, as one text. */
static char *essence(const struct mime_message *m, bool body)
{
	g_autofree char *from = all_addresses(m->from), *to = all_addresses(m->to);
	g_autofree char *cc = all_addresses(m->cc), *names = all_names(m->parts);
	g_autofree char *above = all_strings(m->in_reply_to), *refs = all_strings(m->references);
	return g_strdup_printf("%s|%s|%s|%s|%s|%s|%s|%s|%" G_GINT64_FORMAT "|%s|%x|%x|%s", from, to,
		cc, empty_or(m->subject), empty_or(m->message_id), above, refs,
		empty_or(m->list_id), m->date, body ? names : "", body ? m->kinds : 0,
		body ? m->languages : 0, body ? empty_or(m->words) : "");
}

static void check_skimmed(struct mime_client *c, const int *fds, guint n, unsigned want)
{
	struct mime_message *found[MIME_SKIM_MOST];
	g_autoptr(GError) error = NULL;
	g_assert_true(mime_client_skim(c, fds, n, want, found, &error));
	for (guint i = 0; i < n; i++) {
		g_autoptr(mime_message) one = found[i];
		g_autoptr(mime_message) whole =
			mime_client_read(c, fds[i], &everything, &error);
		g_assert_no_error(error);
		g_assert_nonnull(one);
		g_autofree char *skimmed = essence(one, want != 0);
		g_autofree char *read = essence(whole, want != 0);
		g_assert_cmpstr(skimmed, ==, read);
	}
}

/* A list shows of a letter what reading it whole would show, whether its header
 * is a plain one or not; each of tests/mail, in groups. */
static void test_skim(void)
{
	g_autoptr(mime_client) c = patient_client();
	int fds[MIME_SKIM_MOST];
	for (guint i = 0, n = 0; i < G_N_ELEMENTS(rows); i++) {
		fds[n++] = open_letter(rows[i].letter);
		if (n < MIME_SKIM_MOST && i + 1 < G_N_ELEMENTS(rows))
			continue;
		check_skimmed(c, fds, n, 0);
		check_skimmed(c, fds, n, MIME_WANT_WORDS);
		for (; n > 0; n--)
			close(fds[n - 1]);
	}
}

/* Headers that are not plain, each for another reason, beside one that is. */
static void test_skim_odd(void)
{
	static const char *const letters[] = {
		"Subject: plain\n\nbody\n",
		"Subject: one\n two\nX-Empty:\n\nbody\n",
		" fold first\nSubject: a\n\nbody\n",
		"From ivan Sat Jan  1 00:00:00 2000\nSubject: mbox\n\nbody\n",
		"From : ivan@b\nSubject: mbox as well\n\nbody\n",
		"Subject: crlf\r\n\r\nbody\r\n",
		"Subject: no end",
		"Subject: a\nno field\nTo: b@c\n\nbody\n",
		"\xEF\xBB\xBFSubject: mark\n\nbody\n",
		"To: a:b:c:d:e@f\nSubject: x\n\n",
		"\n\nbody\n",
	};
	g_autoptr(mime_client) c = patient_client();
	int fds[G_N_ELEMENTS(letters)];
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		fds[i] = memory(letters[i], strlen(letters[i]));
	check_skimmed(c, fds, G_N_ELEMENTS(letters), 0);
	check_skimmed(c, fds, G_N_ELEMENTS(letters), MIME_WANT_WORDS);
	for (size_t i = 0; i < G_N_ELEMENTS(letters); i++)
		close(fds[i]);
}

/* A worker that dies costs the group its company, and no letter (B-07). */
static void test_skim_ends(void)
{
	g_autofree char *dir = make_worker("kill -9 $$");
	g_autofree char *old = g_strdup(g_getenv("DEWEY_BIN"));
	g_setenv("DEWEY_BIN", dir, TRUE);
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = patient_client();
	struct mime_message *found[2];
	int fds[2] = {open_letter("utf-8"), open_letter("html")};
	g_assert_true(mime_client_skim(c, fds, 2, 0, found, &error));
	g_assert_no_error(error);
	g_assert_null(found[0]);
	g_assert_null(found[1]);
	check_skimmed(c, fds, 2, 0);
	close(fds[0]);
	close(fds[1]);
	g_setenv("DEWEY_BIN", old, TRUE);
	remove_worker(dir);
}

static GPid worker_pid(void)
{
	g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid());
	g_autofree char *text = NULL;
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return (GPid)g_ascii_strtoll(text, NULL, 10);
}

/* One that dies while nobody asks it anything costs no message at all. */
static void test_idle_death(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = patient_client();
	int fd = open_letter("utf-8");
	mime_message_free(mime_client_read(c, fd, NULL, &error));
	g_assert_no_error(error);
	GPid first = worker_pid();
	siginfo_t info;
	g_assert_cmpint(kill(first, SIGKILL), ==, 0);
	g_assert_cmpint(waitid(P_PID, (id_t)first, &info, WEXITED | WNOWAIT), ==, 0);
	g_autoptr(mime_message) m = mime_client_read(c, fd, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(m->subject, ==, HELLO);
	g_assert_cmpint(worker_pid(), !=, first);
	close(fd);
}

static void test_no_worker(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *old = g_strdup(g_getenv("DEWEY_BIN"));
	g_setenv("DEWEY_BIN", "/nonexistent", TRUE);
	g_autoptr(mime_client) c = patient_client();
	int fd = open_letter("utf-8");
	g_assert_null(mime_client_read(c, fd, NULL, &error));
	g_assert_error(error, MIME_ERROR, MIME_ERROR_START);
	g_setenv("DEWEY_BIN", old, TRUE);
	close(fd);
}

/* --- a long letter comes in pieces ------------------------------------------------ */

static void append_part(GString *text, const char *head, size_t octets)
{
	g_string_append_printf(text, "--b\n%s\n\n", head);
	for (size_t end = text->len + octets; text->len < end;)
		g_string_append(text, "TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQsIGNvbnNlY3RldHVyIGFkaXBpc2Np\n");
}

/* A text, three parts of 1.5 MB, and a type. */
static int open_long(const char *type)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_string_append_printf(text, "Subject: Long\nMIME-Version: 1.0\nContent-Type: %s; "
		"boundary=b\n\n--b\nContent-Type: text/plain\n\nThe first words.\n", type);
	for (int i = 0; i < 3; i++)
		append_part(text, "Content-Type: application/octet-stream\n"
			"Content-Disposition: attachment; filename=x.bin\n"
			"Content-Transfer-Encoding: base64", 1536 * 1024);
	g_string_append(text, "--b--\n");
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("dewey-long-XXXXXX", &path, NULL);
	g_assert_cmpint(write(fd, text->str, text->len), ==, (gssize)text->len);
	g_unlink(path);
	return fd;
}

static void take_so_far(struct mime_message *m, void *data)
{
	g_ptr_array_add(data, m);
}

static struct mime_message *read_in_pieces(int fd, GPtrArray *pieces)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(mime_client) c = patient_client();
	struct mime_reading how = {
		.want = MIME_WANT_TEXT, .so_far = pieces ? take_so_far : NULL, .data = pieces};
	struct mime_message *m = mime_client_read(c, fd, &how, &error);
	g_assert_no_error(error);
	close(fd);
	return m;
}

/* The text first, then the parts as they are found; what comes last is what comes without
 * pieces. */
static void test_pieces(void)
{
	g_autoptr(GPtrArray) pieces =
		g_ptr_array_new_with_free_func((GDestroyNotify)mime_message_free);
	g_autoptr(mime_message) m = read_in_pieces(open_long("multipart/mixed"), pieces);
	g_autoptr(mime_message) plain = read_in_pieces(open_long("multipart/mixed"), NULL);
	static const guint parts[] = {2, 3};
	g_assert_cmpuint(pieces->len, ==, 1);
	for (guint i = 0; i < pieces->len; i++) {
		const struct mime_message *p = pieces->pdata[i];
		g_assert_cmpstr(p->text, ==, plain->text);
		g_assert_cmpstr(p->subject, ==, "Long");
		g_assert_cmpuint(p->parts->len, ==, parts[i]);
	}
	g_assert_cmpstr(m->text, ==, plain->text);
	g_assert_cmpuint(m->parts->len, ==, 5);
	g_assert_cmpuint(plain->parts->len, ==, 5);
}

/* What is signed is not shown before it was judged (M-70), and short letters come at
 * once. */
static void test_no_pieces(void)
{
	g_autoptr(GPtrArray) pieces =
		g_ptr_array_new_with_free_func((GDestroyNotify)mime_message_free);
	g_autoptr(mime_message) sealed = read_in_pieces(
		open_long("multipart/signed; protocol=\"application/pgp-signature\""), pieces);
	g_autoptr(mime_message) small = read_in_pieces(open_letter("utf-8"), pieces);
	g_assert_cmpuint(pieces->len, ==, 0);
	g_assert_true(sealed->kinds & MIME_SIGNED);
	g_assert_cmpstr(small->subject, ==, HELLO);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_setenv("DEWEY_BIN", PROGRAMS, TRUE);
	g_test_add_func("/mime/client/ends/B-07", test_ends);
	g_test_add_func("/mime/client/stopped", test_stopped);
	g_test_add_func("/mime/client/skim", test_skim);
	g_test_add_func("/mime/client/skim/odd/M-01", test_skim_odd);
	g_test_add_func("/mime/client/skim/ends/B-07", test_skim_ends);
	g_test_add_func("/mime/client/idle-death", test_idle_death);
	g_test_add_func("/mime/client/no-worker", test_no_worker);
	g_test_add_func("/mime/client/pieces", test_pieces);
	g_test_add_func("/mime/client/no-pieces/M-70", test_no_pieces);
	return g_test_run();
}
