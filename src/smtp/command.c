/* SPDX-License-Identifier: MIT
 *
 * smtp = command:PROGRAM ARGS: the letter goes to the standard input of a program,
 * its recipients are arguments, or are read by the program in the letter (-t). */
#include "base/base.h"

#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/external.h"
#include "base/fdio.h"
#include "base/path.h"
#include "base/sanitize.h"
#include "smtp/letter.h"
#include "smtp/states.h"

/* Seconds without a word or an end: it may have a slow line before it. */
enum { PATIENCE = 3600 };

static const struct {
	int from, to;
	enum policy_item item;
	enum wire_code code;
} exits[] = {
#define EXIT(from, to, item, code) {from, to, ITEM_##item, CODE_##code},
#include "smtp/exits.def"
#undef EXIT
};

bool session_is_command(const struct session *s)
{
	return s->params.account->smtp->command;
}

/* --- the command line ------------------------------------------------------------------ */

/* "-ti" and "-toi" too. */
static bool is_cluster(const char *word)
{
	size_t n = *word == '-' ? strspn(word + 1, "ti") : 0;
	return n > 0 && (word[1 + n] == '\0' || g_str_equal(word + 1 + n, "oi"));
}

static bool has_flag(char **argv, char flag)
{
	for (char **word = argv + 1; *word; word++)
		if ((is_cluster(*word) && strchr(*word, flag)) ||
			(flag == 't' && g_str_equal(*word, "--read-recipients"))) /* msmtp */
			return true;
	return false;
}

/* %f is the sender in the envelope; there is no shell, so that nothing in it can be
 * more than a word. */
static char *expand(const char *word, const char *sender)
{
	GString *text = g_string_new(NULL);
	for (; *word; word++)
		if (word[0] == '%' && (word[1] == 'f' || word[1] == '%'))
			g_string_append(text, *++word == 'f' ? sender : "%");
		else
			g_string_append_c(text, *word);
	return g_string_free(text, FALSE);
}

/* Without -i a sendmail takes a line with a dot for the end of the letter. */
static bool is_sendmail(char **argv)
{
	g_autofree char *name = g_path_get_basename(argv[0]);
	return has_flag(argv, 't') || g_str_equal(name, "sendmail");
}

static char **command_line(const struct transaction *t, char **words)
{
	GStrvBuilder *argv = g_strv_builder_new();
	bool reads = has_flag(words, 't');
	g_autofree char *program = path_expand(words[0]);
	g_strv_builder_add(argv, program);
	if (is_sendmail(words) && !has_flag(words, 'i'))
		g_strv_builder_add(argv, "-oi");
	for (char **word = words + 1; *word; word++) {
		g_autofree char *whole = expand(*word, t->letter->sender);
		g_strv_builder_add(argv, whole);
	}
	/* An address that begins with a hyphen is no option. */
	if (!reads)
		g_strv_builder_add(argv, "--");
	for (guint i = 0; !reads && i < t->letter->recipients->len; i++)
		if (transaction_asks(t, i)) {
			g_autofree char *ascii =
				address_to_ascii_domain(transaction_recipient(t, i)->address, NULL);
			g_strv_builder_add(argv, ascii);
		}
	char **all = g_strv_builder_end(argv);
	g_strv_builder_unref(argv);
	return all;
}

/* --- -t ------------------------------------------------------------------------------------ */

static int body_of(const struct transaction *t)
{
	return t->converted >= 0 ? t->converted : t->letter->fd;
}

static bool is_among(const char *address, const struct transaction *t)
{
	for (guint i = 0; i < t->letter->recipients->len; i++)
		if (transaction_asks(t, i) &&
			address_equal(address, transaction_recipient(t, i)->address))
			return true;
	return false;
}

static bool is_named(const struct session_recipient *r, const GPtrArray *named)
{
	for (guint i = 0; i < named->len; i++)
		if (address_equal(r->address, named->pdata[i]))
			return true;
	return false;
}

/* The program sends to all who stand in the letter: for any others, or fewer (one
 * that was corrected, S-41), that would be too many or too few. */
static bool reads_the_same(const struct transaction *t)
{
	g_autoptr(GString) header = letter_header_of(body_of(t));
	const struct letter l = {.header = header};
	g_autoptr(GPtrArray) named = letter_recipients(&l, NULL, NULL);
	if (!named)
		return false;
	for (guint i = 0; i < named->len; i++)
		if (!is_among(named->pdata[i], t))
			return false;
	for (guint i = 0; i < t->letter->recipients->len; i++)
		if (!transaction_asks(t, i) || !is_named(transaction_recipient(t, i), named))
			return false;
	return true;
}

/* --- the letter ----------------------------------------------------------------------------- */

/* Programs take LF.  The filter has made every line end CRLF, so that no other CR is
 * left. */
static bool put(int to, const GString *piece, GError **error)
{
	g_autoptr(GString) text = g_string_sized_new(piece->len);
	for (gsize i = 0; i < piece->len; i++)
		if (piece->str[i] != '\r')
			g_string_append_c(text, piece->str[i]);
	return fdio_write_all(to, text->str, text->len, error);
}

static bool put_filtered(const struct transaction *t, int to, GError **error)
{
	struct content_reader reader;
	bool ok = true;
	content_reader_init(&reader, body_of(t));
	reader.filter.plain = true;
	while (ok && !reader.over) {
		const GString *piece = content_read(&reader, error);
		ok = piece && put(to, piece, error);
	}
	content_reader_clear(&reader);
	return ok;
}

/* Who reads the recipients in the letter needs Bcc. */
static bool put_whole(const struct transaction *t, int to, GError **error)
{
	g_autofree char *piece = g_malloc(CONTENT_PIECE);
	off_t at = 0;
	ssize_t n;
	while ((n = pread(body_of(t), piece, CONTENT_PIECE, at)) > 0) {
		at += n;
		if (!fdio_write_all(to, piece, (size_t)n, error))
			return false;
	}
	return n == 0 || fdio_fail(error, "read", "");
}

/* A file, no pipe: should we end in the middle, half a letter would look whole to
 * the program.  Error: G_FILE_ERROR. */
static int make_input(const struct transaction *t, bool whole, GError **error)
{
	int fd = fdio_temporary(error);
	if (fd >= 0 && (whole ? put_whole : put_filtered)(t, fd, error) &&
		(lseek(fd, 0, SEEK_SET) == 0 || fdio_fail(error, "seek", "")))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* --- what became of it --------------------------------------------------------------------------
 */

static char *describe(const struct session *s, int status)
{
	const char *command = s->params.account->smtp->command;
	/* TRANSLATORS: a command, its exit status, what it said */
	return s->server ? g_strdup_printf(_("'%s' ended with status %d, saying \"%s\""), command,
				   status, s->server)
			 : g_strdup_printf(_("'%s' ended with status %d"), command, status);
}

static void take_status(struct session *s, const struct external_result *r)
{
	g_autofree char *why = describe(s, r->status);
	size_t i = 0;
	while (r->status < exits[i].from || r->status > exits[i].to)
		i++;
	if (exits[i].item == ITEM_SENT)
		s->now.letter->item = ITEM_SENT;
	else
		session_letter_ends(s->now.letter, exits[i].item, exits[i].code, why);
}

/* Nobody knows of a program that was killed, or says yes to what it has not read. */
static void take_end(struct session *s, const struct external_result *r, int fd)
{
	bool read = s->now.shape.octets == 0 || lseek(fd, 0, SEEK_CUR) > 0;
	g_free(s->server);
	s->server = r->words ? sanitize_server_text(r->words, -1) : NULL;
	if (r->end != EXTERNAL_EXITED)
		session_letter_ends(s->now.letter, ITEM_UNCERTAIN, CODE_UNCERTAIN,
			_("the program in 'smtp' did not end by itself"));
	else if (r->status == EX_OK && !read)
		session_letter_ends(s->now.letter, ITEM_UNCERTAIN, CODE_UNCERTAIN,
			_("the program in 'smtp' ended well without reading the letter"));
	else
		take_status(s, r);
}

/* A program is asked for all at once: who is to be asked is as good as accepted. */
static void accept_all(const struct transaction *t)
{
	for (guint i = 0; i < t->letter->recipients->len; i++)
		if (transaction_asks(t, i))
			session_recipient_set(transaction_recipient(t, i), RCPT_ACCEPT, NULL);
}

static void trace(const struct session *s, char **argv)
{
	g_autofree char *line = g_strjoinv(" ", argv);
	if (s->params.net.trace)
		s->params.net.trace(true, line, strlen(line), s->params.net.trace_data);
}

/* The program cannot be run; a shortage passes. */
static void cannot_run(struct session *s, const char *program, const GError *why)
{
	bool shortage = why->domain == G_FILE_ERROR ||
			g_error_matches(why, G_SPAWN_ERROR, G_SPAWN_ERROR_FORK);
	g_autofree char *shown = sanitize_line(program, -1);
	g_autofree char *words = g_strdup_printf(_("cannot run '%s': %s"), shown, why->message);
	session_letter_ends(s->now.letter, shortage ? ITEM_DEFER : ITEM_HOLD,
		shortage ? CODE_SYSTEM : CODE_CONFIG, words);
}

/* Nobody can stop it, for half a letter cannot be taken back. */
static void run(struct session *s, char **argv, int fd)
{
	g_autoptr(GError) error = NULL;
	g_auto(external_result) result = {0};
	const struct external what = {.argv = argv, .input = fd, .silence = PATIENCE};
	struct session_letter *l = s->now.letter;
	accept_all(&s->now);
	/* Its start is what the final dot is for a server. */
	if (!l->before_dot(l, l->user, &error)) {
		session_letter_ends(l, ITEM_DEFER, CODE_DISK, error->message);
		return;
	}
	trace(s, argv);
	if (external_run(&what, &result, &error))
		take_end(s, &result, fd);
	else
		cannot_run(s, argv[0], error);
}

static bool holds(const struct transaction *t)
{
	return t->letter->hold && transaction_count(t, RCPT_FAIL) > 0;
}

void session_run_command(struct session *s)
{
	g_auto(GStrv) words = NULL;
	g_autoptr(GError) error = NULL;
	struct transaction *t = &s->now;
	bool ok = g_shell_parse_argv(s->params.account->smtp->command, NULL, &words, NULL);
	g_assert(ok); /* the dotfile was checked */
	bool reads = has_flag(words, 't');
	if (holds(t)) {
		session_ends_with_recipients(s, t);
		return;
	}
	if (reads && !reads_the_same(t)) {
		session_letter_ends(t->letter, ITEM_HOLD, CODE_CONFIG,
			_("the program in 'smtp' reads the recipients in the letter (-t), but it "
			  "is to go to others; take '-t' out"));
		return;
	}
	g_auto(GStrv) argv = command_line(t, words);
	int fd = make_input(t, reads, &error);
	if (fd < 0) {
		session_letter_ends(t->letter, ITEM_DEFER, CODE_DISK, error->message);
		return;
	}
	run(s, argv, fd);
	close(fd);
}
