/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "store/fail.h"
#include "store/keywords.h"
#include "store/maildir.h"
#include "store/tags.h"

#define FILE_NAME "dovecot-keywords"
/* What Dovecot holds while it gives letters. */
#define LOCK_NAME "dovecot-uidlist.lock"

/* A lock of that age is nobody's any more, for Dovecot as well. */
enum { STALE = 120, LOCK_TRIES = 250, LOCK_WAIT = 20000 /* microseconds */ };

struct keywords {
	char *path;                   /* of the Maildir */
	char *words[KEYWORD_LETTERS]; /* as the file spells them; NULL: free */
	char *tags[KEYWORD_LETTERS];  /* NULL: cannot be a tag */
	gint64 mtime;                 /* of the file, seconds; 0: there was none */
};

/* --- tags and keywords --------------------------------------------------------- */

/* UTF-16 in base 64 with ',' for '/' and without '='. */
static void encode_run(GString *out, const char *run, size_t len)
{
	gsize octets = 0;
	g_autofree char *wide = g_convert(run, (gssize)len, "UTF-16BE", "UTF-8", NULL, &octets, NULL);
	g_autofree char *text = g_base64_encode((const guchar *)wide, wide ? octets : 0);
	text[strcspn(text, "=")] = '\0';
	g_strdelimit(text, "/", ',');
	g_string_append_printf(out, "&%s-", text);
}

static bool is_plain(char c)
{
	return c > ' ' && c < 0x7f;
}

/* NULL: it has no keyword. */
static char *keyword_of(const char *tag)
{
	g_autoptr(GString) out = g_string_new(NULL);
	if (strpbrk(tag, "%{]"))
		return NULL;
	while (*tag) {
		size_t run = 0;
		while (tag[run] && !is_plain(tag[run]))
			run++;
		if (run > 0)
			encode_run(out, tag, run);
		else if (*tag == '&')
			g_string_append(out, "&-");
		else
			g_string_append_c(out, *tag);
		tag += MAX(run, 1);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *decode_run(const char *run, size_t len)
{
	gsize octets = 0;
	g_autofree char *text = g_strndup(run, len);
	g_strdelimit(text, ",", '/');
	g_autofree char *padded = g_strconcat(text, "===", NULL);
	padded[(len + 3) / 4 * 4] = '\0';
	g_autofree guchar *wide = g_base64_decode(padded, &octets);
	return g_convert((char *)wide, (gssize)(octets & ~(gsize)1), "UTF-8", "UTF-16BE", NULL,
		NULL, NULL);
}

/* What is no UTF-7 stands for itself: "R&D" is a keyword as well. */
static char *decoded(const char *word)
{
	g_autoptr(GString) out = g_string_new(NULL);
	while (*word) {
		const char *end = *word == '&' ? strchr(word, '-') : NULL;
		g_autofree char *run =
			end && end > word + 1 ? decode_run(word + 1, (size_t)(end - word - 1)) : NULL;
		if (end == word + 1)
			g_string_append_c(out, '&');
		else if (run && *run)
			g_string_append(out, run);
		else
			g_string_append_c(out, *word);
		word = end && (end == word + 1 || (run && *run)) ? end + 1 : word + 1;
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void set_word(struct keywords *k, guint at, const char *word)
{
	g_autofree char *text = decoded(word);
	g_free(k->words[at]);
	g_free(k->tags[at]);
	k->words[at] = g_strdup(word);
	k->tags[at] = tag_normal(text, NULL);
}

/* --- the file ------------------------------------------------------------------ */

static void take_line(struct keywords *k, const char *line)
{
	char *end = NULL;
	guint64 at = g_ascii_strtoull(line, &end, 10);
	if (end != line && *end == ' ' && end[1] && at < KEYWORD_LETTERS &&
		g_utf8_validate(end + 1, -1, NULL))
		set_word(k, (guint)at, end + 1);
}

static void forget(struct keywords *k)
{
	for (guint i = 0; i < KEYWORD_LETTERS; i++) {
		g_clear_pointer(&k->words[i], g_free);
		g_clear_pointer(&k->tags[i], g_free);
	}
}

static bool load(struct keywords *k, GError **error)
{
	struct stat st;
	g_autofree char *name = g_build_filename(k->path, FILE_NAME, NULL);
	g_autofree char *text = NULL;
	forget(k);
	k->mtime = 0;
	if (stat(name, &st) != 0)
		return errno == ENOENT || store_fail("open", name, error);
	if (!g_file_get_contents(name, &text, NULL, NULL)) {
		errno = EIO;
		return store_fail("read", name, error);
	}
	k->mtime = st.st_mtime;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		take_line(k, *line);
	return true;
}

struct keywords *keywords_read(const char *path, GError **error)
{
	g_autoptr(keywords) k = g_new0(struct keywords, 1);
	k->path = g_strdup(path);
	return load(k, error) ? g_steal_pointer(&k) : NULL;
}

void keywords_free(struct keywords *k)
{
	if (!k)
		return;
	forget(k);
	g_free(k->path);
	g_free(k);
}

static bool is_stale(const char *lock)
{
	struct stat st;
	return stat(lock, &st) == 0 && st.st_mtime + STALE < g_get_real_time() / G_USEC_PER_SEC;
}

static bool take_lock(const char *lock, GError **error)
{
	for (int i = 0; i < LOCK_TRIES; i++) {
		int fd = open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd >= 0) {
			close(fd);
			return true;
		}
		if (errno != EEXIST)
			return store_fail("open", lock, error);
		if (is_stale(lock))
			unlink(lock);
		else
			g_usleep(LOCK_WAIT);
	}
	g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY,
		_("another mail program holds '%s'; if none runs, remove it"), lock);
	return false;
}

static char *text_of(const struct keywords *k)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < KEYWORD_LETTERS; i++)
		if (k->words[i])
			g_string_append_printf(text, "%u %s\n", i, k->words[i]);
	return g_string_free(text, FALSE);
}

/* Dovecot reads the file again when the second of its time has changed. */
static bool write_file(struct keywords *k, int fd, const char *name, GError **error)
{
	g_autofree char *text = text_of(k);
	gint64 now = g_get_real_time() / G_USEC_PER_SEC, at = MAX(now, k->mtime + 1);
	const struct timespec times[] = {{.tv_sec = at}, {.tv_sec = at}};
	if (!store_adopt(fdio_write_all(fd, text, strlen(text), error), error))
		return false;
	if (futimens(fd, times) != 0)
		return store_fail("stat", name, error);
	k->mtime = at;
	return store_adopt(fdio_sync(fd, name, error), error);
}

/* A file of its own that takes the place of the other: a reader has the one or the
 * other list, never half of one. */
static bool replace(struct keywords *k, GError **error)
{
	g_autofree char *name = g_build_filename(k->path, FILE_NAME, NULL);
	g_autofree char *fresh = g_strconcat(name, ".lock", NULL);
	unlink(fresh);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return store_fail("open", fresh, error);
	bool ok = write_file(k, fd, fresh, error);
	ok = store_close(fd, fresh, ok ? error : NULL) && ok;
	if (ok && rename(fresh, name) != 0)
		ok = store_fail("rename", fresh, error);
	if (!ok)
		unlink(fresh);
	return ok && store_adopt(fdio_sync_directory(k->path, error), error);
}

/* --- letters ------------------------------------------------------------------- */

static int letter_of(const struct keywords *k, const char *tag)
{
	for (int i = 0; i < KEYWORD_LETTERS; i++)
		if (k->tags[i] && strcmp(k->tags[i], tag) == 0)
			return i;
	return -1;
}

static int free_letter(const struct keywords *k)
{
	for (int i = 0; i < KEYWORD_LETTERS; i++)
		if (!k->words[i])
			return i;
	return -1;
}

/* The letters behind ":2,"; "" of other infos. */
static const char *letters_in(const char *file)
{
	const char *info = file + maildir_base_length(file);
	return g_str_has_prefix(info, ":2,") ? info + 3 : "";
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

char *keywords_tags(const struct keywords *k, const char *file)
{
	g_autoptr(GPtrArray) add = g_ptr_array_new();
	for (const char *at = letters_in(file); *at; at++)
		if (is_letter(*at) && k->tags[*at - 'a'])
			g_ptr_array_add(add, k->tags[*at - 'a']);
	g_ptr_array_add(add, NULL);
	return tags_changed("", &(struct tag_change){.add = (char **)add->pdata});
}

void keywords_letters(
	const struct keywords *k, const char *tags, char letters[KEYWORD_LETTERS + 1], char **rest)
{
	bool has[KEYWORD_LETTERS] = {false};
	size_t n = 0;
	g_auto(GStrv) words = g_strsplit(tags, " ", -1);
	g_autoptr(GString) left = g_string_new(NULL);
	for (char **word = words; *word; word++) {
		int at = **word ? letter_of(k, *word) : -1;
		if (at >= 0)
			has[at] = true;
		else if (**word)
			g_string_append_printf(left, "%s%s", left->len ? " " : "", *word);
	}
	for (int i = 0; i < KEYWORD_LETTERS; i++)
		if (has[i])
			letters[n++] = (char)('a' + i);
	letters[n] = '\0';
	*rest = g_string_free(g_steal_pointer(&left), FALSE);
}

bool keywords_full(const struct keywords *k)
{
	return free_letter(k) < 0;
}

/* How many got one. */
static guint give_letters(struct keywords *k, const char *tags)
{
	guint given = 0;
	g_auto(GStrv) words = g_strsplit(tags, " ", -1);
	for (char **word = words; *word; word++) {
		g_autofree char *keyword = **word ? keyword_of(*word) : NULL;
		int at = keyword && letter_of(k, *word) < 0 ? free_letter(k) : -1;
		if (at < 0)
			continue;
		set_word(k, (guint)at, keyword);
		given++;
	}
	return given;
}

bool keywords_add(struct keywords *k, const char *tags, GError **error)
{
	char letters[KEYWORD_LETTERS + 1];
	g_autofree char *rest = NULL;
	keywords_letters(k, tags, letters, &rest);
	if (!*rest || free_letter(k) < 0)
		return true;
	g_autofree char *lock = g_build_filename(k->path, LOCK_NAME, NULL);
	if (!take_lock(lock, error))
		return false;
	/* Another program may have given some since. */
	bool ok = load(k, error) && (give_letters(k, rest) == 0 || replace(k, error));
	unlink(lock);
	return ok;
}

static int by_letter(const void *a, const void *b)
{
	return *(const char *)a - *(const char *)b;
}

/* Letters that nobody spells stay: another program may know what they are. */
char *keywords_file_name(const struct keywords *k, const char *file, const char *letters)
{
	const char *info = file + maildir_base_length(file);
	if (*info && !g_str_has_prefix(info, ":2,"))
		return g_strdup(file);
	GString *name = g_string_new_len(file, info - file);
	g_string_append(name, ":2,");
	size_t start = name->len;
	for (const char *at = letters_in(file); *at; at++)
		if (!is_letter(*at) || !k->tags[*at - 'a'])
			g_string_append_c(name, *at);
	for (; *letters; letters++)
		if (!strchr(name->str + start, *letters))
			g_string_append_c(name, *letters);
	qsort(name->str + start, name->len - start, 1, by_letter);
	return g_string_free(name, FALSE);
}
