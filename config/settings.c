/* SPDX-License-Identifier: MIT */
#include "config/parse.h"

#include <string.h>

#include "base/charset.h"

#define SECTION_DEWEY "dewey"
#define SECTION_ACCOUNT "account"
#define SECTION_VIEW "view"
#define SECTION_FILTER "filter"
#define SECTION_COLOR "color"
#define SECTION_NOTIFY "notify"

#define SETTING(section, name, type, fallback, help)                                               \
	{SECTION_##section, name, #type, fallback, help},
static const struct setting_info settings[] = {
#include "config/settings.def"
};
#undef SETTING

enum { WAIT_MAX = 3600 };

struct type {
	const char *name;
	bool (*check)(const struct type *type, const struct setting_info *s, const char *value,
		struct complaint *c);
	const char *const *words; /* for a choice */
	guint64 least, most;      /* for a number */
};

static bool check_string(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	return true;
}

static bool check_command(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	g_autoptr(GError) error = NULL;
	if (g_shell_parse_argv(value, NULL, NULL, &error))
		return true;
	return complain(
		c, g_strdup_printf(_("'%s' is no command: %s"), value, error->message), NULL);
}

static char *wrong_value(const struct setting_info *s, const char *value)
{
	return g_strdup_printf(_("'%s' cannot be '%s'"), s->name, value);
}

static bool check_choice(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	g_autofree char *words = NULL;
	if (g_strv_contains(type->words, value))
		return true;
	words = any_of((const char *const *)type->words);
	return complain(c, wrong_value(s, value), g_strdup_printf(_("write %s"), words));
}

static bool check_number(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	guint64 n;
	if (g_ascii_string_to_unsigned(value, 10, type->least, type->most, &n, NULL))
		return true;
	return complain(c, wrong_value(s, value),
		g_strdup_printf(_("write a number of seconds from %d to %d"), (int)type->least,
			(int)type->most));
}

/* A relative name would mean another file in each directory dewey is called
 * from. */
static bool check_path(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	if (value[0] == '/' || strcmp(value, "~") == 0 || g_str_has_prefix(value, "~/"))
		return true;
	return complain(c, g_strdup_printf(_("'%s' is not a full file name"), value),
		g_strdup(_("begin it with '/' or '~/'")));
}

/* The folder is a directory below the store, and stays below it. */
static bool check_folder(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	static const char *const own[] = {"cur", "new", "tmp", NULL};
	g_auto(GStrv) parts = g_strsplit(value, "/", -1);
	for (char **part = parts; *part; part++)
		if (**part == '\0' || **part == '.' || g_strv_contains(own, *part))
			return complain(c,
				g_strdup_printf(_("'%s' is not the name of a folder"), value),
				g_strdup(_("write it like 'Lists/debian': no part may be empty, "
					   "begin with '.', or be cur, new or tmp")));
	return true;
}

static bool check_url(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	struct server_url *url = server_url_parse(value, s->name, c);
	server_url_free(url);
	return url != NULL;
}

static bool check_address(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	const char *at = strrchr(value, '@');
	if (at && at > value && at[1] != '\0' && !strpbrk(value, " \t<>,;\""))
		return true;
	return complain(c, g_strdup_printf(_("'%s' is not an address"), value),
		g_strdup(_("write only the address, like ivan@example.org; the name has a setting "
			   "of its own, 'name'")));
}

static bool check_addresses(const struct type *type, const struct setting_info *s,
	const char *value, struct complaint *c)
{
	g_auto(GStrv) words = writing_words(value);
	for (char **word = words; *word; word++)
		if (!check_address(type, s, *word, c))
			return false;
	return true;
}

static bool check_host(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	for (const char *p = value; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && !strchr("-.[]:", *p))
			return complain(c,
				g_strdup_printf(_("'%s' is not the name of a host"), value),
				g_strdup(_("write it like laptop.example.org or [192.0.2.1]")));
	return true;
}

/* A tag of RFC 5646, as LANG sends it. */
static bool check_language(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	size_t len = 0;
	while (g_ascii_isalnum(value[len]) || value[len] == '-')
		len++;
	if (value[len] == '\0' && g_ascii_isalpha(*value) && len <= 35)
		return true;
	return complain(c, g_strdup_printf(_("'%s' is not the tag of a language"), value),
		g_strdup(_("write it like 'ru' or 'pt-BR'")));
}

static bool check_secret(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	struct secret_source source = {0};
	bool ok = secret_source_parse(value, &source, c);
	secret_source_clear(&source);
	return ok;
}

static bool check_interval(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	int seconds;
	return interval_parse(value, &seconds) ||
	       complain(c, wrong_value(s, value),
		       g_strdup(_("write a number of seconds, or like '5 minutes', up to a day")));
}

static bool check_keep(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	struct keep_policy keep;
	return keep_policy_parse(value, &keep, c);
}

static bool check_days(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	int days;
	return days_parse(value, &days) ||
	       complain(c, wrong_value(s, value),
		       g_strdup(_("write a number of days, like '5 days', up to 30")));
}

static bool check_expiry(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	int days;
	return expiry_parse(value, &days) ||
	       complain(c, wrong_value(s, value),
		       g_strdup(_("write never, or a number of days, like '30 days'")));
}

static bool check_size(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	uint64_t octets;
	if (size_parse(value, &octets))
		return true;
	return complain(c, wrong_value(s, value),
		g_strdup(_("write a size in octets, or like 512K, 20M or 1G")));
}

static bool check_preview(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	struct preview_policy preview;
	return preview_policy_parse(value, &preview, c);
}

static bool check_proxy(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	struct proxy_url *proxy = proxy_url_parse(value, c);
	proxy_url_free(proxy);
	return proxy != NULL;
}

static bool check_pins(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	g_auto(GStrv) pins = tls_pins_parse(value, c);
	return pins != NULL;
}

static bool check_fingerprint(const struct type *type, const struct setting_info *s,
	const char *value, struct complaint *c)
{
	g_autofree char *fingerprint = fingerprint_parse(value, c);
	return fingerprint != NULL;
}

static bool check_charsets(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	g_auto(GStrv) words = g_strsplit_set(value, " \t", -1);
	for (char **word = words; *word; word++)
		if (**word && !charset_is_name(*word))
			return complain(c,
				g_strdup_printf(_("'%s' is no character set for letters"), *word),
				g_strdup(_("write some of koi8-r, koi8-u, windows-1251, "
					   "iso-8859-5 and the like, apart by spaces; where "
					   "none of them will do, UTF-8 is taken")));
	return true;
}

static const char *const stems[] = {
#define STEM(code, script, unasked) code,
#define ALSO(code, script)
#include "base/stems.def"
#undef ALSO
#undef STEM
	NULL,
};

static bool check_stems(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	g_auto(GStrv) words = g_strsplit_set(value, " \t,", -1);
	for (char **word = words; *word; word++)
		if (**word && !g_strv_contains(stems, *word)) {
			g_autofree char *all = g_strjoinv(" ", (char **)stems);
			return complain(c,
				g_strdup_printf(_("the forms of words of '%s' are not known"), *word),
				g_strdup_printf(_("write some of %s, apart by spaces"), all));
		}
	return true;
}

static const char *const sorts[] = {
#define SORT(order, name) name,
#include "base/sorts.def"
#undef SORT
	NULL,
};

static bool check_sort(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	if (g_strv_contains(sorts, value + (*value == '-')))
		return true;
	g_autofree char *words = any_of(sorts);
	return complain(c, wrong_value(s, value),
		g_strdup_printf(_("write %s, with '-' in front for the other way round"), words));
}

static bool check_colour(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	int n;
	if (colour_parse(value, &n))
		return true;
	g_autofree char *words = any_of(colour_words());
	return complain(c, wrong_value(s, value),
		g_strdup_printf(_("write %s, bright-red and the like, or a number up to 255"),
			words));
}

static bool check_looks(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	unsigned bits;
	return looks_parse(value, &bits) ||
	       complain(c, wrong_value(s, value),
		       g_strdup(_("write bold, dim, reverse or underline, or several of them")));
}

static bool check_auth(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	enum auth auth;
	g_autofree char *service = g_strndup(s->name, strcspn(s->name, "-"));
	return auth_parse(value, service, &auth, c);
}

static bool check_notify(const struct type *type, const struct setting_info *s, const char *value,
	struct complaint *c)
{
	unsigned asks;
	if (asks_parse_notify(value, &asks))
		return true;
	return complain(c, wrong_value(s, value),
		g_strdup(_("write never, or some of success, failure and delay, with commas "
			   "between them")));
}

static bool check_statuses(const struct type *type, const struct setting_info *s,
	const char *value, struct complaint *c)
{
	guint8 fates[256];
	return filter_statuses(value, fates, FILTER_FATE_YES) ||
	       complain(c, wrong_value(s, value),
		       g_strdup(_("write exit statuses from 0 to 255, like '0' or '1, 2'")));
}

static const char *const bool_words[] = {"yes", "no", NULL};
static const char *const keys_words[] = {"mutt", NULL};
static const char *const when_words[] = {"delivery", "preview", NULL};
static const char *const return_words[] = {"full", "headers", NULL};
static const char *const forward_words[] = {"inline", "attach", NULL};
static const char *const uncertain_words[] = {"ask", "retry", NULL};
static const char *const partial_words[] = {"hold", "send", NULL};
static const char *const tags_words[] = {"ledger", "keywords", NULL};
static const char *const encrypt_words[] = {"yes", "no", "auto", NULL};
static const char *const autocrypt_words[] = {"no", "yes", "mutual", NULL};
static const char *const sandbox_words[] = {"auto", "require", "off", NULL};
static const char *const receipt_words[] = {"ask", "never", NULL};
static const char *const zone_words[] = {"local", "utc", NULL};

static const char *const hyperlinks_words[] = {"auto", "yes", "no", NULL};

static const struct type types[] = {
	{"STRING", check_string, NULL, 0, 0},
	{"COMMAND", check_command, NULL, 0, 0},
	{"QUERY", check_string, NULL, 0, 0}, /* the front end parses it */
	{"PATH", check_path, NULL, 0, 0},
	{"FOLDER", check_folder, NULL, 0, 0},
	{"URL", check_url, NULL, 0, 0},
	{"ADDRESS", check_address, NULL, 0, 0},
	{"ADDRESSES", check_addresses, NULL, 0, 0},
	{"HOST", check_host, NULL, 0, 0},
	{"LANGUAGE", check_language, NULL, 0, 0},
	{"SECRET", check_secret, NULL, 0, 0},
	{"PROXY", check_proxy, NULL, 0, 0},
	{"PINS", check_pins, NULL, 0, 0},
	{"KEEP", check_keep, NULL, 0, 0},
	{"SIZE", check_size, NULL, 0, 0},
	{"PREVIEW", check_preview, NULL, 0, 0},
	{"AUTH", check_auth, NULL, 0, 0},
	{"CHARSETS", check_charsets, NULL, 0, 0},
	{"STEMS", check_stems, NULL, 0, 0},
	{"SORT", check_sort, NULL, 0, 0},
	{"COLOUR", check_colour, NULL, 0, 0},
	{"LOOKS", check_looks, NULL, 0, 0},
	{"BOOL", check_choice, bool_words, 0, 0},
	{"CHOICE_KEYS", check_choice, keys_words, 0, 0},
	{"CHOICE_HYPERLINKS", check_choice, hyperlinks_words, 0, 0},
	{"CHOICE_TAGS", check_choice, tags_words, 0, 0},
	{"CHOICE_SANDBOX", check_choice, sandbox_words, 0, 0},
	{"CHOICE_RECEIPTS", check_choice, receipt_words, 0, 0},
	{"CHOICE_ZONE", check_choice, zone_words, 0, 0},
	{"CHOICE_WHEN", check_choice, when_words, 0, 0},
	{"STATUSES", check_statuses, NULL, 0, 0},
	{"CHOICE_FORWARD", check_choice, forward_words, 0, 0},
	{"CHOICE_PARTIAL", check_choice, partial_words, 0, 0},
	{"CHOICE_RETURN", check_choice, return_words, 0, 0},
	{"CHOICE_ENCRYPT", check_choice, encrypt_words, 0, 0},
	{"CHOICE_AUTOCRYPT", check_choice, autocrypt_words, 0, 0},
	{"FINGERPRINT", check_fingerprint, NULL, 0, 0},
	{"NOTIFY", check_notify, NULL, 0, 0},
	{"CHOICE_UNCERTAIN", check_choice, uncertain_words, 0, 0},
	{"DAYS", check_days, NULL, 0, 0},
	{"EXPIRY", check_expiry, NULL, 0, 0},
	{"INTERVAL", check_interval, NULL, 0, 0},
	{"WAIT", check_number, NULL, 1, WAIT_MAX},
};

const struct setting_info *dotfile_settings(guint *count)
{
	*count = G_N_ELEMENTS(settings);
	return settings;
}

const struct setting_info *setting_find(const char *section, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
		if (strcmp(settings[i].name, name) == 0 &&
			(!section || strcmp(settings[i].section, section) == 0))
			return &settings[i];
	return NULL;
}

const char **setting_names(const char *section)
{
	const char **names = g_new0(const char *, G_N_ELEMENTS(settings) + 1);
	size_t n = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(settings); i++)
		if (strcmp(settings[i].section, section) == 0)
			names[n++] = settings[i].name;
	return names;
}

bool setting_check(const struct setting_info *s, const char *value, struct complaint *c)
{
	if (*value == '\0')
		return complain(c, g_strdup_printf(_("'%s' has no value"), s->name),
			g_strdup(_("write one, or take out the line")));
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (strcmp(types[i].name, s->type) == 0)
			return types[i].check(&types[i], s, value, c);
	g_assert_not_reached(); /* settings.def names a type that is not here */
}

bool setting_check_as(const char *type, const char *name, const char *value, struct complaint *c)
{
	const struct setting_info s = {.name = name, .type = type};
	return setting_check(&s, value, c);
}

/* It stands in lock files, keys of the ledger and on command lines. */
bool setting_check_id(const char *name, struct complaint *c)
{
	bool ok = name[0] != '-' && name[0] != '.';
	for (const char *p = name; *p != '\0' && ok; p = g_utf8_next_char(p)) {
		gunichar u = g_utf8_get_char(p);
		ok = g_unichar_isalnum(u) || (u < 0x80 && strchr("-._+@", (int)u));
	}
	return ok || complain(c, g_strdup_printf(_("'%s' cannot name an account"), name),
			     g_strdup(_("write one word of letters, digits, '-', '_' and '.', like "
					"'home'")));
}

/* The distance of Damerau and Levenshtein where letters that were swapped are
 * not touched again: three rows of the usual table. */
static guint distance(const char *a, const char *b)
{
	glong na, nb;
	g_autofree gunichar *x = g_utf8_to_ucs4_fast(a, -1, &na);
	g_autofree gunichar *y = g_utf8_to_ucs4_fast(b, -1, &nb);
	size_t width = (size_t)nb + 1;
	g_autofree guint *cells = g_new0(guint, 3 * width);
	guint *before = cells, *last = cells + width, *row = cells + 2 * width;
	for (glong j = 0; j <= nb; j++)
		row[j] = (guint)j;
	for (glong i = 1; i <= na; i++) {
		guint *oldest = before;
		before = last;
		last = row;
		row = oldest;
		row[0] = (guint)i;
		for (glong j = 1; j <= nb; j++) {
			guint change = last[j - 1] + (x[i - 1] != y[j - 1]);
			row[j] = MIN(change, MIN(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
	}
	return row[nb];
}

const char *dotfile_did_you_mean(const char *word, const char *const *names)
{
	const char *best = NULL;
	guint letters = (guint)g_utf8_strlen(word, -1), least = 3;
	if (letters > 64)
		return NULL;
	for (; *names; names++) {
		guint d = distance(word, *names);
		if (d < least && d * 2 < letters) {
			least = d;
			best = *names;
		}
	}
	return best;
}
