/* SPDX-License-Identifier: MIT
 *
 * What is remembered of keys that came with letters (Autocrypt, level 1). */
#include "mailbox.h"

#include "store/autocrypt.h"

static const struct {
	const char *name;
	int64_t date;
	const char *key;
	bool mutual;
	int64_t seen, made; /* afterwards */
	const char *kept;
	bool keeps_mutual;
} rows[] = {
	{"nothing is known of who sent none", 100, "", false, 0, 0, NULL, false},
	{"the first one", 200, "AAAA", true, 200, 200, "AAAA", true},
	{"an older letter with another", 150, "BBBB", false, 200, 200, "AAAA", true},
	{"a newer one without", 300, "", false, 300, 200, "AAAA", true},
	{"between the two", 250, "CCCC", false, 300, 250, "CCCC", false},
	{"the newest", 400, "DDDD", true, 400, 400, "DDDD", true},
	{"one of the year 2100", 4102444800, "EEEE", false, 1000, 1000, "EEEE", false},
	{"the next real one", 900, "FFFF", true, 1000, 1000, "EEEE", false},
};

static void test_note(void)
{
	struct mailbox m;
	g_autoptr(GError) error = NULL;
	g_setenv("DEWEY_CLOCK", "1000", TRUE);
	mailbox_init(&m);
	struct ledger *l = store_ledger(m.store, &error);
	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct autocrypt_peer letter = {
			.made = rows[i].date, .key = (char *)rows[i].key, .mutual = rows[i].mutual};
		g_auto(autocrypt_peer) found = {0};
		g_test_message("%s", rows[i].name);
		g_assert_true(autocrypt_note(l, "Jones@Example.org", &letter, &error));
		g_assert_true(autocrypt_get(l, "jones@example.ORG", &found, &error));
		g_assert_no_error(error);
		g_assert_cmpstr(found.key, ==, rows[i].kept);
		g_assert_cmpint(found.seen, ==, rows[i].seen);
		g_assert_cmpint(found.made, ==, rows[i].made);
		g_assert_cmpint(found.mutual, ==, rows[i].keeps_mutual);
	}
	mailbox_clear(&m);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/autocrypt/what is newer counts", test_note);
	return g_test_run();
}
