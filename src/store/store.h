/* SPDX-License-Identifier: MIT
 *
 * The store as one thing: a directory with Maildirs, the ledger, the index and
 * the outbox (DESIGN section 3, dewey-store(5)).
 *
 * A struct store belongs to one thread; another thread opens its own.  Opening
 * is cheap: the databases are opened when first asked for.  Any number of
 * processes may have the same store open. */
#ifndef DEWEY_STORE_STORE_H
#define DEWEY_STORE_STORE_H

#include "base/base.h"

struct store;
typedef struct store store;
struct ledger;
struct index;

/* The folders every store has; others are the user's.  The names on disk are
 * these; what a person reads is folder_title(). */
#define FOLDER_INBOX "Inbox"
#define FOLDER_SENT "Sent"
#define FOLDER_DRAFTS "Drafts"
#define FOLDER_TRASH "Trash"
#define FOLDER_ARCHIVE "Archive"

#define STORE_ERROR (store_error_quark())
GQuark store_error_quark(void);
enum store_error {
	STORE_ERROR_BUSY,    /* another program holds the lock: later */
	STORE_ERROR_DISK,    /* cannot read or write: the text says what */
	STORE_ERROR_MISSING, /* no such message, folder or item (any more) */
	STORE_ERROR_NAME,    /* not a legal folder name */
	STORE_ERROR_QUERY,   /* the query is wrong: text has place and cure */
	STORE_ERROR_DAMAGED, /* a database is damaged or of a newer version */
	STORE_ERROR_STATE,   /* not possible in this state (too late to cancel) */
	STORE_ERROR_CANCELLED,
	STORE_ERROR_SYSTEM, /* no descriptors or memory left: later */
	STORE_ERROR_OLD, /* a cache of an older version: store_index() makes it anew */
};

/* Opens the store in root, an absolute path; makes what is missing (mode
 * 0700). */
struct store *store_open(const char *root, GError **error);
void store_free(struct store *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store, store_free)

const char *store_root(const struct store *s);

/* Opened at the first call; belong to the store.  A ledger that cannot be
 * opened is never replaced by an empty one.  An index that is damaged
 * or of a newer version is moved aside, one of an older version removed; both are
 * reported, and made anew: empty, until a sync.  So is one that another process, or a
 * person, took away while it was open: what an earlier call gave then still works,
 * on what is gone, as long as the store. */
struct ledger *store_ledger(struct store *s, GError **error);
struct index *store_index(struct store *s, GError **error);

/* Before the first store_index(): the languages whose words are found in all forms, as
 * "ru en".  An index of others reads its letters anew at the next sync.  NULL, or
 * without a call: it keeps those it has, and a new one takes the locale's. */
void store_set_languages(struct store *s, const char *languages);

/* Likewise: whether answers that name no letter join one by their subject
 * (thread-subject.h).  Without a call it stays as the index has it. */
void store_set_threads_by_subject(struct store *s, bool on);

/* Likewise: whether words that were decrypted may stand in the index (again.h); one that
 * has some and may not is made anew. */
void store_set_index_decrypted(struct store *s, bool on);

/* "Lists/debian" → "/home/i/Mail/Lists/debian".  Error: STORE_ERROR_NAME for
 * names that are empty, absolute, hold "..", a part with a leading dot, a part
 * "cur", "new" or "tmp", or control characters. */
char *store_folder_path(const struct store *s, const char *folder, GError **error);

/* Makes the folder if it is not there. */
bool store_make_folder(struct store *s, const char *folder, GError **error);

/* All Maildirs below root, by name, the five fixed ones first: char *. */
GPtrArray *store_folders(const struct store *s, GError **error);

/* Whether these are all; else there are directories that cannot be read now, or
 * links to others. */
bool store_is_readable(const struct store *s);

/* "Входящие" for "Inbox" and so on; others as they are.  Translated, constant
 * or folder itself. */
const char *folder_title(const char *folder);

/* The other way: "Trash" for "Корзина", in any case of letters.  Constant, or text
 * itself if it is no title. */
const char *folder_from_title(const char *text);

/* What a person means who types this: the folder of that name if there is one, else
 * that of the title. */
const char *store_folder_meant(const struct store *s, const char *text);

/* A lock by name ("account-…", "outbox", "sync"), one file each in
 * .dewey/lock, an OFD lock of fcntl: it ends with the process whatever
 * happens.  Does not wait; STORE_ERROR_BUSY names the holder's pid. */
struct store_lock;
typedef struct store_lock store_lock;
struct store_lock *store_lock_take(const struct store *s, const char *name, GError **error);
void store_lock_free(struct store_lock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store_lock, store_lock_free)

/* Where the transcript of an account's last session with its server lies, service
 * being "pop3" or "smtp": .dewey/log/ACCOUNT.SERVICE.  g_free() it. */
char *store_log_path(const struct store *s, const char *account, const char *service);

/* A new file in .dewey/tmp, O_EXCL, 0600, on the store's file system; path is
 * set to its name, to be freed. */
int store_temp_file(const struct store *s, char **path, GError **error);

/* Asked now and then by an action that takes its time, on its thread: false ends it
 * where it is, with what was done so far as one change.  NULL: nobody is asked. */
struct store_watch {
	bool (*going)(int64_t done, int64_t total, void *data);
	void *data;
};
void store_watch(struct store *s, const struct store_watch *watch);
bool store_going(struct store *s, int64_t done, int64_t total); /* for the files of this folder */

#endif
