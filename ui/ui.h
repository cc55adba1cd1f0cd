/* SPDX-License-Identifier: MIT
 *
 * The front end as one object: the views, one above the other; the prompt and
 * the status line; the threads and the agents.  Runs in one GLib main loop
 * (loop.c); tests drive it by ui_key() and ui_turn(). */
#ifndef DEWEY_UI_UI_H
#define DEWEY_UI_UI_H

#include "config/dotfile.h"
#include "store/index.h"
#include "ui/app.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/view.h"
#include "ui/worker.h"

struct courier;
struct folders;
struct keymap;
struct letters;
struct surveyor;
struct rests;
struct typed;
struct sorter;
struct syncer;
struct unsend;
struct viewer;

/* o and what it points to must outlive it; screen is taken.  Mistakes in [keys …] go to the status line. */
struct ui *ui_new(const struct app_options *o, struct screen *screen, GError **error);
void ui_free(struct ui *ui);

/* Opens what the options ask for and starts what runs at start. */
void ui_start(struct ui *ui);
void ui_key(struct ui *ui, key_code key);
/* Once per turn of the loop: refreshes and draws if something changed. */
void ui_turn(struct ui *ui);
/* The terminal has another size. */
void ui_resized(struct ui *ui);
bool ui_done(const struct ui *ui);
void ui_quit(struct ui *ui);
/* Nothing under way but agents: for tests. */
bool ui_settled(const struct ui *ui);

/* To be drawn anew; the store changed: views read again. */
void ui_changed(struct ui *ui);
void ui_store_changed(struct ui *ui);

/* The line at the bottom; the next key clears it.  The text is sanitized. */
void ui_say(struct ui *ui, const char *format, ...) G_GNUC_PRINTF(2, 3);
void ui_complain(struct ui *ui, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* There too, how something ended that was under way: beside what else has ended since
 * the last key, one text for each "what" (of ui_progress()).  One that went wrong is
 * not replaced by one that did not. */
void ui_outcome(struct ui *ui, const char *what, bool wrong, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

/* What stands in the status line while something goes on; NULL: nothing. */
void ui_progress(struct ui *ui, const char *what, const char *text);

/* The stack of views; push takes the view. */
void ui_push(struct ui *ui, struct view *v);
/* Closes v, wherever it is; the last one ends the program. */
void ui_close(struct ui *ui, struct view *v);
struct view *ui_top(const struct ui *ui);
/* There is only one view: who leaves it leaves the program. */
bool ui_at_bottom(const struct ui *ui);
/* All others go; v, taken, is the only one. */
void ui_replace(struct ui *ui, struct view *v);

void ui_prompt(struct ui *ui, const struct prompt_spec *spec);
bool ui_prompting(const struct ui *ui);

/* An id as a key of sets that hold no copies of it: a hundred thousand marks are made
 * and taken away within a key. */
#define ID_KEY(id) GSIZE_TO_POINTER((gsize)(id))

/* Messages that an action under way takes out of where they are: lists leave
 * them out at once.  The action's end gives them back to what the index says. */
void ui_leaving(struct ui *ui, const GArray *ids, bool leaving);
bool ui_is_leaving(const struct ui *ui, int64_t id);

/* The next command is for the marked messages. */
void ui_to_marked(struct ui *ui);
bool ui_is_to_marked(const struct ui *ui);

/* The terminal belongs to another program (editor.c), or is ours again. */
void ui_away(struct ui *ui, bool away);
bool ui_is_away(const struct ui *ui);
void ui_repaint(struct ui *ui);

const struct app_options *ui_options(const struct ui *ui);
struct dotfile *ui_dotfile(const struct ui *ui);
struct keymap *ui_keymap(const struct ui *ui);
struct courier *ui_courier(const struct ui *ui);
struct folders *ui_folders(const struct ui *ui);
struct letters *ui_letters(const struct ui *ui);
struct surveyor *ui_surveyor(const struct ui *ui);
struct rests *ui_rests(const struct ui *ui);
struct typed *ui_typed(const struct ui *ui);
struct sorter *ui_sorter(const struct ui *ui);
struct syncer *ui_syncer(const struct ui *ui);
struct unsend *ui_unsend(const struct ui *ui);
struct viewer *ui_viewer(const struct ui *ui);

/* The main loop's own store, for reading; NULL: told already. */
struct store *ui_store(struct ui *ui);
struct index *ui_index(struct ui *ui);

enum ui_worker {
	UI_WORKER_ACTIONS, /* changes of the store, in the order they were asked for */
	UI_WORKER_READER,  /* letters through dewey-mime */
	UI_WORKER_SEARCH,  /* queries */
	UI_WORKER_SYNC,    /* the index follows the Maildirs */
	UI_WORKER_FILTERS, /* filters, whose programs may take long */
	UI_WORKER_WRITING, /* letters being written are saved */
	UI_WORKER_TALLY,   /* how much queries find */
	UI_WORKER_VIEWS,   /* how much saved views find */
	UI_WORKER_TINTS,   /* which colours rows have */
	UI_WORKER_COUNT
};
struct worker *ui_worker(struct ui *ui, enum ui_worker which);

void ui_bar_toggle(struct ui *ui);
void ui_bell(struct ui *ui);

/* Reports go to the bottom line; ui NULL: to where they went before. */
void ui_take_reports(struct ui *ui);

#endif
