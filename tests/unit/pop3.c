/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "pop3/body.h"
#include "pop3/policy.h"
#include "pop3/reply.h"
#include "store/store.h"

/* --- Status lines ---------------------------------------------------------------- */

static void test_indicators(void)
{
	static const struct {
		const char *line;
		enum reply_kind kind;
		enum reply_code code;
		const char *text;
	} rows[] = {
		{"+OK", REPLY_OK, REPLY_CODE_NONE, ""},
		{"+OK hello", REPLY_OK, REPLY_CODE_NONE, "hello"},
		{"+OK  two", REPLY_OK, REPLY_CODE_NONE, " two"},
		{"-ERR", REPLY_ERR, REPLY_CODE_NONE, ""},
		{"-ERR [AUTH] no", REPLY_ERR, REPLY_CODE_AUTH, "[AUTH] no"},
		{"-ERR [in-use] busy", REPLY_ERR, REPLY_CODE_IN_USE, "[in-use] busy"},
		{"-ERR [SYS/TEMP]x", REPLY_ERR, REPLY_CODE_SYS_TEMP, "[SYS/TEMP]x"},
		{"-ERR [SYS/PERM] x", REPLY_ERR, REPLY_CODE_SYS_PERM, "[SYS/PERM] x"},
		{"-ERR [LOGIN-DELAY] x", REPLY_ERR, REPLY_CODE_LOGIN_DELAY, "[LOGIN-DELAY] x"},
		{"-ERR [X-ANY] x", REPLY_ERR, REPLY_CODE_OTHER, "[X-ANY] x"},
		{"-ERR [AUTH/EXPIRED] x", REPLY_ERR, REPLY_CODE_AUTH, "[AUTH/EXPIRED] x"},
		{"-ERR [sys/perm/a/b] x", REPLY_ERR, REPLY_CODE_SYS_PERM, "[sys/perm/a/b] x"},
		{"-ERR [SYS] x", REPLY_ERR, REPLY_CODE_OTHER, "[SYS] x"},
		{"-ERR [SYS/OTHER] x", REPLY_ERR, REPLY_CODE_OTHER, "[SYS/OTHER] x"},
		{"-ERR [] x", REPLY_ERR, REPLY_CODE_OTHER, "[] x"},
		{"-ERR [AUTHX] x", REPLY_ERR, REPLY_CODE_OTHER, "[AUTHX] x"},
		{"-ERR [AUTH x", REPLY_ERR, REPLY_CODE_NONE, "[AUTH x"},
		{"-ERR see [AUTH]", REPLY_ERR, REPLY_CODE_NONE, "see [AUTH]"},
		{"+OK [AUTH] odd", REPLY_OK, REPLY_CODE_NONE, "[AUTH] odd"},
		{"+ VXNlcg==", REPLY_CONTINUE, REPLY_CODE_NONE, "VXNlcg=="},
		{"+", REPLY_CONTINUE, REPLY_CODE_NONE, ""},
		{"+\xd0\x9e\xd0\x9a", REPLY_BAD, 0, NULL}, /* Cyrillic */
		{"+Ok", REPLY_BAD, 0, NULL},
		{"+ok", REPLY_BAD, 0, NULL},
		{"+OKAY", REPLY_BAD, 0, NULL},
		{"+OK\tx", REPLY_BAD, 0, NULL},
		{"+Do you care", REPLY_BAD, 0, NULL},
		{"-Err", REPLY_BAD, 0, NULL},
		{"-ERRor", REPLY_BAD, 0, NULL},
		{" +OK", REPLY_BAD, 0, NULL},
		{"OK", REPLY_BAD, 0, NULL},
		{"", REPLY_BAD, 0, NULL},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct reply r = reply_parse(rows[i].line, strlen(rows[i].line));
		g_test_message("row '%s'", rows[i].line);
		g_assert_cmpint(r.kind, ==, rows[i].kind);
		if (r.kind != REPLY_BAD) {
			g_assert_cmpint(r.code, ==, rows[i].code);
			g_assert_cmpstr(r.text, ==, rows[i].text);
		}
	}
	struct reply nul = reply_parse("+OK\0x", 5);
	g_assert_cmpint(nul.kind, ==, REPLY_BAD);
}

/* --- Listings -------------------------------------------------------------------- */

static void test_numbers(void)
{
	static const struct {
		const char *text;
		bool ok;
		uint64_t value;
	} rows[] = {
		{"0", true, 0},
		{"12", true, 12},
		{"12 rest", true, 12},
		{"00012", true, 12},
		{"18446744073709551615", true, UINT64_MAX},
		{"18446744073709551616", false, 0},
		{"99999999999999999999", false, 0},
		{"-1", false, 0},
		{"+1", false, 0},
		{"1e3", false, 0},
		{" 1", false, 0},
		{"1\t2", false, 0},
		{"0x10", false, 0},
		{"", false, 0},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint64_t value = 0;
		g_test_message("row '%s'", rows[i].text);
		g_assert_cmpint(reply_number(rows[i].text, &value, NULL), ==, rows[i].ok);
		if (rows[i].ok)
			g_assert_cmpuint(value, ==, rows[i].value);
	}
}

static void test_list_rows(void)
{
	static const struct {
		const char *line;
		bool ok;
		uint64_t number, size;
	} rows[] = {
		{"1 120", true, 1, 120},
		{"2 5000000000 and more", true, 2, 5000000000},
		{"3", false, 0, 0},
		{"0 10", false, 0, 0},
		{"1 -5", false, 0, 0},
		{"x 5", false, 0, 0},
		{"1 20 30", true, 1, 20},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		uint64_t number = 0, size = 0;
		g_test_message("row '%s'", rows[i].line);
		g_assert_cmpint(reply_list_row(rows[i].line, &number, &size), ==, rows[i].ok);
		if (rows[i].ok) {
			g_assert_cmpuint(number, ==, rows[i].number);
			g_assert_cmpuint(size, ==, rows[i].size);
		}
	}
}

static void check_uid(const char *line, size_t len, const char *wanted)
{
	uint64_t number = 0;
	GBytes *uid = NULL;
	g_assert_true(reply_uidl_row(line, len, &number, &uid));
	if (!wanted) {
		g_assert_null(uid);
		return;
	}
	gsize size;
	const char *data = g_bytes_get_data(uid, &size);
	g_assert_cmpmem(data, size, wanted, strlen(wanted));
	g_bytes_unref(uid);
}

static void test_uidl_rows(void)
{
	uint64_t number;
	GBytes *uid;
	g_autofree char *most = g_strnfill(255, 'u');
	g_autofree char *longer = g_strnfill(256, 'u');
	g_autofree char *line = g_strconcat("7 ", most, NULL);
	g_autofree char *long_line = g_strconcat("7 ", longer, NULL);
	check_uid("1 abc", 5, "abc");
	check_uid("1   abc", 7, "abc");
	check_uid("1 a b\xff", 6, "a b\xff");
	check_uid("1", 1, NULL);
	check_uid("1 ", 2, NULL);
	check_uid(line, strlen(line), most);
	/* Control octets, NUL among them, and length are hashed away. */
	static const char *const odd[] = {"1 a\x1b[2J", "1 a\x7f", "1 a\tb"};
	for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
		g_assert_true(reply_uidl_row(odd[i], strlen(odd[i]), &number, &uid));
		g_assert_cmpuint(g_bytes_get_size(uid), ==, 7 + 64);
		g_bytes_unref(uid);
	}
	GBytes *one, *other;
	g_assert_true(reply_uidl_row("1 a\0b", 5, &number, &one));
	g_assert_true(reply_uidl_row("1 a\0c", 5, &number, &other));
	g_assert_false(g_bytes_equal(one, other));
	g_bytes_unref(one);
	g_bytes_unref(other);
	g_assert_true(reply_uidl_row(long_line, strlen(long_line), &number, &uid));
	g_assert_cmpuint(g_bytes_get_size(uid), ==, 7 + 64);
	g_bytes_unref(uid);
	g_assert_false(reply_uidl_row("0 abc", 5, &number, &uid));
	g_assert_false(reply_uidl_row("abc", 3, &number, &uid));
	g_assert_false(reply_uidl_row("", 0, &number, &uid));
}

static void test_capabilities(void)
{
	struct capabilities c = {0};
	static const char *const lines[] = {"CAPA", "TOP", "uidl", "SASL PLAIN  LOGIN", "EXPIRE 0",
		"X-UNKNOWN thing", "UTF8 USER", "IMPLEMENTATION Nice 1.0", "PIPELININGS"};
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		capabilities_add(&c, lines[i]);
	g_assert_true(c.top && c.uidl && c.utf8_user && c.expire_now);
	g_assert_false(c.pipelining || c.stls || c.user || c.auth_resp_code);
	g_assert_cmpstr(c.mechanisms, ==, "PLAIN  LOGIN");
	g_assert_cmpstr(c.implementation, ==, "Nice 1.0");
	capabilities_clear(&c);
	g_assert_null(c.mechanisms);
}

/* P-17, P-19: a number that cannot be is as if the server had said nothing. */
static void test_capability_numbers(void)
{
	static const struct {
		const char *line;
		bool expire, now;
		guint days, delay;
	} rows[] = {
		{"EXPIRE 0", true, true, 0, 0},
		{"EXPIRE 0 USER", true, true, 0, 0},
		{"expire 30 USER", true, false, 30, 0},
		{"EXPIRE NEVER", true, false, EXPIRE_NEVER, 0},
		{"EXPIRE never USER", true, false, EXPIRE_NEVER, 0},
		{"EXPIRE 18446744073709551615", true, false, EXPIRE_NEVER, 0},
		{"EXPIRE", false, false, EXPIRE_NEVER, 0},
		{"EXPIRE -1", false, false, EXPIRE_NEVER, 0},
		{"EXPIRE NEVERMORE", false, false, EXPIRE_NEVER, 0},
		{"EXPIRE 00", true, true, 0, 0},
		{"LOGIN-DELAY 900", false, false, 0, 900},
		{"login-delay 86400 USER", false, false, 0, 86400},
		{"LOGIN-DELAY 86401", false, false, 0, 0},
		{"LOGIN-DELAY", false, false, 0, 0},
		{"LOGIN-DELAY soon", false, false, 0, 0},
		{"LOGIN-DELAY 99999999999999999999", false, false, 0, 0},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct capabilities c = {0};
		g_test_message("row '%s'", rows[i].line);
		capabilities_add(&c, rows[i].line);
		g_assert_cmpint(c.expire, ==, rows[i].expire);
		g_assert_cmpint(c.expire_now, ==, rows[i].now);
		g_assert_cmpuint(c.expire_days, ==, rows[i].days);
		g_assert_cmpuint(c.login_delay, ==, rows[i].delay);
		capabilities_clear(&c);
	}
}

/* --- Bodies ---------------------------------------------------------------------- */

/* Feeds wire in pieces of step octets; whether it ended, and how much was used. */
static bool feed(
	const char *wire, size_t len, size_t step, bool lf_mode, GString *out, size_t *used)
{
	struct body b;
	body_init(&b, lf_mode);
	*used = 0;
	while (*used < len && b.state != BODY_END) {
		size_t n = MIN(step, len - *used), got;
		g_autofree char *piece = g_memdup2(wire + *used, n);
		g_autofree char *room = g_malloc(n + 1);
		*used += body_feed(&b, piece, n, room, &got);
		g_assert_cmpuint(got, <=, n + 1);
		g_string_append_len(out, room, (gssize)got);
	}
	return b.state == BODY_END;
}

#define WIRE(text) text, sizeof(text) - 1
static const struct {
	const char *wire;
	size_t wire_len;
	const char *mail;
	size_t mail_len;
	bool ends;
	bool lf_mode;
} bodies[] = {
	{WIRE(".\r\n"), WIRE(""), true, false},
	{WIRE("a\r\n.\r\n"), WIRE("a\n"), true, false},
	{WIRE("\r\n.\r\n"), WIRE("\n"), true, false},
	{WIRE("..\r\n.\r\n"), WIRE(".\n"), true, false},
	{WIRE("..a\r\n...\r\n.\r\n"), WIRE(".a\n..\n"), true, false},
	{WIRE(".a\r\n.\r\n"), WIRE("a\n"), true, false},
	{WIRE("a.\r\n.\r\n"), WIRE("a.\n"), true, false},
	/* What must not end it: P-41. */
	{WIRE("a\n.\nb\r\n.\r\n"), WIRE("a\n.\nb\n"), true, false},
	{WIRE("a\n.\r\n.\r\n"), WIRE("a\n.\n"), true, false},
	{WIRE("a\r\n.\nb\r\n.\r\n"), WIRE("a\n\nb\n"), true, false},
	{WIRE("a\r.\rb\r\n.\r\n"), WIRE("a\r.\rb\n"), true, false},
	{WIRE("a\r\n.\rb\r\n.\r\n"), WIRE("a\n\rb\n"), true, false},
	{WIRE("a\r\n.\r\r\n.\r\n"), WIRE("a\n\r\n"), true, false},
	/* Kept byte for byte: P-43. */
	{WIRE("a\0b\xff\r\n.\r\n"), WIRE("a\0b\xff\n"), true, false},
	{WIRE("a\r\r\nb\r\n.\r\n"), WIRE("a\r\nb\n"), true, false},
	{WIRE("\r\r\r\n.\r\n"), WIRE("\r\r\n"), true, false},
	{WIRE("a\rb\nc\r\n.\r\n"), WIRE("a\rb\nc\n"), true, false},
	/* Not ended yet. */
	{WIRE("a\r\n.\r"), WIRE("a\n"), false, false},
	{WIRE("a\r\n."), WIRE("a\n"), false, false},
	{WIRE("a\r\n"), WIRE("a\n"), false, false},
	/* A server whose lines end in a bare LF. */
	{WIRE("a\n..b\n.\n"), WIRE("a\n.b\n"), true, true},
	{WIRE("a\r\n.\r\n.\n"), WIRE("a\r\n\r\n"), true, true},
	{WIRE(".\n"), WIRE(""), true, true},
};

static void test_bodies(void)
{
	static const char next[] = "+OK next\r\n";
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		/* With and without the next reply right behind. */
		GString *wire = g_string_new_len(bodies[i].wire, (gssize)bodies[i].wire_len);
		if (bodies[i].ends)
			g_string_append(wire, next);
		for (size_t step = 1; step <= 17; step++) {
			size_t used;
			GString *out = g_string_new(NULL);
			g_test_message("row %zu in pieces of %zu", i, step);
			g_assert_cmpint(
				feed(wire->str, wire->len, step, bodies[i].lf_mode, out, &used), ==,
				bodies[i].ends);
			g_assert_cmpmem(out->str, out->len, bodies[i].mail, bodies[i].mail_len);
			g_assert_cmpuint(used, ==, bodies[i].wire_len);
			g_string_free(out, TRUE);
		}
		g_string_free(wire, TRUE);
	}
}

/* A dot and an end at every place around the end of a piece. */
static void test_boundaries(void)
{
	enum { PIECE = 4096 };
	for (size_t pad = PIECE - 8; pad <= PIECE + 8; pad++) {
		size_t used;
		GString *wire = g_string_new(NULL), *mail = g_string_new(NULL);
		GString *out = g_string_new(NULL);
		for (size_t n = 0; n < pad; n++)
			g_string_append_c(wire, 'x');
		g_string_append_len(mail, wire->str, (gssize)wire->len);
		g_string_append(wire, "\r\n..dot\r\n.\r\n");
		g_string_append(mail, "\n.dot\n");
		g_assert_true(feed(wire->str, wire->len, PIECE, false, out, &used));
		g_assert_cmpmem(out->str, out->len, mail->str, mail->len);
		g_string_free(wire, TRUE);
		g_string_free(mail, TRUE);
		g_string_free(out, TRUE);
	}
}

/* --- The plan -------------------------------------------------------------------- */

#define DAY (24 * 60 * 60)
#define NOW ((int64_t)1800000000)

static void drop_add(struct pop3_drop *drop, uint64_t number, const char *uid)
{
	struct pop3_message m = {number, 100, uid ? g_bytes_new(uid, strlen(uid)) : NULL};
	g_array_append_val(drop->messages, m);
	drop->has_uids |= uid != NULL;
}

static void message_clear(void *data)
{
	struct pop3_message *m = data;
	g_clear_pointer(&m->uid, g_bytes_unref);
}

static void drop_init(struct pop3_drop *drop)
{
	*drop = (struct pop3_drop){0};
	drop->messages = g_array_new(FALSE, TRUE, sizeof(struct pop3_message));
	g_array_set_clear_func(drop->messages, message_clear);
}

static void row_free(void *data)
{
	struct uid_row *row = data;
	g_bytes_unref(row->uid);
	g_free(row->base);
	g_free(row);
}

static void known_add(GPtrArray *known, const char *uid, enum uid_state state, int64_t stored)
{
	struct uid_row *row = g_new0(struct uid_row, 1);
	row->id = known->len + 1;
	row->uid = g_bytes_new(uid, strlen(uid));
	row->state = state;
	row->stored = row->seen = stored;
	row->base = g_strdup("file");
	row->size = 100;
	g_ptr_array_add(known, row);
}

static bool make(struct plan *plan, const struct pop3_drop *drop, const GPtrArray *known,
	const struct keep_policy *keep, GError **error)
{
	struct plan_input in = {.known = known, .keep = keep, .lived = NOW};
	return plan_make(plan, drop, &in, error);
}

/* One letter that is on the server, and what is known of it. */
static void test_keep(void)
{
	static const struct {
		const char *name;
		enum keep_kind keep;
		int days;
		int state; /* -1: not known */
		int64_t age;
		enum plan_action action;
		bool delete_fetched;
	} rows[] = {
		{"new, always", KEEP_ALWAYS, 0, -1, 0, PLAN_FETCH, false},
		{"new, never", KEEP_NEVER, 0, -1, 0, PLAN_FETCH, true},
		{"new, days", KEEP_DAYS, 14, -1, 0, PLAN_FETCH, false},
		{"stored, always", KEEP_ALWAYS, 0, UID_STORED, 99 * DAY, PLAN_LEAVE, false},
		{"stored, never", KEEP_NEVER, 0, UID_STORED, 0, PLAN_DELETE, true},
		{"N - 1 days", KEEP_DAYS, 14, UID_STORED, 13 * DAY, PLAN_LEAVE, false},
		{"N days less a second", KEEP_DAYS, 14, UID_STORED, 14 * DAY - 1, PLAN_LEAVE,
			false},
		{"N days", KEEP_DAYS, 14, UID_STORED, 14 * DAY, PLAN_DELETE, false},
		{"N + 1 days", KEEP_DAYS, 14, UID_STORED, 15 * DAY, PLAN_DELETE, false},
		{"clock fell back", KEEP_DAYS, 14, UID_STORED, -2 * DAY, PLAN_LEAVE, false},
		{"owed, never", KEEP_NEVER, 0, UID_DEL_UNKNOWN, 0, PLAN_DELETE, true},
		{"owed, days", KEEP_DAYS, 14, UID_DEL_UNKNOWN, 0, PLAN_DELETE, false},
		{"owed, always now", KEEP_ALWAYS, 0, UID_DEL_SENT, 0, PLAN_LEAVE, false},
		{"deleted, and listed again", KEEP_NEVER, 0, UID_DEL_DONE, 0, PLAN_FETCH, true},
		{"half fetched", KEEP_ALWAYS, 0, UID_FETCHING, 0, PLAN_FETCH, false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct plan plan;
		struct pop3_drop drop;
		struct keep_policy keep = {rows[i].keep, rows[i].days};
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(row_free);
		g_test_message("row '%s'", rows[i].name);
		drop_init(&drop);
		drop_add(&drop, 1, "abc");
		if (rows[i].state >= 0)
			known_add(known, "abc", (enum uid_state)rows[i].state, NOW - rows[i].age);
		g_assert_true(make(&plan, &drop, known, &keep, &error));
		struct plan_step *step = &g_array_index(plan.steps, struct plan_step, 0);
		g_assert_cmpint(step->action, ==, rows[i].action);
		g_assert_cmpint(plan.delete_fetched, ==, rows[i].delete_fetched);
		g_assert_cmpint(step->row, ==, rows[i].state >= 0);
		plan_clear(&plan);
		pop3_drop_clear(&drop);
	}
}

/* A letter that was deleted without being fetched, and is listed all the same:
 * asked for again where nobody knows, never fetched as long as it can be that
 * letter, whatever keep says. */
static void test_unseen(void)
{
	static const struct {
		const char *name;
		int state;
		int64_t size, gone;
		enum plan_action action;
	} rows[] = {
		{"QUIT was not answered", UID_DEL_UNKNOWN, 100, 0, PLAN_DELETE},
		{"died before QUIT was answered", UID_DEL_SENT, 100, 0, PLAN_DELETE},
		{"the server said that it was done", UID_DEL_DONE, 100, 0, PLAN_LEAVE},
		{"another size, another letter", UID_DEL_UNKNOWN, 101, 0, PLAN_FETCH},
		{"another size after all", UID_DEL_DONE, 101, 0, PLAN_FETCH},
		{"it was gone in between", UID_DEL_DONE, 100, NOW - DAY, PLAN_FETCH},
	};
	static const enum keep_kind keeps[] = {KEEP_ALWAYS, KEEP_NEVER, KEEP_DAYS};
	for (size_t i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(keeps); i++) {
		struct plan plan;
		struct pop3_drop drop;
		struct keep_policy keep = {keeps[i % G_N_ELEMENTS(keeps)], 14};
		size_t n = i / G_N_ELEMENTS(keeps);
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(row_free);
		g_test_message("row '%s', keep %d", rows[n].name, keep.kind);
		drop_init(&drop);
		drop_add(&drop, 1, "abc");
		known_add(known, "abc", (enum uid_state)rows[n].state, NOW);
		struct uid_row *row = known->pdata[0];
		row->base[0] = '\0';
		row->size = rows[n].size;
		row->gone = rows[n].gone;
		g_assert_true(make(&plan, &drop, known, &keep, &error));
		struct plan_step *step = &g_array_index(plan.steps, struct plan_step, 0);
		g_assert_cmpint(step->action, ==, rows[n].action);
		g_assert_cmpint(plan_may_be_here(&plan, step), ==, false);
		plan_clear(&plan);
		pop3_drop_clear(&drop);
	}
}

/* Equal UIDs are letters of their own, each with its own name (P-48). */
static void test_duplicates(void)
{
	struct plan plan;
	struct pop3_drop drop;
	struct keep_policy keep = {KEEP_ALWAYS, 0};
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(row_free);
	drop_init(&drop);
	drop_add(&drop, 1, "same");
	drop_add(&drop, 2, "same");
	drop_add(&drop, 3, "same");
	known_add(known, "same", UID_STORED, NOW);
	g_assert_true(make(&plan, &drop, known, &keep, &error));
	g_assert_cmpuint(plan.fetch, ==, 2);
	const struct plan_step *steps = &g_array_index(plan.steps, struct plan_step, 0);
	g_assert_false(g_bytes_equal(steps[0].uid, steps[1].uid));
	g_assert_false(g_bytes_equal(steps[1].uid, steps[2].uid));
	gsize len;
	const char *name = g_bytes_get_data(steps[1].uid, &len);
	g_assert_cmpmem(name, len,
		"same\1"
		"2",
		6);
	plan_clear(&plan);
	/* Now the second is known as well, under its own name. */
	known_add(known,
		"same\1"
		"2",
		UID_STORED, NOW);
	g_assert_true(make(&plan, &drop, known, &keep, &error));
	g_assert_cmpuint(plan.fetch, ==, 1);
	g_assert_cmpuint(plan.listed->len, ==, 2);
	plan_clear(&plan);
	pop3_drop_clear(&drop);
}

static void test_no_uidl(void)
{
	static const struct {
		enum keep_kind keep;
		bool ok;
	} rows[] = {{KEEP_NEVER, true}, {KEEP_ALWAYS, false}, {KEEP_DAYS, false}};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct plan plan;
		struct pop3_drop drop;
		struct keep_policy keep = {rows[i].keep, 3};
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) known = g_ptr_array_new();
		drop_init(&drop);
		drop_add(&drop, 1, NULL);
		drop_add(&drop, 2, NULL);
		g_assert_cmpint(make(&plan, &drop, known, &keep, &error), ==, rows[i].ok);
		if (rows[i].ok)
			g_assert_cmpuint(plan.fetch, ==, 2);
		else
			g_assert_error(error, POP3_ERROR, POP3_ERROR_CONFIG);
		plan_clear(&plan);
		pop3_drop_clear(&drop);
	}
}

/* A letter without UID among others is left alone, unless it can go at once. */
static void test_nameless(void)
{
	for (int never = 0; never < 2; never++) {
		struct plan plan;
		struct pop3_drop drop;
		struct keep_policy keep = {never ? KEEP_NEVER : KEEP_ALWAYS, 0};
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) known = g_ptr_array_new();
		drop_init(&drop);
		drop_add(&drop, 1, "abc");
		drop_add(&drop, 2, NULL);
		g_assert_true(make(&plan, &drop, known, &keep, &error));
		g_assert_cmpuint(plan.fetch, ==, never ? 2 : 1);
		g_assert_cmpuint(plan.nameless, ==, never ? 0 : 1);
		plan_clear(&plan);
		pop3_drop_clear(&drop);
	}
}

static void test_codes(void)
{
	const struct {
		GQuark domain;
		int code;
		enum wire_code wire;
	} rows[] = {
		{NET_ERROR, NET_ERROR_RESOLVE, CODE_NETWORK},
		{NET_ERROR, NET_ERROR_TIMEOUT, CODE_TIMEOUT},
		{NET_ERROR, NET_ERROR_CANCELLED, CODE_CANCELLED},
		{NET_ERROR, NET_ERROR_CERTIFICATE, CODE_CERTIFICATE},
		{NET_ERROR, NET_ERROR_CONFIG, CODE_CONFIG},
		{POP3_ERROR, POP3_ERROR_AUTH, CODE_AUTH},
		{POP3_ERROR, POP3_ERROR_TEMPORARY, CODE_TEMPORARY},
		{POP3_ERROR, POP3_ERROR_BUSY, CODE_BUSY},
		{POP3_ERROR, POP3_ERROR_PROTOCOL, CODE_PROTOCOL},
		{STORE_ERROR, STORE_ERROR_BUSY, CODE_BUSY},
		{STORE_ERROR, STORE_ERROR_DISK, CODE_DISK},
		{STORE_ERROR, STORE_ERROR_NAME, CODE_CONFIG},
		{STORE_ERROR, STORE_ERROR_STATE, CODE_DISK},
		{CONFIG_ERROR, CONFIG_ERROR_SECRET, CODE_CONFIG},
		{G_FILE_ERROR, G_FILE_ERROR_NOSPC, CODE_DISK},
		{WIRE_ERROR, CODE_USAGE, CODE_USAGE},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = g_error_new_literal(rows[i].domain, rows[i].code, "x");
		g_test_message("row %zu", i);
		g_assert_cmpint(policy_code(error), ==, rows[i].wire);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pop3/reply/indicators/Z1/P-35", test_indicators);
	g_test_add_func("/pop3/reply/numbers/P-45", test_numbers);
	g_test_add_func("/pop3/reply/list/P-45", test_list_rows);
	g_test_add_func("/pop3/reply/uidl/P-46", test_uidl_rows);
	g_test_add_func("/pop3/reply/capabilities/P-02/P-15/P-18/P-20", test_capabilities);
	g_test_add_func("/pop3/reply/capabilities/numbers/P-17/P-19", test_capability_numbers);
	g_test_add_func("/pop3/body/P-41/P-42/P-43", test_bodies);
	g_test_add_func("/pop3/body/boundaries/P-42", test_boundaries);
	g_test_add_func("/pop3/plan/keep/P-70", test_keep);
	g_test_add_func("/pop3/plan/unseen/P-59", test_unseen);

	g_test_add_func("/pop3/plan/duplicates/P-48", test_duplicates);
	g_test_add_func("/pop3/plan/no-uidl/P-47", test_no_uidl);
	g_test_add_func("/pop3/plan/nameless/P-46", test_nameless);
	g_test_add_func("/pop3/codes/P-16", test_codes);
	return g_test_run();
}
