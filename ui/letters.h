/* SPDX-License-Identifier: MIT
 *
 * Letters as dewey-mime reads them, on the reader thread: the one that is open
 * and its neighbours, ahead. */
#ifndef DEWEY_UI_LETTERS_H
#define DEWEY_UI_LETTERS_H

#include "mime/client.h"
#include "ui/crypt-verdict.h"
#include "ui/trust.h"
#include "ui/ui.h"

struct letter {
	int64_t id;
	bool ready;                /* else: being read */
	struct mime_message *mime; /* NULL: it could not be read; if it is not ready: what is
				    * known of it so far, NULL: nothing */
	char *error;               /* why */
	bool left;                 /* that was so before, and it was not tried again */
	struct trust *trust;       /* what speaks for and against it; NULL: not known */
	struct crypt_verdict *crypt; /* NULL: nothing is signed or encrypted */
	char *ask;                 /* for which passphrase it waits; NULL: for none */
	bool wrong;                /* the last one that was typed for it was wrong */
	guint version;             /* another one: it was read again */
};

struct letters;

struct letters *letters_new(struct ui *ui);
void letters_free(struct letters *ls);

/* What is known of a letter; starts to read it.  Valid until the next call.
 *
 * One letter is read at a time.  Those that were read are kept until they take more
 * than 16 MB; the one that was asked for last is kept always. */
const struct letter *letters_get(struct letters *ls, const struct message_row *row);

/* The first of n letters is on the screen, the others are likely to be next: they are
 * read in this order, before all others.  Letters that were asked for before, were
 * never read and are waited for by nobody are not read any more: whoever holds a key
 * down waits for the last one only. */
void letters_show(struct letters *ls, const struct message_row *const *rows, guint n);

/* What is known of a letter; NULL: it is neither kept nor wanted. */
const struct letter *letters_peek(const struct letters *ls, int64_t id);

/* Those that were read are read again when they are asked for: the store has learned
 * something about them. */
void letters_forget(struct letters *ls);

/* Calls back when it is ready, at once if it is; the letter is valid during the
 * call.  free is called after it, or when the front end ends before. */
typedef void (*letter_then)(const struct letter *letter, void *data);
void letters_then(struct letters *ls, const struct message_row *row, letter_then then, void *data,
	GDestroyNotify free);

/* Reads it again, with a passphrase (NULL: none), and, if unprotected, with what was
 * withheld (ui/crypt-read.h). */
void letters_again(struct letters *ls, const struct message_row *row, const char *passphrase,
	bool unprotected);
/* The columns that letters are read for from now on; those whose tables were laid out for
 * others are read again when they are wanted, and stay what they are until then. */
void letters_set_columns(struct letters *ls, int columns);
/* Reads it again, from the other form of its text, likewise. */
void letters_prefer(struct letters *ls, const struct message_row *row, enum mime_prefer prefer);

/* Reads it again, in this charset (NULL: as it says), likewise. */
void letters_reread(struct letters *ls, const struct message_row *row, const char *charset);
/* The same letter has another id in the index now. */
void letters_renumber(struct letters *ls, int64_t id, int64_t now);

/* Opens a letter's file, or its preview; for jobs. */
int letter_open(struct room *room, const char *folder, const char *file, GError **error);

#endif
