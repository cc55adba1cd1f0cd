/* SPDX-License-Identifier: MIT
 *
 * Filters: what is done to letters that have come (CHECKLIST P-76).  Agents note
 * in the ledger which letters are due (filter_note_due()); whoever has the index
 * runs the filters over them, outside of any session with a server.
 *
 * Each letter goes through the filters in their order.  Those that match look at
 * it as earlier ones have left it.  What one filter does to many letters is one
 * entry of the journal.  A filter that fails leaves the letter where it is, and
 * no later one looks at it.
 *
 * Exactly once, over crashes: moves, tags, flags and copies can be repeated without
 * harm; a letter that is sent on has a key in the outbox; a program that was cut off
 * is not run again, and counts as a failure. */
#ifndef DEWEY_STORE_FILTER_H
#define DEWEY_STORE_FILTER_H

#include "store/index.h"

enum filter_verb {
	FILTER_MOVE, /* text: the folder */
	FILTER_COPY, /* text: the folder */
	FILTER_TAG,  /* text: as tag_change_parse() reads it */
	FILTER_MARK, /* flags */
	FILTER_NOTIFY,
	FILTER_FORWARD, /* text: the address */
	FILTER_PIPE,    /* argv; the letter is its input */
	FILTER_STOP,    /* no later filter looks at the letter */
};

struct filter_action {
	enum filter_verb verb;
	const char *text;
	unsigned flags;
	char **argv;
};

enum filter_verdict { FILTER_FAILED, FILTER_YES, FILTER_NO };

/* Borrowed, all of it. */
struct filter_rule {
	const char *name, *query;
	const struct filter_action *actions;
	guint count;
	const guint8 *fates; /* of the 256 exit statuses: enum filter_verdict */
	int limit;           /* seconds for a program */
};

struct filter_forward {
	const char *address, *envid;
	const void *data;
};

/* Who runs filters.  All may be NULL. */
struct filter_ops {
	/* Queues the letter for address, with this envelope id. */
	bool (*forward)(struct store *s, const struct message_row *row,
		const struct filter_forward *how, GError **error);
	const void *forward_data;
	void (*notify)(const struct filter_rule *rule, const struct message_row *row, void *data);
	void (*failed)(const struct filter_rule *rule, const struct message_row *row,
		const char *why, void *data);
	/* With dry_run, instead of doing anything. */
	void (*would)(const struct filter_rule *rule, const struct message_row *row, void *data);
	bool dry_run;
	void *data;
};

struct filter_result {
	int64_t letters; /* with which any filter came to its end */
	int64_t failed;
};

/* rules: GPtrArray of struct filter_rule.  filter_run_due() takes all that is due; with
 * no rules it is forgotten.  filter_run() takes these messages, whether due or not.
 * Error: STORE_ERROR; BUSY: another process runs filters now.  What was not done is
 * still due. */
bool filter_run_due(struct store *s, const GPtrArray *rules, const struct filter_ops *ops,
	struct filter_result *result, GError **error);
bool filter_run(struct store *s, const GPtrArray *rules, const GArray *ids,
	const struct filter_ops *ops, struct filter_result *result, GError **error);

/* Whether anything is due; cheap. */
bool filter_is_due(struct store *s);

/* What became of a filter so far; zeros if it never matched.  Error: the ledger's. */
struct filter_past {
	int64_t hits, last, failures, failed;
	char *why; /* of the last failure; NULL */
};
bool filter_past_get(struct store *s, const char *name, struct filter_past *past, GError **error);
void filter_past_clear(struct filter_past *past);

#endif
