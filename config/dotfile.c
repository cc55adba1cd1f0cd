/* SPDX-License-Identifier: MIT */
#include "config/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fdio.h"
#include "base/path.h"

enum { FILE_MAX_OCTETS = 16 * 1024 * 1024, MODE_BITS = 07777 };

struct dotfile {
	char *path;
	char *mail, *keys, *editor;
	bool threads, by_subject, sidebar, keywords;
	enum sandbox_mode sandbox;
	int interval, trash; /* seconds; days */
	enum partial_policy partial;
	char *local, *languages;
	struct dotfile_spam spam;
	struct dotfile_programs programs;
	struct dotfile_reading reading;
	struct dotfile_writing writing;
	GPtrArray *accounts, *views, *filters, *sorters, *colours, *notices, *key_lines;
};

static const char *const section_kinds[] = {
	"dewey", "account", "view", "filter", "color", "notify", "keys", NULL};

static void value_free(gpointer data)
{
	struct value *v = data;
	if (v->text)
		explicit_bzero(v->text, strlen(v->text));
	g_free(v->text);
	g_free(v);
}

static struct section *section_new(const char *kind, const char *name, int line)
{
	struct section *s = g_new0(struct section, 1);
	s->kind = g_strdup(kind);
	s->name = g_strdup(name);
	s->line = line;
	s->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, value_free);
	return s;
}

void section_free(struct section *s)
{
	g_free(s->kind);
	g_free(s->name);
	g_hash_table_unref(s->values);
	g_free(s);
}

const char *section_text(const struct section *s, const char *setting)
{
	const struct value *v = g_hash_table_lookup(s->values, setting);
	return v && v->text ? v->text : setting_find(s->kind, setting)->fallback;
}

int section_line(const struct section *s, const char *setting)
{
	const struct value *v = g_hash_table_lookup(s->values, setting);
	return v ? v->line : s->line;
}

static void key_free(gpointer data)
{
	struct dotfile_key *k = data;
	g_free(k->context);
	g_free(k->key);
	g_free(k->command);
	g_free(k);
}

void dotfile_free(struct dotfile *d)
{
	if (!d)
		return;
	g_free(d->path);
	g_free(d->mail);
	g_free(d->keys);
	g_free(d->editor);
	g_free(d->local);
	g_free(d->languages);
	spam_clear(&d->spam);
	programs_clear(&d->programs);
	reading_clear(&d->reading);
	writing_clear(&d->writing);
	g_ptr_array_unref(d->accounts);
	g_ptr_array_unref(d->views);
	g_ptr_array_unref(d->filters);
	g_ptr_array_unref(d->sorters);
	g_ptr_array_unref(d->colours);
	g_ptr_array_unref(d->notices);
	g_ptr_array_unref(d->key_lines);
	g_free(d);
}

/* One pass over a file. */
struct reading {
	struct dotfile *d;
	struct mistakes mistakes;
	guint mode;
	GPtrArray *sections;     /* of struct section */
	struct section *current; /* NULL: none yet, or an unknown one */
	bool begun;              /* a section was seen */
	int line;
};

static struct section *section_known(const struct reading *r, const struct line *l)
{
	for (guint i = 0; i < r->sections->len; i++) {
		struct section *s = g_ptr_array_index(r->sections, i);
		if (strcmp(s->kind, l->word) == 0 && g_strcmp0(s->name, l->rest) == 0)
			return s;
	}
	return NULL;
}

static bool check_kind(const struct line *l, struct complaint *c)
{
	if (g_strv_contains(section_kinds, l->word))
		return true;
	const char *meant = dotfile_did_you_mean(l->word, section_kinds);
	return complain(c, g_strdup_printf(_("unknown section '%s'"), l->word),
		meant ? g_strdup_printf(_("did you mean '%s'?"), meant)
		      : g_strdup(_("there are [dewey], [account NAME], [view NAME], [filter NAME], "
				   "[color NAME], [notify NAME] and [keys CONTEXT]")));
}

static bool check_section(const struct reading *r, const struct line *l, struct complaint *c)
{
	bool single = strcmp(l->word, "dewey") == 0;
	const struct section *first = section_known(r, l);
	if (single && l->rest)
		return complain(c, g_strdup_printf(_("[dewey] takes no name, but '%s' is there"),
					   l->rest),
			g_strdup(_("write '[dewey]'")));
	if (!single && !l->rest)
		return complain(c, g_strdup_printf(_("the section '%s' has no name"), l->word),
			g_strdup_printf(_("write '[%s NAME]'"), l->word));
	if (first)
		return complain(c,
			g_strdup_printf(_("this section stands in line %d already"), first->line),
			g_strdup(_("put both together")));
	return strcmp(l->word, "account") != 0 || setting_check_id(l->rest, c);
}

/* After a mistake in its head, a section of a known kind is read all the same,
 * so that the mistakes in it are found now. */
static void take_section(struct reading *r, const struct line *l)
{
	struct complaint c = {0};
	r->begun = true;
	r->current = NULL;
	if (!check_kind(l, &c)) {
		mistakes_add(&r->mistakes, r->line, &c);
		return;
	}
	bool good = check_section(r, l, &c);
	if (!good)
		mistakes_add(&r->mistakes, r->line, &c);
	r->current = section_new(l->word, l->rest, r->line);
	r->current->spoiled = !good;
	g_ptr_array_add(r->sections, r->current);
}

static void add_key_line(struct reading *r, const struct line *l)
{
	struct dotfile_key *k = g_new0(struct dotfile_key, 1);
	k->context = g_strdup(r->current->name);
	k->key = g_strdup(l->word);
	k->command = g_strdup(l->rest);
	k->line = r->line;
	g_ptr_array_add(r->d->key_lines, k);
}

static bool check_name(const struct reading *r, const struct line *l, struct complaint *c)
{
	const char *kind = r->current->kind;
	if (strcmp(kind, "keys") == 0)
		return *l->rest != '\0' ||
		       complain(c, g_strdup_printf(_("the key '%s' has no command"), l->word),
			       g_strdup(_("write one behind '=', or take out the line")));
	if (setting_find(kind, l->word))
		return true;
	g_autofree const char **names = setting_names(kind);
	const char *meant = dotfile_did_you_mean(l->word, names);
	const struct setting_info *other = setting_find(NULL, l->word);
	char *instead;
	if (other && strcmp(other->section, "dewey") == 0)
		instead = g_strdup(_("it belongs below '[dewey]'"));
	else if (other)
		instead = g_strdup_printf(_("it belongs below '[%s NAME]'"), other->section);
	else if (meant)
		instead = g_strdup_printf(_("did you mean '%s'?"), meant);
	else
		instead = g_strdup(_("deweyrc(5) has the list"));
	return complain(c, g_strdup_printf(_("unknown setting '%s' in [%s]"), l->word, kind),
		instead);
}

static bool check_setting(const struct reading *r, const struct line *l, struct complaint *c)
{
	const struct setting_info *s = setting_find(r->current->kind, l->word);
	return check_name(r, l, c) && (!s || setting_check(s, l->rest, c));
}

static bool check_once(const struct reading *r, const struct line *l, struct complaint *c)
{
	const struct value *first = g_hash_table_lookup(r->current->values, l->word);
	return !first || complain(c,
		g_strdup_printf(_("'%s' stands in line %d already"), l->word, first->line),
		g_strdup(_("leave one of them")));
}

static void take_setting(struct reading *r, const struct line *l)
{
	struct complaint c = {0};
	if (!r->current) {
		if (!r->begun)
			mistakes_say(&r->mistakes, r->line,
				g_strdup_printf(_("'%s' stands before any section"), l->word),
				g_strdup(_("write '[account home]' or '[dewey]' above it")));
		return;
	}
	if (!check_once(r, l, &c)) {
		mistakes_add(&r->mistakes, r->line, &c);
		return;
	}
	struct value *v = g_new0(struct value, 1);
	v->line = r->line;
	if (check_setting(r, l, &c))
		v->text = g_strdup(l->rest);
	else
		mistakes_add(&r->mistakes, r->line, &c);
	g_hash_table_insert(r->current->values, g_strdup(l->word), v);
	if (v->text && strcmp(r->current->kind, "keys") == 0)
		add_key_line(r, l);
}

static void read_lines(struct reading *r, const char *text, size_t len)
{
	const char *end = text + len;
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		text += 3;
	while (text < end) {
		struct complaint c = {0};
		struct line l;
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((newline ? newline : end) - text);
		r->line++;
		if (!line_read(text, n, &l, &c))
			mistakes_add(&r->mistakes, r->line, &c);
		else if (l.kind == LINE_SECTION)
			take_section(r, &l);
		else if (l.kind == LINE_SETTING)
			take_setting(r, &l);
		line_clear(&l);
		text += n + 1;
	}
}

static const char *default_editor(void)
{
	static const char *const names[] = {"VISUAL", "EDITOR"};
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *value = g_getenv(names[i]);
		if (value && *value != '\0')
			return value;
	}
	return "vi";
}

static bool is_yes(const struct section *s, const char *setting)
{
	return strcmp(section_text(s, setting), "yes") == 0;
}

static void apply_dewey(struct dotfile *d, const struct section *s)
{
	const char *editor = section_text(s, "editor");
	g_free(d->mail);
	g_free(d->keys);
	g_free(d->editor);
	g_free(d->local);
	d->mail = path_expand(section_text(s, "mail"));
	d->keys = g_strdup(section_text(s, "keys"));
	d->editor = g_strdup(editor ? editor : default_editor());
	d->local = g_strdup(section_text(s, "local"));
	g_free(d->languages);
	d->languages = g_strdup(section_text(s, "languages"));
	spam_apply(&d->spam, s);
	programs_apply(&d->programs, s);
	sandbox_mode_parse(section_text(s, "sandbox"), &d->sandbox);
	reading_apply(&d->reading, s);
	d->keywords = strcmp(section_text(s, "tags"), "keywords") == 0;
	d->threads = is_yes(s, "threads");
	d->by_subject = is_yes(s, "threads-by-subject");
	d->sidebar = is_yes(s, "sidebar");
	interval_parse(section_text(s, "interval"), &d->interval);
	expiry_parse(section_text(s, "trash"), &d->trash);
	d->partial = strcmp(section_text(s, "partial"), "send") == 0 ? PARTIAL_SEND : PARTIAL_HOLD;
	writing_apply(&d->writing, s);
}

static void apply_view(struct reading *r, const struct section *s)
{
	struct dotfile_view *v = view_new(s, &r->mistakes);
	if (v)
		g_ptr_array_add(r->d->views, v);
}

static void add_colour(struct reading *r, const struct section *s)
{
	g_ptr_array_add(r->d->colours, colour_new(s, &r->mistakes));
	if (r->d->colours->len == DOTFILE_COLOURS_MAX + 1)
		mistakes_say(&r->mistakes, s->line,
			g_strdup_printf(_("there are more than %d colours"), DOTFILE_COLOURS_MAX),
			g_strdup(_("put some of them together: a OR b")));
}

static void add_filter(struct reading *r, const struct section *s)
{
	struct dotfile_filter *f = filter_new(s, &r->mistakes);
	g_ptr_array_add(f->preview ? r->d->filters : r->d->sorters, f);
}

static void apply(struct reading *r, const struct section *s)
{
	if (s->spoiled)
		return;
	if (strcmp(s->kind, "dewey") == 0)
		apply_dewey(r->d, s);
	else if (strcmp(s->kind, "view") == 0)
		apply_view(r, s);
	else if (strcmp(s->kind, "filter") == 0)
		add_filter(r, s);
	else if (strcmp(s->kind, "color") == 0)
		add_colour(r, s);
	else if (strcmp(s->kind, "notify") == 0)
		g_ptr_array_add(r->d->notices, notice_new(s, &r->mistakes));
	else if (strcmp(s->kind, "account") == 0)
		g_ptr_array_add(r->d->accounts,
			account_new(s, r->d->path, r->mode, &r->mistakes));
}

struct dotfile *dotfile_new_empty(void)
{
	struct dotfile *d = g_new0(struct dotfile, 1);
	struct section *defaults = section_new("dewey", NULL, 0);
	d->path = g_strdup("");
	d->accounts = g_ptr_array_new_with_free_func((GDestroyNotify)account_free);
	d->views = g_ptr_array_new_with_free_func(view_free);
	d->filters = g_ptr_array_new_with_free_func(filter_free);
	d->sorters = g_ptr_array_new_with_free_func(filter_free);
	d->colours = g_ptr_array_new_with_free_func(colour_free);
	d->notices = g_ptr_array_new_with_free_func(notice_free);
	d->key_lines = g_ptr_array_new_with_free_func(key_free);
	apply_dewey(d, defaults);
	section_free(defaults);
	return d;
}

static struct dotfile *parse(const char *text, size_t len, struct reading *r, GPtrArray *out)
{
	r->sections = g_ptr_array_new_with_free_func((GDestroyNotify)section_free);
	mistakes_init(&r->mistakes, r->d->path);
	read_lines(r, text, len);
	for (guint i = 0; i < r->sections->len; i++)
		apply(r, g_ptr_array_index(r->sections, i));
	for (guint i = 0; i < r->d->filters->len; i++)
		filter_check_account(r->d->filters->pdata[i], r->d, &r->mistakes);
	for (guint i = 0; i < r->d->sorters->len; i++)
		filter_check_account(r->d->sorters->pdata[i], r->d, &r->mistakes);
	g_ptr_array_unref(r->sections);
	if (!mistakes_clear(&r->mistakes, out))
		g_clear_pointer(&r->d, dotfile_free);
	return r->d;
}

static struct dotfile *dotfile_new(const char *name)
{
	struct dotfile *d = dotfile_new_empty();
	g_free(d->path);
	d->path = g_strdup(name);
	return d;
}

struct dotfile *dotfile_parse(const char *text, const char *name, guint mode, GPtrArray *mistakes)
{
	struct reading r = {.d = dotfile_new(name), .mode = mode};
	return parse(text, strlen(text), &r, mistakes);
}

struct dotfile *dotfile_load(const char *path, GPtrArray *mistakes)
{
	struct stat st;
	size_t len;
	g_autoptr(GError) error = NULL;
	char *text = fdio_read_file(path, FILE_MAX_OCTETS, &len, &error);
	if (!text || stat(path, &st) != 0) {
		g_ptr_array_add(mistakes, error ? g_strdup(error->message)
						: g_strdup_printf("'%s': %s", path, g_strerror(errno)));
		g_free(text);
		return NULL;
	}
	struct reading r = {.d = dotfile_new(path), .mode = st.st_mode & MODE_BITS};
	struct dotfile *d = parse(text, len, &r, mistakes);
	explicit_bzero(text, len);
	g_free(text);
	return d;
}

char *dotfile_find(const char *path)
{
	const char *from_env = g_getenv("DEWEYRC");
	if (path)
		return g_strdup(path);
	if (from_env && *from_env != '\0')
		return g_strdup(from_env);
	g_autofree char *at_home = path_expand("~/.deweyrc");
	if (g_file_test(at_home, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&at_home);
	const char *config = g_getenv("XDG_CONFIG_HOME");
	g_autofree char *base = config && *config == '/' ? g_strdup(config)
							 : path_expand("~/.config");
	g_autofree char *in_config = g_build_filename(base, "dewey", "deweyrc", NULL);
	return g_file_test(in_config, G_FILE_TEST_EXISTS) ? g_steal_pointer(&in_config) : NULL;
}

void dotfile_forget_secrets(struct dotfile *d)
{
	for (guint i = 0; i < d->accounts->len; i++)
		account_forget_secrets(g_ptr_array_index(d->accounts, i));
}

const char *dotfile_path(const struct dotfile *d)
{
	return d->path;
}

const char *dotfile_mail(const struct dotfile *d)
{
	return d->mail;
}

const char *dotfile_keys(const struct dotfile *d)
{
	return d->keys;
}

const char *dotfile_editor(const struct dotfile *d)
{
	return d->editor;
}

enum sandbox_mode dotfile_sandbox(const struct dotfile *d)
{
	return d->sandbox;
}

bool dotfile_keywords(const struct dotfile *d)
{
	return d->keywords;
}

char **dotfile_print(const struct dotfile *d)
{
	return d->programs.print;
}

const struct dotfile_reading *dotfile_reading(const struct dotfile *d)
{
	return &d->reading;
}

const struct dotfile_spam *dotfile_spam(const struct dotfile *d)
{
	return &d->spam;
}

const char *dotfile_languages(const struct dotfile *d)
{
	return d->languages;
}

bool dotfile_threads_by_subject(const struct dotfile *d)
{
	return d->by_subject;
}

bool dotfile_threads(const struct dotfile *d)
{
	return d->threads;
}

bool dotfile_sidebar(const struct dotfile *d)
{
	return d->sidebar;
}

int dotfile_account_interval(const struct dotfile *d, const struct account *a)
{
	return a->interval >= 0 ? a->interval : d->interval;
}

int dotfile_interval(const struct dotfile *d)
{
	return d->interval;
}

const char *dotfile_local(const struct dotfile *d)
{
	return d->local;
}

enum partial_policy dotfile_partial(const struct dotfile *d)
{
	return d->partial;
}

int dotfile_trash(const struct dotfile *d)
{
	return d->trash;
}

const struct dotfile_writing *dotfile_writing(const struct dotfile *d)
{
	return &d->writing;
}

guint dotfile_account_count(const struct dotfile *d)
{
	return d->accounts->len;
}

const struct account *dotfile_account(const struct dotfile *d, guint n)
{
	return g_ptr_array_index(d->accounts, n);
}

const GPtrArray *dotfile_filters(const struct dotfile *d)
{
	return d->filters;
}

const GPtrArray *dotfile_sorters(const struct dotfile *d)
{
	return d->sorters;
}

const GPtrArray *dotfile_views(const struct dotfile *d)
{
	return d->views;
}

const GPtrArray *dotfile_colours(const struct dotfile *d)
{
	return d->colours;
}

const GPtrArray *dotfile_notices(const struct dotfile *d)
{
	return d->notices;
}

const struct dotfile_view *dotfile_view_by_name(const struct dotfile *d, const char *name)
{
	for (guint i = 0; i < d->views->len; i++)
		if (strcmp(((struct dotfile_view *)d->views->pdata[i])->name, name) == 0)
			return d->views->pdata[i];
	return NULL;
}

const GPtrArray *dotfile_key_lines(const struct dotfile *d)
{
	return d->key_lines;
}

char *dotfile_mistake(const struct dotfile *d, int line, const char *what, const char *instead)
{
	return mistake_text(d->path, line, what, instead);
}
