/* SPDX-License-Identifier: MIT
 *
 * One line to be typed at the bottom of the screen: editing by clusters,
 * history, completion; or one key out of a few. */
#ifndef DEWEY_UI_PROMPT_H
#define DEWEY_UI_PROMPT_H

#include "ui/grid.h"
#include "ui/key.h"

struct ui;

/* Words that could stand at the end of text: GPtrArray of char *, each a whole
 * replacement for text. */
typedef GPtrArray *(*prompt_complete)(struct ui *ui, const char *text);

struct prompt_spec {
	const char *label;      /* "To: " */
	const char *text;       /* to begin with; NULL: nothing */
	const char *history;    /* the name of the list it is remembered in; NULL: none */
	const char *keys;       /* one key of these is the answer, Enter the first one; q, if
				 * it is none of them, cancels as Esc does */
	bool secret;            /* not shown, not remembered */
	prompt_complete complete;
	/* Why a text that is not empty will not do, to be freed; it is told, and what was
	 * typed stays to be corrected.  NULL as a result: it will; as a member: any. */
	char *(*wrong)(const char *text, const void *data);
	/* A key that is no text, before it edits: true: it is taken.  NULL: nobody wants it. */
	bool (*key)(struct ui *ui, key_code key, void *data);
	/* Called at each change of what is typed; NULL: nobody listens. */
	void (*typed)(struct ui *ui, const char *text, void *data);
	/* Called once; text NULL: cancelled. */
	void (*done)(struct ui *ui, const char *text, void *data);
	void *data;
	GDestroyNotify free; /* of data, after done; NULL: nothing */
};

struct prompt;

struct prompt *prompt_new(struct ui *ui, const struct prompt_spec *spec, GHashTable *histories);
/* Wipes what was typed if it is secret. */
void prompt_free(struct prompt *p);

/* True: answered; prompt_finish() calls done and frees. */
bool prompt_key(struct prompt *p, key_code key);
void prompt_finish(struct prompt *p);
/* What a prompt says that is answered by one key; NULL: it takes a text. */
const char *prompt_question(const struct prompt *p);
/* Draws into the row; x: where the cursor stands. */
void prompt_draw(struct prompt *p, const struct pane *pane, int row, int *x);

/* ui_prompt() for a command that may have its answer as an argument: then nothing is
 * asked.  arg NULL: it has none. */
void prompt_unless(struct ui *ui, const char *arg, const struct prompt_spec *spec);

/* A question of yes or no: "Quit? (y/n) ".  yes is called if the answer is yes,
 * no (may be NULL) if it is no; a cancel, Esc or q, calls neither. */
struct question {
	const char *text;
	void (*yes)(struct ui *ui, void *data);
	void (*no)(struct ui *ui, void *data);
	void *data;
	GDestroyNotify free; /* of data; NULL: nothing */
};
void prompt_ask(struct ui *ui, const struct question *q);

/* Completion of file names: for attaching and saving. */
GPtrArray *prompt_complete_path(struct ui *ui, const char *text);
/* … of the terms of the query language; of folder names. */
GPtrArray *prompt_complete_query(struct ui *ui, const char *text);
GPtrArray *prompt_complete_charset(struct ui *ui, const char *text);
/* … of the numbers of the parts of the letter on the page on top. */
GPtrArray *prompt_complete_part(struct ui *ui, const char *text);
GPtrArray *prompt_complete_folder(struct ui *ui, const char *text);

/* Of a time to come, in words (store/when.h): for spec.wrong. */
char *prompt_wrong_time(const char *text, const void *data);

#endif
