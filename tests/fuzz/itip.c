/* SPDX-License-Identifier: MIT
 *
 * Calendar objects: whatever they are, a card has facts of one clean line each, and
 * no more of them than the limits say. */
#include "base/base.h"

#include <string.h>

#include "base/sanitize.h"
#include "mime/itip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_card(const GPtrArray *card)
{
	guint attendees = 0;
	for (guint i = 0; i < card->len; i++) {
		const struct mime_header *h = card->pdata[i];
		g_assert_true(sanitize_is_clean(h->value));
		g_assert_cmpuint(strlen(h->value), <=, 4 * (gsize)ITIP_VALUE);
		attendees += strcmp(h->name, "attendee") == 0;
	}
	g_assert_cmpuint(attendees, <=, ITIP_ATTENDEES);
	g_assert_nonnull(itip_fact(card, "method"));
	g_autofree char *text = itip_text(card);
	g_assert_true(g_utf8_validate(text, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *raw = g_strndup((const char *)data, size);
	g_autofree char *text = g_utf8_make_valid(raw, -1);
	g_autoptr(GPtrArray) cards = itip_cards(text, strlen(text));
	g_assert_cmpuint(cards->len, <=, ITIP_CARDS);
	for (guint i = 0; i < cards->len; i++)
		check_card(cards->pdata[i]);
	return 0;
}
