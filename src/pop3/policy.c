/* SPDX-License-Identifier: MIT */
#include "pop3/policy.h"

#include <string.h>

#include "agent/agent.h"
#include "pop3/namesakes.h"

#define DAY (24 * 60 * 60)

/* --- What to fetch and what to delete ------------------------------------------ */

static void step_clear(void *data)
{
	struct plan_step *step = data;
	g_clear_pointer(&step->uid, g_bytes_unref);
	g_clear_pointer(&step->likeness, g_free);
}

static void init_for(struct plan *plan, guint steps)
{
	*plan = (struct plan){0};
	plan->steps = g_array_sized_new(FALSE, FALSE, sizeof(struct plan_step), steps);
	g_array_set_clear_func(plan->steps, step_clear);
	plan->listed = g_array_sized_new(FALSE, FALSE, sizeof(int64_t), steps);
}

void plan_init(struct plan *plan)
{
	init_for(plan, 0);
}

GHashTable *plan_by_name(const struct plan *plan)
{
	GHashTable *table = g_hash_table_new(g_bytes_hash, g_bytes_equal);
	for (guint i = 0; i < plan->steps->len; i++) {
		struct plan_step *step = &g_array_index(plan->steps, struct plan_step, i);
		if (step->uid)
			g_hash_table_insert(table, step->uid, step);
	}
	return table;
}

void plan_clear(struct plan *plan)
{
	g_clear_pointer(&plan->steps, g_array_unref);
	g_clear_pointer(&plan->listed, g_array_unref);
	g_clear_pointer(&plan->unnamed, g_hash_table_unref);
}

GHashTable *policy_by_uid(const GPtrArray *known)
{
	GHashTable *table = g_hash_table_new(g_bytes_hash, g_bytes_equal);
	for (guint i = 0; i < known->len; i++) {
		struct uid_row *row = g_ptr_array_index(known, i);
		if (row->uid)
			g_hash_table_insert(table, row->uid, row);
	}
	return table;
}

/* Letters without UID that came before, and of whose deletion the server said
 * nothing: a session that was cut short brings them again. */
static GHashTable *unnamed_rows(const GPtrArray *known)
{
	GHashTable *table = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
	for (guint i = 0; i < known->len; i++) {
		const struct uid_row *row = g_ptr_array_index(known, i);
		if (row->uid || row->state == UID_FETCHING || row->state == UID_DEL_DONE)
			continue;
		GArray *rows = g_hash_table_lookup(table, row->sha256);
		if (!rows) {
			rows = g_array_new(FALSE, FALSE, sizeof(int64_t));
			g_hash_table_insert(table, g_strdup(row->sha256), rows);
		}
		g_array_append_val(rows, row->id);
	}
	return table;
}

bool plan_may_be_here(const struct plan *plan, const struct plan_step *step)
{
	return step->uid ? step->sha256[0] != '\0' : g_hash_table_size(plan->unnamed) > 0;
}

int64_t plan_row_of(struct plan *plan, const struct plan_step *step, const char *sha256)
{
	if (step->uid)
		return strcmp(step->sha256, sha256) == 0 ? step->row : 0;
	GArray *rows = g_hash_table_lookup(plan->unnamed, sha256);
	if (!rows || rows->len == 0)
		return 0;
	int64_t row = g_array_index(rows, int64_t, rows->len - 1);
	g_array_set_size(rows, rows->len - 1);
	return row;
}

struct rules {
	const struct pop3_drop *drop;
	const struct plan_input *in;
	GHashTable *rows; /* of struct uid_row, by UID */
	struct namesakes *names;
};

static bool is_among(GHashTable *ids, const struct uid_row *row)
{
	return ids && g_hash_table_contains(ids, &row->id);
}

static bool is_old(const struct rules *rules, const struct uid_row *row)
{
	return row->stored > 0 &&
	       rules->in->lived - row->stored >= (int64_t)rules->in->keep->days * DAY;
}

/* What to do with a letter that was fetched before.  A deletion that was owed
 * is made good, unless the user has changed to keeping everything. */
static enum plan_action old_letter(const struct rules *rules, const struct uid_row *row)
{
	bool owed = row->state != UID_STORED;
	/* What was never here is not deleted by how long it may stay (P-71). */
	if (row->state == UID_PREVIEW || row->state == UID_SKIPPED)
		return PLAN_LEAVE;
	if (row->state == UID_FETCHING || is_among(rules->in->again, row))
		return PLAN_FETCH;
	switch (rules->in->keep->kind) {
	case KEEP_NEVER:
		return PLAN_DELETE;
	case KEEP_DAYS:
		return owed || is_old(rules, row) ? PLAN_DELETE : PLAN_LEAVE;
	case KEEP_UNTIL_DELETED:
		return owed || is_among(rules->in->gone, row) ? PLAN_DELETE : PLAN_LEAVE;
	case KEEP_ALWAYS:
	default:
		return PLAN_LEAVE;
	}
}

/* A UID that comes back after its letter was gone may be another letter's: some
 * servers count from one again.  Nothing is deleted that was not fetched, so
 * that one is, and compared.  One that came back and was the same letter belongs
 * to a server that does not delete: it is not fetched each time (P-59). */
static bool is_doubtful(const struct uid_row *row)
{
	return row->likely || row->gone != 0 || (row->state == UID_DEL_DONE && row->returns == 0);
}

/* It was away, or the server said that it had deleted it. */
static bool was_away(const struct uid_row *row)
{
	return row->gone != 0 || (row->state == UID_DEL_DONE && row->returns == 0);
}

/* Of a letter that never was here nothing is known any more when it was away,
 * unless it looks the same. */
static bool is_forgotten(const struct pop3_message *m, const struct uid_row *row)
{
	return row->gone != 0 &&
	       (row->state == UID_SKIPPED ||
		       (row->state == UID_PREVIEW && namesakes_is_unlike(m, row)));
}

/* A letter that was deleted without being fetched has a row without a file. */
static bool was_unseen(const struct uid_row *row)
{
	return row->state != UID_FETCHING && row->state != UID_SKIPPED && row->base[0] == '\0';
}

/* Still there: what the server did not confirm is asked for again, what it did
 * is not brought back by a fetch.  With another size it is another letter, and
 * new: whoever deleted that one never saw this one. */
static enum plan_action unseen_letter(const struct pop3_message *m, const struct uid_row *row)
{
	if (row->gone != 0 || m->size != (uint64_t)row->size)
		return PLAN_FETCH;
	return row->state == UID_DEL_DONE ? PLAN_LEAVE : PLAN_DELETE;
}

static void plan_old_letter(
	struct plan_step *step, const struct rules *rules, const struct uid_row *row)
{
	step->row = row->id;
	step->returned = row->state == UID_DEL_DONE && row->gone == 0;
	if (was_unseen(row)) {
		step->action = unseen_letter(step->message, row);
		step->away = step->action == PLAN_FETCH;
		return;
	}
	step->action = old_letter(rules, row);
	/* RFC 1939 section 7 lets a server use a UID again once its letter is gone,
	 * which may have been between two sessions.  What is unlike in size is
	 * fetched, and compared. */
	bool unlike = row->sha256[0] && namesakes_is_unlike(step->message, row);
	step->away = row->sha256[0] && was_away(row) && row->state != UID_PREVIEW;
	step->stays = step->action == PLAN_LEAVE && unlike && step->away;
	bool doubtful = step->action == PLAN_DELETE && (unlike || is_doubtful(row));
	if (!doubtful && !step->stays)
		return;
	step->action = PLAN_FETCH;
	g_strlcpy(step->sha256, row->sha256, sizeof step->sha256);
}

static bool keeps_nothing(const struct keep_policy *keep)
{
	return keep->kind == KEEP_NEVER || (keep->kind == KEEP_DAYS && keep->days == 0);
}

/* A letter without a UID cannot be known again: it is fetched only if it can
 * be deleted at once. */
static enum plan_action new_letter(
	struct plan *plan, const struct pop3_drop *drop, const struct pop3_message *m)
{
	if (m->uid || plan->delete_fetched)
		return PLAN_FETCH;
	if (drop->has_last)
		return m->number > drop->last ? PLAN_FETCH : PLAN_LEAVE;
	plan->nameless++;
	return PLAN_LEAVE;
}

static void count_step(struct plan *plan, const struct plan_step *step)
{
	uint64_t sum;
	switch (step->action) {
	case PLAN_FETCH:
		plan->fetch++;
		/* Sizes are hints, and may be any number (P-44, P-45). */
		if (!__builtin_add_overflow(plan->octets, step->message->size, &sum))
			plan->octets = sum;
		break;
	case PLAN_PREVIEW:
		plan->preview++;
		break;
	case PLAN_DELETE:
		plan->delete ++;
		break;
	case PLAN_LEAVE:
		plan->leave++;
		break;
	}
}

void plan_count(struct plan *plan)
{
	plan->fetch = plan->preview = plan->delete = plan->leave = 0;
	plan->octets = 0;
	for (guint i = 0; i < plan->steps->len; i++)
		count_step(plan, &g_array_index(plan->steps, struct plan_step, i));
}

static void add_step(struct plan *plan, const struct rules *rules, const struct pop3_message *m)
{
	struct plan_step step = {.message = m, .uid = namesakes_name(rules->names, m)};
	const struct uid_row *row = step.uid ? g_hash_table_lookup(rules->rows, step.uid) : NULL;
	if (row && is_forgotten(m, row))
		row = NULL;
	if (row) {
		plan_old_letter(&step, rules, row);
		g_array_append_val(plan->listed, row->id);
	} else {
		step.action = new_letter(plan, rules->drop, m);
	}
	if (step.action == PLAN_DELETE && rules->in->delete_nothing)
		step.action = PLAN_LEAVE;
	g_array_append_val(plan->steps, step);
	count_step(plan, &step);
}

static bool is_fingerprint(GBytes *uid)
{
	gsize len;
	const char *text = g_bytes_get_data(uid, &len);
	size_t n = strlen(POP3_FINGERPRINT);
	return len >= n && memcmp(text, POP3_FINGERPRINT, n) == 0;
}

/* Whether the server had UIDs of its own within the last days. */
static bool had_uids(const GPtrArray *known, int64_t now)
{
	for (guint i = 0; now > 0 && i < known->len; i++) {
		const struct uid_row *row = g_ptr_array_index(known, i);
		bool own = row->uid && !is_fingerprint(row->uid);
		if (own && row->state == UID_STORED && !row->gone && row->seen > now - 7 * DAY)
			return true;
	}
	return false;
}

/* LAST alone says when a letter was read, not which it is: it may stay, but
 * nothing that depends on its age can be done. */
static bool check_uids(const struct pop3_drop *drop, const struct plan_input *in, GError **error)
{
	bool own = drop->has_uids && !drop->fingerprints;
	if (own || drop->messages->len == 0)
		return true;
	if (had_uids(in->known, in->now)) {
		g_set_error(error, POP3_ERROR, POP3_ERROR_TEMPORARY,
			_("the server gives no UIDL now, as it did before, and every letter would "
			  "come a second time; if it stays so, letters are fetched again after "
			  "a week"));
		return false;
	}
	bool by_last = drop->has_last && in->keep->kind == KEEP_ALWAYS;
	if (drop->has_uids || by_last || keeps_nothing(in->keep))
		return true;
	g_set_error(error, POP3_ERROR, POP3_ERROR_CONFIG,
		_("the server has neither UIDL nor TOP, so letters left on it could not be told "
		  "from new ones; keep = never fetches them and deletes them there"));
	return false;
}

bool plan_make(struct plan *plan, const struct pop3_drop *drop, const struct plan_input *in,
	GError **error)
{
	init_for(plan, drop->messages->len);
	plan->delete_fetched = keeps_nothing(in->keep);
	plan->unnamed = unnamed_rows(in->known);
	if (!check_uids(drop, in, error))
		return false;
	g_autoptr(GHashTable) rows =
		in->by_uid ? g_hash_table_ref(in->by_uid) : policy_by_uid(in->known);
	g_autoptr(namesakes) names = namesakes_new(drop, rows);
	struct rules rules = {drop, in, rows, names};
	for (guint i = 0; i < drop->messages->len; i++)
		add_step(plan, &rules, &g_array_index(drop->messages, struct pop3_message, i));
	return true;
}

bool plan_name(
	struct plan *plan, const struct pop3_drop *drop, const GPtrArray *known, GError **error)
{
	static const struct keep_policy keep = {.kind = KEEP_ALWAYS};
	struct plan_input in = {.known = known, .keep = &keep};
	return plan_make(plan, drop, &in, error);
}

/* --- Before the server is asked -------------------------------------------------- */

/* A clock that was ahead for a while makes ages that nobody lived through, and so
 * does one that was behind; a machine that was off for a week looks the same as
 * the first.  So what was old before the jump may go, and the rest waits until the
 * clock has shown for a day that it means it. */
int64_t policy_lived(struct maildrop *m, int64_t now)
{
	int64_t before = m->visited;
	m->visited = now;
	if (before == 0)
		return now;
	if (now < before - DAY) {
		m->jumped = 0;
		return 0;
	}
	if (m->jumped && now - m->jumped >= DAY)
		m->jumped = 0;
	if (now > before + DAY && !m->jumped) {
		m->jumped = now;
		m->base = before;
	}
	return m->jumped ? MIN(now, m->base + DAY) : now;
}

int64_t policy_delay(const struct maildrop *m, int64_t now)
{
	int64_t since = now - m->visited;
	return since >= 0 && since < m->delay ? m->delay - since : 0;
}

enum { MANY_GONE = 20 };

bool policy_believes_gone(guint kept, guint gone, int64_t letters)
{
	return letters > 0 && (gone < MANY_GONE || gone <= kept / 2);
}

bool policy_is_kept(const struct uid_row *row)
{
	return row->uid && row->base[0] && row->state == UID_STORED && row->gone == 0;
}

bool policy_is_there(const struct uid_row *row)
{
	return policy_is_kept(row) ||
	       (row->uid && row->base[0] && row->state == UID_PREVIEW && row->gone == 0);
}

bool policy_came(const struct uid_row *row)
{
	return row->base[0] && row->state != UID_FETCHING && row->state != UID_SKIPPED;
}

enum { MANY_KNOWN = 20 };

/* As it is on nearly all days: the first letter is the one that was there before. */
static bool first_is_known(const GPtrArray *known, const struct pop3_drop *drop)
{
	GBytes *uid = drop->messages->len > 0
			      ? g_array_index(drop->messages, struct pop3_message, 0).uid
			      : NULL;
	for (guint i = 0; uid && i < known->len; i++) {
		const struct uid_row *row = known->pdata[i];
		if (row->uid && g_bytes_equal(row->uid, uid))
			return true;
	}
	return false;
}

bool policy_all_is_new(const GPtrArray *known, const struct pop3_drop *drop)
{
	guint kept = 0;
	if (first_is_known(known, drop))
		return false;
	g_autoptr(GHashTable) listed = g_hash_table_new(g_bytes_hash, g_bytes_equal);
	for (guint i = 0; i < drop->messages->len; i++) {
		GBytes *uid = g_array_index(drop->messages, struct pop3_message, i).uid;
		if (uid)
			g_hash_table_add(listed, uid);
	}
	for (guint i = 0; i < known->len; i++) {
		const struct uid_row *row = known->pdata[i];
		if (row->uid && g_hash_table_contains(listed, row->uid))
			return false;
		kept += policy_is_there(row);
	}
	return kept >= MANY_KNOWN && g_hash_table_size(listed) > 0;
}

/* --- What an error means ------------------------------------------------------- */

static const enum wire_code pop3_codes[] = {
	[POP3_ERROR_PROTOCOL] = CODE_PROTOCOL,
	[POP3_ERROR_AUTH] = CODE_AUTH,
	[POP3_ERROR_BUSY] = CODE_BUSY,
	[POP3_ERROR_TEMPORARY] = CODE_TEMPORARY,
	[POP3_ERROR_REFUSED] = CODE_REFUSED,
	[POP3_ERROR_TLS] = CODE_TLS,
	[POP3_ERROR_CONFIG] = CODE_CONFIG,
	[POP3_ERROR_TOO_LARGE] = CODE_LIMIT,
	[POP3_ERROR_UTF8] = CODE_REFUSED,
};

enum wire_code policy_code(const GError *error)
{
	if (error->domain == POP3_ERROR && (size_t)error->code < G_N_ELEMENTS(pop3_codes))
		return pop3_codes[error->code];
	return agent_code(error);
}
