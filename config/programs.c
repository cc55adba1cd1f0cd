/* SPDX-License-Identifier: MIT
 *
 * Programs that parts of letters are given to. */
#include "config/parse.h"

void programs_clear(struct dotfile_programs *p)
{
	g_clear_pointer(&p->print, g_strfreev);
}

/* Looked at already when the value was checked. */
void programs_apply(struct dotfile_programs *p, const struct section *s)
{
	programs_clear(p);
	g_shell_parse_argv(section_text(s, "print"), NULL, &p->print, NULL);
}
