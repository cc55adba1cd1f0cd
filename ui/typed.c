/* SPDX-License-Identifier: MIT */
#include "ui/typed.h"

#include <string.h>
#include <sys/prctl.h>

#include "base/secret.h"

struct typed {
	GHashTable *secrets;  /* name → secret */
	GHashTable *declined; /* names */
};

static void wipe(void *data)
{
	secret_free(data);
}

struct typed *typed_new(void)
{
	struct typed *t = g_new0(struct typed, 1);
	t->secrets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, wipe);
	t->declined = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return t;
}

void typed_free(struct typed *t)
{
	if (!t)
		return;
	g_hash_table_unref(t->secrets);
	g_hash_table_unref(t->declined);
	g_free(t);
}

const char *typed_find(const struct typed *t, const char *name)
{
	return g_hash_table_lookup(t->secrets, name);
}

/* As the agents do, from the first secret on. */
static void harden(void)
{
#ifndef __SANITIZE_ADDRESS__ /* its leak checker has to look into us */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

void typed_keep(struct typed *t, const char *name, const char *text)
{
	typed_forget(t, name);
	if (!text) {
		g_hash_table_add(t->declined, g_strdup(name));
		return;
	}
	char *secret = g_strdup(text);
	harden();
	secret_lock(secret, strlen(secret));
	g_hash_table_insert(t->secrets, g_strdup(name), secret);
	g_hash_table_remove(t->declined, name);
}

void typed_forget(struct typed *t, const char *name)
{
	g_hash_table_remove(t->secrets, name);
}

bool typed_is_declined(const struct typed *t, const char *name)
{
	return g_hash_table_contains(t->declined, name);
}
