/* SPDX-License-Identifier: MIT
 *
 * One Maildir folder on disk: names, flags, finding, renaming, scanning.  Any
 * other program may rename or remove any file at any time; the part of a name
 * before ':' (the base name) is what stays (CHECKLIST ). */
#ifndef DEWEY_STORE_MAILDIR_H
#define DEWEY_STORE_MAILDIR_H

#include "store/flags.h"
#include "store/store.h"

/* Makes path with cur, new and tmp, mode 0700.  A power failure may take them
 * away again, and what was synced in them. */
bool maildir_make(const char *path, GError **error);

/* The same, and they survive it. */
bool maildir_create(const char *path, GError **error);
bool maildir_is(const char *path);

/* A base name that no other process or host makes; g_free() it. */
char *maildir_unique_name(void);

/* "1700000000.M1P2Q3_ab.host:2,FS" → the base name's length and the flags. */
size_t maildir_base_length(const char *file);
char *maildir_base(const char *file); /* g_free() it */
unsigned maildir_flags(const char *file);

/* The file name with these flags set and cleared; letters that are not ours
 * and infos other than ":2," are kept.  g_free() it. */
char *maildir_file_name(const char *file, unsigned set, unsigned clear);

/* A new file, mode 0600, under a new base name in an open directory (a tmp);
 * base is to be freed.  -1: error. */
int maildir_spool(int tmp, char **base, GError **error);

/* Where a message is: "new" or "cur" and the file name. */
struct maildir_place {
	bool in_new;
	char *file;
};
void maildir_place_clear(struct maildir_place *place);

/* Looks for base in new and cur of path; false without an error: not there
 * (looked for twice ). */
bool maildir_find(const char *path, const char *base, struct maildir_place *place, GError **error);

/* Whether errno says that a message may have another name by now: ENOENT, and on NFS
 * ESTALE, where somebody else renamed it. */
bool maildir_is_elsewhere(int why);

/* Opens the message read-only (O_NOFOLLOW, must be a regular file); hint is
 * its last known place or NULL.  place, if not NULL, gets where it was. */
int maildir_open(const char *path, const char *base, const struct maildir_place *hint,
	struct maildir_place *place, GError **error);

/* The same for one that was seen at a place just now.  If it is there no more, only the
 * usual names are tried: to read a large directory for each of many that were moved
 * meanwhile would take minutes. */
int maildir_open_seen(const char *path, const struct maildir_place *seen, GError **error);

/* Gives the message these flags (set and cleared bits; others stay), which
 * moves it to cur.  place: in, the last known; out, the new one. */
bool maildir_set_flags(const char *path, const char *base, unsigned set, unsigned clear,
	struct maildir_place *place, GError **error);

/* Moves to another folder of the same store, flags kept, directories synced;
 * the base name stays, unless the folder has a message of that name: then
 * place->file has a new one, and nothing is overwritten.  set, clear: as
 * above. */
bool maildir_move(const char *from, const char *to, const char *base, unsigned set, unsigned clear,
	struct maildir_place *place, GError **error);

/* The same without the syncing, for many at once; then maildir_sync() of to
 * and, after it, of from. */
bool maildir_transfer(const char *from, const char *to, const char *base, unsigned set,
	unsigned clear, struct maildir_place *place, GError **error);
bool maildir_sync(const char *path, GError **error);

/* What a message is to be like again: of its flags those in mask as they are in flags,
 * the base name base (NULL: the one it has), and if it has then the flags and
 * letters of file, that very file name in the very part: where a message was that
 * nobody changed since.  file NULL: not known. */
struct maildir_wanted {
	const char *base, *file;
	bool in_new; /* of file */
	unsigned flags, mask;
	/* What the file of this name, flags done, is called; g_free() it.  NULL: that. */
	char *(*respell)(const char *file, void *data);
	void *data;
};

/* maildir_transfer() back; from and to may be the same. */
bool maildir_restore(const char *from, const char *to, const char *base,
	const struct maildir_wanted *wanted, struct maildir_place *place, GError **error);

/* Copies by content into to under a new base name, returned; fsynced. */
char *maildir_copy(const char *from, const char *to, const char *base, unsigned flags,
	GError **error);

/* The same under the name base, which nobody else makes; there already: nothing is
 * done. */
bool maildir_copy_as(const char *from, const char *to, const char *source, const char *base,
	GError **error);

bool maildir_remove(const char *path, const char *base, GError **error);

/* Delivers a finished message from memory: tmp, fsync, rename, fsync.  flags 0
 * goes to new, else to cur.  Returns its base name. */
char *maildir_deliver(const char *path, const void *data, size_t len, unsigned flags,
	GError **error);

/* Calls found for each message of new and cur (names other than regular
 * messages are skipped with a report once).  Stops when found returns false. */
typedef bool (*maildir_found)(const char *file, bool in_new, void *data);
bool maildir_scan(const char *path, maildir_found found, void *data, GError **error);

/* A number that changes when new or cur changed (their times, nanoseconds).
 * Of a folder that changed within the last second it is different each time,
 * because a change in the same tick of the clock could not be told. */
bool maildir_stamp(const char *path, int64_t *stamp, GError **error);

#endif
