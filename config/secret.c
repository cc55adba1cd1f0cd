/* SPDX-License-Identifier: MIT */
#include "config/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/path.h"
#include "base/report.h"
#include "base/sanitize.h"
#include "base/secret.h"

enum {
	SECRET_MAX = 65536,
	WORDS_MAX = 16384,        /* of a command's stderr; what is more is dropped */
	COMMAND_SECONDS = 120,    /* a pinentry waits for a person */
	SHARED = 077,
};

static const char *const prefixes[] = {"command", "file", "prompt", NULL};
static const char *const later[] = {"keyring", "oauth2", NULL};

static bool refuse_prefix(const char *text, struct complaint *c)
{
	const char *colon = strchr(text, ':');
	if (!colon)
		return false;
	g_autofree char *word = g_strndup(text, (gsize)(colon - text));
	const char *meant = dotfile_did_you_mean(word, prefixes);
	if (!meant && !g_strv_contains(later, word))
		return false;
	/* Taken for a password in clear, it would be sent to the server. */
	complain(c, g_strdup_printf(_("unknown '%s:'"), word),
		meant ? g_strdup_printf(_("did you mean '%s:'? (a password that begins like this "
					  "goes into a file, 'file:NAME')"), meant)
		      : g_strdup(_("write command:…, file:… or prompt:")));
	return true;
}

bool secret_source_parse(const char *text, struct secret_source *out, struct complaint *c)
{
	*out = (struct secret_source){.kind = SECRET_CLEAR};
	if (g_str_has_prefix(text, "command:")) {
		out->kind = SECRET_COMMAND;
		out->value = g_strstrip(g_strdup(text + strlen("command:")));
	} else if (g_str_has_prefix(text, "file:")) {
		g_autofree char *name = g_strstrip(g_strdup(text + strlen("file:")));
		out->kind = SECRET_FILE;
		out->value = path_expand(name);
	} else if (g_str_has_prefix(text, "prompt:")) {
		out->kind = SECRET_PROMPT;
		return text[strlen("prompt:")] == '\0' ||
		       complain(c, g_strdup(_("nothing can stand behind 'prompt:'")),
			       g_strdup(_("take it out")));
	} else {
		if (refuse_prefix(text, c))
			return false;
		out->value = g_strdup(text);
	}
	if (*out->value == '\0')
		return complain(c, g_strdup_printf(_("nothing stands behind '%s'"), text),
			g_strdup(_("write a command or a file name there")));
	if (out->kind == SECRET_FILE && !g_path_is_absolute(out->value))
		return complain(c, g_strdup_printf(_("'%s' is not a full file name"), out->value),
			g_strdup(_("begin it with '/' or '~/'")));
	return true;
}

void secret_source_clear(struct secret_source *s)
{
	g_clear_pointer(&s->value, secret_free);
}

/* What is being asked for, and where the dotfile says so. */
struct wanted {
	const struct account *account;
	const struct secret_source *source;
};

static bool fail(const struct wanted *w, GError **error, char *reason)
{
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_SECRET,
		_("no password: %s (%s:%d)"), reason, w->account->file,
		w->source->line ? w->source->line : w->account->line);
	g_free(reason);
	return false;
}

/* One buffer that never moves, so that wiping it wipes all there is. */
struct secret_buffer {
	char *data; /* SECRET_MAX + 1 */
	size_t len;
};

static char *secret_buffer_room(void)
{
	char *room = g_malloc0(SECRET_MAX + 1);
	secret_lock(room, SECRET_MAX + 1);
	return room;
}

static void secret_buffer_clear(struct secret_buffer *b)
{
	explicit_bzero(b->data, SECRET_MAX + 1);
	g_clear_pointer(&b->data, g_free);
}

static bool too_long(const struct wanted *w, GError **error)
{
	return fail(w, error, g_strdup_printf(_("what came is longer than %d octets"), SECRET_MAX));
}

/* One newline at the end is a habit of programs; any other line end would
 * begin a line of its own in the protocol (P-04). */
static bool check_secret(const struct wanted *w, struct secret_buffer *b, GError **error)
{
	if (b->len > SECRET_MAX)
		return too_long(w, error);
	if (b->len > 0 && b->data[b->len - 1] == '\n')
		b->len--;
	b->data[b->len] = '\0';
	if (b->len == 0)
		return fail(w, error, g_strdup(_("what came is empty")));
	if (memchr(b->data, '\n', b->len))
		return fail(w, error, g_strdup(_("more than one line came; add '| head -n 1' to the "
						 "command, or leave one line in the file")));
	if (memchr(b->data, '\r', b->len) || memchr(b->data, '\0', b->len))
		return fail(w, error, g_strdup(_("a carriage return or a NUL octet is in it; take "
						 "it out")));
	return true;
}

static char *finish(const struct wanted *w, struct secret_buffer *b, GError **error)
{
	char *secret = check_secret(w, b, error) ? g_strndup(b->data, b->len) : NULL;
	if (secret)
		secret_lock(secret, b->len);
	secret_buffer_clear(b);
	return secret;
}

struct command {
	const struct wanted *wanted;
	pid_t pid;
	int out, err;
	struct secret_buffer secret;
	GString *words; /* its stderr */
};

static bool command_start(struct command *cmd, GError **error)
{
	char *argv[] = {(char *)"/bin/sh", (char *)"-c", cmd->wanted->source->value, NULL};
	g_autoptr(GError) reason = NULL;
	if (g_spawn_async_with_pipes(NULL, argv, NULL,
		    G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CLOEXEC_PIPES, NULL, NULL,
		    &cmd->pid, NULL, &cmd->out, &cmd->err, &reason))
		return true;
	return fail(cmd->wanted, error, g_strdup(reason->message));
}

/* Reads what is there into at most room octets; 0 at the end. */
static ssize_t take(int fd, char *into, size_t room)
{
	ssize_t n;
	do
		n = read(fd, into, room);
	while (n < 0 && errno == EINTR);
	return n;
}

static void read_words(struct command *cmd, struct pollfd *p)
{
	char chunk[1024];
	ssize_t n = take(p->fd, chunk, sizeof chunk);
	if (n <= 0)
		p->fd = -1;
	else if (cmd->words->len < WORDS_MAX)
		g_string_append_len(cmd->words, chunk, n);
}

static void read_secret(struct command *cmd, struct pollfd *p)
{
	struct secret_buffer *b = &cmd->secret;
	ssize_t n = take(p->fd, b->data + b->len, SECRET_MAX + 1 - b->len);
	if (n > 0)
		b->len += (size_t)n;
	if (n <= 0 || b->len > SECRET_MAX)
		p->fd = -1;
}

/* Until its standard output is closed; something it left running may hold
 * stderr open for ever. */
static bool command_read(struct command *cmd, GError **error)
{
	struct pollfd p[] = {{cmd->out, POLLIN, 0}, {cmd->err, POLLIN, 0}};
	int64_t deadline = clock_monotonic() + COMMAND_SECONDS * 1000;
	while (p[0].fd >= 0) {
		int64_t left = deadline - clock_monotonic();
		int n = poll(p, 2, left > 0 ? (int)left : 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(cmd->wanted, error,
				g_strdup_printf(_("the command gave no answer in %d seconds"),
					COMMAND_SECONDS));
		if (p[1].revents)
			read_words(cmd, &p[1]);
		if (p[0].revents)
			read_secret(cmd, &p[0]);
	}
	if (cmd->secret.len > SECRET_MAX)
		return too_long(cmd->wanted, error);
	return true;
}

/* What is left in the pipe of its stderr, without waiting for more. */
static void drain_words(struct command *cmd)
{
	struct pollfd p = {cmd->err, POLLIN, 0};
	while (p.fd >= 0 && poll(&p, 1, 0) > 0)
		read_words(cmd, &p);
}

/* The last line is the one that says why, as a rule: the error takes it, for who
 * sees no stderr.  NULL: there was none, or it is not wanted. */
static char *tell_words(struct command *cmd, bool keep_last)
{
	g_auto(GStrv) lines = g_strsplit(cmd->words->str, "\n", -1);
	const char *last = NULL;
	for (char **line = lines; *line; line++) {
		if (**line == '\0')
			continue;
		if (last)
			report_info(_("password command of '%s': %s"), cmd->wanted->account->id,
				last);
		last = *line;
	}
	if (last && keep_last)
		return sanitize_line(last, -1);
	if (last)
		report_info(_("password command of '%s': %s"), cmd->wanted->account->id, last);
	return NULL;
}

static bool command_failed(const struct command *cmd, int status, const char *last, GError **error)
{
	if (WIFSIGNALED(status))
		return fail(cmd->wanted, error,
			g_strdup_printf(_("signal %d ended the command"), WTERMSIG(status)));
	if (last)
		return fail(cmd->wanted, error,
			g_strdup_printf(_("the command failed with exit status %d, saying \"%s\""),
				WEXITSTATUS(status), last));
	return fail(cmd->wanted, error,
		g_strdup_printf(
			_("the command failed with exit status %d"), WEXITSTATUS(status)));
}

static bool command_end(struct command *cmd, bool ok, GError **error)
{
	int status = 0;
	if (!ok)
		kill(cmd->pid, SIGKILL);
	close(cmd->out);
	while (waitpid(cmd->pid, &status, 0) < 0 && errno == EINTR)
		;
	drain_words(cmd);
	close(cmd->err);
	bool failed = ok && status != 0;
	g_autofree char *last = tell_words(cmd, failed && WIFEXITED(status));
	return failed ? command_failed(cmd, status, last, error) : ok;
}

static char *from_command(const struct wanted *w, GError **error)
{
	struct command cmd = {.wanted = w};
	if (!command_start(&cmd, error))
		return NULL;
	cmd.words = g_string_new(NULL);
	cmd.secret.data = secret_buffer_room();
	bool ok = command_read(&cmd, error);
	ok = command_end(&cmd, ok, error);
	g_string_free(cmd.words, TRUE);
	if (ok)
		return finish(w, &cmd.secret, error);
	secret_buffer_clear(&cmd.secret);
	return NULL;
}

/* Looks at the open file, not at its name: it may be another one by then. */
static bool read_file(const struct wanted *w, int fd, struct secret_buffer *b, GError **error)
{
	struct stat st;
	ssize_t n;
	if (fstat(fd, &st) == 0 && (st.st_mode & SHARED) != 0) {
		g_autofree char *quoted = g_shell_quote(w->source->value);
		return fail(w, error, g_strdup_printf(_("others can read the file; say: chmod 600 "
							"%s"), quoted));
	}
	while (b->len <= SECRET_MAX && (n = read(fd, b->data + b->len,
						SECRET_MAX + 1 - b->len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(w, error, g_strdup_printf("'%s': %s", w->source->value,
						      g_strerror(errno)));
		b->len += (size_t)n;
	}
	return true;
}

static char *from_file(const struct wanted *w, GError **error)
{
	int fd = open(w->source->value, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fail(w, error, g_strdup_printf("'%s': %s", w->source->value, g_strerror(errno)));
		return NULL;
	}
	struct secret_buffer b = {secret_buffer_room(), 0};
	bool ok = read_file(w, fd, &b, error);
	close(fd);
	if (ok)
		return finish(w, &b, error);
	secret_buffer_clear(&b);
	return NULL;
}

static char *from_text(const struct wanted *w, const char *text, GError **error)
{
	size_t len = strlen(text);
	struct secret_buffer b = {secret_buffer_room(), len};
	memcpy(b.data, text, MIN(len, SECRET_MAX));
	return finish(w, &b, error);
}

/* The question holds only words of ours and of the dotfile (T-32). */
static char *from_prompt(const struct wanted *w, const char *service, secret_prompt prompt,
	void *data, GError **error)
{
	const struct account *a = w->account;
	const struct server_url *url = strcmp(service, "smtp") == 0 ? a->smtp : a->pop3;
	g_autofree char *place = url ? server_url_text(service, url) : g_strdup(a->id);
	g_autofree char *question = g_strdup_printf(_("password for %s"), place);
	char *answer = prompt ? prompt(question, data) : NULL;
	if (!answer) {
		fail(w, error, g_strdup(prompt ? _("none was given")
					       : _("nobody can be asked here; write 'password = "
						   "command:…' or 'file:…'")));
		return NULL;
	}
	char *secret = from_text(w, answer, error);
	secret_free(answer);
	return secret;
}

char *account_secret(const struct account *a, const char *service, secret_prompt prompt, void *data,
	GError **error)
{
	bool own = a->has_smtp_password && strcmp(service, "smtp") == 0;
	const struct wanted w = {a, own ? &a->smtp_password : &a->password};
	switch (w.source->kind) {
	case SECRET_COMMAND:
		return from_command(&w, error);
	case SECRET_FILE:
		return from_file(&w, error);
	case SECRET_CLEAR:
		return from_text(&w, w.source->value, error);
	case SECRET_PROMPT:
		break;
	}
	return from_prompt(&w, service, prompt, data, error);
}
