/* SPDX-License-Identifier: MIT
 *
 * A letter being written, and how it becomes message bytes (CHECKLIST 2.6,
 * 2.7).  Fields are what the user typed, UTF-8, one line each; build() checks
 * them and says which is wrong.  All strings are the draft's own, g_free(). */
#ifndef DEWEY_COMPOSE_DRAFT_H
#define DEWEY_COMPOSE_DRAFT_H

#include "base/base.h"

/* A file that goes along under a name and a type of its own, and not under those
 * of the path: a part of a letter that is sent on, or of a draft of another
 * program. */
struct draft_part {
	char *path;
	char *name;    /* as it is shown, UTF-8, one line; NULL: that of the path */
	char *type;    /* "image/png"; NULL: guessed */
	char *charset; /* of a text, if it is known; else NULL */
};
void draft_part_free(struct draft_part *p);

struct draft {
	char *account;                  /* the [account] word; its identity and smtp server */
	char *from;                     /* "Иван Петров <ivan@example.org>" */
	char *to, *cc, *bcc, *reply_to; /* address lists as typed; NULL or "": none */
	char *followup_to;              /* Mail-Followup-To, a list; NULL: none */
	char *subject;
	char *in_reply_to;      /* "<id>"; NULL: none */
	char *references;       /* "<id> <id>" */
	char *body;             /* UTF-8, LF */
	GPtrArray *attachments; /* of char *: paths; read when the letter is written */
	GPtrArray *parts;       /* of struct draft_part, behind the attachments */
	char *letter;           /* path of a letter that goes along whole, as
				 * message/rfc822; NULL: none */
	char *resends;          /* path of a letter that is sent on as it is, below a block
				 * of Resent- fields (S-63): From, To, Cc, Bcc are
				 * those; there is no other field, no text, no
				 * attachment; NULL: none */
	char *charsets;         /* apart by blanks: to be tried before UTF-8, and taken where
				 * nothing is lost (S-74); NULL: none */
	char *notice;           /* words for the person: what mailto_parse() left out, where
				 * a reply leads; NULL: nothing; saved, never sent */
	bool warns;             /* and that is a warning */
	char *calendar;         /* an object of answer.h that goes along as an alternative of the
				 * text, which is its comment; NULL: none */
	int64_t asks;           /* what is asked of the server, as the caller counts it; 0:
				 * nothing was said; saved */
	int64_t seal;           /* bits of compose/seal.h: signed, encrypted; 0: as the account
				 * has it; saved */
	int64_t answers;        /* index id of the letter it answers or forwards; 0 */
	bool forwards;          /* it forwards that letter rather than answers it */
	bool answers_sealed;    /* and that one came encrypted, or this draft did; saved */
	bool answers_smime;     /* and that by S/MIME; saved */
	const char *autocrypt;  /* borrowed: the value of that field, for one letter; NULL; not
				 * saved */
	bool exact;             /* private: its octets have to arrive as they are */
	bool markdown;          /* the text is Markdown, and goes as HTML too */
	bool flowed;            /* format=flowed (RFC 3676): a blank at the end of a line is
				 * a line end that may go; long lines are broken so */
	bool utc;               /* Date tells no zone but +0000 (S-60) */
	bool ask_receipt;       /* Disposition-Notification-To: From (RFC 8098) */
	bool tls_optional;      /* TLS-Required: No: rather in clear than not at all (RFC 8689
				 * section 5); not for what is sent on as it is */
};
typedef struct draft draft;
struct draft *draft_new(void);
void draft_free(struct draft *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(draft, draft_free)

#define COMPOSE_ERROR (compose_error_quark())
GQuark compose_error_quark(void);
enum compose_error {
	COMPOSE_ERROR_ADDRESS,    /* an address is not valid: text names it */
	COMPOSE_ERROR_HEADER,     /* a control character in a field, or no field at all */
	COMPOSE_ERROR_ATTACHMENT, /* unreadable, not a regular file, changed: text names it */
	COMPOSE_ERROR_RECIPIENT,  /* there is none */
	COMPOSE_ERROR_TEXT,       /* the body is not UTF-8; Markdown is not built in */
	COMPOSE_ERROR_WRITE,      /* the letter cannot be written: no space … */
};

/* The envelope, and what the letter is made of.  The bytes are not kept: a letter
 * with an attachment of gigabytes takes a few kilobytes of memory. */
struct built_letter {
	struct pieces *pieces; /* private */
	GPtrArray *recipients; /* of char *: addr-specs, each once (S-45); g_ptr_array_add(r,
				* NULL) makes them a vector for outbox_add() */
	char *sender;          /* addr-spec of From */
	char *message_id;      /* without <> */
	char *subject;
	char *envid; /* random: what reports name the envelope by (RFC 3461), of which
		      * the letter itself says nothing */
};
void built_letter_free(struct built_letter *b);

/* Appends the message to fd: LF line ends, 7-bit but for letters that go along or
 * are resent; Bcc is in it (the agent strips it).  Files are read now, in fixed
 * memory; one that is no more as it was when the letter was built, or changes
 * while it is read, is COMPOSE_ERROR_ATTACHMENT (S-76): build again.  May be
 * called again, for the same bytes. */
bool built_letter_write(const struct built_letter *b, int fd, GError **error);
/* All of it, where no file is read: a letter of compose/seal.h. */
GBytes *built_letter_bytes(const struct built_letter *b);
typedef struct built_letter built_letter;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(built_letter, built_letter_free)

/* Date, Message-ID (125 random bits at the From domain), MIME, RFC 2047 and
 * 2231; no trace of the machine (S-60, S-61, S-65).  Files are looked at, so that
 * what is wrong with one is told here (S-76), and read by built_letter_write(). */
struct built_letter *draft_build(const struct draft *d, GError **error);

/* The same mistakes in fields and recipients, told before anybody is asked anything;
 * no file is looked at. */
bool draft_check(const struct draft *d, GError **error);

/* Whether draft.markdown can be obeyed: else it is COMPOSE_ERROR_TEXT. */
bool draft_has_markdown(void);

/* "Sat, 21 Nov 2026 14:00:00 +0300", now, in the local zone or in UTC; and a new id at the
 * domain of address (ASCII), without <>: 125 random bits and nothing else, for
 * letters that others wrote without them.  g_free() them. */
char *compose_date(bool utc);
char *compose_message_id(const char *address);

/* For postponing: the same bytes, but nothing need be complete; To may be
 * empty or wrong.  X-Dewey-* fields keep what a draft knows beyond mail; the
 * attachments stay paths there and are not in it. */
GBytes *draft_save(const struct draft *d, GError **error);

/* For Drafts, where a letter has parts, or one that goes along or is sent on: the same,
 * and those are in it; written by built_letter_write().  The attachments stay paths.  NULL:
 * COMPOSE_ERROR_ATTACHMENT. */
struct built_letter *draft_pack(const struct draft *d, GError **error);

/* The way back: hand in every header field of the saved draft, in order, as
 * dewey-mime gives them (names in any case, values decoded), then the text to
 * draft_set_body().  Fields a draft does not know are left alone. */
void draft_set_field(struct draft *d, const char *name, const char *value);
void draft_set_body(struct draft *d, const char *text);

/* The letter of such a draft is in letter, or the only one of parts: if that is what
 * is sent on, it is resends from now on. */
void draft_settle(struct draft *d);

/* The text the editor gets: header lines (Attach: once a file), an empty line,
 * the body; and back.  Fields that are removed there are removed here; without
 * In-Reply-To the letter begins a thread of its own.  Errors name the line, and
 * d is unchanged then. */
char *draft_to_text(const struct draft *d);
bool draft_from_text(struct draft *d, const char *text, GError **error);

#endif
