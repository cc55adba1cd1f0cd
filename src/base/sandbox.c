/* SPDX-License-Identifier: MIT */
#include "base/sandbox-private.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#define VARIABLE "DEWEY_SANDBOX"

/* AddressSanitizer reserves terabytes of addresses, and looks for leaks with a
 * thread that traces the others. */
#if defined(__SANITIZE_ADDRESS__)
#define WITH_SANITIZER true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define WITH_SANITIZER true
#endif
#endif
#ifndef WITH_SANITIZER
#define WITH_SANITIZER false
#endif

enum { MEMORY = 512 * 1024 * 1024, DESCRIPTORS = 128 };

G_DEFINE_QUARK(dewey - sandbox - error, sandbox_error)

static const char *const words[] = {"auto", "require", "off"};

bool sandbox_mode_parse(const char *word, enum sandbox_mode *mode)
{
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (strcmp(words[i], word) != 0)
			continue;
		*mode = (enum sandbox_mode)i;
		return true;
	}
	return false;
}

const char *sandbox_mode_word(enum sandbox_mode mode)
{
	return words[mode];
}

void sandbox_mode_hand_on(enum sandbox_mode mode)
{
	g_setenv(VARIABLE, words[mode], TRUE);
}

bool sandbox_mode_choose(
	const char *word, enum sandbox_mode otherwise, enum sandbox_mode *mode, GError **error)
{
	const char *inherited = g_getenv(VARIABLE);
	*mode = otherwise;
	if (word && !sandbox_mode_parse(word, mode)) {
		g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_WORD,
			_("'--sandbox=%s' is unknown: write auto, require or off"), word);
		return false;
	}
	if (!word && inherited)
		sandbox_mode_parse(inherited, mode);
	return true;
}

/* --- limits ------------------------------------------------------------------------ */

static void limit(int what, rlim_t value)
{
	struct rlimit r = {value, value}, now;
	if (getrlimit(what, &now) == 0 && now.rlim_max < value)
		r.rlim_cur = r.rlim_max = now.rlim_max;
	setrlimit(what, &r);
}

void sandbox_worker_limits(int64_t file_size)
{
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, DESCRIPTORS);
	limit(RLIMIT_FSIZE, (rlim_t)file_size);
	signal(SIGXFSZ, SIG_IGN);
	if (WITH_SANITIZER)
		return;
	limit(RLIMIT_NPROC, 0);
	limit(RLIMIT_AS, MEMORY);
}

void sandbox_spend(int seconds)
{
	struct rusage used;
	struct rlimit r;
	if (getrusage(RUSAGE_SELF, &used) != 0 || getrlimit(RLIMIT_CPU, &r) != 0)
		return;
	rlim_t until = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1 + seconds);
	r.rlim_cur = MIN(until, r.rlim_max);
	setrlimit(RLIMIT_CPU, &r);
}

/* --- what there is ------------------------------------------------------------------ */

static void add(GString *list, const char *what)
{
	if (list->len > 0)
		g_string_append(list, "; ");
	g_string_append(list, what);
}

static void add_files(GString *list, enum sandbox_role role)
{
	int version = sandbox_files_version();
	if (version == -EOPNOTSUPP) {
		add(list,
			_("Landlock is switched off: add it to lsm= of the kernel's command line"));
	} else if (version < 1) {
		add(list, _("the kernel has no Landlock: it came with Linux 5.13"));
	} else if (version < sandbox_files_wanted(role)) {
		g_autofree char *text = g_strdup_printf(
			_("Landlock %d knows no network: that came with Linux 6.7"), version);
		add(list, text);
	}
}

static void add_calls(GString *list)
{
	int missing = sandbox_calls_missing();
	if (missing < 0)
		add(list, _("dewey is built without libseccomp"));
	else if (missing > 0)
		add(list, _("the kernel has no seccomp filters"));
}

char *sandbox_lacks(enum sandbox_role role)
{
	g_autoptr(GString) list = g_string_new(NULL);
	if (WITH_SANITIZER)
		return g_strdup(_("dewey is built with sanitizers"));
	add_files(list, role);
	add_calls(list);
	return list->len > 0 ? g_strdup(list->str) : NULL;
}

char *sandbox_describe(void)
{
	int version = sandbox_files_version();
	const char *calls = sandbox_calls_missing() == 0 ? "seccomp" : NULL;
	if (version > 0 && calls)
		return g_strdup_printf("Landlock %d, %s", version, calls);
	if (version > 0)
		return g_strdup_printf("Landlock %d", version);
	return g_strdup(calls ? calls : _("none"));
}

/* --- giving up ----------------------------------------------------------------------- */

bool sandbox_refused(const char *what, int number, GError **error)
{
	g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_REFUSED,
		_("cannot confine the process: %s: %s; --sandbox=off does without"), what,
		g_strerror(number));
	return false;
}

/* What is read from files when it is first needed: the zone, and translations with
 * their converter; that of the locale is open since local_init(). */
static void preload(void)
{
	tzset();
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();
	(void)_("none");
}

static bool is_whole(enum sandbox_role role, GError **error)
{
	g_autofree char *lacks = sandbox_lacks(role);
	if (lacks)
		g_set_error(error, SANDBOX_ERROR, SANDBOX_ERROR_LACKS,
			_("the sandbox would not be whole: %s; --sandbox=auto does with what there "
			  "is"),
			lacks);
	return !lacks;
}

bool sandbox_confine(enum sandbox_role role, enum sandbox_mode mode,
	const struct sandbox_rules *rules, GError **error)
{
	if (mode == SANDBOX_REQUIRE && !is_whole(role, error))
		return false;
	/* What a runner starts looks for its descriptors in /proc; a front end gets a core
	 * file where its user wants one. */
	if (role != SANDBOX_RUNNER && role != SANDBOX_FRONT)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (mode == SANDBOX_OFF || WITH_SANITIZER)
		return true;
	preload();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return sandbox_refused("prctl", errno, error);
	int version = sandbox_files_version();
	if (version > 0 && !sandbox_files_confine(role, version, rules, error))
		return false;
	return sandbox_calls_missing() != 0 || sandbox_calls_confine(role, rules, error);
}
