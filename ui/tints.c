/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/tints.h"

G_STATIC_ASSERT((int)DOTFILE_BOLD == (int)LOOK_BOLD && (int)DOTFILE_DIM == (int)LOOK_DIM);
G_STATIC_ASSERT((int)DOTFILE_REVERSE == (int)LOOK_REVERSE);
G_STATIC_ASSERT((int)DOTFILE_UNDERLINE == (int)LOOK_UNDERLINE);
G_STATIC_ASSERT(THEME_TINTS + 2 * DOTFILE_COLOURS_MAX <= THEME_MOST);

enum { KEEP = 5000, NONE = -1 };

struct known {
	int colour; /* its place in the dotfile; NONE */
	guint age;  /* the state of the store it was found in */
};

/* One look at some messages. */
struct look_at {
	struct tints *tints; /* NULL: nobody wants it any more */
	const GPtrArray *rules;
	GArray *ids;
	int *colours; /* of ids */
	guint age;
	bool ok;
};

struct tints {
	struct ui *ui;
	void (*changed)(void *data);
	void *data;
	GHashTable *known; /* id → struct known */
	GArray *wanted;    /* ids */
	struct look_at *looking;
	guint age;
};

void tints_show(const struct dotfile *d, struct screen *screen)
{
	const GPtrArray *rules = dotfile_colours(d);
	struct look looks[2 * DOTFILE_COLOURS_MAX];
	for (guint i = 0; i < rules->len; i++) {
		const struct dotfile_colour *k = rules->pdata[i];
		looks[2 * i] = (struct look){k->name, k->fg, k->bg, k->bits};
		looks[2 * i + 1] = (struct look){k->name, k->fg, k->bg, k->bits | LOOK_BOLD};
	}
	screen->ops->tint(screen, looks, 2 * rules->len);
}

struct tints *tints_new(struct ui *ui, void (*changed)(void *data), void *data)
{
	if (dotfile_colours(ui_dotfile(ui))->len == 0)
		return NULL;
	struct tints *t = g_new0(struct tints, 1);
	t->ui = ui;
	t->changed = changed;
	t->data = data;
	t->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	t->wanted = g_array_new(FALSE, FALSE, sizeof(int64_t));
	return t;
}

void tints_free(struct tints *t)
{
	if (!t)
		return;
	if (t->looking) {
		worker_cancel(ui_worker(t->ui, UI_WORKER_TINTS), t->looking);
		t->looking->tints = NULL;
	}
	g_hash_table_unref(t->known);
	g_array_unref(t->wanted);
	g_free(t);
}

enum theme tints_get(struct tints *t, const struct message_row *row)
{
	const struct known *k = g_hash_table_lookup(t->known, &row->id);
	if (!k || k->age != t->age)
		g_array_append_val(t->wanted, row->id);
	if (!k || k->colour == NONE)
		return THEME_NORMAL;
	bool unread = !(row->flags & FLAG_SEEN);
	return (enum theme)(THEME_TINTS + 2 * k->colour + unread);
}

void tints_again(struct tints *t)
{
	if (t)
		t->age++;
}

/* --- looking --------------------------------------------------------------------- */

/* The first rule that finds a message has it; the rest look at what is left. */
static bool apply_rule(struct look_at *l, struct index *ix, guint n)
{
	const struct dotfile_colour *rule = l->rules->pdata[n];
	g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(int64_t));
	for (guint i = 0; i < l->ids->len; i++)
		if (l->colours[i] == NONE)
			g_array_append_val(left, g_array_index(l->ids, int64_t, i));
	g_autoptr(GHashTable) found = index_which(ix, rule->query, left, NULL);
	for (guint i = 0; found && i < l->ids->len; i++)
		if (l->colours[i] == NONE &&
			g_hash_table_contains(found, &g_array_index(l->ids, int64_t, i)))
			l->colours[i] = (int)n;
	return found != NULL;
}

static void look_run(struct room *room, void *data)
{
	struct look_at *l = data;
	struct index *ix = room_index(room, NULL);
	l->ok = ix != NULL;
	for (guint n = 0; l->ok && n < l->rules->len; n++)
		l->ok = apply_rule(l, ix, n);
}

static void look_done(void *data)
{
	struct look_at *l = data;
	struct tints *t = g_steal_pointer(&l->tints);
	if (!t)
		return;
	t->looking = NULL;
	if (g_hash_table_size(t->known) > KEEP)
		g_hash_table_remove_all(t->known);
	for (guint i = 0; i < l->ids->len; i++) {
		/* What cannot be found out has no colour, and is not asked for again. */
		const struct known k = {l->ok ? l->colours[i] : NONE, l->age};
		g_hash_table_replace(t->known,
			g_memdup2(&g_array_index(l->ids, int64_t, i), sizeof(int64_t)),
			g_memdup2(&k, sizeof k));
	}
	t->changed(t->data);
}

static void look_free(void *data)
{
	struct look_at *l = data;
	if (l->tints)
		l->tints->looking = NULL;
	g_array_unref(l->ids);
	g_free(l->colours);
	g_free(l);
}

static const struct job look_job = {look_run, look_done, look_free};

void tints_look(struct tints *t)
{
	if (!t || t->wanted->len == 0)
		return;
	if (!t->looking) {
		struct look_at *l = g_new0(struct look_at, 1);
		l->tints = t;
		l->rules = dotfile_colours(ui_dotfile(t->ui));
		l->ids = g_array_copy(t->wanted);
		l->colours = g_new(int, l->ids->len);
		for (guint i = 0; i < l->ids->len; i++)
			l->colours[i] = NONE;
		l->age = t->age;
		t->looking = l;
		worker_push(ui_worker(t->ui, UI_WORKER_TINTS), &look_job, l);
	}
	/* When they are known everything is drawn again, and asks again. */
	g_array_set_size(t->wanted, 0);
}
