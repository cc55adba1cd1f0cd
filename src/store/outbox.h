/* SPDX-License-Identifier: MIT
 *
 * The outbox: letters to be sent, in the ledger, with their bytes as a file in
 * .dewey/outbox (DESIGN section 3).
 *
 *   HELD ⇄ QUEUED → SENDING → DOT_PENDING → DONE
 *             ↑         ↓           ↓
 *             └───── QUEUED     UNCERTAIN   (no reply after the final dot)
 *
 * outbox-states.def has all of it, for items and for recipients.
 *
 * The Sent copy is made as soon as one recipient is SENT, once: from a link to
 * the item's bytes while DEFERRED or FAILED recipients still need them, and by
 * a rename, so without a second write that could fail, when none does.
 * Recipients that were refused stay, each with the server's words;
 * outbox_correct() gives a follow-up that goes to the corrected address alone
 * (CHECKLIST S-40, S-41).  outbox-copy.c says what a crash leaves. */
#ifndef DEWEY_STORE_OUTBOX_H
#define DEWEY_STORE_OUTBOX_H

#include "store/ledger.h"

enum outbox_state {
	OUTBOX_HELD,        /* the user holds it, or a recipient must be corrected */
	OUTBOX_QUEUED,      /* to be sent, at due or later */
	OUTBOX_SENDING,     /* an agent has it; before the final dot */
	OUTBOX_DOT_PENDING, /* committed before the final dot; no reply yet */
	OUTBOX_UNCERTAIN,   /* found in DOT_PENDING: never resent silently */
	OUTBOX_DONE,        /* nothing left to do; kept for its recipients' states */
};

enum recipient_state {
	RECIPIENT_WAITING,
	RECIPIENT_ACCEPTED, /* 250 to RCPT; becomes SENT with the final 250 */
	RECIPIENT_SENT,
	RECIPIENT_DEFERRED, /* 4yz: again later */
	RECIPIENT_FAILED,   /* 5yz: to be corrected, or given up */
	RECIPIENT_GIVEN_UP, /* by the user; only shown */
};

/* What the sender asks of the server: bits of "options". */
enum outbox_options {
	/* DSN, RFC 3461: reports to the sender; NEVER excludes the three others.
	 * None of the four: as the server does it. */
	OUTBOX_NOTIFY_SUCCESS = 1 << 0,
	OUTBOX_NOTIFY_FAILURE = 1 << 1,
	OUTBOX_NOTIFY_DELAY = 1 << 2,
	OUTBOX_NOTIFY_NEVER = 1 << 3,
	OUTBOX_RETURN_FULL = 1 << 4, /* RET=FULL, RET=HDRS */
	OUTBOX_RETURN_HEADERS = 1 << 5,
	OUTBOX_REQUIRE_TLS = 1 << 6,  /* RFC 8689: not without it */
	OUTBOX_SERVER_HOLDS = 1 << 7, /* RFC 4865: the server waits for send_at, if it can */
	OUTBOX_WITHOUT_DSN = 1 << 8,  /* where DSN is not offered it goes without (S-14) */
	OUTBOX_BODY_8BIT = 1 << 9,    /* the caller says that octets above 127 are in it */
};

struct outbox_recipient {
	int64_t id;
	char *address;
	enum recipient_state state;
	char *reply;   /* the server's words, sanitized; NULL: none yet */
	int64_t heard; /* when they came; 0 */
	int attempts;  /* how often the server was asked for this one */
};

struct outbox_item {
	int64_t id;
	enum outbox_state state;
	char *account; /* the [account] word */
	char *sender;  /* MAIL FROM; "" for <> */
	char *subject; /* for lists; UTF-8 */
	char *message_id;
	char *path;       /* the file with the bytes, LF line ends, Bcc included;
			   * NULL when DONE: they are the Sent copy */
	char *draft_path; /* the letter as a draft, for the editor; NULL: none */
	int64_t size;
	int64_t queued;        /* when */
	int64_t undo_until;    /* nobody sends it before; 0 */
	int64_t send_at;       /* the user's time; 0: at once */
	int64_t due;           /* the next attempt, of what is QUEUED: not before, its server's
				* turn included; 0: not before somebody asks for it */
	int64_t first_attempt; /* 0: there was none */
	int attempts;
	int64_t repeat_at;             /* outbox_repeat_uncertain() not before; 0: never */
	unsigned options;              /* enum outbox_options */
	char *envid;                   /* NULL: none */
	char *error;                   /* why the last attempt failed; NULL */
	int64_t answers;               /* index id of the letter it answers, 0: none */
	char *sent_folder, *sent_base; /* of the Sent copy; NULL: there is none */
	GPtrArray *recipients;         /* of struct outbox_recipient */
};
void outbox_item_free(struct outbox_item *item);
typedef struct outbox_item outbox_item;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(outbox_item, outbox_item_free)

/* What is handed in; all strings are copied. */
struct outbox_letter {
	const char *account, *sender, *subject, *message_id;
	const char *const *recipients; /* addr-specs, NULL-terminated, at least one */
	/* The message, LF, Bcc still in it: data, or what write() writes to fd, an
	 * empty file, from where it stands. */
	const void *data;
	size_t len;
	bool (*write)(int fd, void *user, GError **error); /* NULL: data */
	void *user;
	const void *draft; /* draft_save()'s bytes, kept beside the letter; NULL: none */
	size_t draft_len;
	int64_t undo_until; /* nobody sends it before; 0 */
	int64_t send_at;    /* the user's time; 0: at once */
	unsigned options;   /* enum outbox_options */
	const char *envid;  /* for DSN, printable ASCII; NULL: none */
	bool held;          /* HELD instead of QUEUED */
	bool again;         /* it was sent before and lies in Sent: no other copy is made */
	int64_t answers;
};

/* Durable when it returns the new id; 0: error, of STORE_ERROR or what write()
 * set.  That costs three waits for the disk, and a fourth for a draft: none can
 * be spared, since the bytes, their name and the row are three promises of a
 * file system.  A recipient that is named twice is kept once (S-45). */
int64_t outbox_add(struct store *s, const struct outbox_letter *letter, GError **error);

/* All items, oldest first, DONE only if asked: GPtrArray of outbox_item. */
GPtrArray *outbox_list(struct store *s, bool done, GError **error);
/* Those that carry the letter of this Message-ID (without <>), oldest first, DONE ones
 * too: it may have been sent more than once, to others. */
GPtrArray *outbox_find(struct store *s, const char *message_id, GError **error);
struct outbox_item *outbox_get(struct store *s, int64_t id, GError **error);

/* The next item of account (NULL: any) that is QUEUED and due, now SENDING, and
 * attempts counted; the caller holds the account's lock and a session with the
 * server.  NULL without error: none. */
struct outbox_item *outbox_take(struct store *s, const char *account, GError **error);

/* SENDING → QUEUED, as if it had not been taken; why may be NULL. */
bool outbox_untake(struct store *s, int64_t id, const char *why, GError **error);

/* Changes of state by the agent; each has committed when it returns, or belongs
 * to the transaction that ledger_begin() began.  Which state may follow which is
 * outbox-states.def; another one is STORE_ERROR_STATE.  SENDING → DOT_PENDING,
 * DOT_PENDING → UNCERTAIN, and from SENDING and DOT_PENDING to QUEUED (at once)
 * and HELD; why is kept as the item's error.  When the item is QUEUED or HELD
 * again, ACCEPTED recipients are WAITING again. */
bool outbox_set_recipient(struct store *s, int64_t recipient, enum recipient_state state,
	const char *reply, GError **error);
bool outbox_set_state(
	struct store *s, int64_t id, enum outbox_state state, const char *why, GError **error);

/* After the final 250: ACCEPTED recipients become SENT, one commit; the item is DONE,
 * or QUEUED for those WAITING (due now: a server takes so many at a time, S-18) or
 * DEFERRED (due later), or HELD where one FAILED.  Marks the answered letter as
 * replied is the caller's.  The Sent copy in folder is owed since then.
 *
 * No kill takes this back.  Against a power failure it is durable with the next
 * DOT_PENDING or outbox_settle(): before that the letter is UNCERTAIN afterwards. */
bool outbox_accepted(struct store *s, int64_t id, const char *sent_folder, GError **error);

/* Makes the Sent copies that account is owed, once each, whatever crashes in between,
 * and waits for the disk for all of them at a time.  After some letters, and always
 * before it is said that sending is over; a letter alone then costs one wait for the
 * disk, before its dot. */
bool outbox_settle(struct store *s, const char *account, GError **error);

/* The server's "later": DEFERRED ones wait until due (S-52's steps), and so do those
 * WAITING or ACCEPTED; the item is QUEUED again, or HELD where only FAILED ones
 * are left. */
bool outbox_deferred(struct store *s, int64_t id, const char *why, GError **error);

/* SENDING → QUEUED: the server cannot hold it until send_at, so it waits here and
 * OUTBOX_SERVER_HOLDS is taken back (S-16). */
bool outbox_wait_here(struct store *s, int64_t id, const char *why, GError **error);

/* --- servers and patience --- */

enum outbox_trouble {
	OUTBOX_TROUBLE_DOWN,    /* no session: in 1, 5, 15, 30 minutes, then 2 hours, each with
				 * up to a quarter more by chance (S-52) */
	OUTBOX_TROUBLE_OFFLINE, /* no network here: nobody's failure, in a minute (S-54) */
	OUTBOX_TROUBLE_BLOCKED, /* log-in, certificate, configuration: not before somebody asks */
};

/* The way to a server, borrowed. */
struct outbox_relay {
	const char *account;
	const char *server;   /* HOST:PORT */
	const char *settings; /* changes with what a person can mend in the dotfile */
};
/* No session could be had: the server is left alone for a while, for all of its
 * letters and accounts; BLOCKED for this account.
 * The attempt is counted for all letters that were due, and why is their error. */
bool outbox_server_failed(struct store *s, const struct outbox_relay *relay,
	enum outbox_trouble kind, const char *why, GError **error);
/* A session stands: all that is forgotten. */
bool outbox_server_well(struct store *s, const struct outbox_relay *relay, GError **error);

struct outbox_server {
	int failures; /* in a row; 0 also for an account that was never tried */
	int64_t tried, due;
	bool blocked;       /* then due is 0 */
	char *server, *settings, *why; /* NULL */
};
bool outbox_server_get(
	struct store *s, const char *account, struct outbox_server *server, GError **error);
void outbox_server_clear(struct outbox_server *server);

/* Gives up what was tried for patience seconds and often enough: a letter that
 * nobody got becomes a draft in Drafts, flagged, the reason in its field
 * X-Dewey-Not-Sent, and is DONE; of one that some got the others FAILED and it is
 * HELD.  GPtrArray of outbox_item: those, their error says why; also that there is no
 * draft yet, which is then made at the next start.  NULL: error. */
GPtrArray *outbox_expire(struct store *s, const char *account, int64_t patience, GError **error);

/* For an account that says uncertain = retry: UNCERTAIN items are QUEUED again, half
 * an hour after the dot, each once, byte for byte the same (S-50). */
bool outbox_repeat_uncertain(struct store *s, const char *account, GError **error);

/* --- the user --- */

/* Each is one transaction, as outbox_take() is: of two that
 * want the same item one wins, and the other is told STORE_ERROR_STATE. */

/* Back to the user, for the editor: HELD or QUEUED → HELD; no agent has it and
 * none can take it any more.  The caller opens draft_path, or path, and drops
 * the item when the letter is sent anew or kept.  STATE: too late. */
bool outbox_recall(struct store *s, int64_t id, GError **error);
/* HELD, QUEUED → QUEUED for send_at (0: now); an undo time ends.  STATE: too late. */
bool outbox_set_time(struct store *s, int64_t id, int64_t send_at, GError **error);
/* QUEUED: the undo time is over.  STATE: it was called back, or an agent has it. */
bool outbox_end_undo(struct store *s, int64_t id, GError **error);
bool outbox_hold(struct store *s, int64_t id, GError **error); /* STATE: too late */
/* HELD, UNCERTAIN → QUEUED, now.  Where only FAILED ones are left, those are
 * tried again. */
bool outbox_release(struct store *s, int64_t id, GError **error);
bool outbox_drop(struct store *s, int64_t id, GError **error); /* removes it; STATE: being sent */
/* UNCERTAIN taken for sent: as outbox_accepted(). */
bool outbox_treat_as_sent(struct store *s, int64_t id, const char *sent_folder, GError **error);
/* The FAILED recipient gets another address and is WAITING, the item QUEUED;
 * those already SENT are not sent again. */
bool outbox_correct(struct store *s, int64_t recipient, const char *address, GError **error);
/* Gives a recipient up that is FAILED, or not reached yet; an item with none
 * left to do is DONE, and one that was held only for the last refusal goes to
 * the others: QUEUED.  STATE: none would have got it; use outbox_drop(). */
bool outbox_give_up(struct store *s, int64_t recipient, GError **error);

/* When the next letter of account (NULL: of any) may go, and its server may be
 * tried; a time that is past counts.  What a killed agent had is put where it
 * belongs first, as by outbox_recover().  0: nothing waits for a time, or error. */
int64_t outbox_next_due(struct store *s, const char *account, GError **error);

/* The name of the lock an account's agent holds: "outbox-ACCOUNT" (S-53); two
 * accounts send side by side.  g_free() it. */
char *outbox_lock_name(const char *account);

/* At start, under that lock, the items of account: SENDING (the agent died
 * before the dot) → QUEUED, its ACCEPTED recipients WAITING; DOT_PENDING →
 * UNCERTAIN; unfinished Sent copies are finished.  Files that belong to no
 * item go after 36 hours, DONE items 90 days after they were. */
bool outbox_recover(struct store *s, const char *account, GError **error);

/* outbox-words.def: for programs, "queued", and for people, in their language. */
const char *outbox_state_name(enum outbox_state state);
const char *outbox_state_text(enum outbox_state state);
const char *recipient_state_name(enum recipient_state state);
const char *recipient_state_text(enum recipient_state state);

#endif
