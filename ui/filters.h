/* SPDX-License-Identifier: MIT
 *
 * The filters of the dotfile for letters that have come, as the store runs them. */
#ifndef DEWEY_UI_FILTERS_H
#define DEWEY_UI_FILTERS_H

#include "config/dotfile.h"
#include "store/filter.h"
#include "store/train.h"

/* GPtrArray of struct filter_rule, which it frees; borrows from d.  names: only these,
 * NULL-terminated; NULL: all, in their order. */
GPtrArray *filters_rules(const struct dotfile *d, char **names);

/* What the dotfile says of the spam program; borrows from d. */
struct train_programs filters_programs(const struct dotfile *d);

/* filter_run_due() with what filters do outside of the store: letters are sent on by
 * the account they came by, or the first that can send; ops->forward is set here. */
bool filters_run_due(const struct dotfile *d, struct store *s, struct filter_ops *ops,
	struct filter_result *result, GError **error);

/* The same for these messages, with some of the filters. */
struct filters_choice {
	char **names;      /* as above */
	const GArray *ids; /* of int64_t */
};
bool filters_run(const struct dotfile *d, struct store *s, const struct filters_choice *choice,
	struct filter_ops *ops, struct filter_result *result, GError **error);

#endif
