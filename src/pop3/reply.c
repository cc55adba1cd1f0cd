/* SPDX-License-Identifier: MIT */
#include "pop3/reply.h"

#include <string.h>

#include "base/report.h"

#define UID_MAX 255

static const struct {
	const char *indicator;
	enum reply_kind kind;
} indicators[] = {{"+OK", REPLY_OK}, {"-ERR", REPLY_ERR}, {"+", REPLY_CONTINUE}};

static const char *const response_codes[] = {
	[REPLY_CODE_NONE] = "",
#define RESPONSE_CODE(name, text) [REPLY_CODE_##name] = text,
#include "pop3/response-codes.def"
#undef RESPONSE_CODE
};

/* What stands behind a further "/" is detail (RFC 3206 section 3). */
static bool is_code(const char *text, size_t len, const char *code)
{
	size_t n = strlen(code);
	return len >= n && g_ascii_strncasecmp(text, code, n) == 0 && (len == n || text[n] == '/');
}

static enum reply_code parse_code(const char *text)
{
	const char *end = *text == '[' ? strchr(text, ']') : NULL;
	if (!end)
		return REPLY_CODE_NONE;
	for (size_t i = 1; i < G_N_ELEMENTS(response_codes); i++)
		if (is_code(text + 1, (size_t)(end - text - 1), response_codes[i]))
			return (enum reply_code)i;
	return REPLY_CODE_OTHER;
}

struct reply reply_parse(const char *line, size_t len)
{
	struct reply r = {REPLY_BAD, REPLY_CODE_NONE, line};
	for (size_t i = 0; i < G_N_ELEMENTS(indicators); i++) {
		size_t n = strlen(indicators[i].indicator);
		if (len < n || memcmp(line, indicators[i].indicator, n) != 0)
			continue;
		if (len > n && line[n] != ' ')
			continue;
		r.kind = indicators[i].kind;
		r.text = line + n + (len > n);
		r.code = r.kind == REPLY_ERR ? parse_code(r.text) : REPLY_CODE_NONE;
		return r;
	}
	return r;
}

bool reply_number(const char *text, uint64_t *value, const char **rest)
{
	uint64_t n = 0;
	const char *p = text;
	for (; g_ascii_isdigit(*p); p++)
		if (__builtin_mul_overflow(n, 10u, &n) ||
			__builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return false;
	if (p == text || (*p && *p != ' '))
		return false;
	while (*p == ' ')
		p++;
	*value = n;
	if (rest)
		*rest = p;
	return true;
}

bool reply_stat(const char *text, uint64_t *count, uint64_t *octets)
{
	const char *rest;
	return reply_number(text, count, &rest) && reply_number(rest, octets, NULL);
}

bool reply_list_row(const char *line, uint64_t *number, uint64_t *size)
{
	return reply_stat(line, number, size) && *number > 0;
}

static bool has_control(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return true;
	return false;
}

static GBytes *make_uid(const char *text, size_t len)
{
	if (len <= UID_MAX && !has_control(text, len))
		return g_bytes_new(text, len);
	/* A hash tells letters apart as well as the UID did, and is safe. */
	g_autofree char *hex =
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, len);
	g_autofree char *uid = g_strconcat("sha256:", hex, NULL);
	return g_bytes_new(uid, strlen(uid));
}

bool reply_uidl_row(const char *line, size_t len, uint64_t *number, GBytes **uid)
{
	const char *rest;
	*uid = NULL;
	if (!reply_number(line, number, &rest) || *number == 0)
		return false;
	size_t n = len - (size_t)(rest - line);
	if (n > 0)
		*uid = make_uid(rest, n);
	return true;
}

static const struct {
	const char *tag;
	size_t member;
} tags[] = {
#define CAPABILITY(member, tag) {tag, offsetof(struct capabilities, member)},
#include "pop3/capabilities.def"
#undef CAPABILITY
};

void capabilities_clear(struct capabilities *c)
{
	g_free(c->mechanisms);
	g_free(c->implementation);
	*c = (struct capabilities){0};
}

static bool *find_tag(struct capabilities *c, const char *tag)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
		if (g_ascii_strcasecmp(tags[i].tag, tag) == 0)
			return (bool *)((char *)c + tags[i].member);
	return NULL;
}

/* --- What stands behind a tag ---------------------------------------------------- */

static void take_sasl(struct capabilities *c, const char *arguments)
{
	g_free(c->mechanisms);
	c->mechanisms = g_strdup(arguments);
}

static void take_implementation(struct capabilities *c, const char *arguments)
{
	g_free(c->implementation);
	c->implementation = g_strdup(arguments);
}

static void take_utf8(struct capabilities *c, const char *arguments)
{
	c->utf8_user = g_ascii_strcasecmp(arguments, "USER") == 0;
}

static void take_expire(struct capabilities *c, const char *arguments)
{
	uint64_t days;
	bool never = g_ascii_strcasecmp(arguments, "NEVER") == 0 ||
		     g_ascii_strncasecmp(arguments, "NEVER ", 6) == 0;
	c->expire = never || reply_number(arguments, &days, NULL);
	c->expire_days = !c->expire || never ? EXPIRE_NEVER : (guint)MIN(days, EXPIRE_NEVER);
	c->expire_now = c->expire && c->expire_days == 0;
	if (!c->expire)
		report_debug(_("the server's %s makes no sense: \"%s\""), "EXPIRE", arguments);
}

static void take_login_delay(struct capabilities *c, const char *arguments)
{
	uint64_t seconds;
	c->login_delay = 0;
	if (reply_number(arguments, &seconds, NULL) && seconds <= LOGIN_DELAY_MAX)
		c->login_delay = (guint)seconds;
	else
		report_debug(_("the server's %s makes no sense: \"%s\""), "LOGIN-DELAY", arguments);
}

static const struct {
	size_t member;
	void (*take)(struct capabilities *c, const char *arguments);
} arguments_of[] = {
	{offsetof(struct capabilities, sasl), take_sasl},
	{offsetof(struct capabilities, is_implementation), take_implementation},
	{offsetof(struct capabilities, utf8), take_utf8},
	{offsetof(struct capabilities, expire), take_expire},
	{offsetof(struct capabilities, delays_login), take_login_delay},
};

void capabilities_add(struct capabilities *c, const char *line)
{
	size_t n = strcspn(line, " ");
	g_autofree char *tag = g_strndup(line, n);
	g_autofree char *arguments = g_strstrip(g_strdup(line + n));
	bool *member = find_tag(c, tag);
	if (!member)
		return;
	*member = true;
	for (size_t i = 0; i < G_N_ELEMENTS(arguments_of); i++)
		if ((char *)c + arguments_of[i].member == (char *)member)
			arguments_of[i].take(c, arguments);
}
