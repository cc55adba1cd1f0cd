/* SPDX-License-Identifier: MIT */
#include "smtp/policy.h"

#include <string.h>

#define BAD REPLY_BAD
#define LOST REPLY_LOST

static const struct policy rules[] = {
#define RULE(stage, from, to, enhanced, item, recipient, session, code)                            \
	{STAGE_##stage, from, to, enhanced, ITEM_##item, RCPT_##recipient, SESSION_##session,      \
		CODE_##code},
#include "smtp/policy.def"
#undef RULE
};

static bool matches(const struct policy *p, enum policy_stage stage, int code, const char *enhanced)
{
	return (p->stage == stage || p->stage == STAGE_ANY) && code >= p->from && code <= p->to &&
	       g_str_has_prefix(enhanced, p->enhanced);
}

const struct policy *policy_for(enum policy_stage stage, int code, const char *enhanced)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (matches(&rules[i], stage, code, enhanced))
			return &rules[i];
	/* The last row of the table takes every code there can be. */
	g_assert_not_reached();
}
