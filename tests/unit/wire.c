/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/report.h"
#include "wire/child.h"
#include "wire/parent.h"
#include "wire/stream.h"

/* A value can never end a line or begin another record. */
static void test_escape(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(record) r = record_new("do", "fetch");
	record_set_string(r, "account", "a\n{\"do\":\"quit\"}");
	record_set_string(r, "broken", "\xff\xfe");
	record_set_int(r, "big", G_MAXINT64);
	g_autofree char *line = record_line(r);
	g_assert_null(strchr(line, '\n'));
	g_autoptr(record) back = record_parse(line, -1, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(record_string(back, "account"), ==, "a\n{\"do\":\"quit\"}");
	g_assert_cmpstr(record_string(back, "broken"), ==, "��");
	g_assert_cmpint(record_int(back, "big"), ==, G_MAXINT64);
}

/* A missing key, or one of another type, reads as nothing. */
static void test_forgiving(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(record) r = record_parse("{\"do\":7,\"n\":\"x\",\"l\":{}}", -1, &error);
	g_assert_no_error(error);
	g_assert_null(record_string(r, "do"));
	g_assert_cmpint(record_int(r, "n"), ==, 0);
	g_assert_false(record_bool(r, "none"));
	g_assert_null(record_array(r, "l"));
}

static void test_not_records(void)
{
	static const char *const rows[] = {"", "[]", "{", "nonsense", "\"x\"", "{\"a\":1} x"};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_test_message("row '%s'", rows[i]);
		g_assert_null(record_parse(rows[i], -1, &error));
		g_assert_error(error, WIRE_ERROR, CODE_PROTOCOL);
	}
}

/* A line of 200,000 brackets, which json-glib would follow until the stack ends. */
static void test_deep_records(void)
{
	static const char *const rows[] = {"[", "{\"a\":", "[{\"a\":"};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GString) line = g_string_new("{\"a\":");
		for (int n = 0; n < 200000; n++)
			g_string_append(line, rows[i]);
		g_assert_null(record_parse(line->str, (gssize)line->len, &error));
		g_assert_error(error, WIRE_ERROR, CODE_PROTOCOL);
	}
	g_autoptr(GString) text = g_string_new("{\"a\":\"\\\"");
	for (int n = 0; n < 1000; n++)
		g_string_append(text, "[{");
	g_string_append(text, "\",\"b\":7}");
	g_autoptr(record) r = record_parse(text->str, (gssize)text->len, NULL);
	g_assert_cmpint(record_int(r, "b"), ==, 7);
}

/* A descriptor crosses with its record. */
static void test_descriptors(void)
{
	int pair[2];
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
	g_autoptr(wire_stream) a = wire_stream_new(pair[0], pair[0]);
	g_autoptr(wire_stream) b = wire_stream_new(pair[1], pair[1]);
	g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
	g_autoptr(record) r = record_new("do", "read");
	int pipes[2];
	char octet = 0;
	g_assert_cmpint(pipe(pipes), ==, 0);
	g_assert_true(wire_stream_send(a, r, &pipes[1], 1, &error));
	g_assert_true(wire_stream_fill(b, &error));
	g_autoptr(record) got = wire_stream_take(b, &error);
	g_assert_true(record_is(got, "do", "read"));
	wire_stream_take_fds(b, fds);
	g_assert_cmpuint(fds->len, ==, 1);
	g_assert_cmpint(write(g_array_index(fds, int, 0), "x", 1), ==, 1);
	g_assert_cmpint(read(pipes[0], &octet, 1), ==, 1);
	g_assert_cmpint(octet, ==, 'x');
}

static void collect_line(const char *line, void *data)
{
	g_string_append(data, line);
}

/* T-30: who traces the records does not read the password. */
static void test_trace(void)
{
	int pair[2];
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) seen = g_string_new(NULL);
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
	g_autoptr(wire_stream) a = wire_stream_new(pair[0], pair[0]);
	g_autoptr(wire_stream) b = wire_stream_new(pair[1], pair[1]);
	g_autoptr(record) r = record_new("do", "answer");
	record_set_string(r, "secret", "open sesame");
	g_assert_true(wire_stream_send(a, r, NULL, 0, &error));
	g_assert_true(wire_stream_fill(b, &error));
	report_init("test", REPORT_DEBUG);
	report_set_sink(collect_line, seen);
	g_autoptr(record) got = wire_stream_take(b, &error);
	report_set_sink(NULL, NULL);
	report_init("test", REPORT_NORMAL);
	g_assert_cmpstr(record_string(got, "secret"), ==, "open sesame");
	g_assert_nonnull(strstr(seen->str, "answer"));
	g_assert_null(strstr(seen->str, "sesame"));
	close(pair[0]);
	close(pair[1]);
}

/* The child's side, with the parent played by lines in a pipe. */
static struct wire_child *child_with(const char *input, int *out, GError **error)
{
	int in[2], back[2];
	g_assert_cmpint(pipe(in), ==, 0);
	g_assert_cmpint(pipe(back), ==, 0);
	g_assert_cmpint(write(in[1], input, strlen(input)), ==, (ssize_t)strlen(input));
	close(in[1]);
	*out = back[0];
	return wire_child_new(in[0], back[1], "dewey-test", error);
}

static char *read_all(int fd)
{
	char text[4096];
	ssize_t n = read(fd, text, sizeof text - 1);
	text[MAX(n, 0)] = '\0';
	return g_strdup(text);
}

static void test_child(void)
{
	int out;
	g_autoptr(GError) error = NULL;
	g_autoptr(wire_child) c = child_with("{\"do\":\"hello\",\"version\":1,\"new\":true}\n"
					     "{\"do\":\"fetch\",\"id\":7}\n"
					     "{\"do\":\"cancel\",\"id\":7}\n"
					     "{\"do\":\"fetch\",\"id\":8}\n",
		&out, &error);
	g_assert_no_error(error);
	g_autoptr(record) first = wire_child_next(c, NULL, &error);
	g_assert_cmpint(record_int(first, "id"), ==, 7);
	g_assert_true(wire_child_cancelled(c, 7));
	wire_child_done(c, 7, NULL);
	g_autoptr(record) second = wire_child_next(c, NULL, &error);
	g_assert_cmpint(record_int(second, "id"), ==, 8);
	g_assert_null(wire_child_next(c, NULL, &error));
	g_assert_no_error(error);
	g_autoptr(GError) bad = g_error_new(WIRE_ERROR, CODE_AUTH, "no");
	wire_child_failed(c, 8, bad, "-ERR [AUTH] no");
	g_autofree char *text = read_all(out);
	g_assert_nonnull(strstr(text, "\"hello\""));
	g_assert_nonnull(strstr(text, "\"code\":\"auth\",\"retry\":\"ask\""));
	g_assert_nonnull(strstr(text, "\"server\":\"-ERR [AUTH] no\""));
}

static void test_version(void)
{
	int out;
	g_autoptr(GError) error = NULL;
	g_assert_null(child_with("{\"do\":\"hello\",\"version\":99}\n", &out, &error));
	g_assert_error(error, WIRE_ERROR, CODE_VERSION);
	g_assert_nonnull(strstr(error->message, "99"));
	g_assert_nonnull(strstr(error->message, "two installations"));
}

struct end {
	GMainLoop *loop;
	char *code;
};

static void on_event(const struct record *event, bool last, void *data)
{
	struct end *end = data;
	if (!last)
		return;
	end->code = g_strdup(record_string(event, "code"));
	g_main_loop_quit(end->loop);
}

/* A program that dies fails what was asked of it, also what is asked later. */
static void test_parent_death(void)
{
	g_autoptr(GError) error = NULL;
	const char *argv[] = {"false", NULL};
	g_setenv("DEWEY_BIN", "/bin", TRUE);
	g_autoptr(wire_parent) p = wire_parent_new(argv, true, &error);
	g_assert_no_error(error);
	for (int i = 0; i < 2; i++) {
		g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
		struct end end = {loop, NULL};
		wire_parent_request(p, record_new("do", "fetch"), NULL, 0, on_event, &end);
		g_main_loop_run(loop);
		g_assert_cmpstr(end.code, ==, "internal");
		g_assert_false(wire_parent_alive(p));
		g_free(end.code);
	}
}

static void test_codes(void)
{
	for (int i = 0; i < CODE_COUNT; i++) {
		const char *name = wire_code_name((enum wire_code)i);
		g_assert_cmpint(wire_code_from_name(name), ==, i);
		g_assert_cmpint(wire_code_exit_status((enum wire_code)i), >=, 64);
	}
	g_assert_cmpint(wire_code_from_name("of-the-future"), ==, CODE_INTERNAL);
}

/* B-07: nobody reads what an agent tells: it goes on, and knows. */
static void test_parent_gone(void)
{
	for (int held = 0; held < 2; held++) {
		int ends[2];
		g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
		struct wire_child *c = wire_child_new_events(ends[0], "dewey-pop3");
		close(ends[1]);
		if (held)
			wire_child_hold(c, true);
		wire_child_event(c, 1, record_new("event", "stored"));
		if (held)
			wire_child_hold(c, false);
		g_assert_true(wire_child_cancelled(c, 1));
		wire_child_free(c);
		close(ends[0]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/wire/record/escape", test_escape);
	g_test_add_func("/wire/record/forgiving", test_forgiving);
	g_test_add_func("/wire/record/not-records", test_not_records);
	g_test_add_func("/wire/record/M-03-deep", test_deep_records);
	g_test_add_func("/wire/stream/descriptors", test_descriptors);
	g_test_add_func("/wire/stream/trace/T-30", test_trace);
	g_test_add_func("/wire/child/requests", test_child);
	g_test_add_func("/wire/child/version", test_version);
	g_test_add_func("/wire/parent/death", test_parent_death);
	g_test_add_func("/wire/codes", test_codes);
	g_test_add_func("/wire/child/parent-gone/B-07", test_parent_gone);
	return g_test_run();
}
