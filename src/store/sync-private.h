/* SPDX-License-Identifier: MIT
 *
 * What the files of the sync share: a folder is compared (sync-scan.c), its new
 * letters are read on threads (sync-read.c), and written (sync.c, with what the ledger
 * knows of them, sync-known.c), those without words found again (sync-words.c). */
#ifndef DEWEY_STORE_SYNC_PRIVATE_H
#define DEWEY_STORE_SYNC_PRIVATE_H

#include "mime/client.h"
#include "store/index-write.h"
#include "store/sync.h"

/* --- differences --------------------------------------------------------------- */

struct sync_file {
	const char *file; /* in the differences' memory */
	int64_t id;       /* of the row, for changed ones */
	bool is_new;
};

struct sync_differences {
	GStringChunk *names;
	GArray *added;   /* of struct sync_file, in the order of arrival */
	GArray *changed; /* of struct sync_file */
	GArray *gone;    /* of int64_t, ids */
	bool unsure;     /* the folder never held still: what is gone waits */
};

/* A Maildir and the folder whose messages, or whose previews, it holds. */
struct sync_place {
	int64_t folder;
	const char *path;
	bool partial;
};

/* Compares what is there with the rows of the index. */
bool sync_compare(struct index *ix, const struct sync_place *place, struct sync_differences *out,
	GError **error);
void sync_differences_clear(struct sync_differences *d);
typedef struct sync_differences sync_differences;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sync_differences, sync_differences_clear)

/* When a letter came: by its name, else by its file. */
int64_t sync_arrived(const char *file, int64_t mtime);

/* --- reading ------------------------------------------------------------------- */

struct sync_letter {
	const struct sync_file *file;
	struct mime_message *mime; /* NULL: could not be read */
	int64_t size, arrived;
	bool missing; /* gone again before it was read */
	GError *ended; /* the worker did, over this one; NULL: it did not */
};

/* Workers that have nothing to do, kept for the next readers.  For any thread. */
struct sync_workers;
typedef struct sync_workers sync_workers;
/* For the choices of s (choices.h), and without the letters that are not to be read
 * (unreadable.h). */
struct sync_workers *sync_workers_new(struct store *s);
void sync_workers_free(struct sync_workers *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_workers, sync_workers_free)

struct sync_reader;
typedef struct sync_reader sync_reader;

/* Skims the files on threads of their own, each with a worker; files and workers
 * must live as long.  want: of enum mime_want. */
struct sync_reader *sync_reader_new(struct sync_workers *workers, const char *path,
	const GArray *files, unsigned want);
void sync_reader_free(struct sync_reader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_reader, sync_reader_free)

/* Waits until letters are ready, in the order of files: many, or those that
 * came within a moment; 0: all were given.  They stay until they are released. */
guint sync_reader_wait(struct sync_reader *r, GError **error);
const struct sync_letter *sync_reader_letter(struct sync_reader *r, guint i);
void sync_reader_release(struct sync_reader *r, guint n);

/* Keeps what those of the n next letters tell that are reports (reports.h).  Before
 * the letters have their rows, so that a crash cannot part the two: a letter that
 * has its row is not read again. */
bool sync_keep_reports(struct store *s, struct sync_reader *r, guint n, GError **error);

/* Notes over which of these the worker ended (unreadable.h). */
void sync_keep_ended(struct store *s, struct sync_reader *r, guint n);

/* --- what the ledger knows of a letter ----------------------------------------- */

/* By which account it came, and its tags; a letter keeps its base name when it is moved.
 * Without a ledger the mail is still indexed. */
struct sync_known {
	sqlite3_stmt *account; /* NULL: not to be had */
	struct ledger *tags;   /* NULL: there is no tag */
};
void sync_known_open(struct sync_known *k, struct store *s);
void sync_known_close(struct sync_known *k);

/* g_free() them.  *whole: the size of the letter a preview is of; else it is left. */
char *sync_known_account(struct sync_known *k, const char *file, int64_t *whole);
char *sync_known_tags(struct sync_known *k, const char *file); /* may be NULL */

/* The accounts of a batch are looked up under one lock. */
void sync_known_hold(struct sync_known *k, bool hold);

/* --- words that are still to come ---------------------------------------------- */

/* The letters of a place (its path is not looked at) that have a row and no words
 * yet, newest rows first, some hundred of them in the order of their ids: of struct
 * sync_file, with their texts in names. */
GArray *sync_wordless(struct index *ix, const struct sync_place *place, GStringChunk *names,
	GError **error);

/* A Maildir with such letters. */
struct sync_wordless_place {
	int64_t folder;
	bool partial;
	char *name; /* of the folder */
};
/* All of them, Trash last; found by an index of these alone, which is nearly always
 * empty. */
GArray *sync_wordless_places(struct index *ix, GError **error);

/* --- single letters ------------------------------------------------------------ */

/* Puts these (GPtrArray of char *, base names) of folder into the index, and
 * looks at nothing else. */
bool sync_letters(struct store *s, const char *folder, const GPtrArray *bases, GError **error);

#endif
