/* SPDX-License-Identifier: MIT
 *
 * What is done with each letter that a server lists. */
#include "base/base.h"

#include <string.h>

#include "pop3/policy.h"
#include "store/store.h"

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
	g_test_add_func("/pop3/plan/keep/P-70", test_keep);
	g_test_add_func("/pop3/plan/unseen/P-59", test_unseen);
	g_test_add_func("/pop3/plan/duplicates/P-48", test_duplicates);
	g_test_add_func("/pop3/plan/no-uidl/P-47", test_no_uidl);
	g_test_add_func("/pop3/plan/nameless/P-46", test_nameless);
	g_test_add_func("/pop3/codes/P-16", test_codes);
	return g_test_run();
}
