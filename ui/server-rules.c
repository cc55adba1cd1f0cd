/* SPDX-License-Identifier: MIT */
#include "ui/server-rules.h"

#include <string.h>

struct rule {
	char *query;
	enum filter_do what;
};

static void rule_clear(void *data)
{
	g_free(((struct rule *)data)->query);
}

GArray *server_rules_new(const struct dotfile *d, const char *account)
{
	const GPtrArray *filters = dotfile_filters(d);
	GArray *rules = g_array_new(FALSE, FALSE, sizeof(struct rule));
	g_array_set_clear_func(rules, rule_clear);
	for (guint i = 0; filters && i < filters->len; i++) {
		const struct dotfile_filter *f = filters->pdata[i];
		struct rule rule = {NULL, f->what};
		if (f->account && strcmp(f->account, account) != 0)
			continue;
		rule.query = g_strdup(f->query);
		g_array_append_val(rules, rule);
	}
	return rules;
}

bool server_rules_apply(const GArray *rules, struct drop *d, GHashTable *undecided,
	void (*decide)(void *row, enum filter_do what), GError **error)
{
	for (guint i = 0; i < rules->len && g_hash_table_size(undecided) > 0; i++) {
		const struct rule *rule = &g_array_index(rules, struct rule, i);
		g_autoptr(GArray) ids = drop_match(d, rule->query, error);
		if (!ids)
			return false;
		for (guint n = 0; n < ids->len; n++) {
			int64_t id = g_array_index(ids, int64_t, n);
			void *row = g_hash_table_lookup(undecided, &id);
			if (!row)
				continue;
			decide(row, rule->what);
			g_hash_table_remove(undecided, &id);
		}
	}
	return true;
}
