/* SPDX-License-Identifier: MIT
 *
 * The decisions: what to fetch, what to delete, and what an error means for
 * those who asked.  No network and no clock of its own, so that every row of
 * it can be tested. */
#ifndef DEWEY_POP3_POLICY_H
#define DEWEY_POP3_POLICY_H

#include "pop3/session.h"
#include "store/maildrop.h"
#include "store/uids.h"
#include "wire/codes.h"

enum plan_action {
	PLAN_LEAVE,   /* it is here, and stays there */
	PLAN_FETCH,   /* and, where plan_may_be_here() says so, compare */
	PLAN_PREVIEW, /* TOP: the head and so many lines of it */
	PLAN_DELETE,  /* DELE without RETR: it is here (P-28, P-59, P-70), or a person
		       * does not want it: then row is 0, and it gets one at QUIT */
};

struct here;

struct plan_step {
	enum plan_action action;
	const struct pop3_message *message; /* of the drop */
	GBytes *uid;                        /* the name in the ledger; NULL: none */
	int64_t row;                        /* of the ledger; 0: not known */
	/* Of a FETCH: the digest of the letter that had this UID before; "": none
	 * had.  If it is the same again, it is here and only to be deleted. */
	char sha256[65];
	/* Of a DELETE, or of a LEAVE that was away: TOP comes first, and if its head is
	 * not like this (likeness.h), the letter is fetched and compared; NULL: it is
	 * not asked for. */
	char *likeness;
	uint64_t lines;  /* of a PREVIEW */
	bool returned;   /* it was deleted, QUIT was answered, and here it is again (P-59) */
	bool away;       /* it was gone, or deleted: only a look at it tells whether the
			  * letter of this UID is the one that was here */
	bool stays;      /* of a FETCH: if it is the same again, it stays there */
	bool and_delete; /* of a FETCH: DELE it when it is stored, also where
			  * delete_fetched does not say so */
};

struct plan {
	GArray *steps;       /* of struct plan_step, in the order of the drop */
	GArray *listed;      /* of int64_t: rows that were listed (uids_seen) */
	GHashTable *unnamed; /* digest → GArray of int64_t: rows without UID whose
			      * letters may still lie on the server */
	struct here *here;   /* letters known by other names, of the caller; NULL: none */
	bool delete_fetched; /* DELE what was fetched and stored */
	guint fetch, preview, delete, leave;
	uint64_t octets; /* to fetch, as far as the server told the truth */
	guint nameless;  /* left alone, since they have no UID */
};
/* A plan without steps, to be filled by hand. */
void plan_init(struct plan *plan);
/* struct plan_step by the names of their letters, which the plan keeps; steps
 * without a name are not in it. */
GHashTable *plan_by_name(const struct plan *plan);
void plan_clear(struct plan *plan);

/* What a plan is made from, beside the listing. */
struct plan_input {
	const GPtrArray *known; /* struct uid_row of the account */
	GHashTable *by_uid;     /* of known, by policy_by_uid(); NULL: made anew */
	const struct keep_policy *keep;
	int64_t now;         /* 0: all the same */
	int64_t lived;       /* the time up to which ages count; 0: nothing is old */
	GHashTable *gone;    /* ids of rows whose letters were deleted here; NULL: none */
	bool delete_nothing; /* whatever else says so */
	GHashTable *again;   /* ids of rows whose letters are to be fetched once more; NULL */
};

/* The rows by their UIDs, which stay theirs.  To be freed before the rows. */
GHashTable *policy_by_uid(const GPtrArray *known);

/* The drop must outlive the plan.  Error: POP3_ERROR_CONFIG, if letters without
 * UIDs are to be kept (P-47); POP3_ERROR_TEMPORARY, if the server had UIDs within
 * the week before now, and has none. */
bool plan_make(struct plan *plan, const struct pop3_drop *drop, const struct plan_input *in,
	GError **error);

/* The plan of somebody who keeps everything: for those who want the names and the
 * rows of the letters, and have plans of their own. */
bool plan_name(
	struct plan *plan, const struct pop3_drop *drop, const GPtrArray *known, GError **error);

/* Makes the numbers of a plan those of its steps, after these were changed. */
void plan_count(struct plan *plan);

/* Whether the letter of this step, now that it was fetched, may be one that is
 * here already: then its digest is wanted. */
bool plan_may_be_here(const struct plan *plan, const struct plan_step *step);

/* The row of that very letter, each given once; 0: it is another, and new. */
int64_t plan_row_of(struct plan *plan, const struct plan_step *step, const char *sha256);

/* --- Before the server is asked -------------------------------------------------- */

/* What a visit at this time, by a clock that may be wrong, means for ages (P-70).
 * Brings visited, jumped and base of m up to it, and returns the time up to which
 * letters count as having grown older: now, or after a jump of more than a day
 * what was certain before it, until the clock has gone on for a day; 0: the clock
 * fell back, nothing is old. */
int64_t policy_lived(struct maildrop *m, int64_t now);

/* Seconds to wait before the server takes another log-in (P-17); 0: none. */
int64_t policy_delay(const struct maildrop *m, int64_t now);

/* Whether letters that are in no folder were deleted by somebody: gone of so
 * many that are kept on the server, and as many letters in all folders.  A store
 * that was emptied, put back or is not mounted looks the same. */
bool policy_believes_gone(guint kept, guint gone, int64_t letters);

/* Whether the server was last seen to have this letter, which was fetched. */
bool policy_is_kept(const struct uid_row *row);

/* The same of a letter that was fetched, or of which there is a preview. */
bool policy_is_there(const struct uid_row *row);
/* Whether it came here at all, or a preview of it did, whatever its server did since. */
bool policy_came(const struct uid_row *row);

/* Whether a listing has none of the letters that were there last time, twenty or
 * more, and others instead: the server has named them anew (P-49), or lists a part
 * of what it has (P-50). */
bool policy_all_is_new(const GPtrArray *known, const struct pop3_drop *drop);

/* --- Errors ---------------------------------------------------------------------- */

/* The code of any error that a fetch can come to. */
enum wire_code policy_code(const GError *error);

#endif
