/* SPDX-License-Identifier: MIT */
#include "demo/maildrop.h"

#include <gio/gio.h>
#include <string.h>

#include "base/clock.h"

#define LETTERS "/dewey/demo/letters"

struct maildrop {
	GMutex mutex;
	GPtrArray *letters;
	guint next_uid;
	bool locked;
};

struct letter *letter_ref(struct letter *l)
{
	g_ref_count_inc(&l->refs);
	return l;
}

void letter_unref(struct letter *l)
{
	if (!g_ref_count_dec(&l->refs))
		return;
	g_free(l->text);
	g_free(l);
}

struct maildrop *maildrop_new(void)
{
	struct maildrop *m = g_new0(struct maildrop, 1);
	g_mutex_init(&m->mutex);
	m->letters = g_ptr_array_new_with_free_func((GDestroyNotify)letter_unref);
	m->next_uid = 1;
	return m;
}

static GString *with_crlf(const char *text, size_t len)
{
	GString *out = g_string_sized_new(len + 64);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
			g_string_append_c(out, '\r');
		g_string_append_c(out, text[i]);
	}
	if (out->len > 0 && out->str[out->len - 1] != '\n')
		g_string_append(out, "\r\n");
	return out;
}

void maildrop_add(struct maildrop *m, const char *text, size_t len)
{
	struct letter *l = g_new0(struct letter, 1);
	GString *crlf = with_crlf(text, len);
	g_ref_count_init(&l->refs);
	l->len = crlf->len;
	l->text = g_string_free(crlf, FALSE);
	g_mutex_lock(&m->mutex);
	l->uid = m->next_uid++;
	g_ptr_array_add(m->letters, l);
	g_mutex_unlock(&m->mutex);
}

GPtrArray *maildrop_lock(struct maildrop *m)
{
	GPtrArray *all = NULL;
	g_mutex_lock(&m->mutex);
	if (!m->locked) {
		m->locked = true;
		all = g_ptr_array_new_with_free_func((GDestroyNotify)letter_unref);
		for (guint i = 0; i < m->letters->len; i++)
			g_ptr_array_add(all, letter_ref(g_ptr_array_index(m->letters, i)));
	}
	g_mutex_unlock(&m->mutex);
	return all;
}

void maildrop_unlock(struct maildrop *m)
{
	g_mutex_lock(&m->mutex);
	m->locked = false;
	g_mutex_unlock(&m->mutex);
}

void maildrop_remove(struct maildrop *m, guint uid)
{
	g_mutex_lock(&m->mutex);
	for (guint i = 0; i < m->letters->len; i++) {
		struct letter *l = g_ptr_array_index(m->letters, i);
		if (l->uid == uid) {
			g_ptr_array_remove_index(m->letters, i);
			break;
		}
	}
	g_mutex_unlock(&m->mutex);
}

/* Not strftime: a date of a letter does not follow the locale. */
char *maildrop_date(gint64 seconds_ago)
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec"};
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(clock_now() - seconds_ago);
	return g_strdup_printf("%s, %d %s %d %02d:%02d:%02d +0000",
		days[g_date_time_get_day_of_week(t) - 1], g_date_time_get_day_of_month(t),
		months[g_date_time_get_month(t) - 1], g_date_time_get_year(t),
		g_date_time_get_hour(t), g_date_time_get_minute(t), g_date_time_get_second(t));
}

static gint64 unit_seconds(char unit)
{
	return unit == 'd' ? 86400 : unit == 'h' ? 3600 : 60;
}

/* The letters are in many charsets, so this works on octets. */
static void add_sample(struct maildrop *m, const char *text, size_t len)
{
	static const char mark[] = "Date: @-";
	const char *at = g_strstr_len(text, (gssize)len, mark);
	char *unit;
	g_assert(at); /* every letter in letters/ has one */
	gint64 n = g_ascii_strtoll(at + strlen(mark), &unit, 10);
	g_autofree char *date = maildrop_date(n * unit_seconds(*unit));
	g_autoptr(GString) out = g_string_new_len(text, at - text);
	g_assert(unit[1] == '@');
	g_string_append_printf(out, "Date: %s", date);
	g_string_append_len(out, unit + 2, text + len - (unit + 2));
	maildrop_add(m, out->str, out->len);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool maildrop_add_samples(struct maildrop *m, GError **error)
{
	g_auto(GStrv) names = g_resources_enumerate_children(LETTERS, 0, error);
	if (!names)
		return false;
	qsort(names, g_strv_length(names), sizeof *names, by_name);
	for (char **name = names; *name; name++) {
		g_autofree char *path = g_strconcat(LETTERS "/", *name, NULL);
		g_autoptr(GBytes) bytes = g_resources_lookup_data(path, 0, error);
		gsize len;
		if (!bytes)
			return false;
		const char *text = g_bytes_get_data(bytes, &len);
		add_sample(m, text, len);
	}
	return true;
}
