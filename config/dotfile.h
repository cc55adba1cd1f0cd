/* SPDX-License-Identifier: MIT
 *
 * The dotfile: reading it, and what it says.  settings.def is the list of what
 * can stand in it; this is the only reader.  All mistakes of a file are found
 * in one go. */
#ifndef DEWEY_CONFIG_DOTFILE_H
#define DEWEY_CONFIG_DOTFILE_H

#include "base/base.h"
#include "base/sandbox.h"
#include "config/account.h"

struct dotfile;
typedef struct dotfile dotfile;

enum partial_policy { PARTIAL_HOLD, PARTIAL_SEND };

/* Where the dotfile is: path if given, else $DEWEYRC, ~/.deweyrc, then
 * $XDG_CONFIG_HOME/dewey/deweyrc.  NULL: there is none.  g_free() it. */
char *dotfile_find(const char *path);

/* Reads path.  Every mistake is appended to mistakes (of char *, freed by the
 * array), as "file:line: what; what to write instead".  NULL if there was one
 * or the file cannot be read; the array is never empty then. */
struct dotfile *dotfile_load(const char *path, GPtrArray *mistakes);

/* The same from memory; name words the mistakes; mode is the file's. */
struct dotfile *dotfile_parse(const char *text, const char *name, guint mode, GPtrArray *mistakes);

/* Wipes the passwords that stand in it, for programs that log in nowhere (T-31);
 * account_secret() then finds none. */
void dotfile_forget_secrets(struct dotfile *d);

/* The defaults alone, without accounts. */
struct dotfile *dotfile_new_empty(void);
void dotfile_free(struct dotfile *d);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(dotfile, dotfile_free)

const char *dotfile_path(const struct dotfile *d); /* "" for the empty one */
const char *dotfile_mail(const struct dotfile *d); /* absolute, ~ expanded */
const char *dotfile_keys(const struct dotfile *d); /* "mutt" */
const char *dotfile_editor(const struct dotfile *d); /* resolved, never NULL */
const char *dotfile_languages(const struct dotfile *d); /* "ru en"; NULL: not set */
/* How letters are read.  Belongs to the dotfile. */
enum hyperlinks { HYPERLINKS_AUTO, HYPERLINKS_YES, HYPERLINKS_NO };
struct dotfile_reading {
	char **browser; /* argv, the address comes behind it; NULL: not named */
	enum hyperlinks hyperlinks;
	bool index_decrypted; /* words that were decrypted may stand in the index */
};
const struct dotfile_reading *dotfile_reading(const struct dotfile *d);
/* What teaches the spam program, argv each, NULL: nothing; and where spam goes.
 * Belongs to the dotfile. */
struct dotfile_spam {
	char **spam_learn, **spam_forget, **ham_learn, **ham_forget;
	char *folder;
};
const struct dotfile_spam *dotfile_spam(const struct dotfile *d);
/* What a part of a letter is given to: argv each.  Belongs to the dotfile. */
struct dotfile_programs {
	char **print; /* as its input */
};
char **dotfile_print(const struct dotfile *d);
enum sandbox_mode dotfile_sandbox(const struct dotfile *d);
bool dotfile_keywords(const struct dotfile *d); /* tags are keywords as well */
bool dotfile_threads(const struct dotfile *d);
bool dotfile_threads_by_subject(const struct dotfile *d);
bool dotfile_sidebar(const struct dotfile *d);
int dotfile_interval(const struct dotfile *d); /* seconds between fetches, 0: never */
int dotfile_account_interval(const struct dotfile *d, const struct account *a); /* the same */
enum partial_policy dotfile_partial(const struct dotfile *d);
int dotfile_trash(const struct dotfile *d); /* days until a deleted letter is removed; 0: never */
const char *dotfile_local(const struct dotfile *d); /* an address; NULL: none */

/* What is about writing letters; belongs to the dotfile. */
struct dotfile_writing {
	int autosave;            /* seconds; 0: never */
	int undo;                /* seconds until a letter leaves */
	char *charsets;          /* draft.charsets; NULL: UTF-8 */
	bool flowed;             /* draft.flowed */
	char **attachment_words; /* for mention_find(); NULL-terminated */
	char **lists;            /* addresses; NULL-terminated */
	char *reply_line, *forward_line; /* templates of compose/reply.h; NULL: the usual */
	bool forward_attached;   /* a letter is sent on as a whole */
	bool markdown;
	bool utc;                /* draft.utc */
	bool receipts;           /* those that letters ask for may be sent */
};
const struct dotfile_writing *dotfile_writing(const struct dotfile *d);

/* Accounts in the order of the file; struct account belongs to the dotfile. */
guint dotfile_account_count(const struct dotfile *d);
const struct account *dotfile_account(const struct dotfile *d, guint n);
const struct account *dotfile_account_by_name(const struct dotfile *d, const char *name);
/* The account with this address (without regard to case), or NULL. */
const struct account *dotfile_account_by_address(const struct dotfile *d, const char *address);
/* "home, work"; g_free() it. */
char *dotfile_account_names(const struct dotfile *d);
/* What a person is told who named an account that is not there; g_free() it. */
char *dotfile_no_account(const struct dotfile *d, const char *name);

/* [view NAME] query = …, in the order of the file. */
struct dotfile_view {
	char *name;
	char *query;
	char *sort; /* as sort_read() of store/sorts.h takes it; NULL: by threads or by date,
		     * as dotfile_threads() says */
	int line;
};
const GPtrArray *dotfile_views(const struct dotfile *d); /* of struct dotfile_view */
const struct dotfile_view *dotfile_view_by_name(const struct dotfile *d, const char *name);

/* [color NAME] match = …, in the order of the file: the first one that fits a letter
 * says how its row looks. */
enum dotfile_look {
	DOTFILE_BOLD = 1 << 0,
	DOTFILE_DIM = 1 << 1,
	DOTFILE_REVERSE = 1 << 2,
	DOTFILE_UNDERLINE = 1 << 3,
};
enum { DOTFILE_COLOURS_MAX = 100 }; /* there are at most so many */
struct dotfile_colour {
	char *name, *query;
	int fg, bg;    /* 0 to 255; -1: the terminal's own */
	unsigned bits; /* enum dotfile_look */
	int query_line;
};
const GPtrArray *dotfile_colours(const struct dotfile *d); /* of struct dotfile_colour */

/* [notify NAME] match = …, in the order of the file: what is done about new letters. */
struct dotfile_notice {
	char *name, *query;
	bool bell;
	char **argv; /* NULL: no program */
	int query_line;
};
const GPtrArray *dotfile_notices(const struct dotfile *d); /* of struct dotfile_notice */

/* A value as it has to stand behind "name = " in a dotfile.  g_free() it. */
char *dotfile_quote(const char *value);

/* What a filter does to a letter that has come. */
enum filter_act {
	FILTER_ACT_MOVE,    /* text: the folder */
	FILTER_ACT_COPY,    /* text: the folder */
	FILTER_ACT_TAG,     /* text: "+work -todo" */
	FILTER_ACT_MARK,    /* text: "read" or "flagged" */
	FILTER_ACT_NOTIFY,
	FILTER_ACT_FORWARD, /* text: the address */
	FILTER_ACT_PIPE,    /* argv */
	FILTER_ACT_STOP,    /* no other filter looks at the letter */
};
struct dotfile_act {
	enum filter_act act;
	char *text;  /* NULL: none */
	char **argv; /* NULL: none */
};
/* What the exit status of a program means. */
enum filter_fate { FILTER_FATE_FAILED, FILTER_FATE_YES, FILTER_FATE_NO };

/* [filter NAME], in the order of the file: rules that look at a letter before it
 * is fetched (when = preview), or when it has come. */
enum filter_do {
	FILTER_SKIP,   /* leave it on the server */
	FILTER_DELETE, /* delete it there, without fetching it */
	FILTER_FETCH,  /* fetch it, also where preview would not */
};
struct dotfile_filter {
	char *name;
	char *query;   /* checked by who knows queries */
	char *account; /* NULL: all */
	bool preview;
	enum filter_do what; /* if preview; else: */
	char *words;         /* of "do", as written */
	GPtrArray *acts;     /* of struct dotfile_act */
	guint8 fates[256];   /* of exit statuses: enum filter_fate */
	int limit;           /* seconds for a program */
	int line, query_line, do_line, account_line;
};
const GPtrArray *dotfile_filters(const struct dotfile *d); /* of those before fetching */
const GPtrArray *dotfile_sorters(const struct dotfile *d); /* of those when it has come */

/* Asks fault about the queries of views, filters, colours and notices (heads: of
 * filters before fetching), as
 * query_fault() of store/query.h is; every mistake is appended to mistakes.  False
 * if there was one: then the dotfile is not to be used. */
bool dotfile_check_queries(const struct dotfile *d,
	char *(*fault)(const char *query, bool heads), GPtrArray *mistakes);

/* [keys CONTEXT] key = command, as written; checked by the front end, which
 * knows the commands, with dotfile_mistake() for the wording. */
struct dotfile_key {
	char *context, *key, *command;
	int line;
};
const GPtrArray *dotfile_key_lines(const struct dotfile *d); /* of struct dotfile_key */
char *dotfile_mistake(const struct dotfile *d, int line, const char *what, const char *instead);

/* The word of names (NULL-terminated) that word was probably meant to be, or
 * NULL: at most two letters wrong, and fewer than half of them. */
const char *dotfile_did_you_mean(const char *word, const char *const *names);

/* The table, for the manual and for completion. */
struct setting_info {
	const char *section, *name, *type, *fallback, *help;
};
const struct setting_info *dotfile_settings(guint *count);

#endif
