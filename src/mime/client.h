/* SPDX-License-Identifier: MIT
 *
 * Asking dewey-mime: the only way to read foreign mail.  A worker process is
 * started when needed, asked over a socket pair, and replaced when it crashed
 * or ran out of time; that costs the one message its rendering.
 *
 * Calls block (10 seconds at most, and one more for each 16 MB): the front end
 * makes them on a thread.  A struct mime_client belongs to one thread. */
#ifndef DEWEY_MIME_CLIENT_H
#define DEWEY_MIME_CLIENT_H

#include "base/base.h"
#include "mime/trace.h"

struct mime_client;
typedef struct mime_client mime_client;

struct mime_client *mime_client_new(void);
void mime_client_free(struct mime_client *c);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mime_client, mime_client_free)

/* How long a request for a small letter may take, instead of 10 seconds. */
void mime_client_set_deadline(struct mime_client *c, int milliseconds);

/* From when on fd (borrowed) can be read nobody wants the answer: a request that takes
 * longer than a moment more ends with MIME_ERROR_STOPPED, and the worker with it.  -1:
 * none does. */
void mime_client_set_stop(struct mime_client *c, int fd);

struct mime_address {
	char *name;    /* decoded, sanitized; "" if none */
	char *address; /* addr-spec as it stands, sanitized */
	char *group;   /* the group it stands in; "" if none */
};

/* Everything is UTF-8 and passed sanitize_line() (text: sanitize_body()). */
struct mime_header {
	char *name, *value;
};

enum mime_disposition { MIME_INLINE, MIME_ATTACHMENT };

struct mime_part {
	char *path;     /* "1.2": IMAP's numbering; "" for the message itself */
	char *type;     /* "text/plain", lower case */
	char *charset;  /* as declared; "" if not */
	char *filename; /* decoded; "" if none: see M-50 before saving under it */
	char *encoding; /* "base64" … */
	enum mime_disposition disposition;
	int64_t size;   /* octets, decoded */
	int depth;      /* in the tree */
	char *content;  /* the type that its first octets tell; "" if they tell none */
	char *note;     /* of a part whose content is not here: what it names; "" */
};

/* What may happen to who opens a part (CHECKLIST M-52). */
enum mime_danger {
	MIME_RUNS = 1 << 0,        /* it is a program, a script, a shortcut */
	MIME_MACROS = 1 << 1,      /* a document with programs in it */
	MIME_ACTIVE = 1 << 2,      /* it may fetch from the network or run scripts */
	MIME_PACKED = 1 << 3,      /* an archive: what is in it is not known */
	MIME_DISGUISED = 1 << 4,   /* its content is of another type than it says */
	MIME_TWO_ENDINGS = 1 << 5, /* "invoice.pdf.exe" */
};
/* By its types and its name (types.def); 0: none that is known. */
unsigned mime_part_dangers(const struct mime_part *part);
/* What it is: the declared type, or its content's where that is vague or wrong. */
const char *mime_part_real_type(const struct mime_part *part);
/* The type that an ending stands for; "": none that is known.  Static. */
const char *mime_type_of_name(const char *name);
/* ".pdf", of a type; "" if it is not known.  g_free() it. */
char *mime_type_ending(const char *type);

struct mime_link {
	int number;      /* from 1 on; as "[3]" in the text unless its url is */
	bool written;    /* the url stands in the text itself */
	char *url, *text;
	bool suspicious; /* the text looks like another host than the link's */
};

/* What a letter is and what kinds of parts it has: bits of kinds.def.  All but
 * these of the letter itself are types of parts: MIME_LINK (its text has an address
 * to follow), MIME_SIGNED and MIME_ENCRYPTED (by its types, or PGP in its text; no
 * signature is checked), MIME_INVITATION (a calendar's REQUEST). */
enum mime_kind_bit {
#define KIND(name, word, types, endings) MIME_BIT_##name,
#include "mime/kinds.def"
#undef KIND
};
enum mime_kind {
#define KIND(name, word, types, endings) MIME_##name = 1 << MIME_BIT_##name,
#include "mime/kinds.def"
#undef KIND
};

/* The kind of a part of this type and name ("" or NULL: none); 0: no other one. */
unsigned mime_kind_of(const char *type, const char *filename);
/* The word of a bit ("pdf"), NULL behind the last; and the other way, 0: none. */
const char *mime_kind_word(guint bit);
unsigned mime_kind_named(const char *word);

/* What a fact of a person's card is called, "Phone:"; "": it is none.  Static. */
const char *mime_contact_label(const char *fact);

/* Languages, by the bits of languages.def and the codes of ISO 639-1, likewise. */
const char *mime_language_code(guint bit);
unsigned mime_language_named(const char *code);

/* What became of a letter for one recipient, in a report. */
struct mime_outcome {
	char *address; /* as the sender wrote it if the report says so, else the final one */
	char *final;   /* where it ended; "" if not told */
	char *action;  /* "failed", "delayed", "delivered", "relayed", "expanded"; of a
			* receipt "displayed", "deleted" …; lower case, one word */
	char *status;  /* "5.1.1" (RFC 3463); "" if not told */
	char *words;   /* the server's; "" if not told */
};

/* A letter that tells what became of another one: of its delivery (RFC 3464), or
 * of a recipient who was asked to confirm that it is read (RFC 8098).  Anybody
 * can write such a letter. */
struct mime_report {
	bool receipt;
	char *envid;  /* of the letter's envelope, decoded; "" if not told */
	char *about;  /* the letter's Message-ID without <>; "" if not told */
	char *server; /* who reports; "" if not told */
	GPtrArray *outcomes; /* of struct mime_outcome, at least one */
};

/* How octets of the text are to be shown: bits. */
enum mime_style {
	MIME_STYLE_BOLD = 1,
	MIME_STYLE_ITALIC = 2,
	MIME_STYLE_UNDERLINE = 4,
	MIME_STYLE_STRIKE = 8,
	MIME_STYLE_HEADING = 16,
	MIME_STYLE_LINK = 32,
	MIME_STYLE_CODE = 64,
	MIME_STYLE_FIXED = 128, /* lines that are not wrapped: preformatted text, rows of
				 * tables */
	MIME_STYLES = 255,
};

struct mime_span {
	guint start, length; /* octets of text */
	guint style;         /* of enum mime_style */
	int link;            /* its number in links; 0: none */
};

enum mime_block_kind {
#define BLOCK(name, word) MIME_BLOCK_##name,
#include "mime/blocks.def"
#undef BLOCK
};

/* "text" …, NULL behind the last; and the other way, -1: none. */
const char *mime_block_word(guint kind);
int mime_block_named(const char *word);

/* A range of the text that comes from one part. */
struct mime_block {
	enum mime_block_kind kind;
	char *path;          /* of the part; "" for the message itself */
	guint start, length; /* octets of text, both at ends of lines */
	char *charset;       /* used for it; "" if none was */
	bool guessed;        /* it was not declared, or does not fit */
	GPtrArray *fields;   /* of struct mime_header: what a card tells */
};

enum mime_crypt_kind {
#define CRYPT(name, word) MIME_CRYPT_##name,
#include "mime/crypts.def"
#undef CRYPT
};

/* "pgp-signed" …, NULL behind the last; and the other way, -1: none. */
const char *mime_crypt_word(guint kind);
int mime_crypt_named(const char *word);

/* Something that says of itself that it is signed or encrypted; nothing was checked.
 * The text of what is signed are the blocks whose path is content, or goes on behind
 * it with a dot. */
struct mime_crypt {
	enum mime_crypt_kind kind;
	char *path;      /* of the multipart, or of the part itself */
	char *content;   /* of what is signed, or of the octets that are encrypted */
	char *signature; /* of the signature; "" if it is not a part */
	guint number;    /* of those within a text: the how many-eth of it, from 0; their
			  * block has it in its field "number" */
	bool whole;      /* it is all of the letter */
};
enum { MIME_CRYPTS_MOST = 16 };

/* What a letter would have fetched from a host to be shown as its sender wants.
 * Nothing ever is. */
struct mime_remote {
	char *host;      /* in A-labels */
	guint pictures;
	guint pixels;    /* pictures that cannot be seen: they tell who opens the letter */
	guint others;    /* style sheets, fonts, frames … */
};

struct mime_message {
	GPtrArray *headers; /* of struct mime_header, all, in order */
	GPtrArray *from, *sender, *reply_to, *to, *cc, *bcc; /* of struct mime_address */
	char *subject, *message_id; /* id without <> */
	GPtrArray *in_reply_to, *references; /* of char *, without <> */
	char *list_id, *list_post;
	unsigned kinds;     /* of enum mime_kind; those of texts only if text or words are read */
	int64_t likeness;   /* the same of letters whose bodies are the same; only with words
			     * by mime_client_skim(); 0: not known */
	unsigned languages; /* that it is written in, likewise; 0: not known */
	int64_t date;       /* seconds; 0: none or not a date */
	GPtrArray *parts;   /* of struct mime_part, in tree order */
	GPtrArray *links;   /* of struct mime_link */
	char *text;         /* the readable text; a line is a paragraph: wrap it.
	                     * Quoted lines begin with "> " per level; an
	                     * empty one ends with ">". */
	GArray *spans;      /* of struct mime_span, in order; none overlaps another */
	GPtrArray *blocks;  /* of struct mime_block, in order; empty lines stand between */
	int laid_for;       /* the columns that tables were laid out for; 0: the text is the
			     * same for all */
	GPtrArray *remote;  /* of struct mime_remote, the host of most first */
	guint hidden;       /* characters that the letter does not want to be seen */
	char *other_type;   /* what else the text could be taken from; "" if nothing */
	bool differs;       /* … and that says something else */
	char *text_type;    /* where it came from: "text/plain", "text/html" */
	char *charset;      /* used for text */
	bool guessed;       /* the charset was guessed */
	bool chosen;        /* … or a person chose it */
	char *declared;     /* what it was declared as; "": nothing that is known */
	char *mended;       /* the text had been read in this charset by mistake and been
			     * encoded again, which was undone; "": it had not */
	GPtrArray *candidates; /* of char *: charsets it may be in, the best first; with
				* text only.  Empty: it is ASCII */
	bool flowed;
	bool truncated;     /* a limit of M-03 was reached */
	GPtrArray *warnings; /* of char *: duplicated headers, several From … */
	char *words;        /* for the index: text of all text parts (if asked for) */
	GPtrArray *crypts;  /* of struct mime_crypt, in tree order */
	bool protected;     /* its body says that the header is under the same protection as
			     * itself (RFC 9788); worth as much as that is */
	struct mime_report *report; /* NULL: it is no report */
	struct mime_trace *trace; /* NULL: it was not asked for */
};
void mime_message_free(struct mime_message *m);
/* About how many octets of memory it takes. */
size_t mime_message_octets(const struct mime_message *m);
typedef struct mime_message mime_message;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(mime_message, mime_message_free)

enum mime_want {
	MIME_WANT_TEXT = 1 << 0,  /* text, spans, blocks and links */
	MIME_WANT_WORDS = 1 << 1, /* words */
};

/* Which of two forms of one text is read. */
enum mime_prefer {
	MIME_PREFER_BEST,  /* plain text, unless it only says that there is HTML */
	MIME_PREFER_PLAIN,
	MIME_PREFER_HTML,
};

/* What a person chose: text of letters of this sender that is declared so ("": not
 * usefully) is read in charset. */
struct mime_choice {
	char *sender, *declared, *charset;
};
GPtrArray *mime_choices_new(void);
void mime_choices_add(GPtrArray *choices, const char *sender, const char *declared,
	const char *charset);
/* All of them, from now on; nothing is asked for if they are the ones it has. */
void mime_client_set_choices(struct mime_client *c, const GPtrArray *choices);

/* The names of charsets that mime_reading.charset may have; NULL behind the last. */
const char *mime_charset_name(guint i);

/* How a letter is read.  Members that are 0 or NULL are right for most. */
struct mime_reading {
	unsigned want;       /* of enum mime_want */
	const char *charset; /* the user's choice for text, whatever is declared; or NULL */
	int columns;         /* that tables may take; 0: MIME_COLUMNS */
	guint links;         /* links that are numbered already: the first one here is the
			      * next */
	enum mime_prefer prefer;
	/* Called while a long letter is read (1 MB and more), with what is known of it so
	 * far, whose text is there first: mime_message_free() it.  Parts are those that are
	 * known to be whole; each message takes the place of the one before.  NULL: it is not
	 * asked for. */
	void (*so_far)(struct mime_message *m, void *data);
	void *data;
	bool decrypted;      /* it was encrypted: what its text repeats of its protected
			      * header is left out (RFC 9788) */
};
enum { MIME_COLUMNS = 80 };

/* Text alone, words alone. */
extern const struct mime_reading mime_reading_text, mime_reading_words;

/* Headers and parts are always read; how NULL: nothing else.  fd: the message, a
 * regular file; its offset does not matter.  Error: MIME_ERROR. */
struct mime_message *mime_client_read(struct mime_client *c, int fd,
	const struct mime_reading *how, GError **error);

/* Many letters at a time, for lists and the index: of each only from, to, cc,
 * subject, message_id, in_reply_to, references, list_id, date and, with
 * MIME_WANT_WORDS, words, report, kinds, languages and parts (path, filename and disposition of those that are
 * attached or have a name).  The rest is empty or NULL.
 *
 * n: at most MIME_SKIM_MOST; messages[i] is NULL where a letter could not be
 * skimmed: mime_client_read() says why, or can.  False: the worker cannot be
 * started. */
enum { MIME_SKIM_MOST = 32 };
bool mime_client_skim(struct mime_client *c, const int *fds, guint n, unsigned want,
	struct mime_message **messages, GError **error);

/* Writes the decoded octets of a part to out (text is not converted).  path ""
 * is the whole message. */
bool mime_client_part(struct mime_client *c, int fd, const char *path, int out, GError **error);

/* What is signed in a multipart/signed, as it stands and with CRLF at its line ends
 * (RFC 3156 section 5, RFC 8551 section 3.1.1), to out. */
bool mime_client_signed(struct mime_client *c, int fd, const struct mime_crypt *crypt, int out,
	GError **error);

/* The armour of OpenPGP with this number in the text of a part, to out. */
bool mime_client_armour(struct mime_client *c, int fd, const struct mime_crypt *crypt, int out,
	GError **error);

/* The text of one part as MIME_WANT_TEXT gives it; links may be NULL. */
char *mime_client_part_text(struct mime_client *c, int fd, const char *path, GPtrArray **links,
	GError **error);

struct mime_size {
	int width, height;
};

struct mime_picture {
	struct mime_size size; /* in: what it has to fit into; out: what it has */
	struct mime_size full; /* its own */
	GBytes *pixels;        /* out: RGBA, not premultiplied, row by row; yours */
};

/* The pixels of a picture.  c should have nothing else to do: what a decoder may be
 * made to do by one letter must not meet another.  Error: MIME_ERROR. */
bool mime_client_picture(struct mime_client *c, int fd, const char *path, struct mime_picture *p,
	GError **error);

/* "a safe file name" for a part, M-50's rules; g_free() it. */
char *mime_safe_filename(const char *filename, const char *type, int number);

/* Puts what another letter shows in the place of a block: the octets of the block were
 * that letter, encrypted or signed.  Its parts, blocks and crypts get paths that begin
 * with prefix.  inner is emptied of them, and still to be freed. */
void mime_message_splice(struct mime_message *m, guint block, struct mime_message *inner,
	const char *prefix);

#define MIME_ERROR (mime_error_quark())
GQuark mime_error_quark(void);
enum mime_error {
	MIME_ERROR_CRASHED, /* the worker died on this message: show its source */
	MIME_ERROR_TIMEOUT, /* it took too long: show its source */
	MIME_ERROR_PARSE,   /* it says why not */
	MIME_ERROR_START,   /* the worker cannot be started: installation */
	MIME_ERROR_NO_PART,
	MIME_ERROR_STOPPED, /* mime_client_set_stop() */
};

#endif
