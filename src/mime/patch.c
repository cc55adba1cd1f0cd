/* SPDX-License-Identifier: MIT */
#include "mime/patch.h"

#include <string.h>

static const char *next_line(const char *line)
{
	const char *lf = strchr(line, '\n');
	return lf ? lf + 1 : line + strlen(line);
}

static bool begins(const char *line)
{
	if (g_str_has_prefix(line, "diff --git "))
		return true;
	if (!g_str_has_prefix(line, "--- "))
		return false;
	const char *second = next_line(line), *third = next_line(second);
	return g_str_has_prefix(second, "+++ ") && g_str_has_prefix(third, "@@ -");
}

/* Between hunks. */
static bool is_head(const char *line)
{
	static const char *const heads[] = {"diff ", "index ", "--- ", "+++ ", "old mode ",
		"new mode ", "deleted file mode ", "new file mode ", "copy from ", "copy to ",
		"rename from ", "rename to ", "similarity index ", "dissimilarity index ",
		"Binary files ", "GIT binary patch", "Index: ", "=======", "\\ No newline"};
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		if (g_str_has_prefix(line, heads[i]))
			return true;
	return false;
}

static guint64 count_of(const char **at)
{
	char *end;
	guint64 n = 1;
	g_ascii_strtoull(*at, &end, 10);
	if (*end == ',')
		n = g_ascii_strtoull(end + 1, &end, 10);
	*at = end;
	return n;
}

struct hunk {
	guint64 before, after; /* lines that are still to come */
};

static void open_hunk(const char *line, struct hunk *h)
{
	const char *at = line + strlen("@@ -");
	h->before = count_of(&at);
	h->after = 0;
	if (g_str_has_prefix(at, " +")) {
		at += 2;
		h->after = count_of(&at);
	}
}

/* A line of the hunk; blanks at ends of lines get lost on the way. */
static bool step(const char *line, struct hunk *h)
{
	bool both = *line == ' ' || *line == '\n' || *line == '\r';
	if (*line == '\\')
		return true;
	if (!both && *line != '-' && *line != '+')
		return false;
	if ((both || *line == '-') && h->before > 0)
		h->before--;
	if ((both || *line == '+') && h->after > 0)
		h->after--;
	return true;
}

static const char *find_end(const char *line)
{
	struct hunk h = {0, 0};
	bool binary = false;
	for (; *line; line = next_line(line)) {
		if (h.before > 0 || h.after > 0) {
			if (!step(line, &h))
				return line;
		} else if (g_str_has_prefix(line, "@@ -")) {
			open_hunk(line, &h);
		} else if (is_head(line)) {
			binary = g_str_has_prefix(line, "GIT binary patch");
		} else if (!binary || g_str_has_prefix(line, "-- ")) {
			return line;
		}
	}
	return line;
}

bool patch_find(const char *text, size_t from, size_t *start, size_t *end)
{
	for (const char *line = text + from; *line; line = next_line(line)) {
		if (!begins(line))
			continue;
		*start = (size_t)(line - text);
		*end = (size_t)(find_end(line) - text);
		return true;
	}
	return false;
}
