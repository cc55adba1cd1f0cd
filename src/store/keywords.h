/* SPDX-License-Identifier: MIT
 *
 * The keywords of a Maildir, as Dovecot keeps them and others read them: letters a to z
 * behind ":2," in the names of its messages, and the file "dovecot-keywords" in it,
 * which spells them: a line "0 work" for a, "1 todo" for b and so on up to 25.
 *
 * A keyword is an atom of IMAP (RFC 9051) in ASCII, in any case of letters.  Tags in
 * other scripts are written in the UTF-7 of mailbox names (RFC 3501 5.1.3), as
 * Thunderbird writes them.  A tag with '%', '{' or ']' has no keyword. */
#ifndef DEWEY_STORE_KEYWORDS_H
#define DEWEY_STORE_KEYWORDS_H

#include "base/base.h"

enum { KEYWORD_LETTERS = 26 };

struct keywords;
typedef struct keywords keywords;

/* Those of the Maildir path; without the file, none.  Error: STORE_ERROR_DISK. */
struct keywords *keywords_read(const char *path, GError **error);
void keywords_free(struct keywords *k);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(keywords, keywords_free)

/* The tags, as a text of tags.h, that the letters in the info of this file name spell;
 * a letter that is not in the list, or spells what cannot be a tag, is none.  g_free()
 * it. */
char *keywords_tags(const struct keywords *k, const char *file);

/* The letters of these tags (a text of tags.h), in the order of the alphabet; the tags
 * that have none are left in *rest (g_free() it), "" if all have. */
void keywords_letters(const struct keywords *k, const char *tags,
	char letters[KEYWORD_LETTERS + 1], char **rest);

/* Whether all letters are given. */
bool keywords_full(const struct keywords *k);

/* Gives those of these tags a letter that have none, as far as there are letters, in
 * the file as well, under Dovecot's locks; they are never taken away again.  Error:
 * STORE_ERROR_BUSY: another program holds the lock; STORE_ERROR_DISK. */
bool keywords_add(struct keywords *k, const char *tags, GError **error);

/* The info's letters a to z that the list has, replaced by these; what else stands in
 * the file name stays.  g_free() it. */
char *keywords_file_name(const struct keywords *k, const char *file, const char *letters);

#endif
