/* SPDX-License-Identifier: MIT
 *
 * What an agent keeps: the store, what the system's libraries read, the files that its
 * accounts name, and the ports of their servers. */
#include "base/base.h"

#include <dirent.h>
#include <string.h>

#include "agent/sandbox.h"
#include "base/path.h"
#include "base/report.h"

enum { DEPTH = 8 };

/* Resolver, certificates, zones, Kerberos, languages; sockets of name services.  /tmp
 * is SQLite's and Kerberos's as well (B-02). */
static const struct sandbox_path system_paths[] = {{"/etc", SANDBOX_READ}, {"/usr", SANDBOX_READ},
	{"/lib", SANDBOX_READ}, {"/lib64", SANDBOX_READ}, {"/opt", SANDBOX_READ},
	{"/nix", SANDBOX_READ}, {"/gnu", SANDBOX_READ}, {"/run", SANDBOX_READ},
	{"/var/run", SANDBOX_READ}, {"/var/lib", SANDBOX_READ}, {"/proc", SANDBOX_READ},
	{"/sys", SANDBOX_READ}, {"/dev", SANDBOX_READ | SANDBOX_WRITE},
	{"/tmp", SANDBOX_READ | SANDBOX_WRITE}, {"/var/tmp", SANDBOX_READ | SANDBOX_WRITE}};

/* Names of the variables that libraries take files from. */
static const char *const variables[] = {"TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF",
	"KRB5_CONFIG", "KRB5CCNAME", "KRB5_CLIENT_KTNAME", "LOCPATH", "DEWEY_LOCALE", "TZDIR",
	"XDG_RUNTIME_DIR"};

/* Besides the accounts' own: names, Kerberos, and what servers of mail are found at. */
static const guint16 common_ports[] = {53, 88, 110, 995, 25, 465, 587, 443, 4190};

struct plan {
	GArray *paths;   /* of struct sandbox_path */
	GArray *ports;   /* of guint16 */
	GPtrArray *kept; /* of char *: the names in paths that are not constant */
};

static void add_path(struct plan *p, const char *path, unsigned may)
{
	if (!path || !g_path_is_absolute(path))
		return;
	char *copy = g_strdup(path);
	g_ptr_array_add(p->kept, copy);
	struct sandbox_path entry = {copy, may};
	g_array_append_val(p->paths, entry);
}

/* "FILE:/tmp/x" of KRB5CCNAME as well. */
static void add_variables(struct plan *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
		const char *value = g_getenv(variables[i]);
		const char *slash = value ? strchr(value, '/') : NULL;
		add_path(p, slash, SANDBOX_READ | SANDBOX_WRITE);
	}
}

/* A folder may lie elsewhere, and a link to it here. */
static void add_links(struct plan *p, const char *path, int depth)
{
	struct dirent *e;
	DIR *dir = depth > 0 ? opendir(path) : NULL;
	while (dir && (e = readdir(dir)) != NULL) {
		g_autofree char *name = g_build_filename(path, e->d_name, NULL);
		bool letters = strcmp(e->d_name, "cur") == 0 || strcmp(e->d_name, "new") == 0 ||
			       strcmp(e->d_name, "tmp") == 0;
		if (e->d_type == DT_LNK)
			add_path(p, name, SANDBOX_READ | SANDBOX_WRITE);
		else if (e->d_type == DT_DIR && !letters && strcmp(e->d_name, ".") != 0 &&
			 strcmp(e->d_name, "..") != 0)
			add_links(p, name, depth - 1);
	}
	if (dir)
		closedir(dir);
}

static void add_port(struct plan *p, guint16 port)
{
	if (port > 0)
		g_array_append_val(p->ports, port);
}

static void add_secret(struct plan *p, const struct secret_source *s)
{
	if (s->kind == SECRET_FILE)
		add_path(p, s->value, SANDBOX_READ);
}

static void add_account(struct plan *p, const struct account *a)
{
	const struct server_url *servers[] = {a->pop3, a->smtp};
	for (size_t i = 0; i < G_N_ELEMENTS(servers); i++)
		if (servers[i])
			add_port(p, servers[i]->port);
	if (a->proxy)
		add_port(p, a->proxy->port);
	add_secret(p, &a->password);
	add_secret(p, &a->smtp_password);
	add_path(p, a->tls_ca, SANDBOX_READ);
	add_path(p, a->tls_cert, SANDBOX_READ);
	add_path(p, a->tls_key, SANDBOX_READ);
	add_path(p, a->file, SANDBOX_READ);
}

/* A command of the dotfile does what it likes, so an agent that runs some must be
 * able to. */
static bool runs_commands(const struct account *a)
{
	return a->tunnel || (a->smtp && a->smtp->command) || a->password.kind == SECRET_COMMAND ||
	       (a->has_smtp_password && a->smtp_password.kind == SECRET_COMMAND);
}

static bool any_commands(const struct dotfile *d)
{
	for (guint i = 0; i < dotfile_account_count(d); i++)
		if (runs_commands(dotfile_account(d, i)))
			return true;
	return false;
}

/* dewey-mime reads the heads of letters on the server; its loader lies here. */
static void add_worker(struct plan *p)
{
	static const char *const loaders[] = {
		"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix", "/gnu"};
	g_autofree char *worker = path_program("dewey-mime");
	add_path(p, worker, SANDBOX_READ | SANDBOX_RUN);
	for (size_t i = 0; i < G_N_ELEMENTS(loaders); i++)
		add_path(p, loaders[i], SANDBOX_READ | SANDBOX_RUN);
}

static void make_plan(struct plan *p, const struct dotfile *d)
{
	const char *mail = dotfile_mail(d);
	p->paths = g_array_new(FALSE, FALSE, sizeof(struct sandbox_path));
	p->ports = g_array_new(FALSE, FALSE, sizeof(guint16));
	p->kept = g_ptr_array_new_with_free_func(g_free);
	g_array_append_vals(p->paths, system_paths, G_N_ELEMENTS(system_paths));
	g_array_append_vals(p->ports, common_ports, G_N_ELEMENTS(common_ports));
	add_path(p, mail, SANDBOX_READ | SANDBOX_WRITE);
	add_links(p, mail, DEPTH);
	add_variables(p);
	for (guint i = 0; i < dotfile_account_count(d); i++)
		add_account(p, dotfile_account(d, i));
}

static void plan_clear(struct plan *p)
{
	g_array_unref(p->paths);
	g_array_unref(p->ports);
	g_ptr_array_unref(p->kept);
}

bool agent_confine(enum sandbox_mode mode, const struct dotfile *d, bool reads, GError **error)
{
	if (any_commands(d)) {
		report_debug("no sandbox: the dotfile has commands to run");
		return true;
	}
	g_autofree char *lacks = mode == SANDBOX_AUTO ? sandbox_lacks(SANDBOX_AGENT) : NULL;
	if (lacks)
		report_debug("the sandbox is not whole: %s", lacks);
	struct plan p;
	make_plan(&p, d);
	if (reads)
		add_worker(&p);
	const struct sandbox_rules rules = {(const struct sandbox_path *)(void *)p.paths->data,
		p.paths->len, (const guint16 *)(void *)p.ports->data, p.ports->len, reads};
	bool good = sandbox_confine(SANDBOX_AGENT, mode, &rules, error);
	plan_clear(&p);
	return good;
}
