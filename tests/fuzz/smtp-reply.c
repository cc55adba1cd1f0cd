/* SPDX-License-Identifier: MIT
 *
 * Replies of an SMTP server, line by line, and what the table of policies makes
 * of them: against a reader that sees the whole line at once (S-02, S-13), and by
 * the laws that no row may break (CHECKLIST 2.3). */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "smtp/policy.h"
#include "smtp/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The line as RFC 5321 section 4.2 has it; 0: it is none. */
static int model_code(const char *line, size_t len)
{
	g_autofree char *head = g_strndup(line, MIN(len, 4));
	bool good = g_regex_match_simple(
		"\\A[2-5][0-9][0-9]([ -]|\\z)", head, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY, 0);
	return good && strlen(head) == MIN(len, 4) ? atoi(head) : 0;
}

static void check_enhanced(const struct reply *r)
{
	if (!r->enhanced[0])
		return;
	g_assert_true(g_regex_match_simple(
		"\\A[245]\\.[0-9]{1,3}\\.[0-9]{1,3}\\z", r->enhanced, G_REGEX_RAW, 0));
	g_assert_cmpint(r->enhanced[0] - '0', ==, r->code / 100);
}

static void check_law(const struct policy *p, enum policy_stage stage, int code)
{
	g_assert_nonnull(p);
	if (p->item == ITEM_SENT)
		g_assert_true(stage == STAGE_DOT && code / 100 == 2);
	/* What a reply says is never in doubt but at the end of the letter. */
	if (p->item == ITEM_UNCERTAIN)
		g_assert_true(stage == STAGE_DOT && code / 100 < 4);
	if (p->item == ITEM_FAIL || p->recipient == RCPT_FAIL)
		g_assert_cmpint(code / 100, ==, 5);
	if (p->recipient == RCPT_ACCEPT)
		g_assert_true(stage == STAGE_RCPT && code / 100 == 2);
	/* No password is tried again because of a passing trouble. */
	if (stage == STAGE_AUTH && code / 100 == 4)
		g_assert_cmpint(p->session, !=, SESSION_AGAIN);
}

static void check_reply(const struct reply *r)
{
	g_autofree char *text = reply_text(r);
	g_assert_true(r->code >= 200 && r->code <= 599);
	g_assert_true(r->lines->len <= REPLY_LINES_MAX && r->octets <= REPLY_OCTETS_MAX);
	g_assert_true(sanitize_is_clean(text));
	check_enhanced(r);
	for (int stage = STAGE_CONNECT; stage < STAGE_ANY; stage++)
		check_law(policy_for(stage, r->code, r->enhanced), stage, r->code);
}

static bool feed(struct reply *r, const char *line, size_t len)
{
	g_autoptr(GError) error = NULL;
	int before = r->code, code = model_code(line, len);
	bool more = false, ok = reply_add(r, line, len, &more, &error);
	g_assert_true(ok == (error == NULL));
	if (!ok) {
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		g_assert_true(code == 0 || (before != 0 && before != code) ||
			      r->lines->len == REPLY_LINES_MAX || r->octets > REPLY_OCTETS_MAX);
		reply_clear(r);
		return false;
	}
	g_assert_cmpint(code, ==, r->code);
	g_assert_cmpint(more, ==, len > 3 && line[3] == '-');
	if (more)
		return true;
	check_reply(r);
	reply_clear(r);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reply r;
	reply_init(&r);
	for (size_t at = 0, len; at < size; at += len + 1) {
		const char *text = (const char *)data + at;
		const char *lf = memchr(text, '\n', size - at);
		len = lf ? (size_t)(lf - text) : size - at;
		/* Exactly as long as it is, so that a read beyond it is seen. */
		char *line = g_malloc(len + 1);
		memcpy(line, text, len);
		line[len] = '\0';
		feed(&r, line, len);
		g_free(line);
	}
	reply_release(&r);
	return 0;
}
