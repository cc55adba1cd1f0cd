/* SPDX-License-Identifier: MIT
 *
 * Between the sources of this folder: lines, sections and their values, and
 * the mistakes found in them.  Nobody else includes this. */
#ifndef DEWEY_CONFIG_PARSE_H
#define DEWEY_CONFIG_PARSE_H

#include "config/dotfile.h"

/* What is wrong, and what to write instead (may be NULL). */
struct complaint {
	char *what, *instead;
};

/* Fills c, which takes both texts; returns false, so that a check can end with
 * "return complain(…)". */
bool complain(struct complaint *c, char *what, char *instead);

/* "always, never or 5": a list with its last word set off; at least one word. */
char *any_of(const char *const *words);

/* All mistakes of one file; they come out in the order of its lines. */
struct mistakes {
	const char *file;
	GArray *list;
};
void mistakes_init(struct mistakes *m, const char *file);
void mistakes_add(struct mistakes *m, int line, struct complaint *c); /* empties c */
void mistakes_say(struct mistakes *m, int line, char *what, char *instead);
/* Appends the texts to out, clears m, returns whether there were none. */
bool mistakes_clear(struct mistakes *m, GPtrArray *out);
char *mistake_text(const char *file, int line, const char *what, const char *instead);

enum line_kind { LINE_EMPTY, LINE_SECTION, LINE_SETTING };

struct line {
	enum line_kind kind;
	char *word; /* "account" of [account home]; "name" of name = x */
	char *rest; /* "home", NULL for [dewey]; the value, without its quotes */
};
/* Reads one line of len octets, without its line end. */
bool line_read(const char *text, size_t len, struct line *out, struct complaint *c);
void line_clear(struct line *l);

struct value {
	char *text; /* NULL: it was wrong, and that was said */
	int line;
};

/* One [kind name] and what stands in it. */
struct section {
	char *kind, *name; /* name: NULL for [dewey] */
	int line;
	bool spoiled; /* its head is wrong: read it, but take nothing from it */
	GHashTable *values; /* setting → struct value */
};
void section_free(struct section *s);
/* The text of a setting: as written, or its default (may be NULL). */
const char *section_text(const struct section *s, const char *setting);
int section_line(const struct section *s, const char *setting);

/* settings.c */
/* A value by itself: of which type, of settings.def, is for c to say. */
bool setting_check_as(const char *type, const char *name, const char *value, struct complaint *c);
const struct setting_info *setting_find(const char *section, const char *name);
bool setting_check(const struct setting_info *s, const char *value, struct complaint *c);
/* The names of a section's settings, NULL-terminated; g_free() the array. */
const char **setting_names(const char *section);
/* A name of a section that may stand in keys and file names. */
bool setting_check_id(const char *name, struct complaint *c);

/* url.c; service is "pop3" or "smtp". */
struct server_url *server_url_parse(const char *text, const char *service, struct complaint *c);
void server_url_free(struct server_url *url);

/* Parts of URLs.  HOST, HOST:PORT or [::1]:PORT: host is to be freed, port is
 * changed only where there is one. */
bool url_place_parse(const char *text, char **host, uint16_t *port, struct complaint *c);
/* Percent-decoding; what may not be empty nor hold a control character. */
bool url_login_parse(const char *raw, char **out, struct complaint *c);

/* reach.c */
struct proxy_url *proxy_url_parse(const char *text, struct complaint *c);
void proxy_url_free(struct proxy_url *proxy);
/* The pins of 'tls-pin' as struct account has them; g_strfreev() them. */
char **tls_pins_parse(const char *text, struct complaint *c);

/* interval.c: "300", "5 minutes", "1 hour"; up to a day. */
bool interval_parse(const char *text, int *seconds);

/* "5 days", "1 day", up to 30. */
bool days_parse(const char *text, int *days);
/* "30 days", up to 36500; "never" is 0. */
bool expiry_parse(const char *text, int *days);

/* writing.c */
char **writing_words(const char *text); /* apart by blanks and commas; NULL: no words */
void writing_apply(struct dotfile_writing *w, const struct section *s);
void writing_clear(struct dotfile_writing *w);

void programs_apply(struct dotfile_programs *p, const struct section *s);
void programs_clear(struct dotfile_programs *p);
void reading_apply(struct dotfile_reading *r, const struct section *s);
void reading_clear(struct dotfile_reading *r);
void spam_apply(struct dotfile_spam *spam, const struct section *s);
void spam_clear(struct dotfile_spam *spam);

/* The section names a query as 'match'; if not, that is said. */
void section_needs_match(const struct section *s, struct mistakes *m);

/* filter-do.c: the end of what stands in front of a comma that is in no quotes. */
const char *filter_end_of(const char *text);
/* Fills f->acts from f->words.  False: mistakes were said. */
bool filter_read_acts(struct dotfile_filter *f, struct mistakes *m);
void filter_act_free(void *act);
/* "0, 3": false if there is anything but exit statuses. */
bool filter_statuses(const char *text, guint8 fates[256], enum filter_fate fate);

/* filter.c */
struct dotfile_filter *filter_new(const struct section *s, struct mistakes *m);
void filter_free(void *filter);
void filter_check_account(const struct dotfile_filter *f, const struct dotfile *d,
	struct mistakes *m);

/* view.c; NULL: it is not to be used, and that was said */
struct dotfile_view *view_new(const struct section *s, struct mistakes *m);
void view_free(void *view);

/* colour.c.  The names of colours; a name or a number as curses has them; words of
 * enum dotfile_look, apart by blanks or commas. */
const char *const *colour_words(void);
bool colour_parse(const char *text, int *number);
bool looks_parse(const char *text, unsigned *bits);
struct dotfile_colour *colour_new(const struct section *s, struct mistakes *m);
void colour_free(void *colour);

/* notice.c */
struct dotfile_notice *notice_new(const struct section *s, struct mistakes *m);
void notice_free(void *notice);

/* secret.c */
bool secret_source_parse(const char *text, struct secret_source *out, struct complaint *c);
void secret_source_clear(struct secret_source *s);

/* account.c; the values have passed setting_check() or are not there. */
bool keep_policy_parse(const char *text, struct keep_policy *out, struct complaint *c);
bool preview_policy_parse(const char *text, struct preview_policy *out, struct complaint *c);
/* "512K", "20M", "1G" (of 1024), or octets; at most 2^62. */
bool size_parse(const char *text, uint64_t *octets);
/* auth.c; service is "pop3" or "smtp". */
bool auth_parse(const char *text, const char *service, enum auth *out, struct complaint *c);
struct account *account_new(const struct section *s, const char *file, guint mode,
	struct mistakes *m);
void account_free(struct account *a);
void account_forget_secrets(struct account *a);

/* seal.c: a fingerprint in upper case, without blanks; NULL and c for what is none. */
char *fingerprint_parse(const char *text, struct complaint *c);
/* Of an account's section. */
void seal_settings_read(const struct section *s, struct seal_settings *out);
void seal_settings_clear(struct seal_settings *s);

#endif
