/* SPDX-License-Identifier: MIT
 *
 * Words that speak of an attachment, with those of the dotfile's default. */
#include "base/base.h"

#include "compose/mention.h"
#include "config/dotfile.h"

static const struct {
	const char *name, *body, *found;
} rows[] = {
	{"english", "Please find the report attached.\n", "attached"},
	{"capital", "Attachment: the report\n", "Attachment"},
	{"enclosed", "see the enclosed list", "enclosed"},
	{"russian", "Добрый день! Прилагаю отчёт.\n", "Прилагаю"},
	{"another ending", "Файл во вложении", "вложении"},
	{"a participle", "Отчёт прикреплён к письму", "прикреплён"},
	{"without its dots", "Отчет прикреплен к письму", "прикреплен"},
	{"in capitals", "ОТЧЁТ ПРИКРЕПЛЁН", "ПРИКРЕПЛЁН"},
	{"behind a bracket", "(attached)", "attached"},
	{"nothing of the kind", "Where do we walk on Saturday?\n", NULL},
	{"part of a word", "an unattached house, предложение, приложение для телефона\n", NULL},
	{"quoted", "> I have attached it.\nThank you.\n", NULL},
	{"own below a quote", "> Where is it?\nIt is attached.\n", "attached"},
	{"signature", "Yours\n-- \nall that is attached is yours\n", NULL},
	{"sent on", "See below.\n\n---------- Forwarded letter ----------\nattached\n", NULL},
	{"empty", "", NULL},
	{"not utf-8", "attached \xFF", NULL},
};

static void test_row(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	struct dotfile *d = dotfile_new_empty();
	const char *const *words = (const char *const *)dotfile_writing(d)->attachment_words;
	g_autofree char *found = mention_find(rows[i].body, words);
	g_assert_cmpstr(found, ==, rows[i].found);
	dotfile_free(d);
}

static void test_own_words(void)
{
	static const char *const words[] = {"anbei", NULL}, *const none[] = {NULL};
	g_autofree char *found = mention_find("Anbei der Bericht, attached", words);
	g_assert_cmpstr(found, ==, "Anbei");
	g_assert_null(mention_find("Anbei der Bericht, attached", none));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/mention/S-76 ", rows[i].name, NULL);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_row);
	}
	g_test_add_func("/mention/S-76 words of one's own", test_own_words);
	return g_test_run();
}
