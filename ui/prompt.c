/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include <string.h>

#include "base/clock.h"
#include "base/path.h"
#include "base/sanitize.h"
#include "base/width.h"
#include "store/store.h"
#include "store/when.h"
#include "ui/prompt.h"
#include "ui/ui.h"

enum { HISTORY_MAX = 100 };

struct prompt {
	struct ui *ui;
	struct prompt_spec spec; /* label, keys and history are owned copies */
	GString *text;
	size_t at; /* octets in front of the cursor */
	GPtrArray *history; /* of char *, oldest first; NULL: none */
	guint recalled;     /* place in it; its length: what is typed now */
	char *typed;        /* kept while history is walked */
	GPtrArray *choices; /* of the completion that goes on */
	guint choice;
	bool cancelled;
};

static GPtrArray *history_of(GHashTable *histories, const char *name)
{
	GPtrArray *list = g_hash_table_lookup(histories, name);
	if (!list) {
		list = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(histories, g_strdup(name), list);
	}
	return list;
}

struct prompt *prompt_new(struct ui *ui, const struct prompt_spec *spec, GHashTable *histories)
{
	struct prompt *p = g_new0(struct prompt, 1);
	p->ui = ui;
	p->spec = *spec;
	p->spec.label = g_strdup(spec->label);
	p->spec.keys = g_strdup(spec->keys);
	/* Room enough that a secret is not left behind by growing. */
	p->text = g_string_sized_new(spec->secret ? 1024 : 64);
	g_string_append(p->text, spec->text ? spec->text : "");
	p->at = p->text->len;
	if (spec->history)
		p->history = history_of(histories, spec->history);
	p->recalled = p->history ? p->history->len : 0;
	return p;
}

void prompt_free(struct prompt *p)
{
	if (!p)
		return;
	if (p->spec.secret)
		explicit_bzero(p->text->str, p->text->allocated_len);
	g_string_free(p->text, TRUE);
	g_clear_pointer(&p->choices, g_ptr_array_unref);
	if (p->spec.free)
		p->spec.free(p->spec.data);
	g_free((char *)p->spec.label);
	g_free((char *)p->spec.keys);
	g_free(p->typed);
	g_free(p);
}

static void remember(struct prompt *p)
{
	if (!p->history || p->text->len == 0)
		return;
	for (guint i = 0; i < p->history->len; i++)
		if (strcmp(p->history->pdata[i], p->text->str) == 0) {
			g_ptr_array_remove_index(p->history, i);
			break;
		}
	g_ptr_array_add(p->history, g_strdup(p->text->str));
	if (p->history->len > HISTORY_MAX)
		g_ptr_array_remove_index(p->history, 0);
}

void prompt_finish(struct prompt *p)
{
	if (!p->cancelled)
		remember(p);
	p->spec.done(p->ui, p->cancelled ? NULL : p->text->str, p->spec.data);
	prompt_free(p);
}

/* The beginning of the cluster in front of at. */
static size_t cluster_before(const char *text, size_t at)
{
	size_t here = 0;
	int columns;
	for (size_t n; (n = width_cluster(text + here, &columns)) > 0 && here + n < at;)
		here += n;
	return here;
}

static size_t cluster_behind(const char *text, size_t at)
{
	int columns;
	return at + width_cluster(text + at, &columns);
}

static bool word_octet(char c)
{
	return !strchr(" ,;:/", c);
}

static size_t word_before(const char *text, size_t at)
{
	while (at > 0 && !word_octet(text[at - 1]))
		at--;
	while (at > 0 && word_octet(text[at - 1]))
		at--;
	return at;
}

static void erase(struct prompt *p, size_t from, size_t to)
{
	/* g_string_erase() leaves the tail behind the new end: not for secrets. */
	size_t tail = p->text->len - (to - from);
	g_string_erase(p->text, from, to - from);
	if (p->spec.secret)
		explicit_bzero(p->text->str + tail, p->text->allocated_len - tail);
	p->at = from;
}

static void insert(struct prompt *p, key_code key)
{
	char utf8[7] = "";
	g_unichar_to_utf8(key, utf8);
	g_string_insert(p->text, p->at, utf8);
	p->at += strlen(utf8);
}

static void set_text(struct prompt *p, const char *text)
{
	g_string_assign(p->text, text);
	p->at = p->text->len;
}

static void recall(struct prompt *p, int by)
{
	if (!p->history)
		return;
	gint64 place = (gint64)p->recalled + by;
	if (place < 0 || place > p->history->len)
		return;
	if (p->recalled == p->history->len) {
		g_free(p->typed);
		p->typed = g_strdup(p->text->str);
	}
	p->recalled = place;
	set_text(p, p->recalled < p->history->len ? p->history->pdata[p->recalled] : p->typed);
}

static size_t common_length(const GPtrArray *choices)
{
	const char *first = choices->pdata[0];
	size_t common = strlen(first);
	for (guint i = 1; i < choices->len; i++) {
		const char *other = choices->pdata[i];
		size_t n = 0;
		while (n < common && other[n] == first[n])
			n++;
		common = n;
	}
	while (common > 0 && (first[common] & 0xC0) == 0x80)
		common--;
	return common;
}

/* The first time as far as all agree; then one after the other. */
static void complete(struct prompt *p)
{
	if (!p->spec.complete)
		return;
	if (p->choices) {
		p->choice = (p->choice + 1) % p->choices->len;
		set_text(p, p->choices->pdata[p->choice]);
		return;
	}
	g_autoptr(GPtrArray) found = p->spec.complete(p->ui, p->text->str);
	if (!found || found->len == 0)
		return;
	size_t common = common_length(found);
	if (found->len == 1 || common > p->text->len) {
		g_autofree char *text = g_strndup(found->pdata[0], common);
		set_text(p, text);
	} else {
		p->choice = 0;
		set_text(p, found->pdata[0]);
		p->choices = g_steal_pointer(&found);
	}
}

static bool key_out_of_few(struct prompt *p, key_code key)
{
	if (key == KEY_CODE_ENTER)
		key = p->spec.keys[0];
	p->cancelled = key == KEY_CODE_ESCAPE || key == KEY_CODE_CONTROL('g') ||
		       key == KEY_CODE_CONTROL('c');
	key = g_unichar_tolower(key_is_text(key) ? key : 0);
	if (key != 0 && g_utf8_strchr(p->spec.keys, -1, key)) {
		insert(p, key);
		return true;
	}
	/* Everywhere else q leaves what is on the screen. */
	p->cancelled = p->cancelled || key == 'q';
	return p->cancelled;
}

static void edit_key(struct prompt *p, key_code key)
{
	const char *text = p->text->str;
	size_t len = p->text->len;
	if (key == KEY_CODE_LEFT || key == KEY_CODE_CONTROL('b'))
		p->at = p->at > 0 ? cluster_before(text, p->at) : 0;
	else if (key == KEY_CODE_RIGHT || key == KEY_CODE_CONTROL('f'))
		p->at = cluster_behind(text, p->at);
	else if (key == KEY_CODE_HOME || key == KEY_CODE_CONTROL('a'))
		p->at = 0;
	else if (key == KEY_CODE_END || key == KEY_CODE_CONTROL('e'))
		p->at = len;
	else if (key == KEY_CODE_BACKSPACE && p->at > 0)
		erase(p, cluster_before(text, p->at), p->at);
	else if ((key == KEY_CODE_DELETE || key == KEY_CODE_CONTROL('d')) && p->at < len)
		erase(p, p->at, cluster_behind(text, p->at));
	else if (key == KEY_CODE_CONTROL('w') && p->at > 0)
		erase(p, word_before(text, p->at), p->at);
	else if (key == KEY_CODE_CONTROL('u') && p->at > 0)
		erase(p, 0, p->at);
	else if (key == KEY_CODE_CONTROL('k') && p->at < len)
		erase(p, p->at, len);
	else if (key == KEY_CODE_UP || key == KEY_CODE_CONTROL('p'))
		recall(p, -1);
	else if (key == KEY_CODE_DOWN || key == KEY_CODE_CONTROL('n'))
		recall(p, 1);
	else if (key_is_text(key))
		insert(p, key);
}

static bool told_wrong(struct ui *ui, const struct prompt_spec *spec, const char *text)
{
	g_autofree char *why = spec->wrong && *text ? spec->wrong(text, spec->data) : NULL;
	if (why)
		ui_complain(ui, "%s", why);
	return why != NULL;
}

static bool key_of_text(struct prompt *p, key_code key)
{
	if (key == KEY_CODE_TAB) {
		complete(p);
		return false;
	}
	g_clear_pointer(&p->choices, g_ptr_array_unref);
	if (key == KEY_CODE_ENTER)
		return !told_wrong(p->ui, &p->spec, p->text->str);
	if (key == KEY_CODE_ESCAPE || key == KEY_CODE_CONTROL('g') || key == KEY_CODE_CONTROL('c')) {
		p->cancelled = true;
		return true;
	}
	edit_key(p, key);
	return false;
}

bool prompt_key(struct prompt *p, key_code key)
{
	if (p->spec.keys)
		return key_out_of_few(p, key);
	if (p->spec.key && !key_is_text(key) && p->spec.key(p->ui, key, p->spec.data))
		return false;
	if (!p->spec.typed)
		return key_of_text(p, key);
	g_autofree char *before = g_strdup(p->text->str);
	bool answered = key_of_text(p, key);
	if (!answered && strcmp(before, p->text->str) != 0)
		p->spec.typed(p->ui, p->text->str, p->spec.data);
	return answered;
}

const char *prompt_question(const struct prompt *p)
{
	return p->spec.keys ? p->spec.label : NULL;
}

void prompt_draw(struct prompt *p, const struct pane *pane, int row, int *x)
{
	/* The end of a long question stays readable on a narrow terminal. */
	int room = MAX(pane->cols - 8, pane->cols / 2);
	g_autofree char *label = width_cut(p->spec.label, room);
	int col = pane_put(pane, row, 0, label, THEME_PROMPT);
	*x = MIN(col, pane->cols - 1);
	if (p->spec.secret)
		return;
	g_autofree char *before = g_strndup(p->text->str, p->at);
	const char *shown = p->text->str;
	int width = width_text(before), space = pane->cols - col - 1, columns;
	for (size_t n; width > space && (n = width_cluster(shown, &columns)) > 0; shown += n)
		width -= columns;
	pane_put(pane, row, col, shown, THEME_NORMAL);
	*x = CLAMP(col + width, 0, pane->cols - 1);
}

static gint compare_words(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

GPtrArray *prompt_complete_path(struct ui *ui, const char *text)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	const char *slash = strrchr(text, '/');
	g_autofree char *begin = slash ? g_strndup(text, slash - text + 1) : g_strdup("");
	const char *rest = slash ? slash + 1 : text;
	g_autofree char *where = path_expand(*begin ? begin : ".");
	g_autoptr(GDir) dir = g_dir_open(where, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		if (!g_str_has_prefix(name, rest) || (*name == '.' && *rest != '.') ||
			!sanitize_is_clean(name))
			continue;
		g_autofree char *full = g_build_filename(where, name, NULL);
		bool is_dir = g_file_test(full, G_FILE_TEST_IS_DIR);
		g_ptr_array_add(found, g_strconcat(begin, name, is_dir ? "/" : "", NULL));
	}
	g_ptr_array_sort(found, compare_words);
	return found;
}

GPtrArray *prompt_complete_folder(struct ui *ui, const char *text)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) all = ui_store(ui) ? store_folders(ui_store(ui), NULL) : NULL;
	for (guint i = 0; all && i < all->len; i++) {
		const char *title = folder_title(all->pdata[i]);
		if (g_str_has_prefix(all->pdata[i], text))
			g_ptr_array_add(found, g_strdup(all->pdata[i]));
		else if (g_str_has_prefix(title, text))
			g_ptr_array_add(found, g_strdup(title));
	}
	return found;
}

char *prompt_wrong_time(const char *text, const void *data)
{
	g_autoptr(GError) error = NULL;
	int64_t at;
	return when_parse(text, clock_now(), &at, &error) ? NULL : g_strdup(error->message);
}

/* --- yes or no ---------------------------------------------------------------------- */

static void question_free(void *data)
{
	struct question *q = data;
	if (q->free)
		q->free(q->data);
	g_free(q);
}

static void question_answered(struct ui *ui, const char *text, void *data)
{
	const struct question *q = data;
	const char *keys = _("yn");
	if (text && (g_utf8_get_char(text) == g_utf8_get_char(keys) || *text == 'y'))
		q->yes(ui, q->data);
	else if (text && q->no)
		q->no(ui, q->data);
}

void prompt_ask(struct ui *ui, const struct question *q)
{
	/* TRANSLATORS: the letters that answer yes and no, in this order */
	const char *keys = _("yn"), *no = g_utf8_next_char(keys);
	g_autofree char *label =
		g_strdup_printf("%s (%.*s/%s) ", q->text, (int)(no - keys), keys, no);
	/* The keyboard may be in Latin letters still: commands are. */
	g_autofree char *all = g_strconcat(keys, "yn", NULL);
	struct prompt_spec spec = {.label = label, .keys = all, .done = question_answered,
		.data = g_memdup2(q, sizeof *q), .free = question_free};
	ui_prompt(ui, &spec);
}

void prompt_unless(struct ui *ui, const char *arg, const struct prompt_spec *spec)
{
	if (!arg) {
		ui_prompt(ui, spec);
		return;
	}
	if (!told_wrong(ui, spec, arg))
		spec->done(ui, arg, spec->data);
	if (spec->free)
		spec->free(spec->data);
}
