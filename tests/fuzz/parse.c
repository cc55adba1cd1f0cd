/* SPDX-License-Identifier: MIT
 *
 * A whole letter through what dewey-mime does with it: read, listed, each part
 * written, and the record decoded as the front end does.  Nothing of it means
 * anything to a terminal afterwards (M-40), and limits hold (M-03). */
#include "base/base.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/sanitize.h"
#include "mime/gmime.h"
#include "mime/limits.h"
#include "mime/message.h"
#include "mime/worker.h"
#include "wire/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct charsets *charsets_once(void)
{
	static struct charsets *c;
	if (!c) {
		g_mime_init();
		c = charsets_new();
	}
	return c;
}

static void check_text(const char *text, bool body)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar ch = g_utf8_get_char(p);
		g_assert_true(ch >= 0x20 || (body && (ch == '\t' || ch == '\n')));
		g_assert_false(ch >= 0x7F && ch <= 0x9F);
		g_assert_false(ch == 0x2028 || ch == 0x2029);
		g_assert_true(body ||
			      !((ch >= 0x202A && ch <= 0x202E) || (ch >= 0x2066 && ch <= 0x2069)));
	}
}

static void check_addresses(const GPtrArray *list)
{
	for (guint i = 0; list && i < list->len; i++) {
		const struct mime_address *a = list->pdata[i];
		check_text(a->name, false);
		check_text(a->address, false);
		check_text(a->group, false);
	}
}

static void check(const struct mime_message *m)
{
	check_addresses(m->from);
	check_addresses(m->to);
	check_addresses(m->cc);
	if (m->subject)
		check_text(m->subject, false);
	if (m->text)
		check_text(m->text, true);
	if (m->words)
		check_text(m->words, true);
	g_assert_cmpuint(m->parts->len, <=, LIMIT_PARTS);
	for (guint i = 0; i < m->parts->len; i++) {
		const struct mime_part *p = m->parts->pdata[i];
		check_text(p->filename, false);
		check_text(p->type, false);
		g_autofree char *safe = mime_safe_filename(p->filename, p->type, (int)i);
		g_assert_true(*safe && *safe != '.' && !strchr(safe, '/') && strlen(safe) <= 200);
	}
}

/* As it crosses to the front end. */
static void cross(const struct mime_message *m)
{
	g_autoptr(record) r = record_new("event", "done");
	mime_encode(m, r);
	g_autofree char *line = record_line(r);
	g_autoptr(record) back = record_parse(line, -1, NULL);
	g_assert_nonnull(back);
	g_autoptr(mime_message) again = mime_decode(back);
	check(again);
}

static void parts(struct charsets *c, int fd, const struct mime_message *m)
{
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	for (guint i = 0; i < m->parts->len && i < 8; i++) {
		const struct mime_part *p = m->parts->pdata[i];
		worker_part(c, fd, p->path, out, NULL);
	}
	close(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct charsets *c = charsets_once();
	int fd = memfd_create("letter", MFD_CLOEXEC);
	g_assert_cmpint(write(fd, data, size), ==, (ssize_t)size);
	const struct mime_reading how = {.want = MIME_WANT_TEXT | MIME_WANT_WORDS};
	g_autoptr(mime_message) m = worker_read(c, fd, &how, NULL);
	if (m) {
		cross(m);
		parts(c, fd, m);
	}
	g_autoptr(mime_message) skimmed = worker_skim(c, fd, MIME_WANT_WORDS, NULL);
	g_assert_true(!m == !skimmed);
	close(fd);
	return 0;
}
