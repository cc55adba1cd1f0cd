/* SPDX-License-Identifier: MIT */
#include "base/sandbox-plan.h"

#include <dirent.h>
#include <string.h>

enum { DEPTH = 8 };

/* Resolver, certificates, zones, Kerberos, languages; sockets of name services.  /tmp
 * is SQLite's, Kerberos's and gpgsm's as well (B-02). */
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

void sandbox_plan_init(struct sandbox_plan *p)
{
	p->paths = g_array_new(FALSE, FALSE, sizeof(struct sandbox_path));
	p->ports = g_array_new(FALSE, FALSE, sizeof(guint16));
	p->kept = g_ptr_array_new_with_free_func(g_free);
}

void sandbox_plan_clear(struct sandbox_plan *p)
{
	g_clear_pointer(&p->paths, g_array_unref);
	g_clear_pointer(&p->ports, g_array_unref);
	g_clear_pointer(&p->kept, g_ptr_array_unref);
}

void sandbox_plan_path(struct sandbox_plan *p, const char *path, unsigned may)
{
	if (!path || !g_path_is_absolute(path))
		return;
	char *copy = g_strdup(path);
	g_ptr_array_add(p->kept, copy);
	struct sandbox_path entry = {copy, may};
	g_array_append_val(p->paths, entry);
}

/* A folder may lie elsewhere, and a link to it here. */
static void add_links(struct sandbox_plan *p, const char *path, int depth)
{
	struct dirent *e;
	DIR *dir = depth > 0 ? opendir(path) : NULL;
	while (dir && (e = readdir(dir)) != NULL) {
		g_autofree char *name = g_build_filename(path, e->d_name, NULL);
		bool letters = strcmp(e->d_name, "cur") == 0 || strcmp(e->d_name, "new") == 0 ||
			       strcmp(e->d_name, "tmp") == 0;
		if (e->d_type == DT_LNK)
			sandbox_plan_path(p, name, SANDBOX_READ | SANDBOX_WRITE);
		else if (e->d_type == DT_DIR && !letters && strcmp(e->d_name, ".") != 0 &&
			 strcmp(e->d_name, "..") != 0)
			add_links(p, name, depth - 1);
	}
	if (dir)
		closedir(dir);
}

void sandbox_plan_links(struct sandbox_plan *p, const char *path)
{
	add_links(p, path, DEPTH);
}

/* "FILE:/tmp/x" of KRB5CCNAME as well. */
void sandbox_plan_system(struct sandbox_plan *p)
{
	g_array_append_vals(p->paths, system_paths, G_N_ELEMENTS(system_paths));
	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
		const char *value = g_getenv(variables[i]);
		const char *slash = value ? strchr(value, '/') : NULL;
		sandbox_plan_path(p, slash, SANDBOX_READ | SANDBOX_WRITE);
	}
}

void sandbox_plan_program(struct sandbox_plan *p, const char *path)
{
	static const char *const loaders[] = {
		"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix", "/gnu"};
	sandbox_plan_path(p, path, SANDBOX_READ | SANDBOX_RUN);
	for (size_t i = 0; i < G_N_ELEMENTS(loaders); i++)
		sandbox_plan_path(p, loaders[i], SANDBOX_READ | SANDBOX_RUN);
}

void sandbox_plan_port(struct sandbox_plan *p, guint16 port)
{
	if (port > 0)
		g_array_append_val(p->ports, port);
}

struct sandbox_rules sandbox_plan_rules(const struct sandbox_plan *p, bool runs)
{
	return (struct sandbox_rules){(const struct sandbox_path *)(void *)p->paths->data,
		p->paths->len, (const guint16 *)(void *)p->ports->data, p->ports->len, runs};
}
