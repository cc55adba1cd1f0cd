/* SPDX-License-Identifier: MIT
 *
 * The ledger's memory of a maildrop: which UIDs were fetched, which deletions
 * are owed (CHECKLIST P-57 to P-61).  account is account_state_key(); a GBytes that
 * is handed in stays the caller's.
 *
 * Error: STORE_ERROR of the ledger (BUSY and SYSTEM: later; DISK, DAMAGED); then
 * nothing of that call is written. */
#ifndef DEWEY_STORE_UIDS_H
#define DEWEY_STORE_UIDS_H

#include "store/ledger.h"

enum uid_state {
	UID_FETCHING,    /* name committed; the file may or may not be in new */
	UID_STORED,      /* durable here */
	UID_DEL_SENT,    /* DELE answered +OK; QUIT not yet */
	UID_DEL_UNKNOWN, /* QUIT failed: the server may or may not have deleted */
	UID_DEL_DONE,    /* QUIT answered +OK */
	UID_PREVIEW,     /* its first lines are here, base is their name (preview.h) */
	UID_SKIPPED,     /* too large: RETR was broken off after sent octets */
};

struct uid_row {
	int64_t id;  /* of the ledger; "message" in a stored event */
	GBytes *uid; /* 1..255 octets, never printed raw, never part of a path;
		      * NULL: the server had none */
	enum uid_state state;
	char *folder, *base; /* where it was delivered; empty: it never was */
	int64_t stored;      /* when, seconds; 0: not yet */
	int64_t seen;        /* last seen in a listing, to the day */
	int64_t gone;        /* when it was first missed in a listing; 0: it is there;
			      * its UID may be, but nobody has looked whose it is */
	int64_t size;        /* octets on disk */
	int64_t whole;       /* octets of the letter, as the server says; 0: not known */
	int64_t sent;        /* octets that came when RETR was broken off; 0: it was not */
	bool likely;         /* taken for this letter by its head alone (P-49) */
	int returns;     /* how often it was deleted, and was listed again all the same (P-59) */
	char sha256[65]; /* of the file, hex */
	/* Of those who made it; NULL: row, folder and base are of g_malloc(). */
	struct uid_memory *memory;
};
/* Rows that were read together are freed by one thread, each once: they share their
 * memory, and folder and base are not to be replaced.  A uid that was referenced
 * stays. */
void uid_row_free(struct uid_row *row);

/* A digest of 32 octets as in a row. */
void uids_hex(const uint8_t *sha256, char out[65]);

/* All rows of an account: GPtrArray of struct uid_row, which it frees, in order of
 * arrival. */
GPtrArray *uids_load(struct ledger *l, const char *account, GError **error);

/* Into order of arrival, which rows of several maildrops are not in. */
void uids_sort(GPtrArray *rows);

/* The row of this id among rows in order of arrival, as uids_load() gives them; NULL:
 * it is not there.  near, 0 at first: where the last one was found, which spares the
 * search if they are asked for in order. */
struct uid_row *uids_find(const GPtrArray *rows, int64_t id, guint *near);

/* For each of rows, in order of arrival, whether its id is among ids (GArray of
 * int64_t); to be freed with g_free(). */
bool *uids_among(const GPtrArray *rows, const GArray *ids);

/* The row of the message or preview of this base name, and in account (may be
 * NULL) the key of its account, to be freed, as the row with uid_row_free(); NULL
 * without an error: it came by none. */
struct uid_row *uids_by_base(struct ledger *l, const char *base, char **account, GError **error);

/* The letter of a PREVIEW is to be deleted on the server without having been
 * fetched; a row in another state stays as it is. */
bool uids_unwanted(struct ledger *l, int64_t id, GError **error);

/* Notes that a letter turned out to be larger than may be: it is not tried
 * again while it may have no more than the octets that were sent.  whole: as the
 * server says. */
bool uids_skip(struct ledger *l, const char *account, GBytes *uid, int64_t whole, int64_t sent,
	GError **error);

/* Sets the state of rows (GArray of int64_t ids), one transaction. */
bool uids_set_state(struct ledger *l, const GArray *ids, enum uid_state state, GError **error);

/* The row of a letter that is deleted on the server without having been fetched:
 * DEL_SENT, without a file (folder, base and sha256 are empty); size is what the
 * server says. */
bool uids_add_unseen(struct ledger *l, const char *account, GBytes *uid, int64_t size, int64_t *id,
	GError **error);

/* Notes that of known, the rows that uids_load() gave (they stay as they are), those
 * in listed (GArray of int64_t ids) and no others were listed now, and moves what
 * is owed after a lost QUIT: DEL_UNKNOWN or DEL_SENT and no longer listed →
 * DEL_DONE, but for rows without UID, of which a listing says nothing.  Writes only
 * what changed; what a person has decided since the rows were read stays. */
bool uids_seen(struct ledger *l, const char *account, const GPtrArray *known, const GArray *listed,
	GError **error);

/* The letters of these rows were to be deleted, QUIT was answered, and they had
 * been there all the same: their returns grow by one (GArray of int64_t ids). */
bool uids_returned(struct ledger *l, const GArray *ids, GError **error);

/* The letters of these rows had been gone, and are there again: they were compared
 * (GArray of int64_t ids). */
bool uids_back(struct ledger *l, const GArray *ids, GError **error);

/* The letter of a row is known to its server by another name now.  The row is
 * then as one of a letter that is listed and was never deleted; a PREVIEW stays
 * one. */
struct uid_change {
	int64_t id;
	GBytes *uid; /* belongs to the change */
	bool likely;
	int64_t whole; /* as listed now; 0: not known */
};
void uid_change_clear(void *change);
/* changes: GArray of struct uid_change, one transaction.  The rows are of account
 * from now on, if they were not (moves.h); a row of it that has the new name already
 * is forgotten. */
bool uids_rename(struct ledger *l, const char *account, const GArray *changes, GError **error);

/* A letter of the server, state STORED, that lies in the store without a row:
 * the ledger is older than the letter.  row: uid, folder, base, stored, size and
 * sha256; its id is set. */
bool uids_adopt(struct ledger *l, const char *account, struct uid_row *row, GError **error);

/* A letter was found under another name or in another folder. */
bool uids_moved(struct ledger *l, const struct uid_row *row, GError **error);

/* Forgets rows that have been missing on the server for 90 days, counted from
 * the first listing that did not have them. */
bool uids_expire(struct ledger *l, const char *account, GError **error);

#endif
