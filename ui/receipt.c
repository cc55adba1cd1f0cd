/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "ui/trust.h"

const char *receipt_refused(const struct mime_message *m, const struct dotfile *d)
{
	const struct mime_trace *t = m->trace;
	if (!t || t->receipt_to->len == 0)
		return _("this letter asks for no receipt");
	if (!dotfile_writing(d)->receipts)
		return _("receipts = never");
	if (t->automatic || t->bounce)
		return _("no receipts for what lists and programs send");
	if (t->receipt_to->len > 1)
		return _("this letter wants receipts at several addresses: none is sent");
	if (t->receipt_options)
		return _("this letter asks for a kind of receipt that is not known: none is sent");
	if (!*m->message_id)
		return _("this letter has no Message-ID that a receipt could name");
	return NULL;
}
