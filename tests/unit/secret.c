/* SPDX-License-Identifier: MIT
 *
 * Passwords of accounts: by command, from a file, asked for. */
#include "base/base.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fdio.h"
#include "base/report.h"
#include "config/dotfile.h"

/* A dotfile that has only the account home with this password, in line 4. */
static struct dotfile *with_password(const char *value)
{
	g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = g_strdup_printf("[account home]\naddress = i@example.org\n"
						"pop3 = pop3s://i@pop.example.org\npassword = %s\n",
		value);
	struct dotfile *d = dotfile_parse(text, "rc", 0600, mistakes);
	g_assert_cmpuint(mistakes->len, ==, 0);
	return d;
}

struct secret_row {
	const char *name, *value, *secret, *reason;
};

static const struct secret_row secret_rows[] = {
	{"clear", "geheim", "geheim", NULL},
	{"command", "command:printf 'a b\\n'", "a b", NULL},
	{"one newline only", "command:printf 'a\\n\\n'", NULL, "more than one line came"},
	{"no newline", "command:printf x", "x", NULL},
	{"stdin is closed", "command:cat; printf x", "x", NULL},
	{"pipeline", "command:yes | head -n 1", "y", NULL},
	{"P-04 lines", "command:printf 'a\\nDELE 1\\n'", NULL, "more than one line came"},
	{"P-04 carriage return", "command:printf 'a\\r\\n'", NULL, "a carriage return"},
	{"P-04 nul", "command:printf 'a\\000b'", NULL, "a NUL octet"},
	{"empty", "command:true", NULL, "what came is empty"},
	{"fails", "command:printf x; exit 3", NULL, "exit status 3"},
	{"killed", "command:kill -9 $$", NULL, "signal 9"},
	{"T-30 too long", "command:head -c 65537 /dev/zero | tr '\\0' x", NULL,
		"longer than 65536 octets"},
	{"T-30 endless", "command:yes", NULL, "longer than 65536 octets"},
	{"no file", "file:/nonexistent", NULL, "'/nonexistent'"},
	{"nobody to ask", "prompt:", NULL, "nobody can be asked"},
};

static void check_secret_row(const struct secret_row *row)
{
	g_autoptr(GError) error = NULL;
	g_test_message("secret '%s'", row->name);
	g_autoptr(dotfile) d = with_password(row->value);
	g_autofree char *got =
		account_secret(dotfile_account(d, 0), "pop3", NULL, NULL, &error);
	g_assert_cmpstr(got, ==, row->secret);
	if (row->secret) {
		g_assert_no_error(error);
		return;
	}
	g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_SECRET);
	g_assert_nonnull(strstr(error->message, row->reason));
	g_assert_true(g_str_has_suffix(error->message, "(rc:4)"));
}

static void collect(const char *line, void *data)
{
	g_string_append_printf(data, "%s\n", line);
}

static void test_secrets(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(secret_rows); i++)
		check_secret_row(&secret_rows[i]);
}

/* T-30: what the command says is shown, but never as a control character; the
 * last line stands in the error, once. */
static void test_command_words(void)
{
	g_autoptr(GString) shown = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(dotfile) d = with_password(
		"command:printf 'gpg: \\033[2Jone\\ngpg: \\033[2Jno key\\n' >&2; exit 2");
	report_set_sink(collect, shown);
	g_assert_null(account_secret(dotfile_account(d, 0), "pop3", NULL, NULL, &error));
	report_set_sink(NULL, NULL);
	g_assert_cmpstr(shown->str, ==, "password command of 'home': gpg: ␛[2Jone\n");
	g_assert_cmpstr(error->message, ==,
		"no password: the command failed with exit status 2, saying \"gpg: ␛[2Jno key\" "
		"(rc:4)");
}

/* We ignore SIGPIPE; the commands of a pipeline must not. */
static void test_pipeline(void)
{
	g_autoptr(GString) shown = g_string_new(NULL);
	g_autoptr(dotfile) d = with_password("command:yes | head -n 1");
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	report_set_sink(collect, shown);
	g_autofree char *secret = account_secret(dotfile_account(d, 0), "pop3", NULL, NULL, NULL);
	report_set_sink(NULL, NULL);
	signal(SIGPIPE, before);
	g_assert_cmpstr(secret, ==, "y");
	g_assert_cmpstr(shown->str, ==, ""); /* no "Broken pipe" */
}

static void test_secret_file(void)
{
	g_autofree char *dir = g_dir_make_tmp("dewey-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "pw", NULL);
	g_autofree char *value = g_strconcat("file:", path, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(dotfile) d = with_password(value);
	g_assert_true(fdio_replace_file(path, "geheim\n", 7, NULL));
	g_autofree char *secret = account_secret(dotfile_account(d, 0), "smtp", NULL, NULL, NULL);
	g_assert_cmpstr(secret, ==, "geheim");
	g_chmod(path, 0644);
	g_assert_null(account_secret(dotfile_account(d, 0), "pop3", NULL, NULL, &error));
	g_assert_nonnull(strstr(error->message, "chmod 600"));
	g_unlink(path);
	g_rmdir(dir);
}

static char *answer(const char *text, void *data)
{
	*(char **)data = g_strdup(text);
	return g_strdup("typed");
}

static void test_prompt(void)
{
	g_autofree char *asked = NULL;
	g_autoptr(dotfile) d = with_password("prompt:");
	g_autofree char *secret =
		account_secret(dotfile_account(d, 0), "pop3", answer, &asked, NULL);
	g_assert_cmpstr(secret, ==, "typed");
	g_assert_cmpstr(asked, ==, "password for pop3s://i@pop.example.org");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/secrets/P-04,T-30", test_secrets);
	g_test_add_func("/config/command-words/T-30", test_command_words);
	g_test_add_func("/config/pipeline", test_pipeline);
	g_test_add_func("/config/secret-file", test_secret_file);
	g_test_add_func("/config/prompt/T-32", test_prompt);
	return g_test_run();
}
