/* SPDX-License-Identifier: MIT
 *
 * What a person does about a letter that is encrypted. */
#include "base/base.h"

#include "ui/command.h"
#include "ui/passphrase.h"
#include "ui/view-message.h"

/* --- decrypting ---------------------------------------------------------------------- */

struct again {
	struct message_row *row;
	struct passphrase passphrase;
};

static void again_free(void *data)
{
	struct again *a = data;
	message_row_free(a->row);
	passphrase_clear(&a->passphrase);
	g_free(a);
}

static void read_again(struct ui *ui, bool given, void *data)
{
	struct again *a = data;
	if (given)
		letters_again(ui_letters(ui), a->row, a->passphrase.text, false);
	again_free(a);
	ui_changed(ui);
}

static void read_unprotected(struct ui *ui, void *data)
{
	struct again *a = data;
	letters_again(ui_letters(ui), a->row, NULL, true);
	ui_changed(ui);
}

static struct again *again_new(struct ui *ui, const struct message_row *row)
{
	struct index *ix = ui_index(ui);
	struct message_row *copy = ix ? index_message(ix, row->id, NULL) : NULL;
	if (!copy)
		return NULL;
	struct again *a = g_new0(struct again, 1);
	a->row = copy;
	return a;
}

static void ask_whether(struct ui *ui, struct again *a)
{
	struct question q = {_("Nothing protects this text against having been changed on its way. "
			       "Show it? (y/n) "),
		read_unprotected, NULL, a, again_free};
	prompt_ask(ui, &q);
}

void command_decrypt(struct ui *ui, const char *arg)
{
	const struct message_row *row;
	const struct letter *letter = view_message_letter(ui, &row);
	const struct crypt_find *f = crypt_verdict_waiting(letter->crypt);
	struct again *a = f ? again_new(ui, row) : NULL;
	if (!f) {
		ui_say(ui, _("nothing in this message waits to be decrypted"));
	} else if (a && letter->ask) {
		a->passphrase.label = g_strdup(letter->ask);
		a->passphrase.wrong = letter->wrong;
		passphrase_prompt(ui, &a->passphrase, read_again, a, again_free);
	} else if (a) {
		ask_whether(ui, a);
	}
}
