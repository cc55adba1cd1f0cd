/* SPDX-License-Identifier: MIT
 *
 * What the files of the index share. */
#ifndef DEWEY_STORE_INDEX_PRIVATE_H
#define DEWEY_STORE_INDEX_PRIVATE_H

#include "store/db.h"
#include "store/index.h"

/* message.state */
enum message_state {
	STATE_NEW = 1 << 0,
	STATE_ATTACHMENT = 1 << 1,
	STATE_UNPARSED = 1 << 2,
	STATE_PARTIAL = 1 << 3,
	STATE_WORDLESS = 1 << 4, /* its words, and what its body says, are to come */
	STATE_DECRYPTED = 1 << 5, /* its words are also those that were decrypted */
};

/* Pseudo folder of head: all but Trash; and Trash, made with the schema. */
enum { FOLDER_ID_ALL = 0, FOLDER_ID_TRASH = 1 };

/* Ids of this many messages make a row of block. */
enum { BLOCK_BITS = 10 };

/* The version of the index that this program makes, PRAGMA user_version of it. */
int index_format(void);

/* A statement of this connection, made once, reset and without values; it
 * belongs to the index.  sql must be the same text each time. */
sqlite3_stmt *index_stmt(struct index *ix, const char *sql, GError **error);

/* Such a statement that gives no rows, with values as db_bind() takes them. */
bool index_exec(struct index *ix, GError **error, const char *sql, const char *types, ...);

/* The first number of its first row, missing without a row. */
bool index_number(struct index *ix, int64_t missing, int64_t *value, GError **error,
	const char *sql, const char *types, ...);

/* A write transaction; readers are not held up.  Ends with commit or rollback. */
bool index_begin(struct index *ix, GError **error);
bool index_commit(struct index *ix, GError **error);
void index_rollback(struct index *ix);

/* Many letters are going to be written, or have been: until then the index has a larger
 * cache. */
void index_set_bulk(struct index *ix, bool bulk);

/* Inside of one: an id that no message ever had. */
bool index_new_id(struct index *ix, int64_t *id, GError **error);
/* The next is this one, which the caller knows to be free. */
void index_give_id(struct index *ix, int64_t id);

/* Inside of one: what a folder has more, or less; and the date of a message, for
 * its row of block.  Both are added up and stand in the tables after the commit. */
bool index_note_count(struct index *ix, int64_t folder, const struct index_counts *by, GError **error);
bool index_note_date(struct index *ix, int64_t id, int64_t date, GError **error);

/* Likewise: somebody who wrote this letter, or stands among its recipients. */
struct correspondent;
void index_note_correspondent(struct index *ix, const struct correspondent *c);

/* What learns the beginnings of words while a row of words is inserted. */
struct begins;
struct begins *index_begins(struct index *ix);

/* What index_bury() learned and could not finish; NULL: nothing. */
struct dead_words;
struct dead_words **index_dead_words(struct index *ix);

/* The id of a folder, 0 if the index has none of this name. */
bool index_folder_id(struct index *ix, const char *name, int64_t *id, GError **error);

/* The columns of struct message_row, from message m joined with folder f, and
 * what reads them. */
#define ROW_COLUMNS                                                                              \
	"m.id, m.thread, m.date, m.arrived, m.size, m.flags, m.state, f.name, m.base || m.info," \
	" m.account, m.from_name, m.sender, m.recipients, m.cc, m.subject, m.message_id,"        \
	" m.snippet, m.node,"                                                                    \
	" (SELECT group_concat(t.name, ' ') FROM tag t WHERE t.message = m.id)"
#define ROW_TABLES " FROM message m CROSS JOIN folder f ON f.id = m.folder "
struct message_row *index_read_row(sqlite3_stmt *stmt);
enum { ROW_NODE = 17, ROW_END = 19 }; /* the first column behind these */

#endif
