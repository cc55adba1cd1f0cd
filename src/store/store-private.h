/* SPDX-License-Identifier: MIT
 *
 * What the files of the store itself share. */
#ifndef DEWEY_STORE_STORE_PRIVATE_H
#define DEWEY_STORE_STORE_PRIVATE_H

#include "store/store.h"

struct train_programs;

struct store {
	char *root;
	char *own; /* root/.dewey */
	struct ledger *ledger;
	struct index *index;
	struct store_watch watch; /* of actions */
	int keywords; /* tag_letters_wish(): 1, -1; 0: nothing was said */
	const struct train_programs *trainer; /* train.h; NULL: nobody */
	char *languages; /* NULL: whatever the index has */
	enum { DECRYPTED_AS_EVER, DECRYPTED_OFF, DECRYPTED_ON } decrypted;
	enum { SUBJECTS_AS_EVER, SUBJECTS_OFF, SUBJECTS_ON } subjects;
	/* Set with index: the agents, which never ask for one, are then not
	 * linked with the code of the index. */
	void (*index_free)(struct index *ix);
	/* Those whose files were taken away; somebody may still hold them. */
	GPtrArray *gone;
};

/* Moves an index that turned out to be damaged, as why says, or that somebody
 * does not want, why being NULL, aside and makes it anew: empty, to be filled by a sync. */
bool store_index_renew(struct store *s, const GError *why, GError **error);

/* Maildirs that other programs made under names that no folder can have: char *, any
 * octets.  Their letters are not listed, and not gone: store_is_readable() is false. */
GPtrArray *store_odd_folders(const struct store *s);

/* A file or directory below .dewey; g_free() it. */
char *store_own_path(const struct store *s, const char *name);

#endif
