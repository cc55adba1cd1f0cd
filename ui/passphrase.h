/* SPDX-License-Identifier: MIT
 *
 * A passphrase that dewey-crypt needs for a job: the job fails, the person is asked, and
 * it begins again with what was typed, so that no thread waits for a person.
 *
 *   on the thread: crypt_client_set_ask(c, passphrase_answer, &p)
 *   in its done:   if (passphrase_is_wanted(&p, error)) passphrase_prompt(ui, &p, …)
 *
 * What was typed is kept for that job alone, and wiped; gpg-agent remembers it. */
#ifndef DEWEY_UI_PASSPHRASE_H
#define DEWEY_UI_PASSPHRASE_H

#include "crypt/client.h"
#include "ui/ui.h"

struct passphrase {
	char *label; /* what was asked; NULL: nothing */
	char *text;  /* what was typed; NULL: nothing yet */
	bool wrong;  /* and it will not do */
};
void passphrase_clear(struct passphrase *p);

/* A crypt_ask; data: a struct passphrase, which belongs to the thread meanwhile. */
char *passphrase_answer(const char *text, bool again, void *data);

/* Whether the job failed for want of it. */
bool passphrase_is_wanted(const struct passphrase *p, const GError *error);

/* Asks; done is called once and takes data, in which p lives: with p->text set, or with
 * given false: the person does not want to.  Where dewey ends before, data is freed. */
void passphrase_prompt(struct ui *ui, struct passphrase *p,
	void (*done)(struct ui *ui, bool given, void *data), void *data, GDestroyNotify free);

#endif
