/* SPDX-License-Identifier: MIT
 *
 * Guessing charsets, and decoding without losing an octet silently. */
#include "base/base.h"

#include <string.h>

#include "mime/charset.h"
#include "mime/header.h"
#include "mime/link.h"
#include "mime/parameter.h"
#include "mime/text.h"

/* Short texts as people write them: 20 letters and more, where the detectors
 * of the world are weak. */
static const char *const russian[] = {
	"Привет, как дела? Давно не виделись.",
	"Добрый день! Высылаю обещанный файл.",
	"Встреча переносится на четверг, в пять.",
	"С днём рождения, дорогая Анна Сергеевна!",
	"СРОЧНО! ПОЗВОНИТЕ В БУХГАЛТЕРИЮ ДО ОБЕДА",
	"Спасибо, получил. Посмотрю вечером и отвечу.",
	"Договор подписан, оригиналы отправили почтой.",
	"Re: отчёт за март, исправленный вариант",
	"Не забудь купить хлеба, молока и чаю",
	"Уважаемые коллеги, напоминаю о собрании.",
	"Поезд приходит в 18:40 на второй путь.",
	"Ошибка в программе: файл не найден",
	"Съешь ещё этих мягких булок",
	"Не знаю, что и думать",
	"ОТКРЫТИЕ ВЫСТАВКИ ЗАВТРА В ПОЛДЕНЬ",
	"Цена: 1200 руб. за штуку (без доставки)",
	"Книга лежит у него. Книга лежит у него?", /* К is MacCyrillic's no-break space */
};

static void test_guess(void)
{
	static const char *const names[][2] = {{"KOI8-R", "koi8-r"}, {"CP1251", "windows-1251"},
		{"CP866", "cp866"}, {"ISO-8859-5", "iso-8859-5"}, {"UTF-8", "utf-8"},
		{"MAC-CYRILLIC", "mac-cyrillic"}};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(russian) * G_N_ELEMENTS(names); i++) {
		const char *text = russian[i % G_N_ELEMENTS(russian)];
		const char *const *name = names[i / G_N_ELEMENTS(russian)];
		gsize len;
		struct charset_used used;
		g_autofree char *octets = g_convert(text, -1, name[0], "UTF-8", NULL, &len, NULL);
		g_autofree char *got = charset_decode(c, octets, len, NULL, &used);
		g_test_message("'%s' in %s as %s", text, name[0], used.name);
		g_assert_cmpstr(got, ==, text);
		g_assert_true(used.guessed);
		/* Capitals are the same octets in CP866 and MacCyrillic. */
		if (strcmp(name[1], "mac-cyrillic") != 0)
			g_assert_cmpstr(used.name, ==, name[1]);
	}
}

/* Each text under each wrong label is read all the same. */
static void test_wrong_label(void)
{
	static const char *const names[][2] = {{"KOI8-R", "koi8-r"}, {"CP1251", "windows-1251"},
		{"CP866", "cp866"}, {"ISO-8859-5", "iso-8859-5"}, {"UTF-8", "utf-8"}};
	static const char *const labels[] = {"koi8-r", "windows-1251", "iso-8859-1", "us-ascii", "utf-8",
		"x-unknown", "cp866", "iso-8859-5", "utf-16", "iso-2022-jp", "utf-7"};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(russian) * G_N_ELEMENTS(names); i++) {
		const char *text = russian[i % G_N_ELEMENTS(russian)];
		const char *const *name = names[i / G_N_ELEMENTS(russian)];
		gsize len;
		g_autofree char *octets = g_convert(text, -1, name[0], "UTF-8", NULL, &len, NULL);
		for (size_t k = 0; k < G_N_ELEMENTS(labels); k++) {
			g_autofree char *got = charset_decode(c, octets, len, labels[k], NULL);
			g_test_message("'%s' in %s as %s", text, name[0], labels[k]);
			g_assert_cmpstr(got, ==, text);
		}
	}
}

/* row: its label, iconv's name of that, the text */
static void keeps_label(struct charsets *c, const char *const *row, struct charset_used *used)
{
	gsize len;
	g_autofree char *octets = g_convert(row[2], -1, row[1], "UTF-8", NULL, &len, NULL);
	g_autofree char *got = charset_decode(c, octets, len, row[0], used);
	g_assert_cmpstr(got, ==, row[2]);
	g_assert_false(used->guessed);
}

/* Text of other languages is not taken for Russian. */
static void test_not_russian(void)
{
	static const char *const rows[][3] = {
		{"windows-1252", "CP1252", "Voilà une lettre très élégante, n'est-ce pas?"},
		{"windows-1252", "CP1252", "Größe und Maße: für Übermut schön häßlich"},
		{"windows-1252", "CP1252", "El niño comió mañana con la señora Ibáñez"},
		{"windows-1252", "CP1252", "a\302\240\302\240b \302\240c\302\240\302\240 d \302\240\302\240e"},
		{"koi8-r", "KOI8-R", "Схема ниже\n──────────────────────────\nда"},
		{"iso-8859-2", "ISO-8859-2", "Zażółć gęślą jaźń, proszę pana"},
	};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct charset_used used;
		keeps_label(c, rows[i], &used);
	}
}

/* Latin letters without a label: the language whose alphabet has them all. */
static void test_latin(void)
{
	static const char *const rows[][2] = {
		{"CP1250", "Dzień dobry, proszę o przesłanie faktury. Dziękuję bardzo"},
		{"ISO-8859-2", "Zażółć gęślą jaźń, proszę pana"},
		{"CP1250", "Dobrý den, posílám slíbený soubor. Příště přijedu dřív"},
		{"ISO-8859-2", "Dobrý den, posílám slíbený soubor. Příště přijedu, že"},
		{"CP1250", "Dobar dan, šaljem obećani dokument. Vidimo se u četvrtak"},
		{"CP1250", "Jó napot kívánok, küldöm a kért fájlt, őszintén"},
		{"ISO-8859-2", "Bună ziua, vă trimit fişierul promis. Mulţumesc"},
		{"ISO-8859-9", "Merhaba, toplantı yarın saat onda. Görüşürüz, teşekkürler"},
		{"CP1257", "Laba diena, siunčiu žadėtą failą. Ačiū, iki pasimatymo"},
		{"CP1252", "Voilà une lettre très élégante, n’est-ce pas?"},
		{"CP1252", "El niño comió mañana con la señora Ibáñez ¿Qué?"},
		{"CP1252", "Perché no? È già lunedì, così può andare giù"},
		{"CP1252", "Það er ekki rétt, ég þarf að fara núna"},
		{"CP1252", "Müller trifft François in Malmö, 5 m³ für 10 €"},
		{"CP1252", "Head: 20 °C – “quoted” ± 5 µm"},
	};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		gsize len;
		g_autofree char *octets =
			g_convert(rows[i][1], -1, rows[i][0], "UTF-8", NULL, &len, NULL);
		g_autofree char *got = charset_decode(c, octets, len, NULL, NULL);
		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

/* A label that is right stays, in all the languages of its letters. */
static void test_right_label(void)
{
	static const char *const rows[][3] = {
		{"koi8-u", "KOI8-U", "%s існує, але не є каталогом"},
		{"windows-1251", "CP1251", "регуларни израз је предугачак"},
		{"windows-1251", "CP1251", "Файлът не е намерен, опитайте пак"},
		{"windows-1251", "CP1251", "Гэты файл ужо ёсць, выберыце іншы"},
		{"iso-8859-7", "ISO-8859-7", "Το αρχείο δεν βρέθηκε"},
		{"iso-8859-8", "ISO-8859-8", "הקובץ לא נמצא"},
		{"koi8-r", "KOI8-R", "я"}, {"cp866", "CP866", "Да"}, {"mac-cyrillic", "MAC-CYRILLIC", "Нет"},
		{"utf-8", "UTF-8", "%s існує, але не є каталогом"},
		{"utf-8", "UTF-8", "регуларни израз је предугачак"},
		{"utf-8", "UTF-8", "Voilà «Ça», naïveté, À « Ü »"},
		{"windows-1252", "CP1252", "MÃE: NÃO À «ÇA», Î»"},
	};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct charset_used used;
		keeps_label(c, rows[i], &used);
		g_assert_cmpstr(used.name, ==, rows[i][0]);
		g_assert_null(used.mended);
	}
}

/* Encoded twice: read in a wrong charset in between. */
static void test_twice(void)
{
	static const char *const ways[][3] = {{"UTF-8", "CP1251", "windows-1251"},
		{"UTF-8", "KOI8-R", "koi8-r"}, {"UTF-8", "CP866", "cp866"},
		{"KOI8-R", "CP1251", "windows-1251"}, {"CP1251", "KOI8-R", "koi8-r"},
		{"CP1251", "ISO-8859-1", "windows-1252"}, {"KOI8-R", "ISO-8859-1", "windows-1252"},
		{"CP866", "CP1251", "windows-1251"}};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(russian) * G_N_ELEMENTS(ways); i++) {
		const char *text = russian[i % G_N_ELEMENTS(russian)];
		const char *const *way = ways[i / G_N_ELEMENTS(russian)];
		gsize len;
		struct charset_used used;
		g_autofree char *first = g_convert(text, -1, way[0], "UTF-8", NULL, &len, NULL);
		g_autofree char *twice = g_convert(first, (gssize)len, "UTF-8", way[1], NULL, &len, NULL);
		if (!twice)
			continue; /* an octet that the wrong charset has not: lost for good */
		g_autofree char *got = charset_decode(c, twice, len, "utf-8", &used);
		g_test_message("'%s' in %s taken for %s: %s", text, way[0], way[1], twice);
		g_assert_cmpstr(got, ==, text);
		g_assert_cmpstr(used.mended, ==, way[2]);
	}
}

/* Only the lines that went wrong are mended; Western text too; and twice over. */
static void test_mended_lines(void)
{
	static const char *const rows[][2] = {
		{"Bient\303\203\302\264t l'\303\203\302\251t\303\203\302\251", "Bientôt l'été"},
		{"Caf\303\203\302\251", "Café"},
		{"\303\242\342\202\254\305\223quoted\303\242\342\202\254\302\235", "“quoted”"},
	};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct charset_used used;
		g_autofree char *got =
			charset_decode(c, rows[i][0], strlen(rows[i][0]), "utf-8", &used);
		g_assert_cmpstr(got, ==, rows[i][1]);
	}
	g_autofree char *bad = g_convert("> Привет, как дела?", -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
	g_autofree char *mixed = g_strconcat("Пишет сосед:\n", bad, "\nда\n", NULL);
	g_autofree char *got = charset_decode(c, mixed, strlen(mixed), "utf-8", NULL);
	g_assert_cmpstr(got, ==, "Пишет сосед:\n> Привет, как дела?\nда\n");
	g_autofree char *worse = g_convert(mixed, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
	g_autofree char *again = charset_decode(c, worse, strlen(worse), "utf-8", NULL);
	g_assert_cmpstr(again, ==, "Пишет сосед:\n> Привет, как дела?\nда\n");
}

static void test_candidates(void)
{
	const char *text = "Добрый день! Высылаю обещанный файл.";
	g_autoptr(charsets) c = charsets_new();
	gsize len;
	g_autofree char *octets = g_convert(text, -1, "KOI8-R", "UTF-8", NULL, &len, NULL);
	g_autoptr(GPtrArray) names = charset_candidates(c, octets, len, "iso-8859-1");
	g_assert_cmpuint(names->len, >=, 6);
	g_assert_cmpstr(names->pdata[0], ==, "koi8-r");
	g_assert_cmpstr(names->pdata[1], ==, "windows-1252");
	for (guint i = 0; i < names->len; i++)
		for (guint k = 0; k < i; k++)
			g_assert_cmpstr(names->pdata[i], !=, names->pdata[k]);
	g_autoptr(GPtrArray) none = charset_candidates(c, "plain", 5, "koi8-r");
	g_assert_cmpuint(none->len, ==, 0);
}

/* M-12: a long quotation in ASCII stands before the words that are to be read. */
static void test_late_candidates(void)
{
	g_autoptr(charsets) c = charsets_new();
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 500; i++)
		g_string_append(text, "> somebody wrote this\n");
	g_string_append(text, "\xD7\xD9\xD3\xD9\xCC\xC1\xC0 \xCF\xC2\xC5\xDD\xC1\xCE\xCE\xD9\xCA\n");
	g_autoptr(GPtrArray) names = charset_candidates(c, text->str, text->len, "koi8-r");
	g_assert_cmpuint(names->len, >=, 5);
	g_assert_cmpstr(names->pdata[0], ==, "koi8-r");
}

struct octets {
	const char *data;
	size_t len;
	const char *label, *wanted;
};

/* M-12: what cannot be decoded is seen. */
static void test_undecodable(void)
{
	static const struct octets rows[] = {
		{"\xC3\xA9\xFF\xC3\xA8\xC3\xA9\xC3\xA8\xC3\xA9", 11, "utf-8", "é�èéèé"},
		{"a\0b", 3, NULL, "a�b"},
		{"\xD0\x9F\xD1\x80\xD0", 5, "utf-8", "Пр�"},
		{"\xED\xA0\x80\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
		 "\xC3\xA9\xC3\xA9", 27, "utf-8", "���éééééééééééé"},
		{"+ADw-b+AD4-", 11, "utf-7", "+ADw-b+AD4-"},
		{"\xB0\xA1\xB0\xA1\xB0\xA1\xB0\xA1\xB0\xA1\xB0\xA1\xB0\xA1\xB0\xA1\xB0\xA1\xB0\xA1\xFF", 21,
			"euc-kr", "가가가가가가가가가가�"},
		{"\0a\0b", 4, "utf-16be", "ab"},
		{"a\0b\0", 4, "utf-16", "ab"},
		{"\0a\0b", 4, "utf-16", "ab"},
		{"\xFE\xFF\0a", 4, "utf-16", "a"},
		{"\xFF\xFE" "a\0", 4, NULL, "a"},
		{"\x1F\x04@\x04", 4, "utf-16", "Пр"},
		{"a\0b\0c\0d\0", 8, NULL, "abcd"},
		{"\0\0\0a", 4, "utf-32be", "a"},
		{"\xFF\xFE\0\0a\0\0\0", 8, "utf-32", "a"},
		{"plain", 5, "utf-16", "plain"},
		{"~{VPND~} a~~b\n~{VP\nVP", 21, "hz-gb-2312", "中文 a~b\n中\nVP"},
		{"\x1B$B$3$s\x1B(B x", 12, "iso-2022-jp", "こん x"},
		{"\x1B$B$3$s", 7, NULL, "こん"},
		/* Its last letter waits for an accent. */
		{"\xD0\xE2y l\xE0 \xE1o B", 11, "windows-1258", "Đây là áo B"},
		{"\xB0\xA1\x81\x30\x89\x38", 6, "gb18030", "啊ß"},
		{"\xC0\xAF\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9",
			20, "utf-8", "��ééééééééé"},
	};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got =
			charset_decode(c, rows[i].data, rows[i].len, rows[i].label, NULL);
		g_assert_cmpstr(got, ==, rows[i].wanted);
	}
}

static void test_labels(void)
{
	static const char *const rows[][2] = {{"UTF8", "utf-8"}, {"utf_8", "utf-8"},
		{"\"KOI8-R\"", "koi8-r"}, {"cp-1251", "windows-1251"}, {"Windows 1251", "windows-1251"},
		{"x-cp1251", "windows-1251"}, {"iso-8859-1", "windows-1252"}, {"csKOI8R", "koi8-r"},
		{"ks_c_5601-1987", "euc-kr"}, {"gb2312", "gb18030"}, {"ISO_8859-5:1988", NULL},
		{"utf-7", NULL}, {"HZ-GB-2312", "hz-gb-2312"}, {"x-unknown", NULL}, {"", NULL}, {"ISO-2022-CN-EXT", NULL},
		{"UTF-8*ru", "utf-8"}, {"cs", NULL}, {"x-cs", NULL}, {"-", NULL}};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpstr(charset_known(rows[i][0]), ==, rows[i][1]);
	g_assert_null(charset_known(NULL));
}

/* M-07 */
static void test_header(void)
{
	static const char *const rows[][2] = {
		{" plain\r\n", "plain"},
		{" a\r\n b\n\tc\n", "a b c"},
		{"=?utf-8?B?0J8=?= =?utf-8?B?0Lg=?=", "Пи"},
		{"=?utf-8?Q?=D0?=\n =?utf-8?Q?=9F?=", "П"},
		{"=?utf-8?B?0J8=0Lg=?=", "Пи"},
		{"=?koi8-r?q?=F0?= =?utf-8?q?=D0=9F?=", "ПП"},
		{"a =?utf-8?q?b?= c", "a b c"},
		{"=?utf-8?q?a_b=20c?=", "a b c"},
		{"=?utf-8*ru?q?x?=", "x"},
		{"=?utf-8?q?", "=?utf-8?q?"},
		{"=?utf-8?x?a?=", "=?utf-8?x?a?="},
		{"=??q?a?=", "=??q?a?="},
		{"=?utf-8?q?" "?=", ""},
		{"=?utf-8?q?a=0Ab?=", "a\nb"},
		/* Broken by mailers: no end, blanks and folds inside, no padding, text. */
		{"=?utf-8?B?0J/RgNC40LLQtdGC", "Привет"},
		{"=?utf-8?B?0J/RgNC40LLQtdGC?", "Привет"},
		{"=?utf-8?Q?=D0=9F=D0=B8 x", "Пи x"},
		{"=?utf-8?Q?a b?=", "a b"},
		{"=?utf-8?Q?=D0\n =9F?=", "П"},
		{"=?utf-8?B?0J/R\n gNC4?=", "При"},
		{"=?utf-8?b?0J8?=", "П"},
		{"=?UTF-8?B?0J_RgA?=", "Пр"},
		{"=?utf-8?Q?Really?=3F_yes?=", "Really?? yes"},
		{"=?utf-8?Q?Really?" "?= yes", "Really? yes"},
		{"=?utf-8?Q?x?=abc", "xabc"},
		{"=?utf-8?B?\320\237\321\200\320\270?=", "При"},
		{"=?koi8-r?B?z/Tz5fT?= =?koi8-r?B?IA==?=", "оТСЕТ "},
		/* Of one that was encoded twice, and one that stands in another. */
		{"=?utf-8?Q?=3D=3Fkoi8-r=3FB=3F8NLJ18XU=3F=3D?=", "Привет"},
		{"=?utf-8?B?0KDRn9Ch0ILQoNGR0KDQhtCgwrXQoeKAmg==?=", "Привет"},
		{"\320\240\321\237\320\241\320\202\320\240\321\221\320\240\320\206\320\240\302\265\320\241\342\200\232", "Привет"},
		/* A wrong label. */
		{"=?iso-8859-1?Q?=F0=D2=C9=D7=C5=D4?=", "Привет"},
		{"=?windows-1251?B?8NLJ18XU?=, =?windows-1251?B?y8HLIMTFzME=?=", "Привет, как дела"},
		{"=?x-unknown?B?z/Do4uXy?=", "Привет"},
		{"=?us-ascii?Q?=D0=9F=D1=80?=", "Пр"},
	};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = header_decode(c, rows[i][0], NULL);
		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

/* Names of files: RFC 2231, RFC 2047, and what mailers make of them. */
static void test_parameter(void)
{
	static const char *const rows[][2] = {
		{"attachment; filename=a.txt", "a.txt"},
		{"attachment; size=1; FileName = \"a b.txt\"; x=y", "a b.txt"},
		{"attachment; filename=\"a\\\"b\\\\c\"", "a\"b\\c"},
		{"attachment; filename=\"C:\\dir\\a.txt\"", "C:\\dir\\a.txt"},
		{"attachment; filename=my file.txt", "my file.txt"},
		{"attachment; filename=my file.txt size=5", "my file.txt"},
		{"attachment; x=\"; filename=no\"; filename=yes", "yes"},
		{"attachment; filename*=koi8-r'ru'%F0%D2%C9%D7%C5%D4.txt", "Привет.txt"},
		{"attachment; filename*=utf-8''%D0%9F.txt; filename=P.txt", "П.txt"},
		{"attachment; filename=P.txt; filename*=utf-8''%D0%9F.txt", "П.txt"},
		{"attachment; filename*0*=utf-8''%D0%9F; filename*1*=%D1%80; filename*2=.txt", "Пр.txt"},
		{"attachment; filename*1*=%80; filename*0*=utf-8''%D0%9F%D1", "Пр"},
		{"attachment; filename*0=\"a\"; filename*2=\"c\"", "a"},
		{"attachment; filename*0=a; filename*999999999=b; filename*1=c", "ac"},
		{"attachment; filename*0=\"=?utf-8?B?0J/R\"; filename*1=\"gNC4?=\"", "При"},
		{"attachment; filename=\"=?koi8-r?B?8NLJ?= =?utf-8?B?0J8=?=.txt\"", "ПриП.txt"},
		{"attachment; filename==?koi8-r?Q?=F0_=D2?= =?utf-8?Q?=D0=9F;?=; x=y", "П рП;"},
		{"attachment; filename=\"=?utf-8?Q?=D0=9F?=\n =?windows-1251?Q?=F0?=.doc\"", "Пр.doc"},
		{"attachment; filename=\"\360\322\311\327\305\324.txt\"", "Привет.txt"},
		{"attachment; filename*=%D0%9F.txt", "П.txt"},
		{"attachment; filename*=''%D0%9F%D1%80.txt", "Пр.txt"},
		{"attachment; filename*=utf-8''a%00b.txt", "a�b.txt"},
		{"attachment; filename=\"a.txt", "a.txt"},
		{"attachment; filename=", ""},
		{"attachment; filenames=a", NULL}, {"attachment", NULL}, {"", NULL},
	};
	g_autoptr(charsets) c = charsets_new();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = parameter_get(c, rows[i][0], "filename", NULL);
		g_test_message("%s", rows[i][0]);
		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

static void test_fields(void)
{
	static const char block[] = "A: 1\nb : 2\n 3\nnot a field\n: no name\nA:4\nC:\n\n";
	g_autoptr(GPtrArray) fields = fields_parse(block, strlen(block));
	g_assert_cmpuint(fields->len, ==, 4);
	g_assert_cmpstr(fields_get(fields, "a", 0), ==, " 1\n");
	g_assert_cmpstr(fields_get(fields, "a", 1), ==, "4\n");
	g_assert_cmpstr(fields_get(fields, "B", 0), ==, " 2\n 3\n");
	g_assert_null(fields_get(fields, "a", 2));
}

/* RFC 3676 */
static void test_flowed(void)
{
	static const struct {
		const char *text, *wanted;
		bool flowed, delsp;
	} rows[] = {
		{"a \nb\n", "a b\n", true, false},
		{"a \nb\n", "ab\n", true, true},
		{"a \nb\n", "a \nb\n", false, false},
		{"> a \n> b\n", "> a b\n", true, false},
		{"> a \n>> b\n", "> a \n> > b\n", true, false},
		{"-- \nx\n", "-- \nx\n", true, false},
		{"a \n-- \nx\n", "a \n-- \nx\n", true, false},
		{" From\n", "From\n", true, false},
		{" x\n", " x\n", false, false},
		{">>a\n> > b\n>c\n", "> > a\n> > b\n> c\n", false, false},
		{"> a\n>\n> \n>> \n", "> a\n>\n>\n> >\n", false, false},
		{"> a \n>\n> b\n", "> a \n> b\n", true, false},
		{"a\r\nb\rc", "a\nb\nc\n", false, false},
		{"", "", true, false},
		{"a ", "a \n", true, false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = text_plain(rows[i].text, rows[i].flowed, rows[i].delsp);
		g_assert_cmpstr(got, ==, rows[i].wanted);
	}
}

/* M-61 */
static void test_suspicious(void)
{
	static const struct {
		const char *text, *url;
		bool suspicious;
	} rows[] = {
		{"https://bank.example.com/", "http://evil.example/", true},
		{"bank.example.com", "http://evil.example/", true},
		{"www.bank.example", "http://evil.example/", true},
		{"https://bank.example.com@evil.example/", "http://evil.example/", false},
		{"https://bank.example.com/", "https://bank.example.com@evil.example/", true},
		{"https://bank.example.com/", "https://www.bank.example.com/login", false},
		{"example.com", "https://news.example.com/x", false},
		{"notexample.com", "https://example.com/", true},
		{"Click here", "http://evil.example/", false},
		{"notes.txt", "http://files.example/notes.txt", false},
		{"ivan@example.org", "mailto:ivan@example.org", false},
		{"ivan@example.org", "mailto:ivan@evil.example", true},
		{"v1.2.3", "http://x.example/", false},
		{"", "http://x.example/", false},
		{"our site", "http://b\u0430nk.example/", true},
		{"our site", "http://xn--bnk-5cd.example/", true},
		{"наш сайт", "http://пример.рф/", false},
		{"here", "https://bank.example@evil.example/", true},
		{"here", "https://ivan@files.example/", false},
		{"write", "mailto:ivan.petrov@example.org", false},
		{"https://пример.рф/", "https://xn--e1afmkfd.xn--p1ai/", false},
		{"[::1]", "http://[::1]/", false},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("'%s' for %s", rows[i].text, rows[i].url);
		g_assert_cmpint(link_is_suspicious(rows[i].text, rows[i].url), ==, rows[i].suspicious);
	}
}

static void test_link_clean(void)
{
	static const char *const rows[][2] = {{"http://x/", "http://x/"}, {" HTTPS://x/\n", "HTTPS://x/"},
		{"ht\ntp://x/", "http://x/"}, {"//x/y", "https://x/y"}, {"mailto:a@b", "mailto:a@b"},
		{"http://x/%00y", NULL}, {"mailto:", NULL}, {"mailbox:///x", NULL}, {"javascript:x", NULL}, {"data:text/html,x", NULL}, {"file:///x", NULL}, {"x/y", NULL},
		{"", NULL}};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got = link_clean(rows[i][0]);
		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_mime_init();
	g_test_add_func("/charset/guess/M-12", test_guess);
	g_test_add_func("/charset/wrong-label/M-12", test_wrong_label);
	g_test_add_func("/charset/not-russian", test_not_russian);
	g_test_add_func("/charset/latin/M-12", test_latin);
	g_test_add_func("/charset/right-label/M-12", test_right_label);
	g_test_add_func("/charset/encoded-twice", test_twice);
	g_test_add_func("/charset/encoded-twice/lines", test_mended_lines);
	g_test_add_func("/charset/candidates", test_candidates);
	g_test_add_func("/charset/candidates/late/M-12", test_late_candidates);
	g_test_add_func("/charset/undecodable/M-12", test_undecodable);
	g_test_add_func("/charset/labels/M-12", test_labels);
	g_test_add_func("/header/decode/M-07", test_header);
	g_test_add_func("/header/parameter/M-11", test_parameter);
	g_test_add_func("/header/fields/M-11", test_fields);
	g_test_add_func("/text/flowed", test_flowed);
	g_test_add_func("/link/suspicious/M-61", test_suspicious);
	g_test_add_func("/link/clean/M-61", test_link_clean);
	return g_test_run();
}
