/* SPDX-License-Identifier: MIT */
#include "ui/session-log.h"

#include <string.h>

#include "base/fdio.h"
#include "base/sanitize.h"

enum { LOG_MOST = 1 << 20 };

static void append(GString *out, const struct store *s, const char *account, const char *service)
{
	g_autofree char *path = store_log_path(s, account, service);
	size_t len;
	g_autofree char *text = fdio_read_file(path, LOG_MOST, &len, NULL);
	if (!text)
		return;
	/* The agent has cleaned it, but other programs may write files too. */
	g_autofree char *clean = sanitize_body(text, (gssize)len);
	if (out->len > 0)
		g_string_append_c(out, '\n');
	g_string_append(out, clean);
}

char *session_log_text(const struct store *s, const struct dotfile *d, const char *account)
{
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < dotfile_account_count(d); i++) {
		const struct account *a = dotfile_account(d, i);
		if (account && strcmp(account, a->id) != 0)
			continue;
		append(out, s, a->id, "pop3");
		append(out, s, a->id, "smtp");
	}
	return g_string_free(out, FALSE);
}
