/* SPDX-License-Identifier: MIT
 *
 * What speaks for and against a letter, for the one row that no letter can imitate:
 * it stands below the title, in colours of its own, and does not scroll
 * (CHECKLIST M-43, M-44). */
#ifndef DEWEY_UI_TRUST_H
#define DEWEY_UI_TRUST_H

#include "config/dotfile.h"
#include "mime/client.h"
#include "store/index.h"
#include "ui/grid.h"
#include "ui/layout.h"

/* In the order of weight. */
enum trust_level {
	TRUST_CALM,    /* nothing that one need know */
	TRUST_GOOD,    /* somebody we trust speaks for it */
	TRUST_NOTE,    /* worth a look */
	TRUST_WARNING, /* made to deceive, more often than not */
};

struct trust_finding {
	enum trust_level level;
	char *text; /* a few words */
	char *why;  /* a sentence or two */
	bool seal;  /* it is what became of signatures and encryption */
};

struct trust {
	/* Of struct trust_finding: the gravest first, then the gravest about signatures, then
	 * the others by weight. */
	GPtrArray *findings;
};
typedef struct trust trust;

/* All borrowed for the call. */
struct trust_about {
	const char *folder, *account; /* where it lies, and the [account] word it came by */
	const struct mime_message *mime;
	const struct dotfile *dotfile;
	struct index *index; /* NULL: nobody is known */
};

/* Reads the correspondents of a stranger's letter: on a thread. */
struct trust *trust_judge(const struct trust_about *about);
void trust_free(struct trust *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(trust, trust_free)

/* One more finding, in its place; takes both texts, which are sanitized.  The second one
 * is for what became of signatures and encryption. */
void trust_add(struct trust *t, enum trust_level level, char *text, char *why);
void trust_add_seal(struct trust *t, enum trust_level level, char *text, char *why);

/* Every finding, a paragraph each; the same with its reason; g_free() it. */
void trust_layout(GPtrArray *lines, const struct trust *t, int width);
char *trust_page(const struct trust *t);

/* The domain whose signature covers the addresses of List-Unsubscribe, as the server says
 * that the account trusts (RFC 8058 section 4); NULL: none does.  Of t. */
const char *trust_leave_signer(const struct mime_trace *t, const struct account *a);
/* The account of a letter that came by this [account] word; of one of unknown ways the
 * only one there is; or NULL. */
const struct account *trust_account(const struct dotfile *d, const char *word);

/* Why no receipt of the letter can be sent (M-65), static, translated; NULL: one can. */
const char *receipt_refused(const struct mime_message *m, const struct dotfile *d);

/* Draws the row on top of p (NULL: nothing is known yet) and returns what is below.  What
 * there is no room for is told by its number and the key that shows it; the first finding
 * and the one about signatures are always there. */
struct pane trust_draw(const struct pane *p, const struct trust *t, const char *key);

#endif
