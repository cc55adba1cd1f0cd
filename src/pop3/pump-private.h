/* SPDX-License-Identifier: MIT
 *
 * What the files of the pump share: pump.c (the pipeline), pump-store.c (what
 * becomes of a letter that comes), pump-quit.c (the end). */
#ifndef DEWEY_POP3_PUMP_PRIVATE_H
#define DEWEY_POP3_PUMP_PRIVATE_H

#include "pop3/envelope.h"
#include "pop3/pump.h"
#include "store/delivery.h"

/* What is in flight, in order; the replies come in the same order. */
struct flight {
	enum pop3_command command; /* RETR, *ENV, TOP or DELE */
	uint64_t number;
	int64_t row;                  /* of a DELE */
	int64_t size;                 /* of a RETR: as the server says */
	const struct plan_step *step; /* of the plan; NULL: a DELE after RETR */
};

/* A letter that was never fetched: its row is made at QUIT. */
struct unseen {
	GBytes *uid;
	int64_t size;
};

/* A letter that has come and is here under another name: noted with the next
 * commit, and only then deleted. */
struct adopted {
	struct flight flight;
	int64_t row;           /* that gets the new name; 0: */
	struct uid_row *stray; /* that gets a row */
};

struct pump {
	struct visit *visit;
	struct pop3 *pop3;
	struct plan *plan; /* that is running */
	struct delivery *delivery;
	char *folder;                /* of delivery */
	struct envelopes *envelopes; /* NULL: not wanted */
	struct fetch_result *result;
	guint next;       /* step that has not been sent */
	GQueue flight;    /* of struct flight */
	GQueue deletions; /* of struct flight, not yet sent */
	GQueue spooled;   /* of struct flight: letters that wait for a commit */
	GArray *adopted;  /* of struct adopted */
	GArray *returned; /* rows of letters that were deleted before, and were there */
	GArray *back;     /* rows of letters that were away, and are the same again */
	GArray *deleted;  /* rows whose DELE was answered +OK */
	GArray *unseen;   /* of struct unseen: the same of letters without a row */
	int64_t coming;   /* octets of the letters in flight */
	int64_t group_began, progress_at;
	uint64_t octets; /* that have come */
	uint64_t letter; /* of these, of the letter that is coming */
	guint came;
	pump_preview preview;
	void *preview_data;
	pump_errand meanwhile; /* NULL: nothing, or it is done */
	void *meanwhile_data;
	GError *disk; /* why a letter could not be written */
	GError *full; /* why no more letters are asked for */
	bool broken;  /* a commit failed: nothing more is committed */
};

void adopted_clear(void *adopted);

/* Whether RETR takes a letter out of the maildrop (P-57, P-62). */
bool pump_consumes(const struct pump *p);

/* --- pump-store.c */

void pump_tell_progress(struct pump *p);

/* The letter of the step is the one of row, and is here. */
void pump_note_same(struct pump *p, const struct plan_step *step, int64_t row);

/* Where letters go from now on; what waits for another folder is committed. */
bool pump_deliver_to(struct pump *p, const char *folder, GError **error);

/* The letter whose RETR was answered +OK. */
bool pump_take_letter(struct pump *p, const struct flight *f, GError **error);

/* Makes durable what has come, when it is enough. */
bool pump_keep_up(struct pump *p, GError **error);

/* Whether something waits for a commit. */
bool pump_is_waiting(const struct pump *p);

/* Makes durable what waits, and asks for its deletion where that is wanted. */
bool pump_commit(struct pump *p, GError **error);

/* --- pump-quit.c */

/* After an error: keeps what can be kept. */
void pump_save(struct pump *p, const GError *why);

#endif
