/* SPDX-License-Identifier: MIT
 *
 * Rules of a sandbox as they are gathered. */
#ifndef DEWEY_BASE_SANDBOX_PLAN_H
#define DEWEY_BASE_SANDBOX_PLAN_H

#include "base/sandbox.h"

struct sandbox_plan {
	GArray *paths;   /* of struct sandbox_path */
	GArray *ports;   /* of guint16 */
	GPtrArray *kept; /* of char *: the names in paths that are not constant */
};

void sandbox_plan_init(struct sandbox_plan *p);
void sandbox_plan_clear(struct sandbox_plan *p);
typedef struct sandbox_plan sandbox_plan;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sandbox_plan, sandbox_plan_clear)

/* may: of enum sandbox_access.  NULL, and what is not absolute, is passed over. */
void sandbox_plan_path(struct sandbox_plan *p, const char *path, unsigned may);
/* What the symbolic links in a directory and below it lead to, to read and write; the
 * insides of Maildirs are not looked at. */
void sandbox_plan_links(struct sandbox_plan *p, const char *path);
/* What the system's libraries read, and the places of temporary files. */
void sandbox_plan_system(struct sandbox_plan *p);
/* A program, and what it is loaded with. */
void sandbox_plan_program(struct sandbox_plan *p, const char *path);
/* 0 is passed over. */
void sandbox_plan_port(struct sandbox_plan *p, guint16 port);

/* Valid until p is changed. */
struct sandbox_rules sandbox_plan_rules(const struct sandbox_plan *p, bool runs);

#endif
