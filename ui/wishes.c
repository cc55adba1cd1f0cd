/* SPDX-License-Identifier: MIT */
#include "ui/wishes.h"

void wishes_tell(struct store *s, const struct dotfile *d)
{
	store_set_languages(s, dotfile_languages(d));
	store_set_threads_by_subject(s, dotfile_threads_by_subject(d));
	store_set_index_decrypted(s, dotfile_reading(d)->index_decrypted);
}
