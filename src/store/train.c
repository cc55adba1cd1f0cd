/* SPDX-License-Identifier: MIT */
#include "store/train.h"

#include <string.h>
#include <unistd.h>

#include "base/external.h"
#include "base/sanitize.h"
#include "store/actions-private.h"
#include "store/db.h"
#include "store/store-private.h"

/* Seconds for one letter. */
enum { LIMIT = 30, NOTHING = -1 };

static const char *const words[] = {[TRAIN_SPAM] = "spam", [TRAIN_HAM] = "ham"};

void train_by(struct store *s, const struct train_programs *programs)
{
	s->trainer = programs;
}

static int word_of(const char *text)
{
	for (int i = 0; text && i < (int)G_N_ELEMENTS(words); i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return NOTHING;
}

/* --- what was taught ------------------------------------------------------------- */

static int taught(struct ledger *l, const char *base)
{
	g_autoptr(sqlite3_stmt) stmt =
		db_prepare(ledger_db(l), "SELECT word FROM trained WHERE base = ?", NULL);
	if (!stmt)
		return NOTHING;
	db_bind(stmt, "s", base);
	g_autofree char *text = db_row(stmt, NULL) ? db_text(stmt, 0) : NULL;
	return word_of(text);
}

static bool note(struct ledger *l, const char *base, int word, GError **error)
{
	if (word == NOTHING)
		return db_run(ledger_db(l), NULL, error, "DELETE FROM trained WHERE base = ?", "s",
			base);
	return db_run(ledger_db(l), NULL, error, "INSERT OR REPLACE INTO trained VALUES(?, ?)",
		"ss", base, words[word]);
}

/* --- the program ----------------------------------------------------------------- */

/* Where the letter lies, and what is known of it. */
struct pupil {
	struct store *store;
	struct ledger *ledger;
	const char *folder, *file;
	const char *base;
};

static bool is_going(void *data)
{
	return store_going(data, 0, 0);
}

static char *described(const struct external_result *r)
{
	g_autofree char *said = r->words ? sanitize_line(r->words, -1) : NULL;
	if (r->end == EXTERNAL_LATE)
		return g_strdup_printf(P_("it was not done in %d second",
					       "it was not done in %d seconds", LIMIT),
			LIMIT);
	if (r->end == EXTERNAL_STOPPED)
		return g_strdup(_("it was stopped"));
	if (r->end == EXTERNAL_SIGNALLED)
		return g_strdup_printf(_("signal %d ended it"), r->status);
	return said ? g_strdup_printf(_("exit status %d: %s"), r->status, said)
		    : g_strdup_printf(_("exit status %d"), r->status);
}

static bool run(const struct pupil *p, char **argv, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_auto(external_result) r = {0};
	if (!argv)
		return true;
	int fd = preview_or_message_open(p->store, p->folder, p->file, error);
	if (fd < 0)
		return false;
	const struct external what = {.argv = argv, .input = fd, .limit = LIMIT, .apart = true,
		.going = is_going, .data = p->store};
	bool ran = external_run(&what, &r, &why);
	close(fd);
	if (ran && r.end == EXTERNAL_EXITED && r.status == 0)
		return true;
	g_autofree char *program = sanitize_line(argv[0], -1);
	g_autofree char *text = ran ? described(&r) : g_strdup(why->message);
	g_set_error(error, STORE_ERROR, STORE_ERROR_STATE,
		_("cannot teach '%s': %s; see 'spam-learn' in deweyrc(5)"), program, text);
	return false;
}

/* What it has learnt is noted at once: a crash repeats one letter at most. */
static bool teach(const struct pupil *p, int word, GError **error)
{
	static const struct train_programs none;
	const struct train_programs *programs = p->store->trainer ? p->store->trainer : &none;
	int before = taught(p->ledger, p->base);
	if (before == word)
		return true;
	if (before != NOTHING && (!run(p, programs->forget[before], error) ||
					 !note(p->ledger, p->base, NOTHING, error)))
		return false;
	if (word == NOTHING || !programs->learn[word])
		return true;
	return run(p, programs->learn[word], error) && note(p->ledger, p->base, word, error);
}

/* --- many of them ---------------------------------------------------------------- */

struct lesson {
	struct store *store;
	struct index *ix;
	struct ledger *ledger;
	enum train_word word;
	const char *folder; /* of spam */
	GArray *move;       /* ids */
	struct journal_entry entry;
	int64_t done, missing;
};

static void lesson_clear(struct lesson *l)
{
	g_clear_pointer(&l->move, g_array_unref);
	journal_entry_clear(&l->entry);
}
typedef struct lesson lesson;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(lesson, lesson_clear)

static bool lesson_init(
	struct lesson *l, struct store *s, enum train_word word, GError **error)
{
	l->store = s;
	l->word = word;
	l->folder = s->trainer ? s->trainer->folder : "Junk";
	l->move = g_array_new(FALSE, FALSE, sizeof(int64_t));
	l->entry.kind = JOURNAL_TRAIN;
	l->entry.about = g_strdup(words[word]);
	l->entry.items = g_ptr_array_new_with_free_func((GDestroyNotify)journal_item_free);
	l->ix = store_index(s, error);
	l->ledger = l->ix ? store_ledger(s, error) : NULL;
	return l->ledger != NULL;
}

static bool teach_one(struct lesson *l, const struct message_row *row, GError **error)
{
	g_autofree char *base = maildir_base(row->file);
	const struct pupil p = {l->store, l->ledger, row->folder, row->file, base};
	int before = taught(l->ledger, base);
	if (!row->partial && !teach(&p, (int)l->word, error))
		return false;
	if (taught(l->ledger, base) != before) {
		struct journal_item *item = journal_item_new(row->folder, base);
		item->data = g_strdup(before == NOTHING ? "" : words[before]);
		g_ptr_array_add(l->entry.items, item);
	}
	bool in_spam = strcmp(row->folder, l->folder) == 0;
	if (in_spam == (l->word == TRAIN_HAM))
		g_array_append_val(l->move, row->id);
	l->done++;
	return true;
}

static bool teach_all(struct lesson *l, const GArray *ids, GError **error)
{
	for (guint i = 0; i < ids->len; i++) {
		g_autoptr(GError) own = NULL;
		if (!store_going(l->store, i, ids->len))
			return true;
		g_autoptr(message_row) row =
			index_message(l->ix, g_array_index(ids, int64_t, i), &own);
		if (row && teach_one(l, row, &own))
			continue;
		if (!g_error_matches(own, STORE_ERROR, STORE_ERROR_MISSING)) {
			g_propagate_error(error, g_steal_pointer(&own));
			return false;
		}
		l->missing++;
	}
	return true;
}

/* Lessons first: undo goes from the end, and finds the letters where they were taught. */
static bool finish(struct lesson *l, int64_t *entry, GError **error)
{
	g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(int64_t));
	struct action_result moved = {0};
	const char *to = l->word == TRAIN_SPAM ? l->folder : FOLDER_INBOX;
	if (l->entry.items->len > 0 && !journal_add(l->ledger, &l->entry, error))
		return false;
	if (l->entry.items->len > 0)
		g_array_append_val(entries, l->entry.id);
	bool ok = l->move->len == 0 || action_move(l->store, l->move, to, &moved, error);
	if (moved.entry != 0)
		g_array_append_val(entries, moved.entry);
	action_result_clear(&moved);
	*entry = entries->len ? g_array_index(entries, int64_t, entries->len - 1) : 0;
	return journal_join(l->ledger, entries, JOURNAL_TRAIN, words[l->word], ok ? error : NULL) &&
	       ok;
}

bool action_train(struct store *s, const GArray *ids, enum train_word word,
	struct action_result *result, GError **error)
{
	g_auto(lesson) l = {0};
	*result = (struct action_result){0};
	if (!lesson_init(&l, s, word, error))
		return false;
	bool ok = teach_all(&l, ids, error);
	/* What was taught until then is a change, whatever came of the others. */
	ok = finish(&l, &result->entry, ok ? error : NULL) && ok;
	result->done = l.done;
	result->missing = l.missing;
	if (!ok)
		return false;
	action_set_text(result,
		word == TRAIN_SPAM
			? P_("%d message is spam", "%d messages are spam", result->done)
			: P_("%d message is no spam", "%d messages are no spam", result->done),
		NULL);
	return true;
}

/* A program that is gone since must not keep the letters from coming back. */
bool action_untrain(
	struct action *a, struct journal_item *item, struct maildir_place *place, GError **error)
{
	const char *base = journal_item_base(item);
	const struct pupil p = {a->store, a->ledger, item->folder, base, base};
	if (!teach(&p, word_of(item->data), NULL))
		a->result->untold++;
	return true;
}
